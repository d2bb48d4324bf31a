"""Receives updates by long polling and stores them before Telegram is told so.

Telegram counts an update as handed over once getUpdates asks for a later one. python-telegram-bot's own Updater asks
before the update is anywhere but in memory, so a killed process loses it; here the next request waits for the disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from telegram.error import TelegramError

from bot.delivery.api import POLL_SECONDS, Api
from bot.delivery.failures import Kind, classify
from bot.storage.database import StorageError

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
CONFLICTS = 4
"""After so many refusals for the sake of another copy, without having received before, this copy gives up."""
STEADY_SECONDS = 3.0
"""A request that waited so long before another copy ended it was the older one's: Telegram ends the request that
waits, and a copy whose request is ended asks again after ``FIRST_PAUSE_SECONDS``, so the younger one's first request
does not last."""

Take = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]
"""Stores raw updates and has them handled; returns when they are stored."""


class ReceiverStopped(Exception):
    """Telegram will not hand over updates to this process."""


class TokenRefused(ReceiverStopped):
    """Telegram does not know the token (any more)."""


class AnotherCopyRuns(ReceiverStopped):
    """Another process receives this bot's updates."""


class Poller:
    """Asks for updates until it is cancelled."""

    def __init__(self, api: Api, take: Take, on_trouble: Callable[[str], Awaitable[None]]) -> None:
        """``on_trouble`` hears once when receiving stops working, in words for the organisers' log."""
        self._api = api
        self._take = take
        self._on_trouble = on_trouble
        self._offset: int | None = None
        self._conflicts = 0
        self._succeeded = False
        self._asked_at = 0.0

    async def run(self) -> None:
        """Receive until cancelled.

        Raises:
            TokenRefused: the token is wrong or was revoked.
            AnotherCopyRuns: another process receives since before this one started.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._round()
                pause = FIRST_PAUSE_SECONDS
                continue
            except StorageError as error:
                # Not acknowledged, so Telegram keeps them (24 hours) and gives them again.
                logger.error("updates cannot be stored: %s", error, extra={"action": "storage.failed"})
                await self._on_trouble("storage")
            except TelegramError as error:
                await self._refused(error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _round(self) -> None:
        payload: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset is not None:
            payload["offset"] = self._offset
        self._asked_at = asyncio.get_running_loop().time()
        updates = await self._api.call("getUpdates", payload)
        if not self._succeeded:
            self._succeeded = True
            logger.info("receiving updates", extra={"action": "receiving"})
        self._conflicts = 0
        if updates:
            await self._take(updates)
            self._offset = updates[-1]["update_id"] + 1

    async def _refused(self, error: TelegramError) -> None:
        failure = classify(error)
        if failure.kind is Kind.UNAUTHORIZED:
            raise TokenRefused from error
        if failure.kind is Kind.CONFLICT:
            waited = asyncio.get_running_loop().time() - self._asked_at
            if not self._conflicts and waited >= STEADY_SECONDS:
                self._succeeded = True
            self._conflicts += 1
            logger.warning("another copy of this bot receives the updates", extra={"action": "conflict"})
            if self._conflicts >= CONFLICTS and not self._succeeded:
                raise AnotherCopyRuns from error
            await self._on_trouble("conflict")
        elif failure.kind is Kind.WAIT:
            await asyncio.sleep(failure.retry_after_seconds or 1)
        else:
            logger.warning("no updates: %s", failure.text, extra={"action": "receiving.failed"})
