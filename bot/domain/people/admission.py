"""Who is let in: the committee's decisions on registrations, and the waiting list, which moves up by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meetings
from bot.domain.people import registration, seating
from bot.domain.people.registration import Details, Origin
from bot.storage import actions, invitees, participants
from bot.storage import meetings as stored_meetings
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import (
    ACTIVE,
    PENDING,
    REFUSED,
    REGISTERED,
    WAITING,
    Participant,
)


async def for_committee(
    tx: Transaction, participant_id: int, by: int, *allowed: str
) -> tuple[Participant, Meeting]:
    """A participant, for somebody with one of the roles ``allowed`` in the office of the meeting.

    Raises:
        NotFound: there is no such participant (any more).
        NotAllowed.
    """
    found = await participants.find(tx, participant_id)
    if found is None:
        raise NotFound
    return found, await meetings.for_staff(tx, found.meeting_id, by, *allowed)


async def approve(
    tx: Transaction, participant_id: int, by: int, now: datetime
) -> tuple[Participant, Meeting]:
    """Let in somebody who waits for it, or who was refused before; without a free seat they wait for one.

    Raises:
        NotFound, NotAllowed: as :func:`for_committee`, for organisers.
        AlreadyDecided: there is nothing to approve (any more).
    """
    found, meeting = await for_committee(tx, participant_id, by, roles.ORGANISER)
    await seating.hold(tx, meeting.id)
    state = REGISTERED
    if found.state == REFUSED:
        seats = {seat.sector.code: seat for seat in await seating.seats(tx, meeting.id)}
        wanted = seats.get(found.sector)
        if wanted is not None and wanted.are_full:
            state = WAITING
    approved = await participants.set_state(tx, found.id, state, expected=(PENDING, REFUSED))
    if approved is None:
        raise AlreadyDecided
    if state == WAITING:
        since = await seating.behind_the_last(tx, meeting.id, found.sector, now)
        await participants.queue_again(tx, found.id, since)
    await _log(tx, meeting, by, "registration.approved", now, found)
    return approved, meeting


async def approve_all(
    tx: Transaction, meeting_id: int, participant_ids: Sequence[int], by: int, now: datetime
) -> list[Participant]:
    """Let in those of these people of a meeting who still wait for it; who was let in.

    Raises:
        NotFound, NotAllowed: for organisers of the meeting's office.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    waiting = [
        found
        for found in await participants.find_all(tx, participant_ids)
        if found.meeting_id == meeting.id and found.state == PENDING
    ]
    return [(await approve(tx, found.id, by, now))[0] for found in waiting]


async def refuse(
    tx: Transaction, participant_id: int, by: int, reason: str, now: datetime
) -> tuple[Participant, Meeting]:
    """Refuse a registration, for a reason that the person reads; a seat becomes free.

    Raises:
        NotFound, NotAllowed: as :func:`for_committee`, for organisers.
        AlreadyDecided: they do not take part (any more), or were refused before.
    """
    found, meeting = await for_committee(tx, participant_id, by, roles.ORGANISER)
    await seating.hold(tx, meeting.id)
    refused = await participants.set_state(tx, found.id, REFUSED, expected=ACTIVE, reason=reason)
    if refused is None:
        raise AlreadyDecided
    if found.invitee_id is not None:
        await invitees.set_state(tx, found.invitee_id, invitees.OPENED, now)
    await _log(tx, meeting, by, "registration.refused", now, found)
    return refused, meeting


async def enter_by_hand(
    tx: Transaction,
    meeting_id: int,
    by: int,
    details: Details,
    now: datetime,
    invitee_id: int | None = None,
    represents: str = "",
) -> tuple[Participant, Meeting]:
    """Register somebody without Telegram, as an organiser who asked them; seats and waiting list hold as for others.

    Raises:
        NotFound, NotAllowed, SectorFull.
        InvitationUsed: this invited person is registered already.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    await seating.hold(tx, meeting.id)
    invitee = None if invitee_id is None else await invitees.find(tx, invitee_id)
    if invitee_id is not None and (invitee is None or invitee.meeting_id != meeting.id):
        raise NotFound
    origin = Origin(None, invitee_id, represents)
    entered = await registration.take_seat(tx, meeting, None, details, now, origin)
    if entered.state == PENDING:  # the committee itself did it
        approved = await participants.set_state(tx, entered.id, REGISTERED, expected=(PENDING,))
        assert approved is not None
        entered = approved
    await _log(tx, meeting, by, "registration.by_hand", now, entered)
    return entered, meeting


async def withdraw_by_hand(
    tx: Transaction, participant_id: int, by: int, now: datetime
) -> tuple[Participant, Meeting]:
    """Take somebody out who told the committee that they do not come.

    Raises:
        NotFound, NotAllowed: as :func:`for_committee`, for organisers.
        AlreadyDecided: they do not take part (any more).
    """
    found, meeting = await for_committee(tx, participant_id, by, roles.ORGANISER)
    await seating.hold(tx, meeting.id)
    if not found.is_active:
        raise AlreadyDecided
    await registration.leave(tx, found, now)
    await _log(tx, meeting, by, "registration.withdrawn", now, found)
    return found, meeting


async def has_waiting(tx: Transaction) -> bool:
    """Whether somebody waits for a seat; cheap enough to ask after every update."""
    return bool(await participants.meetings_with_waiting(tx))


async def move_up(tx: Transaction) -> list[tuple[Participant, Meeting]]:
    """Give free seats to those who wait for them, of every meeting that people can join; who got one.

    Where the committee approves registrations, they wait for its approval from now on.
    """
    moved = []
    for meeting_id in await participants.meetings_with_waiting(tx):
        await seating.hold(tx, meeting_id)
        meeting = await stored_meetings.find(tx, meeting_id)
        if meeting is None or not registration.is_joinable(meeting):
            continue
        for seats in await seating.seats(tx, meeting_id):
            free = None if seats.quota is None else max(0, seats.quota - seats.taken)
            for item in (await participants.waiting(tx, meeting_id, seats.sector.code))[:free]:
                origin = Origin(item.invitation_id, item.invitee_id, item.represents)
                state = seating.seated_state(meeting, in_person=origin.is_invited_in_person)
                seated = await participants.set_state(tx, item.id, state, expected=(WAITING,))
                if seated is not None:
                    moved.append((seated, meeting))
    return moved


async def pending(tx: Transaction, meeting_id: int) -> int:
    """How many registrations wait for the committee."""
    return (await participants.count_by_state(tx, meeting_id)).get(PENDING, 0)


def choices_about(participant: Participant) -> Sequence[str]:
    """What an organiser can do about a participant: ``approve``, ``refuse``, ``withdraw``."""
    return {
        PENDING: ("approve", "refuse"),
        REFUSED: ("approve",),
        REGISTERED: ("refuse", "withdraw"),
        WAITING: ("refuse", "withdraw"),
    }.get(participant.state, ())


async def _log(
    tx: Transaction, meeting: Meeting, by: int, action: str, now: datetime, about: Participant
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=by,
        action=action,
        now=now,
        subject=about.person_id,
    )
