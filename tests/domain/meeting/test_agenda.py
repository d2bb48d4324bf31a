"""Where an agenda stands: borders, gaps, overlaps, and what must hold for any agenda at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting.agenda import Phase, Stage, Standing, standing
from bot.storage.meetings import AgendaItem

EIGHT = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def item(slug: str, start: float, end: float) -> AgendaItem:
    return AgendaItem(1, slug, at(start), at(end), {"id": slug}, "", {})


OPENING, SPEECH, DIALOGUE = item("opening", 0, 30), item("speech", 30, 60), item("dialogue", 75, 120)
AGENDA = [SPEECH, DIALOGUE, OPENING]


def phases(found: Standing) -> dict[str, Phase]:
    return {item.slug: phase for item, phase in found.items}


def test_before_the_first_item() -> None:
    found = standing(AGENDA, at(-1))

    assert found.stage is Stage.BEFORE
    assert phases(found) == {"opening": Phase.NEXT, "speech": Phase.LATER, "dialogue": Phase.LATER}
    assert found.minutes_to(OPENING.starts_at) == 1


def test_an_item_is_on_from_its_first_instant_until_just_before_its_end() -> None:
    assert standing(AGENDA, at(0)).running == [OPENING]
    assert standing(AGENDA, at(30) - timedelta(microseconds=1)).running == [OPENING]
    assert standing(AGENDA, at(30)).running == [SPEECH]


def test_a_gap_between_items_is_a_pause() -> None:
    found = standing(AGENDA, at(60))

    assert (found.stage, found.running, found.upcoming) == (Stage.PAUSE, [], [DIALOGUE])
    assert found.minutes_to(DIALOGUE.starts_at) == 15


def test_at_the_end_of_the_last_item_all_is_over() -> None:
    found = standing(AGENDA, at(120))

    assert found.stage is Stage.AFTER
    assert set(phases(found).values()) == {Phase.PAST}


def test_overlapping_items_are_on_together() -> None:
    found = standing(
        [item("hall", 0, 60), item("room", 30, 45), item("tea", 60, 70), item("talk", 60, 90)], at(30)
    )

    assert [item.slug for item in found.running] == ["hall", "room"]
    assert [item.slug for item in found.upcoming] == ["tea", "talk"]


def test_an_item_that_passes_midnight_is_on_after_it() -> None:
    night = item("night", 15 * 60, 18 * 60)  # 23.00 to 02.00 in Jakarta

    assert standing([night], at(17 * 60)).running == [night]


def test_an_empty_agenda_is_unknown() -> None:
    assert standing([], at(0)) == Standing(Stage.UNKNOWN, (), at(0))


def test_begun_minutes_count_whole_and_there_are_no_negative_ones() -> None:
    found = standing(AGENDA, at(29.5))

    assert found.minutes_to(OPENING.ends_at) == 1
    assert found.minutes_to(at(29.5)) == 0
    assert found.minutes_to(at(0)) == 0
    assert found.minutes_to(at(89.5)) == 60


items = st.builds(
    lambda number, start, length: item(f"item-{number}", start, start + length),
    st.integers(0, 99),
    st.integers(-3000, 3000),
    st.integers(1, 2000),
)
agendas = st.lists(items, max_size=8, unique_by=lambda item: item.slug)
moments = st.integers(-6000, 6000).map(at)


@given(agendas, moments)
def test_phases_follow_from_the_times_alone(agenda: list[AgendaItem], now: datetime) -> None:
    found = standing(agenda, now)

    assert sorted(item.slug for item, _ in found.items) == sorted(item.slug for item in agenda)
    for item, phase in found.items:
        assert (phase is Phase.PAST) == (item.ends_at <= now)
        assert (phase is Phase.NOW) == (item.starts_at <= now < item.ends_at)
    coming = [item for item in agenda if item.starts_at > now]
    first = min((item.starts_at for item in coming), default=None)
    assert {item.slug for item in found.upcoming} == {item.slug for item in coming if item.starts_at == first}


@given(agendas, moments, st.integers(0, 5000))
def test_time_only_moves_items_forward(agenda: list[AgendaItem], now: datetime, later: int) -> None:
    order = [Phase.LATER, Phase.NEXT, Phase.NOW, Phase.PAST]
    before = phases(standing(agenda, now))
    after = phases(standing(agenda, now + timedelta(minutes=later)))

    assert all(order.index(before[slug]) <= order.index(after[slug]) for slug in before)


@given(agendas, moments)
def test_the_stage_says_what_the_phases_say(agenda: list[AgendaItem], now: datetime) -> None:
    found = standing(agenda, now)
    expected = {
        Stage.UNKNOWN: not agenda,
        Stage.ON: bool(found.running),
        Stage.PAUSE: bool(
            not found.running and found.upcoming and any(item.ends_at <= now for item in agenda)
        ),
        Stage.BEFORE: bool(agenda) and all(item.starts_at > now for item in agenda),
        Stage.AFTER: bool(agenda) and all(item.ends_at <= now for item in agenda),
    }

    assert [stage for stage, holds in expected.items() if holds] == [found.stage]


@given(agendas, moments, st.timedeltas(-timedelta(days=900), timedelta(days=900)))
def test_only_distances_matter(agenda: list[AgendaItem], now: datetime, by: timedelta) -> None:
    moved = [
        AgendaItem(1, known.slug, known.starts_at + by, known.ends_at + by, known.title, "", {})
        for known in agenda
    ]

    assert phases(standing(moved, now + by)) == phases(standing(agenda, now))
