"""The committee registers somebody without Telegram: from /peserta, or one of the invited who said yes by telephone."""

from __future__ import annotations

from typing import Any

from bot.domain import roles
from bot.domain.errors import SectorFull
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.meeting import meetings
from bot.domain.people import admission
from bot.i18n import N_
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.people import participant_views as views
from handlers.people.registration_form import (
    ABOUT_SOMEBODY,
    facts_about_somebody,
    given_details,
    own_questions_about_somebody,
)
from handlers.routing import Journey, Tap
from handlers.taps import number
from handlers.turn import Turn

FORM = Form(
    "registration-by-hand",
    2,
    (
        *ABOUT_SOMEBODY,
        Text(
            key="represents",
            prompt=N_("In whose stead does the person come?"),
            hint=N_("The name of who was invited; skip this if the person comes for themselves."),
            label=N_("In the stead of"),
            max_length=100,
            optional=True,
            only_if=lambda _, facts: not facts.get("invitee"),
        ),
        Text(
            key="letter",
            prompt=N_("What is the number of the letter of assignment?"),
            label=N_("Letter of assignment"),
            max_length=80,
            optional=True,
            only_if=lambda answers, _: bool(answers.get("represents")),
        ),
    ),
)


async def on_new(turn: Turn) -> None:
    """Begin the form for somebody without Telegram."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await forms.begin(turn, FORM.name, await facts_about_somebody(turn.tx, meeting))


async def begin_for_invitee(turn: Turn, invitee: Invitee, meeting: Meeting) -> None:
    """Begin the form for one of the invited, at the first question that the list does not answer."""
    facts = await facts_about_somebody(turn.tx, meeting, invitee=invitee.id)
    await forms.begin(turn, FORM.name, facts, _answers_of(invitee.entry))


def _answers_of(entry: Entry) -> dict[str, Any]:
    known = {"name": entry.name, "sector": entry.sector, "institution": entry.institution}
    return {**known, "position": entry.position} if entry.position else known


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    entered, meeting = await admission.enter_by_hand(
        turn.tx,
        facts["meeting"],
        turn.user.id,
        given_details(answers),
        turn.now,
        facts.get("invitee"),
        represents=answers["represents"] or "",
    )
    turn.reply(*await views.card(turn, entered, meeting))


forms.register(
    forms.FormJourney(
        form=FORM,
        more=own_questions_about_somebody,
        words=forms.FormWords(
            title=N_("registration by hand"),
            again=N_("/participants"),
            send=N_("✅ Register"),
            check=N_("Is everything right, and does the person agree? Then register them."),
        ),
        finish=_finish,
        ask_again={SectorFull: "sector"},
    )
)

JOURNEY = Journey(taps=(Tap("peserta-new", on_new),))
