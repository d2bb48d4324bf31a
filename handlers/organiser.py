"""/panitia and /peserta: the meeting at a glance, and who takes part."""

from __future__ import annotations

from html import escape

from bot.domain import meetings, roles
from bot.i18n import N_
from bot.storage import meetings as stored_meetings
from bot.storage import offices, participants
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from handlers.members import NAMES as ROLE_NAMES
from handlers.menu import entries, listed
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

STAFF = roles.ROLES
OVERVIEW = ("panitia", "organiser")
"""The names of the command that shows the overview itself."""
PAGE = 20
"""How many participants one message lists."""

_STATE_NAMES = {
    "draft": N_("draft"),
    "open": N_("open for registration"),
    "running": N_("running"),
    "closed": N_("closed"),
}


async def on_overview(turn: Turn) -> None:
    """The meeting at a glance, and the way to every tool."""
    meeting = await meetings.current(turn.tx, turn.person)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    text, buttons = await _overview(turn, meeting, role)
    turn.reply(text, buttons)


async def _overview(turn: Turn, meeting: Meeting, role: str) -> tuple[str, list[list[Button]]]:
    t = turn.t
    people = sum((await participants.count_by_sector(turn.tx, meeting.id)).values())
    text = t.gettext(
        "<b>{title}</b>\n{moment}\n{venue}\n\nState: {state}\nYour role: {role}\n{people}\n\nInvitation link:\n{link}"
    ).format(
        title=escape(t.pick(meeting.title)),
        moment=t.moment(meeting.starts_at, meeting.timezone),
        venue=escape(meeting.venue),
        state=t.gettext(_STATE_NAMES[meeting.state]),
        role=t.gettext(ROLE_NAMES[role]),
        people=t.ngettext("{count} participant registered", "{count} participants registered", people).format(
            count=people
        ),
        link=f"https://t.me/{turn.bot_username}?start={meeting.code}",
    )
    tools = [line for line in entries(t, Audience.ORGANISER) if line["command"] not in OVERVIEW]
    text += "\n\n" + listed(tools)
    buttons: list[list[Button]] = []
    if role == roles.ORGANISER:
        buttons = [
            [tap(t.gettext(label), "state", meeting.id, state)]
            for state, label in meetings.moves(meeting.state)
        ]
    return text, buttons


async def on_state(turn: Turn) -> None:
    """Move the meeting to another state."""
    meeting = await meetings.move(turn.tx, number(turn.args[0]), turn.args[1], turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Done: {state}").format(state=turn.t.gettext(_STATE_NAMES[meeting.state])))
    text, buttons = await _overview(turn, meeting, roles.ORGANISER)
    turn.edit(text, buttons)


async def on_participants(turn: Turn) -> None:
    """/peserta: how many are registered in each sector, with the lists a tap away."""
    meeting = await meetings.current(turn.tx, turn.person)
    await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    text, buttons = await _sectors(turn, meeting)
    turn.reply(text, buttons)


async def _sectors(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    quotas = await stored_meetings.quotas(turn.tx, meeting.id)
    counts = await participants.count_by_sector(turn.tx, meeting.id)
    total = sum(counts.values())
    lines = []
    buttons = []
    for sector in await offices.sectors(turn.tx, meeting.office_id):
        if sector.code not in quotas and not counts.get(sector.code):
            continue
        name, count, quota = t.pick(sector.name), counts.get(sector.code, 0), quotas.get(sector.code)
        lines.append(f"{escape(name)}: <b>{count}</b>" + (f" / {quota}" if quota is not None else ""))
        if count:
            buttons.append([tap(f"{name} ({count})", "people", meeting.id, sector.code, 0)])
    heading = t.ngettext(
        "<b>{count} participant registered</b>", "<b>{count} participants registered</b>", total
    ).format(count=total)
    return "\n".join([heading, "", *lines]), buttons


async def on_sector(turn: Turn) -> None:
    """The participants of one sector, a page at a time."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    sector, page = turn.args[1], number(turn.args[2])
    found = [item for item in await participants.registered(turn.tx, meeting.id) if item.sector == sector]
    names = {item.code: turn.t.pick(item.name) for item in await offices.sectors(turn.tx, meeting.office_id)}
    shown = found[page * PAGE : (page + 1) * PAGE]
    heading = f"<b>{escape(names.get(sector, sector))} ({len(found)})</b>"
    lines = [_line(page * PAGE + index, item) for index, item in enumerate(shown, 1)]
    around = []
    if page:
        around.append(tap("‹", "people", meeting.id, sector, page - 1))
    if (page + 1) * PAGE < len(found):
        around.append(tap("›", "people", meeting.id, sector, page + 1))
    back = [tap(turn.t.gettext("All sectors"), "sectors", meeting.id)]
    turn.edit("\n".join([heading, "", *lines]), [around, back])


def _line(place: int, item: Participant) -> str:
    return f"{place}. {escape(item.name)}\n    {escape(item.position)}, {escape(item.institution)}"


async def on_sectors(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    text, buttons = await _sectors(turn, meeting)
    turn.edit(text, buttons)


_MENU = frozenset({Audience.ORGANISER})

JOURNEY = Journey(
    commands=(
        Command(OVERVIEW, on_overview, N_("The meeting at a glance"), _MENU),
        Command(("peserta", "participants"), on_participants, N_("Participants by sector"), _MENU),
    ),
    taps=(Tap("state", on_state), Tap("people", on_sector), Tap("sectors", on_sectors)),
)
