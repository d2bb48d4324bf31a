"""What is masked and what is flagged."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dialogue.word_filter import INSULT, MASKED, SARA, Screened, screen
from bot.domain.rules.rules import rulebook


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("WA saya 0812-3456-7890 ya", "WA saya 08••-••••-•••• ya"),
        ("NIK 1671051234567890.", "NIK ••••••••••••••••."),
        ("NIK 1671 0512 3456 7890", "NIK •••• •••• •••• ••••"),
        ("hubungi +62 812 3456 7890", "hubungi +6• ••• •••• ••••"),
        ("kantor (0711) 351 2345", "kantor (07••) ••• ••••"),
    ],
)
def test_numbers_that_belong_to_a_person_are_masked(text: str, kept: str) -> None:
    assert screen(text) == Screened(kept, (MASKED,))


@pytest.mark.parametrize(
    "text",
    [
        "UU 10/2016 Pasal 134 ayat (1)",
        "anggaran Rp 1.500.000.000 per tahun",
        "27-11-2024 pukul 08.00-16.00",
        "120.500 pemilih di 312 TPS",
        "Putusan 104/PUU-XXIII/2025",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert screen(text).text == text
    assert screen(text).flags == ()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Panitianya goblok", INSULT),
        ("dasar g0bl0k", INSULT),
        ("4NJING semua", INSULT),
        ("kegoblokan panitia", INSULT),
        ("jangan pilih orang cina", SARA),
        ("usir orang batak dari sini", SARA),
        ("haram memilih kristen", SARA),
    ],
)
def test_insults_and_what_turns_against_people_are_flagged(text: str, flag: str) -> None:
    assert screen(text).flags == (flag,)


def test_ordinary_sentences_are_not() -> None:
    sentences = yaml.safe_load(Path(__file__).with_name("report_sentences.yaml").read_text("utf-8"))
    texts = [text for part in sentences.values() for kind in part.values() for text in kind]
    texts += [card.summary["id"] + card.keywords for card in rulebook().cards]
    texts.append("Tokoh Islam dan Kristen bekerja sama")

    assert [text for text in texts if screen(text).flags] == []


@given(st.text(max_size=400))
def test_a_text_keeps_its_length_and_masking_twice_changes_nothing(text: str) -> None:
    once = screen(text)

    assert len(once.text) == len(text)
    assert screen(once.text).text == once.text
