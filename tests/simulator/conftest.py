"""A running simulator and three ways to call it: plain HTTP, python-telegram-bot, aiogram."""

from __future__ import annotations

import types
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from simulator.driver import PersonDriver, Telegram
from tests.simulator.page_client import Page
from tests.simulator.refusal_sources import source_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000200000001080200000078c3b4c6"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
"""A picture of 2 × 1 pixels."""
WEBP = bytes.fromhex("524946461c000000574542505650384c0f0000002f010000000710fd8ffe0722a2ff0100")
"""One that stickers are made of, as small."""


class RawClient:
    """Calls methods by JSON and gives back what came, without any library's view of it."""

    def __init__(self, tg: Telegram, session: aiohttp.ClientSession) -> None:
        self._tg = tg
        self.session = session

    def url(self, method: str) -> str:
        return f"{self._tg.url}/bot{self._tg.token}/{method}"

    async def answer(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(self.url(method), json=params) as response:
            return response.status, await response.json()

    async def result(self, method: str, **params: Any) -> Any:
        status, body = await self.answer(method, **params)
        assert status == 200, body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        status, body = await self.answer(method, **params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        description = str(body["description"])
        assert source_of(description)
        return description

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.result("getUpdates", **params)
        return found


@dataclass
class Client:
    """A library's bot and its types, which both name alike what is used here."""

    name: str
    bot: Any
    types: types.ModuleType

    def file(self, content: bytes, name: str) -> Any:
        if self.name == "aiogram":
            return self.types.BufferedInputFile(content, name)
        return self.types.InputFile(content, name)


@pytest.fixture
async def tg() -> AsyncIterator[Telegram]:
    async with Telegram() as telegram_:
        yield telegram_


@pytest.fixture
async def raw(tg: Telegram) -> AsyncIterator[RawClient]:
    async with aiohttp.ClientSession() as session:
        yield RawClient(tg, session)


@pytest.fixture
async def page(tg: Telegram) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(tg, session)


@pytest.fixture
async def ani(tg: Telegram) -> PersonDriver:
    """Somebody who has started the bot; the update of that is gone."""
    person = tg.person("Ani", "Sari", username="ani_sari", language_code="id")
    await person.start()
    tg.world.updates.drop_all()
    return person


@pytest.fixture
async def ptb(tg: Telegram) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture(params=["python-telegram-bot", "aiogram"])
async def client(request: pytest.FixtureRequest, tg: Telegram) -> AsyncIterator[Client]:
    if request.param == "aiogram":
        session = AiohttpSession(api=TelegramAPIServer.from_base(tg.url))
        async with aiogram.Bot(tg.token, session=session) as bot:
            yield Client("aiogram", bot, aiogram.types)
    else:
        async with telegram.Bot(
            tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot"
        ) as ptb_bot:
            yield Client("python-telegram-bot", ptb_bot, telegram)
