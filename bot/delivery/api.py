"""The bot's way to Telegram: python-telegram-bot's client with our transport and pace, and calls given as data."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any

from telegram import InputFile
from telegram.ext import ExtBot

from bot.delivery.pace import Pace, Priority
from bot.delivery.transport import AiohttpRequest

# RetryAfter in the form that stays: python-telegram-bot 22.2 warns about the other each time.
os.environ.setdefault("PTB_TIMEDELTA", "true")

POLL_SECONDS = 25
"""How long Telegram may keep a getUpdates call open when there is nothing to hand over."""


class Api(ExtBot[Any]):
    """A bot client that also makes calls whose parameters stand in the database."""

    def __init__(self, token: str, api_url: str, bulk_ceiling: float | None = None) -> None:
        """``api_url`` is the part before ``/bot<token>/``; for ``bulk_ceiling`` see :class:`Pace`."""
        super().__init__(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(connection_pool_size=1, read_timeout=POLL_SECONDS + 10),
            rate_limiter=Pace(ceiling_per_second=bulk_ceiling),
        )

    async def call(self, method: str, payload: Mapping[str, Any], priority: Priority = Priority.REPLY) -> Any:
        """Make a call and return Telegram's result as it came.

        Results are not turned into objects: sending hundreds of messages a second, nobody would look at them.

        Raises:
            telegram.error.TelegramError: the call failed; :mod:`bot.delivery.failures` tells what that means.
        """
        data = {key: _upload(value) for key, value in payload.items()}
        return await self._do_post(method, self._merge_api_rl_kwargs(data, priority) or data)


def _upload(value: Any) -> Any:
    """A parameter as the transport wants it: ``{"upload": name, "base64": text}`` is a file."""
    if isinstance(value, Mapping) and "upload" in value:
        return InputFile(base64.b64decode(value["base64"]), filename=value["upload"], attach=False)
    return value
