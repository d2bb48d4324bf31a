"""The form that makes an invitation link for several people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain import roles
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Facts, Number, Option
from bot.domain.meeting import meetings
from bot.domain.people import invitations
from bot.i18n import N_
from bot.storage.database import Transaction
from bot.storage.invitations import INSTITUTION, MEETING, SECTOR
from handlers.forms import forms
from handlers.people import invitation_links
from handlers.people import invitation_views as views
from handlers.people.registration_form import any_sector, institution_question
from handlers.routing import Journey, Tap
from handlers.turn import Turn

FORM_NAME = "invitation-link"


async def on_make(turn: Turn) -> None:
    """Begin the form that makes a link for several people."""
    meeting = await views.meeting_named(turn)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


_EXPIRY_LABELS = (
    ("never", N_("As long as one can register")),
    ("day", N_("One day")),
    ("week", N_("A week")),
    ("month", N_("30 days")),
    ("start", N_("Until the meeting starts")),
)


async def _expiries(tx: Transaction, _: Answers, __: Facts) -> Sequence[Option]:
    return [Option(value, label) for value, label in _EXPIRY_LABELS]


FORM = Form(
    FORM_NAME,
    1,
    (
        Choice(
            key="kind",
            prompt=N_("Whom is the link for?"),
            label=N_("For"),
            options=(
                Option(MEETING, N_("Everybody")),
                Option(SECTOR, N_("A stakeholder group")),
                Option(INSTITUTION, N_("An institution")),
            ),
        ),
        institution_question(
            N_("Which institution is it?"), only_if=lambda answers, _: answers.get("kind") == INSTITUTION
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group is it?"),
            label=N_("Group"),
            options=any_sector,
            only_if=lambda answers, _: answers.get("kind") != MEETING,
        ),
        Number(
            key="quota",
            prompt=N_("How many people may register by it at most?"),
            hint=N_("Skip this for no limit beside the seats of the group."),
            label=N_("At most"),
            least=1,
            most=invitations.MOST,
            optional=True,
        ),
        Choice(key="expiry", prompt=N_("How long is it good?"), label=N_("Good for"), options=_expiries),
    ),
    review=False,
)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    ends = meeting.starts_at if answers["expiry"] == "start" else None
    after = invitations.EXPIRIES.get(answers["expiry"])
    made = await invitations.make(
        turn.tx,
        meeting.id,
        turn.user.id,
        turn.now,
        kind=answers["kind"],
        sector=answers["sector"],
        institution=answers["institution"],
        quota=answers["quota"],
        expires_at=turn.now + after if after is not None else ends,
    )
    turn.reply(*await invitation_links.card(turn, made, meeting))


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("new link"), again=N_("/invite")),
        finish=_finish,
    )
)


JOURNEY = Journey(taps=(Tap("undang-make", on_make),))
