"""Polls: who may run and answer them, what a tap does, and that few people's answers are in no figure."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement.agreement import Group
from bot.domain.errors import MeetingClosed, NotAllowed, NotFound, NotRegistered, PollClosed
from bot.domain.meeting import meetings
from bot.domain.polls import polls
from bot.domain.polls.polls import Draft, Results, Tally
from bot.storage import meetings as stored_meetings
from bot.storage import polls as stored
from bot.storage.database import Database
from bot.storage.polls import CLOSED, DRAFT, ONE, OPEN, QUIZ, RANKING, SCALE, SEVERAL, Answer, Poll
from tests.domain.dialogue.small_dialogue import ANI, BUDI, CITRA, DEWI, NOW, Dialogue


def a_poll(kind: str, options: int = 3, **changed: Any) -> Poll:
    texts = tuple(f"Pilihan {number}" for number in range(1, options + 1))
    values: dict[str, Any] = {
        "id": 1,
        "meeting_id": 2,
        "number": 1,
        "kind": kind,
        "question": "Apa?",
        "slug": "jajak-1",
        "options": texts,
        "right_option": None,
        "explanation": "",
        "hidden": False,
        "state": OPEN,
    }
    return Poll(**(values | changed))


async def asked(database: Database, dialogue: Dialogue, kind: str = ONE, *, opened: bool = True) -> Poll:
    draft = Draft(kind, "Kapan masa tenang?", ("23 November", "24 November", "25 November"))
    poll = await database.write(lambda tx: polls.create(tx, dialogue.meeting_id, BUDI, draft, NOW))
    if not opened:
        return poll
    switched = await database.write(lambda tx: polls.switch(tx, poll.id, OPEN, BUDI, NOW))
    return switched.poll


async def chooses(database: Database, poll: Poll, person_id: int, option: int) -> polls.Vote:
    return await database.write(lambda tx: polls.choose(tx, poll.id, person_id, option))


async def test_only_the_office_writes_opens_and_removes(database: Database, dialogue: Dialogue) -> None:
    poll = await asked(database, dialogue, opened=False)
    draft = Draft(ONE, "Apa?", ("a", "b"))

    async def writes(person_id: int) -> None:
        await database.write(lambda tx: polls.create(tx, dialogue.meeting_id, person_id, draft, NOW))

    async def opens(person_id: int) -> None:
        await database.write(lambda tx: polls.switch(tx, poll.id, OPEN, person_id, NOW))

    async def removes(person_id: int) -> None:
        await database.write(lambda tx: polls.remove(tx, poll.id, person_id, NOW))

    for stranger in (ANI, CITRA):
        for act in (writes, opens, removes):
            with pytest.raises(NotAllowed):
                await act(stranger)

    assert await database.read(lambda tx: stored.of_meeting(tx, dialogue.meeting_id)) == [poll]


async def test_a_draft_asks_nobody_and_a_closed_poll_takes_nothing(
    database: Database, dialogue: Dialogue
) -> None:
    poll = await asked(database, dialogue, opened=False)
    with pytest.raises(NotFound):
        await chooses(database, poll, ANI, 0)

    await database.write(lambda tx: polls.switch(tx, poll.id, OPEN, BUDI, NOW))
    await chooses(database, poll, ANI, 1)
    await database.write(lambda tx: polls.switch(tx, poll.id, CLOSED, DEWI, NOW))
    with pytest.raises(PollClosed):
        await chooses(database, poll, ANI, 0)

    kept = await database.read(lambda tx: polls.vote(tx, poll.id, ANI))
    assert (kept.chosen, kept.poll.state) == ((1,), CLOSED)


async def test_strangers_and_made_up_options_are_refused(database: Database, dialogue: Dialogue) -> None:
    poll = await asked(database, dialogue)
    with pytest.raises(NotRegistered):
        await chooses(database, poll, CITRA, 0)
    with pytest.raises(NotFound):
        await chooses(database, poll, ANI, 3)


async def test_many_taps_leave_one_answer(database: Database, dialogue: Dialogue) -> None:
    poll = await asked(database, dialogue)

    await asyncio.gather(*(chooses(database, poll, ANI, option) for option in (0, 1, 2, 1, 1)))

    answers = await database.read(lambda tx: stored.answers(tx, poll.id))
    assert [len(answer.chosen) for answer in answers] == [1]


async def test_numbers_count_up_even_when_two_are_written_at_once(
    database: Database, dialogue: Dialogue
) -> None:
    made = await asyncio.gather(*(asked(database, dialogue, opened=False) for _ in range(4)))

    assert sorted(poll.number for poll in made) == [1, 2, 3, 4]


async def test_a_meeting_that_is_over_ends_its_polls(database: Database, dialogue: Dialogue) -> None:
    poll = await asked(database, dialogue)
    draft = await asked(database, dialogue, opened=False)
    await database.write(lambda tx: meetings.move(tx, dialogue.meeting_id, "closed", DEWI, NOW))

    states = {
        item.id: item.state
        for item in await database.read(lambda tx: stored.of_meeting(tx, dialogue.meeting_id))
    }
    assert states == {poll.id: CLOSED, draft.id: DRAFT}
    with pytest.raises(MeetingClosed):
        await database.write(lambda tx: polls.switch(tx, draft.id, OPEN, BUDI, NOW))


async def test_a_removed_poll_takes_its_answers_with_it(database: Database, dialogue: Dialogue) -> None:
    poll = await asked(database, dialogue)
    await chooses(database, poll, ANI, 0)

    await database.write(lambda tx: polls.remove(tx, poll.id, DEWI, NOW))

    assert await database.read(lambda tx: tx.value("SELECT COUNT(*) FROM poll_answers")) == 0
    with pytest.raises(NotFound):
        await chooses(database, poll, ANI, 0)


async def test_results_of_a_sector_with_few_people_stay_unseen(
    database: Database, dialogue: Dialogue
) -> None:
    poll = await asked(database, dialogue)
    await chooses(database, poll, ANI, 0)
    meeting = await database.read(lambda tx: stored_meetings.find(tx, dialogue.meeting_id))
    assert meeting is not None

    found = await database.read(lambda tx: polls.results(tx, poll, meeting))

    assert found == Results((), Tally(0, (0, 0, 0)), 1, 3)


@pytest.mark.parametrize(
    ("kind", "taps", "chosen"),
    [
        (ONE, (0, 2), (2,)),
        (QUIZ, (1, 1), (1,)),
        (SCALE, (4, 0), (0,)),
        (SEVERAL, (2, 0), (0, 2)),
        (SEVERAL, (2, 0, 2), (0,)),
        (RANKING, (2, 0, 2, 1), (2, 0, 1)),
    ],
)
def test_what_taps_choose(kind: str, taps: tuple[int, ...], chosen: tuple[int, ...]) -> None:
    now: tuple[int, ...] = ()
    for option in taps:
        now = polls.after_tap(kind, now, option)
    assert now == chosen


def test_a_ranking_counts_when_it_is_whole_and_orders_by_average_place() -> None:
    answers = [Answer("asn", (0, 1, 2)), Answer("asn", (2, 0, 1)), Answer("asn", (2, 0))]

    assert polls.tally(a_poll(RANKING), answers) == Tally(2, (1, 0, 1), (1.5, 2.5, 2.0))


def test_the_mean_of_a_scale_counts_from_one() -> None:
    counted = polls.tally(a_poll(SCALE, 5), [Answer("asn", (0,)), Answer("asn", (4,)), Answer("kpu", (4,))])

    assert (counted.people, counted.mean) == (3, 11 / 3)
    assert Tally(0, (0,) * 5).mean is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a\nb", ["a", "b"]),
        (" - Ya \n\n• Tidak\n", ["Ya", "Tidak"]),
        ("", []),
        ("3 hari\n7 hari", ["3 hari", "7 hari"]),
    ],
)
def test_options_are_written_one_a_line(text: str, options: list[str]) -> None:
    assert polls.lines_of(text) == options


SECTORS = ("asn", "kpu", "tni", "polri")
ANSWERS = st.lists(st.tuples(st.sampled_from(SECTORS), st.integers(0, 2)), max_size=40)


@given(ANSWERS, st.integers(2, 5))
def test_no_figure_holds_the_answers_of_few(given_answers: list[tuple[str, int]], smallest: int) -> None:
    answers = [Answer(sector, (option,)) for sector, option in given_answers]
    groups = [Group(code, (code,), ({"id": code},)) for code in SECTORS]

    found = polls.tallied(a_poll(ONE), answers, groups, smallest)

    assert all(counted.people >= smallest for _, counted in found.groups)
    assert found.total.people == sum(counted.people for _, counted in found.groups)
    assert found.total.counts == tuple(
        sum(counted.counts[option] for _, counted in found.groups) for option in range(3)
    )
    assert found.total.people + found.left_out == len(answers)
