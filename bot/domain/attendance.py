"""Checking people in at a meeting, finding them at the desk, and who is here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import meetings, names, registration, roles
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound, SectorFull
from bot.domain.registration import TICKET_LENGTH, TICKET_PREFIX, Details
from bot.storage import actions, attendance, offices, participants
from bot.storage import meetings as stored_meetings
from bot.storage.attendance import CODE, WALK_IN, CheckIn
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.participants import REGISTERED, Participant
from bot.storage.values import ALPHABET, millis

DESK = (roles.ORGANISER, roles.MODERATOR)
"""Who checks people in."""

MOST_CODES = 30
"""Codes that one message can hold, so that the answer to each fits into one as well."""

_LINK = re.compile(
    rf"\S*[?&]start={TICKET_PREFIX}(\w+)\S*|\b{TICKET_PREFIX}(?=\w{{{TICKET_LENGTH}}}\b)", re.IGNORECASE
)


class Outcome(StrEnum):
    """What became of a ticket at the desk."""

    CHECKED_IN = "checked_in"
    ALREADY = "already"
    UNKNOWN = "unknown"
    """There is no such ticket in the office of the operator."""
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    """It is for another meeting of the same office."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The answer to one ticket."""

    code: str
    outcome: Outcome
    participant: Participant | None = None
    """None when the ticket is unknown."""
    check_in: CheckIn | None = None
    """The check-in that counts, made now or before; None when there is none."""
    meeting: Meeting | None = None
    """The meeting that the ticket is for."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of those registered are here."""

    name: str
    """A sector's code, or an institution as its first participant wrote it."""
    present: int
    registered: int


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is registered for a meeting, and who of them is here."""

    entries: Sequence[tuple[Participant, datetime | None]]
    """By the office's order of sectors, then by name; with the moment of the check-in."""
    sectors: Sequence[Count]
    institutions: Sequence[Count]
    """By name; spellings that differ in case or punctuation only are one institution."""

    @property
    def present(self) -> int:
        return sum(count.present for count in self.sectors)

    @property
    def registered(self) -> int:
        return len(self.entries)


def codes_in(text: str) -> list[str]:
    """The words of a message as ticket codes: capitals, each once, in their order; a ticket's link gives its code."""
    plain = _LINK.sub(lambda match: f" {match[1] or ''}", text)
    return list(dict.fromkeys(word.upper() for word in re.findall(r"[^\W_]+", plain)))


def could_be_codes(codes: Sequence[str]) -> bool:
    """Whether every word has the form of a ticket's code. Names of five letters have it as well."""
    return bool(codes) and all(len(code) == TICKET_LENGTH and set(code) <= set(ALPHABET) for code in codes)


def are_codes(codes: Sequence[str]) -> bool:
    """Whether the words are meant as codes: names have no digits."""
    return any(letter.isdigit() for code in codes for letter in code)


async def for_desk(tx: Transaction, participant_id: int, operator_id: int) -> tuple[Participant, Meeting]:
    """A participant, for somebody who may check them in.

    Raises:
        NotFound: there is no such participant (any more).
        NotAllowed: the operator has no such role in the office of the meeting.
    """
    participant = await participants.find(tx, participant_id)
    if participant is None:
        raise NotFound
    return participant, await meetings.for_staff(tx, participant.meeting_id, operator_id, *DESK)


async def check_in(
    tx: Transaction, participant_id: int, operator_id: int, way: str, now: datetime
) -> Arrival:
    """Check one participant in; the second time, and after a withdrawal, nothing changes.

    Raises:
        NotFound, NotAllowed: as :func:`for_desk`.
    """
    participant, meeting = await for_desk(tx, participant_id, operator_id)
    return await _admit(tx, participant, meeting, operator_id, way, now)


async def check_in_codes(
    tx: Transaction, meeting: Meeting, codes: Iterable[str], operator_id: int, now: datetime
) -> list[Arrival]:
    """Check in those of a meeting who hold these tickets; an answer for each code, in their order.

    Raises:
        NotAllowed: the operator may not do this in the meeting's office.
    """
    await roles.require(tx, meeting.office_id, operator_id, *DESK)
    arrivals = []
    for code in codes:
        participant = await participants.with_ticket(tx, code)
        its = None if participant is None else await stored_meetings.find(tx, participant.meeting_id)
        if participant is None or its is None or its.office_id != meeting.office_id:
            # The tickets of other offices are none of the operator's business.
            arrivals.append(Arrival(code, Outcome.UNKNOWN))
        elif its.id != meeting.id:
            arrivals.append(Arrival(code, Outcome.ELSEWHERE, participant, None, its))
        else:
            arrivals.append(await _admit(tx, participant, meeting, operator_id, CODE, now))
    return arrivals


async def _admit(
    tx: Transaction, participant: Participant, meeting: Meeting, operator_id: int, way: str, now: datetime
) -> Arrival:
    code = participant.ticket
    if participant.state != REGISTERED:
        return Arrival(code, Outcome.WITHDRAWN, participant, None, meeting)
    made = await attendance.add(
        tx,
        participant_id=participant.id,
        meeting_id=meeting.id,
        operator_id=operator_id,
        way=way,
        now=now,
    )
    if made is not None:
        return Arrival(code, Outcome.CHECKED_IN, participant, made, meeting)
    before = await attendance.find(tx, participant.id)
    return Arrival(code, Outcome.ALREADY, participant, before, meeting)


def may_undo(check_in: CheckIn, operator_id: int, role: str) -> bool:
    """Whether somebody with ``role`` may take a check-in back: an organiser any, a moderator their own."""
    return role == roles.ORGANISER or (role in DESK and check_in.operator_id == operator_id)


async def undo(
    tx: Transaction, participant_id: int, at: int, operator_id: int, now: datetime
) -> tuple[Participant, Meeting]:
    """Take back the check-in that was made at ``at`` (UTC milliseconds), and record it.

    Raises:
        NotFound: there is no such participant.
        NotAllowed: the operator is no organiser of the office, and another one made it.
        AlreadyDecided: it was undone before, and perhaps made anew since.
    """
    participant, meeting = await for_desk(tx, participant_id, operator_id)
    made = await attendance.find(tx, participant_id)
    if made is None or millis(made.at) != at:
        raise AlreadyDecided
    role = await offices.role_of(tx, meeting.office_id, operator_id)
    if role is None or not may_undo(made, operator_id, role):
        raise NotAllowed
    if not await attendance.remove(tx, participant_id, at):
        raise AlreadyDecided
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=operator_id,
        action="attendance.undone",
        now=now,
        subject=participant.person_id,
    )
    return participant, meeting


async def search(tx: Transaction, meeting_id: int, query: str) -> list[tuple[Participant, datetime | None]]:
    """Those registered whose name fits, nearest first, each with the moment of the check-in; see :mod:`names`."""
    if not names.is_enough(query):
        return []
    entries = await attendance.roll(tx, meeting_id)
    return names.matching(query, ((entry, entry[0].name) for entry in entries))


async def walk_in(
    tx: Transaction, meeting_id: int, operator_id: int, details: Details, now: datetime
) -> Arrival:
    """Register somebody who stands at the desk, without Telegram, and check them in.

    Who is registered with the same name and institution already is checked in as that. The quota of a sector does not
    hold people up at the door: the organiser who looks at them decides.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the operator is no organiser of its office.
        SectorFull: the sector does not take part.
    """
    meeting = await meetings.for_staff(tx, meeting_id, operator_id, roles.ORGANISER)
    await registration.hold_seats(tx, meeting_id)
    if details.sector not in {seats.sector.code for seats in await registration.seats(tx, meeting_id)}:
        raise SectorFull
    institution = names.folded(details.institution)
    for entry in await participants.registered(tx, meeting_id):
        if names.folded(entry.institution) == institution and names.same_name(entry.name, details.name):
            return await _admit(tx, entry, meeting, operator_id, WALK_IN, now)
    added = await registration.enter(tx, meeting_id, None, details, now)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=operator_id,
        action="attendance.walk_in",
        now=now,
    )
    return await _admit(tx, added, meeting, operator_id, WALK_IN, now)


async def roll(tx: Transaction, meeting: Meeting) -> Roll:
    """Everybody registered for a meeting, with the counts by sector and institution."""
    order = {sector.code: place for place, sector in enumerate(await offices.sectors(tx, meeting.office_id))}
    taking_part = await stored_meetings.quotas(tx, meeting.id)
    entries = await attendance.roll(tx, meeting.id)
    entries.sort(key=lambda entry: (order.get(entry[0].sector, len(order)), entry[0].name.casefold()))
    sectors = _counts(((person.sector, at) for person, at in entries), str)
    listed = {count.name for count in sectors}
    sectors += [Count(code, 0, 0) for code in taking_part if code not in listed]
    sectors.sort(key=lambda count: order.get(count.name, len(order)))
    institutions = _counts(((person.institution, at) for person, at in entries), names.folded)
    institutions.sort(key=lambda count: names.folded(count.name))
    return Roll(entries, sectors, institutions)


async def roll_of(tx: Transaction, code: str) -> tuple[Office, Meeting, Roll] | None:
    """The roll of the meeting with this code; None when there is none."""
    meeting = await stored_meetings.find_by_code(tx, code)
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if meeting is None or office is None:
        return None
    return office, meeting, await roll(tx, meeting)


def _counts(entries: Iterable[tuple[str, datetime | None]], same: Callable[[str], str]) -> list[Count]:
    """Counts by name; names are one when ``same`` makes the same text of them."""
    found: dict[str, Count] = {}
    for name, at in entries:
        known = found.get(same(name), Count(name, 0, 0))
        found[same(name)] = Count(known.name, known.present + (at is not None), known.registered + 1)
    return list(found.values())
