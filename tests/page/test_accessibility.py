"""axe-core on the page in the states that people meet, in both looks and at both widths."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect
from telegram import InputMediaPhoto

from simulator import people
from tests.page.conftest import DESKTOP, PHONE, Hall, Open
from tests.page.test_chatting import png, say, shown, start
from tests.page.test_media import sound
from tests.page.test_phones import tool
from tests.simulator.conftest import WEBP

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


async def violations(page: Page, part: str | None = None) -> list[str]:
    """Everything that axe finds serious or critical, with the element, in the light and in the dark look.

    Of the dark look only the colours are another, so only they are looked at again; and a ``part`` of the page is
    looked at alone where everything else was looked at before and has not changed.
    """
    if not await page.evaluate("() => Boolean(window.axe)"):
        await page.evaluate(AXE)
    found = await _look(page, part, {})
    await page.emulate_media(color_scheme="dark")
    found += await _look(page, part, {"runOnly": ["color-contrast"]})
    await page.emulate_media(color_scheme="light")
    return found


async def _look(page: Page, part: str | None, options: dict[str, Any]) -> list[str]:
    """A transition that runs is waited for."""
    await page.evaluate(
        "() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))"
    )
    found: dict[str, Any] = await page.evaluate(
        "([part, options]) => axe.run(part || document, { resultTypes: ['violations'], ...options })",
        [part, options],
    )
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_no_serious_violation(open_page: Open, hall: Hall, size: ViewportSize) -> None:
    page = await open_page(viewport=size)
    assert await violations(page) == []

    await start(page)
    await hall.bot.send_photo(hall.ani.id, png(320, 200), caption="Denah <aula>")
    await hall.bot.send_media_group(hall.ani.id, [InputMediaPhoto(png(300, 200))] * 2)
    await hall.bot.send_document(hall.ani.id, b"acara", filename="Acara.pdf")
    await hall.bot.send_voice(hall.ani.id, sound())
    await hall.bot.send_video(hall.ani.id, b"film", filename="rapat.avi")
    await hall.bot.send_sticker(hall.ani.id, WEBP, emoji="👍")
    await hall.bot.send_location(hall.ani.id, -2.99, 104.76)
    await hall.bot.send_poll(hall.ani.id, "Kapan?", ["Senin", "Kamis"])
    await hall.bot.send_message(
        hall.ani.id,
        "<tg-spoiler>rahasia</tg-spoiler> <pre>kode</pre><blockquote expandable>satu\ndua\ntiga\nempat</blockquote>",
        parse_mode="HTML",
    )
    await hall.ani.shares_contact()
    await expect(shown(page, "Nomor diterima")).to_be_visible()
    assert await violations(page) == []

    await page.get_by_role("button", name="Perintah bot").click()
    assert await violations(page, ".composer") == []
    await page.keyboard.press("Escape")
    await say(page, "/kontak")
    await expect(page.get_by_role("button", name="Kirim nomor")).to_be_visible()
    await page.get_by_role("textbox").fill("/")
    assert await violations(page, ".composer") == []
    await page.get_by_role("textbox").fill("")

    await page.get_by_role("button", name="Jelaskan").click()
    await expect(page.get_by_role("alertdialog")).to_be_visible()
    assert await violations(page, "[role=alertdialog]") == []
    await page.keyboard.press("Enter")

    await tool(page, "Mulai dari awal")
    assert await violations(page, "dialog") == []
    await page.keyboard.press("Escape")


async def test_no_serious_violation_in_the_group_the_list_and_the_engine_room(
    open_page: Open, hall: Hall
) -> None:
    for person in (hall.ani, hall.budi):
        people.say(hall.tg.world, person.id, hall.group.chat.id, "selamat pagi")
    page = await open_page()
    await page.get_by_role("button", name="Empat ponsel berdampingan").click()
    phones = page.locator(".pane")
    await phones.first.locator(".back").click()
    await phones.nth(1).locator(".back").click()
    await phones.nth(1).locator(".chat").last.click()
    await expect(phones.nth(1).locator(".messages").get_by_text("selamat pagi")).to_have_count(2)
    await phones.nth(2).locator(".person-button").click()
    assert await violations(page) == []

    await page.keyboard.press("Escape")
    await tool(page, "Ruang teknisi")
    for tab in ("Gangguan", "Jam", "Beban", "Orang", "Panggilan"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.get_by_role("tabpanel", name=tab).locator("*").first).to_be_visible()
        assert await violations(page, None if tab == "Gangguan" else ".drawer") == []
