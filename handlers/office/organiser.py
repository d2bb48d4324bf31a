"""/panitia: the meeting at a glance, and the way to every tool."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import participants, people
from bot.storage.meetings import Meeting
from handlers import routing
from handlers.meeting.meeting_views import STATE_NAMES
from handlers.menu import entries, listed
from handlers.office.members import NAMES as ROLE_NAMES
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

STAFF = roles.ROLES
OVERVIEW = ("panitia", "organiser")
"""The names of the command that shows the overview itself."""
OTHERS = 10
"""How many other meetings the overview offers."""
LABEL = 50
"""UTF-16 units of a meeting's title on a button."""


async def on_overview(turn: Turn) -> None:
    """The meeting at a glance, and the way to every tool."""
    meeting, role = await meetings.of_staff(turn.tx, turn.person, *STAFF)
    text, buttons = await _overview(turn, meeting, role)
    turn.reply(text, buttons)


async def _overview(turn: Turn, meeting: Meeting, role: str) -> tuple[str, list[list[Button]]]:
    t = turn.t
    count = sum((await participants.count_by_sector(turn.tx, meeting.id)).values())
    text = t.gettext(
        "<b>{title}</b>\n{moment}\n{venue}\n\nState: {state}\nYour role: {role}\n{people}\n\nInvitation link:\n{link}"
    ).format(
        title=escape(t.pick(meeting.title)),
        moment=t.moment(meeting.starts_at, meeting.timezone),
        venue=escape(meeting.venue),
        state=t.gettext(STATE_NAMES[meeting.state]),
        role=t.gettext(ROLE_NAMES[role]),
        people=t.ngettext("{count} participant registered", "{count} participants registered", count).format(
            count=count
        ),
        link=f"https://t.me/{turn.bot_username}?start={meeting.code}",
    )
    tools = [line for line in entries(t, Audience(role)) if line["command"] not in OVERVIEW]
    text += "\n\n" + listed(tools)
    buttons: list[list[Button]] = []
    if role == roles.ORGANISER:
        buttons = [
            [tap(t.gettext(label), "state-ask", meeting.id, state)]
            for state, label in meetings.moves(meeting.state)
        ]
    buttons += [
        [tap(f"↔️ {clip(t.pick(other.title), LABEL)}", "work-on", other.id)]
        for other in (await meetings.known_to_staff(turn.tx, turn.user.id))[: OTHERS + 1]
        if other.id != meeting.id
    ][:OTHERS]
    return text, buttons


async def on_work_on(turn: Turn) -> None:
    """Make another meeting of an own office the one that the tools are about."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    await people.follow(turn.tx, turn.user.id, meeting.id)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    text, buttons = await _overview(turn, meeting, role)
    turn.edit(text, buttons)


_MENU = routing.STAFF

JOURNEY = Journey(
    commands=(Command(OVERVIEW, on_overview, N_("The meeting at a glance"), _MENU),),
    taps=(Tap("work-on", on_work_on),),
)
