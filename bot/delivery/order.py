"""One chat's updates in their order, different chats side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

WORKERS = 256
"""How many chats are worked on at once. Each waits for the database's thread, not for Telegram."""


class ChatOrder(BaseUpdateProcessor):
    """Lets one update of a chat in at a time, first come first served.

    python-telegram-bot takes its semaphore before :meth:`do_process_update`, so that one flooding chat could hold all
    places while it waits for its own turn. It is therefore made as good as endless; the limit stands inside the turn.
    """

    def __init__(self, workers: int = WORKERS) -> None:
        super().__init__(max_concurrent_updates=1_000_000)
        self._workers = asyncio.Semaphore(workers)
        self._last: dict[int, asyncio.Future[None]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        key = order_key(update)
        before = self._last.get(key)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._last[key] = mine
        try:
            if before is not None:
                await before
            async with self._workers:
                await coroutine
        finally:
            mine.set_result(None)
            if self._last.get(key) is mine:
                del self._last[key]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""


def order_key(update: object) -> int:
    """What an update must keep its place among: its chat; else its person; else all that have neither."""
    if not isinstance(update, Update):
        return 0
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
