"""Files made after the commit: made anew after a kill, replaced by an apology when they cannot be made."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from bot.delivery import outbox, sender
from bot.delivery.making import Workshop, order
from bot.delivery.outbox import Call
from bot.delivery.sender import Sender
from bot.i18n import Translator
from bot.reports.maker import Arguments, Maker
from bot.reports.makers import MAKERS
from bot.storage.database import Database, StorageUnavailable, Transaction

ANI = 101


async def _gather(tx: Transaction, arguments: Arguments) -> int | None:
    return None if arguments["number"] == 0 else int(await tx.value("SELECT 40 + 0")) + arguments["number"]


def _make(t: Translator, data: int) -> bytes:
    return f"{t.locale} {100 // (data - 43)}".encode()


COUNTING = Maker("counting", _gather, _make)


def wanting(number: int, maker: str = "counting") -> dict[str, Any]:
    file = order("hitungan.txt", maker, {"number": number}, "id", "Mohon maaf")
    return {"chat_id": ANI, "document": file, "caption": "Hitungan", "message_thread_id": 7}


async def test_an_order_becomes_a_file_and_leaves_the_rest_of_the_call(database: Database) -> None:
    method, payload = await Workshop(database, [COUNTING]).ready("sendDocument", wanting(5))

    assert method == "sendDocument"
    assert payload == {
        "chat_id": ANI,
        "document": {"upload": "hitungan.txt", "base64": base64.b64encode(b"id 50").decode()},
        "caption": "Hitungan",
        "message_thread_id": 7,
    }


@pytest.mark.parametrize(
    ("number", "maker"), [(0, "counting"), (3, "counting"), (5, "nobody")], ids=["gone", "bug", "unknown"]
)
async def test_what_cannot_be_made_is_apologised_for(database: Database, number: int, maker: str) -> None:
    assert await Workshop(database, [COUNTING]).ready("sendDocument", wanting(number, maker)) == (
        "sendMessage",
        {"chat_id": ANI, "message_thread_id": 7, "text": "Mohon maaf", "parse_mode": "HTML"},
    )


async def test_a_call_without_an_order_is_left_alone(database: Database) -> None:
    payload = {"chat_id": ANI, "text": "Halo", "reply_markup": {"inline_keyboard": []}}

    assert await Workshop(database, []).ready("sendMessage", payload) == ("sendMessage", payload)


async def test_a_database_that_is_away_delays_a_file_and_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "FIRST_PAUSE_SECONDS", 0.001)
    away = [StorageUnavailable("gone"), StorageUnavailable("gone")]

    async def gather(tx: Transaction, arguments: Arguments) -> int | None:
        if away:
            raise away.pop()
        return await _gather(tx, arguments)

    taken: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def call(method: str, payload: dict[str, Any]) -> bool:
        taken.set_result(payload)
        return True

    work = Sender(database, call, Workshop(database, [Maker("counting", gather, _make)]).ready)
    work.submit(await database.write(lambda tx: outbox.add(tx, [Call("sendDocument", ANI, wanting(5))])))
    payload = await asyncio.wait_for(taken, 10)
    await work.stop(10)

    assert base64.b64decode(payload["document"]["base64"]) == b"id 50"


def test_every_maker_has_a_name_of_its_own() -> None:
    names = [maker.name for maker in MAKERS]
    assert sorted(set(names)) == sorted(names)
