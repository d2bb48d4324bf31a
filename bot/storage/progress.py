"""Which message shows an author how far their broadcast is, and when it is to be changed next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.storage import deliveries
from bot.storage.broadcasts import Broadcast, broadcast_of
from bot.storage.database import Transaction
from bot.storage.values import millis, moment


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress message that is due to be brought up to date."""

    broadcast: Broadcast
    chat_id: int
    message_id: int
    locale: str
    timezone: str
    """Of the office."""
    counts: Mapping[str, int]
    """Deliveries by state; states without any are left out."""
    older: int
    """Of those sent, how many chats have an older text and wait for none."""
    claimed_until: datetime
    """When it is to be changed next, unless something happens before."""


async def show(tx: Transaction, broadcast_id: int, chat_id: int, message_id: int, locale: str) -> None:
    """Have a message of the bot's brought up to date until every delivery is done with."""
    await tx.run(
        "UPDATE broadcasts SET progress_chat_id = :chat, progress_message_id = :message, progress_locale = :locale,"
        " progress_at = 0 WHERE id = :id",
        id=broadcast_id,
        chat=chat_id,
        message=message_id,
        locale=locale,
    )


async def claim(tx: Transaction, now: datetime, next_at: datetime, limit: int) -> list[Progress]:
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
            broadcast=broadcast_of(row),
            chat_id=row["progress_chat_id"],
            message_id=row["progress_message_id"],
            locale=row["progress_locale"],
            timezone=await tx.value("SELECT timezone FROM offices WHERE id = :id", id=row["office_id"]),
            counts=await deliveries.counts(tx, row["id"]),
            older=await deliveries.count_older(tx, row["id"], row["version"]) if row["version"] > 1 else 0,
            claimed_until=next_at,
        )
        for row in rows
    ]


async def soonest(tx: Transaction) -> datetime | None:
    """When the next progress message is to be brought up to date; None when there is none."""
    value = await tx.value("SELECT MIN(progress_at) FROM broadcasts")
    return None if value is None else moment(value)


async def put_off(tx: Transaction, broadcast_id: int, claimed_until: datetime, until: datetime) -> None:
    """Let what the message says stand for longer, unless somebody asked for it anew."""
    await tx.run(
        "UPDATE broadcasts SET progress_at = :until WHERE id = :id AND progress_at = :claimed",
        id=broadcast_id,
        claimed=millis(claimed_until),
        until=millis(until),
    )


async def end(tx: Transaction, broadcast_id: int, claimed_until: datetime) -> None:
    """Leave the message as it is, unless somebody asked for it anew: it says all there is to say, or is gone."""
    await tx.run(
        "UPDATE broadcasts SET progress_at = NULL WHERE id = :id AND progress_at = :claimed",
        id=broadcast_id,
        claimed=millis(claimed_until),
    )
