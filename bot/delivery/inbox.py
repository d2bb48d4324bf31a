"""Updates that Telegram handed over, stored before it is told so, and applied once.

A row keeps its payload until the transaction that applies the update erases it; the number stays for two days against a
second delivery (Telegram repeats updates for 24 hours, https://core.telegram.org/bots/api#getting-updates).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.storage.database import Database, Transaction
from bot.storage.values import from_json, to_json

KEEP_DAYS = 2


async def store(database: Database, updates: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Store raw updates in one transaction; those that are new, in their order."""

    async def work(tx: Transaction) -> list[Mapping[str, Any]]:
        new = []
        for update in updates:
            inserted = await tx.run(
                "INSERT INTO inbox (update_id, payload) VALUES (:id, :payload)"
                " ON CONFLICT (update_id) DO NOTHING",
                id=update["update_id"],
                payload=to_json(update),
            )
            if inserted:
                new.append(update)
        return new

    # Telegram gives the next updates only once these are stored.
    return await database.write(work, first=True)


async def waiting(database: Database) -> list[Mapping[str, Any]]:
    """Stored updates that were not applied, oldest first: what a killed process left."""

    async def work(tx: Transaction) -> list[Mapping[str, Any]]:
        rows = await tx.all("SELECT payload FROM inbox WHERE done_on IS NULL ORDER BY update_id")
        return [from_json(row["payload"]) for row in rows]

    return await database.read(work)


async def finish(tx: Transaction, update_id: int, today: date) -> bool:
    """Mark an update applied and erase it, in the transaction that applies it.

    False when it was applied before: the caller then does nothing.
    """
    return (
        await tx.run(
            "UPDATE inbox SET payload = NULL, done_on = :today WHERE update_id = :id AND done_on IS NULL",
            id=update_id,
            today=today.isoformat(),
        )
        > 0
    )


async def prune(tx: Transaction, today: date) -> int:
    """Forget the numbers of updates applied more than two days ago; how many."""
    before = (today - timedelta(days=KEEP_DAYS)).isoformat()
    return await tx.run("DELETE FROM inbox WHERE done_on < :before", before=before)
