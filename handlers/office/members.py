"""/peran: who has which role in the office, appointing by a one-time link, and ending a role."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.meeting import meetings
from bot.i18n import N_, Translator, translator
from bot.storage import offices, people
from bot.storage.offices import Office
from handlers.menu import own_menu
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

NAMES = {
    roles.ORGANISER: N_("committee"),
    roles.MODERATOR: N_("moderator"),
    roles.OBSERVER: N_("observer"),
}
_INVITATIONS = {
    roles.ORGANISER: N_("+ Committee"),
    roles.MODERATOR: N_("+ Moderator"),
    roles.OBSERVER: N_("+ Observer"),
}


async def claim(turn: Turn, payload: str) -> None:
    """Use a one-time link that gives its first user a role."""
    office, role = await roles.claim(turn.tx, payload, turn.user.id, turn.now)
    turn.calls.append(await own_menu(turn.tx, turn.user.id, turn.t))
    turn.reply(
        turn.t.gettext(
            "🔑 You now belong to <b>{office}</b> as {role}. The menu shows new commands; /organiser is where to begin."
        ).format(office=escape(office.name), role=turn.t.gettext(NAMES[role]))
    )


async def on_roles(turn: Turn) -> None:
    office = await _office(turn)
    text, buttons = await _overview(turn, office)
    turn.reply(text, buttons)


async def _office(turn: Turn) -> Office:
    """The office of the meeting that the organiser's chat is about."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    return await _of_organiser(turn, meeting.office_id)


async def _of_organiser(turn: Turn, office_id: int) -> Office:
    await roles.require(turn.tx, office_id, turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, office_id)
    assert office is not None
    return office


async def _overview(turn: Turn, office: Office) -> tuple[str, list[list[Button]]]:
    t = turn.t
    lines = [t.gettext("<b>Roles in {office}</b>").format(office=escape(office.name)), ""]
    buttons = []
    for place, (person_id, role) in enumerate(await offices.members_of(turn.tx, office.id), 1):
        name = await name_of(turn, office.id, person_id)
        lines.append(f"{place}. {name} · {t.gettext(NAMES[role])}")
        if person_id != turn.user.id:
            label = t.gettext("End role {place}").format(place=place)
            buttons.append(tap(label, "role-end", office.id, person_id))
    lines += [
        "",
        t.gettext("To appoint somebody, make a link and send it to that person. It works once, for 7 days."),
    ]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    invitations = [
        tap(t.gettext(label), "role-link", office.id, role) for role, label in _INVITATIONS.items()
    ]
    return "\n".join(lines), [*rows, invitations]


async def name_of(turn: Turn, office_id: int, person_id: int) -> str:
    """What the office may call a member, as HTML: the name of their last registration, else the account's number.

    The bot keeps nobody's Telegram name; the mention opens the account's profile.
    """
    registered = await offices.registered_name(turn.tx, office_id, person_id)
    if registered is not None:
        return escape(registered)
    text = turn.t.gettext("you") if person_id == turn.user.id else _account(turn.t, person_id)
    return f'<a href="tg://user?id={person_id}">{text}</a>'


def _account(t: Translator, person_id: int) -> str:
    return t.gettext("account {number}").format(number=person_id)


async def on_link(turn: Turn) -> None:
    """Make a link that gives its first user a role."""
    office_id, role = number(turn.args[0]), turn.args[1]
    payload = await roles.invite(turn.tx, office_id, role, turn.now, by=turn.user.id)
    turn.reply(
        turn.t.gettext(
            "Send this link to the one person who is to become {role}. Whoever opens it first gets the role; it works"
            " once, for 7 days.\n\n{link}"
        ).format(role=turn.t.gettext(NAMES[role]), link=f"https://t.me/{turn.bot_username}?start={payload}")
    )


async def on_end(turn: Turn) -> None:
    """Ask before a role is taken away."""
    office = await _of_organiser(turn, number(turn.args[0]))
    person_id = number(turn.args[1])
    role = await roles.require(turn.tx, office.id, person_id, *roles.ROLES)
    turn.edit(
        turn.t.gettext("End the role of {name} as {role}?").format(
            name=await name_of(turn, office.id, person_id), role=turn.t.gettext(NAMES[role])
        ),
        [
            [
                tap(turn.t.gettext("End the role"), "role-ended", office.id, person_id),
                tap(turn.t.gettext("Keep it"), "roles", office.id),
            ]
        ],
    )


async def on_ended(turn: Turn) -> None:
    office_id, person_id = number(turn.args[0]), number(turn.args[1])
    role = await roles.dismiss(turn.tx, office_id, person_id, turn.now, by=turn.user.id)
    await _take_leave(turn, office_id, person_id)
    if role == roles.ORGANISER:
        turn.answer(
            turn.t.gettext("The role has ended. Links for roles that nobody has used yet ended with it."),
            alert=True,
        )
    else:
        turn.answer(turn.t.gettext("The role has ended."))
    await on_back(turn)


async def _take_leave(turn: Turn, office_id: int, person_id: int) -> None:
    """Tell who had the role, and let their menu follow; both in their language."""
    person, office = await people.find(turn.tx, person_id), await offices.find(turn.tx, office_id)
    if person is None or office is None:
        return
    t = translator(person.locale)
    turn.calls.append(await own_menu(turn.tx, person_id, t))
    text = t.gettext(
        "Your role in <b>{office}</b> has ended. Thank you for your work. /help shows what you can do here."
    )
    turn.send(person_id, text.format(office=escape(office.name)))


async def on_back(turn: Turn) -> None:
    office = await _of_organiser(turn, number(turn.args[0]))
    text, buttons = await _overview(turn, office)
    turn.edit(text, buttons)


JOURNEY = Journey(
    commands=(Command(("peran", "roles"), on_roles, N_("Roles in the office"), ORGANISERS),),
    taps=(
        Tap("roles", on_back),
        Tap("role-link", on_link),
        Tap("role-end", on_end),
        Tap("role-ended", on_ended),
    ),
)
