"""Lists that offices send, as rows of texts: XLSX and CSV, read without trusting them.

Nothing of a file is run, followed or guessed. What cannot be read for sure is refused with a sentence that names the
cell and says what to do. Reading is long work: call :func:`read` in a thread, never inside a transaction.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.language.texts import clean_lines
from bot.i18n import N_, Translator, translator

MAGIC_ZIP = b"PK\x03\x04"
MAGIC_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old Excel, and encrypted ones of the new, begin ([MS-CFB] 2.2)."""

_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_NOT_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")

FORMULA = N_(
    "Cell {cell} on the sheet “{sheet}” holds a formula. Select the cells, copy them, paste them as values, save, and"
    " send the file again."
)
MERGED = N_(
    "The cells {cells} on the sheet “{sheet}” are merged, so it is not sure what belongs to which row. Undo the"
    " merging, save, and send the file again."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most."""

    content_bytes: int = 2_000_000
    unpacked_bytes: int = 40_000_000
    """Of all parts of an XLSX together."""
    ratio: int = 200
    """How many times smaller packing may have made a part; a table of text packs to about a tenth."""
    parts: int = 500
    sheets: int = 20
    rows: int = 5_000
    """Of one sheet, empty ones at its end left out."""
    columns: int = 100
    cell_characters: int = 4_000


class Unreadable(Exception):
    """The file cannot be taken as it is; nothing was changed."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        """A message id: a whole sentence that says what to do, with named fields."""
        self.values: Mapping[str, object] = values
        super().__init__(self.text(translator("en")))

    def text(self, t: Translator) -> str:
        """What is wrong and what to do; not escaped."""
        return t.gettext(self.message).format(**self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of one row; a column past its end is empty."""

    number: int
    """From 1, as the program that wrote the sheet counts."""
    cells: Sequence[str]

    def __getitem__(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""

    def name(self, column: int) -> str:
        """What people call a cell: ``B7`` for the column 1 of the row 7."""
        return f"{column_name(column)}{self.number}"

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. Empty rows at its end are left out, those between others are kept."""

    name: str
    """Empty for CSV."""
    rows: Sequence[Row]


def read(content: bytes, limits: Limits = Limits()) -> list[Sheet]:
    """The sheets of an XLSX or the one of a CSV file, told apart by what they hold and not by a name.

    Dates come as ``2024-08-06``, moments as ``2024-08-06 08:30``, times as ``08:30``, yes and no as ``ya`` and
    ``tidak``, whole numbers without a point. Texts have no blanks at their ends and keep their line breaks.

    Raises:
        Unreadable: it is neither; too large; a zip bomb; has merged cells, formulas or errors.
    """
    if len(content) > limits.content_bytes:
        raise Unreadable(
            N_("The file is larger than {limit} MB. Remove pictures and sheets that are not needed."),
            limit=f"{limits.content_bytes / 1_000_000:g}",
        )
    if not content.strip():
        raise Unreadable(N_("The file is empty."))
    if content.startswith(MAGIC_ZIP):
        return _xlsx(content, limits)
    if content.startswith(MAGIC_OLE):
        raise Unreadable(
            N_(
                "This is a file of an old Excel, or one with a password. Open it, save it as “Excel Workbook (.xlsx)”"
                " without a password, and send that."
            )
        )
    if content.startswith((*_PROGRAMS, *_NOT_TABLES)):
        raise Unreadable(
            N_("This is not a table, whatever its name says. Send an Excel file (.xlsx) or a CSV file.")
        )
    return [_csv(content, limits)]


def column_name(column: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _xlsx(content: bytes, limits: Limits) -> list[Sheet]:
    from defusedxml.common import DefusedXmlException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive, limits)
            paths = _sheet_paths(archive)
            if len(paths) > limits.sheets:
                raise Unreadable(
                    N_("The file has more than {limit} sheets. Keep those that are needed."),
                    limit=limits.sheets,
                )
            for name, path in paths:
                _check_merging(archive, name, path)
        return list(_sheets(content, [name for name, _ in paths], limits))
    except Unreadable:
        raise
    except DefusedXmlException as error:
        raise Unreadable(
            N_("The file holds XML that is not safe to read. Save it again with Excel and send that.")
        ) from error
    except Exception as error:  # zipfile and openpyxl raise whatever a broken file makes them trip over
        raise Unreadable(N_("The file is damaged. Open it, save it anew as .xlsx, and send that.")) from error


def _check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Sizes as the directory of the archive tells them: zipfile reads no more of a part than it says there."""
    parts = archive.infolist()
    bomb = (
        len(parts) > limits.parts
        or sum(part.file_size for part in parts) > limits.unpacked_bytes
        or any(
            part.file_size > 1_000_000 and part.file_size > limits.ratio * max(1, part.compress_size)
            for part in parts
        )
    )
    if bomb:
        raise Unreadable(
            N_(
                "Unpacked, this file is far larger than a list can be, so I did not open it. Copy the rows into a new"
                " Excel file and send that."
            )
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(N_("The file has a password. Save it without one and send it again."))
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable(
            N_("This is not an Excel file, whatever its name says. Save the list as .xlsx and send that.")
        )


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _sheet_paths(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Names of the sheets of a workbook, in order, each with its part of the archive."""
    from defusedxml.ElementTree import fromstring

    relations = {
        element.get("Id"): str(element.get("Target", ""))
        for element in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        if str(element.get("Type", "")).endswith("/worksheet")
    }
    paths = []
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get(_RELATION) in relations:
            target = relations[element.get(_RELATION)]
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            paths.append((str(element.get("name", "")), path))
    if not paths:
        raise Unreadable(N_("The file has no sheet with a table."))
    return paths


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


def _check_merging(archive: zipfile.ZipFile, name: str, path: str) -> None:
    # openpyxl tells of merged cells only when it keeps the whole sheet in memory.
    merged = [ref.decode() for ref in _MERGED.findall(archive.read(path))]
    if merged:
        more = ", …" if len(merged) > 3 else ""
        raise Unreadable(MERGED, cells=", ".join(merged[:3]) + more, sheet=name)


def _sheets(content: bytes, names: Sequence[str], limits: Limits) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    # Not data_only: a formula must be seen, its last result may be long out of date.
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        for name in names:
            worksheet = workbook[name]
            worksheet.reset_dimensions()  # what a file says of its size need not be so
            table = _Table(name, limits)
            for number, cells in enumerate(worksheet.iter_rows(), start=1):
                table.add(
                    number,
                    (_text(name, column, number, cell) for column, cell in enumerate(cells)),
                )
            yield table.sheet()
    finally:
        workbook.close()


class _Table:
    """Gathers the rows of a sheet up to the limits."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._rows: list[Row] = []
        self._filled = 0

    def add(self, number: int, texts: Iterator[str]) -> None:
        cells: list[str] = []
        last = 0
        for column, text in enumerate(texts):
            if text:
                last = column + 1
                if column >= self._limits.columns:
                    raise Unreadable(
                        N_("Row {row} has more than {limit} columns. Remove those that are not needed."),
                        row=number,
                        limit=self._limits.columns,
                    )
                if len(text) > self._limits.cell_characters:
                    raise Unreadable(
                        N_("Cell {cell} holds more than {limit} characters. Please shorten it."),
                        cell=f"{column_name(column)}{number}",
                        limit=self._limits.cell_characters,
                    )
            if column < self._limits.columns:
                cells.append(text)
        row = Row(number, tuple(cells[:last]))
        if last:
            self._filled += 1
            if number > self._limits.rows:
                raise Unreadable(
                    N_(
                        "The table goes on after row {limit}; more rows than that are not read at once. Split it into"
                        " several files."
                    ),
                    limit=self._limits.rows,
                )
        if number <= self._limits.rows:
            self._rows.append(row)

    def sheet(self) -> Sheet:
        while self._rows and self._rows[-1].is_empty:
            self._rows.pop()
        return Sheet(self._name, tuple(self._rows))


def _text(sheet: str, column: int, number: int, cell: Any) -> str:
    """A cell of openpyxl as people read it."""
    value = cell.value
    kind = getattr(cell, "data_type", "n")  # empty cells have none
    place = f"{column_name(column)}{number}"
    if kind == "f":
        raise Unreadable(FORMULA, cell=place, sheet=sheet)
    if kind == "e":
        raise Unreadable(
            N_(
                "Cell {cell} on the sheet “{sheet}” shows an error ({error}). Correct it and send the file again."
            ),
            cell=place,
            sheet=sheet,
            error=value,
        )
    return _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        # Excel's dates are moments at midnight.
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value / timedelta(minutes=1))
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return clean_lines(str(value))


def _csv(content: bytes, limits: Limits) -> Sheet:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r"sep=(.)\r?", first):  # Excel's way to name the separator
        separator, text, before = match[1], rest, 1
    else:
        separator, before = _separator(text), 0
    table = _Table("", limits)
    csv.field_size_limit(limits.content_bytes)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1 + before):
            table.add(number, (clean_lines(cell) for cell in cells))
    except csv.Error as error:
        raise Unreadable(
            N_("Line {line} of the file is not readable: check its quotation marks."),
            line=reader.line_num + before,
        ) from error
    return table.sheet()


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 or, as older Excel writes it, cp1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\0" and content[:1] != b"\0":
        encodings = ["utf-16-le"]
    elif content[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\0-\x08\x0e-\x1f]", text):
            return text
    raise Unreadable(
        N_("This is not a table, whatever its name says. Send an Excel file (.xlsx) or a CSV file.")
    )


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most columns, as often in each."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]

    def score(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return min(counts, default=1), sum(counts)

    return max((";", "\t", ","), key=score)
