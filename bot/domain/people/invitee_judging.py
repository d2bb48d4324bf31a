"""What each row of a list of the invited does to the list that there is.

A row is for somebody on the list already when name (without titles and ranks, in any order and case) and institution
are the same. Where it only looks so, the row is *doubtful*: somebody decides, and nothing is merged silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.domain.forms.questions import phone_number
from bot.domain.language.texts import has_letter
from bot.domain.people import names, seating
from bot.domain.people.invitee_rows import Line
from bot.i18n import N_, Translator
from bot.storage import invitees
from bot.storage.database import Transaction
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector

MOST_COMPARED = 100
"""People of one institution with each of whom a name is compared; of a larger one with those of the same initials."""

REQUIRED = ("name", "institution", "sector")
_LENGTHS = {"name": 100, "institution": 120, "position": 100, "rank": 60, "staff_number": 30}


class Outcome(StrEnum):
    """What a row does."""

    NEW = "new"
    CHANGED = "changed"
    """Somebody on the list gets other details."""
    SAME = "same"
    DOUBTFUL = "doubtful"
    """It may be for somebody on the list; to be decided."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what it does and why."""

    line: Line
    outcome: Outcome
    entry: Entry | None = None
    """None for a refused row."""
    why: str = ""
    """A message id with fields, for doubtful and refused rows."""
    values: Mapping[str, Any] = field(default_factory=dict)
    known: Invitee | None = None
    """Who on the list is meant, or may be."""
    merges: bool = False
    """For a doubtful row: it was decided that it is for ``known``."""

    def reason(self, t: Translator) -> str:
        """Why, in a person's language; not escaped."""
        return t.gettext(self.why).format(**self.values) if self.why else ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file would do, row by row in its order."""

    rows: Sequence[Judged]

    def of(self, *outcomes: Outcome) -> list[Judged]:
        return [row for row in self.rows if row.outcome in outcomes]

    @property
    def can_be_taken(self) -> bool:
        """Whether every row can be taken; with one that cannot, none is."""
        return bool(self.rows) and not self.of(Outcome.REFUSED)


def tally(report: Report) -> dict[str, int]:
    """Outcome to number of rows; outcomes without any are left out."""
    counts: dict[str, int] = {}
    for row in report.rows:
        counts[row.outcome.value] = counts.get(row.outcome.value, 0) + 1
    return counts


async def judge(
    tx: Transaction, meeting: Meeting, lines: Sequence[Line], merged: Iterable[int] = ()
) -> Report:
    """What each row would do now; ``merged`` are the numbers of doubtful rows that are for who is on the list."""
    sectors = [seat.sector for seat in await seating.seats(tx, meeting.id)]
    book = _Book(await invitees.all_of(tx, meeting.id))
    decided = set(merged)
    rows = []
    for line in lines:
        row = _judge_row(line, sectors, book)
        if row.entry is not None:
            book.note(line.number, row.entry)
        if row.outcome is Outcome.DOUBTFUL and line.number in decided:
            row = replace(row, merges=True)
        rows.append(row)
    return Report(rows)


class _Book:
    """The list so far, and the rows of the file before, by what they are compared with."""

    def __init__(self, known: Iterable[Invitee]) -> None:
        self._by_name: dict[tuple[str, ...], list[Invitee]] = defaultdict(list)
        self._by_institution: dict[str, list[tuple[Invitee, tuple[str, ...]]]] = defaultdict(list)
        self._by_initials: dict[tuple[str, str], list[tuple[Invitee, tuple[str, ...]]]] = defaultdict(list)
        self._by_number: dict[str, Invitee] = {}
        self._rows: dict[tuple[tuple[str, ...], str], tuple[int, str]] = {}
        for invitee in known:
            self._by_name[name_key(invitee.name)].append(invitee)
            institution, words = names.folded(invitee.entry.institution), names.words(invitee.name)
            self._by_institution[institution].append((invitee, words))
            self._by_initials[institution, _initials(words)].append((invitee, words))
            if invitee.entry.staff_number:
                self._by_number[invitee.entry.staff_number] = invitee

    def note(self, number: int, entry: Entry) -> None:
        key = name_key(entry.name), names.folded(entry.institution)
        self._rows.setdefault(key, (number, entry.staff_number))

    def earlier_row(self, entry: Entry) -> int | None:
        """The number of a row before for the same person; two with different staff numbers are two people."""
        found = self._rows.get((name_key(entry.name), names.folded(entry.institution)))
        if found is None or (found[1] and entry.staff_number and found[1] != entry.staff_number):
            return None
        return found[0]

    def match(self, entry: Entry) -> tuple[Invitee | None, str]:
        """Who on the list is meant, with an empty text; or who may be, with the reason to doubt it."""
        institution = names.folded(entry.institution)
        same = self._by_name.get(name_key(entry.name), [])
        for invitee in same:
            if names.folded(invitee.entry.institution) != institution:
                continue
            theirs = invitee.entry.staff_number
            if theirs and entry.staff_number and theirs != entry.staff_number:
                return invitee, N_("same name and institution as {known}, but another NIP/NRP")
            return invitee, ""
        numbered = self._by_number.get(entry.staff_number) if entry.staff_number else None
        if numbered is not None:
            return numbered, N_("same NIP/NRP as {known}, but another name or institution")
        if same:
            return same[0], N_("same name as {known}, but another institution")
        words = names.words(entry.name)
        near = self._by_institution.get(institution, [])
        if len(near) > MOST_COMPARED:
            near = self._by_initials.get((institution, _initials(words)), [])
        for invitee, theirs_words in near:
            if names.nearly_same(theirs_words, words):
                return invitee, N_("almost the name of {known}, from the same institution")
        return None, ""


def _initials(words: Sequence[str]) -> str:
    return "".join(sorted(word[0] for word in words))


def name_key(name: str) -> tuple[str, ...]:
    """What two spellings of one name have in common; see :func:`names.same_name`."""
    return tuple(sorted(names.words(name)))


def _judge_row(line: Line, sectors: Sequence[Sector], book: _Book) -> Judged:
    cells = line.cells
    problem = _missing(cells) or _too_long(cells)
    if problem is not None:
        return Judged(line, Outcome.REFUSED, why=problem[0], values=problem[1])
    sector = _sector(cells["sector"], sectors)
    if sector is None:
        return Judged(
            line,
            Outcome.REFUSED,
            why=N_("there is no group “{sector}” in this meeting"),
            values={"sector": cells["sector"]},
        )
    phone = _phone(cells.get("phone", ""))
    if phone is None:
        return Judged(
            line, Outcome.REFUSED, why=N_("“{phone}” is no phone number"), values={"phone": cells["phone"]}
        )
    number = cells.get("staff_number", "").replace(" ", "")
    if "e+" in number.casefold():  # what Excel makes of a long number in a cell that is not text
        return Judged(
            line,
            Outcome.REFUSED,
            why=N_("Excel has rounded the NIP/NRP; format the column as text and enter it again"),
        )
    entry = Entry(
        sector,
        cells["name"],
        cells["institution"],
        cells.get("position", ""),
        phone,
        cells.get("rank", ""),
        number,
    )
    earlier = book.earlier_row(entry)
    if earlier is not None:
        return Judged(
            line, Outcome.REFUSED, why=N_("the same person as in row {row}"), values={"row": earlier}
        )
    known, doubt = book.match(entry)
    if known is None:
        return Judged(line, Outcome.NEW, entry)
    if doubt:
        about = f"{known.name}, {known.entry.institution}"
        return Judged(line, Outcome.DOUBTFUL, entry, doubt, {"known": about}, known)
    wanted = merged_entry(known.entry, entry)
    outcome = Outcome.SAME if wanted == known.entry else Outcome.CHANGED
    return Judged(line, outcome, wanted, known=known)


def _missing(cells: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    missing = {
        "name": N_("the name is missing"),
        "institution": N_("the institution is missing"),
        "sector": N_("the group (unsur) is missing"),
    }
    for key in REQUIRED:
        if not cells.get(key):
            return missing[key], {}
    if not has_letter(cells["name"]):
        return N_("“{name}” is no name"), {"name": cells["name"]}
    return None


def _too_long(cells: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    for key, limit in _LENGTHS.items():
        if len(cells.get(key, "")) > limit:
            return N_("“{text}…” is longer than {limit} characters"), {
                "text": cells[key][:30],
                "limit": limit,
            }
    return None


def _sector(text: str, sectors: Sequence[Sector]) -> str | None:
    wanted = names.folded(text)
    for sector in sectors:
        known = {names.folded(sector.code), *(names.folded(name) for name in sector.name.values())}
        if wanted in known:
            return sector.code
    return None


def _phone(text: str) -> str | None:
    """A number in international form, empty for none; None when it is none. Excel drops the 0 of ``0812…``."""
    if not text or text in ("-", "–"):
        return ""
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdigit() and digits.startswith("8") and 9 <= len(digits) <= 13:
        text = "0" + digits
    return phone_number(text)


def merged_entry(known: Entry, row: Entry) -> Entry:
    """The details on the list after a row: what the row leaves out stays."""
    return Entry(
        row.sector,
        row.name,
        row.institution,
        row.position or known.position,
        row.phone or known.phone,
        row.rank or known.rank,
        row.staff_number or known.staff_number,
    )
