"""The walls of meetings, and the published submissions as a wall shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment


@dataclass(frozen=True, slots=True)
class StoredWall:
    """A meeting's wall and the view that its organiser chose."""

    meeting_id: int
    view: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedText:
    """All of a published submission that may leave the chat; neither author nor moment is read."""

    number: int
    kind: str
    text: str


def _wall(row: Row) -> StoredWall:
    return StoredWall(row["meeting_id"], row["view"], moment(row["opened_at"]))


async def find(tx: Transaction, token_hash: str) -> StoredWall | None:
    row = await tx.one("SELECT * FROM walls WHERE token_hash = :hash", hash=token_hash)
    return None if row is None else _wall(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> StoredWall | None:
    row = await tx.one("SELECT * FROM walls WHERE meeting_id = :meeting", meeting=meeting_id)
    return None if row is None else _wall(row)


async def save(tx: Transaction, meeting_id: int, token_hash: str, view: str, now: datetime) -> None:
    """Give a meeting a wall, in the place of the one that it had; the view of that one stays."""
    await tx.run(
        "INSERT INTO walls (meeting_id, token_hash, view, opened_at) VALUES (:meeting, :hash, :view, :now)"
        " ON CONFLICT (meeting_id) DO UPDATE SET token_hash = excluded.token_hash, opened_at = excluded.opened_at",
        meeting=meeting_id,
        hash=token_hash,
        view=view,
        now=millis(now),
    )


async def set_view(tx: Transaction, meeting_id: int, view: str) -> bool:
    """Show another view; False when the meeting has no wall."""
    changed = await tx.run(
        "UPDATE walls SET view = :view WHERE meeting_id = :meeting", meeting=meeting_id, view=view
    )
    return changed > 0


async def remove(tx: Transaction, meeting_id: int) -> bool:
    """Take a meeting's wall away; False when it has none."""
    removed = await tx.run("DELETE FROM walls WHERE meeting_id = :meeting", meeting=meeting_id)
    return removed > 0


async def published_texts(tx: Transaction, meeting_id: int, numbers: Sequence[int]) -> list[PublishedText]:
    """Those of the published submissions of a meeting that have one of ``numbers``, in the order of ``numbers``."""
    if not numbers:
        return []
    names = {f"n{place}": number for place, number in enumerate(numbers)}
    listed = ", ".join(f":{name}" for name in names)
    rows = await tx.all(
        "SELECT number, kind, text FROM submissions WHERE meeting_id = :meeting AND state = 'published'"  # noqa: S608
        f" AND number IN ({listed})",
        meeting=meeting_id,
        **names,
    )
    found = {row["number"]: PublishedText(row["number"], row["kind"], row["text"]) for row in rows}
    return [found[number] for number in numbers if number in found]
