"""Reading an office's list of the invited, and putting it on the meeting's: what each row does, then all or nothing.

A row is for somebody on the list already when name (without titles and ranks, in any order and case) and institution
are the same. Where it only looks so, the row is *doubtful*: somebody decides, and nothing is merged silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain import roles
from bot.domain.errors import ChangedMeanwhile
from bot.domain.forms.questions import phone_number
from bot.domain.language.texts import clean, has_letter
from bot.domain.meeting import meetings
from bot.domain.people import invitations, names, registration
from bot.i18n import N_, Translator
from bot.sheets import Row, Sheet, Unreadable
from bot.storage import actions, invitees, participants
from bot.storage import invitations as stored_links
from bot.storage.database import Transaction
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector

MOST_ROWS = 2_000
"""People in one file: what is compared and written while other updates wait."""

MOST_COMPARED = 100
"""People of one institution with each of whom a name is compared; of a larger one with those of the same initials."""

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
class Line:
    """One row of a file as it was read."""

    number: int
    """As the program that wrote the sheet counts."""
    cells: Mapping[str, str]
    """By the keys of :data:`COLUMNS`; clean texts."""


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


async def judge(
    tx: Transaction, meeting: Meeting, lines: Sequence[Line], merged: Iterable[int] = ()
) -> Report:
    """What each row would do now; ``merged`` are the numbers of doubtful rows that are for who is on the list."""
    sectors = [seat.sector for seat in await registration.seats(tx, meeting.id)]
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
            self._by_name[_name_key(invitee.name)].append(invitee)
            institution, words = names.folded(invitee.entry.institution), names.words(invitee.name)
            self._by_institution[institution].append((invitee, words))
            self._by_initials[institution, _initials(words)].append((invitee, words))
            if invitee.entry.staff_number:
                self._by_number[invitee.entry.staff_number] = invitee

    def note(self, number: int, entry: Entry) -> None:
        key = _name_key(entry.name), names.folded(entry.institution)
        self._rows.setdefault(key, (number, entry.staff_number))

    def earlier_row(self, entry: Entry) -> int | None:
        """The number of a row before for the same person; two with different staff numbers are two people."""
        found = self._rows.get((_name_key(entry.name), names.folded(entry.institution)))
        if found is None or (found[1] and entry.staff_number and found[1] != entry.staff_number):
            return None
        return found[0]

    def match(self, entry: Entry) -> tuple[Invitee | None, str]:
        """Who on the list is meant, with an empty text; or who may be, with the reason to doubt it."""
        institution = names.folded(entry.institution)
        same = self._by_name.get(_name_key(entry.name), [])
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


def _name_key(name: str) -> tuple[str, ...]:
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


async def take(
    tx: Transaction,
    meeting_id: int,
    by: int,
    lines: Sequence[Line],
    merged: Iterable[int],
    expected: Mapping[str, int],
    now: datetime,
) -> Report:
    """Put the rows on the list, as an organiser, each new person with a link of their own; what was done.

    ``expected`` says how many rows have which outcome in the preview that somebody agreed to.

    Raises:
        NotFound, NotAllowed.
        ChangedMeanwhile: the rows would do something else by now; nothing was changed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    await tx.lock(f"invited {meeting.id}")
    report = await judge(tx, meeting, lines, merged)
    if not report.can_be_taken or tally(report) != dict(expected):
        raise ChangedMeanwhile
    new, changed = [], []
    for row in report.rows:
        assert row.entry is not None
        if row.known is not None and (row.merges or row.outcome is Outcome.CHANGED):
            entry = merged_entry(row.known.entry, row.entry)
            changed.append((row.known.id, entry, names.searchable(entry.name)))
        elif row.outcome in (Outcome.NEW, Outcome.DOUBTFUL):
            new.append((row.entry, names.searchable(row.entry.name)))
    await invitees.change(tx, changed)
    await put_on_list(tx, meeting, new, now)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=by,
        action="invitees.imported",
        now=now,
        new=len(new),
        changed=len(changed),
    )
    return report


async def put_on_list(
    tx: Transaction, meeting: Meeting, entries: Sequence[tuple[Entry, str]], now: datetime
) -> list[int]:
    """Add people with links of their own; who registered already, by name and institution, counts as such."""
    ids = await invitees.add(tx, meeting.id, entries, now)
    await invitations.office_key(tx, meeting.office_id)
    await stored_links.add_personal(tx, meeting.id, ids, now)
    here = {
        (_name_key(person.name), names.folded(person.institution)): person
        for person in await participants.everybody(tx, meeting.id)
        if person.is_active and person.invitee_id is None
    }
    for invitee_id, (entry, _) in zip(ids, entries, strict=True):
        person = here.pop((_name_key(entry.name), names.folded(entry.institution)), None)
        if person is not None:
            await participants.attach(tx, person.id, invitee_id)
            await invitees.set_state(
                tx, invitee_id, invitees.REGISTERED, person.registered_at, person_id=person.person_id
            )
    return ids


def tally(report: Report) -> dict[str, int]:
    """Outcome to number of rows; outcomes without any are left out."""
    counts: dict[str, int] = {}
    for row in report.rows:
        counts[row.outcome.value] = counts.get(row.outcome.value, 0) + 1
    return counts
