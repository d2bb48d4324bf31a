"""Lists that offices send: what is read, and what is refused with a reason."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot import sheets
from bot.sheets import Limits, Unreadable, read


def workbook(*, name: str = "Daftar", rows: list[list[object]], merged: str = "") -> bytes:
    """An XLSX with one sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet(name)
    days, moments, times = (
        book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm")
    )
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, moments)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, days)
            elif isinstance(value, clock):
                sheet.write_datetime(number, column, value, times)
            else:
                sheet.write(number, column, value)
    if merged:
        sheet.merge_range(merged, "DAFTAR UNDANGAN")
    book.close()
    return file.getvalue()


def texts(content: bytes) -> list[list[str]]:
    [sheet] = read(content)
    return [list(row.cells) for row in sheet.rows]


def reason(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read(content, limits or Limits())
    return str(caught.value)


def repacked(content: bytes, part: str, text: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with one part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, text)
    return file.getvalue()


MOMENT = datetime(2024, 8, 6, 8, 30)  # noqa: DTZ001 - Excel knows no zones


class TestExcel:
    def test_cells_come_as_people_read_them(self) -> None:
        content = workbook(
            rows=[
                ["No.", "  Nama ", "Telepon", "Tanggal", "Saat", "Jam", "Hadir"],
                [],
                [1, "Ani\u200b  Lestari", 6281234567890, date(2024, 8, 6), MOMENT],
                [2.5, "", "0812", None, None, clock(9, 5), True],
            ]
        )

        assert texts(content) == [
            ["No.", "Nama", "Telepon", "Tanggal", "Saat", "Jam", "Hadir"],
            [],
            ["1", "Ani Lestari", "6281234567890", "2024-08-06", "2024-08-06 08:30"],
            ["2.5", "", "0812", "", "", "09:05", "ya"],
        ]

    def test_rows_know_what_their_cells_are_called(self) -> None:
        [sheet] = read(workbook(rows=[["a"], ["b", "c"]]))

        assert (sheet.name, sheet.rows[1].number, sheet.rows[1].name(1), sheet.rows[1][1]) == (
            "Daftar",
            2,
            "B2",
            "c",
        )
        assert sheet.rows[0][7] == ""
        assert [sheets.column_name(column) for column in (0, 25, 26, 701, 702)] == [
            "A",
            "Z",
            "AA",
            "ZZ",
            "AAA",
        ]

    def test_merged_cells_are_named(self) -> None:
        assert reason(workbook(rows=[["x"]], merged="A3:C3")) == (
            "The cells A3:C3 on the sheet “Daftar” are merged, so it is not sure what belongs to which row. Undo the"
            " merging, save, and send the file again."
        )

    def test_a_formula_is_named_even_when_its_result_is_in_the_file(self) -> None:
        assert reason(workbook(rows=[["a"], ["b", "=1+1"]])).startswith(
            "Cell B2 on the sheet “Daftar” holds a formula."
        )

    def test_20_000_rows_are_refused_soon(self) -> None:
        content = workbook(rows=[[f"Nama {number}", "KPU"] for number in range(20_000)])
        begun = time.monotonic()

        assert reason(content).startswith("The table goes on after row 5000;")
        assert time.monotonic() - begun < 5

    def test_the_last_row_that_fits(self) -> None:
        rows: list[list[object]] = [[str(number)] for number in range(10)]

        assert len(texts(workbook(rows=rows))) == 10
        assert reason(workbook(rows=rows), Limits(rows=9)).startswith("The table goes on after row 9;")

    def test_too_wide_and_too_long(self) -> None:
        assert reason(workbook(rows=[["x"] * 101])) == (
            "Row 1 has more than 100 columns. Remove those that are not needed."
        )
        assert reason(workbook(rows=[["x", "y" * 4001]])) == (
            "Cell B1 holds more than 4000 characters. Please shorten it."
        )

    def test_a_zip_bomb_is_not_opened(self) -> None:
        sheet = b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"
        bomb = repacked(workbook(rows=[["x"]]), "xl/worksheets/sheet1.xml", sheet)
        many = repacked(workbook(rows=[["x"]]), "xl/media/a.bin", random.Random(1).randbytes(3_000_000))

        assert len(bomb) < 100_000
        assert "far larger than a list can be" in reason(bomb)
        assert "far larger than a list can be" in reason(
            many, Limits(content_bytes=9_000_000, unpacked_bytes=2_000_000)
        )
        assert reason(many) == "The file is larger than 2 MB. Remove pictures and sheets that are not needed."

    def test_entities_are_not_expanded(self) -> None:
        laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'

        assert "XML that is not safe" in reason(repacked(workbook(rows=[["x"]]), "xl/workbook.xml", laughs))

    @pytest.mark.parametrize("beginning", [b"MZ\x90\x00", b"\x7fELF", b"%PDF-1.7", b"\x00\x01\x02\x03\x04"])
    def test_a_renamed_program_is_no_table(self, beginning: bytes) -> None:
        assert reason(beginning + b"\x00" * 64) == (
            "This is not a table, whatever its name says. Send an Excel file (.xlsx) or a CSV file."
        )

    def test_old_excel_other_archives_and_nothing(self) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")

        assert reason(sheets.MAGIC_OLE + bytes(600)).startswith("This is a file of an old Excel")
        assert reason(file.getvalue()).startswith("This is not an Excel file")
        assert reason(b" \n") == "The file is empty."

    @given(cut=st.integers(0, 5_000), at=st.integers(0, 5_000), noise=st.binary(max_size=12))
    def test_whatever_is_broken_is_refused_or_read(self, cut: int, at: int, noise: bytes) -> None:
        whole = workbook(rows=[["Nama", "Unsur"], ["Ani", "KPU"]])
        broken = whole[:at] + noise + whole[at + len(noise) :]

        for content in (broken, whole[: max(4, len(whole) - cut)]):
            with contextlib.suppress(Unreadable):
                read(content)


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_encodings_and_separators(self, encoding: str, separator: str) -> None:
        written = f'Nama{separator}Unsur\r\n"Zoë, S.H.; M.H."{separator}KPU\r\n'

        assert texts(written.encode(encoding)) == [["Nama", "Unsur"], ["Zoë, S.H.; M.H.", "KPU"]]

    def test_the_separator_that_excel_names(self) -> None:
        assert texts(b"sep=;\r\na;b,c\r\n") == [["a", "b,c"]]

    def test_an_open_quotation_mark(self) -> None:
        assert reason(b'a,b\n"c,d\n').startswith("Line 2 of the file is not readable")

    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused_or_read(self, content: bytes) -> None:
        with contextlib.suppress(Unreadable):
            read(content)
