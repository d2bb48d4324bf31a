"""What people want of an office's regulation reminders: none, not of some topics, not before an hour of the day."""

from __future__ import annotations

from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.values import millis


async def opted_out(tx: Transaction, office_id: int, person_id: int) -> bool:
    """Whether the person wants no regulation reminders from the office."""
    found = await tx.one(
        "SELECT 1 AS yes FROM reminder_optouts WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )
    return found is not None


async def opt_out(tx: Transaction, office_id: int, person_id: int) -> None:
    await tx.run(
        "INSERT INTO reminder_optouts (office_id, person_id) VALUES (:office, :person)"
        " ON CONFLICT (office_id, person_id) DO NOTHING",
        office=office_id,
        person=person_id,
    )


async def opt_in(tx: Transaction, office_id: int, person_id: int) -> None:
    """Let all come again that are not of a stopped topic."""
    await tx.run(
        "DELETE FROM reminder_optouts WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )


async def stopped_topics(tx: Transaction, office_id: int, person_id: int) -> set[str]:
    rows = await tx.all(
        "SELECT topic FROM stopped_topics WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )
    return {row["topic"] for row in rows}


async def stop_topic(tx: Transaction, office_id: int, person_id: int, topic: str) -> None:
    await tx.run(
        "INSERT INTO stopped_topics (office_id, person_id, topic) VALUES (:office, :person, :topic)"
        " ON CONFLICT (office_id, person_id, topic) DO NOTHING",
        office=office_id,
        person=person_id,
        topic=topic,
    )


async def start_topic(tx: Transaction, office_id: int, person_id: int, topic: str) -> None:
    await tx.run(
        "DELETE FROM stopped_topics WHERE office_id = :office AND person_id = :person AND topic = :topic",
        office=office_id,
        person=person_id,
        topic=topic,
    )


async def who_stopped(tx: Transaction, broadcast_id: int) -> set[int]:
    """The people who stopped reminders like this one, all or its topic; of what cannot be stopped, nobody."""
    rows = await tx.all(
        "SELECT wishes.person_id AS person FROM broadcasts JOIN ("
        "SELECT office_id, person_id, NULL AS topic FROM reminder_optouts"
        " UNION ALL SELECT office_id, person_id, topic FROM stopped_topics"
        ") AS wishes ON wishes.office_id = broadcasts.office_id"
        " WHERE broadcasts.id = :id AND broadcasts.kind = 'reminder' AND broadcasts.topic <> 'meeting'"
        " AND (wishes.topic IS NULL OR wishes.topic = broadcasts.topic)",
        id=broadcast_id,
    )
    return {row["person"] for row in rows}


async def hour_of(tx: Transaction, office_id: int, person_id: int) -> int | None:
    """The earliest hour of the day for a person's reminders; None for when they are due."""
    hour: int | None = await tx.value(
        "SELECT hour FROM reminder_hours WHERE office_id = :office AND person_id = :person",
        office=office_id,
        person=person_id,
    )
    return hour


async def set_hour(tx: Transaction, office_id: int, person_id: int, hour: int | None) -> None:
    if hour is None:
        await tx.run(
            "DELETE FROM reminder_hours WHERE office_id = :office AND person_id = :person",
            office=office_id,
            person=person_id,
        )
        return
    await tx.run(
        "INSERT INTO reminder_hours (office_id, person_id, hour) VALUES (:office, :person, :hour)"
        " ON CONFLICT (office_id, person_id) DO UPDATE SET hour = excluded.hour",
        office=office_id,
        person=person_id,
        hour=hour,
    )


async def hours(tx: Transaction, office_id: int, after: int) -> list[int]:
    """The hours later than ``after`` that people of an office chose."""
    rows = await tx.all(
        "SELECT DISTINCT hour FROM reminder_hours WHERE office_id = :office AND hour > :after ORDER BY hour",
        office=office_id,
        after=after,
    )
    return [row["hour"] for row in rows]


async def defer(tx: Transaction, broadcast_id: int, office_id: int, hour: int, due_at: datetime) -> None:
    """Hold the deliveries of a broadcast to those who chose this hour until it has come (on the program's clock)."""
    await tx.run(
        "INSERT INTO deferred_deliveries (broadcast_id, chat_id, due_at)"
        " SELECT deliveries.broadcast_id, deliveries.chat_id, CAST(:due AS BIGINT) FROM deliveries"
        " JOIN reminder_hours AS chosen ON chosen.person_id = deliveries.chat_id"
        " WHERE deliveries.broadcast_id = :broadcast AND deliveries.state = 'pending'"
        " AND chosen.office_id = :office AND chosen.hour = :hour",
        broadcast=broadcast_id,
        office=office_id,
        hour=hour,
        due=millis(due_at),
    )
    await tx.run(
        "UPDATE deliveries SET state = 'held' WHERE broadcast_id = :broadcast AND state = 'pending' AND chat_id IN"
        " (SELECT chat_id FROM deferred_deliveries WHERE broadcast_id = :broadcast)",
        broadcast=broadcast_id,
    )


async def release_deferred(tx: Transaction, now: datetime) -> int:
    """Let the deliveries go whose hour has come, unless their broadcast was stopped meanwhile; how many are over."""
    await tx.lock("deferred")
    await tx.run(
        "UPDATE deliveries SET state = 'pending', next_at = 0 WHERE state = 'held' AND (broadcast_id, chat_id) IN"
        " (SELECT broadcast_id, chat_id FROM deferred_deliveries WHERE due_at <= :now)"
        " AND (SELECT state FROM broadcasts WHERE id = deliveries.broadcast_id) = 'started'",
        now=millis(now),
    )
    return await tx.run("DELETE FROM deferred_deliveries WHERE due_at <= :now", now=millis(now))
