"""Somebody who stands at the desk without having registered: one short form."""

from __future__ import annotations

from typing import Any

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import Outcome
from bot.domain.errors import SectorFull
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Choice, Facts
from bot.domain.meeting import meetings
from bot.domain.people.registration import Details
from bot.i18n import N_
from bot.storage import offices
from handlers.attendance import attendance_views as views
from handlers.attendance.attendance import tell
from handlers.forms import forms
from handlers.people.registration_form import (
    any_sector,
    institution_question,
    name_question,
    position_question,
)
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM_NAME = "walk-in"


async def on_walk_in(turn: Turn) -> None:
    """Begin the form."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id, "office": office.name})


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = Details(answers["sector"], answers["name"], answers["institution"], answers["position"])
    arrival = await attendance.walk_in(turn.tx, facts["meeting"], turn.user.id, given, turn.now)
    buttons = [[tap(turn.t.gettext("Somebody without registration"), "hadir-new", facts["meeting"])]]
    if arrival.outcome is Outcome.CHECKED_IN:
        buttons.insert(0, [views.undo_button(turn.t, arrival)])
    turn.reply(views.answer(turn.t, arrival), buttons)
    if arrival.outcome is Outcome.CHECKED_IN:
        await tell(turn, arrival)  # somebody of that name and institution was registered


forms.register(
    forms.FormJourney(
        form=Form(
            FORM_NAME,
            1,
            (
                name_question(
                    N_("What is the person's full name?"),
                    N_(
                        "Please ask first whether {office} may keep name, institution and position for its list."
                    ),
                ),
                Choice(
                    key="sector",
                    prompt=N_("Which stakeholder group does the person belong to?"),
                    label=N_("Group"),
                    options=any_sector,
                ),
                institution_question(N_("Which institution or organisation does the person come from?")),
                position_question(N_("What is the person's position there?")),
            ),
        ),
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
