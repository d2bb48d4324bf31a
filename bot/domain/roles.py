"""Who may do what in an office."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.domain.errors import HasRole, LastOrganiser, LinkUsed, NotAllowed, NotFound
from bot.storage import actions, offices
from bot.storage.database import Transaction
from bot.storage.offices import Office

ORGANISER, MODERATOR, OBSERVER = "organiser", "moderator", "observer"
ROLES = (ORGANISER, MODERATOR, OBSERVER)
"""The one who may most first."""

CLAIM_PREFIX = "claim-"
CLAIM_VALID = timedelta(days=7)


async def require(tx: Transaction, office_id: int, person_id: int, *roles: str) -> str:
    """The person's role in the office, which must be one of ``roles``.

    Raises:
        NotAllowed: the person has none of them there.
    """
    role = await offices.role_of(tx, office_id, person_id)
    if role is None or role not in roles:
        raise NotAllowed
    return role


async def appoint(
    tx: Transaction, office_id: int, person_id: int, role: str, now: datetime, *, by: int | None
) -> None:
    """Give a person a role and record who did so (None: the installation's settings)."""
    await offices.grant(tx, office_id, person_id, role, now)
    await actions.record(
        tx, office_id=office_id, action="role.granted", now=now, person_id=by, subject=person_id, role=role
    )


async def dismiss(tx: Transaction, office_id: int, person_id: int, now: datetime, *, by: int) -> str:
    """Take a person's role in an office away, as an organiser of it; the role that it was.

    With an organiser go all links for roles that nobody has used yet: they may have kept one for themselves.

    Raises:
        NotAllowed: ``by`` is no organiser there.
        NotFound: the person has no role there (any more).
        LastOrganiser: the office would be left without one.
    """
    await tx.lock(f"members:{office_id}")  # of two organisers who dismiss each other, one stays
    await require(tx, office_id, by, ORGANISER)
    members = dict(await offices.members_of(tx, office_id))
    role = members.get(person_id)
    if role is None:
        raise NotFound
    if role == ORGANISER and list(members.values()).count(ORGANISER) == 1:
        raise LastOrganiser
    await offices.dismiss(tx, office_id, person_id)
    if role == ORGANISER:
        for offered in ROLES:
            await offices.forget_claims(tx, office_id, offered)
    await actions.record(
        tx, office_id=office_id, action="role.revoked", now=now, person_id=by, subject=person_id, role=role
    )
    return role


async def invite(tx: Transaction, office_id: int, role: str, now: datetime, *, by: int) -> str:
    """A one-time start payload for somebody who is to have ``role`` in the office; see :func:`offer_claim`.

    Raises:
        NotAllowed: ``by`` is no organiser there.
        NotFound: there is no such role.
    """
    await require(tx, office_id, by, ORGANISER)
    if role not in ROLES:
        raise NotFound
    await actions.record(tx, office_id=office_id, action="role.offered", now=now, person_id=by, role=role)
    return await offer_claim(tx, office_id, role, now)


async def offer_claim(tx: Transaction, office_id: int, role: str, now: datetime) -> str:
    """A start payload that gives ``role`` to the first who opens it within seven days.

    At most 64 characters of the deep link's alphabet; only its hash is stored.
    """
    token = secrets.token_urlsafe(24)
    await offices.add_claim(tx, office_id, _hash(token), role, now + CLAIM_VALID)
    return CLAIM_PREFIX + token


async def claim(tx: Transaction, payload: str, person_id: int, now: datetime) -> tuple[Office, str]:
    """Use a one-time link up; the office and the role that the person has now.

    Raises:
        LinkUsed: it is unknown, used or expired.
        HasRole: the person may as much there already; the link stays good for somebody else.
    """
    token = _hash(payload.removeprefix(CLAIM_PREFIX))
    offered = await offices.find_claim(tx, token, now)
    if offered is not None:
        role = await offices.role_of(tx, offered[0], person_id)
        if role is not None and ROLES.index(role) <= ROLES.index(offered[1]):
            raise HasRole
    used = await offices.use_claim(tx, token, now)
    office = None if used is None else await offices.find(tx, used[0])
    if used is None or office is None:
        raise LinkUsed
    await appoint(tx, office.id, person_id, used[1], now, by=person_id)
    return office, used[1]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
