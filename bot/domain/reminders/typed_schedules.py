"""Times of reminders as people type them: a day and hour, or days counted from another."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.domain.language.typed_times import read_hour
from bot.domain.reminders.schedule import FARTHEST_DAYS, MOST_OFFSETS

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


_OFFSET_TYPED = re.compile(r"[hd](?:\s*([+-])\s*(\d{1,4}))?", re.IGNORECASE)


def read_offsets(text: str) -> tuple[tuple[int, ...], time] | None:
    """The days and the hour that somebody typed, such as ``H-7, H-1, H 08.00``; None when they cannot be read.

    H is the day itself (D is taken for it too); the hour comes last.
    """
    match = re.fullmatch(
        rf"(?P<days>.*\S)[\s,]+(?P<clock>{_HOUR})", text.strip().replace("−", "-").replace("–", "-")
    )
    clock = None if match is None else read_hour(match["clock"])
    if match is None or clock is None:
        return None
    found = [_OFFSET_TYPED.fullmatch(part.strip()) for part in re.split(r"[,;]", match["days"])]
    if not all(found):
        return None
    days = {int(f"{one[1]}{one[2]}") if one[1] else 0 for one in found if one is not None}
    if len(days) > MOST_OFFSETS or any(abs(day) > FARTHEST_DAYS for day in days):
        return None
    return tuple(sorted(days)), clock
