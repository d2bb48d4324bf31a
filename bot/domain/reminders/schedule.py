"""When a reminder is due: pure functions of its schedule and the times that it counts from.

A schedule is one of these JSON objects; ``zone`` is an IANA name and, left out, the zone of the meeting::

    {"at": "2024-11-20T08:00", "zone": "Asia/Jakarta"}
    {"at": ["2024-11-13T08:00", "2024-11-20T08:00"]}
    {"offset": {"anchor": "meeting_start", "days": [-7, -1, 0], "time": "08:00"}}
    {"offset": {"anchor": "meeting_end", "minutes": 30}}
    {"offset": {"anchor": "stage_start", "stage": "masa-tenang", "days": -7, "time": "08:00", "holidays": "before"}}
    {"weekly": {"days": ["mon", "thu"], "time": "08:00", "start": "2024-09-30", "until": "voting_day"}}

An offset in days counts calendar days and goes out at the hour of the place's clocks; an offset in minutes counts from
the anchor itself. An hour that the clocks skip is taken as if they had not been put forward, one that comes twice is
taken at its first time. ``holidays`` says what becomes of a day that is a weekend or a public holiday: nothing else
(``send``, and what is meant when it is left out), the working day ``before`` or ``after``, or ``skip``.

Every due time belongs to an *occasion*, the day that the schedule means: ``-7`` of an offset, ``2024-11-04`` of a
weekly one. An occasion that was dealt with stays so when holidays, quiet hours or the meeting move its moment a little.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.office_settings import QuietHours

Anchor = Literal["meeting_start", "meeting_end", "stage_start", "stage_end"]
ANCHORS: tuple[Anchor, ...] = ("meeting_start", "meeting_end", "stage_start", "stage_end")

Holidays = Literal["send", "before", "after", "skip"]
HOLIDAYS: tuple[Holidays, ...] = ("send", "before", "after", "skip")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VOTING_DAY = "voting_day"

FARTHEST_DAYS = 3660
"""How far from its anchor a reminder may lie: ten years, beyond which somebody mistyped."""
MOST_OFFSETS = 12
"""Times that one reminder may name."""
LAST_YEAR = 2200

SAME_OCCASION = timedelta(hours=12)
"""A due time of an occasion this close after one that was dealt with is the same one, moved a little."""
SHIFT_DAYS = 31
"""How far holidays may move a day, at most."""


class BadSchedule(ValueError):
    """A schedule that cannot be read; the text says what is wrong with it, in English, for the author of a file."""


@dataclass(frozen=True, slots=True)
class Times:
    """What schedules of a meeting count from; moments are aware."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    """Of the meeting."""
    stages: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    """First and last day of the stages of the office's calendar, as far as they are known."""
    voting_day: date | None = None
    office_zone: str = ""
    """What stages, recurring reminders and quiet hours are reckoned in; that of the meeting when empty."""
    quiet: QuietHours | None = None
    holidays: Collection[date] = frozenset()
    """Public holidays as far as they are known; weekends come on top."""

    @property
    def local_zone(self) -> str:
        return self.office_zone or self.zone

    def day_of(self, anchor: Anchor, stage: str | None) -> date | None:
        """The day of an anchor where it is; None where the calendar does not have it."""
        if anchor == "meeting_start":
            return self.starts_at.astimezone(ZoneInfo(self.zone)).date()
        if anchor == "meeting_end":
            return self.ends_at.astimezone(ZoneInfo(self.zone)).date()
        start, end = self.stages.get(stage or "", (None, None))
        return start if anchor == "stage_start" else end

    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def moved(self, day: date, holidays: Holidays) -> date | None:
        """The day on which it goes out instead of a free one; None to leave it out."""
        if holidays == "send" or self.is_workday(day):
            return day
        if holidays == "skip":
            return None
        step = timedelta(days=-1 if holidays == "before" else 1)
        near = (day + step * number for number in range(1, SHIFT_DAYS))
        return next((other for other in near if self.is_workday(other)), day)

    def allowed(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not in the quiet hours."""
        return moment if self.quiet is None else self.quiet.after(moment, self.local_zone)


@dataclass(frozen=True, slots=True)
class Due:
    """A due time, in UTC, and the occasion that it belongs to."""

    at: datetime
    occasion: str


@dataclass(frozen=True, slots=True)
class FixedTime:
    """A day and hour on the clocks of ``zone`` (None: of the meeting)."""

    local: datetime
    zone: str | None = None

    def dues(self, times: Times, since: datetime) -> Iterator[Due]:
        yield Due(times.allowed(_on_clocks(self.local, self.zone or times.zone)), "at")

    def as_data(self) -> dict[str, Any]:
        data = {"at": self.local.isoformat(timespec="auto")}
        return data if self.zone is None else {**data, "zone": self.zone}


@dataclass(frozen=True, slots=True)
class FixedTimes:
    """Several days and hours on the clocks of ``zone`` (None: of the meeting)."""

    locals: tuple[datetime, ...]
    zone: str | None = None

    def dues(self, times: Times, since: datetime) -> Iterator[Due]:
        for local in sorted(self.locals):
            at = times.allowed(_on_clocks(local, self.zone or times.zone))
            yield Due(at, local.isoformat(timespec="minutes"))

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"at": [local.isoformat(timespec="auto") for local in self.locals]}
        return data if self.zone is None else {**data, "zone": self.zone}


@dataclass(frozen=True, slots=True)
class DayOffset:
    """So many days before (negative) or after the day of the anchor, at an hour; several make several due times."""

    anchor: Anchor
    days: tuple[int, ...]
    time: time
    stage: str | None = None
    holidays: Holidays = "send"

    def dues(self, times: Times, since: datetime) -> Iterator[Due]:
        anchor = times.day_of(self.anchor, self.stage)
        if anchor is None:
            return
        zone = times.zone if self.stage is None else times.local_zone
        for days in sorted(self.days):
            day = times.moved(anchor + timedelta(days=days), self.holidays)
            if day is not None:
                yield Due(times.allowed(_on_clocks(datetime.combine(day, self.time), zone)), str(days))

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"anchor": self.anchor}
        if self.stage is not None:
            data["stage"] = self.stage
        data["days"] = self.days[0] if len(self.days) == 1 else list(self.days)
        data["time"] = self.time.isoformat(timespec="auto")
        if self.holidays != "send":
            data["holidays"] = self.holidays
        return {"offset": data}


@dataclass(frozen=True, slots=True)
class MinuteOffset:
    """So many minutes before (negative) or after the anchor, whatever the hour: it is about the meeting itself."""

    anchor: Anchor
    minutes: int

    def dues(self, times: Times, since: datetime) -> Iterator[Due]:
        anchor = times.starts_at if self.anchor == "meeting_start" else times.ends_at
        yield Due(anchor.astimezone(UTC) + timedelta(minutes=self.minutes), "minutes")

    def as_data(self) -> dict[str, Any]:
        return {"offset": {"anchor": self.anchor, "minutes": self.minutes}}


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some weekdays (0 is Monday) at an hour, from a day on (None: at once) to a day, both included."""

    days: tuple[int, ...]
    time: time
    start: date | None = None
    until: date | Literal["voting_day"] | None = None
    """None: until it is paused or deleted."""
    holidays: Holidays = "send"

    def dues(self, times: Times, since: datetime) -> Iterator[Due]:
        zone = times.local_zone
        last = times.voting_day if isinstance(self.until, str) else self.until
        if isinstance(self.until, str) and last is None:
            return
        # A day before ``since`` may have been moved behind it.
        first = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=SHIFT_DAYS)
        first = first if self.start is None else max(first, self.start)
        for number in count():
            day = first + timedelta(days=number)
            if (last is not None and day > last) or day.year > LAST_YEAR:
                return
            moved = times.moved(day, self.holidays) if day.weekday() in self.days else None
            if moved is not None:
                yield Due(
                    times.allowed(_on_clocks(datetime.combine(moved, self.time), zone)), day.isoformat()
                )

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "days": [WEEKDAYS[day] for day in self.days],
            "time": self.time.isoformat(timespec="auto"),
        }
        if self.start is not None:
            data["start"] = self.start.isoformat()
        if self.until is not None:
            data["until"] = self.until if isinstance(self.until, str) else self.until.isoformat()
        if self.holidays != "send":
            data["holidays"] = self.holidays
        return {"weekly": data}


ANCHORED = (DayOffset, MinuteOffset)
"""Schedules whose occasions move with what they count from; those of the others are days of their own."""

Schedule = FixedTime | FixedTimes | DayOffset | MinuteOffset | Weekly


def _on_clocks(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Dealt:
    """The due times of a reminder that were dealt with since it stands as it is."""

    last: Mapping[str, datetime] = field(default_factory=dict)
    """The latest by occasion; that of ``""`` counts for all."""
    moments: Collection[datetime] = frozenset()


def pending(schedule: Schedule, times: Times, *, since: datetime, dealt: Dealt) -> Iterator[Due]:
    """The due times that are still to be dealt with, soonest first, maybe past already.

    ``since`` is since when the schedule stands: what lay before is no due time. A meeting or stage that is moved
    takes its reminders along, with this rule against telling people twice: a due time of an occasion that moved earlier
    than one dealt with, or up to twelve hours later, is over; one that moved farther (the meeting is on another day) is
    due again. What names its own days is never due again on one. Of two occasions at the same moment only the first is.
    """
    taken = set(dealt.moments)
    again_after = SAME_OCCASION if isinstance(schedule, ANCHORED) else None
    for due in schedule.dues(times, since):
        known = [last for name in (due.occasion, "") if (last := dealt.last.get(name)) is not None]
        if due.at < since or due.at in taken:
            continue
        if any(again_after is None or due.at <= last + again_after for last in known):
            continue
        taken.add(due.at)
        yield due


def parse(data: Mapping[str, Any]) -> Schedule:
    """Read a schedule.

    Raises:
        BadSchedule: it is none of the forms above.
    """
    if set(data) == {"offset"}:
        return _offset(data["offset"])
    if set(data) == {"weekly"}:
        return _weekly(data["weekly"])
    if "at" in data and set(data) <= {"at", "zone"}:
        zone = data.get("zone")
        named = None if zone is None else _zone(zone)
        if isinstance(data["at"], list | tuple):
            locals_ = tuple(_local(entry) for entry in data["at"])
            if not locals_ or len(locals_) > MOST_OFFSETS or len(set(locals_)) < len(locals_):
                raise BadSchedule(f"'at' may list up to {MOST_OFFSETS} different times")
            return FixedTimes(locals_, named)
        return FixedTime(_local(data["at"]), named)
    raise BadSchedule("a schedule has either 'at' (with an optional 'zone'), 'offset' or 'weekly'")


def _offset(data: Any) -> Schedule:
    if not isinstance(data, Mapping):
        raise BadSchedule("'offset' must be a mapping")
    anchor = data.get("anchor")
    if anchor not in ANCHORS:
        raise BadSchedule(f"'anchor' must be one of {', '.join(ANCHORS)}")
    of_stage = anchor in ("stage_start", "stage_end")
    stage = data.get("stage")
    if of_stage != isinstance(stage, str) or (not of_stage and "stage" in data):
        raise BadSchedule("'stage' names the stage of 'stage_start' and 'stage_end', and only of them")
    names = set(data) - {"stage", "holidays"}
    if names == {"anchor", "minutes"} and not of_stage and "holidays" not in data:
        return MinuteOffset(anchor, _whole(data["minutes"], "minutes", FARTHEST_DAYS * 24 * 60))
    if names == {"anchor", "days", "time"}:
        return DayOffset(anchor, _days(data["days"]), _clock(data["time"]), stage, _holidays(data))
    raise BadSchedule("an offset has 'anchor' and either 'minutes' (of a meeting) or 'days' and 'time'")


def _days(value: Any) -> tuple[int, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    days = tuple(_whole(entry, "days", FARTHEST_DAYS) for entry in values)
    if not days or len(days) > MOST_OFFSETS or len(set(days)) < len(days):
        raise BadSchedule(f"'days' must be a whole number or a list of up to {MOST_OFFSETS} different ones")
    return days


def _weekly(data: Any) -> Schedule:
    if not isinstance(data, Mapping):
        raise BadSchedule("'weekly' must be a mapping")
    if not {"days", "time"} <= set(data) <= {"days", "time", "start", "until", "holidays"}:
        raise BadSchedule("'weekly' has 'days' and 'time', and may have 'start', 'until' and 'holidays'")
    named = data["days"]
    if not isinstance(named, list | tuple) or not named or not set(named) <= set(WEEKDAYS):
        raise BadSchedule(f"'days' must be a list of some of {', '.join(WEEKDAYS)}")
    days = tuple(sorted({WEEKDAYS.index(name) for name in named}))
    start, until = data.get("start"), data.get("until")
    return Weekly(
        days,
        _clock(data["time"]),
        None if start is None else _day(start, "start"),
        until if until is None or until == VOTING_DAY else _day(until, "until"),
        _holidays(data),
    )


def _holidays(data: Mapping[str, Any]) -> Holidays:
    value = data.get("holidays", "send")
    if value not in HOLIDAYS:
        raise BadSchedule(f"'holidays' must be one of {', '.join(HOLIDAYS)}")
    return value  # type: ignore[no-any-return]


def _day(value: Any, name: str) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadSchedule(f"'{name}' must be a day such as '2024-11-27', not {value!r}") from None
    if not 2000 <= day.year <= LAST_YEAR:
        raise BadSchedule(f"'{name}' lies in the year {day.year}")
    return day


def _whole(value: Any, name: str, limit: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > limit:
        raise BadSchedule(f"'{name}' must be a whole number between -{limit} and {limit}")
    return value


def _clock(value: Any) -> time:
    try:
        clock = time.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadSchedule(f"'time' must be an hour such as '08:00', not {value!r}") from None
    if clock.tzinfo is not None:
        raise BadSchedule("'time' is on the clocks of the meeting and has no offset")
    return clock


def _local(value: Any) -> datetime:
    try:
        local = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadSchedule(f"'at' must be a day and hour such as '2024-11-20T08:00', not {value!r}") from None
    if local.tzinfo is not None:
        raise BadSchedule("'at' is on the clocks of 'zone' and has no offset of its own")
    if not 2000 <= local.year <= LAST_YEAR:
        raise BadSchedule(f"'at' lies in the year {local.year}")
    return local


def _zone(name: Any) -> str:
    try:
        ZoneInfo(name)
    except (TypeError, ValueError, OSError, ZoneInfoNotFoundError):
        raise BadSchedule(f"'zone' is not known: {name!r}") from None
    return str(name)
