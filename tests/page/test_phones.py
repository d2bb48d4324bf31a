"""Several people, several phones, and what the page does when something goes wrong."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, expect

from simulator import people
from simulator.driver import PersonDriver
from tests.page.conftest import DESKTOP, Hall, Open, sideways
from tests.page.test_chatting import say, shown, start


async def hold(page: Page, name: str) -> None:
    """Take this person's phone, wherever the window has the switch."""
    rail = page.locator(".rail")
    if await rail.is_visible():
        await rail.get_by_role("button", name=name).click()
    else:
        await page.locator(".person-button").click()
        await page.get_by_role("menuitemradio", name=name).click()


async def test_each_person_has_their_own_chat_and_draft(any_page: Page, hall: Hall) -> None:
    page = any_page
    await start(page)
    await page.get_by_role("textbox", name="Tulis pesan").fill("belum selesai")

    await hold(page, "Budi")
    await expect(page.get_by_role("region", name="Ponsel Budi Santoso")).to_be_visible()
    await expect(page.locator(".msg")).to_have_count(0)

    await hold(page, "Ani Wulandari")
    await expect(shown(page, "Selamat datang.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Tulis pesan")).to_have_value("belum selesai")


async def test_unread_messages_are_counted_and_reading_them_ends_it(any_page: Page, hall: Hall) -> None:
    page = any_page
    await hall.budi.start()
    await hall.budi.sees("Selamat datang")
    told = re.compile("Budi Santoso, Panitia, 1 belum dibaca$|1 belum dibaca pada orang lain$")
    await expect(page.get_by_role("button", name=told)).to_be_visible()

    await hold(page, "Budi")

    await expect(shown(page, "Selamat datang.")).to_be_visible()
    await expect(page.get_by_role("button", name=told)).to_have_count(0)
    await hall.tg.until(lambda: hall.budi.chat.unread == {}, "Budi's chat is read")


async def test_the_group_is_seen_by_its_members(page: Page, hall: Hall) -> None:
    await hold(page, "Rakor Palembang")
    await expect(page.locator(".talk-status")).to_contain_text("dilihat sebagai Ani Wulandari")

    await say(page, "/agenda")

    await expect(shown(page, "Acara: pembukaan")).to_be_visible()
    await expect(page.locator(".msg.in .author").last).to_have_text("Rakor Bot")
    await hold(page, "Citra")
    await expect(page.get_by_role("region", name="Ponsel Citra")).to_be_visible()
    await expect(shown(page, "Acara: pembukaan")).to_have_count(0)


async def test_four_phones_show_a_broadcast_arriving_everywhere(open_page: Open, hall: Hall) -> None:
    dewi = hall.tg.person("Dewi", role_label="Peserta")
    everybody = [hall.ani, hall.budi, hall.citra, dewi]
    for person in everybody:
        await person.start()
        await person.sees("Selamat datang")
    page = await open_page()
    await page.get_by_role("button", name="Empat ponsel berdampingan").click()
    await expect(page.locator(".pane")).to_have_count(4)

    for person in everybody:
        await hall.bot.send_message(person.id, "Sesi dialog dibuka.")

    for name in ("Ani Wulandari", "Budi Santoso", "Citra", "Dewi"):
        phone = page.get_by_role("region", name=f"Ponsel {name}")
        await expect(phone.locator(".messages").get_by_text("Sesi dialog dibuka.")).to_be_visible()
    await page.reload()
    await expect(page.locator(".pane")).to_have_count(4)


async def two_in_the_group(page: Page) -> tuple[Locator, Locator]:
    """Ani's and Budi's phones side by side, both showing their group."""
    await page.get_by_role("button", name="Dua ponsel berdampingan").click()
    phones = page.locator(".pane").first, page.locator(".pane").last
    for phone in phones:
        await phone.locator(".back").click()
        await phone.locator(".chat", has_text="Rakor Palembang").click()
    return phones


async def test_two_phones_talk_in_one_group(open_page: Open, hall: Hall) -> None:
    ani, budi = await two_in_the_group(await open_page())

    await budi.get_by_role("textbox").fill("selamat pagi")
    await budi.get_by_role("textbox").press("Enter")

    await expect(budi.locator(".msg.out .text").last).to_have_text("selamat pagi")
    await expect(ani.locator(".msg.in .text").last).to_have_text("selamat pagi")
    await expect(ani.locator(".msg.in .author").last).to_have_text("Budi Santoso")


async def test_an_alert_covers_only_the_phone_that_it_belongs_to(open_page: Open, hall: Hall) -> None:
    await hall.ani.start()
    await hall.ani.sees("Selamat datang")
    page = await open_page()
    await page.get_by_role("button", name="Dua ponsel berdampingan").click()
    await page.get_by_role("button", name="Jelaskan").click()
    await expect(page.locator(".pane").first.get_by_role("alertdialog")).to_be_visible()

    await page.locator(".pane").last.get_by_role("button", name="MULAI", exact=True).click()

    await expect(
        page.locator(".pane").last.locator(".messages").get_by_text("Selamat datang.")
    ).to_be_visible()


async def test_a_poll_is_voted_in(page: Page, hall: Hall) -> None:
    await start(page)
    await hall.bot.send_poll(hall.ani.id, "Kapan rapat berikutnya?", ["Senin", "Kamis"])

    await page.get_by_role("button", name="Kamis").click()

    await expect(page.get_by_role("button", name="Kamis")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".poll")).to_contain_text("1 suara")


async def test_a_quiz_tells_after_the_vote_what_is_right_and_why(page: Page, hall: Hall) -> None:
    await start(page)
    await hall.bot.send_poll(
        hall.ani.id,
        "Siapa menangani pelanggaran?",
        ["KPU", "Bawaslu"],
        type="quiz",
        correct_option_ids=[1],
        explanation="UU 7/2017",
    )
    quiz = page.locator(".poll")
    await expect(quiz).to_contain_text("Kuis anonim")
    await expect(quiz).to_contain_text("Belum ada suara")
    await expect(quiz).not_to_contain_text("UU 7/2017")

    await quiz.get_by_role("button", name="KPU").click()

    await expect(quiz).to_contain_text("UU 7/2017")
    await expect(quiz.get_by_role("button", name="KPU").get_by_label("Salah")).to_be_visible()
    await expect(quiz.get_by_role("button", name="Bawaslu").get_by_label("Benar")).to_be_visible()
    await expect(quiz.get_by_role("button", name="Bawaslu")).to_be_disabled()


async def test_starting_over_asks_first_and_empties_every_chat(page: Page, hall: Hall) -> None:
    await start(page)
    await tool(page, "Mulai dari awal")
    await page.get_by_role("dialog").get_by_role("button", name="Batal").click()
    await expect(shown(page, "Selamat datang.")).to_be_visible()

    await tool(page, "Mulai dari awal")
    await page.get_by_role("dialog").get_by_role("button", name="Hapus percakapan").click()

    await expect(page.get_by_role("button", name="MULAI", exact=True)).to_be_visible()
    await expect(page.locator(".msg")).to_have_count(0)


async def test_a_deep_link_to_the_page_opens_the_named_phone(open_page: Open, hall: Hall) -> None:
    page = await open_page(f"/?as={hall.citra.id}&start=dari-qr")
    await page.get_by_role("button", name="MULAI", exact=True).click()

    await expect(page.locator(".msg.in code")).to_have_text("dari-qr")
    assert hall.citra.person.started is True


async def tool(page: Page, name: str) -> None:
    """Use one of the tools, which a phone keeps in a menu."""
    more = page.get_by_role("button", name="Alat").or_(page.get_by_role("button", name="Tools"))
    if await more.is_visible():
        await more.click()
        await page.get_by_role("menuitem", name=name).click()
    else:
        await page.locator(".tools").get_by_role("button", name=name).click()


async def test_the_language_changes_and_stays(any_page: Page) -> None:
    page = any_page
    await tool(page, "Bahasa: Indonesia")
    await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"

    await page.reload()

    await expect(page.get_by_role("button", name="START", exact=True)).to_be_visible()


async def test_both_languages_say_the_same_things(open_page: Open) -> None:
    page = await open_page()
    differences = await page.evaluate(
        """async () => {
          const { TEXTS } = await import('/sim/static/texts.js');
          const { DRAWER_TEXTS } = await import('/sim/static/drawer_texts.js');
          const fields = (text) => (text.match(/\\{\\w+\\}/g) || []).sort().join();
          const wrong = [];
          for (const table of [TEXTS, DRAWER_TEXTS]) {
            for (const key of new Set([...Object.keys(table.id), ...Object.keys(table.en)])) {
              if (!table.id[key] || !table.en[key] || fields(table.id[key]) !== fields(table.en[key])) wrong.push(key);
            }
          }
          return wrong;
        }"""
    )
    assert differences == []


@pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
async def test_the_look_follows_the_system_until_it_is_chosen(
    open_page: Open, system: str, other: str
) -> None:
    page = await open_page(color_scheme=system)
    surface = "() => getComputedStyle(document.querySelector('.topbar')).backgroundColor"
    names = {"light": "Tampilan terang", "dark": "Tampilan gelap"}
    before = await page.evaluate(surface)

    await tool(page, names[other])

    assert await page.evaluate(surface) != before
    assert await page.locator("html").get_attribute("data-theme") == other
    await page.reload()
    assert await page.locator("html").get_attribute("data-theme") == other


async def test_the_guide_leads_through_and_stays_closed(any_page: Page, hall: Hall) -> None:
    page = any_page
    guide = page.get_by_role("region", name="Panduan singkat")
    await expect(guide).to_contain_text("Sebagai Ani Wulandari")
    await guide.get_by_role("button", name="Langkah 2").click()
    await guide.get_by_role("button", name="Ke Budi Santoso").click()
    await expect(page.get_by_role("region", name="Ponsel Budi Santoso")).to_be_visible()
    await expect(guide).to_contain_text("Sebagai Budi Santoso (panitia): ketuk Menu")
    await guide.get_by_role("button", name="Langkah 3").click()
    await guide.get_by_role("button", name="Buka grup").click()
    await expect(page.locator(".talk-head h2")).to_have_text("Rakor Palembang")

    await guide.get_by_role("button", name="Tutup panduan").click()
    await page.reload()

    await expect(page.locator(".talk-head h2")).to_have_text("Rakor Palembang")
    await expect(guide).to_be_hidden()


async def test_the_guide_moves_on_when_a_step_is_done(page: Page, hall: Hall) -> None:
    await start(page)
    for text in ("setuju", "Ani Wulandari", "Polri", "Polrestabes", "Staf"):
        await say(page, text)
        await expect(shown(page, f"Anda menulis: {text}")).to_be_visible()

    await expect(page.get_by_role("region", name="Panduan singkat")).to_contain_text("Pindah ke Budi Santoso")


async def test_engineers_see_calls_and_move_clock_and_faults(any_page: Page, hall: Hall) -> None:
    page = any_page
    await start(page)
    await tool(page, "Ruang teknisi")
    room = page.get_by_role("complementary", name="Ruang teknisi")
    await room.locator("details", has_text="sendMessage").first.click()
    await expect(room.locator("pre").first).to_contain_text("undangan-7")

    await room.get_by_role("tab", name="Gangguan").click()
    await room.get_by_label("Latensi (ms)").fill("20")
    await room.get_by_label("Update terkirim dua kali").fill("5")
    await room.get_by_label("Batas 30 pesan").check()
    await room.get_by_role("button", name="Terapkan").click()
    await hall.tg.until(lambda: hall.tg.faults.latency_ms == 20, "the latency is set")
    assert (hall.tg.faults.duplicate_rate, hall.tg.faults.limit_overall) == (0.05, True)
    await room.get_by_role("button", name="Tanpa gangguan").click()
    await hall.tg.until(lambda: not hall.tg.faults.limit_overall, "the faults are off")

    await room.get_by_role("tab", name="Jam").click()
    await room.get_by_label("hari", exact=True).fill("7")
    await room.get_by_label("menit", exact=True).fill("-5")
    await room.get_by_role("button", name="Pindahkan jam").click()
    seconds = 7 * 86400 - 300
    await hall.tg.until(lambda: hall.tg.world.clock_offset.total_seconds() == seconds, "the clock is moved")

    await room.get_by_role("tab", name="Orang").click()
    await room.get_by_label("Nama depan").fill("Dewi")
    await room.get_by_role("button", name="Tambah orang").click()
    await hall.tg.until(
        lambda: "Dewi" in [one.name for one in hall.tg.world.people.values()], "Dewi is there"
    )
    assert await sideways(page) == []


async def test_engineers_trace_a_message(open_page: Open) -> None:
    page = await open_page()
    await start(page)
    await tool(page, "Ruang teknisi")
    await page.locator(".msg.out .bubble").click()
    room = page.get_by_role("complementary", name="Ruang teknisi")
    await expect(room.locator(".raw")).to_contain_text('"text": "/start undangan-7"')

    await page.locator(".msg.in .bubble").click(position={"x": 5, "y": 5})
    await room.locator("details", has_text="sendMessage").click()
    await expect(room.locator("details pre")).to_contain_text("Selamat datang.")

    # The room covers none of the tools above the phones.
    await page.get_by_role("button", name="Dua ponsel berdampingan").click()
    await expect(page.locator(".pane")).to_have_count(2)


async def test_a_crowd_is_brought_in_and_sent_away(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await tool(page, "Ruang teknisi")
    await page.get_by_role("tab", name="Beban").click()
    await page.get_by_label("Tindakan per detik").fill("100")
    await page.get_by_role("button", name="Datangkan 50 orang").click()

    await expect(page.get_by_text("Berjalan. 50 dari 50 peserta tiruan")).to_be_visible()
    await page.get_by_role("button", name="Hentikan").click()
    await expect(page.get_by_text("Tidak berjalan. 50 dari 50")).to_be_visible()
    assert len(await page.locator(".rail-item").all()) == 4


async def test_everything_can_be_done_with_the_keyboard(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    start_button = page.get_by_role("button", name="MULAI", exact=True)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await start_button.evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(shown(page, "Selamat datang.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Tulis pesan")).to_be_focused()

    await page.keyboard.type("/a")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(shown(page, "Acara: pembukaan")).to_be_visible()

    await page.keyboard.press("Alt+Digit2")
    await expect(page.get_by_role("region", name="Ponsel Budi Santoso")).to_be_visible()


LONG_WORD = "Penyelenggaraan" * 40
HOSTILE = (
    "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">",
    LONG_WORD,
    "مرحبا بكم في الاجتماع 👩🏽‍⚖️ " * 6,
    "👨‍👩‍👧‍👦" * 60,
    "https://example.org/" + "a" * 400,
)


def crowd(hall: Hall) -> list[PersonDriver]:
    return [
        hall.tg.person("<b>Eka</b><script>document.title='x'</script>", role_label="<i>Peserta</i>"),
        hall.tg.person("Kusumaningrat" * 4, "Notonegoro" * 6, role_label="Peserta dari partai politik " * 3),
        hall.tg.person("محمد عبد الرحمن", "الفلمباني", role_label="مراقب"),
        hall.tg.person("👩🏽‍⚖️", role_label="👨‍👩‍👧‍👦"),
    ]


@pytest.mark.parametrize("size", [{"width": 320, "height": 600}, DESKTOP], ids=["small", "desktop"])
async def test_hostile_names_and_texts_stay_text_and_inside(
    open_page: Open, hall: Hall, size: dict[str, int]
) -> None:
    odd = crowd(hall)
    group = hall.tg.group("Grup " + "panjang" * 20, odd)
    for person in odd:
        for text in HOSTILE:
            people.say(hall.tg.world, person.id, group.chat.id, text)
    for text in HOSTILE:
        await odd[1].says(text)
        await odd[1].sees("Anda menulis")
    page = await open_page(f"/?as={odd[1].id}", viewport=size)
    title = await page.title()
    await expect(page.locator(".msg.out")).to_have_count(len(HOSTILE))
    assert await page.locator(".msg.out .text").all_inner_texts() == [text.strip() for text in HOSTILE]
    assert await sideways(page) == []

    await page.locator(".person-button:visible, .rail").first.click()
    assert await sideways(page) == []
    await page.keyboard.press("Escape")
    await page.goto(f"/?as={odd[2].id}")
    await page.locator(".composer button:visible").first.wait_for()
    back = page.locator(".back")
    if await back.is_visible():
        await back.click()
    await page.locator(".chat").last.click()
    await expect(page.locator(".msg .text")).to_have_count(len(odd) * len(HOSTILE))
    assert await sideways(page) == []
    assert await page.title() == title
    assert await page.locator(".messages script, .messages img").count() == 0


async def test_a_crowd_writing_at_once_arrives_in_order(open_page: Open, hall: Hall) -> None:
    page = await open_page()
    await start(page)

    await asyncio.gather(*(hall.bot.send_message(hall.ani.id, f"pesan {number}") for number in range(60)))

    await expect(page.locator(".msg.in")).to_have_count(61)
    numbers = await page.locator(".msg").evaluate_all("items => items.map((item) => Number(item.dataset.id))")
    assert numbers == sorted(numbers)
    await expect(page.locator(".msg.in").last).to_be_in_viewport()


async def test_the_browser_asks_for_the_page_s_files_anew(open_page: Open) -> None:
    page = await open_page()
    headers = await page.evaluate(
        """() => Promise.all(['app.js', 'base.css'].map(
          async (name) => (await fetch(`/sim/static/${name}`, { cache: 'reload' })).headers.get('cache-control')))"""
    )
    assert headers == ["no-cache", "no-cache"]
