"""Updates by webhook, to a real listener."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp.web
import pytest

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import RawClient


class Listener:
    """A bot's webhook that notes what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Callable[[dict[str, Any]], aiohttp.web.Response] = lambda update: aiohttp.web.Response()
        self.hold: asyncio.Event | None = None

    async def handle(self, request: aiohttp.web.Request) -> aiohttp.web.Response:
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.hold is not None and update["message"]["text"] == "lambat":
            await self.hold.wait()
        return self.answer(update)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def listener(tg: Telegram) -> AsyncIterator[Listener]:
    found = Listener()
    app = aiohttp.web.Application()
    app.router.add_post("/hook", found.handle)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    tg.world.webhook.first_pause_seconds = 0.01
    yield found
    await tg.world.webhook.close()
    await runner.cleanup()


async def test_updates_come_with_the_secret(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    await raw.result("setWebhook", url=listener.url, secret_token="rahasia-1")

    await ani.says("halo")
    await tg.updates_taken()

    assert (listener.texts, listener.secrets) == (["halo"], ["rahasia-1"])


async def test_anything_but_2xx_is_sent_again(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    statuses = iter([500, 301, 404, 200])
    listener.answer = lambda update: aiohttp.web.Response(status=next(statuses))
    await raw.result("setWebhook", url=listener.url)

    await ani.says("halo")
    await tg.updates_taken()

    assert listener.texts == ["halo"] * 4
    assert len({update["update_id"] for update in listener.got}) == 1
    info = await raw.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"
    assert info["pending_update_count"] == 0


async def test_a_chat_keeps_its_order_and_does_not_hold_up_others(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    budi = tg.person("Budi")
    listener.hold = asyncio.Event()
    await raw.result("setWebhook", url=listener.url)
    await ani.says("lambat")
    await ani.says("sesudahnya")
    await budi.says("lain")

    await tg.until(lambda: len(tg.world.updates) == 2, "Budi's update was taken")
    assert sorted(listener.texts) == ["lain", "lambat"]
    listener.hold.set()
    await tg.updates_taken()

    assert [text for text in listener.texts if text != "lain"] == ["lambat", "sesudahnya"]


async def test_a_method_in_the_answer_is_carried_out(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    listener.answer = lambda update: aiohttp.web.json_response(
        {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "dari jawaban"}
    )
    await raw.result("setWebhook", url=listener.url)

    await ani.says("halo")

    assert (await ani.sees("dari jawaban")).text == "dari jawaban"


@pytest.mark.parametrize("method", ["getMe", "logOut", "close", "deleteWebhook"])
async def test_some_methods_are_passed_over_in_the_answer(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener, method: str
) -> None:
    listener.answer = lambda update: aiohttp.web.json_response({"method": method})
    await raw.result("setWebhook", url=listener.url)

    await ani.says("halo")
    await tg.updates_taken()

    assert [call.method for call in tg.calls] == ["setwebhook"]
    assert await raw.result("getMe")


async def test_a_webhook_says_when_to_come_again(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    tg.world.webhook.first_pause_seconds = 30.0
    answers = iter((429, 200))
    listener.answer = lambda update: aiohttp.web.Response(status=next(answers), headers={"Retry-After": "1"})
    await raw.result("setWebhook", url=listener.url)

    await ani.says("halo")
    await tg.updates_taken()

    assert listener.texts == ["halo", "halo"]


async def test_polling_and_webhook_exclude_each_other(
    tg: Telegram, raw: RawClient, listener: Listener
) -> None:
    poll = asyncio.create_task(raw.answer("getUpdates", timeout=30))
    await tg.bot_is_up()
    await raw.result("setWebhook", url=listener.url)

    assert (await poll)[1]["description"] == "Conflict: terminated by setWebhook request"
    assert await raw.refusal("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await raw.result("deleteWebhook")
    assert await raw.updates() == []
    assert (await raw.result("getWebhookInfo"))["url"] == ""


async def test_what_waits_is_delivered_or_dropped(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    await ani.says("sebelumnya")
    await raw.result("setWebhook", url=listener.url)
    await tg.updates_taken()
    await raw.result("deleteWebhook")
    await ani.says("dibuang")
    await raw.result("setWebhook", url=listener.url, drop_pending_updates=True)
    await ani.says("sesudahnya")
    await tg.updates_taken()

    assert listener.texts == ["sebelumnya", "sesudahnya"]


async def test_a_webhook_that_cannot_be_reached_keeps_the_updates(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    tg.world.webhook.first_pause_seconds = 0.01
    await raw.result("setWebhook", url="http://127.0.0.1:1/hook")
    await ani.says("halo")
    await tg.until(lambda: "last_error_message" in tg.world.webhook.info(), "the webhook fails")

    await raw.result("deleteWebhook")
    updates = await raw.updates()

    assert [update["message"]["text"] for update in updates] == ["halo"]


async def test_out_of_order_when_asked_for(
    tg: Telegram, raw: RawClient, ani: PersonDriver, listener: Listener
) -> None:
    tg.faults.set(out_of_order=True, seed=3)
    sent = [str(number) for number in range(20)]
    for text in sent:
        await ani.says(text)
    await raw.result("setWebhook", url=listener.url, max_connections=4)
    await tg.updates_taken()

    assert sorted(listener.texts, key=int) == sent
    assert listener.texts != sent
