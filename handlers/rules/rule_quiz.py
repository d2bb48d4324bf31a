"""The question that comes with the reminders of a rule card: an organiser writes it, changes it, takes it away."""

from __future__ import annotations

from typing import Any

from bot.domain.errors import NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts
from bot.domain.notices import delivery_control as control
from bot.domain.notices import noting
from bot.domain.notices.quizzes import Quiz
from bot.i18n import N_
from bot.storage.broadcasts import Broadcast
from handlers.forms import forms
from handlers.notices import quiz_views
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

KIND = "rule-quiz"
"""Of the button that opens the question, and the name of the form that asks for it."""


async def on_quiz(turn: Turn) -> None:
    """The question of the card that a notice says; where there is none, ask for it."""
    broadcast, quiz = await _of(turn)
    if quiz is None:
        await forms.begin(turn, KIND, {"broadcast": broadcast.id})
        return
    heading = turn.t.gettext("❓ <b>The question that comes with this rule</b>")
    turn.edit(*quiz_views.page(turn.t, heading, quiz, KIND, broadcast.id, "sent"))


async def _of(turn: Turn) -> tuple[Broadcast, Quiz | None]:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if broadcast.rule_id is None:
        raise NotFound
    return broadcast, await noting.quiz_of(turn.tx, broadcast.office_id, broadcast.rule_id)


async def on_new(turn: Turn) -> None:
    """Ask for the question anew, with its present lines to start from."""
    broadcast, quiz = await _of(turn)
    if quiz is not None:
        turn.reply(quiz_views.as_typed(turn.t, quiz))
    await forms.begin(turn, KIND, {"broadcast": broadcast.id})


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
    await _set(turn, facts["broadcast"], quiz_views.read(answers))
    turn.reply(
        turn.t.gettext(
            "✅ Whoever notes a reminder of this rule is asked this from now on, also for those that were sent before."
        ),
        [[tap(turn.t.gettext("‹ Back"), "sent", facts["broadcast"])]],
    )


forms.register(
    forms.FormJourney(
        form=Form(KIND, 1, (quiz_views.field(),), review=False),
        words=forms.FormWords(title=N_("question for the readers"), again=N_("/sent")),
        finish=_finish,
    )
)

JOURNEY = Journey(taps=(Tap(KIND, on_quiz), Tap(f"{KIND}-new", on_new), Tap(f"{KIND}-off", on_off)))
