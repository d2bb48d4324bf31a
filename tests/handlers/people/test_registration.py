"""Registering in the chat: the way through, and what people do instead."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.domain.language.texts import utf16_length
from bot.storage import conversations, meetings, offices, participants
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.participants import Participant
from bot.storage.values import to_json
from tests.handlers.conftest import NOW, Chatter

DETAILS = ("Ani Lestari", "KPU", "KPU Kota Palembang", "Member")


async def fill(person: Chatter, *details: str) -> None:
    """Answer the form's questions after the consent: name, group, institution, position."""
    name, sector, institution, position = details or DETAILS
    await person.says(name)
    await person.taps(sector)
    await person.says(institution)
    await person.says(position)


async def registers(person: Chatter, *details: str, agree: str = "I agree", send: str = "Send") -> None:
    await person.says("/daftar")
    await person.taps(agree)
    await fill(person, *details)
    await person.taps(send)


async def all_of(database: Database, person: Chatter) -> list[Participant]:
    return await database.read(lambda tx: participants.all_of_person(tx, person.id))


async def details_of(database: Database, person: Chatter) -> list[tuple[str, ...]]:
    return [
        (item.name, item.sector, item.institution, item.position, item.state)
        for item in await all_of(database, person)
    ]


async def becomes(database: Database, meeting: Meeting, state: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("UPDATE meetings SET state = :state WHERE id = :id", state=state, id=meeting.id)

    await database.write(work)


async def draft_of(database: Database, person: Chatter) -> bool:
    found = await database.read(lambda tx: conversations.find(tx, person.id, person.id))
    return found is not None


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


async def test_a_second_confirmation_registers_nobody_twice(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await fill(ani)
    send = ani.data_of("Send")
    await ani.forges(send)
    await ani.forges(send)

    assert len(await all_of(database, ani)) == 1
    assert ani.sent.toasts[-1] == "This form has ended; nothing was changed."
    assert ani.said == "This form has ended; nothing was changed. /help shows what you can do."


@pytest.mark.parametrize(
    ("content", "opening"),
    [
        (
            {"text": "x" * 4097},
            "That is 4097 characters long; at most 100 fit here. Please shorten it a little.",
        ),
        ({"text": "x"}, "That is very short. Please write at least 2 characters."),
        ({"text": "🙏🙏"}, "Please write this with letters."),
        (
            {"text": "\u202e\u200b"},
            "That message has nothing that can be read. Please write the answer in words.",
        ),
        (
            {"photo": [{"file_id": "F", "file_unique_id": "U", "width": 1, "height": 1}]},
            "Please write this answer as text; other kinds of messages cannot be taken here.",
        ),
        (
            {
                "sticker": {
                    "file_id": "F",
                    "file_unique_id": "U",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "Please write this answer as text; other kinds of messages cannot be taken here.",
        ),
        ({"text": "/unknown"}, "I do not know that command; /help lists those that I know."),
    ],
)
async def test_what_is_no_name_is_answered_with_the_question_again(
    meeting: Meeting, ani: Chatter, content: dict[str, Any], opening: str
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said

    await ani.sends(content)

    assert ani.said == f"{opening}\n\n{question}"
    await ani.says("Ani")
    assert "step 3 of 5" in ani.said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("  Ani\n🌸   Lestari ", "Ani 🌸 Lestari"),
        ("محمد علي\u202e", "محمد علي"),
        ("{name} %s", "{name} %s"),
    ],
)
async def test_unusual_names_are_kept_as_they_are_and_shown_escaped(
    database: Database, meeting: Meeting, ani: Chatter, typed: str, kept: str
) -> None:
    await registers(ani, typed, "KPU", "KPU", "Member")

    [mine] = await all_of(database, ani)
    assert mine.name == kept
    for message in ani.messages:
        assert "<script" not in str(message.get("text", message.get("caption")))


async def test_an_old_button_changes_nothing(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    agree = ani.data_of("I agree")
    await ani.forges(agree)
    question = ani.said
    await ani.forges(agree)

    assert ani.sent.toasts[-1] == "That button is from an earlier step. The current one is below."
    assert ani.said == question
    await fill(ani)
    await ani.taps("Send")
    assert await details_of(database, ani) == [
        ("Ani Lestari", "kpu", "KPU Kota Palembang", "Member", "registered")
    ]


@pytest.mark.parametrize(
    "data",
    [
        "form",
        "form:",
        "form:o",
        "form:o:!:1",
        "form:zz:1:1",
        "form:d:1",
        "form:c:1:zzz",
        "form:o:1:1:1:1:1:1",
    ],
)
async def test_forged_form_data_changes_nothing(meeting: Meeting, ani: Chatter, data: str) -> None:
    await ani.forges(data)
    assert ani.sent.toasts[-1] == "This form has ended; nothing was changed."

    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said
    await ani.forges(data)
    assert ani.said == question


async def test_forged_actions_of_the_right_step_change_nothing(meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    question = ani.said
    _, _, revision = ani.data_of("Back").split(":")

    for data in (f"form:d:{revision}", f"form:n:{revision}", f"form:o:{revision}:abc"):
        await ani.forges(data)
        assert ani.said == question
    for data in (f"form:s:{revision}", f"form:k:{revision}"):
        await ani.forges(data)
        assert ani.said == f"This question needs an answer.\n\n{question}"
    for data in (f"form:c:{revision}:1", f"form:c:{revision}:zz", f"form:c:{revision}"):
        await ani.forges(data)
        assert ani.said == f"That answer cannot be changed now.\n\n{question}"


async def test_a_command_in_the_middle_is_answered_and_the_form_waits(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    await ani.says("/dataku")

    assert ani.messages[-3]["text"].startswith("🗂 <b>What this bot keeps about you</b>")
    assert ani.said == (
        "⏳ Your registration still waits; nothing that you entered is lost.\n\n"
        "<b>Registration</b> · step 3 of 5\n\nWhich stakeholder group do you belong to?"
    )
    await ani.taps("KPU")
    await ani.says("KPU")
    await ani.says("Member")
    assert "Name: <b>Ani Lestari</b>" in ani.said


async def test_beginning_the_same_form_again_goes_on_where_it_was(meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    before = len(ani.messages)
    await ani.says("/daftar")

    assert [message["text"].partition("\n")[0] for message in ani.messages[before:]] == [
        "👋 <b>First Meeting</b>",
        "<b>Registration</b> · step 3 of 5",
    ]


async def test_cancelling_keeps_nothing(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/batal")
    assert ani.said == "There is nothing to cancel: no form is open. /help shows what you can do."

    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")
    await ani.says("/batal")

    assert ani.said == (
        "Your registration was cancelled and nothing of it was kept. To begin again, type /register."
    )
    assert not await draft_of(database, ani)


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


async def test_a_meeting_that_closes_during_the_review_leaves_the_draft(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await fill(ani)
    await becomes(database, meeting, meetings.CLOSED)
    await ani.taps("Send")

    assert ani.said.startswith("The meeting is not open for this.")
    assert "Name: <b>Ani Lestari</b>" in ani.said
    assert (await all_of(database, ani), await draft_of(database, ani)) == ([], True)

    await becomes(database, meeting, meetings.OPEN)
    await ani.taps("Send")
    assert len(await all_of(database, ani)) == 1


async def test_who_is_registered_sees_the_ticket_and_can_change_it(
    database: Database, meeting: Meeting, ani: Chatter
) -> None:
    await registers(ani)
    [before] = await all_of(database, ani)
    for command in ("/start", "/daftar", "/tiket", f"/start t-{before.ticket}"):
        await ani.says(command)
        assert f"Ticket: <code>{before.ticket}</code>" in ani.said
        assert ani.buttons == [["Change my data", "Withdraw"]]

    await ani.taps("Change my data")
    assert ani.said.startswith("📝 <b>Registration</b>: your answers")
    await ani.taps("Change: Name")
    await ani.says("Ani L. Putri")
    await ani.taps("Send")

    [after] = await all_of(database, ani)
    assert (after.id, after.ticket, after.name) == (before.id, before.ticket, "Ani L. Putri")
    assert ani.said.startswith("✅ <b>Your data was changed</b>")


async def test_withdrawing_asks_first_frees_the_seat_and_can_be_taken_back(
    database: Database, meeting: Meeting, ani: Chatter, citra: Chatter
) -> None:
    await registers(ani, "Ani", "Press", "Harian Contoh", "Reporter")
    [before] = await all_of(database, ani)
    await ani.taps("Withdraw")
    assert ani.said == "Withdraw from <b>First Meeting</b>? Your seat becomes free for somebody else."
    await ani.taps("No, I take part")
    assert [item.state for item in await all_of(database, ani)] == ["registered"]

    await ani.taps("Withdraw")
    await ani.taps("Yes, withdraw")
    await ani.taps("Yes, withdraw")
    assert [item.state for item in await all_of(database, ani)] == ["withdrawn"]
    await ani.says("/tiket")
    assert ani.said == "Please register first: type /register. It takes less than a minute."

    await registers(citra, "Citra", "Press", "Radio Contoh", "Editor")
    await registers(ani, "Ani", "KPU", "KPU", "Member")
    [after] = await all_of(database, ani)
    assert (after.id, after.ticket, after.sector, after.state) == (
        before.id,
        before.ticket,
        "kpu",
        "registered",
    )


@pytest.mark.parametrize("action", ["c", "w", "y"])
async def test_a_stranger_can_neither_change_nor_withdraw_what_is_not_theirs(
    database: Database, meeting: Meeting, ani: Chatter, citra: Chatter, action: str
) -> None:
    await registers(ani)
    [before] = await all_of(database, ani)
    data = ani.data_of("Withdraw").split(":")

    await citra.forges(":".join([data[0], action, data[2]]))

    assert await all_of(database, ani) == [before]
    assert await all_of(database, citra) == []


@pytest.mark.parametrize(
    "data", ["reg", "reg:j", "reg:zz:1", "reg:j:!!", "reg:j:zzzzzzzzzzzzzzzzzz", "reg:j:1"]
)
async def test_forged_data_of_this_journey_is_answered(
    database: Database, meeting: Meeting, ani: Chatter, data: str
) -> None:
    await ani.forges(data)

    assert ani.sent.toasts[-1] != ""
    assert (await all_of(database, ani), await draft_of(database, ani)) == ([], False)


async def test_a_ticket_opens_for_the_committee_only(
    database: Database, meeting: Meeting, ani: Chatter, budi: Chatter, citra: Chatter
) -> None:
    await registers(ani)
    [mine] = await all_of(database, ani)
    await database.write(lambda tx: offices.grant(tx, meeting.office_id, budi.id, "organiser", NOW))

    await citra.says(f"/start t-{mine.ticket}")
    await citra.says("/start t-22222")
    refusal = "This is a participant's ticket; only the committee can read it. /ticket shows your own."
    assert [message["text"] for message in citra.messages[-2:]] == [refusal, refusal]

    await budi.says(f"/start t-{mine.ticket}")
    assert budi.said == (
        f"🎟 <b>Tiket {mine.ticket}</b>\nRakor Pertama\n\nNama: <b>Ani Lestari</b>\nUnsur: <b>KPU</b>\n"
        "Instansi: <b>KPU Kota Palembang</b>\nJabatan: <b>Member</b>\n\nBelum hadir"
    )
    assert budi.buttons == [["✅ Catat hadir"]]


async def test_meetings_that_are_not_open(database: Database, meeting: Meeting, ani: Chatter) -> None:
    await becomes(database, meeting, meetings.DRAFT)
    await ani.says("/start rakor-1")
    assert ani.said.endswith("Registration has not opened yet. Please come back a little later.")
    await ani.says("/daftar")
    assert (
        ani.said == "No meeting is open at the moment. The office will send you a link when the next one is."
    )

    await becomes(database, meeting, meetings.CLOSED)
    await ani.says("/daftar rakor-1")
    assert ani.said.endswith(
        "This meeting is over. Thank you for your interest; /mydata shows what is kept about you."
    )
    assert ani.buttons == []
    await ani.says("/start wrong-code")
    assert ani.said == (
        "That link or code belongs to no meeting here; perhaps a letter got lost.\n\n"
        "No meeting is open at the moment. The office will send you a link when the next one is."
    )


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
