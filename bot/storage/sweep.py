"""Empties SQLite's write-ahead log, in which text that was erased can still be read.

``secure_delete`` overwrites what is deleted in the database file. The log beside it keeps earlier states of the pages
until later ones happen to overwrite them, so it is cut to nothing about a second after a commit: guarantee 3 holds for
a copy of both files.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
"""How long an erased text may stay in the log; many commits share one sweep."""

InThread = Callable[[Callable[[sqlite3.Connection], bool]], Awaitable[bool]]


class Sweep:
    """Cuts the log of one connection that writes. ``run`` calls a function with it, in its thread."""

    def __init__(self, run: InThread) -> None:
        self._run = run
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Have the log emptied within about a second; to be called after a commit."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._start)

    async def stop(self) -> None:
        """No more sweeps; closing the last connection empties the log."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._timer is not None:  # the task may have asked for another one
            self._timer.cancel()

    def _start(self) -> None:
        self._timer = None
        self._task = asyncio.create_task(self._sweep(), name="database sweep")

    async def _sweep(self) -> None:
        try:
            emptied = await self._run(_truncate)
        except sqlite3.Error as error:  # e.g. no room to move the log's pages into the database
            logger.warning("the database's log was not emptied: %s", error, extra={"action": "storage.sweep"})
            emptied = False
        if not emptied:
            self.soon()


def _truncate(connection: sqlite3.Connection) -> bool:
    """Move the log into the database and cut it; False when somebody reads an earlier state just now."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    # Writers wait behind this: rather try again than wait for a reader.
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy
