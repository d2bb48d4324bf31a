"""`rakor run` with a token: serve until a signal, say on one line why not."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from typing import Any

from bot.app import Rakor
from bot.delivery.receiver import AnotherCopyRuns, TokenRefused
from bot.settings import Settings
from bot.storage import offices
from bot.storage.database import StorageError, StorageUnavailable

logger = logging.getLogger(__name__)

EXIT_OK, EXIT_PROBLEM, EXIT_DATABASE, EXIT_TELEGRAM = 0, 1, 3, 4


def run(settings: Settings) -> int:
    """Serve Telegram until SIGTERM or SIGINT; the exit code."""
    return asyncio.run(_run(settings))


def stop_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _run(settings: Settings) -> int:
    stop = asyncio.create_task(stop_signals().wait(), name="stop")
    rakor = Rakor(settings)
    starting = asyncio.create_task(rakor.__aenter__(), name="start")
    await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return EXIT_OK
    try:
        starting.result()
    except StorageError as error:
        what = "cannot be opened" if isinstance(error, StorageUnavailable) else "cannot be used"
        print(f"DATABASE_URL={settings.database_name!r}: {what}: {error}", file=sys.stderr)
        return EXIT_DATABASE
    except TokenRefused:
        print("BOT_TOKEN: Telegram does not know this token; ask @BotFather for it", file=sys.stderr)
        return EXIT_TELEGRAM
    except Exception as error:
        # Loaded only once something went wrong: by polling, the bot receives before it has a web server.
        from bot.web.server import PortTaken

        if not isinstance(error, PortTaken):
            raise
        print(f"WEB_PORT={settings.web_port}: {error} is taken; the webhook needs it", file=sys.stderr)
        return EXIT_PROBLEM
    try:
        await _say_what_is_missing(rakor)
        waiting: set[asyncio.Future[Any]] = {stop, rakor.stopped}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return _explained(rakor.stopped.exception()) if rakor.stopped.done() else EXIT_OK
    finally:
        stop.cancel()
        await rakor.__aexit__(None, None, None)


async def _say_what_is_missing(rakor: Rakor) -> None:
    for claim in rakor.claims:
        print(f"{claim.office.name} has no organiser yet. Whoever opens this link first becomes one:")
        print(claim.url)
    if not await rakor.database.read(offices.all_offices):
        print("There is no meeting yet. Write it down in a file and bring it in with: rakor import FILE")
    sys.stdout.flush()


def _explained(error: BaseException | None) -> int:
    if isinstance(error, TokenRefused):
        print("BOT_TOKEN: Telegram does not accept this token any more; ask @BotFather", file=sys.stderr)
        return EXIT_TELEGRAM
    if isinstance(error, AnotherCopyRuns):
        print("Another copy of this bot is running (Telegram: 409 Conflict); stop it first", file=sys.stderr)
        return EXIT_TELEGRAM
    logger.error("receiving ended", exc_info=error)
    return EXIT_PROBLEM
