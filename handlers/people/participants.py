"""/peserta: who takes part, waits, was refused or withdrew; looking people up; the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import looking_up, names, seating
from bot.i18n import N_
from bot.storage import participants
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REFUSED, REGISTERED, WAITING, WITHDRAWN
from handlers import routing
from handlers.people.participant_views import ANY, STAFF, STATES, listing
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

HITS = 8
"""How many people a search offers."""


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
            label = f"{t.gettext(STATES[state])} ({states[state]})"
            buttons.append([tap(label, "peserta-list", meeting.id, state, ANY, 0)])
    if role == roles.ORGANISER:
        buttons.append([tap(t.gettext("Register somebody"), "peserta-new", meeting.id)])
    buttons.append([tap(t.gettext("Everybody, as XLSX"), "peserta-xlsx", meeting.id)])
    hint = t.gettext("To look somebody up: /participants and the name.")
    return "\n".join([heading, "", *lines, "", hint]), buttons


async def _all_seats(tx: Transaction, meeting: Meeting, counts: dict[str, int]) -> Sequence[seating.Seats]:
    """The sectors that take part; where the meeting names none, those of which somebody is registered."""
    seats = await seating.seats(tx, meeting.id)
    named = any(seat.quota is not None for seat in seats)
    return [seat for seat in seats if named or counts.get(seat.sector.code) or seat.waiting]


async def _look_up(turn: Turn, meeting: Meeting, query: str) -> None:
    t = turn.t
    if not names.is_enough(query):
        turn.reply(t.gettext("Please write at least three letters of the name."))
        return
    found = await looking_up.among_participants(
        turn.tx, meeting.id, query, limit=HITS, states=participants.STATES
    )
    if not found.people:
        turn.reply(t.gettext("Nobody here has that name. Please try a part of the name."))
        return
    text = t.gettext("Who is it?")
    if found.count > HITS:
        more = t.gettext("There are {count} more; add another word of the name to find them.")
        text += "\n\n" + more.format(count=found.count - HITS)
    turn.reply(
        text,
        [
            [tap(clip(f"{item.name} · {item.institution}", 60), "peserta-who", item.id)]
            for item in found.people
        ],
    )


async def on_sector(turn: Turn) -> None:
    """Those registered of one sector, a page at a time."""
    await _show_list(turn, REGISTERED, turn.args[1], number(turn.args[2]), "people", (turn.args[1],))


async def on_list(turn: Turn) -> None:
    """Those in one state, of a sector or of all, a page at a time."""
    state, sector = turn.args[1], turn.args[2]
    if state not in STATES:
        raise BadTap(state)
    await _show_list(turn, state, sector, number(turn.args[3]), "peserta-list", (state, sector))


async def _show_list(
    turn: Turn, state: str, sector: str, page: int, kind: str, parts: tuple[str, ...]
) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    turn.edit(*await listing(turn, meeting, state, sector, page, kind, parts))


async def on_sheet(turn: Turn) -> None:
    """Everybody in whatever state, with what they answered, as a file."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *STAFF)
    turn.made_document(
        "participant-list",
        {"meeting": meeting.id},
        f"peserta-{meeting.code}.xlsx",
        turn.t.gettext("Everybody who registered, with state and answers. It holds personal data."),
    )


JOURNEY = Journey(
    commands=(
        Command(
            ("peserta", "participants"),
            on_participants,
            N_("Participants by sector"),
            routing.STAFF,
        ),
    ),
    taps=(
        Tap("people", on_sector),
        Tap("sectors", on_overview),
        Tap("peserta-list", on_list),
        Tap("peserta-xlsx", on_sheet),
    ),
)
