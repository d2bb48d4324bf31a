"""What happens to a SQLite file: locks, full disks, other people's files."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.storage.database import Conflict, StorageFull, StorageUnavailable, Transaction
from bot.storage.sqlite import SqliteDatabase
from tests.storage.notes import adding, create, texts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "rakor.db"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteDatabase]:
    """A database in a file of its own, with an empty table of notes."""
    async with SqliteDatabase(str(path)) as database:
        await database.write(create)
        yield database


async def test_only_the_owner_may_read_the_file(path: Path) -> None:
    async with opened(path):
        files = sorted(path.parent.iterdir())
        assert [file.name for file in files] == ["rakor.db", "rakor.db-shm", "rakor.db-wal"]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3


async def test_awaiting_something_else_is_refused_and_undone(path: Path) -> None:
    async with opened(path) as database:

        async def work(tx: Transaction) -> None:
            await tx.run("INSERT INTO notes (id, text) VALUES (1, 'lost')")
            await asyncio.sleep(0)

        with pytest.raises(RuntimeError, match="awaits nothing but its transaction"):
            await database.write(work)
        assert await texts(database) == []


async def test_reading_goes_on_beside_a_writer_and_sees_a_whole_state(path: Path) -> None:
    async with opened(path) as database:
        await database.write(adding(1, "a"))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE notes SET text = 'half done'")
        assert await texts(database) == ["a"]
        other.execute("COMMIT")
        other.close()
        assert await texts(database) == ["half done"]


async def test_full_disk_keeps_what_fits_and_names_the_cause(path: Path) -> None:
    async with opened(path) as database:

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


async def test_an_error_that_ends_the_group_hits_only_its_cause(path: Path) -> None:
    async with opened(path) as database:

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


async def test_a_locked_file_fails_after_the_busy_time_and_recovers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.sqlite.BUSY_SECONDS", 0.05)
    async with opened(path) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="locked"):
            await database.write(adding(1, "a"))
        other.execute("COMMIT")
        other.close()
        await database.write(adding(1, "a"))
        assert await texts(database) == ["a"]


async def test_nobody_waits_for_a_connection_that_is_gone(path: Path) -> None:
    async with opened(path) as database:
        assert database._writer is not None
        await database._writer._connection.close()
        results = await asyncio.gather(
            database.write(adding(1, "a")), database.write(adding(2, "b")), return_exceptions=True
        )
        assert [type(result) for result in results] == [StorageUnavailable, StorageUnavailable]


async def test_folder_in_place_of_the_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=str(tmp_path)):
        async with SqliteDatabase(str(tmp_path)):
            pass


async def test_file_in_place_of_the_folder_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(StorageUnavailable, match=r"var/rakor\.db"):
        async with SqliteDatabase(str(tmp_path / "var" / "rakor.db")):
            pass


async def test_a_file_of_another_kind_is_unavailable(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Notulen rapat " * 200)
    with pytest.raises(StorageUnavailable, match="not a database"):
        async with SqliteDatabase(str(path)):
            pass
    assert path.read_text() == "Notulen rapat " * 200


async def test_erased_text_leaves_no_trace_in_the_files(path: Path) -> None:
    async with opened(path) as database:
        await database.write(adding(1, "a secret of Ani's"))

        async def erase(tx: Transaction) -> None:
            await tx.run("DELETE FROM notes")

        await database.write(erase)

    assert b"secret of Ani" not in b"".join(file.read_bytes() for file in path.parent.iterdir())
