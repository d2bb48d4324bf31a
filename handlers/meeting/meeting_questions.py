"""What the registration for a meeting asks beyond the usual, and whether the committee approves it."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Context, Facts, Invalid, Option, Text, YesNo
from bot.domain.language.texts import clip
from bot.domain.meeting import meeting_setup, meetings
from bot.i18n import N_
from bot.storage import meetings as stored
from bot.storage import offices
from bot.storage.meetings import CHOICE, NUMBER, TEXT, YES_NO, Meeting, RegistrationQuestion
from handlers.forms import forms
from handlers.meeting import meeting_views as views
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

ADD = "meeting-question"
MOST_OPTIONS = 20
OPTION_LENGTH = 60

KIND_NAMES = {
    TEXT: N_("an answer in words"),
    CHOICE: N_("one of several choices"),
    NUMBER: N_("a number"),
    YES_NO: N_("yes or no"),
}


async def screen(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    """The questions and the approval, with what can be done about them."""
    t = turn.t
    lines = []
    buttons: list[list[Button]] = []
    for place, question in enumerate(meeting.registration_questions, 1):
        label = t.pick(question.label)
        kind = t.gettext(KIND_NAMES[question.kind])
        if not question.required:
            kind += ", " + t.gettext("may be skipped")
        lines.append(f"{place}. <b>{escape(label, quote=False)}</b>\n    {kind}")
        if question.options:
            names = " / ".join(t.pick(option) for option in question.options)
            lines.append(f"    <i>{escape(clip(names, 200), quote=False)}</i>")
        buttons.append([tap(clip(f"🗑 {place}. {label}", 60), "question-remove", meeting.id, question.id)])
    asked = "\n".join(lines) or t.gettext("None yet: only name, group, institution and position are asked.")
    approval = (
        t.gettext("Approval: every registration waits until the committee approves it.")
        if meeting.approval
        else t.gettext("Approval: none; who registers has a seat at once, while there are seats.")
    )
    switch = t.gettext("Register at once") if meeting.approval else t.gettext("Approve registrations")
    buttons += [
        [tap(t.gettext("➕ Another question"), "question-add", meeting.id)],
        [tap(f"🔁 {switch}", "approval-switch", meeting.id, int(not meeting.approval))],
        [tap(t.gettext("‹ Back"), "meeting", meeting.id)],
    ]
    head = t.gettext("❓ <b>Registration</b>\n{title}").format(title=views.title(t, meeting))
    own = t.gettext("<b>Questions of your own</b>")
    return "\n\n".join([head, f"{own}\n{asked}", approval]), buttons


async def on_questions(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await screen(turn, meeting))


async def on_approval(turn: Turn) -> None:
    """Let registrations wait for an approval, or no longer; the button says which."""
    changed = await meeting_setup.change(
        turn.tx, number(turn.args[0]), turn.user.id, turn.now, approval=bool(number(turn.args[1]))
    )
    turn.edit(*await screen(turn, changed.after))


async def on_remove(turn: Turn) -> None:
    """Ask before a question goes: answers that were given to it are then no longer shown."""
    meeting, question = await _question(turn)
    t = turn.t
    turn.edit(
        t.gettext(
            "Remove the question “{question}”? Answers that people gave to it are no longer shown."
        ).format(question=escape(t.pick(question.label), quote=False)),
        [
            [tap(t.gettext("Yes, remove it"), "question-removed", meeting.id, question.id)],
            [tap(t.gettext("No, keep it"), "meeting-questions", meeting.id)],
        ],
    )


async def on_removed(turn: Turn) -> None:
    meeting, question = await _question(turn)
    left = [other for other in meeting.registration_questions if other.id != question.id]
    await _keep(turn, meeting, left)


async def _question(turn: Turn) -> tuple[Meeting, RegistrationQuestion]:
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    for question in meeting.registration_questions:
        if question.id == turn.args[1]:
            return meeting, question
    raise NotFound


async def _keep(turn: Turn, meeting: Meeting, questions: list[RegistrationQuestion]) -> None:
    await meeting_setup.set_questions(turn.tx, meeting.id, turn.user.id, questions, turn.now)
    after = await stored.find(turn.tx, meeting.id)
    assert after is not None
    turn.edit(*await screen(turn, after))


async def on_add(turn: Turn) -> None:
    """Ask what is to be asked."""
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, ADD, {"meeting": meeting.id})


async def _add(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meeting_setup.changeable(turn.tx, facts["meeting"], turn.user.id)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    known = meeting.registration_questions
    question = RegistrationQuestion(
        id=meeting_setup.free_slug(answers["label"], {other.id for other in known}, 24),
        kind=answers["kind"],
        label={office.locale: answers["label"]},
        options=tuple({office.locale: option} for option in _options(answers["options"] or "")),
        required=answers["required"],
    )
    await _keep(turn, meeting, [*known, question])


def _options(typed: str) -> list[str]:
    return list(dict.fromkeys(line.strip(" -•*") for line in typed.splitlines() if line.strip(" -•*")))


def _options_fit(text: str, _: Context) -> Invalid | None:
    options = _options(text)
    if not 2 <= len(options) <= MOST_OPTIONS:
        return Invalid(
            N_("Please write 2 to {most} choices, each on a line of its own."), {"most": MOST_OPTIONS}
        )
    if any(len(option) > OPTION_LENGTH for option in options):
        return Invalid(N_("A choice has at most {limit} characters."), {"limit": OPTION_LENGTH})
    return None


def _is_choice(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") == CHOICE


forms.register(
    forms.FormJourney(
        form=Form(
            ADD,
            1,
            (
                Text(
                    key="label",
                    prompt=N_("What do you want to ask?"),
                    hint=N_("For example: Do you need a vegetarian meal?"),
                    label=N_("Question"),
                    max_length=200,
                ),
                Choice(
                    key="kind",
                    prompt=N_("How is it answered?"),
                    label=N_("Answer"),
                    options=[Option(kind, name) for kind, name in KIND_NAMES.items()],
                ),
                Text(
                    key="options",
                    prompt=N_("Which choices are there? Write each on a line of its own."),
                    label=N_("Choices"),
                    max_length=1500,
                    multiline=True,
                    check=_options_fit,
                    only_if=_is_choice,
                ),
                YesNo(
                    key="required",
                    prompt=N_("Must it be answered?"),
                    label=N_("Must be answered"),
                    yes=N_("Yes"),
                    no=N_("May be skipped"),
                ),
            ),
        ),
        words=forms.FormWords(
            title=N_("question for the registration"), again=N_("/meetings"), send=N_("Add")
        ),
        finish=_add,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("meeting-questions", on_questions),
        Tap("approval-switch", on_approval),
        Tap("question-remove", on_remove),
        Tap("question-removed", on_removed),
        Tap("question-add", on_add),
    )
)
