"""A small rakor in the database, for tests of what is sent to whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from bot.domain.notices.audience import EVERYONE, Audience
from bot.domain.notices.broadcasts import ANNOUNCEMENT, Content, create
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.domain.reminders.wordings import Wording
from bot.domain.roles import ORGANISER
from bot.storage import groups, meetings, offices, people, reminders
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Database, Row, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.reminders import LegalBasis, Reminder

T = TypeVar("T")

NOW = datetime(2024, 8, 1, 1, 0, tzinfo=UTC)
"""Thursday, 08.00 WIB; the meeting is on the Tuesday after."""

ANI, BUDI, CITRA, DODI = 1001, 1002, 1003, 1004
GROUP = -2001

H_1 = {"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00"}}
"""The day before the meeting: Monday, 5 August, 08.00 WIB."""
DUE = datetime(2024, 8, 5, 1, 0, tzinfo=UTC)


class Texts:
    """Reminders in words that a test recognises."""

    def reminder(self, reminder: Reminder, wording: Wording, meeting: Meeting) -> Content:
        return Content({locale: f"{locale}: {reminder.slug}" for locale in ("id", "en")})

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        return Content({"id": f"missed: {reminder.slug} {due_at.isoformat()}"})

    def held(
        self, reminder: Reminder, meeting: Meeting, due_at: datetime, why: str, request: int | None
    ) -> Content:
        return Content({"id": f"held: {reminder.slug} {why} {request is not None}"})


@dataclass
class Rakor:
    """Ani (ASN, reads English), Dodi (police) and a bound group; Budi is an organiser; Citra is a stranger."""

    database: Database
    meeting: Meeting

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.database.write(work)

    async def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        def plain(row: Row) -> dict[str, Any]:
            return {name: row[name] for name in row.keys()}  # noqa: SIM118 - rows of sqlite3 iterate over values

        async def work(tx: Transaction) -> list[dict[str, Any]]:
            return [plain(row) for row in await tx.all(sql, **params)]

        return await self.database.read(work)

    async def deliveries(self) -> dict[int, str]:
        """Chat to state of its delivery, of all broadcasts."""
        return {
            row["chat_id"]: row["state"]
            for row in await self.rows("SELECT chat_id, state FROM deliveries ORDER BY chat_id")
        }

    async def reminds(
        self,
        slug: str = "netral",
        *,
        schedule: Mapping[str, Any] = H_1,
        audience: Audience = Audience(sectors=("asn",), groups=True),  # noqa: B008 - frozen
        grace_minutes: int = 60,
        now: datetime = NOW,
        rule_id: str | None = None,
        topic: str = "",
    ) -> Reminder:
        return await self.write(
            lambda tx: reminders.save(
                tx,
                office_id=self.meeting.office_id,
                meeting_id=self.meeting.id,
                slug=slug,
                title={"id": "ASN wajib netral", "en": "Civil servants must be neutral"},
                text={"id": "Netral.", "en": "Neutral."},
                legal_basis=[LegalBasis("UU 20/2023", "Pasal 9 ayat (2)")],
                checked_on=date(2024, 7, 1),
                audience=audience.as_data(),
                schedule=schedule,
                grace_minutes=grace_minutes,
                now=now,
                rule_id=rule_id,
                topic=topic,
            )
        )

    async def moves_to(self, starts_at: datetime) -> None:
        """Put the meeting at another time, as an import does."""
        meeting = self.meeting

        async def work(tx: Transaction) -> Meeting:
            return await meetings.save(
                tx,
                office_id=meeting.office_id,
                code=meeting.code,
                title=meeting.title,
                theme=meeting.theme,
                venue=meeting.venue,
                address=meeting.address,
                starts_at=starts_at,
                ends_at=starts_at + (meeting.ends_at - meeting.starts_at),
                timezone=meeting.timezone,
                state=meeting.state,
                contact=meeting.contact,
                now=NOW,
            )

        self.meeting = await self.write(work)

    async def announces(self, content: Content | None = None, audience: Audience = EVERYONE) -> Broadcast:
        """Make a broadcast whose deliveries are due now."""
        return await self.write(
            lambda tx: create(
                tx,
                office_id=self.meeting.office_id,
                meeting_id=self.meeting.id,
                kind=ANNOUNCEMENT,
                content=content or Content({"id": "Halo", "en": "Hello"}),
                audience=audience,
                author_id=BUDI,
                now=NOW,
            )
        )

    async def takes_in(self, count: int, first_id: int = 5000) -> list[int]:
        """Register so many more people of the press."""
        ids = list(range(first_id, first_id + count))

        async def work(tx: Transaction) -> None:
            for person_id in ids:
                await _takes_part(tx, self.meeting, person_id, f"Peserta {person_id}", "media", "id")

        await self.write(work)
        return ids


async def _takes_part(
    tx: Transaction, meeting: Meeting, person_id: int, name: str, sector: str, locale: str
) -> None:
    await people.see(tx, person_id, locale, NOW.date(), private=True)
    await registration.register(
        tx, meeting.id, person_id, Details(sector, name, "Institution", "Member"), NOW
    )


async def small_rakor(database: Database) -> Rakor:
    async def make(tx: Transaction) -> Meeting:
        office = await offices.save(
            tx,
            code="bawaslu-palembang",
            name="Bawaslu Kota Palembang",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=NOW,
        )
        names = {"asn": "ASN", "polri": "Polri", "media": "Media"}
        await offices.save_sectors(
            tx, office.id, [Sector(code, {"id": name}) for code, name in names.items()]
        )
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor",
            title={"id": "Rakor"},
            theme={},
            venue="Hotel",
            address="",
            starts_at=datetime(2024, 8, 6, 1, 0, tzinfo=UTC),
            ends_at=datetime(2024, 8, 6, 1, 0, tzinfo=UTC) + timedelta(hours=8),
            timezone="Asia/Jakarta",
            state=meetings.OPEN,
            contact="",
            now=NOW,
        )
        for code in names:
            await meetings.save_quota(tx, meeting.id, code, None)
        await _takes_part(tx, meeting, ANI, "Ani", "asn", "en")
        await _takes_part(tx, meeting, DODI, "Dodi", "polri", "id")
        await people.see(tx, BUDI, "id", NOW.date(), private=True)
        await offices.grant(tx, office.id, BUDI, ORGANISER, NOW)
        await people.see(tx, CITRA, "en", NOW.date(), private=True)
        await groups.see(tx, GROUP, "Grup rakor")
        await groups.bind(tx, GROUP, office.id, meeting.id, 7, NOW)
        return meeting

    return Rakor(database, await database.write(make))
