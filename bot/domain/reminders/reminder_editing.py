"""What organisers do with a reminder: make it step by step, change, pause, skip one time, copy and delete it.

One that is being made is a draft: it has no time and goes nowhere until :func:`finish`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound, PastTime
from bot.domain.notices import audience as audiences
from bot.domain.notices.audience import Audience
from bot.domain.reminders import reminder_times, reminders
from bot.domain.reminders.reminders import for_organiser, record
from bot.domain.reminders.schedule import Schedule
from bot.domain.rules import office_rules
from bot.domain.rules.rules import EVERYBODY, Card
from bot.storage import meetings, occurrences, offices
from bot.storage import reminders as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder
from bot.storage.values import base36, new_id

GRACE_MINUTES = 12 * 60
"""How late a reminder that was made in a chat may still go out: on the same day, as people see it."""

DRAFT_KEPT = timedelta(days=7)
"""How long a draft stays that nobody finishes."""

NO_TIME: Mapping[str, Any] = {"weekly": {"days": ["mon"], "time": "08:00", "until": "2000-01-01"}}
"""The schedule of a draft whose time was not chosen yet: it never falls."""


async def begin(
    tx: Transaction,
    meeting: Meeting,
    person_id: int,
    now: datetime,
    *,
    title: Mapping[str, str],
    text: Mapping[str, str],
    topic: str,
    attachment: Mapping[str, Any] | None = None,
) -> Reminder:
    """A draft with a text of its own.

    Raises:
        NotAllowed: the person is no organiser of the meeting's office.
    """
    return await _draft(
        tx, meeting, person_id, now, title=title, text=text, topic=topic, attachment=attachment
    )


async def begin_with_card(
    tx: Transaction, meeting: Meeting, person_id: int, card_id: str, now: datetime
) -> Reminder:
    """A draft that sends a card, for those of the meeting whom it concerns.

    Raises:
        NotFound: there is no such card.
        NotAllowed: the person is no organiser of the meeting's office.
    """
    rules = await office_rules.of_office(tx, meeting.office_id)
    card = rules.book.card(card_id)
    if card is None:
        raise NotFound
    return await _draft(
        tx,
        meeting,
        person_id,
        now,
        title=card.title,
        text={},
        topic=card.topics[0],
        rule_id=card.id,
        audience=await audience_of(tx, meeting, card),
    )


async def audience_of(tx: Transaction, meeting: Meeting, card: Card) -> Audience:
    """The participants whom a card concerns, by the sectors that the office has."""
    book = (await office_rules.of_office(tx, meeting.office_id)).book
    if EVERYBODY in card.sectors:
        return audiences.EVERYONE
    concerned = [
        sector.code
        for sector in await offices.sectors(tx, meeting.office_id)
        if card in book.of_sector(sector.code)
    ]
    return Audience(sectors=tuple(concerned)) if concerned else audiences.EVERYONE


async def _draft(
    tx: Transaction,
    meeting: Meeting,
    person_id: int,
    now: datetime,
    *,
    title: Mapping[str, str],
    text: Mapping[str, str],
    topic: str,
    attachment: Mapping[str, Any] | None = None,
    rule_id: str | None = None,
    audience: Audience = audiences.EVERYONE,
    like: Reminder | None = None,
) -> Reminder:
    await roles.require(tx, meeting.office_id, person_id, roles.ORGANISER)
    await stored.sweep_drafts(tx, now - DRAFT_KEPT)
    return await stored.save(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        slug=f"chat-{base36(new_id())}",
        title=title,
        text=text,
        legal_basis=like.legal_basis if like else (),
        sources=like.sources if like else (),
        checked_on=like.checked_on if like else None,
        audience=like.audience if like else audience.as_data(),
        schedule=like.schedule if like else NO_TIME,
        grace_minutes=like.grace_minutes if like else GRACE_MINUTES,
        now=now,
        rule_id=rule_id,
        topic=topic,
        origin=stored.CHAT,
        state=stored.DRAFT,
        attachment=attachment,
        quiz=like.quiz if like else None,
        author_id=person_id,
    )


async def copy(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> Reminder:
    """A draft that says the same to the same people at the same times.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    return await _draft(
        tx,
        meeting,
        person_id,
        now,
        title=reminder.title,
        text=reminder.text,
        topic=reminder.topic,
        attachment=reminder.attachment,
        rule_id=reminder.rule_id,
        like=reminder,
    )


def has_time(reminder: Reminder) -> bool:
    """Whether a time was chosen for it."""
    return dict(reminder.schedule) != dict(NO_TIME)


async def set_text(
    tx: Transaction,
    reminder_id: int,
    person_id: int,
    now: datetime,
    *,
    title: Mapping[str, str],
    text: Mapping[str, str],
    topic: str,
    attachment: Mapping[str, Any] | None,
) -> Reminder:
    """Change what a reminder with its own text says.

    Raises:
        NotFound: there is no such reminder, or it sends a card.
        NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    if reminder.rule_id is not None:
        raise NotFound
    changed = replace(reminder, title=title, text=text, topic=topic, attachment=attachment)
    return await keep(tx, changed, person_id, now)


async def set_audience(
    tx: Transaction, reminder_id: int, person_id: int, audience: Audience, now: datetime
) -> Reminder:
    """Change whom a reminder goes to.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    return await keep(tx, replace(reminder, audience=audience.as_data()), person_id, now)


async def keep(tx: Transaction, reminder: Reminder, person_id: int, now: datetime) -> Reminder:
    """Keep what ``reminder`` says and to whom, as changed by this person (:func:`for_organiser` let them)."""
    await stored.change(tx, reminder, person_id)
    if reminder.state != stored.DRAFT:
        await record(tx, reminder, "reminder.changed", person_id, now)
    return replace(reminder, author_id=person_id)


async def set_schedule(
    tx: Transaction, reminder_id: int, person_id: int, when: Schedule, now: datetime
) -> datetime | None:
    """Send a reminder at these times instead; the first of them, or None when none is to come.

    It goes out then even when it went out before, and a paused one is no longer paused; a draft stays one.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    state = stored.DRAFT if reminder.state == stored.DRAFT else stored.ACTIVE
    await _rearm(tx, reminder, state, when.as_data(), now)
    changed = await stored.find(tx, reminder.id)
    assert changed is not None
    due = await reminder_times.next_of(tx, changed, await reminder_times.times_of(tx, meeting))
    if state != stored.DRAFT:
        at = None if due is None else due.at.isoformat()
        await record(tx, reminder, "reminder.rescheduled", person_id, now, due_at=at)
    return None if due is None else due.at


async def finish(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> Reminder:
    """Let a draft go out at its times from now on.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it is no draft (any more).
        PastTime: none of its times is to come.
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    if reminder.state != stored.DRAFT:
        raise AlreadyDecided
    await _rearm(tx, reminder, stored.ACTIVE, reminder.schedule, now)
    active = await stored.find(tx, reminder.id)
    assert active is not None
    if await reminder_times.next_of(tx, active, await reminder_times.times_of(tx, meeting)) is None:
        raise PastTime
    await record(tx, reminder, "reminder.made", person_id, now)
    return active


async def pause(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> None:
    """Let a reminder rest: times that come meanwhile are not made up for.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    if reminder.state == stored.DRAFT:
        raise NotFound
    await _rearm(tx, reminder, stored.PAUSED, reminder.schedule, now)
    await record(tx, reminder, "reminder.paused", person_id, now)


async def resume(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> None:
    """Let a reminder go out again, from its next time after ``now`` on.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    if reminder.state == stored.PAUSED:
        await _rearm(tx, reminder, stored.ACTIVE, reminder.schedule, now)
        await record(tx, reminder, "reminder.resumed", person_id, now)


async def skip(
    tx: Transaction, reminder_id: int, person_id: int, due_at: datetime, now: datetime
) -> datetime | None:
    """Leave the next due time out, which the person saw as ``due_at``; the one after it, None when there is none.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: that time is not the next one (any more).
    """
    reminder, meeting = await for_organiser(tx, reminder_id, person_id)
    await stored.lock(tx)
    times = await reminder_times.times_of(tx, meeting)
    due = await reminder_times.next_of(tx, reminder, times)
    if due is None or due.at != due_at:
        raise AlreadyDecided
    await occurrences.occur(tx, reminder.id, due.at, due.occasion, occurrences.SKIPPED)
    await record(tx, reminder, "reminder.skipped", person_id, now, due_at=due.at.isoformat())
    after = await reminder_times.next_of(tx, reminder, times)
    await stored.set_next(tx, reminder.id, None if after is None else after.at)
    return None if after is None else after.at


async def delete(tx: Transaction, reminder_id: int, person_id: int, now: datetime) -> Reminder:
    """Take a reminder away; what was sent of it stays.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    reminder, _ = await for_organiser(tx, reminder_id, person_id)
    await stored.remove(tx, reminder.id)
    if reminder.state != stored.DRAFT:
        await record(tx, reminder, "reminder.deleted", person_id, now)
    return reminder


async def _rearm(
    tx: Transaction, reminder: Reminder, state: str, new_schedule: Mapping[str, Any], now: datetime
) -> None:
    await stored.lock(tx)
    await stored.rearm(tx, reminder.id, state=state, schedule=new_schedule, now=now)
    await reminder_times.plan_meeting(tx, reminder.meeting_id)


async def wants_approval(tx: Transaction, reminder: Reminder, meeting: Meeting) -> bool:
    """Whether a second organiser has to approve it before it can go out."""
    return (
        reminder.state != stored.DRAFT
        and await reminders.obstacle(tx, reminder, meeting) == reminders.APPROVAL
    )


async def meeting_of(tx: Transaction, reminder: Reminder) -> Meeting:
    meeting = await meetings.find(tx, reminder.meeting_id)
    assert meeting is not None  # a foreign key
    return meeting
