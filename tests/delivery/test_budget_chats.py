"""The limits of one chat: a person, a group, and how chats take turns; all in simulated time."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.budget import Budget
from bot.delivery.limits import GROUP_BULK_PER_MINUTE, REPLY_BURST, Priority, Ticket
from tests.delivery.telegram_limits import (
    ANI,
    BUDI,
    CITRA,
    GROUP,
    Run,
    StrictWindow,
    broadcast,
    bulk,
    most_in,
)


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
