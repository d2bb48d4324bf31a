"""What both engines promise alike."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.database import (
    Conflict,
    Database,
    StorageError,
    StorageUnavailable,
    Transaction,
    connect,
)
from tests.storage.notes import adding, create, texts


async def test_what_was_written_is_read_afterwards(notes: Database) -> None:
    assert await notes.write(adding(1, "quorum")) == 1

    assert await texts(notes) == ["quorum"]


async def test_each_way_to_ask(notes: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO notes (id, text) VALUES (:id, :text)",
            [{"id": 2, "text": "b"}, {"id": 1, "text": "a"}, {"id": 3, "text": "c"}],
        )
        rows = await tx.all("SELECT id, text FROM notes WHERE id < :limit ORDER BY id", limit=3)
        assert [(row["id"], row["text"]) for row in rows] == [(1, "a"), (2, "b")]
        assert list(rows[0].keys()) == ["id", "text"]
        row = await tx.one("SELECT text FROM notes WHERE id = :id", id=3)
        assert row is not None
        assert row["text"] == "c"
        assert await tx.one("SELECT text FROM notes WHERE id = :id", id=4) is None
        assert await tx.value("SELECT text FROM notes WHERE id = :id", id=1) == "a"
        assert await tx.value("SELECT text FROM notes WHERE id = :id", id=4) is None
        assert await tx.run("UPDATE notes SET text = text || :more WHERE id <> :id", more="!", id=1) == 2
        assert await tx.run("DELETE FROM notes WHERE id = :id", id=4) == 0

    await notes.write(work)

    assert await texts(notes) == ["a", "b!", "c!"]


async def test_a_statement_may_name_a_parameter_twice_and_get_more_than_it_names(notes: Database) -> None:
    async def work(tx: Transaction) -> list[int]:
        await tx.run("INSERT INTO notes (id, text) VALUES (:id, :text)", text="a", id=7, unused=None)
        rows = await tx.all(
            "SELECT id FROM notes WHERE id = :id OR CAST(:id AS BIGINT) = :other", other=1, id=7
        )
        return [row["id"] for row in rows]

    assert await notes.write(work) == [7]


@pytest.mark.parametrize("text", ["🗳️ suara", "\u200fשלום", "<script>", "'; DROP TABLE notes; --", ""])
async def test_texts_come_back_as_they_went(notes: Database, text: str) -> None:
    await notes.write(adding(1, text))

    assert await texts(notes) == [text]


async def test_numbers_of_64_bits_come_back_exactly(notes: Database) -> None:
    async def work(tx: Transaction) -> object:
        await tx.run("INSERT INTO notes (id, text) VALUES (:id, 'x')", id=-(2**63))
        return await tx.value("SELECT id FROM notes")

    assert await notes.write(work) == -(2**63)


async def test_an_exception_takes_everything_back_and_reaches_the_caller(notes: Database) -> None:
    class Refused(Exception):
        pass

    async def work(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (1, 'lost')")
        raise Refused("no quorum")

    with pytest.raises(Refused, match="no quorum"):
        await notes.write(work)

    assert await texts(notes) == []


async def test_a_failing_transaction_spares_those_that_share_its_commit(notes: Database) -> None:
    async def failing(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (100, 'lost')")
        await tx.run("INSERT INTO nowhere (id) VALUES (1)")

    results = await asyncio.gather(
        notes.write(adding(1, "a")),
        notes.write(failing),
        notes.write(adding(2, "a")),
        notes.write(adding(3, "c")),
        return_exceptions=True,
    )

    # On PostgreSQL either of the two that write the same may be the first.
    same = [results[0], results[2]]
    assert same.count(1) == 1
    assert [type(result) for result in same if result != 1] == [Conflict]
    assert type(results[1]) is StorageError
    assert results[3] == 1
    assert await texts(notes) == ["a", "c"]


async def test_a_duplicate_is_a_conflict(notes: Database) -> None:
    await notes.write(adding(1, "a"))

    with pytest.raises(Conflict):
        await notes.write(adding(1, "b"))

    assert await texts(notes) == ["a"]


async def test_a_missing_reference_is_a_conflict(notes: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("CREATE TABLE replies (note_id BIGINT NOT NULL REFERENCES notes (id))")
        await tx.run("INSERT INTO replies (note_id) VALUES (1)")

    with pytest.raises(Conflict):
        await notes.write(work)


async def test_on_conflict_returning_tells_who_was_first(notes: Database) -> None:
    async def claim(tx: Transaction) -> bool:
        row = await tx.one("INSERT INTO notes (id, text) VALUES (1, 'x') ON CONFLICT DO NOTHING RETURNING id")
        return row is not None

    claims = await asyncio.gather(*(notes.write(claim) for _ in range(20)))

    assert sorted(claims) == [False] * 19 + [True]


async def test_reading_cannot_write(notes: Database) -> None:
    with pytest.raises(StorageError):
        await notes.read(adding(1, "a"))

    assert await texts(notes) == []


async def test_parallel_read_then_write_loses_nothing(notes: Database) -> None:
    await notes.write(adding(0, "0"))

    async def increment(tx: Transaction) -> None:
        await tx.lock("counter")
        count = int(await tx.value("SELECT text FROM notes WHERE id = 0"))
        await tx.run("UPDATE notes SET text = :text WHERE id = 0", text=str(count + 1))

    await asyncio.gather(*(notes.write(increment) for _ in range(50)))

    assert await texts(notes) == ["50"]


async def test_a_cancelled_caller_leaves_a_whole_transaction_behind(notes: Database) -> None:
    async def two(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (1, 'a')")
        await tx.run("INSERT INTO notes (id, text) VALUES (2, 'b')")

    caller = asyncio.create_task(notes.write(two))
    await asyncio.sleep(0)  # it is on its way
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    async def seen() -> list[str]:
        while not (found := await texts(notes)):
            await asyncio.sleep(0)
        return found

    assert await asyncio.wait_for(seen(), 10) == ["a", "b"]
    await notes.write(adding(3, "c"))


async def test_closed_database_says_so(database_url: str) -> None:
    database = connect(database_url)
    with pytest.raises(StorageUnavailable):
        await database.write(adding(1, "a"))

    async with database:
        pass

    with pytest.raises(StorageUnavailable):
        await database.read(adding(1, "a"))


async def test_closing_waits_for_what_is_under_way(database_url: str) -> None:
    database = connect(database_url)
    async with database:
        await database.write(create)
        writes = [asyncio.create_task(database.write(adding(i, str(i)))) for i in range(200)]
        await asyncio.sleep(0)

    assert await asyncio.gather(*writes) == [1] * 200
    async with connect(database_url) as again:
        assert len(await texts(again)) == 200


@pytest.mark.parametrize("url", ["", "mysql://localhost/rakor", "sqlite://", "sqlite:///", "rakor.db"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected sqlite:///path or postgresql://"):
        connect(url)


async def test_unreachable_server_is_unavailable() -> None:
    with pytest.raises(StorageUnavailable):
        async with connect("postgresql://nobody@127.0.0.1:1/rakor"):
            pass
