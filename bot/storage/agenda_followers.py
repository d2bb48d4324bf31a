"""Who asked to be told when the agenda of a meeting changes."""

from __future__ import annotations

from bot.storage.audiences import recipient
from bot.storage.broadcasts import Recipient
from bot.storage.database import Transaction


async def follow(tx: Transaction, meeting_id: int, person_id: int) -> None:
    await tx.run(
        "INSERT INTO agenda_followers (meeting_id, person_id) VALUES (:meeting, :person)"
        " ON CONFLICT (meeting_id, person_id) DO NOTHING",
        meeting=meeting_id,
        person=person_id,
    )


async def unfollow(tx: Transaction, meeting_id: int, person_id: int) -> None:
    await tx.run(
        "DELETE FROM agenda_followers WHERE meeting_id = :meeting AND person_id = :person",
        meeting=meeting_id,
        person=person_id,
    )


async def follows(tx: Transaction, meeting_id: int, person_id: int) -> bool:
    return bool(
        await tx.value(
            "SELECT COUNT(*) FROM agenda_followers WHERE meeting_id = :meeting AND person_id = :person",
            meeting=meeting_id,
            person=person_id,
        )
    )


async def recipients(tx: Transaction, meeting_id: int) -> list[Recipient]:
    """The followers who can be written to."""
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram"
        " FROM agenda_followers JOIN people ON people.id = agenda_followers.person_id"
        " WHERE agenda_followers.meeting_id = :meeting AND people.reach = 'reachable' ORDER BY people.id",
        meeting=meeting_id,
    )
    return [recipient(row) for row in rows]
