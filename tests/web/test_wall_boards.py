"""The boards of the wall in real Chromium: shared ground, attendance; and the tools that cover nothing."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import ViewportSize, expect

from bot.domain.agreement import stances
from bot.domain.agreement.stances import AGREE, DISAGREE
from bot.domain.polls import polls
from bot.domain.polls.polls import MOST_OPTIONS, Draft
from bot.domain.wall import wall, wall_views
from bot.storage import stances as stored
from bot.storage.database import Transaction
from bot.storage.polls import ONE, OPEN
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import has_sent, on_sqlite, participant
from tests.web.conftest import OpenWall, WallUnderTest, shown
from tests.web.test_wall_page import HOSTILE, SCREENS, Open, open_wall, outside, shows, watch

__all__ = ["open_wall", "shown", "watch"]

pytestmark = [pytest.mark.browser, on_sqlite]

TEXTS = (
    "Perlu posko pengaduan bersama di setiap kecamatan selama masa kampanye.",
    "Bimbingan teknis saksi partai dan pengawas TPS sebaiknya satu jadwal.",
    "Jadwal pengamanan kampanye dibagikan paling lambat tiga hari sebelumnya.",
)
SECTORS = ("asn", "polri", "parpol", "media")


async def weighed(hall: Hall, *texts: str) -> list[int]:
    """Published submissions on which four sectors of four people agree; ids in the order of the texts."""
    author = await participant(hall)
    await hall.write(lambda tx: tx.run("UPDATE sessions SET limit_per_person = 99, text_limit = 5000"))
    await has_sent(hall, author, *texts)

    async def fill(tx: Transaction) -> list[int]:
        people = []
        for place in range(16):
            await tx.run(
                "INSERT INTO participants (id, meeting_id, person_id, sector, name, institution, position, ticket,"
                " state, consented_at, registered_at) VALUES (:id, :meeting, :person, :sector, :name, 'Dinas', 'Staf',"
                " :ticket, 'registered', 0, 0)",
                id=5000 + place,
                meeting=hall.meeting_id,
                person=990_000_000 + place,
                sector=SECTORS[place % 4],
                name=f"Peserta {place}",
                ticket=f"T{place}",
            )
            people.append(990_000_000 + place)
        ids = []
        for number, text in enumerate(texts, 101):
            row = await tx.one(
                "UPDATE submissions SET state = 'published', reviewed = 1, number = :number WHERE text = :text"
                " RETURNING id",
                number=number,
                text=text,
            )
            assert row is not None
            ids.append(row["id"])
        for submission_id in ids:
            for person in people:
                await stances.take(tx, submission_id, person, AGREE, hall.tg.token.encode())
        return ids

    return await hall.write(fill)


@pytest.mark.parametrize("screen", SCREENS, ids=["1080p", "720p", "phone"])
async def test_boards_fit_with_ordinary_and_with_hostile_texts(
    hall: Hall, open_wall: Open, screen: ViewportSize
) -> None:
    await weighed(hall, *TEXTS, *(text for text in HOSTILE if len(text) < 5000))
    page = await open_wall(screen)
    for view in ("ground", "support", "dividing", "presence"):
        await shows(hall, view)
        label = wall_views.views()[view].label
        await expect(page.locator("body")).to_have_attribute("data-scene", "board")
        await expect(page.locator("#board-title")).not_to_have_text("")
        assert await outside(page) == [], label
        await hall.write(lambda tx: wall.show(tx, hall.meeting_id, hall.budi.id, wall.AGENDA))
        hall.rakor.wake()
        await expect(page.locator("body")).to_have_attribute("data-scene", "agenda")


async def runs_poll(hall: Hall, options: int) -> None:
    """A poll with as many long options is open, and everybody has answered it."""

    async def ask(tx: Transaction) -> None:
        texts = tuple(f"{place}. {TEXTS[place % 3]}" for place in range(options))
        draft = Draft(ONE, " ".join(TEXTS), texts)
        poll = await polls.create(tx, hall.meeting_id, hall.budi.id, draft, hall.clock.now())
        await polls.switch(tx, poll.id, OPEN, hall.budi.id, hall.clock.now())
        for place in range(16):
            await polls.choose(tx, poll.id, 990_000_000 + place, place % options)

    await hall.write(ask)


@pytest.mark.parametrize("screen", SCREENS, ids=["1080p", "720p", "phone"])
async def test_a_list_is_shown_whole_however_long_it_is(
    hall: Hall, open_wall: Open, screen: ViewportSize
) -> None:
    await weighed(hall, *TEXTS)
    page = await open_wall(screen)
    await shows(hall, "poll")
    await expect(page.locator("body")).to_have_attribute("data-scene", "board")
    await expect(page.locator("#board-empty")).to_have_text("Saat ini tidak ada jajak pendapat yang dibuka.")

    await runs_poll(hall, MOST_OPTIONS)
    hall.rakor.wake()

    await expect(page.locator(".row:visible")).to_have_count(MOST_OPTIONS)
    await expect(page.locator(".row-figure").first).to_have_text("12%")
    assert await outside(page) == []


async def test_a_stance_moves_the_bars_within_a_second_and_shows_nothing_of_a_small_sector(
    hall: Hall, open_wall: Open
) -> None:
    (first, second, *_) = await weighed(hall, *TEXTS)
    await shows(hall, "ground")
    page = await open_wall(SCREENS[0])
    row = page.locator(".row", has_text=TEXTS[0])
    await expect(row.locator(".measure")).to_have_count(4)
    await expect(row.locator(".row-note")).to_contain_text("4 dari")
    secret = hall.tg.token.encode()

    async def object_(tx: Transaction) -> None:
        await stances.take(tx, first, 990_000_001, DISAGREE, secret)

    started = time.perf_counter()
    await hall.write(object_)
    hall.rakor.wake()
    await expect(row.locator(".measure-figure", has_text="3/4")).to_have_count(1, timeout=2000)
    assert time.perf_counter() - started < 1.0

    # Two of a sector leave: its two others are shown no longer, and in no figure.
    await hall.write(
        lambda tx: tx.run("UPDATE participants SET state = 'withdrawn' WHERE id IN (5001, 5005)")
    )
    hall.rakor.wake()
    await expect(row.locator(".measure")).to_have_count(3)
    before = await row.inner_text()
    await hall.write(lambda tx: stances.take(tx, first, 990_000_009, DISAGREE, secret))
    hall.rakor.wake()
    taken = await hall.read(lambda tx: stored.taken_on(tx, first))
    assert sorted(taken.values()).count(DISAGREE) == 2
    # A later stance of a sector that is shown arrives: the wall has looked again.
    await hall.write(lambda tx: stances.take(tx, second, 990_000_000, DISAGREE, secret))
    hall.rakor.wake()
    later = page.locator(".row", has_text=TEXTS[1])
    await expect(later.locator(".measure-figure", has_text="3/4")).to_have_count(1)
    assert await row.inner_text() == before


async def test_the_tools_cover_nothing(hall: Hall, open_wall: Open) -> None:
    await weighed(hall, *TEXTS)
    page = await open_wall(SCREENS[1])
    for view in (wall.SUBMISSIONS, wall.AGENDA, wall.JOIN, "ground"):
        await shows(hall, view)
        scene = "board" if view == "ground" else view
        await expect(page.locator("body")).to_have_attribute("data-scene", scene)
        await page.mouse.move(300, 300)
        await expect(page.locator("#tools")).to_have_css("opacity", "1")
        assert await page.evaluate(COVERED) == [], view


COVERED = """() => {
  const tools = document.querySelector('#tools').getBoundingClientRect();
  const parts = [...document.querySelectorAll('.head-text, .clock, .stage > section, .card, .row')];
  return parts.filter((node) => {
    const box = node.getBoundingClientRect();
    return node.checkVisibility() && box.width
      && Math.min(box.right, tools.right) - Math.max(box.left, tools.left) > 1
      && Math.min(box.bottom, tools.bottom) - Math.max(box.top, tools.top) > 1;
  }).map((node) => node.className);
}"""
"""What lies under the tools."""


async def test_the_board_speaks_the_language_of_the_page(hall: Hall, open_wall: Open) -> None:
    await weighed(hall, *TEXTS)
    await shows(hall, "ground")

    page = await open_wall(SCREENS[1], "?lang=en")

    await expect(page.locator("#board-title")).to_have_text("Our shared ground")
    await expect(page.locator(".legend")).to_contain_text("agree")


async def test_a_wall_without_the_secret_shows_no_stance(
    hall: Hall, wall_of: OpenWall, shown: WallUnderTest
) -> None:
    await weighed(hall, *TEXTS)
    await hall.write(lambda tx: wall.show(tx, hall.meeting_id, hall.budi.id, "ground"))

    hashed = wall.token_hash(shown.token)
    seen = await hall.read(lambda tx: wall.sight(tx, hashed, secret=hall.tg.token.encode()))
    blind = await hall.read(lambda tx: wall.sight(tx, hashed))

    assert seen is not None
    assert blind is not None
    assert len(seen.board.items) == 3
    assert blind.board.items == ()
