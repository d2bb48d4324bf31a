"""Deliveries when the database does not take what happened: a full disk, a constraint, a bug."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Self

import pytest

from bot.delivery import deliveries as module
from bot.domain.notices.audience import Audience
from bot.storage import deliveries
from bot.storage.database import Conflict, Database, StorageFull, Transaction
from tests.delivery.fake_telegram import FakeTelegram, becomes, sending
from tests.small_rakor import ANI, DODI, Rakor


class DiskThatFills:
    """A database that has no room for writing while ``is_full``."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self.read = database.read
        self.is_full = False
        self._database = database
        self._refusals = 0

    async def write(self, work: Callable[[Transaction], Awaitable[Any]], *, first: bool = False) -> Any:
        if self.is_full:
            self._refusals += 1
            raise StorageFull("no space left on device")
        return await self._database.write(work)

    async def refused(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self._refusals < times:
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class RefusingDatabase(DiskThatFills):
    """A database whose constraints refuse what it is to write from the moment that ``is_full``."""

    async def write(self, work: Callable[[Transaction], Awaitable[Any]], *, first: bool = False) -> Any:
        if self.is_full and self._refusals < 3:
            self._refusals += 1
            raise Conflict("duplicate key value violates unique constraint")
        return await self._database.write(work)


async def test_a_full_disk_keeps_what_was_sent_in_mind(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    await rakor.announces()
    database = DiskThatFills(rakor.database)

    async with sending(database, telegram):
        telegram.open.clear()
        await telegram.has_in_flight(2)
        database.is_full = True
        telegram.open.set()
        await database.refused(5)
        database.is_full = False
        await becomes(rakor, {ANI: "sent", DODI: "sent"})

    assert telegram.chats == Counter({ANI: 1, DODI: 1})


async def test_what_a_constraint_refuses_is_given_up_and_does_not_hold_up_the_rest(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    await rakor.announces(audience=Audience(sectors=("asn",)))
    database = RefusingDatabase(rakor.database)

    async with sending(database, telegram) as sender:
        telegram.open.clear()
        await telegram.has_in_flight(1)
        database.is_full = True
        telegram.open.set()
        await becomes(rakor, {ANI: "failed"})
        while sender.in_flight:
            await asyncio.sleep(0)

    assert await rakor.rows("SELECT error, sender FROM deliveries") == [
        {"error": "duplicate key value violates unique constraint", "sender": None}
    ]
    assert telegram.chats == Counter({ANI: 1})


async def test_a_broken_database_does_not_end_the_loop(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FALLBACK_SECONDS", 0.01)
    real = deliveries.soonest
    broken = [RuntimeError("a bug"), StorageFull("full")]

    async def soonest(tx: Transaction) -> datetime | None:
        if broken:
            raise broken.pop()
        return await real(tx)

    monkeypatch.setattr(deliveries, "soonest", soonest)
    await rakor.announces()
    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent", DODI: "sent"})
