"""Who is in the hall, by sector, as a board for the wall: counts, no names."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.attendance import roll
from bot.domain.wall.boards import ACCENT, Board, Row, bar
from bot.domain.wall.wall_views import View
from bot.i18n import N_, Localised, Translator
from bot.storage import offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Presence:
    """How many of a sector are here, of those registered."""

    name: Localised
    here: int
    registered: int


async def look(tx: Transaction, meeting: Meeting, secret: bytes) -> tuple[Presence, ...]:
    """The sectors with anybody registered, in the office's order."""
    counts = {count.name: count for count in (await roll.tally(tx, meeting)).sectors}
    names = {sector.code: sector.name for sector in await offices.sectors(tx, meeting.office_id)}
    order = [*names, *(code for code in counts if code not in names)]
    return tuple(
        Presence(names.get(code, {"id": code}), counts[code].present, counts[code].registered)
        for code in order
        if code in counts and counts[code].registered
    )


def words(t: Translator, meeting: Meeting, found: tuple[Presence, ...]) -> Board:
    here, registered = sum(item.here for item in found), sum(item.registered for item in found)
    return Board(
        title=t.gettext("Present: {here} of {registered}").format(here=here, registered=registered),
        rows=tuple(
            Row(
                text=t.pick(item.name),
                bars=(bar("", {ACCENT: item.here}, item.registered, f"{item.here}/{item.registered}"),),
            )
            for item in found
        ),
        empty=t.gettext("Nobody is registered yet."),
    )


VIEW = View("presence", N_("Attendance"), look, words)
