"""Calls to Telegram that must happen, written in the transaction that decided them.

The sender makes the calls of one chat in their order, those of different chats side by side, and deletes a row once its
call succeeded. A process killed between the call and the deletion calls again: a repeated prompt is fine, a missing one
is not. So a time-out whose outcome is unknown is resent as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, to_json


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call, with the parameters as the Bot API names them.

    A file to upload is ``{"upload": name, "base64": text}`` in the place of the parameter.
    """

    method: str
    chat_id: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call in the outbox; ``id`` gives the order within its chat."""

    id: int
    call: Call


_last_id = 0


def _next_id() -> int:
    """Microseconds since 1970, made to grow within the process even when the clock does not."""
    global _last_id  # noqa: PLW0603 - one counter a process is what makes the order
    _last_id = max(_last_id + 1, time.time_ns() // 1000)
    return _last_id


async def add(tx: Transaction, calls: Iterable[Call]) -> list[StoredCall]:
    """Store calls, in their order, after all that their chats wait for already."""
    stored = [StoredCall(_next_id(), call) for call in calls]
    for item in stored:
        await tx.run(
            "INSERT INTO outbox (id, chat_id, method, payload) VALUES (:id, :chat, :method, :payload)",
            id=item.id,
            chat=item.call.chat_id,
            method=item.call.method,
            payload=to_json(item.call.payload),
        )
    return stored


def _stored(row: Row) -> StoredCall:
    return StoredCall(row["id"], Call(row["method"], row["chat_id"], from_json(row["payload"])))


async def waiting(tx: Transaction) -> list[StoredCall]:
    """All calls that were not made yet, oldest first: what a killed process left."""
    return [_stored(row) for row in await tx.all("SELECT * FROM outbox ORDER BY id")]


async def of_chat(tx: Transaction, chat_id: int) -> list[StoredCall]:
    """The calls that one chat waits for, oldest first."""
    return [
        _stored(row)
        for row in await tx.all("SELECT * FROM outbox WHERE chat_id = :chat ORDER BY id", chat=chat_id)
    ]


async def forget(tx: Transaction, call_ids: Iterable[int]) -> None:
    """Delete calls that were made."""
    await tx.many("DELETE FROM outbox WHERE id = :id", [{"id": call_id} for call_id in call_ids])


async def move_chat(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Send what waits for a group to the supergroup that it became."""
    for row in await tx.all("SELECT id, payload FROM outbox WHERE chat_id = :chat", chat=old_chat):
        payload = {**from_json(row["payload"]), "chat_id": new_chat}
        await tx.run(
            "UPDATE outbox SET chat_id = :chat, payload = :payload WHERE id = :id",
            chat=new_chat,
            payload=to_json(payload),
            id=row["id"],
        )
