"""Rakor Bot as a process of its own, beside an embedded Telegram."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.driver import Telegram


@asynccontextmanager
async def rakor(tg: Telegram, database_url: str) -> AsyncIterator[None]:
    """``rakor run`` for this Telegram and database, from the moment that it answers; its organiser is person 1."""
    environment = {
        **os.environ,
        "BOT_TOKEN": tg.token,
        "BOT_API_URL": tg.url,
        "DATABASE_URL": database_url,
        "ADMIN_IDS": "1",
        "WEB_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await tg.bot_is_up()
        yield
    finally:
        process.terminate()
        await process.wait()
