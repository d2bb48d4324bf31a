"""A meeting with its office, people and sessions, for the tests of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.dialogue import authorship, moderation, sessions, submissions
from bot.domain.dialogue.moderation import Case
from bot.domain.dialogue.sessions import Switched
from bot.domain.dialogue.submissions import Draft
from bot.storage import meetings, offices, participants, people
from bot.storage import sessions as stored_sessions
from bot.storage.database import Database, Transaction
from bot.storage.offices import Sector
from bot.storage.participants import Participant
from bot.storage.sessions import Session
from bot.storage.submissions import Attachment, Submission
from bot.storage.values import new_code

NOW = datetime(2030, 3, 4, 3, 30, tzinfo=UTC)
"""10.30 WIB."""

ANI, BUDI, CITRA, DEWI = 700_000_001, 700_000_002, 700_000_003, 700_000_004
"""Ani takes part, Budi moderates, Citra is a stranger, Dewi organises."""

SECRET = b"the secret of this installation"


@dataclass(frozen=True)
class Dialogue:
    """What a test has at hand."""

    office_id: int
    meeting_id: int
    session: Session
    """Open; both named and anonymous; three submissions a person."""


async def register(tx: Transaction, meeting_id: int, person_id: int, name: str) -> Participant:
    """Make a person known and register them for the meeting."""
    await people.see(tx, person_id, "id", NOW.date(), private=True)
    participant = await participants.add(
        tx,
        meeting_id=meeting_id,
        person_id=person_id,
        sector="asn",
        name=name,
        institution="Dinas Kominfo",
        position="Staf",
        ticket=new_code(8),
        search="",
        state="registered",
        now=NOW,
    )
    assert participant is not None
    return participant


async def add_session(
    tx: Transaction,
    meeting_id: int,
    slug: str,
    *,
    agenda_slug: str | None = None,
    anonymity: str = stored_sessions.ALLOWED,
    kinds: tuple[str, ...] = stored_sessions.KINDS,
    limit_per_person: int = 3,
    text_limit: int = 500,
    position: int = 0,
) -> Session:
    return await stored_sessions.save(
        tx,
        meeting_id,
        slug=slug,
        agenda_slug=agenda_slug,
        topic={"id": f"Topik {slug}", "en": f"Topic {slug}"},
        prompt={"id": "Apa tantangannya?", "en": "What is the challenge?"},
        kinds=kinds,
        anonymity=anonymity,
        limit_per_person=limit_per_person,
        text_limit=text_limit,
        position=position,
    )


async def make(database: Database) -> Dialogue:
    """A running meeting with one open session. Ani is registered, Budi and Dewi belong to the office."""

    async def work(tx: Transaction) -> Dialogue:
        office = await offices.save(
            tx,
            code="bawaslu-kota",
            name="Bawaslu Kota",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=NOW,
        )
        await offices.save_sectors(tx, office.id, [Sector("asn", {"id": "ASN", "en": "Civil service"})])
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor",
            title={"id": "Rakor"},
            theme={"id": "Sinergitas"},
            venue="Aula",
            address="",
            starts_at=NOW - timedelta(hours=2),
            ends_at=NOW + timedelta(hours=2),
            timezone="Asia/Jakarta",
            state=meetings.RUNNING,
            contact="",
            now=NOW,
        )
        await register(tx, meeting.id, ANI, "Ani")
        for person_id, role in ((BUDI, "moderator"), (DEWI, "organiser")):
            await people.see(tx, person_id, "id", NOW.date(), private=True)
            await offices.grant(tx, office.id, person_id, role, NOW)
        planned = await add_session(tx, meeting.id, "dialog")
        opened = await sessions.open_session(tx, planned.id, DEWI, NOW)
        return Dialogue(office.id, meeting.id, opened.session)

    return await database.write(work)


async def send_named(
    database: Database,
    session_id: int,
    person_id: int,
    text: str,
    *,
    kind: str = "challenge",
    attachment: Attachment | None = None,
) -> Submission:
    draft = Draft(session_id, kind, text)
    submission, _ = await database.write(
        lambda tx: submissions.send_named(tx, draft, person_id, attachment, SECRET, NOW)
    )
    return submission


async def send_anonymously(
    database: Database,
    session_id: int,
    person_id: int,
    text: str,
    *,
    kind: str = "challenge",
    answers_id: int | None = None,
) -> tuple[Submission, str]:
    """The submission and its receipt."""
    draft = Draft(session_id, kind, text, answers_id)
    submission, _, receipt = await database.write(
        lambda tx: submissions.send_anonymously(tx, draft, person_id, SECRET, NOW)
    )
    return submission, receipt


async def joins(database: Database, dialogue: Dialogue, person_id: int, name: str) -> Participant:
    return await database.write(lambda tx: register(tx, dialogue.meeting_id, person_id, name))


async def opens(database: Database, session_id: int, person_id: int = DEWI, now: datetime = NOW) -> Switched:
    return await database.write(lambda tx: sessions.open_session(tx, session_id, person_id, now))


async def closes(database: Database, session_id: int, person_id: int = DEWI, now: datetime = NOW) -> Switched:
    return await database.write(lambda tx: sessions.close_session(tx, session_id, person_id, now))


async def publishes(database: Database, submission_id: int, person_id: int = BUDI) -> Case:
    return await database.write(lambda tx: moderation.publish(tx, submission_id, person_id, SECRET, NOW))


async def refuses(
    database: Database, submission_id: int, person_id: int = BUDI, reason: str = "off-topic"
) -> Case:
    return await database.write(
        lambda tx: moderation.refuse(tx, submission_id, person_id, reason, SECRET, NOW)
    )


async def by_receipt(database: Database, receipt: str) -> Submission:
    return await database.read(lambda tx: authorship.by_receipt(tx, receipt))
