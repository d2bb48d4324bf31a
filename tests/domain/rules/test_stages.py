"""The calendar of 2024: what is on, what comes next, and that it is over."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.domain.rules.rules import BadRules, Offset, folder, rulebook
from bot.domain.rules.stages import calendar, load, timely

CALENDAR = calendar()
FILE = folder() / "calendars" / "pilkada-2024.yaml"


def ids(day: date) -> list[str]:
    return [stage.id for stage in CALENDAR.on(day)]


def test_all_stages_are_there_with_their_standing() -> None:
    assert (CALENDAR.election, CALENDAR.voting_day) == ("pilkada-2024", date(2024, 11, 27))
    assert len(CALENDAR.stages) == 52
    assert Counter(stage.origin for stage in CALENDAR.stages) == {"annex": 20, "derived": 32}
    assert Counter(stage.confidence for stage in CALENDAR.stages) == {"high": 38, "medium": 13, "low": 1}


@pytest.mark.parametrize(
    ("stage_id", "start", "end"),
    [
        ("kampanye", date(2024, 9, 25), date(2024, 11, 23)),
        ("masa-tenang", date(2024, 11, 24), date(2024, 11, 26)),
        ("pemungutan-suara", date(2024, 11, 27), date(2024, 11, 27)),
        ("penyampaian-ladk", None, date(2024, 9, 24)),
        ("masa-larangan-pasal-71", date(2024, 3, 22), None),
        ("pembentukan-panwascam-ppl-ptps", None, None),
    ],
)
def test_days(stage_id: str, start: date | None, end: date | None) -> None:
    stage = CALENDAR.stage(stage_id)

    assert stage is not None
    assert (stage.start, stage.end) == (start, end)


def test_what_is_on() -> None:
    assert ids(date(2024, 11, 25)) == [
        "masa-tenang",
        "penundaan-bansos-apbd",
        "laporan-dana-ke-kap",
        "masa-larangan-pasal-71",
    ]
    assert "penyampaian-ladk" in ids(date(2024, 9, 24))
    assert "penyampaian-ladk" not in ids(date(2024, 9, 23))
    assert ids(date(2024, 1, 25)) == []


def test_before_it_begins_and_after_its_end() -> None:
    assert CALENDAR.first_day == date(2024, 1, 26)
    assert CALENDAR.last.id == "pelantikan-serentak"
    assert [CALENDAR.is_over(date(2025, 2, day)) for day in (20, 21)] == [False, True]
    assert ids(date(2026, 11, 24)) == []
    assert CALENDAR.upcoming(date(2026, 11, 24)) == []


def test_what_comes_next_soonest_first() -> None:
    assert [stage.id for stage in CALENDAR.upcoming(date(2024, 11, 23))][:3] == [
        "penyampaian-lppdk",
        "masa-tenang",
        "laporan-dana-ke-kap",
    ]
    assert [stage.id for stage in CALENDAR.upcoming(date(2024, 8, 1), {"kampanye", "coklit"})] == ["kampanye"]


def test_days_of_reminding() -> None:
    card = rulebook().card("kampanye-di-luar-jadwal")
    assert card is not None

    assert CALENDAR.reminders(card) == [date(2024, 9, 18), date(2024, 11, 22), date(2024, 11, 24)]
    assert CALENDAR.day_of("masa-larangan-pasal-71", Offset("end", 0)) is None
    assert CALENDAR.day_of("unknown", Offset("end", 0)) is None


def test_what_presses_comes_first_and_nothing_presses_once_it_is_over() -> None:
    cards = rulebook().of_sector("parpol")

    assert [card.id for card in timely(CALENDAR, cards, date(2024, 9, 23))][:3] == [
        "dana-kampanye-ladk",
        "bumn-bumd-netral",
        "kejaksaan-tunda-perkara-calon",
    ]
    assert timely(CALENDAR, cards, date(2026, 11, 24)) == []
    assert timely(CALENDAR, cards, date(2023, 1, 1)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("parent: kampanye", "parent: pesta", "there is no stage pesta"),
        ("start: 2024-09-25", "start: 2024-12-25", "kampanye ends before it begins"),
        ("- id: coklit", "- id: kampanye", "a stage stands twice"),
        ("- id: masa-tenang", "- id: hari-tenang", "there is no stage masa-tenang"),
        ("  end: 2024-09-24\n", "", "penyampaian-ladk lacks the day|neither a day nor a rule"),
        ("voting_day: 2024-11-27\n", "", "voting_day"),
        ("confidence: low", "confidence: none", "confidence"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = FILE.read_text("utf-8")
    assert before in text
    (tmp_path / FILE.name).write_text(text.replace(before, after, 1), "utf-8")

    with pytest.raises(BadRules, match=said):
        load(tmp_path / FILE.name, rulebook())
