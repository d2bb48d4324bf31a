"""The wall of a hall: its address, and those who watch it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.domain.wall import wall
from tests.e2e.conftest import Hall, hall, telegram, unhurried
from tests.page.conftest import browser

__all__ = ["browser", "hall", "telegram", "unhurried"]

PATIENCE_SECONDS = 10.0


@dataclass
class Viewer:
    """Somebody whose browser listens to a wall."""

    answer: aiohttp.ClientResponse
    events: list[tuple[str, Any]] = field(default_factory=list)

    async def next(self) -> tuple[str, Any]:
        """The name and the data of the next event."""
        name = ""
        while True:
            line = (await self.answer.content.readline()).decode()
            if not line:
                raise EOFError
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            elif line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))

    async def rest(self) -> list[str]:
        """The names of what still comes until the line is cut."""
        names = []
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    names.append((await self.next())[0])
        except (EOFError, aiohttp.ClientError):
            return names

    async def sees(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """What the wall shows, as soon as it is as wanted."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                name, data = await self.next()
                if name == "show" and wanted(data):
                    return dict(data)


@dataclass(frozen=True)
class Answer:
    """What came back for an address."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class WallUnderTest:
    """A wall and those who open it."""

    site_url: str
    token: str
    client: aiohttp.ClientSession
    viewers: list[Viewer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.site_url}/wall/{self.token}"

    async def get(self, url: str | None = None) -> Answer:
        """Open an address, by default the wall's."""
        async with self.client.get(url or self.url) as answer:
            return Answer(answer.status, await answer.text(), dict(answer.headers))

    async def watch(self, lang: str = "id") -> Viewer:
        answer = await self.client.get(f"{self.url}/events", params={"lang": lang})
        viewer = Viewer(answer)
        self.viewers.append(viewer)
        return viewer


OpenWall = Callable[[str], Awaitable[WallUnderTest]]


@pytest.fixture
async def wall_of(hall: Hall) -> AsyncIterator[OpenWall]:
    """Makes the wall with a token known to those who watch it; they leave after the test."""
    opened: list[WallUnderTest] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:

        async def open_wall(token: str) -> WallUnderTest:
            opened.append(WallUnderTest(await hall.rakor.site_url(), token, client))
            return opened[-1]

        yield open_wall
        for viewer in [viewer for item in opened for viewer in item.viewers]:
            viewer.answer.close()


@pytest.fixture
async def shown(hall: Hall, wall_of: OpenWall) -> WallUnderTest:
    """The wall, opened by Budi."""
    return await wall_of(
        await hall.write(lambda tx: wall.open_wall(tx, hall.meeting_id, hall.budi.id, hall.clock.now()))
    )
