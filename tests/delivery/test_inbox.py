"""The inbox: stored before it is acknowledged, applied once, erased when applied."""

from __future__ import annotations

from datetime import date, timedelta

from bot.delivery import inbox
from bot.storage.database import Database, Transaction

TODAY = date(2024, 8, 6)


def update(number: int, text: str = "Selamat pagi") -> dict[str, object]:
    return {"update_id": number, "message": {"text": text}}


async def test_an_update_that_comes_twice_is_new_once(database: Database) -> None:
    first = await inbox.store(database, [update(1), update(2)])
    again = await inbox.store(database, [update(2), update(3)])

    assert [item["update_id"] for item in first] == [1, 2]
    assert [item["update_id"] for item in again] == [3]


async def test_what_was_not_applied_waits_in_order(database: Database) -> None:
    await inbox.store(database, [update(12), update(7), update(9)])
    await database.write(lambda tx: inbox.finish(tx, 9, TODAY))

    assert [item["update_id"] for item in await inbox.waiting(database)] == [7, 12]


async def test_an_update_is_finished_once_and_its_text_is_gone(database: Database) -> None:
    await inbox.store(database, [update(1, "rahasia")])

    assert await database.write(lambda tx: inbox.finish(tx, 1, TODAY))
    assert not await database.write(lambda tx: inbox.finish(tx, 1, TODAY))

    async def rows(tx: Transaction) -> list[dict[str, object]]:
        return [dict(row) for row in await tx.all("SELECT * FROM inbox")]

    assert await database.read(rows) == [{"update_id": 1, "payload": None, "done_on": "2024-08-06"}]


async def test_a_repetition_is_known_for_two_days(database: Database) -> None:
    await inbox.store(database, [update(1)])
    await database.write(lambda tx: inbox.finish(tx, 1, TODAY))

    await database.write(lambda tx: inbox.prune(tx, TODAY + timedelta(days=2)))
    assert await inbox.store(database, [update(1)]) == []

    await database.write(lambda tx: inbox.prune(tx, TODAY + timedelta(days=3)))
    assert await inbox.store(database, [update(1)]) == [update(1)]
