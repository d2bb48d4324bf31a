"""Four eyes: what goes to more people than an office set needs the word of a second organiser.

Whoever sends something asks :func:`is_needed` first, then :func:`ask`; once another organiser tapped, :func:`approve`
returns the request, and its kind's module does what was asked for. The one who asked cannot approve.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound, OwnRequest
from bot.storage import actions, office_settings
from bot.storage import approvals as stored
from bot.storage.approvals import APPROVED, REFUSED, WAITING, Approval
from bot.storage.database import Transaction
from bot.storage.values import to_json

BROADCAST, REMINDERS, CHANGE = "broadcast", "reminders", "change"
"""Kinds of requests: to send drafts, to let reminders go out, to change the text of what was sent."""


def fingerprint(content: Any) -> str:
    """Names what an organiser looked at before they approved it: 12 digits of JSON data."""
    return hashlib.sha256(to_json(content).encode()).hexdigest()[:12]


async def is_needed(tx: Transaction, office_id: int, people: int) -> bool:
    """Whether one organiser may not decide alone on what goes to so many."""
    above = (await office_settings.find(tx, office_id)).approval_above
    return above is not None and people > above


async def ask(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    kind: str,
    subjects: Sequence[int],
    people: int,
    asked_by: int | None,
    now: datetime,
) -> tuple[Approval, bool]:
    """Ask for an approval; the request, and whether it is new: the same subjects are asked for once."""
    await tx.lock(f"approvals:{office_id}")
    for known in await stored.waiting(tx, office_id):
        if known.kind == kind and set(known.subjects) >= set(subjects):
            return known, False
    request = await stored.add(
        tx,
        office_id=office_id,
        meeting_id=meeting_id,
        kind=kind,
        subjects=subjects,
        people=people,
        asked_by=asked_by,
        now=now,
    )
    await _record(tx, request, "approval.asked", asked_by, now)
    return request, True


async def for_organiser(tx: Transaction, approval_id: int, person_id: int) -> Approval:
    """A request that the person may look at.

    Raises:
        NotFound: there is no such request.
        NotAllowed: the person is no organiser of its office.
    """
    request = await stored.find(tx, approval_id)
    if request is None:
        raise NotFound
    await roles.require(tx, request.office_id, person_id, roles.ORGANISER)
    return request


async def approve(tx: Transaction, approval_id: int, person_id: int, now: datetime) -> Approval:
    """Give the second organiser's word.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        OwnRequest: the person asked for it.
        AlreadyDecided: somebody decided before.
    """
    request = await _decide(tx, approval_id, APPROVED, person_id, now)
    await _record(tx, request, "approval.given", person_id, now)
    return request


async def refuse(tx: Transaction, approval_id: int, person_id: int, now: datetime) -> Approval:
    """Say no; who asked may take their own request back with it.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: somebody decided before.
    """
    request = await _decide(tx, approval_id, REFUSED, person_id, now)
    await _record(tx, request, "approval.refused", person_id, now)
    return request


async def _decide(tx: Transaction, approval_id: int, state: str, person_id: int, now: datetime) -> Approval:
    request = await for_organiser(tx, approval_id, person_id)
    if state == APPROVED and request.asked_by == person_id:
        raise OwnRequest
    if request.state != WAITING or not await stored.decide(tx, approval_id, state, person_id, now):
        raise AlreadyDecided
    return request


async def _record(
    tx: Transaction, request: Approval, action: str, person_id: int | None, now: datetime
) -> None:
    await actions.record(
        tx,
        office_id=request.office_id,
        meeting_id=request.meeting_id,
        person_id=person_id,
        action=action,
        now=now,
        kind=request.kind,
        subjects=list(request.subjects),
        people=request.people,
    )
