"""Which reminders another stage calendar would move, from when to when; and keeping them where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.reminders import reminder_times, reminders
from bot.domain.reminders.schedule import MOST_OFFSETS, Due, FixedTimes, Times
from bot.domain.rules import calendars
from bot.domain.rules.stages import Calendar
from bot.storage import meetings
from bot.storage import reminders as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder

SEEN = MOST_OFFSETS
"""Due times of a reminder that are compared."""


@dataclass(frozen=True, slots=True)
class Move:
    """A reminder whose times another calendar changes; those that are past are left out."""

    reminder: Reminder
    meeting: Meeting
    before: Sequence[Due]
    after: Sequence[Due]


async def moves(tx: Transaction, office_id: int, after: Calendar, now: datetime) -> list[Move]:
    """What would move in an office, the soonest first."""
    found = []
    for meeting in await meetings.of_office(tx, office_id):
        times = await reminder_times.times_of(tx, meeting)
        changed = with_calendar(times, after)
        for reminder in await stored.of_meeting(tx, meeting.id):
            old = _coming(await reminder_times.upcoming(tx, reminder, times, SEEN), now)
            new = _coming(await reminder_times.upcoming(tx, reminder, changed, SEEN), now)
            if [due.at for due in old] != [due.at for due in new]:
                found.append(Move(reminder, meeting, old, new))
    return sorted(found, key=lambda move: min(due.at for due in (*move.before, *move.after)))


def _coming(dues: Sequence[Due], now: datetime) -> list[Due]:
    return [due for due in dues if due.at >= now]


def with_calendar(times: Times, calendar: Calendar) -> Times:
    """The times with the stages of another calendar."""
    return replace(
        times,
        stages={stage.id: (stage.start, stage.end) for stage in calendar.stages},
        voting_day=calendar.voting_day,
    )


async def accept(
    tx: Transaction, calendar_id: int, person_id: int | None, now: datetime, *, moving: bool
) -> tuple[Calendar, int]:
    """Make a calendar hold; and, unless reminders are to move with it, keep them at their days. How many it concerned.

    Raises:
        NotFound, AlreadyDecided, NotAllowed: as :func:`bot.domain.rules.calendars.accept`.
    """
    office_id, calendar = await calendars.waiting(tx, calendar_id)
    concerned = await moves(tx, office_id, calendar, now)
    accepted = await calendars.accept(tx, calendar_id, person_id, now)
    if not moving:
        for move in concerned:
            await _keep_days(tx, move, person_id, now)
    return accepted, len(concerned)


async def _keep_days(tx: Transaction, move: Move, person_id: int | None, now: datetime) -> None:
    if not move.before:
        return  # it had no day to keep: with the new calendar it has one
    zone = ZoneInfo(move.meeting.timezone)
    days = tuple(due.at.astimezone(zone).replace(tzinfo=None) for due in move.before)
    kept = FixedTimes(days, move.meeting.timezone)
    await stored.rearm(tx, move.reminder.id, state=move.reminder.state, schedule=kept.as_data(), now=now)
    await reminders.record(tx, move.reminder, "reminder.kept", person_id, now)
