"""Each delivery once, to everybody, whatever fails: a killed process, two senders, an outage, chats that are gone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery import deliveries as module
from bot.delivery.deliveries import ATTEMPTS, Deliveries
from bot.delivery.failures import NotSent, ServerFailed
from bot.delivery.pace import Priority
from bot.delivery.payloads import call_for
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.storage import deliveries
from bot.storage.database import Conflict, Database, StorageFull, Transaction, connect
from bot.storage.deliveries import Claimed
from tests.small_rakor import ANI, BUDI, DODI, GROUP, Rakor, small_rakor

EVERYBODY_AND_GROUPS = Audience(sectors="all", groups=True)


class FakeTelegram:
    """Answers calls, fails them as told, and keeps those that arrived."""

    def __init__(self) -> None:
        self.arrived: list[Mapping[str, Any]] = []
        self.failures: dict[int, list[Exception]] = {}
        """Chat to what its next calls fail with; a failure marked ``arrives`` fails after it arrived."""
        self.outage: Exception | None = None
        self.refused = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self.open = asyncio.Event()
        self.open.set()
        self.priorities: set[Priority] = set()
        self._changed = asyncio.Event()

    async def __call__(self, method: str, payload: Mapping[str, Any], priority: Priority) -> Any:
        assert method == "sendMessage"
        self.priorities.add(priority)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self._changed.set()
        try:
            await self.open.wait()
            if self.outage is not None:
                self.refused += 1
                raise self.outage
            failures = self.failures.get(payload["chat_id"])
            if failures:
                error = failures.pop(0)
                if isinstance(error, TimedOut):
                    self.arrived.append(payload)
                raise error
            self.arrived.append(payload)
            return {"message_id": 1000 + len(self.arrived)}
        finally:
            self.in_flight -= 1

    @property
    def chats(self) -> Counter[int]:
        """How many messages arrived in each chat."""
        return Counter(payload["chat_id"] for payload in self.arrived)

    async def has_in_flight(self, count: int) -> None:
        while self.in_flight < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 10)


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


class QuickClock:
    """The system's clock, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@asynccontextmanager
async def sending(
    database: Database, telegram: FakeTelegram, now: Callable[[], datetime] | None = None
) -> AsyncIterator[Deliveries]:
    sender = Deliveries(database, telegram, now or (lambda: datetime.now(UTC)))
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop(5)


async def becomes(rakor: Rakor, wanted: Mapping[int, str], nudge: Callable[[], None] = lambda: None) -> None:
    """Wait until the deliveries of all chats are in these states."""
    async with asyncio.timeout(15):
        while await rakor.deliveries() != wanted:
            nudge()
            await asyncio.sleep(0.01)


async def test_each_chat_gets_it_in_its_language_and_topic(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces(
        Content(
            {"id": "Halo", "en": "Hello"},
            {
                "id": [
                    [{"text": "Buka", "callback_data": "x"}],
                    [{"text": "Web", "url": "https://example.org"}],
                ],
                "en": [[{"text": "Open", "callback_data": "x"}]],
            },
        ),
        EVERYBODY_AND_GROUPS,
    )

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent", DODI: "sent", GROUP: "sent"})

    base = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    buttons = [[{"text": "Buka", "callback_data": "x"}], [{"text": "Web", "url": "https://example.org"}]]
    assert sorted(telegram.arrived, key=lambda payload: int(payload["chat_id"])) == [
        {
            **base,
            "chat_id": GROUP,
            "text": "Halo",
            "message_thread_id": 7,
            "reply_markup": {"inline_keyboard": buttons[1:]},
        },
        {
            **base,
            "chat_id": ANI,
            "text": "Hello",
            "reply_markup": {"inline_keyboard": [[{"text": "Open", "callback_data": "x"}]]},
        },
        {**base, "chat_id": DODI, "text": "Halo", "reply_markup": {"inline_keyboard": buttons}},
    ]
    assert telegram.priorities == {Priority.BULK}
    rows = await rakor.rows("SELECT attempts, error, sender FROM deliveries")
    assert rows == [{"attempts": 1, "error": None, "sender": None}] * 3
    assert len({row["message_id"] for row in await rakor.rows("SELECT message_id FROM deliveries")}) == 3


@pytest.mark.parametrize(
    ("content", "locale", "text"),
    [
        ({"id": "Halo", "en": "Hello"}, "en", "Hello"),
        ({"id": "Halo"}, "en", "Halo"),
        ({"en": "Hello"}, "id", "Hello"),
        ({"jv": "Sugeng"}, "en", "Sugeng"),
    ],
)
def test_a_language_without_the_text_gets_the_next_best(
    content: dict[str, str], locale: str, text: str
) -> None:
    item = Claimed(1, ANI, None, locale, 0, Content(content).as_data())

    assert call_for(item)[1]["text"] == text


async def test_it_is_noticed_when_woken_and_many_are_in_flight_at_once(
    rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(150)
    telegram.open.clear()
    async with sending(rakor.database, telegram) as sender:
        await rakor.announces(audience=Audience(sectors=("media",)))
        sender.wake()
        await telegram.has_in_flight(module.IN_FLIGHT)
        telegram.open.set()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert telegram.most_in_flight == module.IN_FLIGHT
    assert telegram.chats == Counter(people)


@pytest.mark.parametrize("error", [Forbidden("bot was blocked by the user"), BadRequest("Chat not found")])
async def test_a_chat_where_nobody_reads_is_marked_and_not_tried_again(
    rakor: Rakor, telegram: FakeTelegram, error: TelegramError
) -> None:
    telegram.failures[ANI] = [error]
    await rakor.announces()
    await rakor.announces(Content({"id": "Lagi"}), Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram):
        async with asyncio.timeout(10):
            while await rakor.rows("SELECT 1 AS x FROM deliveries WHERE state IN ('pending', 'sending')"):
                await asyncio.sleep(0.01)

    states = await rakor.rows("SELECT state FROM deliveries WHERE chat_id = :ani ORDER BY state", ani=ANI)
    assert "blocked" in [row["state"] for row in states]
    assert await rakor.rows("SELECT reach FROM people WHERE id = :ani", ani=ANI) == [{"reach": "blocked"}]
    assert telegram.chats[DODI] == 1
    # Both may have been in flight at once; from then on, nobody writes there.
    await rakor.announces(Content({"id": "Ketiga"}))
    assert await rakor.rows("SELECT chat_id FROM deliveries WHERE state = 'pending' ORDER BY chat_id") == [
        {"chat_id": DODI}
    ]


async def test_a_group_that_moved_gets_it_where_it_is_now(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[GROUP] = [ChatMigrated(-100500)]
    await rakor.announces(audience=Audience(groups=True))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {-100500: "sent", BUDI: "sent"})  # the organiser is told of the move

    assert telegram.chats == Counter({-100500: 1, BUDI: 1})
    assert await rakor.rows("SELECT chat_id FROM groups") == [{"chat_id": -100500}]


async def test_telegrams_pause_is_kept_and_is_no_attempt(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    clock = QuickClock()
    telegram.failures[ANI] = [RetryAfter(3600)]
    await rakor.announces(audience=Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram, clock) as sender:
        async with asyncio.timeout(10):
            while (await rakor.rows("SELECT state, error FROM deliveries"))[0]["error"] is None:
                await asyncio.sleep(0.01)
        assert await rakor.rows("SELECT state, attempts FROM deliveries") == [
            {"state": "pending", "attempts": 0}
        ]
        clock.ahead = timedelta(seconds=3599)
        assert await sender._look() > 0
        assert (await rakor.deliveries(), telegram.arrived) == ({ANI: "pending"}, [])
        clock.ahead = timedelta(seconds=3601)
        await becomes(rakor, {ANI: "sent"}, sender.wake)


@pytest.mark.parametrize("error", [ServerFailed("Bad Gateway"), TimedOut()])
async def test_it_is_tried_again_and_in_the_end_given_up_with_its_error(
    rakor: Rakor, telegram: FakeTelegram, error: TelegramError
) -> None:
    clock = QuickClock()
    telegram.failures[ANI] = [error] * (ATTEMPTS + 5)
    await rakor.announces()

    def later() -> None:
        clock.ahead += timedelta(seconds=module.LONGEST_PAUSE_SECONDS)
        sender.wake()

    async with sending(rakor.database, telegram, clock) as sender:
        await becomes(rakor, {ANI: "failed", DODI: "sent"}, later)

    (row,) = await rakor.rows("SELECT attempts, error FROM deliveries WHERE chat_id = :ani", ani=ANI)
    assert row == {"attempts": ATTEMPTS, "error": str(error)}
    assert len(telegram.failures[ANI]) == 5


async def test_an_outcome_that_is_unknown_is_sent_again(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[ANI] = [TimedOut()]
    await rakor.announces(audience=Audience(sectors=("asn",)))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent"})

    assert telegram.chats == Counter({ANI: 2})


async def test_what_telegram_refuses_fails_at_once(rakor: Rakor, telegram: FakeTelegram) -> None:
    telegram.failures[ANI] = [BadRequest("Can't parse entities: unsupported start tag")]
    await rakor.announces()

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "failed", DODI: "sent"})

    assert await rakor.rows("SELECT reach FROM people WHERE id = :ani", ani=ANI) == [{"reach": "reachable"}]


@pytest.mark.parametrize("error", [NotSent("no route to host"), InvalidToken("revoked")])
async def test_an_outage_costs_no_attempts_and_nobody(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, error: TelegramError
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONGEST_OUTAGE_PAUSE_SECONDS", 0.02)
    people = await rakor.takes_in(100)
    await rakor.announces(audience=Audience(sectors=("media",)))
    telegram.outage = error

    async with sending(rakor.database, telegram):
        async with asyncio.timeout(10):
            while telegram.refused < module.IN_FLIGHT + 5:
                await asyncio.sleep(0.01)
        assert telegram.most_in_flight <= module.IN_FLIGHT
        before = telegram.in_flight
        telegram.outage = None
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert before <= 1  # one call now and then looks whether it is over
    assert telegram.chats == Counter(people)
    assert {row["attempts"] for row in await rakor.rows("SELECT attempts FROM deliveries")} == {1}


async def test_a_full_disk_keeps_what_was_sent_in_mind(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    await rakor.announces()
    database = DiskThatFills(rakor.database)

    async with sending(database, telegram):
        telegram.open.clear()
        await telegram.has_in_flight(2)
        database.is_full = True
        telegram.open.set()
        await database.refused(5)
        database.is_full = False
        await becomes(rakor, {ANI: "sent", DODI: "sent"})

    assert telegram.chats == Counter({ANI: 1, DODI: 1})


class DiskThatFills:
    """A database that has no room for writing while ``is_full``."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self.read = database.read
        self.is_full = False
        self._database = database
        self._refusals = 0

    async def write(self, work: Callable[[Transaction], Awaitable[Any]], *, first: bool = False) -> Any:
        if self.is_full:
            self._refusals += 1
            raise StorageFull("no space left on device")
        return await self._database.write(work)

    async def refused(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self._refusals < times:
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


async def test_after_a_kill_everybody_gets_it_and_only_what_was_in_flight_may_come_twice(
    rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(120)
    await rakor.announces(audience=Audience(sectors=("media",)))
    dead = Deliveries(rakor.database, telegram)
    telegram.open.clear()
    await dead.start()
    await telegram.has_in_flight(module.IN_FLIGHT)
    in_flight = {
        row["chat_id"] for row in await rakor.rows("SELECT chat_id FROM deliveries WHERE state = 'sending'")
    }
    await kill(dead)
    telegram.open.set()
    # Telegram had them all, but the process did not live to hear of it.
    telegram.arrived = [{"chat_id": chat_id} for chat_id in in_flight]

    clock = QuickClock()
    async with sending(rakor.database, telegram, clock) as sender:
        if rakor.database.engine == "postgresql":  # another process could still hold them
            clock.ahead = timedelta(seconds=module.LEASE_SECONDS + 1)
            await rakor.write(lambda tx: deliveries.release(tx, sender._sender, clock()))
            sender.wake()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert {chat for chat, count in telegram.chats.items() if count == 2} == in_flight
    assert {chat for chat, count in telegram.chats.items() if count == 1} == set(people) - in_flight


async def kill(sender: Deliveries) -> None:
    """Let it vanish without any of its own clearing up."""
    doomed = [*sender._loops, *sender._tasks]
    for task in doomed:
        task.cancel()
    await asyncio.gather(*doomed, return_exceptions=True)


async def test_stopping_gives_back_what_is_not_finished(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces()
    telegram.open.clear()
    sender = Deliveries(rakor.database, telegram)
    await sender.start()
    await telegram.has_in_flight(2)

    await sender.stop(0.01)

    assert (
        await rakor.rows("SELECT state, next_at, sender, attempts FROM deliveries")
        == [{"state": "pending", "next_at": 0, "sender": None, "attempts": 0}] * 2
    )


async def test_stopping_finishes_what_is_in_flight(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces()
    telegram.open.clear()
    sender = Deliveries(rakor.database, telegram)
    await sender.start()
    await telegram.has_in_flight(2)

    stopping = asyncio.create_task(sender.stop(10))
    await asyncio.sleep(0)
    telegram.open.set()
    await stopping

    assert await rakor.deliveries() == {ANI: "sent", DODI: "sent"}


# SQLite has one program at a time.
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_two_senders_on_one_database_never_send_the_same(
    database_url: str, rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(300)
    async with connect(database_url) as second, sending(rakor.database, telegram), sending(second, telegram):
        telegram.open.clear()
        await rakor.announces(audience=Audience(sectors=("media",)))
        await telegram.has_in_flight(2 * module.IN_FLIGHT)
        telegram.open.set()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert telegram.chats == Counter(people)


async def test_what_a_living_process_holds_is_not_taken_however_long_it_takes(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    telegram.open.clear()
    first, second = Deliveries(rakor.database, telegram), Deliveries(rakor.database, telegram)
    await first.start()
    await rakor.announces()
    first.wake()
    await telegram.has_in_flight(2)
    second._loops = []
    started = datetime.now(UTC)
    # Three times the lease: it was renewed meanwhile.
    async with asyncio.timeout(10):
        while datetime.now(UTC) < started + timedelta(seconds=0.9):
            await rakor.write(lambda tx: deliveries.release(tx, second._sender, datetime.now(UTC)))
            await asyncio.sleep(0.02)

    held = await rakor.rows("SELECT sender FROM deliveries WHERE state = 'sending'")
    assert held == [{"sender": first._sender}] * 2
    telegram.open.set()
    await becomes(rakor, {ANI: "sent", DODI: "sent"})
    await first.stop(5)


async def test_an_outcome_that_comes_after_another_took_over_changes_nothing(rakor: Rakor) -> None:
    await rakor.announces(audience=Audience(sectors=("asn",)))
    now = datetime.now(UTC)
    (item,) = await rakor.write(lambda tx: deliveries.claim(tx, 1, now, now, 10))
    await rakor.write(lambda tx: deliveries.release(tx, 2, now))
    await rakor.write(lambda tx: deliveries.claim(tx, 2, now, now, 10))

    await rakor.write(lambda tx: deliveries.settle(tx, 1, item, state="failed", error="late"))

    assert await rakor.rows("SELECT state, sender FROM deliveries") == [{"state": "sending", "sender": 2}]


async def test_a_broken_database_does_not_end_the_loop(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FALLBACK_SECONDS", 0.01)
    real = deliveries.soonest
    broken = [RuntimeError("a bug"), StorageFull("full")]

    async def soonest(tx: Transaction) -> datetime | None:
        if broken:
            raise broken.pop()
        return await real(tx)

    monkeypatch.setattr(deliveries, "soonest", soonest)
    await rakor.announces()
    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent", DODI: "sent"})


async def test_organisers_are_an_audience_too(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces(audience=Audience(organisers=True))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {BUDI: "sent"})


class RefusingDatabase(DiskThatFills):
    """A database whose constraints refuse what it is to write from the moment that ``is_full``."""

    async def write(self, work: Callable[[Transaction], Awaitable[Any]], *, first: bool = False) -> Any:
        if self.is_full and self._refusals < 3:
            self._refusals += 1
            raise Conflict("duplicate key value violates unique constraint")
        return await self._database.write(work)


async def test_what_a_constraint_refuses_is_given_up_and_does_not_hold_up_the_rest(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    await rakor.announces(audience=Audience(sectors=("asn",)))
    database = RefusingDatabase(rakor.database)

    async with sending(database, telegram) as sender:
        telegram.open.clear()
        await telegram.has_in_flight(1)
        database.is_full = True
        telegram.open.set()
        await becomes(rakor, {ANI: "failed"})
        while sender.in_flight:
            await asyncio.sleep(0)

    assert await rakor.rows("SELECT error, sender FROM deliveries") == [
        {"error": "duplicate key value violates unique constraint", "sender": None}
    ]
    assert telegram.chats == Counter({ANI: 1})


async def test_a_bug_does_not_end_the_renewal_of_claims(
    rakor: Rakor, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.3)
    real, broken = deliveries.hold, [RuntimeError("a bug"), StorageFull("full")]
    held: list[int] = []

    async def hold(tx: Transaction, sender: int, until: datetime, items: Iterable[Claimed]) -> None:
        if broken:
            raise broken.pop()
        await real(tx, sender, until, items)
        held.append(sender)

    monkeypatch.setattr(deliveries, "hold", hold)
    telegram.open.clear()
    await rakor.announces()
    async with sending(rakor.database, telegram):
        await telegram.has_in_flight(2)
        async with asyncio.timeout(10):
            while not held:
                await asyncio.sleep(0.01)
        telegram.open.set()
        await becomes(rakor, {ANI: "sent", DODI: "sent"})
