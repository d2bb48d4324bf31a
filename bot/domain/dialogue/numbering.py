"""The numbers of published submissions. They are drawn: counted ones would tell who was published first."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from bot.storage import submissions
from bot.storage.database import Transaction


async def draw(tx: Transaction, meeting_id: int) -> int:
    """A number that no submission of the meeting has or had; no other is drawn until the transaction ends."""
    await tx.lock(f"submission numbers {meeting_id}")
    return free_number(await submissions.numbers_taken(tx, meeting_id))


def free_number(used: Collection[int]) -> int:
    """A random number of three digits that is not used yet; of more digits once half of those are."""
    lowest = 100
    while 2 * len(used) >= 9 * lowest:
        lowest *= 10
    return secrets.choice([number for number in range(lowest, 10 * lowest) if number not in used])
