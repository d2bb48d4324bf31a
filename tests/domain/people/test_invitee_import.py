"""Lists of the invited that offices send: what each row does, and that a list is taken whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from bot import sheets
from bot.domain.errors import ChangedMeanwhile
from bot.domain.people import invited, invitee_import, invitee_judging, invitee_rows
from bot.domain.people.invitee_judging import Outcome, Report
from bot.domain.people.invitee_rows import Line
from bot.i18n import translator
from bot.reports import invitee_lists
from bot.storage import invitations as links
from bot.storage import invitees, meetings
from bot.storage.database import Transaction
from bot.storage.invitees import Entry
from tests.domain.people.hall import ALI, BUDI, NOW, Hall

HEADING = [
    "No",
    "Nama Lengkap",
    "Jabatan",
    "Asal Instansi",
    "Unsur",
    "No. HP/WA",
    "Pangkat/Golongan",
    "NIP/NRP",
]
ALI_AGAIN = ["1", "AKBAR, Ali", "Komandan", "KODIM 0418", "TNI", "0812-3456-7890", "", ""]


def xlsx(*rows: Sequence[Any]) -> list[Line]:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    lines = invitee_rows.read(sheets.read(file.getvalue()))
    assert lines is not None
    return lines


async def judged(hall: Hall, lines: Sequence[Line], merged: Sequence[int] = ()) -> Report:
    async def work(tx: Transaction) -> Report:
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        return await invitee_judging.judge(tx, meeting, lines, merged)

    return await hall.database.read(work)


async def take(hall: Hall, lines: Sequence[Line], merged: Sequence[int] = ()) -> Report:
    expected = invitee_judging.tally(await judged(hall, lines, merged))
    return await hall.does(
        lambda tx: invitee_import.take(tx, hall.meeting_id, BUDI, lines, merged, expected, NOW)
    )


async def everybody(hall: Hall) -> list[Entry]:
    return [item.entry for item in await hall.database.read(lambda tx: invitees.all_of(tx, hall.meeting_id))]


def outcomes(report: Report) -> list[tuple[int, str, str]]:
    return [(row.line.number, row.outcome.value, row.reason(translator("en"))) for row in report.rows]


async def test_a_list_under_a_letterhead_is_read_and_every_person_gets_a_link(hall: Hall) -> None:
    lines = xlsx(
        ["DAFTAR UNDANGAN"],
        [],
        HEADING,
        [
            1,
            "Kompol Rahmat Hidayat, S.I.K.",
            "Kasat",
            "Polrestabes",
            "tni",
            81234567891,
            "Kompol",
            "80010203",
        ],
        [2, "Siti Aminah", None, "KPU Kota", "KPU", "0711 123456", None, None],
        [3, "Tanpa Nomor", "Staf", "KPU Kota", "kpu", "-", None, None],
        [],
    )

    report = await take(hall, lines)

    assert [row.outcome for row in report.rows] == [Outcome.NEW] * 3
    assert await everybody(hall) == [
        Entry("kpu", "Siti Aminah", "KPU Kota", "", "+62711123456"),
        Entry("kpu", "Tanpa Nomor", "KPU Kota", "Staf"),
        Entry(
            "tni",
            "Kompol Rahmat Hidayat, S.I.K.",
            "Polrestabes",
            "Kasat",
            "+6281234567891",
            "Kompol",
            "80010203",
        ),
    ]
    assert len(await hall.database.read(lambda tx: links.personal(tx, hall.meeting_id))) == 3


async def test_sending_a_list_again_changes_nothing_and_a_corrected_one_updates(hall: Hall) -> None:
    rows = [[1, "Siti Aminah", "Anggota", "KPU Kota", "KPU", "0711 123456", "", ""]]
    await take(hall, xlsx(HEADING, *rows))
    before = await hall.database.read(lambda tx: invitees.all_of(tx, hall.meeting_id))

    again = await take(hall, xlsx(HEADING, *rows))
    corrected = await take(
        hall, xlsx(HEADING, [1, "Dra. AMINAH Siti", "Ketua", "kpu kota", "KPU", "", "", "1980"])
    )

    [after] = await hall.database.read(lambda tx: invitees.all_of(tx, hall.meeting_id))
    assert [row.outcome for row in (*again.rows, *corrected.rows)] == [Outcome.SAME, Outcome.CHANGED]
    assert (after.id, after.entry) == (
        before[0].id,
        Entry("kpu", "Dra. AMINAH Siti", "kpu kota", "Ketua", "+62711123456", "", "1980"),
    )


async def test_one_row_that_cannot_be_taken_keeps_the_whole_list_out(hall: Hall) -> None:
    lines = xlsx(
        HEADING,
        [1, "Siti Aminah", "", "KPU Kota", "KPU", "", "", ""],
        [2, "", "", "KPU Kota", "KPU", "", "", ""],
        [3, "Rina", "", "", "KPU", "", "", ""],
        [4, "Rina", "", "KPU Kota", "Parpol", "", "", ""],
        [5, "Rina", "", "KPU Kota", "KPU", "besok", "", ""],
        [6, "AMINAH SITI, S.H.", "", "kpu kota", "KPU", "", "", ""],
        [7, "Rina", "", "KPU Kota", "KPU", "", "", "1.98001E+17"],
        [8, "---", "", "KPU Kota", "KPU", "", "", ""],
        [9, "Rina " + "x" * 100, "", "KPU Kota", "KPU", "", "", ""],
    )

    report = await judged(hall, lines)

    assert outcomes(report) == [
        (2, "new", ""),
        (3, "refused", "the name is missing"),
        (4, "refused", "the institution is missing"),
        (5, "refused", "there is no group “Parpol” in this meeting"),
        (6, "refused", "“besok” is no phone number"),
        (7, "refused", "the same person as in row 2"),
        (8, "refused", "Excel has rounded the NIP/NRP; format the column as text and enter it again"),
        (9, "refused", "“---” is no name"),
        (10, "refused", "“Rina " + "x" * 25 + "…” is longer than 100 characters"),
    ]
    with pytest.raises(ChangedMeanwhile):
        await take(hall, lines)
    assert await everybody(hall) == []


async def test_who_may_be_on_the_list_is_shown_and_never_merged_silently(hall: Hall) -> None:
    await hall.invites()
    lines = xlsx(
        HEADING,
        [1, "Ali Akbar", "", "Korem 044", "TNI", "", "", ""],
        [2, "Ali Akbr", "", "Kodim 0418", "TNI", "", "", ""],
        [3, "Alimudin", "", "Kodim 0418", "TNI", "", "", ALI.staff_number],
        [4, "A. Akbar", "", "Kodim 0418", "TNI", "", "", ""],
        [5, "Ali Akbar", "", "Kodim 0418", "TNI", "", "", "77"],
    )
    known = "Letkol Inf. Ali Akbar, Kodim 0418"

    report = await judged(hall, lines)

    assert outcomes(report) == [
        (2, "doubtful", f"same name as {known}, but another institution"),
        (3, "doubtful", f"almost the name of {known}, from the same institution"),
        (4, "doubtful", f"same NIP/NRP as {known}, but another name or institution"),
        (5, "doubtful", f"almost the name of {known}, from the same institution"),
        (6, "doubtful", f"same name and institution as {known}, but another NIP/NRP"),
    ]
    assert report.can_be_taken
    await take(hall, lines[1:3], merged=[3])
    assert sorted(entry.name for entry in await everybody(hall)) == ["Ali Akbr", "Alimudin"]


async def test_a_list_that_would_do_something_else_by_now_is_not_taken(hall: Hall) -> None:
    lines = xlsx(HEADING, ALI_AGAIN)
    seen = invitee_judging.tally(await judged(hall, lines))
    await hall.invites()

    with pytest.raises(ChangedMeanwhile):
        await hall.does(lambda tx: invitee_import.take(tx, hall.meeting_id, BUDI, lines, (), seen, NOW))
    assert await everybody(hall) == [ALI]


def test_other_tables_are_no_list_of_invited_people() -> None:
    assert invitee_rows.read(sheets.read(b"Tanggal;Acara\n1;Pembukaan\n")) is None
    with pytest.raises(sheets.Unreadable, match="no row below"):
        invitee_rows.read(sheets.read(b"Nama;Instansi;Unsur\n"))
    long = "Nama;Instansi;Unsur\n" + "".join(f"Orang {number};KPU;KPU\n" for number in range(2001))
    with pytest.raises(sheets.Unreadable, match="2001 people"):
        invitee_rows.read(sheets.read(long.encode()))


async def test_the_empty_list_is_one_that_can_be_read(hall: Hall) -> None:
    frame = await hall.database.read(
        lambda tx: invitee_lists.TEMPLATE.gather(tx, {"meeting": hall.meeting_id})
    )
    content = invitee_lists.TEMPLATE.make(translator("id"), frame)

    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].append(["Siti", "KPU Kota", "KPU", "", "081234567890", "", ""])
    file = io.BytesIO()
    book.save(file)
    lines = invitee_rows.read(sheets.read(file.getvalue()))
    assert lines is not None
    assert outcomes(await judged(hall, lines)) == [(2, "new", "")]


async def test_whom_to_ring_comes_as_a_file_with_links(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)
    arguments = {"meeting": hall.meeting_id, "arrived": False, "bot": "rakor_bot"}

    data = await hall.database.read(lambda tx: invitee_lists.CALL_LIST.gather(tx, arguments))
    page = openpyxl.load_workbook(
        io.BytesIO(invitee_lists.CALL_LIST.make(translator("id"), data))
    ).worksheets[0]

    last = [cell.value for cell in list(page.rows)[-1]]
    assert last == [
        ALI.institution,
        ALI.name,
        ALI.position,
        "TNI",
        ALI.phone,
        "tidak",
        f"https://t.me/rakor_bot?start={await hall.payload(link)}",
        "",
    ]
    assert (await hall.does(lambda tx: invited.to_ring(tx, hall.meeting_id, arrived=True))) == []
