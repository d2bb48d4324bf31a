"""The list of the invited in the chat: who is on it, what they said by telephone, whom to ring."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Choice, Context, Facts, Invalid, Text, phone_number
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import invitations, invited, looking_up, names
from bot.i18n import N_
from bot.storage import invitees, participants
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REGISTERED, WAITING
from handlers.forms import forms
from handlers.people import invitation_views as views
from handlers.people import registration_by_hand
from handlers.people.registration_form import (
    any_sector,
    institution_question,
    name_question,
    position_question,
)
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

ADD_FORM, NO_FORM = "invitee", "invitee-no"

_ANY = "-"


async def on_list(turn: Turn) -> None:
    """The list, all of it or those in one state, a page at a time."""
    meeting, wanted, page = await views.meeting_named(turn), turn.args[1], number(turn.args[2])
    if wanted != _ANY and wanted not in invitees.STATES:
        raise BadTap(wanted)
    t, state = turn.t, None if wanted == _ANY else wanted
    counts = await invitees.count_by_state(turn.tx, meeting.id)
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    found = await invitees.page(turn.tx, meeting.id, state, page * views.PAGE, views.PAGE)
    name = t.gettext("all") if state is None else t.gettext(views.STATE_NAMES[state])
    lines = [t.gettext("✉️ <b>The invited: {state} ({count})</b>").format(state=name, count=total), ""]
    lines += [views.person_line(t, invitee) for invitee in found]
    buttons = [[tap(clip(invitee.name, 60), "undang-who", invitee.id)] for invitee in found]
    buttons.append(views.around("undang-list", page, total, meeting.id, wanted))
    filters = [
        tap(f"{views.STATE_SIGNS[key]} {counts[key]}", "undang-list", meeting.id, key, 0)
        for key in invitees.STATES
        if counts.get(key) and key != state
    ]
    if state is not None:
        filters.insert(0, tap(t.gettext("All"), "undang-list", meeting.id, _ANY, 0))
    buttons += [filters, [tap(t.gettext("‹ Invitations"), "undang", meeting.id)]]
    turn.edit("\n".join(lines), buttons)


async def look_up(turn: Turn, meeting: Meeting, query: str) -> None:
    """Who on the list has a name: nearest first."""
    t = turn.t
    if not names.is_enough(query):
        turn.reply(t.gettext("Please write at least three letters of the name."))
        return
    found = await looking_up.among_invited(turn.tx, meeting.id, query, limit=views.PAGE)
    if not found.people:
        turn.reply(
            t.gettext("Nobody on the list has that name. Please try a part of the name."),
            [[tap(t.gettext("Add a person"), "undang-new", meeting.id)]],
        )
        return
    text = t.gettext("Who is it?")
    if found.count > views.PAGE:
        more = t.gettext("There are {count} more; add another word of the name to find them.")
        text += "\n\n" + more.format(count=found.count - views.PAGE)
    turn.reply(
        text,
        [
            [
                tap(
                    views.STATE_SIGNS[invitee.state]
                    + " "
                    + clip(f"{invitee.name} · {invitee.entry.institution}", 55),
                    "undang-who",
                    invitee.id,
                )
            ]
            for invitee in found.people
        ],
    )


async def on_person(turn: Turn) -> None:
    invitee, meeting = await invited.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*await _person(turn, invitee, meeting))


_SEATS = {
    REGISTERED: N_("Seat: taken"),
    PENDING: N_("Seat: waits for approval"),
    WAITING: N_("Seat: on the waiting list"),
}


async def _person(turn: Turn, invitee: Invitee, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    seated = await participants.of_invitee(turn.tx, invitee.id)
    seat = ""
    if seated is not None:
        seat = t.gettext(_SEATS[seated.state])
        if seated.represents:
            letter = seated.assignment_letter or t.gettext("not given yet")
            seat += "\n" + t.gettext("Representative: {name}\nLetter of assignment: {letter}").format(
                name=escape(seated.name), letter=escape(letter)
            )
    sectors = await views.sector_names(turn.tx, meeting)
    buttons: list[list[Button]] = []
    if seated is None:
        link = await invitations.personal_link(turn.tx, invitee, turn.now)
        buttons = [
            [tap(t.gettext("💬 Text for WhatsApp"), "undang-text", link.id)],
            [tap(t.gettext("Link, QR code, letter"), "undang-link", link.id)],
            [
                tap(t.gettext("Said yes"), "undang-yes", invitee.id),
                tap(t.gettext("Said no"), "undang-no", invitee.id),
            ],
            [tap(t.gettext("🤝 Somebody else comes"), "undang-stead", invitee.id)],
        ]
    else:
        buttons = [
            [tap(t.gettext("The registration"), "peserta-who", seated.id)],
            [tap(t.gettext("Said no"), "undang-no", invitee.id)],
        ]
    buttons.append(
        [
            tap(t.gettext("Remove"), "undang-del", invitee.id),
            tap(t.gettext("‹ The list"), "undang-list", meeting.id, _ANY, 0),
        ]
    )
    return views.person(t, meeting, invitee, sectors, seat), buttons


async def on_yes(turn: Turn) -> None:
    """Ask before somebody is registered who said so by telephone."""
    invitee, _ = await invited.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    t = turn.t
    turn.edit(
        t.gettext(
            "Register <b>{name}</b> without Telegram? Please ask first whether the office may keep name, institution"
            " and position for its list."
        ).format(name=escape(invitee.name)),
        [
            [tap(t.gettext("Yes, agrees and comes"), "undang-yes-do", invitee.id)],
            [tap(t.gettext("‹ Back"), "undang-who", invitee.id)],
        ],
    )


async def on_yes_do(turn: Turn) -> None:
    """Register them at once, or first ask the committee what the meeting asks everybody."""
    invitee_id = number(turn.args[0])
    found, its = await invited.for_organiser(turn.tx, invitee_id, turn.user.id)
    if its.registration_questions:
        await registration_by_hand.begin_for_invitee(turn, found, its)
        return
    entered, meeting = await invited.says_yes(turn.tx, invitee_id, turn.user.id, turn.now)
    waiting = entered.state == WAITING
    turn.answer(
        turn.t.gettext("On the waiting list: the seats are taken.")
        if waiting
        else turn.t.gettext("Registered.")
    )
    invitee, _ = await invited.for_organiser(turn.tx, invitee_id, turn.user.id)
    turn.edit(*await _person(turn, invitee, meeting))


async def on_no(turn: Turn) -> None:
    """Ask for the reason that somebody gave by telephone."""
    invitee, _ = await invited.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, NO_FORM, {"invitee": invitee.id, "name": invitee.name})


async def on_remove(turn: Turn) -> None:
    invitee, _ = await invited.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    t = turn.t
    turn.edit(
        t.gettext(
            "Take <b>{name}</b> off the list? Their link ends; a registration stays, and can be ended with"
            " /participants."
        ).format(name=escape(invitee.name)),
        [
            [tap(t.gettext("Yes, remove"), "undang-del-do", invitee.id)],
            [tap(t.gettext("‹ Back"), "undang-who", invitee.id)],
        ],
    )


async def on_remove_do(turn: Turn) -> None:
    invitee, meeting = await invited.remove(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.edit(
        turn.t.gettext("<b>{name}</b> is off the list.").format(name=escape(invitee.name)),
        [[tap(turn.t.gettext("‹ The list"), "undang-list", meeting.id, _ANY, 0)]],
    )


async def on_call(turn: Turn) -> None:
    """Whom to ring, by institution: ``a`` who has not answered, ``h`` who is to come and is not here."""
    meeting, which, page = await views.meeting_named(turn), _which(turn), number(turn.args[2])
    found = await invited.to_ring(turn.tx, meeting.id, arrived=which == "h")
    text, buttons = views.call_page(turn.t, meeting, found, which, page)
    t = turn.t
    other = (
        tap(t.gettext("No answer yet"), "undang-call", meeting.id, "a", 0)
        if which == "h"
        else tap(t.gettext("Registered, not here yet"), "undang-call", meeting.id, "h", 0)
    )
    turn.edit(text, [*buttons[:-1], [other], buttons[-1]])


def _which(turn: Turn) -> str:
    which = turn.args[1]
    if which not in ("a", "h"):
        raise BadTap(which)
    return str(which)


async def on_call_sheet(turn: Turn) -> None:
    """The same as a file, with the personal links."""
    meeting, which = await views.meeting_named(turn), _which(turn)
    await invitations.office_key(turn.tx, meeting.office_id)
    turn.made_document(
        "call-list",
        {"meeting": meeting.id, "arrived": which == "h", "bot": turn.bot_username},
        f"daftar-telepon-{meeting.code}.xlsx",
        turn.t.gettext("Whom to ring, with the number and the personal link. It holds personal data."),
    )


async def on_new(turn: Turn) -> None:
    """Begin the form that puts one person on the list."""
    meeting = await views.meeting_named(turn)
    await forms.begin(turn, ADD_FORM, {"meeting": meeting.id})


def _is_phone(text: str, _: Context) -> Invalid | None:
    return None if phone_number(text) else Invalid("bad_phone")


ADD = Form(
    ADD_FORM,
    1,
    (
        name_question(N_("Who is invited?"), N_("The full name, with titles if you like.")),
        institution_question(N_("Which institution or organisation does the person come from?")),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group does the person belong to?"),
            label=N_("Group"),
            options=any_sector,
        ),
        position_question(N_("What is the person's position there?"), optional=True),
        Text(
            key="phone",
            prompt=N_("What is the person's telephone number? It is for sending the link and for ringing."),
            label=N_("Telephone"),
            optional=True,
            check=_is_phone,
        ),
    ),
)

NO = Form(
    NO_FORM,
    1,
    (
        Text(
            key="reason",
            prompt=N_("Why can <b>{name}</b> not come?"),
            hint=N_("As they said it; skip this if they gave no reason."),
            label=N_("Reason"),
            max_length=200,
            optional=True,
        ),
    ),
    review=False,
)


async def _finish_add(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    entry = Entry(
        answers["sector"],
        answers["name"],
        answers["institution"],
        answers["position"] or "",
        phone_number(answers["phone"] or "") or "",
    )
    added = await invited.add(turn.tx, facts["meeting"], turn.user.id, entry, turn.now)
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    turn.reply(*await _person(turn, added, meeting))


async def _finish_no(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    invitee, meeting = await invited.says_no(
        turn.tx, facts["invitee"], turn.user.id, answers["reason"] or "", turn.now
    )
    turn.reply(*await _person(turn, invitee, meeting))


forms.register(
    forms.FormJourney(
        form=ADD,
        words=forms.FormWords(title=N_("invitation of a person"), again=N_("/invite")),
        finish=_finish_add,
    )
)
forms.register(
    forms.FormJourney(
        form=NO,
        words=forms.FormWords(title=N_("answer by telephone"), again=N_("/invite")),
        finish=_finish_no,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("undang-list", on_list),
        Tap("undang-who", on_person),
        Tap("undang-yes", on_yes),
        Tap("undang-yes-do", on_yes_do),
        Tap("undang-no", on_no),
        Tap("undang-del", on_remove),
        Tap("undang-del-do", on_remove_do),
        Tap("undang-call", on_call),
        Tap("undang-xlsx", on_call_sheet),
        Tap("undang-new", on_new),
    ),
)
