"""What organisers make and change of a meeting: times, copies, groups, and the reminders that come with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import roles
from bot.domain.errors import Archived, EndsBeforeStart, NotAllowed, PastTime, SectorInUse
from bot.domain.meeting import agenda, meeting_setup, meetings
from bot.domain.reminders import reminder_times, wordings
from bot.storage import meetings as stored
from bot.storage import offices
from bot.storage import reminders as stored_reminders
from bot.storage.database import Database, Transaction
from bot.storage.meetings import ARCHIVED, CLOSED, OPEN, Meeting
from bot.storage.offices import Sector

NOW = datetime(2030, 2, 1, 1, 0, tzinfo=UTC)
BUDI, CITRA = 1, 2
WITA = ZoneInfo("Asia/Makassar")


async def made(tx: Transaction) -> Meeting:
    """A draft on 1 March 2030, 08.00 to 12.30 WITA, with one agenda item from 09.00."""
    office = await offices.save(
        tx,
        code="o",
        name="Bawaslu",
        city="Makassar",
        timezone="Asia/Makassar",
        locale="id",
        contact="",
        now=NOW,
    )
    await roles.appoint(tx, office.id, BUDI, roles.ORGANISER, NOW, by=None)
    await offices.save_sectors(tx, office.id, [Sector("tni", {"id": "TNI"}), Sector("kpu", {"id": "KPU"})])
    meeting = await meeting_setup.create(
        tx,
        office.id,
        BUDI,
        NOW,
        title="Rakor",
        day=date(2030, 3, 1),
        start=time(8),
        end=time(12, 30),
        venue="Aula",
    )
    await stored.save_agenda_item(
        tx,
        meeting.id,
        slug="a",
        starts_at=datetime(2030, 3, 1, 1, 0, tzinfo=UTC),
        ends_at=datetime(2030, 3, 1, 2, 0, tzinfo=UTC),
        title={"id": "Pembukaan"},
        speaker="",
        speaker_position={},
    )
    return meeting


async def test_times_are_of_the_offices_clocks_and_codes_are_free(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        assert (meeting.code, meeting.starts_at) == (
            "rakor-20300301",
            datetime(2030, 3, 1, 0, 0, tzinfo=UTC),
        )
        late = await meeting_setup.create(
            tx,
            meeting.office_id,
            BUDI,
            NOW,
            title="Malam",
            day=date(2030, 3, 1),
            start=time(20),
            end=time(1),
            venue="Aula",
        )
        assert (late.code, late.ends_at - late.starts_at) == ("rakor-20300301-2", timedelta(hours=5))
        with pytest.raises(PastTime):
            await meeting_setup.move(tx, late.id, BUDI, date(2030, 1, 1), time(8), None, NOW)
        with pytest.raises(NotAllowed):
            await meeting_setup.change(tx, late.id, CITRA, NOW, venue="Lain")

    await database.write(work)


async def test_a_moved_meeting_takes_its_agenda_and_reminders_along(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        await meetings.move(tx, meeting.id, OPEN, BUDI, NOW)

        assert await next_times(tx, meeting) == {
            "meeting-before": datetime(2030, 2, 26, 8, 0, tzinfo=WITA),
            "meeting-morning": datetime(2030, 3, 1, 6, 0, tzinfo=WITA),
        }
        changed = await meeting_setup.move(tx, meeting.id, BUDI, date(2030, 3, 8), time(9), None, NOW)
        assert (changed.concerns_people, changed.moved_in_time, changed.moved_in_place) == (True, True, False)
        assert changed.after.ends_at - changed.after.starts_at == timedelta(hours=4, minutes=30)
        [item] = await stored.agenda(tx, meeting.id)
        assert item.starts_at == datetime(2030, 3, 8, 10, 0, tzinfo=WITA)
        await reminder_times.plan(tx)
        assert await next_times(tx, meeting) == {
            "meeting-before": datetime(2030, 3, 5, 8, 0, tzinfo=WITA),
            "meeting-morning": datetime(2030, 3, 8, 6, 0, tzinfo=WITA),
        }
        [first, _] = await stored_reminders.of_meeting(tx, meeting.id)
        text = (await wordings.of(tx, first)).text["id"]
        assert text.startswith("Rakor\nJumat, 8 Maret 2030, 09.00 WITA – 13.30 WITA\nAula\n")

    await database.write(work)


async def next_times(tx: Transaction, meeting: Meeting) -> dict[str, datetime | None]:
    return {item.slug: item.next_at for item in await stored_reminders.of_meeting(tx, meeting.id)}


async def test_an_end_before_the_start_and_items_outside(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        with pytest.raises(EndsBeforeStart):
            await meeting_setup.end_at(tx, meeting.id, BUDI, meeting.starts_at, NOW)
        changed = await meeting_setup.end_at(
            tx, meeting.id, BUDI, datetime(2030, 3, 1, 1, 30, tzinfo=UTC), NOW
        )
        items = await stored.agenda(tx, meeting.id)
        assert agenda.outside(items, meeting) == []
        assert agenda.outside(items, changed.after) == items

    await database.write(work)


async def test_the_archive_and_groups_with_people_do_not_change(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        assert await meeting_setup.switch_sector(tx, meeting.id, BUDI, "tni", NOW) is False
        await tx.run(
            "INSERT INTO participants (id, meeting_id, sector, name, institution, position, ticket, state,"
            " consented_at, registered_at) VALUES (1, :meeting, 'kpu', 'Ani', 'KPU', 'Staf', 'T1', 'registered', 0, 0)",
            meeting=meeting.id,
        )
        with pytest.raises(SectorInUse):
            await meeting_setup.switch_sector(tx, meeting.id, BUDI, "kpu", NOW)
        again = await meeting_setup.add_sector(tx, meeting.id, BUDI, "tni", NOW)
        other = await meeting_setup.add_sector(tx, meeting.id, BUDI, "Tokoh agama", NOW)
        assert (again.code, other.code) == ("tni", "tokoh-agama")
        assert set(await stored.quotas(tx, meeting.id)) == {"tni", "kpu", "tokoh-agama"}
        for state in (OPEN, CLOSED, ARCHIVED):
            await meetings.move(tx, meeting.id, state, BUDI, NOW)
        with pytest.raises(Archived):
            await meeting_setup.change(tx, meeting.id, BUDI, NOW, venue="Lain")

    await database.write(work)
