"""A list of the invited that an organiser sends as a file: what each row would do, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot import sheets
from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import invitee_import, invitee_judging, invitee_rows
from bot.domain.people.invitee_judging import Judged, Outcome, Report
from bot.domain.people.invitee_rows import Line
from bot.i18n import N_, Translator
from bot.storage import invitees, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.values import from_json, to_json
from handlers.intake import Intake, Offered, open_form
from handlers.people.invitation_views import around
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

SUFFIXES = (".xlsx", ".csv", ".xls")
LIMIT_BYTES = 2_000_000
PAGE = 8

_COUNTS = (
    (Outcome.NEW, N_("➕ new: <b>{count}</b>")),
    (Outcome.CHANGED, N_("✏️ with changed details: <b>{count}</b>")),
    (Outcome.SAME, N_("➖ on the list already: <b>{count}</b>")),
    (Outcome.DOUBTFUL, N_("❓ doubtful: <b>{count}</b>")),
    (Outcome.REFUSED, N_("⛔ cannot be taken: <b>{count}</b>")),
)


async def _wants(tx: Transaction, person_id: int, offered: Offered) -> bool:
    if offered.kind != "document" or offered.suffix not in SUFFIXES:
        return False
    if await open_form(tx, person_id) is not None:
        return False
    return any(role == roles.ORGANISER for _, role in await offices.offices_of(tx, person_id))


def _read(content: bytes, offered: Offered) -> tuple[str, list[Line]]:
    lines = invitee_rows.read(sheets.read(content))
    if lines is None:
        # This intake comes after those of other tables, so nobody else knows this one.
        raise sheets.Unreadable(
            N_(
                "I found no row with the names of the columns. A list of the invited needs the columns Nama, Instansi"
                " and Unsur; /invite has an empty list to fill in."
            )
        )
    return offered.name, lines


async def on_sent(turn: Turn) -> None:
    """Keep what was sent, and show what it would do."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    name, lines = turn.content
    report = await invitee_judging.judge(turn.tx, meeting, lines)
    await _Waiting(name, lines, set(), invitee_judging.tally(report)).keep(turn, meeting)
    turn.reply(*_preview(turn.t, meeting, name, report))


@dataclass(slots=True)
class _Waiting:
    """The list that waits for an organiser's tap."""

    name: str
    lines: list[Line]
    merged: set[int]
    """The numbers of doubtful rows that are for somebody on the list."""
    seen: dict[str, int]
    """How many rows had which outcome in the preview."""

    async def keep(self, turn: Turn, meeting: Meeting) -> None:
        kept = {
            "lines": invitee_rows.as_json(self.lines),
            "merged": sorted(self.merged),
            "seen": self.seen,
        }
        await invitees.keep_upload(turn.tx, turn.user.id, meeting.id, self.name, to_json(kept), turn.now)


async def _waiting(turn: Turn) -> tuple[Meeting, _Waiting]:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    found = await invitees.find_upload(turn.tx, turn.user.id, meeting.id)
    if found is None:
        raise NotFound
    kept = from_json(found[1])
    lines = invitee_rows.from_json(kept["lines"])
    return meeting, _Waiting(found[0], lines, set(kept["merged"]), kept["seen"])


def _preview(
    t: Translator, meeting: Meeting, name: str, report: Report, opening: str = ""
) -> tuple[str, list[list[Button]]]:
    counts = invitee_judging.tally(report)
    lines = [opening, ""] if opening else []
    lines += [
        t.gettext("📄 <b>{name}</b>\nFor: {title}").format(
            name=escape(clip(name, 80)), title=escape(clip(t.pick(meeting.title), 150))
        ),
        "",
        *(t.gettext(text).format(count=counts[key]) for key, text in _COUNTS if counts.get(key)),
    ]
    refused, doubtful = report.of(Outcome.REFUSED), report.of(Outcome.DOUBTFUL)
    if refused:
        lines += ["", *(row_line(t, row) for row in refused[:PAGE])]
        if len(refused) > PAGE:
            lines.append(
                t.gettext("… and {count} more; the report has them all.").format(count=len(refused) - PAGE)
            )
        lines += [
            "",
            t.gettext(
                "<b>Nothing was kept.</b> Please correct these rows and send the whole file again: it is taken all"
                " together or not at all."
            ),
        ]
    elif doubtful:
        lines += [
            "",
            t.gettext(
                "Doubtful rows become new people unless you say that they are the same as somebody on the list."
                " Nothing is kept before you tap."
            ),
        ]
    else:
        lines += ["", t.gettext("Nothing is kept before you tap.")]
    take = sum(counts.get(key, 0) for key in (Outcome.NEW, Outcome.CHANGED, Outcome.DOUBTFUL))
    buttons = []
    if report.can_be_taken:
        label = (
            t.gettext("✅ Take all {count} rows").format(count=len(report.rows))
            if take
            else t.gettext("Done")
        )
        buttons.append([tap(label, "undang-take", meeting.id)])
        if doubtful:
            shown = t.gettext("❓ Look at the doubtful ({count})").format(count=len(doubtful))
            buttons.append([tap(shown, "undang-doubt", meeting.id, 0)])
    buttons += [
        [tap(t.gettext("Report of every row, XLSX"), "undang-report", meeting.id)],
        [tap(t.gettext("Discard"), "undang-drop", meeting.id)],
    ]
    return "\n".join(lines), buttons


def row_line(t: Translator, row: Judged) -> str:
    """A row and why it is as it is; HTML."""
    who = row.line.cells.get("name") or "–"
    return t.gettext("Row {row} · {name}: {reason}").format(
        row=row.line.number, name=escape(clip(who, 60)), reason=escape(clip(row.reason(t), 200), quote=False)
    )


async def on_doubtful(turn: Turn) -> None:
    """The doubtful rows, a page at a time; a tap on one decides it, another tap the other way."""
    meeting, waiting = await _waiting(turn)
    page = number(turn.args[1])
    if len(turn.args) > 2:
        waiting.merged ^= {number(turn.args[2])}
        await waiting.keep(turn, meeting)
    report = await invitee_judging.judge(turn.tx, meeting, waiting.lines, waiting.merged)
    rows = report.of(Outcome.DOUBTFUL)
    t = turn.t
    lines = [
        t.gettext("❓ <b>Doubtful rows ({count})</b>").format(count=len(rows)),
        "",
        t.gettext(
            "Tap a row to say who it is: 👤 somebody new, or 🔁 the same person, who gets the row's details."
        ),
        "",
    ]
    buttons = []
    for row in rows[page * PAGE : (page + 1) * PAGE]:
        lines.append(row_line(t, row))
        label = t.gettext("🔁 {row}: the same") if row.merges else t.gettext("👤 {row}: new")
        buttons.append(
            [tap(label.format(row=row.line.number), "undang-doubt", meeting.id, page, row.line.number)]
        )
    buttons += [
        around("undang-doubt", page, len(rows), meeting.id),
        [tap(t.gettext("‹ Back to the file"), "undang-upload", meeting.id)],
    ]
    turn.edit("\n".join(lines), buttons)


async def on_upload(turn: Turn) -> None:
    """The preview once more."""
    meeting, waiting = await _waiting(turn)
    report = await invitee_judging.judge(turn.tx, meeting, waiting.lines, waiting.merged)
    turn.edit(*_preview(turn.t, meeting, waiting.name, report))


async def on_take(turn: Turn) -> None:
    """Take the list, if it would still do what its preview said."""
    meeting, waiting = await _waiting(turn)
    t = turn.t
    report = await invitee_judging.judge(turn.tx, meeting, waiting.lines, waiting.merged)
    if not report.can_be_taken or invitee_judging.tally(report) != waiting.seen:
        waiting.seen = invitee_judging.tally(report)
        await waiting.keep(turn, meeting)
        opening = t.gettext(
            "⚠️ The list of the invited has changed meanwhile. This is what the file does now:"
        )
        turn.edit(*_preview(t, meeting, waiting.name, report, opening))
        return
    report = await invitee_import.take(
        turn.tx, meeting.id, turn.user.id, waiting.lines, waiting.merged, waiting.seen, turn.now
    )
    await invitees.drop_upload(turn.tx, turn.user.id)
    counts = invitee_judging.tally(report)
    merged = sum(row.merges for row in report.rows)
    new = counts.get(Outcome.NEW, 0) + counts.get(Outcome.DOUBTFUL, 0) - merged
    changed = counts.get(Outcome.CHANGED, 0) + merged
    turn.edit(
        t.gettext(
            "✅ <b>The list was taken</b>\n\nNew: {new}\nWith changed details: {changed}\n\nEverybody has a link of"
            " their own now. Send it by WhatsApp, or print the letters."
        ).format(new=new, changed=changed),
        [
            [tap(t.gettext("📞 To ring, with WhatsApp links"), "undang-call", meeting.id, "a", 0)],
            [tap(t.gettext("‹ Invitations"), "undang", meeting.id)],
        ],
    )


async def on_report(turn: Turn) -> None:
    """What each row does, as a file."""
    meeting, _ = await _waiting(turn)
    turn.made_document(
        "invitee-report",
        {"meeting": meeting.id, "person": turn.user.id},
        "laporan-undangan.xlsx",
        turn.t.gettext("What each row of the file does, and why."),
    )


async def on_drop(turn: Turn) -> None:
    await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await invitees.drop_upload(turn.tx, turn.user.id)
    turn.edit(turn.t.gettext("The file was discarded. Nothing was changed."))


JOURNEY = Journey(
    taps=(
        Tap("undang-doubt", on_doubtful),
        Tap("undang-upload", on_upload),
        Tap("undang-take", on_take),
        Tap("undang-report", on_report),
        Tap("undang-drop", on_drop),
    ),
    intakes=(Intake(wants=_wants, read=_read, handler=on_sent, limit_bytes=LIMIT_BYTES),),
)
