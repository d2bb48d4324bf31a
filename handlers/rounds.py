"""What is done once a minute, subject by subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.delivery.outbox import Call
from bot.storage.database import Transaction
from handlers.dialogue import dialogue_rounds
from handlers.meeting import rehearsal_rounds


async def make_round(tx: Transaction, now: datetime) -> Sequence[Call]:
    """One round; see :class:`bot.delivery.rounds.Rounds`."""
    return [*await dialogue_rounds.make_round(tx, now), *await rehearsal_rounds.make_round(tx, now)]
