"""Versions of rule cards that an office decided on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id


@dataclass(frozen=True, slots=True)
class Version:
    """A card as it read when an office decided on it."""

    card: str
    digest: str
    """What tells this wording from any other of the card."""
    content: str
    """The whole card as JSON."""
    made_at: datetime
    approved_at: datetime | None
    """None when the office took its approval back."""


def _version(row: Row) -> Version:
    approved = row["approved_at"]
    return Version(
        row["card"],
        row["digest"],
        row["content"],
        moment(row["made_at"]),
        None if approved is None else moment(approved),
    )


async def approve(
    tx: Transaction, office_id: int, card: str, digest: str, content: str, now: datetime
) -> bool:
    """Keep this wording as approved; False when it was already."""
    return (
        await tx.run(
            "INSERT INTO rule_versions (id, office_id, card, digest, content, made_at, approved_at)"
            " VALUES (:id, :office, :card, :digest, :content, :now, :now)"
            " ON CONFLICT (office_id, card, digest) DO UPDATE SET approved_at = excluded.approved_at"
            " WHERE rule_versions.approved_at IS NULL",
            id=new_id(),
            office=office_id,
            card=card,
            digest=digest,
            content=content,
            now=millis(now),
        )
        > 0
    )


async def withdraw(tx: Transaction, office_id: int, card: str, digest: str) -> bool:
    """Take the approval of a wording back, which stays kept; False when there was none."""
    return (
        await tx.run(
            "UPDATE rule_versions SET approved_at = NULL"
            " WHERE office_id = :office AND card = :card AND digest = :digest AND approved_at IS NOT NULL",
            office=office_id,
            card=card,
            digest=digest,
        )
        > 0
    )


async def approvals(tx: Transaction, office_id: int) -> dict[tuple[str, str], datetime]:
    """When the office approved which wording: (card, digest) to moment."""
    rows = await tx.all(
        "SELECT card, digest, approved_at FROM rule_versions WHERE office_id = :office AND approved_at IS NOT NULL",
        office=office_id,
    )
    return {(row["card"], row["digest"]): moment(row["approved_at"]) for row in rows}


async def versions(tx: Transaction, office_id: int, card: str) -> list[Version]:
    """Every wording of a card that the office decided on, oldest first."""
    rows = await tx.all(
        "SELECT * FROM rule_versions WHERE office_id = :office AND card = :card ORDER BY made_at, id",
        office=office_id,
        card=card,
    )
    return [_version(row) for row in rows]
