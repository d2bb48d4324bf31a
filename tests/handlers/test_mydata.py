"""Seeing one's own data, and having it erased."""

from __future__ import annotations

import json

from bot.storage import offices, personal
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from tests.handlers.conftest import NOW, Chatter
from tests.handlers.people.registering import all_of, registers


async def test_own_data_is_shown_and_comes_as_a_file(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await registers(ani, "<b>Ani</b>", "KPU", "KPU Kota Palembang", "Member")
    [mine] = await all_of(database, ani)
    await ani.says("/dataku")

    text = ani.messages[-2]["text"]
    assert text == (
        "🗂 <b>What this bot keeps about you</b>\n\n"
        f"Telegram ID: <code>{ani.id}</code>\nLanguage: English\nLast day you wrote: Tuesday, 6 August 2024\n\n"
        "<b>First Meeting</b>\nName: &lt;b&gt;Ani&lt;/b&gt;\nGroup: KPU\nInstitution: KPU Kota Palembang\n"
        f"Position: Member\nTicket: {mine.ticket}, registered\nConsent: Tuesday, 6 August 2024, 08:00 WIB\n\n"
        "What you send anonymously is kept without anything that leads to you, so it cannot be listed here. While a"
        " session is open, the number of your submissions is counted; it is forgotten when the session closes.\n\n"
        "Change it: /ticket. Erase it: /deletemydata. The file has all of it, for you or for another program."
    )
    file = json.loads(ani.file())
    assert file["format"] == "rakor-personal-data/1"
    assert [(row["name"], row["ticket"]) for row in file["registrations"]] == [("<b>Ani</b>", mine.ticket)]


async def test_a_person_with_nothing_else_sees_their_account(meeting: Meeting, citra: Chatter) -> None:
    await citra.says("/mydata")

    assert json.loads(citra.file())["registrations"] == []
    assert "Telegram ID: <code>1003</code>" in citra.messages[-2]["text"]


async def test_erasing_asks_first_and_then_leaves_nothing(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await registers(ani)
    await ani.says("/hapusdata")
    assert ani.said == (
        "🗑 <b>Erase your data?</b>\n\n"
        "Your registrations with name and institution, your tickets, your language and what you are filling in are"
        " erased. Feedback that you sent under your name stays without your name. This cannot be undone."
    )
    await ani.taps("No, keep it")
    assert len(await all_of(database, ani)) == 1

    await ani.taps("Yes, erase everything")
    assert await all_of(database, ani) == []
    assert (await database.read(lambda tx: personal.record(tx, ani.id))).person is None
    await ani.forges("my:e")
    assert (await database.read(lambda tx: personal.record(tx, ani.id))).person is None


async def test_a_form_in_the_middle_is_erased_with_the_rest(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    await ani.says("/hapusdata")
    await ani.taps("Yes, erase everything")
    await ani.says("hello")

    assert ani.said.startswith("No question is open at the moment")


async def test_an_organiser_is_told_that_the_role_ends_and_gets_the_common_menu(
    database: Database, meeting: Meeting, budi: Chatter
) -> None:
    await budi.says("/start")
    await database.write(lambda tx: offices.grant(tx, meeting.office_id, budi.id, "organiser", NOW))
    await budi.says("/hapusdata")
    assert budi.said.endswith(
        "Peran Anda dalam panitia juga berakhir; kantor dapat mengundang Anda kembali.\n\n"
        "Anda satu-satunya panitia kantor di sini. Bila dapat, mohon serahkan dahulu kepada orang lain."
    )
    await budi.taps("Ya, hapus semuanya")

    assert await database.read(lambda tx: offices.role_of(tx, meeting.office_id, budi.id)) is None
    [menu] = [call.payload for call in budi.sent.calls if call.method == "setMyCommands"]
    assert "panitia" not in [entry["command"] for entry in menu["commands"]]


async def test_forged_data_erases_nothing(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await registers(ani)
    for data in ("my", "my:", "my:x", "my:E"):
        await ani.forges(data)

    assert len(await all_of(database, ani)) == 1
