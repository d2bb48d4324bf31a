"""Who may do what in an office."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.domain.errors import LinkUsed, NotAllowed
from bot.storage import actions, offices
from bot.storage.database import Transaction
from bot.storage.offices import Office

ORGANISER, MODERATOR, OBSERVER = "organiser", "moderator", "observer"
ROLES = (ORGANISER, MODERATOR, OBSERVER)

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
    """
    used = await offices.use_claim(tx, _hash(payload.removeprefix(CLAIM_PREFIX)), now)
    office = None if used is None else await offices.find(tx, used[0])
    if used is None or office is None:
        raise LinkUsed
    await appoint(tx, office.id, person_id, used[1], now, by=person_id)
    return office, used[1]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
