"""The attendance list as files, who signed it on paper, and where paper and check-ins disagree."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.attendance import roll, signatures
from bot.domain.attendance.attendance import DESK
from bot.domain.attendance.roll import Entry
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Context, Facts, Invalid, Text
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.reports.attendance import SHEET
from bot.reports.attendance_paper import RECORD, SIGNING
from bot.storage.meetings import Meeting
from handlers.attendance.attendance_views import turning
from handlers.forms import forms
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

FORMS = {True: "signatures", False: "signatures-no"}
"""The form that asks which lines are signed, and the one that asks which are not."""
PAGE = 10
"""Lines that one message shows."""
MOST_UNKNOWN = 12
"""Numbers without a line that an answer names."""


async def _meeting(turn: Turn, *allowed: str) -> Meeting:
    return await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *allowed)


async def on_lists(turn: Turn) -> None:
    """The choice of files and tools."""
    meeting = await _meeting(turn, *roles.ROLES)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *roles.ROLES)
    t = turn.t
    text = t.gettext(
        "📄 <b>Attendance list</b>\n{title}\n\nThe lines have the same numbers on paper, in the sheet and here."
        " Printing the list for signing fixes them; who comes later is added at the end."
    ).format(title=escape(clip(t.pick(meeting.title), 150)))
    buttons = [
        [tap(t.gettext("With times (PDF)"), "hadir-record", meeting.id)],
        [tap(t.gettext("List as XLSX"), "hadir-list", meeting.id)],
    ]
    if role in DESK:
        buttons.insert(0, [tap(t.gettext("🖨 For signing (PDF)"), "hadir-print", meeting.id)])
        buttons.append([tap(t.gettext("✍️ Tick who signed"), "ttd", meeting.id, 0)])
        buttons.append([tap(t.gettext("⚖️ Paper and check-ins compared"), "ttd-diff", meeting.id, 0)])
    if role == roles.ORGANISER and await roll.has_fixed_numbers(turn.tx, meeting):
        buttons.append([tap(t.gettext("Number the list anew"), "ttd-anew", meeting.id)])
    turn.edit(text, [*buttons, [tap(t.gettext("‹ Attendance"), "hadir", meeting.id)]])


async def on_sheet(turn: Turn) -> None:
    """The list as a spreadsheet."""
    meeting = await _meeting(turn, *roles.ROLES)
    turn.made_document(
        SHEET.name,
        {"meeting": meeting.id},
        f"daftar-hadir-{meeting.code}.xlsx",
        await _caption(turn, meeting),
    )


async def on_record(turn: Turn) -> None:
    """The list with the times of the check-ins."""
    meeting = await _meeting(turn, *roles.ROLES)
    turn.made_document(
        RECORD.name,
        {"meeting": meeting.id},
        f"daftar-hadir-{meeting.code}.pdf",
        await _caption(turn, meeting),
    )


async def _caption(turn: Turn, meeting: Meeting) -> str:
    tally = await roll.tally(turn.tx, meeting)
    caption = turn.t.gettext(
        "Attendance list: {present} of {registered} are here, {moment}. It holds personal data."
    )
    return caption.format(
        present=tally.present,
        registered=tally.registered,
        moment=turn.t.moment(turn.now, meeting.timezone),
    )


async def on_print(turn: Turn) -> None:
    """The list for signing; from now on its numbers stay."""
    meeting, lines = await signatures.for_ticking(turn.tx, number(turn.args[0]), turn.user.id)
    caption = turn.t.ngettext(
        "Attendance list for signing, {count} line. Afterwards, tick who signed with ✍️ under /attendance. It holds"
        " personal data.",
        "Attendance list for signing, {count} lines. Afterwards, tick who signed with ✍️ under /attendance. It holds"
        " personal data.",
        len(lines),
    ).format(count=len(lines))
    turn.made_document(
        SIGNING.name, {"meeting": meeting.id}, f"daftar-tanda-tangan-{meeting.code}.pdf", caption
    )


async def on_ticks(turn: Turn) -> None:
    """A page of the list, to tick who signed."""
    meeting, lines = await signatures.for_ticking(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*_ticks(turn, meeting, lines, number(turn.args[1])))


async def on_tick(turn: Turn) -> None:
    """Tick one line, or take its tick away; the button says which, so that a second tap changes nothing."""
    signed = bool(number(turn.args[1]))
    meeting, lines = await signatures.tick_one(
        turn.tx, number(turn.args[0]), turn.user.id, turn.now, signed=signed
    )
    turn.edit(*_ticks(turn, meeting, lines, number(turn.args[2])))


def _ticks(turn: Turn, meeting: Meeting, lines: Sequence[Entry], page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    page = min(page, max(0, (len(lines) - 1) // PAGE))
    text = t.gettext(
        "✍️ <b>Who signed on paper?</b>\n{title}\n\nTicked: <b>{signed}</b> of {registered}\n\nTap a line to tick it or"
        " to take the tick away, or type the numbers of many."
    ).format(
        title=escape(clip(t.pick(meeting.title), 150)),
        signed=sum(line.signed for line in lines),
        registered=len(lines),
    )
    shown = lines[page * PAGE : (page + 1) * PAGE]
    buttons = [
        [
            tap(
                f"{'✅' if line.signed else '⬜'} {line.number}. {clip(line.participant.name, 50)}",
                "ttd-one",
                line.participant.id,
                int(not line.signed),
                page,
            )
        ]
        for line in shown
    ]
    return text, [
        *buttons,
        turning(page, len(lines), PAGE, "ttd", meeting.id),
        [
            tap(t.gettext("Numbers: signed"), "ttd-type", meeting.id, 1),
            tap(t.gettext("Numbers: not signed"), "ttd-type", meeting.id, 0),
        ],
        [tap(t.gettext("⚖️ Paper and check-ins compared"), "ttd-diff", meeting.id, 0)],
        [tap(t.gettext("‹ Attendance list"), "hadir-lists", meeting.id)],
    ]


async def on_type(turn: Turn) -> None:
    """Ask for the numbers of many lines."""
    meeting, lines = await signatures.for_ticking(turn.tx, number(turn.args[0]), turn.user.id)
    last = max((line.number for line in lines), default=0)
    signed = bool(number(turn.args[1]))
    await forms.begin(turn, FORMS[signed], {"meeting": meeting.id, "signed": signed, "last": last})


def _are_numbers(text: str, _: Context) -> Invalid | None:
    if signatures.read_numbers(text) is None:
        return Invalid(N_("Please write numbers of lines, like this: 1-20 23 25"))
    return None


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    t = turn.t
    signed = bool(facts["signed"])
    numbers = signatures.read_numbers(answers["numbers"]) or ()
    done = await signatures.tick_numbers(
        turn.tx, facts["meeting"], numbers, turn.user.id, turn.now, signed=signed
    )
    said = (
        t.ngettext("✅ {count} line was ticked.", "✅ {count} lines were ticked.", done.changed)
        if signed
        else t.ngettext(
            "The tick of {count} line was taken away.",
            "The ticks of {count} lines were taken away.",
            done.changed,
        )
    ).format(count=done.changed)
    same = len(set(numbers)) - done.changed - len(done.unknown)
    if same:
        said += " " + t.ngettext(
            "{count} line was so already.", "{count} lines were so already.", same
        ).format(count=same)
    if done.unknown:
        listed = ", ".join(map(str, done.unknown[:MOST_UNKNOWN]))
        if len(done.unknown) > MOST_UNKNOWN:
            listed += ", …"
        said += "\n" + t.gettext("The list has no line with these numbers: {numbers}").format(numbers=listed)
    meeting, lines = await signatures.for_ticking(turn.tx, facts["meeting"], turn.user.id)
    text, buttons = _ticks(turn, meeting, lines, 0)
    turn.reply(f"{said}\n\n{text}", buttons)


async def on_difference(turn: Turn) -> None:
    """A page of the lines on which the paper says something else than the check-ins."""
    meeting, lines = await signatures.for_ticking(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*_difference(turn, meeting, lines, number(turn.args[1])))


def _difference(
    turn: Turn, meeting: Meeting, lines: Sequence[Entry], page: int
) -> tuple[str, list[list[Button]]]:
    t = turn.t
    found = signatures.difference(lines)
    back = [
        [tap(t.gettext("✍️ Tick who signed"), "ttd", meeting.id, 0)],
        [tap(t.gettext("‹ Attendance list"), "hadir-lists", meeting.id)],
    ]
    title = t.gettext("⚖️ <b>Paper and check-ins compared</b>")
    if not any(line.signed for line in lines):
        return title + "\n\n" + t.gettext(
            "Nobody is ticked yet. Please tick first who signed on paper."
        ), back
    if not found:
        return title + "\n\n" + t.gettext(
            "They agree: whoever signed is checked in, and the other way round."
        ), back
    signed_only, here_only = len(found.signed_only), len(found.here_only)
    heads = [
        t.gettext("<b>Signed, not checked in ({count})</b>").format(count=signed_only),
        t.gettext("<b>Checked in, not signed ({count})</b>").format(count=here_only),
    ]
    rows = [(heads[0], line) for line in found.signed_only] + [(heads[1], line) for line in found.here_only]
    page = min(page, (len(rows) - 1) // PAGE)
    written = [title]
    last = ""
    shown = rows[page * PAGE : (page + 1) * PAGE]
    for head, line in shown:
        if head != last:
            written += ["", head]
            last = head
        person = line.participant
        written.append(
            f"{line.number}. {escape(clip(person.name, 80))} · {escape(clip(person.institution, 80))}"
        )
    written += ["", t.gettext("A number shows the person, to check them in or to take the check-in back.")]
    numbered = [tap(str(line.number), "hadir-who", line.participant.id) for _, line in shown]
    return "\n".join(written), [
        numbered[:5],
        numbered[5:],
        turning(page, len(rows), PAGE, "ttd-diff", meeting.id),
        [tap(t.gettext("List as XLSX"), "hadir-list", meeting.id)],
        *back,
    ]


async def on_anew(turn: Turn) -> None:
    """Ask before the numbers change: what was printed before no longer fits."""
    meeting = await _meeting(turn, roles.ORGANISER)
    turn.edit(
        turn.t.gettext(
            "Number the list anew?\n\nThe lines are sorted by group and name again, with new numbers. Lists that were"
            " printed before no longer fit; ticks stay with their people."
        ),
        [
            [tap(turn.t.gettext("Yes, number anew"), "ttd-anew-yes", meeting.id)],
            [tap(turn.t.gettext("No, keep the numbers"), "hadir-lists", meeting.id)],
        ],
    )


async def on_anew_yes(turn: Turn) -> None:
    meeting = await _meeting(turn, roles.ORGANISER)
    await roll.number_anew(turn.tx, meeting, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The list has new numbers. Please print it again."))
    await on_lists(turn)


def _journey(name: str, prompt: str) -> forms.FormJourney:
    """A form with one question, for the numbers of lines."""
    question = Text(
        key="numbers",
        prompt=prompt,
        hint=N_("For example: 1-20 23 25"),
        label=N_("Lines"),
        max_length=1000,
        multiline=True,
        check=_are_numbers,
    )
    return forms.FormJourney(
        form=Form(name, 1, (question,), review=False),
        words=forms.FormWords(title=N_("list of signed lines"), again=N_("/attendance"), send=N_("Save")),
        finish=_finish,
    )


forms.register(
    _journey(FORMS[True], N_("Which lines are signed? Please write their numbers, from 1 to {last}."))
)
forms.register(
    _journey(
        FORMS[False],
        N_("Which lines are not signed after all? Please write their numbers, from 1 to {last}."),
    )
)

JOURNEY = Journey(
    taps=(
        Tap("hadir-lists", on_lists),
        Tap("hadir-list", on_sheet),
        Tap("hadir-record", on_record),
        Tap("hadir-print", on_print),
        Tap("ttd", on_ticks),
        Tap("ttd-one", on_tick),
        Tap("ttd-type", on_type),
        Tap("ttd-diff", on_difference),
        Tap("ttd-anew", on_anew),
        Tap("ttd-anew-yes", on_anew_yes),
    )
)
