"""Attendance: which participants were checked in, when and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.participants import Participant, participant
from bot.storage.values import millis, moment

SCAN, CODE, SEARCH, WALK_IN = "scan", "code", "search", "walk_in"
"""How the organiser came to the person."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A participant who is here."""

    participant_id: int
    meeting_id: int
    operator_id: int | None
    """The organiser who checked them in; None once that account's data were erased."""
    way: str
    at: datetime


def _check_in(row: Row) -> CheckIn:
    return CheckIn(
        row["participant_id"], row["meeting_id"], row["operator_id"], row["way"], moment(row["checked_in_at"])
    )


async def find(tx: Transaction, participant_id: int) -> CheckIn | None:
    """None when the participant is not checked in."""
    row = await tx.one("SELECT * FROM attendance WHERE participant_id = :id", id=participant_id)
    return None if row is None else _check_in(row)


async def add(
    tx: Transaction, *, participant_id: int, meeting_id: int, operator_id: int, way: str, now: datetime
) -> CheckIn | None:
    """Check a participant in; None when they are already, whoever did it and however close before."""
    row = await tx.one(
        "INSERT INTO attendance (participant_id, meeting_id, operator_id, way, checked_in_at)"
        " VALUES (:participant, :meeting, :operator, :way, :now)"
        " ON CONFLICT (participant_id) DO NOTHING RETURNING *",
        participant=participant_id,
        meeting=meeting_id,
        operator=operator_id,
        way=way,
        now=millis(now),
    )
    return None if row is None else _check_in(row)


async def remove(tx: Transaction, participant_id: int, at: int) -> bool:
    """Undo the check-in that was made at ``at`` (UTC milliseconds); False when it is gone or was made anew since."""
    touched = await tx.run(
        "DELETE FROM attendance WHERE participant_id = :id AND checked_in_at = :at", id=participant_id, at=at
    )
    return touched == 1


async def roll(tx: Transaction, meeting_id: int) -> list[tuple[Participant, datetime | None]]:
    """Those registered for a meeting by sector and name, each with the moment of the check-in, or None."""
    rows = await tx.all(
        "SELECT participants.*, attendance.checked_in_at AS checked_in_at FROM participants"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'"
        " ORDER BY participants.sector, participants.name, participants.id",
        meeting=meeting_id,
    )
    return [
        (participant(row), None if row["checked_in_at"] is None else moment(row["checked_in_at"]))
        for row in rows
    ]


async def moments(tx: Transaction, meeting_id: int) -> dict[int, datetime]:
    """Participant id to the moment of the check-in, of those who are here."""
    rows = await tx.all(
        "SELECT participant_id, checked_in_at FROM attendance WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["participant_id"]: moment(row["checked_in_at"]) for row in rows}
