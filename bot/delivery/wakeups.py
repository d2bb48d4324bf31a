"""Wakes the program when a reminder is due. What is due stands in the database; APScheduler only rings.

A ring that gets lost or comes twice does no harm: :func:`bot.domain.reminders.reminders.collect_due` finds what is due
whenever it is called, and deals with each due time once. A second, slower alarm rings every minute, for changes that
another process made and for clocks that were moved.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.domain.reminders import reminder_times, reminders
from bot.domain.reminders.reminders import Texts
from bot.storage.database import Database, StorageError

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)

FALLBACK_SECONDS = 60
LOOK_SECONDS = 0.05
"""How soon after one look the next may follow: every update of every person asks for one."""


class Wakeups:
    """Collects due reminders at their time; one a process.

    ``on_collected`` is called when something was: there are deliveries to send.
    """

    def __init__(
        self, database: Database, clock: Clock, texts: Texts, on_collected: Callable[[], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._texts = texts
        self._on_collected = on_collected
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._armed_for: datetime | None = None

    async def start(self) -> None:
        """Look at once for what came due while nothing ran, and from now on at each due time."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._ring, IntervalTrigger(seconds=FALLBACK_SECONDS, timezone=UTC), misfire_grace_time=None
        )
        self._scheduler.start()
        self._woken.set()
        self._loop = asyncio.create_task(self._run(), name="reminders")

    def wake(self) -> None:
        """Look soon whether something is due: after a change to reminders or meetings, or when the clock was moved.

        Cheap enough to be called after every update.
        """
        self._woken.set()

    async def stop(self) -> None:
        """What is due from now on is found at the next start."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None

    async def _ring(self) -> None:
        # A coroutine, because APScheduler calls plain functions in another thread.
        self._woken.set()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                self._arm(await self._collect())
            except StorageError as error:
                logger.error("reminders cannot be read: %s", error, extra={"action": "reminders.unreadable"})
            except Exception:
                # One that cannot be dealt with must not end all others: the next ring tries again.
                logger.exception("reminders could not be collected", extra={"action": "reminders.failed"})
            await asyncio.sleep(LOOK_SECONDS)

    async def _collect(self) -> datetime | None:
        """Deal with all that is due; when the next one is."""
        while True:
            now = self._clock.now()
            planned, next_at = await self._database.read(
                lambda tx, now=now: reminder_times.glance(tx, now)  # type: ignore[misc]
            )
            if planned and (next_at is None or next_at > now):
                return next_at
            collected = await self._database.write(
                lambda tx, now=now: reminders.collect_due(tx, now, self._texts)  # type: ignore[misc]
            )
            for item in collected:
                logger.info(
                    "reminder %s is %s",
                    item.reminder_id,
                    item.state,
                    extra={"action": f"reminder.{item.state}"},
                )
            # Also when none was collected but one was due: an hour may have come that somebody chose.
            if collected or (next_at is not None and next_at <= now):
                self._on_collected()

    def _arm(self, next_at: datetime | None) -> None:
        """Have the alarm ring at the next due time, on the system's clock."""
        from apscheduler.triggers.date import DateTrigger

        if self._scheduler is None:
            return
        # The program's clock may be ahead of the system's or behind it; the scheduler knows only the latter.
        at = None if next_at is None else next_at - self._clock.offset
        if at == self._armed_for:
            return
        self._armed_for = at
        if at is None or at > datetime.now(UTC) + timedelta(days=366):
            if self._scheduler.get_job("next") is not None:
                self._scheduler.remove_job("next")
            return
        self._scheduler.add_job(
            self._ring,
            DateTrigger(at, timezone=UTC),
            id="next",
            replace_existing=True,
            misfire_grace_time=None,
        )
