"""A broadcast that is stopped, goes on, is sent again, changed, taken back, or rests for the night."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden

from bot.delivery.deliveries import Deliveries
from bot.delivery.pace import Priority
from bot.domain import office_settings
from bot.domain.errors import AlreadyDecided, NotAllowed
from bot.domain.notices import delivery_control as control
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.storage import broadcasts, people
from bot.storage import office_settings as stored_settings
from bot.storage.broadcasts import Broadcast
from tests.small_rakor import ANI, BUDI, CITRA, DODI, NOW, Rakor


class Chats:
    """Telegram's chats: what stands in each, after sending, changing and deleting."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.failures: dict[int, list[Exception]] = {}
        self.made: Counter[str] = Counter()
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0

    async def __call__(self, method: str, payload: Mapping[str, Any], priority: Priority) -> Any:
        assert priority is Priority.BULK
        chat = payload["chat_id"]
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        if self.failures.get(chat):
            raise self.failures[chat].pop(0)
        self.made[method] += 1
        if method == "deleteMessage":
            del self.texts[chat]
            return True
        self.texts[chat] = payload["text"]
        return {"message_id": 100}


@pytest.fixture
def chats() -> Chats:
    return Chats()


@asynccontextmanager
async def sending(rakor: Rakor, chats: Chats, civil: Callable[[], datetime]) -> AsyncIterator[Deliveries]:
    sender = Deliveries(rakor.database, chats, civil=civil)
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop(5)


async def becomes(rakor: Rakor, *wanted: str, wake: Callable[[], None] = lambda: None) -> None:
    """Wait until Ani's and Dodi's deliveries are in these states."""
    async with asyncio.timeout(10):
        while list((await rakor.deliveries()).values()) != list(wanted):
            wake()
            await asyncio.sleep(0.01)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


async def changes(rakor: Rakor, broadcast: Broadcast, text: str) -> int:
    async def work(tx: Any) -> int:
        new = await control.propose(tx, broadcast.id, BUDI, Content({"id": text}), NOW)
        return await control.change(tx, broadcast.id, new.version, new.content.digest(), BUDI, NOW)

    return await rakor.write(work)


async def test_what_is_stopped_waits_until_it_goes_on(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    await rakor.write(lambda tx: control.stop(tx, broadcast.id, BUDI, NOW))
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: control.stop(tx, broadcast.id, BUDI, NOW))

    async with sending(rakor, chats, at(NOW)) as sender:
        assert await sender._look() > 0
        assert await rakor.deliveries() == {ANI: "held", DODI: "held"}
        await rakor.write(lambda tx: control.resume(tx, broadcast.id, BUDI, NOW))
        await becomes(rakor, "sent", "sent", wake=sender.wake)

    assert chats.made == Counter({"sendMessage": 2})
    actions = await rakor.rows("SELECT action FROM actions WHERE action LIKE 'broadcast.%' ORDER BY action")
    assert [row["action"] for row in actions] == ["broadcast.resumed", "broadcast.stopped"]


async def test_what_a_dead_sender_held_of_a_stopped_broadcast_waits_too(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    chats.open.clear()
    sender = Deliveries(rakor.database, chats)
    await sender.start()
    async with asyncio.timeout(10):
        while chats.waiting < 2:
            await asyncio.sleep(0.01)
    await rakor.write(lambda tx: control.stop(tx, broadcast.id, BUDI, NOW))
    await sender.stop(0.01)

    assert await rakor.deliveries() == {ANI: "held", DODI: "held"}


async def test_a_text_that_changes_while_it_is_sent_reaches_everybody(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    chats.open.clear()
    async with sending(rakor, chats, at(NOW)) as sender:
        async with asyncio.timeout(10):
            while chats.waiting < 2:
                await asyncio.sleep(0.01)
        assert await changes(rakor, broadcast, "Baru") == 0  # nobody has the former text for sure
        chats.open.set()
        async with asyncio.timeout(10):
            while chats.made["editMessageText"] < 2:
                sender.wake()
                await asyncio.sleep(0.01)
        await becomes(rakor, "sent", "sent")

    assert chats.texts == {ANI: "Baru", DODI: "Baru"}
    assert await rakor.rows("SELECT DISTINCT version, task FROM deliveries") == [
        {"version": 2, "task": "edit"}
    ]


async def test_what_cannot_be_changed_keeps_the_former_text_and_says_so(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    async with sending(rakor, chats, at(NOW)) as sender:
        await becomes(rakor, "sent", "sent")
        chats.failures = {
            ANI: [BadRequest("Message to edit not found")],
            DODI: [Forbidden("bot was blocked")],
        }
        assert await changes(rakor, broadcast, "Baru") == 2
        await becomes(rakor, "sent", "sent", wake=sender.wake)
        async with asyncio.timeout(10):
            while await rakor.rows("SELECT 1 AS x FROM deliveries WHERE error IS NULL"):
                await asyncio.sleep(0.01)

    assert await rakor.rows("SELECT version FROM deliveries") == [{"version": 1}] * 2
    assert await rakor.rows("SELECT reach FROM people WHERE id = :dodi", dodi=DODI) == [{"reach": "blocked"}]


async def test_a_change_is_made_once(rakor: Rakor) -> None:
    broadcast = await rakor.announces()
    await changes(rakor, broadcast, "Baru")

    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: control.change(tx, broadcast.id, 2, "", BUDI, NOW))

    found = await rakor.database.read(lambda tx: broadcasts.find(tx, broadcast.id))
    assert found is not None
    wordings = await rakor.database.read(lambda tx: control.wordings(tx, found))
    assert [(item.version, item.content.text["id"]) for item in wordings] == [(1, "Halo"), (2, "Baru")]


async def test_what_is_taken_back_is_deleted_where_telegram_allows_it(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    now = [NOW]
    async with sending(rakor, chats, lambda: now[0]) as sender:
        await becomes(rakor, "sent", "sent")
        await rakor.write(
            lambda tx: tx.run(
                "UPDATE deliveries SET sent_at = sent_at - 172800000 WHERE chat_id = :ani", ani=ANI
            )
        )
        found = await rakor.database.read(lambda tx: broadcasts.find(tx, broadcast.id))
        assert found is not None
        assert await rakor.database.read(lambda tx: control.deletable(tx, found, NOW)) == (1, 1)
        await rakor.write(lambda tx: control.withdraw(tx, broadcast.id, BUDI, NOW))
        await becomes(rakor, "sent", "deleted", wake=sender.wake)

    assert set(chats.texts) == {ANI}
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: control.withdraw(tx, broadcast.id, BUDI, NOW))


async def test_taking_back_before_the_sending_sends_nothing(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    await rakor.write(lambda tx: control.withdraw(tx, broadcast.id, BUDI, NOW))

    async with sending(rakor, chats, at(NOW)) as sender:
        assert await sender._look() > 0

    assert (await rakor.deliveries(), chats.texts) == ({ANI: "dropped", DODI: "dropped"}, {})


async def test_only_what_failed_or_whose_reader_came_back_is_tried_again(rakor: Rakor, chats: Chats) -> None:
    broadcast = await rakor.announces()
    chats.failures = {ANI: [BadRequest("Can't parse entities")], DODI: [Forbidden("bot was blocked")]}
    async with sending(rakor, chats, at(NOW)) as sender:
        await becomes(rakor, "failed", "blocked")
        assert await rakor.write(lambda tx: control.retry(tx, broadcast.id, BUDI, NOW)) == 1
        await becomes(rakor, "sent", "blocked", wake=sender.wake)
        with pytest.raises(AlreadyDecided):
            await rakor.write(lambda tx: control.retry(tx, broadcast.id, BUDI, NOW))
        await rakor.write(lambda tx: people.see(tx, DODI, "id", NOW.date(), private=True))
        assert await rakor.write(lambda tx: control.retry(tx, broadcast.id, BUDI, NOW)) == 1
        await becomes(rakor, "sent", "sent", wake=sender.wake)


@pytest.mark.parametrize("who", [CITRA, ANI])
async def test_only_organisers_control_it(rakor: Rakor, who: int) -> None:
    broadcast = await rakor.announces()

    for act in (control.stop, control.resume, control.retry, control.withdraw):
        with pytest.raises(NotAllowed):
            await rakor.write(lambda tx, act=act: act(tx, broadcast.id, who, NOW))  # type: ignore[misc]

    assert await rakor.deliveries() == {ANI: "pending", DODI: "pending"}


async def test_in_quiet_hours_it_rests_and_goes_on_by_itself(rakor: Rakor, chats: Chats) -> None:
    evening = datetime(2024, 8, 1, 15, 0, tzinfo=UTC)  # 22.00 WIB
    await rakor.write(
        lambda tx: stored_settings.set_quiet_hours(tx, rakor.meeting.office_id, "21:00", "06:00")
    )
    now = [evening]
    broadcast = await rakor.announces(audience=Audience(sectors="all"))
    async with sending(rakor, chats, lambda: now[0]) as sender:
        await becomes(rakor, "held", "held", wake=sender.wake)
        found = await rakor.database.read(lambda tx: broadcasts.find(tx, broadcast.id))
        assert found is not None
        assert found.resumes_at == datetime(2024, 8, 1, 23, 0, tzinfo=UTC)  # 06.00 WIB
        now[0] = found.resumes_at - timedelta(seconds=1)
        assert await sender._look() > 0
        assert chats.texts == {}
        now[0] = found.resumes_at
        await becomes(rakor, "sent", "sent", wake=sender.wake)


async def test_an_organiser_may_send_in_quiet_hours_all_the_same(rakor: Rakor, chats: Chats) -> None:
    evening = datetime(2024, 8, 1, 15, 0, tzinfo=UTC)
    hours = office_settings.QuietHours(time(21), time(6))
    await rakor.write(
        lambda tx: office_settings.set_quiet_hours(tx, rakor.meeting.office_id, BUDI, hours, NOW)
    )
    broadcast = await rakor.announces()
    async with sending(rakor, chats, at(evening)) as sender:
        await becomes(rakor, "held", "held", wake=sender.wake)
        await rakor.write(lambda tx: control.resume(tx, broadcast.id, BUDI, evening))
        await becomes(rakor, "sent", "sent", wake=sender.wake)
