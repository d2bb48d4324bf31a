"""Telling everybody of a session, now and then, how many anonymous submissions were answered.

Nobody knows whom to tell of one answer, so all are told of several. While a session is open that happens at most once a
day, because the moment of an answer is a moment at which the submission was there already; afterwards in batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.i18n import zone
from bot.storage import meetings, sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import Session

BATCH = timedelta(minutes=10)
"""How long answers to a closed session are gathered."""
MORNING = time(8)
"""When people are told of yesterday's answers in a session that is still open."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What everybody of a session is to be told."""

    session: Session
    meeting: Meeting
    answers: int


async def note(tx: Transaction, session: Session, meeting: Meeting, change: int, now: datetime) -> None:
    """Count an answer to an anonymous submission that people are to be told of; -1 takes one back.

    The caller holds the session's lock.
    """
    count, due_at = await sessions.answers_untold(tx, session.id)
    count = max(0, count + change)
    if count and due_at is None:
        due_at = _next_morning(meeting, now) if session.state == sessions.OPEN else now + BATCH
    await sessions.set_answers_untold(tx, session.id, count, due_at if count else None)


async def close(tx: Transaction, session_id: int, now: datetime) -> None:
    """Have people told soon after a session was closed of what was answered in it."""
    count, _ = await sessions.answers_untold(tx, session_id)
    if count:
        await sessions.set_answers_untold(tx, session_id, count, now + BATCH)


async def collect_due(tx: Transaction, now: datetime) -> list[Digest]:
    """What people are to be told now; it counts as told."""
    due = []
    for session, answers in await sessions.with_answers_due(tx, now):
        await sessions.set_answers_untold(tx, session.id, 0, None)
        meeting = await meetings.find(tx, session.meeting_id)
        assert meeting is not None
        due.append(Digest(session, meeting, answers))
    return due


def _next_morning(meeting: Meeting, now: datetime) -> datetime:
    local = zone(meeting.timezone)
    tomorrow = now.astimezone(local).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, local)
