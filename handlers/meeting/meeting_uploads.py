"""Meeting files in the chat: sent by an organiser, previewed, applied on a tap; and handed out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain import roles
from bot.domain.language.texts import clip, utf16_length
from bot.domain.meeting import meeting_setup, meetings
from bot.domain.meeting_files import meeting_file, meeting_sheets, meeting_upload
from bot.domain.meeting_files.meeting_file import MeetingFile
from bot.domain.meeting_files.meeting_preview import Line
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.i18n import Translator
from bot.reports.meeting_form import FILE, FORM
from bot.sheets import Limits, Sheet
from bot.sheets import read as read_sheets
from bot.storage import offices, uploads
from bot.storage.database import Transaction
from handlers.intake import Intake, Offered, offered_by, open_form
from handlers.meeting import meeting_notices
from handlers.meeting.meetings import reply_card
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

TEXT_FILES = (".yaml", ".yml", ".json")
LIMITS = Limits(rows=1000, columns=40)
ROOM = 3400
"""UTF-16 units of what changes, of the 4,096 of a message (Bot API, sendMessage)."""
MOST_PROBLEMS = 20


async def _wants(tx: Transaction, person_id: int, offered: Offered) -> bool:
    if offered.kind != "document" or offered.suffix not in (*TEXT_FILES, ".xlsx"):
        return False
    if await open_form(tx, person_id) is not None:
        return False
    own = await offices.offices_of(tx, person_id)
    return any(role == roles.ORGANISER for _, role in own)


def _read(content: bytes, offered: Offered) -> MeetingFile | BrokenFile | list[Sheet] | None:
    """A text file is read whole; what an Excel file means depends on the database. None for a list of people."""
    if offered.suffix in TEXT_FILES:
        try:
            return meeting_file.read(content, offered.name)
        except BrokenFile as broken:
            return broken
    sheets = read_sheets(content, LIMITS)
    return sheets if meeting_sheets.describes_a_meeting(sheets) else None


async def on_file(turn: Turn) -> None:
    """Say what the file would change, and ask; or what is wrong with it."""
    offered = offered_by(turn.update.message)
    name = offered.name if offered is not None else ""
    content: MeetingFile | BrokenFile | list[Sheet] = turn.content
    try:
        if isinstance(content, BrokenFile):
            raise content
        preview = await meeting_upload.preview(turn.tx, content, name, turn.user.id, turn.now, turn.t)
    except BrokenFile as broken:
        turn.reply(_problems(turn.t, broken))
        return
    t = turn.t
    title = escape(clip(t.pick(preview.file.meeting.title), 200), quote=False)
    if preview.upload_id is None:
        nothing = (
            t.gettext("✅ <b>{title}</b>\n\nThe file changes nothing:")
            if preview.lines
            else t.gettext("✅ <b>{title}</b>\n\nThe file says what is there already; nothing changes.")
        )
        turn.reply("\n\n".join(filter(None, [nothing.format(title=title), _listed(t, preview.lines)])))
        return
    head = (
        t.gettext("📥 <b>{title}</b>\nThis file makes a new meeting:")
        if preview.is_new
        else t.gettext("📥 <b>{title}</b>\nThis file would change:")
    )
    closing = t.gettext("Nothing has been changed yet. Shall I apply it?")
    turn.reply(
        "\n\n".join([head.format(title=title), _listed(t, preview.lines), closing]),
        [
            [tap(t.gettext("✅ Apply"), "upload-apply", preview.upload_id)],
            [tap(t.gettext("No, throw it away"), "upload-drop", preview.upload_id)],
        ],
    )


def _listed(t: Translator, lines: Sequence[Line]) -> str:
    """As many of the lines as fit, under their headings, and how many more there are; HTML."""
    shown: list[str] = []
    room, section = ROOM, None
    for place, line in enumerate(lines):
        words = f"{line.sign} {escape(line.text, quote=False)}"
        if line.section != section:
            section = line.section
            words = f"\n<b>{t.gettext(section)}</b>\n{words}"
        room -= utf16_length(words) + 1
        if room < 0:
            more = len(lines) - place
            shown.append(
                "\n" + t.ngettext("… and {count} more", "… and {count} more", more).format(count=more)
            )
            break
        shown.append(words)
    return "\n".join(shown).strip("\n")


def _problems(t: Translator, broken: BrokenFile) -> str:
    """What is wrong with a file, with line or cell; HTML."""
    lines = []
    for problem in broken.problems[:MOST_PROBLEMS]:
        place = "" if problem.line is None else t.gettext("line {line}").format(line=problem.line)
        where = " · ".join(part for part in (place, problem.where) if part)
        lines.append(
            f"• <b>{escape(where, quote=False)}</b> {escape(clip(problem.text(t), 200), quote=False)}"
        )
    more = len(broken.problems) - len(lines)
    if more > 0:
        lines.append(t.ngettext("… and {count} more", "… and {count} more", more).format(count=more))
    count = len(broken.problems)
    head = t.ngettext(
        "⚠️ <b>The file has {count} mistake. Nothing was changed.</b>",
        "⚠️ <b>The file has {count} mistakes. Nothing was changed.</b>",
        count,
    ).format(count=count)
    closing = t.gettext(
        "Correct it in the file and send it once more. /meetings > Files hands out one that fits."
    )
    return "\n\n".join([head, "\n".join(lines), closing])


async def on_apply(turn: Turn) -> None:
    try:
        applied = await meeting_upload.apply(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except BrokenFile as broken:
        turn.edit(_problems(turn.t, broken))
        return
    turn.edit(turn.t.gettext("✅ The file was applied."))
    await reply_card(turn, applied.meeting)
    if applied.changed is not None:
        await meeting_notices.offer(turn, applied.changed)


async def on_drop(turn: Turn) -> None:
    if await uploads.find(turn.tx, number(turn.args[0]), turn.user.id) is not None:
        await uploads.forget(turn.tx, turn.user.id)
    turn.edit(turn.t.gettext("The file was thrown away. Nothing was changed."))


async def on_files(turn: Turn) -> None:
    """Hand the meeting out as Excel and as a complete file, both of which can be sent back."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    t = turn.t
    turn.made_document(
        FORM.name,
        {"office": meeting.office_id, "meeting": meeting.id},
        f"{meeting.code}.xlsx",
        t.gettext(
            "<b>Excel</b>: the meeting, its groups, agenda, links, sessions, polls and understanding check. Change it"
            " and send it back: I show what would change before anything does."
        ),
    )
    turn.made_document(
        FILE.name,
        {"meeting": meeting.id},
        f"{meeting.code}.json",
        t.gettext(
            "<b>The complete file</b>: reminders and questions of the registration as well, without any participant."
            " Keep it as a copy, or send it to me to bring everything back."
        ),
    )


async def on_empty_form(turn: Turn) -> None:
    """Hand out the Excel form without a meeting."""
    own = [
        office for office, role in await offices.offices_of(turn.tx, turn.user.id) if role == roles.ORGANISER
    ]
    office = await meeting_setup.office_of(turn.tx, own[0].id if own else 0, turn.user.id)
    turn.made_document(
        FORM.name,
        {"office": office.id, "meeting": None},
        turn.t.gettext("new-meeting") + ".xlsx",
        turn.t.gettext("Fill it in and send it back: I show what it would make before anything is made."),
    )


INTAKE = Intake(wants=_wants, read=_read, handler=on_file)

JOURNEY = Journey(
    taps=(
        Tap("upload-apply", on_apply),
        Tap("upload-drop", on_drop),
        Tap("meeting-files", on_files),
        Tap("meeting-form", on_empty_form),
    ),
    intakes=(INTAKE,),
)
