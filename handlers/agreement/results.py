"""/hasil: where the sectors agree, what divides them, and what has no answer yet."""

from __future__ import annotations

from bot.domain import roles
from bot.domain.agreement import results, sector_groups
from bot.domain.errors import NotFound
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.reports.agreement import GROUPS, PICTURE
from bot.storage.meetings import Meeting
from handlers.agreement import result_views as views
from handlers.routing import Command, Journey, Tap
from handlers.taps import number
from handlers.turn import Turn


async def on_results(turn: Turn) -> None:
    await show(turn, await meetings.current(turn.tx, turn.person))


async def show(turn: Turn, meeting: Meeting) -> None:
    """The overview, as a new message."""
    found, role = await results.read(turn.tx, meeting.id, turn.user.id, turn.secret)
    turn.reply(*views.overview(turn.t, found, role))


async def on_overview(turn: Turn) -> None:
    """Back to the overview, in the place of the tapped message."""
    await _refresh(turn, number(turn.args[0]))


async def on_list(turn: Turn) -> None:
    """A page of a list, in the place of the tapped message."""
    meeting_id, name, page = number(turn.args[0]), turn.args[1], number(turn.args[2])
    if name not in results.LISTS:
        raise NotFound
    found, _ = await results.read(turn.tx, meeting_id, turn.user.id, turn.secret)
    turn.edit(*views.page(turn.t, found, name, page))


async def on_show(turn: Turn) -> None:
    """Let participants see the results, or no longer."""
    meeting_id, shown = number(turn.args[0]), turn.args[1] == "1"
    await sector_groups.show_results(turn.tx, meeting_id, turn.user.id, shown, turn.now)
    turn.answer(
        turn.t.gettext("Participants see them with /results.")
        if shown
        else turn.t.gettext("Participants no longer see them.")
    )
    await _refresh(turn, meeting_id)


async def on_picture(turn: Turn) -> None:
    """The shared ground as a picture, made after the commit."""
    found, _ = await results.read(turn.tx, number(turn.args[0]), turn.user.id, turn.secret)
    turn.made_photo(
        PICTURE,
        {"meeting": found.meeting.id},
        "kesepahaman.png",
        turn.t.gettext("🤝 <b>Our shared ground</b>, with the agreement of each sector that can be shown."),
    )


async def on_groups(turn: Turn) -> None:
    """The opinion groups as a picture, for organisers."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.made_photo(
        GROUPS,
        {"meeting": meeting.id},
        "kelompok-pendapat.png",
        turn.t.gettext(
            "👥 <b>Opinion groups</b>, found in the answers alone, whatever the sector.\n\nFor the committee's own"
            " analysis: please do not show it in the hall or guess who belongs where."
        ),
    )


async def _refresh(turn: Turn, meeting_id: int) -> None:
    found, role = await results.read(turn.tx, meeting_id, turn.user.id, turn.secret)
    turn.edit(*views.overview(turn.t, found, role))


JOURNEY = Journey(
    commands=(
        Command(("hasil", "results"), on_results, N_("where the sectors agree and what divides them")),
    ),
    taps=(
        Tap("results", on_list),
        Tap("results-all", on_overview),
        Tap("results-show", on_show),
        Tap("results-picture", on_picture),
        Tap("results-groups", on_groups),
    ),
)
