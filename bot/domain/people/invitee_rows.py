"""Reading an office's list of the invited: which of its columns are what, and its rows as clean texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.language.texts import clean
from bot.domain.people import names
from bot.i18n import N_
from bot.sheets import Row, Sheet, Unreadable

MOST_ROWS = 2_000
"""People in one file: what is compared and written while other updates wait."""

HEADING_ROWS = 15
"""In how many rows at the top the names of the columns are looked for."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("nama", "nama lengkap", "nama undangan", "nama peserta", "nama dan gelar", "name", "full name"),
    "institution": (
        "instansi", "asal instansi", "nama instansi", "lembaga", "organisasi", "instansi lembaga", "satuan kerja",
        "institution", "organisation", "organization",
    ),
    "position": ("jabatan", "position", "title", "jabatan di instansi"),
    "sector": ("unsur", "unsur stakeholder", "sektor", "kelompok", "sector", "group", "stakeholder group"),
    "phone": (
        "telepon", "no telepon", "nomor telepon", "no telp", "telp", "hp", "no hp", "nomor hp", "no hp wa", "no wa",
        "wa", "whatsapp", "nomor whatsapp", "nomor wa", "handphone", "phone", "phone number", "mobile",
    ),
    "rank": ("pangkat", "golongan", "pangkat golongan", "pangkat gol", "rank", "grade"),
    "staff_number": ("nip", "nrp", "nip nrp", "nrp nip", "nip nrp nik", "staff number"),
}  # fmt: skip
"""What offices call the columns, folded (:func:`bot.domain.people.names.folded`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file as it was read."""

    number: int
    """As the program that wrote the sheet counts."""
    cells: Mapping[str, str]
    """By the keys of :data:`COLUMNS`; clean texts."""


def read(sheets: Sequence[Sheet]) -> list[Line] | None:
    """The rows of the first sheet that has the columns of a list of invited people; None when none has.

    Raises:
        Unreadable: it is one, and has no rows or too many.
    """
    for sheet in sheets:
        heading = _heading(sheet.rows[:HEADING_ROWS])
        if heading is None:
            continue
        row, columns = heading
        lines = [
            Line(item.number, {key: clean(item[place]) for key, place in columns.items()})
            for item in sheet.rows
            if item.number > row.number
        ]
        # A column of numbers and notes under the table make no row.
        lines = [line for line in lines if any(line.cells.values())]
        if not lines:
            raise Unreadable(N_("The list has its heading, but no row below it."))
        if len(lines) > MOST_ROWS:
            raise Unreadable(
                N_(
                    "The list has {count} people; up to {limit} are taken at once. Split it into several files."
                ),
                count=len(lines),
                limit=MOST_ROWS,
            )
        return lines
    return None


def _heading(rows: Iterable[Row]) -> tuple[Row, dict[str, int]] | None:
    for row in rows:
        found: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            named = names.folded(cell)
            for key, known in COLUMNS.items():
                if named in known:
                    found.setdefault(key, place)
        if "name" in found and "institution" in found:
            return row, found
    return None


def as_json(lines: Iterable[Line]) -> list[list[Any]]:
    return [[line.number, dict(line.cells)] for line in lines]


def from_json(data: Iterable[Sequence[Any]]) -> list[Line]:
    """The lines of :func:`as_json`."""
    return [Line(number, cells) for number, cells in data]
