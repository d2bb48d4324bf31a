"""Days and hours as people type them in a chat."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

_MONTHS = (
    ("jan",),
    ("feb", "peb"),
    ("mar",),
    ("apr",),
    ("mei", "may"),
    ("jun",),
    ("jul",),
    ("agu", "ags", "aug"),
    ("sep",),
    ("okt", "oct"),
    ("nov", "nop"),
    ("des", "dec"),
)
_NAMED = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_WORDS = {"hari ini": 0, "today": 0, "besok": 1, "tomorrow": 1, "lusa": 2}
_WEEKDAY = r"(?:[a-z']+,\s*)?"
_NUMBERS = re.compile(_WEEKDAY + r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})(?:\s*[-/. ]\s*(\d{4}))?")
_ISO = re.compile(_WEEKDAY + r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMES = re.compile(_WEEKDAY + r"(\d{1,2})\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_CLOCK = r"(\d{1,2})(?:[.:](\d{2}))?"
_HOUR = re.compile(rf"(?:(?:jam|pukul|at)\s+)?{_CLOCK}(?:\s*(?:wib|wita|wit))?")
_HOURS = re.compile(
    rf"(?:(?:jam|pukul|from)\s+)?{_CLOCK}\s*(?:[-–—]|s/d|s\.d\.|sd|sampai|hingga|to|until)\s*{_CLOCK}"
    r"(?:\s*(?:wib|wita|wit))?"
)


def read_day(text: str, today: date) -> date | None:
    """The day that somebody typed; None when it is none.

    Written 6 Agustus 2024, 6-8-2024, 6/8, 2024-08-06 or besok; without a year it is the next such day from ``today``.
    """
    typed = " ".join(text.lower().split())
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    year: str | None
    if found := _ISO.fullmatch(typed):
        year, month, day = found[1], int(found[2]), found[3]
    elif found := _NUMBERS.fullmatch(typed):
        day, month, year = found[1], int(found[2]), found[3]
    elif found := _NAMES.fullmatch(typed):
        day, month, year = found[1], _NAMED.get(found[2][:3], 0), found[3]
    else:
        return None
    return _date(int(day), month, None if year is None else int(year), today)


def _date(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in (year,) if year is not None else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue  # 29 February of the one year is the one of the next leap year
        if not 2000 <= found.year <= 2200:
            return None
        if year is not None or found >= today:
            return found
    return None


def read_hour(text: str) -> time | None:
    """An hour of the day, 08.30, 8:30 or 8; None when it is none."""
    found = _HOUR.fullmatch(" ".join(text.lower().split()))
    return None if found is None else _time(found[1], found[2])


def read_hours(text: str) -> tuple[time, time] | None:
    """From when to when, ``08.00-12.30``; None when it is not that. The second may be past midnight."""
    found = _HOURS.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return None
    start, end = _time(found[1], found[2]), _time(found[3], found[4])
    return None if start is None or end is None or start == end else (start, end)


def _time(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None
