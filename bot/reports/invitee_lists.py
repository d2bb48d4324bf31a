"""Lists of the invited as XLSX: an empty one to fill in, what each row of a file does, and whom to ring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import invitations, invited, invitee_judging, invitee_rows, seating
from bot.domain.people.invited import Institution
from bot.domain.people.invitee_judging import Outcome, Report
from bot.i18n import N_, Localised, Translator
from bot.reports.maker import Arguments, Maker
from bot.reports.sheets import Sheet, workbook
from bot.storage import invitations as stored
from bot.storage import invitees, meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.values import from_json

OUTCOMES = {
    Outcome.NEW: N_("new"),
    Outcome.CHANGED: N_("changed details"),
    Outcome.SAME: N_("on the list already"),
    Outcome.DOUBTFUL: N_("doubtful"),
    Outcome.REFUSED: N_("cannot be taken"),
}

TEMPLATE_COLUMNS = ("Nama", "Instansi", "Unsur", "Jabatan", "Telepon", "Pangkat", "NIP/NRP")
"""As the import knows them (:data:`bot.domain.people.invitee_rows.COLUMNS`), whatever the language of who asks."""
TEMPLATE_WIDTHS = (32, 34, 22, 28, 18, 18, 24)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every list has at its top."""

    office: Office
    meeting: Meeting
    sectors: Mapping[str, Localised]


async def _frame(tx: Transaction, meeting_id: int) -> Frame | None:
    meeting = await meetings.find(tx, meeting_id)
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if meeting is None or office is None:
        return None
    seats = await seating.seats(tx, meeting.id)
    return Frame(office, meeting, {seat.sector.code: seat.sector.name for seat in seats})


def _workbook(t: Translator, frame: Frame, title: str, sheets: Sequence[Sheet]) -> bytes:
    return workbook(title, frame.office.name, sheets)


async def _gather_template(tx: Transaction, arguments: Arguments) -> Frame | None:
    return await _frame(tx, arguments["meeting"])


def _make_template(t: Translator, frame: Frame) -> bytes:
    """The columns alone, without a heading of merged cells, and the names of the groups on a sheet of their own."""
    import io

    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    label = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE"})
    text = book.add_format(
        {"num_format": "@"}
    )  # text: Excel neither rounds a NIP nor drops the 0 of a number
    page = book.add_worksheet(t.gettext("Invited"))
    groups = book.add_worksheet(t.gettext("Groups"))
    for column, (name, width) in enumerate(zip(TEMPLATE_COLUMNS, TEMPLATE_WIDTHS, strict=True)):
        page.set_column(column, column, width, text)
        page.write_string(0, column, name, label)
    page.freeze_panes(1, 0)
    names = [t.pick(name) for name in frame.sectors.values()]
    groups.set_column(0, 0, 40)
    for row, name in enumerate(names):
        groups.write_string(row, 0, name)
    if names:
        source = f"='{t.gettext('Groups')}'!$A$1:$A${len(names)}"
        page.data_validation(1, 2, invitee_rows.MOST_ROWS, 2, {"validate": "list", "source": source})
    book.close()
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Judgement:
    frame: Frame
    name: str
    report: Report


async def _gather_report(tx: Transaction, arguments: Arguments) -> Judgement | None:
    frame = await _frame(tx, arguments["meeting"])
    found = await invitees.find_upload(tx, arguments["person"], arguments["meeting"])
    if frame is None or found is None:
        return None
    kept = from_json(found[1])
    lines = invitee_rows.from_json(kept["lines"])
    return Judgement(frame, found[0], await invitee_judging.judge(tx, frame.meeting, lines, kept["merged"]))


def _make_report(t: Translator, judged: Judgement) -> bytes:
    title = t.gettext("What each row does")
    lines = []
    for row in judged.report.rows:
        cells = row.line.cells
        outcome = t.gettext(OUTCOMES[row.outcome])
        if row.merges:
            outcome = t.gettext("the same person, details changed")
        lines.append(
            [
                str(row.line.number),
                cells.get("name", ""),
                cells.get("institution", ""),
                cells.get("sector", ""),
                outcome,
                row.reason(t),
            ]
        )
    columns = (
        t.gettext("Row"),
        t.gettext("Name"),
        t.gettext("Institution"),
        t.gettext("Group"),
        t.gettext("Outcome"),
        t.gettext("Why"),
    )
    heading = [judged.frame.office.name.upper(), title, judged.name]
    sheet = Sheet(t.gettext("Rows"), heading, columns, (7, 32, 34, 20, 20, 60), lines)
    return _workbook(t, judged.frame, title, [sheet])


@dataclass(frozen=True, slots=True)
class CallList:
    frame: Frame
    arrived: bool
    found: Sequence[Institution]
    urls: Mapping[int, str]
    """The personal link by the id of the invited person."""


async def _gather_calls(tx: Transaction, arguments: Arguments) -> CallList | None:
    frame = await _frame(tx, arguments["meeting"])
    if frame is None:
        return None
    key = await invitations.signing_key(tx, frame.office.id)
    urls = {
        invitee: invitations.url(arguments["bot"], invitations.signed(key, link))
        for invitee, link in (await stored.personal(tx, frame.meeting.id)).items()
    }
    found = await invited.to_ring(tx, frame.meeting.id, arrived=arguments["arrived"])
    return CallList(frame, arguments["arrived"], found, urls)


def _make_calls(t: Translator, calls: CallList) -> bytes:
    title = t.gettext("REGISTERED, NOT HERE YET") if calls.arrived else t.gettext("INVITED, NO ANSWER YET")
    lines = []
    for institution in calls.found:
        for one in institution.people:
            entry = one.entry
            sector = t.pick(calls.frame.sectors.get(entry.sector, {})) or entry.sector
            opened = t.gettext("yes") if one.opened_at is not None else t.gettext("no")
            lines.append(
                [
                    institution.name,
                    entry.name,
                    entry.position,
                    sector,
                    entry.phone,
                    opened,
                    calls.urls.get(one.id, ""),
                    "",
                ]
            )
    columns = (
        t.gettext("Institution"),
        t.gettext("Name"),
        t.gettext("Position"),
        t.gettext("Group"),
        t.gettext("Telephone"),
        t.gettext("Link opened"),
        t.gettext("Personal link"),
        t.gettext("Answer"),
    )
    heading = [calls.frame.office.name.upper(), title, t.pick(calls.frame.meeting.title)]
    sheet = Sheet(t.gettext("To ring"), heading, columns, (32, 30, 26, 18, 18, 10, 40, 22), lines)
    return _workbook(t, calls.frame, title, [sheet])


TEMPLATE = Maker("invitee-template", _gather_template, _make_template)
REPORT = Maker("invitee-report", _gather_report, _make_report)
CALL_LIST = Maker("call-list", _gather_calls, _make_calls)
