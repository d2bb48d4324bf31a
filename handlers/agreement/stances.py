"""/dukung: what people think of the published submissions, one at a time."""

from __future__ import annotations

from bot.domain.agreement import stances
from bot.domain.errors import NotFound, NotRegistered
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import meetings as stored_meetings
from bot.storage import offices
from bot.storage.meetings import Meeting
from handlers.agreement import results
from handlers.agreement import stance_views as views
from handlers.routing import Command, Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

PAGE = 8
"""How many own stances a message lists."""


async def on_stances(turn: Turn) -> None:
    """/dukung: the submission about which least is known; for the committee, which takes no part, the results."""
    meeting = await meetings.current(turn.tx, turn.person)
    try:
        found, total = await stances.next_ballot(turn.tx, meeting, turn.user.id, turn.secret)
    except NotRegistered:
        if await offices.role_of(turn.tx, meeting.office_id, turn.user.id) is None:
            raise
        await results.show(turn, meeting)
        return
    turn.reply(*(views.ballot(turn.t, found) if found else views.finished(turn.t, meeting.id, total)))


async def on_stance(turn: Turn) -> None:
    """Take a stance, and bring up the next submission in the place of this one."""
    submission_id, stance = number(turn.args[0]), turn.args[1]
    who, _ = await stances.take(turn.tx, submission_id, turn.user.id, stance, turn.secret)
    turn.answer(turn.t.gettext(views.NAMES[stance]))
    await _show_next(turn, who.meeting, submission_id)


async def on_institution_stance(turn: Turn) -> None:
    """Take the institution's open stance; the submission stays, for one's own."""
    submission_id = number(turn.args[0])
    await stances.take_for_institution(turn.tx, submission_id, turn.user.id, turn.args[1])
    found = await stances.ballot(turn.tx, submission_id, turn.user.id, turn.secret)
    said = found.institution_stance
    turn.answer(
        turn.t.gettext("Taken back.")
        if said is None
        else turn.t.gettext("Said openly: {stance}").format(stance=turn.t.gettext(views.NAMES[said]))
    )
    turn.edit(*views.ballot(turn.t, found))


async def on_one(turn: Turn) -> None:
    """A submission that somebody chose, to take a stance on it or to change theirs."""
    found = await stances.ballot(turn.tx, number(turn.args[0]), turn.user.id, turn.secret)
    text, buttons = views.ballot(turn.t, found)
    if len(turn.args) > 1:  # tapped under a list, which is to stay
        turn.reply(text, buttons)
    else:
        turn.edit(text, buttons)


async def on_next(turn: Turn) -> None:
    meeting = await stored_meetings.find(turn.tx, number(turn.args[0]))
    if meeting is None:
        raise NotFound
    await _show_next(turn, meeting)


async def _show_next(turn: Turn, meeting: Meeting, answered: int | None = None) -> None:
    found, total = await stances.next_ballot(turn.tx, meeting, turn.user.id, turn.secret)
    text, buttons = views.ballot(turn.t, found) if found else views.finished(turn.t, meeting.id, total)
    if answered is not None:
        buttons[-1].insert(0, tap(turn.t.gettext("↩️ Change the last one"), "stance-on", answered))
    turn.edit(text, buttons)


async def on_answers(turn: Turn) -> None:
    """A page of one's own stances."""
    meeting_id, page = number(turn.args[0]), number(turn.args[1])
    meeting = await stored_meetings.find(turn.tx, meeting_id)
    if meeting is None:
        raise NotFound
    mine = await stances.own_in(turn.tx, meeting, turn.user.id, turn.secret)
    pages = max(1, -(-len(mine) // PAGE))
    page = min(page, pages - 1)
    turn.edit(*views.answers(turn.t, meeting_id, mine[page * PAGE : (page + 1) * PAGE], page, pages))


JOURNEY = Journey(
    commands=(
        Command(("dukung", "support"), on_stances, N_("say whether you agree with what was submitted")),
    ),
    taps=(
        Tap("stance", on_stance),
        Tap("stance-as", on_institution_stance),
        Tap("stance-on", on_one),
        Tap("stance-next", on_next),
        Tap("stances", on_answers),
    ),
)
