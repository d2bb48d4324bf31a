"""Where people stand in forms: one row a chat and person, kept until it is done or forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.storage import conversations
from bot.storage.conversations import Conversation
from bot.storage.database import Database, Transaction

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
ANI, BUDI = 1001, 1002


async def test_a_later_state_takes_the_place_of_the_earlier(database: Database) -> None:
    async def work(tx: Transaction) -> Conversation | None:
        await conversations.save(tx, ANI, ANI, "registration", "1", NOW)
        await conversations.save(tx, ANI, ANI, "submission", "2", NOW)
        return await conversations.find(tx, ANI, ANI)

    assert await database.write(work) == Conversation("submission", "2")


async def test_erasing_says_whether_there_was_one(database: Database) -> None:
    async def work(tx: Transaction) -> tuple[bool, bool]:
        await conversations.save(tx, ANI, ANI, "registration", "1", NOW)
        return await conversations.erase(tx, ANI, ANI), await conversations.erase(tx, ANI, ANI)

    assert await database.write(work) == (True, False)


async def test_forms_that_nobody_went_on_with_are_forgotten(database: Database) -> None:
    async def work(tx: Transaction) -> tuple[int, bool, bool]:
        await conversations.save(tx, ANI, ANI, "registration", "1", NOW - timedelta(days=31))
        await conversations.save(tx, BUDI, BUDI, "registration", "1", NOW - timedelta(days=29))
        forgotten = await conversations.prune(tx, NOW - timedelta(days=30))
        ani = await conversations.find(tx, ANI, ANI)
        budi = await conversations.find(tx, BUDI, BUDI)
        return forgotten, ani is None, budi is not None

    assert await database.write(work) == (1, True, True)
