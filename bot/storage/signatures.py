"""The printed attendance list: the numbers of its lines, and who signed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.values import millis


async def numbers(tx: Transaction, meeting_id: int) -> dict[int, int]:
    """Participant id to the number that was fixed, also of those who withdrew since."""
    rows = await tx.all(
        "SELECT participant_id, number FROM list_numbers WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["participant_id"]: row["number"] for row in rows}


async def last_number(tx: Transaction, meeting_id: int) -> int:
    """The highest number that was fixed; 0 when none was."""
    found = await tx.value(
        "SELECT MAX(number) FROM list_numbers WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return int(found or 0)


async def fix_numbers(tx: Transaction, meeting_id: int, given: Mapping[int, int]) -> None:
    """Keep these numbers, by participant id, beside those that are fixed."""
    await tx.many(
        "INSERT INTO list_numbers (participant_id, meeting_id, number) VALUES (:participant, :meeting, :number)",
        [
            {"participant": participant, "meeting": meeting_id, "number": number}
            for participant, number in given.items()
        ],
    )


async def forget_numbers(tx: Transaction, meeting_id: int) -> None:
    await tx.run("DELETE FROM list_numbers WHERE meeting_id = :meeting", meeting=meeting_id)


async def tick(
    tx: Transaction, meeting_id: int, participant_ids: Iterable[int], operator_id: int, now: datetime
) -> None:
    """Record that these participants signed; what was recorded before stays as it is."""
    await tx.many(
        "INSERT INTO signatures (participant_id, meeting_id, operator_id, ticked_at)"
        " VALUES (:participant, :meeting, :operator, :now) ON CONFLICT (participant_id) DO NOTHING",
        [
            {"participant": participant, "meeting": meeting_id, "operator": operator_id, "now": millis(now)}
            for participant in participant_ids
        ],
    )


async def untick(tx: Transaction, participant_ids: Iterable[int]) -> None:
    """Take back that these participants signed."""
    await tx.many(
        "DELETE FROM signatures WHERE participant_id = :id",
        [{"id": participant} for participant in participant_ids],
    )
