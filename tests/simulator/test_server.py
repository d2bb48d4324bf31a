"""The server in this process: it starts anywhere, and its end leaves nothing behind."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from simulator.driver import Telegram
from simulator.server import create, serve
from simulator.world import World
from tests.simulator.conftest import RawClient


async def test_closing_ends_polls_and_streams() -> None:
    before = asyncio.all_tasks()
    async with aiohttp.ClientSession() as session:
        async with Telegram() as tg:
            raw = RawClient(tg, session)
            poll = asyncio.create_task(raw.answer("getUpdates", timeout=50))
            stream = await session.get(f"{tg.url}/sim/events")
            await stream.content.readline()
            await tg.bot_is_up()
            began = time.perf_counter()
        took = time.perf_counter() - began

        assert await poll == (200, {"ok": True, "result": []})
        await stream.read()
        stream.close()

    # Well under the two seconds after which what is still open is cut.
    assert took < 1.5
    assert asyncio.all_tasks() - before == set()


async def test_a_call_under_way_is_answered_before_the_end() -> None:
    async with aiohttp.ClientSession() as session:
        async with Telegram() as tg:
            tg.faults.set(latency_ms=200)
            raw = RawClient(tg, session)
            call = asyncio.create_task(raw.answer("getMe"))
            while not tg.simulator.api.under_way:
                await asyncio.sleep(0)
        status, body = await call

    assert (status, body["ok"]) == (200, True)


async def test_a_world_survives_its_server() -> None:
    world = World()
    ani = world.add_person("Ani")
    for _ in range(2):
        async with (
            serve(create(world)) as running,
            aiohttp.ClientSession() as session,
            session.get(f"{running.url}/sim/chats", params={"viewer": ani.id}) as response,
        ):
            assert response.status == 200


async def test_a_taken_port_is_refused() -> None:
    async with serve(create(World())) as running:
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            async with serve(create(World()), port=port):
                raise AssertionError("unreachable")


async def test_the_address_is_what_the_bot_needs() -> None:
    async with serve(create(World()), host="localhost") as running:
        assert running.bot_api_url == running.url
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{running.url}/bot{running.app.world.token}/getMe") as response,
        ):
            assert (await response.json())["result"]["id"] == running.app.world.bot_id
