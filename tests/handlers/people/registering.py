"""Registering in the chat, for tests of it."""

from __future__ import annotations

from bot.storage import conversations, participants
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from tests.handlers.conftest import Chatter

DETAILS = ("Ani Lestari", "KPU", "KPU Kota Palembang", "Member")


async def fill(person: Chatter, *details: str) -> None:
    """Answer the form's questions after the consent: name, group, institution, position."""
    name, sector, institution, position = details or DETAILS
    await person.says(name)
    await person.taps(sector)
    await person.says(institution)
    await person.says(position)


async def registers(person: Chatter, *details: str, agree: str = "I agree", send: str = "Send") -> None:
    await person.says("/daftar")
    await person.taps(agree)
    await fill(person, *details)
    await person.taps(send)


async def all_of(database: Database, person: Chatter) -> list[Participant]:
    return await database.read(lambda tx: participants.all_of_person(tx, person.id))


async def details_of(database: Database, person: Chatter) -> list[tuple[str, ...]]:
    return [
        (item.name, item.sector, item.institution, item.position, item.state)
        for item in await all_of(database, person)
    ]


async def becomes(database: Database, meeting: Meeting, state: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("UPDATE meetings SET state = :state WHERE id = :id", state=state, id=meeting.id)

    await database.write(work)


async def draft_of(database: Database, person: Chatter) -> bool:
    found = await database.read(lambda tx: conversations.find(tx, person.id, person.id))
    return found is not None
