"""Somebody who stands at the desk without having registered: one short form."""

from __future__ import annotations

from typing import Any

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import Outcome
from bot.domain.errors import SectorFull
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts
from bot.domain.meeting import meetings
from bot.i18n import N_
from handlers.attendance import attendance_views as views
from handlers.attendance.attendance import tell
from handlers.forms import forms
from handlers.people.registration_form import (
    ABOUT_SOMEBODY,
    facts_about_somebody,
    given_details,
    own_questions_about_somebody,
)
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM_NAME = "walk-in"


async def on_walk_in(turn: Turn) -> None:
    """Begin the form."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await forms.begin(turn, FORM_NAME, await facts_about_somebody(turn.tx, meeting))


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = given_details(answers)
    arrival = await attendance.walk_in(turn.tx, facts["meeting"], turn.user.id, given, turn.now)
    buttons = [[tap(turn.t.gettext("Somebody without registration"), "hadir-new", facts["meeting"])]]
    if arrival.outcome is Outcome.CHECKED_IN:
        buttons.insert(0, [views.undo_button(turn.t, arrival)])
    turn.reply(views.answer(turn.t, arrival), buttons)
    if arrival.outcome is Outcome.CHECKED_IN:
        await tell(turn, arrival)  # somebody of that name and institution was registered


forms.register(
    forms.FormJourney(
        form=Form(FORM_NAME, 2, ABOUT_SOMEBODY),
        more=own_questions_about_somebody,
        words=forms.FormWords(
            title=N_("entry at the desk"),
            again=N_("/attendance"),
            send=N_("✅ Check in"),
            check=N_("Is everything right, and does the person agree? Then check them in."),
        ),
        finish=_finish,
        ask_again={SectorFull: "sector"},
    )
)

JOURNEY = Journey(taps=(Tap("hadir-new", on_walk_in),))
