"""/hadir: checking people in at the desk, and who is here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import attendance, meetings, names, registration, roles
from bot.domain.attendance import DESK, MOST_CODES, Arrival, Outcome
from bot.domain.errors import SectorFull
from bot.domain.forms import Form
from bot.domain.questions import Answers, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.registration import Details
from bot.domain.texts import clip, has_letter
from bot.i18n import N_, translator
from bot.reports.attendance import SHEET
from bot.storage import attendance as stored
from bot.storage import offices, participants, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from handlers import attendance_views as views
from handlers import forms
from handlers.registration_views import details
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

FORM_NAME = "walk-in"

HITS = 8
"""People that a search offers; more would be a list of the hall."""

_WAYS = {"s": stored.SCAN, "n": stored.SEARCH}


async def on_attendance(turn: Turn) -> None:
    """``/hadir``: the numbers; with codes, check these in; with a name, look it up."""
    words = turn.text.split(maxsplit=1)[1:]
    if not words:
        meeting, role = await meetings.of_staff(turn.tx, turn.person, *roles.ROLES)
        text, buttons = await _overview(turn, meeting, role)
        turn.reply(text, buttons)
        return
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *DESK)
    codes = attendance.codes_in(words[0])
    if attendance.are_codes(codes) or await _are_tickets(turn, meeting, words[0], codes):
        await _take_codes(turn, meeting, codes)
    else:
        await _look_up(turn, meeting, words[0])


async def _are_tickets(turn: Turn, meeting: Meeting, text: str, codes: Sequence[str]) -> bool:
    """Whether words without a digit are codes: one of them is a ticket, and nobody here is called so."""
    if not attendance.could_be_codes(codes[:MOST_CODES]):
        return False
    if await attendance.search(turn.tx, meeting.id, text):
        return False
    for code in codes[:MOST_CODES]:
        known = await participants.with_ticket(turn.tx, code)
        if known is not None and known.meeting_id == meeting.id:
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
        await _tell(turn, arrival)


async def _look_up(turn: Turn, meeting: Meeting, query: str) -> None:
    t = turn.t
    if not names.is_enough(query):
        turn.reply(
            t.gettext(
                "Please write at least three letters of the name, or the code of a ticket: five letters and digits."
            )
        )
        return
    hits = await attendance.search(turn.tx, meeting.id, query)
    if not hits:
        turn.reply(
            t.gettext(
                "Nobody registered for this meeting has that name or ticket. Please try a part of the name; /hadir can"
                " also take somebody in who did not register."
            )
        )
        return
    buttons = [
        [
            tap(
                ("☑️ " if at is not None else "") + clip(f"{person.name} · {person.institution}", 60),
                "hadir-who",
                person.id,
            )
        ]
        for person, at in hits[:HITS]
    ]
    text = t.gettext("Who is it? Tap to see the person; nobody is checked in by that.")
    if len(hits) > HITS:
        more = t.gettext("There are {count} more; add another word of the name to find them.")
        text += "\n\n" + more.format(count=len(hits) - HITS)
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
    if participant.state != REGISTERED:
        state = t.gettext("🚫 Has withdrawn; please ask for a new registration.")
    elif made is not None:
        state = t.gettext("☑️ Here since {moment}").format(moment=t.moment(made.at, meeting.timezone))
        role = await offices.role_of(turn.tx, meeting.office_id, turn.user.id)
        if role is not None and attendance.may_undo(made, turn.user.id, role):
            arrival = Arrival(participant.ticket, Outcome.ALREADY, participant, made, meeting)
            buttons = [[views.undo_button(t, arrival)]]
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


async def on_check_in(turn: Turn) -> None:
    way = _WAYS.get(turn.args[1])
    if way is None:
        raise BadTap(turn.args[1])
    arrival = await attendance.check_in(turn.tx, number(turn.args[0]), turn.user.id, way, turn.now)
    await _answer_tap(turn, arrival, turn.args[1])


async def _answer_tap(turn: Turn, arrival: Arrival, way: str) -> None:
    assert arrival.participant is not None
    assert arrival.meeting is not None
    if arrival.outcome is Outcome.CHECKED_IN:
        turn.answer(turn.t.gettext("Checked in."))
        await _tell(turn, arrival)
    elif arrival.outcome is Outcome.ALREADY:
        turn.answer(turn.t.gettext("This person was checked in before."))
    turn.edit(*await _person(turn, arrival.participant, arrival.meeting, way))


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


async def _tell(turn: Turn, arrival: Arrival) -> None:
    assert arrival.participant is not None
    assert arrival.meeting is not None
    await _say_to(
        turn,
        arrival.participant,
        arrival.meeting,
        N_("✅ You are checked in at <b>{title}</b>. Welcome! /agenda shows what comes next."),
    )


async def _say_to(turn: Turn, participant: Participant, meeting: Meeting, sentence: str) -> None:
    """Write to a participant in their own language, if they have a chat that can be reached."""
    person = None if participant.person_id is None else await people.find(turn.tx, participant.person_id)
    if person is None or person.reach != people.REACHABLE:
        return
    t = translator(person.locale)
    turn.send(person.id, t.gettext(sentence).format(title=escape(clip(t.pick(meeting.title), 150))))


async def on_overview(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *roles.ROLES)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *roles.ROLES)
    turn.edit(*await _overview(turn, meeting, role))


async def _overview(turn: Turn, meeting: Meeting, role: str) -> tuple[str, list[list[Button]]]:
    roll = await attendance.roll(turn.tx, meeting)
    sectors = {sector.code: sector.name for sector in await offices.sectors(turn.tx, meeting.office_id)}
    now = turn.t.time(turn.now, meeting.timezone)
    return views.overview(turn.t, meeting, roll, sectors, now), views.overview_buttons(
        turn.t, meeting, roll, is_organiser=role == roles.ORGANISER
    )


async def on_institutions(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *roles.ROLES)
    roll = await attendance.roll(turn.tx, meeting)
    turn.edit(*views.institutions(turn.t, meeting, roll, turn.args[1], number(turn.args[2])))


async def on_list(turn: Turn) -> None:
    """The attendance list as a file."""
    t = turn.t
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *roles.ROLES)
    roll = await attendance.roll(turn.tx, meeting)
    caption = t.gettext(
        "Attendance list: {present} of {registered} are here, {moment}. It holds personal data."
    )
    turn.made_document(
        SHEET.name,
        {"meeting": meeting.id},
        f"daftar-hadir-{meeting.code}.xlsx",
        caption.format(
            present=roll.present, registered=roll.registered, moment=t.moment(turn.now, meeting.timezone)
        ),
    )


async def on_walk_in(turn: Turn) -> None:
    """Begin the form for somebody who stands at the desk without having registered."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id, "office": office.name})


def _needs_a_letter(text: str, _: Context) -> Invalid | None:
    return None if has_letter(text) else Invalid(N_("Please write this with letters."))


async def _sectors(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    return [
        Option(seats.sector.code, seats.sector.name)
        for seats in await registration.seats(tx, facts["meeting"])
    ]


FORM = Form(
    FORM_NAME,
    1,
    (
        Text(
            key="name",
            prompt=N_("What is the person's full name?"),
            hint=N_(
                "Please ask first whether {office} may keep name, institution and position for its list."
            ),
            label=N_("Name"),
            min_length=2,
            max_length=100,
            check=_needs_a_letter,
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group does the person belong to?"),
            label=N_("Group"),
            options=_sectors,
        ),
        Text(
            key="institution",
            prompt=N_("Which institution or organisation does the person come from?"),
            label=N_("Institution"),
            min_length=2,
            max_length=120,
            check=_needs_a_letter,
        ),
        Text(
            key="position",
            prompt=N_("What is the person's position there?"),
            label=N_("Position"),
            min_length=2,
            max_length=100,
            check=_needs_a_letter,
        ),
    ),
)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = Details(answers["sector"], answers["name"], answers["institution"], answers["position"])
    arrival = await attendance.walk_in(turn.tx, facts["meeting"], turn.user.id, given, turn.now)
    buttons = [[tap(turn.t.gettext("Somebody without registration"), "hadir-new", facts["meeting"])]]
    if arrival.outcome is Outcome.CHECKED_IN:
        buttons.insert(0, [views.undo_button(turn.t, arrival)])
    turn.reply(views.answer(turn.t, arrival), buttons)
    if arrival.outcome is Outcome.CHECKED_IN:
        await _tell(turn, arrival)  # somebody of that name and institution was registered


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(
            title=N_("entry at the desk"),
            again="/hadir",
            send=N_("✅ Check in"),
            check=N_("Is everything right, and does the person agree? Then check them in."),
        ),
        finish=_finish,
        ask_again={SectorFull: "sector"},
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("hadir", "attendance"),
            on_attendance,
            N_("Check in and see who is here"),
            frozenset({Audience.ORGANISER}),
        ),
    ),
    taps=(
        Tap("hadir", on_overview),
        Tap("hadir-who", on_person),
        Tap("hadir-in", on_check_in),
        Tap("hadir-undo", on_undo),
        Tap("hadir-inst", on_institutions),
        Tap("hadir-list", on_list),
        Tap("hadir-new", on_walk_in),
    ),
)
