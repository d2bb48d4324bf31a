"""The values of a meeting file's fields: how each is written, and what it is read as.

Loaded only when a file is read: nothing else needs pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal, LiteralString, NamedTuple
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from bot.domain.dialogue.session_setup import HEADING_LIMIT, TOPICS
from bot.domain.dialogue.speakers import LINK_PREFIX as SPEAKER_PREFIX
from bot.domain.forms.questions import map_point
from bot.domain.language.texts import clean, clean_lines, is_blank
from bot.domain.people.registration import TICKET_PREFIX
from bot.domain.polls.polls import OPTION_LIMIT
from bot.domain.reminders import schedule_text
from bot.domain.roles import CLAIM_PREFIX
from bot.domain.rules.rules import LINK_PREFIX
from bot.i18n import LOCALES

_TIME = r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?"
_OFFSET = r"(?P<offset>Z|[+-]\d{2}:\d{2})?"
_MOMENT = re.compile(rf"(?:(?P<day>\d{{4}}-\d{{2}}-\d{{2}})(?:T|,?\s+))?{_TIME}{_OFFSET}")
_DAYS = re.compile(rf"[HD]\s*(?P<days>[+-]\s*\d{{1,4}})?,?\s+{_TIME}", re.IGNORECASE)
_MINUTES = re.compile(r"(?P<count>[+-]?\s*\d{1,7})\s*(?P<unit>minutes?|menit|hours?|jam)", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Local(NamedTuple):
    """A moment as it was typed: on the clocks of the office, unless it carries an offset of its own."""

    day: date | None
    """None for the day that the context gives."""
    clock: time
    """With a ``tzinfo`` when an offset was written."""


def _local(value: object) -> Local:
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError
        clock = _clock(found)
        if found["offset"]:
            parsed = datetime.fromisoformat(f"2000-01-01T00:00{found['offset']}").tzinfo
            clock = clock.replace(tzinfo=parsed or UTC)
        return Local(date.fromisoformat(found["day"]) if found["day"] else None, clock)
    except ValueError:
        raise PydanticCustomError("bad_time", "", {"value": _shown(value)}) from None


def _clock(found: re.Match[str]) -> time:
    return time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))


def _with_day(value: Local) -> Local:
    if value.day is None:
        raise PydanticCustomError("no_day", "", {"value": f"{value.clock:%H.%M}"})
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise PydanticCustomError("bad_day", "", {"value": _shown(value)}) from None


def _localised(value: object, info: ValidationInfo) -> object:
    """A plain text is in the language of the office."""
    if isinstance(value, str):
        value = {(info.context or {}).get("locale", LOCALES[0]): value}
    if not isinstance(value, Mapping):
        raise PydanticCustomError("bad_text", "", {})
    unknown = [key for key in value if key not in LOCALES]
    if unknown:
        raise PydanticCustomError("bad_language", "", {"value": unknown[0], "known": ", ".join(LOCALES)})
    texts: dict[str, str] = {}
    for locale, text in value.items():
        if text is not None and not isinstance(text, str):
            raise PydanticCustomError("bad_text", "", {})
        if text is not None and not is_blank(text):
            texts[locale] = clean_lines(text)
    return texts


def _plain(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _plain_lines(value: object) -> object:
    return clean_lines(value) if isinstance(value, str) else value


def _map_point(value: object) -> object:
    point = map_point(value) if isinstance(value, str) else None
    if point is None:
        raise PydanticCustomError("bad_map", "", {"value": _shown(value)})
    return point


def _not_blank(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError("blank", "", {})
    return value


def _some_language(value: dict[str, str]) -> dict[str, str]:
    if not value:
        raise PydanticCustomError("blank", "", {})
    return value


def _some_kind(value: tuple[str, ...]) -> tuple[str, ...]:
    # Not by min_length, which pydantic also reports when it is a wrong entry that is not counted.
    if not value:
        raise PydanticCustomError("too_short", "", {})
    return tuple(dict.fromkeys(value))


def _told_apart(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value))


def _all_different(value: tuple[str, ...]) -> tuple[str, ...]:
    if len({option.casefold() for option in value}) < len(value):
        raise PydanticCustomError("twice", "", {})
    return value


def _at_most(limit: int) -> AfterValidator:
    def check(value: dict[str, str]) -> dict[str, str]:
        for text in value.values():
            if len(text) > limit:
                raise PydanticCustomError("string_too_long", "", {"max_length": limit})
        return value

    return AfterValidator(check)


def _one_line(value: dict[str, str]) -> dict[str, str]:
    return {locale: clean(text) for locale, text in value.items()}


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise PydanticCustomError("bad_slug", "", {"value": _shown(value)})
    return value


def _meeting_code(value: str) -> str:
    if value == "group" or value.startswith((CLAIM_PREFIX, TICKET_PREFIX, LINK_PREFIX, SPEAKER_PREFIX)):
        raise PydanticCustomError("taken_code", "", {"value": _shown(value)})
    return value


def _zone(value: str) -> str:
    from zoneinfo import available_timezones

    # Names of files are not zones, and a wrong case works on some systems only.
    if value not in available_timezones():
        raise PydanticCustomError("bad_zone", "", {"value": _shown(value)})
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in value
    except ValueError:
        usable = False
    if not usable:
        raise PydanticCustomError("bad_url", "", {"value": _shown(value)})
    return value


_YES = {"ya": True, "yes": True, "true": True, "tidak": False, "no": False, "false": False}
_TRUE = {"benar": True, "true": True, "salah": False, "false": False}


def _one_of(words: Mapping[str, bool], problem: LiteralString) -> BeforeValidator:
    def check(value: object) -> bool:
        answer = words.get(value.strip().lower()) if isinstance(value, str) else None
        if answer is None:
            raise PydanticCustomError(problem, "", {"value": _shown(value)})
        return answer

    return BeforeValidator(check)


def _schedule(value: object) -> object:
    """A moment, a distance from an anchor, or weekdays: into what :mod:`bot.domain.reminders.schedule` reads."""
    written = {"at": value} if isinstance(value, str) else value
    if not isinstance(written, Mapping):
        raise _bad_schedule(value)
    try:
        return schedule_text.read(written, _on_clocks, _distance)
    except (TypeError, ValueError):
        named = [written[name] for name in ("at", "start", "end", "weekly") if name in written]
        raise _bad_schedule(named[0] if len(named) == 1 else value) from None


def _bad_schedule(value: object) -> PydanticCustomError:
    return PydanticCustomError("bad_schedule", "", {"value": _shown(value)})


def _on_clocks(value: object) -> str:
    local = _with_day(_local(value))
    if local.day is None or local.clock.tzinfo is not None:
        raise ValueError(value)
    return datetime.combine(local.day, local.clock).isoformat()


def _distance(written: str) -> dict[str, Any]:
    if found := _DAYS.fullmatch(written.strip()):
        days = int((found["days"] or "0").replace(" ", ""))
        return {"days": days, "time": _clock(found).isoformat()}
    if found := _MINUTES.fullmatch(written.strip()):
        unit = 60 if found["unit"].lower().startswith(("h", "j")) else 1
        return {"minutes": int(found["count"].replace(" ", "")) * unit}
    raise ValueError(written)


def _sectors(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, str):
        if value.strip().lower() not in ("all", "semua"):
            raise PydanticCustomError("bad_sectors", "", {"value": _shown(value)})
        return "all"
    return handler(value)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else "…" if isinstance(value, Mapping | list) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


Moment = Annotated[Local, PlainValidator(_local)]
DatedMoment = Annotated[Local, PlainValidator(_local), AfterValidator(_with_day)]
Day = Annotated[date, PlainValidator(_day)]
Slug = Annotated[str, AfterValidator(_slug), Field(max_length=40)]
Slug60 = Annotated[str, AfterValidator(_slug), Field(max_length=60)]
ShortSlug = Annotated[str, AfterValidator(_slug), Field(max_length=24)]
"""Short, because it travels in the data of buttons (64 bytes)."""
MeetingCode = Annotated[str, AfterValidator(_slug), AfterValidator(_meeting_code), Field(max_length=40)]
"""A payload of deep links, beside others with a meaning of their own; people also type it, in any case."""
Line = Annotated[str, BeforeValidator(_plain), Field(max_length=200)]
FilledLine = Annotated[str, BeforeValidator(_plain), AfterValidator(_not_blank), Field(max_length=200)]
Title = Annotated[
    dict[str, str],
    BeforeValidator(_localised),
    AfterValidator(_one_line),
    AfterValidator(_some_language),
    _at_most(300),
]
OptionalTitle = Annotated[
    dict[str, str], BeforeValidator(_localised), AfterValidator(_one_line), _at_most(300)
]
Paragraphs = Annotated[
    dict[str, str], BeforeValidator(_localised), AfterValidator(_some_language), _at_most(2000)
]
OptionalParagraphs = Annotated[dict[str, str], BeforeValidator(_localised), _at_most(2000)]
YesNo = Annotated[bool, _one_of(_YES, "bad_bool")]
TrueFalse = Annotated[bool, _one_of(_TRUE, "bad_truth")]
Url = Annotated[str, AfterValidator(_url), Field(max_length=500)]
Zone = Annotated[str, AfterValidator(_zone)]
Lines = Annotated[str, BeforeValidator(_plain_lines), Field(max_length=600)]
MapPoint = Annotated[tuple[float, float] | None, BeforeValidator(_map_point)]
Headings = Annotated[
    tuple[Annotated[FilledLine, Field(max_length=HEADING_LIMIT)], ...],
    AfterValidator(_told_apart),
    Field(max_length=TOPICS),
]
Options = Annotated[
    tuple[Annotated[FilledLine, Field(max_length=OPTION_LIMIT)], ...], AfterValidator(_all_different)
]
Kinds = Annotated[
    tuple[Literal["challenge", "suggestion", "input", "question"], ...], AfterValidator(_some_kind)
]
Sectors = Annotated[tuple[Slug, ...] | Literal["all"], WrapValidator(_sectors)]
Schedule = Annotated[dict[str, Any], BeforeValidator(_schedule)]
