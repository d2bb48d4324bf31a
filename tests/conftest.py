"""General plumbing: a PostgreSQL server for the run, and a fresh, migrated database for each test."""

from __future__ import annotations

import itertools
import logging
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import asyncpg
import pytest

from benchmarks.databases import ENGINES, postgres_server
from bot import logs
from bot.storage.database import Database, connect
from bot.storage.migrations import available, migrate
from simulator.driver import Telegram

SHAPE = (
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
    " WHERE table_schema = 'public' ORDER BY table_name, column_name"
)

_numbers = itertools.count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the conversations beside any failure of a test that has a simulated Telegram."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for fixture in item.funcargs.values():
            if isinstance(fixture, Telegram):
                report.sections.append(("Conversations", fixture.transcript))
    return report


class PostgresServer:
    """A PostgreSQL server for this test process, on a socket in a folder of its own."""

    TEMPLATE = "migrated"

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._kept: str | None = None
        self._shape: list[asyncpg.Record] | None = None

    async def wiped(self) -> str:
        """The URL of a migrated database without a row.

        It is the one of the test before, emptied, which takes a tenth of the time that a new one does; a test that
        changed its tables leaves it to nobody.
        """
        if self._kept is not None and await self._wipe(self.url(self._kept)):
            return self.url(self._kept)
        self._kept = f"test_{next(_numbers)}"
        await self.execute(f"CREATE DATABASE {self._kept} TEMPLATE {self.TEMPLATE}")
        return self.url(self._kept)

    async def _wipe(self, url: str) -> bool:
        """Empty a database; False when it is not as the migrations made it."""
        connection = await asyncpg.connect(url)
        try:
            # Whoever a test left behind must neither see nor hold up what comes.
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            shape = await connection.fetch(SHAPE)
            if self._shape is None:
                template = await asyncpg.connect(self.url(self.TEMPLATE))
                self._shape = await template.fetch(SHAPE)
                await template.close()
            if shape != self._shape:
                return False
            tables = {row["table_name"] for row in shape} - {"schema_migrations"}
            await connection.execute(
                "SET session_replication_role = replica; "  # whatever refers to what
                + "; ".join(f"DELETE FROM {table}" for table in sorted(tables))
            )
            applied = await connection.fetchval("SELECT COUNT(*) FROM schema_migrations")
            return bool(applied == len(available()))
        finally:
            await connection.close()

    def url(self, name: str) -> str:
        return self._uri.replace("/postgres?", f"/{name}?")

    async def execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._uri)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def create(self, *, template: str | None = None) -> str:
        """The URL of a new database, empty or a copy of ``template``."""
        name = f"test_{next(_numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self.url(name)

    async def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        await self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server; started when the first test asks for it, gone with its files at the end."""
    with postgres_server() as url:
        yield PostgresServer(url)


@pytest.fixture(scope="session")
async def migrated_postgres(postgres: PostgresServer) -> PostgresServer:
    """The server with a migrated database to copy from."""
    # A test's data need not outlive a power cut.
    await postgres.execute(
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "SELECT pg_reload_conf()",
        f"CREATE DATABASE {PostgresServer.TEMPLATE} TEMPLATE template0",
    )
    async with connect(postgres.url(PostgresServer.TEMPLATE)) as database:
        await migrate(database)
    return postgres


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    async with connect(f"sqlite:///{path}") as database:
        await migrate(database)
    return path


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: a test that asks for it (or for ``database``) runs on both."""
    return str(request.param)


@pytest.fixture
def postgres_or_none(engine: str, request: pytest.FixtureRequest) -> PostgresServer | None:
    """The server where this run of the test needs one; a run on SQLite never starts it."""
    if engine == "sqlite":
        return None
    server: PostgresServer = request.getfixturevalue("migrated_postgres")
    return server


@pytest.fixture
async def database_url(
    postgres_or_none: PostgresServer | None, tmp_path: Path, migrated_sqlite: Path
) -> AsyncIterator[str]:
    """The ``DATABASE_URL`` of a migrated database that this test has for itself, for programs that it starts."""
    if postgres_or_none is None:
        path = tmp_path / "rakor.db"
        shutil.copy(migrated_sqlite, path)
        yield f"sqlite:///{path}"
    else:
        yield await postgres_or_none.wiped()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database that this test has for itself; on both engines."""
    async with connect(database_url) as opened:
        yield opened


@pytest.fixture
async def empty_database_url(postgres_or_none: PostgresServer | None, tmp_path: Path) -> AsyncIterator[str]:
    """The ``DATABASE_URL`` of a database without any table."""
    if postgres_or_none is None:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        url = await postgres_or_none.create()
        yield url
        await postgres_or_none.drop(url)


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Undo what a test did to the process's logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in levels.items():
        logging.getLogger(name).setLevel(former)
    logging.captureWarnings(False)
