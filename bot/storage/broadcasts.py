"""Broadcasts and their deliveries: one message to many chats, and that message for one chat.

What concerns the order, the claiming and the outcome of deliveries counts on the system's clock, never on the program's
movable one: a demo that jumps a week ahead must not make a sender lose what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

DRAFT, STARTED, CANCELLED = "draft", "started", "cancelled"

PENDING, SENDING, SENT, BLOCKED, FAILED = "pending", "sending", "sent", "blocked", "failed"
"""States of a delivery. ``blocked``: nobody reads there (any more); ``failed``: given up, with its error."""

OPEN_STATES = (PENDING, SENDING)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many chats. ``content`` and ``audience`` are as :mod:`bot.domain` reads them."""

    id: int
    office_id: int
    meeting_id: int
    kind: str
    content: Mapping[str, Any]
    audience: Mapping[str, Any]
    author_id: int | None
    """The person who sent it; None when the program did by itself."""
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat that a broadcast goes to, and the language in which."""

    chat_id: int
    locale: str
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that a sender holds, with what to send."""

    broadcast_id: int
    chat_id: int
    thread_id: int | None
    locale: str
    attempts: int
    """How often it was tried before."""
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress message that is due to be brought up to date."""

    broadcast_id: int
    kind: str
    created_at: datetime
    chat_id: int
    message_id: int
    locale: str
    counts: Mapping[str, int]
    """Deliveries by state; states without any are left out."""


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        id=row["id"],
        office_id=row["office_id"],
        meeting_id=row["meeting_id"],
        kind=row["kind"],
        content=from_json(row["content"]),
        audience=from_json(row["audience"]),
        author_id=row["author_id"],
        state=row["state"],
        created_at=moment(row["created_at"]),
    )


async def add(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    kind: str,
    content: Mapping[str, Any],
    audience: Mapping[str, Any],
    author_id: int | None,
    state: str,
    now: datetime,
) -> Broadcast:
    row = await tx.one(
        "INSERT INTO broadcasts (id, office_id, meeting_id, kind, content, audience, author_id, state, created_at)"
        " VALUES (:id, :office, :meeting, :kind, :content, :audience, :author, :state, :now) RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        kind=kind,
        content=to_json(dict(content)),
        audience=to_json(dict(audience)),
        author=author_id,
        state=state,
        now=millis(now),
    )
    assert row is not None
    return _broadcast(row)


async def find(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    row = await tx.one("SELECT * FROM broadcasts WHERE id = :id", id=broadcast_id)
    return None if row is None else _broadcast(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Broadcast]:
    """The broadcasts of a meeting that went out, in the order in which they were made."""
    rows = await tx.all(
        "SELECT * FROM broadcasts WHERE meeting_id = :meeting AND state = 'started' ORDER BY created_at, id",
        meeting=meeting_id,
    )
    return [_broadcast(row) for row in rows]


async def leave_draft(tx: Transaction, broadcast_id: int, state: str) -> bool:
    """Start or cancel a draft; False when somebody did either before, and the caller does nothing."""
    return (
        await tx.run(
            "UPDATE broadcasts SET state = :state WHERE id = :id AND state = 'draft'",
            id=broadcast_id,
            state=state,
        )
        > 0
    )


async def show_progress(
    tx: Transaction, broadcast_id: int, chat_id: int, message_id: int, locale: str
) -> None:
    """Have a message of the bot's brought up to date until every delivery is done with."""
    await tx.run(
        "UPDATE broadcasts SET progress_chat_id = :chat, progress_message_id = :message, progress_locale = :locale,"
        " progress_at = 0 WHERE id = :id",
        id=broadcast_id,
        chat=chat_id,
        message=message_id,
        locale=locale,
    )


async def reachable_participants(
    tx: Transaction, meeting_id: int, sectors: Sequence[str] | None, *, unless_stopped: int | None
) -> list[Recipient]:
    """Those registered for a meeting who can be written to, of some sectors or (None) of all.

    ``unless_stopped`` is the office whose regulation reminders they must not have stopped; None where it is no matter.
    """
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram,"
        " participants.sector AS sector FROM participants JOIN people ON people.id = participants.person_id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'"
        " AND people.reach = 'reachable' AND NOT EXISTS (SELECT 1 FROM reminder_optouts AS stopped"
        " WHERE stopped.office_id = CAST(:office AS BIGINT) AND stopped.person_id = people.id)"
        " ORDER BY participants.registered_at, people.id",
        meeting=meeting_id,
        office=unless_stopped,
    )
    return [_person(row) for row in rows if sectors is None or row["sector"] in sectors]


async def reachable_members(tx: Transaction, office_id: int, role: str) -> list[Recipient]:
    """Those with a role in an office who can be written to."""
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram"
        " FROM members JOIN people ON people.id = members.person_id"
        " WHERE members.office_id = :office AND members.role = :role AND people.reach = 'reachable'"
        " ORDER BY members.granted_at, people.id",
        office=office_id,
        role=role,
    )
    return [_person(row) for row in rows]


async def reachable_by_sector(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """Sector code to number of those registered who can be written to; sectors without any are left out."""
    rows = await tx.all(
        "SELECT participants.sector AS sector, COUNT(*) AS people"
        " FROM participants JOIN people ON people.id = participants.person_id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'"
        " AND people.reach = 'reachable' GROUP BY participants.sector",
        meeting=meeting_id,
    )
    return {row["sector"]: row["people"] for row in rows}


def _person(row: Row) -> Recipient:
    return Recipient(row["id"], row["chosen"] or row["telegram"] or "id")


async def deliver(tx: Transaction, broadcast_id: int, recipients: Iterable[Recipient]) -> None:
    """Make one delivery for each chat, due at once; a chat that has one already keeps it."""
    await tx.many(
        "INSERT INTO deliveries (broadcast_id, chat_id, thread_id, locale, state, attempts, next_at)"
        " VALUES (:broadcast, :chat, :thread, :locale, 'pending', 0, 0) ON CONFLICT (broadcast_id, chat_id) DO NOTHING",
        [
            {"broadcast": broadcast_id, "chat": to.chat_id, "thread": to.thread_id, "locale": to.locale}
            for to in recipients
        ],
    )


async def counts(tx: Transaction, broadcast_id: int) -> dict[str, int]:
    """Deliveries of a broadcast by state; states without any are left out."""
    rows = await tx.all(
        "SELECT state, COUNT(*) AS chats FROM deliveries WHERE broadcast_id = :id GROUP BY state",
        id=broadcast_id,
    )
    return {row["state"]: row["chats"] for row in rows}


async def claim(tx: Transaction, sender: int, now: datetime, until: datetime, limit: int) -> list[Claimed]:
    """Take up to ``limit`` due deliveries for ``sender``, which nobody else may take before ``until``.

    Those that another sender held too long are taken over. It never takes what ``sender`` itself holds.
    """
    # One claims at a time, so that two senders do not take each other's rows in opposite order and deadlock.
    await tx.lock("deliveries.claim")
    rows = await tx.all(
        "UPDATE deliveries SET state = 'sending', sender = :sender, next_at = :until"
        " WHERE (broadcast_id, chat_id) IN (SELECT broadcast_id, chat_id FROM deliveries"
        "  WHERE state = 'pending' AND next_at <= :now ORDER BY next_at LIMIT :limit)"
        " AND state = 'pending' AND next_at <= :now"
        " RETURNING broadcast_id, chat_id, thread_id, locale, attempts",
        sender=sender,
        now=millis(now),
        until=millis(until),
        limit=limit,
    )
    contents: dict[int, Mapping[str, Any]] = {}
    for broadcast_id in {row["broadcast_id"] for row in rows}:
        contents[broadcast_id] = from_json(
            await tx.value("SELECT content FROM broadcasts WHERE id = :id", id=broadcast_id)
        )
    return [
        Claimed(
            row["broadcast_id"],
            row["chat_id"],
            row["thread_id"],
            row["locale"],
            row["attempts"],
            contents[row["broadcast_id"]],
        )
        for row in rows
    ]


async def release(tx: Transaction, sender: int, now: datetime | None) -> int:
    """Give back what others than ``sender`` hold for longer than they may; how many.

    ``now`` None gives back all that others hold: for a program that knows itself to be the only one.
    """
    return await tx.run(
        "UPDATE deliveries SET state = 'pending', sender = NULL, next_at = 0"
        " WHERE state = 'sending' AND sender <> :sender"
        " AND (CAST(:now AS BIGINT) IS NULL OR next_at <= :now)",
        sender=sender,
        now=None if now is None else millis(now),
    )


async def give_back(tx: Transaction, sender: int) -> None:
    """Let go of all that ``sender`` holds, due at once."""
    await tx.run(
        "UPDATE deliveries SET state = 'pending', sender = NULL, next_at = 0"
        " WHERE state = 'sending' AND sender = :sender",
        sender=sender,
    )


async def any_held(tx: Transaction) -> bool:
    """Whether anybody holds a delivery."""
    return await tx.one("SELECT 1 AS yes FROM deliveries WHERE state = 'sending' LIMIT 1") is not None


async def hold(tx: Transaction, sender: int, until: datetime) -> None:
    """Keep what ``sender`` holds until a later moment."""
    await tx.run(
        "UPDATE deliveries SET next_at = :until WHERE state = 'sending' AND sender = :sender",
        sender=sender,
        until=millis(until),
    )


async def soonest(tx: Transaction) -> datetime | None:
    """When the next pending delivery may be sent; None when none is pending."""
    value = await tx.value("SELECT MIN(next_at) FROM deliveries WHERE state = 'pending'")
    return None if value is None else moment(value)


async def settle(
    tx: Transaction,
    sender: int,
    broadcast_id: int,
    chat_id: int,
    *,
    state: str,
    message_id: int | None = None,
    error: str | None = None,
) -> None:
    """Record how a delivery that ``sender`` holds ended. One that was taken over meanwhile is left alone."""
    await tx.run(
        "UPDATE deliveries SET state = :state, sender = NULL, message_id = :message, error = :error,"
        " attempts = attempts + 1"
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        sender=sender,
        broadcast=broadcast_id,
        chat=chat_id,
        state=state,
        message=message_id,
        error=error,
    )


async def postpone(
    tx: Transaction,
    sender: int,
    broadcast_id: int,
    chat_id: int,
    *,
    until: datetime,
    error: str | None,
    counted: bool,
) -> None:
    """Let a delivery that ``sender`` holds wait; ``counted`` when it was an attempt of its own that failed."""
    await tx.run(
        "UPDATE deliveries SET state = 'pending', sender = NULL, next_at = :until, error = :error,"
        " attempts = attempts + :more"
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        sender=sender,
        broadcast=broadcast_id,
        chat=chat_id,
        until=millis(until),
        error=error,
        more=int(counted),
    )


async def move_chat(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Let what still waits for a group go to the supergroup that it became, unless that has the delivery already.

    A delivery that is being sent waits again: Telegram refuses to send to the old id.
    """
    await tx.run(
        "UPDATE deliveries SET chat_id = :new, state = 'pending', sender = NULL, next_at = 0, thread_id = NULL"
        " WHERE chat_id = :old AND state IN ('pending', 'sending') AND NOT EXISTS (SELECT 1 FROM deliveries AS there"
        " WHERE there.broadcast_id = deliveries.broadcast_id AND there.chat_id = :new)",
        old=old_chat,
        new=new_chat,
    )
    await tx.run(
        "UPDATE deliveries SET state = 'blocked', sender = NULL, error = 'moved'"
        " WHERE chat_id = :old AND state IN ('pending', 'sending')",
        old=old_chat,
    )


async def give_up_chat(tx: Transaction, chat_id: int, error: str) -> None:
    """Let nothing more that waits for a chat be tried: nobody reads there."""
    await tx.run(
        "UPDATE deliveries SET state = 'blocked', error = :error WHERE chat_id = :chat AND state = 'pending'",
        chat=chat_id,
        error=error,
    )


async def claim_progress(tx: Transaction, now: datetime, next_at: datetime, limit: int) -> list[Progress]:
    """Progress messages to bring up to date now; other senders leave them alone until ``next_at``."""
    rows = await tx.all(
        "UPDATE broadcasts SET progress_at = :next WHERE progress_at <= :now AND id IN"
        " (SELECT id FROM broadcasts WHERE progress_at <= :now ORDER BY progress_at LIMIT :limit) RETURNING *",
        now=millis(now),
        next=millis(next_at),
        limit=limit,
    )
    return [
        Progress(
            broadcast_id=row["id"],
            kind=row["kind"],
            created_at=moment(row["created_at"]),
            chat_id=row["progress_chat_id"],
            message_id=row["progress_message_id"],
            locale=row["progress_locale"],
            counts=await counts(tx, row["id"]),
        )
        for row in rows
    ]


async def next_progress(tx: Transaction) -> datetime | None:
    """When the next progress message is to be brought up to date; None when there is none."""
    value = await tx.value("SELECT MIN(progress_at) FROM broadcasts")
    return None if value is None else moment(value)


async def end_progress(tx: Transaction, broadcast_id: int) -> None:
    """Leave the progress message as it is: it says all there is to say, or is gone."""
    await tx.run("UPDATE broadcasts SET progress_at = NULL WHERE id = :id", id=broadcast_id)
