"""Participants and groups that a broadcast can reach, made without the forms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import groups, people
from bot.storage.database import Transaction
from bot.storage.values import millis
from simulator.driver import GroupDriver, PersonDriver
from tests.e2e.conftest import Hall


async def takes_part(hall: Hall, name: str, sector: str, language: str = "id") -> PersonDriver:
    """A registered participant, who started the bot."""
    driver = hall.tg.person(name, language_code=language)
    driver.person.started = True

    async def register(tx: Transaction) -> None:
        now = hall.clock.now()
        await people.see(tx, driver.id, language, now.date(), private=True)
        await people.follow(tx, driver.id, hall.meeting_id)
        await registration.register(
            tx,
            meeting_id=hall.meeting_id,
            person_id=driver.id,
            details=Details(sector, name, "Institution", "Member"),
            now=now,
        )

    await hall.write(register)
    return driver


async def bound_group(hall: Hall, *members: PersonDriver) -> GroupDriver:
    """A group that an organiser connected to the meeting."""
    group = hall.tg.group("Rakor", [hall.budi, *members])
    await group.adds_bot(hall.budi)

    async def bind(tx: Transaction) -> None:
        await groups.see(tx, group.id, "Rakor")
        await groups.bind(tx, group.id, hall.office_id, hall.meeting_id, None, hall.clock.now())

    await hall.write(bind)
    return group


async def becomes_true(hall: Hall, condition: Callable[[Transaction], Awaitable[bool]]) -> None:
    """Wait for a state of the database."""
    async with asyncio.timeout(hall.tg.timeout_seconds):
        while not await hall.read(condition):
            await asyncio.sleep(0.01)


async def all_delivered(tx: Transaction) -> bool:
    """Nothing is on its way, and what arrived is known by its message: an answer to it is recognised."""
    return not await tx.value("SELECT COUNT(*) FROM deliveries WHERE state IN ('pending', 'sending')")


async def all_told(tx: Transaction) -> bool:
    """Everything is delivered, and what tells its author how far it came says so."""
    still_told = await tx.value("SELECT COUNT(*) FROM broadcasts WHERE progress_at IS NOT NULL")
    return not still_told and await all_delivered(tx)


async def becomes_unrecorded(tx: Transaction) -> None:
    """As in the instant when Telegram shows a message already, and its answer has not reached the bot."""
    await tx.run(
        "UPDATE deliveries SET state = 'sending', sender = 1, message_id = NULL, next_at = :until",
        until=millis(datetime.now(UTC) + timedelta(hours=1)),
    )
