"""Somebody who has the whole database and knows when each person wrote, and looks for who wrote what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Database, Row, Transaction
from bot.storage.values import millis

PLACE, TRANSACTION = "its place", "its transaction"
"""What the engines keep about a row beside its columns."""

SEALED = {("moderation_claims", "until_at")}
"""Moments that are harmless as long as their row does not lead to a text: of what a moderator does, not an author."""

ENOUGH = 6
"""How many rows must lie in the order of the sending before it is no accident (1 : 360)."""


@dataclass(frozen=True)
class Dump:
    """Every row of every table, in the order in which the engine keeps them."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]

    def rows_with(self, marks: Sequence[object]) -> list[tuple[str, Mapping[str, Any]]]:
        """The rows, with their tables, that hold one of the marks: as a value, or inside a text."""
        found = {str(mark) for mark in marks}
        return [
            (table, row)
            for table, rows in self.tables.items()
            for row in rows
            if any(
                mark in str(value)
                for column, value in row.items()
                if column not in (PLACE, TRANSACTION)
                for mark in found
            )
        ]


async def take(database: Database) -> Dump:
    """What a thief of the database gets."""

    async def sqlite(tx: Transaction) -> Dump:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        return Dump({row["name"]: await _rows(tx, row["name"], "rowid", PLACE) for row in tables})

    async def postgres(tx: Transaction) -> Dump:
        tables = await tx.all("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        dump = {}
        for table in tables:
            rows = await _rows(tx, table["name"], "CAST(xmin AS TEXT)", TRANSACTION)
            dump[table["name"]] = [{PLACE: place, **row} for place, row in enumerate(rows)]
        return Dump(dump)

    return await database.read(sqlite if database.engine == "sqlite" else postgres)


async def _rows(tx: Transaction, table: str, hidden: str, name: str) -> list[dict[str, Any]]:
    """The rows as they lie there; what the engine hides about each comes first, under ``name``."""
    rows = await tx.all(f"SELECT {hidden} AS hidden, * FROM {table}")
    return [{name if column == "hidden" else column: row[column] for column in _columns(row)} for row in rows]


def _columns(row: Row) -> list[str]:
    return list(row.keys())


@dataclass(frozen=True)
class Sending:
    """What the adversary knows: who wrote, with all that names them, and when; in the order of the sending."""

    authors: Sequence[Sequence[object]]
    texts: Sequence[str]
    """Not known to whom each belongs; here to tell whether a clue leads anywhere."""
    since: datetime
    until: datetime


def clues(before: Dump, after: Dump, sending: Sending) -> set[str]:
    """What in the database tells, or narrows down, who wrote which text; empty when there is nothing."""
    return (
        _together(after, sending)
        | _changed(before, after, sending)
        | _orders(after, sending)
        | _moments(after, sending)
        | _transactions(after, sending)
    )


def _together(after: Dump, sending: Sending) -> set[str]:
    """A person and a text in one row, or a row that points to both."""
    ids = [row["id"] for row in _written(after, sending)]
    marks = [mark for author in sending.authors for mark in author]
    about = after.rows_with([*sending.texts, *ids])
    return {f"{table} holds both" for table, row in about if (table, row) in after.rows_with(marks)}


def _changed(before: Dump, after: Dump, sending: Sending) -> set[str]:
    """Something about a person that is otherwise than before they wrote."""
    return {
        f"{table} changed"
        for author in sending.authors
        for table, row in _difference(before.rows_with(author), after.rows_with(author))
    }


def _difference(
    first: list[tuple[str, Mapping[str, Any]]], second: list[tuple[str, Mapping[str, Any]]]
) -> list[tuple[str, Mapping[str, Any]]]:
    return [item for item in second if item not in first] + [item for item in first if item not in second]


def _orders(after: Dump, sending: Sending) -> set[str]:
    """A column, or the place of the rows, that brings texts into the order in which people wrote."""
    rows = _written(after, sending)
    found = set()
    for column in rows[0] if rows else ():
        known = [row for row in rows if row[column] is not None]
        values = [_comparable(row[column]) for row in known]
        if len(known) < ENOUGH or len(set(values)) < len(values):
            continue
        order = [_place(row, sending) for _, row in sorted(zip(values, known, strict=True), key=_first)]
        if order in (sorted(order), sorted(order, reverse=True)):
            found.add(f"submissions: the order of {column}")
    return found - {"submissions: the order of text", "submissions: the order of original_text"}


def _first(pair: tuple[Any, Mapping[str, Any]]) -> Any:
    return pair[0]


def _comparable(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _moments(after: Dump, sending: Sending) -> set[str]:
    """A moment from the time of the sending."""
    since, until = millis(sending.since), millis(sending.until)
    leading = after.rows_with([row["id"] for row in _written(after, sending)])
    return {
        f"{table}.{column} is a moment"
        for table, rows in after.tables.items()
        for row in rows
        for column, value in row.items()
        if isinstance(value, int) and since <= value <= until
        if (table, column) not in SEALED or (table, row) in leading
    }


def _transactions(after: Dump, sending: Sending) -> set[str]:
    """A row about a person that was written together with a text."""
    written = {row.get(TRANSACTION) for row in _written(after, sending)} - {None}
    marks = [mark for author in sending.authors for mark in author]
    return {
        f"{table} has the transaction of a text"
        for table, row in after.rows_with(marks)
        if row.get(TRANSACTION) in written
    }


def _written(after: Dump, sending: Sending) -> list[Mapping[str, Any]]:
    return [
        row
        for row in after.tables["submissions"]
        if row["text"] in sending.texts or row["original_text"] in sending.texts
    ]


def _place(row: Mapping[str, Any], sending: Sending) -> int:
    """When a text was written, as its place among all."""
    return sending.texts.index(row["text"] if row["text"] in sending.texts else row["original_text"])
