"""PostgreSQL through asyncpg: the same transaction functions over a pool."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import asyncpg

from bot.storage.database import Conflict, Params, Row, StorageError, StorageFull, StorageUnavailable, Work

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

T = TypeVar("T")

POOL = 8
RETRIES = 5
"""How often a transaction that the server broke off for the sake of another is run again."""

_GONE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""The server is away, and may come back."""

_NAME = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=1024)
def positional(sql: str) -> tuple[str, tuple[str, ...]]:
    """``:name`` parameters as ``$1``, ``$2``, … and the names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match[1]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAME.sub(number, sql), tuple(names)


class _PostgresTransaction:
    engine = "postgresql"

    def __init__(self, connection: PoolConnectionProxy[Any]) -> None:
        self._connection = connection

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        text, names = positional(sql)
        return cast("list[Row]", await self._connection.fetch(text, *(params[name] for name in names)))

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        text, names = positional(sql)
        return cast("Row | None", await self._connection.fetchrow(text, *(params[name] for name in names)))

    async def value(self, sql: str, /, **params: Any) -> Any:
        text, names = positional(sql)
        return await self._connection.fetchval(text, *(params[name] for name in names))

    async def run(self, sql: str, /, **params: Any) -> int:
        text, names = positional(sql)
        status = await self._connection.execute(text, *(params[name] for name in names))
        count = status.rpartition(" ")[2]  # "UPDATE 3", "INSERT 0 1"
        return int(count) if count.isdigit() else 0

    async def many(self, sql: str, rows: Iterable[Params], /) -> None:
        text, names = positional(sql)
        await self._connection.executemany(text, [[row[name] for name in names] for row in rows])

    async def lock(self, name: str) -> None:
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)


class PostgresDatabase:
    """A PostgreSQL database, version 12 or later."""

    engine = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool[Any] | None = None
        self._writes: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=POOL)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            # The driver's text names host and user, never the password.
            raise StorageUnavailable(str(error) or type(error).__name__) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            if self._writes:
                await asyncio.wait(self._writes)
            await self._pool.close()
            self._pool = None

    async def write(self, work: Work[T], *, first: bool = False) -> T:
        task = asyncio.create_task(self._transact(work, "read_committed", readonly=False))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        # A cancelled caller must not break off a transaction half-way into its commit.
        return await asyncio.shield(task)

    async def read(self, work: Work[T]) -> T:
        return await self._transact(work, "repeatable_read", readonly=True)

    async def _transact(self, work: Work[T], isolation: Any, *, readonly: bool) -> T:
        if self._pool is None:
            raise StorageUnavailable("the database is not open")
        for attempt in range(RETRIES + 1):
            try:
                async with (
                    self._pool.acquire() as connection,
                    connection.transaction(isolation=isolation, readonly=readonly),
                ):
                    return await work(_PostgresTransaction(connection))
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
                if attempt == RETRIES:
                    raise StorageError(str(error)) from error
            except asyncpg.IntegrityConstraintViolationError as error:
                raise Conflict(str(error)) from error
            except asyncpg.DiskFullError as error:
                raise StorageFull(str(error)) from error
            except _GONE as error:
                raise StorageUnavailable(str(error) or type(error).__name__) from error
            except asyncpg.InterfaceError as error:
                # A parameter of the wrong type comes as an InterfaceError too, and is no reason to try again.
                kind = StorageError if isinstance(error, ValueError) else StorageUnavailable
                raise kind(str(error)) from error
            except asyncpg.PostgresError as error:
                raise StorageError(str(error)) from error
        raise AssertionError("unreachable")
