"""The question that comes with the reminders of a rule card: an organiser writes it, changes it, takes it away."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.errors import NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts
from bot.domain.notices import delivery_control as control
from bot.domain.notices import noting, quizzes
from bot.domain.notices.quizzes import Quiz
from bot.i18n import N_
from handlers.forms import forms
from handlers.notices.broadcasts import quiz_question
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM_NAME = "rule-quiz"


async def on_quiz(turn: Turn) -> None:
    """The question of the card that a notice says."""
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if broadcast.rule_id is None:
        raise NotFound
    quiz = await noting.quiz_of(turn.tx, broadcast.office_id, broadcast.rule_id)
    if quiz is None:
        await _begin(turn, broadcast.id)
        return
    t = turn.t
    options = [
        f"{'✅' if place == quiz.right else '▫️'} {escape(option, quote=False)}"
        for place, option in enumerate(quiz.options)
    ]
    turn.edit(
        "\n".join(
            [
                t.gettext("❓ <b>The question that comes with this rule</b>"),
                "",
                escape(quiz.question, quote=False),
                *options,
                "",
                escape(quiz.explanation, quote=False),
            ]
        ),
        [
            [
                tap(t.gettext("Change it"), "rule-quiz-new", broadcast.id),
                tap(t.gettext("Take the question away"), "rule-quiz-off", broadcast.id),
            ],
            [tap(t.gettext("‹ Back"), "sent", broadcast.id)],
        ],
    )


async def on_new(turn: Turn) -> None:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await _begin(turn, broadcast.id)


async def _begin(turn: Turn, broadcast_id: int) -> None:
    await forms.begin(turn, FORM_NAME, {"broadcast": broadcast_id})


async def on_off(turn: Turn) -> None:
    """Ask nothing any more."""
    await _set(turn, number(turn.args[0]), None)
    turn.edit(turn.t.gettext("Reminders of this rule come without a question now."))


async def _set(turn: Turn, broadcast_id: int, quiz: Quiz | None) -> None:
    broadcast = await control.for_organiser(turn.tx, broadcast_id, turn.user.id)
    if broadcast.rule_id is None:
        raise NotFound
    await noting.set_quiz(turn.tx, broadcast.office_id, broadcast.rule_id, quiz, turn.user.id, turn.now)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    quiz = quizzes.parse(answers["quiz"])
    assert isinstance(quiz, Quiz)  # the form has checked it
    await _set(turn, facts["broadcast"], quiz)
    turn.reply(
        turn.t.gettext(
            "✅ Whoever notes a reminder of this rule is asked this from now on, also for those that were sent before."
        ),
        [[tap(turn.t.gettext("‹ Back"), "sent", facts["broadcast"])]],
    )


forms.register(
    forms.FormJourney(
        form=Form(FORM_NAME, 1, (quiz_question(),), review=False),
        words=forms.FormWords(title=N_("question for the readers"), again=N_("/sent")),
        finish=_finish,
    )
)

JOURNEY = Journey(
    taps=(Tap("rule-quiz", on_quiz), Tap("rule-quiz-new", on_new), Tap("rule-quiz-off", on_off))
)
