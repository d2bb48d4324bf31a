"""Schedules as people write them in meeting files, and back.

::

    {at: 2024-09-18 08.00}                     {at: [2024-09-18 08.00, 2024-09-20 08.00], zone: Asia/Jayapura}
    {start: H-1 08.00}                         {end: +30 minutes}
    {start: "H-7, H-1, H 08.00", stage: masa-tenang, holidays: before}
    {weekly: mon thu 08.00, from: 2024-09-30, until: voting-day, holidays: skip}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.language.typed_times import read_hour
from bot.domain.reminders import schedule
from bot.domain.reminders.schedule import VOTING_DAY, WEEKDAYS
from bot.domain.reminders.typed_schedules import read_offsets

Clock = Callable[[Any], str]
"""Reads a day and hour into ISO form; raises ValueError."""
Distance = Callable[[str], Mapping[str, Any]]
"""Reads ``H-1 08.00`` or ``+30 minutes`` into the parts of an offset; raises ValueError."""


def read(written: Mapping[str, Any], clock: Clock, distance: Distance) -> dict[str, Any]:
    """The JSON object of a schedule.

    Raises:
        ValueError: it is none of the forms above.
    """
    if "at" in written:
        return _parsed({**written, "at": _moments(written["at"], clock)})
    if "weekly" in written:
        return _parsed({"weekly": _weekly(written)})
    anchors = [name for name in ("start", "end") if name in written]
    if len(anchors) != 1 or set(written) - {*anchors, "stage", "holidays"}:
        raise ValueError("a schedule has one of at, start, end and weekly")
    text, of_stage = str(written[anchors[0]]), "stage" in written
    several = read_offsets(text) if of_stage or "," in text else None
    if several is None:
        parts: Mapping[str, Any] = distance(text)
    else:
        parts = {"days": list(several[0]), "time": several[1].isoformat()}
    offset = {"anchor": f"{'stage' if of_stage else 'meeting'}_{anchors[0]}", **parts}
    for name in ("stage", "holidays"):
        if name in written:
            offset[name] = written[name]
    return _parsed({"offset": offset})


def _parsed(data: Mapping[str, Any]) -> dict[str, Any]:
    return schedule.parse(data).as_data()


def _moments(value: Any, clock: Clock) -> Any:
    return [clock(entry) for entry in value] if isinstance(value, list | tuple) else clock(value)


def _weekly(written: Mapping[str, Any]) -> dict[str, Any]:
    if set(written) - {"weekly", "from", "until", "holidays"}:
        raise ValueError("weekly may have from, until and holidays")
    *days, hour = re.split(r"[\s,]+", str(written["weekly"]).strip())
    clock = read_hour(hour)
    if clock is None:
        raise ValueError(f"no hour: {hour}")
    data: dict[str, Any] = {"days": [day.lower()[:3] for day in days], "time": clock.isoformat()}
    if "from" in written:
        data["start"] = written["from"]
    if "until" in written:
        data["until"] = VOTING_DAY if written["until"] == "voting-day" else written["until"]
    if "holidays" in written:
        data["holidays"] = written["holidays"]
    return data


def write(data: Mapping[str, Any]) -> dict[str, Any]:
    """As people write it; :func:`read` gives it back."""
    if "at" in data:
        at = data["at"]
        return {**data, "at": [_spaced(one) for one in at] if isinstance(at, list) else _spaced(at)}
    if "weekly" in data:
        return _write_weekly(data["weekly"])
    offset = data["offset"]
    anchor = offset["anchor"].partition("_")[2]
    if "minutes" in offset:
        return {anchor: f"{offset['minutes']:+} minutes"}
    days = offset["days"] if isinstance(offset["days"], list) else [offset["days"]]
    named = ", ".join(f"H{day:+}" if day else "H" for day in days)
    written = {anchor: f"{named} {_hour(offset['time'])}"}
    return {**written, **{name: offset[name] for name in ("stage", "holidays") if name in offset}}


def _write_weekly(weekly: Mapping[str, Any]) -> dict[str, Any]:
    days = weekly["days"] if len(weekly["days"]) < len(WEEKDAYS) else WEEKDAYS
    written = {"weekly": f"{' '.join(days)} {_hour(weekly['time'])}"}
    if "start" in weekly:
        written["from"] = weekly["start"]
    if "until" in weekly:
        written["until"] = "voting-day" if weekly["until"] == VOTING_DAY else weekly["until"]
    if "holidays" in weekly:
        written["holidays"] = weekly["holidays"]
    return written


def _spaced(moment: str) -> str:
    return moment.replace("T", " ").removesuffix(":00")


def _hour(clock: str) -> str:
    return clock[:-3] if clock.count(":") == 2 and clock.endswith(":00") else clock
