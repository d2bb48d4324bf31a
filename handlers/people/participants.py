"""/peserta: who takes part, waits, was refused or withdrew; the committee's decisions on registrations."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, SectorFull
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Choice, Facts, Text
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import admission, names, own_answers, registration
from bot.domain.people.registration import Details
from bot.i18n import N_
from bot.storage import invitations, offices, participants
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REFUSED, REGISTERED, WAITING, WITHDRAWN, Participant
from handlers.forms import forms
from handlers.people import committee_news
from handlers.people.invitation_views import whom
from handlers.people.registration_form import (
    any_sector,
    institution_question,
    name_question,
    position_question,
)
from handlers.people.registration_views import details
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

STAFF = roles.ROLES
PAGE = 10
"""How many participants one message lists."""
HITS = 8
NAME_ROOM, PLACE_ROOM = 150, 220
"""UTF-16 units of a name, and of position and institution: ten of each fit the 4,096 of a message (Bot API)."""
ROW = 5
"""Buttons with a number in one row."""

_ANY = "-"
_STATES = {
    REGISTERED: N_("Registered"),
    PENDING: N_("Waiting for approval"),
    WAITING: N_("Waiting list"),
    REFUSED: N_("Refused"),
    WITHDRAWN: N_("Withdrawn"),
}


async def on_participants(turn: Turn) -> None:
    """``/peserta``: the numbers, with the lists a tap away; with a name, who has it."""
    meeting, role = await meetings.of_staff(turn.tx, turn.person, *STAFF)
    words = turn.text.split(maxsplit=1)[1:]
    if words:
        await _look_up(turn, meeting, words[0])
        return
    turn.reply(*await _overview(turn, meeting, role))


async def on_overview(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    turn.edit(*await _overview(turn, meeting, role))


async def _overview(turn: Turn, meeting: Meeting, role: str) -> tuple[str, list[list[Button]]]:
    t = turn.t
    counts = await participants.count_by_sector(turn.tx, meeting.id)
    states = await participants.count_by_state(turn.tx, meeting.id)
    total = states.get(REGISTERED, 0)
    lines, buttons = [], []
    for seats in await _all_seats(turn.tx, meeting, counts):
        name, count = t.pick(seats.sector.name), counts.get(seats.sector.code, 0)
        line = f"{escape(name)}: <b>{count}</b>" + (f" / {seats.quota}" if seats.quota is not None else "")
        if seats.waiting:
            line += " · " + t.gettext("{count} waiting").format(count=seats.waiting)
        lines.append(line)
        if count:
            buttons.append([tap(f"{name} ({count})", "people", meeting.id, seats.sector.code, 0)])
    heading = t.ngettext(
        "<b>{count} participant registered</b>", "<b>{count} participants registered</b>", total
    ).format(count=total)
    for state in (PENDING, WAITING, REFUSED, WITHDRAWN):
        if states.get(state):
            label = f"{t.gettext(_STATES[state])} ({states[state]})"
            buttons.append([tap(label, "peserta-list", meeting.id, state, _ANY, 0)])
    if role == roles.ORGANISER:
        buttons.append([tap(t.gettext("Register somebody"), "peserta-new", meeting.id)])
    buttons.append([tap(t.gettext("Everybody, as XLSX"), "peserta-xlsx", meeting.id)])
    hint = t.gettext("To look somebody up: /participants and the name.")
    return "\n".join([heading, "", *lines, "", hint]), buttons


async def _all_seats(
    tx: Transaction, meeting: Meeting, counts: dict[str, int]
) -> Sequence[registration.Seats]:
    """The sectors that take part; where the meeting names none, those of which somebody is registered."""
    seats = await registration.seats(tx, meeting.id)
    named = any(seat.quota is not None for seat in seats)
    return [seat for seat in seats if named or counts.get(seat.sector.code) or seat.waiting]


async def _look_up(turn: Turn, meeting: Meeting, query: str) -> None:
    t = turn.t
    if not names.is_enough(query):
        turn.reply(t.gettext("Please write at least three letters of the name."))
        return
    hits = await registration.search(turn.tx, meeting.id, query, participants.STATES)
    if not hits:
        turn.reply(t.gettext("Nobody here has that name. Please try a part of the name."))
        return
    text = t.gettext("Who is it?")
    if len(hits) > HITS:
        more = t.gettext("There are {count} more; add another word of the name to find them.")
        text += "\n\n" + more.format(count=len(hits) - HITS)
    turn.reply(
        text,
        [
            [tap(clip(f"{item.name} · {item.institution}", 60), "peserta-who", item.id)]
            for item in hits[:HITS]
        ],
    )


async def on_sector(turn: Turn) -> None:
    """Those registered of one sector, a page at a time."""
    await _show_list(turn, REGISTERED, turn.args[1], number(turn.args[2]), "people", (turn.args[1],))


async def on_list(turn: Turn) -> None:
    """Those in one state, of a sector or of all, a page at a time."""
    state, sector = turn.args[1], turn.args[2]
    if state not in _STATES:
        raise BadTap(state)
    await _show_list(turn, state, sector, number(turn.args[3]), "peserta-list", (state, sector))


async def _show_list(
    turn: Turn, state: str, sector: str, page: int, kind: str, parts: tuple[str, ...]
) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    turn.edit(*await _list(turn, meeting, state, sector, page, kind, parts))


async def _list(
    turn: Turn, meeting: Meeting, state: str, sector: str, page: int, kind: str, parts: tuple[str, ...]
) -> tuple[str, list[list[Button]]]:
    t = turn.t
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    total, shown = await participants.page(
        turn.tx,
        meeting.id,
        state,
        sector=None if sector == _ANY else sector,
        skip=page * PAGE,
        limit=PAGE,
    )
    named = {item.code: t.pick(item.name) for item in await offices.sectors(turn.tx, meeting.office_id)}
    title = t.gettext(_STATES[state])
    if sector != _ANY:
        title = named.get(sector, sector) if state == REGISTERED else f"{title}: {named.get(sector, sector)}"
    lines = [f"<b>{escape(title)} ({total})</b>", ""]
    lines += [_line(page * PAGE + place, item) for place, item in enumerate(shown, 1)]
    buttons: list[list[Button]] = []
    if state == PENDING and role == roles.ORGANISER:
        lines += ["", t.gettext("✅ approves at once; the number shows the person, also to refuse.")]
        buttons = [
            [
                tap(f"✅ {clip(item.name, 40)}", "peserta-ok", item.id, page),
                tap(str(page * PAGE + place), "peserta-who", item.id),
            ]
            for place, item in enumerate(shown, 1)
        ]
    else:
        numbered = [
            tap(str(page * PAGE + place), "peserta-who", item.id) for place, item in enumerate(shown, 1)
        ]
        buttons = [numbered[start : start + ROW] for start in range(0, len(numbered), ROW)]
    around = []
    if page:
        around.append(tap("‹", kind, meeting.id, *parts, page - 1))
    if (page + 1) * PAGE < total:
        around.append(tap("›", kind, meeting.id, *parts, page + 1))
    return "\n".join(lines), [*buttons, around, [tap(t.gettext("All sectors"), "sectors", meeting.id)]]


def _line(place: int, item: Participant) -> str:
    where = clip(f"{item.position}, {item.institution}", PLACE_ROOM)
    return f"{place}. {escape(clip(item.name, NAME_ROOM))}\n    {escape(where)}"


async def on_person(turn: Turn) -> None:
    found, meeting = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    turn.reply(*await _person(turn, found, meeting))


async def _person(turn: Turn, found: Participant, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    state = t.gettext(_STATES[found.state])
    if found.state == WAITING:
        place = await registration.place_in_queue(turn.tx, found)
        state = t.gettext("Waiting list, number {place}").format(place=place)
    lines = [
        t.gettext("👤 <b>{state}</b>\n{title}").format(
            state=state, title=escape(clip(t.pick(meeting.title), 150))
        ),
        "",
        await details(turn, found, meeting),
        t.gettext("Ticket: <code>{ticket}</code>").format(ticket=found.ticket),
        t.gettext("Since: {moment}").format(moment=t.moment(found.registered_at, meeting.timezone)),
    ]
    came_by = None if found.invitation_id is None else await invitations.find(turn.tx, found.invitation_id)
    if came_by is not None:
        sectors = {item.code: item.name for item in await offices.sectors(turn.tx, meeting.office_id)}
        by = whom(t, came_by, sectors)
        lines.append(t.gettext("Came by the link {whom}").format(whom=escape(by)))
    lines += [
        f"{escape(label)}: <b>{escape(clip(answer, 300))}</b>"
        for label, answer in own_answers.shown(t, meeting.registration_questions, found.answers)
        if answer
    ]
    if found.person_id is None:
        lines.append(t.gettext("Without Telegram: please tell this person yourself what changes."))
    if found.reason:
        lines.append(t.gettext("Reason: {reason}").format(reason=escape(found.reason)))
    buttons: list[list[Button]] = []
    if role == roles.ORGANISER:
        acts = {
            "approve": tap(t.gettext("✅ Approve"), "peserta-ok", found.id),
            "refuse": tap(t.gettext("Refuse"), "peserta-refuse", found.id),
            "withdraw": tap(t.gettext("Does not come"), "peserta-out", found.id),
        }
        buttons = [[acts[act] for act in admission.choices_about(found)]]
    return "\n".join(lines), [*buttons, [tap(t.gettext("All sectors"), "sectors", meeting.id)]]


async def on_approve(turn: Turn) -> None:
    """One tap: from the queue, which is shown on, or from a person."""
    approved, meeting = await admission.approve(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    await _tell(turn, approved, meeting)
    t = turn.t
    turn.answer(
        t.gettext("Approved, on the waiting list: the seats are taken.")
        if approved.state == WAITING
        else t.gettext("Approved: {name}").format(name=clip(approved.name, 100))
    )
    if len(turn.args) > 1:
        left = await admission.pending(turn.tx, meeting.id)
        page = min(number(turn.args[1]), max(0, (left - 1) // PAGE))
        turn.edit(*await _list(turn, meeting, PENDING, _ANY, page, "peserta-list", (PENDING, _ANY)))
    else:
        turn.edit(*await _person(turn, approved, meeting))


async def _tell(turn: Turn, decided: Participant, meeting: Meeting) -> None:
    call = await committee_news.decision_call(turn.tx, decided, meeting)
    if call is not None:
        turn.calls.append(call)


async def on_refuse(turn: Turn) -> None:
    """Ask for the reason, which the person will read."""
    found, _ = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    if "refuse" not in admission.choices_about(found):
        raise AlreadyDecided
    await forms.begin(turn, REFUSE.name, {"participant": found.id, "name": found.name})


async def on_withdraw(turn: Turn) -> None:
    found, _ = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    t = turn.t
    turn.edit(
        t.gettext("Take <b>{name}</b> out? The seat becomes free for whoever waits.").format(
            name=escape(found.name)
        ),
        [
            [tap(t.gettext("Yes, does not come"), "peserta-out-do", found.id)],
            [tap(t.gettext("‹ Back"), "peserta-who", found.id)],
        ],
    )


async def on_withdraw_do(turn: Turn) -> None:
    found, meeting = await admission.withdraw_by_hand(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The seat is free."))
    now = await participants.find(turn.tx, found.id)
    assert now is not None
    turn.edit(*await _person(turn, now, meeting))


async def on_sheet(turn: Turn) -> None:
    """Everybody in whatever state, with what they answered, as a file."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    turn.made_document(
        "participant-list",
        {"meeting": meeting.id},
        f"peserta-{meeting.code}.xlsx",
        turn.t.gettext("Everybody who registered, with state and answers. It holds personal data."),
    )


async def on_new(turn: Turn) -> None:
    """Begin the form for somebody without Telegram."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    await forms.begin(turn, ENTER.name, {"meeting": meeting.id, "office": office.name})


ENTER = Form(
    "registration-by-hand",
    1,
    (
        name_question(
            N_("What is the person's full name?"),
            N_("Please ask first whether {office} may keep name, institution and position for its list."),
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group does the person belong to?"),
            label=N_("Group"),
            options=any_sector,
        ),
        institution_question(N_("Which institution or organisation does the person come from?")),
        position_question(N_("What is the person's position there?")),
        Text(
            key="represents",
            prompt=N_("In whose stead does the person come?"),
            hint=N_("The name of who was invited; skip this if the person comes for themselves."),
            label=N_("In the stead of"),
            max_length=100,
            optional=True,
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

REFUSE = Form(
    "registration-refusal",
    1,
    (
        Text(
            key="reason",
            prompt=N_("Why is the registration of <b>{name}</b> not accepted? The person reads this."),
            label=N_("Reason"),
            min_length=3,
            max_length=300,
        ),
    ),
    review=False,
)


async def _finish_enter(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    given = Details(
        answers["sector"],
        answers["name"],
        answers["institution"],
        answers["position"],
        answers["letter"] or "",
    )
    entered, meeting = await admission.enter_by_hand(
        turn.tx, facts["meeting"], turn.user.id, given, turn.now, represents=answers["represents"] or ""
    )
    turn.reply(*await _person(turn, entered, meeting))


async def _finish_refuse(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    refused, meeting = await admission.refuse(
        turn.tx, facts["participant"], turn.user.id, answers["reason"], turn.now
    )
    await _tell(turn, refused, meeting)
    text, buttons = await _person(turn, refused, meeting)
    left = await admission.pending(turn.tx, meeting.id)
    if left:
        queue = f"{turn.t.gettext(_STATES[PENDING])} ({left})"
        buttons = [*buttons, [tap(queue, "peserta-list", meeting.id, PENDING, _ANY, 0)]]
    turn.reply(text, buttons)


forms.register(
    forms.FormJourney(
        form=ENTER,
        words=forms.FormWords(
            title=N_("registration by hand"),
            again=N_("/participants"),
            check=N_("Is everything right, and does the person agree? Then register them."),
        ),
        finish=_finish_enter,
        ask_again={SectorFull: "sector"},
    )
)
forms.register(
    forms.FormJourney(
        form=REFUSE,
        words=forms.FormWords(title=N_("refusal"), again=N_("/participants")),
        finish=_finish_refuse,
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("peserta", "participants"),
            on_participants,
            N_("Participants by sector"),
            frozenset({Audience.ORGANISER}),
        ),
    ),
    taps=(
        Tap("people", on_sector),
        Tap("sectors", on_overview),
        Tap("peserta-list", on_list),
        Tap("peserta-who", on_person),
        Tap("peserta-ok", on_approve),
        Tap("peserta-refuse", on_refuse),
        Tap("peserta-out", on_withdraw),
        Tap("peserta-out-do", on_withdraw_do),
        Tap("peserta-xlsx", on_sheet),
        Tap("peserta-new", on_new),
    ),
)
