"""What became of each due time of a reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id

SENT, LATE, MISSED, BY_HAND, SKIPPED, HELD = "sent", "late", "missed", "by_hand", "skipped", "held"
"""What became of a due time: sent, sent within the grace period, not sent; an organiser sent it without one, or left it
out; or it waits for a second organiser's approval or for its card to be confirmed, within the grace period."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What became of one due time of a reminder."""

    due_at: datetime
    state: str
    broadcast_id: int | None
    occasion: str = ""


def _occurrence(row: Row) -> Occurrence:
    return Occurrence(moment(row["due_at"]), row["state"], row["broadcast_id"], row["occasion"])


async def occur(tx: Transaction, reminder_id: int, due_at: datetime, occasion: str, state: str) -> bool:
    """Record what becomes of a due time; False when somebody did so before, and the caller does nothing."""
    inserted = await tx.run(
        "INSERT INTO occurrences (id, reminder_id, due_at, occasion, state)"
        " VALUES (:id, :reminder, :due, :occasion, :state) ON CONFLICT (reminder_id, due_at) DO NOTHING",
        id=new_id(),
        reminder=reminder_id,
        due=millis(due_at),
        occasion=occasion,
        state=state,
    )
    return inserted > 0


async def let_go(tx: Transaction, reminder_id: int, due_at: datetime, state: str) -> bool:
    """Settle a due time that was held; False when somebody did so before."""
    changed = await tx.run(
        "UPDATE occurrences SET state = :state WHERE reminder_id = :reminder AND due_at = :due AND state = 'held'",
        reminder=reminder_id,
        due=millis(due_at),
        state=state,
    )
    return changed > 0


async def held(tx: Transaction, reminder_id: int) -> list[Occurrence]:
    """The due times of a reminder that wait for somebody's word, the oldest first."""
    found = await of_reminder(tx, reminder_id)
    return [occurrence for occurrence in reversed(found) if occurrence.state == HELD]


async def held_of_rule(tx: Transaction, office_id: int, rule_id: str) -> list[int]:
    """The reminders of a card with due times that wait for somebody's word."""
    rows = await tx.all(
        "SELECT DISTINCT reminders.id AS id FROM reminders JOIN occurrences ON occurrences.reminder_id = reminders.id"
        " WHERE reminders.office_id = :office AND reminders.rule_id = :rule AND occurrences.state = 'held'",
        office=office_id,
        rule=rule_id,
    )
    return [row["id"] for row in rows]


async def tie(tx: Transaction, reminder_id: int, due_at: datetime, broadcast_id: int) -> None:
    """Keep which broadcast came of a due time."""
    await tx.run(
        "UPDATE occurrences SET broadcast_id = :broadcast WHERE reminder_id = :reminder AND due_at = :due",
        broadcast=broadcast_id,
        reminder=reminder_id,
        due=millis(due_at),
    )


async def of_reminder(tx: Transaction, reminder_id: int) -> list[Occurrence]:
    """What became of each due time of a reminder, the latest first."""
    rows = await tx.all(
        "SELECT due_at, state, broadcast_id, occasion FROM occurrences WHERE reminder_id = :id ORDER BY due_at DESC",
        id=reminder_id,
    )
    return [_occurrence(row) for row in rows]


async def latest(tx: Transaction, reminder_id: int) -> Occurrence | None:
    """What became of the latest due time."""
    row = await tx.one(
        "SELECT due_at, state, broadcast_id, occasion FROM occurrences WHERE reminder_id = :id"
        " ORDER BY due_at DESC LIMIT 1",
        id=reminder_id,
    )
    return None if row is None else _occurrence(row)


async def dealt_with(tx: Transaction, reminder_id: int, since: datetime) -> list[Occurrence]:
    """What was dealt with of a reminder from ``since`` on."""
    rows = await tx.all(
        "SELECT due_at, state, broadcast_id, occasion FROM occurrences WHERE reminder_id = :id AND due_at >= :since",
        id=reminder_id,
        since=millis(since),
    )
    return [_occurrence(row) for row in rows]
