"""What somebody sent under their name: the list, and changing one of them."""

from __future__ import annotations

from typing import Any

from bot.domain.dialogue import authorship, complaints
from bot.domain.errors import SessionClosed
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.i18n import N_
from bot.storage import sessions as stored_sessions
from bot.storage.submissions import PUBLISHED
from handlers.dialogue import receipts
from handlers.dialogue.submission_form import in_words, report_question
from handlers.dialogue.submission_views import (
    answered,
    declined_as_report,
    kind_name,
    masked_note,
    outcome,
    quote,
)
from handlers.forms import forms
from handlers.forms.form_views import FormWords
from handlers.routing import Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM = "submission-change"
WORDS = ("saya", "mine")
"""What is typed behind /masukan to see one's own submissions."""
LISTED_TEXT = 350
"""UTF-16 units of each text in a list of five, of the 4,096 of a message (Bot API, sendMessage)."""
LISTED_ANSWER = 250


async def on_mine(turn: Turn) -> None:
    """The button that leads to a page of one's own."""
    await show(turn, number(turn.args[0]), number(turn.args[1]), replacing=len(turn.args) > 2)


async def show(turn: Turn, meeting_id: int, page: int, *, replacing: bool = False) -> None:
    """A page of what the person sent under their name, with where each stands."""
    found, more = await authorship.all_own(turn.tx, meeting_id, turn.user.id, page)
    t = turn.t
    parts = [t.gettext("🗂 <b>My submissions</b>")]
    if not found:
        parts.append(
            t.gettext(
                "You have sent nothing under your name yet. What you sent anonymously only its receipt finds: type"
                " /feedback with the receipt."
            )
        )
    rows = []
    for place, submission in enumerate(found, page * authorship.PAGE + 1):
        lines = [
            f"{place}. <b>{kind_name(t, submission.kind)}</b> · {outcome(t, submission)}",
            quote(submission.text, LISTED_TEXT),
            answered(t, submission, LISTED_ANSWER),
        ]
        parts.append("\n".join(line for line in lines if line))
        changes, withdraws = await authorship.may_change(turn.tx, submission)
        row = []
        if changes:
            row.append(tap(t.gettext("✏️ Change {place}").format(place=place), "mine-change", submission.id))
        if withdraws:
            label = t.gettext("↩️ Withdraw {place}").format(place=place)
            row.append(tap(label, "withdraw", receipts.BY_NAME, submission.id))
        rows.append(row)
    around = []
    if page:
        around.append(tap("‹", "mine", meeting_id, page - 1, "e"))
    if more:
        around.append(tap("›", "mine", meeting_id, page + 1, "e"))
    text = "\n\n".join(parts)
    if replacing:
        turn.edit(text, [*rows, around])
    else:
        turn.reply(text, [*rows, around])


async def on_change(turn: Turn) -> None:
    """Into the form that changes the words of one's own submission."""
    submission = await authorship.own(turn.tx, number(turn.args[0]), turn.user.id)
    session = await stored_sessions.find(turn.tx, submission.session_id)
    if session is None or session.state != stored_sessions.OPEN:
        raise SessionClosed
    facts = {
        "submission": submission.id,
        "before": submission.text,
        "limit": session.text_limit,
        "channel": turn.report_url,
        "deadline": dict(complaints.deadline().title),
    }
    await forms.begin(turn, FORM, facts)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    changed = await authorship.change_own(
        turn.tx, facts["submission"], turn.user.id, answers["text"], is_no_report=bool(answers["report"])
    )
    text = turn.t.gettext("✅ <b>Your submission was changed.</b>\n\n{outcome}").format(
        outcome=outcome(turn.t, changed)
    )
    buttons = [[tap(turn.t.gettext("My submissions"), "mine", changed.meeting_id, 0)]]
    if changed.state == PUBLISHED:
        text += "\n\n" + turn.t.gettext("A moderator will read it once more.")
    turn.reply(text + masked_note(turn.t, changed), buttons)


async def _lead_to_channel(turn: Turn, facts: Facts) -> None:
    turn.reply(*declined_as_report(turn.t, facts["channel"]))


forms.register(
    forms.FormJourney(
        form=Form(
            name=FORM,
            version=1,
            questions=(
                Text(
                    key="text",
                    prompt=N_("Your submission so far: “{before}”\n\nPlease write it anew, in one message."),
                    hint=N_("Up to {limit} characters."),
                    label=N_("Text"),
                    multiline=True,
                    max_length=lambda _answers, facts: int(facts["limit"]),
                    check=in_words,
                ),
                report_question(),
            ),
        ),
        words=FormWords(
            title=N_("change of a submission"),
            again=N_("/feedback"),
            send=N_("Change it"),
            check=N_("Please check once more. Moderators read changed words anew."),
        ),
        finish=_finish,
        declined=_lead_to_channel,
    )
)

TAPS = (Tap("mine", on_mine), Tap("mine-change", on_change))
