"""From nothing, and from every version before, to the schema of this program; on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.database import StorageError, Transaction, connect
from bot.storage.migrations import available, migrate
from tests.conftest import PostgresServer


def folder_of(tmp_path: Path, files: dict[str, str]) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


FIRST = {"0001_first.sql": "-- a comment; not a statement\nCREATE TABLE one (id BIGINT PRIMARY KEY);\n"}
SECOND = {"0002_second.sql": "CREATE TABLE two (id BIGINT PRIMARY KEY);\nINSERT INTO one (id) VALUES (1);\n"}


def test_the_program_brings_its_migrations_in_order() -> None:
    found = available()

    assert found[0].name == "0001_initial"
    assert [migration.version for migration in found] == list(range(1, len(found) + 1))


async def test_a_new_database_gets_all_and_a_second_run_does_nothing(empty_database_url: str) -> None:
    async with connect(empty_database_url) as database:
        assert await migrate(database) == [migration.name for migration in available()]
        assert await migrate(database) == []


async def test_an_older_database_gets_what_it_lacks_and_keeps_its_rows(
    empty_database_url: str, tmp_path: Path
) -> None:
    async def rows(tx: Transaction) -> list[int]:
        return [row["id"] for row in await tx.all("SELECT id FROM one ORDER BY id")]

    async def enter(tx: Transaction) -> None:
        await tx.run("INSERT INTO one (id) VALUES (7)")

    async with connect(empty_database_url) as database:
        assert await migrate(database, folder_of(tmp_path, FIRST)) == ["0001_first"]
        await database.write(enter)
        assert await migrate(database, folder_of(tmp_path, SECOND)) == ["0002_second"]
        assert await database.read(rows) == [1, 7]


async def test_a_failing_migration_leaves_the_database_as_it_was(
    empty_database_url: str, tmp_path: Path
) -> None:
    folder = folder_of(
        tmp_path, FIRST | {"0002_broken.sql": "CREATE TABLE two (id BIGINT);\nDROP TABLE absent;\n"}
    )
    async with connect(empty_database_url) as database:
        with pytest.raises(StorageError):
            await migrate(database, folder)

        (folder / "0002_broken.sql").write_text("CREATE TABLE two (id BIGINT);")
        assert await migrate(database, folder) == ["0001_first", "0002_broken"]


async def test_a_database_of_a_newer_program_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    async with connect(empty_database_url) as database:
        await migrate(database, folder_of(tmp_path, FIRST | SECOND))
        (tmp_path / "migrations" / "0002_second.sql").unlink()

        with pytest.raises(StorageError, match="the database is at version 2, this program knows 1"):
            await migrate(database, tmp_path / "migrations")


@pytest.mark.parametrize(
    "names",
    [
        ["0002_second.sql"],
        ["0001_first.sql", "0003_third.sql"],
        ["0001_first.sql", "0001_again.sql", "0002_second.sql"],
    ],
)
def test_gaps_and_doubles_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(StorageError, match="not numbered"):
        available(folder_of(tmp_path, dict.fromkeys(names, "")))


async def test_both_engines_have_the_same_tables_and_columns(
    migrated_sqlite: Path, migrated_postgres: PostgresServer
) -> None:
    async with connect(f"sqlite:///{migrated_sqlite}") as database:

        async def of_sqlite(tx: Transaction) -> list[tuple[str, str]]:
            rows = await tx.all(
                "SELECT tables.name AS t, columns.name AS c FROM sqlite_schema AS tables,"
                " pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
            )
            return sorted((row["t"], row["c"]) for row in rows)

        ours = await database.read(of_sqlite)
    async with connect(migrated_postgres.url(PostgresServer.TEMPLATE)) as database:

        async def of_postgres(tx: Transaction) -> list[tuple[str, str]]:
            rows = await tx.all(
                "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
            return sorted((row["t"], row["c"]) for row in rows)

        theirs = await database.read(of_postgres)
    assert ours == theirs
    assert ("inbox", "update_id") in ours
