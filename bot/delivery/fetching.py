"""Files that people sent, fetched from Telegram: bounded in size and time, a few at once."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, TelegramError

from bot.delivery.api import Api
from bot.delivery.failures import Kind, classify

logger = logging.getLogger(__name__)

DOWNLOAD_LIMIT = 20_000_000
"""Bytes of a file that a bot can download: Bot API, getFile."""
AT_ONCE = 3
"""How many files are in memory together at most."""
SECONDS = 60.0
TRIES = 3
PAUSE_SECONDS = 1.0
_PASSING = (Kind.UNSENT, Kind.UNKNOWN, Kind.SERVER)


class TooLarge(Exception):
    """The file has more bytes than were allowed."""


class NotFetched(Exception):
    """Telegram did not hand the file over, in several tries or for good."""


class Fetcher:
    """Fetches files by their ``file_id``. Never inside a transaction: it waits for the network."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._places = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, file_id: str, limit: int = DOWNLOAD_LIMIT) -> bytes:
        """The content of a file of at most ``limit`` bytes.

        Raises:
            TooLarge: it has more.
            NotFetched: it cannot be had.
        """
        reason = ""
        async with self._places:
            for tries in range(1, TRIES + 1):
                try:
                    async with asyncio.timeout(SECONDS):
                        return await self._once(file_id, limit)
                except TimeoutError:
                    reason = "time ran out"
                except TelegramError as error:
                    if isinstance(error, BadRequest) and "too big" in error.message.lower():
                        raise TooLarge from error
                    failure = classify(error)
                    reason = failure.text
                    if failure.kind not in _PASSING:
                        break
                if tries < TRIES:
                    await asyncio.sleep(PAUSE_SECONDS * tries)
        logger.warning("a file was not fetched: %s", reason, extra={"action": "fetch.failed"})
        raise NotFetched(reason)

    async def _once(self, file_id: str, limit: int) -> bytes:
        file = await self._api.get_file(file_id)
        if (file.file_size or 0) > limit:
            raise TooLarge
        content = bytes(await file.download_as_bytearray())
        if len(content) > limit:
            raise TooLarge
        return content
