"""What waits for a second organiser, and what they decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that one organiser asked another to approve."""

    id: int
    office_id: int
    meeting_id: int
    kind: str
    subjects: Sequence[int]
    """The ids of what is to be approved."""
    people: int
    """How many chats the largest of them reached when it was asked for."""
    asked_by: int | None
    """None when the program asked, of what a file or an erased person made."""
    asked_at: datetime
    state: str


def _approval(row: Row) -> Approval:
    return Approval(
        row["id"],
        row["office_id"],
        row["meeting_id"],
        row["kind"],
        from_json(row["subjects"]),
        row["people"],
        row["asked_by"],
        moment(row["asked_at"]),
        row["state"],
    )


async def add(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    kind: str,
    subjects: Sequence[int],
    people: int,
    asked_by: int | None,
    now: datetime,
) -> Approval:
    row = await tx.one(
        "INSERT INTO approvals (id, office_id, meeting_id, kind, subjects, people, asked_by, asked_at, state)"
        " VALUES (:id, :office, :meeting, :kind, :subjects, :people, CAST(:by AS BIGINT), :now, 'waiting')"
        " RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        kind=kind,
        subjects=to_json(list(subjects)),
        people=people,
        by=asked_by,
        now=millis(now),
    )
    assert row is not None
    return _approval(row)


async def find(tx: Transaction, approval_id: int) -> Approval | None:
    row = await tx.one("SELECT * FROM approvals WHERE id = :id", id=approval_id)
    return None if row is None else _approval(row)


async def waiting(tx: Transaction, office_id: int) -> list[Approval]:
    """What waits in an office, the oldest first."""
    rows = await tx.all(
        "SELECT * FROM approvals WHERE office_id = :office AND state = 'waiting' ORDER BY asked_at, id",
        office=office_id,
    )
    return [_approval(row) for row in rows]


async def decide(tx: Transaction, approval_id: int, state: str, person_id: int, now: datetime) -> bool:
    """Record a decision; False when somebody decided before."""
    changed = await tx.run(
        "UPDATE approvals SET state = :state, decided_by = :person, decided_at = :now"
        " WHERE id = :id AND state = 'waiting'",
        id=approval_id,
        state=state,
        person=person_id,
        now=millis(now),
    )
    return changed > 0
