"""SQLite through aiosqlite: a whole transaction in one hop, waiting transactions in one commit."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import aiosqlite

from bot.storage.database import Conflict, Params, Row, StorageError, StorageFull, StorageUnavailable, Work
from bot.storage.sweep import Sweep

T = TypeVar("T")

GROUP = 16
"""How many waiting transactions share one commit at most, so that none waits long for the others."""

BUSY_SECONDS = 10.0

_AWAY = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_LOCKED", "SQLITE_READONLY")
"""Another program holds the file, or its disk is away: it may come back, and what waits is then done."""


class _Connection(aiosqlite.Connection):
    """A connection that can run a function of the plain sqlite3 connection in its thread."""

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        return cast(T, await self._execute(function, self._conn))  # type: ignore[no-untyped-call]


class _SqliteTransaction:
    """Statements that are done when they return: awaiting them never gives up the thread."""

    engine = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        return self._connection.execute(sql, params).fetchall()

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        return cast("Row | None", self._connection.execute(sql, params).fetchone())

    async def value(self, sql: str, /, **params: Any) -> Any:
        row = self._connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    async def run(self, sql: str, /, **params: Any) -> int:
        return self._connection.execute(sql, params).rowcount

    async def many(self, sql: str, rows: Iterable[Params], /) -> None:
        self._connection.executemany(sql, rows)

    async def lock(self, name: str) -> None:
        """Nothing to do: ``BEGIN IMMEDIATE`` lets one writer in at a time."""


class _Job:
    """A transaction function that waits for the thread, and the future of its caller."""

    __slots__ = ("error", "future", "result", "work")

    def __init__(self, work: Work[Any], future: asyncio.Future[Any]) -> None:
        self.work = work
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():  # the caller was cancelled meanwhile
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def _drive(work: Work[T], transaction: _SqliteTransaction) -> T:
    """Run a transaction function to its end in this thread."""
    coroutine = cast("Coroutine[Any, Any, T]", work(transaction))
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    coroutine.close()
    raise RuntimeError("a transaction function awaits nothing but its transaction")


def _translated(error: BaseException) -> BaseException:
    """sqlite3's errors as this package's; others as they are."""
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(str(error))
    if not isinstance(error, sqlite3.Error):
        return error
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return StorageFull(str(error))
    if name.startswith(_AWAY):
        return StorageUnavailable(str(error))
    return StorageError(str(error))


class _Lane:
    """One connection and the transactions that wait for it."""

    def __init__(self, connection: _Connection, begin: str, sweep: Sweep | None = None) -> None:
        self._connection = connection
        self._begin = begin
        self._sweep = sweep
        self._waiting: deque[_Job] = deque()
        self._runner: asyncio.Task[None] | None = None

    async def submit(self, work: Work[T], *, first: bool = False) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        job = _Job(work, future)
        if first:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name="database lane")
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                jobs = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
                try:
                    await self._connection.run(partial(self._commit, jobs))
                except Exception as error:  # the connection was closed: nobody may wait for it for ever
                    for job in jobs:
                        job.error = StorageUnavailable(str(error))
                except BaseException:
                    for job in jobs:
                        job.future.cancel()
                    raise
                finally:
                    for job in jobs:
                        job.settle()
                    if self._sweep is not None:
                        self._sweep.soon()
        finally:
            self._runner = None
            while self._waiting:
                self._waiting.popleft().future.cancel()

    def _commit(self, jobs: list[_Job], connection: sqlite3.Connection) -> None:
        """Run ``jobs`` in one transaction, each in a savepoint of its own; in the database's thread."""
        transaction = _SqliteTransaction(connection)
        begun = False
        try:
            connection.execute(self._begin)
            begun = True
            for job in jobs:
                connection.execute("SAVEPOINT job")
                try:
                    job.result = _drive(job.work, transaction)
                except BaseException as error:
                    job.error = _translated(error)
                    if not connection.in_transaction:  # SQLite gave up the whole group, e.g. on a full disk
                        raise
                    connection.execute("ROLLBACK TO job")
                connection.execute("RELEASE job")
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if begun and len(jobs) > 1:
                # One of them broke the whole group: each for itself, so that only that one fails.
                for job in jobs:
                    job.result = job.error = None
                    self._commit([job], connection)
                return
            for job in jobs:
                job.error = job.error or _translated(error)

    async def close(self) -> None:
        if self._runner is not None:
            await asyncio.wait([self._runner])
        if self._sweep is not None:
            await self._sweep.stop()
        await self._connection.close()


class SqliteDatabase:
    """A database file with one connection that writes and one that reads beside it (WAL)."""

    engine = "sqlite"

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._writer: _Lane | None = None
        self._reader: _Lane | None = None

    async def __aenter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # It holds personal data: nobody but the program's own account reads it (the WAL file follows suit).
            self.path.touch(mode=0o600, exist_ok=True)
            writer = await self._open()
            sweep = Sweep(writer.run)
            self._writer = _Lane(writer, "BEGIN IMMEDIATE", sweep)
            sweep.soon()  # a killed process may have left its log
            self._reader = _Lane(await self._open(read_only=True), "BEGIN")
        except (sqlite3.Error, OSError) as error:
            await self.__aexit__(None, None, None)
            raise StorageUnavailable(f"{self.path}: {error}") from error
        return self

    async def _open(self, *, read_only: bool = False) -> _Connection:
        connection = _Connection(
            lambda: sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None), iter_chunk_size=64
        )
        # A thread that holds the interpreter open would keep a program alive that lost its loop.
        connection._thread.daemon = True  # noqa: SLF001, aiosqlite has no option for it
        await connection
        try:
            await connection.run(_configure)
            if read_only:
                await connection.run(lambda plain: plain.execute("PRAGMA query_only = ON"))
        except BaseException:
            await connection.close()
            raise
        return connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in (self._writer, self._reader):
            if lane is not None:
                await lane.close()
        self._writer = self._reader = None

    async def write(self, work: Work[T], *, first: bool = False) -> T:
        if self._writer is None:
            raise StorageUnavailable("the database is not open")
        return await self._writer.submit(work, first=first)

    async def read(self, work: Work[T]) -> T:
        if self._reader is None:
            raise StorageUnavailable("the database is not open")
        return await self._reader.submit(work)


def _configure(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode = WAL",
        # FULL survives a power cut, not only a kill; the shared commit pays for it.
        "synchronous = FULL",
        "foreign_keys = ON",
        # Erased text must not stay in free pages (guarantee 3).
        "secure_delete = ON",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
