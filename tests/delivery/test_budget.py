"""The limits, against servers that count in either way; all in simulated time."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.budget import Budget
from bot.delivery.limits import GROUP_BULK_PER_MINUTE, REPLY_BURST, Priority, Ticket
from tests.delivery.telegram_limits import Run, Server, StrictWindow, TokenBucket, most_in

ANI, BUDI, CITRA = 101, 102, 103
GROUP = -1001
FIRST_READER = 10_000

BOTH_WAYS = pytest.mark.parametrize("counting", [StrictWindow, TokenBucket])


def bulk(chat: int | str, weight: int = 1) -> Ticket:
    return Ticket(chat, Priority.BULK, weight)


def broadcast(run: Run, readers: int, at: float = 0.0) -> None:
    for reader in range(readers):
        run.ask(at, bulk(FIRST_READER + reader))


def each_second(moments: list[float], start: float, end: float) -> list[int]:
    """How many moments lie in each second from ``start`` to ``end``."""
    counts = [0] * round(end - start)
    for moment in moments:
        if start <= moment < end:
            counts[int(moment - start)] += 1
    return counts


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


@given(
    calls=st.lists(
        st.tuples(
            st.floats(0, 90),
            st.sampled_from([GROUP, GROUP - 1, "@bawaslu"]),
            st.sampled_from(Priority),
            st.integers(1, 4),
        ),
        min_size=60,
        max_size=120,
    )
)
@settings(max_examples=50)
def test_a_group_never_gets_more_than_20_messages_a_minute(
    calls: list[tuple[float, int | str, Priority, int]],
) -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for moment, chat, priority, weight in calls:
        run.ask(moment, Ticket(chat, priority, weight))

    run.until()

    assert len(run.taken) == len(calls)
    for chat in (GROUP, GROUP - 1, "@bawaslu"):
        of_chat = [ticket for ticket in run.taken if ticket.chat == chat]
        assert most_in(60.0, [ticket.left_at for ticket in of_chat for _ in range(ticket.weight)]) <= 20
        in_bulk = [ticket for ticket in of_chat if ticket.priority is Priority.BULK]
        bulk_moments = [ticket.left_at for ticket in in_bulk for _ in range(ticket.weight)]
        assert most_in(60.0, bulk_moments) <= GROUP_BULK_PER_MINUTE


@given(asked=st.lists(st.floats(0, 5), min_size=1, max_size=30), priority=st.sampled_from(Priority))
def test_one_person_gets_a_short_burst_of_replies_and_bulk_one_a_second(
    asked: list[float], priority: Priority
) -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for moment in asked:
        run.ask(moment, Ticket(ANI, priority))

    run.until()

    moments = run.left()
    burst = REPLY_BURST if priority is Priority.REPLY else 1
    assert len(moments) == len(asked)
    for first in range(len(moments)):
        for last in range(first, len(moments)):
            assert last - first + 1 <= burst + moments[last] - moments[first] + 1e-6


def test_a_group_whose_minute_is_used_up_does_not_hold_up_other_chats() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for _ in range(40):
        run.ask(0.0, bulk(GROUP))
    broadcast(run, 290)

    run.until()

    readers = [ticket.left_at for ticket in run.taken if ticket.chat != GROUP]
    assert len(run.taken) == 330
    # 290 readers and the group's 15 of the first minute at 29 a second.
    assert max(readers) < 305 / 29 + 0.1


def test_replies_that_wait_for_their_own_groups_minute_do_not_push_others_past_the_limit() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for _ in range(80):
        run.ask(0.0, Ticket(GROUP))
    broadcast(run, 300, at=1.0)
    for person in range(14):
        run.ask(6.0, Ticket(100_000 + person))

    run.until()

    assert run.refused_at == []
    assert most_in(1.0, run.left()) <= 30


def test_chats_take_turns() -> None:
    budget = Budget(0.0)
    ani = [bulk(ANI) for _ in range(3)]
    others = [bulk(BUDI), bulk(CITRA)]
    for ticket in (*ani, *others):
        budget.ask(ticket, 0.0)

    left = [ticket for tick in range(80) for ticket in budget.leaving(tick / 20)]
    assert left == [ani[0], *others, *ani[1:]]


def test_an_album_counts_each_of_its_messages() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    for reader in range(12):
        run.ask(0.0, bulk(FIRST_READER + reader, weight=10))

    run.until()

    moments = [ticket.left_at for ticket in run.taken for _ in range(10)]
    assert len(moments) == 120
    assert most_in(1.0, moments) <= 30


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


def test_without_a_higher_ceiling_the_documented_limit_is_never_tried() -> None:
    run = Run(Budget(0.0), StrictWindow(100))
    broadcast(run, 1000)

    run.until()

    assert most_in(1.0, run.left()) <= 30


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


def test_a_chat_whose_calls_were_all_withdrawn_is_forgotten_and_may_ask_again() -> None:
    budget = Budget(0.0)
    sent, withdrawn = bulk(ANI), bulk(ANI)
    budget.ask(sent, 0.0)
    budget.ask(withdrawn, 0.0)
    assert budget.leaving(0.0) == [sent]
    budget.withdraw(withdrawn)

    assert budget.figures(20.0).chats == 0
    again = [bulk(ANI), bulk(ANI)]
    for ticket in again:
        budget.ask(ticket, 20.0)
    assert [ticket for tick in range(30) for ticket in budget.leaving(20 + tick / 10)] == again
    to_budi = bulk(BUDI)
    budget.ask(to_budi, 30.0)
    assert budget.leaving(30.0) == [to_budi]
    assert budget.figures(40.0).chats == 0


def test_a_withdrawn_call_does_not_leave_and_bars_nobody() -> None:
    budget = Budget(0.0)
    full = [Ticket(GROUP) for _ in range(REPLY_BURST + 2)]
    for ticket in full:
        budget.ask(ticket, 0.0)
    assert budget.leaving(0.0) == full[:REPLY_BURST]
    for ticket in full[REPLY_BURST:]:
        budget.withdraw(ticket)
    reader = bulk(ANI)
    budget.ask(reader, 3.0)

    assert budget.leaving(3.0) == [reader]
    assert budget.next_at(3.0) == math.inf
    again = Ticket(GROUP)
    budget.ask(again, 3.0)
    assert budget.leaving(3.0) == [again]


def test_nothing_is_remembered_of_idle_chats() -> None:
    run = Run(Budget(0.0), StrictWindow(30))
    broadcast(run, 500)
    for _ in range(3):
        run.ask(0.0, Ticket(GROUP))
    run.ask(10.0, Ticket(GROUP - 1))
    run.until()

    assert run.budget.figures(run.now).chats < 250
    assert run.budget.figures(run.now + 100).chats == 0
