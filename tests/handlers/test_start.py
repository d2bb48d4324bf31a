"""/start without a link, for guests and for who has a role in an office."""

from __future__ import annotations

from bot.storage import meetings, offices
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from tests.handlers.conftest import NOW, Chatter
from tests.handlers.people.registering import becomes


async def test_who_prepares_a_meeting_begins_with_its_overview(
    database: Database, meeting: Meeting, ani: Chatter, citra: Chatter
) -> None:
    await becomes(database, meeting, meetings.DRAFT)
    await database.write(lambda tx: offices.grant(tx, meeting.office_id, ani.id, "organiser", NOW))

    await ani.says("/start")
    assert ani.said.startswith("<b>First Meeting</b>\n")
    assert ani.buttons == [["Open registration"]]
    await citra.says("/start")
    assert citra.said.startswith("No meeting is open at the moment.")


async def test_who_runs_a_meeting_begins_with_its_overview_and_guests_with_registering(
    database: Database, meeting: Meeting, ani: Chatter, citra: Chatter
) -> None:
    await database.write(lambda tx: offices.grant(tx, meeting.office_id, ani.id, "observer", NOW))

    await ani.says("/start")
    assert "\nYour role: observer\n" in ani.said
    assert ani.buttons == []
    await citra.says("/start")
    assert citra.buttons == [["Register"]]
