"""The limit of a second, against servers that count in either way; all in simulated time."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.budget import Budget
from bot.delivery.limits import Ticket
from tests.delivery.telegram_limits import (
    ANI,
    BOTH_WAYS,
    FIRST_READER,
    GROUP,
    Run,
    Server,
    StrictWindow,
    broadcast,
    bulk,
    most_in,
)


@BOTH_WAYS
@pytest.mark.parametrize("jitter_seconds", [0.0, 0.04])
def test_5000_messages_take_at_most_5_percent_longer_than_the_limit_and_none_is_refused(
    counting: type[Server], jitter_seconds: float
) -> None:
    chance = random.Random(5)
    run = Run(
        Budget(0.0),
        counting(30),
        latency=lambda: 0.08 + chance.random() * jitter_seconds,
        lateness=lambda: chance.random() * 0.008,
    )
    broadcast(run, 5000)

    run.until()

    assert run.refused_at == []
    assert len(run.taken) == 5000
    assert max(run.left()) <= 1.05 * 5000 / 30


def test_calls_held_up_on_their_way_do_not_push_the_next_past_the_limit() -> None:
    chance = random.Random(3)
    run = Run(
        Budget(0.0),
        StrictWindow(30),
        latency=lambda: 0.08 + (chance.random() < 0.05) * chance.uniform(0.1, 0.2),
    )
    broadcast(run, 3000)

    run.until()

    assert run.refused_at == []
    assert max(run.left()) <= 1.06 * 3000 / 30


@given(
    bulk_at=st.lists(st.floats(0, 6), max_size=150),
    replies_at=st.lists(st.floats(0, 8), max_size=60),
    people=st.integers(1, 40),
)
def test_no_second_holds_more_than_the_limit_while_replies_alone_stay_below(
    bulk_at: list[float], replies_at: list[float], people: int
) -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for number, moment in enumerate(bulk_at):
        run.ask(moment, bulk(FIRST_READER + number))
    asked: list[float] = []
    for number, moment in enumerate(sorted(replies_at)):
        if sum(at > moment - 1.0 for at in asked) < 14:
            asked.append(moment)
            run.ask(moment, Ticket(ANI + number % people))

    run.until()

    assert len(run.taken) == len(bulk_at) + len(asked)
    assert most_in(1.0, run.left()) <= 30
    assert run.refused_at == []


def test_an_album_counts_each_of_its_messages() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for reader in range(12):
        run.ask(0.0, bulk(FIRST_READER + reader, weight=10))

    run.until()

    moments = [ticket.left_at for ticket in run.taken for _ in range(10)]
    assert len(moments) == 120
    assert most_in(1.0, moments) <= 30


def test_without_a_higher_ceiling_the_documented_limit_is_never_tried() -> None:
    run = Run(Budget(0.0), StrictWindow(100))
    broadcast(run, 1000)

    run.until()

    assert most_in(1.0, run.left()) <= 30


def test_nothing_is_remembered_of_idle_chats() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    broadcast(run, 500)
    for _ in range(3):
        run.ask(0.0, Ticket(GROUP))
    run.ask(10.0, Ticket(GROUP - 1))
    run.until()

    assert run.budget.figures(run.now).chats < 250
    assert run.budget.figures(run.now + 100).chats == 0
