"""The question that comes with a reminder: an organiser writes it with /jadwal, changes it, takes it away."""

from __future__ import annotations

from typing import Any

from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts
from bot.domain.notices.quizzes import Quiz
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminder_quizzes, reminders
from bot.i18n import N_
from bot.storage.reminders import Reminder
from handlers.forms import forms
from handlers.notices import quiz_views
from handlers.reminders import schedule_content
from handlers.routing import Journey, Tap
from handlers.taps import number
from handlers.turn import Turn

KIND = "reminder-quiz"
"""Of the button that opens the question, and the name of the form that asks for it."""


async def on_quiz(turn: Turn) -> None:
    """The question that stands; where there is none, ask for it."""
    reminder, quiz = await _of(turn)
    if quiz is None:
        await forms.begin(turn, KIND, {"reminder": reminder.id})
        return
    heading = (
        turn.t.gettext("❓ <b>The question that comes with this reminder</b>")
        if reminder.rule_id is None
        else turn.t.gettext("❓ <b>The question that comes with this rule</b>")
    )
    turn.edit(*quiz_views.page(turn.t, heading, quiz, KIND, reminder.id, "reminder"))


async def _of(turn: Turn) -> tuple[Reminder, Quiz | None]:
    reminder, _ = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    return reminder, await reminder_quizzes.question_of(turn.tx, reminder)


async def on_new(turn: Turn) -> None:
    """Ask for the question anew, with its present lines to start from."""
    reminder, quiz = await _of(turn)
    if quiz is not None:
        turn.reply(quiz_views.as_typed(turn.t, quiz))
    await forms.begin(turn, KIND, {"reminder": reminder.id})


async def on_off(turn: Turn) -> None:
    """Ask nothing any more."""
    changed = await reminder_quizzes.set_question(turn.tx, number(turn.args[0]), turn.user.id, None, turn.now)
    turn.answer(turn.t.gettext("Nothing is asked any more."))
    await schedule_content.show_changed(turn, changed, await editing.meeting_of(turn.tx, changed))


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    quiz = quiz_views.read(answers)
    changed = await reminder_quizzes.set_question(turn.tx, facts["reminder"], turn.user.id, quiz, turn.now)
    await schedule_content.show_changed(turn, changed, await editing.meeting_of(turn.tx, changed), anew=True)


forms.register(
    forms.FormJourney(
        form=Form(KIND, 1, (quiz_views.field(),), review=False),
        words=forms.FormWords(title=N_("question for the readers"), again=N_("/schedule")),
        finish=_finish,
    )
)

JOURNEY = Journey(taps=(Tap(KIND, on_quiz), Tap(f"{KIND}-new", on_new), Tap(f"{KIND}-off", on_off)))
