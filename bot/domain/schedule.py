"""When a reminder is due: pure functions of its schedule and the times of its meeting.

A schedule is one of these JSON objects; ``zone`` is an IANA name and, left out, the zone of the meeting::

    {"at": "2024-11-20T08:00", "zone": "Asia/Jakarta"}
    {"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00"}}
    {"offset": {"anchor": "meeting_end", "minutes": 30}}

An offset in days counts calendar days in the zone of the meeting and goes out at the hour of that place's clocks; an
offset in minutes counts from the anchor itself. An hour that the clocks skip is taken as if they had not been put
forward, one that comes twice is taken at its first time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Anchor = Literal["meeting_start", "meeting_end"]
ANCHORS: tuple[Anchor, ...] = ("meeting_start", "meeting_end")

FARTHEST_DAYS = 3660
"""How far from its anchor a reminder may lie: ten years, beyond which somebody mistyped."""

SAME_OCCASION = timedelta(hours=12)
"""A due time this close after one that was dealt with is the same one, moved a little with its meeting."""


class BadSchedule(ValueError):
    """A schedule that cannot be read; the text says what is wrong with it, in English, for the author of a file."""


@dataclass(frozen=True, slots=True)
class Times:
    """What schedules of a meeting count from; moments are aware."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    def of(self, anchor: Anchor) -> datetime:
        return self.starts_at if anchor == "meeting_start" else self.ends_at


@dataclass(frozen=True, slots=True)
class FixedTime:
    """A day and hour on the clocks of ``zone`` (None: of the meeting)."""

    local: datetime
    zone: str | None = None

    def due_at(self, times: Times) -> datetime:
        return _on_clocks(self.local, self.zone or times.zone)

    def as_data(self) -> dict[str, Any]:
        data = {"at": self.local.isoformat(timespec="auto")}
        return data if self.zone is None else {**data, "zone": self.zone}


@dataclass(frozen=True, slots=True)
class DayOffset:
    """So many days before (negative) or after the day of the anchor, at an hour."""

    anchor: Anchor
    days: int
    time: time

    def due_at(self, times: Times) -> datetime:
        day = times.of(self.anchor).astimezone(ZoneInfo(times.zone)).date() + timedelta(days=self.days)
        return _on_clocks(datetime.combine(day, self.time), times.zone)

    def as_data(self) -> dict[str, Any]:
        return {
            "offset": {"anchor": self.anchor, "days": self.days, "time": self.time.isoformat(timespec="auto")}
        }


@dataclass(frozen=True, slots=True)
class MinuteOffset:
    """So many minutes before (negative) or after the anchor."""

    anchor: Anchor
    minutes: int

    def due_at(self, times: Times) -> datetime:
        return times.of(self.anchor).astimezone(UTC) + timedelta(minutes=self.minutes)

    def as_data(self) -> dict[str, Any]:
        return {"offset": {"anchor": self.anchor, "minutes": self.minutes}}


Schedule = FixedTime | DayOffset | MinuteOffset


def _on_clocks(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due_at(schedule: Schedule, times: Times) -> datetime:
    """The moment, in UTC, at which the schedule falls for a meeting with these times."""
    return schedule.due_at(times)


def next_due(
    schedule: Schedule, times: Times, *, armed_at: datetime, last: datetime | None
) -> datetime | None:
    """The due time that is still to be dealt with, maybe past already; None when there is none.

    ``armed_at`` is since when the schedule stands: what lay before is no due time. ``last`` is the latest due time that
    was dealt with since. A meeting that is moved takes its reminders along, with this rule against telling people
    twice: a due time that moved earlier than one dealt with, or up to twelve hours later, is the same occasion and is
    over; one that moved farther (the meeting is on another day) is due again.
    """
    due = schedule.due_at(times)
    if due < armed_at or (last is not None and due <= last + SAME_OCCASION):
        return None
    return due


_DAY = r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})"
_ISO_DAY = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_HOUR = r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})"
_TYPED = [re.compile(pattern) for pattern in (f"{_DAY},? {_HOUR}", f"{_ISO_DAY}[ T]{_HOUR}", _HOUR)]


def read_clock(text: str, local_now: datetime) -> datetime | None:
    """The day and hour that somebody typed, on the same clocks as ``local_now``; None when it is none.

    Days are written 25-11-2026 or 2026-11-25, hours 08.00 or 08:00. An hour alone is the next such hour.
    """
    match = next((found for pattern in _TYPED if (found := pattern.fullmatch(text.strip()))), None)
    if match is None:
        return None
    parts = {name: int(value) for name, value in match.groupdict().items()}
    try:
        clock = time(parts["hour"], parts["minute"])
        day = date(parts["year"], parts["month"], parts["day"]) if "day" in parts else local_now.date()
    except ValueError:
        return None
    typed = datetime.combine(day, clock)
    if not 2000 <= typed.year <= 2200:
        return None
    return typed if "day" in parts or typed > local_now else typed + timedelta(days=1)


def parse(data: Mapping[str, Any]) -> Schedule:
    """Read a schedule.

    Raises:
        BadSchedule: it is none of the forms above.
    """
    if set(data) == {"offset"}:
        return _offset(data["offset"])
    if "at" in data and set(data) <= {"at", "zone"}:
        zone = data.get("zone")
        return FixedTime(_local(data["at"]), None if zone is None else _zone(zone))
    raise BadSchedule("a schedule has either 'at' (with an optional 'zone') or 'offset'")


def _offset(data: Any) -> Schedule:
    if not isinstance(data, Mapping):
        raise BadSchedule("'offset' must be a mapping")
    anchor = data.get("anchor")
    if anchor not in ANCHORS:
        raise BadSchedule(f"'anchor' must be one of {', '.join(ANCHORS)}")
    if set(data) == {"anchor", "minutes"}:
        return MinuteOffset(anchor, _whole(data["minutes"], "minutes", FARTHEST_DAYS * 24 * 60))
    if set(data) == {"anchor", "days", "time"}:
        return DayOffset(anchor, _whole(data["days"], "days", FARTHEST_DAYS), _clock(data["time"]))
    raise BadSchedule("an offset has 'anchor' and either 'minutes' or 'days' and 'time'")


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
    if not 2000 <= local.year <= 2200:
        raise BadSchedule(f"'at' lies in the year {local.year}")
    return local


def _zone(name: Any) -> str:
    try:
        ZoneInfo(name)
    except (TypeError, ValueError, OSError, ZoneInfoNotFoundError):
        raise BadSchedule(f"'zone' is not known: {name!r}") from None
    return str(name)
