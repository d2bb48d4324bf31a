"""The committee registers people without Telegram, with what the meeting asks everybody."""

from __future__ import annotations

import pytest

from bot.domain import roles
from bot.domain.people import invited, registration
from bot.domain.people.registration import Details
from bot.storage import meetings, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.invitees import Entry
from bot.storage.meetings import Meeting, RegistrationQuestion
from bot.storage.participants import Participant
from tests.handlers.conftest import NOW, Chatter

QUESTIONS = (
    RegistrationQuestion("menu", meetings.CHOICE, {"en": "Lunch?"}, ({"en": "Usual"}, {"en": "Vegetarian"})),
    RegistrationQuestion("night", meetings.YES_NO, {"en": "Do you stay overnight?"}),
)
HINT = "Skip this if the person is not there to answer."


@pytest.fixture
async def desk(database: Database, meeting: Meeting, budi: Chatter) -> Chatter:
    """Budi, an organiser who reads English, of a meeting with questions that everybody must answer."""

    async def prepare(tx: Transaction) -> None:
        await people.see(tx, budi.id, "en", NOW.date(), private=True)
        await people.choose_locale(tx, budi.id, "en")
        await roles.appoint(tx, meeting.office_id, budi.id, roles.ORGANISER, NOW, by=None)
        await meetings.set_registration(tx, meeting.id, QUESTIONS, approval=False, now=NOW)

    await database.write(prepare)
    return budi


async def answers_of(database: Database, meeting: Meeting) -> dict[str, dict[str, object]]:
    found = await database.read(lambda tx: participants.registered(tx, meeting.id))
    return {
        item.name: {key: value for key, value in item.answers.items() if value is not None} for item in found
    }


async def test_the_meetings_own_questions_are_asked_and_can_be_skipped(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await desk.says("/peserta")
    await desk.taps("Register somebody")
    for answer in ("Gita Utami", "TNI", "Kodim 0418", "Danramil"):
        await desk.says(answer)
    await desk.taps("Skip")  # nobody is represented
    assert desk.said == f"<b>Registration by hand</b> · step 6 of 7\n\nLunch?\n\n<i>{HINT}</i>"
    await desk.taps("Vegetarian")
    await desk.taps("Skip")
    await desk.taps("✅ Register")

    assert "Lunch: <b>Vegetarian</b>" in desk.said
    assert await answers_of(database, meeting) == {"Gita Utami": {"menu": "1"}}


async def test_the_desk_asks_who_walks_in_and_notes_what_the_registered_had_left_open(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    async def enter(tx: Transaction) -> Participant:
        details = Details("kpu", "Ani Lestari", "KPU Kota", "Member", answers={"menu": "0", "night": None})
        return await registration.enter(tx, meeting.id, None, details, NOW)

    await database.write(enter)
    for name, institution in (("Gita Utami", "Kodim 0418"), ("Ani Lestari", "KPU Kota")):
        await desk.says("/hadir")
        await desk.taps("Somebody without registration")
        for answer in (name, "KPU", institution, "Staff", "Vegetarian", "Yes"):
            await desk.says(answer)
        await desk.taps("✅ Check in")

    assert await answers_of(database, meeting) == {
        "Gita Utami": {"menu": "1", "night": True},
        "Ani Lestari": {"menu": "0", "night": True},
    }


async def test_who_says_yes_by_telephone_is_asked_only_what_the_list_does_not_say(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    entry = Entry("kpu", "Dewi Kartika", "KPU Kota", "Chair")
    invitee = await database.write(lambda tx: invited.add(tx, meeting.id, desk.id, entry, NOW))
    await desk.says("/undang dewi kartika")
    await desk.presses("✉️ Dewi Kartika · KPU Kota")
    await desk.presses("Said yes")
    await desk.presses("Yes, agrees and comes")
    assert desk.said.startswith("<b>Registration by hand</b> · step 5 of 6\n\nLunch?")
    await desk.taps("Usual")
    await desk.taps("No")
    await desk.taps("✅ Register")

    (dewi,) = await database.read(lambda tx: participants.registered(tx, meeting.id))
    assert (dewi.invitee_id, dewi.position) == (invitee.id, "Chair")
    assert await answers_of(database, meeting) == {"Dewi Kartika": {"menu": "0", "night": False}}
