"""What changes a broadcast that goes out or went out: stop, rest, resume, retry, another text, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.broadcasts import lock
from bot.storage.database import Transaction
from bot.storage.deliveries import drop_unsent
from bot.storage.values import from_json, millis, moment, to_json


@dataclass(frozen=True, slots=True)
class Text:
    """A version of a broadcast's content."""

    version: int
    content: Mapping[str, Any]
    made_at: datetime


async def stop(tx: Transaction, broadcast_id: int) -> bool:
    """Hold back all that is not sent or changed; False when there is nothing under way."""
    await lock(tx, broadcast_id)
    changed = await tx.run(
        "UPDATE broadcasts SET state = 'stopped', resumes_at = NULL WHERE id = :id AND"
        " (state = 'started' OR (state = 'stopped' AND resumes_at IS NOT NULL))",
        id=broadcast_id,
    )
    if changed:
        await tx.run(
            "UPDATE deliveries SET state = 'held' WHERE broadcast_id = :id AND state = 'pending'",
            id=broadcast_id,
        )
    return changed > 0


async def rest(tx: Transaction, broadcast_id: int, resumes_at: datetime) -> None:
    """Hold back what is not sent until then; changes of what was sent go on, for they ring nowhere."""
    await lock(tx, broadcast_id)
    await tx.run(
        "UPDATE broadcasts SET state = 'stopped', resumes_at = :resumes WHERE id = :id AND state = 'started'",
        id=broadcast_id,
        resumes=millis(resumes_at),
    )
    await tx.run(
        "UPDATE deliveries SET state = 'held'"
        " WHERE broadcast_id = :id AND state = 'pending' AND task = 'send'",
        id=broadcast_id,
    )


async def rested(tx: Transaction, now: datetime) -> list[int]:
    """The broadcasts whose rest is over."""
    rows = await tx.all(
        "SELECT id FROM broadcasts WHERE resumes_at <= :now ORDER BY resumes_at LIMIT 20", now=millis(now)
    )
    return [row["id"] for row in rows]


async def resume(tx: Transaction, broadcast_id: int, *, any_hour: bool = False) -> bool:
    """Let go on what was stopped or rests; False when it does neither. ``any_hour``: it need not rest again."""
    await lock(tx, broadcast_id)
    changed = await tx.run(
        "UPDATE broadcasts SET state = 'started', resumes_at = NULL,"
        " any_hour = CASE WHEN CAST(:hour AS BIGINT) = 1 THEN 1 ELSE any_hour END"
        " WHERE id = :id AND state = 'stopped'",
        id=broadcast_id,
        hour=int(any_hour),
    )
    if changed:
        await tx.run(
            "UPDATE deliveries SET state = 'pending', next_at = 0 WHERE broadcast_id = :id AND state = 'held'",
            id=broadcast_id,
        )
    return changed > 0


async def keeps_quiet(tx: Transaction, broadcast_id: int) -> tuple[int, str] | None:
    """The office whose quiet hours a broadcast keeps, and its zone; None when it keeps none."""
    row = await tx.one(
        "SELECT offices.id, offices.timezone FROM broadcasts"
        " JOIN offices ON offices.id = broadcasts.office_id WHERE broadcasts.id = :id AND broadcasts.any_hour = 0"
        " AND broadcasts.kind IN ('announcement', 'reminder', 'nudge') AND broadcasts.topic <> 'meeting'",
        id=broadcast_id,
    )
    return None if row is None else (row["id"], row["timezone"])


_RETRIED = (
    "broadcast_id = :id AND task = 'send' AND (state = 'failed' OR (state = 'blocked' AND (EXISTS (SELECT 1 FROM people"
    " WHERE people.id = deliveries.chat_id AND people.reach = 'reachable') OR EXISTS (SELECT 1 FROM groups WHERE"
    " groups.chat_id = deliveries.chat_id AND groups.reach = 'reachable'))))"
)


async def count_retriable(tx: Transaction, broadcast_id: int) -> int:
    """How many deliveries :func:`retry` would try again."""
    return int(
        await tx.value(f"SELECT COUNT(*) FROM deliveries WHERE {_RETRIED}", id=broadcast_id)  # noqa: S608
    )


async def retry(tx: Transaction, broadcast_id: int) -> int:
    """Try again what failed, and what goes to somebody who was away and came back; how many."""
    return await tx.run(
        f"UPDATE deliveries SET state = 'pending', attempts = 0, next_at = 0, error = NULL WHERE {_RETRIED}",  # noqa: S608
        id=broadcast_id,
    )


async def propose(
    tx: Transaction, broadcast_id: int, version: int, content: Mapping[str, Any], now: datetime
) -> None:
    """Keep a text that may become this version; a former proposal for it gives way."""
    await tx.run(
        "INSERT INTO broadcast_texts (broadcast_id, version, content, made_at)"
        " VALUES (:id, :version, :content, :now) ON CONFLICT (broadcast_id, version)"
        " DO UPDATE SET content = excluded.content, made_at = excluded.made_at",
        id=broadcast_id,
        version=version,
        content=to_json(dict(content)),
        now=millis(now),
    )


async def texts_of(tx: Transaction, broadcast_id: int) -> list[Text]:
    """The former versions, in their order, and after the present one the one that was proposed."""
    rows = await tx.all(
        "SELECT version, content, made_at FROM broadcast_texts WHERE broadcast_id = :id ORDER BY version",
        id=broadcast_id,
    )
    return [Text(row["version"], from_json(row["content"]), moment(row["made_at"])) for row in rows]


async def change(tx: Transaction, broadcast_id: int, version: int, now: datetime) -> int | None:
    """Make a proposed version the broadcast's text, here and in every chat that has the former.

    How many chats have it already and get it changed; None when the broadcast is not at the version before.
    """
    await lock(tx, broadcast_id)
    proposed = await tx.value(
        "SELECT content FROM broadcast_texts WHERE broadcast_id = :id AND version = :version",
        id=broadcast_id,
        version=version,
    )
    former = await tx.one(
        "SELECT content, created_at FROM broadcasts WHERE id = :id AND version = :before"
        " AND state IN ('started', 'stopped')",
        id=broadcast_id,
        before=version - 1,
    )
    if proposed is None or former is None:
        return None
    await tx.run(
        "INSERT INTO broadcast_texts (broadcast_id, version, content, made_at)"
        " VALUES (:id, :version, :content, :now) ON CONFLICT (broadcast_id, version) DO NOTHING",
        id=broadcast_id,
        version=version - 1,
        content=former["content"],
        now=former["created_at"],
    )
    await tx.run(
        "UPDATE broadcast_texts SET made_at = :now WHERE broadcast_id = :id AND version = :version",
        id=broadcast_id,
        version=version,
        now=millis(now),
    )
    await tx.run(
        "UPDATE broadcasts SET content = :content, version = :version WHERE id = :id",
        id=broadcast_id,
        content=proposed,
        version=version,
    )
    return await tx.run(
        "UPDATE deliveries SET state = 'pending', task = 'edit', attempts = 0, next_at = 0, error = NULL"
        " WHERE broadcast_id = :id AND message_id IS NOT NULL AND"
        " (state = 'sent' OR (state IN ('pending', 'held') AND task = 'edit'))",
        id=broadcast_id,
    )


async def count_deletable(tx: Transaction, broadcast_id: int, oldest: datetime) -> tuple[int, int]:
    """How many messages arrived from ``oldest`` on, and how many before."""
    row = await tx.one(
        "SELECT COUNT(CASE WHEN sent_at >= :oldest THEN 1 END) AS fresh,"
        " COUNT(CASE WHEN sent_at < :oldest THEN 1 END) AS old"
        " FROM deliveries WHERE broadcast_id = :id AND message_id IS NOT NULL"
        " AND (state = 'sent' OR (state IN ('pending', 'held', 'sending') AND task <> 'send'))",
        id=broadcast_id,
        oldest=millis(oldest),
    )
    assert row is not None
    return row["fresh"], row["old"]


async def withdraw(tx: Transaction, broadcast_id: int, oldest: datetime) -> bool:
    """Send nothing more of a broadcast and delete what arrived from ``oldest`` on; False when that was done before."""
    await lock(tx, broadcast_id)
    changed = await tx.run(
        "UPDATE broadcasts SET state = 'withdrawn', resumes_at = NULL"
        " WHERE id = :id AND state IN ('started', 'stopped')",
        id=broadcast_id,
    )
    if not changed:
        return False
    await drop_unsent(tx, broadcast_id)
    await tx.run(
        "UPDATE deliveries SET state = CASE WHEN sent_at >= :oldest THEN 'pending' ELSE 'sent' END,"
        " task = CASE WHEN sent_at >= :oldest THEN 'delete' ELSE task END, attempts = 0, next_at = 0, error = NULL"
        " WHERE broadcast_id = :id AND message_id IS NOT NULL AND"
        " (state = 'sent' OR (state IN ('pending', 'held') AND task = 'edit'))",
        id=broadcast_id,
        oldest=millis(oldest),
    )
    return True
