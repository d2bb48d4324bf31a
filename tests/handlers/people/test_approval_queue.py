"""Many who wait for the committee's approval, let in a page at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import roles
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import meetings, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from tests.handlers.conftest import NOW, Chatter


@pytest.fixture
async def desk(database: Database, meeting: Meeting, budi: Chatter) -> Chatter:
    """Budi, an organiser of a meeting with twelve people who wait for approval."""

    async def prepare(tx: Transaction) -> None:
        await people.see(tx, budi.id, "en", NOW.date(), private=True)
        await people.choose_locale(tx, budi.id, "en")
        await roles.appoint(tx, meeting.office_id, budi.id, roles.ORGANISER, NOW, by=None)
        await meetings.set_registration(tx, meeting.id, (), approval=True, now=NOW)
        for place in range(12):
            await people.see(tx, 5000 + place, "en", NOW.date(), private=True)
            details = Details("kpu", f"Person {place:02}", "KPU Kota", "Member")
            at = NOW + timedelta(seconds=place)
            await registration.register(tx, meeting.id, 5000 + place, details, at)

    await database.write(prepare)
    return budi


async def states(database: Database, meeting: Meeting) -> dict[str, int]:
    return await database.read(lambda tx: participants.count_by_state(tx, meeting.id))


async def test_a_page_of_the_queue_is_approved_with_one_tap_and_everybody_on_it_is_told(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await desk.says("/peserta")
    await desk.presses("Waiting for approval (12)")
    told = len(desk.sent.calls)
    await desk.presses("✅ Approve these 10")

    assert await states(database, meeting) == {"registered": 10, "pending": 2}
    assert desk.sent.toasts[-1] == "10 people approved."
    assert desk.page["text"].startswith("<b>Waiting for approval (2)</b>")
    tickets = {call.payload["chat_id"] for call in desk.sent.calls[told:] if call.method.startswith("send")}
    assert len(tickets) == 10


async def test_nobody_is_approved_who_was_not_on_the_page_that_was_seen(
    database: Database, meeting: Meeting, desk: Chatter, citra: Chatter
) -> None:
    await desk.says("/peserta")
    await desk.presses("Waiting for approval (12)")
    button = next(
        cell["callback_data"]
        for row in desk.page["reply_markup"]["inline_keyboard"]
        for cell in row
        if cell["text"] == "✅ Approve these 10"
    )
    await citra.forges(button)
    await database.write(lambda tx: registration.withdraw(tx, meeting.id, 5000, NOW))
    await desk.forges(button)

    assert desk.sent.toasts[-1] == "The queue has changed meanwhile. Please look once more."
    assert await states(database, meeting) == {"pending": 11, "withdrawn": 1}
