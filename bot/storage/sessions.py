"""Sessions: the windows in which a meeting takes submissions, each on one topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

PLANNED, OPEN, CLOSED = "planned", "open", "closed"

CHALLENGE, SUGGESTION, INPUT, QUESTION = "challenge", "suggestion", "input", "question"
KINDS = (CHALLENGE, SUGGESTION, INPUT, QUESTION)

ALLOWED, FORCED, OFF = "allowed", "forced", "off"
ANONYMITY = (ALLOWED, FORCED, OFF)

BEFORE, AFTER = "before", "after"
"""Whether moderators see a submission before or after everybody can read it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A window for submissions on one topic. Texts are by locale."""

    id: int
    meeting_id: int
    slug: str
    """The name that stays when the session is imported again."""
    agenda_slug: str | None
    """The agenda item that it belongs to; None for the whole meeting."""
    topic: Mapping[str, str]
    prompt: Mapping[str, str]
    """What people are asked to write about; may be empty."""
    kinds: tuple[str, ...]
    """The kinds that may be sent, some of :data:`KINDS`."""
    anonymity: str
    """Whether authors may (``allowed``), must (``forced``) or cannot (``off``) stay anonymous."""
    limit_per_person: int
    text_limit: int
    """The longest text, in characters."""
    state: str
    """``planned``, ``open`` or ``closed``; a closed one can be opened again."""
    opened_at: datetime | None
    closed_at: datetime | None
    topics: tuple[str, ...]
    """The headings that submissions are sorted under, in the committee's words; may be empty."""
    sectors: tuple[str, ...]
    """Who may submit; empty for all sectors."""
    moderation: str
    """``before`` or ``after`` publication."""
    follows_agenda: bool
    """Whether it opens and closes with its agenda item."""


def _session(row: Row) -> Session:
    return Session(
        id=row["id"],
        meeting_id=row["meeting_id"],
        slug=row["slug"],
        agenda_slug=row["agenda_slug"],
        topic=from_json(row["topic"]),
        prompt=from_json(row["prompt"]),
        kinds=tuple(from_json(row["kinds"])),
        anonymity=row["anonymity"],
        limit_per_person=row["limit_per_person"],
        text_limit=row["text_limit"],
        state=row["state"],
        opened_at=None if row["opened_at"] is None else moment(row["opened_at"]),
        closed_at=None if row["closed_at"] is None else moment(row["closed_at"]),
        topics=tuple(from_json(row["topics"])),
        sectors=tuple(from_json(row["sectors"])),
        moderation=row["moderation"],
        follows_agenda=bool(row["follows_agenda"]),
    )


async def save(
    tx: Transaction,
    meeting_id: int,
    *,
    slug: str,
    agenda_slug: str | None,
    topic: Mapping[str, str],
    prompt: Mapping[str, str],
    kinds: Sequence[str],
    anonymity: str,
    limit_per_person: int,
    text_limit: int,
    position: int,
) -> Session:
    """Make the session with this slug (planned), or change it to these values; its state never changes here."""
    row = await tx.one(
        "INSERT INTO sessions (id, meeting_id, slug, agenda_slug, topic, prompt, kinds, anonymity, limit_per_person,"
        " text_limit, state, position) VALUES (:id, :meeting, :slug, :agenda, :topic, :prompt, :kinds, :anonymity,"
        " :limit_per_person, :text_limit, 'planned', :position) ON CONFLICT (meeting_id, slug) DO UPDATE SET"
        " agenda_slug = excluded.agenda_slug, topic = excluded.topic, prompt = excluded.prompt,"
        " kinds = excluded.kinds, anonymity = excluded.anonymity, limit_per_person = excluded.limit_per_person,"
        " text_limit = excluded.text_limit, position = excluded.position RETURNING *",
        id=new_id(),
        meeting=meeting_id,
        slug=slug,
        agenda=agenda_slug,
        topic=to_json(dict(topic)),
        prompt=to_json(dict(prompt)),
        kinds=to_json(list(kinds)),
        anonymity=anonymity,
        limit_per_person=limit_per_person,
        text_limit=text_limit,
        position=position,
    )
    assert row is not None
    return _session(row)


async def change(tx: Transaction, session: Session) -> None:
    """Write what the committee sets on a session; its state and its moments never change here."""
    await tx.run(
        "UPDATE sessions SET agenda_slug = :agenda, topic = :topic, prompt = :prompt, kinds = :kinds,"
        " anonymity = :anonymity, limit_per_person = :limit_per_person, text_limit = :text_limit, topics = :topics,"
        " sectors = :sectors, moderation = :moderation, follows_agenda = :follows WHERE id = :id",
        id=session.id,
        agenda=session.agenda_slug,
        topic=to_json(dict(session.topic)),
        prompt=to_json(dict(session.prompt)),
        kinds=to_json(list(session.kinds)),
        anonymity=session.anonymity,
        limit_per_person=session.limit_per_person,
        text_limit=session.text_limit,
        topics=to_json(list(session.topics)),
        sectors=to_json(list(session.sectors)),
        moderation=session.moderation,
        follows=int(session.follows_agenda),
    )


async def following_agenda(tx: Transaction) -> list[tuple[Session, datetime, datetime]]:
    """The sessions that open and close with their agenda item, with its start and end."""
    rows = await tx.all(
        "SELECT sessions.*, agenda_items.starts_at AS item_starts_at, agenda_items.ends_at AS item_ends_at"
        " FROM sessions JOIN agenda_items ON agenda_items.meeting_id = sessions.meeting_id"
        " AND agenda_items.slug = sessions.agenda_slug JOIN meetings ON meetings.id = sessions.meeting_id"
        " WHERE sessions.follows_agenda = 1 AND sessions.state <> 'closed'"
        " AND meetings.state IN ('open', 'running') ORDER BY sessions.meeting_id, sessions.position, sessions.slug"
    )
    return [(_session(row), moment(row["item_starts_at"]), moment(row["item_ends_at"])) for row in rows]


async def answers_untold(tx: Transaction, session_id: int) -> tuple[int, datetime | None]:
    """How many answers to anonymous submissions nobody was told of, and when people will be."""
    row = await tx.one("SELECT answers_untold, answers_due_at FROM sessions WHERE id = :id", id=session_id)
    assert row is not None
    due = row["answers_due_at"]
    return row["answers_untold"], None if due is None else moment(due)


async def set_answers_untold(tx: Transaction, session_id: int, count: int, due_at: datetime | None) -> None:
    await tx.run(
        "UPDATE sessions SET answers_untold = :count, answers_due_at = :due WHERE id = :id",
        id=session_id,
        count=count,
        due=None if due_at is None else millis(due_at),
    )


async def with_answers_due(tx: Transaction, now: datetime) -> list[tuple[Session, int]]:
    """The sessions whose people are to be told of answers now, each with the number of answers."""
    rows = await tx.all(
        "SELECT * FROM sessions WHERE answers_untold > 0 AND answers_due_at <= :now ORDER BY id",
        now=millis(now),
    )
    return [(_session(row), row["answers_untold"]) for row in rows]


async def remove_unopened(tx: Transaction, session_id: int) -> bool:
    """Remove a session that was never opened; False when it was, so that people may have sent something."""
    removed = await tx.run(
        "DELETE FROM sessions WHERE id = :id AND state = 'planned' AND opened_at IS NULL", id=session_id
    )
    return removed > 0


async def find(tx: Transaction, session_id: int) -> Session | None:
    row = await tx.one("SELECT * FROM sessions WHERE id = :id", id=session_id)
    return None if row is None else _session(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Session]:
    """The sessions of a meeting, in the organisers' order."""
    rows = await tx.all(
        "SELECT * FROM sessions WHERE meeting_id = :meeting ORDER BY position, slug", meeting=meeting_id
    )
    return [_session(row) for row in rows]


async def open_session(tx: Transaction, session_id: int, now: datetime) -> bool:
    """Open a session; False when it is open already."""
    changed = await tx.run(
        "UPDATE sessions SET state = 'open', opened_at = :now, closed_at = NULL WHERE id = :id AND state <> 'open'",
        id=session_id,
        now=millis(now),
    )
    return changed > 0


async def close_session(tx: Transaction, session_id: int, now: datetime) -> bool:
    """Close an open session; False when it is not open."""
    changed = await tx.run(
        "UPDATE sessions SET state = 'closed', closed_at = :now WHERE id = :id AND state = 'open'",
        id=session_id,
        now=millis(now),
    )
    return changed > 0
