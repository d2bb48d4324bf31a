"""Keeps progress messages true: one message per broadcast, changed in place until every delivery is done with.

What it says is worked out from the deliveries each time, so it is right again after a restart; several processes take
turns by claiming the moment of the next change.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.delivery.deliveries import Caller
from bot.delivery.failures import Kind, classify
from bot.delivery.pace import Priority
from bot.storage import deliveries, progress
from bot.storage.broadcasts import STOPPED, WITHDRAWN
from bot.storage.database import Database, StorageError
from bot.storage.progress import Progress

logger = logging.getLogger(__name__)

CHANGE_SECONDS = 2.0
"""How often a message changes: a chat bears one message a second, and its owner may want to talk as well."""
LONGEST_CHANGE_SECONDS = 8.0
LOOKS_LEFT = 12
"""A long broadcast's message changes this often in the time that is left, since each change takes a reader's turn."""
IDLE_SECONDS = 5.0
MANY = 20
"""How many progress messages are changed in one go at most."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a broadcast is: numbers of chats.

    Once it was changed or withdrawn, ``sent`` counts the chats that have the new text, or where it was deleted.
    """

    sent: int
    blocked: int
    """Nobody reads there (any more)."""
    failed: int
    waiting: int
    per_second: float | None
    """How many were done with in a second lately; None when that is not known."""
    unchanged: int = 0
    """Where the former text stays, or the message that was to be deleted."""
    stopped: bool = False
    """It stands still: an organiser stopped it, or the hours are quiet."""
    moving: int = 0
    """Of those that wait, how many are being sent at this moment."""

    @property
    def total(self) -> int:
        return self.sent + self.blocked + self.failed + self.waiting + self.unchanged

    @property
    def is_done(self) -> bool:
        return self.waiting == 0

    @property
    def seconds_left(self) -> int | None:
        """An estimate; None where there is none."""
        return round(self.waiting / self.per_second) if self.per_second else None

    @property
    def change_seconds(self) -> float:
        """How long what is said now may stand: the longer, the more is left to do."""
        return min(max(CHANGE_SECONDS, (self.seconds_left or 0) / LOOKS_LEFT), LONGEST_CHANGE_SECONDS)


View = Callable[[Progress, Standing], tuple[str, list[list[dict[str, Any]]]]]
"""The message's HTML and buttons."""


class ProgressMessages:
    """Changes the progress messages of running broadcasts; one a process."""

    def __init__(
        self,
        database: Database,
        call: Caller,
        view: View,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._call = call
        self._view = view
        self._now = now
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._shown: dict[int, tuple[float, int, str]] = {}
        """Per broadcast: when we last looked, how many chats were done with, and what the message says."""

    async def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="progress messages")

    def wake(self) -> None:
        """Look for a new broadcast soon; cheap enough to be called after every update."""
        self._woken.set()

    async def stop(self) -> None:
        """The messages are brought up to date after the next start."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
            self._loop = None

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                pause = await self._look()
            except StorageError as error:
                logger.warning("progress cannot be read: %s", error)
                pause = IDLE_SECONDS
            except Exception:
                logger.exception("progress cannot be shown", extra={"action": "progress.failed"})
                pause = IDLE_SECONDS
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue
            await asyncio.sleep(0.05)

    async def _look(self) -> float:
        next_at = await self._database.read(progress.soonest)
        if next_at is None:
            return IDLE_SECONDS
        now = self._now()
        if next_at > now:
            return min((next_at - now).total_seconds(), IDLE_SECONDS)
        later = now + timedelta(seconds=CHANGE_SECONDS)
        due = await self._database.write(lambda tx: progress.claim(tx, now, later, MANY))
        await asyncio.gather(*(self._change(item) for item in due))
        return 0.0 if len(due) == MANY else CHANGE_SECONDS

    async def _change(self, item: Progress) -> None:
        standing = self._standing(item)
        text, rows = self._view(item, standing)
        seen = f"{text}{rows}"
        if seen != self._shown.get(item.broadcast.id, (0.0, 0, ""))[2]:
            payload = {
                "chat_id": item.chat_id,
                "message_id": item.message_id,
                "text": text,
                "parse_mode": "HTML",
                "reply_markup": {"inline_keyboard": rows},
            }
            try:
                await self._call("editMessageText", payload, Priority.REPLY)
            except Exception as error:
                failure = classify(error)
                if failure.kind not in (Kind.STALE, Kind.PERMANENT, Kind.REFUSED, Kind.MOVED):
                    logger.info("a progress message will be changed later: %s", failure.text)
                    return
                # The same text after a restart, or the message is gone: nothing hangs on it.
                if "not modified" not in failure.text.lower():
                    await self._end(item)
                    return
        if standing.is_done or (
            standing.stopped and item.broadcast.resumes_at is None and not standing.moving
        ):
            await self._end(item)
        else:
            self._shown[item.broadcast.id] = (
                time.monotonic(),
                standing.total - standing.waiting,
                seen,
            )
            if standing.change_seconds > CHANGE_SECONDS:
                later = self._now() + timedelta(seconds=standing.change_seconds)
                await self._database.write(
                    lambda tx: progress.put_off(tx, item.broadcast.id, item.claimed_until, later)
                )

    def _standing(self, item: Progress) -> Standing:
        counts, broadcast = item.counts, item.broadcast
        waiting = sum(counts.get(state, 0) for state in deliveries.OPEN_STATES)
        done = sum(counts.values()) - waiting
        looked_at, done_before, _ = self._shown.get(broadcast.id, (0.0, 0, ""))
        seconds = time.monotonic() - looked_at
        arrived = counts.get(deliveries.SENT, 0)
        withdrawn = broadcast.state == WITHDRAWN
        unchanged = arrived if withdrawn else item.older
        return Standing(
            sent=counts.get(deliveries.DELETED, 0) if withdrawn else arrived - unchanged,
            blocked=counts.get(deliveries.BLOCKED, 0),
            failed=counts.get(deliveries.FAILED, 0),
            waiting=waiting,
            per_second=(done - done_before) / seconds if looked_at and done > done_before else None,
            unchanged=unchanged,
            stopped=broadcast.state == STOPPED,
            moving=counts.get(deliveries.SENDING, 0),
        )

    async def _end(self, item: Progress) -> None:
        self._shown.pop(item.broadcast.id, None)
        await self._database.write(lambda tx: progress.end(tx, item.broadcast.id, item.claimed_until))
