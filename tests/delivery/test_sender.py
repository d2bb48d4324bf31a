"""The sender: each chat's calls in order, none lost, none held up by another chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError

from bot.delivery import outbox, sender
from bot.delivery.outbox import Call
from bot.delivery.sender import Sender
from bot.storage import groups, people
from bot.storage.database import Database, StorageFull, Transaction

ANI, BUDI, GROUP, SUPERGROUP = 101, 102, -103, -100104


class Telegram:
    """Takes calls; ``answers`` decides by chat what happens to the next ones."""

    def __init__(self) -> None:
        self.taken: list[tuple[int, str]] = []
        self.answers: dict[int, list[Exception | asyncio.Event]] = {}
        self.changed = asyncio.Condition()

    async def call(self, method: str, payload: dict[str, Any]) -> bool:
        chat = payload["chat_id"]
        if self.answers.get(chat):
            answer = self.answers[chat].pop(0)
            if isinstance(answer, Exception):
                raise answer
            await answer.wait()
        async with self.changed:
            self.taken.append((chat, payload["text"]))
            self.changed.notify_all()
        return True

    async def has_taken(self, count: int) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: len(self.taken) >= count), 10)


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


def said(chat: int, *texts: str) -> list[Call]:
    return [Call("sendMessage", chat, {"chat_id": chat, "text": text}) for text in texts]


async def stored(database: Database, calls: list[Call]) -> list[outbox.StoredCall]:
    return await database.write(lambda tx: outbox.add(tx, calls))


async def until(database: Database, is_so: Callable[[Transaction], Any]) -> None:
    async with asyncio.timeout(10):
        while not await database.read(is_so):
            await asyncio.sleep(0)


async def is_empty(tx: Transaction) -> bool:
    return not await outbox.waiting(tx)


async def test_a_chat_gets_its_messages_in_order_and_the_outbox_empties(
    database: Database, telegram: Telegram
) -> None:
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(ANI, "satu", "dua")))
    work.submit(await stored(database, said(ANI, "tiga")))

    await telegram.has_taken(3)
    assert telegram.taken == [(ANI, "satu"), (ANI, "dua"), (ANI, "tiga")]
    await until(database, is_empty)
    await work.stop(1)


async def test_a_killed_process_leaves_what_was_not_sent_to_the_next(
    database: Database, telegram: Telegram
) -> None:
    await stored(database, said(ANI, "satu", "dua"))

    work = Sender(database, telegram.call)
    await work.recover()

    await telegram.has_taken(2)
    assert telegram.taken == [(ANI, "satu"), (ANI, "dua")]
    await work.stop(1)


async def test_a_failing_network_keeps_order_and_loses_nothing(
    database: Database, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "FIRST_PAUSE_SECONDS", 0.001)
    telegram.answers[ANI] = [NetworkError("gone"), NetworkError("gone"), NetworkError("Bad Gateway")]
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(ANI, "satu", "dua")))

    await telegram.has_taken(2)
    assert telegram.taken == [(ANI, "satu"), (ANI, "dua")]
    await work.stop(1)


async def test_a_slow_chat_does_not_hold_up_another(database: Database, telegram: Telegram) -> None:
    slow = asyncio.Event()
    telegram.answers[ANI] = [slow]
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(ANI, "satu")))
    work.submit(await stored(database, said(BUDI, "dua")))
    await telegram.has_taken(1)
    assert telegram.taken == [(BUDI, "dua")]

    slow.set()
    await telegram.has_taken(2)
    await work.stop(1)


async def test_somebody_who_blocked_the_bot_is_marked_and_not_tried_again(
    database: Database, telegram: Telegram
) -> None:
    from datetime import date

    await database.write(lambda tx: people.see(tx, ANI, "id", date(2024, 8, 6), private=True))
    telegram.answers[ANI] = [Forbidden("Forbidden: bot was blocked by the user")]
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(ANI, "satu")))

    await until(database, is_empty)
    ani = await database.read(lambda tx: people.find(tx, ANI))
    assert ani is not None
    assert ani.reach == people.BLOCKED
    assert telegram.taken == []
    await work.stop(1)


async def test_a_group_that_moved_gets_its_messages_in_the_supergroup(
    database: Database, telegram: Telegram
) -> None:
    await database.write(lambda tx: groups.see(tx, GROUP, "Rakor"))
    telegram.answers[GROUP] = [ChatMigrated(SUPERGROUP)]
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(GROUP, "satu", "dua")))

    await telegram.has_taken(2)
    assert telegram.taken == [(SUPERGROUP, "satu"), (SUPERGROUP, "dua")]
    await until(database, is_empty)
    assert await database.read(lambda tx: groups.find(tx, GROUP)) is None
    await work.stop(1)


async def test_a_message_for_a_group_that_moved_stays_stored_until_it_was_sent(
    database: Database, telegram: Telegram
) -> None:
    await database.write(lambda tx: groups.see(tx, GROUP, "Rakor"))
    held = asyncio.Event()
    telegram.answers = {GROUP: [ChatMigrated(SUPERGROUP)], SUPERGROUP: [held]}
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(GROUP, "satu")))
    async with asyncio.timeout(10):
        while telegram.answers[SUPERGROUP] or work._flush is not None:
            await asyncio.sleep(0)

    assert [item.call.chat_id for item in await database.read(outbox.waiting)] == [SUPERGROUP]
    held.set()
    await telegram.has_taken(1)
    await until(database, is_empty)
    await work.stop(1)
    assert telegram.taken == [(SUPERGROUP, "satu")]


async def test_what_waits_in_the_supergroup_already_is_not_sent_twice(
    database: Database, telegram: Telegram
) -> None:
    await database.write(lambda tx: groups.see(tx, GROUP, "Rakor"))
    held = asyncio.Event()
    telegram.answers = {GROUP: [ChatMigrated(SUPERGROUP)], SUPERGROUP: [held]}
    work = Sender(database, telegram.call)

    calls = await stored(database, said(GROUP, "satu") + said(SUPERGROUP, "dua"))
    work.submit(calls[1:])
    work.submit(calls[:1])
    async with asyncio.timeout(10):
        while len(work._queues.get(SUPERGROUP, ())) < 2:
            await asyncio.sleep(0)
    held.set()

    await until(database, is_empty)
    await work.stop(1)
    assert telegram.taken == [(SUPERGROUP, "dua"), (SUPERGROUP, "satu")]


async def test_a_full_disk_does_not_end_a_chats_queue(
    database: Database, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "FIRST_PAUSE_SECONDS", 0.001)
    await database.write(lambda tx: groups.see(tx, GROUP, "Rakor"))
    telegram.answers[GROUP] = [ChatMigrated(SUPERGROUP)] * 2
    work = Sender(database, telegram.call)
    calls = await stored(database, said(GROUP, "satu", "dua"))
    write, full = database.write, [StorageFull("database or disk is full")]

    async def write_when_there_is_room(work: Any, *, first: bool = False) -> Any:
        if full:
            raise full.pop()
        return await write(work, first=first)

    monkeypatch.setattr(database, "write", write_when_there_is_room)
    work.submit(calls)

    await telegram.has_taken(2)
    assert telegram.taken == [(SUPERGROUP, "satu"), (SUPERGROUP, "dua")]
    await until(database, is_empty)
    await work.stop(1)


async def test_a_call_that_telegram_never_takes_does_not_block_the_next(
    database: Database, telegram: Telegram
) -> None:
    telegram.answers[ANI] = [BadRequest("Can't parse entities: unclosed tag")]
    work = Sender(database, telegram.call)

    work.submit(await stored(database, said(ANI, "satu", "dua")))

    await telegram.has_taken(1)
    assert telegram.taken == [(ANI, "dua")]
    await until(database, is_empty)
    await work.stop(1)


async def test_stopping_leaves_in_the_outbox_what_cannot_be_sent_now(
    database: Database, telegram: Telegram
) -> None:
    telegram.answers[ANI] = [NetworkError("gone")] * 1000
    work = Sender(database, telegram.call)
    work.submit(await stored(database, said(ANI, "satu")))

    await work.stop(0.01)

    assert [item.call.payload["text"] for item in await database.read(outbox.waiting)] == ["satu"]


async def test_a_call_that_meets_a_bug_is_kept_for_the_next_start_and_holds_up_nothing(
    database: Database, telegram: Telegram
) -> None:
    telegram.answers[ANI] = [RuntimeError("a bug")]
    first = Sender(database, telegram.call)

    first.submit(await stored(database, said(ANI, "satu", "dua")))
    await telegram.has_taken(1)
    await first.stop(10)

    assert telegram.taken == [(ANI, "dua")]
    second = Sender(database, telegram.call)
    await second.recover()
    await until(database, is_empty)
    assert telegram.taken == [(ANI, "dua"), (ANI, "satu")]
    await second.stop(10)
