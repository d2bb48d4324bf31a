"""The alarm clock: rings at the next due time, after changes, and when the clock was moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock
from bot.delivery.wakeups import Wakeups
from bot.domain.reminders import reminders
from bot.storage.database import StorageUnavailable, Transaction
from tests.small_rakor import Rakor, Texts


class Rung:
    """Counts how often something was collected."""

    def __init__(self) -> None:
        self.times = 0
        self._event = asyncio.Event()

    def __call__(self) -> None:
        self.times += 1
        self._event.set()

    async def once_more(self) -> None:
        await asyncio.wait_for(self._event.wait(), 10)
        self._event.clear()


@asynccontextmanager
async def awake(rakor: Rakor, clock: Clock, rung: Rung) -> AsyncIterator[Wakeups]:
    wakeups = Wakeups(rakor.database, clock, Texts(), rung)
    await wakeups.start()
    try:
        yield wakeups
    finally:
        await wakeups.stop()


def at(moment: datetime) -> dict[str, str]:
    return {"at": moment.replace(tzinfo=None).isoformat(), "zone": "UTC"}


async def armed_for(wakeups: Wakeups, moment: datetime) -> None:
    async with asyncio.timeout(10):
        while wakeups._armed_for != moment:
            await asyncio.sleep(0.01)


async def states(rakor: Rakor) -> list[str]:
    return [row["state"] for row in await rakor.rows("SELECT state FROM occurrences ORDER BY due_at")]


async def test_it_collects_at_the_due_time_by_itself(rakor: Rakor) -> None:
    rung = Rung()
    now = datetime.now(UTC)
    await rakor.reminds(schedule=at(now + timedelta(seconds=0.5)), now=now)

    async with awake(rakor, Clock(), rung):
        await rung.once_more()

    assert datetime.now(UTC) >= now + timedelta(seconds=0.5)
    assert await states(rakor) == ["sent"]


async def test_it_collects_at_its_start_what_came_due_before(rakor: Rakor) -> None:
    rung = Rung()
    now = datetime.now(UTC)
    await rakor.reminds("late", schedule=at(now - timedelta(minutes=30)), now=now - timedelta(hours=2))
    await rakor.reminds("missed", schedule=at(now - timedelta(minutes=90)), now=now - timedelta(hours=2))

    async with awake(rakor, Clock(), rung):
        await rung.once_more()

    assert await states(rakor) == ["missed", "late"]
    assert rung.times == 1


async def test_a_new_reminder_and_a_moved_clock_are_followed_when_woken(rakor: Rakor) -> None:
    rung, clock = Rung(), Clock()
    now = datetime.now(UTC).replace(microsecond=0)
    async with awake(rakor, clock, rung) as wakeups:
        await rakor.reminds(schedule=at(now + timedelta(days=3)), now=now)
        wakeups.wake()
        await armed_for(wakeups, now + timedelta(days=3))

        clock.offset = timedelta(days=2)
        wakeups.wake()
        await armed_for(wakeups, now + timedelta(days=1))
        assert await states(rakor) == []

        clock.offset = timedelta(days=3, seconds=1)
        wakeups.wake()
        await rung.once_more()

    assert await states(rakor) == ["sent"]


async def test_trouble_does_not_end_it(rakor: Rakor, monkeypatch: pytest.MonkeyPatch) -> None:
    rung = Rung()
    real = reminders.collect_due
    troubles: list[Exception] = [RuntimeError("a bug"), StorageUnavailable("away")]
    now = datetime.now(UTC)
    await rakor.reminds(schedule=at(now), now=now - timedelta(hours=1))

    async def collect_due(
        tx: Transaction, now: datetime, texts: reminders.Texts
    ) -> list[reminders.Collected]:
        if troubles:
            raise troubles.pop()
        return await real(tx, now, texts)

    monkeypatch.setattr(reminders, "collect_due", collect_due)
    async with awake(rakor, Clock(), rung) as wakeups:
        async with asyncio.timeout(10):
            while troubles:
                wakeups.wake()
                await asyncio.sleep(0.01)
        wakeups.wake()
        await rung.once_more()

    assert await states(rakor) == ["sent"]


async def test_the_slow_alarm_rings_without_being_woken(
    rakor: Rakor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process made the reminder: nobody wakes this one."""
    monkeypatch.setattr("bot.delivery.wakeups.FALLBACK_SECONDS", 0.1)
    rung = Rung()
    async with awake(rakor, Clock(), rung):
        now = datetime.now(UTC).replace(microsecond=0)
        await rakor.reminds(schedule=at(now), now=now)
        await rung.once_more()

    assert await states(rakor) == ["sent"]
