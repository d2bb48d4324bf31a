"""A table of notes, to try a database with."""

from __future__ import annotations

from bot.storage.database import Database, Transaction, Work


async def create(tx: Transaction) -> None:
    await tx.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)")


async def texts(database: Database) -> list[str]:
    async def query(tx: Transaction) -> list[str]:
        return [row["text"] for row in await tx.all("SELECT text FROM notes ORDER BY id")]

    return await database.read(query)


def adding(number: int, text: str) -> Work[int]:
    """A transaction function that adds one note and returns how many rows that touched."""

    async def work(tx: Transaction) -> int:
        return await tx.run("INSERT INTO notes (id, text) VALUES (:id, :text)", id=number, text=text)

    return work
