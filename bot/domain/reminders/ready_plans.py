"""The ready plan: all reminders of one group of participants for the election, on the days that its cards name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from typing import Any

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.notices.audience import Audience
from bot.domain.reminders import reminder_times, reminders, schedule
from bot.domain.reminders.reminder_editing import GRACE_MINUTES
from bot.domain.reminders.schedule import DayOffset, Dealt, Due
from bot.domain.rules import office_rules
from bot.domain.rules.rules import Card, Offset
from bot.storage import offices
from bot.storage import reminders as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder

HOUR = time(8)
"""When the reminders of a plan go out: 08.00 on the office's clocks."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder of a plan."""

    slug: str
    """The same for the same card and group, so that nothing is added twice."""
    card: Card
    schedule: DayOffset
    dues: Sequence[Due]
    """Its times that are still to come."""
    is_draft: bool
    """Whether the card waits for the office's approval, without which nothing goes out."""
    is_there: bool
    """Whether the meeting has it already."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All reminders of a group that are still to come, the soonest first."""

    sector: str
    items: Sequence[Planned]

    @property
    def new(self) -> list[Planned]:
        return [item for item in self.items if not item.is_there]


async def of_sector(tx: Transaction, meeting: Meeting, sector: str, now: datetime) -> Plan:
    """What a plan for a sector of the office would add.

    Raises:
        NotFound: the office has no such sector.
    """
    if sector not in {known.code for known in await offices.sectors(tx, meeting.office_id)}:
        raise NotFound
    rules = await office_rules.of_office(tx, meeting.office_id)
    times = await reminder_times.times_of(tx, meeting)
    there = {reminder.slug for reminder in await stored.of_meeting(tx, meeting.id)}
    items = [
        Planned(slug, card, when, dues, rules.is_draft(card), slug in there)
        for card in rules.book.of_sector(sector)
        if card.validity != "revoked"
        for slug, when in _schedules(card, sector)
        if (dues := list(schedule.pending(when, times, since=now, dealt=Dealt())))
    ]
    return Plan(sector, sorted(items, key=lambda item: (item.dues[0].at, item.slug)))


def _schedules(card: Card, sector: str) -> list[tuple[str, DayOffset]]:
    """The days of a card as schedules: one for those counted from the first day of its stage, one for the last."""
    found = []
    offsets = sorted(card.offsets, key=lambda offset: offset.anchor)
    for anchor, group in groupby(offsets, key=lambda offset: offset.anchor):
        found.append((f"plan-{sector}-{card.id}-{anchor}", _schedule(card, anchor, list(group))))
    return found


def _schedule(card: Card, anchor: str, offsets: Sequence[Offset]) -> DayOffset:
    days = tuple(sorted({offset.days for offset in offsets}))
    return DayOffset("stage_start" if anchor == "start" else "stage_end", days, HOUR, card.stage)


async def add(
    tx: Transaction, meeting: Meeting, sector: str, person_id: int, now: datetime
) -> list[Reminder]:
    """Add what a plan has and the meeting lacks; the new reminders.

    Raises:
        NotAllowed: the person is no organiser of the office.
        NotFound: as :func:`of_sector`.
    """
    await roles.require(tx, meeting.office_id, person_id, roles.ORGANISER)
    await stored.lock(tx)
    plan = await of_sector(tx, meeting, sector, now)
    audience: Mapping[str, Any] = Audience(sectors=(sector,)).as_data()
    added = [
        await stored.save(
            tx,
            office_id=meeting.office_id,
            meeting_id=meeting.id,
            slug=item.slug,
            title=item.card.title,
            text={},
            legal_basis=(),
            checked_on=None,
            audience=audience,
            schedule=item.schedule.as_data(),
            grace_minutes=GRACE_MINUTES,
            now=now,
            rule_id=item.card.id,
            topic=item.card.topics[0],
            origin=stored.PLAN,
            author_id=person_id,
        )
        for item in plan.new
    ]
    await reminder_times.plan_meeting(tx, meeting.id)
    for reminder in added:
        await reminders.record(tx, reminder, "reminder.planned", person_id, now)
    return added


def span(items: Sequence[Planned]) -> tuple[datetime, datetime] | None:
    """The first and the last due time of a plan; None when it has none."""
    moments = [due.at for item in items for due in item.dues]
    return (min(moments), max(moments)) if moments else None


def count(items: Sequence[Planned]) -> int:
    """How many messages each participant gets by it."""
    return sum(len(item.dues) for item in items)
