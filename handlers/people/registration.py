"""/start, /daftar and /tiket: choosing a meeting, registering for it, the ticket, changing and withdrawing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from html import escape
from typing import Any

from bot.domain.attendance.attendance import DESK
from bot.domain.errors import AlreadyRegistered, MeetingClosed, NoMeeting, NotRegistered, SectorFull
from bot.domain.forms.questions import Answers, Facts
from bot.domain.language.texts import clip
from bot.domain.people import invitations, registration
from bot.domain.people.registration import BY_THEMSELVES, TICKET_PREFIX
from bot.i18n import N_
from bot.storage import meetings, offices, participants, people
from bot.storage.meetings import Meeting
from bot.storage.participants import REFUSED, Participant
from handlers.attendance import attendance
from handlers.forms import forms
from handlers.people import committee_news
from handlers.people.registration_form import FORM, answers_of, facts_about, given_details, own_questions
from handlers.people.registration_views import KIND, card, send_status
from handlers.refusals import sentence_for
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

__all__ = [
    "JOURNEY",
    "TICKET_PREFIX",
    "begin",
    "on_register",
    "on_ticket",
    "open_meeting",
    "open_ticket",
    "welcome",
]


async def open_meeting(turn: Turn, code: str | None) -> None:
    """Show the meeting with this code, or else the one that concerns the person: to register, or their ticket."""
    meeting = await _chosen(turn, code)
    if meeting is not None:
        await _open(turn, meeting)


async def on_register(turn: Turn) -> None:
    """``/daftar``, also with a meeting's code: straight to the form."""
    meeting = await _chosen(turn, turn.args[0] if turn.args else None)
    if meeting is None:
        return
    known = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    is_known = known is not None and (known.is_active or known.state == REFUSED)
    open_now = await meetings.joinable(turn.tx)
    if is_known and not turn.args and len(open_now) > 1:
        # There is nothing left to do for the one that the chat is about.
        _ask_which(turn, open_now)
        return
    if is_known or not registration.is_joinable(meeting):
        await _open(turn, meeting)
        return
    await people.follow(turn.tx, turn.user.id, meeting.id)
    turn.reply(await card(turn, meeting))
    await begin(turn, meeting)


async def on_ticket(turn: Turn) -> None:
    """``/tiket``: the person's tickets, that of the meeting they are in first."""
    mine = [item for item in await participants.all_of_person(turn.tx, turn.user.id) if item.is_active]
    mine.sort(key=lambda item: item.meeting_id != turn.person.meeting_id)
    if not mine:
        raise NotRegistered
    current = [item for item in mine if item.meeting_id == turn.person.meeting_id]
    for participant in current or mine[:3]:
        await send_status(turn, participant, turn.t.gettext("🎟 <b>Your ticket</b>"))


async def open_ticket(turn: Turn, payload: str) -> None:
    """What the QR code of a ticket opens: for the committee who it belongs to, for its holder the ticket."""
    participant = await participants.with_ticket(turn.tx, payload.removeprefix(TICKET_PREFIX).upper())
    if participant is None and await meetings.find_by_code(turn.tx, payload) is not None:
        # A meeting whose code begins like a ticket's link.
        await open_meeting(turn, payload)
        return
    if participant is not None and participant.person_id == turn.user.id and participant.is_active:
        await send_status(turn, participant, turn.t.gettext("🎟 <b>Your ticket</b>"))
        return
    meeting = await meetings.find(turn.tx, participant.meeting_id) if participant is not None else None
    role = await offices.role_of(turn.tx, meeting.office_id, turn.user.id) if meeting is not None else None
    if participant is None or meeting is None or role is None or role not in DESK:
        # The same to everybody else, whether or not there is such a ticket.
        turn.reply(
            turn.t.gettext(
                "This is a participant's ticket; only the committee can read it. /ticket shows your own."
            )
        )
        return
    await attendance.show(turn, participant, meeting)


async def on_tap(turn: Turn) -> None:
    """The buttons of this journey. Their data says what the person wants, never what they may."""
    act, meeting = _ACTIONS.get(turn.args[0]), await meetings.find(turn.tx, number(turn.args[1]))
    if act is None:
        raise BadTap(turn.args[0])
    if meeting is None:
        turn.answer(turn.t.gettext("This meeting is no longer here."))
        turn.reply(turn.t.gettext("This meeting is no longer here. /start shows what you can join."))
        return
    await act(turn, meeting)


async def _on_join(turn: Turn, meeting: Meeting) -> None:
    known = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if known is not None and known.is_active:
        turn.answer(turn.t.gettext("You are registered already."))
        await _open(turn, meeting)
    elif not registration.is_joinable(meeting):
        raise MeetingClosed
    else:
        await people.follow(turn.tx, turn.user.id, meeting.id)
        await begin(turn, meeting)


async def _on_change(turn: Turn, meeting: Meeting) -> None:
    if not registration.is_joinable(meeting):
        raise MeetingClosed
    known = await registration.active(turn.tx, meeting.id, turn.user.id)
    await begin(turn, meeting, answers_of(known), change=True, represents=known.represents)


async def _on_withdraw(turn: Turn, meeting: Meeting) -> None:
    if not registration.is_joinable(meeting):
        raise MeetingClosed
    await registration.active(turn.tx, meeting.id, turn.user.id)
    t = turn.t
    turn.reply(
        t.gettext("Withdraw from <b>{title}</b>? Your seat becomes free for somebody else.").format(
            title=escape(t.pick(meeting.title))
        ),
        [
            [tap(t.gettext("Yes, withdraw"), KIND, "y", meeting.id)],
            [tap(t.gettext("No, I take part"), KIND, "n", meeting.id)],
        ],
    )


async def _on_withdraw_yes(turn: Turn, meeting: Meeting) -> None:
    try:
        await registration.withdraw(turn.tx, meeting.id, turn.user.id, turn.now)
    except NotRegistered:
        turn.edit(
            turn.t.gettext("You are not registered for this meeting any more. To register, type /register.")
        )
        return
    turn.edit(
        turn.t.gettext(
            "You have withdrawn from <b>{title}</b>, and your seat is free. If you change your mind, type /register. To"
            " have your data erased as well, type /deletemydata."
        ).format(title=escape(turn.t.pick(meeting.title)))
    )


async def _on_withdraw_no(turn: Turn, _: Meeting) -> None:
    turn.edit(turn.t.gettext("Good. Nothing was changed; /ticket shows your ticket."))


async def _chosen(turn: Turn, code: str | None) -> Meeting | None:
    """The meeting that is meant; None when the person was asked or told instead."""
    t = turn.t
    unknown = ""
    if code:
        meeting = await meetings.find_by_code(turn.tx, code) or await meetings.find_by_code(
            turn.tx, code.lower()
        )
        if meeting is not None:
            return meeting
        unknown = t.gettext("That link or code belongs to no meeting here; perhaps a letter got lost.")
    open_now = await meetings.joinable(turn.tx)
    followed = next((item for item in open_now if item.id == turn.person.meeting_id), None)
    if not unknown and (followed is not None or len(open_now) == 1):
        return followed or open_now[0]
    if not open_now:
        turn.reply("\n\n".join(filter(None, (unknown, sentence_for(NoMeeting(), t)))))
        return None
    _ask_which(turn, open_now, unknown)
    return None


def _ask_which(turn: Turn, open_now: Sequence[Meeting], opening: str = "") -> None:
    question = turn.t.gettext("Which meeting is it about?")
    turn.reply(
        "\n\n".join(filter(None, (opening, question))),
        [[tap(clip(turn.t.pick(item.title), 60), KIND, "m", item.id)] for item in open_now[:20]],
    )


async def _open(turn: Turn, meeting: Meeting) -> None:
    known = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if meeting.state != meetings.DRAFT and turn.person.meeting_id != meeting.id:
        await people.follow(turn.tx, turn.user.id, meeting.id)
    is_over = meeting.state in (meetings.CLOSED, meetings.ARCHIVED)
    if known is not None and (known.is_active or known.state == REFUSED) and not is_over:
        await send_status(turn, known, turn.t.gettext("🎟 <b>You are registered</b>"))
        return
    t = turn.t
    invitation = await card(turn, meeting)
    if meeting.state == meetings.DRAFT:
        turn.reply(
            invitation
            + "\n\n"
            + t.gettext("Registration has not opened yet. Please come back a little later.")
        )
    elif is_over:
        turn.reply(
            invitation
            + "\n\n"
            + t.gettext(
                "This meeting is over. Thank you for your interest; /mydata shows what is kept about you."
            )
        )
    else:
        turn.reply(
            invitation + "\n\n" + t.gettext("Registering takes about a minute."),
            [[tap(t.gettext("Register"), KIND, "j", meeting.id)]],
        )


_ACTIONS: dict[str, Callable[[Turn, Meeting], Awaitable[None]]] = {
    "m": _open,
    "j": _on_join,
    "c": _on_change,
    "w": _on_withdraw,
    "y": _on_withdraw_yes,
    "n": _on_withdraw_no,
}


async def begin(turn: Turn, meeting: Meeting, answers: Answers | None = None, **facts: Any) -> None:
    """Start the form, or go on with it; ``facts`` are those of the form that are not as usual.

    They are ``change`` (a registration is changed), ``invitation`` (the id of the link), ``sector`` (the only one that
    the link is for) and ``represents`` (the name of who was invited).
    """
    await forms.begin(turn, FORM.name, await facts_about(turn, meeting, **facts), answers)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = given_details(answers)
    if facts["change"]:
        participant = await registration.change(turn.tx, facts["meeting"], turn.user.id, given, turn.now)
        await send_status(turn, participant, turn.t.gettext("✅ <b>Your data was changed</b>"))
        return
    origin = BY_THEMSELVES
    if facts.get("invitation"):
        origin = await invitations.origin_for(turn.tx, facts["invitation"], turn.user.id, turn.now)
    try:
        participant = await registration.register(
            turn.tx, facts["meeting"], turn.user.id, given, turn.now, origin
        )
    except AlreadyRegistered:
        # Nothing is left to send, so the draft need not wait.
        participant = await registration.active(turn.tx, facts["meeting"], turn.user.id)
        await send_status(turn, participant, turn.t.gettext("🎟 <b>You are registered</b>"))
        return
    await welcome(turn, participant)


async def welcome(turn: Turn, participant: Participant) -> None:
    """Tell somebody what came of their registration, and others whom it concerns."""
    await send_status(turn, participant, turn.t.gettext("✅ <b>You are registered</b>"))
    await committee_news.tell_of_pending(turn, participant)
    await committee_news.tell_of_representative(turn, participant)


async def _declined(turn: Turn, facts: Facts) -> None:
    if facts["change"]:
        text = turn.t.gettext(
            "Your registration stays as it was. To take back your consent and have your data erased, type"
            " /deletemydata."
        )
    else:
        text = turn.t.gettext(
            "That is quite all right. Nothing was kept, and you are not registered here. You can still reach the"
            " committee: {contact}. If you change your mind, type /register."
        )
    turn.reply(text.format(contact=escape(facts["contact"])))


forms.register(
    forms.FormJourney(
        form=FORM,
        more=own_questions,
        words=forms.FormWords(
            title=N_("registration"),
            again=N_("/register"),
            check=N_("Is everything right? Then please send it; otherwise change what is not."),
        ),
        finish=_finish,
        declined=_declined,
        ask_again={SectorFull: "sector"},
    )
)

JOURNEY = Journey(
    commands=(
        Command(("daftar", "register"), on_register, N_("Register for the meeting")),
        Command(("tiket", "ticket"), on_ticket, N_("Show my ticket")),
    ),
    taps=(Tap(KIND, on_tap),),
)
