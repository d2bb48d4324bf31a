"""A copy of a SQLite database while the bot goes on writing to it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.database import StorageError, StorageFull, StorageUnavailable


def back_up(source: Path, target: Path) -> int:
    """Copy the database into one new file that only its owner may read; how many bytes it has.

    The copy shows the state of one moment, is checked, and is on the disk when this returns.

    Raises:
        FileExistsError: there is something at ``target``; it is left alone.
        StorageUnavailable: there is no database at ``source``, or ``target`` cannot be written.
        StorageFull: the disk of ``target`` has no room; nothing is left there.
        StorageError: the database is damaged; nothing is left at ``target``.
    """
    if not source.is_file():
        raise StorageUnavailable(f"{source}: there is no such file")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"{target}: {error.strerror}") from error
    try:
        _copy(source, target)
    except BaseException as error:
        target.unlink()
        if not isinstance(error, sqlite3.Error):
            raise
        if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise StorageFull(f"{target}: {error}") from error
        raise StorageError(f"{source}: {error}") from error
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return target.stat().st_size


def _copy(source: Path, target: Path) -> None:
    # Read-write, for a reader must be able to make the WAL's index; never created, for it must exist.
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=10)) as ours,
        closing(sqlite3.connect(target)) as copy,
    ):
        ours.backup(copy)  # in one step: it holds a snapshot, and WAL lets writers go on
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a WAL beside it
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StorageError(f"{source}: {verdict}")
