"""Sends deliveries: a broadcast's message for one chat each, many in flight, at the pace of bulk.

A delivery is claimed for a while (:data:`LEASE_SECONDS`, renewed as long as this process lives), sent, and its outcome
recorded by itself. A process killed in between leaves it claimed; the next one on the same SQLite file takes it over at
its start, another one on PostgreSQL when the claim has run out. So nobody is missed, and at most what was in flight at
the kill arrives twice. All this counts on the system's clock, not on the program's movable one.

What happens to a failed call depends on its kind (:mod:`bot.delivery.failures`):

- nobody reads there: the chat is marked and the delivery rests as ``blocked``, as does all else that waits for it;
- the group moved: it goes to the new one;
- Telegram asks to wait: it waits as told, and that is no attempt;
- it did not leave (no network): nothing is tried meanwhile but one call now and then; that is no attempt either;
- Telegram is out of order, or the outcome is unknown: tried again, :data:`ATTEMPTS` times in about an hour, then it
  rests as ``failed`` with its error. A message that may have arrived is thus sent again: for every kind of broadcast
  twice is better than never (:mod:`bot.domain.broadcasts`);
- Telegram refuses the message itself: it rests as ``failed``.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.delivery.failures import Failure, Kind, classify
from bot.delivery.pace import Priority
from bot.delivery.reach import follow_group, mark_unreachable
from bot.domain.broadcasts import read_content
from bot.i18n import LOCALES
from bot.storage import broadcasts
from bot.storage.broadcasts import Claimed
from bot.storage.database import Database, StorageError, Transaction, Work

logger = logging.getLogger(__name__)

T = TypeVar("T")

IN_FLIGHT = 64
"""How many calls wait for their turn or for Telegram at most."""
LEASE_SECONDS = 8.0
ATTEMPTS = 20
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_OUTAGE_PAUSE_SECONDS = 30.0
LOOK_SECONDS = 0.05
"""How soon after one look at the table the next may follow: every update of every person asks for one."""
STOP_SECONDS = 5.0
FALLBACK_SECONDS = 5.0
"""How soon a delivery is noticed that another process made."""


class Caller(Protocol):
    """Makes a Bot API call in its turn; Telegram's result as it came.

    Raises:
        telegram.error.TelegramError: the call failed.
    """

    def __call__(self, method: str, payload: Mapping[str, Any], priority: Priority) -> Awaitable[Any]: ...


class Deliveries:
    """The one place of a process that sends deliveries. Several processes may share a database."""

    def __init__(
        self, database: Database, call: Caller, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._call = call
        self._now = now
        self._sender = secrets.randbits(53)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._stopping = False
        self._outage_pause = 0.0
        self._outage_until = -math.inf

    async def start(self) -> None:
        """Take up what a killed process left, and send from now on."""
        if self._database.engine == "sqlite":  # one program at a time, so whoever held something is gone
            await self._write(lambda tx: broadcasts.release(tx, self._sender, None))
        self._loops = [
            asyncio.create_task(self._run(), name="deliveries"),
            asyncio.create_task(self._keep_hold(), name="deliveries' lease"),
        ]

    def wake(self) -> None:
        """Look for due deliveries soon; cheap enough to be called after every update."""
        self._woken.set()

    @property
    def in_flight(self) -> int:
        """How many deliveries wait for their turn or for Telegram's answer."""
        return len(self._tasks)

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Finish what is in flight, for at most so long; the rest is sent after the next start."""
        self._stopping = True
        self._woken.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        unfinished = [*self._loops, *self._tasks]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        self._loops = []
        try:
            await self._database.write(lambda tx: broadcasts.give_back(tx, self._sender))
        except StorageError as error:  # the next start finds them anyway
            logger.warning("deliveries stay claimed: %s", error)

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                pause = await self._look()
            except StorageError as error:
                logger.error(
                    "deliveries cannot be read: %s", error, extra={"action": "deliveries.unreadable"}
                )
                pause = FALLBACK_SECONDS
            except Exception:
                # Whatever it is, what waits for other chats must go on.
                logger.exception("deliveries cannot be sent", extra={"action": "deliveries.failed"})
                pause = FALLBACK_SECONDS
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> float:
        """Start sending what is due; for how many seconds to wait unless woken."""
        while not self._stopping:
            now = time.monotonic()
            if now < self._outage_until:
                return self._outage_until - now
            room = (1 if self._outage_pause else IN_FLIGHT) - len(self._tasks)
            if room <= 0:
                return FALLBACK_SECONDS  # a call that ends wakes us
            soonest = await self._database.read(broadcasts.soonest)
            if soonest is None:
                return FALLBACK_SECONDS
            wait = (soonest - self._now()).total_seconds()
            if wait > 0:
                return min(wait, FALLBACK_SECONDS)
            for item in await self._database.write(self._claiming(room)):
                task = asyncio.create_task(self._send(item), name=f"delivery to {item.chat_id}")
                self._tasks.add(task)
                task.add_done_callback(self._ended)
        return 0.0

    def _claiming(self, limit: int) -> Work[list[Claimed]]:
        async def work(tx: Transaction) -> list[Claimed]:
            now = self._now()
            return await broadcasts.claim(tx, self._sender, now, now + _seconds(LEASE_SECONDS), limit)

        return work

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()

    async def _keep_hold(self) -> None:
        """Renew what this process holds, and set free what a dead one held."""

        async def work(tx: Transaction) -> int:
            now = self._now()
            if self._tasks:
                await broadcasts.hold(tx, self._sender, now + _seconds(LEASE_SECONDS))
            return await broadcasts.release(tx, self._sender, now)

        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                held = bool(self._tasks) or await self._database.read(broadcasts.any_held)
                freed = await self._database.write(work) if held else 0
                if freed:
                    self._woken.set()
            except StorageError as error:
                logger.warning("claims on deliveries were not renewed: %s", error)

    async def _send(self, item: Claimed) -> None:
        try:
            result = await self._call("sendMessage", payload_for(item), Priority.BULK)
        except Exception as error:
            await self._fail(item, classify(error))
            return
        self._outage_pause = 0.0
        await self._settle(item, broadcasts.SENT, message_id=result["message_id"])

    async def _fail(self, item: Claimed, failure: Failure) -> None:
        kind = failure.kind
        if kind is Kind.PERMANENT:
            await self._write(self._blocking(item, failure.text))
        elif kind is Kind.MOVED and failure.new_chat_id is not None:
            await self._write(_following(item.chat_id, failure.new_chat_id))
        elif kind is Kind.WAIT:
            await self._postpone(
                item, failure.retry_after_seconds or FIRST_PAUSE_SECONDS, failure, counted=False
            )
        elif kind in (Kind.UNSENT, Kind.UNAUTHORIZED):
            self._begin_outage()
            await self._postpone(item, 0.0, failure, counted=False)
        elif kind in (Kind.SERVER, Kind.UNKNOWN, Kind.CONFLICT) and item.attempts + 1 < ATTEMPTS:
            pause = min(FIRST_PAUSE_SECONDS * 2**item.attempts, LONGEST_PAUSE_SECONDS)
            await self._postpone(item, pause, failure, counted=True)
        else:
            logger.error(
                "a delivery failed: %s",
                failure.text,
                extra={"action": "delivery.failed", "broadcast": item.broadcast_id},
            )
            await self._settle(item, broadcasts.FAILED, error=failure.text)

    def _begin_outage(self) -> None:
        """Telegram cannot be reached: let one call try now and then, and the others wait."""
        if self._stopping or time.monotonic() < self._outage_until:
            return
        self._outage_pause = min(
            max(self._outage_pause * 2, FIRST_PAUSE_SECONDS), LONGEST_OUTAGE_PAUSE_SECONDS
        )
        self._outage_until = time.monotonic() + self._outage_pause

    async def _settle(
        self, item: Claimed, state: str, *, message_id: int | None = None, error: str | None = None
    ) -> None:
        await self._write(
            lambda tx: broadcasts.settle(
                tx,
                self._sender,
                item.broadcast_id,
                item.chat_id,
                state=state,
                message_id=message_id,
                error=error,
            )
        )

    async def _postpone(self, item: Claimed, seconds: float, failure: Failure, *, counted: bool) -> None:
        await self._write(
            lambda tx: broadcasts.postpone(
                tx,
                self._sender,
                item.broadcast_id,
                item.chat_id,
                until=self._now() + _seconds(seconds),
                error=failure.text,
                counted=counted,
            )
        )

    def _blocking(self, item: Claimed, reason: str) -> Work[None]:
        async def work(tx: Transaction) -> None:
            await broadcasts.settle(
                tx,
                self._sender,
                item.broadcast_id,
                item.chat_id,
                state=broadcasts.BLOCKED,
                error=reason,
            )
            await mark_unreachable(tx, item.chat_id, reason)

        return work

    async def _write(self, work: Work[T]) -> T:
        """Write, and while the database has no room or is away, go on trying: what was sent must be recorded."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._database.write(work)
            except StorageError as error:
                logger.error("a delivery waits: %s", error, extra={"action": "storage.failed"})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_OUTAGE_PAUSE_SECONDS)


def payload_for(item: Claimed) -> dict[str, Any]:
    """The parameters of sendMessage for a delivery, in the language of who reads there."""
    content = read_content(item.content)
    locale = next((name for name in (item.locale, *LOCALES) if content.text.get(name)), item.locale)
    payload: dict[str, Any] = {
        "chat_id": item.chat_id,
        "text": content.text.get(locale) or next(iter(content.text.values()), ""),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if item.thread_id is not None:
        payload["message_thread_id"] = item.thread_id
    rows = content.buttons.get(locale, ())
    if item.chat_id < 0:
        rows = [row for row in rows if all("url" in button for button in row)]
    if rows:
        payload["reply_markup"] = {"inline_keyboard": rows}
    return payload


def _following(old_chat: int, new_chat: int) -> Work[None]:
    async def work(tx: Transaction) -> None:
        await follow_group(tx, old_chat, new_chat)

    return work


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
