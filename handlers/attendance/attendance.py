"""/hadir: checking people in at the desk, by ticket, by codes or by name, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import DESK, MOST_CODES, Arrival, Outcome
from bot.domain.errors import NotAllowed
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import names
from bot.domain.people.registration import STATE_NAMES
from bot.i18n import N_, translator
from bot.storage import attendance as stored
from bot.storage import offices, people
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, WITHDRAWN, Participant
from handlers.attendance import attendance_hall, self_check_in
from handlers.attendance import attendance_views as views
from handlers.people.registration_views import details
from handlers.routing import STAFF, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

HITS = 8
"""People that a search offers; more would be a list of the hall."""

_WAYS = {"s": stored.SCAN, "n": stored.SEARCH}


async def on_attendance(turn: Turn) -> None:
    """``/hadir``: the numbers; with codes, check these in; with a name, look it up.

    For participants it is the way to check themselves in, where the office has switched that on.
    """
    words = turn.text.split(maxsplit=1)[1:]
    try:
        meeting, role = await meetings.of_staff(turn.tx, turn.person, *(DESK if words else roles.ROLES))
    except NotAllowed:
        if not await self_check_in.offer(turn, words[0] if words else ""):
            raise
        return
    if not words:
        turn.reply(*await attendance_hall.overview(turn, meeting, role))
        return
    codes = attendance.codes_in(words[0])
    if attendance.are_codes(codes) or await _are_tickets(turn, meeting, words[0], codes):
        await _take_codes(turn, meeting, codes)
    else:
        await _look_up(turn, meeting, words[0])


async def _are_tickets(turn: Turn, meeting: Meeting, text: str, codes: Sequence[str]) -> bool:
    """Whether words without a digit are codes: one of them is a ticket of this office, and nobody here is called so."""
    if not attendance.could_be_codes(codes[:MOST_CODES]):
        return False
    if await attendance.is_called(turn.tx, meeting.id, text):
        return False
    for code in codes[:MOST_CODES]:
        if await attendance.is_ticket_of(turn.tx, code, meeting.office_id):
            return True
    return False


async def _take_codes(turn: Turn, meeting: Meeting, codes: Sequence[str]) -> None:
    t = turn.t
    arrivals = await attendance.check_in_codes(turn.tx, meeting, codes[:MOST_CODES], turn.user.id, turn.now)
    lines = [views.answer(t, arrival) for arrival in arrivals]
    if len(codes) > MOST_CODES:
        left = len(codes) - MOST_CODES
        lines += [
            "",
            t.ngettext(
                "{count} more code was not read. Please send it from {code} on in another message.",
                "{count} more codes were not read. Please send them from {code} on in another message.",
                left,
            ).format(count=left, code=escape(clip(codes[MOST_CODES], 20))),
        ]
    made = [arrival for arrival in arrivals if arrival.outcome is Outcome.CHECKED_IN]
    turn.reply("\n".join(lines), [[views.undo_button(t, made[0])]] if len(made) == len(codes) == 1 else ())
    for arrival in made:
        await tell(turn, arrival)


async def _look_up(turn: Turn, meeting: Meeting, query: str) -> None:
    t = turn.t
    if not names.is_enough(query):
        turn.reply(
            t.gettext(
                "Please write at least three letters of the name, or the code of a ticket: five letters and digits."
            )
        )
        return
    hits, total = await attendance.search(turn.tx, meeting.id, query, HITS)
    if not hits:
        turn.reply(
            t.gettext(
                "Nobody registered for this meeting has that name or ticket. Please try a part of the name;"
                " /attendance can also take somebody in who did not register."
            )
        )
        return
    buttons = [
        [
            tap(
                views.mark(person, made) + clip(f"{person.name} · {person.institution}", 60),
                "hadir-who",
                person.id,
            )
        ]
        for person, made in hits
    ]
    text = t.gettext("Who is it? Tap to see the person; nobody is checked in by that.")
    if total > len(hits):
        more = t.gettext("There are {count} more; add another word of the name to find them.")
        text += "\n\n" + more.format(count=total - len(hits))
    turn.reply(text, buttons)


async def on_person(turn: Turn) -> None:
    """Show a person that a search found."""
    participant, meeting = await attendance.for_desk(turn.tx, number(turn.args[0]), turn.user.id)
    await show(turn, participant, meeting, "n")


async def show(turn: Turn, participant: Participant, meeting: Meeting, way: str = "s") -> None:
    """Who it is, for somebody of the desk, with one button that checks them in; ``s``: a scan, ``n``: a search."""
    text, buttons = await _person(turn, participant, meeting, way)
    turn.reply(text, buttons)


async def _person(
    turn: Turn, participant: Participant, meeting: Meeting, way: str
) -> tuple[str, list[list[Button]]]:
    t = turn.t
    made = await stored.find(turn.tx, participant.id)
    buttons: list[list[Button]] = []
    if participant.state == WITHDRAWN:
        state = t.gettext("🚫 Has withdrawn; please ask for a new registration.")
    elif participant.state != REGISTERED:
        state = t.gettext("⏳ Has no seat: {state}").format(state=t.gettext(STATE_NAMES[participant.state]))
        buttons = [[tap(t.gettext("Open the registration"), "peserta-who", participant.id)]]
    elif made is not None:
        since = (
            t.gettext("☑️ Here since {moment}, by the code of the hall")
            if made.way == stored.SELF
            else t.gettext("☑️ Here since {moment}")
        )
        state = since.format(moment=t.moment(made.at, meeting.timezone))
        role = await offices.role_of(turn.tx, meeting.office_id, turn.user.id)
        if role is not None and attendance.may_undo(made, turn.user.id, role):
            arrival = Arrival(participant.ticket, Outcome.ALREADY, participant, made, meeting)
            buttons = [[views.undo_button(t, arrival)]]
    elif way == "s" and await _is_elsewhere(turn, meeting):
        state = t.gettext(
            "↪️ This ticket is for another meeting than the one that you are working on; nothing was changed. If you are"
            " at the desk of that one, choose it first with /meetings."
        )
    else:
        state = t.gettext("Not here yet")
        buttons = [[tap(t.gettext("✅ Check in"), "hadir-in", participant.id, way)]]
    text = t.gettext("🎟 <b>Ticket {ticket}</b>\n{title}\n\n{details}\n\n{state}").format(
        ticket=participant.ticket,
        title=escape(clip(t.pick(meeting.title), 150)),
        details=await details(turn, participant, meeting),
        state=state,
    )
    return text, buttons


async def _is_elsewhere(turn: Turn, meeting: Meeting) -> bool:
    """Whether a desk works on another meeting than this one: who scans fast does not read the title."""
    current, _ = await meetings.of_staff(turn.tx, turn.person, *roles.ROLES)
    return current.id != meeting.id


async def on_check_in(turn: Turn) -> None:
    way = _WAYS.get(turn.args[1])
    if way is None:
        raise BadTap(turn.args[1])
    arrival = await attendance.check_in(turn.tx, number(turn.args[0]), turn.user.id, way, turn.now)
    assert arrival.participant is not None
    assert arrival.meeting is not None
    if arrival.outcome is Outcome.CHECKED_IN:
        turn.answer(turn.t.gettext("Checked in."))
        await tell(turn, arrival)
    elif arrival.outcome is Outcome.ALREADY:
        turn.answer(turn.t.gettext("This person was checked in before."))
    turn.edit(*await _person(turn, arrival.participant, arrival.meeting, turn.args[1]))


async def on_undo(turn: Turn) -> None:
    participant, meeting = await attendance.undo(
        turn.tx, number(turn.args[0]), number(turn.args[1]), turn.user.id, turn.now
    )
    turn.answer(turn.t.gettext("The check-in was undone."))
    turn.edit(*await _person(turn, participant, meeting, "n"))
    await _say_to(
        turn,
        participant,
        meeting,
        N_("Your check-in at <b>{title}</b> was taken back. If you are here, please see the desk."),
    )


async def tell(turn: Turn, arrival: Arrival) -> None:
    """Tell a participant that they were checked in; after the meeting without a welcome."""
    assert arrival.participant is not None
    assert arrival.meeting is not None
    over = turn.now >= arrival.meeting.ends_at
    sentence = (
        N_("✅ The committee has recorded that you were at <b>{title}</b>. Thank you for coming.")
        if over
        else views.WELCOME
    )
    await _say_to(turn, arrival.participant, arrival.meeting, sentence)


async def _say_to(turn: Turn, participant: Participant, meeting: Meeting, sentence: str) -> None:
    """Write to a participant in their own language, if they have a chat that can be reached."""
    person = None if participant.person_id is None else await people.find(turn.tx, participant.person_id)
    if person is None or person.reach != people.REACHABLE:
        return
    t = translator(person.locale)
    turn.send(person.id, t.gettext(sentence).format(title=escape(clip(t.pick(meeting.title), 150))))


JOURNEY = Journey(
    commands=(
        Command(
            ("hadir", "attendance"),
            on_attendance,
            N_("Check in and see who is here"),
            STAFF,
        ),
    ),
    taps=(
        Tap("hadir-who", on_person),
        Tap("hadir-in", on_check_in),
        Tap("hadir-undo", on_undo),
    ),
)
