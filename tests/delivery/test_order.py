"""Order: one chat's updates one after the other, different chats side by side."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import CallbackQuery, Chat, Message, Update, User

from bot.delivery.order import ChatOrder, order_key

ANI, BUDI = 101, 102


def message(number: int, person: int) -> Update:
    chat = Chat(person, Chat.PRIVATE)
    return Update(
        number, message=Message(number, datetime.now(UTC), chat, from_user=User(person, "X", False))
    )


def test_a_tap_without_its_message_goes_by_the_person() -> None:
    tap = Update(1, callback_query=CallbackQuery("1", User(ANI, "Ani", False), "chat instance", data="x"))

    assert order_key(tap) == ANI


async def test_a_slow_chat_does_not_hold_up_another() -> None:
    order = ChatOrder()
    ani_may_end = asyncio.Event()
    done: list[str] = []

    async def slow() -> None:
        await ani_may_end.wait()
        done.append("Ani 1")

    async def quick(name: str) -> None:
        done.append(name)

    tasks = [
        asyncio.create_task(order.process_update(message(1, ANI), slow())),
        asyncio.create_task(order.process_update(message(2, ANI), quick("Ani 2"))),
        asyncio.create_task(order.process_update(message(3, BUDI), quick("Budi 1"))),
    ]
    await tasks[2]
    assert done == ["Budi 1"]

    ani_may_end.set()
    await asyncio.gather(*tasks)
    assert done == ["Budi 1", "Ani 1", "Ani 2"]


async def test_one_chat_in_a_flood_leaves_room_for_the_others() -> None:
    order = ChatOrder(workers=2)
    blocked = asyncio.Event()
    flood = [asyncio.create_task(order.process_update(message(n, ANI), blocked.wait())) for n in range(500)]

    async def nothing() -> None:
        return

    await asyncio.wait_for(order.process_update(message(501, BUDI), nothing()), 5)
    blocked.set()
    await asyncio.gather(*flood)


async def test_a_failing_update_does_not_block_its_chat() -> None:
    order = ChatOrder()

    async def fails() -> None:
        raise RuntimeError

    async def works() -> str:
        return "done"

    results = await asyncio.gather(
        order.process_update(message(1, ANI), fails()),
        order.process_update(message(2, ANI), works()),
        return_exceptions=True,
    )
    assert isinstance(results[0], RuntimeError)
    assert results[1] is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=40), st.integers(1, 5))
async def test_each_chat_keeps_its_order_whatever_the_others_do(
    work: list[tuple[int, int]], workers: int
) -> None:
    order = ChatOrder(workers)
    seen: dict[int, list[int]] = {}

    async def handle(number: int, chat: int, steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        seen.setdefault(chat, []).append(number)

    await asyncio.gather(
        *(
            asyncio.create_task(order.process_update(message(number, chat), handle(number, chat, steps)))
            for number, (chat, steps) in enumerate(work)
        )
    )
    expected: dict[int, list[int]] = {}
    for number, (chat, _) in enumerate(work):
        expected.setdefault(chat, []).append(number)
    assert seen == expected
