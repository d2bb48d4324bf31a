"""What organisers do with a broadcast after it was sent off: stop, go on, try again, change its text, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NeedsApproval, NotFound
from bot.domain.notices import approvals
from bot.domain.notices.broadcasts import Content, marked, read_content
from bot.storage import actions, broadcasts, deliveries, meetings
from bot.storage import broadcast_control as control
from bot.storage.approvals import Approval
from bot.storage.broadcasts import CANCELLED, DRAFT, STARTED, STOPPED, Broadcast
from bot.storage.database import Transaction

DELETABLE = timedelta(hours=48)
"""For how long a bot may delete a message of its own: Bot API, deleteMessage."""
MARGIN = timedelta(minutes=5)
"""How much earlier we stop trying: deleting takes its time."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a broadcast's text."""

    version: int
    content: Content
    made_at: datetime


async def for_organiser(tx: Transaction, broadcast_id: int, person_id: int) -> Broadcast:
    """A broadcast that went out and that the person may manage.

    Raises:
        NotFound: there is no such broadcast, or it was never sent off.
        NotAllowed: the person is no organiser of its office.
    """
    broadcast = await broadcasts.find(tx, broadcast_id)
    if broadcast is None:
        raise NotFound
    await roles.require(tx, broadcast.office_id, person_id, roles.ORGANISER)
    if broadcast.state in (DRAFT, CANCELLED):
        raise NotFound
    return broadcast


async def stop(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> None:
    """Hold back what was not sent, until :func:`resume`.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it stands still already, or was taken back.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    if not await control.stop(tx, broadcast_id):
        raise AlreadyDecided
    await _record(tx, broadcast, "stopped", person_id, now)


async def resume(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> None:
    """Go on, also in quiet hours.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it goes on already, or was taken back.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    if not await control.resume(tx, broadcast_id, any_hour=True):
        raise AlreadyDecided
    await _record(tx, broadcast, "resumed", person_id, now)


async def retry(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> int:
    """Send again to those whom it did not reach and who can be reached; how many.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: there is nobody left to try.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    count = 0 if broadcast.state != STARTED else await control.retry(tx, broadcast_id)
    if not count:
        raise AlreadyDecided
    await _record(tx, broadcast, "retried", person_id, now, chats=count)
    return count


async def propose(
    tx: Transaction, broadcast_id: int, person_id: int, content: Content, now: datetime
) -> Wording:
    """Keep a new text until the organiser confirms it; the text as it is to go out.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: the broadcast was taken back.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    if broadcast.state not in (STARTED, STOPPED):
        raise AlreadyDecided
    meeting = await meetings.find(tx, broadcast.meeting_id)
    assert meeting is not None  # a foreign key
    proposed = Wording(broadcast.version + 1, marked(meeting, content), now)
    await control.propose(tx, broadcast_id, proposed.version, proposed.content.as_data(), now)
    return proposed


async def proposed(tx: Transaction, broadcast_id: int, version: int) -> Wording:
    """The text that was proposed as this version.

    Raises:
        AlreadyDecided: none was, or the notice has this version or a later one by now.
    """
    broadcast = await broadcasts.find(tx, broadcast_id)
    for row in await control.texts_of(tx, broadcast_id):
        if broadcast is not None and row.version == version == broadcast.version + 1:
            return Wording(version, read_content(row.content), row.made_at)
    raise AlreadyDecided


async def change(
    tx: Transaction, broadcast_id: int, version: int, digest: str, person_id: int, now: datetime
) -> int:
    """Give every chat the text that was proposed as ``version``, and go on if it was stopped; how many have the former.

    ``digest`` is that of the text that the organiser saw: another one may have proposed another text since.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it has this version or a later one already, was taken back, or another text was proposed.
        NeedsApproval: more people have it than one organiser decides on alone; see :func:`ask_approval`.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    wording = await proposed(tx, broadcast_id, version)
    if wording.content.digest() != digest:
        raise AlreadyDecided
    if await approvals.is_needed(tx, broadcast.office_id, await _chats(tx, broadcast_id)):
        raise NeedsApproval
    return await _change(tx, broadcast, version, person_id, now)


async def _change(tx: Transaction, broadcast: Broadcast, version: int, person_id: int, now: datetime) -> int:
    count = await control.change(tx, broadcast.id, version, now)
    if count is None:
        raise AlreadyDecided
    if broadcast.state == STOPPED and broadcast.resumes_at is None:
        await control.resume(tx, broadcast.id)
    await _record(tx, broadcast, "changed", person_id, now, version=version, chats=count)
    return count


async def _chats(tx: Transaction, broadcast_id: int) -> int:
    return sum((await deliveries.counts(tx, broadcast_id)).values())


async def ask_approval(
    tx: Transaction, broadcast_id: int, version: int, person_id: int, now: datetime
) -> tuple[Approval, bool]:
    """Ask for a second organiser's word on a text that was proposed; the request, and whether it is new.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    return await approvals.ask(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        kind=approvals.CHANGE,
        subjects=[broadcast_id, version],
        people=await _chats(tx, broadcast_id),
        asked_by=person_id,
        now=now,
    )


async def of_request(tx: Transaction, request: Approval) -> Wording:
    """The text that a request to change a notice is about.

    Raises:
        AlreadyDecided: as :func:`proposed`.
    """
    broadcast_id, version = request.subjects
    return await proposed(tx, broadcast_id, version)


async def looked_at(tx: Transaction, request: Approval) -> str:
    """The fingerprint of that text; empty when it waits no more."""
    try:
        return (await of_request(tx, request)).content.digest()
    except AlreadyDecided:
        return ""


async def change_approved(
    tx: Transaction, request: Approval, person_id: int, now: datetime
) -> tuple[int, int]:
    """Change the text as a second organiser (``person_id``) just approved; the broadcast's id, and how many have it.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it has this version or a later one already, or was taken back.
    """
    broadcast_id, version = request.subjects
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    return broadcast_id, await _change(tx, broadcast, version, person_id, now)


async def deletable(tx: Transaction, broadcast: Broadcast, now: datetime) -> tuple[int, int]:
    """How many messages of a broadcast can be deleted at Telegram, and how many are too old for it."""
    return await control.count_deletable(tx, broadcast.id, now - DELETABLE + MARGIN)


async def withdraw(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> None:
    """Send no more of it, and delete what arrived where Telegram still allows it.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it was taken back before.
    """
    broadcast = await for_organiser(tx, broadcast_id, person_id)
    fresh, old = await deletable(tx, broadcast, now)
    if not await control.withdraw(tx, broadcast_id, now - DELETABLE + MARGIN):
        raise AlreadyDecided
    await _record(tx, broadcast, "withdrawn", person_id, now, chats=fresh, stays=old)


async def wordings(tx: Transaction, broadcast: Broadcast) -> Sequence[Wording]:
    """Every text that went out, the first one first."""
    former = [
        Wording(row.version, read_content(row.content), row.made_at)
        for row in await control.texts_of(tx, broadcast.id)
    ]
    texts = {item.version: item for item in former if item.version <= broadcast.version}
    if broadcast.version not in texts:
        texts[broadcast.version] = Wording(
            broadcast.version, read_content(broadcast.content), broadcast.created_at
        )
    return [texts[version] for version in sorted(texts)]


async def _record(
    tx: Transaction, broadcast: Broadcast, what: str, person_id: int, now: datetime, **detail: Any
) -> None:
    await actions.record(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        person_id=person_id,
        action=f"broadcast.{what}",
        now=now,
        broadcast=broadcast.id,
        **detail,
    )
