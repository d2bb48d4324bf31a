"""Versions of rule cards that an office decided on, wrote, or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id


@dataclass(frozen=True, slots=True)
class Version:
    """A card as it read when an office decided on it, wrote it, or sent it."""

    id: int
    office_id: int
    card: str
    digest: str
    """What tells this wording from any other of the card."""
    content: str
    """The whole card as JSON."""
    made_at: datetime
    approved_at: datetime | None
    """None while nobody confirmed it, or when that was taken back."""
    edited: bool = False
    """Whether the office wrote it; else it is the program's."""
    author_id: int | None = None


def _version(row: Row) -> Version:
    approved = row["approved_at"]
    return Version(
        row["id"],
        row["office_id"],
        row["card"],
        row["digest"],
        row["content"],
        moment(row["made_at"]),
        None if approved is None else moment(approved),
        bool(row["edited"]),
        row["author_id"],
    )


async def keep(
    tx: Transaction,
    office_id: int,
    card: str,
    digest: str,
    content: str,
    now: datetime,
    *,
    edited: bool = False,
    author_id: int | None = None,
) -> Version:
    """Keep a wording; one that is kept already stays as it is."""
    await tx.run(
        "INSERT INTO rule_versions (id, office_id, card, digest, content, made_at, edited, author_id)"
        " VALUES (:id, :office, :card, :digest, :content, :now, :edited, :author)"
        " ON CONFLICT (office_id, card, digest) DO UPDATE SET"
        " edited = CASE WHEN excluded.edited = 1 THEN 1 ELSE rule_versions.edited END",
        id=new_id(),
        office=office_id,
        card=card,
        digest=digest,
        content=content,
        now=millis(now),
        edited=int(edited),
        author=author_id,
    )
    row = await tx.one(
        "SELECT * FROM rule_versions WHERE office_id = :office AND card = :card AND digest = :digest",
        office=office_id,
        card=card,
        digest=digest,
    )
    assert row is not None
    return _version(row)


async def find(tx: Transaction, version_id: int) -> Version | None:
    row = await tx.one("SELECT * FROM rule_versions WHERE id = :id", id=version_id)
    return None if row is None else _version(row)


async def in_force(tx: Transaction, office_id: int) -> dict[str, str]:
    """The wordings of its own that the office confirmed last: card to digest."""
    rows = await tx.all(
        "SELECT card, digest FROM rule_versions WHERE office_id = :office AND edited = 1 AND approved_at IS NOT NULL"
        " ORDER BY approved_at, made_at, id",
        office=office_id,
    )
    return {row["card"]: row["digest"] for row in rows}


async def contents(tx: Transaction, office_id: int, digests: set[str]) -> list[str]:
    """Cards as JSON."""
    rows = await tx.all(
        "SELECT digest, content FROM rule_versions WHERE office_id = :office AND edited = 1 ORDER BY card",
        office=office_id,
    )
    return [row["content"] for row in rows if row["digest"] in digests]


async def own_cards(tx: Transaction, office_id: int) -> list[str]:
    """The ids of cards that the office wrote or changed."""
    rows = await tx.all(
        "SELECT DISTINCT card FROM rule_versions WHERE office_id = :office AND edited = 1 ORDER BY card",
        office=office_id,
    )
    return [row["card"] for row in rows]


async def sent(tx: Transaction, office_id: int, card: str) -> dict[str, list[datetime]]:
    """When which wording of a card was sent, oldest first: digest to moments."""
    rows = await tx.all(
        "SELECT rule_version, created_at FROM broadcasts WHERE office_id = :office AND rule_id = :card"
        " AND rule_version IS NOT NULL AND state NOT IN ('draft', 'cancelled') ORDER BY created_at, id",
        office=office_id,
        card=card,
    )
    found: dict[str, list[datetime]] = {}
    for row in rows:
        found.setdefault(row["rule_version"], []).append(moment(row["created_at"]))
    return found


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
