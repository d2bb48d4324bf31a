"""The progress message: changed in place while a broadcast runs, right at its end, and left alone when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.delivery.failures import NotSent
from bot.delivery.pace import Priority
from bot.delivery.progress import CHANGE_SECONDS, ProgressMessages, Standing
from bot.domain.notices.audience import Audience
from bot.storage import deliveries, progress
from bot.storage.broadcasts import Broadcast
from bot.storage.progress import Progress
from handlers.notices import broadcast_views
from tests.small_rakor import ANI, BUDI, DODI, NOW, Rakor

MESSAGE = 77


class Edits:
    """Telegram, as far as it changes messages."""

    def __init__(self) -> None:
        self.made: list[Mapping[str, Any]] = []
        self.failures: list[Exception] = []
        self._changed = asyncio.Event()

    async def __call__(self, method: str, payload: Mapping[str, Any], priority: Priority) -> Any:
        assert (method, priority) == ("editMessageText", Priority.REPLY)
        self._changed.set()
        if self.failures:
            raise self.failures.pop(0)
        self.made.append(payload)
        return {}

    @property
    def texts(self) -> list[str]:
        return [str(payload["text"]) for payload in self.made]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def view(item: Progress, standing: Standing) -> tuple[str, list[list[dict[str, Any]]]]:
    counts = f"{standing.sent}+{standing.blocked}+{standing.failed} of {standing.total}"
    return f"{item.broadcast.kind} {item.locale} {counts}", []


def shown(locale: str, **differing: Any) -> Progress:
    """What a progress message of an announcement is about."""
    broadcast = Broadcast(1, 2, 3, "announcement", {}, {}, BUDI, "started", NOW, 1, None)
    return Progress(replace(broadcast, **differing), BUDI, MESSAGE, locale, "Asia/Jakarta", {}, 0, NOW)


@asynccontextmanager
async def showing(rakor: Rakor, edits: Edits, clock: Clock) -> AsyncIterator[ProgressMessages]:
    messages = ProgressMessages(rakor.database, edits, view, clock)
    await messages.start()
    try:
        yield messages
    finally:
        await messages.stop()


async def announced(rakor: Rakor, audience: Audience = Audience(sectors="all")) -> Broadcast:  # noqa: B008 - frozen
    broadcast = await rakor.announces(audience=audience)
    await rakor.write(lambda tx: progress.show(tx, broadcast.id, BUDI, MESSAGE, "id"))
    return broadcast


async def settle(rakor: Rakor, broadcast: Broadcast, chat_id: int, state: str) -> None:
    now = datetime.now(UTC)
    items = await rakor.write(lambda tx: deliveries.claim(tx, 1, now, now, 10))
    for item in items:
        if item.chat_id == chat_id:
            await rakor.write(lambda tx, item=item: deliveries.settle(tx, 1, item, state=state))  # type: ignore[misc]
    await rakor.write(lambda tx: deliveries.give_back(tx, 1))


async def ends(rakor: Rakor) -> None:
    async with asyncio.timeout(10):
        while await rakor.rows("SELECT 1 AS x FROM broadcasts WHERE progress_at IS NOT NULL"):
            await asyncio.sleep(0.01)


async def test_it_changes_while_the_broadcast_runs_and_rests_when_it_is_done(rakor: Rakor) -> None:
    edits, clock = Edits(), Clock()
    broadcast = await announced(rakor)

    async with showing(rakor, edits, clock) as messages:
        await edits.until(lambda: len(edits.made) == 1)
        await settle(rakor, broadcast, ANI, "sent")
        clock.ahead += timedelta(seconds=CHANGE_SECONDS)
        messages.wake()
        await edits.until(lambda: len(edits.made) == 2)
        await settle(rakor, broadcast, DODI, "blocked")
        clock.ahead += timedelta(seconds=CHANGE_SECONDS)
        messages.wake()
        await ends(rakor)

    assert edits.texts == [
        "announcement id 0+0+0 of 2",
        "announcement id 1+0+0 of 2",
        "announcement id 1+1+0 of 2",
    ]
    assert edits.made[0] == {
        "chat_id": BUDI,
        "message_id": MESSAGE,
        "text": "announcement id 0+0+0 of 2",
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": []},
    }


async def test_nothing_is_said_twice(rakor: Rakor) -> None:
    edits, clock = Edits(), Clock()
    broadcast = await announced(rakor)

    async with showing(rakor, edits, clock) as messages:
        await edits.until(lambda: len(edits.made) == 1)
        for _ in range(3):
            clock.ahead += timedelta(seconds=CHANGE_SECONDS)
            await messages._look()
        await settle(rakor, broadcast, ANI, "sent")
        await settle(rakor, broadcast, DODI, "sent")
        clock.ahead += timedelta(seconds=CHANGE_SECONDS)
        messages.wake()
        await ends(rakor)

    assert edits.texts == ["announcement id 0+0+0 of 2", "announcement id 2+0+0 of 2"]


async def test_a_broadcast_for_nobody_is_done_at_once(rakor: Rakor) -> None:
    edits = Edits()
    await announced(rakor, Audience(sectors=("media",)))

    async with showing(rakor, edits, Clock()):
        await ends(rakor)

    assert edits.texts == ["announcement id 0+0+0 of 0"]


@pytest.mark.parametrize("error", [BadRequest("Message to edit not found"), BadRequest("Chat not found")])
async def test_a_message_that_is_gone_is_left_alone(rakor: Rakor, error: Exception) -> None:
    edits = Edits()
    edits.failures = [error]
    await announced(rakor)

    async with showing(rakor, edits, Clock()):
        await ends(rakor)

    assert edits.made == []


async def test_after_a_restart_the_same_text_is_no_reason_to_stop(rakor: Rakor) -> None:
    edits, clock = Edits(), Clock()
    edits.failures = [BadRequest("Message is not modified"), NotSent("no network")]
    broadcast = await announced(rakor)

    async with showing(rakor, edits, clock) as messages:
        await edits.until(lambda: len(edits.failures) == 1)
        await settle(rakor, broadcast, ANI, "sent")
        await settle(rakor, broadcast, DODI, "failed")
        clock.ahead += timedelta(seconds=CHANGE_SECONDS)
        messages.wake()
        await edits.until(lambda: not edits.failures)
        clock.ahead += timedelta(seconds=CHANGE_SECONDS)
        messages.wake()
        await ends(rakor)

    assert edits.texts == ["announcement id 1+0+1 of 2"]


@pytest.mark.parametrize(
    ("waiting", "per_second", "seconds"),
    [(5000, 29.0, 8.0), (1740, 29.0, 5.0), (100, 29.0, 2.0), (0, 29.0, 2.0), (5000, None, 2.0)],
)
def test_the_more_is_left_the_longer_it_may_stand(
    waiting: int, per_second: float | None, seconds: float
) -> None:
    assert Standing(0, 0, 0, waiting, per_second).change_seconds == seconds


async def test_what_was_asked_for_anew_is_not_put_off(rakor: Rakor) -> None:
    broadcast = await announced(rakor)
    now = datetime.now(UTC)
    later = now + timedelta(seconds=CHANGE_SECONDS)
    await rakor.write(lambda tx: progress.claim(tx, now, later, 20))

    await rakor.write(lambda tx: progress.put_off(tx, broadcast.id, later, now + timedelta(seconds=8)))
    put_off = await rakor.database.read(progress.soonest)
    await rakor.write(lambda tx: progress.show(tx, broadcast.id, BUDI, MESSAGE, "id"))
    await rakor.write(lambda tx: progress.put_off(tx, broadcast.id, later, now + timedelta(seconds=60)))
    anew = await rakor.database.read(progress.soonest)

    assert put_off is not None
    assert put_off.replace(microsecond=0) == (now + timedelta(seconds=8)).replace(microsecond=0)
    assert anew is not None
    assert anew < now


async def test_two_processes_take_turns(rakor: Rakor) -> None:
    await announced(rakor)
    now = datetime.now(UTC)
    later = now + timedelta(seconds=CHANGE_SECONDS)

    first, second = await asyncio.gather(
        rakor.write(lambda tx: progress.claim(tx, now, later, 20)),
        rakor.write(lambda tx: progress.claim(tx, now, later, 20)),
    )

    assert sorted((len(first), len(second))) == [0, 1]


@pytest.mark.parametrize(
    ("locale", "standing", "text"),
    [
        (
            "id",
            Standing(12, 1, 0, 27, 29.0),
            (
                "📤 <b>Siaran sedang dikirim</b>\n\n▓▓▓░░░░░░░ 32 %\n\nTerkirim: 12 dari 40\n"
                "Tidak terjangkau (memblokir bot atau sudah keluar): 1\n29 per detik\nKira-kira 1 detik lagi."
            ),
        ),
        (
            "en",
            Standing(1000, 0, 3, 3997, 29.0),
            (
                "📤 <b>The announcement is being sent</b>\n\n▓▓░░░░░░░░ 20 %\n\nSent: 1000 of 5000\nFailed: 3\n"
                "29 a second\nAbout 2 minutes left."
            ),
        ),
        ("en", Standing(2, 0, 0, 0, None), "✅ <b>The announcement has been sent</b>\n\nSent: 2 of 2"),
        (
            "en",
            Standing(0, 0, 0, 0, None),
            "✅ <b>The announcement has been sent</b>\n\nThere was nobody to send it to.",
        ),
    ],
)
def test_what_it_says(locale: str, standing: Standing, text: str) -> None:
    assert broadcast_views.progress(shown(locale), standing)[0] == text
