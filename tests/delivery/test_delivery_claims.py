"""Who holds a delivery: a killed process, one that stops, two at once, one that takes long."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import deliveries as module
from bot.delivery.deliveries import Deliveries
from bot.domain.notices.audience import Audience
from bot.storage import deliveries
from bot.storage.database import StorageFull, Transaction, connect
from bot.storage.deliveries import Claimed
from tests.delivery.fake_telegram import FakeTelegram, QuickClock, becomes, sending
from tests.small_rakor import ANI, DODI, Rakor


async def test_after_a_kill_everybody_gets_it_and_only_what_was_in_flight_may_come_twice(
    rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(120)
    await rakor.announces(audience=Audience(sectors=("media",)))
    dead = Deliveries(rakor.database, telegram)
    telegram.open.clear()
    await dead.start()
    await telegram.has_in_flight(module.IN_FLIGHT)
    in_flight = {
        row["chat_id"] for row in await rakor.rows("SELECT chat_id FROM deliveries WHERE state = 'sending'")
    }
    await kill(dead)
    telegram.open.set()
    # Telegram had them all, but the process did not live to hear of it.
    telegram.arrived = [{"chat_id": chat_id} for chat_id in in_flight]

    clock = QuickClock()
    async with sending(rakor.database, telegram, clock) as sender:
        if rakor.database.engine == "postgresql":  # another process could still hold them
            clock.ahead = timedelta(seconds=module.LEASE_SECONDS + 1)
            await rakor.write(lambda tx: deliveries.release(tx, sender._sender, clock()))
            sender.wake()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert {chat for chat, count in telegram.chats.items() if count == 2} == in_flight
    assert {chat for chat, count in telegram.chats.items() if count == 1} == set(people) - in_flight


async def kill(sender: Deliveries) -> None:
    """Let it vanish without any of its own clearing up."""
    doomed = [*sender._loops, *sender._tasks]
    for task in doomed:
        task.cancel()
    await asyncio.gather(*doomed, return_exceptions=True)


async def test_stopping_gives_back_what_is_not_finished(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces()
    telegram.open.clear()
    sender = Deliveries(rakor.database, telegram)
    await sender.start()
    await telegram.has_in_flight(2)

    await sender.stop(0.01)

    assert (
        await rakor.rows("SELECT state, next_at, sender, attempts FROM deliveries")
        == [{"state": "pending", "next_at": 0, "sender": None, "attempts": 0}] * 2
    )


async def test_stopping_finishes_what_is_in_flight(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces()
    telegram.open.clear()
    sender = Deliveries(rakor.database, telegram)
    await sender.start()
    await telegram.has_in_flight(2)

    stopping = asyncio.create_task(sender.stop(10))
    await asyncio.sleep(0)
    telegram.open.set()
    await stopping

    assert await rakor.deliveries() == {ANI: "sent", DODI: "sent"}


# SQLite has one program at a time.
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_two_senders_on_one_database_never_send_the_same(
    database_url: str, rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(300)
    async with connect(database_url) as second, sending(rakor.database, telegram), sending(second, telegram):
        telegram.open.clear()
        await rakor.announces(audience=Audience(sectors=("media",)))
        await telegram.has_in_flight(2 * module.IN_FLIGHT)
        telegram.open.set()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert telegram.chats == Counter(people)


async def test_what_a_living_process_holds_is_not_taken_however_long_it_takes(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    telegram.open.clear()
    first, second = Deliveries(rakor.database, telegram), Deliveries(rakor.database, telegram)
    await first.start()
    await rakor.announces()
    first.wake()
    await telegram.has_in_flight(2)
    second._loops = []
    started = datetime.now(UTC)
    # Three times the lease: it was renewed meanwhile.
    async with asyncio.timeout(10):
        while datetime.now(UTC) < started + timedelta(seconds=0.9):
            await rakor.write(lambda tx: deliveries.release(tx, second._sender, datetime.now(UTC)))
            await asyncio.sleep(0.02)

    held = await rakor.rows("SELECT sender FROM deliveries WHERE state = 'sending'")
    assert held == [{"sender": first._sender}] * 2
    telegram.open.set()
    await becomes(rakor, {ANI: "sent", DODI: "sent"})
    await first.stop(5)


async def test_an_outcome_that_comes_after_another_took_over_changes_nothing(rakor: Rakor) -> None:
    await rakor.announces(audience=Audience(sectors=("asn",)))
    now = datetime.now(UTC)
    (item,) = await rakor.write(lambda tx: deliveries.claim(tx, 1, now, now, 10))
    await rakor.write(lambda tx: deliveries.release(tx, 2, now))
    await rakor.write(lambda tx: deliveries.claim(tx, 2, now, now, 10))

    await rakor.write(lambda tx: deliveries.settle(tx, 1, item, state="failed", error="late"))

    assert await rakor.rows("SELECT state, sender FROM deliveries") == [{"state": "sending", "sender": 2}]


async def test_a_bug_does_not_end_the_renewal_of_claims(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    real, broken = deliveries.hold, [RuntimeError("a bug"), StorageFull("full")]
    held: list[int] = []

    async def hold(tx: Transaction, sender: int, until: datetime, items: Iterable[Claimed]) -> None:
        if broken:
            raise broken.pop()
        await real(tx, sender, until, items)
        held.append(sender)

    monkeypatch.setattr(deliveries, "hold", hold)
    telegram.open.clear()
    await rakor.announces()
    async with sending(rakor.database, telegram):
        await telegram.has_in_flight(2)
        async with asyncio.timeout(10):
            while not held:
                await asyncio.sleep(0.01)
        telegram.open.set()
        await becomes(rakor, {ANI: "sent", DODI: "sent"})
