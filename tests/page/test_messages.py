"""What people do with a message that is there, with topics, in inline mode, and with the place they are at."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from simulator import changes, groups
from tests.page.conftest import DESKTOP, PHONE, Hall, Open
from tests.page.test_accessibility import violations
from tests.page.test_chatting import copied, say, shown, start
from tests.page.test_phones import two_in_the_group


async def open_menu(page: Page, bubble: Locator) -> Locator:
    await bubble.click(button="right", position={"x": 6, "y": 6})
    return page.get_by_role("menu")


async def test_a_reaction_is_put_counted_and_taken_back(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    bubble = page.locator(".msg.in .bubble").first
    await open_menu(page, bubble)
    assert await violations(page, "[role=menu]") == []
    await page.get_by_role("menuitemradio", name="Reaksi 👍").click()

    await expect(shown(page, "Reaksi Anda: 👍")).to_be_visible()
    chip = bubble.get_by_role("button", name="👍 1: Ani Wulandari")
    await expect(chip).to_have_attribute("aria-pressed", "true")
    assert await violations(page, ".messages") == []
    await open_menu(page, bubble)
    await page.get_by_role("menuitem", name="Reaksi lainnya").click()
    await expect(page.get_by_role("menuitem", name="Update dan panggilan")).to_be_in_viewport(ratio=1)
    await page.get_by_role("menuitemradio", name="Reaksi 🤝").click()
    await expect(bubble.locator(".reaction")).to_have_text(["🤝"])

    await bubble.locator(".reaction").click()

    await expect(bubble.locator(".reaction")).to_have_count(0)
    await expect(shown(page, "Reaksi Anda: dicabut")).to_be_visible()


async def test_reactions_of_several_people_are_counted(open_page: Open, hall: Hall) -> None:
    said = await hall.group.says(hall.budi, "Setuju rehat?")
    page = await open_page(f"/?as={hall.ani.id}")
    await page.locator(".rail").get_by_role("button", name="Rakor Palembang").click()
    await expect(shown(page, "Setuju rehat?")).to_be_visible()

    for person in (hall.ani, hall.budi):
        changes.react(hall.tg.world, person.id, hall.group.id, said.id, "👍")

    chip = page.get_by_role("button", name="👍 2: Ani Wulandari, Budi Santoso")
    await expect(chip).to_have_text("👍2")
    await chip.click()
    await expect(page.get_by_role("button", name="👍 1: Budi Santoso")).to_have_attribute(
        "aria-pressed", "false"
    )


async def test_one_s_own_message_is_edited(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)
    field = page.get_by_role("textbox", name="Tulis pesan")
    await say(page, "Dinas Pendidikn")
    await expect(shown(page, "Anda menulis: Dinas Pendidikn")).to_be_visible()
    await field.fill("belum selesai")
    own = page.locator(".msg.out").last
    await open_menu(page, own.locator(".bubble"))
    await page.get_by_role("menuitem", name="Edit").click()
    await expect(field).to_have_value("Dinas Pendidikn")
    await field.fill("Dinas Pendidikan")
    await field.press("Enter")

    await expect(own.locator(".text")).to_have_text("Dinas Pendidikan")
    await expect(own.locator(".meta")).to_contain_text("diedit")
    await expect(shown(page, "Anda mengubahnya: Dinas Pendidikan")).to_be_visible()
    await expect(field).to_have_value("belum selesai")

    await field.fill("")
    await field.press("ArrowUp")
    await expect(field).to_have_value("Dinas Pendidikan")
    await field.press("Escape")
    await expect(field).to_have_value("")
    await open_menu(page, page.locator(".msg.in .bubble").last)
    await expect(page.get_by_role("menuitem", name="Balas")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Edit")).to_have_count(0)


async def test_a_deleted_message_leaves_every_phone(open_page: Open, hall: Hall) -> None:
    await hall.group.says(hall.ani, "salah kirim")
    await hall.group.says(hall.budi, "Rapat mulai.")
    page = await open_page()
    ani, budi = await two_in_the_group(page)
    await open_menu(page, ani.locator(".msg.in .bubble").last)
    await expect(page.get_by_role("menuitem", name="Hapus")).to_have_count(0)
    await page.keyboard.press("Escape")

    await open_menu(page, ani.locator(".msg.out .bubble").last)
    await page.get_by_role("menuitem", name="Hapus").click()
    await page.get_by_role("dialog", name="Hapus pesan ini?").get_by_role("button", name="Hapus").click()

    for phone in (ani, budi):
        await expect(phone.locator(".messages").get_by_text("salah kirim")).to_have_count(0)
        await expect(phone.locator(".messages").get_by_text("Rapat mulai.")).to_be_visible()


async def test_the_menu_opens_under_a_finger_and_from_the_keyboard(open_page: Open, hall: Hall) -> None:
    page = await open_page(
        viewport=PHONE, has_touch=True, is_mobile=True, permissions=["clipboard-read", "clipboard-write"]
    )
    await start(page)
    finger = await page.context.new_cdp_session(page)
    box = await page.locator(".msg.out .bubble").bounding_box()
    assert box is not None
    point = {"x": box["x"] + 8, "y": box["y"] + 8}
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(page.get_by_role("menu")).to_be_visible()
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await page.get_by_role("menuitem", name="Salin teks").click()
    await expect(page.get_by_text("Tersalin.")).to_be_visible()
    await copied(page, "/start undangan-7")

    actions = page.get_by_role("button", name="Tindakan untuk pesan dari Rakor Bot")
    await page.locator(".key").first.focus()
    await page.keyboard.press("Shift+Tab")
    await expect(actions).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitem", name="Update dan panggilan")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("menuitemradio", name="Reaksi ❤")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator(".composer-quote")).to_contain_text("Membalas Rakor Bot")


async def test_topics_are_made_and_written_in(open_page: Open, hall: Hall) -> None:
    page = await open_page(f"/?as={hall.budi.id}", viewport=PHONE)
    await page.get_by_role("button", name="Kembali ke daftar percakapan").click()
    await page.locator(".chat", has_text="Rakor Palembang").click()
    await page.get_by_role("button", name="Lainnya").click()
    await page.get_by_role("menuitem", name="Aktifkan topik").click()
    topics = page.get_by_role("navigation", name="Topik")
    await topics.get_by_role("button", name="Topik baru").click()
    await page.get_by_role("textbox", name="Nama topik").fill("Notulen")
    await page.get_by_role("button", name="Buat topik").click()
    await expect(topics.get_by_role("button", name="Notulen")).to_have_attribute("aria-current", "true")
    [forum] = hall.tg.world.groups()
    [topic] = forum.topics

    await say(page, "/agenda")
    await expect(shown(page, "Acara: pembukaan")).to_be_visible()
    assert await violations(page, ".pane") == []
    await topics.get_by_role("button", name="Umum").click()
    await hall.bot.send_message(forum.id, "Untuk semua")
    await expect(shown(page, "Untuk semua")).to_be_visible()
    await expect(shown(page, "Acara: pembukaan")).to_have_count(0)

    await hall.bot.send_message(forum.id, "Masih ada?", message_thread_id=topic)
    await topics.get_by_role("button", name="Notulen, 1 belum dibaca").click()
    await expect(shown(page, "Masih ada?")).to_be_visible()
    await expect(topics.get_by_role("button", name="Notulen", exact=True)).to_be_visible()

    groups.set_topic_closed(hall.tg.world, forum.id, topic, hall.budi.id, closed=True)
    await expect(topics.get_by_role("button", name="Notulen, ditutup")).to_be_visible()
    await page.locator(".person-button").click()
    await page.get_by_role("menuitemradio", name="Ani Wulandari").click()
    await page.get_by_role("button", name="Kembali ke daftar percakapan").click()
    await page.locator(".chat", has_text="Rakor Palembang").click()
    await topics.get_by_role("button", name="Notulen").click()
    await expect(page.get_by_text("Topik ini ditutup.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Tulis pesan")).to_be_hidden()


async def test_inline_mode_from_any_chat(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await page.locator(".chat", has_text="Rakor Palembang").click()
    field = page.get_by_role("textbox", name="Tulis pesan")
    await field.fill("@rak")
    await page.get_by_role("option", name="@rakor_sim_bot").click()
    await field.press_sequentially("netral")
    options = page.get_by_role("option")
    await expect(options.locator("b")).to_have_text(["Semua aturan", "ASN netral", "Polri netral"])
    assert await violations(page, ".composer") == []
    for _ in range(3):
        await field.press("ArrowDown")
    await field.press("Enter")

    own = page.locator(".msg.out").last
    await expect(own.locator(".text b")).to_have_text("Polri netral")
    await expect(own.get_by_role("button", name="melalui @rakor_sim_bot")).to_be_visible()
    await expect(field).to_have_value("")

    await own.get_by_role("button", name="melalui @rakor_sim_bot").click()
    await options.filter(has_text="Semua aturan").click()
    await page.get_by_role("button", name="MULAI", exact=True).click()
    await expect(page.locator(".msg.in code")).to_have_text("aturan")


async def test_a_place_is_shared(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=PHONE)
    await start(page)
    await hall.bot.send_venue(hall.ani.id, -2.98, 104.75, "Aula Bawaslu", "Jalan contoh")
    await expect(shown(page, "Aula Bawaslu")).to_be_visible()

    for place, answer in (("Aula Bawaslu", "Anda di -2.98, 104.75"), ("Monas", "Anda di -6.18, 106.83")):
        await page.get_by_role("button", name="Lampirkan").click()
        await page.get_by_role("menuitem", name="Lokasi").click()
        dialog = page.get_by_role("dialog", name="Bagikan lokasi Anda?")
        await dialog.get_by_label(place).check()
        assert await violations(page, "dialog") == []
        await dialog.get_by_role("button", name="Bagikan").click()
        await expect(shown(page, answer)).to_be_visible()

    live = await hall.bot.send_location(hall.ani.id, -2.99, 104.76, live_period=3600)
    await expect(page.locator(".msg.in .location").last).to_contain_text("Bergerak sampai")
    await hall.bot.edit_message_live_location(
        chat_id=hall.ani.id, message_id=live.message_id, latitude=-3, longitude=104.8
    )
    await expect(page.locator(".msg.in .location").last).to_contain_text("-3.00000, 104.80000")

    await page.locator(".msg.out .location").last.click()
    await expect(page.get_by_role("dialog")).to_contain_text("openstreetmap.org/?mlat=-6.1754&mlon=106.8272")


async def test_a_message_s_updates_and_calls_are_shown_from_its_menu(open_page: Open, hall: Hall) -> None:
    page = await open_page(viewport=DESKTOP)
    await start(page)
    await open_menu(page, page.locator(".msg.in .bubble").last)
    await page.get_by_role("menuitem", name="Update dan panggilan").click()

    room = page.get_by_role("complementary", name="Ruang teknisi")
    await expect(room.locator(".call-name")).to_have_text(["sendMessage"])
