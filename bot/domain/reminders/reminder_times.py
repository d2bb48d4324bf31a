"""When reminders are due next: kept with each, and worked out anew whenever something changed that it hangs on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bot.domain import office_settings
from bot.domain.notices.broadcasts import SERVICE
from bot.domain.reminders import holidays, schedule
from bot.domain.reminders.schedule import BadSchedule, Dealt, Due, Times
from bot.domain.rules import calendars
from bot.storage import meetings, occurrences, offices, reminders
from bot.storage import office_settings as stored_settings
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.occurrences import Occurrence
from bot.storage.reminders import Reminder

logger = logging.getLogger(__name__)


async def times_of(tx: Transaction, meeting: Meeting) -> Times:
    """What schedules of a meeting count from: its times, the office's calendar, zone and quiet hours, the holidays."""
    calendar = await calendars.of_office(tx, meeting.office_id)
    office = await offices.find(tx, meeting.office_id)
    return Times(
        meeting.starts_at,
        meeting.ends_at,
        meeting.timezone,
        stages={stage.id: (stage.start, stage.end) for stage in calendar.stages},
        voting_day=calendar.voting_day,
        office_zone=meeting.timezone if office is None else office.timezone,
        quiet=office_settings.quiet_hours(await stored_settings.find(tx, meeting.office_id)),
        holidays=holidays.days().keys(),
    )


async def plan(tx: Transaction, limit: int | None = None) -> bool:
    """Work out the next times of reminders of meetings that moved or whose reminders changed; whether that is all.

    With ``limit``, of so many meetings at most: another calendar concerns all of an office.
    """
    await reminders.lock(tx)
    unplanned = await reminders.unplanned(tx)
    for meeting_id in unplanned[:limit]:
        await plan_meeting(tx, meeting_id)
    return limit is None or len(unplanned) <= limit


async def plan_meeting(tx: Transaction, meeting_id: int) -> None:
    """Work out the next times of a meeting's reminders; the caller holds :func:`bot.storage.reminders.lock`."""
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        return
    times = await times_of(tx, meeting)
    for reminder in await reminders.of_meeting(tx, meeting_id):
        due = await next_of(tx, reminder, times)
        next_at = None if due is None else due.at
        if next_at != reminder.next_at:
            await reminders.set_next(tx, reminder.id, next_at)
    await reminders.keep_plan(tx, meeting_id)


async def next_of(tx: Transaction, reminder: Reminder, times: Times) -> Due | None:
    """The next due time of a reminder, maybe past already; None when there is none."""
    return next(iter(await upcoming(tx, reminder, times, 1)), None)


async def upcoming(tx: Transaction, reminder: Reminder, times: Times, limit: int) -> list[Due]:
    """Up to ``limit`` due times that are still to be dealt with, the soonest first."""
    try:
        planned = schedule.parse(reminder.schedule)
    except BadSchedule as error:  # one broken row must not hold up everybody's reminders
        logger.error("reminder %s: %s", reminder.id, error, extra={"action": "reminder.unreadable"})
        return []
    if reminder.topic == SERVICE:
        times = replace(times, quiet=None)
    past = await occurrences.dealt_with(tx, reminder.id, min(reminder.armed_at, reminder.watched_from))
    moments = {occurrence.due_at for occurrence in past}
    dealt = Dealt(_latest([one for one in past if one.due_at >= reminder.armed_at]), moments)
    return list(islice(schedule.pending(planned, times, since=reminder.watched_from, dealt=dealt), limit))


def _latest(past: Sequence[Occurrence]) -> dict[str, datetime]:
    """The latest due time by occasion; what was sent by hand is none of the schedule's."""
    latest: dict[str, datetime] = {}
    for occurrence in past:
        if occurrence.state != occurrences.BY_HAND:
            known = latest.get(occurrence.occasion, occurrence.due_at)
            latest[occurrence.occasion] = max(known, occurrence.due_at)
    return latest


async def glance(tx: Transaction, now: datetime) -> tuple[bool, datetime | None]:
    """Whether all is planned, and when something is due next, maybe past already (None: nothing is).

    When it is not planned, because something changed since :func:`plan` or the clock was set back, the moment is not to
    be relied on. It counts reminders, and the hours that people chose for theirs.
    """
    return await reminders.glance(tx, now)
