"""Answers to people come before broadcasts; all in simulated time."""

from __future__ import annotations

import math
import random

import pytest

from bot.delivery.budget import Budget
from bot.delivery.limits import Priority, Ticket
from tests.delivery.telegram_limits import (
    ANI,
    BOTH_WAYS,
    CITRA,
    Run,
    Server,
    StrictWindow,
    broadcast,
    bulk,
)


@BOTH_WAYS
@pytest.mark.parametrize(("replies_a_second", "most_of_the_limit"), [(1, 1.045), (4, 1.06)])
def test_replies_during_a_broadcast_leave_within_a_blink_and_none_is_refused(
    counting: type[Server], replies_a_second: float, most_of_the_limit: float
) -> None:
    chance = random.Random(8)
    run = Run(Budget(0.0), counting(30))
    broadcast(run, 3000)
    moment = 0.0
    while moment < 90:
        moment += chance.expovariate(replies_a_second)
        run.ask(moment, Ticket(100_000 + int(10_000 * moment)))

    run.until()

    waits = sorted(run.delays[Priority.REPLY])
    assert run.refused_at == []
    assert waits[-1] < 0.2
    assert waits[int(0.95 * len(waits))] < 0.024  # 1.3 times an idle answer of 80 ms
    assert max(run.left()) <= most_of_the_limit * len(run.taken) / 30


def test_an_album_for_a_person_does_not_wait_for_the_broadcast_to_end() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    broadcast(run, 1000)
    run.ask(5.0, Ticket(ANI, weight=10))
    for step in range(100):
        run.ask(5.0 + step / 100, bulk(CITRA + step))

    run.until()

    assert run.delays[Priority.REPLY][0] < 0.4
    assert run.refused_at == []


def test_a_lively_hall_finds_more_places_kept_free() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    broadcast(run, 1000)
    for step in range(60):
        for person in range(3):
            run.ask(3.0 + 0.3 * step, Ticket(100_000 + 3 * step + person))

    run.until()

    waits = sorted(run.delays[Priority.REPLY])
    assert waits[int(0.9 * len(waits))] < 0.03
    assert run.refused_at == []


def test_a_hall_that_answers_at_once_is_answered_at_once_while_the_broadcast_stands_still() -> None:
    run = Run(Budget(0.0), StrictWindow(math.inf))
    broadcast(run, 100)
    for person in range(300):
        run.ask(1.0, Ticket(ANI + person))

    run.until()

    assert run.left(Priority.REPLY) == [1.0] * 300
    assert [at for at in run.left(Priority.BULK) if 1.0 < at < 2.0] == []


def test_a_hall_that_telegram_refuses_is_answered_as_fast_as_it_accepts() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for person in range(300):
        run.ask(0.0, Ticket(ANI + person))

    run.until()

    assert len(run.taken) == 300
    assert len(run.refused_at) < 300  # each once: all were on their way when the first was refused
    assert run.now < 15


def test_a_minute_after_the_last_sign_of_a_limit_a_hall_is_answered_at_once_again() -> None:
    server = StrictWindow(30)
    run = Run(Budget(0.0), server)
    for person in range(100):
        run.ask(0.0, Ticket(ANI + person))
    run.until()
    server.limit = math.inf
    run.ask(100.0, Ticket(ANI))
    for person in range(100):
        run.ask(101.0, Ticket(1000 + person))

    run.until()

    assert run.left()[-100:] == [101.0] * 100
