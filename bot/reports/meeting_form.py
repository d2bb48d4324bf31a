"""A meeting as files that organisers can change and send back: an Excel form, and the complete meeting file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.meeting_files import meeting_export, meeting_stored, meeting_yaml
from bot.domain.meeting_files.meeting_file import MeetingFile
from bot.domain.meeting_files.meeting_layouts import (
    AGENDA,
    KEPT_FILE,
    LAYOUTS,
    MEETING,
    SECTORS,
    SESSIONS,
    Column,
    Layout,
)
from bot.i18n import Translator
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from bot.storage.offices import Office, Sector

WIDTH = 24
WIDE = {"title", "name", "theme", "url", "venue", "address", "topic", "prompt", "question", "options", "text"}
EMPTY_ROWS = 40
"""Rows below the last one that are formatted as text, so that Excel does not make something else of what is typed."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the form is filled with."""

    office: Office
    sectors: list[Sector]
    file: MeetingFile | None
    """None for an empty form."""


async def gather(tx: Transaction, arguments: Arguments) -> Form | None:
    office = await offices.find(tx, arguments["office"])
    if office is None:
        return None
    file = None
    if arguments["meeting"] is not None:
        meeting = await meetings.find(tx, arguments["meeting"])
        file = None if meeting is None else await meeting_stored.stored(tx, meeting.code)
        if file is None:
            return None
    return Form(office, await offices.sectors(tx, office.id), file)


def workbook(t: Translator, form: Form) -> bytes:
    """The XLSX file. Every cell that people fill in is formatted as text, so what is typed stays as it is."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "bg_color": "#E8E8E8", "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    hint = book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True})
    for layout in LAYOUTS:
        sheet = book.add_worksheet(layout.name(t.locale))
        rows = _rows(form, layout)
        if layout.section == MEETING:
            sheet.set_column(0, 0, WIDTH)
            sheet.set_column(1, 1, 50, text)
            sheet.set_column(2, 2, 60)
            [values] = rows
            for number, column in enumerate(layout.columns):
                sheet.write_string(number, 0, column.name(t.locale), head)
                sheet.write_string(number, 1, _cell(column, values, t.locale), text)
                sheet.write_string(number, 2, t.gettext(column.hint), hint)
            continue
        for position, column in enumerate(layout.columns):
            wide = column.key.partition(".")[0] in WIDE
            sheet.set_column(position, position, 40 if wide else WIDTH, text)
            sheet.write_string(0, position, column.name(t.locale), head)
            for number, values in enumerate(rows, 1):
                sheet.write_string(number, position, _cell(column, values, t.locale), text)
        sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _cell(column: Column, values: Mapping[str, Any], locale: str) -> str:
    return column.shown(values[column.key], locale) if column.key in values else ""


def _rows(form: Form, layout: Layout) -> list[dict[str, Any]]:
    """The rows of a sheet by the keys of its columns."""
    if form.file is None:
        if layout.section == SECTORS:
            return [_flat({"code": sector.code, "name": dict(sector.name)}) for sector in form.sectors]
        return [{}] if layout.section == MEETING else []
    content = meeting_export.as_content(form.file)
    if layout.section == MEETING:
        start = form.file.meeting.starts_at.astimezone(ZoneInfo(form.office.timezone))
        values = _flat(content[MEETING])
        day, _, values["start"] = values["start"].partition(" ")
        values["day"] = day
        values["end"] = values["end"].removeprefix(f"{start:%Y-%m-%d} ")
        return [values]
    rows = []
    for entry in content.get(layout.section, ()):
        values = _flat(entry)
        if layout.section == AGENDA:
            first = content[MEETING]["start"][:11]
            for name in ("start", "end"):
                values[name] = values[name].removeprefix(first)
        if layout.section == SESSIONS and entry["sectors"] == "all":
            del values["sectors"]
        if entry.get("file"):
            values["url"] = f"{KEPT_FILE} {entry['file']['name']}".strip()
        rows.append(values)
    return rows


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """``title.en`` for the English title; what is not there left out."""
    flat: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{locale}": text for locale, text in value.items() if text is not None}
        elif value is not None:
            flat[key] = value
    return flat


async def gather_file(tx: Transaction, arguments: Arguments) -> MeetingFile | None:
    meeting = await meetings.find(tx, arguments["meeting"])
    return None if meeting is None else await meeting_stored.stored(tx, meeting.code)


def whole(t: Translator, file: MeetingFile) -> bytes:
    """The complete meeting file as JSON, which the bot and ``rakor import`` read."""
    return meeting_yaml.to_text(meeting_export.as_content(file)).encode()


FORM = Maker("meeting-form", gather, workbook)
FILE = Maker("meeting-file", gather_file, whole)
