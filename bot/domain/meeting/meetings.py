"""Which meeting a chat is about, and the states that a meeting passes through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import roles
from bot.domain.dialogue import sessions
from bot.domain.errors import AlreadyDecided, ChooseMeeting, NoMeeting, NotAllowed, NotFound
from bot.domain.meeting import meeting_reminders
from bot.domain.polls import polls
from bot.i18n import N_
from bot.storage import actions, groups, meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, CLOSED, DRAFT, OPEN, RUNNING, Meeting
from bot.storage.people import Person

_MOVES: dict[str, tuple[tuple[str, str], ...]] = {
    DRAFT: ((OPEN, N_("Open registration")),),
    OPEN: ((RUNNING, N_("Start the meeting")), (CLOSED, N_("Close without starting"))),
    RUNNING: ((CLOSED, N_("Close the meeting")),),
    CLOSED: ((RUNNING, N_("Reopen the meeting")), (ARCHIVED, N_("Put into the archive"))),
    ARCHIVED: ((CLOSED, N_("Take out of the archive")),),
}


_FOR_STAFF = (DRAFT, ARCHIVED)
"""States in which nobody but the office sees a meeting."""


def moves(state: str) -> Sequence[tuple[str, str]]:
    """The states that can follow ``state``, each with a message id for its button."""
    return _MOVES[state]


async def current(tx: Transaction, person: Person) -> Meeting:
    """The meeting that a person's private chat is about.

    It is the one that they followed last; else, for those with a role, one of their own office; else the only one that
    is open. A draft, and what is in the archive, is seen by its office only.

    Raises:
        NoMeeting: there is none.
        ChooseMeeting: several are open, and the person has not said which.
    """
    followed = None if person.meeting_id is None else await meetings.find(tx, person.meeting_id)
    if followed is not None:
        if followed.state not in _FOR_STAFF:
            return followed
        if await offices.role_of(tx, followed.office_id, person.id) is not None:
            return followed
    own = await _of_own_office(tx, person.id)
    return own or await _only_open(tx)


async def of_staff(tx: Transaction, person: Person, *allowed: str) -> tuple[Meeting, str]:
    """The meeting that a tool of the committee is about, for somebody with one of the roles ``allowed``; their role.

    It is the one that they followed last if it is of an office of theirs; else one that such an office works on.
    Whoever is a guest at another office's meeting thus keeps their own tools.

    Raises:
        NotAllowed: the person has none of the roles, or not in the office whose meeting they follow.
    """
    followed = None if person.meeting_id is None else await meetings.find(tx, person.meeting_id)
    if followed is not None and await offices.role_of(tx, followed.office_id, person.id) is not None:
        return followed, await roles.require(tx, followed.office_id, person.id, *allowed)
    own = await _of_own_office(tx, person.id, *allowed)
    if own is None:
        raise NotAllowed
    return own, await roles.require(tx, own.office_id, person.id, *allowed)


async def _of_own_office(tx: Transaction, person_id: int, *allowed: str) -> Meeting | None:
    """The meeting that the office of somebody with a role works on: running, else open, else a draft, else the last."""
    return next(iter(await known_to_staff(tx, person_id, *allowed)), None)


async def known_to_staff(tx: Transaction, person_id: int, *allowed: str) -> list[Meeting]:
    """The meetings of the offices where somebody has a role, one of ``allowed`` if any are named.

    Running ones come first, then those that are open, drafts, those that are over, and the archive.
    """
    known = [
        meeting
        for office, role in await offices.offices_of(tx, person_id)
        if role in (allowed or roles.ROLES)
        for meeting in await meetings.of_office(tx, office.id)
    ]
    order = (RUNNING, OPEN, DRAFT, CLOSED, ARCHIVED)
    return sorted(known, key=lambda meeting: order.index(meeting.state))


async def _only_open(tx: Transaction) -> Meeting:
    open_now = await meetings.joinable(tx)
    if not open_now:
        raise NoMeeting
    if len(open_now) > 1:
        raise ChooseMeeting
    return open_now[0]


async def of_group(tx: Transaction, chat_id: int) -> Meeting:
    """The meeting that a group is bound to; in a group without one, the only meeting that is open.

    Raises:
        NoMeeting: there is none, or that of the group is a draft or in the archive.
        ChooseMeeting: several are open, and no organiser has bound the group to one.
    """
    group = await groups.find(tx, chat_id)
    bound = None if group is None or group.meeting_id is None else await meetings.find(tx, group.meeting_id)
    if bound is None:
        return await _only_open(tx)
    if bound.state in _FOR_STAFF:  # whatever else is open may be another office's
        raise NoMeeting
    return bound


async def for_staff(tx: Transaction, meeting_id: int, person_id: int, *allowed: str) -> Meeting:
    """The meeting with this id, for somebody with one of the roles ``allowed`` in its office.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the person has none of the roles there.
    """
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    await roles.require(tx, meeting.office_id, person_id, *allowed)
    return meeting


async def move(tx: Transaction, meeting_id: int, state: str, person_id: int, now: datetime) -> Meeting:
    """Bring a meeting into another state, as an organiser of its office, and record it; the meeting as it is now.

    Raises:
        NotFound: there is no such meeting or state.
        NotAllowed: the person is no organiser of its office.
        AlreadyDecided: the meeting is no longer in a state from which it can go there.
    """
    meeting = await for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    if state not in meetings.STATES:
        raise NotFound
    if state not in dict(moves(meeting.state)):
        raise AlreadyDecided
    moved = await meetings.set_state(tx, meeting.id, state, now, expected=meeting.state)
    if moved is None:  # another organiser was faster
        raise AlreadyDecided
    if (meeting.state, state) == (DRAFT, OPEN):
        await meeting_reminders.add(tx, moved, person_id, now)
    if (meeting.state, state) == (OPEN, CLOSED):
        await meeting_reminders.stop(tx, meeting.id, now)
    if state == CLOSED and meeting.state != ARCHIVED:
        await sessions.end_all(tx, meeting.id, now)
        await polls.end_all(tx, meeting.id)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=f"meeting.{state}",
        now=now,
        before=meeting.state,
    )
    return moved
