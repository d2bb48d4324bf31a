"""What a refusal, and a limit that changes, does to the pace; all in simulated time."""

from __future__ import annotations

import math

from bot.delivery.budget import Budget
from bot.delivery.limits import Ticket
from tests.delivery.telegram_limits import (
    ANI,
    BOTH_WAYS,
    BUDI,
    CITRA,
    GROUP,
    Run,
    Server,
    StrictWindow,
    broadcast,
    bulk,
)


def each_second(moments: list[float], start: float, end: float) -> list[int]:
    """How many moments lie in each second from ``start`` to ``end``."""
    counts = [0] * round(end - start)
    for moment in moments:
        if start <= moment < end:
            counts[int(moment - start)] += 1
    return counts


@BOTH_WAYS
def test_a_limit_lowered_to_20_is_followed_within_10_seconds(counting: type[Server]) -> None:
    run = Run(Budget(0.0), counting(30))
    broadcast(run, 3000)
    run.change_limit(20.0, 20.0)

    run.until(100.0)

    after = each_second(run.left(), 30, 90)
    # A bucket has a second's worth in store.
    assert 16.5 <= sum(after) / 60 <= 20 + 20 / 60
    # Looking for more costs a refusal now and then, not a stream of them.
    assert len([at for at in run.refused_at if at >= 30]) <= 60 / 4
    assert run.budget.figures(30.0).bulk_per_second < 22


@BOTH_WAYS
def test_a_limit_that_comes_back_is_used_again_within_10_seconds(counting: type[Server]) -> None:
    run = Run(Budget(0.0), counting(30))
    broadcast(run, 3000)
    run.change_limit(20.0, 20.0)
    run.change_limit(40.0, 30.0)

    run.until(80.0)

    assert sum(each_second(run.left(), 50, 80)) / 30 > 28.5


@BOTH_WAYS
def test_a_limit_raised_to_100_is_followed_within_10_seconds_up_to_the_ceiling(
    counting: type[Server],
) -> None:
    run = Run(Budget(0.0, ceiling_per_second=100.0), counting(30))
    broadcast(run, 6000)
    run.change_limit(25.0, 100.0)

    run.until(60.0)

    assert min(each_second(run.left(), 35, 55)) >= 90


def test_a_refusal_while_little_is_sent_pauses_that_chat_only() -> None:
    budget = Budget(0.0)
    first = Ticket(ANI)
    budget.ask(first, 0.0)
    assert budget.leaving(0.0) == [first]

    budget.refused(first, 5.0, 0.1)
    budget.ask(first, 0.1, first=True)
    to_budi = Ticket(BUDI)
    budget.ask(to_budi, 0.1)

    assert budget.leaving(0.1) == [to_budi]
    assert budget.leaving(5.0) == []
    assert budget.next_at(5.0) == 5.1
    assert budget.leaving(5.1) == [first]


def test_refusals_in_three_chats_pause_everything() -> None:
    budget = Budget(0.0)
    tickets = [Ticket(chat) for chat in (ANI, BUDI, CITRA)]
    for ticket in tickets:
        budget.ask(ticket, 0.0)
    budget.leaving(0.0)

    for ticket in tickets:
        budget.refused(ticket, 5.0, 0.1)
    other = Ticket(104)
    budget.ask(other, 0.1)

    assert budget.leaving(0.1) == []
    assert budget.pause_of(104, 0.1) == 5.0
    assert budget.leaving(5.1) == [other]
    # What little was sent says nothing of the rate.
    hall = [Ticket(1000 + person) for person in range(40)]
    for ticket in hall:
        budget.ask(ticket, 6.0)
    assert budget.leaving(6.0) == hall


def test_a_refusal_at_full_rate_pauses_everything_and_slows_bulk() -> None:
    budget = Budget(0.0)
    run = Run(budget, StrictWindow(math.inf))
    broadcast(run, 60)
    run.until(1.5)

    budget.refused(run.taken[-1], 2.0, 1.5)
    reply = Ticket(ANI)
    budget.ask(reply, 1.5)

    figures = budget.figures(1.5)
    assert (figures.paused_seconds, figures.refused, figures.replies_waiting) == (2.0, 1, 1)
    assert figures.bulk_per_second < 29
    assert budget.leaving(3.4) == []
    assert budget.leaving(3.5)[0] is reply


def test_a_busy_groups_refusal_does_not_stop_the_broadcast() -> None:
    budget = Budget(0.0)
    run = Run(budget, StrictWindow(math.inf))
    for second in range(14):
        run.ask(float(second), Ticket(GROUP))
    broadcast(run, 1000)
    run.until(15.0)

    to_group = [ticket for ticket in run.taken if ticket.chat == GROUP][-1]
    budget.refused(to_group, 40.0, 15.0)

    assert budget.figures(15.0).paused_seconds == 0.0
    assert budget.pause_of(GROUP, 15.0) == 40.0


def test_a_refused_call_leaves_before_the_later_ones_of_its_chat() -> None:
    budget = Budget(0.0)
    first, *later = [bulk(ANI) for _ in range(3)]
    for ticket in (first, *later):
        budget.ask(ticket, 0.0)
    assert budget.leaving(0.0) == [first]
    budget.refused(first, 1.0, 0.1)
    budget.ask(first, 0.1, first=True)

    left = [ticket for tick in range(50) for ticket in budget.leaving(0.1 + tick / 10)]

    assert left == [first, *later]
