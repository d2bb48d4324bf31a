"""Attendance: which participants were checked in, when and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.participants import Participant, participant
from bot.storage.values import millis, moment

SCAN, CODE, SEARCH, WALK_IN = "scan", "code", "search", "walk_in"
"""How the organiser came to the person."""
SELF = "self"
"""The person sent the code of the hall."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A participant who is here."""

    participant_id: int
    meeting_id: int
    operator_id: int | None
    """The organiser who checked them in; None for themselves, and once that account's data were erased."""
    way: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A participant on the attendance list."""

    participant: Participant
    arrived_at: datetime | None
    """The moment of the check-in; None for who is not here."""
    number: int | None
    """The number that was fixed when the list was printed; None for who came onto it later."""
    signed: bool
    """Whether the committee has ticked a signature on paper."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of an institution are registered in a sector, and how many of them are here."""

    sector: str
    institution: str
    registered: int
    present: int


@dataclass(frozen=True, slots=True)
class Invited:
    """How many of an institution are invited in a sector, and how many of them said that they cannot come."""

    sector: str
    institution: str
    people: int
    declined: int


def _check_in(row: Row) -> CheckIn:
    return CheckIn(
        row["participant_id"], row["meeting_id"], row["operator_id"], row["way"], moment(row["checked_in_at"])
    )


async def find(tx: Transaction, participant_id: int) -> CheckIn | None:
    """None when the participant is not checked in."""
    row = await tx.one("SELECT * FROM attendance WHERE participant_id = :id", id=participant_id)
    return None if row is None else _check_in(row)


async def add(
    tx: Transaction, *, participant_id: int, meeting_id: int, operator_id: int | None, way: str, now: datetime
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


async def roll(tx: Transaction, meeting_id: int) -> list[Listed]:
    """Those registered for a meeting, in no order."""
    rows = await tx.all(
        "SELECT participants.*, attendance.checked_in_at AS checked_in_at, list_numbers.number AS number,"
        " signatures.ticked_at AS ticked_at FROM participants"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " LEFT JOIN list_numbers ON list_numbers.participant_id = participants.id"
        " LEFT JOIN signatures ON signatures.participant_id = participants.id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'",
        meeting=meeting_id,
    )
    return [
        Listed(
            participant(row),
            None if row["checked_in_at"] is None else moment(row["checked_in_at"]),
            row["number"],
            row["ticked_at"] is not None,
        )
        for row in rows
    ]


async def counts(tx: Transaction, meeting_id: int) -> list[Counted]:
    """How many are registered, and here, of each institution of each sector; those without any are left out."""
    rows = await tx.all(
        "SELECT participants.sector, participants.institution, COUNT(*) AS people,"
        " COUNT(attendance.participant_id) AS present FROM participants"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'"
        " GROUP BY participants.sector, participants.institution",
        meeting=meeting_id,
    )
    return [Counted(row["sector"], row["institution"], row["people"], row["present"]) for row in rows]


async def invited(tx: Transaction, meeting_id: int) -> list[Invited]:
    """How many are invited, and said that they cannot come, of each institution of each sector."""
    rows = await tx.all(
        "SELECT sector, institution, COUNT(*) AS people,"
        " SUM(CASE WHEN state = 'declined' THEN 1 ELSE 0 END) AS declined FROM invitees"
        " WHERE meeting_id = :meeting GROUP BY sector, institution",
        meeting=meeting_id,
    )
    return [Invited(row["sector"], row["institution"], row["people"], int(row["declined"])) for row in rows]


async def count_by_way(tx: Transaction, meeting_id: int, way: str) -> int:
    """How many were checked in this way and are here."""
    found = await tx.value(
        "SELECT COUNT(*) FROM attendance WHERE meeting_id = :meeting AND way = :way",
        meeting=meeting_id,
        way=way,
    )
    return int(found)


async def moments(tx: Transaction, meeting_id: int) -> dict[int, datetime]:
    """Participant id to the moment of the check-in, of those who are here."""
    rows = await tx.all(
        "SELECT participant_id, checked_in_at FROM attendance WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["participant_id"]: moment(row["checked_in_at"]) for row in rows}
