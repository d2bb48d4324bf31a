"""A Telegram for the sender of deliveries that fails as told, and a sender that runs while a test looks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.error import (
    TimedOut,
)

from bot.delivery.deliveries import Deliveries
from bot.delivery.pace import Priority
from bot.storage.database import Database
from tests.small_rakor import Rakor


class FakeTelegram:
    """Answers calls, fails them as told, and keeps those that arrived."""

    def __init__(self) -> None:
        self.arrived: list[Mapping[str, Any]] = []
        self.failures: dict[int, list[Exception]] = {}
        """Chat to what its next calls fail with; a failure marked ``arrives`` fails after it arrived."""
        self.outage: Exception | None = None
        self.refused = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self.open = asyncio.Event()
        self.open.set()
        self.priorities: set[Priority] = set()
        self._changed = asyncio.Event()

    async def __call__(self, method: str, payload: Mapping[str, Any], priority: Priority) -> Any:
        assert method == "sendMessage"
        self.priorities.add(priority)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self._changed.set()
        try:
            await self.open.wait()
            if self.outage is not None:
                self.refused += 1
                raise self.outage
            failures = self.failures.get(payload["chat_id"])
            if failures:
                error = failures.pop(0)
                if isinstance(error, TimedOut):
                    self.arrived.append(payload)
                raise error
            self.arrived.append(payload)
            return {"message_id": 1000 + len(self.arrived)}
        finally:
            self.in_flight -= 1

    @property
    def chats(self) -> Counter[int]:
        """How many messages arrived in each chat."""
        return Counter(payload["chat_id"] for payload in self.arrived)

    async def has_in_flight(self, count: int) -> None:
        while self.in_flight < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 10)


class QuickClock:
    """The system's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@asynccontextmanager
async def sending(
    database: Database, telegram: FakeTelegram, now: Callable[[], datetime] | None = None
) -> AsyncIterator[Deliveries]:
    sender = Deliveries(database, telegram, now or (lambda: datetime.now(UTC)))
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop(5)


async def becomes(rakor: Rakor, wanted: Mapping[int, str], nudge: Callable[[], None] = lambda: None) -> None:
    """Wait until the deliveries of all chats are in these states."""
    async with asyncio.timeout(15):
        while await rakor.deliveries() != wanted:
            nudge()
            await asyncio.sleep(0.01)
