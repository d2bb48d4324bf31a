"""One small database interface over SQLite and PostgreSQL.

A use case is one *transaction function*: a coroutine function that takes a :class:`Transaction` and awaits nothing but
its statements. So SQLite can run a whole transaction in one hop to the database's thread, and PostgreSQL can run it
again when the server refuses it because of another one. It must therefore have no effect outside the database that
may not happen twice, and never wait for Telegram.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

T = TypeVar("T")

Params = Mapping[str, Any]


class StorageError(Exception):
    """The database could not do what was asked."""


class StorageFull(StorageError):
    """The disk or the database has no room left; nothing of the transaction was kept."""


class StorageUnavailable(StorageError):
    """The database cannot be opened or reached."""


class Conflict(StorageError):
    """A unique or foreign key constraint refused the statement, and with it the transaction.

    It comes out of :meth:`Database.write`; a transaction function cannot catch it and go on. Where a duplicate is
    expected, ``ON CONFLICT`` says so in the statement.
    """


class Row(Protocol):
    """One row: columns by name."""

    def __getitem__(self, name: str, /) -> Any: ...

    def keys(self) -> Iterable[str]: ...


class Transaction(Protocol):
    """Statements inside one transaction, with ``:name`` parameters.

    SQL is written once, in the part that both engines share. A parameter whose type PostgreSQL cannot infer needs a
    cast (``CAST(:x AS BIGINT) IS NULL``), and literals must not hold a colon followed by a letter.
    """

    engine: str
    """``sqlite`` or ``postgresql``: for what an engine does with rows, not for the SQL that it understands."""

    async def all(self, sql: str, /, **params: Any) -> list[Row]:
        """Every row of the result, in its order."""
        ...

    async def one(self, sql: str, /, **params: Any) -> Row | None:
        """The first row; None when there is none."""
        ...

    async def value(self, sql: str, /, **params: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        ...

    async def run(self, sql: str, /, **params: Any) -> int:
        """Execute a statement that returns no rows; how many rows it touched."""
        ...

    async def many(self, sql: str, rows: Iterable[Params], /) -> None:
        """Execute one statement for each set of parameters."""
        ...

    async def lock(self, name: str) -> None:
        """Hold others out of the section called ``name`` until this transaction ends.

        For rules that no constraint can hold (a quota, the next number). On SQLite writers are alone already.
        """
        ...


Work = Callable[[Transaction], Awaitable[T]]


class Database(Protocol):
    """A place for transactions; open it with ``async with``."""

    engine: str
    """``sqlite`` or ``postgresql``."""

    async def write(self, work: Work[T], *, first: bool = False) -> T:
        """Run a transaction function, commit durably, return its result.

        Its exception rolls it back and is raised here. Cancelling the caller does not tear the transaction. ``first``
        lets it in before others that wait: for short work that the outside world waits for.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Run a transaction function that only reads, on a snapshot, beside the writers."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def connect(url: str) -> Database:
    """The database of a ``DATABASE_URL``; not yet opened.

    Raises:
        ValueError: the URL is neither ``sqlite:///path`` nor ``postgresql://…``.
    """
    if url.startswith("sqlite:///") and url != "sqlite:///":
        from bot.storage.sqlite import SqliteDatabase

        return SqliteDatabase(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from bot.storage.postgres import PostgresDatabase

        return PostgresDatabase(url)
    raise ValueError("expected sqlite:///path or postgresql://user@host/name")
