"""Every card, list and stage fits into a message and its buttons, in each language."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest

from bot.domain.language.texts import utf16_length
from bot.domain.rules import search, stages
from bot.domain.rules.office_rules import OfficeRules
from bot.domain.rules.rules import Card, rulebook
from bot.domain.rules.stages import Stage
from bot.i18n import LOCALES, translator
from handlers.rules import rule_views as views
from handlers.rules.rule_setting import Setting, cards_of, reference_to
from handlers.taps import LIMIT, tap

TEXT_LIMIT = 4096
"""Characters of a message after its entities are parsed: Bot API, sendMessage."""
DAY = date(2026, 11, 24)
BOOK, CALENDAR = rulebook(), stages.calendar()
SETTING = Setting(None, "", None, DAY, OfficeRules(BOOK, {}), CALENDAR)


def shown(text: str) -> int:
    return utf16_length(html.unescape(re.sub(r"<[^>]+>", "", text)))


def stage(stage_id: str) -> Stage:
    found = CALENDAR.stage(stage_id)
    assert found is not None
    return found


def card(card_id: str) -> Card:
    found = BOOK.card(card_id)
    assert found is not None
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_card_fits_into_a_message(locale: str) -> None:
    t = translator(locale)
    for one in BOOK.cards:
        whole = views.card(t, one, BOOK, CALENDAR, DAY, None, "Asia/Jakarta")
        doubts = views.for_organisers(t, one, BOOK.doubts_about(one))
        assert shown(whole) + shown(doubts) + 2 <= TEXT_LIMIT, one.id
        assert shown(views.short(t, one, is_draft=True)) <= TEXT_LIMIT, one.id


def test_every_button_fits() -> None:
    longest = max(BOOK.topics, key=lambda topic: len(topic.id))
    for reference in (reference_to(BOOK.cards[:8]), f"t.{longest.id}", "n.masyarakat"):
        button = tap("x", "rule-withdraw", BOOK.cards[0].code, reference)
        assert len((button.data or "").encode()) <= LIMIT


def test_a_list_comes_back_from_its_reference() -> None:
    hits = [hit.card for hit in search.index().search("boleh tidak ASN like postingan paslon?")]

    assert cards_of(reference_to(hits), SETTING) == hits
    assert cards_of("t.kampanye", SETTING) == BOOK.of_topic("kampanye")
    assert cards_of("s.tni", SETTING) == BOOK.of_sector("tni")
    assert cards_of("n.tni", SETTING) == []
    assert cards_of("q.zzzz", SETTING) == []


def test_the_standing_of_a_card_comes_first() -> None:
    t = translator("en")

    def standing(card_id: str, approved_at: datetime | None = None) -> str:
        return views.card(t, card(card_id), BOOK, CALENDAR, DAY, approved_at, "Asia/Jakarta").split("\n\n")[1]

    assert standing("asn-uu-5-2014-dicabut") == "🚫 No longer in force. See: UU 20/2023"
    assert standing("perbawaslu-8-2020-diubah").startswith("✏️ In force as amended. See: Perbawaslu 9/2024")
    assert standing("anak-tidak-dilibatkan") == (
        "⚠️ <b>Not yet confirmed.</b> It rests on one source, an older election, or a part that could not be read."
        " Its penalty may have changed with UU 1/2026, in force since 2 January 2026."
    )
    # An evening in UTC is the next morning in Palembang.
    approved = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert standing("anak-tidak-dilibatkan", approved) == (
        "✅ Confirmed by the office on Wednesday, 25 November 2026."
    )


@pytest.mark.parametrize(
    ("stage_id", "line"),
    [
        ("kampanye", "Pelaksanaan kampanye: 25 September – 23 November 2024"),
        ("pemungutan-suara", "Pelaksanaan pemungutan suara: 27 November 2024"),
        (
            "penyampaian-lpsdk",
            (
                "Batas penyampaian Laporan Penerimaan Sumbangan Dana Kampanye (LPSDK): paling lambat 24 Oktober 2024"
                " (⚠️ tanggal belum dikonfirmasi)"
            ),
        ),
        (
            "masa-larangan-pasal-71",
            "Masa larangan penggantian pejabat dan pemanfaatan program (Pasal 71): mulai 22 Maret 2024",
        ),
        (
            "penyelesaian-sengketa-hasil",
            (
                "Penyelesaian pelanggaran dan sengketa hasil pemilihan: Mengikuti jadwal penyelesaian sengketa di"
                " Mahkamah Konstitusi."
            ),
        ),
    ],
)
def test_days_of_a_stage(stage_id: str, line: str) -> None:
    assert views.stage_line(translator("id"), stage(stage_id)) == line


def test_a_span_over_new_year_names_both_years() -> None:
    assert (
        views.span(translator("en"), date(2024, 12, 30), date(2025, 1, 2))
        == "30 December 2024 – 2 January 2025"
    )


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2024, 11, 26), "🗳 1 day to voting day, 27 November 2024"),
        (date(2024, 11, 25), "🗳 2 days to voting day, 27 November 2024"),
        (date(2024, 11, 27), "🗳 Today is voting day."),
        (date(2024, 12, 25), "<b>On today, Wednesday, 25 December 2024</b>"),
    ],
)
def test_today(day: date, line: str) -> None:
    assert views.today(translator("en"), CALENDAR, day).splitlines()[0] == line
