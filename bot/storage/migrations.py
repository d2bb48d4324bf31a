"""Numbered ``.sql`` files, applied in order, each once and in one transaction; the same files for both engines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from bot.paths import resources
from bot.storage.database import Database, StorageError, Transaction

_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class Migration(NamedTuple):
    version: int
    name: str
    statements: tuple[str, ...]


def available(folder: Path | None = None) -> list[Migration]:
    """The migrations that this version of the program brings, oldest first.

    Raises:
        StorageError: a number is missing or used twice.
    """
    found = sorted(
        Migration(int(match[1]), path.stem, _statements(path.read_text("utf-8")))
        for path in (folder or resources("migrations")).glob("*.sql")
        if (match := _FILE.fullmatch(path.name))
    )
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise StorageError("the migrations are not numbered 1, 2, 3, …")
    return found


def _statements(text: str) -> tuple[str, ...]:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return tuple(part.strip() for part in "\n".join(lines).split(";") if part.strip())


async def migrate(database: Database, folder: Path | None = None) -> list[str]:
    """Bring the schema up to this program; the names of the migrations applied now.

    Raises:
        StorageError: the database was made by a newer version of the program.
    """
    migrations = available(folder)

    async def apply(tx: Transaction) -> list[str]:
        await tx.lock("migrations")
        await tx.run(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL)"
        )
        done = {row["version"] for row in await tx.all("SELECT version FROM schema_migrations")}
        if done and max(done) > len(migrations):
            raise StorageError(
                f"the database is at version {max(done)}, this program knows {len(migrations)}"
            )
        applied = []
        for migration in migrations:
            if migration.version in done:
                continue
            for statement in migration.statements:
                await tx.run(_for_engine(statement, database.engine))
            await tx.run(
                "INSERT INTO schema_migrations (version, name) VALUES (:version, :name)",
                version=migration.version,
                name=migration.name,
            )
            applied.append(migration.name)
        return applied

    return await database.write(apply)


def _for_engine(statement: str, engine: str) -> str:
    """SQLite's INTEGER holds 64 bits, and only as INTEGER PRIMARY KEY does an id become the row's own place.

    That saves an index, and a hidden row number that would tell the order in which anonymous submissions came.
    """
    return statement.replace("BIGINT", "INTEGER") if engine == "sqlite" else statement
