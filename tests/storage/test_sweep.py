"""What was erased is in none of SQLite's files soon afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.storage.database import Transaction
from bot.storage.sqlite import SqliteDatabase

TEXT = "what somebody wrote and took back " * 20


async def create(tx: Transaction) -> None:
    await tx.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")


async def note(tx: Transaction) -> None:
    await tx.run("INSERT INTO notes (id, text) VALUES (1, :text)", text=TEXT)


async def erase(tx: Transaction) -> None:
    await tx.run("DELETE FROM notes")


def files(path: Path) -> bytes:
    """The database file and its log."""
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_an_erased_text_leaves_both_files(tmp_path: Path) -> None:
    path = tmp_path / "rakor.db"
    async with SqliteDatabase(str(path)) as database:
        await database.write(create)
        await database.write(note)
        await database.write(erase)
        assert TEXT.encode() in files(path)  # it could leak: the log still has it

        await until(lambda: TEXT.encode() not in files(path))


async def test_a_reader_only_delays_it(tmp_path: Path) -> None:
    path = tmp_path / "rakor.db"
    async with SqliteDatabase(str(path)) as database:
        await database.write(create)
        await database.write(note)
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM notes").fetchone()
            await database.write(erase)
            await database.write(note)  # writers are not held up
            await database.write(erase)
            assert TEXT.encode() in files(path)
            reader.execute("COMMIT")

        await until(lambda: TEXT.encode() not in files(path))


async def test_what_a_killed_process_left_is_swept_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "rakor.db"
    async with SqliteDatabase(str(path)) as database:
        await database.write(create)
        await database.write(note)
        await database.write(erase)
        left = {name: (tmp_path / name).read_bytes() for name in ("rakor.db", "rakor.db-wal")}
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    assert TEXT.encode() in files(path)

    async with SqliteDatabase(str(path)):
        await until(lambda: TEXT.encode() not in files(path))


async def test_closing_leaves_nothing_either(tmp_path: Path) -> None:
    path = tmp_path / "rakor.db"
    async with SqliteDatabase(str(path)) as database:
        await database.write(create)
        await database.write(note)
        await database.write(erase)

    assert TEXT.encode() not in files(path)
    assert not path.with_name("rakor.db-wal").exists()
