"""Rehearsing a meeting (gladi): everything works as on the day, is marked, and is wiped before the real one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, HasPeople
from bot.domain.meeting import meeting_setup, meetings
from bot.storage import actions, rehearsals
from bot.storage import meetings as stored
from bot.storage.database import Transaction
from bot.storage.meetings import DRAFT, OPEN, Meeting

REMIND_BEFORE = (timedelta(hours=12), timedelta(hours=2), timedelta())
"""How long before the real meeting organisers are reminded that its rehearsal was not ended: in the evening before,
while the hall is being prepared, and when it begins."""


async def begin(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> Meeting:
    """Begin the rehearsal of a draft or open meeting in which nobody takes part yet.

    Raises:
        NotFound, NotAllowed, Archived
        AlreadyDecided: it is rehearsed already, or is running or over.
        HasPeople: somebody is registered for the real meeting, whose data the wipe would remove.
    """
    meeting = await meeting_setup.changeable(tx, meeting_id, person_id)
    await tx.lock(f"seats:{meeting_id}")
    if meeting.rehearsal or meeting.state not in (DRAFT, OPEN):
        raise AlreadyDecided
    if await rehearsals.has_people(tx, meeting_id):
        raise HasPeople
    if not await stored.set_rehearsal(tx, meeting_id, now):
        raise AlreadyDecided
    await _record(tx, meeting, person_id, "rehearsal.begun", now)
    return await _current(tx, meeting_id)


async def losses(tx: Transaction, meeting_id: int, person_id: int) -> tuple[Meeting, dict[str, int]]:
    """A meeting that is rehearsed, and how much ending the rehearsal would wipe.

    Raises:
        NotFound, NotAllowed
        AlreadyDecided: it is not rehearsed (any more).
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    since = await stored.rehearsed_since(tx, meeting_id)
    if since is None:
        raise AlreadyDecided
    return meeting, await rehearsals.counts(tx, meeting_id, since)


async def end(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> Meeting:
    """End a rehearsal and wipe what people did in it; the meeting is a draft again.

    Raises:
        NotFound, NotAllowed
        AlreadyDecided: it was ended before.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    since = await stored.rehearsed_since(tx, meeting_id)
    if since is None or not await stored.set_rehearsal(tx, meeting_id, None):
        raise AlreadyDecided
    await rehearsals.wipe(tx, meeting_id, since, now)
    await stored.set_state(tx, meeting_id, DRAFT, now, expected=meeting.state)
    await _record(tx, meeting, person_id, "rehearsal.ended", now)
    return await _current(tx, meeting_id)


async def forgotten(tx: Transaction, now: datetime) -> list[Meeting]:
    """The rehearsals whose organisers must be reminded now that the real meeting is near; each is recorded as told.

    One that is begun after a moment of :data:`REMIND_BEFORE` is not reminded for it, and a meeting that moves is
    reminded anew. What came due while nothing ran is told once.
    """
    found = []
    for meeting_id, since, reminded in await rehearsals.begun(tx, now + max(REMIND_BEFORE)):
        meeting = await _current(tx, meeting_id)
        due = max(
            (moment for before in REMIND_BEFORE if (moment := meeting.starts_at - before) <= now),
            default=None,
        )
        if (
            due is None
            or due <= since
            or meeting.ends_at <= now
            or (reminded is not None and reminded >= due)
        ):
            continue
        await actions.record(
            tx, office_id=meeting.office_id, meeting_id=meeting.id, action="rehearsal.reminded", now=now
        )
        found.append(meeting)
    return found


async def _current(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await stored.find(tx, meeting_id)
    assert meeting is not None
    return meeting


async def _record(tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime) -> None:
    await actions.record(
        tx, office_id=meeting.office_id, meeting_id=meeting.id, person_id=person_id, action=action, now=now
    )
