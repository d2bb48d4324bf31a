"""The server goes away for a while, so it is one of this module's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from simulator import people
from simulator.server import start as serve_at
from tests.page.conftest import Hall, House, Open, Watch, opened_house
from tests.page.test_chatting import shown, start


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened_house() as found:
        yield found


async def test_a_lost_connection_shows_and_nothing_is_missed(
    open_page: Open, hall: Hall, watch: Watch
) -> None:
    watch.expected = ["net::ERR_"]
    page = await open_page()
    await start(page)
    running = hall.tg._running
    assert running is not None
    port = int(running.url.rpartition(":")[2])
    await running.close()
    await expect(page.get_by_text("Menghubungkan kembali…")).to_be_visible()

    people.say(hall.tg.world, hall.ani.id, hall.ani.id, "ditulis di ponsel lain")
    hall.tg._running = await serve_at(hall.tg.simulator, port=port)

    await expect(shown(page, "ditulis di ponsel lain", exact=True)).to_be_visible()
    await expect(page.get_by_text("Menghubungkan kembali…")).to_be_hidden()
