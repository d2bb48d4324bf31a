"""What the understanding check looks like: to those who run it, to those who answer, and as results."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain.agreement.agreement import Group
from bot.domain.agreement.ground import group_name, percent
from bot.domain.language.texts import clip
from bot.domain.polls.intervals import Interval
from bot.domain.polls.statements import Ready
from bot.domain.polls.understanding import Sheet, Turnout
from bot.domain.polls.understanding_results import GroupShift, Results
from bot.i18n import N_, Translator
from bot.storage.checks import AFTER, BEFORE, CLOSED, DIALOGUE, DRAFT, FALSE, TRUE, UNSURE, Statement
from handlers.polls.poll_views import A_ROW
from handlers.taps import Button, tap

IN_A_LIST = 90
"""Characters of a statement in a list of all: fifteen of them fit into a message with their figures."""
KEYS = 5
"""Right answers, with their legal basis, on one page."""

STAGE_NAMES = {
    DRAFT: N_("being prepared"),
    BEFORE: N_("first round is open"),
    DIALOGUE: N_("between the rounds"),
    AFTER: N_("second round is open"),
    CLOSED: N_("done"),
}
ANSWER_NAMES = {TRUE: N_("True"), FALSE: N_("False"), UNSURE: N_("Not sure")}
ROUND_NUMBERS = {BEFORE: 1, AFTER: 2}


def staff_card(t: Translator, found: Turnout) -> str:
    """The check, for those who run it, without its results."""
    parts = [
        t.gettext("🎯 <b>Understanding check</b> · {stage}").format(stage=t.gettext(STAGE_NAMES[found.stage]))
    ]
    if found.statements:
        parts.append("\n".join(_line(t, item) for item in found.statements))
    if found.stage == DRAFT:
        parts.append(
            t.gettext(
                "Participants answer these statements before the dialogue and once more after it. The shift per group"
                " shows what the meeting achieved."
            )
        )
    for round_, number in ROUND_NUMBERS.items():
        if found.finished[round_] or found.stage == round_:
            parts.append(
                t.gettext(
                    "Round {number}: {finished} of {registered} registered have answered everything."
                ).format(number=number, finished=found.finished[round_], registered=found.registered)
            )
    return "\n\n".join(parts)


def _line(t: Translator, item: Statement) -> str:
    return f"{item.position}. {sign(item.is_true)} {escape(clip(t.pick(item.text), IN_A_LIST))}"


def ready_list(t: Translator, ready: Sequence[Ready], taken: frozenset[str]) -> str:
    """The ready statements, numbered; those in the check already are marked."""
    lines = [
        f"{place}. {sign(item.is_true)} {escape(clip(t.pick(item.text), IN_A_LIST))}"
        + (f" <i>{t.gettext('(taken)')}</i>" if item.slug in taken else "")
        for place, item in enumerate(ready, 1)
    ]
    return "\n\n".join(
        [
            t.gettext("🎯 <b>Ready statements</b>"),
            "\n".join(lines),
            t.gettext("Each stands on a rule card with its legal basis. Tap the numbers to take."),
        ]
    )


def numbers(taps: Sequence[Button]) -> list[list[Button]]:
    """Numbered buttons, a few a row."""
    return [list(taps[start : start + A_ROW]) for start in range(0, len(taps), A_ROW)]


def sign(is_true: bool) -> str:
    return "✅" if is_true else "❌"


def invitation(t: Translator, round_: str, statements: int) -> str:
    """What participants read when a round opens."""
    opening = (
        t.gettext("🎯 <b>Understanding check, before the dialogue</b>")
        if round_ == BEFORE
        else t.gettext("🎯 <b>Understanding check, after the dialogue</b>")
    )
    body = t.ngettext(
        "{count} short statement on the rules: true or false? It takes about two minutes.",
        "{count} short statements on the rules: true or false? It takes about two minutes.",
        statements,
    ).format(count=statements)
    privacy = t.gettext("Only shares per stakeholder group are shown, never your own answers.")
    return f"{opening}\n\n{body}\n\n{privacy}"


def statement(t: Translator, sheet: Sheet, item: Statement) -> str:
    """One statement before a participant."""
    place = t.gettext("Statement {number} of {total}").format(
        number=item.position, total=len(sheet.statements)
    )
    return f"🎯 {place}\n\n<b>{escape(t.pick(item.text))}</b>"


def answer_buttons(t: Translator, sheet: Sheet, item: Statement) -> list[list[Button]]:
    given = sheet.answers.get(item.id)
    round_mark = str(ROUND_NUMBERS[sheet.round])

    def button(answer: str) -> Button:
        mark = "● " if given == answer else ""
        return tap(mark + t.gettext(ANSWER_NAMES[answer]), "check-answer", item.id, round_mark, answer)

    rows = [[button(TRUE), button(FALSE)], [button(UNSURE)]]
    if item.position > 1:
        rows.append([tap(t.gettext("‹ Previous"), "check-at", sheet.meeting.id, item.position - 1)])
    return rows


def finished(t: Translator, sheet: Sheet) -> str:
    """What a participant reads after the last statement."""
    rest = (
        t.gettext("After the dialogue you will be asked once more. The right answers follow then.")
        if sheet.round == BEFORE
        else t.gettext("The right answers and the result follow when the committee closes the round.")
    )
    return t.gettext("✔️ <b>Thank you, all your answers are noted.</b>") + "\n\n" + rest


def results(t: Translator, found: Results) -> str:
    """The shift: in all, by group, by statement."""
    heading = t.gettext("🎯 <b>Result of the understanding check</b>")
    if found.total is None:
        return heading + "\n\n" + _nothing(t, found)
    total = found.total
    parts = [
        heading,
        "\n".join(
            [
                t.gettext("Right answers: <b>{before} → {after}</b> ({change})").format(
                    before=percent(total.before), after=percent(total.after), change=points(t, total.change)
                ),
                *_alike(t, found, total),
                t.ngettext(
                    "Of {count} person who answered both rounds.",
                    "Of {count} people who answered both rounds.",
                    total.people,
                ).format(count=total.people),
            ]
        ),
    ]
    if len(found.groups) > 1:
        lines = [_group_line(t, group, shift) for group, shift in found.groups]
        parts.append("\n".join([t.gettext("<b>By stakeholder group</b>"), *lines]))
    lines = [
        f"{item.statement.position}. {escape(clip(t.pick(item.statement.text), IN_A_LIST))}\n    "
        f"{percent(item.before.estimate)} → {percent(item.after.estimate)} ({points(t, item.change)})"
        for item in found.statements
    ]
    parts.append("\n".join([t.gettext("<b>By statement</b>"), *lines]))
    notes = [t.gettext("In brackets: the change in percentage points with its 95% interval.")]
    if found.left_out:
        notes.append(_left_out(t, found))
    parts.append("<i>" + " ".join(notes) + "</i>")
    return "\n\n".join(parts)


def _alike(t: Translator, found: Results, total: GroupShift) -> list[str]:
    lines = []
    if total.alike_before is not None and total.alike_after is not None:
        lines.append(
            t.gettext("Two people chosen by chance answer alike: {before} → {after}").format(
                before=percent(total.alike_before), after=percent(total.alike_after)
            )
        )
    if found.between_before is not None and found.between_after is not None:
        lines.append(
            t.gettext("Two people of different groups answer alike: {before} → {after}").format(
                before=percent(found.between_before), after=percent(found.between_after)
            )
        )
    return lines


def _group_line(t: Translator, group: Group, shift: GroupShift) -> str:
    shares = f"{percent(shift.before)} → {percent(shift.after)} ({points(t, shift.change)})"
    return f"{escape(group_name(t, group))} ({shift.people}): {shares}"


def points(t: Translator, change: Interval) -> str:
    """A change in percentage points with its interval."""
    return t.gettext("{change}; {low} to {high}").format(
        change=_signed(change.estimate), low=_signed(max(-1, change.low)), high=_signed(min(1, change.high))
    )


def _signed(share: float) -> str:
    rounded = round(share * 100)
    return f"−{-rounded}" if rounded < 0 else f"+{rounded}"


def _left_out(t: Translator, found: Results) -> str:
    return t.ngettext(
        "{count} person of groups with fewer than {smallest} is in no figure.",
        "{count} people of groups with fewer than {smallest} are in no figure.",
        found.left_out,
    ).format(count=found.left_out, smallest=found.smallest)


def _nothing(t: Translator, found: Results) -> str:
    if found.left_out:
        return t.gettext(
            "Nothing can be shown: no stakeholder group has {smallest} people who answered both rounds."
        ).format(smallest=found.smallest)
    return t.gettext("Nobody has answered both rounds.")


def key(t: Translator, statements: Sequence[Statement], page: int) -> str:
    """The right answers with their legal basis."""
    here = statements[page * KEYS : (page + 1) * KEYS]
    parts = [t.gettext("🔑 <b>The right answers</b>")]
    for item in here:
        answer = t.gettext(ANSWER_NAMES[TRUE if item.is_true else FALSE])
        parts.append(
            f"{item.position}. {escape(t.pick(item.text))}\n"
            f"{sign(item.is_true)} <b>{answer}</b> · {escape(item.legal_basis)}"
        )
    return "\n\n".join(parts)
