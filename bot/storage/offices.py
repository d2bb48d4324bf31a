"""Offices, their sectors, and who has which role in them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, new_id, to_json


@dataclass(frozen=True, slots=True)
class Office:
    """The office that hosts meetings."""

    id: int
    code: str
    name: str
    city: str
    timezone: str
    locale: str
    contact: str
    """How people reach the office, as they read it; may be empty."""
    letterhead: str = ""
    """The lines at the head of the office's letters and lists; empty for its name alone."""


@dataclass(frozen=True, slots=True)
class Sector:
    """A stakeholder group of an office; ``name`` by locale."""

    code: str
    name: Mapping[str, str]


def _office(row: Row) -> Office:
    return Office(
        row["id"],
        row["code"],
        row["name"],
        row["city"],
        row["timezone"],
        row["locale"],
        row["contact"],
        row["letterhead"],
    )


async def find(tx: Transaction, office_id: int) -> Office | None:
    row = await tx.one("SELECT * FROM offices WHERE id = :id", id=office_id)
    return None if row is None else _office(row)


async def find_by_code(tx: Transaction, code: str) -> Office | None:
    row = await tx.one("SELECT * FROM offices WHERE code = :code", code=code)
    return None if row is None else _office(row)


async def all_offices(tx: Transaction) -> list[Office]:
    """Every office, by name."""
    return [_office(row) for row in await tx.all("SELECT * FROM offices ORDER BY name, id")]


async def save(
    tx: Transaction,
    *,
    code: str,
    name: str,
    city: str,
    timezone: str,
    locale: str,
    contact: str,
    now: datetime,
    letterhead: str = "",
) -> Office:
    """Make the office with this code, or change it to these values."""
    row = await tx.one(
        "INSERT INTO offices (id, code, name, city, timezone, locale, contact, created_at, letterhead)"
        " VALUES (:id, :code, :name, :city, :timezone, :locale, :contact, :now, :letterhead)"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, city = excluded.city,"
        " timezone = excluded.timezone, locale = excluded.locale, contact = excluded.contact,"
        " letterhead = excluded.letterhead RETURNING *",
        id=new_id(),
        code=code,
        name=name,
        city=city,
        timezone=timezone,
        locale=locale,
        contact=contact,
        now=millis(now),
        letterhead=letterhead,
    )
    assert row is not None
    return _office(row)


async def set_letterhead(tx: Transaction, office_id: int, letterhead: str) -> None:
    """Set the lines at the head of the office's letters."""
    await tx.run(
        "UPDATE offices SET letterhead = :letterhead WHERE id = :id", id=office_id, letterhead=letterhead
    )


async def set_logo(tx: Transaction, office_id: int, content: bytes | None, now: datetime) -> None:
    """Keep the office's logo, a PNG or JPEG; None takes it away."""
    await tx.run("DELETE FROM office_logos WHERE office_id = :id", id=office_id)
    if content is not None:
        await tx.run(
            "INSERT INTO office_logos (office_id, content, changed_at) VALUES (:id, :content, :now)",
            id=office_id,
            content=base64.b64encode(content).decode(),
            now=millis(now),
        )


async def logo(tx: Transaction, office_id: int) -> bytes | None:
    """The office's logo, a PNG or JPEG; None when it has none."""
    content = await tx.value("SELECT content FROM office_logos WHERE office_id = :id", id=office_id)
    return None if content is None else base64.b64decode(content)


async def save_sectors(tx: Transaction, office_id: int, sectors: Sequence[Sector]) -> None:
    """Add or rename sectors, in this order; others of the office stay as they are."""
    for position, sector in enumerate(sectors):
        await tx.run(
            "INSERT INTO sectors (office_id, code, name, position) VALUES (:office, :code, :name, :position)"
            " ON CONFLICT (office_id, code) DO UPDATE SET name = excluded.name, position = excluded.position",
            office=office_id,
            code=sector.code,
            name=to_json(dict(sector.name)),
            position=position,
        )


async def sectors(tx: Transaction, office_id: int) -> list[Sector]:
    """The sectors of an office, in its order."""
    rows = await tx.all(
        "SELECT code, name FROM sectors WHERE office_id = :office ORDER BY position, code", office=office_id
    )
    return [Sector(row["code"], from_json(row["name"])) for row in rows]


async def role_of(tx: Transaction, office_id: int, person_id: int) -> str | None:
    """The role of a person in an office; None for none."""
    role: str | None = await tx.value(
        "SELECT role FROM members WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )
    return role


async def offices_of(tx: Transaction, person_id: int) -> list[tuple[Office, str]]:
    """The offices in which a person has a role, with the role, by name of the office."""
    rows = await tx.all(
        "SELECT offices.*, members.role AS role FROM members JOIN offices ON offices.id = members.office_id"
        " WHERE members.person_id = :person ORDER BY offices.name, offices.id",
        person=person_id,
    )
    return [(_office(row), row["role"]) for row in rows]


async def members_of(tx: Transaction, office_id: int) -> list[tuple[int, str]]:
    """Person ids and roles in an office, longest-serving first."""
    rows = await tx.all(
        "SELECT person_id, role FROM members WHERE office_id = :office ORDER BY granted_at, person_id",
        office=office_id,
    )
    return [(row["person_id"], row["role"]) for row in rows]


async def registered_name(tx: Transaction, office_id: int, person_id: int) -> str | None:
    """The name under which a person last registered for a meeting of the office; None when they never did."""
    name: str | None = await tx.value(
        "SELECT participants.name FROM participants JOIN meetings ON meetings.id = participants.meeting_id"
        " WHERE meetings.office_id = :office AND participants.person_id = :person"
        " ORDER BY participants.registered_at DESC, participants.id LIMIT 1",
        office=office_id,
        person=person_id,
    )
    return name


async def grant(tx: Transaction, office_id: int, person_id: int, role: str, now: datetime) -> None:
    """Give a person a role in an office, in the place of any they had."""
    await tx.run(
        "INSERT INTO members (office_id, person_id, role, granted_at) VALUES (:office, :person, :role, :now)"
        " ON CONFLICT (office_id, person_id) DO UPDATE SET role = excluded.role",
        office=office_id,
        person=person_id,
        role=role,
        now=millis(now),
    )


async def dismiss(tx: Transaction, office_id: int, person_id: int) -> None:
    """Take a person's role in an office away."""
    await tx.run(
        "DELETE FROM members WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )


async def find_claim(tx: Transaction, token_hash: str, now: datetime) -> tuple[int, str] | None:
    """The office and role of a one-time link that can still be used; None when it is unknown, used or expired."""
    row = await tx.one(
        "SELECT office_id, role FROM claims WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now",
        hash=token_hash,
        now=millis(now),
    )
    return None if row is None else (row["office_id"], row["role"])


async def forget_claims(tx: Transaction, office_id: int, role: str) -> None:
    """Make every unused one-time link for ``role`` in an office worthless."""
    await tx.run(
        "DELETE FROM claims WHERE office_id = :office AND role = :role AND used_at IS NULL",
        office=office_id,
        role=role,
    )


async def prune_claims(tx: Transaction, now: datetime) -> None:
    """Forget one-time links that have expired."""
    await tx.run("DELETE FROM claims WHERE expires_at <= :now", now=millis(now))


async def add_claim(
    tx: Transaction, office_id: int, token_hash: str, role: str, expires_at: datetime
) -> None:
    """Keep the hash of a one-time link that grants ``role``."""
    await tx.run(
        "INSERT INTO claims (token_hash, office_id, role, expires_at) VALUES (:hash, :office, :role, :expires)",
        hash=token_hash,
        office=office_id,
        role=role,
        expires=millis(expires_at),
    )


async def use_claim(tx: Transaction, token_hash: str, now: datetime) -> tuple[int, str] | None:
    """Use a one-time link up: its office and role; None when it is unknown, used or expired."""
    row = await tx.one(
        "UPDATE claims SET used_at = :now WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now"
        " RETURNING office_id, role",
        hash=token_hash,
        now=millis(now),
    )
    return None if row is None else (row["office_id"], row["role"])
