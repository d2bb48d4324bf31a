"""The list as files and its ticks, by role; the code of the hall; the answers that participants read."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.domain import roles
from bot.domain.attendance import hall_codes, roll, signatures
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import hall_codes as stored
from bot.storage import invitees, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.hall_codes import HallCode
from bot.storage.invitees import Entry
from bot.storage.meetings import Meeting
from tests.handlers.attendance.test_attendance import answers, enters, registers
from tests.handlers.conftest import NOW, Chatter


async def appoints(database: Database, meeting: Meeting, person: Chatter, role: str) -> None:
    async def work(tx: Transaction) -> None:
        await people.see(tx, person.id, "en", NOW.date(), private=True)
        await people.choose_locale(tx, person.id, "en")
        await roles.appoint(tx, meeting.office_id, person.id, role, NOW, by=None)

    await database.write(work)


@pytest.fixture
async def desk(database: Database, meeting: Meeting, budi: Chatter) -> Chatter:
    await appoints(database, meeting, budi, roles.ORGANISER)
    return budi


async def ticked(database: Database, meeting: Meeting) -> list[int]:
    lines = await database.read(lambda tx: roll.entries(tx, meeting))
    return [line.number for line in lines if line.signed]


async def the_code(database: Database, meeting: Meeting) -> HallCode | None:
    return await database.read(lambda tx: stored.of_meeting(tx, meeting.id))


def labels(chatter: Chatter) -> list[str]:
    rows = chatter.page["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


FOR_ALL = ["With times (PDF)", "List as XLSX"]
FOR_THE_DESK = [
    "🖨 For signing (PDF)",
    *FOR_ALL,
    "✍️ Tick who signed",
    "⚖️ Paper and check-ins compared",
]


async def test_each_role_sees_its_tools_and_no_more_works(
    database: Database, meeting: Meeting, desk: Chatter, ani: Chatter, citra: Chatter
) -> None:
    await enters(database, meeting, "Eko", "Fajar")
    await desk.says("/hadir")
    forged = [desk.data_of("📄 Attendance list"), desk.data_of("🔑 Check-in by a code")]
    await desk.presses("📄 Attendance list")
    assert labels(desk) == [*FOR_THE_DESK, "‹ Attendance"]
    rows = desk.page["reply_markup"]["inline_keyboard"]
    forged += [button["callback_data"] for row in rows for button in row]
    await desk.presses("✍️ Tick who signed")
    rows = desk.page["reply_markup"]["inline_keyboard"]
    forged += [button["callback_data"] for row in rows for button in row]
    await desk.presses("‹ Attendance list")
    assert labels(desk) == [*FOR_THE_DESK, "Number the list anew", "‹ Attendance"]
    await desk.presses("Number the list anew")
    forged += [
        button["callback_data"] for row in desk.page["reply_markup"]["inline_keyboard"] for button in row
    ]
    meeting_part = forged[0].partition(":")[2]
    forged += [
        f"{kind}:{meeting_part}:60:0"
        for kind in ("hall-time", "hall-new", "hall-off", "hall-type", "hall-wall", "hall-poster")
    ]

    for data in forged:
        await citra.forges(data)
    assert not any("Eko" in str(call) for call in citra.sent.calls)
    assert (await ticked(database, meeting), await the_code(database, meeting)) == ([], None)

    await appoints(database, meeting, citra, roles.OBSERVER)
    await citra.says("/hadir")
    await citra.presses("📄 Attendance list")
    assert labels(citra) == [*FOR_ALL, "‹ Attendance"]
    for data in forged:
        await citra.forges(data)
    assert (await ticked(database, meeting), await the_code(database, meeting)) == ([], None)

    await appoints(database, meeting, ani, roles.MODERATOR)
    await ani.says("/hadir")
    await ani.presses("📄 Attendance list")
    assert labels(ani) == [*FOR_THE_DESK, "‹ Attendance"]
    await ani.presses("✍️ Tick who signed")
    await ani.presses("⬜ 2. Fajar")
    assert (await ticked(database, meeting), await the_code(database, meeting)) == ([2], None)


async def test_pages_of_ten_lines_and_a_second_tap_changes_nothing(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await enters(database, meeting, *(f"P{number:02}" for number in range(1, 24)))
    await desk.says("/hadir")
    await desk.presses("📄 Attendance list")
    await desk.presses("✍️ Tick who signed")
    await desk.presses("›")
    await desk.presses("›")
    assert labels(desk)[:4] == ["⬜ 21. P21", "⬜ 22. P22", "⬜ 23. P23", "‹"]
    first = desk.page["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await desk.forges(first)
    await desk.forges(first)

    assert labels(desk)[:1] == ["✅ 21. P21"]
    assert await ticked(database, meeting) == [21]

    await desk.presses("Numbers: signed")
    await desk.says("1-3 21, 99")
    assert answers(desk)[-1].splitlines()[:2] == [
        "✅ 3 lines were ticked. 1 line was so already.",
        "The list has no line with these numbers: 99",
    ]
    await desk.presses("Numbers: not signed")
    await desk.says("2")
    assert answers(desk)[-1].startswith("The tick of 1 line was taken away.\n\n✍️")
    assert await ticked(database, meeting) == [1, 3, 21]


async def test_the_comparison_names_both_sides_or_says_that_they_agree(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    entered = await enters(database, meeting, "Agus", "Bima", "Chandra <b>")

    async def ticks(*numbers: int) -> None:
        await database.write(
            lambda tx: signatures.tick_numbers(tx, meeting.id, numbers, desk.id, NOW, signed=True)
        )

    async def compares() -> None:
        await desk.says("/hadir")
        await desk.presses("📄 Attendance list")
        await desk.presses("⚖️ Paper and check-ins compared")

    await compares()
    assert desk.page["text"].endswith("Nobody is ticked yet. Please tick first who signed on paper.")

    await desk.says(f"/hadir {entered[0].ticket} {entered[2].ticket}")
    await ticks(1, 2)
    await compares()
    assert desk.page["text"].split("\n\n")[1:3] == [
        "<b>Signed, not checked in (1)</b>\n2. Bima · Office of Bima",
        "<b>Checked in, not signed (1)</b>\n3. Chandra &lt;b&gt; · Office of Chandra &lt;b&gt;",
    ]
    await desk.presses("2")
    await desk.taps("✅ Check in")
    await ticks(3)
    await compares()
    assert "They agree" in desk.page["text"]


async def test_the_three_files_have_the_same_numbers(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await enters(database, meeting, "Bima")
    await desk.says("/hadir")
    await desk.presses("📄 Attendance list")
    await desk.forges(desk.page["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    paper = await desk.made_file()
    await enters(database, meeting, "Agus")
    await desk.says("/hadir")
    await desk.presses("📄 Attendance list")
    await desk.presses("With times (PDF)")
    record = await desk.made_file()

    texts = [
        " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages).split())
        for file in (paper, record)
    ]
    assert "1 Bima Member Office of Bima 1. ...." in texts[0]
    assert "1 Bima Member Office of Bima not here 2 Agus Member Office of Agus not here" in texts[1]


async def test_the_numbers_stand_against_those_invited(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await enters(database, meeting, "Eko")

    async def invite(tx: Transaction) -> None:
        entries = [Entry("kpu", "Eko", "Office of Eko"), Entry("tni", "Hadi", "Kodim <1>")]
        added = await invitees.add(tx, meeting.id, [(entry, "") for entry in entries], NOW)
        await invitees.set_state(tx, added[1], invitees.DECLINED, NOW)

    await database.write(invite)

    await desk.says("/hadir")
    assert "\nInvited: 2\n\nTNI: <b>0</b> / 0 · invited 1\nPress: <b>0</b> / 0 · invited 0\n" in desk.said
    await desk.presses("Invited, not registered: 1")
    assert desk.page["text"].splitlines() == [
        "<b>Invited institutions of which nobody is registered (1)</b>",
        "",
        "• Kodim &lt;1&gt;: 1 invited, 1 cannot come",
    ]


async def test_who_waits_at_the_desk_is_found_and_not_checked_in(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    async def enter(tx: Transaction) -> str:
        details = Details("kpu", "Rahma Wati", "KPU", "Member")
        made = await registration.enter(tx, meeting.id, None, details, NOW, state=participants.PENDING)
        return made.ticket

    ticket = await database.write(enter)

    await desk.says(f"/hadir {ticket}")
    assert desk.said == f"⏳ {ticket} Rahma Wati: has no seat yet; /participants and the name shows why"
    await desk.says("/hadir rahma")
    await desk.taps("⏳ Rahma Wati · KPU")
    assert desk.said.endswith("⏳ Has no seat: waits for the committee's approval")
    await desk.taps("Open the registration")
    assert "Rahma Wati" in desk.said


async def test_after_the_meeting_nobody_is_welcomed(
    database: Database, meeting: Meeting, desk: Chatter, ani: Chatter
) -> None:
    ticket = (await registers(database, meeting, ani, "Ani")).ticket
    desk.clock.offset = timedelta(days=1)

    await desk.says(f"/hadir {ticket}")

    [told] = [message["text"] for message in desk.messages if message["chat_id"] == ani.id]
    assert told == (
        "✅ The committee has recorded that you were at <b>First Meeting</b>. Thank you for coming."
    )


async def test_the_code_is_switched_on_for_a_time_that_is_typed(
    database: Database, meeting: Meeting, desk: Chatter
) -> None:
    await desk.says("/hadir")
    await desk.presses("🔑 Check-in by a code")
    assert labels(desk) == [
        "Now, for 30 minutes",
        "Now, for an hour",
        "🕘 08:00–09:30 WIB",
        "Another time",
        "‹ Attendance",
    ]
    await desk.presses("Another time")
    await desk.says("nine")
    assert desk.said.startswith("Please write from when until when")
    await desk.says("08.30 - 10")

    code = await the_code(database, meeting)
    assert code is not None
    assert (code.opens_at - NOW, code.closes_at - NOW) == (timedelta(minutes=30), timedelta(hours=2))
    assert desk.said.split("\n\n")[1] == (
        f"The code: <code>{code.code}</code>\nGood: Tuesday, 6 August 2024, 08:30–10:00 WIB, not yet\n"
        "Checked in by it: 0"
    )
    await desk.presses("🖥 On the wall")
    assert desk.sent.toasts[-1] == "There is no wall yet: /wall opens one."
    await desk.presses("Another code")
    changed = await the_code(database, meeting)
    assert changed is not None
    assert changed.code != code.code
    await desk.presses("Switch off")
    assert await the_code(database, meeting) is None
    assert "It is off" in desk.page["text"]
    for kind in ("hall-wall", "hall-poster", "hall-new"):
        await desk.forges(f"{kind}:{desk.data_of('🔑 Check-in by a code').partition(':')[2]}")
        assert desk.said.startswith("This is no longer available.")


async def test_participants_read_what_became_of_their_code(
    database: Database, meeting: Meeting, desk: Chatter, ani: Chatter, citra: Chatter
) -> None:
    await registers(database, meeting, ani, "Ani")
    opens = NOW + timedelta(hours=1)
    code = await database.write(
        lambda tx: hall_codes.switch_on(tx, meeting.id, desk.id, opens, opens + timedelta(minutes=30), NOW)
    )
    wrong = "2222" if code.code != "2222" else "3333"

    await ani.says(f"/hadir {code.code}")
    assert ani.said == (
        "⏳ The code is right, but is good only from Tuesday, 6 August 2024, 09:00 WIB on. Please send it again then,"
        " or show your ticket at the desk: /ticket"
    )
    await citra.says(f"/start h-{code.code}")
    assert citra.said.startswith("The code is right, but you are not registered for <b>First Meeting</b>.")
    assert citra.buttons == [["Register"]]

    for _ in range(hall_codes.MOST_TRIES):
        await ani.says(wrong)
    assert ani.said == (
        "Those were too many wrong codes. Please try again in 10 minutes, or show your ticket at the desk: /ticket"
    )
    ani.clock.offset = timedelta(hours=2)
    await ani.says(code.code)
    assert ani.said.startswith("⌛ The code is right, but the time for checking in yourself was over at")
    await ani.says("Hello there")
    assert ani.said.startswith("No question is open at the moment")

    await citra.says("/hadir")
    assert citra.said == "Only the committee of the office may do this. What you can do: /help"
    await citra.says(wrong)
    assert citra.said.startswith("No question is open at the moment")
