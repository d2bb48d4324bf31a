"""A meeting as a calendar file (iCalendar, RFC 5545) that phones and mail programs take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.i18n import Translator
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings
from bot.storage.database import Transaction
from bot.storage.meetings import AgendaItem, Meeting

LINE_OCTETS = 75
"""RFC 5545, 3.1: longer lines are folded."""


@dataclass(frozen=True, slots=True)
class Calendar:
    meeting: Meeting
    agenda: list[AgendaItem]
    changed_at: datetime
    """When the meeting was last changed: calendars take the newer of two files."""


async def gather(tx: Transaction, arguments: Arguments) -> Calendar | None:
    meeting = await meetings.find(tx, arguments["meeting"])
    if meeting is None or meeting.state in (meetings.DRAFT, meetings.ARCHIVED):
        return None
    return Calendar(meeting, await meetings.agenda(tx, meeting.id), await meetings.changed_at(tx, meeting.id))


def calendar_file(t: Translator, calendar: Calendar) -> bytes:
    """The file, with one event whose description is the agenda."""
    meeting = calendar.meeting
    zone = meeting.timezone
    agenda = [
        f"{t.time(item.starts_at, zone)} {t.pick(item.title)}"
        + (f" ({item.speaker})" if item.speaker else "")
        for item in calendar.agenda
    ]
    description = "\n".join(part for part in (t.pick(meeting.theme), "", *agenda, "", meeting.contact))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Rakor Bot//Rakor//ID",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{meeting.code}@rakor-bot",
        f"DTSTAMP:{_utc(calendar.changed_at)}",
        f"SEQUENCE:{int(calendar.changed_at.timestamp())}",
        f"DTSTART:{_utc(meeting.starts_at)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SUMMARY:{_escaped(t.pick(meeting.title))}",
        f"DESCRIPTION:{_escaped(description.strip())}",
        f"LOCATION:{_escaped(', '.join(part for part in (meeting.venue, meeting.address) if part))}",
    ]
    if meeting.map_point is not None:
        lines.append("GEO:{:.6f};{:.6f}".format(*meeting.map_point))
    lines += [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(t.pick(meeting.title))}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A TEXT value: RFC 5545, 3.3.11."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, no letter cut in two."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_OCTETS - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])


FILE = Maker("calendar", gather, calendar_file)
