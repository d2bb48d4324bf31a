"""Stage calendars that offices loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id


@dataclass(frozen=True, slots=True)
class StoredCalendar:
    """A calendar as its file had it."""

    id: int
    office_id: int
    version: int | None
    """Counted from 1 in an office; None while it waits to be accepted."""
    digest: str
    name: str
    content: str
    loaded_at: datetime


def _calendar(row: Row) -> StoredCalendar:
    return StoredCalendar(
        row["id"],
        row["office_id"],
        row["version"],
        row["digest"],
        row["name"],
        row["content"],
        moment(row["loaded_at"]),
    )


async def find(tx: Transaction, calendar_id: int) -> StoredCalendar | None:
    row = await tx.one("SELECT * FROM calendars WHERE id = :id", id=calendar_id)
    return None if row is None else _calendar(row)


async def latest(tx: Transaction, office_id: int) -> StoredCalendar | None:
    """The calendar that holds in an office; None when it loaded none."""
    row = await tx.one(
        "SELECT * FROM calendars WHERE office_id = :office AND version IS NOT NULL ORDER BY version DESC LIMIT 1",
        office=office_id,
    )
    return None if row is None else _calendar(row)


async def versions(tx: Transaction, office_id: int) -> list[StoredCalendar]:
    """The calendars that held in an office, the latest first."""
    rows = await tx.all(
        "SELECT * FROM calendars WHERE office_id = :office AND version IS NOT NULL ORDER BY version DESC",
        office=office_id,
    )
    return [_calendar(row) for row in rows]


async def propose(
    tx: Transaction,
    office_id: int,
    person_id: int | None,
    name: str,
    content: str,
    digest: str,
    now: datetime,
) -> int:
    """Keep a calendar that waits, in the place of any that waited in the office; its id."""
    await tx.run("DELETE FROM calendars WHERE office_id = :office AND version IS NULL", office=office_id)
    calendar_id = new_id()
    await tx.run(
        "INSERT INTO calendars (id, office_id, digest, name, content, person_id, loaded_at)"
        " VALUES (:id, :office, :digest, :name, :content, CAST(:person AS BIGINT), :now)",
        id=calendar_id,
        office=office_id,
        digest=digest,
        name=name,
        content=content,
        person=person_id,
        now=millis(now),
    )
    return calendar_id


async def accept(tx: Transaction, office_id: int, calendar_id: int, now: datetime) -> int | None:
    """Give a waiting calendar the next version of its office; None when it waits no longer."""
    await tx.lock(f"calendars:{office_id}")
    highest = await tx.value("SELECT MAX(version) FROM calendars WHERE office_id = :office", office=office_id)
    version = (highest or 0) + 1
    changed = await tx.run(
        "UPDATE calendars SET version = :version, loaded_at = :now WHERE id = :id AND version IS NULL",
        id=calendar_id,
        version=version,
        now=millis(now),
    )
    return version if changed else None


async def discard(tx: Transaction, calendar_id: int) -> bool:
    """Throw a waiting calendar away; False when it waits no longer."""
    return await tx.run("DELETE FROM calendars WHERE id = :id AND version IS NULL", id=calendar_id) > 0
