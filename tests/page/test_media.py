"""Albums, films, sounds and stickers in Chromium."""

from __future__ import annotations

import io
import wave

from playwright.async_api import expect
from telegram import InputMediaDocument, InputMediaPhoto

from tests.page.conftest import PHONE, Hall, Open
from tests.page.test_chatting import png, shown, start
from tests.simulator.conftest import WEBP


def sound() -> bytes:
    """Half a second of silence."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(8000))
    return content.getvalue()


async def test_an_album_is_one_bubble(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=PHONE)
    await start(page)
    pictures = [
        InputMediaPhoto(png(300, size), caption)
        for size, caption in ((200, None), (400, "Aula"), (300, None))
    ]
    sent = await hall.bot.send_media_group(hall.ani.id, pictures)

    album = page.locator(".msg:has(.grid)")
    await expect(album.locator(".part img")).to_have_count(3)
    await expect(album.locator(".text")).to_have_text("Aula")
    await expect(album.locator("time")).to_have_count(1)
    boxes: list[list[int]] = await album.locator(".part").evaluate_all(
        "all => all.map((one) => [one.offsetTop, one.offsetLeft].map(Math.round))"
    )
    (top, left), (second_top, second_left), (third_top, third_left) = boxes
    assert (second_top > top, third_top, second_left) == (True, second_top, left)
    assert third_left > second_left

    # The menu of one picture is about that picture alone.
    await album.locator(".part").first.click(button="right")
    await page.get_by_role("menuitem", name="Hapus").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hapus").click()
    await expect(album.locator(".part img")).to_have_count(2)
    assert [message.message_id in hall.ani.chat.messages for message in sent] == [False, True, True]
    # That of the album is about all of it.
    await album.hover()
    await album.locator(".act").click()
    await page.get_by_role("menuitem", name="Hapus").click()
    await page.get_by_role("dialog").get_by_role("button", name="Hapus").click()
    numbers = {message.message_id for message in sent}
    await hall.tg.until(lambda: not hall.ani.chat.messages.keys() & numbers, "the album is gone")
    await expect(album).to_have_count(0)


async def test_an_album_in_a_group_stands_beside_its_author(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=PHONE)
    await page.locator(".back").click()
    await page.locator(".chat").last.click()
    await hall.bot.send_media_group(hall.group.id, [InputMediaPhoto(png(300, 200))] * 4)
    await hall.bot.send_media_group(
        hall.group.id, [InputMediaDocument(b"x", filename=name) for name in ("Acara.pdf", "Materi.pdf")]
    )

    both = page.locator(".msg:has(.part)")
    await expect(both).to_have_count(2)
    await expect(both.last.locator(".card-title")).to_have_text(["Acara.pdf", "Materi.pdf"])
    lefts: list[float] = await page.locator(".msg .bubble").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    grid, bubble = [await both.first.locator(name).bounding_box() for name in (".grid", ".bubble")]
    assert grid is not None
    assert bubble is not None
    assert (grid["x"] >= bubble["x"], grid["x"] + grid["width"] <= bubble["x"] + bubble["width"]) == (
        True,
        True,
    )
    assert bubble["width"] - grid["width"] <= 8
    await expect(both.first.locator("> .avatar")).to_be_hidden()
    await expect(both.last.locator("> .avatar")).to_be_visible()


async def test_an_album_that_was_cut_between_two_pages_is_whole(open_page: Open, hall: Hall) -> None:
    await hall.ani.start()
    await hall.ani.sees("")
    before = [await hall.bot.send_message(hall.ani.id, f"sebelum {number}") for number in range(30)]
    album = await hall.bot.send_media_group(hall.ani.id, [InputMediaPhoto(png(300, 200))] * 4)
    for number in range(48):
        await hall.bot.send_message(hall.ani.id, f"sesudah {number}")
    page = await open_page(viewport=PHONE)
    await expect(page.locator(".grid .part")).to_have_count(2)
    await expect(shown(page, "sesudah 47")).to_be_visible()

    await page.locator(".scroller").evaluate("(one) => { one.scrollTop = 0; }")

    await expect(shown(page, before[0].text or "")).to_be_attached()
    await expect(page.locator(".grid")).to_have_count(1)
    await expect(page.locator(".grid .part")).to_have_count(len(album))


async def test_films_sounds_and_stickers_are_shown_or_offered(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=PHONE)
    await start(page)
    await hall.bot.send_voice(hall.ani.id, sound(), duration=3)
    await hall.bot.send_audio(
        hall.ani.id, sound(), title="Mars Bawaslu", performer="Paduan suara", duration=65
    )
    await hall.bot.send_sticker(hall.ani.id, WEBP, emoji="👍")
    await hall.bot.send_animation(hall.ani.id, png(300, 200), caption="Bergerak")
    await hall.bot.send_video(hall.ani.id, b"not for a browser", filename="rapat.avi", duration=7)

    await expect(page.get_by_label("Pesan suara")).to_have_attribute("controls", "")
    await expect(page.get_by_text("Paduan suara · 1:05")).to_be_visible()
    await expect(page.get_by_role("img", name="👍")).to_be_visible()
    await expect(page.get_by_role("img", name="Bergerak")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Unduh rapat.avi").click()
    assert (await (await download.value).path()).read_bytes() == b"not for a browser"
    seconds = await page.get_by_label("Pesan suara").evaluate(
        """(one) => new Promise((done) => {
          const tell = () => done(one.duration);
          if (one.readyState) tell(); else one.onloadedmetadata = tell;
        })"""
    )
    assert seconds == 0.5
