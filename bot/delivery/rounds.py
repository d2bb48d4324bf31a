"""Does once a minute what nobody asks for at that moment: sessions follow the agenda, news is told in batches.

The database says what is due, so a round that is missed or made twice does no harm, also by another process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.delivery import outbox
from bot.delivery.outbox import Call, StoredCall
from bot.delivery.sender import Sender
from bot.storage.database import Database, StorageError, Transaction

logger = logging.getLogger(__name__)

SECONDS = 60

Work = Callable[[Transaction, datetime], Awaitable[Sequence[Call]]]
"""What one round does; the calls are what Telegram must be told."""


class Rounds:
    """Makes a round at the start and at each full minute of the program's clock.

    ``on_done`` is called after each: it may have made a broadcast, or changed what a wall shows.
    """

    def __init__(
        self, database: Database, clock: Clock, sender: Sender, work: Work, on_done: Callable[[], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._work = work
        self._on_done = on_done
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="rounds")

    def wake(self) -> None:
        """Look whether a minute has begun: the clock may have been moved. Cheap enough for every update."""
        self._woken.set()

    async def stop(self) -> None:
        """What is due from now on is done after the next start."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None

    async def _run(self) -> None:
        done = None
        while True:
            self._woken.clear()
            now = self._clock.now()
            minute = int(now.timestamp()) // SECONDS
            if minute != done:
                await self._make(now)
                done = minute
            rest = SECONDS - now.timestamp() % SECONDS
            try:
                async with asyncio.timeout(rest):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _make(self, now: datetime) -> None:
        async def work(tx: Transaction) -> list[StoredCall]:
            return await outbox.add(tx, await self._work(tx, now))

        try:
            self._sender.submit(await self._database.write(work))
        except StorageError as error:
            logger.error("the round failed: %s", error, extra={"action": "round.failed"})
        except Exception:
            # One thing that cannot be done must not end all rounds: the next minute tries again.
            logger.exception("the round failed", extra={"action": "round.failed"})
        else:
            self._on_done()
