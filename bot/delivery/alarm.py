"""Trouble with receiving that only people can end: the organisers hear of it, while nothing can be stored."""

from __future__ import annotations

import asyncio
import contextlib

from bot.delivery.sender import Sender
from bot.domain import roles
from bot.i18n import translator
from bot.storage import offices
from bot.storage.database import Database, StorageError, Transaction

ALARM_SECONDS = 3600.0
"""Organisers hear of the same trouble at most this often."""


class Alarm:
    """Tells the organisers of all offices."""

    def __init__(self, database: Database, sender: Sender, locale: str) -> None:
        self._database = database
        self._sender = sender
        self._locale = locale
        self._told_at: dict[str, float] = {}

    async def tell(self, trouble: str) -> None:
        """Tell of ``trouble`` (``storage`` or ``conflict``), without storing anything."""
        now = asyncio.get_running_loop().time()
        if now < self._told_at.get(trouble, float("-inf")) + ALARM_SECONDS:
            return
        self._told_at[trouble] = now
        t = translator(self._locale)
        text = {
            "storage": t.gettext(
                "⚠️ The bot's computer cannot save anything (is its disk full?). Messages wait with Telegram for up to a"
                " day and are answered when there is room again."
            ),
            "conflict": t.gettext(
                "⚠️ A second copy of this bot is running somewhere and takes messages away from this one. Please stop"
                " one of the two."
            ),
        }[trouble]
        with contextlib.suppress(StorageError):
            for person_id in await self._database.read(_organisers):
                self._sender.call_soon("sendMessage", {"chat_id": person_id, "text": text})


async def _organisers(tx: Transaction) -> set[int]:
    return {
        person_id
        for office in await offices.all_offices(tx)
        for person_id, role in await offices.members_of(tx, office.id)
        if role == roles.ORGANISER
    }
