"""Lists as XLSX: a heading, a table with a border, ready to be printed on A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. ``widths`` are those of the columns, in characters."""

    name: str
    heading: Sequence[str]
    columns: Sequence[str]
    widths: Sequence[int]
    lines: Sequence[Sequence[str]]


def workbook(title: str, office: str, sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file. Every cell is text, so that nothing that people wrote is ever a formula or a link."""
    import xlsxwriter

    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": title, "company": office})
    head = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
    label = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#EEEEEE"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for row, text in enumerate(sheet.heading):
            if len(sheet.columns) > 1:
                page.merge_range(row, 0, row, len(sheet.columns) - 1, "", head)
            page.write_string(row, 0, text, head)
        first = len(sheet.heading) + 1
        for column, (text, width) in enumerate(zip(sheet.columns, sheet.widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(first, column, text, label)
        for row, line in enumerate(sheet.lines, first + 1):
            for column, text in enumerate(line):
                page.write_string(row, column, text, cell)
        page.freeze_panes(first + 1, 0)
        page.repeat_rows(first)
        page.set_paper(9)  # A4
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P / &N")
    book.close()
    return file.getvalue()
