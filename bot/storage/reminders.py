"""Reminders of meetings, what became of each due time, and who wants none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

ACTIVE, PAUSED = "active", "paused"

SENT, LATE, MISSED, BY_HAND = "sent", "late", "missed", "by_hand"
"""What became of a due time: sent, sent within the grace period, not sent; or an organiser sent it without one."""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Where a rule stands, as it is cited."""

    instrument: str
    article: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text with its legal basis, for an audience, at a time. Title and text are plain text by locale."""

    id: int
    office_id: int
    meeting_id: int
    slug: str
    """The name that stays when the reminder is imported again."""
    title: Mapping[str, str]
    text: Mapping[str, str]
    legal_basis: Sequence[LegalBasis]
    sources: Sequence[str]
    """Addresses of pages that it was compared with."""
    checked_on: date | None
    """The day on which somebody last compared it with its sources; None when that is not known."""
    audience: Mapping[str, Any]
    """As :mod:`bot.domain.audience` reads it."""
    schedule: Mapping[str, Any]
    """As :mod:`bot.domain.schedule` reads it."""
    grace_minutes: int
    """How late it may still go out."""
    state: str
    armed_at: datetime
    """Since when the reminder stands as it is: due times that lay before are nobody's concern."""
    next_at: datetime | None
    """When it is due next as far as was worked out; None for never."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What became of one due time of a reminder."""

    due_at: datetime
    state: str
    broadcast_id: int | None


def _reminder(row: Row) -> Reminder:
    return Reminder(
        id=row["id"],
        office_id=row["office_id"],
        meeting_id=row["meeting_id"],
        slug=row["slug"],
        title=from_json(row["title"]),
        text=from_json(row["text"]),
        legal_basis=[LegalBasis(**entry) for entry in from_json(row["legal_basis"])],
        sources=from_json(row["sources"]),
        checked_on=None if row["checked_on"] is None else date.fromisoformat(row["checked_on"]),
        audience=from_json(row["audience"]),
        schedule=from_json(row["schedule"]),
        grace_minutes=row["grace_minutes"],
        state=row["state"],
        armed_at=moment(row["armed_at"]),
        next_at=None if row["next_at"] is None else moment(row["next_at"]),
    )


async def lock(tx: Transaction) -> None:
    """Let one transaction at a time change what is due: before it reads what the change rests on.

    Else one that works out next times could overwrite what another one has just set.
    """
    await tx.lock("reminders")


async def save(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    slug: str,
    title: Mapping[str, str],
    text: Mapping[str, str],
    legal_basis: Sequence[LegalBasis],
    checked_on: date | None,
    audience: Mapping[str, Any],
    schedule: Mapping[str, Any],
    grace_minutes: int,
    now: datetime,
    sources: Sequence[str] = (),
) -> Reminder:
    """Make the reminder with this slug, or change it to these values; whether it is paused stays.

    A reminder whose schedule is new watches from ``now`` on: times that are past by then are not made up for.
    """
    await lock(tx)
    row = await tx.one(
        "INSERT INTO reminders (id, office_id, meeting_id, slug, title, text, legal_basis, sources, checked_on,"
        " audience, schedule, grace_minutes, state, armed_at) VALUES (:id, :office, :meeting, :slug, :title, :text,"
        " :basis, :sources, :checked, :audience, :schedule, :grace, 'active', :now) ON CONFLICT (meeting_id, slug)"
        " DO UPDATE SET title = excluded.title, text = excluded.text, legal_basis = excluded.legal_basis,"
        " sources = excluded.sources, checked_on = excluded.checked_on, audience = excluded.audience,"
        " grace_minutes = excluded.grace_minutes,"
        " armed_at = CASE WHEN reminders.schedule = excluded.schedule THEN reminders.armed_at"
        " ELSE excluded.armed_at END, schedule = excluded.schedule RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        slug=slug,
        title=to_json(dict(title)),
        text=to_json(dict(text)),
        basis=to_json(
            [{"instrument": e.instrument, "article": e.article, "about": e.about} for e in legal_basis]
        ),
        sources=to_json(list(sources)),
        checked=None if checked_on is None else checked_on.isoformat(),
        audience=to_json(dict(audience)),
        schedule=to_json(dict(schedule)),
        grace=grace_minutes,
        now=millis(now),
    )
    assert row is not None
    await forget_plan(tx, meeting_id)
    return _reminder(row)


async def keep(tx: Transaction, meeting_id: int, slugs: set[str]) -> None:
    """Remove the reminders of a meeting that are not among ``slugs``, with what is known of their due times."""
    for reminder in await of_meeting(tx, meeting_id):
        if reminder.slug not in slugs:
            await tx.run("DELETE FROM occurrences WHERE reminder_id = :id", id=reminder.id)
            await tx.run("DELETE FROM reminders WHERE id = :id", id=reminder.id)


async def find(tx: Transaction, reminder_id: int) -> Reminder | None:
    row = await tx.one("SELECT * FROM reminders WHERE id = :id", id=reminder_id)
    return None if row is None else _reminder(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Reminder]:
    """The reminders of a meeting, the next due first, those without a next time last."""
    rows = await tx.all(
        "SELECT * FROM reminders WHERE meeting_id = :meeting"
        " ORDER BY CASE WHEN next_at IS NULL THEN 1 ELSE 0 END, next_at, slug",
        meeting=meeting_id,
    )
    return [_reminder(row) for row in rows]


async def rearm(
    tx: Transaction, reminder_id: int, *, state: str, schedule: Mapping[str, Any], now: datetime
) -> None:
    """Change whether and when a reminder goes out; it watches from ``now`` on."""
    await tx.run(
        "UPDATE reminders SET state = :state, schedule = :schedule, armed_at = :now WHERE id = :id",
        id=reminder_id,
        state=state,
        schedule=to_json(dict(schedule)),
        now=millis(now),
    )


async def set_next(tx: Transaction, reminder_id: int, next_at: datetime | None) -> None:
    """Keep when a reminder is due next."""
    await tx.run(
        "UPDATE reminders SET next_at = :next WHERE id = :id",
        id=reminder_id,
        next=None if next_at is None else millis(next_at),
    )


async def soonest(tx: Transaction) -> datetime | None:
    """When the next reminder is due that may go out; those of meetings still in draft wait."""
    value = await tx.value(
        "SELECT reminders.next_at FROM reminders JOIN meetings ON meetings.id = reminders.meeting_id"
        " WHERE reminders.state = 'active' AND reminders.next_at IS NOT NULL AND meetings.state <> 'draft'"
        " ORDER BY reminders.next_at LIMIT 1"
    )
    return None if value is None else moment(value)


async def due(tx: Transaction, now: datetime, limit: int) -> list[Reminder]:
    """Up to ``limit`` reminders whose next time has come, the longest due first."""
    rows = await tx.all(
        "SELECT reminders.* FROM reminders JOIN meetings ON meetings.id = reminders.meeting_id"
        " WHERE reminders.state = 'active' AND reminders.next_at <= :now AND meetings.state <> 'draft'"
        " ORDER BY reminders.next_at, reminders.id LIMIT :limit",
        now=millis(now),
        limit=limit,
    )
    return [_reminder(row) for row in rows]


async def unplanned(tx: Transaction) -> list[int]:
    """The meetings whose reminders need their next times worked out, because something moved."""
    rows = await tx.all(
        "SELECT meetings.id AS id FROM meetings LEFT JOIN reminder_plans AS plans ON plans.meeting_id = meetings.id"
        " WHERE plans.meeting_id IS NULL OR plans.starts_at <> meetings.starts_at OR plans.ends_at <> meetings.ends_at"
        " OR plans.timezone <> meetings.timezone"
    )
    return [row["id"] for row in rows]


async def keep_plan(
    tx: Transaction, meeting_id: int, starts_at: datetime, ends_at: datetime, timezone: str
) -> None:
    """Record for which times of a meeting the next times of its reminders were worked out."""
    await tx.run(
        "INSERT INTO reminder_plans (meeting_id, starts_at, ends_at, timezone)"
        " VALUES (:meeting, :starts, :ends, :timezone)"
        " ON CONFLICT (meeting_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,"
        " timezone = excluded.timezone",
        meeting=meeting_id,
        starts=millis(starts_at),
        ends=millis(ends_at),
        timezone=timezone,
    )


async def forget_plan(tx: Transaction, meeting_id: int) -> None:
    """Have the next times of a meeting's reminders worked out anew."""
    await tx.run("DELETE FROM reminder_plans WHERE meeting_id = :meeting", meeting=meeting_id)


async def occur(
    tx: Transaction, reminder_id: int, due_at: datetime, state: str, broadcast_id: int | None = None
) -> bool:
    """Record what becomes of a due time; False when somebody did so before, and the caller does nothing."""
    inserted = await tx.run(
        "INSERT INTO occurrences (id, reminder_id, due_at, state, broadcast_id)"
        " VALUES (:id, :reminder, :due, :state, :broadcast) ON CONFLICT (reminder_id, due_at) DO NOTHING",
        id=new_id(),
        reminder=reminder_id,
        due=millis(due_at),
        state=state,
        broadcast=broadcast_id,
    )
    return inserted > 0


async def occurred(tx: Transaction, reminder_id: int, due_at: datetime) -> bool:
    """Whether this due time was dealt with."""
    found = await tx.one(
        "SELECT 1 AS yes FROM occurrences WHERE reminder_id = :reminder AND due_at = :due",
        reminder=reminder_id,
        due=millis(due_at),
    )
    return found is not None


async def tie(tx: Transaction, reminder_id: int, due_at: datetime, broadcast_id: int) -> None:
    """Keep which broadcast came of a due time."""
    await tx.run(
        "UPDATE occurrences SET broadcast_id = :broadcast WHERE reminder_id = :reminder AND due_at = :due",
        broadcast=broadcast_id,
        reminder=reminder_id,
        due=millis(due_at),
    )


async def occurrences(tx: Transaction, reminder_id: int) -> list[Occurrence]:
    """What became of each due time of a reminder, the latest first."""
    rows = await tx.all(
        "SELECT due_at, state, broadcast_id FROM occurrences WHERE reminder_id = :id ORDER BY due_at DESC",
        id=reminder_id,
    )
    return [Occurrence(moment(row["due_at"]), row["state"], row["broadcast_id"]) for row in rows]


async def last_due(tx: Transaction, reminder_id: int, since: datetime) -> datetime | None:
    """The latest due time from ``since`` on that the schedule brought about (not an organiser by hand)."""
    value = await tx.value(
        "SELECT MAX(due_at) FROM occurrences WHERE reminder_id = :id AND due_at >= :since AND state <> 'by_hand'",
        id=reminder_id,
        since=millis(since),
    )
    return None if value is None else moment(value)


async def opted_out(tx: Transaction, office_id: int, person_id: int) -> bool:
    """Whether the person wants no regulation reminders from the office."""
    return (
        await tx.one(
            "SELECT 1 AS yes FROM reminder_optouts WHERE office_id = :office AND person_id = :person",
            office=office_id,
            person=person_id,
        )
        is not None
    )


async def opt_out(tx: Transaction, office_id: int, person_id: int) -> None:
    await tx.run(
        "INSERT INTO reminder_optouts (office_id, person_id) VALUES (:office, :person)"
        " ON CONFLICT (office_id, person_id) DO NOTHING",
        office=office_id,
        person=person_id,
    )


async def opt_in(tx: Transaction, office_id: int, person_id: int) -> None:
    await tx.run(
        "DELETE FROM reminder_optouts WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )
