"""Registering for a meeting, changing what was registered, and withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.errors import (
    AlreadyRegistered,
    InvitationUsed,
    MeetingClosed,
    NotFound,
    NotRegistered,
    RegistrationRefused,
)
from bot.domain.people import names, seating
from bot.i18n import N_
from bot.storage import invitees, meetings, participants, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REFUSED, REGISTERED, WAITING, WITHDRAWN, Participant
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
    assignment_letter: str = ""
    """The number of the letter that sends a representative."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the meeting's own questions, by their ids."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How somebody comes to register: by which link, as which of the invited, in whose stead."""

    invitation_id: int | None = None
    invitee_id: int | None = None
    represents: str = ""

    @property
    def is_invited_in_person(self) -> bool:
        """Whether the committee itself put this person on its list, so that it need not approve them."""
        return self.invitee_id is not None and not self.represents


BY_THEMSELVES = Origin()

STATE_NAMES = {
    REGISTERED: N_("registered"),
    PENDING: N_("waits for the committee's approval"),
    WAITING: N_("on the waiting list"),
    REFUSED: N_("refused by the committee"),
    WITHDRAWN: N_("withdrawn"),
}
"""What each state of a registration is called, as message ids."""


def is_joinable(meeting: Meeting) -> bool:
    """Whether people can register, change their registration and withdraw."""
    return meeting.state in (meetings.OPEN, meetings.RUNNING)


async def register(
    tx: Transaction,
    meeting_id: int,
    person_id: int,
    details: Details,
    now: datetime,
    origin: Origin = BY_THEMSELVES,
) -> Participant:
    """Register a person who consents to it now; who withdrew before gets their ticket back.

    The state tells what came of it: ``registered``; ``pending`` where the committee approves registrations (not those
    of people whom it invited by name); ``waiting`` when the seats of the sector are taken.

    Raises:
        NotFound: there is no such meeting.
        MeetingClosed, AlreadyRegistered.
        RegistrationRefused: the committee refused this person before.
        SectorFull, InvitationUsed: as :func:`take_seat`.
    """
    await seating.hold(tx, meeting_id)
    meeting = await _joinable(tx, meeting_id)
    known = await participants.of_person(tx, meeting_id, person_id)
    if known is not None and known.is_active:
        raise AlreadyRegistered
    if known is not None and known.state == REFUSED:
        raise RegistrationRefused
    await people.follow(tx, person_id, meeting_id)
    if known is None and origin.is_invited_in_person:
        assert origin.invitee_id is not None
        entered = await participants.of_invitee(tx, origin.invitee_id)
        if entered is not None and entered.person_id is None and not entered.represents:
            # The committee entered them, on the telephone perhaps; now they have come themselves.
            await participants.give_account(tx, entered.id, person_id, now)
            return await _save(tx, entered.id, details)
    return await take_seat(tx, meeting, known, details, now, origin, person_id=person_id)


async def take_seat(
    tx: Transaction,
    meeting: Meeting,
    known: Participant | None,
    details: Details,
    now: datetime,
    origin: Origin = BY_THEMSELVES,
    *,
    person_id: int | None = None,
) -> Participant:
    """Let somebody in, in the state that seats and rules give them; ``known`` is their row of before.

    Whoever represents one of the invited who has a seat takes that seat over. The caller holds the seats.

    Raises:
        SectorFull: the sector does not take part.
        InvitationUsed: somebody has come as this invited person, or in their stead, already.
    """
    inherits = False
    before = None if origin.invitee_id is None else await participants.of_invitee(tx, origin.invitee_id)
    if before is not None:
        if before.represents or not origin.represents:
            raise InvitationUsed
        await participants.set_state(tx, before.id, WITHDRAWN, expected=participants.ACTIVE)
        inherits = before.state != WAITING and before.sector == details.sector
    state = (
        seating.seated_state(meeting, in_person=origin.is_invited_in_person)
        if inherits
        else await seating.state_for(tx, meeting, details.sector, in_person=origin.is_invited_in_person)
    )
    if state == WAITING:
        now = await seating.behind_the_last(tx, meeting.id, details.sector, now)
    if known is None:
        entered = await enter(tx, meeting.id, person_id, details, now, origin, state=state)
    else:
        await participants.return_to(
            tx,
            known.id,
            now,
            state=state,
            invitation_id=origin.invitation_id,
            invitee_id=origin.invitee_id,
            represents=origin.represents,
        )
        entered = await _save(tx, known.id, details)
    if origin.invitee_id is not None:
        invitee_state = invitees.REPRESENTED if origin.represents else invitees.REGISTERED
        # The account of who represents somebody is not that of the invited.
        account = None if origin.represents else person_id
        await invitees.set_state(tx, origin.invitee_id, invitee_state, now, person_id=account)
    return entered


async def enter(
    tx: Transaction,
    meeting_id: int,
    person_id: int | None,
    details: Details,
    now: datetime,
    origin: Origin = BY_THEMSELVES,
    *,
    state: str = REGISTERED,
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
            search=names.searchable(details.name),
            state=state,
            now=now,
            invitation_id=origin.invitation_id,
            invitee_id=origin.invitee_id,
            represents=origin.represents,
            assignment_letter=details.assignment_letter,
            answers=details.answers,
        )
        # None: somebody has this ticket. The person has no row here, because the seats are held.
        if added is not None:
            return added
    raise RuntimeError("the ticket codes are used up")


async def change(
    tx: Transaction, meeting_id: int, person_id: int, details: Details, now: datetime
) -> Participant:
    """Give a person who registered these details; the ticket stays.

    Who waits for a seat and changes the sector stands at the end of that one's list, or gets a seat that is free.

    Raises:
        NotFound, MeetingClosed, NotRegistered.
        SectorFull: the seats of another sector than before are taken, or it does not take part.
    """
    await seating.hold(tx, meeting_id)
    meeting = await _joinable(tx, meeting_id)
    known = await active(tx, meeting_id, person_id)
    if details.sector != known.sector:
        if known.state == WAITING:
            origin = Origin(known.invitation_id, known.invitee_id, known.represents)
            state = await seating.state_for(
                tx, meeting, details.sector, in_person=origin.is_invited_in_person
            )
            await participants.set_state(tx, known.id, state, expected=(WAITING,))
            since = await seating.behind_the_last(tx, meeting.id, details.sector, now)
            await participants.queue_again(tx, known.id, since)
        else:
            seating.admit(await seating.seats(tx, meeting_id, person_id), details.sector)
    return await _save(tx, known.id, details)


async def withdraw(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> Participant:
    """Free the seat, or the place on the waiting list, of a person, who can register again; who they were.

    One of the invited has thereby said no; when their representative withdraws, they may answer again.

    Raises:
        NotFound, MeetingClosed, NotRegistered.
    """
    await seating.hold(tx, meeting_id)
    await _joinable(tx, meeting_id)
    known = await active(tx, meeting_id, person_id)
    await leave(tx, known, now)
    return known


async def leave(tx: Transaction, known: Participant, now: datetime) -> None:
    """Free what a participant holds; the caller holds the seats and has seen to the rules."""
    await participants.set_state(tx, known.id, WITHDRAWN, expected=participants.ACTIVE)
    if known.invitee_id is not None:
        state = invitees.OPENED if known.represents else invitees.DECLINED
        await invitees.set_state(tx, known.invitee_id, state, now)


async def answer_what_is_open(tx: Transaction, known: Participant, answers: Mapping[str, Any]) -> Participant:
    """Note answers to the meeting's own questions that a participant has not given; what they said stays."""
    given = {key: value for key, value in known.answers.items() if value is not None}
    together = {key: value for key, value in answers.items() if value is not None} | given
    if together == given:
        return known
    details = Details(
        known.sector, known.name, known.institution, known.position, known.assignment_letter, together
    )
    return await _save(tx, known.id, details)


async def registered(tx: Transaction, meeting_id: int, person_id: int) -> Participant:
    """The registration of a person who has a seat.

    Raises:
        NotRegistered: there is none, they withdrew, or still wait for a seat or for the committee.
    """
    known = await active(tx, meeting_id, person_id)
    if known.state != REGISTERED:
        raise NotRegistered
    return known


async def active(tx: Transaction, meeting_id: int, person_id: int) -> Participant:
    """The registration of a person: with a seat, waiting for one, or for the committee's approval.

    Raises:
        NotRegistered: there is none, they withdrew, or the committee refused.
    """
    known = await participants.of_person(tx, meeting_id, person_id)
    if known is None or not known.is_active:
        raise NotRegistered
    return known


async def _joinable(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    if not is_joinable(meeting):
        raise MeetingClosed
    return meeting


async def _save(tx: Transaction, participant_id: int, details: Details) -> Participant:
    return await participants.change(
        tx,
        participant_id,
        sector=details.sector,
        name=details.name,
        institution=details.institution,
        position=details.position,
        search=names.searchable(details.name),
        assignment_letter=details.assignment_letter,
        answers=details.answers,
    )
