"""What becomes of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forms.questions import matching, phone_number
from bot.domain.language.texts import clean, clean_lines, clip, has_letter, is_blank, utf16_length


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ani \n\t Wijaya ", "Ani Wijaya"),
        ("Ani\u202egnp.exe", "Anignp.exe"),
        ("محمد علي", "محمد علي"),
        ("Cafe\u0301", "Café"),
        ("e\x00\u0301", "é"),
        ("Ani\ud800", "Ani"),
        ("👩‍⚖️ Ani", "👩‍⚖️ Ani"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_one_line_is_cleaned_and_otherwise_kept_as_written(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_lines_are_kept_with_at_most_one_empty_line_between() -> None:
    assert clean_lines("\n  one \r\n\n\n\n two\u2028three  \n\n") == "one\n\ntwo\nthree"


@pytest.mark.parametrize("text", ["", " ", "\u3164", "\u2800\u200d", "\ufe0f"])
def test_text_without_a_visible_sign_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "。", "🙏", "😀\u200d", "مرحبا"])
def test_text_with_a_visible_sign_is_not(text: str) -> None:
    assert not is_blank(text)


def test_a_name_has_letters_of_any_script() -> None:
    assert [has_letter(text) for text in ("Ani", "محمد", "王", "🙏", "12", "\u3164")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_is_storable(text: str) -> None:
    for function in (clean, clean_lines):
        once = function(text)
        assert function(once) == once
        once.encode()
        assert "\x00" not in once


@given(st.text(), st.integers(1, 20))
def test_a_clipped_text_fits_as_telegram_counts(text: str, limit: int) -> None:
    assert utf16_length(clip(text, limit)) <= limit


def test_a_clipped_text_ends_with_an_ellipsis_only_where_it_was_cut() -> None:
    assert (clip("abc", 3), clip("abcd", 3), clip("😀😀", 3)) == ("abc", "ab…", "😀…")


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("628123456789", "+628123456789"),
        ("(0711) 354 321", "+62711354321"),
        ("+65 9123 4567", "+6591234567"),
        ("12345", None),
        ("0812345678901234567", None),
        ("call me", None),
        ("٠٨١٢٣٤٥٦٧٨٩", None),
        ("", None),
    ],
)
def test_phone_numbers_are_kept_in_international_form(typed: str, phone: str | None) -> None:
    assert phone_number(typed) == phone


def test_a_typed_label_counts_whatever_its_case_and_spacing() -> None:
    labels = [("tni", "TNI"), ("media", "Media massa"), ("media", "The press")]

    assert [matching(text, labels) for text in (" tni", "media  MASSA", "the press", "polri")] == [
        "tni",
        "media",
        "media",
        None,
    ]


def test_a_part_of_a_label_is_enough_where_it_can_mean_one_answer_only() -> None:
    labels = [
        ("asn", "ASN/Pemda"),
        ("police", "Polisi (Polri)"),
        ("police", "Police (Polri)"),
        ("city", "Kota/Pemda"),
    ]

    assert [matching(text, labels) for text in ("asn", "polri", "Police", "pemda", "", "as")] == [
        "asn",
        "police",
        "police",
        None,
        None,
        None,
    ]
