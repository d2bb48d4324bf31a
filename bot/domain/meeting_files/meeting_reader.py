"""From the content of a file to a meeting: each part for itself, then how the parts fit together.

One mistake never hides another: what can be checked is, and all that is wrong is told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.meeting_files import meeting_parts
from bot.domain.meeting_files.meeting_file import AgendaItem, Meeting, MeetingFile, Office
from bot.domain.meeting_files.meeting_messages import MESSAGES
from bot.domain.meeting_files.meeting_schema import (
    AgendaPart,
    MaterialPart,
    MeetingPart,
    OfficePart,
    Part,
    PollPart,
    QuestionPart,
    ReminderPart,
    SectorPart,
    SessionPart,
    StatementPart,
)
from bot.domain.meeting_files.meeting_times import Times
from bot.domain.meeting_files.meeting_yaml import COLLECTED, BrokenFile, Document, Path, Problem
from bot.domain.polls.understanding import MOST_STATEMENTS
from bot.i18n import LOCALES, N_

P = TypeVar("P", bound=Part)
T = TypeVar("T")

Entries = list[P | None]
"""The entries of a section in the file's order; None for one with mistakes."""


class _Parts(NamedTuple):
    """The sections of a file; None for one that it leaves out or that cannot be read."""

    office: OfficePart | None
    meeting: MeetingPart | None
    sectors: Entries[SectorPart] | None
    questions: Entries[QuestionPart] | None
    agenda: Entries[AgendaPart] | None
    materials: Entries[MaterialPart] | None
    sessions: Entries[SessionPart] | None
    polls: Entries[PollPart] | None
    statements: Entries[StatementPart] | None
    reminders: Entries[ReminderPart] | None


def assemble(document: Document, name: str) -> MeetingFile:
    """The meeting that a document describes; ``name`` is what problems call the file.

    Raises:
        BrokenFile: it has mistakes; all of them.
    """
    checked = _Checked(document)
    parts = checked.parts()
    checked.names(parts)
    times = checked.times(parts)
    agenda = None if times is None else checked.agenda(parts, times)
    if checked.problems or parts.office is None or parts.meeting is None or times is None:
        raise BrokenFile(name, checked.problems)
    head = parts.meeting
    return MeetingFile(
        office=Office(**parts.office.model_dump()),
        meeting=Meeting(
            code=head.code,
            title=head.title,
            theme=head.theme,
            venue=head.venue,
            address=head.address,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            state=head.state,
            contact=head.contact,
            map_point=head.map,
            approval=head.approval,
        ),
        questions=_each(parts.questions, meeting_parts.question),
        sectors=_each(parts.sectors, meeting_parts.sector),
        agenda=agenda,
        materials=_each(parts.materials, meeting_parts.material),
        sessions=_each(parts.sessions, meeting_parts.session),
        polls=_each(parts.polls, partial(meeting_parts.poll, locale=parts.office.locale)),
        statements=_each(parts.statements, meeting_parts.statement),
        reminders=_each(parts.reminders, meeting_parts.reminder),
        name=name,
    )


def _each(entries: Entries[P] | None, convert: Callable[[P], T]) -> tuple[T, ...] | None:
    return None if entries is None else tuple(map(convert, _sound(entries)))


def _sound(entries: Entries[P]) -> list[P]:
    return [entry for entry in entries if entry is not None]


class _Checked:
    """Reads the sections and gathers what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []
        self._content: dict[str, Any] = document.content if isinstance(document.content, dict) else {}
        office = self._content.get("office")
        locale = office.get("locale") if isinstance(office, dict) else None
        self._context = {"locale": locale if locale in LOCALES else LOCALES[0]}
        for path, line in document.twice:
            message = N_("stands twice; the first is in line {first}")
            self.problems.append(Problem(message, line, self._where(path), {"first": document.line(path)}))

    def _problem(self, path: Path, message: str, /, **values: object) -> None:
        self.problems.append(Problem(message, self._document.line(path), self._where(path), values))

    def _where(self, path: Path) -> str:
        """``agenda[opening].start``: an entry by its slug or code where it has one, else by its number from 1."""
        where = ""
        value: Any = self._content
        for step in path:
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
                name = (
                    (value.get("slug") or value.get("code") or value.get("id"))
                    if isinstance(value, dict)
                    else None
                )
                where += f"[{name if isinstance(name, str) else step + 1}]"
            else:
                value = value.get(step) if isinstance(value, dict) else None
                where += f".{step}" if where else step
        return where

    def parts(self) -> _Parts:
        if not isinstance(self._document.content, dict):
            self._problem((), N_("sections such as office: and meeting: are expected"))
            return _Parts(*[None] * len(_Parts._fields))
        known = [*_Parts._fields, COLLECTED]
        for key in self._content:
            if key not in known:
                self._unknown((key,), key, known)
        return _Parts(
            office=self._one("office", OfficePart),
            meeting=self._one("meeting", MeetingPart),
            sectors=self._many("sectors", SectorPart),
            questions=self._many("questions", QuestionPart),
            agenda=self._many("agenda", AgendaPart),
            materials=self._many("materials", MaterialPart),
            sessions=self._many("sessions", SessionPart),
            polls=self._many("polls", PollPart),
            statements=self._many("statements", StatementPart, MOST_STATEMENTS),
            reminders=self._many("reminders", ReminderPart),
        )

    def _one(self, section: str, model: type[P]) -> P | None:
        if section not in self._content:
            self._problem((section,), MESSAGES["missing"])
            return None
        return self._part((section,), model, self._content[section])

    def _many(self, section: str, model: type[P], most: int | None = None) -> Entries[P] | None:
        if section not in self._content:
            return None
        value = self._content[section]
        if value is None:
            return []
        if not isinstance(value, list):
            self._problem((section,), MESSAGES["tuple_type"])
            return None
        if most is not None and len(value) > most:
            self._problem((section,), MESSAGES["too_long"], max_length=most)
        self._unique(section, value)
        return [self._part((section, index), model, entry) for index, entry in enumerate(value)]

    def _unique(self, section: str, entries: Sequence[object]) -> None:
        key = {"sectors": "code", "questions": "id"}.get(section, "slug")
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries):
            name = entry.get(key) if isinstance(entry, dict) else None
            if not isinstance(name, str):
                continue
            if name in seen:
                first = self._document.line((section, seen[name], key))
                self._problem(
                    (section, index, key), N_("“{value}” is taken by line {line}"), value=name, line=first
                )
            seen.setdefault(name, index)

    def _part(self, path: Path, model: type[P], value: object) -> P | None:
        if not isinstance(value, dict):
            self._problem(path, MESSAGES["model_type"])
            return None
        try:
            # A field without a value is one that was left out.
            given = {key: entry for key, entry in value.items() if entry is not None}
            return model.model_validate(given, context=self._context)
        except ValidationError as error:
            for found in error.errors(include_url=False):
                self._invalid(path, model, found)
            return None

    def _invalid(self, path: Path, model: type[Part], found: ErrorDetails) -> None:
        place: Path = (*path, *found["loc"])
        if found["type"] == "extra_forbidden":
            self._unknown(place, str(place[-1]), _fields(model, found["loc"][:-1]))
            return
        given = found["input"]
        values = {"value": given if isinstance(given, str) else "…", **found.get("ctx", {})}
        if found["type"] == "literal_error":  # 'a', 'b' or 'c'
            values["expected"] = values["expected"].replace("'", "").replace(" or ", ", ")
        message = MESSAGES.get(found["type"])
        if message is None:  # pydantic's own words are better than none
            message, values = "{message}", {"message": found["msg"]}
        self._problem(place, message, **values)

    def _unknown(self, path: Path, key: str, known: Sequence[str]) -> None:
        if close := difflib.get_close_matches(key, known, n=1):
            self._problem(path, N_("is not known here; did you mean “{name}”?"), name=close[0])
        else:
            self._problem(path, N_("is not known here; known are {names}"), names=", ".join(known))

    def names(self, parts: _Parts) -> None:
        """Agenda items and sectors that other parts name must be there; a section left out may have them.

        Nor is anything said where an entry that cannot be read may be the one.
        """
        if parts.agenda is not None and None not in parts.agenda:
            self._items_named(parts, [item.slug for item in _sound(parts.agenda)])
        if parts.sectors is not None and None not in parts.sectors:
            self._sectors_named(parts, [sector.code for sector in _sound(parts.sectors)])

    def _items_named(self, parts: _Parts, slugs: Sequence[str]) -> None:
        for index, material in enumerate(parts.materials or ()):
            if material is not None and material.agenda is not None:
                self._named(("materials", index, "agenda"), material.agenda, slugs)
        for index, session in enumerate(parts.sessions or ()):
            if session is not None and session.agenda is not None:
                self._named(("sessions", index, "agenda"), session.agenda, slugs)

    def _sectors_named(self, parts: _Parts, codes: Sequence[str]) -> None:
        named: list[tuple[Path, Sequence[str]]] = [
            (("sessions", index, "sectors"), session.sectors)
            for index, session in enumerate(parts.sessions or ())
            if session is not None and session.sectors != "all"
        ]
        named += [
            (("reminders", index, "audience", "sectors"), reminder.audience.sectors)
            for index, reminder in enumerate(parts.reminders or ())
            if reminder is not None and reminder.audience.sectors != "all"
        ]
        for path, chosen in named:
            for position, code in enumerate(chosen):
                self._named((*path, position), code, codes)

    def _named(self, path: Path, name: str, known: Sequence[str]) -> None:
        if name in known:
            return
        if close := difflib.get_close_matches(name, known, n=1):
            message = N_("there is no “{value}” in this file; did you mean “{name}”?")
            self._problem(path, message, value=name, name=close[0])
        else:
            self._problem(path, N_("there is no “{value}” in this file"), value=name)

    def times(self, parts: _Parts) -> Times | None:
        """The times of the meeting; None when they cannot be known."""
        if parts.office is None or parts.meeting is None:
            return None
        times = Times(ZoneInfo(parts.office.timezone), parts.meeting)
        if times.ends_at <= times.starts_at:
            self._problem(("meeting", "end"), N_("the meeting ends before it begins"))
            return None
        return times

    def agenda(self, parts: _Parts, times: Times) -> tuple[AgendaItem, ...] | None:
        """The agenda in the order of its times; None when the file has none."""
        if parts.agenda is None:
            return None
        items = []
        for index, part in enumerate(parts.agenda):
            if part is None:
                continue
            path: Path = ("agenda", index)
            starts_at = times.start_of(part.start)
            if part.end is not None and part.minutes is None:
                ends_at = times.end_of(part.end, starts_at)
            elif part.minutes is not None and part.end is None:
                ends_at = starts_at + timedelta(minutes=part.minutes)
            else:
                self._problem(path, N_("either end: or minutes: is expected"))
                continue
            if ends_at <= starts_at:
                self._problem((*path, "end"), N_("the item ends before it begins"))
            elif starts_at < times.starts_at or ends_at > times.ends_at:
                message = N_("the item is outside the meeting, which is from {start} to {end}")
                start, end = times.shown(times.starts_at), times.shown(times.ends_at)
                self._problem((*path, "start"), message, start=start, end=end)
            items.append(AgendaItem(part.slug, starts_at, ends_at, part.title, part.speaker, part.position))
        return tuple(sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.slug)))


def _fields(model: type[BaseModel], steps: Iterable[str | int]) -> list[str]:
    """The fields that may stand at a place inside a part."""
    for step in steps:
        if isinstance(step, str):
            annotation = model.model_fields[step].annotation
            inner = (annotation, *get_args(annotation))
            model = next(
                (arg for arg in inner if isinstance(arg, type) and issubclass(arg, BaseModel)), model
            )
    return list(model.model_fields)
