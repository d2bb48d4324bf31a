"""/aturan over HTTP: by question, by topic, for one's own group; drafts; groups; links; inline mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.language.texts import clip
from bot.domain.rules import office_rules
from bot.domain.rules.rules import rulebook
from bot.storage import actions, rules
from bot.storage.database import Transaction
from handlers.rules.rule_views import LABEL
from simulator import inline
from simulator.driver import PersonDriver, Telegram
from simulator.model import InlineQuery
from tests.e2e.audience import bound_group, takes_part
from tests.e2e.conftest import Hall

LIKE = "boleh tidak ASN like postingan paslon?"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """With a bot that people can ask from any chat."""
    async with Telegram(inline=True) as tg:
        yield tg


def labels(rows: list[list[dict[str, str]]]) -> list[list[str]]:
    return [[button["text"] for button in row] for row in rows]


def at(hall: Hall, moment: datetime) -> None:
    hall.moves_clock(moment - hall.clock.now())


async def test_a_question_leads_to_its_card_and_from_card_to_card(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")

    await dodi.says(f"/aturan {LIKE}")
    found = await dodi.sees("Aturan yang cocok dengan")
    assert f"“{LIKE}”" in found.text
    await dodi.taps("1. ASN dan media sosial")

    card = await dodi.sees("ASN dilarang membuat unggahan, komentar")
    assert "SKB lima lembaga 2/2022: Menpan-RB" in card.text
    assert "Sanksi moral secara tertutup atau terbuka" in card.text
    assert "Dicocokkan dengan sumbernya pada Selasa, 24 November 2026." in card.text
    assert "1. medianuca.com, 2. kutai.inews.id" in card.text
    count = len(labels(found.rows)) - 1
    assert labels(card.rows)[0] == ["‹", f"1/{count}", "›"]
    await dodi.taps("›")
    await dodi.sees("Dicocokkan dengan sumbernya")
    await dodi.taps("‹")
    await dodi.sees("ASN dilarang membuat unggahan, komentar")
    await dodi.taps("‹ Daftar")
    assert "1. ASN dan media sosial" in (await dodi.sees("Hasil pertanyaan Anda")).text


async def test_when_nothing_fits_it_says_so_with_the_contact(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")

    await dodi.says("/aturan resep pempek <b>enak</b>")

    said = await dodi.sees("tidak menemukan aturan")
    assert "“resep pempek <b>enak</b>”" in said.text
    assert "Bawaslu Kota Palembang: " in said.text
    assert labels(said.rows) == [["‹ Topik"]]


async def test_topics_lists_and_pages(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="en")
    cards = rulebook().of_topic("kampanye")

    await ani.says("/rules")
    start = await ani.sees("Rules of the regional elections")
    assert f"Campaigning ({len(cards)})" in [label for row in labels(start.rows) for label in row]
    await ani.taps("Campaigning")
    first = await ani.sees("Rules about: Campaigning")
    await ani.taps("›")
    second = await ani.sees("9. ")

    titles = [label for page in (first, second) for row in labels(page.rows) for label in row]
    assert [title for title in titles if title.startswith(("1. ", "8. ", "9. "))] == [
        f"{place}. {clip(cards[place - 1].title['en'], LABEL)}" for place in (1, 8, 9)
    ]


async def test_after_the_calendar_it_is_history_and_in_its_days_it_leads(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn", "en")

    await ani.says("/rules")
    assert "is over: its last stage was on 20 February 2025" in (await ani.sees("Rules of the regional")).text
    await ani.taps("What concerns me now")
    everything = await ani.sees("Rules for: Civil service and local government")
    assert "shown for reference" in everything.text

    at(hall, datetime(2024, 11, 20, 2, 0, tzinfo=UTC))
    await ani.says("/rules")
    start = await ani.sees("7 days to voting day, 27 November 2024")
    assert "• Campaign: 25 September – 23 November 2024" in start.text
    await ani.taps("What concerns me now")
    now = await ani.sees("What concerns Civil service and local government now, Wednesday, 20 November 2024")
    assert now.text.splitlines()[2:5] == [
        "1. ⚠️ Where posters may not hang",
        "2. ⚠️ Moving your vote: 30 or 7 days before",
        "3. Regional social aid waits until after the vote",
    ]
    await ani.taps("‹ Topics")
    await ani.taps("Stages")
    stages = await ani.sees("7 days to voting day")
    assert "• Campaign: 25 September – 23 November 2024" in stages.text
    assert "▫️ Cooling-off days: 24 November – 26 November 2024" in stages.text
    await ani.taps("‹")
    earlier = await ani.sees("page 4 of 7")
    assert "▶️ Campaign: 25 September – 23 November 2024" in earlier.text
    await ani.taps("Today")
    await ani.sees("page 5 of 7")


async def test_who_is_not_registered_says_which_group_is_meant(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="en")

    await citra.says("/rules")
    await citra.taps("What concerns me now")
    await citra.sees("Which group do you belong to?")
    await citra.taps("Police (Polri)")

    listed = await citra.sees("Rules for: Police (Polri)")
    assert "Police are neutral and do not vote" in listed.text


async def test_a_draft_says_so_until_an_organiser_confirms_it(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")
    await dodi.says("/aturan serangan fajar")
    assert "⚠️ Memberi atau menjanjikan uang" in (await dodi.sees("Aturan yang cocok")).text
    await dodi.taps("1.")
    draft = await dodi.sees("Belum dikonfirmasi. Ancaman pidananya mungkin berubah")
    assert "Untuk panitia" not in draft.text
    assert "Konfirmasi" not in str(labels(draft.rows))

    await hall.budi.says("/aturan serangan fajar")
    await hall.budi.taps("1.")
    assert "Pidana minimum khusus di luar KUHP" in (await hall.budi.sees("Untuk panitia")).text
    await hall.budi.taps("Konfirmasi kartu ini")
    await hall.budi.sees("Dikonfirmasi oleh kantor pada")

    await dodi.says("/aturan serangan fajar")
    await dodi.sees("1. Memberi atau menjanjikan uang")
    await dodi.taps("1.")
    assert "Belum dikonfirmasi" not in (await dodi.sees("Dikonfirmasi oleh kantor pada")).text

    await hall.budi.taps("Batalkan konfirmasi")
    await hall.budi.sees("Belum dikonfirmasi")

    async def logged(tx: Transaction) -> list[str]:
        return [action.action for action in await actions.latest(tx, hall.office_id, 10)]

    assert [name for name in await hall.read(logged) if name.startswith("rule.")] == [
        "rule.withdrawn",
        "rule.approved",
    ]


async def test_nobody_else_confirms_a_card(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="en")
    await citra.says("/rules serangan fajar")
    await citra.taps("1.")
    await citra.sees("Not yet confirmed")
    card = rulebook().card("politik-uang-pemberi")
    assert card is not None

    citra.forges_callback(f"rule-approve:{card.code}:q.{card.code}")

    await citra.is_told("Only the committee of the office may do this.")

    async def approved(tx: Transaction) -> list[str]:
        return list((await office_rules.of_office(tx, hall.office_id)).approvals)

    assert await hall.read(approved) == []


@pytest.mark.parametrize(
    "data",
    [
        "rule:zzzz:t.kampanye",
        "rule",
        "rules-list:t.unknown:0",
        "rules-list:x:0",
        "rules-list:n.:0",
        "rule-approve",
    ],
)
async def test_forged_buttons_get_an_answer(hall: Hall, data: str) -> None:
    citra = hall.tg.person("Citra", language_code="en")
    await citra.says("/rules")
    await citra.sees("Rules of the regional elections")

    citra.forges_callback(data)

    await citra.is_told("no longer")


async def test_in_a_group_the_answer_is_short_and_leads_to_the_private_chat(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")
    group = await bound_group(hall, dodi)

    await group.says(dodi, "/aturan")
    await group.sees("Tanyakan aturan pilkada di grup ini")
    await group.says(dodi, "/aturan kades ikut kampanye")
    answer = await group.sees("Kepala desa dan perangkat desa dilarang ikut kampanye")
    assert "Sumber" not in answer.text
    [[more]] = answer.rows
    payload = more["url"].partition("?start=")[2]
    await group.says(dodi, "/aturan resep pempek")
    await group.sees("tidak menemukan aturan")

    await dodi.start(payload)
    await dodi.sees("radarutara.bacakoran.co")


async def asks(hall: Hall, person: PersonDriver, query: str) -> InlineQuery:
    asked = inline.ask(hall.tg.world, person.id, query, chat_type="group")
    await hall.tg.until(lambda: asked.results is not None, f"an answer to {query!r}")
    return asked


async def test_from_any_chat_a_card_is_found_and_shared(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")

    asked = await asks(hall, dodi, "netralitas polisi")

    assert asked.results is not None
    first = asked.results[0]
    assert first["title"] == "⚠️ Anggota Polri netral dan tidak memakai hak pilih"
    message = inline.choose(hall.tg.world, asked, first["id"], dodi.id)
    assert message.text.startswith("📘 Anggota Polri netral")
    assert "Belum dikonfirmasi." in message.text
    everybody = await asks(hall, dodi, "")
    assert everybody.results is not None
    assert [result["id"] for result in everybody.results] == [
        card.code for card in rulebook().cards if "semua" in card.sectors
    ]
    assert (await asks(hall, dodi, "resep pempek")).results == []
    [answer] = await hall.tg.called("answerInlineQuery", lambda call: call.params.get("button") is not None)
    assert answer.status == 200


async def test_a_card_put_into_the_bot_s_own_chat_answers_no_question(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")
    await dodi.says("halo")
    await dodi.sees("tidak ada pertanyaan yang terbuka")
    asked = await asks(hall, dodi, "netralitas polisi")
    assert asked.results is not None

    inline.choose(hall.tg.world, asked, asked.results[0]["id"], dodi.id)
    await dodi.says("terima kasih")

    await dodi.sees("tidak ada pertanyaan yang terbuka")
    assert len(dodi.inbox) == 2


async def test_the_share_button_asks_for_the_card_itself(hall: Hall) -> None:
    dodi = hall.tg.person("Dodi", language_code="id")
    await dodi.says(f"/aturan {LIKE}")
    await dodi.taps("1.")
    card = await dodi.sees("Dicocokkan")

    [share] = [button for row in card.rows for button in row if "switch_inline_query" in button]

    asked = await asks(hall, dodi, share["switch_inline_query"])
    assert asked.results is not None
    assert asked.results[0]["title"] == "ASN dan media sosial: jangan like, komentar, bagikan, ikut grup"


async def test_all_wordings_of_a_card_are_there_a_page_at_a_time(hall: Hall) -> None:
    card = next(card for card in rulebook().cards if card.id == "tni-netral")

    async def eleven(tx: Transaction) -> None:
        for number in range(11):
            now = hall.clock.now() + timedelta(minutes=number)
            await rules.keep(
                tx,
                hall.office_id,
                card.id,
                f"{number:012}",
                card.content,
                now,
                edited=True,
                author_id=hall.budi.id,
            )

    await hall.write(eleven)
    title = card.title["id"]
    await hall.budi.says(f"/aturan {title}")
    await hall.budi.taps(title[:20])
    await hall.budi.taps("🕓 Semua rumusan")
    first = await hall.budi.sees("Rumusan kartu ini")
    assert [line.split(".")[0] for line in first.text.splitlines()[2:]] == [str(n) for n in range(1, 9)]
    await hall.budi.taps("›", message=first)
    second = await hall.budi.sees("Rumusan kartu ini")
    assert [line.split(".")[0] for line in second.text.splitlines()[2:]] == ["9", "10", "11"]
    assert second.message.id == first.message.id
