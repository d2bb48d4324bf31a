"""What organisers did and what the program did in their name: the office's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the log. ``detail`` holds ids, counts and codes, never people's words or names."""

    action: str
    person_id: int | None
    """Who did it; None when the program did it by itself."""
    detail: Mapping[str, Any]
    done_at: datetime


async def record(
    tx: Transaction,
    *,
    office_id: int,
    action: str,
    now: datetime,
    person_id: int | None = None,
    meeting_id: int | None = None,
    **detail: Any,
) -> None:
    """Add a line to the log of an office, in the transaction that did what it tells."""
    await tx.run(
        "INSERT INTO actions (id, office_id, meeting_id, person_id, action, detail, done_at)"
        " VALUES (:id, :office, :meeting, :person, :action, :detail, :now)",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        person=person_id,
        action=action,
        detail=to_json(detail),
        now=millis(now),
    )


async def latest(tx: Transaction, office_id: int, limit: int) -> list[Action]:
    """The last lines of the log of an office, the newest first."""
    rows = await tx.all(
        "SELECT * FROM actions WHERE office_id = :office ORDER BY done_at DESC, id LIMIT :limit",
        office=office_id,
        limit=limit,
    )
    return [
        Action(row["action"], row["person_id"], from_json(row["detail"]), moment(row["done_at"]))
        for row in rows
    ]
