"""/panitia and /peserta: the meeting at a glance, and who takes part."""

from __future__ import annotations

from html import escape

from bot.domain import meetings, roles
from bot.domain.texts import clip
from bot.i18n import N_
from bot.storage import meetings as stored_meetings
from bot.storage import offices, participants, people
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
OTHERS = 10
"""How many other meetings the overview offers."""
LABEL = 50
"""UTF-16 units of a meeting's title on a button."""
PAGE = 10
"""How many participants one message lists."""
NAME_ROOM, PLACE_ROOM = 150, 220
"""UTF-16 units of a name, and of position and institution: ten of each fit the 4,096 of a message (Bot API)."""

_STATE_NAMES = {
    "draft": N_("draft"),
    "open": N_("open for registration"),
    "running": N_("running"),
    "closed": N_("closed"),
    "archived": N_("in the archive"),
}


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
        state=t.gettext(_STATE_NAMES[meeting.state]),
        role=t.gettext(ROLE_NAMES[role]),
        people=t.ngettext("{count} participant registered", "{count} participants registered", count).format(
            count=count
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


async def on_state(turn: Turn) -> None:
    """Move the meeting to another state."""
    meeting = await meetings.move(turn.tx, number(turn.args[0]), turn.args[1], turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Done: {state}").format(state=turn.t.gettext(_STATE_NAMES[meeting.state])))
    text, buttons = await _overview(turn, meeting, roles.ORGANISER)
    turn.edit(text, buttons)


async def on_participants(turn: Turn) -> None:
    """/peserta: how many are registered in each sector, with the lists a tap away."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *STAFF)
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
    where = clip(f"{item.position}, {item.institution}", PLACE_ROOM)
    return f"{place}. {escape(clip(item.name, NAME_ROOM))}\n    {escape(where)}"


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
    taps=(
        Tap("state", on_state),
        Tap("work-on", on_work_on),
        Tap("people", on_sector),
        Tap("sectors", on_sectors),
    ),
)
