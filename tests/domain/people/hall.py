"""A meeting to which people are invited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.domain import roles
from bot.domain.people import invitations, invited, registration
from bot.domain.people.registration import Details
from bot.storage import invitees, meetings, offices, people
from bot.storage.database import Database, Transaction
from bot.storage.invitations import SECTOR, Invitation
from bot.storage.invitees import Entry, Invitee
from bot.storage.offices import Sector

T = TypeVar("T")

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
ANI, BUDI, CITRA, DEWI = 1001, 1002, 1003, 1004
ALI = Entry(
    "tni", "Letkol Inf. Ali Akbar", "Kodim 0418", "Dandim", "+6281234567890", "Letkol", "11980012340577"
)


@dataclass(frozen=True)
class Hall:
    """A meeting with two seats for ``tni`` and no limit for ``kpu``; Budi is its organiser."""

    database: Database
    office_id: int
    meeting_id: int

    async def does(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.database.write(work)

    async def invites(self, entry: Entry = ALI) -> Invitee:
        return await self.does(lambda tx: invited.add(tx, self.meeting_id, BUDI, entry, NOW))

    async def payload(self, invitation: Invitation) -> str:
        return await self.does(lambda tx: invitations.payload_of(tx, invitation.id, self.office_id))

    async def personal(self, invitee: Invitee) -> Invitation:
        return await self.does(lambda tx: invitations.personal_link(tx, invitee, NOW))

    async def opens(self, person: int, invitation: Invitation, now: datetime = NOW) -> invitations.Opened:
        payload = await self.payload(invitation)
        return await self.does(lambda tx: invitations.open_link(tx, payload, person, now))

    async def registers(self, person: int, invitation: Invitation, details: Details) -> str:
        async def work(tx: Transaction) -> str:
            origin = await invitations.origin_for(tx, invitation.id, person, NOW)
            return (await registration.register(tx, self.meeting_id, person, details, NOW, origin)).state

        return await self.does(work)

    async def state(self, invitee: Invitee) -> str:
        found = await self.does(lambda tx: invitees.find(tx, invitee.id))
        assert found is not None
        return found.state


async def make_hall(database: Database) -> Hall:
    async def make(tx: Transaction) -> tuple[int, int]:
        office = await offices.save(
            tx,
            code="palembang",
            name="Bawaslu Kota Palembang",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=NOW,
        )
        await offices.save_sectors(
            tx, office.id, [Sector(code, {"id": code.upper()}) for code in ("tni", "kpu")]
        )
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor",
            title={"id": "Rakor"},
            theme={},
            venue="",
            address="",
            starts_at=NOW + timedelta(days=10),
            ends_at=NOW + timedelta(days=10, hours=6),
            timezone="Asia/Jakarta",
            state=meetings.OPEN,
            contact="",
            now=NOW,
        )
        await meetings.save_quota(tx, meeting.id, "tni", 2)
        await meetings.save_quota(tx, meeting.id, "kpu", None)
        await roles.appoint(tx, office.id, BUDI, roles.ORGANISER, NOW, by=None)
        for person in (ANI, BUDI, CITRA, DEWI):
            await people.see(tx, person, "id", NOW.date(), private=True)
        return office.id, meeting.id

    office_id, meeting_id = await database.write(make)
    return Hall(database, office_id, meeting_id)


def details(name: str, sector: str = "tni") -> Details:
    return Details(sector, name, "Kodim 0418", "Staf")


async def make_link(hall: Hall, **how: object) -> Invitation:
    kind = {"kind": SECTOR, "sector": "tni", **how}
    return await hall.does(lambda tx: invitations.make(tx, hall.meeting_id, BUDI, NOW, **kind))  # type: ignore[arg-type]
