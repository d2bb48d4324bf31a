"""Opening and closing the sessions of a meeting, and which of them take submissions now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.domain.dialogue import answer_digests
from bot.domain.errors import MeetingClosed, NotFound
from bot.domain.notices.audience import ATTENDED, REGISTERED, Audience
from bot.storage import actions, attendance, meetings, sessions, submission_counts
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import Session

MAY_SWITCH = (roles.ORGANISER, roles.MODERATOR)


@dataclass(frozen=True, slots=True)
class Switched:
    """A session after somebody asked to open or close it."""

    session: Session
    meeting: Meeting
    changed: bool
    """False when it was open or closed already: by an earlier tap, or by a colleague."""


async def open_session(tx: Transaction, session_id: int, person_id: int, now: datetime) -> Switched:
    """Let a session take submissions; opening an open one changes nothing.

    Raises:
        NotFound, NotAllowed.
        MeetingClosed: its meeting is a draft or over.
    """
    session, meeting = await for_staff(tx, session_id, person_id)
    if meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise MeetingClosed
    changed = await sessions.open_session(tx, session.id, now)
    if changed:
        await _record(tx, "session.opened", session, meeting, person_id, now)
    return Switched(await _again(tx, session.id), meeting, changed)


async def close_session(tx: Transaction, session_id: int, person_id: int, now: datetime) -> Switched:
    """End a session, and forget how many submissions each person sent in it; opened again, it counts anew.

    Raises:
        NotFound, NotAllowed.
    """
    session, meeting = await for_staff(tx, session_id, person_id)
    changed = await _end(tx, session.id, now)
    if changed:
        await _record(tx, "session.closed", session, meeting, person_id, now)
    return Switched(await _again(tx, session.id), meeting, changed)


async def end_all(tx: Transaction, meeting_id: int, now: datetime) -> None:
    """Close the sessions of a meeting that is over."""
    for session in await sessions.of_meeting(tx, meeting_id):
        await _end(tx, session.id, now)


async def follow_agenda(tx: Transaction, now: datetime) -> list[Switched]:
    """Open and close the sessions that go with their agenda item; those that were switched.

    What the committee did by hand stays: a session that it closed is not opened again, and one that it opened after the
    item's end is not closed.
    """
    switched = []
    for session, starts_at, ends_at in await sessions.following_agenda(tx):
        opens = session.state == sessions.PLANNED and starts_at <= now < ends_at
        opened_at = session.opened_at
        ends = (
            session.state == sessions.OPEN
            and ends_at <= now
            and opened_at is not None
            and opened_at < ends_at
        )
        if opens:
            changed = await sessions.open_session(tx, session.id, now)
        elif ends:
            changed = await _end(tx, session.id, now)
        else:
            continue
        meeting = await meetings.find(tx, session.meeting_id)
        assert meeting is not None
        if changed:
            action = "session.opened" if opens else "session.closed"
            await _record(tx, action, session, meeting, None, now)
            switched.append(Switched(await _again(tx, session.id), meeting, changed))
    return switched


async def next_by_agenda(tx: Transaction, now: datetime) -> datetime | None:
    """When :func:`follow_agenda` has something to do next; None for never."""
    moments = [
        starts_at if session.state == sessions.PLANNED else ends_at
        for session, starts_at, ends_at in await sessions.following_agenda(tx)
    ]
    return min((moment for moment in moments if moment > now), default=None)


async def _end(tx: Transaction, session_id: int, now: datetime) -> bool:
    await hold(tx, session_id)
    changed = await sessions.close_session(tx, session_id, now)
    if changed:
        await answer_digests.close(tx, session_id, now)
        await submission_counts.forget_sent_by(tx, session_id)
    return changed


async def hold(tx: Transaction, session_id: int) -> None:
    """Keep closing a session and sending to it apart, until the transaction ends."""
    await tx.lock(f"session {session_id}")


async def for_staff(tx: Transaction, session_id: int, person_id: int) -> tuple[Session, Meeting]:
    """A session and its meeting, for somebody who may open and close it.

    Raises:
        NotFound, NotAllowed.
    """
    session = await sessions.find(tx, session_id)
    meeting = None if session is None else await meetings.find(tx, session.meeting_id)
    if session is None or meeting is None:
        raise NotFound
    await roles.require(tx, meeting.office_id, person_id, *MAY_SWITCH)
    return session, meeting


async def taking(tx: Transaction, meeting: Meeting) -> list[Session]:
    """The sessions that take submissions now, in the organisers' order; none when the meeting is over."""
    if meeting.state not in (meetings.OPEN, meetings.RUNNING):
        return []
    return [item for item in await sessions.of_meeting(tx, meeting.id) if item.state == sessions.OPEN]


async def audience_of(tx: Transaction, session: Session) -> Audience:
    """Whom a session concerns: of its sectors those who are here, or all registered where nobody is checked in."""
    is_counted = bool(await attendance.moments(tx, session.meeting_id))
    return Audience(sectors=session.sectors or "all", states=(ATTENDED,) if is_counted else (REGISTERED,))


async def next_planned(
    tx: Transaction, meeting: Meeting, now: datetime
) -> tuple[Session, datetime | None] | None:
    """The planned session that the agenda brings next, with its time; else the first planned one without a time.

    None when no planned session is left.
    """
    starts = {
        item.slug: item.starts_at for item in await meetings.agenda(tx, meeting.id) if item.ends_at > now
    }
    planned = [item for item in await sessions.of_meeting(tx, meeting.id) if item.state == sessions.PLANNED]
    timed = [(starts[item.agenda_slug], item) for item in planned if item.agenda_slug in starts]
    if timed:
        when, session = min(timed, key=lambda pair: pair[0])
        return session, when
    return (planned[0], None) if planned else None


async def _again(tx: Transaction, session_id: int) -> Session:
    session = await sessions.find(tx, session_id)
    assert session is not None
    return session


async def _record(
    tx: Transaction, action: str, session: Session, meeting: Meeting, person_id: int | None, now: datetime
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        session=session.slug,
    )
