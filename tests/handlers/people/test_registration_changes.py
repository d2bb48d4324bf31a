"""What the registered do with their registration, and what meetings that are not open let them."""

from __future__ import annotations

import pytest

from bot.storage import meetings, offices
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from tests.handlers.conftest import NOW, Chatter
from tests.handlers.people.registering import all_of, becomes, draft_of, fill, registers


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
    none_open = (
        "No meeting is open at the moment. The office will send you a link when the next one is. The rules of the"
        " election are here meanwhile: /rules"
    )
    assert ani.said == none_open

    await becomes(database, meeting, meetings.CLOSED)
    await ani.says("/daftar rakor-1")
    assert ani.said.endswith(
        "This meeting is over. Thank you for your interest; /mydata shows what is kept about you."
    )
    assert ani.buttons == []
    await ani.says("/start wrong-code")
    assert ani.said == (
        f"That link or code belongs to no meeting here; perhaps a letter got lost.\n\n{none_open}"
    )


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
