"""Smaller things of a messenger that people notice when they are missing, and what could cross on the way."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Route, expect
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from tests.page.conftest import PHONE, Hall, Open, Watch
from tests.page.test_chatting import copied, say, shown, start


async def test_a_message_that_comes_while_the_chat_loads_is_kept(open_page: Open, hall: Hall) -> None:
    await hall.ani.start()
    await hall.ani.sees("Selamat datang")
    page = await open_page(f"/?as={hall.budi.id}")
    fetched, goes_on = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        fetched.set()
        await goes_on.wait()
        await route.fulfill(response=answer)

    await page.route("**/sim/messages*", late)
    await page.locator(".rail").get_by_role("button", name="Ani Wulandari").click()
    await fetched.wait()
    async with page.expect_response(lambda response: "/sim/chats" in response.url):
        await hall.bot.send_message(hall.ani.id, "datang di tengah jalan")
    goes_on.set()

    await expect(shown(page, "Selamat datang.")).to_be_visible()
    await expect(shown(page, "datang di tengah jalan")).to_be_visible()


async def test_a_forced_reply_is_a_reply(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    await hall.bot.send_message(
        hall.ani.id, "Apa jabatan Anda?", reply_markup=ForceReply(input_field_placeholder="Jabatan")
    )
    await expect(page.locator("textarea")).to_have_attribute("placeholder", "Jabatan")

    await page.locator("textarea").fill("Kepala bagian")
    await page.locator("textarea").press("Enter")

    await expect(page.locator(".msg.out .quote-text")).to_have_text("Apa jabatan Anda?")


async def test_a_quotation_leads_to_its_message(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    first = await hall.bot.send_message(hall.ani.id, "pesan pertama")
    for number in range(30):
        await hall.bot.send_message(hall.ani.id, f"pesan {number}")
    await hall.bot.send_message(hall.ani.id, "jawaban", reply_to_message_id=first.message_id)
    quote = page.locator(".msg.in").last.locator(".quote")
    await expect(page.locator(".msg", has_text="pesan pertama").first).not_to_be_in_viewport()

    await quote.click()

    await expect(page.locator(f'.msg[data-id="{first.message_id}"]')).to_be_in_viewport()


async def test_spoilers_and_long_quotations_open_at_a_tap(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    await hall.bot.send_message(
        hall.ani.id,
        "<tg-spoiler>rahasia</tg-spoiler><blockquote expandable>satu\ndua\ntiga\nempat\nlima</blockquote>",
        parse_mode="HTML",
    )
    hidden, fold = page.locator(".spoiler"), page.locator("blockquote")
    height: int = await fold.evaluate("node => node.offsetHeight")

    await hidden.focus()
    await page.keyboard.press("Enter")
    await fold.click()

    await expect(hidden).to_have_class("spoiler shown")
    assert await fold.evaluate("node => node.offsetHeight") > height


async def test_codes_and_copy_buttons_are_copied(open_page: Open, hall: Hall) -> None:
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await start(page)
    await page.locator(".msg.in code").click()
    await expect(page.get_by_text("Tersalin.")).to_be_visible()
    await copied(page, "undangan-7")

    button = InlineKeyboardButton("Salin tiket", copy_text=CopyTextButton("Q8CG5"))
    await hall.bot.send_message(hall.ani.id, "Tiket", reply_markup=InlineKeyboardMarkup([[button]]))
    await page.get_by_role("button", name="Salin tiket").click()
    await copied(page, "Q8CG5")


async def test_a_group_link_brings_the_bot_into_the_chosen_group(open_page: Open, hall: Hall) -> None:
    other = hall.tg.group("Grup kecil", [hall.ani, hall.citra])
    page = await open_page()
    await start(page)
    button = InlineKeyboardButton("Tambahkan", url="https://t.me/rakor_sim_bot?startgroup=ikat")
    await hall.bot.send_message(hall.ani.id, "Grup", reply_markup=InlineKeyboardMarkup([[button]]))
    await page.get_by_role("button", name="Tambahkan").click()
    dialog = page.get_by_role("dialog", name="Tambahkan bot ke grup mana?")
    await dialog.get_by_label("Grup kecil").check()
    await dialog.get_by_role("button", name="Tambahkan").click()

    await expect(page.locator(".talk-head h2")).to_have_text("Grup kecil")
    assert hall.tg.world.bot_member(other.chat).is_inside is True


async def test_a_pinned_message_stays_in_sight(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    message = await hall.bot.send_message(hall.ani.id, "Sesi dibuka")
    await hall.bot.pin_chat_message(hall.ani.id, message.message_id)

    await expect(page.get_by_role("button", name="Pesan tersemat Sesi dibuka")).to_be_visible()


async def test_the_phone_s_own_way_back_leads_to_the_list(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=PHONE)
    await page.get_by_role("button", name="Kembali ke daftar percakapan").click()
    await page.locator(".chat", has_text="Rakor Palembang").click()
    await expect(page.locator(".talk-head h2")).to_have_text("Rakor Palembang")

    await page.go_back()
    await expect(page.locator(".chats")).to_be_visible()

    await page.go_forward()
    await expect(page.locator(".talk-head h2")).to_have_text("Rakor Palembang")
    await page.get_by_role("button", name="Kembali ke daftar percakapan").click()
    await expect(page.locator(".chats")).to_be_visible()


async def test_a_message_that_could_not_be_sent_stays_in_the_field(
    page: Page, hall: Hall, watch: Watch
) -> None:
    watch.expected = ["400 (Bad Request)"]
    await start(page)
    hall.ani.deletes_account()

    await say(page, "jangan hilang")

    await expect(page.get_by_text("Tidak berhasil: This account was deleted.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Tulis pesan")).to_have_value("jangan hilang")


LINKS = {
    "https://t.me/rakor_bot?start=abc": {"payload": "abc"},
    "https://T.me/Rakor_Bot": {"payload": ""},
    "tg://resolve?domain=rakor_bot&start=x-1": {"payload": "x-1"},
    "https://t.me/rakor_bot?startgroup=ikat": {"groupPayload": "ikat"},
    "https://t.me/another_bot?start=abc": None,
    "https://example.org/rakor_bot?start=abc": None,
    "javascript:alert(1)": None,
    "not an address": None,
}


async def test_what_a_link_means(open_page: Open) -> None:
    page = await open_page()
    found = await page.evaluate(
        """async (links) => {
          const { botLink } = await import('/sim/static/links.js');
          return links.map((link) => botLink(link, 'rakor_bot'));
        }""",
        list(LINKS),
    )
    assert found == list(LINKS.values())
