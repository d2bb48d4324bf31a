"""How the agenda and the materials read at every stage of a meeting, and their buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.language.texts import utf16_length
from bot.domain.meeting import agenda
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.meeting_files.meeting_file import AgendaItem, MeetingFile
from bot.i18n import translator
from bot.storage import meetings
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Material, Meeting
from handlers.meeting import agenda_views
from tests.handlers.conftest import NOW, Chatter

SAMPLE = meeting_file.sample()
"""It begins at NOW: at 08.00 WIB."""


async def hold(database: Database, file: MeetingFile) -> Meeting:
    """Import the meeting, and let it be what everybody's chat is about."""

    async def work(tx: Transaction) -> Meeting:
        await meeting_store.apply(tx, file, NOW)
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        return meeting

    return await database.write(work)


def edits(chatter: Chatter) -> list[str]:
    return [str(call.payload["text"]) for call in chatter.sent.calls if call.method == "editMessageText"]


async def test_during_an_item(database: Database, budi: Chatter) -> None:
    await hold(database, SAMPLE)
    budi.clock.offset = timedelta(hours=2, minutes=20, seconds=1)

    await budi.says("/agenda")

    assert budi.said == (
        "🗓 <b>Rapat Koordinasi Bersama Stakeholder</b>\n"
        "Selasa, 6 Agustus 2024, 08.00–12.30 WIB\n"
        "Hotel Novotel Palembang, Palembang, Sumatera Selatan\n"
        "\n"
        "Sekarang: <b>Dialog bersama stakeholder</b>, 1 jam 25 menit lagi.\n"
        "Berikutnya pukul 11.45 WIB: <b>Perumusan kesepahaman dan tindak lanjut</b>, 1 jam 25 menit lagi.\n"
        "\n"
        "✓ 08.00–08.30 Registrasi peserta\n"
        "    <i>Panitia</i>\n"
        "✓ 08.30–08.45 Menyanyikan lagu Indonesia Raya dan pembacaan doa\n"
        "    <i>Pembawa acara</i>\n"
        "✓ 08.45–09.15 Sambutan sekaligus pembukaan resmi\n"
        "    <i>Yusnar, Ketua Bawaslu Kota Palembang</i>\n"
        "✓ 09.15–10.00 Netralitas ASN dalam Pemilihan Serentak 2024\n"
        "    <i>Ucok Abdul Rauf Damenta, Pj. Wali Kota Palembang</i>\n"
        "✓ 10.00–10.15 Rehat kopi\n"
        "▶ 10.15–11.45 <b>Dialog bersama stakeholder</b>\n"
        "    <i>Moderator</i>\n"
        "→ 11.45–12.15 Perumusan kesepahaman dan tindak lanjut\n"
        "    <i>Tim perumus</i>\n"
        "· 12.15–12.30 Penutupan\n"
        "    <i>Bawaslu Kota Palembang</i>\n"
        "\n"
        "Keadaan pukul 10.20 WIB."
    )
    assert budi.buttons == [["🔄 Perbarui", "📄 Materi"], ["📅 Kalender"], ["🔔 Kabari bila berubah"]]


async def test_in_english(database: Database, ani: Chatter) -> None:
    await hold(database, SAMPLE)
    ani.clock.offset = timedelta(hours=2, minutes=20)

    await ani.says("/agenda")

    assert ani.said.splitlines()[:5] == [
        "🗓 <b>Coordination Meeting with Stakeholders</b>",
        "Tuesday, 6 August 2024, 08:00–12:30 WIB",
        "Hotel Novotel Palembang, Palembang, Sumatera Selatan",
        "",
        "Now: <b>Dialogue with the stakeholders</b>, 1 h 25 min left.",
    ]


@pytest.mark.parametrize(
    ("offset", "situation"),
    [
        (
            timedelta(days=-3),
            [
                "The meeting has not begun yet.",
                "Next on Tuesday, 6 August 2024, 08:00 WIB: <b>Registration</b>, in 3 days.",
            ],
        ),
        (
            timedelta(minutes=-1),
            ["The meeting has not begun yet.", "Next at 08:00 WIB: <b>Registration</b>, in 1 minute."],
        ),
        (
            timedelta(hours=4, minutes=29, seconds=59),
            ["Now: <b>Closing</b>, 1 minute left.", "This is the last item."],
        ),
        (timedelta(hours=4, minutes=30), ["All items are over. Thank you for taking part."]),
    ],
)
async def test_before_and_after(
    database: Database, ani: Chatter, offset: timedelta, situation: list[str]
) -> None:
    await hold(database, SAMPLE)
    ani.clock.offset = offset

    await ani.says("/agenda")

    assert ani.said.split("\n\n")[1].splitlines() == situation


async def test_a_gap_between_items(database: Database, ani: Chatter) -> None:
    items = SAMPLE.agenda or ()
    await hold(database, replace(SAMPLE, agenda=tuple(item for item in items if item.slug != "rehat")))
    ani.clock.offset = timedelta(hours=2)

    await ani.says("/agenda")

    assert ani.said.split("\n\n")[1].splitlines() == [
        "Nothing is on at this moment.",
        "Next at 10:15 WIB: <b>Dialogue with the stakeholders</b>, in 15 minutes.",
    ]


async def test_without_an_agenda_or_materials(database: Database, ani: Chatter) -> None:
    await hold(database, replace(SAMPLE, agenda=(), materials=(), sessions=()))

    await ani.says("/agenda")
    assert ani.said.split("\n\n")[1] == "The agenda has not been published yet."
    assert ani.buttons == [["🔄 Refresh"], ["📅 Calendar"], ["🔔 Tell me about changes"]]

    await ani.says("/materi")
    assert ani.said == (
        "📄 <b>Materials</b>\nCoordination Meeting with Stakeholders\n\n"
        "There are none yet. They appear here as soon as the committee adds them."
    )


async def test_a_closed_meeting(database: Database, ani: Chatter) -> None:
    meeting = await hold(database, SAMPLE)
    await ani.says("/agenda")
    await database.write(lambda tx: meetings.set_state(tx, meeting.id, "closed", NOW, expected="open"))

    await ani.taps("🔄 Refresh")

    assert edits(ani)[-1].split("\n\n")[1] == "This meeting is closed. Thank you for taking part."


async def test_refreshing_follows_the_clock_and_leaves_an_unchanged_text_alone(
    database: Database, ani: Chatter
) -> None:
    await hold(database, SAMPLE)
    await ani.says("/agenda")

    await ani.taps("🔄 Refresh")
    assert (edits(ani), ani.sent.toasts) == ([], ["Up to date: it is 08:00 WIB."])

    ani.clock.offset = timedelta(minutes=35)
    await ani.taps("🔄 Refresh")
    [edited] = edits(ani)
    assert (
        edited.split("\n\n")[1].splitlines()[0] == "Now: <b>National anthem and prayer</b>, 10 minutes left."
    )


async def test_a_meeting_that_went_back_to_draft_is_no_longer_shown(database: Database, ani: Chatter) -> None:
    meeting = await hold(database, SAMPLE)
    await ani.says("/agenda")
    await database.write(lambda tx: meetings.set_state(tx, meeting.id, "draft", NOW, expected="open"))

    await ani.taps("🔄 Refresh")
    await ani.taps("📄 Materials")

    assert edits(ani) == []
    assert [toast for toast in ani.sent.toasts if "08:00" in toast] == []
    assert "Zona Utara" not in ani.said


@pytest.mark.parametrize(
    "data", ["agenda", "agenda:zzz", "agenda:1:", "materials:x", "materials:1:1:e", "agenda:ü:1"]
)
async def test_forged_buttons_change_nothing(database: Database, citra: Chatter, data: str) -> None:
    await hold(database, SAMPLE)

    await citra.forges(data)

    assert edits(citra) == []
    assert len(citra.sent.toasts) == 1
    assert citra.sent.toasts[0] != ""


async def test_materials_are_links(database: Database, ani: Chatter) -> None:
    await hold(database, SAMPLE)

    await ani.says("/materials")

    assert ani.said == (
        "📄 <b>Materials</b>\n"
        "Coordination Meeting with Stakeholders\n"
        "\n"
        "1. Stages and schedule of the 2024 regional elections (Okezone, in Indonesian)\n"
        "2. Briefing on the neutrality of civil servants, soldiers and police (Zona Utara, in Indonesian)\n"
        "    <i>Neutrality of civil servants in the 2024 elections</i>"
    )
    rows = ani.messages[-1]["reply_markup"]["inline_keyboard"]
    assert [[button["url"] for button in row] for row in rows] == [
        [item.url] for item in SAMPLE.materials or ()
    ]
    assert all(utf16_length(button["text"]) <= 64 for row in rows for button in row)


async def test_many_materials_come_in_pages(database: Database, ani: Chatter) -> None:
    many = tuple(
        Material(f"m{number}", None, {"id": f"Bahan {number}"}, "https://contoh.id")
        for number in range(1, 46)
    )
    await hold(database, replace(SAMPLE, materials=many))
    await ani.says("/agenda")
    await ani.taps("📄 Materials")
    assert ani.said.splitlines()[3] == "1. Bahan 1"

    await ani.taps("›")

    assert edits(ani)[-1].splitlines()[3] == "21. Bahan 21"


async def test_what_organisers_type_is_escaped(database: Database, ani: Chatter) -> None:
    nasty = {"id": "<script> & <b>"}
    first = (SAMPLE.agenda or ())[0]
    await hold(
        database,
        replace(
            SAMPLE,
            meeting=replace(SAMPLE.meeting, title=nasty, venue="<i>", address="&"),
            agenda=(replace(first, title=nasty, speaker="<u>", speaker_position=nasty),),
            materials=(Material("m", first.slug, nasty, "https://contoh.id"),),
            sessions=(),
        ),
    )

    await ani.says("/agenda")
    safe = "&lt;script&gt; &amp; &lt;b&gt;"
    assert ani.said.splitlines() == [
        f"🗓 <b>{safe}</b>",
        "Tuesday, 6 August 2024, 08:00–12:30 WIB",
        "&lt;i&gt;, &amp;",
        "",
        f"Now: <b>{safe}</b>, 30 minutes left.",
        "This is the last item.",
        "",
        f"▶ 08:00–08:30 <b>{safe}</b>",
        f"    <i>&lt;u&gt;, {safe}</i>",
        "",
        "As of 08:00 WIB.",
    ]
    await ani.taps("📄 Materials")
    assert ani.said.splitlines()[1:] == [safe, "", f"1. {safe}", f"    <i>{safe}</i>"]


def crowded(count: int, title_length: int) -> MeetingFile:
    """A file with as many items in half a day, in two halls."""
    start = SAMPLE.meeting.starts_at
    items = tuple(
        AgendaItem(
            f"item-{number}",
            start + timedelta(minutes=number),
            start + timedelta(minutes=number + 10),
            {"id": "x" * title_length},
            "Nama Pembicara",
            {"id": "Jabatan"},
        )
        for number in range(count)
    )
    return replace(SAMPLE, agenda=items, materials=(), sessions=())


@pytest.mark.parametrize("minutes", [-10, 0, 30, 120, 400])
@pytest.mark.parametrize(("count", "title_length"), [(8, 30), (60, 40), (60, 300), (200, 300)])
async def test_an_agenda_of_any_length_fits_one_message(
    database: Database, ani: Chatter, minutes: int, count: int, title_length: int
) -> None:
    await hold(database, crowded(count, title_length))
    ani.clock.offset = timedelta(minutes=minutes)

    await ani.says("/agenda")

    assert utf16_length(ani.said) <= 4096
    assert ani.said.splitlines()[-1].startswith("As of ")


async def test_a_crowded_agenda_gives_up_the_past_first(database: Database, ani: Chatter) -> None:
    await hold(database, crowded(60, 40))
    ani.clock.offset = timedelta(minutes=45)

    await ani.says("/agenda")

    body = ani.said.split("\n\n")[2].splitlines()
    assert body[:2] == ["✓ 36 items are over", f"▶ 08:36–08:46 <b>{'x' * 40}</b>"]
    assert body[2] == "    <i>Nama Pembicara, Jabatan</i>"


async def test_a_meeting_of_two_days_has_a_heading_for_each(database: Database, ani: Chatter) -> None:
    first, second = (SAMPLE.agenda or ())[:2]
    day = timedelta(days=1)
    await hold(
        database,
        replace(
            SAMPLE,
            meeting=replace(SAMPLE.meeting, ends_at=SAMPLE.meeting.ends_at + day),
            agenda=(first, replace(second, starts_at=second.starts_at + day, ends_at=second.ends_at + day)),
            materials=(),
            sessions=(),
        ),
    )

    await ani.says("/agenda")

    head, _, body, _ = ani.said.split("\n\n")
    assert head.splitlines()[1:3] == [
        "Tuesday, 6 August 2024, 08:00 WIB –",
        "Wednesday, 7 August 2024, 12:30 WIB",
    ]
    assert [line for line in body.splitlines() if line.startswith("<b>")] == [
        "<b>Tuesday, 6 August 2024</b>",
        "<b>Wednesday, 7 August 2024</b>",
    ]


@pytest.mark.parametrize(
    ("minutes", "english", "indonesian"),
    [
        (0, "0 minutes", "0 menit"),
        (1, "1 minute", "1 menit"),
        (59, "59 minutes", "59 menit"),
        (60, "1 hour", "1 jam"),
        (120, "2 hours", "2 jam"),
        (121, "2 h 1 min", "2 jam 1 menit"),
        (48 * 60 - 1, "47 h 59 min", "47 jam 59 menit"),
        (48 * 60, "2 days", "2 hari"),
        (3 * 24 * 60 - 1, "2 days", "2 hari"),
    ],
)
def test_spans(minutes: int, english: str, indonesian: str) -> None:
    assert agenda_views.span(translator("en"), minutes) == english
    assert agenda_views.span(translator("id"), minutes) == indonesian


async def test_in_the_zone_of_the_meeting(database: Database, budi: Chatter) -> None:
    eastern = replace(SAMPLE, office=replace(SAMPLE.office, timezone="Asia/Jayapura"))
    meeting = await hold(database, eastern)

    standing = agenda.standing(await database.read(lambda tx: meetings.agenda(tx, meeting.id)), NOW)
    text = agenda_views.agenda(translator("id"), meeting, standing)

    assert text.splitlines()[1] == "Selasa, 6 Agustus 2024, 10.00–14.30 WIT"
    assert text.splitlines()[-1] == "Keadaan pukul 10.00 WIT."
