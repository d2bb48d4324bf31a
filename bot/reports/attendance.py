"""The attendance list (daftar hadir) as an XLSX file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import attendance
from bot.i18n import Localised, Translator, zone_name
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.participants import Participant

WIDTHS = (5, 32, 28, 32, 20, 22)
"""Of the columns, in characters; printed on A4, the page is as wide as all of them."""

Entries = Sequence[tuple[Participant, datetime | None]]
"""Participants with the moment of their check-in, in the order of the list."""


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """What an attendance list says."""

    office: Office
    meeting: Meeting
    sectors: Mapping[str, Localised]
    """The name of each sector's code."""
    entries: Entries


async def gather(tx: Transaction, arguments: Arguments) -> AttendanceList | None:
    """The attendance list of the meeting whose id is ``arguments["meeting"]``."""
    meeting = await meetings.find(tx, arguments["meeting"])
    if meeting is None:
        return None
    office = await offices.find(tx, meeting.office_id)
    assert office is not None
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, office.id)}
    return AttendanceList(office, meeting, sectors, (await attendance.roll(tx, meeting)).entries)


def sheet(
    t: Translator, office: Office, meeting: Meeting, sectors: Mapping[str, Localised], entries: Entries
) -> bytes:
    """An XLSX file: who is here on the first sheet, who is not on the second.

    ``sectors`` names each code. What people wrote about themselves stands in cells of text, so that nothing of it is
    ever a formula or a link.
    """
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": t.pick(meeting.title), "company": office.name})
    for title, here in ((t.gettext("Present"), True), (t.gettext("Not here yet"), False)):
        shown = [entry for entry in entries if (entry[1] is not None) == here]
        _fill(
            book,
            title,
            _heading(t, office, meeting),
            _columns(t, meeting),
            _lines(t, meeting, sectors, shown),
        )
    book.close()
    return file.getvalue()


def _heading(t: Translator, office: Office, meeting: Meeting) -> list[str]:
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    when = t.moment(meeting.starts_at, meeting.timezone)
    return [office.name.upper(), t.gettext("ATTENDANCE LIST"), t.pick(meeting.title), f"{when} · {place}"]


def _columns(t: Translator, meeting: Meeting) -> list[str]:
    return [
        t.gettext("No."),
        t.gettext("Name"),
        t.gettext("Position"),
        t.gettext("Institution"),
        t.gettext("Group"),
        t.gettext("Checked in ({zone})").format(zone=zone_name(meeting.starts_at, meeting.timezone)),
    ]


def _lines(
    t: Translator, meeting: Meeting, sectors: Mapping[str, Localised], entries: Entries
) -> list[list[str]]:
    zone = ZoneInfo(meeting.timezone)
    lines = []
    for place, (person, at) in enumerate(entries, 1):
        sector = t.pick(sectors.get(person.sector, {})) or person.sector
        when = "" if at is None else f"{at.astimezone(zone):%d-%m-%Y} {t.time(at, meeting.timezone)}"
        lines.append([str(place), person.name, person.position, person.institution, sector, when])
    return lines


def _fill(book: Any, title: str, heading: list[str], columns: list[str], lines: list[list[str]]) -> None:
    page = book.add_worksheet(title)
    head = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    label = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#EEEEEE"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for row, text in enumerate(heading):
        page.merge_range(row, 0, row, len(columns) - 1, "", head)
        page.write_string(row, 0, text, head)
    first = len(heading) + 1
    for column, (text, width) in enumerate(zip(columns, WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(first, column, text, label)
    for row, line in enumerate(lines, first + 1):
        for column, text in enumerate(line):
            page.write_string(row, column, text, cell)
    page.freeze_panes(first + 1, 0)
    page.repeat_rows(first)
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


SHEET = Maker(
    "attendance-xlsx",
    gather,
    lambda t, data: sheet(t, data.office, data.meeting, data.sectors, data.entries),
)
