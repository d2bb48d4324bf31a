"""A meeting as an Excel file: what its sheets and columns are called, and what they say.

The sheets are for people who find YAML hard; they hold what an office changes most: the meeting, who takes part, the
agenda and links. What they leave out stays as it is.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.language.typed_times import read_day
from bot.domain.meeting.meeting_setup import free_slug
from bot.domain.meeting_files import meeting_export
from bot.domain.meeting_files.meeting_file import MeetingFile, Office
from bot.domain.meeting_files.meeting_yaml import BrokenFile, Document, Path, Problem
from bot.i18n import N_
from bot.sheets import Row, Sheet, column_name

MEETING, SECTORS, AGENDA, MATERIALS = "meeting", "sectors", "agenda", "materials"

KEPT_FILE = "📎"
"""Begins the link of a material that is a file which the bot keeps."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or in the sheet of the meeting a row."""

    key: str
    """The field of a meeting file; ``title.en`` for the English one."""
    id: str
    en: str
    hint: str = ""
    """A message id: what to write, for the form that the bot hands out."""

    def is_called(self, name: str) -> bool:
        return name.casefold().strip(" :*") in (self.id.casefold(), self.en.casefold(), self.key)

    def name(self, locale: str) -> str:
        return self.id if locale == "id" else self.en


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of the file."""

    section: str
    id: str
    en: str
    columns: tuple[Column, ...]

    def is_called(self, name: str) -> bool:
        return name.casefold().strip() in (self.id.casefold(), self.en.casefold())

    def name(self, locale: str) -> str:
        return self.id if locale == "id" else self.en


LAYOUTS = (
    Layout(
        MEETING,
        "Rakor",
        "Meeting",
        (
            Column(
                "code", "Kode", "Code", N_("Leave it as it is; without it, the file makes a new meeting.")
            ),
            Column("title.id", "Judul", "Title", N_("Needed.")),
            Column("title.en", "Judul (Inggris)", "Title (English)", N_("May stay empty.")),
            Column("theme.id", "Tema", "Theme", N_("May stay empty.")),
            Column("theme.en", "Tema (Inggris)", "Theme (English)", N_("May stay empty.")),
            Column("day", "Hari", "Day", N_("For example 2027-08-06 or 6 Agustus 2027.")),
            Column("start", "Mulai", "Start", N_("For example 08.00, on the clocks of the office.")),
            Column("end", "Selesai", "End", N_("For example 12.30; on another day 2027-08-07 12.30.")),
            Column("venue", "Tempat", "Venue", N_("Needed.")),
            Column("address", "Alamat", "Address", N_("May stay empty.")),
            Column(
                "map",
                "Titik peta",
                "Map point",
                N_("Latitude, longitude: -2.97610, 104.77541. May stay empty."),
            ),
            Column("contact", "Narahubung", "Contact", N_("May stay empty.")),
            Column(
                "approval", "Persetujuan", "Approval", N_("ya or tidak: whether registrations wait for you.")
            ),
        ),
    ),
    Layout(
        SECTORS,
        "Unsur",
        "Groups",
        (
            Column("code", "Kode", "Code"),
            Column("name.id", "Nama", "Name"),
            Column("name.en", "Nama (Inggris)", "Name (English)"),
            Column("quota", "Kursi", "Seats"),
        ),
    ),
    Layout(
        AGENDA,
        "Acara",
        "Agenda",
        (
            Column("slug", "Kode", "Code"),
            Column("start", "Mulai", "Start"),
            Column("end", "Selesai", "End"),
            Column("title.id", "Acara", "Item"),
            Column("title.en", "Acara (Inggris)", "Item (English)"),
            Column("speaker", "Pembicara", "Speaker"),
            Column("position.id", "Jabatan", "Position"),
            Column("position.en", "Jabatan (Inggris)", "Position (English)"),
        ),
    ),
    Layout(
        MATERIALS,
        "Materi",
        "Materials",
        (
            Column("slug", "Kode", "Code"),
            Column("title.id", "Judul", "Title"),
            Column("title.en", "Judul (Inggris)", "Title (English)"),
            Column("agenda", "Kode acara", "Agenda code"),
            Column("url", "Tautan", "Link"),
        ),
    ),
)


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
            entry: dict[str, Any] = {}
            for position, column in columns.items():
                _put(entry, column.key, row[position])
                first, _, rest = column.key.partition(".")
                place = f"{sheet.name}!{row.name(position)}"
                for where in ((*path, first), (*path, first, rest)):
                    self._note(where, place)
            self._complete(layout.section, entry, taken)
            entries.append(entry)
        self._content[layout.section] = entries

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
        key, title = ("code", "name") if section == SECTORS else ("slug", "title")
        if not entry.get(key):
            texts: Mapping[str, str] = entry.get(title) or {}
            longest = 24 if section == SECTORS else 40
            entry[key] = free_slug(next(iter(texts.values()), ""), taken, longest)
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
            _put(head, column.key, row[1])
        if day is not None and head.get("start") and " " not in str(head["start"]):
            head["start"] = f"{day} {head['start']}"


def _put(entry: dict[str, Any], key: str, text: str) -> None:
    """Set a field, one language of it for ``title.en``; an empty text is a field left out."""
    first, _, locale = key.partition(".")
    if locale:
        texts = dict(entry.get(first) or {})
        texts.pop(locale, None)
        entry[first] = {**texts, locale: text} if text else texts
    else:
        entry[first] = text or None
