"""The journeys of one person in the chat with the bot."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.page.conftest import Hall, Open


def png(width: int, height: int) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x80\xc0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def shown(page: Page, text: str, *, exact: bool = False) -> Locator:
    """A text in the open conversation; the chat list may show it as well."""
    return page.locator(".messages").get_by_text(text, exact=exact)


async def start(page: Page) -> None:
    await page.get_by_role("button", name="MULAI", exact=True).click()
    await expect(shown(page, "Selamat datang.")).to_be_visible()


async def copied(page: Page, text: str) -> None:
    """Wait for the clipboard to hold it."""
    await page.wait_for_function("async (text) => (await navigator.clipboard.readText()) === text", arg=text)


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Tulis pesan").fill(text)
    await page.get_by_role("button", name="Kirim", exact=True).click()


async def test_start_carries_the_invitation_and_the_answer_is_formatted(any_page: Page, hall: Hall) -> None:
    page = any_page
    await expect(page.get_by_text("Bot ini menemani Anda selama rapat.")).to_be_visible()

    await start(page)

    own, answer = page.locator(".msg.out").last, page.locator(".msg.in").last
    await expect(own.locator(".text")).to_have_text("/start undangan-7")
    await expect(answer.locator("b")).to_have_text("Selamat datang.")
    await expect(answer.locator("code")).to_have_text("undangan-7")
    await expect(own.locator(".icon-checks")).to_be_visible()
    await expect(page.get_by_role("button", name="MULAI", exact=True)).to_be_hidden()


async def test_a_tapped_button_waits_for_its_answer(page: Page, hall: Hall) -> None:
    await start(page)
    hall.gate.open.clear()
    button = page.get_by_role("button", name="Catat")

    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    hall.gate.open.set()

    await expect(button).to_have_attribute("aria-busy", "false")
    await expect(page.get_by_role("status").filter(has_text="Sudah dicatat.")).to_be_visible()


async def test_an_alert_is_read_and_closed_with_the_keyboard(page: Page) -> None:
    await start(page)
    button = page.get_by_role("button", name="Jelaskan")
    await button.click()

    await expect(page.get_by_role("alertdialog")).to_contain_text("Penjelasan yang panjang.")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alertdialog")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_edits_and_deletions_show_at_once(page: Page) -> None:
    await start(page)
    await page.get_by_role("button", name="Ubah").click()
    await expect(page.locator(".msg.in .text")).to_have_text("Teks yang baru")
    await expect(page.get_by_role("button", name="Ubah")).to_be_hidden()

    await say(page, "/start")
    await page.get_by_role("button", name="Hapus").click()
    await expect(page.locator(".msg.in")).to_have_count(1)


async def test_typing_shows_until_the_message_comes(page: Page, hall: Hall) -> None:
    await start(page)
    await say(page, "ketik")
    await expect(page.get_by_text("sedang mengetik…")).to_be_visible()

    await say(page, "halo")

    await expect(shown(page, "Anda menulis: halo")).to_be_visible()
    await expect(page.get_by_text("sedang mengetik…")).to_be_hidden()


async def test_commands_are_offered_while_typing(page: Page) -> None:
    await start(page)
    field = page.get_by_role("textbox", name="Tulis pesan")
    await field.fill("/a")
    await expect(page.get_by_role("option")).to_have_text(["/agendaSusunan acara"])

    await page.get_by_role("option").click()

    await expect(shown(page, "Acara: pembukaan")).to_be_visible()
    await expect(field).to_have_value("")


async def test_the_menu_sends_a_command(any_page: Page) -> None:
    page = any_page
    await start(page)
    await page.get_by_role("button", name="Perintah bot").click()
    await page.get_by_role("menuitem", name="/agenda").click()

    await expect(shown(page, "Acara: pembukaan")).to_be_visible()


async def test_a_command_in_a_text_is_sent_by_tapping_it(page: Page) -> None:
    await start(page)
    await page.get_by_role("link", name="/agenda").click()

    await expect(shown(page, "Acara: pembukaan")).to_be_visible()


async def test_the_contact_key_asks_before_it_shares(page: Page, hall: Hall) -> None:
    await start(page)
    await say(page, "/kontak")
    field = page.locator("textarea:visible")
    await expect(field).to_have_attribute("placeholder", "Nomor telepon")
    await page.get_by_role("button", name="Kirim nomor").click()
    await page.get_by_role("dialog").get_by_role("button", name="Bagikan").click()

    await expect(page.locator(".msg.out .contact")).to_contain_text(hall.ani.person.phone)
    await expect(shown(page, f"Nomor diterima: {hall.ani.person.phone}")).to_be_visible()
    await expect(page.get_by_role("button", name="Kirim nomor")).to_be_hidden()
    await expect(field).to_have_attribute("placeholder", "Tulis pesan")


async def test_a_reply_key_sends_its_text(page: Page) -> None:
    await start(page)
    await say(page, "/kontak")
    await page.get_by_role("button", name="Lewati", exact=True).click()

    await expect(shown(page, "Anda menulis: Lewati")).to_be_visible()
    await expect(page.get_by_role("button", name="Lewati", exact=True)).to_be_hidden()


async def test_a_photo_goes_up_and_comes_back(any_page: Page) -> None:
    page = any_page
    await start(page)
    await page.get_by_role("button", name="Lampirkan").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Foto").click()
    await (await chooser.value).set_files(
        {"name": "peta.png", "mimeType": "image/png", "buffer": png(400, 300)}
    )
    await page.get_by_role("textbox", name="Keterangan").fill("Peta <b>aula</b>")
    await page.get_by_role("dialog").get_by_role("button", name="Kirim").click()

    back = page.locator(".msg.in", has_text="Peta <b>aula</b>")
    await expect(back.locator("img")).to_have_js_property("naturalWidth", 400)
    await back.get_by_role("button", name="Perbesar foto").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_document_comes_back_as_it_went(page: Page) -> None:
    content = bytes(range(256)) * 9
    await start(page)
    await page.get_by_role("button", name="Lampirkan").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Dokumen").click()
    file: FilePayload = {"name": "Daftar hadir.pdf", "mimeType": "application/pdf", "buffer": content}
    await (await chooser.value).set_files(file)
    await page.get_by_role("dialog").get_by_role("button", name="Kirim").click()

    async with page.expect_download() as download:
        await page.locator(".msg.in").get_by_role("link", name="Unduh Daftar hadir.pdf").click()
    saved = await download.value
    assert saved.suggested_filename == "Daftar hadir.pdf"
    assert Path(await saved.path()).read_bytes() == content


async def test_a_link_to_the_bot_opens_inside_and_starts_with_its_payload(page: Page) -> None:
    await start(page)
    await page.get_by_role("link", name="tautan undangan").click()
    await page.get_by_role("button", name="MULAI", exact=True).click()

    await expect(page.locator(".msg.in").last.locator("code")).to_have_text("dari-tautan")
    assert len(page.context.pages) == 1


async def test_another_address_is_asked_about_first(page: Page) -> None:
    await start(page)
    await page.get_by_role("button", name="Situs").click()
    await expect(page.get_by_role("dialog")).to_contain_text("https://example.org/rakor")

    await page.get_by_role("dialog").get_by_role("button", name="Batal").click()

    assert len(page.context.pages) == 1


async def test_a_reply_quotes_the_message(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    await say(page, "pertanyaan")
    await shown(page, "Anda menulis: pertanyaan").dblclick()
    await say(page, "jawaban")

    await expect(page.locator(".msg.out .quote-text")).to_have_text("Anda menulis: pertanyaan")


async def test_a_blocked_bot_can_be_taken_back(page: Page, hall: Hall) -> None:
    await start(page)
    await page.get_by_role("button", name="Lainnya").click()
    await page.get_by_role("menuitem", name="Blokir bot").click()
    await page.get_by_role("button", name="Buka blokir dan mulai").click()

    await expect(page.locator(".msg.in")).to_have_count(2)
    assert hall.ani.person.blocked is False


async def test_older_messages_come_when_scrolling_up(open_page: Open, hall: Hall) -> None:
    world = hall.tg.world
    for number in range(1, 241):
        world.new_message(hall.ani.chat, world.bot_id, {"text": f"nomor {number}"})
    page = await open_page()
    scroller = page.locator(".scroller")
    await expect(shown(page, "nomor 240", exact=True)).to_be_in_viewport()
    assert await shown(page, "nomor 1", exact=True).count() == 0

    for _ in range(4):
        count = await page.locator(".msg").count()
        await scroller.evaluate("node => node.scrollTo(0, 0)")
        await expect(page.locator(".msg")).not_to_have_count(count)

    await expect(shown(page, "nomor 1", exact=True)).to_be_attached()
    await page.get_by_role("button", name="Ke pesan terbaru").click()
    await expect(shown(page, "nomor 240", exact=True)).to_be_in_viewport()


async def test_the_way_to_the_latest_message_goes_when_deletions_bring_it_into_view(
    open_page: Open, hall: Hall
) -> None:
    page = await open_page()
    await start(page)
    sent = [await hall.bot.send_message(hall.ani.id, f"nomor {number}") for number in range(30)]
    await expect(shown(page, "nomor 29")).to_be_in_viewport()
    await page.locator(".scroller").evaluate("node => node.scrollTo(0, 0)")
    latest = page.get_by_role("button", name="Ke pesan terbaru")
    await expect(latest).to_be_visible()

    for message in sent:
        await hall.bot.delete_message(hall.ani.id, message.message_id)

    await expect(shown(page, "nomor 0", exact=True)).to_have_count(0)
    await expect(latest).to_be_hidden()
