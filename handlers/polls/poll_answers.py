"""/jajak: participants answer the polls of their meeting and see what came of them."""

from __future__ import annotations

from bot.domain.errors import NotAllowed, PollClosed
from bot.domain.meeting import meetings
from bot.domain.polls import polls
from bot.domain.polls.polls import MAY_RUN, Vote
from bot.i18n import N_
from bot.storage import polls as stored
from bot.storage.polls import CLOSED, OPEN
from handlers.polls import poll_views as views
from handlers.polls.polls import show_list
from handlers.routing import Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn


async def on_polls(turn: Turn) -> None:
    """``/jajak``: what is open now; for those who run polls, all of them."""
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_RUN)
    except NotAllowed:
        pass
    else:
        await show_list(turn, meeting, fresh=True)
        return
    t = turn.t
    meeting = await meetings.current(turn.tx, turn.person)
    open_now = await polls.open_for(turn.tx, meeting)
    if len(open_now) == 1:
        found = await polls.vote(turn.tx, open_now[0].id, turn.user.id)
        turn.reply(*_ballot(turn, found))
        return
    closed = [poll for poll in await stored.of_meeting(turn.tx, meeting.id) if poll.state == CLOSED]
    shown = [*open_now, *closed][: views.LISTED]
    if not shown:
        turn.reply(
            t.gettext(
                "📊 There is no poll at the moment. You will get a message as soon as the committee opens one."
            )
        )
        return
    turn.reply(
        t.gettext("📊 <b>Polls</b>\n\nTap an open poll to answer it, a closed one to see its results."),
        [[tap(views.label(poll), "poll-vote", poll.id)] for poll in shown],
    )


async def on_vote(turn: Turn) -> None:
    """A poll chosen from the list: to answer, or its results."""
    found = await polls.vote(turn.tx, number(turn.args[0]), turn.user.id)
    if found.poll.state != OPEN:
        await _show_results(turn, found)
        return
    turn.edit(*_ballot(turn, found))


async def on_choose(turn: Turn) -> None:
    """A tap on an option, in the message that asked or in the list's."""
    poll_id = number(turn.args[0])
    try:
        found = await polls.choose(turn.tx, poll_id, turn.user.id, number(turn.args[1]))
    except PollClosed:
        await _say_closed(turn, poll_id)
        return
    turn.answer(turn.t.gettext("Noted.") if found.is_complete or not found.chosen else "")
    turn.edit(*_ballot(turn, found))


async def on_again(turn: Turn) -> None:
    """Take back a ranking."""
    poll_id = number(turn.args[0])
    try:
        found = await polls.start_again(turn.tx, poll_id, turn.user.id)
    except PollClosed:
        await _say_closed(turn, poll_id)
        return
    turn.edit(*_ballot(turn, found))


async def on_results(turn: Turn) -> None:
    """What came of a poll so far, as far as the participant may see it."""
    await _show_results(turn, await polls.vote(turn.tx, number(turn.args[0]), turn.user.id))


async def _say_closed(turn: Turn, poll_id: int) -> None:
    turn.answer(turn.t.gettext("This poll is closed. Your last answer counts."), alert=True)
    await _show_results(turn, await polls.vote(turn.tx, poll_id, turn.user.id))


async def _show_results(turn: Turn, found: Vote) -> None:
    t = turn.t
    if not found.may_see_results:
        turn.answer(
            t.gettext("The results are shown when the poll is closed.")
            if found.poll.hidden
            else t.gettext("The results are shown as soon as you have answered."),
            alert=True,
        )
        return
    text = views.results(t, found.poll, await polls.results(turn.tx, found.poll, found.meeting))
    back: list[list[Button]] = []
    if found.poll.state == OPEN:
        back = [[tap(t.gettext("Back to the poll"), "poll-vote", found.poll.id)]]
    turn.edit(text, back)


def _ballot(turn: Turn, found: Vote) -> tuple[str, list[list[Button]]]:
    buttons = views.answer_buttons(turn.t, found.poll, found.chosen)
    if found.may_see_results:
        buttons.append(views.results_button(turn.t, found.poll))
    return views.question(turn.t, found.poll, found.chosen), buttons


JOURNEY = Journey(
    commands=(Command(("jajak", "polls"), on_polls, N_("Answer the committee's polls")),),
    taps=(
        Tap("poll-vote", on_vote),
        Tap("poll-choose", on_choose),
        Tap("poll-again", on_again),
        Tap("poll-results", on_results),
    ),
)
