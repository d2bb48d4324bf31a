"""The pace between python-telegram-bot's real client and a stand-in for the network, in simulated time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import InputMediaPhoto
from telegram.error import ChatMigrated, Forbidden, RetryAfter
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.delivery.failures import NotSent, seconds_to_wait
from bot.delivery.pace import TRIES, Pace, Priority
from tests.delivery.simulated_time import in_simulated_time

ANI, BUDI = 101, 102
GROUP = -1001
TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"
ME = {"id": 123456, "is_bot": True, "first_name": "Rakor", "username": "rakor_bot"}

Answer = tuple[int, dict[str, Any]]


@pytest.fixture(autouse=True)
def _seconds_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns of the change on every RetryAfter otherwise."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


class Telegram(BaseRequest):
    """Answers 40 ms after a call has left, and notes when each left."""

    def __init__(self, answer: Callable[[str, dict[str, Any], float], Answer | None] | None = None) -> None:
        self._answer = answer
        self.calls: list[tuple[float, str, object]] = []

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **kwargs: object
    ) -> tuple[int, bytes]:
        now = asyncio.get_running_loop().time()
        name = url.rpartition("/")[2]
        data = request_data.parameters if request_data else {}
        if name == "getMe":
            return 200, json.dumps({"ok": True, "result": ME}).encode()
        self.calls.append((now, name, data.get("chat_id")))
        await asyncio.sleep(0.04)
        code, answer = (self._answer and self._answer(name, data, now)) or (200, {"result": _message(data)})
        return code, json.dumps({"ok": code == 200, **answer}).encode()

    def moments(self, name: str = "sendMessage") -> list[float]:
        return [at for at, called, _ in self.calls if called == name]


def _message(data: dict[str, Any]) -> dict[str, Any] | bool:
    return {"message_id": 1, "date": 1, "chat": {"id": data["chat_id"], "type": "private"}}


def too_many(seconds: int) -> Answer:
    return 429, {"description": "Too Many Requests", "parameters": {"retry_after": seconds}}


@asynccontextmanager
async def a_bot(telegram: Telegram, pace: Pace | None = None) -> AsyncIterator[ExtBot[Priority]]:
    bot = ExtBot(TOKEN, request=telegram, get_updates_request=telegram, rate_limiter=pace or Pace())
    async with bot:
        yield bot


def test_a_reply_overtakes_the_broadcast_that_was_asked_for_before_it() -> None:
    telegram = Telegram()

    async def main() -> float:
        async with a_bot(telegram) as bot:
            notices = [
                asyncio.create_task(bot.send_message(1000 + reader, "Notice", rate_limit_args=Priority.BULK))
                for reader in range(200)
            ]
            await asyncio.sleep(2.0)
            asked_at = asyncio.get_running_loop().time()
            await bot.send_message(ANI, "Your agenda")
            waited = asyncio.get_running_loop().time() - asked_at
            await asyncio.gather(*notices)
        return waited

    waited = in_simulated_time(main())

    assert waited < 1.3 * 0.04 + 0.035
    assert len(telegram.moments()) == 201
    assert 200 / 29.4 < max(telegram.moments()) < 201 / 28.5


@pytest.mark.parametrize("priority", Priority)
def test_a_refused_call_is_made_again_after_the_wait(priority: Priority) -> None:
    telegram = Telegram(lambda name, data, now: too_many(7) if now < 7.0 else None)

    async def main() -> int:
        async with a_bot(telegram) as bot:
            message = await bot.send_message(ANI, "Agenda", rate_limit_args=priority)
            return message.message_id

    assert in_simulated_time(main()) == 1
    assert telegram.moments() == [0.0, pytest.approx(7.04, abs=0.002)]


def test_a_call_that_is_always_refused_is_given_up_after_five_tries() -> None:
    telegram = Telegram(lambda name, data, now: too_many(3))

    async def main() -> None:
        async with a_bot(telegram) as bot:
            with pytest.raises(RetryAfter):
                await bot.send_message(ANI, "Agenda")

    in_simulated_time(main())

    assert len(telegram.calls) == TRIES


def test_a_reply_is_not_tried_for_longer_than_a_minute() -> None:
    telegram = Telegram(lambda name, data, now: too_many(40))

    async def main() -> float:
        async with a_bot(telegram) as bot:
            with pytest.raises(RetryAfter):
                await bot.send_message(ANI, "Agenda")
            return asyncio.get_running_loop().time()

    assert in_simulated_time(main()) < 60
    assert len(telegram.calls) == 2


def test_a_longer_wait_than_a_call_should_spend_in_memory_is_raised_for_all_that_wait() -> None:
    telegram = Telegram(lambda name, data, now: too_many(3600))

    async def main() -> list[float]:
        async with a_bot(telegram) as bot:
            results = await asyncio.gather(
                *(
                    bot.send_message(1000 + reader, "Notice", rate_limit_args=Priority.BULK)
                    for reader in range(90)
                ),
                return_exceptions=True,
            )
            assert asyncio.get_running_loop().time() < 10
            with pytest.raises(RetryAfter):
                await bot.send_message(ANI, "Agenda")
            return [seconds_to_wait(error) for error in results if isinstance(error, RetryAfter)]

    waits = in_simulated_time(main())

    assert len(waits) == 90
    assert min(waits) > 3590
    assert len(telegram.calls) < 10


def test_what_is_no_message_neither_waits_nor_counts() -> None:
    telegram = Telegram(lambda name, data, now: (200, {"result": True}) if name != "sendMessage" else None)

    async def main() -> float:
        async with a_bot(telegram) as bot:
            await asyncio.gather(
                *(bot.answer_callback_query(str(tap)) for tap in range(300)),
                *(bot.send_chat_action(ANI, "typing") for _ in range(50)),
                *(bot.set_my_commands([]) for _ in range(5)),
                bot.send_message(ANI, "Agenda", rate_limit_args=Priority.BULK),
            )
            pace = bot.rate_limiter
            assert isinstance(pace, Pace)
            assert pace.figures().sent_last_second == 1
            return asyncio.get_running_loop().time()

    assert in_simulated_time(main()) == pytest.approx(0.04, abs=0.001)


def test_a_refused_method_waits_alone() -> None:
    def answer(name: str, data: dict[str, Any], now: float) -> Answer | None:
        if name == "answerCallbackQuery":
            return too_many(4) if now < 4.0 else (200, {"result": True})
        return None

    telegram = Telegram(answer)

    async def main() -> None:
        async with a_bot(telegram) as bot:
            first = asyncio.create_task(bot.answer_callback_query("1"))
            await asyncio.sleep(0.1)
            await asyncio.gather(first, bot.answer_callback_query("2"), bot.send_message(ANI, "Agenda"))

    in_simulated_time(main())

    assert telegram.moments("answerCallbackQuery") == [0.0, *[pytest.approx(4.04, abs=0.002)] * 2]
    assert telegram.moments("sendMessage") == [pytest.approx(0.1)]


def test_other_errors_are_raised_as_they_come_and_nothing_is_tried_again() -> None:
    def answer(name: str, data: dict[str, Any], now: float) -> Answer:
        if data["chat_id"] == GROUP:
            return 400, {"description": "Bad Request", "parameters": {"migrate_to_chat_id": -100777}}
        return 403, {"description": "Forbidden: bot was blocked by the user"}

    telegram = Telegram(answer)

    async def main() -> None:
        async with a_bot(telegram) as bot:
            with pytest.raises(Forbidden):
                await bot.send_message(ANI, "Agenda")
            with pytest.raises(ChatMigrated) as moved:
                await bot.send_message(GROUP, "Agenda")
            assert moved.value.new_chat_id == -100777

    in_simulated_time(main())

    assert len(telegram.calls) == 2


def test_a_groups_name_and_its_number_as_text_are_groups() -> None:
    telegram = Telegram()

    async def main() -> None:
        async with a_bot(telegram) as bot:
            for chat in ("-1001", "@bawaslu"):
                await asyncio.gather(*(bot.send_message(chat, "Agenda") for _ in range(21)))

    in_simulated_time(main())

    moments = telegram.moments()
    assert [moments[20] - moments[0] > 60, moments[41] - moments[21] > 60] == [True, True]


def test_an_album_counts_as_many_messages() -> None:
    telegram = Telegram(lambda name, data, now: (200, {"result": []}))

    async def main() -> int:
        async with a_bot(telegram) as bot:
            await bot.send_media_group(ANI, [InputMediaPhoto("file-1"), InputMediaPhoto("file-2")])
            pace = bot.rate_limiter
            assert isinstance(pace, Pace)
            return pace.figures().sent_last_second

    assert in_simulated_time(main()) == 2


def test_a_cancelled_call_leaves_its_place_to_the_next() -> None:
    telegram = Telegram()

    async def main() -> None:
        async with a_bot(telegram) as bot:
            notices = [
                asyncio.create_task(bot.send_message(ANI, "Notice", rate_limit_args=Priority.BULK))
                for _ in range(3)
            ]
            await asyncio.sleep(0.5)
            notices[1].cancel()
            await asyncio.gather(*notices, return_exceptions=True)
            pace = bot.rate_limiter
            assert isinstance(pace, Pace)
            assert pace.figures().bulk_waiting == 0

    in_simulated_time(main())

    assert telegram.moments() == [0.0, pytest.approx(1.0, abs=0.002)]


def test_at_the_end_waiting_calls_fail_as_not_sent() -> None:
    telegram = Telegram()

    async def main() -> list[BaseException | Any]:
        pace = Pace()
        async with a_bot(telegram, pace) as bot:
            await pace.initialize()  # a second time, as python-telegram-bot's Application and Updater do
            notices = [
                asyncio.create_task(bot.send_message(ANI, "Notice", rate_limit_args=Priority.BULK))
                for _ in range(3)
            ]
            await asyncio.sleep(0.5)
            await pace.shutdown()
            await pace.shutdown()
            return await asyncio.gather(*notices, return_exceptions=True)

    results = in_simulated_time(main())

    assert [type(result).__name__ for result in results] == ["Message", "NotSent", "NotSent"]
    assert isinstance(results[1], NotSent)
    assert len(telegram.calls) == 1


def test_the_figures_tell_who_waits() -> None:
    async def main() -> tuple[int, int, float]:
        async with a_bot(Telegram()) as bot:
            tasks = [
                asyncio.create_task(bot.send_message(1000 + reader, "Notice", rate_limit_args=Priority.BULK))
                for reader in range(40)
            ]
            tasks += [asyncio.create_task(bot.send_message(ANI, "Agenda")) for _ in range(8)]
            await asyncio.sleep(0.01)
            pace = bot.rate_limiter
            assert isinstance(pace, Pace)
            figures = pace.figures()
            await asyncio.gather(*tasks)
            return figures.replies_waiting, figures.bulk_waiting, figures.bulk_per_second

    replies_waiting, bulk_waiting, rate = in_simulated_time(main())

    assert replies_waiting == 2  # six left at once
    assert 38 <= bulk_waiting <= 40
    assert rate == 29.2
