"""Updates by webhook: posted with the secret token, again after anything but 2xx, in order by chat."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from simulator.faults import Faults
from simulator.updates import Queued, UpdateQueue
from simulator.wire import JsonDict

if TYPE_CHECKING:
    from aiohttp import ClientSession

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3600
"""What a webhook may ask for by ``Retry-After``: tdlib/telegram-bot-api, WebhookActor.cpp."""
_NOT_IN_ANSWERS = frozenset(("setwebhook", "deletewebhook", "logout", "close"))
"""Passed over in a webhook's answer, as is everything that only gets: the same file."""


class Webhook:
    """Delivers the queue to one address while one is set.

    Attributes:
        first_pause_seconds: pause before the second attempt; it doubles up to a minute.
        execute: runs a method that the bot put into its 2xx answer.
    """

    def __init__(self, updates: UpdateQueue, faults: Faults, now: Callable[[], float]) -> None:
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.first_pause_seconds = 1.0
        self.timeout_seconds = 60.0
        self.execute: Callable[[str, JsonDict], None] = lambda method, params: None
        self._updates = updates
        self._faults = faults
        self._now = now
        self._last_error: tuple[int, str] | None = None
        self._runner: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._busy: dict[int, int] = {}
        self._in_flight: set[int] = set()
        self._pauses: dict[int, float] = {}
        self._more = asyncio.Event()
        updates.listen(self._more.set)

    @property
    def is_set(self) -> bool:
        return bool(self.url)

    def set(self, url: str, secret: str, max_connections: int) -> None:
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self._last_error = None
        self._pauses.clear()
        self._more.set()
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())

    def clear(self) -> None:
        self.url = self.secret = ""
        self._more.set()

    def info(self) -> JsonDict:
        """The Bot API ``WebhookInfo``."""
        found: JsonDict = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.url:
            found["max_connections"] = self.max_connections
            if self._last_error is not None:
                found["last_error_date"], found["last_error_message"] = self._last_error
        found["allowed_updates"] = sorted(self._updates.allowed)
        return found

    async def close(self) -> None:
        self.clear()
        tasks = [task for task in (self._runner, *self._sending) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        from aiohttp import ClientSession, TCPConnector

        async with ClientSession(connector=TCPConnector(limit=0)) as session:
            while self.url:
                self._more.clear()
                for queued in self._due():
                    self._busy[queued.lane] = self._busy.get(queued.lane, 0) + 1
                    self._in_flight.add(id(queued))
                    task = asyncio.create_task(self._send(session, queued))
                    self._sending.add(task)
                    task.add_done_callback(self._sending.discard)
                await self._more.wait()

    def _due(self) -> list[Queued]:
        """What may go now: the oldest of each chat that nothing of is under way."""
        free = self.max_connections - len(self._in_flight)
        found: list[Queued] = []
        taken = set(self._busy)
        waiting: Iterable[Queued] = self._updates.waiting()
        if self._faults.out_of_order:
            waiting = list(waiting)
            self._faults.shuffle(waiting)
        for queued in waiting:
            if free <= 0:
                break
            if id(queued) in self._in_flight or (queued.lane in taken and not self._faults.out_of_order):
                continue
            taken.add(queued.lane)
            found.append(queued)
            free -= 1
        return found

    async def _send(self, session: ClientSession, queued: Queued) -> None:
        try:
            answer = await self._post(session, queued)
            if isinstance(answer, bytes):
                self._pauses.pop(queued.id, None)
                self._updates.confirm(queued)
                self._take_method(answer)
            else:
                pause = self._pauses.get(queued.id, self.first_pause_seconds)
                self._pauses[queued.id] = min(pause * 2, LONGEST_PAUSE_SECONDS)
                await asyncio.sleep(answer or pause)
        finally:
            self._in_flight.discard(id(queued))
            left = self._busy.get(queued.lane, 1) - 1
            if left:
                self._busy[queued.lane] = left
            else:
                self._busy.pop(queued.lane, None)
            self._more.set()

    async def _post(self, session: ClientSession, queued: Queued) -> bytes | int:
        """The body of a 2xx answer; otherwise in how many seconds to try again, 0 for the usual pause."""
        from aiohttp import ClientError, ClientTimeout

        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            async with session.post(
                self.url,
                data=queued.raw,
                headers=headers,
                timeout=ClientTimeout(total=self.timeout_seconds),
            ) as response:
                body = await response.read()
                if 200 <= response.status < 300:
                    return body
                reason = HTTPStatus(response.status).phrase if response.status in _STATUSES else ""
                self._note(f"Wrong response from the webhook: {response.status} {reason}".rstrip())
                wait = response.headers.get("Retry-After", "")
                return min(int(wait), LONGEST_WAIT_SECONDS) if wait.isdecimal() else 0
        except TimeoutError:
            self._note("Read timeout expired")
        except (ClientError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return 0

    def _note(self, text: str) -> None:
        self._last_error = int(self._now()), text
        self._updates.changed()

    def _take_method(self, body: bytes) -> None:
        if not body.startswith(b"{"):
            return
        try:
            call = json.loads(body)
        except ValueError:
            return
        method = call.pop("method", None) if isinstance(call, dict) else None
        if not isinstance(method, str):
            return
        if method.lower() not in _NOT_IN_ANSWERS and not method.lower().startswith("get"):
            self.execute(method, call)


_STATUSES = frozenset(HTTPStatus)
