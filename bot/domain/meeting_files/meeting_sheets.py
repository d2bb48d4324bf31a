"""A meeting file out of the sheets of an Excel file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.language.typed_times import read_day
from bot.domain.meeting.meeting_setup import free_slug
from bot.domain.meeting_files import meeting_export
from bot.domain.meeting_files.meeting_file import MeetingFile, Office
from bot.domain.meeting_files.meeting_layouts import (
    AGENDA,
    KEPT_FILE,
    LAYOUTS,
    MATERIALS,
    MEETING,
    POLLS,
    SECTORS,
    SESSIONS,
    STATEMENTS,
    Column,
    Layout,
)
from bot.domain.meeting_files.meeting_yaml import BrokenFile, Document, Path, Problem
from bot.i18n import N_
from bot.sheets import Row, Sheet, column_name

_NAMED_BY = {
    SECTORS: "name",
    AGENDA: "title",
    MATERIALS: "title",
    SESSIONS: "topic",
    POLLS: "question",
    STATEMENTS: "text",
}
"""What an entry without a code gets its code from."""


def describes_a_meeting(sheets: Sequence[Sheet]) -> bool:
    """Whether these are the sheets of a meeting, and not a list of people."""
    names = [sheet.name for sheet in sheets]
    return any(LAYOUTS[0].is_called(name) for name in names) or (
        sum(any(layout.is_called(name) for name in names) for layout in LAYOUTS[1:]) > 1
    )


def read(
    sheets: Sequence[Sheet], office: Office, current: MeetingFile | None, code: str, name: str
) -> MeetingFile:
    """The meeting that the sheets describe, at an office.

    ``current`` is the meeting as it is; None for a new one, which will have the code ``code``. Problems tell cells:
    ``Acara!B5``.

    Raises:
        BrokenFile: there are mistakes; all of them.
    """
    from bot.domain.meeting_files.meeting_reader import assemble

    reader = _Reader(office, current, code)
    for layout in LAYOUTS:
        sheet = next((sheet for sheet in sheets if layout.is_called(sheet.name)), None)
        if sheet is not None:
            reader.take(layout, sheet)
    if reader.problems:
        raise BrokenFile(name, reader.problems)
    try:
        return assemble(reader.document(), name)
    except BrokenFile as broken:
        raise BrokenFile(name, [reader.placed(problem) for problem in broken.problems]) from None


def code_of(sheets: Sequence[Sheet]) -> str:
    """The code that the sheet of the meeting names; empty for none."""
    for sheet in sheets:
        if LAYOUTS[0].is_called(sheet.name):
            for row in sheet.rows:
                if LAYOUTS[0].columns[0].is_called(row[0]):
                    return row[1]
    return ""


class _Reader:
    """Turns sheets into the content of a meeting file; a line stands for a cell of ``places``."""

    def __init__(self, office: Office, current: MeetingFile | None, code: str) -> None:
        self._known = {} if current is None else meeting_export.as_content(current)
        head = {"code": code, "contact": office.contact, **self._known.get("meeting", {})}
        self._content: dict[str, Any] = {"office": meeting_export.office_content(office), "meeting": head}
        self._lines: dict[Path, int] = {}
        self._places: list[str] = [""]
        self.problems: list[Problem] = []

    def document(self) -> Document:
        return Document(self._content, self._lines, [])

    def placed(self, problem: Problem) -> Problem:
        """The problem with the cell in the place of the line."""
        place = self._places[problem.line] if problem.line is not None else ""
        values = {
            key: self._places[value] if key in ("line", "first") and isinstance(value, int) else value
            for key, value in problem.values.items()
        }
        return replace(problem, line=None, where=place or problem.where, values=values)

    def _note(self, path: Path, place: str) -> None:
        self._lines[path] = len(self._places)
        self._places.append(place)

    def _problem(self, place: str, message: str, **values: object) -> None:
        self.problems.append(Problem(message, where=place, values=values))

    def take(self, layout: Layout, sheet: Sheet) -> None:
        if layout.section == MEETING:
            self._take_meeting(layout, sheet)
            return
        rows = [row for row in sheet.rows if not row.is_empty]
        if not rows:
            self._content[layout.section] = []
            return
        columns = self._header(layout, sheet, rows[0])
        taken: set[str] = set()
        entries: list[dict[str, Any]] = []
        for row in rows[1:]:
            path: Path = (layout.section, len(entries))
            self._note(path, f"{sheet.name}!{row.number}")
            entry = self._known_entry(layout.section, row, columns)
            for position, column in columns.items():
                _put(entry, column.key, column.read(row[position]))
                first, _, rest = column.key.partition(".")
                place = f"{sheet.name}!{row.name(position)}"
                for where in ((*path, first), (*path, first, rest)):
                    self._note(where, place)
            self._complete(layout.section, entry, taken)
            entries.append(entry)
        self._content[layout.section] = entries

    def _known_entry(self, section: str, row: Row, columns: Mapping[int, Column]) -> dict[str, Any]:
        """What the meeting has under the code of a row, for the columns that the sheet leaves out."""
        key = "code" if section == SECTORS else "slug"
        code = next((row[position] for position, column in columns.items() if column.key == key), "")
        known: Mapping[str, Any] = next(
            (entry for entry in self._known.get(section, ()) if code and entry[key] == code), {}
        )
        return {name: value for name, value in known.items() if name != "file"}

    def _header(self, layout: Layout, sheet: Sheet, row: Row) -> dict[int, Column]:
        """Position to column."""
        columns: dict[int, Column] = {}
        for position, name in enumerate(row.cells):
            if not name:
                continue
            column = next((column for column in layout.columns if column.is_called(name)), None)
            if column is None:
                names = [other.id for other in layout.columns]
                close = difflib.get_close_matches(name, names, n=1)
                self._problem(
                    f"{sheet.name}!{row.name(position)}",
                    N_("the column “{value}” is not known here; known are {names}"),
                    value=name,
                    names=close[0] if close else ", ".join(names),
                )
            elif column in columns.values():
                self._problem(
                    f"{sheet.name}!{row.name(position)}",
                    N_("the column “{value}” is there twice"),
                    value=name,
                )
            else:
                columns[position] = column
        return columns

    def _complete(self, section: str, entry: dict[str, Any], taken: set[str]) -> None:
        """Give an entry without a code one made of its title, and a kept file back."""
        key = "code" if section == SECTORS else "slug"
        if not entry.get(key):
            named = entry.get(_NAMED_BY[section]) or ""
            longest = 24 if section == SECTORS else 40
            entry[key] = free_slug(
                next(iter(named.values()), "") if isinstance(named, dict) else named, taken, longest
            )
        taken.add(entry[key])
        if section == MATERIALS and str(entry.get("url") or "").startswith(KEPT_FILE):
            del entry["url"]
            for known in self._known.get(MATERIALS, ()):
                if known["slug"] == entry["slug"] and known["file"]:
                    entry["file"] = {
                        name: None if value is None else str(value) for name, value in known["file"].items()
                    }

    def _take_meeting(self, layout: Layout, sheet: Sheet) -> None:
        head = self._content["meeting"]
        day: str | None = None
        for row in sheet.rows:
            column = next((column for column in layout.columns if column.is_called(row[0])), None)
            if column is None or column.key == "code":
                continue
            place = f"{sheet.name}!{column_name(1)}{row.number}"
            first, _, rest = column.key.partition(".")
            if column.key == "day":
                found = read_day(row[1], date.min)
                if found is None:
                    self._problem(
                        place, N_("a day such as 2024-08-06 is expected, not “{value}”"), value=row[1]
                    )
                day = None if found is None else found.isoformat()
                continue
            for where in (("meeting", first), ("meeting", first, rest)):
                self._note(where, place)
            _put(head, column.key, column.read(row[1]))
        if day is not None and head.get("start") and " " not in str(head["start"]):
            head["start"] = f"{day} {head['start']}"


def _put(entry: dict[str, Any], key: str, value: str | list[str]) -> None:
    """Set a field, one language of it for ``title.en``; an empty text is a field left out."""
    first, _, locale = key.partition(".")
    if locale:
        texts = dict(entry.get(first) or {})
        texts.pop(locale, None)
        entry[first] = {**texts, locale: value} if value else texts
    else:
        entry[first] = value or None
