"""What the engine room of the page reads and moves, over HTTP: log, traces, faults, clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from simulator.driver import PersonDriver, Telegram
from simulator.world import World
from tests.simulator.conftest import RawClient
from tests.simulator.page_client import Page


async def test_the_clock_moves_the_world(page: Page, tg: Telegram, ani: PersonDriver) -> None:
    told: list[timedelta] = []
    tg.world.on_clock_moved = told.append

    answer = await page.post("clock", offset_seconds=86400)
    message = await ani.says("besok")

    assert answer["offset_seconds"] == 86400
    assert told == [timedelta(days=1)]
    ahead = message.date - datetime.now(UTC).timestamp()
    assert 86390 < ahead <= 86400
    assert (await page.get("clock"))["offset_seconds"] == 86400


async def test_the_log_of_calls(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="x")
    await raw.refusal("sendMessage", chat_id=ani.id, text="")

    first, second = await page.get("log")

    assert (first["number"], first["method"], first["status"], first["params"]["text"]) == (
        1,
        "sendMessage",
        200,
        "x",
    )
    assert (second["status"], second["description"]) == (400, "Bad Request: message text is empty")
    assert [entry["number"] for entry in await page.get("log", after=1)] == [2]


async def test_the_trace_of_a_message(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=markup)
    await raw.result("sendMessage", chat_id=ani.id, text="lain")
    await ani.says("lain")
    await ani.taps("Ya")
    await raw.result("editMessageText", chat_id=ani.id, message_id=sent["message_id"], text="Sudah")

    trace = await page.get("trace", chat=ani.id, message_id=sent["message_id"])

    assert [update["callback_query"]["data"] for update in trace["updates"]] == ["y"]
    assert [call["method"] for call in trace["calls"]] == ["sendMessage", "editMessageText"]


async def test_faults_are_switched(page: Page, tg: Telegram) -> None:
    answer = await page.post("faults", latency_ms=80, limit_chat=True, methods=["sendMessage"])

    assert (answer["latency_ms"], answer["limit_chat"], answer["methods"]) == (80, True, ["sendmessage"])
    assert await page.get("faults") == answer
    assert tg.faults.latency_ms == 80


async def test_reset_lets_the_owner_fill_the_world_again() -> None:
    def fill(world: World) -> None:
        world.add_person("Siti")

    async with Telegram() as tg, aiohttp.ClientSession() as session:
        page = Page(tg, session)
        fill(tg.world)
        tg.world.on_reset = lambda: fill(tg.world)
        before = await page.get("state")
        await page.post("send", person=before["people"][0]["id"], chat=before["people"][0]["id"], text="x")
        await page.post("people", first_name="Tamu", language_code="id")

        await page.post("reset")

        assert await page.get("state") == before
        assert len(tg.world.updates) == 0
        [chat] = await page.get("chats", viewer=before["people"][0]["id"])
        assert (chat["can_start"], chat["last"]) == (True, None)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("chats", {"viewer": "x"}, 404),
        ("messages", {"viewer": "ANI", "chat": "x"}, 400),
        ("messages", {"viewer": "ANI", "chat": "5"}, 404),
        ("files/none", {}, 404),
        ("trace", {"chat": "1"}, 400),
    ],
)
async def test_what_is_not_there(
    page: Page, ani: PersonDriver, path: str, query: dict[str, str], status: int
) -> None:
    params = {name: str(ani.id) if value == "ANI" else value for name, value in query.items()}
    async with page.session.get(f"{page.tg.url}/sim/{path}", params=params) as response:
        assert response.status == status
        assert set(await response.json()) == {"error"}


async def test_the_waiting_updates_can_be_seen(page: Page, ani: PersonDriver) -> None:
    await ani.says("halo")

    [update] = await page.get("updates")

    assert update["message"]["text"] == "halo"
