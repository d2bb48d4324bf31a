"""The attendance list (daftar hadir) on paper: to be signed, and as the record of who came (PDF, A4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.i18n import Translator, zone_name
from bot.reports import letterhead
from bot.reports.attendance import SIGNED, AttendanceList, gather, sector_name
from bot.reports.letterhead import FONT
from bot.reports.maker import Maker
from bot.storage.meetings import Meeting

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN = 15.0
"""Millimetres, as all lengths here; A4 is 210 by 297."""
BOTTOM = 16.0
NUMBER, NAME, POSITION, INSTITUTION, SIGNATURE = 10.0, 47.0, 38.0, 43.0, 42.0
TIME, TICK = 26.0, 17.0
SIGNING_ROW, RECORD_ROW = 10.5, 6.0
"""Least height of a line: on paper to be signed there is room for a signature."""
LINE, PADDING = 3.9, 1.2
TEXT_POINTS = 8.5
DOTS = 12
EMPTY_ROWS = 8
"""Lines for people who are on no list."""
BAND = 6.0
TOTAL = 9.0
CLOSING = 50.0
"""Height of the place for the signature of the person in charge, which is not torn apart."""
LAST_ROWS = 3
"""So many lines stand on the page of that signature, so that it cannot be put to another list."""
SHADE = (236, 239, 242)


class _Table:
    """Lines on pages that repeat the heading of the columns."""

    def __init__(self, paper: FPDF, titles: Sequence[str], widths: Sequence[float], least: float) -> None:
        self._paper = paper
        self._centred = {place for place, width in enumerate(widths) if width <= TIME}
        self._titles = titles
        self._widths = widths
        self._least = least

    def head(self) -> None:
        """The names of the columns."""
        paper = self._paper
        wrapped = self._wrap(self._titles, bold=True)
        paper.set_fill_color(*SHADE)
        self._boxes(wrapped, max(7.5, _height(wrapped)), align="C", style="DF")

    def band(self, text: str) -> None:
        """A line over all columns, kept together with what follows."""
        paper = self._paper
        self.keep(BAND + self._least)
        paper.set_font(FONT, style="B", size=TEXT_POINTS)
        top = paper.get_y()
        paper.rect(paper.l_margin, top, sum(self._widths), BAND)
        paper.set_x(paper.l_margin + 2 * PADDING)
        letterhead.cell(paper, text, sum(self._widths) - 4 * PADDING, BAND)
        paper.set_xy(paper.l_margin, top + BAND)

    def line(self, cells: Sequence[str], signature: str = "", *, right: bool = False) -> None:
        """A line; ``signature`` stands in the last column, on its left or right half."""
        paper = self._paper
        wrapped = self._wrap(cells)
        height = max(self._least, _height(wrapped))
        self.keep(height)
        paper.set_font(FONT, size=TEXT_POINTS)  # a page may have begun
        top = paper.get_y()
        self._boxes(wrapped, height)
        if signature:
            width = self._widths[-1]
            left = paper.l_margin + sum(self._widths) - width + (width / 2 if right else 0)
            paper.set_xy(left + PADDING, top + height - LINE - PADDING)
            paper.cell(width / 2, LINE, signature)
            paper.set_xy(paper.l_margin, top + height)

    def height(self, cells: Sequence[str]) -> float:
        """Of a line with these cells."""
        return max(self._least, _height(self._wrap(cells)))

    def keep(self, height: float) -> None:
        """Begin a page when there is no room for so much."""
        if self._paper.get_y() + height > self._paper.h - BOTTOM:
            self._paper.add_page()
            self.head()

    def _wrap(self, cells: Sequence[str], *, bold: bool = False) -> list[list[str]]:
        """The lines of each cell; the font is set for them."""
        paper = self._paper
        paper.set_font(FONT, style="B" if bold else "", size=TEXT_POINTS)
        return [
            letterhead.wrapped(paper, text, width - 2 * PADDING, LINE)
            for text, width in zip(cells, self._widths, strict=True)
        ]

    def _boxes(
        self, wrapped: Sequence[Sequence[str]], height: float, *, align: str = "L", style: str = "D"
    ) -> None:
        paper = self._paper
        left, top = paper.l_margin, paper.get_y()
        for place, (lines, width) in enumerate(zip(wrapped, self._widths, strict=True)):
            paper.rect(left, top, width, height, style=style)
            above = top + (height - len(lines) * LINE) / 2
            for offset, text in enumerate(lines):
                paper.set_xy(left + PADDING, above + offset * LINE)
                letterhead.cell(
                    paper, text, width - 2 * PADDING, LINE, align="C" if place in self._centred else align
                )
            left += width
        paper.set_xy(paper.l_margin, top + height)


def _height(wrapped: Sequence[Sequence[str]]) -> float:
    return max(map(len, wrapped)) * LINE + 2 * PADDING


def signing(t: Translator, listed: AttendanceList) -> bytes:
    """The list with everybody registered, to be signed: fields alternately on the left and on the right."""
    titles = [*_person_titles(t), t.gettext("Signature")]
    paper, table = _document(t, listed, titles, (NUMBER, NAME, POSITION, INSTITUTION, SIGNATURE), SIGNING_ROW)
    sector = None
    for place, entry in enumerate(listed.entries):
        person = entry.participant
        if person.sector != sector:
            sector = person.sector
            table.band(sector_name(t, listed, sector))
        cells = [str(entry.number), person.name, person.position, person.institution, ""]
        table.line(cells, f"{entry.number}. " + "." * DOTS, right=place % 2 == 1)
    table.band(t.gettext("Who is not on the list, please write here"))
    for place in range(EMPTY_ROWS):
        if place == EMPTY_ROWS - LAST_ROWS:
            table.keep(LAST_ROWS * SIGNING_ROW + CLOSING)
        table.line([""] * 5, "." * DOTS, right=(len(listed.entries) + place) % 2 == 1)
    _close(t, paper, listed)
    return bytes(paper.output())


def record(t: Translator, listed: AttendanceList) -> bytes:
    """The same lines as the record of the meeting: who came at which time, and who did not."""
    zone = listed.meeting.timezone
    titles = [
        *_person_titles(t),
        t.gettext("Checked in ({zone})").format(zone=zone_name(listed.meeting.starts_at, zone)),
    ]
    widths = [NUMBER, NAME, POSITION, INSTITUTION + SIGNATURE - TIME, TIME]
    if listed.is_ticked:
        titles.append(t.gettext("Signed"))
        widths[3] -= TICK
        widths.append(TICK)
    paper, table = _document(t, listed, titles, widths, RECORD_ROW)
    days = {t.day(entry.arrived_at, zone) for entry in listed.entries if entry.arrived_at is not None}
    lines: list[tuple[str, list[str]]] = []
    for entry in listed.entries:
        person, at = entry.participant, entry.arrived_at
        when = t.gettext("not here") if at is None else t.bare_time(at, zone)
        if at is not None and len(days) > 1:
            when = f"{at.astimezone(ZoneInfo(zone)):%d-%m} {when}"
        cells = [str(entry.number), person.name, person.position, person.institution, when]
        if listed.is_ticked:
            cells.append(SIGNED if entry.signed else "–")
        lines.append((person.sector, cells))
    sector = None
    for place, (code, cells) in enumerate(lines):
        if code != sector:
            sector = code
            table.band(sector_name(t, listed, sector))
        if place == len(lines) - LAST_ROWS:
            table.keep(sum(table.height(last) for _, last in lines[place:]) + CLOSING + TOTAL)
        table.line(cells)
    paper.ln(3)
    letterhead.line(
        paper,
        t.gettext("Present: {present} of {registered} registered.").format(
            present=listed.present, registered=len(listed.entries)
        ),
        size=9.5,
        bold=True,
    )
    _close(t, paper, listed)
    return bytes(paper.output())


def _person_titles(t: Translator) -> list[str]:
    return [t.gettext("No."), t.gettext("Name"), t.gettext("Position"), t.gettext("Institution")]


def _document(
    t: Translator, listed: AttendanceList, titles: Sequence[str], widths: Sequence[float], least: float
) -> tuple[FPDF, _Table]:
    """The first page, down to the heading of the columns."""
    from fpdf import FPDF

    meeting = listed.meeting
    running = t.gettext("Attendance list: {title}").format(title=t.pick(meeting.title))

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-11)
            self.set_font(FONT, size=7)
            page = t.gettext("Page {page} of {pages}").format(page=self.page_no(), pages="{nb}")
            room = self.epw - 40
            lines = letterhead.wrapped(self, running, room, 4)
            letterhead.cell(self, lines[0] + ("…" if len(lines) > 1 else ""), room, 4)
            self.cell(40, 4, page, align="R")

    paper = Document(format="A4")
    letterhead.prepare(paper, running)
    paper.set_margins(MARGIN, 12, MARGIN)
    paper.set_auto_page_break(False)
    paper.c_margin = 0
    paper.add_page()
    letterhead.head(paper, listed.office, listed.logo)
    letterhead.line(paper, t.gettext("ATTENDANCE LIST"), size=13, bold=True, align="C")
    letterhead.line(paper, t.pick(meeting.title), size=11, bold=True, align="C")
    paper.ln(3)
    zone = meeting.timezone
    hours = t.gettext("{start}–{end}").format(
        start=t.bare_time(meeting.starts_at, zone), end=t.time(meeting.ends_at, zone)
    )
    day, last = t.day(meeting.starts_at, zone), t.day(meeting.ends_at, zone)
    if day != last:
        day, hours = f"{day} – {last}", t.time(meeting.starts_at, zone)
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    for label, value in ((t.gettext("Day"), day), (t.gettext("Time"), hours), (t.gettext("Place"), place)):
        if value:
            letterhead.fact(paper, label, value, size=9.5, label_mm=18)
    paper.ln(3)
    table = _Table(paper, titles, widths, least)
    table.head()
    return paper, table


def _close(t: Translator, paper: FPDF, listed: AttendanceList) -> None:
    """The place for the signature of the person in charge, on the right below the list."""
    if paper.get_y() + CLOSING > paper.h - BOTTOM:
        paper.add_page()
    meeting, office = listed.meeting, listed.office
    left = paper.w - MARGIN - 75
    paper.set_y(paper.get_y() + 6)
    day = _date(t, meeting)
    for text, gap in (
        (", ".join(filter(None, (office.city, day))), 5.0),
        (t.gettext("Person in charge,"), 23.0),
        ("(" + "." * 44 + ")", 5.0),
        (t.gettext("NIP."), 5.0),
    ):
        paper.set_x(left)
        paper.set_font(FONT, size=9.5)
        letterhead.cell(paper, text, 75, 5)
        paper.set_y(paper.get_y() + gap)


def _date(t: Translator, meeting: Meeting) -> str:
    """``6 Agustus 2024``: the last day of the meeting."""
    from babel.dates import format_date

    day = meeting.ends_at.astimezone(ZoneInfo(meeting.timezone)).date()
    return format_date(day, "d MMMM y", locale=t.locale)


SIGNING = Maker("attendance-signing", gather, signing)
RECORD = Maker("attendance-record", gather, record)
