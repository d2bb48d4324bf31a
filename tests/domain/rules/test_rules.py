"""The cards and what a file of them can get wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.rules.rules import (
    BadRules,
    Basis,
    Card,
    Offset,
    Reason,
    Rulebook,
    folder,
    load,
    read_as,
    rulebook,
)

BOOK = rulebook()


def card(card_id: str) -> Card:
    found = BOOK.card(card_id)
    assert found is not None
    return found


def test_all_cards_are_there_with_their_standing() -> None:
    assert len(BOOK.cards) == 60
    assert Counter(entry.confidence for entry in BOOK.cards) == {"high": 48, "medium": 12}
    assert sum(entry.sanction_review for entry in BOOK.cards) == 16
    assert Counter(entry.validity for entry in BOOK.cards) == {"in-force": 57, "amended": 2, "revoked": 1}
    assert sum(map(bool, (entry.reasons for entry in BOOK.cards))) == 26
    assert {entry.checked for entry in BOOK.cards} == {date(2026, 11, 24)}
    assert sum(len(entry.legal_basis) for entry in BOOK.cards) == 114
    assert sum(len(entry.sources) for entry in BOOK.cards) == 198
    assert sum(len(entry.offsets) for entry in BOOK.cards) == 121


def test_a_card_holds_what_its_file_says() -> None:
    mutasi = card("mutasi-pejabat-6-bulan")

    assert mutasi.title["id"] == "Mutasi pejabat dilarang sejak 22 Maret 2024 tanpa izin Mendagri"
    assert mutasi.sectors == ("pemda", "asn", "bawaslu")
    assert mutasi.legal_basis == (
        Basis("UU 10/2016", "Pasal 71 ayat (2), (4), (5), (6)", "larangan, berlaku bagi penjabat, sanksi"),
        Basis("UU 10/2016", "Pasal 162 ayat (3)", "6 bulan setelah pelantikan"),
        Basis("SE Mendagri 100.2.1.3/1575/SJ", None, "29 Maret 2024"),
    )
    assert (mutasi.stage, mutasi.offsets) == (
        "masa-larangan-pasal-71",
        (Offset("start", -30), Offset("start", -7), Offset("start", 0)),
    )


def test_drafts_are_those_of_medium_confidence_and_those_whose_penalty_may_have_changed() -> None:
    assert card("asn-netral-uu-20-2023").reasons == ()
    assert card("psu-syarat").reasons == (Reason.CONFIDENCE,)
    assert card("mahar-politik").reasons == (Reason.SANCTION,)
    assert card("anak-tidak-dilibatkan").reasons == (Reason.CONFIDENCE, Reason.SANCTION)


def test_every_card_is_for_a_topic_and_no_doubt_is_lost() -> None:
    assert {entry.id for topic in BOOK.topics for entry in BOOK.of_topic(topic.id)} == {
        entry.id for entry in BOOK.cards
    }
    assert [doubt.about["en"] for doubt in BOOK.doubts_about(card("polri-netral"))] == [
        "UU 1/2026 (Penyesuaian Pidana) and the new Criminal Code, in force since 2 January 2026",
        "Vote of soldiers",
    ]


def test_a_sector_sees_its_own_cards_those_it_stands_for_and_those_for_everybody() -> None:
    asn = {entry.id for entry in BOOK.of_sector("asn")}
    assert {"asn-medsos-skb-2022", "petahana-cuti-kampanye", "masa-tenang-larangan"} <= asn
    assert "tni-netral" not in asn
    assert BOOK.of_sector("karang-taruna") == BOOK.of_sector("masyarakat")


def test_a_wording_has_a_digest_that_keywords_do_not_change() -> None:
    one = card("tni-netral")

    assert replace(one, keywords="other").digest == one.digest
    assert replace(one, title={**one.title, "id": "Lain"}).digest != one.digest
    assert BOOK.by_code(one.code) is one


def test_a_code_is_short_enough_for_a_list_of_them_in_a_button() -> None:
    assert {len(entry.code) for entry in BOOK.cards} == {4}
    assert len({entry.code for entry in BOOK.cards}) == len(BOOK.cards)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topics": ("olahraga",)}, "topics: olahraga is not in topics.yaml"),
        ({"sectors": ()}, "sectors is empty"),
        ({"title": {"id": "Judul"}}, "title needs a text in each of id, en"),
        ({"legal_basis": ()}, "a rule has a legal basis"),
        ({"sources": ("a book",)}, "sources are addresses"),
        ({"remind": ("start-seven",)}, "remind: start-seven"),
        ({"stage": None}, "remind counts from the days of a stage"),
        ({"validity": "revoked"}, "superseded_by belongs to"),
        ({"id": "Tni Netral"}, "an id is small letters"),
    ],
)
def test_a_card_that_cannot_be_used_is_named_with_the_reason(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRules, match=f"card .*{said}"):
        Rulebook([replace(card("tni-netral"), **change)], BOOK.topics, BOOK.sectors, [])


def test_an_id_stands_once() -> None:
    with pytest.raises(BadRules, match="card tni-netral is used twice"):
        Rulebook([card("tni-netral")] * 2, BOOK.topics, BOOK.sectors, [])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("confidence: high", "confidence: sure", r"netralitas\.yaml: 0\.confidence"),
        ("  sectors:", "  sector:", r"netralitas\.yaml: 0\."),
        ("- id: asn-netral", "- id: [asn", r"netralitas\.yaml: "),
    ],
)
def test_a_slip_in_a_file_is_named_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    shutil.copytree(folder(), tmp_path / "rules")
    path = tmp_path / "rules" / "cards" / "netralitas.yaml"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")

    with pytest.raises(BadRules, match=said):
        load(tmp_path / "rules")


def test_what_is_no_list_of_cards_is_refused() -> None:
    with pytest.raises(BadRules, match="here: "):
        read_as(Card, {"id": "x"}, "here")
