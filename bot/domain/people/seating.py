"""The seats of a meeting's sectors: how many there are, who has one, and the waiting list for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NotFound, SectorFull
from bot.storage import meetings, offices, participants
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.participants import PENDING, REGISTERED, WAITING, Participant


@dataclass(frozen=True, slots=True)
class Seats:
    """A sector that takes part in a meeting, and how many of its seats are taken. No quota: no limit."""

    sector: Sector
    quota: int | None
    taken: int
    """By those registered and those whom the committee has still to approve."""
    waiting: int = 0
    """How many stand on the waiting list; whoever comes now stands behind them."""

    @property
    def are_full(self) -> bool:
        return self.quota is not None and self.taken + self.waiting >= self.quota


async def seats(tx: Transaction, meeting_id: int, person_id: int | None = None) -> list[Seats]:
    """The sectors that take part, in the office's order; every sector of the office when the meeting names none.

    The seat that ``person_id`` holds already counts as free for them.

    Raises:
        NotFound: there is no such meeting.
    """
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    quotas = await meetings.quotas(tx, meeting.id)
    counts = await participants.seats_by_sector(tx, meeting.id)
    own = await participants.of_person(tx, meeting.id, person_id) if person_id is not None else None
    if own is not None and own.is_active:
        held, waiting = counts[own.sector]
        counts[own.sector] = (held, waiting - 1) if own.state == WAITING else (held - 1, waiting)
    return [
        Seats(sector, quotas.get(sector.code), *counts.get(sector.code, (0, 0)))
        for sector in await offices.sectors(tx, meeting.office_id)
        if not quotas or sector.code in quotas
    ]


async def hold(tx: Transaction, meeting_id: int) -> None:
    """Let one registration of a meeting at a time count its seats."""
    await tx.lock(f"seats {meeting_id}")


async def place_in_queue(tx: Transaction, waiting: Participant) -> int:
    """From 1: where somebody stands on the waiting list of their sector."""
    queue = await participants.waiting(tx, waiting.meeting_id, waiting.sector)
    return next((place for place, item in enumerate(queue, 1) if item.id == waiting.id), len(queue) + 1)


async def behind_the_last(tx: Transaction, meeting_id: int, sector: str, now: datetime) -> datetime:
    """From when on somebody waits who comes to the end of the list now; the caller holds the seats.

    Updates that came at the same time are applied in any order, and the list is in the order of the applying.
    """
    last = await participants.last_waiting_since(tx, meeting_id, sector)
    return now if last is None else max(now, last + timedelta(milliseconds=1))


async def state_for(tx: Transaction, meeting: Meeting, sector: str, *, in_person: bool) -> str:
    """The state of who comes now; :class:`SectorFull` when the sector does not take part."""
    wanted = next((item for item in await seats(tx, meeting.id) if item.sector.code == sector), None)
    if wanted is None:
        raise SectorFull
    if wanted.are_full:
        return WAITING
    return seated_state(meeting, in_person=in_person)


def seated_state(meeting: Meeting, *, in_person: bool) -> str:
    """The state of somebody for whom there is a seat; ``in_person`` when the committee itself invited them by name."""
    return PENDING if meeting.approval and not in_person else REGISTERED


def admit(all_seats: Sequence[Seats], sector: str) -> None:
    """Raise :class:`SectorFull` unless a sector takes part and has a seat left."""
    if not any(seat.sector.code == sector and not seat.are_full for seat in all_seats):
        raise SectorFull
