"""Reminders: what is due, who stops them, and what organisers do with them.

The database says what is due: every reminder keeps its next time, worked out from its schedule and its meeting by
:func:`plan` whenever either changed. :func:`collect_due` turns a due time into an *occurrence* (unique per reminder and
due time, so that it happens once whatever number of processes look), a broadcast and its deliveries, in one
transaction. A due time that passed while nothing ran is made up for within the reminder's grace period; after it, it
is recorded as missed and the organisers are told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import audience as audiences
from bot.domain import broadcasts, roles, schedule
from bot.domain.audience import Audience
from bot.domain.broadcasts import Content
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.schedule import BadSchedule, FixedTime, Times
from bot.storage import actions, meetings, reminders
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.reminders import Occurrence, Reminder

logger = logging.getLogger(__name__)

BATCH = 20
"""How many due reminders one transaction handles at most."""

LATE_AFTER = timedelta(minutes=2)
"""From when on an occurrence is called late; before, it was on time as people see it."""


class Texts(Protocol):
    """How reminders are put in words: given by who knows the messenger."""

    def reminder(self, reminder: Reminder, meeting: Meeting) -> Content:
        """What the audience reads."""
        ...

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        """What organisers read of a reminder that could not go out in time."""
        ...


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one due time."""

    reminder_id: int
    due_at: datetime
    state: str
    """``sent``, ``late`` or ``missed`` (:mod:`bot.storage.reminders`)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reminder as an organiser sees it in the list."""

    reminder: Reminder
    next_at: datetime | None
    """None when it will not go out (again) as things are."""
    last: Occurrence | None


def times_of(meeting: Meeting) -> Times:
    return Times(meeting.starts_at, meeting.ends_at, meeting.timezone)


async def plan(tx: Transaction) -> None:
    """Work out the next times of reminders of every meeting that moved or whose reminders changed."""
    await reminders.lock(tx)
    for meeting_id in await reminders.unplanned(tx):
        await _plan(tx, meeting_id)


async def _plan(tx: Transaction, meeting_id: int) -> None:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        return
    for reminder in await reminders.of_meeting(tx, meeting_id):
        next_at = await _next_at(tx, reminder, meeting)
        if next_at != reminder.next_at:
            await reminders.set_next(tx, reminder.id, next_at)
    await reminders.keep_plan(tx, meeting_id, meeting.starts_at, meeting.ends_at, meeting.timezone)


async def _next_at(tx: Transaction, reminder: Reminder, meeting: Meeting) -> datetime | None:
    try:
        planned = schedule.parse(reminder.schedule)
    except BadSchedule as error:  # one broken row must not hold up everybody's reminders
        logger.error("reminder %s: %s", reminder.id, error, extra={"action": "reminder.unreadable"})
        return None
    due_at = schedule.next_due(
        planned,
        times_of(meeting),
        armed_at=reminder.armed_at,
        last=await reminders.last_due(tx, reminder.id, reminder.armed_at),
    )
    if due_at is None or await reminders.occurred(tx, reminder.id, due_at):
        return None
    return due_at


async def is_planned(tx: Transaction) -> bool:
    """Whether :func:`next_due` can be relied on: nothing changed since :func:`plan`."""
    return not await reminders.unplanned(tx)


async def next_due(tx: Transaction) -> datetime | None:
    """When the next reminder is due, maybe past already; None when none is.

    It is up to date after :func:`plan`; see :func:`is_planned`.
    """
    return await reminders.soonest(tx)


async def collect_due(tx: Transaction, now: datetime, texts: Texts) -> list[Collected]:
    """Deal with up to :data:`BATCH` due times; what this process dealt with, others left out.

    Call it again while :func:`next_due` is not after ``now``.
    """
    await plan(tx)
    collected = []
    for reminder in await reminders.due(tx, now, BATCH):
        meeting = await meetings.find(tx, reminder.meeting_id)
        due_at = reminder.next_at
        if meeting is None or due_at is None:
            continue
        late = now - due_at
        state = reminders.SENT if late <= LATE_AFTER else reminders.LATE
        if late > max(LATE_AFTER, timedelta(minutes=reminder.grace_minutes)):
            state = reminders.MISSED
        # Another process may be here at the same moment: the unique occurrence decides whose it is.
        if await reminders.occur(tx, reminder.id, due_at, state):
            await _follow_through(tx, reminder, meeting, due_at, state, now, texts)
            collected.append(Collected(reminder.id, due_at, state))
        await reminders.set_next(tx, reminder.id, await _next_at(tx, reminder, meeting))
    return collected


async def _follow_through(
    tx: Transaction,
    reminder: Reminder,
    meeting: Meeting,
    due_at: datetime,
    state: str,
    now: datetime,
    texts: Texts,
) -> None:
    if state == reminders.MISSED:
        await broadcasts.create(
            tx,
            office_id=reminder.office_id,
            meeting_id=reminder.meeting_id,
            kind=broadcasts.NOTICE,
            content=texts.missed(reminder, meeting, due_at),
            audience=Audience(organisers=True),
            author_id=None,
            now=now,
        )
    else:
        await _broadcast(tx, reminder, meeting, due_at, None, now, texts)
    await _record(tx, reminder, f"reminder.{state}", None, now, due_at=due_at.isoformat())


async def _broadcast(
    tx: Transaction,
    reminder: Reminder,
    meeting: Meeting,
    due_at: datetime,
    author_id: int | None,
    now: datetime,
    texts: Texts,
) -> Broadcast:
    broadcast = await broadcasts.create(
        tx,
        office_id=reminder.office_id,
        meeting_id=reminder.meeting_id,
        kind=broadcasts.REMINDER,
        content=texts.reminder(reminder, meeting),
        audience=audiences.parse(reminder.audience),
        author_id=author_id,
        now=now,
    )
    await reminders.tie(tx, reminder.id, due_at, broadcast.id)
    return broadcast


async def listed(tx: Transaction, meeting: Meeting) -> list[Entry]:
    """The reminders of a meeting with their next and last times, the next due first."""
    entries = [await entry(tx, reminder, meeting) for reminder in await reminders.of_meeting(tx, meeting.id)]
    return sorted(entries, key=_by_next)


async def entry(tx: Transaction, reminder: Reminder, meeting: Meeting) -> Entry:
    """A reminder with its next and last times."""
    next_at = await _next_at(tx, reminder, meeting) if reminder.state == reminders.ACTIVE else None
    past = await reminders.occurrences(tx, reminder.id)
    return Entry(reminder, next_at, past[0] if past else None)


def _by_next(item: Entry) -> tuple[bool, float, str]:
    when = item.next_at
    return when is None, when.timestamp() if when is not None else 0.0, item.reminder.slug


def concerns(reminder: Reminder, sector: str) -> bool:
    """Whether the reminder reaches participants of a sector."""
    return audiences.parse(reminder.audience).concerns(sector)


async def for_organiser(tx: Transaction, reminder_id: int, person_id: int) -> tuple[Reminder, Meeting]:
    """A reminder that the person may manage, with its meeting.

    Raises:
        NotFound: there is no such reminder.
        NotAllowed: the person is no organiser of its office.
    """
    reminder = await reminders.find(tx, reminder_id)
    meeting = None if reminder is None else await meetings.find(tx, reminder.meeting_id)
    if reminder is None or meeting is None:
        raise NotFound
    await roles.require(tx, reminder.office_id, person_id, roles.ORGANISER)
    return reminder, meeting


async def reach(tx: Transaction, reminder: Reminder, meeting: Meeting) -> int:
    """How many chats the reminder would go to now."""
    audience = audiences.parse(reminder.audience)
    return len(await audiences.resolve(tx, meeting, audience, regulation=True))


async def pause(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> None:
    """Let a reminder rest: times that come meanwhile are not made up for.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    await _rearm(tx, reminder, reminders.PAUSED, reminder.schedule, now)
    await _record(tx, reminder, "reminder.paused", person_id, now)


async def resume(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> None:
    """Let a reminder go out again, from its next time after ``now`` on.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    if reminder.state == reminders.PAUSED:
        await _rearm(tx, reminder, reminders.ACTIVE, reminder.schedule, now)
        await _record(tx, reminder, "reminder.resumed", person_id, now)


async def set_time(
    tx: Transaction, reminder_id: int, person_id: int, at: FixedTime, now: datetime
) -> datetime:
    """Send a reminder at this time instead of what its schedule said; the moment.

    It goes out then even when it went out before, and a paused one is no longer paused.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    await _rearm(tx, reminder, reminders.ACTIVE, at.as_data(), now)
    due_at = schedule.due_at(at, times_of(meeting))
    await _record(tx, reminder, "reminder.rescheduled", person_id, now, due_at=due_at.isoformat())
    return due_at


async def send_now(
    tx: Transaction, reminder_id: int, person_id: int, asked_at: datetime, now: datetime, texts: Texts
) -> Broadcast:
    """Send a reminder by hand; its schedule stays as it is.

    ``asked_at`` names the request: the moment when its button was shown. A second tap on it sends nothing.

    Raises:
        AlreadyDecided: it was sent for this request.
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    if not await reminders.occur(tx, reminder.id, asked_at, reminders.BY_HAND):
        raise AlreadyDecided
    broadcast = await _broadcast(tx, reminder, meeting, asked_at, person_id, now, texts)
    await _record(tx, reminder, "reminder.by_hand", person_id, now)
    return broadcast


async def _rearm(
    tx: Transaction, reminder: Reminder, state: str, new_schedule: Mapping[str, Any], now: datetime
) -> None:
    await reminders.lock(tx)
    await reminders.rearm(tx, reminder.id, state=state, schedule=new_schedule, now=now)
    await _plan(tx, reminder.meeting_id)


async def _record(
    tx: Transaction, reminder: Reminder, action: str, person_id: int | None, now: datetime, **detail: Any
) -> None:
    await actions.record(
        tx,
        office_id=reminder.office_id,
        meeting_id=reminder.meeting_id,
        person_id=person_id,
        action=action,
        now=now,
        reminder=reminder.slug,
        **detail,
    )
