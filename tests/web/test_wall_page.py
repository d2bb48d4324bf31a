"""The wall in real Chromium: on projectors and phones, with long and strange texts, without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.domain.dialogue import moderation
from bot.domain.wall import wall
from bot.storage import moderation as stored_moderation
from bot.storage import sessions
from bot.storage.database import Transaction
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import has_sent, on_sqlite, participant
from tests.page.conftest import Watch
from tests.web.conftest import WallUnderTest

pytestmark = [pytest.mark.browser, on_sqlite]

SCREENS = [
    ViewportSize(width=1920, height=1080),
    ViewportSize(width=1280, height=720),
    ViewportSize(width=390, height=844),
]

ORDINARY = (
    "Netralitas ASN di tingkat kelurahan sulit diawasi bila laporan hanya datang dari satu pihak.",
    "Bolehkah kepala dinas menghadiri kampanye di luar jam kerja?",
)
HOSTILE = (
    "A" * 500,
    "مرحبا بالعالم، هذا اقتراح طويل يُكتب من اليمين إلى اليسار. " * 8,
    "👩‍👩‍👧‍👦🇮🇩" * 60,
    "<script>document.title = 'x'</script><img src=x onerror=alert(1)>",
    "baris\n" * 80,
)

Open = Callable[..., Awaitable[Page]]


@pytest.fixture
def watch(shown: WallUnderTest) -> Watch:
    return Watch(urlsplit(shown.site_url).netloc)


@pytest.fixture
async def open_wall(shown: WallUnderTest, browser: Browser, watch: Watch) -> AsyncIterator[Open]:
    """Opens the wall; afterwards nothing may have gone wrong in it, and no other host have been asked."""
    async with AsyncExitStack() as stack:

        async def opened(screen: ViewportSize, query: str = "", **options: Any) -> Page:
            context = await browser.new_context(viewport=screen, reduced_motion="reduce", **options)
            stack.push_async_callback(context.close)
            page = await context.new_page()
            stack.enter_context(watch.follows(page))
            await page.goto(shown.url + query)
            await expect(page.locator("body")).not_to_have_attribute("data-scene", "loading")
            return page

        yield opened
    assert watch.problems == []


async def publishes(hall: Hall, *texts: str) -> None:
    """Ani sends these, and Budi publishes them."""
    ani = await participant(hall)

    async def work(tx: Transaction) -> None:
        session = (await sessions.of_meeting(tx, hall.meeting_id))[0]
        await sessions.open_session(tx, session.id, hall.clock.now())
        await tx.run("UPDATE sessions SET limit_per_person = 99, text_limit = 5000")

    await hall.write(work)
    await has_sent(hall, ani, *texts)

    async def decide(tx: Transaction) -> None:
        for waiting in await stored_moderation.waiting(tx, hall.meeting_id):
            await moderation.publish(tx, waiting.id, hall.budi.id, b"", hall.clock.now())

    await hall.write(decide)
    hall.rakor.wake()


async def shows(hall: Hall, view: str) -> None:
    await hall.write(lambda tx: wall.show(tx, hall.meeting_id, hall.budi.id, view))
    hall.rakor.wake()


async def outside(page: Page) -> list[str]:
    """What reaches out of the window: to the side on a phone, anywhere on a projector, where blocks may not overlap."""
    found: list[str] = await page.evaluate(
        """() => {
          const projector = !matchMedia('(max-width: 820px), (max-aspect-ratio: 1/1)').matches;
          const wrong = [];
          const root = document.scrollingElement;
          if (root.scrollWidth > innerWidth) wrong.push('sideways');
          if (projector && root.scrollHeight > innerHeight) wrong.push('downwards');
          const parts = '.head *, .stage > section, .card, .item, .sector, .countdown, .qr, .row, .measure';
          for (const node of document.querySelectorAll(parts)) {
            if (!node.checkVisibility() || node.closest('.unseen')) continue;
            const box = node.getBoundingClientRect();
            if (!box.width) continue;
            const out = box.right > innerWidth + 1 || box.left < -1
              || (projector && (box.bottom > innerHeight + 1 || box.top < -1));
            if (out) wrong.push(`${node.className} ${Math.round(box.top)} to ${Math.round(box.bottom)}`);
          }
          if (!projector) return wrong;
          const all = [...document.querySelectorAll('.head, .stage > section')];
          const blocks = all.filter((node) => node.checkVisibility());
          for (const one of blocks) for (const other of blocks) {
            if (one === other) continue;
            const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 1 && high > 1) wrong.push(`${one.className} over ${other.className}`);
            if (one.scrollHeight > one.clientHeight + 4 && getComputedStyle(one).overflow !== 'visible') {
              wrong.push(`${one.className} is cut`);
            }
          }
          return wrong;
        }"""
    )
    return sorted(set(found))


@pytest.mark.parametrize("screen", SCREENS, ids=["1080p", "720p", "phone"])
async def test_every_view_fits_with_ordinary_and_with_hostile_texts(
    hall: Hall, open_wall: Open, screen: ViewportSize
) -> None:
    page = await open_wall(screen)
    for texts in (ORDINARY, HOSTILE):
        await publishes(hall, *texts)
        for view in (wall.SUBMISSIONS, wall.AGENDA, wall.JOIN, wall.AUTO):
            await shows(hall, view)
            scene = "submissions" if view == wall.AUTO else view
            await expect(page.locator("body")).to_have_attribute("data-scene", scene)
            assert await outside(page) == [], f"{view} with {texts[0][:20]}"
    # The length of what people enter for a meeting is theirs to choose, too.
    for value in ('{"id":"' + "Sangat panjang " * 30 + '"}', '{"id":"' + "W" * 250 + '"}'):

        async def enter(tx: Transaction, value: str = value) -> None:
            await tx.run("UPDATE meetings SET title = :value, theme = :value", value=value)
            await tx.run("UPDATE agenda_items SET title = :value, speaker_position = :value", value=value)
            await tx.run("UPDATE sessions SET topic = :value, prompt = :value", value=value)
            await tx.run("UPDATE sectors SET name = :value", value=value)

        await hall.write(enter)
        for view in (wall.SUBMISSIONS, wall.AGENDA, wall.JOIN):
            await shows(hall, view)
            await expect(page.locator("body")).to_have_attribute("data-scene", view)
            await expect(page.locator("#title")).to_have_text(value[7:-2].strip())
            assert await outside(page) == [], f"{view} with {value[:20]}"


async def test_a_publication_moves_in_as_text_and_comes_first(hall: Hall, open_wall: Open) -> None:
    await publishes(hall, ORDINARY[0])
    page = await open_wall(SCREENS[0])
    await expect(page.locator(".card-text")).to_have_text([ORDINARY[0]])

    await publishes(hall, HOSTILE[3])

    await expect(page.locator(".card-text").first).to_have_text(HOSTILE[3])
    await expect(page.locator(".card-text")).to_have_count(2)
    assert await page.locator("img, .card script").count() == 0
    assert await page.title() == "Rapat Koordinasi Bersama Stakeholder"


async def test_corrected_typing_takes_the_place_of_what_is_shown(hall: Hall, open_wall: Open) -> None:
    await publishes(hall, "Logistk terlambat")
    page = await open_wall(SCREENS[0])
    await expect(page.locator(".card-text")).to_have_text(["Logistk terlambat"])

    async def correct(tx: Transaction) -> None:
        shown = await tx.value("SELECT id FROM submissions WHERE text = 'Logistk terlambat'")
        await moderation.correct(tx, shown, hall.budi.id, "Logistik terlambat", b"", hall.clock.now())

    await hall.write(correct)
    hall.rakor.wake()

    await expect(page.locator(".card-text")).to_have_text(["Logistik terlambat"])


async def test_the_view_follows_the_meeting(hall: Hall, open_wall: Open) -> None:
    page = await open_wall(SCREENS[1])
    await expect(page.locator("body")).to_have_attribute("data-scene", "agenda")
    await expect(page.locator("#now-title")).to_have_text("Dialog bersama stakeholder")
    await expect(page.locator(".item.on .item-title")).to_have_text("Dialog bersama stakeholder")

    await publishes(hall, ORDINARY[0])

    await expect(page.locator("body")).to_have_attribute("data-scene", "submissions")
    await expect(page.locator("#topic")).to_have_text(
        "Tantangan dan solusi menghadapi Pemilihan Serentak 2024"
    )
    await expect(page.locator("#zone")).to_have_text("WIB")


async def test_both_languages_and_both_shades(hall: Hall, open_wall: Open) -> None:
    page = await open_wall(SCREENS[1], color_scheme="light")
    ground = "getComputedStyle(document.documentElement).getPropertyValue('--ground')"
    light = await page.evaluate(ground)
    await page.mouse.move(200, 200)

    await page.locator("#shade").click()
    dark = await page.evaluate(ground)
    assert dark != light
    await page.locator("#language").click()

    await expect(page.locator("#title")).to_have_text("Coordination Meeting with Stakeholders")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("body")).not_to_have_attribute("data-scene", "loading")
    assert await page.evaluate(ground) == dark


async def test_a_lost_line_is_said_quietly_and_found_again(hall: Hall, watch: Watch, open_wall: Open) -> None:
    watch.expected.append("net::ERR_")  # what Chromium itself says of a line that is cut
    page = await open_wall(SCREENS[0])
    sign = page.locator("#lost")
    await expect(sign).to_be_hidden()

    await page.context.set_offline(True)
    # What is open stays open to a browser that is told to be offline: the other end has to let go.
    walls = hall.rakor._walls
    assert walls is not None
    for channel in list(walls._channels.values()):
        channel.end()
    await expect(sign).to_be_visible(timeout=15000)
    await expect(page.locator("#now-title")).to_have_text("Dialog bersama stakeholder")
    await shows(hall, wall.JOIN)
    await page.context.set_offline(False)

    await expect(page.locator("body")).to_have_attribute("data-scene", "join", timeout=15000)
    await expect(sign).to_be_hidden()


async def test_an_ended_link_leaves_nothing_on_the_screen(hall: Hall, watch: Watch, open_wall: Open) -> None:
    watch.expected.append("status of 404")
    page = await open_wall(SCREENS[0])
    await expect(page.locator("#now-title")).to_have_text("Dialog bersama stakeholder")

    await hall.write(lambda tx: wall.close_wall(tx, hall.meeting_id, hall.budi.id, hall.clock.now()))
    hall.rakor.wake()

    await expect(page.locator("body")).to_contain_text("Tidak ada apa-apa (lagi) di sini.")
    await expect(page.locator("#now-title")).to_have_count(0)
