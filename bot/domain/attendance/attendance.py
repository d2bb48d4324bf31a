"""Checking people in at a meeting, and finding them at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound, SectorFull
from bot.domain.meeting import meetings
from bot.domain.people import looking_up, names, registration, seating
from bot.domain.people.registration import BY_THEMSELVES, TICKET_LENGTH, TICKET_PREFIX, Details, Origin
from bot.storage import actions, attendance, invitees, offices, participants
from bot.storage import meetings as stored_meetings
from bot.storage.attendance import CODE, WALK_IN, CheckIn
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
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
    NOT_ADMITTED = "not_admitted"
    """They wait for a seat or for the committee's approval, or were refused."""
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
    return await admit(tx, participant, meeting, operator_id, way, now)


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
        participant, its = await _holder(tx, code, meeting.office_id)
        if participant is None or its is None:
            arrivals.append(Arrival(code, Outcome.UNKNOWN))
        elif its.id != meeting.id:
            arrivals.append(Arrival(code, Outcome.ELSEWHERE, participant, None, its))
        else:
            arrivals.append(await admit(tx, participant, meeting, operator_id, CODE, now))
    return arrivals


async def is_ticket_of(tx: Transaction, code: str, office_id: int) -> bool:
    """Whether a code is a ticket of any meeting of an office."""
    participant, _ = await _holder(tx, code, office_id)
    return participant is not None


async def _holder(
    tx: Transaction, code: str, office_id: int
) -> tuple[Participant, Meeting] | tuple[None, None]:
    """Who holds a ticket, and for which meeting; the tickets of other offices are none of the operator's business."""
    participant = await participants.with_ticket(tx, code)
    its = None if participant is None else await stored_meetings.find(tx, participant.meeting_id)
    if participant is None or its is None or its.office_id != office_id:
        return None, None
    return participant, its


async def admit(
    tx: Transaction,
    participant: Participant,
    meeting: Meeting,
    operator_id: int | None,
    way: str,
    now: datetime,
) -> Arrival:
    """Check a participant of this meeting in; the caller has seen to who may. None: they did it themselves."""
    code = participant.ticket
    if participant.state != REGISTERED:
        has_left = participant.state == participants.WITHDRAWN
        outcome = Outcome.WITHDRAWN if has_left else Outcome.NOT_ADMITTED
        return Arrival(code, outcome, participant, None, meeting)
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
    made_before = await before(tx, participant, meeting)
    assert made_before is not None
    return made_before


async def before(tx: Transaction, participant: Participant, meeting: Meeting) -> Arrival | None:
    """The check-in that a participant of this meeting has already; None when there is none."""
    made = await attendance.find(tx, participant.id)
    return None if made is None else Arrival(participant.ticket, Outcome.ALREADY, participant, made, meeting)


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


async def search(
    tx: Transaction, meeting_id: int, query: str, limit: int
) -> tuple[list[tuple[Participant, CheckIn | None]], int]:
    """Whose name fits, nearest first (see :mod:`looking_up`): ``limit`` of them, and how many there are.

    Those who wait for a seat or for the committee are among them: they may stand at the desk all the same.
    """
    found = await looking_up.among_participants(tx, meeting_id, query, limit=limit)
    return [(person, await attendance.find(tx, person.id)) for person in found.people], found.count


async def is_called(tx: Transaction, meeting_id: int, text: str) -> bool:
    """Whether somebody of the meeting has a name that fits."""
    return bool((await looking_up.among_participants(tx, meeting_id, text, limit=0)).count)


async def walk_in(
    tx: Transaction, meeting_id: int, operator_id: int, details: Details, now: datetime
) -> Arrival:
    """Register somebody who stands at the desk, without Telegram, and check them in.

    Who is registered with the same name and institution already is checked in as that, also from the waiting list or
    before the committee approved, and what they had not answered is noted; one of the invited comes as that. The quota
    of a sector does not hold people up at the door: the organiser who looks at them decides.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the operator is no organiser of its office.
        SectorFull: the sector does not take part.
    """
    meeting = await meetings.for_staff(tx, meeting_id, operator_id, roles.ORGANISER)
    await seating.hold(tx, meeting_id)
    if details.sector not in {seats.sector.code for seats in await seating.seats(tx, meeting_id)}:
        raise SectorFull
    institution = names.folded(details.institution)
    for entry in await looking_up.of_that_name(tx, meeting_id, details.name):
        if names.folded(entry.institution) == institution:
            waited = (participants.PENDING, participants.WAITING)
            seated = await participants.set_state(tx, entry.id, REGISTERED, expected=waited)
            known = await registration.answer_what_is_open(tx, seated or entry, details.answers)
            return await admit(tx, known, meeting, operator_id, WALK_IN, now)
    origin = await _invited_as(tx, meeting_id, institution, details.name)
    added = await registration.enter(tx, meeting_id, None, details, now, origin)
    if origin.invitee_id is not None:
        await invitees.set_state(tx, origin.invitee_id, invitees.REGISTERED, now)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=operator_id,
        action="attendance.walk_in",
        now=now,
    )
    return await admit(tx, added, meeting, operator_id, WALK_IN, now)


async def _invited_as(tx: Transaction, meeting_id: int, institution: str, name: str) -> Origin:
    """Whom of the invited somebody of this name and (folded) institution is, whose seat nobody has."""
    for invitee in await looking_up.invited_of_that_name(tx, meeting_id, name):
        same_place = names.folded(invitee.entry.institution) == institution
        if same_place and await participants.of_invitee(tx, invitee.id) is None:
            return Origin(invitee_id=invitee.id)
    return BY_THEMSELVES
