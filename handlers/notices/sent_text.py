"""Changing the text of a notice that went out: in every chat that has it, and for those that still wait for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NeedsApproval, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.meeting import meetings
from bot.domain.notices import approvals
from bot.domain.notices import delivery_control as control
from bot.domain.notices.broadcasts import ANNOUNCEMENT, Content, marked, read_content
from bot.domain.reminders import wordings
from bot.i18n import N_
from bot.storage import offices, receipts
from bot.storage import reminders as stored_reminders
from bot.storage.approvals import Approval
from bot.storage.broadcasts import Broadcast
from handlers.forms import forms
from handlers.notices import approvals as four_eyes
from handlers.notices import broadcast_views
from handlers.notices.broadcasts import LIMIT, fits, show_progress
from handlers.reminders.reminder_views import ReminderTexts
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM_NAME = "notice-text"

FORM = Form(
    FORM_NAME,
    1,
    (
        Text(
            key="text",
            prompt=N_("What should it say?"),
            hint=N_(
                "Please send the whole text anew. It takes the place of the former one in every chat that has it; their"
                " phones do not ring again. You see it once more before that."
            ),
            label=N_("New text"),
            max_length=LIMIT,
            multiline=True,
            check=fits,
        ),
    ),
    review=False,
)


async def on_text(turn: Turn) -> None:
    """Ask for the new text; that of a reminder is what the reminder says by now."""
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if broadcast.kind == ANNOUNCEMENT:
        await forms.begin(turn, FORM_NAME, {"broadcast": broadcast.id})
        return
    content = await _of_reminder(turn, broadcast)
    if content is None or content.digest() == read_content(broadcast.content).digest():
        turn.reply(
            turn.t.gettext(
                "The reminder still says what was sent. Please change it first with /schedule, then tap here again: the"
                " chats that have it get the new text."
            )
        )
        return
    await _preview(turn, broadcast, content)


async def _of_reminder(turn: Turn, broadcast: Broadcast) -> Content | None:
    reminder = (
        None if broadcast.reminder_id is None else await stored_reminders.find(turn.tx, broadcast.reminder_id)
    )
    if reminder is None:
        return None
    meeting = await meetings.for_staff(turn.tx, broadcast.meeting_id, turn.user.id, roles.ORGANISER)
    content = ReminderTexts().reminder(reminder, await wordings.of(turn.tx, reminder), meeting)
    content = marked(meeting, content)
    return replace(content, receipt=read_content(broadcast.content).receipt)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    broadcast = await control.for_organiser(turn.tx, facts["broadcast"], turn.user.id)
    office = await offices.find(turn.tx, broadcast.office_id)
    if office is None:
        raise NotFound
    words = broadcast_views.announcement(office.name, answers["text"])
    former = read_content(broadcast.content)
    await _preview(turn, broadcast, replace(former, text=words.text, source=words.source))


async def _preview(turn: Turn, broadcast: Broadcast, content: Content) -> None:
    """Show the new text as people will see it, then ask."""
    t = turn.t
    try:
        proposed = await control.propose(turn.tx, broadcast.id, turn.user.id, content, turn.now)
    except AlreadyDecided:
        turn.reply(t.gettext("This notice was taken back; its text can no longer be changed."))
        return
    turn.reply(proposed.content.text[t.locale])
    rows = await receipts.told(turn.tx, broadcast.id)
    arrived = sum(row.sent_at is not None for row in rows)
    turn.reply(
        t.gettext(
            "Above is the new text. It takes the place of the former one in {chats}; who had noted that one is asked to"
            " note this one too."
        ).format(chats=broadcast_views.chats(t, arrived)),
        [
            [
                tap(
                    t.gettext("✏️ Change it everywhere"),
                    "sent-apply",
                    broadcast.id,
                    proposed.version,
                    proposed.content.digest(),
                )
            ],
            [tap(t.gettext("No, leave it"), "sent", broadcast.id)],
        ],
    )


async def on_apply(turn: Turn) -> None:
    """Change it; the tapped message tells how far it is."""
    broadcast_id, version = number(turn.args[0]), number(turn.args[1])
    digest = turn.args[2] if len(turn.args) > 2 else ""
    try:
        count = await control.change(turn.tx, broadcast_id, version, digest, turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This change was made already, or a later one."))
        return
    except NeedsApproval:
        await _ask_second(turn, broadcast_id, version)
        return
    turn.answer(turn.t.gettext("It is being changed."))
    await show_progress(turn, broadcast_id, count)


async def _ask_second(turn: Turn, broadcast_id: int, version: int) -> None:
    request, is_new = await control.ask_approval(turn.tx, broadcast_id, version, turn.user.id, turn.now)
    if not is_new:
        turn.answer(turn.t.gettext("It waits for a second organiser already."))
        return
    asked = await four_eyes.announce(turn, request)
    turn.edit(broadcast_views.waits_for_second(turn.t, request.people, asked))


async def _shown(turn: Turn, request: Approval) -> str:
    try:
        wording = await control.of_request(turn.tx, request)
    except AlreadyDecided:
        return turn.t.gettext("The notice was changed or taken back meanwhile.")
    heading = turn.t.gettext("✏️ This text is to take the place of the one that was sent:")
    return f"{heading}\n\n{broadcast_views.quoted(turn.t, wording.content)}"


async def _approved(turn: Turn, request: Approval) -> None:
    await show_progress(turn, *await control.change_approved(turn.tx, request, turn.user.id, turn.now))


four_eyes.register(approvals.CHANGE, _shown, control.looked_at, _approved)

forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("new text"), again=N_("/sent")),
        finish=_finish,
    )
)

JOURNEY = Journey(taps=(Tap("sent-text", on_text), Tap("sent-apply", on_apply)))
