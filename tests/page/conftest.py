"""The chat page in real Chromium, against the real simulator with a small bot behind it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright
from telegram import Bot

from simulator import groups
from simulator.driver import GroupDriver, PersonDriver, Telegram
from tests.page.talkative_bot import Gate, TalkativeBot, talkative_bot

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=800)
TIMEOUT_MS = 8000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/page/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: install it or name it in CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--force-prefers-reduced-motion",
            ],
        )
        yield chromium
        await chromium.close()


@dataclass
class Hall:
    """Ani takes part, Budi moderates, Citra is a stranger; Ani and Budi share a group with the bot."""

    tg: Telegram
    ani: PersonDriver
    budi: PersonDriver
    citra: PersonDriver
    group: GroupDriver
    bot: Bot
    gate: Gate


@dataclass
class House:
    """A simulator with its bot, which many tests use one after the other."""

    tg: Telegram
    bot: TalkativeBot

    async def hall(self) -> Hall:
        """Everybody anew, under ids that no test before has used."""
        tg = self.tg
        await tg.world.reset()
        tg.world.people.clear()
        tg.world.chats.clear()
        ani = tg.person("Ani", "Wulandari", role_label="Peserta")
        budi = tg.person("Budi", "Santoso", role_label="Panitia")
        citra = tg.person("Citra", role_label="Pemantau")
        group = tg.group("Rakor Palembang", [budi, ani])
        groups.add_bot(tg.world, group.chat.id, by=budi.id)
        tg.world.suggested = (ani.id, "undangan-7")
        return Hall(tg, ani, budi, citra, group, self.bot.bot, self.bot.bot_data["gate"])

    async def settles(self) -> None:
        """Wait for the bot to have answered everything, and see that nothing went wrong in it."""
        self.bot.bot_data["gate"].open.set()
        await self.tg.updates_taken()
        while not self.bot.update_queue.empty() or self.bot.update_processor.current_concurrent_updates:
            await asyncio.sleep(0.005)
        assert self.bot.bot_data["errors"] == []


@asynccontextmanager
async def opened_house() -> AsyncIterator[House]:
    async with Telegram(inline=True) as tg, talkative_bot(tg.url, tg.token) as bot:
        await tg.bot_is_up()
        yield House(tg, bot)


@pytest.fixture(scope="session")
async def house() -> AsyncIterator[House]:
    async with opened_house() as found:
        yield found


@pytest.fixture
async def hall(house: House) -> AsyncIterator[Hall]:
    house.bot.bot_data["errors"].clear()
    yield await house.hall()
    await house.settles()


@dataclass
class Watch:
    """What a page must not do; ``expected`` are parts of console lines that a test provokes."""

    host: str
    expected: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def follows(self, page: Page) -> Iterator[None]:
        ears: dict[Any, Callable[[Any], None]] = {
            "pageerror": lambda error: self.problems.append(f"error: {error}"),
            "console": self._console,
            "request": lambda request: self._request(request.url),
        }
        for name, ear in ears.items():
            page.on(name, ear)
        yield
        for name, ear in ears.items():
            page.remove_listener(name, ear)

    def _console(self, entry: ConsoleMessage) -> None:
        if entry.type in ("error", "warning") and not any(part in entry.text for part in self.expected):
            self.problems.append(entry.text)

    def _request(self, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != self.host:
            self.problems.append(f"request to another host: {url}")


class Pages:
    """Pages by what they were opened with, to be used again: half of what a short test costs is a new one."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}

    @asynccontextmanager
    async def one(self, base_url: str, options: dict[str, Any]) -> AsyncIterator[Page]:
        free = self._free.setdefault(f"{base_url} {sorted(options.items())}", [])
        page = free.pop() if free else await self._new(base_url, options)
        yield page
        await page.unroute_all(behavior="ignoreErrors")
        await page.evaluate("localStorage.clear()")
        await page.goto("about:blank")
        await page.emulate_media(color_scheme=options.get("color_scheme", "light"))
        free.append(page)

    async def _new(self, base_url: str, options: dict[str, Any]) -> Page:
        context = await self._browser.new_context(
            base_url=base_url, locale="id-ID", timezone_id="Asia/Jakarta", **options
        )
        context.set_default_timeout(TIMEOUT_MS)
        return await context.new_page()


@pytest.fixture(scope="session")
async def pages(browser: Browser) -> Pages:
    return Pages(browser)


Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def watch(hall: Hall) -> Watch:
    return Watch(urlsplit(hall.tg.url).netloc)


@pytest.fixture
async def open_page(hall: Hall, pages: Pages, watch: Watch) -> AsyncIterator[Open]:
    """Opens the page with the given context options; afterwards nothing may have gone wrong in it."""
    async with AsyncExitStack() as stack:
        opened_pages: list[Page] = []

        async def opened(address: str = "/", **options: Any) -> Page:
            options.setdefault("viewport", DESKTOP)
            page = await stack.enter_async_context(pages.one(hall.tg.url, options))
            stack.enter_context(watch.follows(page))
            await page.goto(address)
            await page.locator(".composer button:visible").first.wait_for()
            opened_pages.append(page)
            return page

        yield opened
        assert watch.problems == []
        for page in opened_pages:
            assert await sideways(page) == []


async def sideways(page: Page) -> list[str]:
    """Elements that reach out of the window or of their own box to the side."""
    found: list[str] = await page.evaluate(
        """() => {
          const wide = [];
          if (document.documentElement.scrollWidth > innerWidth) wide.push('document');
          const boxes = '.scroller, .chats, .pane, .topbar, .guide, .composer, .menu, .drawer, dialog';
          for (const node of document.querySelectorAll(boxes)) {
            if (node.scrollWidth > node.clientWidth + 1) wide.push(node.className || node.tagName);
          }
          for (const node of document.querySelectorAll('body *')) {
            if (!node.checkVisibility() || node.closest('.unseen')) continue;
            const box = node.getBoundingClientRect();
            const out = box.width && (box.right > innerWidth + 1 || box.left < -1);
            if (out) wide.push(node.className.baseVal ?? node.className);
          }
          return wide;
        }"""
    )
    return found


@pytest.fixture
async def page(open_page: Open) -> Page:
    """The page as Ani first sees it, on a phone."""
    return await open_page(viewport=PHONE)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
async def any_page(open_page: Open, request: pytest.FixtureRequest) -> Page:
    """The same on a phone and on a desktop, where they differ in what is tested."""
    return await open_page(viewport=request.param)
