"""Guarantee 3, end to end: once an anonymous submission is through, no file and no log tells its author."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage.database import Transaction
from bot.storage.sqlite import SqliteDatabase
from simulator.driver import PersonDriver
from tests.domain.dialogue import adversary
from tests.domain.dialogue.adversary import Sending
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import RECEIPT, opens_session, participant

PEOPLE = 12


def words(number: int) -> str:
    """A text like no other; long enough to be torn apart if it lay about in pieces."""
    return f"Kalimat {number:02} " + " ".join(f"kata{number:02}x{place:03}" for place in range(35))


async def writes_anonymously(person: PersonDriver, text: str) -> str:
    """From /masukan to the receipt."""
    await person.says("/masukan")
    await person.taps("Anonim")
    await person.taps("Tantangan")
    await person.sees("Apa tantangan")
    await person.says(text)
    review = await person.sees("periksa")
    await person.taps("Kirim", message=review)
    receipt = RECEIPT.search((await person.sees("anonim Anda telah sampai")).text)
    assert receipt is not None
    return receipt[0]


async def nothing_waits(hall: Hall) -> None:
    """All is sent, and noted as sent."""
    waiting = "SELECT (SELECT COUNT(*) FROM outbox) + COUNT(*) FROM deliveries WHERE state <> 'sent'"
    async with asyncio.timeout(60):
        while await hall.read(lambda tx: tx.value(waiting)):
            await asyncio.sleep(0.02)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


def files(path: Path) -> bytes:
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


async def test_nothing_is_left_that_tells(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.set_level(logging.DEBUG, logger="handlers")
    authors = [await participant(hall, f"Orang{number:02}") for number in range(PEOPLE)]
    await opens_session(hall)
    for author in authors:
        await author.sees("Sesi dialog dibuka")
    await nothing_waits(hall)
    marks = await hall.read(_marks)
    before = await adversary.take(hall.database)
    since = hall.clock.now()

    receipts = await asyncio.gather(
        *(writes_anonymously(author, words(number)) for number, author in enumerate(authors))
    )
    await nothing_waits(hall)

    texts = [words(number) for number in range(PEOPLE)]
    after = await adversary.take(hall.database)
    sending = Sending(marks, texts, since, hall.clock.now())
    assert adversary.clues(before, after, sending) == set()
    assert after.tables["conversations"] == []
    assert {row["payload"] for row in after.tables["inbox"]} == {None}
    assert after.rows_with([code.replace("-", "") for code in receipts]) == []
    assert after.rows_with(receipts) == []
    if isinstance(hall.database, SqliteDatabase):
        path = hall.database.path
        # Each text once, for the submission itself; a text across two pages is found in neither.
        pieces = [f"kata{number:02}x{place:03}".encode() for number in range(PEOPLE) for place in range(35)]
        await until(lambda: all(files(path).count(piece) <= 1 for piece in pieces))
        assert sum(files(path).count(piece) for piece in pieces) > 0.9 * len(pieces)
        for receipt in receipts:
            assert receipt.encode() not in files(path)
            assert receipt.replace("-", "").encode() not in files(path)
    told = caplog.text
    assert not re.search(r"kata\d\d", told)
    assert not any(
        receipt in told or str(author.id) in told for receipt, author in zip(receipts, authors, strict=True)
    )


async def _marks(tx: Transaction) -> list[tuple[object, ...]]:
    """What names each person who takes part."""
    rows = await tx.all("SELECT person_id, id, ticket, name FROM participants ORDER BY registered_at")
    return [(row["person_id"], row["id"], row["ticket"], row["name"]) for row in rows]
