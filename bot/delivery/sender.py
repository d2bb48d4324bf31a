"""Makes the calls of the outbox: those of one chat in their order, different chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from telegram.error import TelegramError

from bot.delivery import outbox
from bot.delivery.failures import Kind, classify
from bot.delivery.outbox import Call, StoredCall
from bot.delivery.reach import follow_group, mark_reachable, mark_unreachable
from bot.storage.database import (
    Database,
    StorageError,
    StorageFull,
    StorageUnavailable,
    Transaction,
    Work,
)

T = TypeVar("T")

logger = logging.getLogger(__name__)

Caller = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Makes a Bot API call with the pace of an answer to a person."""

Ready = Callable[[str, dict[str, Any]], Awaitable[tuple[str, dict[str, Any]]]]
"""Makes what a stored call still wants: the call as it is to be made."""

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0


class Sender:
    """The one place that empties the outbox."""

    def __init__(self, database: Database, call: Caller, ready: Ready | None = None) -> None:
        self._database = database
        self._call = call
        self._ready = ready
        self._queues: dict[int, deque[StoredCall]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent: list[int] = []
        self._flush: asyncio.Task[None] | None = None
        self._stopping = False

    async def recover(self) -> None:
        """Take up what a killed process left."""
        self.submit(await self._database.read(outbox.waiting))

    def submit(self, calls: Iterable[StoredCall]) -> None:
        """Make these stored calls, each after all earlier ones of its chat."""
        for item in calls:
            queue = self._queues.get(item.call.chat_id)
            if queue is not None:
                queue.append(item)
                continue
            self._queues[item.call.chat_id] = deque([item])
            self._start(self._work(item.call.chat_id), f"outbox {item.call.chat_id}")

    def answer(self, query_id: str, text: str, *, alert: bool) -> None:
        """Stop the spinner of a tapped button, with a toast if there is something to say.

        Not stored: nobody misses a toast that is minutes late, and Telegram would refuse it.
        """
        self._start(self._answer(query_id, text, alert), "callback answer")

    def call_soon(self, method: str, payload: dict[str, Any]) -> None:
        """Make a call that may get lost: what is said while nothing can be stored."""
        self._start(self._try(method, payload), method)

    @property
    def waiting(self) -> int:
        """How many calls wait or are being made."""
        return sum(map(len, self._queues.values()))

    async def stop(self, seconds: float) -> None:
        """Finish what is in hand, for at most so long; the rest is sent after the next start."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._flush is not None:  # what it is forgetting would be sent again
            await self._flush
        await self._flush_sent()

    def _start(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, chat_id: int) -> None:
        queue = self._queues[chat_id]
        try:
            while queue and not self._stopping:
                try:
                    await self._deliver(queue[0], queue)
                except Exception:
                    # Whatever it is, the chat's other calls must go on; this one is made after the next start.
                    logger.exception("%s was not made", queue[0].call.method, extra={"action": "call.failed"})
                queue.popleft()
        finally:
            del self._queues[chat_id]

    async def _deliver(self, item: StoredCall, queue: deque[StoredCall]) -> None:
        """Make one call, again and again until Telegram took it or will never take it."""
        pause = FIRST_PAUSE_SECONDS
        method, payload = await self._complete(item.call)
        while True:
            try:
                await self._call(method, dict(payload))
            except TelegramError as error:
                failure = classify(error)
                if failure.kind is Kind.MOVED and failure.new_chat_id is not None:
                    moved = await self._write(_following(item.call.chat_id, failure.new_chat_id))
                    known = {call.id for call in self._queues.get(failure.new_chat_id, ())}
                    self.submit(call for call in moved if call.id >= item.id and call.id not in known)
                    queue.clear()
                    queue.append(item)  # the one that the caller takes off
                    return
                if failure.kind is Kind.PERMANENT:
                    await self._write(_unreachable(item.call.chat_id, failure.text))
                elif failure.kind is Kind.REFUSED:
                    logger.error("Telegram refused %s: %s", method, failure.text, extra={"action": "refused"})
                elif failure.kind is not Kind.STALE:
                    if self._stopping:
                        raise asyncio.CancelledError from error
                    logger.warning("%s will be tried again: %s", method, failure.text)
                    await asyncio.sleep(failure.retry_after_seconds or pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                    continue
            else:
                if item.call.chat_id < 0 and method.startswith("send"):
                    await self._write(_arrived(item.call.chat_id))
            self._done(item.id)
            return

    async def _complete(self, call: Call) -> tuple[str, dict[str, Any]]:
        payload = dict(call.payload)
        if self._ready is None:
            return call.method, payload
        ready = self._ready
        return await self._insist(lambda: ready(call.method, payload))

    async def _write(self, work: Work[T]) -> T:
        return await self._insist(lambda: self._database.write(work))

    async def _insist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """While the database has no room or is away, go on trying: the chat's other calls wait behind."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await attempt()
            except (StorageFull, StorageUnavailable) as error:
                logger.error("a call waits: %s", error, extra={"action": "storage.failed"})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _done(self, call_id: int) -> None:
        """Forget a call that was made; many such deletions share one transaction."""
        self._sent.append(call_id)
        if self._flush is None:
            self._flush = asyncio.create_task(self._flush_sent(), name="outbox flush")

    async def _flush_sent(self) -> None:
        try:
            while self._sent:
                sent, self._sent = self._sent, []
                try:
                    await self._database.write(_forgetting(sent))
                except StorageError as error:  # they are sent again after a restart, which is allowed
                    logger.warning("sent calls stay in the outbox: %s", error)
        finally:
            self._flush = None

    async def _answer(self, query_id: str, text: str, alert: bool) -> None:
        payload: dict[str, Any] = {"callback_query_id": query_id}
        if text:
            payload |= {"text": text, "show_alert": alert}
        await self._try("answerCallbackQuery", payload)

    async def _try(self, method: str, payload: dict[str, Any]) -> None:
        try:
            await self._call(method, payload)
        except TelegramError as error:
            failure = classify(error)
            level = logging.DEBUG if failure.kind in (Kind.STALE, Kind.PERMANENT) else logging.WARNING
            logger.log(level, "%s failed: %s", method, failure.text)


def _following(old_chat: int, new_chat: int) -> Work[list[StoredCall]]:
    async def work(tx: Transaction) -> list[StoredCall]:
        await follow_group(tx, old_chat, new_chat)
        return await outbox.of_chat(tx, new_chat)

    return work


def _unreachable(chat_id: int, reason: str) -> Work[None]:
    async def work(tx: Transaction) -> None:
        await mark_unreachable(tx, chat_id, reason)

    return work


def _arrived(chat_id: int) -> Work[None]:
    async def work(tx: Transaction) -> None:
        await mark_reachable(tx, chat_id)

    return work


def _forgetting(call_ids: list[int]) -> Work[None]:
    async def work(tx: Transaction) -> None:
        await outbox.forget(tx, call_ids)

    return work
