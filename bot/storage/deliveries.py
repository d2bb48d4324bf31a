"""Deliveries: a broadcast's message for one chat, and who sends it.

What concerns their order, their claiming and their outcome counts on the system's clock, never on the program's movable
one: a demo that jumps a week ahead must not make a sender lose what it holds. Only ``sent_at`` is of the program's
clock, like everything that people read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.broadcasts import STOPPED, WITHDRAWN, Recipient, lock
from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment

PENDING, SENDING, HELD = "pending", "sending", "held"
SENT, BLOCKED, FAILED, DELETED, DROPPED = "sent", "blocked", "failed", "deleted", "dropped"
"""States of a delivery.

``held``: its broadcast stands still. ``blocked``: nobody reads there (any more); ``failed``: given up, with its error;
``deleted``: it was taken back; ``dropped``: it was taken back before it was sent.
"""

OPEN_STATES = (PENDING, SENDING, HELD)

SEND, EDIT, DELETE = "send", "edit", "delete"
"""What a delivery waits for. One that waits to be changed or deleted has arrived before."""

_WAITING = (
    "CASE WHEN EXISTS (SELECT 1 FROM broadcasts WHERE broadcasts.id = deliveries.broadcast_id"
    " AND broadcasts.state = 'stopped' AND (broadcasts.resumes_at IS NULL OR deliveries.task = 'send'))"
    " THEN 'held' ELSE 'pending' END"
)
"""What becomes of a delivery that waits again: a broadcast that rests for the night holds back what is to be sent."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that a sender holds, with what to do."""

    broadcast_id: int
    chat_id: int
    thread_id: int | None
    locale: str
    attempts: int
    """How often it was tried before."""
    content: Mapping[str, Any]
    task: str = SEND
    version: int = 1
    """Of ``content``."""
    message_id: int | None = None
    """The message to change or delete."""


async def add(tx: Transaction, broadcast_id: int, recipients: Iterable[Recipient]) -> None:
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


async def count_older(tx: Transaction, broadcast_id: int, version: int) -> int:
    """How many chats have an older text than ``version`` and wait for none."""
    found = await tx.value(
        "SELECT COUNT(*) FROM deliveries WHERE broadcast_id = :id AND state = 'sent' AND version < :version",
        id=broadcast_id,
        version=version,
    )
    return int(found)


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
        " RETURNING broadcast_id, chat_id, thread_id, locale, attempts, task, message_id",
        sender=sender,
        now=millis(now),
        until=millis(until),
        limit=limit,
    )
    claimed: list[Claimed] = []
    for broadcast_id in {row["broadcast_id"] for row in rows}:
        found = await tx.one(
            "SELECT state, resumes_at, content, version FROM broadcasts WHERE id = :id", id=broadcast_id
        )
        assert found is not None
        content = from_json(found["content"])
        items = [
            _claimed(row, content, found["version"]) for row in rows if row["broadcast_id"] == broadcast_id
        ]
        if found["state"] == STOPPED:  # it was stopped while these were on their way back from a dead sender
            held = [item for item in items if item.task == SEND or found["resumes_at"] is None]
            await let_go(tx, sender, held)
            claimed += [item for item in items if item not in held]
        elif found["state"] == WITHDRAWN and any(item.task == SEND for item in items):
            await drop_unsent(tx, broadcast_id, sender)
            claimed += [item for item in items if item.task != SEND]
        else:
            claimed += items
    return claimed


async def drop_unsent(tx: Transaction, broadcast_id: int, sender: int | None = None) -> None:
    """Send nothing more of a broadcast that waits, or that ``sender`` has claimed and not begun with."""
    await tx.run(
        "UPDATE deliveries SET state = 'dropped', sender = NULL WHERE broadcast_id = :broadcast AND task = 'send'"
        " AND (state IN ('pending', 'held') OR (state = 'sending' AND sender = CAST(:sender AS BIGINT)))",
        broadcast=broadcast_id,
        sender=sender,
    )


def _claimed(row: Row, content: Mapping[str, Any], version: int) -> Claimed:
    return Claimed(
        row["broadcast_id"],
        row["chat_id"],
        row["thread_id"],
        row["locale"],
        row["attempts"],
        content,
        row["task"],
        version,
        row["message_id"],
    )


async def release(tx: Transaction, sender: int, now: datetime | None) -> int:
    """Give back what was held for longer than it may be; how many.

    ``now`` None gives back all that others than ``sender`` hold: for a program that knows itself to be the only one.
    """
    whose = "sender <> :sender" if now is None else "next_at <= :now"
    return await tx.run(
        f"UPDATE deliveries SET state = {_WAITING}, sender = NULL, next_at = 0"  # noqa: S608 - texts above
        f" WHERE state = 'sending' AND {whose}",
        **({"sender": sender} if now is None else {"now": millis(now)}),
    )


async def give_back(tx: Transaction, sender: int) -> None:
    """Let go of all that ``sender`` holds, due at once."""
    await tx.run(
        f"UPDATE deliveries SET state = {_WAITING}, sender = NULL, next_at = 0"  # noqa: S608 - text above
        " WHERE state = 'sending' AND sender = :sender",
        sender=sender,
    )


async def let_go(tx: Transaction, sender: int, items: Iterable[Claimed]) -> None:
    """Let go of some of what ``sender`` holds, due at once."""
    await tx.many(
        f"UPDATE deliveries SET state = {_WAITING}, sender = NULL, next_at = 0"  # noqa: S608 - text above
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        [{"broadcast": item.broadcast_id, "chat": item.chat_id, "sender": sender} for item in items],
    )


async def any_held(tx: Transaction) -> bool:
    """Whether anybody holds a delivery."""
    return await tx.one("SELECT 1 AS yes FROM deliveries WHERE state = 'sending' LIMIT 1") is not None


async def hold(tx: Transaction, sender: int, until: datetime, items: Iterable[Claimed]) -> None:
    """Keep these, which ``sender`` holds, until a later moment."""
    await tx.many(
        "UPDATE deliveries SET next_at = :until"
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        [
            {
                "broadcast": item.broadcast_id,
                "chat": item.chat_id,
                "sender": sender,
                "until": millis(until),
            }
            for item in items
        ],
    )


async def soonest(tx: Transaction) -> datetime | None:
    """When the next pending delivery may be sent; None when none is pending."""
    value = await tx.value("SELECT MIN(next_at) FROM deliveries WHERE state = 'pending'")
    return None if value is None else moment(value)


async def settle(
    tx: Transaction,
    sender: int,
    item: Claimed,
    *,
    state: str,
    message_id: int | None = None,
    version: int | None = None,
    sent_at: datetime | None = None,
    error: str | None = None,
) -> None:
    """Record how a delivery that ``sender`` holds ended. One that was taken over meanwhile is left alone.

    What arrived while its text was changed, or taken back, waits for that now.
    """
    task = item.task
    if state == SENT and error is None:
        await lock(tx, item.broadcast_id)
        now = await tx.one(
            "SELECT state, resumes_at, version FROM broadcasts WHERE id = :id", id=item.broadcast_id
        )
        if now is not None and now["state"] == WITHDRAWN:
            state, task = PENDING, DELETE
        elif now is not None and version is not None and now["version"] > version:
            stopped = now["state"] == STOPPED and now["resumes_at"] is None
            state, task = (HELD if stopped else PENDING), EDIT
    await tx.run(
        "UPDATE deliveries SET state = :state, task = :task, sender = NULL, error = :error, next_at = 0,"
        " attempts = attempts + 1, message_id = COALESCE(CAST(:message AS BIGINT), message_id),"
        " version = COALESCE(CAST(:version AS BIGINT), version), sent_at = COALESCE(CAST(:sent AS BIGINT), sent_at)"
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        sender=sender,
        broadcast=item.broadcast_id,
        chat=item.chat_id,
        state=state,
        task=task,
        message=message_id,
        version=version,
        sent=None if sent_at is None else millis(sent_at),
        error=error,
    )


async def postpone(
    tx: Transaction, sender: int, item: Claimed, *, until: datetime, error: str | None, counted: bool
) -> None:
    """Let a delivery that ``sender`` holds wait; ``counted`` when it was an attempt of its own that failed."""
    await lock(tx, item.broadcast_id)
    await tx.run(
        f"UPDATE deliveries SET state = {_WAITING}, sender = NULL, next_at = :until, error = :error,"  # noqa: S608
        " attempts = attempts + :more"
        " WHERE broadcast_id = :broadcast AND chat_id = :chat AND state = 'sending' AND sender = :sender",
        sender=sender,
        broadcast=item.broadcast_id,
        chat=item.chat_id,
        until=millis(until),
        error=error,
        more=int(counted),
    )


async def move_chat(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Let what still waits for a group go to the supergroup that it became, unless that has the delivery already.

    A delivery that is being sent waits again: Telegram refuses to send to the old id. What arrived in the old group can
    no longer be changed there.
    """
    await tx.run(
        "UPDATE deliveries SET state = 'sent', sender = NULL, error = 'moved'"
        " WHERE chat_id = :old AND state IN ('pending', 'sending', 'held') AND task <> 'send'",
        old=old_chat,
    )
    await tx.run(
        f"UPDATE deliveries SET chat_id = :new, state = {_WAITING}, sender = NULL, next_at = 0,"  # noqa: S608
        " thread_id = NULL"
        " WHERE chat_id = :old AND state IN ('pending', 'sending', 'held') AND NOT EXISTS (SELECT 1 FROM deliveries AS"
        " there WHERE there.broadcast_id = deliveries.broadcast_id AND there.chat_id = :new)",
        old=old_chat,
        new=new_chat,
    )
    await tx.run(
        "UPDATE deliveries SET state = 'blocked', sender = NULL, error = 'moved'"
        " WHERE chat_id = :old AND state IN ('pending', 'sending', 'held')",
        old=old_chat,
    )


async def give_up_chat(tx: Transaction, chat_id: int, error: str) -> None:
    """Let nothing more that waits for a chat be tried: nobody reads there. What arrived before stays as it is."""
    await tx.run(
        "UPDATE deliveries SET state = CASE WHEN task = 'send' THEN 'blocked' ELSE 'sent' END, error = :error"
        " WHERE chat_id = :chat AND state IN ('pending', 'held')",
        chat=chat_id,
        error=error,
    )
