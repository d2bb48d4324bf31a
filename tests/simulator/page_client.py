"""The page's own HTTP interface, as its scripts call it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from simulator.driver import Telegram


class Page:
    def __init__(self, tg: Telegram, session: aiohttp.ClientSession) -> None:
        self.tg = tg
        self.session = session

    async def get(self, path: str, **query: Any) -> Any:
        async with self.session.get(f"{self.tg.url}/sim/{path}", params=query) as response:
            body = await response.json()
            assert response.status == 200, body
            return body

    async def post(self, path: str, **fields: Any) -> Any:
        async with self.session.post(f"{self.tg.url}/sim/{path}", json=fields) as response:
            body = await response.json()
            assert response.status == 200, body
            return body

    async def refusal(self, path: str, **fields: Any) -> tuple[int, str]:
        async with self.session.post(f"{self.tg.url}/sim/{path}", json=fields) as response:
            return response.status, (await response.json())["error"]


async def events(
    page: Page,
    count: int,
    headers: dict[str, str] | None = None,
    listening: asyncio.Event | None = None,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with page.session.get(f"{page.tg.url}/sim/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if listening is not None:
                listening.set()
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
            if len(found) == count:
                break
    return found
