"""What both engines promise alike, and how each of them fails."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from bot.storage.database import (
    Conflict,
    Database,
    StorageError,
    StorageFull,
    StorageUnavailable,
    Transaction,
    Work,
    connect,
)
from bot.storage.postgres import positional
from bot.storage.sqlite import SqliteDatabase


@pytest.fixture
async def notes(database: Database) -> Database:
    """A database with an empty table of notes."""

    async def create(tx: Transaction) -> None:
        await tx.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)")

    await database.write(create)
    return database


async def texts(database: Database) -> list[str]:
    async def query(tx: Transaction) -> list[str]:
        return [row["text"] for row in await tx.all("SELECT text FROM notes ORDER BY id")]

    return await database.read(query)


def adding(number: int, text: str) -> Work[int]:
    """A transaction function that adds one note and returns how many rows that touched."""

    async def work(tx: Transaction) -> int:
        return await tx.run("INSERT INTO notes (id, text) VALUES (:id, :text)", id=number, text=text)

    return work


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


def test_named_parameters_become_numbers_in_the_order_of_the_statement() -> None:
    assert positional("SELECT CAST(:b AS TEXT), :a::bigint, :b_2, '12:30' WHERE x = :b") == (
        "SELECT CAST($1 AS TEXT), $2::bigint, $3, '12:30' WHERE x = $1",
        ("b", "a", "b_2"),
    )


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

    assert results[0] == 1
    assert type(results[1]) is StorageError
    assert type(results[2]) is Conflict
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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_parameter_of_the_wrong_type_is_not_taken_for_a_lost_connection(notes: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (:id, 'x')", id="seven")

    with pytest.raises(StorageError) as caught:
        await notes.write(work)

    assert not isinstance(caught.value, StorageUnavailable)


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
    async def create(tx: Transaction) -> None:
        await tx.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)")

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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
class TestPostgres:
    async def test_of_two_that_wait_for_each_other_both_succeed(self, notes: Database) -> None:
        await notes.write(adding(1, "a"))
        await notes.write(adding(2, "b"))
        held = {1: asyncio.Event(), 2: asyncio.Event()}
        runs = []

        def crossing(first: int, second: int) -> Work[None]:
            async def work(tx: Transaction) -> None:
                runs.append(first)
                await tx.run("UPDATE notes SET text = text || '!' WHERE id = :id", id=first)
                held[first].set()
                await held[second].wait()
                await tx.run("UPDATE notes SET text = text || '?' WHERE id = :id", id=second)

            return work

        await asyncio.gather(notes.write(crossing(1, 2)), notes.write(crossing(2, 1)))

        assert len(runs) == 3  # the server broke one of them off, and it was run again
        assert sorted("".join(sorted(text[1:])) for text in await texts(notes)) == ["!?", "!?"]

    async def test_a_lost_connection_is_told_and_replaced(self, notes: Database) -> None:
        async def cut(tx: Transaction) -> None:
            await tx.run("INSERT INTO notes (id, text) VALUES (1, 'lost')")
            await tx.value("SELECT pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(StorageUnavailable):
            await notes.write(cut)

        await notes.write(adding(2, "kept"))
        assert await texts(notes) == ["kept"]

    async def test_a_lock_holds_others_out_until_the_end(self, notes: Database) -> None:
        entered, order = asyncio.Event(), []

        async def first(tx: Transaction) -> None:
            await tx.lock("number")
            entered.set()
            await tx.value("SELECT pg_sleep(0.05)")
            order.append("first")

        async def second(tx: Transaction) -> None:
            await tx.lock("number")
            order.append("second")

        held = asyncio.create_task(notes.write(first))
        await entered.wait()
        await notes.write(second)
        await held

        assert order == ["first", "second"]


class TestSqlite:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "var" / "rakor.db"

    async def open_notes(self, path: Path) -> SqliteDatabase:
        database = SqliteDatabase(str(path))
        await database.__aenter__()

        async def create(tx: Transaction) -> None:
            await tx.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)")

        await database.write(create)
        return database

    async def test_only_the_owner_may_read_the_file(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:
            files = sorted(path.parent.iterdir())
            assert [file.name for file in files] == ["rakor.db", "rakor.db-shm", "rakor.db-wal"]
            assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
        finally:
            await database.__aexit__(None, None, None)

    async def test_awaiting_something_else_is_refused_and_undone(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:

            async def work(tx: Transaction) -> None:
                await tx.run("INSERT INTO notes (id, text) VALUES (1, 'lost')")
                await asyncio.sleep(0)

            with pytest.raises(RuntimeError, match="awaits nothing but its transaction"):
                await database.write(work)
            assert await texts(database) == []
        finally:
            await database.__aexit__(None, None, None)

    async def test_reading_goes_on_beside_a_writer_and_sees_a_whole_state(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:
            await database.write(adding(1, "a"))
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE notes SET text = 'half done'")
            assert await texts(database) == ["a"]
            other.execute("COMMIT")
            other.close()
            assert await texts(database) == ["half done"]
        finally:
            await database.__aexit__(None, None, None)

    async def test_full_disk_keeps_what_fits_and_names_the_cause(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:

            async def limit(tx: Transaction) -> None:
                pages = await tx.value("PRAGMA page_count")
                await tx.value(f"PRAGMA max_page_count = {pages + 20}")

            await database.write(limit)
            results = await asyncio.gather(
                database.write(adding(1, "small")),
                database.write(adding(2, "x" * 1_000_000)),
                database.write(adding(3, "small too")),
                return_exceptions=True,
            )

            assert [type(result) for result in results] == [int, StorageFull, int]
            assert await texts(database) == ["small", "small too"]
        finally:
            await database.__aexit__(None, None, None)

    async def test_an_error_that_ends_the_group_hits_only_its_cause(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:

            async def ending(tx: Transaction) -> None:
                await tx.run("INSERT OR ROLLBACK INTO notes (id, text) VALUES (9, 'a')")

            results = await asyncio.gather(
                database.write(adding(1, "a")),
                database.write(ending),
                database.write(adding(2, "b")),
                return_exceptions=True,
            )

            assert [type(result) for result in results] == [int, Conflict, int]
            assert await texts(database) == ["a", "b"]
        finally:
            await database.__aexit__(None, None, None)

    async def test_a_locked_file_fails_after_the_busy_time_and_recovers(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.storage.sqlite.BUSY_SECONDS", 0.05)
        database = await self.open_notes(path)
        try:
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageUnavailable, match="locked"):
                await database.write(adding(1, "a"))
            other.execute("COMMIT")
            other.close()
            await database.write(adding(1, "a"))
            assert await texts(database) == ["a"]
        finally:
            await database.__aexit__(None, None, None)

    async def test_nobody_waits_for_a_connection_that_is_gone(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:
            assert database._writer is not None
            await database._writer._connection.close()
            results = await asyncio.gather(
                database.write(adding(1, "a")), database.write(adding(2, "b")), return_exceptions=True
            )
            assert [type(result) for result in results] == [StorageUnavailable, StorageUnavailable]
        finally:
            await database.__aexit__(None, None, None)

    async def test_folder_in_place_of_the_file_is_unavailable(self, tmp_path: Path) -> None:
        with pytest.raises(StorageUnavailable, match=str(tmp_path)):
            async with SqliteDatabase(str(tmp_path)):
                pass

    async def test_file_in_place_of_the_folder_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "var").write_text("")
        with pytest.raises(StorageUnavailable, match=r"var/rakor\.db"):
            async with SqliteDatabase(str(tmp_path / "var" / "rakor.db")):
                pass

    async def test_a_file_of_another_kind_is_unavailable(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_text("Notulen rapat " * 200)
        with pytest.raises(StorageUnavailable, match="not a database"):
            async with SqliteDatabase(str(path)):
                pass
        assert path.read_text() == "Notulen rapat " * 200

    async def test_erased_text_leaves_no_trace_in_the_files(self, path: Path) -> None:
        database = await self.open_notes(path)
        try:
            await database.write(adding(1, "a secret of Ani's"))

            async def erase(tx: Transaction) -> None:
                await tx.run("DELETE FROM notes")

            await database.write(erase)
        finally:
            await database.__aexit__(None, None, None)

        assert b"secret of Ani" not in b"".join(file.read_bytes() for file in path.parent.iterdir())
