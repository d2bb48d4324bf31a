"""What people do in the dialogue, for the end-to-end tests of it."""

from __future__ import annotations

import re

import pytest

from bot.domain.dialogue.submissions import Draft, send_named
from bot.storage import participants, sessions
from bot.storage.database import Transaction
from bot.storage.sessions import Session
from bot.storage.values import new_code
from simulator.driver import PersonDriver, Seen
from tests.e2e.conftest import Hall

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what tests/domain holds on both engines already."""

RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
NUMBER = re.compile(r"nomor (\d{3})")
DRAFT = "Kalimat yang tidak boleh hilang"
TOPIC = "Tantangan dan solusi menghadapi Pemilihan Serentak 2024"


async def participant(hall: Hall, name: str = "Ani", language_code: str = "id") -> PersonDriver:
    """Somebody who opened the bot and is registered; how one registers is another test's matter."""
    person = hall.tg.person(name, language_code=language_code)
    await person.start(hall.code)
    await person.sees("Rapat Koordinasi" if language_code == "id" else "Coordination Meeting")
    await hall.write(
        lambda tx: participants.add(
            tx,
            meeting_id=hall.meeting_id,
            person_id=person.id,
            sector="asn",
            name=f"{name} Lestari",
            institution="Dinas Kominfo",
            position="Staf",
            ticket=new_code(8),
            search="",
            state="registered",
            now=hall.clock.now(),
        )
    )
    return person


async def opens_session(hall: Hall, how: str = "Buka") -> None:
    await hall.budi.says("/sesi")
    await hall.budi.taps(f"{how}: {TOPIC[:20]}")
    await hall.budi.sees("🟢")


async def closes_session(hall: Hall) -> None:
    await hall.budi.says("/sesi")
    await hall.budi.taps(f"Tutup: {TOPIC[:20]}")
    await hall.budi.taps("Ya, tutup")
    await hall.budi.sees("⚫")


async def begins(person: PersonDriver, *, how: str, kind: str) -> None:
    """From /masukan to the question what the person wants to say."""
    await person.says("/masukan")
    await person.taps(how)
    await person.taps(kind)


async def writes(person: PersonDriver, text: str, *, how: str, kind: str = "Tantangan") -> Seen:
    """From /masukan to the review."""
    await begins(person, how=how, kind=kind)
    await person.sees("Apa tantangan")
    await person.says(text)
    if how == "Dengan nama":
        await person.taps("Lewati")
    return await person.sees("periksa")


async def sends(person: PersonDriver, text: str, *, how: str, kind: str = "Tantangan") -> Seen:
    """From /masukan to the receipt: chats are served side by side, and before it a moderator may see nothing yet."""
    await writes(person, text, how=how, kind=kind)
    await person.taps("Kirim")
    return await person.sees("telah sampai")


async def is_writing(hall: Hall, *, how: str) -> PersonDriver:
    """A participant who looks at DRAFT once more before sending it to the open session."""
    person = await participant(hall)
    await opens_session(hall)
    await writes(person, DRAFT, how=how)
    return person


async def has_sent(hall: Hall, person: PersonDriver, *texts: str) -> None:
    """The session is open, and the person has sent these under their name."""

    async def send(tx: Transaction) -> None:
        session = (await sessions.of_meeting(tx, hall.meeting_id))[0]
        await sessions.open_session(tx, session.id, hall.clock.now())
        for text in texts:
            draft = Draft(session.id, "challenge", text)
            await send_named(tx, draft, person.id, None, hall.tg.token.encode(), hall.clock.now())

    await hall.write(send)


async def adds_session(hall: Hall, slug: str, topic: str, *, anonymity: str, opened: bool) -> Session:
    """Another session, for challenges only, without a prompt or a place in the agenda."""

    async def add(tx: Transaction) -> Session:
        session = await sessions.save(
            tx,
            hall.meeting_id,
            slug=slug,
            agenda_slug=None,
            topic={"id": topic},
            prompt={},
            kinds=("challenge",),
            anonymity=anonymity,
            limit_per_person=1,
            text_limit=500,
            position=9,
        )
        if opened:
            await sessions.open_session(tx, session.id, hall.clock.now())
        return session

    return await hall.write(add)


async def queue(hall: Hall, moderator: PersonDriver | None = None) -> Seen:
    """What waits first, in the moderator's chat."""
    who = moderator or hall.budi
    await who.says("/moderasi")
    return await who.sees(re.compile(r"(Moderasi|Moderation) · \d"))


async def refuses(hall: Hall, case: Seen, place: int = 1) -> None:
    """Refuse a case for the reason at this place of the list."""
    await hall.budi.taps("Tolak", message=case)
    asked = await hall.budi.sees("Mengapa ditolak?")
    await hall.budi.taps(str(place), message=asked)
    await hall.budi.sees("Ditolak oleh Budi")
