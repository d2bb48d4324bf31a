"""getUpdates: what it hands out, what confirms, who may ask."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import RawClient


def _texts(updates: list[dict[str, object]]) -> list[str]:
    return [update["message"]["text"] for update in updates]  # type: ignore[index]


async def test_nothing_is_forgotten_before_it_is_confirmed(raw: RawClient, ani: PersonDriver) -> None:
    for text in ("satu", "dua", "tiga"):
        await ani.says(text)

    first = await raw.updates()
    assert _texts(first) == ["satu", "dua", "tiga"]
    assert await raw.updates() == first
    assert [u["update_id"] for u in first] == [first[0]["update_id"] + n for n in range(3)]

    assert _texts(await raw.updates(offset=first[1]["update_id"])) == ["dua", "tiga"]
    assert _texts(await raw.updates()) == ["dua", "tiga"]
    assert await raw.updates(offset=first[2]["update_id"] + 1) == []
    assert await raw.updates() == []


async def test_limit_and_negative_offset(raw: RawClient, ani: PersonDriver) -> None:
    for number in range(5):
        await ani.says(str(number))

    assert _texts(await raw.updates(limit=2)) == ["0", "1"]
    assert _texts(await raw.updates(offset=-2)) == ["3", "4"]
    assert _texts(await raw.updates()) == ["3", "4"]


async def test_a_long_poll_ends_with_the_first_update(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    poll = asyncio.create_task(raw.updates(timeout=30))
    await tg.bot_is_up()

    await ani.says("halo")

    assert _texts(await poll) == ["halo"]


async def test_a_poll_that_was_cut_loses_nothing(tg: Telegram, ani: PersonDriver) -> None:
    async with aiohttp.ClientSession() as session:
        request = session.post(f"{tg.url}/bot{tg.token}/getUpdates", json={"timeout": 30})
        poll = asyncio.ensure_future(request)
        await tg.bot_is_up()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
    await ani.says("halo")

    async with aiohttp.ClientSession() as session:
        found = await RawClient(tg, session).updates(timeout=5)
    assert _texts(found) == ["halo"]


async def test_the_second_of_two_pollers_ends_the_first(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    first = asyncio.create_task(raw.answer("getUpdates", timeout=30))
    await tg.bot_is_up()
    second = asyncio.create_task(raw.updates(timeout=30))

    assert await first == (
        409,
        {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running",
        },
    )
    await ani.says("halo")
    assert _texts(await second) == ["halo"]


async def test_the_log_tells_which_updates_were_handed_over(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    await ani.says("halo")
    [update] = await raw.updates()
    await raw.updates(offset=update["update_id"] + 1)

    assert [call.result for call in tg.calls_of("getUpdates")] == [[update["update_id"]]]


async def test_allowed_updates_hold_until_changed(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await raw.updates(allowed_updates=["callback_query"])
    await ani.says("tidak diminta")
    assert await raw.updates() == []

    await raw.updates(allowed_updates=[])
    await ani.says("diminta")
    assert _texts(await raw.updates()) == ["diminta"]


async def test_updates_are_kept_for_a_day(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await ani.says("lama")
    tg.moves_clock(timedelta(hours=23))
    await ani.says("baru")

    assert _texts(await raw.updates()) == ["lama", "baru"]
    tg.moves_clock(timedelta(hours=2))
    assert _texts(await raw.updates()) == ["baru"]


async def test_an_update_can_come_again_under_its_old_id(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    await ani.says("halo")
    [update] = await raw.updates()
    offset = update["update_id"] + 1
    assert await raw.updates(offset=offset) == []

    assert tg.redelivers() == update["update_id"]

    assert await raw.updates(offset=offset) == [update]
    assert await raw.updates(offset=offset) == []


async def test_duplicates_come_under_two_ids(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    tg.faults.set(duplicate_rate=1.0)

    await ani.says("halo")

    first, second = await raw.updates()
    assert second["update_id"] == first["update_id"] + 1
    assert first["message"] == second["message"]


async def test_a_raw_update_is_handed_out_as_it_is(tg: Telegram, raw: RawClient) -> None:
    number = tg.raw_update({"inline_query": {"id": "1", "query": "x"}})

    assert await raw.updates() == [{"update_id": number, "inline_query": {"id": "1", "query": "x"}}]


async def test_a_repeated_tap_has_a_new_update_and_a_new_query(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    await raw.result("sendMessage", chat_id=ani.id, text="x", reply_markup=markup)
    await ani.taps("Ya")
    ani.repeats_tap()

    first, second = await raw.updates()

    assert first["update_id"] != second["update_id"]
    assert first["callback_query"]["data"] == second["callback_query"]["data"] == "ya"
    assert first["callback_query"]["id"] != second["callback_query"]["id"]
