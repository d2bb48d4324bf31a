"""How many submissions each person sent in an open session; never which."""

from __future__ import annotations

from collections.abc import Mapping

from bot.storage.database import Transaction
from bot.storage.values import from_json, to_json


async def sent_by(tx: Transaction, session_id: int) -> dict[str, int]:
    """How many submissions each person sent in an open session, by the domain's sealed name of the person."""
    stored = await tx.value(
        "SELECT sent FROM submission_counts WHERE session_id = :session", session=session_id
    )
    return {} if stored is None else from_json(stored)


async def save_sent_by(tx: Transaction, session_id: int, sent: Mapping[str, int]) -> None:
    """Keep the counts of a session, sorted, so that their order tells nothing. Lock them before reading."""
    await tx.run(
        "INSERT INTO submission_counts (session_id, sent) VALUES (:session, :sent)"
        " ON CONFLICT (session_id) DO UPDATE SET sent = excluded.sent",
        session=session_id,
        sent=to_json(dict(sorted(sent.items()))),
    )


async def forget_sent_by(tx: Transaction, session_id: int) -> None:
    await tx.run("DELETE FROM submission_counts WHERE session_id = :session", session=session_id)
