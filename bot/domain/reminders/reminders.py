"""Reminders: what is due, who stops them, and what organisers do with them.

The database says what is due: every reminder keeps its next time (:mod:`bot.domain.reminders.reminder_times`), worked
out whenever its schedule, its meeting or the office's calendar changed. :func:`collect_due` turns a due time into an
*occurrence* (unique per reminder and due time, so that it happens once whatever number of processes look), a broadcast
and its deliveries, in one transaction. A due time that passed while nothing ran is made up for within the reminder's
grace period; after it, it is recorded as missed and the organisers are told. One that waits for somebody's word (a card
that the office has not confirmed, a second organiser) is held, and goes out within the same period once the word is
given.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, CardIsDraft, NeedsApproval, NotFound
from bot.domain.notices import approvals, broadcasts
from bot.domain.notices import audience as audiences
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.domain.reminders import reminder_times, wordings
from bot.domain.reminders.schedule import Due, Times
from bot.domain.reminders.wordings import Wording
from bot.storage import actions, meetings, occurrences, offices, reminder_wishes, reminders
from bot.storage.approvals import Approval
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.occurrences import Occurrence
from bot.storage.reminders import Reminder

logger = logging.getLogger(__name__)

BATCH = 20
"""How many due reminders one transaction handles at most."""

PLANNED_AT_ONCE = 50
"""Meetings whose next times one transaction works out at most."""

LATE_AFTER = timedelta(minutes=2)
"""From when on an occurrence is called late; before, it was on time as people see it."""


CARD, APPROVAL = "card", "approval"
"""Why a due time is held: the card is not confirmed (any more) or out of force; a second organiser has not approved."""


class Texts(Protocol):
    """How reminders are put in words: given by who knows the messenger."""

    def reminder(self, reminder: Reminder, wording: Wording, meeting: Meeting) -> Content:
        """What the audience reads."""
        ...

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        """What organisers read of a reminder that could not go out in time."""
        ...

    def held(
        self, reminder: Reminder, meeting: Meeting, due_at: datetime, why: str, request: int | None
    ) -> Content:
        """What organisers read of one that waits for their word; ``request`` is the approval to give."""
        ...


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one due time."""

    reminder_id: int
    due_at: datetime
    state: str
    """``sent``, ``late``, ``missed`` or ``held`` (:mod:`bot.storage.occurrences`)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A reminder as an organiser sees it in the list."""

    reminder: Reminder
    next_at: datetime | None
    """None when it will not go out (again) as things are."""
    last: Occurrence | None


async def collect_due(tx: Transaction, now: datetime, texts: Texts) -> list[Collected]:
    """Deal with up to :data:`BATCH` due times; what this process dealt with, others left out.

    Call it again while it is not planned or something is due: see :mod:`bot.domain.reminders.reminder_times`.
    """
    await reminder_wishes.release_deferred(tx, now)
    await reminders.lock(tx)
    await reminders.turn_back(tx, now)
    if not await reminder_times.plan(tx, PLANNED_AT_ONCE):
        return []
    collected = []
    known: dict[int, tuple[Meeting, Times]] = {}
    for reminder in await reminders.due(tx, now, BATCH):
        if reminder.meeting_id not in known:
            meeting = await meetings.find(tx, reminder.meeting_id)
            assert meeting is not None  # a foreign key
            known[meeting.id] = meeting, await reminder_times.times_of(tx, meeting)
        meeting, times = known[reminder.meeting_id]
        due = await reminder_times.next_of(tx, reminder, times)
        # Another process may be here at the same moment: the unique occurrence decides whose it is.
        if due is not None and due.at <= now:
            state, why = await _fate(tx, reminder, meeting, due, now)
            if await occurrences.occur(tx, reminder.id, due.at, due.occasion, state):
                await _follow_through(tx, reminder, meeting, due.at, state, why, now, texts)
                collected.append(Collected(reminder.id, due.at, state))
            due = await reminder_times.next_of(tx, reminder, times)
        await reminders.set_next(tx, reminder.id, None if due is None else due.at)
    return collected


async def _fate(
    tx: Transaction, reminder: Reminder, meeting: Meeting, due: Due, now: datetime
) -> tuple[str, str]:
    """What becomes of a due time, and why it is held if it is."""
    state = _lateness(reminder, due.at, now)
    why = "" if state == occurrences.MISSED else await obstacle(tx, reminder, meeting)
    return (occurrences.HELD, why) if why else (state, "")


def _lateness(reminder: Reminder, due_at: datetime, now: datetime) -> str:
    late = now - due_at
    if late <= LATE_AFTER:
        return occurrences.SENT
    return occurrences.LATE if late <= timedelta(minutes=reminder.grace_minutes) else occurrences.MISSED


async def obstacle(tx: Transaction, reminder: Reminder, meeting: Meeting) -> str:
    """Why nothing may be sent of a reminder by itself: :data:`CARD`, :data:`APPROVAL`, or empty when it may."""
    if (await wordings.of(tx, reminder)).blocked:
        return CARD
    if reminder.approved_for == wordings.digest(reminder):
        return ""
    people = await reach(tx, reminder, meeting)
    return APPROVAL if await approvals.is_needed(tx, reminder.office_id, people) else ""


async def _follow_through(
    tx: Transaction,
    reminder: Reminder,
    meeting: Meeting,
    due_at: datetime,
    state: str,
    why: str,
    now: datetime,
    texts: Texts,
) -> None:
    if state == occurrences.HELD:
        request = None
        if why == APPROVAL:
            request = (await ask_approval(tx, [reminder], meeting, reminder.author_id, now)).id
        await _tell_organisers(tx, reminder, texts.held(reminder, meeting, due_at, why, request), now)
    elif state == occurrences.MISSED:
        await _tell_organisers(tx, reminder, texts.missed(reminder, meeting, due_at), now)
    else:
        await _broadcast(tx, reminder, meeting, due_at, None, now, texts)
    await record(tx, reminder, f"reminder.{state}", None, now, due_at=due_at.isoformat())


async def ask_approval(
    tx: Transaction, asked: Sequence[Reminder], meeting: Meeting, person_id: int | None, now: datetime
) -> Approval:
    """Ask a second organiser to approve reminders of a meeting; the request, which may stand already."""
    people = max([await reach(tx, reminder, meeting) for reminder in asked], default=0)
    request, _ = await approvals.ask(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=approvals.REMINDERS,
        subjects=[reminder.id for reminder in asked],
        people=people,
        asked_by=person_id,
        now=now,
    )
    return request


async def _tell_organisers(tx: Transaction, reminder: Reminder, content: Content, now: datetime) -> None:
    await broadcasts.create(
        tx,
        office_id=reminder.office_id,
        meeting_id=reminder.meeting_id,
        kind=broadcasts.NOTICE,
        content=content,
        audience=Audience(organisers=True),
        author_id=None,
        now=now,
    )


async def looked_at(tx: Transaction, request: Approval) -> str:
    """The fingerprint of what the reminders of a request say, and to whom."""
    found = [await reminders.find(tx, reminder_id) for reminder_id in request.subjects]
    return approvals.fingerprint([wordings.digest(one) for one in found if one is not None])


async def approved(
    tx: Transaction, reminder_ids: Sequence[int], now: datetime, texts: Texts
) -> list[Collected]:
    """Let reminders go that a second organiser approved, as they are now; what became of those that were held."""
    released = []
    for reminder_id in reminder_ids:
        reminder = await reminders.find(tx, reminder_id)
        if reminder is not None:
            await reminders.approve(tx, reminder.id, wordings.digest(reminder))
            released += await release(tx, reminder.id, now, texts)
    return released


async def card_confirmed(
    tx: Transaction, office_id: int, card_id: str, now: datetime, texts: Texts
) -> list[Collected]:
    """Let go what was held until an office confirmed a card; what became of it."""
    released = []
    for reminder_id in await occurrences.held_of_rule(tx, office_id, card_id):
        released += await release(tx, reminder_id, now, texts)
    return released


async def release(tx: Transaction, reminder_id: int, now: datetime, texts: Texts) -> list[Collected]:
    """Send what was held of a reminder, if nothing stands against it any more and it is not too late."""
    reminder = await reminders.find(tx, reminder_id)
    meeting = None if reminder is None else await meetings.find(tx, reminder.meeting_id)
    if reminder is None or meeting is None or await obstacle(tx, reminder, meeting):
        return []
    released = []
    for occurrence in await occurrences.held(tx, reminder.id):
        state = _lateness(reminder, occurrence.due_at, now)
        if await occurrences.let_go(tx, reminder.id, occurrence.due_at, state):
            await _follow_through(tx, reminder, meeting, occurrence.due_at, state, "", now, texts)
            released.append(Collected(reminder.id, occurrence.due_at, state))
    return released


async def _broadcast(
    tx: Transaction,
    reminder: Reminder,
    meeting: Meeting,
    due_at: datetime,
    author_id: int | None,
    now: datetime,
    texts: Texts,
) -> Broadcast:
    wording = await wordings.kept(tx, reminder.office_id, await wordings.of(tx, reminder), now)
    broadcast = await broadcasts.create(
        tx,
        office_id=reminder.office_id,
        meeting_id=reminder.meeting_id,
        kind=broadcasts.REMINDER,
        content=texts.reminder(reminder, wording, meeting),
        audience=audiences.parse(reminder.audience),
        author_id=author_id,
        now=now,
        topic=wording.topic,
    )
    await reminders.mark_broadcast(
        tx,
        broadcast.id,
        reminder.id,
        topic=wording.topic,
        rule_id=None if wording.card is None else wording.card.id,
        version=None if wording.card is None else wording.card.digest,
    )
    await occurrences.tie(tx, reminder.id, due_at, broadcast.id)
    if not wording.is_service:
        await _wait_for_hours(tx, broadcast.id, reminder.office_id, now)
    return broadcast


async def _wait_for_hours(tx: Transaction, broadcast_id: int, office_id: int, now: datetime) -> None:
    """Hold what goes to people who chose a later hour of this day."""
    office = await offices.find(tx, office_id)
    zone = ZoneInfo("UTC" if office is None else office.timezone)
    local = now.astimezone(zone)
    for hour in await reminder_wishes.hours(tx, office_id, local.hour):
        due_at = datetime.combine(local.date(), time(hour), zone)
        await reminder_wishes.defer(tx, broadcast_id, office_id, hour, due_at)


async def listed(tx: Transaction, meeting: Meeting) -> list[Entry]:
    """The reminders of a meeting with their next and last times, the next due first."""
    times = await reminder_times.times_of(tx, meeting)
    entries = [await _entry(tx, reminder, times) for reminder in await reminders.of_meeting(tx, meeting.id)]
    return sorted(entries, key=_by_next)


async def entry(tx: Transaction, reminder: Reminder, meeting: Meeting) -> Entry:
    """A reminder with its next and last times."""
    return await _entry(tx, reminder, await reminder_times.times_of(tx, meeting))


async def _entry(tx: Transaction, reminder: Reminder, times: Times) -> Entry:
    due = await reminder_times.next_of(tx, reminder, times) if reminder.state == reminders.ACTIVE else None
    return Entry(reminder, None if due is None else due.at, await occurrences.latest(tx, reminder.id))


def _by_next(item: Entry) -> tuple[bool, float, str]:
    when = item.next_at
    return when is None, when.timestamp() if when is not None else 0.0, item.reminder.slug


def concerns(reminder: Reminder, sector: str, institution: str = "") -> bool:
    """Whether the reminder reaches participants of a sector and institution."""
    return audiences.parse(reminder.audience).concerns(sector, institution)


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


def audience_of(reminder: Reminder) -> Audience:
    """Whom a reminder goes to; of a draft maybe nobody yet."""
    return audiences.read_unfinished(reminder.audience)


async def reach(tx: Transaction, reminder: Reminder, meeting: Meeting) -> int:
    """How many chats the reminder would go to now."""
    topic = (await wordings.of(tx, reminder)).topic
    found = await broadcasts.recipients(tx, meeting, audience_of(reminder), broadcasts.REMINDER, topic)
    return len(found)


async def send_now(
    tx: Transaction, reminder_id: int, person_id: int, asked_at: datetime, now: datetime, texts: Texts
) -> Broadcast:
    """Send a reminder by hand; its schedule stays as it is.

    ``asked_at`` names the request: the moment when its button was shown. A second tap on it sends nothing.

    Raises:
        AlreadyDecided: it was sent for this request.
        CardIsDraft: it sends a card that is not confirmed or not in force.
        NeedsApproval: a second organiser has to approve it first.
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    why = await obstacle(tx, reminder, meeting)
    if why:
        raise CardIsDraft if why == CARD else NeedsApproval
    if not await occurrences.occur(tx, reminder.id, asked_at, "", occurrences.BY_HAND):
        raise AlreadyDecided
    broadcast = await _broadcast(tx, reminder, meeting, asked_at, person_id, now, texts)
    await record(tx, reminder, "reminder.by_hand", person_id, now)
    return broadcast


async def record(
    tx: Transaction, reminder: Reminder, action: str, person_id: int | None, now: datetime, **detail: Any
) -> None:
    """Add a line about a reminder to its office's log."""
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
