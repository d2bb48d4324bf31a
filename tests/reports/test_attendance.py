"""The attendance list as a file: what a spreadsheet program finds in it."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

from bot.domain.attendance.roll import Entry
from bot.i18n import translator
from bot.reports.attendance import AttendanceList, sheet
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.participants import Participant

NOW = datetime(2024, 8, 6, 2, 5, tzinfo=UTC)
OFFICE = Office(1, "o", "Bawaslu Kota Palembang", "Palembang", "Asia/Jakarta", "id", "")
FORMULA = '=HYPERLINK("http://example.org","x")'


def a_meeting(zone: str) -> Meeting:
    return Meeting(
        id=2,
        office_id=1,
        code="rakor",
        title={"id": "Rakor"},
        theme={},
        venue="Aula",
        address="",
        starts_at=NOW,
        ends_at=NOW,
        timezone=zone,
        state="running",
        contact="",
    )


def a_participant(number: int, name: str) -> Participant:
    return Participant(
        number, 2, None, "kpu", name, f"Kantor {name}", "+1", f"TCKT{number}", "registered", NOW, NOW
    )


def rows(content: bytes, number: int) -> list[list[str]]:
    """The texts of a sheet's cells, row by row; a cell that is anything but text is an error."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        strings = [
            unescape("".join(re.findall(r"<t[^>]*>([^<]*)</t>", item)))
            for item in re.findall(r"<si>(.*?)</si>", file.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        ]
        xml = file.read(f"xl/worksheets/sheet{number}.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    return [
        [strings[int(value)] for value in re.findall(r'<c [^>]*t="s"[^>]*><v>(\d+)</v></c>', row)]
        for row in re.findall(r"<row .*?</row>", xml, re.DOTALL)
    ]


def a_list(
    *entries: Entry, zone: str = "Asia/Jakarta", sectors: dict[str, dict[str, str]] | None = None
) -> AttendanceList:
    return AttendanceList(OFFICE, a_meeting(zone), sectors or {}, entries)


HEAD = [
    ["BAWASLU KOTA PALEMBANG"],
    ["DAFTAR HADIR"],
    ["Rakor"],
    ["Selasa, 6 Agustus 2024, 09.05 WIB · Aula"],
]
COLUMNS = ["No.", "Nama", "Jabatan", "Instansi", "Unsur", "Waktu hadir (WIB)"]


def test_who_is_here_and_who_is_not_stand_on_two_sheets_with_the_numbers_of_the_list() -> None:
    content = sheet(
        translator("id"),
        a_list(
            Entry(1, a_participant(1, "Ani"), NOW, False),
            Entry(2, a_participant(2, "Budi"), None, False),
            Entry(4, a_participant(3, FORMULA), NOW, False),
            sectors={"kpu": {"id": "KPU"}},
        ),
    )

    assert rows(content, 1) == [
        *HEAD,
        COLUMNS,
        ["1", "Ani", "+1", "Kantor Ani", "KPU", "06-08-2024 09.05 WIB"],
        ["4", FORMULA, "+1", f"Kantor {FORMULA}", "KPU", "06-08-2024 09.05 WIB"],
    ]
    assert rows(content, 2) == [*HEAD, COLUMNS, ["2", "Budi", "+1", "Kantor Budi", "KPU", ""]]


def test_once_signatures_are_ticked_a_sheet_has_the_differences() -> None:
    content = sheet(
        translator("id"),
        a_list(
            Entry(1, a_participant(1, "Ani"), NOW, True),
            Entry(2, a_participant(2, "Budi"), None, True),
            Entry(3, a_participant(3, "Citra"), NOW, False),
        ),
    )

    assert [row[-1] for row in rows(content, 1)[5:]] == ["✓", ""]
    assert rows(content, 2)[-1][-1] == "✓"
    assert [[row[0], row[1], row[-1]] for row in rows(content, 3)[4:]] == [
        ["No.", "Nama", "Selisih"],
        ["2", "Budi", "Sudah ttd., belum tercatat hadir"],
        ["3", "Citra", "Tercatat hadir, belum ttd."],
    ]


def test_times_are_those_of_the_meetings_place() -> None:
    entry = Entry(1, a_participant(1, "Ani"), NOW, False)
    content = sheet(translator("en"), a_list(entry, zone="Asia/Jayapura"))

    assert rows(content, 1)[-1][-2:] == ["kpu", "06-08-2024 11:05 WIT"]


def test_an_empty_list_has_its_heading() -> None:
    assert len(rows(sheet(translator("id"), a_list()), 1)) == 5
