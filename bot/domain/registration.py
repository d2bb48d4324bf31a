"""Registering for a meeting, changing what was registered, and withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import AlreadyRegistered, MeetingClosed, NotFound, NotRegistered, SectorFull
from bot.storage import meetings, offices, participants, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.participants import REGISTERED, Participant
from bot.storage.values import new_code

TICKET_PREFIX = "t-"
"""What the start payload in a ticket's QR code begins with."""

TICKET_LENGTH = 5
"""24 million codes: short enough to read aloud at the desk; knowing one allows nothing."""

TICKET_TRIES = 20


@dataclass(frozen=True, slots=True)
class Details:
    """What a participant says about themselves; clean texts."""

    sector: str
    name: str
    institution: str
    position: str


@dataclass(frozen=True, slots=True)
class Seats:
    """A sector that takes part in a meeting, and how many of its seats are taken. No quota: no limit."""

    sector: Sector
    quota: int | None
    taken: int

    @property
    def are_full(self) -> bool:
        return self.quota is not None and self.taken >= self.quota


def is_joinable(meeting: Meeting) -> bool:
    """Whether people can register, change their registration and withdraw."""
    return meeting.state in (meetings.OPEN, meetings.RUNNING)


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
    taken = await participants.count_by_sector(tx, meeting.id)
    own = await participants.of_person(tx, meeting.id, person_id) if person_id is not None else None
    if own is not None and own.state == REGISTERED:
        taken[own.sector] -= 1
    return [
        Seats(sector, quotas.get(sector.code), taken.get(sector.code, 0))
        for sector in await offices.sectors(tx, meeting.office_id)
        if not quotas or sector.code in quotas
    ]


async def register(
    tx: Transaction, meeting_id: int, person_id: int, details: Details, now: datetime
) -> Participant:
    """Register a person who consents to it now; who withdrew before gets their ticket back.

    Raises:
        NotFound: there is no such meeting.
        MeetingClosed, AlreadyRegistered.
        SectorFull: its seats are taken, or it does not take part.
    """
    await hold_seats(tx, meeting_id)
    await _joinable(tx, meeting_id)
    known = await participants.of_person(tx, meeting_id, person_id)
    if known is not None and known.state == REGISTERED:
        raise AlreadyRegistered
    _admit(await seats(tx, meeting_id), details.sector)
    await people.follow(tx, person_id, meeting_id)
    if known is not None:
        await participants.return_to(tx, known.id, now)
        return await _save(tx, known.id, details)
    return await enter(tx, meeting_id, person_id, details, now)


async def enter(
    tx: Transaction, meeting_id: int, person_id: int | None, details: Details, now: datetime
) -> Participant:
    """Add a participant with a new ticket; the caller holds the seats and has seen to the rules."""
    for _ in range(TICKET_TRIES):
        added = await participants.add(
            tx,
            meeting_id=meeting_id,
            person_id=person_id,
            sector=details.sector,
            name=details.name,
            institution=details.institution,
            position=details.position,
            ticket=new_code(TICKET_LENGTH),
            now=now,
        )
        # None: somebody has this ticket. The person has no row here, because the seats are held.
        if added is not None:
            return added
    raise RuntimeError("the ticket codes are used up")


async def change(tx: Transaction, meeting_id: int, person_id: int, details: Details) -> Participant:
    """Give a registered person these details; the ticket stays.

    Raises:
        NotFound, MeetingClosed, NotRegistered.
        SectorFull: the seats of another sector than before are taken, or it does not take part.
    """
    await hold_seats(tx, meeting_id)
    await _joinable(tx, meeting_id)
    known = await registered(tx, meeting_id, person_id)
    if details.sector != known.sector:
        _admit(await seats(tx, meeting_id, person_id), details.sector)
    return await _save(tx, known.id, details)


async def withdraw(tx: Transaction, meeting_id: int, person_id: int) -> Participant:
    """Free the seat of a registered person, who can register again; who they were.

    Raises:
        NotFound, MeetingClosed, NotRegistered.
    """
    await _joinable(tx, meeting_id)
    known = await registered(tx, meeting_id, person_id)
    await participants.withdraw(tx, known.id)
    return known


async def registered(tx: Transaction, meeting_id: int, person_id: int) -> Participant:
    """The registration of a person.

    Raises:
        NotRegistered: there is none, or they withdrew.
    """
    known = await participants.of_person(tx, meeting_id, person_id)
    if known is None or known.state != REGISTERED:
        raise NotRegistered
    return known


async def hold_seats(tx: Transaction, meeting_id: int) -> None:
    """Let one registration of a meeting at a time count its seats."""
    await tx.lock(f"seats {meeting_id}")


async def _joinable(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    if not is_joinable(meeting):
        raise MeetingClosed
    return meeting


def _admit(all_seats: Sequence[Seats], sector: str) -> None:
    if not any(seat.sector.code == sector and not seat.are_full for seat in all_seats):
        raise SectorFull


async def _save(tx: Transaction, participant_id: int, details: Details) -> Participant:
    return await participants.change(
        tx,
        participant_id,
        sector=details.sector,
        name=details.name,
        institution=details.institution,
        position=details.position,
    )
