"""Reminders of meetings, and what became of each due time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

ACTIVE, PAUSED, DRAFT = "active", "paused", "draft"
"""``draft``: an organiser is still making it."""

FILE, CHAT, PLAN = "file", "chat", "plan"
"""Where a reminder comes from: a meeting file (which takes away what it no longer names), a chat, a ready plan."""


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
    """Of a reminder of a card, empty."""
    legal_basis: Sequence[LegalBasis]
    sources: Sequence[str]
    """Addresses of pages that it was compared with."""
    checked_on: date | None
    """The day on which somebody last compared it with its sources; None when that is not known."""
    audience: Mapping[str, Any]
    """As :mod:`bot.domain.notices.audience` reads it."""
    schedule: Mapping[str, Any]
    """As :mod:`bot.domain.reminders.schedule` reads it."""
    grace_minutes: int
    """How late it may still go out."""
    state: str
    armed_at: datetime
    """Since when the reminder stands as it is."""
    next_at: datetime | None
    """When it is due next as far as was worked out; None for never."""
    rule_id: str | None = None
    """The rule card that is sent, as the office has it at that moment; None for a text of its own."""
    topic: str = ""
    """The kind that people can stop: a topic of the rules, or ``meeting`` for what cannot be stopped."""
    origin: str = FILE
    attachment: Mapping[str, Any] | None = None
    """A picture or document that goes with it, as :class:`bot.domain.forms.questions.Attachment` gives it."""
    quiz: Mapping[str, Any] | None = None
    """What is asked of who noted it (:class:`bot.domain.notices.quizzes.Quiz`); a card has a question of its own."""
    author_id: int | None = None
    """Who made it or changed it last in a chat."""
    approved_for: str = ""
    """The digest of the content and audience that a second organiser approved."""
    watched_from: datetime = _LONG_AGO
    """``armed_at``, or the moment to which the clock was set back since: due times before are nobody's concern."""


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
        rule_id=row["rule_id"],
        topic=row["topic"],
        origin=row["origin"],
        attachment=_read(row["attachment"]),
        quiz=_read(row["quiz"]),
        author_id=row["author_id"],
        approved_for=row["approved_for"],
        watched_from=moment(row["watched_from"]),
    )


def _read(text: str | None) -> Mapping[str, Any] | None:
    return None if text is None else from_json(text)


def _written(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else to_json(dict(value))


def _basis(entries: Sequence[LegalBasis]) -> str:
    return to_json([{"instrument": e.instrument, "article": e.article, "about": e.about} for e in entries])


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
    rule_id: str | None = None,
    topic: str = "",
    origin: str = FILE,
    state: str = ACTIVE,
    attachment: Mapping[str, Any] | None = None,
    quiz: Mapping[str, Any] | None = None,
    author_id: int | None = None,
) -> Reminder:
    """Make the reminder with this slug, or change it to these values; whether it is paused stays, and its question.

    A reminder whose schedule is new watches from ``now`` on: times that are past by then are not made up for.
    """
    await lock(tx)
    row = await tx.one(
        "INSERT INTO reminders (id, office_id, meeting_id, slug, title, text, legal_basis, sources, checked_on,"
        " audience, schedule, grace_minutes, state, armed_at, watched_from, rule_id, topic, origin, attachment,"
        " quiz, author_id) VALUES (:id, :office, :meeting, :slug, :title, :text, :basis, :sources, :checked, :audience,"
        " :schedule, :grace, :state, :now, :now, :rule, :topic, :origin, :attachment, :quiz, :author)"
        " ON CONFLICT (meeting_id, slug) DO UPDATE SET title = excluded.title, text = excluded.text,"
        " legal_basis = excluded.legal_basis,"
        " sources = excluded.sources, checked_on = excluded.checked_on, audience = excluded.audience,"
        " grace_minutes = excluded.grace_minutes, rule_id = excluded.rule_id, topic = excluded.topic,"
        " attachment = excluded.attachment, author_id = excluded.author_id,"
        " armed_at = CASE WHEN reminders.schedule = excluded.schedule THEN reminders.armed_at"
        " ELSE excluded.armed_at END,"
        " watched_from = CASE WHEN reminders.schedule = excluded.schedule THEN reminders.watched_from"
        " ELSE excluded.watched_from END, schedule = excluded.schedule RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        slug=slug,
        title=to_json(dict(title)),
        text=to_json(dict(text)),
        basis=_basis(legal_basis),
        sources=to_json(list(sources)),
        checked=None if checked_on is None else checked_on.isoformat(),
        audience=to_json(dict(audience)),
        schedule=to_json(dict(schedule)),
        grace=grace_minutes,
        now=millis(now),
        state=state,
        rule=rule_id,
        topic=topic,
        origin=origin,
        attachment=_written(attachment),
        quiz=_written(quiz),
        author=author_id,
    )
    assert row is not None
    await forget_plan(tx, meeting_id)
    return _reminder(row)


async def keep(tx: Transaction, meeting_id: int, slugs: set[str]) -> None:
    """Remove the reminders of a meeting's file that are not among ``slugs``, with what is known of their due times."""
    for reminder in await of_meeting(tx, meeting_id):
        if reminder.origin == FILE and reminder.slug not in slugs:
            await remove(tx, reminder.id)


async def remove(tx: Transaction, reminder_id: int) -> None:
    """Take a reminder away; what was sent of it stays."""
    await tx.run("DELETE FROM occurrences WHERE reminder_id = :id", id=reminder_id)
    await tx.run("DELETE FROM reminders WHERE id = :id", id=reminder_id)


async def sweep_drafts(tx: Transaction, before: datetime) -> int:
    """Take drafts away that nobody finished since; how many."""
    return await tx.run(
        "DELETE FROM reminders WHERE state = 'draft' AND armed_at < :before", before=millis(before)
    )


async def find(tx: Transaction, reminder_id: int) -> Reminder | None:
    row = await tx.one("SELECT * FROM reminders WHERE id = :id", id=reminder_id)
    return None if row is None else _reminder(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Reminder]:
    """The reminders of a meeting, the next due first, those without a next time last; without drafts."""
    rows = await tx.all(
        "SELECT * FROM reminders WHERE meeting_id = :meeting AND state <> 'draft'"
        " ORDER BY CASE WHEN next_at IS NULL THEN 1 ELSE 0 END, next_at, slug",
        meeting=meeting_id,
    )
    return [_reminder(row) for row in rows]


async def rearm(
    tx: Transaction, reminder_id: int, *, state: str, schedule: Mapping[str, Any], now: datetime
) -> None:
    """Change whether and when a reminder goes out; it watches from ``now`` on."""
    await tx.run(
        "UPDATE reminders SET state = :state, schedule = :schedule, armed_at = :now, watched_from = :now"
        " WHERE id = :id",
        id=reminder_id,
        state=state,
        schedule=to_json(dict(schedule)),
        now=millis(now),
    )


async def change(
    tx: Transaction, reminder: Reminder, author_id: int | None, *, audience: Mapping[str, Any] | None = None
) -> None:
    """Keep what a reminder says, and to whom, as ``reminder`` has it (or to another ``audience``)."""
    await tx.run(
        "UPDATE reminders SET title = :title, text = :text, rule_id = :rule, topic = :topic, attachment = :attachment,"
        " quiz = :quiz, audience = :audience, author_id = :author, legal_basis = :basis, sources = :sources,"
        " checked_on = :checked WHERE id = :id",
        id=reminder.id,
        title=to_json(dict(reminder.title)),
        text=to_json(dict(reminder.text)),
        rule=reminder.rule_id,
        topic=reminder.topic,
        attachment=_written(reminder.attachment),
        quiz=_written(reminder.quiz),
        audience=to_json(dict(reminder.audience if audience is None else audience)),
        author=author_id,
        basis=_basis(reminder.legal_basis),
        sources=to_json(list(reminder.sources)),
        checked=None if reminder.checked_on is None else reminder.checked_on.isoformat(),
    )


async def approve(tx: Transaction, reminder_id: int, digest: str) -> None:
    """Keep for which content and audience a second organiser gave their approval."""
    await tx.run("UPDATE reminders SET approved_for = :digest WHERE id = :id", id=reminder_id, digest=digest)


async def turn_back(tx: Transaction, now: datetime) -> int:
    """After the clock was set back: let what was set up later than ``now`` watch from now on; how many."""
    rows = await tx.all(
        "UPDATE reminders SET watched_from = :now WHERE watched_from > :now RETURNING meeting_id",
        now=millis(now),
    )
    for meeting_id in {row["meeting_id"] for row in rows}:
        await forget_plan(tx, meeting_id)
    return len(rows)


async def set_next(tx: Transaction, reminder_id: int, next_at: datetime | None) -> None:
    """Keep when a reminder is due next."""
    await tx.run(
        "UPDATE reminders SET next_at = :next WHERE id = :id",
        id=reminder_id,
        next=None if next_at is None else millis(next_at),
    )


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


_UNPLANNED = (
    " FROM meetings JOIN offices ON offices.id = meetings.office_id"
    " LEFT JOIN reminder_plans AS plans ON plans.meeting_id = meetings.id"
    " WHERE plans.meeting_id IS NULL OR plans.starts_at <> meetings.starts_at OR plans.ends_at <> meetings.ends_at"
    " OR plans.timezone <> meetings.timezone OR plans.office_zone <> offices.timezone"
)


async def unplanned(tx: Transaction) -> list[int]:
    """The meetings whose reminders need their next times worked out, because something moved."""
    rows = await tx.all(f"SELECT meetings.id AS id{_UNPLANNED}")
    return [row["id"] for row in rows]


async def glance(tx: Transaction, now: datetime) -> tuple[bool, datetime | None]:
    """Whether every next time is worked out, and the soonest of what may go out; asked after every update.

    Those of meetings still in draft wait. What people put off to their hour counts like what is due.
    """
    row = await tx.one(
        f"SELECT EXISTS (SELECT 1{_UNPLANNED}) AS unplanned,"  # noqa: S608 - a constant of this module
        # The greatest one rather than whether there is one: a planner that does not know :now reads the whole table.
        " CASE WHEN (SELECT MAX(watched_from) FROM reminders) > :now THEN 1 ELSE 0 END AS ahead,"
        " (SELECT reminders.next_at FROM reminders JOIN meetings ON meetings.id = reminders.meeting_id"
        "  WHERE reminders.state = 'active' AND reminders.next_at IS NOT NULL AND meetings.state <> 'draft'"
        "  ORDER BY reminders.next_at LIMIT 1) AS reminder,"
        " (SELECT MIN(due_at) FROM deferred_deliveries) AS deferred",
        now=millis(now),
    )
    assert row is not None
    moments = [value for value in (row["reminder"], row["deferred"]) if value is not None]
    planned = not (row["unplanned"] or row["ahead"])
    return planned, moment(min(moments)) if moments else None


async def keep_plan(tx: Transaction, meeting_id: int) -> None:
    """Record that the next times of a meeting's reminders were worked out for its times and zones of now."""
    await tx.run(
        "INSERT INTO reminder_plans (meeting_id, starts_at, ends_at, timezone, office_zone)"
        " SELECT meetings.id, meetings.starts_at, meetings.ends_at, meetings.timezone, offices.timezone FROM meetings"
        " JOIN offices ON offices.id = meetings.office_id WHERE meetings.id = :meeting"
        " ON CONFLICT (meeting_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,"
        " timezone = excluded.timezone, office_zone = excluded.office_zone",
        meeting=meeting_id,
    )


async def forget_plans(tx: Transaction, office_id: int) -> None:
    """Have the next times of all reminders of an office worked out anew: its calendar or quiet hours changed."""
    await tx.run(
        "DELETE FROM reminder_plans WHERE meeting_id IN (SELECT id FROM meetings WHERE office_id = :office)",
        office=office_id,
    )


async def forget_plan(tx: Transaction, meeting_id: int) -> None:
    """Have the next times of a meeting's reminders worked out anew."""
    await tx.run("DELETE FROM reminder_plans WHERE meeting_id = :meeting", meeting=meeting_id)


async def mark_broadcast(
    tx: Transaction,
    broadcast_id: int,
    reminder_id: int,
    *,
    topic: str,
    rule_id: str | None,
    version: str | None,
) -> None:
    """Keep which reminder, card and wording a broadcast came of."""
    await tx.run(
        "UPDATE broadcasts SET reminder_id = :reminder, topic = :topic, rule_id = CAST(:rule AS TEXT),"
        " rule_version = CAST(:version AS TEXT) WHERE id = :id",
        id=broadcast_id,
        reminder=reminder_id,
        topic=topic,
        rule=rule_id,
        version=version,
    )
