"""The card that answers is found; what nobody can answer is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.search import DATA, ask
from bot.domain.rules.rules import BadRules, folder, rulebook
from bot.domain.rules.search import HITS_KEPT, Index, index
from bot.domain.rules.vocabulary import Vocabulary, load


def found(question: str) -> list[str]:
    return [hit.card.id for hit in index().search(question)]


def share(name: str, most: int) -> float:
    questions = [entry for entry in yaml.safe_load((DATA / name).read_text("utf-8")) if entry["card"]]
    results, _ = ask(questions, index())
    return sum(1 for result in results if result.place is not None and result.place <= most) / len(results)


def test_the_sixty_questions_that_came_first_find_their_cards() -> None:
    assert len(yaml.safe_load((DATA / "questions.yaml").read_text("utf-8"))) == 60
    assert share("questions.yaml", 1) >= 0.8
    assert share("questions.yaml", 3) >= 0.95


@pytest.mark.parametrize("name", ["questions-check.yaml", "questions-blind.yaml"])
def test_so_do_those_that_were_written_later(name: str) -> None:
    assert share(name, 1) >= 0.75
    assert share(name, 3) >= 0.9


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_card_is_found_by_its_title(locale: str) -> None:
    assert [card.id for card in rulebook().cards if card.id not in found(card.title[locale])[:2]] == []


@pytest.mark.parametrize(
    ("question", "card"),
    [
        ("netralitaas polsi", "polri-netral"),  # a letter too many, one too few
        ("KAMPNAYE DI MASJID", "kampanye-tempat-ibadah-sekolah"),  # two swapped
        ("kampanyeeee di   gereja???", "kampanye-tempat-ibadah-sekolah"),
        ("nyoblos pake hape", "bilik-suara-tanpa-ponsel"),
        ("pasal 187B", "mahar-politik"),
        ("Perbawaslu nomor 9 tahun 2024", "perbawaslu-8-2020-diubah"),
        ("Pasal 54D", "calon-tunggal-kotak-kosong"),
    ],
)
def test_slips_chat_spellings_and_articles(question: str, card: str) -> None:
    assert found(question)[0] == card


@pytest.mark.parametrize(
    "question", ["", "   ", "?!", "yang di ke dari", "resep pempek", "🙏🙏", "asdfghjkl"]
)
def test_what_says_nothing_finds_nothing(question: str) -> None:
    assert found(question) == []


def test_the_nearest_cards_are_not_called_an_answer() -> None:
    hits = index().search("jadwal liga champions malam ini")

    assert hits != []
    assert [hit.is_sure for hit in hits] == [False] * len(hits)


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    hits = index().search("kampanye", 3)

    assert len(hits) == 3
    assert sorted(hits, key=lambda hit: -hit.score) == hits
    assert min(hit.score for hit in hits) >= hits[0].score * HITS_KEPT


@given(st.text(max_size=600))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(question: str) -> None:
    for hit in index().search(question):
        assert 0 <= hit.fit <= 1 + 1e-9


@given(
    st.lists(
        st.sampled_from(["asn", "pns", "uang", "2024", "pasal", "71", "kampanyee", "nyoblos"]), max_size=80
    )
)
@settings(max_examples=100, deadline=None)
def test_nor_does_any_mixture_of_known_words(words: list[str]) -> None:
    for hit in index().search(" ".join(words)):
        assert 0 <= hit.fit <= 1 + 1e-9


def test_a_question_is_a_fit_only_by_its_words() -> None:
    bare = Index(rulebook(), Vocabulary({}, [], {}, []))

    assert bare.search("fulus") == []
    assert found("fulus") != []


def test_every_synonym_and_phrase_leads_somewhere() -> None:
    """A group of words of which the cards know none would be of no use."""
    vocabulary = load(folder() / "words.yaml")
    deaf = [group for group in vocabulary.synonyms if not any(found(word) for word in group)]
    assert deaf == []


def test_a_broken_file_of_words_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("phrases: {}\n", "utf-8")

    with pytest.raises(BadRules, match=r"words\.yaml"):
        load(tmp_path / "words.yaml")
