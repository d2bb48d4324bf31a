"""What becomes of a delivery that Telegram does not take: chats that are gone, pauses, errors, an outage."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery import deliveries as module
from bot.delivery.deliveries import ATTEMPTS
from bot.delivery.failures import NotSent, ServerFailed
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from tests.delivery.fake_telegram import FakeTelegram, QuickClock, becomes, sending
from tests.small_rakor import ANI, BUDI, DODI, GROUP, Rakor


@pytest.mark.parametrize("error", [Forbidden("bot was blocked by the user"), BadRequest("Chat not found")])
async def test_a_chat_where_nobody_reads_is_marked_and_not_tried_again(
    rakor: Rakor, telegram: FakeTelegram, error: TelegramError
) -> None:
    telegram.failures[ANI] = [error]
    await rakor.announces()
    await rakor.announces(Content({"id": "Lagi"}), Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram):
        async with asyncio.timeout(10):
            while await rakor.rows("SELECT 1 AS x FROM deliveries WHERE state IN ('pending', 'sending')"):
                await asyncio.sleep(0.01)

    states = await rakor.rows("SELECT state FROM deliveries WHERE chat_id = :ani ORDER BY state", ani=ANI)
    assert "blocked" in [row["state"] for row in states]
    assert await rakor.rows("SELECT reach FROM people WHERE id = :ani", ani=ANI) == [{"reach": "blocked"}]
    assert telegram.chats[DODI] == 1
    # Both may have been in flight at once; from then on, nobody writes there.
    await rakor.announces(Content({"id": "Ketiga"}))
    assert await rakor.rows("SELECT chat_id FROM deliveries WHERE state = 'pending' ORDER BY chat_id") == [
        {"chat_id": DODI}
    ]


async def test_a_group_that_moved_gets_it_where_it_is_now(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[GROUP] = [ChatMigrated(-100500)]
    await rakor.announces(audience=Audience(groups=True))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {-100500: "sent", BUDI: "sent"})  # the organiser is told of the move

    assert telegram.chats == Counter({-100500: 1, BUDI: 1})
    assert await rakor.rows("SELECT chat_id FROM groups") == [{"chat_id": -100500}]


async def test_telegrams_pause_is_kept_and_is_no_attempt(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    clock = QuickClock()
    telegram.failures[ANI] = [RetryAfter(3600)]
    await rakor.announces(audience=Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram, clock) as sender:
        async with asyncio.timeout(10):
            while (await rakor.rows("SELECT state, error FROM deliveries"))[0]["error"] is None:
                await asyncio.sleep(0.01)
        assert await rakor.rows("SELECT state, attempts FROM deliveries") == [
            {"state": "pending", "attempts": 0}
        ]
        clock.ahead = timedelta(seconds=3599)
        assert await sender._look() > 0
        assert (await rakor.deliveries(), telegram.arrived) == ({ANI: "pending"}, [])
        clock.ahead = timedelta(seconds=3601)
        await becomes(rakor, {ANI: "sent"}, sender.wake)


@pytest.mark.parametrize("error", [ServerFailed("Bad Gateway"), TimedOut()])
async def test_it_is_tried_again_and_in_the_end_given_up_with_its_error(
    rakor: Rakor, telegram: FakeTelegram, error: TelegramError
) -> None:
    clock = QuickClock()
    telegram.failures[ANI] = [error] * (ATTEMPTS + 5)
    await rakor.announces()

    def later() -> None:
        clock.ahead += timedelta(seconds=module.LONGEST_PAUSE_SECONDS)
        sender.wake()

    async with sending(rakor.database, telegram, clock) as sender:
        await becomes(rakor, {ANI: "failed", DODI: "sent"}, later)

    (row,) = await rakor.rows("SELECT attempts, error FROM deliveries WHERE chat_id = :ani", ani=ANI)
    assert row == {"attempts": ATTEMPTS, "error": str(error)}
    assert len(telegram.failures[ANI]) == 5


async def test_an_outcome_that_is_unknown_is_sent_again(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[ANI] = [TimedOut()]
    await rakor.announces(audience=Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent"})

    assert telegram.chats == Counter({ANI: 2})


async def test_what_telegram_refuses_fails_at_once(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[ANI] = [BadRequest("Can't parse entities: unsupported start tag")]
    await rakor.announces()

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "failed", DODI: "sent"})

    assert await rakor.rows("SELECT reach FROM people WHERE id = :ani", ani=ANI) == [{"reach": "reachable"}]


@pytest.mark.parametrize("error", [NotSent("no route to host"), InvalidToken("revoked")])
async def test_an_outage_costs_no_attempts_and_nobody(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, error: TelegramError
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONGEST_OUTAGE_PAUSE_SECONDS", 0.02)
    people = await rakor.takes_in(100)
    await rakor.announces(audience=Audience(sectors=("media",)))
    telegram.outage = error

    async with sending(rakor.database, telegram):
        async with asyncio.timeout(10):
            while telegram.refused < module.IN_FLIGHT + 5:
                await asyncio.sleep(0.01)
        assert telegram.most_in_flight <= module.IN_FLIGHT
        before = telegram.in_flight
        telegram.outage = None
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert before <= 1  # one call now and then looks whether it is over
    assert telegram.chats == Counter(people)
    assert {row["attempts"] for row in await rakor.rows("SELECT attempts FROM deliveries")} == {1}
