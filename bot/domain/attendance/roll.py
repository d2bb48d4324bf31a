"""The attendance list of a meeting: its lines with their numbers, and who is here and who is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.domain.people import names
from bot.storage import actions, attendance, meetings, offices, signatures
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    number: int
    """The same on paper, in the sheet and on the screen. Numbers of those who withdrew are missing."""
    participant: Participant
    arrived_at: datetime | None
    """The moment of the check-in; None for who is not here."""
    signed: bool
    """Whether the committee has ticked a signature on paper."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many are here, of those registered and of those invited."""

    name: str
    """A sector's code, or an institution as most of its people write it."""
    present: int
    registered: int
    invited: int = 0
    declined: int = 0
    """Of the invited, how many said that they cannot come."""

    def __add__(self, other: Count) -> Count:
        return Count(
            self.name,
            self.present + other.present,
            self.registered + other.registered,
            self.invited + other.invited,
            self.declined + other.declined,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers of a hall."""

    sectors: Sequence[Count]
    """Those that take part, and others of which somebody came, in the office's order."""
    institutions: Sequence[Count]
    """By name; spellings that differ in case or punctuation only are one institution."""

    @property
    def present(self) -> int:
        return sum(count.present for count in self.sectors)

    @property
    def registered(self) -> int:
        return sum(count.registered for count in self.sectors)

    @property
    def invited(self) -> int:
        return sum(count.invited for count in self.sectors)

    @property
    def here(self) -> list[Count]:
        """The institutions of which somebody is here."""
        return [count for count in self.institutions if count.present]

    @property
    def missing(self) -> list[Count]:
        """The institutions of which people are registered, and nobody is here."""
        return [count for count in self.institutions if count.registered and not count.present]

    @property
    def silent(self) -> list[Count]:
        """The institutions that are invited, and of which nobody is registered."""
        return [count for count in self.institutions if not count.registered]


async def entries(tx: Transaction, meeting: Meeting) -> list[Entry]:
    """Everybody registered, by the numbers of the list.

    Those whose number is fixed (:func:`fix_numbers`) come first. The others follow by the office's order of sectors
    and by name, and have the next numbers as long as nobody comes between them.
    """
    order = await _order_of_sectors(tx, meeting)
    listed = await attendance.roll(tx, meeting.id)
    last = await signatures.last_number(tx, meeting.id)
    fixed = [(item.number, item) for item in listed if item.number is not None]
    fixed.sort(key=lambda line: line[0])
    late = sorted(
        (item for item in listed if item.number is None),
        key=lambda item: (
            order.get(item.participant.sector, len(order)),
            item.participant.name.casefold(),
            item.participant.id,
        ),
    )
    return [
        Entry(number, item.participant, item.arrived_at, item.signed)
        for number, item in [*fixed, *enumerate(late, last + 1)]
    ]


async def fix_numbers(tx: Transaction, meeting: Meeting) -> list[Entry]:
    """Let every line keep the number that it has now: the list is being printed. The lines."""
    await tx.lock(f"list {meeting.id}")
    lines = await entries(tx, meeting)
    known = await signatures.numbers(tx, meeting.id)
    new = {line.participant.id: line.number for line in lines if line.participant.id not in known}
    await signatures.fix_numbers(tx, meeting.id, new)
    return lines


async def has_fixed_numbers(tx: Transaction, meeting: Meeting) -> bool:
    """Whether the list was printed."""
    return await signatures.last_number(tx, meeting.id) > 0


async def number_anew(tx: Transaction, meeting: Meeting, by: int, now: datetime) -> list[Entry]:
    """Give every line the number of its place by sector and name, as an organiser; the lines.

    Lists that were printed before no longer fit.

    Raises:
        NotAllowed: ``by`` is no organiser of the office.
    """
    await roles.require(tx, meeting.office_id, by, roles.ORGANISER)
    await tx.lock(f"list {meeting.id}")
    await signatures.forget_numbers(tx, meeting.id)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=by,
        action="signatures.numbered",
        now=now,
    )
    return await fix_numbers(tx, meeting)


async def tally(tx: Transaction, meeting: Meeting) -> Tally:
    """Who is here, by sector and institution, against those registered and those invited."""
    order = await _order_of_sectors(tx, meeting)
    counted = await attendance.counts(tx, meeting.id)
    counted.sort(key=lambda item: (-item.registered, item.institution))
    invited = await attendance.invited(tx, meeting.id)
    sectors = _merged(
        [
            *(Count(item.sector, item.present, item.registered) for item in counted),
            *(Count(item.sector, 0, 0, item.people, item.declined) for item in invited),
            *(Count(code, 0, 0) for code in await meetings.quotas(tx, meeting.id)),
        ],
        str,
    )
    sectors.sort(key=lambda count: order.get(count.name, len(order)))
    institutions = _merged(
        [
            *(Count(item.institution, item.present, item.registered) for item in counted),
            *(Count(item.institution, 0, 0, item.people, item.declined) for item in invited),
        ],
        names.folded,
    )
    institutions.sort(key=lambda count: names.folded(count.name))
    return Tally(sectors, institutions)


async def _order_of_sectors(tx: Transaction, meeting: Meeting) -> dict[str, int]:
    found = await offices.sectors(tx, meeting.office_id)
    return {sector.code: place for place, sector in enumerate(found)}


def _merged(counts: Iterable[Count], same: Callable[[str], str]) -> list[Count]:
    """One count a name; names are one when ``same`` makes the same text of them."""
    found: dict[str, Count] = {}
    for count in counts:
        key = same(count.name)
        found[key] = found[key] + count if key in found else count
    return list(found.values())
