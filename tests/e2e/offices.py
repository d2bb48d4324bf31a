"""A second office beside that of the hall."""

from __future__ import annotations

from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall

OTHER = """
office: {code: bawaslu-lain, name: Bawaslu Kota Lain, city: Lain, timezone: Asia/Jayapura}
sectors:
  - {code: media, name: Media}
meeting:
  code: rakor-lain
  title: Rakor Kota Lain
  venue: Balai Kota
  start: 2030-03-04 09.00
  end: 12.00
  state: open
"""


async def another_office(hall: Hall, organiser: PersonDriver) -> None:
    """An office in another zone with an open meeting, imported from its own file."""
    file = meeting_file.read(OTHER.encode(), "lain.yaml")

    async def work(tx: Transaction) -> None:
        await meeting_store.apply(tx, file, hall.clock.now())
        meeting = await meetings.find_by_code(tx, "rakor-lain")
        assert meeting is not None
        await roles.appoint(tx, meeting.office_id, organiser.id, roles.ORGANISER, hall.clock.now(), by=None)

    await hall.write(work)


async def office_without_meetings(hall: Hall, organiser: PersonDriver) -> None:
    """An office that has nothing to show yet."""

    async def work(tx: Transaction) -> None:
        now = hall.clock.now()
        other = await offices.save(
            tx,
            code="bawaslu-lain",
            name="Bawaslu Kota Lain",
            city="Lain",
            timezone="Asia/Jayapura",
            locale="id",
            contact="",
            now=now,
        )
        await roles.appoint(tx, other.id, organiser.id, roles.ORGANISER, now, by=None)

    await hall.write(work)
