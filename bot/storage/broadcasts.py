"""Broadcasts: one message to many chats; what each chat gets of it is a delivery (:mod:`bot.storage.deliveries`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

DRAFT, STARTED, STOPPED, WITHDRAWN, CANCELLED = "draft", "started", "stopped", "withdrawn", "cancelled"
"""States of a broadcast.

``stopped``: what was not sent is held back, until an organiser lets it go on or, where ``resumes_at`` is set, until the
quiet hours are over. ``withdrawn``: what was sent is being deleted. ``cancelled``: a draft that was thrown away.
"""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many chats. ``content`` and ``audience`` are as :mod:`bot.domain` reads them."""

    id: int
    office_id: int
    meeting_id: int
    kind: str
    content: Mapping[str, Any]
    audience: Mapping[str, Any]
    author_id: int | None
    """The person who sent it; None when the program did by itself."""
    state: str
    created_at: datetime
    version: int
    """Of its text; 1 until it was changed."""
    resumes_at: datetime | None
    """When it goes on by itself, on the program's clock; None unless it rests for the night."""
    reminder_id: int | None = None
    """The reminder that it was made of."""
    rule_id: str | None = None
    """The rule card that it says."""
    about_id: int | None = None
    """The broadcast that it reminds of."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A chat that a broadcast goes to, and the language in which."""

    chat_id: int
    locale: str
    thread_id: int | None = None


def broadcast_of(row: Row) -> Broadcast:
    """A row with every column of ``broadcasts``."""
    return Broadcast(
        id=row["id"],
        office_id=row["office_id"],
        meeting_id=row["meeting_id"],
        kind=row["kind"],
        content=from_json(row["content"]),
        audience=from_json(row["audience"]),
        author_id=row["author_id"],
        state=row["state"],
        created_at=moment(row["created_at"]),
        version=row["version"],
        resumes_at=None if row["resumes_at"] is None else moment(row["resumes_at"]),
        reminder_id=row["reminder_id"],
        rule_id=row["rule_id"],
        about_id=row["about_id"],
    )


async def lock(tx: Transaction, broadcast_id: int) -> None:
    """Let one transaction at a time decide what becomes of a broadcast's deliveries."""
    await tx.lock(f"broadcast:{broadcast_id}")


async def add(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    kind: str,
    content: Mapping[str, Any],
    audience: Mapping[str, Any],
    author_id: int | None,
    state: str,
    now: datetime,
) -> Broadcast:
    row = await tx.one(
        "INSERT INTO broadcasts (id, office_id, meeting_id, kind, content, audience, author_id, state, created_at)"
        " VALUES (:id, :office, :meeting, :kind, :content, :audience, :author, :state, :now) RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        kind=kind,
        content=to_json(dict(content)),
        audience=to_json(dict(audience)),
        author=author_id,
        state=state,
        now=millis(now),
    )
    assert row is not None
    return broadcast_of(row)


async def find(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    row = await tx.one("SELECT * FROM broadcasts WHERE id = :id", id=broadcast_id)
    return None if row is None else broadcast_of(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Broadcast]:
    """The broadcasts of a meeting that went out, in the order in which they were made."""
    rows = await tx.all(
        "SELECT * FROM broadcasts WHERE meeting_id = :meeting AND state NOT IN ('draft', 'cancelled')"
        " ORDER BY created_at, id",
        meeting=meeting_id,
    )
    return [broadcast_of(row) for row in rows]


async def set_draft(
    tx: Transaction, broadcast_id: int, *, content: Mapping[str, Any], audience: Mapping[str, Any]
) -> None:
    """Let a draft say this, to these."""
    await tx.run(
        "UPDATE broadcasts SET content = :content, audience = :audience WHERE id = :id AND state = 'draft'",
        id=broadcast_id,
        content=to_json(dict(content)),
        audience=to_json(dict(audience)),
    )


async def is_about(tx: Transaction, about_id: int, request: int) -> bool:
    """Whether a broadcast was made that reminds of another one for this request."""
    found = await tx.one(
        "SELECT 1 AS yes FROM broadcasts WHERE about_id = :about AND request = :request",
        about=about_id,
        request=request,
    )
    return found is not None


async def set_about(tx: Transaction, broadcast_id: int, about_id: int, request: int) -> None:
    """Keep which broadcast this one reminds of, and for which request."""
    await tx.run(
        "UPDATE broadcasts SET about_id = :about, request = :request WHERE id = :id",
        id=broadcast_id,
        about=about_id,
        request=request,
    )


async def leave_draft(tx: Transaction, broadcast_id: int, state: str) -> bool:
    """Start or cancel a draft; False when somebody did either before, and the caller does nothing."""
    return (
        await tx.run(
            "UPDATE broadcasts SET state = :state WHERE id = :id AND state = 'draft'",
            id=broadcast_id,
            state=state,
        )
        > 0
    )
