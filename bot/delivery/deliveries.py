"""Sends deliveries: a broadcast's message for one chat each, many in flight, at the pace of bulk.

To change or to delete what was sent is a delivery's task as well, and takes the same way.

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
  twice is better than never (:mod:`bot.domain.notices.broadcasts`);
- Telegram refuses the message itself: it rests as ``failed``.

What arrived and cannot be changed or deleted any more stays ``sent``, with the error.
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
from bot.delivery.payloads import call_for
from bot.delivery.reach import follow_group, mark_unreachable
from bot.domain.notices import rests
from bot.storage import deliveries
from bot.storage.database import (
    Database,
    StorageError,
    StorageFull,
    StorageUnavailable,
    Transaction,
    Work,
)
from bot.storage.deliveries import DELETE, SEND, Claimed

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
REFUSALS = 3
"""How often an outcome is written that the database does not take, though it is there and has room."""
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
        self,
        database: Database,
        call: Caller,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        civil: Callable[[], datetime] | None = None,
    ) -> None:
        """``now`` is the system's clock, ``civil`` (the same unless given) the one that people live by."""
        self._database = database
        self._call = call
        self._now = now
        self._civil = civil or now
        self._sender = secrets.randbits(53)
        self._tasks: dict[asyncio.Task[None], Claimed] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._stopping = False
        self._outage_pause = 0.0
        self._outage_until = -math.inf

    async def start(self) -> None:
        """Take up what a killed process left, and send from now on."""
        if self._database.engine == "sqlite":  # one program at a time, so whoever held something is gone
            await self._write(lambda tx: deliveries.release(tx, self._sender, None))
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
            await self._database.write(lambda tx: deliveries.give_back(tx, self._sender))
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
            soonest, rested = await self._database.read(self._glance)
            if rested:
                await self._database.write(lambda tx: rests.end(tx, self._civil()))
                continue
            if soonest is None:
                return FALLBACK_SECONDS
            wait = (soonest - self._now()).total_seconds()
            if wait > 0:
                return min(wait, FALLBACK_SECONDS)
            for item in await self._database.write(self._claiming(room)):
                task = asyncio.create_task(self._send(item), name=f"delivery to {item.chat_id}")
                self._tasks[task] = item
                task.add_done_callback(self._ended)
        return 0.0

    async def _glance(self, tx: Transaction) -> tuple[datetime | None, bool]:
        return await deliveries.soonest(tx), await rests.are_over(tx, self._civil())

    def _claiming(self, limit: int) -> Work[list[Claimed]]:
        async def work(tx: Transaction) -> list[Claimed]:
            now = self._now()
            items = await deliveries.claim(tx, self._sender, now, now + _seconds(LEASE_SECONDS), limit)
            resting = await rests.begin(
                tx, {item.broadcast_id for item in items if item.task == SEND}, self._civil()
            )
            await deliveries.let_go(tx, self._sender, [i for i in items if i.broadcast_id in resting])
            return [item for item in items if item.broadcast_id not in resting]

        return work

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._woken.set()

    async def _keep_hold(self) -> None:
        """Renew what this process holds, and set free what a dead one held."""

        async def work(tx: Transaction) -> int:
            now = self._now()
            await deliveries.hold(tx, self._sender, now + _seconds(LEASE_SECONDS), list(self._tasks.values()))
            return await deliveries.release(tx, self._sender, now)

        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                held = bool(self._tasks) or await self._database.read(deliveries.any_held)
                freed = await self._database.write(work) if held else 0
                if freed:
                    self._woken.set()
            except StorageError as error:
                logger.warning("claims on deliveries were not renewed: %s", error)
            except Exception:
                # Without this loop another process would take, and send again, what this one is sending.
                logger.exception(
                    "claims on deliveries were not renewed", extra={"action": "deliveries.not_held"}
                )

    async def _send(self, item: Claimed) -> None:
        try:
            await self._make(item)
        except StorageError as error:
            logger.error(
                "the outcome of a delivery is not taken: %s",
                error,
                extra={"action": "delivery.refused", "broadcast": item.broadcast_id},
            )
            try:
                await self._settle(item, deliveries.FAILED, error=str(error))
            except StorageError:
                # It is found again when its claim runs out.
                logger.exception("a delivery has no outcome", extra={"broadcast": item.broadcast_id})

    async def _make(self, item: Claimed) -> None:
        try:
            result = await self._call(*call_for(item), Priority.BULK)
        except Exception as error:
            await self._fail(item, classify(error))
            return
        self._outage_pause = 0.0
        await self._arrived(item, result["message_id"] if item.task == SEND else None)

    async def _arrived(self, item: Claimed, message_id: int | None) -> None:
        """Telegram did what the delivery's task was."""
        if item.task == DELETE:
            await self._settle(item, deliveries.DELETED)
        else:
            sent_at = self._civil() if item.task == SEND else None
            await self._write(
                lambda tx: deliveries.settle(
                    tx,
                    self._sender,
                    item,
                    state=deliveries.SENT,
                    message_id=message_id,
                    version=item.version,
                    sent_at=sent_at,
                )
            )

    async def _fail(self, item: Claimed, failure: Failure) -> None:
        kind = failure.kind
        if kind is Kind.PERMANENT:
            await self._write(self._blocking(item, failure.text))
        elif kind is Kind.STALE and item.task != SEND and _is_done(item, failure.text):
            await self._arrived(item, None)
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
        elif item.task != SEND:
            logger.info("a message stays as it is: %s", failure.text, extra={"broadcast": item.broadcast_id})
            await self._settle(item, deliveries.SENT, error=failure.text)
        else:
            logger.error(
                "a delivery failed: %s",
                failure.text,
                extra={"action": "delivery.failed", "broadcast": item.broadcast_id},
            )
            await self._settle(item, deliveries.FAILED, error=failure.text)

    def _begin_outage(self) -> None:
        """Telegram cannot be reached: let one call try now and then, and the others wait."""
        if self._stopping or time.monotonic() < self._outage_until:
            return
        self._outage_pause = min(
            max(self._outage_pause * 2, FIRST_PAUSE_SECONDS), LONGEST_OUTAGE_PAUSE_SECONDS
        )
        self._outage_until = time.monotonic() + self._outage_pause

    async def _settle(self, item: Claimed, state: str, *, error: str | None = None) -> None:
        await self._write(lambda tx: deliveries.settle(tx, self._sender, item, state=state, error=error))

    async def _postpone(self, item: Claimed, seconds: float, failure: Failure, *, counted: bool) -> None:
        await self._write(
            lambda tx: deliveries.postpone(
                tx,
                self._sender,
                item,
                until=self._now() + _seconds(seconds),
                error=failure.text,
                counted=counted,
            )
        )

    def _blocking(self, item: Claimed, reason: str) -> Work[None]:
        async def work(tx: Transaction) -> None:
            state = deliveries.BLOCKED if item.task == SEND else deliveries.SENT
            await deliveries.settle(tx, self._sender, item, state=state, error=reason)
            await mark_unreachable(tx, item.chat_id, reason)

        return work

    async def _write(self, work: Work[T]) -> T:
        """Write, and while the database has no room or is away, go on trying: what was sent must be recorded.

        Raises:
            StorageError: it is there, and does not take this however often it is tried.
        """
        pause = FIRST_PAUSE_SECONDS
        refusals = 0
        while True:
            try:
                return await self._database.write(work)
            except StorageError as error:
                logger.error("a delivery waits: %s", error, extra={"action": "storage.failed"})
                if not isinstance(error, StorageFull | StorageUnavailable):
                    refusals += 1
                    if refusals == REFUSALS:
                        raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_OUTAGE_PAUSE_SECONDS)


def _is_done(item: Claimed, reason: str) -> bool:
    """Whether Telegram refuses because it is so already: changed to this text, or deleted by somebody."""
    text = reason.lower()
    return "to delete not found" in text if item.task == DELETE else "not modified" in text


def _following(old_chat: int, new_chat: int) -> Work[None]:
    async def work(tx: Transaction) -> None:
        await follow_group(tx, old_chat, new_chat)

    return work


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
