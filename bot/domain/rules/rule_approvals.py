"""Drafts among the program's rule cards, and the offices that confirmed them."""

from __future__ import annotations

from datetime import datetime

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.rules.rules import Card
from bot.storage import actions
from bot.storage import rules as stored
from bot.storage.database import Transaction


async def approve(tx: Transaction, office_id: int, card: Card, person_id: int, now: datetime) -> None:
    """Confirm the present wording of a draft for an office, as its organiser.

    The wording is kept; another one is a draft again.

    Raises:
        NotAllowed: the person is no organiser of the office.
        NotFound: the card is no draft.
        AlreadyDecided: it was approved before.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    if not card.reasons:
        raise NotFound
    if not await stored.approve(tx, office_id, card.id, card.digest, card.content, now):
        raise AlreadyDecided
    await _record(tx, office_id, card, person_id, now, "rule.approved")


async def withdraw(tx: Transaction, office_id: int, card: Card, person_id: int, now: datetime) -> None:
    """Make an approved card a draft again.

    Raises:
        NotAllowed: the person is no organiser of the office.
        AlreadyDecided: it is a draft.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    if not await stored.withdraw(tx, office_id, card.id, card.digest):
        raise AlreadyDecided
    await _record(tx, office_id, card, person_id, now, "rule.withdrawn")


async def _record(
    tx: Transaction, office_id: int, card: Card, person_id: int, now: datetime, action: str
) -> None:
    await actions.record(
        tx,
        office_id=office_id,
        meeting_id=None,
        person_id=person_id,
        action=action,
        now=now,
        card=card.id,
        version=card.digest,
    )
