"""Four eyes: the other organisers are asked, and one of them approves or refuses with a tap.

A journey that sends something registers its kind of request with :func:`register`, asks
:func:`bot.domain.notices.approvals.is_needed`, then :func:`bot.domain.notices.approvals.ask` and :func:`announce`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from html import escape

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meetings
from bot.domain.notices import approvals
from bot.domain.reminders import reminders, wordings
from bot.i18n import Translator, translator
from bot.storage import meetings as stored_meetings
from bot.storage import offices, people
from bot.storage import reminders as stored
from bot.storage.approvals import WAITING, Approval
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder
from handlers.notices import audience, broadcast_views, quiz_views
from handlers.reminders import reminder_views as views
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

SHOWN = 6
"""Reminders of a request that its message shows."""

Shown = Callable[[Turn, Approval], Awaitable[str]]
"""What is to be approved, as HTML of up to 3,000 characters."""
LookedAt = Callable[[Transaction, Approval], Awaitable[str]]
"""Names what is to be approved as it is now: with another name it was changed since it was shown."""
Approved = Callable[[Turn, Approval], Awaitable[None]]
"""Does what was asked for, in the turn of the organiser who approved."""

_KINDS: dict[str, tuple[Shown, LookedAt, Approved]] = {}


def register(kind: str, shown: Shown, looked_at: LookedAt, approved: Approved) -> None:
    """Say how requests of a kind are shown and told apart, and what follows once one was approved.

    Raises:
        ValueError: the kind is known already.
    """
    if kind in _KINDS:
        raise ValueError(f"approvals of {kind!r} are known already")
    _KINDS[kind] = shown, looked_at, approved


async def announce(turn: Turn, request: Approval) -> int:
    """Ask the other organisers of the office, each in their language; how many of them can be reached."""
    asked = 0
    for person_id, role in await offices.members_of(turn.tx, request.office_id):
        person = await people.find(turn.tx, person_id) if role == roles.ORGANISER else None
        if person is None or person_id == turn.user.id or person.reach != people.REACHABLE:
            continue
        t = translator(person.locale)
        turn.send(
            person_id,
            t.gettext(
                "✋ <b>Your approval is needed</b>\n\nAn organiser of your office wants to send something to {chats}."
                " Your office has two organisers agree on that. Please look at it and decide."
            ).format(chats=broadcast_views.chats(t, request.people)),
            [[tap(t.gettext("See and approve"), "approval", request.id)]],
        )
        asked += 1
    return asked


async def ask_for_reminders(turn: Turn, asked: Sequence[Reminder], meeting: Meeting) -> None:
    """Ask the others to approve reminders, and say that they were asked."""
    request = await reminders.ask_approval(turn.tx, asked, meeting, turn.user.id, turn.now)
    count = await announce(turn, request)
    turn.reply(waiting_text(turn.t, count), [[opening(turn.t, request)]])


def waiting_text(t: Translator, asked: int) -> str:
    """What the author of a request reads."""
    if not asked:
        return t.gettext(
            "✋ This goes to more people than one organiser may decide on, and no other organiser can be reached at the"
            " moment. Appoint one with /roles, or change the limit in the settings under /schedule."
        )
    return t.ngettext(
        "✋ This goes to more people than one organiser may decide on. {count} other organiser was asked.",
        "✋ This goes to more people than one organiser may decide on. {count} other organisers were asked.",
        asked,
    ).format(count=asked)


def opening(t: Translator, request: Approval) -> Button:
    return tap(t.gettext("See the request"), "approval", request.id)


async def on_approval(turn: Turn) -> None:
    """What is to be approved, with the two answers for whoever may give them."""
    request = await approvals.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await _show(turn, request)


async def _show(turn: Turn, request: Approval) -> None:
    t = turn.t
    shown, looked_at, _ = _KINDS[request.kind]
    meeting = await stored_meetings.find(turn.tx, request.meeting_id)
    parts = [
        t.gettext("✋ <b>For your approval</b> · {meeting}").format(
            meeting=escape("" if meeting is None else t.pick(meeting.title), quote=False)
        ),
        await shown(turn, request),
        t.gettext("It reaches {chats}.").format(chats=broadcast_views.chats(t, request.people)),
    ]
    buttons: list[list[Button]] = []
    if request.state != WAITING:
        parts.append(t.gettext("This was decided already."))
    elif request.asked_by == turn.user.id:
        parts.append(t.gettext("You asked for it yourself; another organiser has to approve."))
        buttons = [[tap(t.gettext("Take the request back"), "approval-no", request.id)]]
    else:
        seen = await looked_at(turn.tx, request)
        buttons = [
            [
                tap(t.gettext("✅ Approve"), "approval-yes", request.id, seen),
                tap(t.gettext("❌ Refuse"), "approval-no", request.id),
            ]
        ]
    turn.edit("\n\n".join(parts), buttons)


async def on_approve(turn: Turn) -> None:
    """The second organiser's word on what they saw: it is done at once."""
    request = await approvals.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    _, looked_at, approved = _KINDS[request.kind]
    if request.state == WAITING and list(turn.args[1:]) != [await looked_at(turn.tx, request)]:
        turn.answer(turn.t.gettext("It was changed meanwhile. Please read it again."))
        await _show(turn, request)
        return
    try:
        request = await approvals.approve(turn.tx, request.id, turn.user.id, turn.now)
    except AlreadyDecided:
        await _say_decided(turn)
        return
    turn.answer(turn.t.gettext("Approved."))
    turn.edit(turn.t.gettext("✅ You approved this. It goes out as planned."))
    await approved(turn, request)
    await _tell_author(turn, request, approved=True)


async def on_refuse(turn: Turn) -> None:
    try:
        request = await approvals.refuse(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except AlreadyDecided:
        await _say_decided(turn)
        return
    turn.answer(turn.t.gettext("Refused."))
    turn.edit(turn.t.gettext("❌ The request was refused; nothing is sent."))
    await _tell_author(turn, request, approved=False)


async def _say_decided(turn: Turn) -> None:
    turn.answer(turn.t.gettext("This was decided already."))
    await on_approval(turn)


async def _tell_author(turn: Turn, request: Approval, *, approved: bool) -> None:
    if request.asked_by is None or request.asked_by == turn.user.id:
        return
    author = await people.find(turn.tx, request.asked_by)
    if author is None or author.reach != people.REACHABLE:
        return
    t = translator(author.locale)
    turn.send(
        author.id,
        t.gettext("✅ Another organiser approved your request. It goes out as planned.")
        if approved
        else t.gettext("❌ Another organiser refused your request; nothing is sent."),
        [[opening(t, request)]],
    )


async def _shown_reminders(turn: Turn, request: Approval) -> str:
    t = turn.t
    meeting = await meetings.for_staff(turn.tx, request.meeting_id, turn.user.id, roles.ORGANISER)
    found = [await stored.find(turn.tx, reminder_id) for reminder_id in request.subjects]
    there = [reminder for reminder in found if reminder is not None]
    parts = []
    for reminder in there[:SHOWN]:
        whom = await audience.describe(turn, meeting, reminders.audience_of(reminder))
        entry = await reminders.entry(turn.tx, reminder, meeting)
        wording = await wordings.of(turn.tx, reminder)
        teaser = views.teaser(t, wording)
        if wording.quiz is not None:
            teaser += f"\n{quiz_views.asked(t, wording.quiz)}"
        state = views.when(t, entry, meeting)
        goes = t.gettext("Goes to: {audience}").format(audience=escape(whom, quote=False))
        parts.append(f"{teaser}\n{goes}\n{state}")
    if not parts:
        raise NotFound
    more = len(there) - SHOWN
    if more > 0:
        parts.append(t.ngettext("… and {count} more", "… and {count} more", more).format(count=more))
    return "\n\n".join(parts)


async def _approved_reminders(turn: Turn, request: Approval) -> None:
    await reminders.approved(turn.tx, request.subjects, turn.now, views.ReminderTexts())


register(approvals.REMINDERS, _shown_reminders, reminders.looked_at, _approved_reminders)

JOURNEY = Journey(
    taps=(
        Tap("approval", on_approval),
        Tap("approval-yes", on_approve),
        Tap("approval-no", on_refuse),
    ),
)
