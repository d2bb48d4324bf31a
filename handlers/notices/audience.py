"""Choosing recipients: the one chooser that /siaran, /jadwal and whoever else needs an audience use.

A journey registers what its choice is for, once, at import::

    audience.register(audience.Purpose("broadcast", on_chosen, on_cancelled))

and hands over whenever somebody is to choose; ``subject`` is a number of its own (a draft's id), which comes back::

    await audience.choose(turn, meeting, "broadcast", draft.id, draft_audience)

The chooser changes the tapped message (or sends one), keeps what is ticked in ``audience_choices``, shows how many
chats it reaches, and calls ``on_chosen(turn, meeting, audience, subject)`` once the person goes on, or
``on_cancelled(turn, meeting, subject)``. Both run in a turn of the person who chose, who is an organiser of the office
at that moment; whether the subject is theirs is for the journey to check, as always. :func:`describe` names an audience
in a sentence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.meeting import meetings
from bot.domain.notices import audience as audiences
from bot.domain.notices.audience import REGISTERED, STATES, UNANSWERED, Audience
from bot.domain.people import unanswered
from bot.storage import audiences as stored
from bot.storage import groups, offices
from bot.storage.audiences import Choice
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from handlers.notices import audience_views as views
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, number
from handlers.turn import Turn

Chosen = Callable[[Turn, Meeting, Audience, int], Awaitable[None]]
Cancelled = Callable[[Turn, Meeting, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an audience is chosen for, and what happens then."""

    name: str
    chosen: Chosen
    cancelled: Cancelled
    regulation: bool = False
    """Whether people who stopped reminders are not counted."""


_PURPOSES: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Make a purpose known by its name.

    Raises:
        ValueError: the name is taken.
    """
    if purpose.name in _PURPOSES:
        raise ValueError(f"audiences are chosen for {purpose.name!r} already")
    _PURPOSES[purpose.name] = purpose


async def choose(turn: Turn, meeting: Meeting, purpose: str, subject: int, audience: Audience) -> None:
    """Let an organiser choose, beginning with ``audience``.

    Raises:
        NotAllowed: the person is no organiser of the office.
    """
    await roles.require(turn.tx, meeting.office_id, turn.user.id, roles.ORGANISER)
    choice = await stored.keep_choice(
        turn.tx,
        person_id=turn.user.id,
        meeting_id=meeting.id,
        purpose=_PURPOSES[purpose].name,
        subject=subject,
        audience=audience.as_data(),
        now=turn.now,
    )
    await _show(turn, choice, meeting, audience)


async def describe(turn: Turn, meeting: Meeting, audience: Audience) -> str:
    """Whom an audience means, in mid-sentence, in the language of the turn; not escaped."""
    return views.audience_name(turn.t, audience, await names_of(turn.tx, meeting))


async def names_of(tx: Transaction, meeting: Meeting) -> views.Names:
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, meeting.office_id)}
    return views.Names(sectors, await groups.bound_to(tx, meeting.id))


async def _held(turn: Turn) -> tuple[Choice, Meeting, Audience]:
    """The choice that a button belongs to.

    Raises:
        NotFound: it is over, or somebody else's.
        NotAllowed: the person is no organiser of the office (any more).
    """
    choice = await stored.find_choice(turn.tx, number(turn.args[0]))
    if choice is None or choice.person_id != turn.user.id or choice.purpose not in _PURPOSES:
        raise NotFound
    meeting = await meetings.for_staff(turn.tx, choice.meeting_id, turn.user.id, roles.ORGANISER)
    return choice, meeting, audiences.read_unfinished(choice.audience)


async def on_overview(turn: Turn) -> None:
    """Back from a list to the first page."""
    await _show(turn, *await _held(turn))


async def _show(turn: Turn, choice: Choice, meeting: Meeting, audience: Audience) -> None:
    names = await names_of(turn.tx, meeting)
    count, silent = await _count(turn, choice, meeting, audience)
    turn.edit(
        views.overview(turn.t, audience, names, count, silent),
        views.overview_buttons(turn.t, choice.id, audience, count=count, has_groups=bool(names.groups)),
    )


async def _count(turn: Turn, choice: Choice, meeting: Meeting, audience: Audience) -> tuple[int, int]:
    """How many chats the audience has, and how many of the invited whom it means cannot be written to."""
    regulation = _PURPOSES[choice.purpose].regulation
    found = await audiences.resolve(turn.tx, meeting, audience, regulation=regulation)
    unreached = audience.sectors == "all" and UNANSWERED in audience.states
    return len(found), await unanswered.count_unreached(turn.tx, meeting.id) if unreached else 0


async def on_list(turn: Turn) -> None:
    """A page of what can be ticked."""
    choice, meeting, audience = await _held(turn)
    await _show_list(turn, choice, meeting, audience, turn.args[1], number(turn.args[2]))


async def _show_list(
    turn: Turn, choice: Choice, meeting: Meeting, audience: Audience, which: str, page: int
) -> None:
    lines, names = await _lines(turn, meeting, audience, which)
    page = min(page, max(0, (len(lines) - 1) // views.PAGE))
    count, silent = await _count(turn, choice, meeting, audience)
    turn.edit(
        views.listing(turn.t, which, audience, names, count, silent),
        views.listing_buttons(turn.t, choice.id, which, lines, page),
    )


async def _lines(
    turn: Turn, meeting: Meeting, audience: Audience, which: str
) -> tuple[list[views.Line], views.Names]:
    if which not in views.LISTS:
        raise BadTap(which)
    names = await names_of(turn.tx, meeting)
    chances = await audiences.chances(turn.tx, meeting)
    return views.lines_of(turn.t, which, audience, chances, names), names


async def on_tick(turn: Turn) -> None:
    """Tick a line of a list, or take the tick away."""
    choice, meeting, audience = await _held(turn)
    which, mark, page = turn.args[1], turn.args[2], number(turn.args[3])
    lines, _ = await _lines(turn, meeting, audience, which)
    line = next((line for line in lines if line.mark == mark), None)
    if line is None:
        raise NotFound
    audience = ticked(audience, which, line.value, [line.value for line in lines if line.is_on])
    await stored.change_choice(turn.tx, choice.id, audience.as_data(), turn.now)
    await _show_list(turn, choice, meeting, audience, which, page)


def ticked(audience: Audience, which: str, value: str, on: list[str]) -> Audience:
    """The audience with one line of a list ticked or not any more; ``on`` are the values that are ticked."""
    values = tuple(other for other in on if other != value) if value in on else (*on, value)
    match which:
        case views.SECTORS:
            return replace(audience, sectors=values)
        case views.INSTITUTIONS:
            # Single institutions are what is left of everybody, not what comes on top.
            sectors = () if audience.sectors == "all" else audience.sectors
            return replace(audience, institutions=values, sectors=sectors)
        case views.BUT_SECTORS:
            return replace(audience, but_sectors=values)
        case views.BUT_INSTITUTIONS:
            return replace(audience, but_institutions=values)
        case views.GROUPS:
            return replace(audience, groups=tuple(map(int, values)))
        case _:
            return _with_states(audience, value, values)


def _with_states(audience: Audience, value: str, values: tuple[str, ...]) -> Audience:
    """Who attended and who is absent are among the registered: the last tick says which of them is meant."""
    if value == REGISTERED and value in values:
        values = tuple(state for state in values if state in (REGISTERED, UNANSWERED))
    elif value not in (REGISTERED, UNANSWERED) and value in values:
        values = tuple(state for state in values if state != REGISTERED)
    states = tuple(state for state in STATES if state in values) or (REGISTERED,)
    sectors = audience.sectors if audience.means_people else "all"
    return replace(audience, states=states, sectors=sectors)


async def on_all(turn: Turn) -> None:
    """All participants, or none of them."""
    choice, meeting, audience = await _held(turn)
    if audience.sectors == "all":
        audience = replace(audience, sectors=())
    else:
        audience = replace(audience, sectors="all", institutions=())
    await _change(turn, choice, meeting, audience)


async def on_committee(turn: Turn) -> None:
    choice, meeting, audience = await _held(turn)
    await _change(turn, choice, meeting, replace(audience, organisers=not audience.organisers))


async def _change(turn: Turn, choice: Choice, meeting: Meeting, audience: Audience) -> None:
    await stored.change_choice(turn.tx, choice.id, audience.as_data(), turn.now)
    await _show(turn, choice, meeting, audience)


async def on_done(turn: Turn) -> None:
    """Go on with what is ticked."""
    choice, meeting, audience = await _held(turn)
    if audience.is_nobody:
        raise NotFound
    await stored.end_choice(turn.tx, choice.id)
    await _PURPOSES[choice.purpose].chosen(turn, meeting, audience, choice.subject)


async def on_cancel(turn: Turn) -> None:
    choice, meeting, _ = await _held(turn)
    await stored.end_choice(turn.tx, choice.id)
    await _PURPOSES[choice.purpose].cancelled(turn, meeting, choice.subject)


JOURNEY = Journey(
    taps=(
        Tap("audience", on_overview),
        Tap("audience-list", on_list),
        Tap("audience-tick", on_tick),
        Tap("audience-all", on_all),
        Tap("audience-committee", on_committee),
        Tap("audience-done", on_done),
        Tap("audience-cancel", on_cancel),
    ),
)
