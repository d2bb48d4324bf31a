"""Who is meant by a name that somebody types at the desk."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.people import names

HALL = (
    "H. Budi Santoso, S.H., M.H.",
    "Kompol Rahmat Hidayat, S.I.K.",
    "Letkol Inf. Agus Budiman",
    "Dr. Siti Nurhaliza, S. Sos., M. Si.",
    "M. Ali Akbar",
    "André Tanjung",
)


def found(query: str) -> list[str]:
    people = [(name, names.words(name)) for name in HALL]
    return (
        (names.beginning(query, people) or names.resembling(query, people)) if names.is_enough(query) else []
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Kompol Dr. H. Budi Santoso, S.H., M.Si.", ("budi", "santoso")),
        ("Siti Aminah S. Sos., M. Si.", ("siti", "aminah")),
        ("Letkol Inf. (Purn.) Agus Salim", ("agus", "salim")),
        ("BRIGJEN POL Drs. Joko Widodo SH MH", ("joko", "widodo")),
        ("M. Ali Akbar", ("m", "ali", "akbar")),
        ("M.Ali Akbar", ("m", "ali", "akbar")),
        ("Hajah", ("hajah",)),
        ("Nur'aini", ("nur", "aini")),
        ("…", ()),
    ],
)
def test_titles_and_ranks_are_no_part_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert names.words(name) == words


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("santoso BUDI", HALL[:1]),
        ("kompol rahmat", HALL[1:2]),
        ("Bpk. H. Budi", (HALL[0], HALL[2])),
        ("budiman", HALL[2:3]),
        ("andre", HALL[5:]),
        ("nurhaliza s.sos", HALL[3:4]),
        ("citra", ()),
        ("bu", ()),
        ("a b c", ()),
        ("", ()),
    ],
)
def test_a_search_takes_any_order_case_and_beginning(query: str, people: tuple[str, ...]) -> None:
    assert tuple(found(query)) == people


@pytest.mark.parametrize("query", ["rachmat", "rahmad", "rahmta", "rhmat", "rahmat hidayet"])
def test_a_letter_may_be_wrong_where_nobody_fits_exactly(query: str) -> None:
    assert found(query) == [HALL[1]]


def test_short_words_are_not_stretched() -> None:
    assert found("ani") == []


def test_a_whole_word_comes_before_a_beginning() -> None:
    assert names.beginning("budi", [("b", ("budiman",)), ("a", ("budi", "santoso"))]) == ["a", "b"]


LETTERS = st.sampled_from("abcdeé0ن")
WORDS = st.text(LETTERS, min_size=1, max_size=9)


@example("eé", 0, "a", "missing")
@given(WORDS, st.integers(0, 9), LETTERS, st.sampled_from(("other", "added", "missing", "swapped", "cut")))
def test_what_a_kept_name_is_searched_for_finds_every_word_that_is_near(
    word: str, place: int, letter: str, slip: str
) -> None:
    at = place % len(word)
    typed = {
        "other": word[:at] + letter + word[at + 1 :],
        "added": word[:at] + letter + word[at:],
        "missing": word[:at] + word[at + 1 :],
        "swapped": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        "cut": word[: at + 1],
    }[slip]
    name = f"first {word} last"
    near = names.resembling(typed, [("them", names.words(name))])
    kept = f"{names.searchable(name)} "
    assert not near or all(
        any(part in kept for part in names.fragments(wanted)) for wanted in names.words(typed)
    )


def test_the_same_name_in_another_dress() -> None:
    assert names.same_name("Santoso, Budi", "H. BUDI SANTOSO, S.H.")
    assert not names.same_name("Budi Santoso", "Budi")
