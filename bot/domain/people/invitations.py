"""Invitation links: making, signing, reading and ending them.

A link's start payload is ``i-``, the id of the invitation and a signature with the key of its office (HMAC-SHA-256, cut
to 128 bits), in the alphabet that Telegram allows (A-Z, a-z, 0-9, _ and -; at most 64 characters: Bot API, deep
linking). So nobody can try ids out, and a link that was misread is told from one that ended.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import roles
from bot.domain.errors import (
    AlreadyDecided,
    InvitationExpired,
    InvitationRevoked,
    InvitationUsed,
    MeetingClosed,
    NoSuchInvitation,
    NotFound,
)
from bot.domain.meeting import meetings
from bot.domain.notices.audience import UNANSWERED, Audience
from bot.domain.notices.broadcasts import NOTICE, Content
from bot.domain.people import registration, seating, unanswered
from bot.domain.people.registration import Origin
from bot.storage import actions, broadcasts, deliveries, invitations, invitees, participants
from bot.storage import meetings as stored_meetings
from bot.storage.database import Transaction
from bot.storage.invitations import INSTITUTION, PERSON, REPRESENTATIVE, SECTOR, SHARED, Invitation
from bot.storage.invitees import Invitee
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant

PREFIX = "i-"

EXPIRIES: Mapping[str, timedelta | None] = {
    "never": None,
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
"""How long a link may be good, by the name of the choice."""

MOST = 10_000
"""The largest quota of a link."""

_ID_BYTES = 7  # of the 53 bits of an id
_SIGNATURE_BYTES = 16
_PAYLOAD = re.compile(r"i-[A-Za-z0-9_-]{10}[A-Za-z0-9_-]{22}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to."""

    invitation: Invitation
    meeting: Meeting
    invitee: Invitee | None = None
    """Whom a personal link is for; whom a representative's link lets be represented."""
    seated: Participant | None = None
    """Who has come by a personal link, or in the stead of the invited, already."""


def looks_like_payload(payload: str) -> bool:
    """Whether a start payload has the form of an invitation's."""
    return _PAYLOAD.fullmatch(payload) is not None


async def payload_of(tx: Transaction, invitation_id: int, office_id: int) -> str:
    """The start payload of a link."""
    return signed(await office_key(tx, office_id), invitation_id)


async def office_key(tx: Transaction, office_id: int) -> bytes:
    """What :func:`signed` takes, made when the office has none yet; keep it out of messages and logs."""
    return (await invitations.key(tx, office_id, secrets.token_urlsafe(32))).encode()


async def signing_key(tx: Transaction, office_id: int) -> bytes:
    """As :func:`office_key`, for a transaction that only reads.

    Raises:
        NotFound: the office has made no link yet.
    """
    key = await invitations.find_key(tx, office_id)
    if key is None:
        raise NotFound
    return key.encode()


def url(bot_username: str, payload: str) -> str:
    """The address that opens the bot with a start payload."""
    return f"https://t.me/{bot_username}?start={payload}"


def signed(key: bytes, invitation_id: int) -> str:
    number = _base64(invitation_id.to_bytes(_ID_BYTES, "big"))
    return PREFIX + number + _signature(key, invitation_id)


def _signature(key: bytes, invitation_id: int) -> str:
    digest = hmac.new(key, f"invitation {invitation_id}".encode(), hashlib.sha256).digest()
    return _base64(digest[:_SIGNATURE_BYTES])


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


async def make(
    tx: Transaction,
    meeting_id: int,
    by: int,
    now: datetime,
    *,
    kind: str,
    sector: str | None = None,
    institution: str | None = None,
    quota: int | None = None,
    expires_at: datetime | None = None,
) -> Invitation:
    """Make a link for several people, as an organiser.

    Raises:
        NotFound: there is no such meeting, sector or kind, or what the kind is about was not named.
        NotAllowed: ``by`` is no organiser of its office.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    codes = {seat.sector.code for seat in await seating.seats(tx, meeting.id)}
    if kind not in SHARED or (sector is not None and sector not in codes):
        raise NotFound
    if (kind == SECTOR and sector is None) or (kind == INSTITUTION and not institution):
        raise NotFound
    made = await invitations.add(
        tx,
        meeting_id=meeting.id,
        kind=kind,
        sector=sector,
        institution=institution if kind == INSTITUTION else None,
        quota=quota,
        expires_at=expires_at,
        now=now,
    )
    await office_key(tx, meeting.office_id)
    await _log(tx, meeting, by, "invitation.made", now)
    return made


async def personal_link(tx: Transaction, invitee: Invitee, now: datetime) -> Invitation:
    """The link of one of the invited, made anew if the last one was revoked."""
    known = await invitations.of_invitee(tx, invitee.id, PERSON)
    return known or await invitations.add(
        tx, meeting_id=invitee.meeting_id, kind=PERSON, invitee_id=invitee.id, quota=1, now=now
    )


async def representative_link(tx: Transaction, invitee: Invitee, now: datetime) -> Invitation:
    """The link by which somebody may come in the stead of one of the invited; the last unused one, or a new one."""
    known = await invitations.of_invitee(tx, invitee.id, REPRESENTATIVE)
    if known is not None and not await invitations.used(tx, known.id):
        return known
    return await invitations.add(
        tx, meeting_id=invitee.meeting_id, kind=REPRESENTATIVE, invitee_id=invitee.id, quota=1, now=now
    )


async def for_organiser(tx: Transaction, invitation_id: int, by: int) -> tuple[Invitation, Meeting]:
    """A link, for an organiser of its office.

    Raises:
        NotFound, NotAllowed.
    """
    found = await invitations.find(tx, invitation_id)
    if found is None:
        raise NotFound
    return found, await meetings.for_staff(tx, found.meeting_id, by, roles.ORGANISER)


async def revoke(tx: Transaction, invitation_id: int, by: int, now: datetime) -> tuple[Invitation, Meeting]:
    """Make a link worthless, as an organiser; who registered by it stays registered.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    _, meeting = await for_organiser(tx, invitation_id, by)
    if await invitations.revoke(tx, invitation_id, now):
        await _log(tx, meeting, by, "invitation.revoked", now)
    found = await invitations.find(tx, invitation_id)
    assert found is not None
    return found, meeting


async def open_link(tx: Transaction, payload: str, person_id: int, now: datetime) -> Opened:
    """What a start payload leads to; recorded as opened by this account.

    Raises:
        NoSuchInvitation: no office here signed it.
        InvitationRevoked, InvitationExpired, InvitationUsed.
    """
    number = int.from_bytes(urlsafe_b64decode(payload[2:12] + "==")) if looks_like_payload(payload) else 0
    found = await invitations.find(tx, number)
    meeting = None if found is None else await stored_meetings.find(tx, found.meeting_id)
    if found is None or meeting is None:
        raise NoSuchInvitation
    key = await signing_key(tx, meeting.office_id)
    if not hmac.compare_digest(_signature(key, found.id).encode(), payload[12:].encode()):
        raise NoSuchInvitation
    opened = await _opened(tx, found, meeting, person_id, now)
    if meeting.state != stored_meetings.DRAFT:
        await invitations.note_opening(tx, found.id, person_id, now)
        if found.kind == PERSON and opened.invitee is not None:
            await invitees.set_state(
                tx, opened.invitee.id, invitees.OPENED, now, expected=(invitees.INVITED,), person_id=person_id
            )
    return opened


async def again(tx: Transaction, invitation_id: int, person_id: int, now: datetime) -> Opened:
    """What a link leads to that this account opened before, as things are now.

    Raises:
        NotFound: the account did not open it.
        InvitationRevoked, InvitationExpired, InvitationUsed.
    """
    found = await invitations.find(tx, invitation_id)
    if found is None or not await invitations.was_opened_by(tx, invitation_id, person_id):
        raise NotFound
    meeting = await stored_meetings.find(tx, found.meeting_id)
    assert meeting is not None
    return await _opened(tx, found, meeting, person_id, now)


async def _opened(
    tx: Transaction, found: Invitation, meeting: Meeting, person_id: int, now: datetime
) -> Opened:
    if found.revoked_at is not None:
        raise InvitationRevoked
    own = await participants.of_person(tx, meeting.id, person_id)
    came_by_it = own is not None and own.is_active and own.invitation_id == found.id
    if found.expires_at is not None and found.expires_at <= now and not came_by_it:
        raise InvitationExpired
    invitee = None if found.invitee_id is None else await invitees.find(tx, found.invitee_id)
    seated = None if invitee is None else await participants.of_invitee(tx, invitee.id)
    # A personal link is answered for itself: who holds it may look what became of the invitation.
    is_counted = found.kind != PERSON and not came_by_it and found.quota is not None
    if is_counted and await invitations.used(tx, found.id) >= (found.quota or 0):
        raise InvitationUsed
    return Opened(found, meeting, invitee, seated)


async def origin_for(tx: Transaction, invitation_id: int, person_id: int, now: datetime) -> Origin:
    """How somebody registers who opened this link; holds the seats of the meeting, so that its quota holds.

    Raises:
        NotFound, InvitationRevoked, InvitationExpired, InvitationUsed: as :func:`again`.
    """
    found = await invitations.find(tx, invitation_id)
    if found is None:
        raise NotFound
    await seating.hold(tx, found.meeting_id)
    opened = await again(tx, invitation_id, person_id, now)
    if opened.invitee is None:
        return Origin(found.id)
    represents = opened.invitee.name if found.kind == REPRESENTATIVE else ""
    return Origin(found.id, opened.invitee.id, represents)


async def decline(tx: Transaction, invitation_id: int, person_id: int, reason: str, now: datetime) -> Opened:
    """Say, by one's own link, that one cannot come; a seat that one had becomes free.

    Raises:
        NotFound: the account did not open it, or it is nobody's own.
        MeetingClosed, InvitationRevoked, InvitationExpired.
        InvitationUsed: another account has registered by it, or somebody comes in the stead of the invited.
    """
    opened = await _own(tx, invitation_id, person_id, now)
    assert opened.invitee is not None
    if opened.seated is not None:
        await registration.leave(tx, opened.seated, now)
    await invitees.set_state(
        tx, opened.invitee.id, invitees.DECLINED, now, person_id=person_id, reason=reason
    )
    return opened


async def send_representative(
    tx: Transaction, invitation_id: int, person_id: int, now: datetime
) -> tuple[Opened, Invitation]:
    """By one's own link, a one-time link for whoever comes in one's stead.

    Raises:
        NotFound, MeetingClosed, InvitationRevoked, InvitationExpired, InvitationUsed: as :func:`decline`.
    """
    opened = await _own(tx, invitation_id, person_id, now)
    assert opened.invitee is not None
    return opened, await representative_link(tx, opened.invitee, now)


async def _own(tx: Transaction, invitation_id: int, person_id: int, now: datetime) -> Opened:
    found = await invitations.find(tx, invitation_id)
    if found is None or found.kind != PERSON:
        raise NotFound
    await seating.hold(tx, found.meeting_id)
    opened = await again(tx, invitation_id, person_id, now)
    if opened.invitee is None:
        raise NotFound
    if not registration.is_joinable(opened.meeting):
        raise MeetingClosed
    seated = opened.seated
    if seated is not None and (seated.represents or seated.person_id not in (None, person_id)):
        raise InvitationUsed
    return opened


async def remind(tx: Transaction, meeting: Meeting, by: int, content: Content, now: datetime) -> int:
    """Write to those who have not answered (:mod:`bot.domain.people.unanswered`), as an organiser; to how many.

    Raises:
        NotAllowed: ``by`` is no organiser of the office.
        AlreadyDecided: everybody who can be reached has answered.
    """
    await roles.require(tx, meeting.office_id, by, roles.ORGANISER)
    recipients = [one.recipient for one in await unanswered.reachable(tx, meeting.id)]
    if not recipients:
        raise AlreadyDecided
    broadcast = await broadcasts.add(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=NOTICE,
        content=content.as_data(),
        audience=Audience(sectors="all", states=(UNANSWERED,)).as_data(),
        author_id=by,
        state=broadcasts.STARTED,
        now=now,
    )
    await deliveries.add(tx, broadcast.id, recipients)
    await _log(tx, meeting, by, "invitation.reminded", now)
    return len(recipients)


async def _log(tx: Transaction, meeting: Meeting, by: int, action: str, now: datetime) -> None:
    await actions.record(
        tx, office_id=meeting.office_id, meeting_id=meeting.id, person_id=by, action=action, now=now
    )
