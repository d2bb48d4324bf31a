"""`rakor run` with a token: serve until a signal, say on one line why not."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from typing import Any

from bot import exits
from bot.app import Rakor
from bot.delivery.receiver import AnotherCopyRuns, ReceiverStopped, TokenRefused
from bot.i18n import Translator, translator
from bot.settings import Settings
from bot.storage import offices
from bot.storage.database import StorageError, StorageUnavailable
from bot.web.errors import PortTaken

logger = logging.getLogger(__name__)


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
        return exits.FINE
    t = translator(settings.default_locale)
    try:
        starting.result()
    except (StorageError, PortTaken, ReceiverStopped) as error:
        return _explained(error, settings, t)
    try:
        await _say_what_is_missing(rakor, t)
        waiting: set[asyncio.Future[Any]] = {stop, rakor.stopped}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return _explained(rakor.stopped.exception(), settings, t) if rakor.stopped.done() else exits.FINE
    finally:
        stop.cancel()
        await rakor.__aexit__(None, None, None)


async def _say_what_is_missing(rakor: Rakor, t: Translator) -> None:
    for claim in rakor.claims:
        text = t.gettext("{office} has no organiser yet. Whoever opens this link first becomes one:")
        print(text.format(office=claim.office.name))
        print(claim.url)
    if not await rakor.database.read(offices.all_offices):
        print(
            t.gettext(
                "There is no meeting yet. Write it down in a file and bring it in with: rakor import FILE"
            )
        )
    sys.stdout.flush()


def _explained(error: BaseException | None, settings: Settings, t: Translator) -> int:
    """Say on one line why the bot does not run, or no longer; the exit code."""
    if isinstance(error, StorageUnavailable):
        text = t.gettext("DATABASE_URL={name}: cannot be opened: {reason}")
        text, code = text.format(name=repr(settings.database_name), reason=error), exits.DATABASE
    elif isinstance(error, StorageError):
        text = t.gettext("DATABASE_URL={name}: cannot be used: {reason}")
        text, code = text.format(name=repr(settings.database_name), reason=error), exits.DATABASE
    elif isinstance(error, PortTaken):
        text = t.gettext("WEB_PORT={port}: {address} is taken; the webhook needs it")
        text, code = text.format(port=settings.web_port, address=error), exits.PROBLEM
    elif isinstance(error, TokenRefused):
        text = t.gettext("BOT_TOKEN: Telegram does not know this token; ask @BotFather for it")
        code = exits.TELEGRAM
    elif isinstance(error, AnotherCopyRuns):
        text = t.gettext("Another copy of this bot is running (Telegram: 409 Conflict); stop it first")
        code = exits.TELEGRAM
    else:
        logger.error("the program cannot go on", exc_info=error)
        return exits.PROBLEM
    print(text, file=sys.stderr)
    return code
