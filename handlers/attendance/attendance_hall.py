"""Who is here and who is missing: by sector and institution, against those registered and those invited."""

from __future__ import annotations

from bot.domain import roles
from bot.domain.attendance import roll
from bot.domain.meeting import meetings
from bot.storage import offices
from bot.storage.meetings import Meeting
from handlers.attendance import attendance_views as views
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, Button, number
from handlers.turn import Turn


async def on_overview(turn: Turn) -> None:
    """The numbers, in the place of the tapped message."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *roles.ROLES)
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *roles.ROLES)
    turn.edit(*await overview(turn, meeting, role))


async def overview(turn: Turn, meeting: Meeting, role: str) -> tuple[str, list[list[Button]]]:
    """The numbers of the hall, for somebody with this role."""
    tally = await roll.tally(turn.tx, meeting)
    sectors = {sector.code: sector.name for sector in await offices.sectors(turn.tx, meeting.office_id)}
    now = turn.t.time(turn.now, meeting.timezone)
    return views.overview(turn.t, meeting, tally, sectors, now), views.overview_buttons(
        turn.t, meeting, tally, is_organiser=role == roles.ORGANISER
    )


async def on_institutions(turn: Turn) -> None:
    """A page of the institutions that are here, missing, or not registered."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *roles.ROLES)
    which, page = turn.args[1], number(turn.args[2])
    if which not in views.INSTITUTIONS:
        raise BadTap(which)
    turn.edit(*views.institutions(turn.t, meeting, await roll.tally(turn.tx, meeting), which, page))


JOURNEY = Journey(taps=(Tap("hadir", on_overview), Tap("hadir-inst", on_institutions)))
