"""The desk: scanning, typing codes, looking somebody up, taking it back, and who is here."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from bot.domain import roles
from bot.domain.people import names, registration
from bot.domain.people.registration import Details
from bot.storage import meetings, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from tests.handlers.conftest import NOW, Chatter


@pytest.fixture
async def ticket(database: Database, meeting: Meeting, ani: Chatter, budi: Chatter) -> str:
    """Ani's ticket. She reads English; Budi is an organiser, in English here as well."""
    return (await registers(database, meeting, ani, "Ani Lestari")).ticket


@pytest.fixture
async def desk(database: Database, meeting: Meeting, budi: Chatter) -> Chatter:
    async def appoint(tx: Transaction) -> None:
        await people.see(tx, budi.id, "en", NOW.date(), private=True)
        await people.choose_locale(tx, budi.id, "en")
        await roles.appoint(tx, meeting.office_id, budi.id, roles.ORGANISER, NOW, by=None)

    await database.write(appoint)
    return budi


async def registers(
    database: Database, meeting: Meeting, person: Chatter, name: str, institution: str = "KPU Kota"
) -> Participant:
    async def work(tx: Transaction) -> Participant:
        await people.see(tx, person.id, "en", NOW.date(), private=True)
        details = Details("kpu", name, institution, "Member")
        return await registration.register(tx, meeting.id, person.id, details, NOW)

    return await database.write(work)


async def enters(database: Database, meeting: Meeting, *called: str) -> list[Participant]:
    """People without Telegram, each of an institution of their own."""

    async def work(tx: Transaction) -> list[Participant]:
        return [
            await registration.enter(
                tx, meeting.id, None, Details("kpu", name, f"Office of {name}", "Member"), NOW
            )
            for name in called
        ]

    return await database.write(work)


async def here(database: Database) -> list[tuple[str, str]]:
    rows = await database.read(
        lambda tx: tx.all(
            "SELECT participants.name AS name, attendance.way AS way FROM attendance"
            " JOIN participants ON participants.id = attendance.participant_id ORDER BY participants.name"
        )
    )
    return [(row["name"], row["way"]) for row in rows]


def told(desk: Chatter, person: Chatter) -> list[str]:
    """What the desk's work made the bot write to somebody else."""
    return [message["text"] for message in desk.messages if message["chat_id"] == person.id]


def answers(desk: Chatter) -> list[str]:
    return [message["text"] for message in desk.messages if message["chat_id"] == desk.id]


async def test_a_scan_shows_who_it_is_and_one_tap_checks_in(
    database: Database, desk: Chatter, ani: Chatter, ticket: str
) -> None:
    await desk.says(f"/start t-{ticket}")
    assert desk.said == (
        f"🎟 <b>Ticket {ticket}</b>\nFirst Meeting\n\nName: <b>Ani Lestari</b>\nGroup: <b>KPU</b>\nInstitution:"
        " <b>KPU Kota</b>\nPosition: <b>Member</b>\n\nNot here yet"
    )
    assert await here(database) == []

    await desk.taps("✅ Check in")
    await desk.taps("✅ Check in")

    assert await here(database) == [("Ani Lestari", "scan")]
    assert desk.sent.toasts[-2:] == ["Checked in.", "This person was checked in before."]
    welcome = "✅ You are checked in at <b>First Meeting</b>. Welcome! /agenda shows what comes next."
    assert told(desk, ani) == [welcome]

    await desk.says(f"/start t-{ticket}")
    assert desk.said.endswith("☑️ Here since Tuesday, 6 August 2024, 08:00 WIB")
    assert desk.buttons == [["Undo"]]


async def test_codes_are_answered_one_by_one_and_a_message_may_come_again(
    database: Database, meeting: Meeting, desk: Chatter, ani: Chatter, ticket: str
) -> None:
    (eko,) = await enters(database, meeting, "Eko <b>")

    await desk.says(f"/hadir {ticket.lower()}, {eko.ticket}; 22222 A12")
    await desk.says(f"/hadir {ticket}")

    assert answers(desk) == [
        "\n".join(
            (
                f"✅ {ticket} Ani Lestari: checked in",
                f"✅ {eko.ticket} Eko &lt;b&gt;: checked in",
                "❓ 22222: unknown",
                "❓ A12: unknown",
            )
        ),
        f"☑️ {ticket} Ani Lestari: was here already at 08:00 WIB",
    ]
    assert len(told(desk, ani)) == 1
    assert await here(database) == [("Ani Lestari", "code"), ("Eko <b>", "code")]


async def test_a_single_code_can_be_taken_back_and_the_person_hears_of_it(
    database: Database, desk: Chatter, ani: Chatter, ticket: str
) -> None:
    await desk.says(f"/attendance https://t.me/rakor_bot?start=t-{ticket}")
    await desk.taps("Undo")
    await desk.taps("Undo")

    assert await here(database) == []
    assert told(desk, ani)[1:] == [
        "Your check-in at <b>First Meeting</b> was taken back. If you are here, please see the desk."
    ]


async def test_too_many_codes_are_not_half_lost(database: Database, desk: Chatter, ticket: str) -> None:
    codes = [f"{number:05}" for number in range(40)]

    await desk.says("/hadir " + " ".join(codes))

    lines = answers(desk)[0].splitlines()
    assert len(lines) == 32
    assert lines[-1] == "10 more codes were not read. Please send them from 00030 on in another message."


async def test_a_name_is_looked_up_and_no_single_tap_checks_in(
    database: Database, meeting: Meeting, desk: Chatter, ticket: str
) -> None:
    await enters(database, meeting, "H. Rahma Wati, S.H.", "Budi")

    await desk.says("/hadir RAHMA")
    assert desk.buttons == [["H. Rahma Wati, S.H. · Office of H. Rahma Wati, S.H."]]
    await desk.taps("H. Rahma Wati, S.H. · Office of H. Rahma Wati, S.H.")
    assert await here(database) == []
    await desk.taps("✅ Check in")

    assert await here(database) == [("H. Rahma Wati, S.H.", "search")]


async def test_a_search_lists_eight_at_most_and_too_short_a_one_nobody(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await enters(database, meeting, *(f"Siti {letter}" for letter in "ABCDEFGHJK"))

    await desk.says("/hadir siti")
    assert len(desk.buttons) == 8
    assert desk.said.endswith("There are 2 more; add another word of the name to find them.")

    await desk.says("/hadir si")
    assert desk.said.startswith("Please write at least three letters")
    await desk.says("/hadir zulkifli")
    assert desk.said.startswith("Nobody registered for this meeting")


async def test_a_code_of_letters_only_is_a_code_unless_somebody_is_called_so(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    async def with_tickets(tx: Transaction) -> None:
        for ticket, called in (("KQRTX", "Eko"), ("RAHMA", "Fajar")):
            await participants.add(
                tx,
                meeting_id=meeting.id,
                person_id=None,
                sector="kpu",
                name=called,
                institution="KPU",
                position="Member",
                ticket=ticket,
                search=names.searchable(called),
                state=participants.REGISTERED,
                now=NOW,
            )

    await database.write(with_tickets)
    await enters(database, meeting, "Rahma Wati")

    await desk.says("/hadir kqrtx")
    await desk.says("/hadir rahma")

    assert await here(database) == [("Eko", "code")]
    assert desk.buttons == [["Rahma Wati · Office of Rahma Wati"]]


async def test_the_overview_counts_and_lists_institutions_by_pages(
    database: Database, meeting: Meeting, desk: Chatter, ticket: str
) -> None:
    await enters(database, meeting, *(f"P{number:02}" for number in range(16)))
    await desk.says(f"/hadir {ticket}")

    await desk.says("/hadir")
    assert desk.said == (
        "📋 <b>Attendance</b>\nFirst Meeting\n\n<b>1</b> of 17 are here, 08:00 WIB\n\nTNI: <b>0</b> / 0\n"
        "Press: <b>0</b> / 0\nKPU: <b>1</b> / 17\n\nCheck in: scan a ticket, or type the codes: /attendance"
        " CODE CODE. To look somebody up:"
        " /attendance and the name."
    )
    assert desk.buttons == [
        ["Missing: 16", "Here: 1"],
        ["📄 Attendance list", "Refresh"],
        ["Somebody without registration"],
        ["🔑 Check-in by a code"],
    ]
    await desk.taps("Missing: 16")
    page = desk.sent.calls[-1].payload
    assert page["text"].splitlines()[0] == "<b>Institutions of which nobody is here yet (16)</b>"
    assert len(page["text"].splitlines()) == 17
    forward = page["reply_markup"]["inline_keyboard"][0][0]
    await desk.forges(forward["callback_data"])
    assert desk.sent.calls[-1].payload["text"].splitlines()[2:] == ["• Office of P15: 0 / 1"]
    await desk.taps("Here: 1")
    assert desk.sent.calls[-1].payload["text"].splitlines()[2:] == ["• KPU Kota: 1 / 1"]


async def test_the_list_comes_as_a_file(meeting: Meeting, desk: Chatter, ticket: str) -> None:
    await desk.says("/hadir")
    await desk.presses("📄 Attendance list")
    await desk.presses("List as XLSX")
    with zipfile.ZipFile(BytesIO(await desk.made_file())) as file:
        assert "Ani Lestari" in file.read("xl/sharedStrings.xml").decode()


async def test_who_walks_in_is_entered_and_here_in_one_form(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await desk.says("/hadir")
    await desk.taps("Somebody without registration")
    await desk.says("Gita Utami")
    await desk.taps("TNI")
    await desk.says("Kodim 0418")
    await desk.says("Danramil")
    await desk.taps("✅ Check in")

    assert await here(database) == [("Gita Utami", "walk_in")]
    (gita,) = await database.read(lambda tx: participants.registered(tx, meeting.id))
    assert (gita.person_id, gita.sector, gita.institution, gita.position) == (
        None,
        "tni",
        "Kodim 0418",
        "Danramil",
    )
    assert desk.said == f"✅ {gita.ticket} Gita Utami: checked in"
    assert desk.buttons == [["Undo"], ["Somebody without registration"]]


async def test_a_stranger_and_an_observer_check_nobody_in(
    database: Database, meeting: Meeting, desk: Chatter, citra: Chatter, ticket: str
) -> None:
    await desk.says("/hadir")
    (rahma,) = await enters(database, meeting, "Rahma Wati")
    await desk.says("/hadir rahma")
    await desk.taps("Rahma Wati · Office of Rahma Wati")
    forged = [desk.data_of(label) for label in ("✅ Check in", "Somebody without registration")]

    async def tries() -> None:
        for data in forged:
            await citra.forges(data)
        await citra.says(f"/hadir {ticket}")
        await citra.says("/hadir rahma")
        await citra.says(f"/start t-{rahma.ticket}")

    await tries()
    await citra.forges(desk.data_of("📄 Attendance list"))
    await citra.says("/hadir")

    async def appoint(tx: Transaction) -> None:
        await roles.appoint(tx, meeting.office_id, citra.id, roles.OBSERVER, NOW, by=None)

    stranger_read = "\n".join(str(message) for message in citra.messages)
    assert "Rahma" not in stranger_read
    await database.write(appoint)
    await tries()
    assert await here(database) == []
    assert "Rahma" not in "\n".join(str(message) for message in citra.messages)
    await citra.says("/hadir")
    assert citra.said.startswith("📋 <b>Attendance</b>")


async def test_a_ticket_of_another_meeting_is_told_apart_and_checks_nobody_in(
    database: Database, meeting: Meeting, desk: Chatter, ani: Chatter
) -> None:
    async def another(tx: Transaction) -> Meeting:
        given = replace(meeting, code="rakor-2", title={"id": "Rakor Kedua", "en": "Second Meeting"})
        made = await meetings.put(tx, given, NOW)
        await people.follow(tx, desk.id, meeting.id)
        return made

    other = await database.write(another)
    await registers(database, other, ani, "Ani Lestari")
    ticket = "DMEND"  # one without a digit, which might be a name
    await database.write(lambda tx: tx.run("UPDATE participants SET ticket = :ticket", ticket=ticket))

    await desk.says(f"/start t-{ticket}")
    assert "\nSecond Meeting\n" in desk.said
    assert "This ticket is for another meeting" in desk.said
    assert desk.buttons == []
    await desk.says(f"/hadir {ticket}")
    assert desk.said == f"↪️ {ticket} Ani Lestari: registered for another meeting (Second Meeting)"
    assert await here(database) == []

    await database.write(lambda tx: people.follow(tx, desk.id, other.id))
    await desk.says(f"/start t-{ticket}")
    await desk.taps("✅ Check in")
    assert await here(database) == [("Ani Lestari", "scan")]


async def test_a_late_message_counts_even_after_the_meeting(
    database: Database, meeting: Meeting, desk: Chatter, ticket: str
) -> None:
    await database.write(
        lambda tx: meetings.set_state(tx, meeting.id, meetings.CLOSED, NOW, expected=meetings.OPEN)
    )
    desk.clock.offset = timedelta(hours=9)

    await desk.says(f"/hadir {ticket}")

    assert await here(database) == [("Ani Lestari", "code")]


async def test_a_participant_is_led_to_the_desk_and_a_stranger_is_told_whose_it_is(
    ticket: str, ani: Chatter, citra: Chatter
) -> None:
    await ani.says("/hadir")
    await citra.says("/hadir")
    assert ani.said == "📋 The committee notes who is here: please show your ticket at the desk: /ticket"
    assert citra.said == "Only the committee of the office may do this. What you can do: /help"
