"""Codes by which participants check themselves in, and the wrong ones that people sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment


@dataclass(frozen=True, slots=True)
class HallCode:
    """The code of a meeting, and when it is good: from ``opens_at`` until before ``closes_at``."""

    meeting_id: int
    code: str
    opens_at: datetime
    closes_at: datetime


def _hall_code(row: Row) -> HallCode:
    return HallCode(row["meeting_id"], row["code"], moment(row["opens_at"]), moment(row["closes_at"]))


async def of_meeting(tx: Transaction, meeting_id: int) -> HallCode | None:
    """None when participants of the meeting do not check themselves in."""
    row = await tx.one("SELECT * FROM hall_codes WHERE meeting_id = :meeting", meeting=meeting_id)
    return None if row is None else _hall_code(row)


async def find(tx: Transaction, code: str) -> HallCode | None:
    row = await tx.one("SELECT * FROM hall_codes WHERE code = :code", code=code)
    return None if row is None else _hall_code(row)


async def for_person(tx: Transaction, person_id: int, now: datetime) -> list[HallCode]:
    """The codes, not past their time, of the meetings for which a person is registered."""
    rows = await tx.all(
        "SELECT hall_codes.* FROM participants JOIN hall_codes ON hall_codes.meeting_id = participants.meeting_id"
        " WHERE participants.person_id = :person AND participants.state = 'registered'"
        " AND hall_codes.closes_at > :now ORDER BY hall_codes.opens_at",
        person=person_id,
        now=millis(now),
    )
    return [_hall_code(row) for row in rows]


async def save(
    tx: Transaction, meeting_id: int, code: str, opens_at: datetime, closes_at: datetime
) -> HallCode:
    """Set a meeting's code, which no other meeting has, and its time."""
    row = await tx.one(
        "INSERT INTO hall_codes (meeting_id, code, opens_at, closes_at) VALUES (:meeting, :code, :opens, :closes)"
        " ON CONFLICT (meeting_id) DO UPDATE SET code = excluded.code, opens_at = excluded.opens_at,"
        " closes_at = excluded.closes_at RETURNING *",
        meeting=meeting_id,
        code=code,
        opens=millis(opens_at),
        closes=millis(closes_at),
    )
    assert row is not None
    return _hall_code(row)


async def remove(tx: Transaction, meeting_id: int) -> bool:
    """False when there was none."""
    return await tx.run("DELETE FROM hall_codes WHERE meeting_id = :meeting", meeting=meeting_id) == 1


async def tries(tx: Transaction, person_id: int, since: datetime) -> tuple[int, datetime] | None:
    """How many wrong codes a person sent, and from when on; None when the first of them came before ``since``."""
    row = await tx.one(
        "SELECT tries, since_at FROM hall_tries WHERE person_id = :person AND since_at > :since",
        person=person_id,
        since=millis(since),
    )
    return None if row is None else (row["tries"], moment(row["since_at"]))


async def count_try(tx: Transaction, person_id: int, since: datetime, now: datetime) -> int:
    """Count one more wrong code of a person; how many there are since the first, if that came after ``since``."""
    await tx.run("DELETE FROM hall_tries WHERE since_at <= :since", since=millis(since))
    counted = await tx.value(
        "INSERT INTO hall_tries (person_id, tries, since_at) VALUES (:person, 1, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET tries = hall_tries.tries + 1 RETURNING tries",
        person=person_id,
        now=millis(now),
    )
    return int(counted)
