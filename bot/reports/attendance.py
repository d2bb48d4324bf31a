"""The attendance list (daftar hadir): what it says, and as an XLSX file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.attendance import roll, signatures
from bot.domain.attendance.roll import Entry
from bot.i18n import Localised, Translator, zone_name
from bot.reports.maker import Arguments, Maker
from bot.reports.sheets import Sheet, workbook
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office

WIDTHS = (5, 32, 28, 32, 20, 24)
"""Of the columns, in characters; printed on A4, the page is as wide as all of them."""
SIGNED_WIDTH = 12

SIGNED = "✓"


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """What an attendance list says."""

    office: Office
    meeting: Meeting
    sectors: Mapping[str, Localised]
    """The name of each sector's code."""
    entries: Sequence[Entry]
    """By their numbers, which are the same wherever the list is shown."""
    logo: bytes | None = None
    """A PNG or JPEG for the letterhead."""

    @property
    def present(self) -> int:
        return sum(entry.arrived_at is not None for entry in self.entries)

    @property
    def is_ticked(self) -> bool:
        """Whether the committee has begun to tick who signed."""
        return any(entry.signed for entry in self.entries)


async def gather(tx: Transaction, arguments: Arguments) -> AttendanceList | None:
    """The attendance list of the meeting whose id is ``arguments["meeting"]``."""
    meeting = await meetings.find(tx, arguments["meeting"])
    if meeting is None:
        return None
    office = await offices.find(tx, meeting.office_id)
    assert office is not None
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, office.id)}
    lines = await roll.entries(tx, meeting)
    return AttendanceList(office, meeting, sectors, lines, await offices.logo(tx, office.id))


def sheet(t: Translator, listed: AttendanceList) -> bytes:
    """An XLSX file: who is here, who is not, and where the signed paper says something else than the check-ins."""
    columns = _columns(t, listed.meeting)
    widths: list[int] = list(WIDTHS)
    if listed.is_ticked:
        columns.append(t.gettext("Signed"))
        widths.append(SIGNED_WIDTH)
    sheets = []
    for title, here in ((t.gettext("Present"), True), (t.gettext("Not here yet"), False)):
        lines = [
            [*_line(t, listed, entry), *([SIGNED if entry.signed else ""] if listed.is_ticked else [])]
            for entry in listed.entries
            if (entry.arrived_at is not None) == here
        ]
        sheets.append(Sheet(title, heading(t, listed), columns, widths, lines))
    if listed.is_ticked:
        differs = signatures.difference(listed.entries)
        lines = [
            [*_line(t, listed, entry), remark]
            for found, remark in (
                (differs.signed_only, t.gettext("Signed, not checked in")),
                (differs.here_only, t.gettext("Checked in, not signed")),
            )
            for entry in found
        ]
        titles = [*_columns(t, listed.meeting), t.gettext("Difference")]
        sheets.append(Sheet(t.gettext("Differences"), heading(t, listed), titles, [*WIDTHS, 26], lines))
    return workbook(t.pick(listed.meeting.title), listed.office.name, sheets)


def heading(t: Translator, listed: AttendanceList) -> list[str]:
    """The lines above the table: whose list it is, of which meeting, when and where."""
    meeting = listed.meeting
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    when = t.moment(meeting.starts_at, meeting.timezone)
    return [
        listed.office.name.upper(),
        t.gettext("ATTENDANCE LIST"),
        t.pick(meeting.title),
        " · ".join(filter(None, (when, place))),
    ]


def sector_name(t: Translator, listed: AttendanceList, code: str) -> str:
    return t.pick(listed.sectors.get(code, {})) or code


def _columns(t: Translator, meeting: Meeting) -> list[str]:
    return [
        t.gettext("No."),
        t.gettext("Name"),
        t.gettext("Position"),
        t.gettext("Institution"),
        t.gettext("Group"),
        t.gettext("Checked in ({zone})").format(zone=zone_name(meeting.starts_at, meeting.timezone)),
    ]


def _line(t: Translator, listed: AttendanceList, entry: Entry) -> list[str]:
    person, at, zone = entry.participant, entry.arrived_at, listed.meeting.timezone
    when = "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%d-%m-%Y} {t.time(at, zone)}"
    return [
        str(entry.number),
        person.name,
        person.position,
        person.institution,
        sector_name(t, listed, person.sector),
        when,
    ]


SHEET = Maker("attendance-xlsx", gather, sheet)
