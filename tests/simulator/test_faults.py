"""Rates and faults, as switches."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest

from simulator.driver import PersonDriver, Telegram
from simulator.faults import Faults
from tests.simulator.conftest import RawClient


async def _send_many(raw: RawClient, chat_ids: list[int]) -> list[tuple[int, dict[str, object]]]:
    return [await raw.answer("sendMessage", chat_id=chat_id, text="x") for chat_id in chat_ids]


async def test_about_thirty_a_second_in_all(tg: Telegram, raw: RawClient) -> None:
    people = [tg.person(f"P{number}") for number in range(40)]
    for person in people:
        await person.start()
    tg.faults.set(limit_overall=True)

    answers = await _send_many(raw, [person.id for person in people])

    assert [status for status, _ in answers[:30]] == [200] * 30
    assert answers[30] == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        },
    )


async def test_one_chat_takes_a_short_burst(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    budi = tg.person("Budi")
    await budi.start()
    tg.faults.set(limit_chat=True)

    answers = await _send_many(raw, [ani.id] * 5 + [budi.id])

    assert [status for status, _ in answers] == [200, 200, 200, 429, 429, 200]


async def test_twenty_a_minute_in_a_group_only(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    tg.faults.set(limit_group=True)

    answers = await _send_many(raw, [group.id] * 21 + [ani.id])

    assert [status for status, _ in answers] == [200] * 20 + [429, 200]
    retry_after = answers[20][1]["parameters"]
    assert isinstance(retry_after, dict)
    assert 55 <= retry_after["retry_after"] <= 60


async def test_a_reset_connection_has_done_nothing(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    tg.faults.set(reset_rate=1.0, methods=["sendMessage"])

    with pytest.raises(aiohttp.ClientError):
        await raw.answer("sendMessage", chat_id=ani.id, text="x")

    assert ani.inbox == []
    assert (await raw.result("getMe"))["is_bot"] is True


async def test_a_bad_gateway_has_done_nothing(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    tg.faults.set(bad_gateway_rate=1.0)

    async with raw.session.post(raw.url("sendMessage"), json={"chat_id": ani.id, "text": "x"}) as response:
        assert (response.status, response.content_type) == (502, "text/html")
    assert ani.inbox == []


async def test_a_timeout_has_done_the_work(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    tg.faults.set(timeout_rate=1.0)

    with pytest.raises(asyncio.TimeoutError):
        async with raw.session.post(
            raw.url("sendMessage"),
            json={"chat_id": ani.id, "text": "x"},
            timeout=aiohttp.ClientTimeout(total=0.2),
        ):
            pass

    assert ani.inbox == ["x"]
    [call] = await tg.called("sendMessage")
    assert (call.status, call.description) == (0, "no answer")


async def test_a_call_that_is_never_answered_does_not_outlive_the_server() -> None:
    before = asyncio.all_tasks()
    async with aiohttp.ClientSession() as session, Telegram() as tg:
        ani = tg.person("Ani")
        await ani.start()
        tg.faults.set(timeout_rate=1.0, timeout_seconds=0.05)
        with pytest.raises(aiohttp.ClientError):
            await RawClient(tg, session).answer("sendMessage", chat_id=ani.id, text="x")
        assert ani.inbox == ["x"]

    assert asyncio.all_tasks() - before == set()


async def test_latency_is_on_every_call(tg: Telegram, raw: RawClient) -> None:
    tg.faults.set(latency_ms=50.0, jitter_ms=10.0)

    began = time.perf_counter()
    await asyncio.gather(*(raw.result("getMe") for _ in range(20)))

    # Side by side, not one after the other: twenty calls in a row would take a second.
    assert 0.04 <= time.perf_counter() - began < 0.7


def test_the_same_seed_brings_the_same_faults() -> None:
    def drawn(seed: int) -> list[str | None]:
        faults = Faults(seed=seed, reset_rate=0.2, bad_gateway_rate=0.2, timeout_rate=0.2)
        return [faults.strike("sendmessage") for _ in range(200)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert {"reset", "bad_gateway", "timeout", None} == set(drawn(1))


async def _statuses(seed: int, others: int) -> list[int]:
    """What forty messages meet on their way, with so many other calls and updates in between."""
    async with Telegram(seed=seed) as tg, aiohttp.ClientSession() as session:
        raw, ani = RawClient(tg, session), tg.person("Ani")
        await ani.start()
        tg.faults.set(bad_gateway_rate=0.3, jitter_ms=2.0, duplicate_rate=0.3)
        for number in range(40):
            for _ in range(others * number % 3):
                async with session.post(raw.url("getMe")):
                    await ani.says("x")
            async with session.post(raw.url("sendMessage"), json={"chat_id": ani.id, "text": "x"}):
                pass
        return [call.status for call in tg.calls_of("sendMessage")]


async def test_what_a_seed_brings_does_not_hang_on_other_calls() -> None:
    first = await _statuses(5, others=0)

    assert await _statuses(5, others=2) == first
    assert await _statuses(6, others=0) != first
    assert set(first) == {200, 502}


async def test_the_same_seed_doubles_the_same_updates() -> None:
    async def got(seed: int, **rates: float) -> list[tuple[int, str]]:
        async with Telegram(seed=seed) as tg, aiohttp.ClientSession() as session:
            ani = tg.person("Ani")
            tg.faults.set(**rates)
            for number in range(20):
                await ani.says(str(number))
            updates = await RawClient(tg, session).updates()
            first = min(update["update_id"] for update in updates)
            return [(update["update_id"] - first, update["message"]["text"]) for update in updates]

    doubled, repeated = await got(3, duplicate_rate=0.3), await got(3, repeat_rate=0.3)

    assert await got(3, duplicate_rate=0.3) == doubled
    assert await got(3, repeat_rate=0.3) == repeated
    assert len({number for number, _ in doubled}) == len(doubled) > len({text for _, text in doubled}) == 20
    assert len(repeated) > len(set(repeated)) == 20


async def test_out_of_order_is_the_same_for_a_seed() -> None:
    def order(seed: int) -> list[int]:
        things = list(range(20))
        Faults(seed=seed).shuffle(things)
        return things

    assert order(1) == order(1) != order(2)


async def test_the_clock_jumps_for_everything(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    before = await raw.result("sendMessage", chat_id=ani.id, text="x")
    await ani.says("sebelum")
    tg.moves_clock(timedelta(hours=25))
    after = await raw.result("sendMessage", chat_id=ani.id, text="x")
    await ani.says("sesudah")

    assert 25 * 3600 <= after["date"] - before["date"] < 25 * 3600 + 60
    # What was not taken within a day is gone: Bot API, getting updates.
    assert [update["message"]["text"] for update in await raw.updates()] == ["sesudah"]


@pytest.mark.parametrize(
    "switches", [{"colour": 1}, {"latency_ms": "fast"}, {"limit_chat": 1}, {"reset_rate": True}]
)
def test_a_wrong_switch_is_refused(switches: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(switches))):
        Faults().set(**switches)
