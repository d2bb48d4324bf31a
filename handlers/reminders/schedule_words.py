"""Schedules of reminders in words, and their due times as lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip
from bot.domain.reminders import holidays
from bot.domain.reminders.schedule import (
    BadSchedule,
    DayOffset,
    Due,
    FixedTime,
    FixedTimes,
    MinuteOffset,
    Schedule,
    Weekly,
    parse,
)
from bot.domain.rules.stages import Calendar
from bot.i18n import N_, Translator
from handlers.rules.rule_views import short_day

STAGE_ROOM = 160
"""UTF-16 units of a stage's name in a sentence."""

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)

_HOLIDAYS = {
    "before": N_("on weekends and holidays the working day before"),
    "after": N_("on weekends and holidays the working day after"),
    "skip": N_("not on weekends and holidays"),
}


def rule(t: Translator, data: Mapping[str, object], calendar: Calendar, zone: str) -> str:
    """A schedule in words; HTML."""
    try:
        schedule = parse(data)
    except BadSchedule:
        return t.gettext("The schedule cannot be read. Please set a time.")
    return in_words(t, schedule, calendar, zone)


def in_words(t: Translator, schedule: Schedule, calendar: Calendar, zone: str) -> str:
    if isinstance(schedule, FixedTime):
        moment = schedule.local.replace(tzinfo=ZoneInfo(schedule.zone or zone))
        return t.gettext("On {moment}").format(moment=t.moment(moment, zone))
    if isinstance(schedule, FixedTimes):
        first = min(schedule.locals).replace(tzinfo=ZoneInfo(schedule.zone or zone))
        return t.ngettext(
            "At {count} chosen time, the first on {moment}",
            "At {count} chosen times, the first on {moment}",
            len(schedule.locals),
        ).format(count=len(schedule.locals), moment=t.moment(first, zone))
    if isinstance(schedule, MinuteOffset):
        return _minutes(t, schedule)
    words = _weekly(t, schedule, calendar) if isinstance(schedule, Weekly) else _days(t, schedule, calendar)
    if schedule.holidays != "send":
        words += f" ({t.gettext(_HOLIDAYS[schedule.holidays])})"
    return words


def _minutes(t: Translator, schedule: MinuteOffset) -> str:
    count = abs(schedule.minutes)
    if not count:
        return (
            t.gettext("When the meeting begins")
            if schedule.anchor == "meeting_start"
            else t.gettext("When the meeting ends")
        )
    before = schedule.minutes < 0
    if schedule.anchor == "meeting_start":
        sentence = (
            t.ngettext(
                "{count} minute before the meeting begins", "{count} minutes before the meeting begins", count
            )
            if before
            else t.ngettext(
                "{count} minute after the meeting begins", "{count} minutes after the meeting begins", count
            )
        )
    else:
        sentence = (
            t.ngettext(
                "{count} minute before the meeting ends", "{count} minutes before the meeting ends", count
            )
            if before
            else t.ngettext(
                "{count} minute after the meeting ends", "{count} minutes after the meeting ends", count
            )
        )
    return sentence.format(count=count)


def _days(t: Translator, schedule: DayOffset, calendar: Calendar) -> str:
    hour = clock(t, schedule.time)
    if schedule.stage is not None:
        stage = calendar.stage(schedule.stage)
        name = schedule.stage if stage is None else t.pick(stage.name)
        sentence = (
            t.gettext("{days} at {time}, counted from the first day of: {stage}")
            if schedule.anchor == "stage_start"
            else t.gettext("{days} at {time}, counted from the last day of: {stage}")
        )
        return sentence.format(
            days=offsets(schedule.days), time=hour, stage=escape(clip(name, STAGE_ROOM), quote=False)
        )
    if len(schedule.days) > 1:
        return t.gettext("{days} at {time}, counted from the day of the meeting").format(
            days=offsets(schedule.days), time=hour
        )
    count = abs(schedule.days[0])
    if not count:
        sentence = t.gettext("On the day of the meeting at {time}")
    elif schedule.days[0] < 0:
        sentence = t.ngettext(
            "{count} day before the meeting at {time}", "{count} days before the meeting at {time}", count
        )
    else:
        sentence = t.ngettext(
            "{count} day after the meeting at {time}", "{count} days after the meeting at {time}", count
        )
    return sentence.format(count=count, time=hour)


def offsets(days: Sequence[int]) -> str:
    """``H-7, H-1, H``: as Indonesian offices count, the soonest first."""
    return ", ".join("H" if not day else f"H{day:+d}" for day in sorted(days))


def _weekly(t: Translator, schedule: Weekly, calendar: Calendar) -> str:
    if schedule.days == (0, 1, 2, 3, 4):
        days = t.gettext("From Monday to Friday")
    elif len(schedule.days) == len(WEEKDAYS):
        days = t.gettext("Every day")
    else:
        names = ", ".join(t.gettext(WEEKDAYS[day]) for day in schedule.days)
        days = t.gettext("Every week on {days}").format(days=names)
    hour = clock(t, schedule.time)
    if schedule.until is None:
        return t.gettext("{days} at {time}, until you stop it").format(days=days, time=hour)
    if isinstance(schedule.until, date):
        last = short_day(t, schedule.until)
        return t.gettext("{days} at {time}, until {day}").format(days=days, time=hour, day=last)
    return t.gettext("{days} at {time}, until voting day ({day})").format(
        days=days, time=hour, day=short_day(t, calendar.voting_day)
    )


def clock(t: Translator, hour: time) -> str:
    return hour.strftime("%H.%M" if t.locale == "id" else "%H:%M")


def due_times(t: Translator, dues: Sequence[Due], zone: str) -> str:
    """A line for each due time, with the holiday that it falls on; then what is not known about holidays."""
    lines = [f"• {_line(t, due.at, zone)}" for due in dues]
    years = {due.at.astimezone(ZoneInfo(zone)).year for due in dues}
    unknown = sorted(year for year in years if not holidays.is_known(year))
    if unknown:
        lines.append(
            t.gettext("Public holidays are not known for {years}; only weekends are.").format(
                years=", ".join(map(str, unknown))
            )
        )
    return "\n".join(lines)


def _line(t: Translator, at: datetime, zone: str) -> str:
    line = t.moment(at, zone)
    holiday = holidays.days().get(at.astimezone(ZoneInfo(zone)).date())
    if holiday is None:
        return line
    return t.gettext("{moment} (holiday: {holiday})").format(
        moment=line, holiday=escape(t.pick(holiday.name), quote=False)
    )
