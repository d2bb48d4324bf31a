"""What PostgreSQL alone can do to a transaction."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.database import Database, StorageError, StorageUnavailable, Transaction, Work
from bot.storage.postgres import positional
from tests.storage.notes import adding, texts

on_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def test_named_parameters_become_numbers_in_the_order_of_the_statement() -> None:
    assert positional("SELECT CAST(:b AS TEXT), :a::bigint, :b_2, '12:30' WHERE x = :b") == (
        "SELECT CAST($1 AS TEXT), $2::bigint, $3, '12:30' WHERE x = $1",
        ("b", "a", "b_2"),
    )


@on_postgres
async def test_a_parameter_of_the_wrong_type_is_not_taken_for_a_lost_connection(notes: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (:id, 'x')", id="seven")

    with pytest.raises(StorageError) as caught:
        await notes.write(work)

    assert not isinstance(caught.value, StorageUnavailable)


@on_postgres
async def test_of_two_that_wait_for_each_other_both_succeed(notes: Database) -> None:
    await notes.write(adding(1, "a"))
    await notes.write(adding(2, "b"))
    held = {1: asyncio.Event(), 2: asyncio.Event()}
    runs = []

    def crossing(first: int, second: int) -> Work[None]:
        async def work(tx: Transaction) -> None:
            runs.append(first)
            await tx.run("UPDATE notes SET text = text || '!' WHERE id = :id", id=first)
            held[first].set()
            await held[second].wait()
            await tx.run("UPDATE notes SET text = text || '?' WHERE id = :id", id=second)

        return work

    await asyncio.gather(notes.write(crossing(1, 2)), notes.write(crossing(2, 1)))

    assert len(runs) == 3  # the server broke one of them off, and it was run again
    assert sorted("".join(sorted(text[1:])) for text in await texts(notes)) == ["!?", "!?"]


@on_postgres
async def test_a_lost_connection_is_told_and_replaced(notes: Database) -> None:
    async def cut(tx: Transaction) -> None:
        await tx.run("INSERT INTO notes (id, text) VALUES (1, 'lost')")
        await tx.value("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(StorageUnavailable):
        await notes.write(cut)

    await notes.write(adding(2, "kept"))
    assert await texts(notes) == ["kept"]


@on_postgres
async def test_a_lock_holds_others_out_until_the_end(notes: Database) -> None:
    entered, order = asyncio.Event(), []

    async def first(tx: Transaction) -> None:
        await tx.lock("number")
        entered.set()
        await tx.value("SELECT pg_sleep(0.05)")
        order.append("first")

    async def second(tx: Transaction) -> None:
        await tx.lock("number")
        order.append("second")

    held = asyncio.create_task(notes.write(first))
    await entered.wait()
    await notes.write(second)
    await held

    assert order == ["first", "second"]
