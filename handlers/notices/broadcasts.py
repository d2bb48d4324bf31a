"""/siaran: an organiser writes to participants and groups, after a look at what they will see."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NeedsApproval, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Context, Facts, Invalid, Text
from bot.domain.language.texts import clean_lines, is_blank, utf16_length
from bot.domain.meeting import meetings
from bot.domain.notices import approvals, broadcasts
from bot.domain.notices.audience import EVERYONE, Audience, parse
from bot.domain.notices.broadcasts import Content, read_content
from bot.i18n import N_
from bot.storage import broadcasts as stored
from bot.storage import offices, people
from bot.storage import progress as stored_progress
from bot.storage.approvals import Approval
from bot.storage.broadcasts import Broadcast
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.forms.form_views import sentence
from handlers.notices import approvals as four_eyes
from handlers.notices import audience as choosing
from handlers.notices import broadcast_views as views
from handlers.notices import quiz_views
from handlers.routing import Audience as Menu
from handlers.routing import Command, Journey, Tap
from handlers.taps import number
from handlers.turn import Turn

FORM_NAME, QUIZ_FORM = "broadcast", "broadcast-quiz"
PURPOSE = "broadcast"

LIMIT = 3500
"""UTF-16 units of an announcement, of the 4,096 of a message (Bot API, sendMessage): the heading needs some."""


def fits(text: str, _: Context | None = None) -> Invalid | None:
    length = utf16_length(text)
    return Invalid("too_long", {"length": length, "limit": LIMIT}) if length > LIMIT else None


FORM = Form(
    FORM_NAME,
    2,
    (
        Text(
            key="text",
            prompt=N_("What do you want to announce?"),
            hint=N_(
                "It is sent as you write it. You see it once more, with the number of recipients, before it goes."
            ),
            label=N_("Announcement"),
            max_length=LIMIT,
            multiline=True,
            check=fits,
        ),
    ),
    review=False,
)


QUIZ = Form(QUIZ_FORM, 1, (quiz_views.field(),), review=False)


async def on_broadcast(turn: Turn) -> None:
    """``/siaran``, also with the text: ask for what is missing, then for the recipients, then show the preview."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    text = clean_lines("".join(turn.text.split(maxsplit=1)[1:]))
    too_long = fits(text)
    if too_long is not None:
        turn.reply(sentence(turn.t, too_long))
    if too_long is not None or is_blank(text):
        await forms.begin(turn, FORM_NAME, {"meeting": meeting.id, "draft": 0})
    else:
        await _written(turn, meeting, text)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    if not facts["draft"]:
        await _written(turn, meeting, answers["text"])
        return
    draft = await stored.find(turn.tx, facts["draft"])
    if draft is None:
        raise NotFound
    words = await _words(turn, meeting, answers["text"])
    content = replace(read_content(draft.content), text=words.text, source=words.source)
    await _preview(turn, *await broadcasts.redraft(turn.tx, draft.id, turn.user.id, content=content))


async def _written(turn: Turn, meeting: Meeting, text: str) -> None:
    """The text is there: keep it, and ask for the recipients."""
    draft, _ = await broadcasts.draft(
        turn.tx,
        meeting=meeting,
        content=await _words(turn, meeting, text),
        audience=EVERYONE,
        author_id=turn.user.id,
        now=turn.now,
    )
    await choosing.choose(turn, meeting, PURPOSE, draft.id, EVERYONE)


async def _words(turn: Turn, meeting: Meeting, text: str) -> Content:
    office = await offices.find(turn.tx, meeting.office_id)
    if office is None:
        raise NotFound
    return views.announcement(office.name, text)


async def _chosen(turn: Turn, meeting: Meeting, audience: Audience, draft_id: int) -> None:
    turn.edit(
        turn.t.gettext("Recipients: <b>{audience}</b>").format(
            audience=escape(await choosing.describe(turn, meeting, audience), quote=False)
        )
    )
    await _preview(turn, *await broadcasts.redraft(turn.tx, draft_id, turn.user.id, audience=audience))


async def _cancelled(turn: Turn, meeting: Meeting, draft_id: int) -> None:
    await broadcasts.cancel(turn.tx, draft_id, turn.user.id)
    turn.edit(turn.t.gettext("The announcement was not sent. /broadcast begins a new one."))


choosing.register(choosing.Purpose(PURPOSE, _chosen, _cancelled))


async def _preview(turn: Turn, draft: Broadcast, recipients: list[stored.Recipient]) -> None:
    """The draft: first as people will see it, then what can be done with it."""
    turn.reply(read_content(draft.content).text[turn.t.locale])
    text, buttons = await _question(turn, draft, len(recipients))
    turn.reply(text, buttons)


async def _question(turn: Turn, draft: Broadcast, count: int) -> tuple[str, views.Keyboard]:
    meeting = await meetings.for_staff(turn.tx, draft.meeting_id, turn.user.id, roles.ORGANISER)
    audience = await choosing.describe(turn, meeting, parse(draft.audience))
    return views.question(turn.t, draft, audience, count)


async def on_send(turn: Turn) -> None:
    """Send the draft; the message with the button becomes the progress message."""
    broadcast_id = number(turn.args[0])
    try:
        _, count = await broadcasts.confirm(turn.tx, broadcast_id, turn.user.id, turn.now)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return
    except NeedsApproval:
        await _ask_second(turn, broadcast_id)
        return
    turn.answer(turn.t.gettext("It is on its way."))
    await show_progress(turn, broadcast_id, count)


async def _ask_second(turn: Turn, broadcast_id: int) -> None:
    t = turn.t
    _, request, is_new = await broadcasts.ask_approval(turn.tx, broadcast_id, turn.user.id, turn.now)
    if not is_new:
        turn.answer(t.gettext("It waits for a second organiser already."))
        return
    asked = await four_eyes.announce(turn, request)
    turn.edit(views.waits_for_second(t, request.people, asked))


async def _shown(turn: Turn, request: Approval) -> str:
    found = [await stored.find(turn.tx, broadcast_id) for broadcast_id in request.subjects]
    return "\n\n".join(views.excerpt(turn.t, item) for item in found if item is not None)


async def _approved(turn: Turn, request: Approval) -> None:
    """A second organiser approved: it goes out, and who wrote it is told."""
    for broadcast, count in await broadcasts.start_approved(turn.tx, request, turn.user.id, turn.now):
        await show_progress(turn, broadcast.id, count)
        author = None if broadcast.author_id is None else await people.find(turn.tx, broadcast.author_id)
        if author is not None and author.reach == people.REACHABLE:
            turn.send(author.id, views.was_approved(author.locale, count))


four_eyes.register(approvals.BROADCAST, _shown, broadcasts.looked_at, _approved)


async def show_progress(turn: Turn, broadcast_id: int, count: int) -> None:
    """Make the tapped message tell how far a broadcast is, from now on until it is done.

    Only the progress messages' own loop changes it, so that no older state can arrive after a newer one.
    """
    if turn.tapped_message_id is not None:
        await stored_progress.show(turn.tx, broadcast_id, turn.chat.id, turn.tapped_message_id, turn.t.locale)
    else:
        turn.reply(turn.t.gettext("It is on its way to {chats}.").format(chats=views.chats(turn.t, count)))


async def _draft(turn: Turn) -> Broadcast | None:
    """The draft that a button is about, which the person may change; None, and told why, when it is one no more."""
    broadcast_id = number(turn.args[0])
    try:
        draft, _ = await broadcasts.redraft(turn.tx, broadcast_id, turn.user.id)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return None
    return draft


async def on_change_text(turn: Turn) -> None:
    """Ask for the text again."""
    draft = await _draft(turn)
    if draft is not None:
        turn.edit(turn.t.gettext("This draft is being changed."))
        await forms.begin(turn, FORM_NAME, {"meeting": draft.meeting_id, "draft": draft.id})


async def on_change_recipients(turn: Turn) -> None:
    """Choose the recipients again, in the place of the tapped message."""
    draft = await _draft(turn)
    if draft is not None:
        meeting = await meetings.for_staff(turn.tx, draft.meeting_id, turn.user.id, roles.ORGANISER)
        await choosing.choose(turn, meeting, PURPOSE, draft.id, parse(draft.audience))


async def on_receipt(turn: Turn) -> None:
    """Have a button under the announcement with which readers note it, or not."""
    draft = await _draft(turn)
    if draft is None:
        return
    content = read_content(draft.content)
    labels = {} if content.receipt else broadcasts.receipt_labels()
    content = replace(content, receipt=labels, quiz=content.quiz if labels else None)
    draft, chats = await broadcasts.redraft(turn.tx, draft.id, turn.user.id, content=content)
    turn.edit(*await _question(turn, draft, len(chats)))


async def on_quiz(turn: Turn) -> None:
    """Ask for the question that comes with the button; a second time, take it away."""
    draft = await _draft(turn)
    if draft is None:
        return
    content = read_content(draft.content)
    if content.quiz is None:
        turn.edit(turn.t.gettext("This draft is being changed."))
        await forms.begin(turn, QUIZ_FORM, {"draft": draft.id})
        return
    draft, chats = await broadcasts.redraft(
        turn.tx, draft.id, turn.user.id, content=replace(content, quiz=None)
    )
    turn.edit(*await _question(turn, draft, len(chats)))


async def _finish_quiz(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    draft = await stored.find(turn.tx, facts["draft"])
    if draft is None:
        raise NotFound
    content = read_content(draft.content)
    content = replace(
        content, receipt=content.receipt or broadcasts.receipt_labels(), quiz=quiz_views.read(answers)
    )
    await _preview(turn, *await broadcasts.redraft(turn.tx, draft.id, turn.user.id, content=content))


async def on_cancel(turn: Turn) -> None:
    """Throw the draft away."""
    broadcast_id = number(turn.args[0])
    try:
        await broadcasts.cancel(turn.tx, broadcast_id, turn.user.id)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return
    turn.edit(turn.t.gettext("The announcement was not sent. /broadcast begins a new one."))


async def _say_decided(turn: Turn, broadcast_id: int) -> None:
    broadcast = await stored.find(turn.tx, broadcast_id)
    if broadcast is not None and broadcast.state != stored.CANCELLED:
        turn.answer(turn.t.gettext("This announcement was sent already; it goes out once."))
    else:
        turn.answer(turn.t.gettext("This draft was cancelled. /broadcast begins a new one."))


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("announcement"), again=N_("/broadcast")),
        finish=_finish,
    )
)
forms.register(
    forms.FormJourney(
        form=QUIZ,
        words=forms.FormWords(title=N_("question for the readers"), again=N_("/broadcast")),
        finish=_finish_quiz,
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("siaran", "broadcast"),
            on_broadcast,
            N_("Send an announcement"),
            frozenset({Menu.ORGANISER}),
        ),
    ),
    taps=(
        Tap("broadcast-send", on_send),
        Tap("broadcast-text", on_change_text),
        Tap("broadcast-to", on_change_recipients),
        Tap("broadcast-note", on_receipt),
        Tap("broadcast-quiz", on_quiz),
        Tap("broadcast-cancel", on_cancel),
    ),
)
