"""The attendance list on paper, read back from the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image
from pypdf import PdfReader

from bot.domain.attendance.roll import Entry
from bot.i18n import Translator, translator
from bot.reports.attendance import AttendanceList
from bot.reports.attendance_paper import record, signing
from tests.reports.test_attendance import NOW, OFFICE, a_meeting, a_participant

LONG = "Letkol Inf. Dr. H. Muhammad Syarifuddin Abdurrahman bin Haji Ahmad Fauzi, S.I.P., M.Si., M.Han."
LETTERHEAD = "BADAN PENGAWAS PEMILIHAN UMUM\nKOTA PALEMBANG\nJalan Contoh 1, Palembang"
SECTORS = {"tni": {"id": "TNI"}, "kpu": {"id": "KPU"}}


def a_logo() -> bytes:
    file = BytesIO()
    Image.new("RGBA", (60, 80), (180, 40, 30, 200)).save(file, "PNG")
    return file.getvalue()


def listed(entries: Sequence[Entry], *, logo: bytes | None = None) -> AttendanceList:
    meeting = replace(a_meeting("Asia/Jakarta"), ends_at=NOW + timedelta(hours=5), address="Jalan Contoh 2")
    return AttendanceList(replace(OFFICE, letterhead=LETTERHEAD), meeting, SECTORS, entries, logo)


def crowd(count: int) -> list[Entry]:
    names = ("Ani Lestari", LONG, "Wahyu", "Иван", "陳大文", "محمد", "Siti 🎉", "n" * 100)
    return [
        Entry(
            number,
            replace(
                a_participant(number, names[number % len(names)]), sector="tni" if number <= 20 else "kpu"
            ),
            NOW + timedelta(minutes=number) if number % 2 else None,
            False,
        )
        for number in range(1, count + 1)
    ]


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_list_for_signing_has_all_that_an_office_expects() -> None:
    entries = [
        Entry(1, replace(a_participant(1, "Ani"), sector="tni"), NOW, False),
        Entry(3, a_participant(2, LONG), None, False),
    ]

    [page] = pages(signing(translator("id"), listed(entries, logo=a_logo())))

    text = words(page)
    for part in (
        *LETTERHEAD.splitlines(),
        "DAFTAR HADIR",
        "Rakor",
        "Hari : Selasa, 6 Agustus 2024",
        "Waktu : 09.05–14.05 WIB",
        "Tempat : Aula, Jalan Contoh 2",
        "No. Nama Jabatan Instansi Tanda tangan TNI 1 Ani +1 Kantor Ani 1. ............ KPU 3",
        LONG,
        "3. ............",
        "Palembang, 6 Agustus 2024",
        "Penanggung jawab,",
        "NIP.",
        "Daftar hadir: Rakor Halaman 1 dari 1",
    ):
        assert part in text
    assert "09.05" not in text.replace("09.05–14.05", "")  # nobody signs a list that knows already who came


def test_fields_for_signatures_alternate() -> None:
    content = signing(translator("id"), listed(crowd(6)))
    lefts: list[float] = []

    def note(text: str, _: object, matrix: list[float], *__: object) -> None:
        if re.fullmatch(r"\d\. \.+", text.strip()):
            lefts.append(round(matrix[4]))

    PdfReader(BytesIO(content)).pages[0].extract_text(visitor_text=note)
    assert len(lefts) == 6
    assert lefts[0] == lefts[2] == lefts[4] < lefts[1] == lefts[3] == lefts[5]


@pytest.mark.parametrize("form", [signing, record])
def test_300_lines_of_any_script_fill_pages_that_repeat_the_heading(form: object) -> None:
    assert callable(form)
    content = form(translator("id"), listed(crowd(300), logo=a_logo()))

    found = pages(content)
    assert 8 <= len(found) <= 25
    for number, page in enumerate(found, 1):
        assert "No. Nama Jabatan Instansi" in words(page)
        assert f"Halaman {number} dari {len(found)}" in words(page)
    whole = words(" ".join(found))
    # Each as a name, and in that of an institution.
    assert [whole.count(name) for name in (LONG, "Иван", "□□□")] == [76, 76, 76]
    assert "Penanggung jawab," in found[-1]
    assert re.search(r"Kantor|\.{12}", found[-1])  # nor is the signature alone


def test_the_record_says_who_came_at_which_time_and_who_did_not() -> None:
    text = words(" ".join(pages(record(translator("id"), listed(crowd(3))))))

    assert "Instansi Waktu hadir (WIB) TNI" in text
    assert re.search(r"\b1 Letkol.* 09\.06 2 Wahyu \+1 Kantor Wahyu tidak hadir 3 Иван", text)
    assert "Hadir: 2 dari 3 peserta terdaftar." in text
    assert "Ttd." not in text


def test_the_record_of_several_days_has_the_day_of_each_check_in() -> None:
    entries = [
        Entry(1, a_participant(1, "Ani"), NOW, True),
        Entry(2, a_participant(2, "Budi"), NOW + timedelta(days=1), False),
    ]

    text = words(" ".join(pages(record(translator("en"), listed(entries)))))

    assert "1 Ani +1 Kantor Ani 06-08 09:05 ✓ 2 Budi +1 Kantor Budi 07-08 09:05 –" in text
    assert "Signed" in text


def test_an_empty_list_can_be_printed_and_has_lines_for_guests() -> None:
    [page] = pages(signing(translator("id"), listed([])))
    assert "Yang belum ada di daftar, silakan menulis di sini" in words(page)
    assert page.count("............") >= 8
    [page] = pages(record(translator("id"), listed([])))
    assert "Hadir: 0 dari 0 peserta terdaftar." in words(page)


def shapes(content: bytes) -> set[str]:
    """The names of the letters' shapes that the first page embeds."""
    fonts = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    files = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"].get_data()
        for font in fonts
    ]
    return {name for file in files for name in TTFont(BytesIO(file)).getGlyphOrder()}


@pytest.mark.parametrize("make", [signing, record])
def test_arabic_letters_are_joined_and_read_from_right_to_left(
    make: Callable[[Translator, AttendanceList], bytes],
) -> None:
    content = make(translator("id"), listed([Entry(1, a_participant(1, "محمد عبد"), None, False)]))

    assert "محمد عبد" in words(pages(content)[0])
    first_word = {"uniFEE3", "uniFEA4", "uniFEE4", "uniFEAA"}  # its letters at their begin, middle and end
    assert first_word <= shapes(content)


@pytest.mark.parametrize(("pixels", "millimetres"), [((600, 150), (72, 18)), ((150, 150), (22, 22))])
def test_a_wide_logo_is_as_easy_to_read_as_another(
    pixels: tuple[int, int], millimetres: tuple[int, int]
) -> None:
    file = BytesIO()
    Image.new("RGB", pixels).save(file, "PNG")

    [page] = PdfReader(BytesIO(signing(translator("id"), listed([], logo=file.getvalue())))).pages

    contents = page.get_contents()
    assert contents is not None
    placed = re.search(rb"([\d.]+) 0 0 ([\d.]+) [\d.]+ [\d.]+ cm /I1 Do", contents.get_data())
    assert placed is not None
    assert tuple(round(float(points) / 72 * 25.4) for points in placed.groups()) == millimetres
    assert words(page.extract_text()).startswith(" ".join(LETTERHEAD.split()))
