"""/start, /daftar and /tiket: choosing a meeting, registering for it, the ticket, changing and withdrawing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from html import escape
from typing import Any

from bot.domain import registration
from bot.domain.attendance import DESK
from bot.domain.errors import AlreadyRegistered, MeetingClosed, NotRegistered, SectorFull
from bot.domain.forms import Form
from bot.domain.questions import Answers, Choice, Context, Facts, Invalid, Option, Text, YesNo
from bot.domain.registration import TICKET_PREFIX, Details
from bot.domain.texts import clip, has_letter
from bot.i18n import N_
from bot.storage import meetings, offices, participants, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED
from handlers import attendance, forms
from handlers.registration_views import KIND, card, send_ticket
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

__all__ = ["JOURNEY", "TICKET_PREFIX", "on_register", "on_ticket", "open_meeting", "open_ticket"]

FORM_NAME = "registration"


def _needs_a_letter(text: str, _: Context) -> Invalid | None:
    return None if has_letter(text) else Invalid(N_("Please write this with letters."))


async def _sectors(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    return [
        Option(seats.sector.code, seats.sector.name, available=not seats.are_full)
        for seats in await registration.seats(tx, facts["meeting"], facts["person"])
    ]


FORM = Form(
    FORM_NAME,
    1,
    (
        YesNo(
            key="consent",
            # What a controller must tell before consent: Law 27/2022, article 21(1).
            prompt=N_(
                "{office} asks for your consent before it keeps personal data about you.\n\n"
                "<b>What is kept</b>: your name, stakeholder group, institution and position, and the ID of your"
                " Telegram account (not its phone number), so that this bot can answer you.\n"
                "<b>What for</b>: the list of participants, your ticket, the record of the meeting and its follow-up,"
                " and messages about the meeting.\n"
                "<b>Who sees it</b>: the committee. Feedback that you give anonymously is never linked to you.\n"
                "<b>How long</b>: until you erase it with /hapusdata, at any time, or the office no longer needs it for"
                " the record of the meeting.\n"
                "<b>Your rights</b>: to see your data and get a copy (/dataku), to correct it, to take back your"
                " consent and have it erased (/hapusdata).\n"
                "<b>Questions</b>: {contact}\n\n"
                "You may say no; the bot then keeps nothing of this. (Law 27/2022 on Personal Data Protection, articles"
                " 20–22)"
            ),
            label=N_("Consent"),
            yes=N_("I agree"),
            no=N_("I do not agree"),
            must_agree=True,
        ),
        Text(
            key="name",
            prompt=N_("What is your full name?"),
            hint=N_("As it should stand in the list of participants, with titles if you like."),
            label=N_("Name"),
            min_length=2,
            max_length=100,
            check=_needs_a_letter,
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group do you belong to?"),
            label=N_("Group"),
            options=_sectors,
        ),
        Text(
            key="institution",
            prompt=N_("Which institution or organisation do you come from?"),
            label=N_("Institution"),
            min_length=2,
            max_length=120,
            check=_needs_a_letter,
        ),
        Text(
            key="position",
            prompt=N_("What is your position there?"),
            hint=N_("For example: head of division, member, journalist."),
            label=N_("Position"),
            min_length=2,
            max_length=100,
            check=_needs_a_letter,
        ),
    ),
)


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
    is_registered = known is not None and known.state == REGISTERED
    open_now = await meetings.joinable(turn.tx)
    if is_registered and not turn.args and len(open_now) > 1:
        # There is nothing left to do for the one that the chat is about.
        _ask_which(turn, open_now)
        return
    if is_registered or not registration.is_joinable(meeting):
        await _open(turn, meeting)
        return
    await people.follow(turn.tx, turn.user.id, meeting.id)
    turn.reply(await card(turn, meeting))
    await _begin(turn, meeting)


async def on_ticket(turn: Turn) -> None:
    """``/tiket``: the person's tickets, that of the meeting they are in first."""
    mine = [
        item for item in await participants.all_of_person(turn.tx, turn.user.id) if item.state == REGISTERED
    ]
    mine.sort(key=lambda item: item.meeting_id != turn.person.meeting_id)
    if not mine:
        raise NotRegistered
    current = [item for item in mine if item.meeting_id == turn.person.meeting_id]
    for participant in current or mine[:3]:
        await send_ticket(turn, participant, turn.t.gettext("🎟 <b>Your ticket</b>"))


async def open_ticket(turn: Turn, payload: str) -> None:
    """What the QR code of a ticket opens: for the committee who it belongs to, for its holder the ticket."""
    participant = await participants.with_ticket(turn.tx, payload.removeprefix(TICKET_PREFIX).upper())
    if participant is None and await meetings.find_by_code(turn.tx, payload) is not None:
        # A meeting whose code begins like a ticket's link.
        await open_meeting(turn, payload)
        return
    if participant is not None and participant.person_id == turn.user.id and participant.state == REGISTERED:
        await send_ticket(turn, participant, turn.t.gettext("🎟 <b>Your ticket</b>"))
        return
    meeting = await meetings.find(turn.tx, participant.meeting_id) if participant is not None else None
    role = await offices.role_of(turn.tx, meeting.office_id, turn.user.id) if meeting is not None else None
    if participant is None or meeting is None or role is None or role not in DESK:
        # The same to everybody else, whether or not there is such a ticket.
        turn.reply(
            turn.t.gettext(
                "This is a participant's ticket; only the committee can read it. /tiket shows your own."
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
    if known is not None and known.state == REGISTERED:
        turn.answer(turn.t.gettext("You are registered already."))
        await _open(turn, meeting)
    elif not registration.is_joinable(meeting):
        raise MeetingClosed
    else:
        await people.follow(turn.tx, turn.user.id, meeting.id)
        await _begin(turn, meeting)


async def _on_change(turn: Turn, meeting: Meeting) -> None:
    if not registration.is_joinable(meeting):
        raise MeetingClosed
    known = await registration.registered(turn.tx, meeting.id, turn.user.id)
    await _begin(
        turn,
        meeting,
        {
            "consent": True,
            "name": known.name,
            "sector": known.sector,
            "institution": known.institution,
            "position": known.position,
        },
    )


async def _on_withdraw(turn: Turn, meeting: Meeting) -> None:
    if not registration.is_joinable(meeting):
        raise MeetingClosed
    await registration.registered(turn.tx, meeting.id, turn.user.id)
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
        await registration.withdraw(turn.tx, meeting.id, turn.user.id)
    except NotRegistered:
        turn.edit(
            turn.t.gettext("You are not registered for this meeting any more. To register, type /daftar.")
        )
        return
    turn.edit(
        turn.t.gettext(
            "You have withdrawn from <b>{title}</b>, and your seat is free. If you change your mind, type /daftar. To"
            " have your data erased as well, type /hapusdata."
        ).format(title=escape(turn.t.pick(meeting.title)))
    )


async def _on_withdraw_no(turn: Turn, _: Meeting) -> None:
    turn.edit(turn.t.gettext("Good. Nothing was changed; /tiket shows your ticket."))


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
        none = t.gettext(
            "No meeting is open at the moment. The office will send you a link when the next one is."
        )
        turn.reply("\n\n".join(filter(None, (unknown, none))))
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
    is_registered = known is not None and known.state == REGISTERED
    if meeting.state != meetings.DRAFT and turn.person.meeting_id != meeting.id:
        await people.follow(turn.tx, turn.user.id, meeting.id)
    if known is not None and is_registered and meeting.state not in (meetings.CLOSED, meetings.ARCHIVED):
        await send_ticket(turn, known, turn.t.gettext("🎟 <b>You are registered</b>"))
        return
    t = turn.t
    invitation = await card(turn, meeting)
    if meeting.state == meetings.DRAFT:
        turn.reply(
            invitation
            + "\n\n"
            + t.gettext("Registration has not opened yet. Please come back a little later.")
        )
    elif meeting.state in (meetings.CLOSED, meetings.ARCHIVED):
        turn.reply(
            invitation
            + "\n\n"
            + t.gettext(
                "This meeting is over. Thank you for your interest; /dataku shows what is kept about you."
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


async def _begin(turn: Turn, meeting: Meeting, answers: Answers | None = None) -> None:
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    contact = meeting.contact or office.contact or turn.t.gettext("the committee at the meeting's desk")
    facts = {
        "meeting": meeting.id,
        "person": turn.user.id,
        "office": office.name,
        "contact": contact,
        "change": answers is not None,
    }
    await forms.begin(turn, FORM_NAME, facts, answers)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = Details(answers["sector"], answers["name"], answers["institution"], answers["position"])
    if facts["change"]:
        participant = await registration.change(turn.tx, facts["meeting"], turn.user.id, given)
        await send_ticket(turn, participant, turn.t.gettext("✅ <b>Your data was changed</b>"))
        return
    heading = turn.t.gettext("✅ <b>You are registered</b>")
    try:
        participant = await registration.register(turn.tx, facts["meeting"], turn.user.id, given, turn.now)
    except AlreadyRegistered:
        # Nothing is left to send, so the draft need not wait.
        participant = await registration.registered(turn.tx, facts["meeting"], turn.user.id)
        heading = turn.t.gettext("🎟 <b>You are registered</b>")
    await send_ticket(turn, participant, heading)


async def _declined(turn: Turn, facts: Facts) -> None:
    if facts["change"]:
        text = turn.t.gettext(
            "Your registration stays as it was. To take back your consent and have your data erased, type /hapusdata."
        )
    else:
        text = turn.t.gettext(
            "That is quite all right. Nothing was kept, and you are not registered here. You can still reach the"
            " committee: {contact}. If you change your mind, type /daftar."
        )
    turn.reply(text.format(contact=escape(facts["contact"])))


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(
            title=N_("registration"),
            again="/daftar",
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
