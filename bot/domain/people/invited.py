"""The list of the invited as organisers keep it: adding and removing people, answers by telephone, whom to ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import roles
from bot.domain.errors import AlreadyInvited, NotFound
from bot.domain.meeting import meetings
from bot.domain.people import admission, invitee_import, names, registration, seating
from bot.domain.people.registration import Details
from bot.storage import actions, invitees, participants
from bot.storage.database import Transaction
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant

CONTACTS_KEPT = timedelta(days=90)
"""How long after the end of a meeting telephone numbers, ranks and staff numbers of its invited stay."""

UPLOADS_KEPT = timedelta(days=1)
"""How long a list waits for the tap that takes it."""


@dataclass(frozen=True, slots=True)
class Institution:
    """Those of one institution who are to be rung."""

    name: str
    people: Sequence[Invitee]


async def for_organiser(tx: Transaction, invitee_id: int, by: int) -> tuple[Invitee, Meeting]:
    """Somebody who is invited, for an organiser of the office.

    Raises:
        NotFound: there is no such person on a list (any more).
        NotAllowed.
    """
    found = await invitees.find(tx, invitee_id)
    if found is None:
        raise NotFound
    return found, await meetings.for_staff(tx, found.meeting_id, by, roles.ORGANISER)


async def add(tx: Transaction, meeting_id: int, by: int, entry: Entry, now: datetime) -> Invitee:
    """Put one person on the list, as an organiser, with a link of their own.

    Raises:
        NotFound, NotAllowed.
        AlreadyInvited: somebody of this name and institution is on it.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    await tx.lock(f"invited {meeting.id}")
    if entry.sector not in {seat.sector.code for seat in await seating.seats(tx, meeting.id)}:
        raise NotFound
    for known in await invitees.all_of(tx, meeting.id):
        same_place = names.folded(known.entry.institution) == names.folded(entry.institution)
        if same_place and names.same_name(known.name, entry.name):
            raise AlreadyInvited
    [added] = await invitee_import.put_on_list(tx, meeting, [(entry, names.searchable(entry.name))], now)
    await _log(tx, meeting, by, "invitee.added", now)
    found = await invitees.find(tx, added)
    assert found is not None
    return found


async def remove(tx: Transaction, invitee_id: int, by: int, now: datetime) -> tuple[Invitee, Meeting]:
    """Take somebody off the list, as an organiser; a registration of theirs stays.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    found, meeting = await for_organiser(tx, invitee_id, by)
    await invitees.remove(tx, [found.id])
    await _log(tx, meeting, by, "invitee.removed", now)
    return found, meeting


async def says_no(
    tx: Transaction, invitee_id: int, by: int, reason: str, now: datetime
) -> tuple[Invitee, Meeting]:
    """Note that somebody told the committee that they cannot come; a seat that they had becomes free.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    found, meeting = await for_organiser(tx, invitee_id, by)
    await seating.hold(tx, meeting.id)
    seated = await participants.of_invitee(tx, found.id)
    if seated is not None:
        await registration.leave(tx, seated, now)
    await invitees.set_state(tx, found.id, invitees.DECLINED, now, reason=reason)
    await _log(tx, meeting, by, "invitee.declined", now)
    return await for_organiser(tx, invitee_id, by)


async def says_yes(tx: Transaction, invitee_id: int, by: int, now: datetime) -> tuple[Participant, Meeting]:
    """Register somebody who told the committee that they come, and who agreed that their data are kept.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        SectorFull: the sector does not take part any more.
        InvitationUsed: they, or somebody in their stead, are registered already.
    """
    found, meeting = await for_organiser(tx, invitee_id, by)
    entry = found.entry
    details = Details(entry.sector, entry.name, entry.institution, entry.position or "–")
    return await admission.enter_by_hand(tx, meeting.id, by, details, now, found.id)


async def to_ring(tx: Transaction, meeting_id: int, *, arrived: bool) -> list[Institution]:
    """The institutions with those to be rung, by name.

    Without ``arrived``, those who have not answered; with it, those who are to come and were not checked in yet.
    """
    found = await (invitees.not_here(tx, meeting_id) if arrived else invitees.unanswered(tx, meeting_id))
    by_name: dict[str, tuple[str, list[Invitee]]] = {}
    for invitee in found:
        name = invitee.entry.institution
        by_name.setdefault(names.folded(name), (name, []))[1].append(invitee)
    return [Institution(name, people) for _, (name, people) in sorted(by_name.items())]


async def forget_what_is_old(tx: Transaction, now: datetime) -> None:
    """Erase contacts of meetings that are long over, and lists that nobody took."""
    await invitees.forget_contacts(tx, now - CONTACTS_KEPT)
    await invitees.prune_uploads(tx, now - UPLOADS_KEPT)


async def _log(tx: Transaction, meeting: Meeting, by: int, action: str, now: datetime) -> None:
    await actions.record(
        tx, office_id=meeting.office_id, meeting_id=meeting.id, person_id=by, action=action, now=now
    )
