"""The people of a desk: who organises, who moderates, who takes part, and an office that it is none of its business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import Arrival
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import attendance as stored
from bot.storage import meetings, offices, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office, Sector
from bot.storage.participants import Participant

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ANI, BUDI, CITRA, DEWI = 1001, 1002, 1003, 1004


@dataclass
class Hall:
    """Budi is an organiser, Dewi moderates, Citra is an organiser of another office."""

    office: Office
    meeting: Meeting
    other: Meeting
    """Another meeting of the same office."""
    foreign: Meeting
    """A meeting of Citra's office."""


async def office_with_meetings(
    tx: Transaction, code: str, *meeting_codes: str
) -> tuple[Office, list[Meeting]]:
    office = await offices.save(
        tx, code=code, name=code, city="", timezone="Asia/Jakarta", locale="id", contact="", now=NOW
    )
    await offices.save_sectors(
        tx, office.id, [Sector(name, {"id": name}) for name in ("tni", "kpu", "media")]
    )
    made = []
    for meeting_code in meeting_codes:
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code=meeting_code,
            title={"id": meeting_code},
            theme={},
            venue="",
            address="",
            starts_at=NOW,
            ends_at=NOW,
            timezone="Asia/Jakarta",
            state=meetings.RUNNING,
            contact="",
            now=NOW,
        )
        await meetings.save_quota(tx, meeting.id, "tni", 1)
        await meetings.save_quota(tx, meeting.id, "kpu", None)
        made.append(meeting)
    return office, made


async def a_hall(database: Database) -> Hall:
    """A fresh one."""

    async def make(tx: Transaction) -> Hall:
        office, (meeting, other) = await office_with_meetings(tx, "palembang", "rakor-1", "rakor-2")
        citras, (foreign,) = await office_with_meetings(tx, "lain", "rakor-3")
        await roles.appoint(tx, office.id, BUDI, roles.ORGANISER, NOW, by=None)
        await roles.appoint(tx, office.id, DEWI, roles.MODERATOR, NOW, by=None)
        await roles.appoint(tx, citras.id, CITRA, roles.ORGANISER, NOW, by=None)
        return Hall(office, meeting, other, foreign)

    return await database.write(make)


async def registers(
    database: Database, meeting: Meeting, person_id: int, name: str = "Ani", institution: str = "KPU"
) -> Participant:
    async def work(tx: Transaction) -> Participant:
        await people.see(tx, person_id, "id", NOW.date(), private=True)
        return await registration.register(
            tx, meeting.id, person_id, Details("kpu", name, institution, "Staf"), NOW
        )

    return await database.write(work)


async def checks_in(
    database: Database, operator: int, participant: Participant, now: datetime = NOW
) -> Arrival:
    return await database.write(
        lambda tx: attendance.check_in(tx, participant.id, operator, stored.SCAN, now)
    )
