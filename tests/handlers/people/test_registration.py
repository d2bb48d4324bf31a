"""Registering in the chat: the way through."""

from __future__ import annotations

import re

from bot.domain.language.texts import utf16_length
from bot.storage import meetings, offices
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.values import to_json
from tests.handlers.conftest import NOW, Chatter
from tests.handlers.people.registering import all_of, details_of, draft_of, fill, registers


async def test_from_the_link_to_the_ticket(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/start rakor-1")
    assert ani.said == (
        "👋 <b>First Meeting</b>\n<i>Synergy</i>\n\nWhen: Tuesday, 6 August 2024, 09:00–15:00 WIB\n"
        "Where: Hotel Contoh, Jalan Contoh 1\nHost: Bawaslu Kota Palembang\n\nRegistering takes about a minute."
    )
    await ani.taps("Register")
    assert ani.said.startswith(
        "<b>Registration</b> · step 1 of 5\n\nBawaslu Kota Palembang asks for your consent"
    )
    await ani.taps("I agree")
    assert ani.said == (
        "<b>Registration</b> · step 2 of 5\n\nWhat is your full name?\n\n"
        "<i>As it should stand in the list of participants, with titles if you like.</i>"
    )
    await ani.says("Ani Lestari")
    assert ani.buttons == [["TNI", "Press"], ["KPU"], ["Back", "Cancel"]]
    await ani.taps("KPU")
    await ani.says("KPU Kota Palembang")
    await ani.says("Member")
    assert ani.said == (
        "📝 <b>Registration</b>: your answers\n\nConsent: <b>I agree</b>\nName: <b>Ani Lestari</b>\nGroup: <b>KPU</b>\n"
        "Institution: <b>KPU Kota Palembang</b>\nPosition: <b>Member</b>\n\n"
        "Is everything right? Then please send it; otherwise change what is not."
    )
    await ani.taps("Send")

    [mine] = await all_of(database, ani)
    assert ani.said == (
        f"✅ <b>You are registered</b>\nFirst Meeting\n\nTuesday, 6 August 2024, 09:00–15:00 WIB\nHotel Contoh\n\n"
        f"Ticket: <code>{mine.ticket}</code>\nName: <b>Ani Lestari</b>\nGroup: <b>KPU</b>\n"
        "Institution: <b>KPU Kota Palembang</b>\nPosition: <b>Member</b>\n\n"
        "Please show this code at the desk. /agenda tells what happens when; /feedback takes your feedback during the"
        " dialogue."
    )
    assert (await ani.made_file()).startswith(b"\x89PNG")
    assert await details_of(database, ani) == [
        ("Ani Lestari", "kpu", "KPU Kota Palembang", "Member", "registered")
    ]
    assert mine.consented_at == NOW
    assert not await draft_of(database, ani)


async def test_a_step_back_and_a_change_in_the_review(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Any")
    await ani.taps("Back")
    assert "Your answer so far: <b>Any</b>" in ani.said
    await ani.says("Ani")
    await ani.taps("KPU")
    await ani.says("KPU")
    await ani.says("Member")
    await ani.taps("Change: Group")
    assert ani.buttons[-2:] == [["Keep this answer", "Back"], ["Cancel"]]
    await ani.taps("TNI")
    assert ani.said.startswith("📝")
    await ani.taps("Send")

    assert await details_of(database, ani) == [("Ani", "tni", "KPU", "Member", "registered")]


async def test_in_indonesian_with_a_typed_choice(database: Database, meeting: Meeting, budi: Chatter) -> None:
    await budi.says("/daftar")
    assert budi.said.startswith("<b>Pendaftaran</b> · langkah 1 dari 5\n\nBawaslu Kota Palembang meminta")
    await budi.says("setuju")
    await budi.says("Budi")
    await budi.says("kpu")
    await budi.says("KPU")
    await budi.says("Anggota")
    await budi.taps("Kirim")

    assert budi.said.startswith("✅ <b>Pendaftaran Anda diterima</b>")
    assert await details_of(database, budi) == [("Budi", "kpu", "KPU", "Anggota", "registered")]


async def test_without_consent_nothing_is_kept(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I do not agree")

    assert ani.said == (
        "That is quite all right. Nothing was kept, and you are not registered here. You can still reach the committee:"
        " 0711 000000. If you change your mind, type /register."
    )
    assert (await all_of(database, ani), await draft_of(database, ani)) == ([], False)


async def test_a_group_that_fills_up_during_the_review_puts_on_its_list_which_another_group_ends(
    database: Database, meeting: Meeting, ani: Chatter, citra: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await fill(ani, "Ani Lestari", "Press", "Harian Contoh", "Reporter")
    await registers(citra, "Citra", "Press", "Radio Contoh", "Editor")
    await ani.taps("Send")

    assert ani.said == (
        "⏳ <b>You are on the waiting list</b>\nFirst Meeting\n\nThe seats of your group are taken. You are number 1 on"
        " its list. As soon as a seat becomes free it is yours, and I will tell you here; you need do nothing.\n\n"
        "Name: <b>Ani Lestari</b>\nGroup: <b>Press</b>\nInstitution: <b>Harian Contoh</b>\nPosition: <b>Reporter</b>"
    )
    await ani.taps("Change my data")
    await ani.taps("Change: Group")
    assert ani.buttons == [
        ["TNI"],
        ["Press (waiting list)"],
        ["KPU"],
        ["Keep this answer", "Back"],
        ["Cancel"],
    ]
    await ani.taps("KPU")
    await ani.taps("Send")
    assert await details_of(database, ani) == [
        ("Ani Lestari", "kpu", "Harian Contoh", "Reporter", "registered")
    ]


async def test_with_two_meetings_the_person_chooses_and_a_second_form_asks_which(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    async def second(tx: Transaction) -> None:
        await meetings.save(
            tx,
            office_id=meeting.office_id,
            code="rakor-2",
            title={"id": "Rakor Kedua", "en": "Second Meeting"},
            theme={},
            venue="Balai",
            address="",
            starts_at=NOW,
            ends_at=NOW,
            timezone="Asia/Jakarta",
            state=meetings.RUNNING,
            contact="desk@example.org",
            now=NOW,
        )

    await database.write(second)
    await ani.says("/start")
    assert ani.said == "Which meeting is it about?"
    await ani.taps("First Meeting")
    await ani.taps("Register")
    await ani.taps("I agree")
    await ani.says("Ani")
    await ani.says("/daftar rakor-2")
    assert ani.said == (
        "You have begun a <b>registration</b> for something else and not finished it. Go on with that one, or begin"
        " anew? If you begin anew, what you entered there is discarded."
    )
    await ani.taps("Go on with that one")
    assert "step 3 of 5" in ani.said

    await ani.says("/daftar rakor-2")
    await ani.taps("Begin anew")
    assert "desk@example.org" in ani.said
    await ani.taps("I agree")
    # The meeting names no sectors, so all of the office may come.
    await fill(ani)
    await ani.taps("Send")
    [mine] = await all_of(database, ani)
    assert mine.meeting_id != meeting.id


async def test_the_longest_details_fit_the_tickets_caption(
    database: Database, meeting: Meeting, budi: Chatter
) -> None:
    async def long_texts(tx: Transaction) -> None:
        await tx.run(
            "UPDATE meetings SET title = :title, venue = :venue, ends_at = ends_at + 86400000 WHERE id = :id",
            title=to_json({"id": "T" * 300}),
            venue="V" * 300,
            id=meeting.id,
        )
        await offices.save_sectors(tx, meeting.office_id, [Sector("kpu", {"id": "K" * 200})])

    await database.write(long_texts)
    await registers(
        budi, "Ä" + "👍" * 99, "K" * 200, "B" + "👍" * 119, "C" + "👍" * 99, agree="Setuju", send="Kirim"
    )

    caption = re.sub("<[^>]*>", "", budi.said)
    assert caption.startswith("✅ Pendaftaran Anda diterima")
    assert utf16_length(caption) <= 1024
