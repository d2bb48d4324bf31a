"""/moderasi: organisers and moderators decide on what was submitted, several at once."""

from __future__ import annotations

from collections.abc import Awaitable

from bot.domain.dialogue import answers, moderation
from bot.domain.dialogue.moderation import PAGE, REASONS, Case
from bot.domain.dialogue.submissions import MODERATORS
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import moderation as stored
from bot.storage import submissions
from bot.storage.meetings import Meeting
from bot.storage.submissions import HELD, MERGED, PUBLISHED, REFUSED
from handlers import routing
from handlers.dialogue import answering, moderation_more
from handlers.dialogue import moderation_views as views
from handlers.dialogue.moderation_cases import (
    marks_of,
    offer,
    seen_in,
    show_case,
    show_settled,
    tapped_case,
    tell_author,
)
from handlers.dialogue.moderation_views import QUEUE
from handlers.dialogue.submission_views import outcome
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn


async def on_queue(turn: Turn) -> None:
    """/moderasi: the first submission that waits; with the number of a published one, that one."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MODERATORS)
    if turn.args and turn.args[0].isascii() and turn.args[0].isdigit() and len(turn.args[0]) < 12:
        found = await submissions.find_by_number(turn.tx, meeting.id, int(turn.args[0]))
        if found is None:
            turn.reply(
                turn.t.gettext(
                    "No published submission has the number {number}. /moderation shows what waits for a decision."
                ).format(number=int(turn.args[0]))
            )
            return
        await show_case(turn, await moderation.case(turn.tx, found.id, turn.user.id), replacing=False)
        return
    await _show_next(turn, meeting)


async def on_queue_tap(turn: Turn) -> None:
    await _show_next(turn, await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MODERATORS))


async def on_publish(turn: Turn) -> None:
    """Give a submission its number and let everybody read it."""
    key = number(turn.args[0])
    seen = seen_in(turn.args[1])
    decision = moderation.publish(turn.tx, key, turn.user.id, turn.secret, turn.now, seen)
    await _decide(turn, decision, tells=seen != PUBLISHED)


async def on_refuse(turn: Turn) -> None:
    """Ask for the reason first."""
    case = await tapped_case(turn)
    if case is not None:
        await offer(turn, case, *views.reasons(turn.t, case, turn.args[1], *marks_of(turn)))


async def on_refuse_for(turn: Turn) -> None:
    """Leave a submission unpublished, for the reason that was tapped."""
    place = number(turn.args[1])
    if place >= len(REASONS):
        raise BadTap(turn.args[1])
    key = number(turn.args[0])
    await _decide(
        turn,
        moderation.refuse(
            turn.tx, key, turn.user.id, REASONS[place], turn.secret, turn.now, seen_in(turn.args[2])
        ),
        tells=True,
    )


async def on_hold(turn: Turn) -> None:
    """Take a submission out of the queue without deciding on it; its author hears of it if others could read it."""
    key = number(turn.args[0])
    seen = seen_in(turn.args[1])
    decision = moderation.keep_back(turn.tx, key, turn.user.id, turn.secret, turn.now, seen)
    await _decide(turn, decision, tells=seen == PUBLISHED)


async def on_undo(turn: Turn) -> None:
    """Put a submission back into the queue; its author hears of it unless it was only held."""
    key, state = number(turn.args[0]), turn.args[1]
    await _decide(
        turn,
        moderation.undo(turn.tx, key, turn.user.id, state, turn.secret, turn.now),
        tells=state != HELD,
    )


async def on_later(turn: Turn) -> None:
    """Leave a submission in the queue and look at the next one."""
    case = await tapped_case(turn)
    if case is None:
        return
    queue = await moderation.next_case(
        turn.tx, case.meeting, turn.user.id, turn.secret, turn.now, after=case.submission.id
    )
    if queue.case is None:
        turn.answer(turn.t.gettext("This was the last one; it stays in the queue."))
        return
    await show_case(turn, queue.case, QUEUE, replacing=True, waiting=queue.waiting)


async def on_list(turn: Turn) -> None:
    """A page of what is held, published or refused."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MODERATORS)
    which, page = turn.args[1], number(turn.args[2])
    if which not in views.LISTS:
        raise BadTap(which)
    if which == views.SPEAKERS:
        cases, has_more = await answers.for_speakers(turn.tx, meeting, turn.user.id, page)
    else:
        states = views.LISTS[which][1]
        cases, has_more = await moderation.listed(turn.tx, meeting, turn.user.id, states, page)
    turn.edit(*views.listed(turn.t, cases, which, meeting.id, page, has_more=has_more, size=PAGE))


async def _decide(turn: Turn, decision: Awaitable[Case], *, tells: bool) -> None:
    key = number(turn.args[0])
    try:
        case = await decision
    except (AlreadyDecided, NotFound):
        await show_settled(turn, key)
        return
    if tells:
        await tell_author(turn, case, views.told)
        await answering.tell_speaker(turn, case)
    turn.answer(outcome(turn.t, case.submission)[:200])
    heading = views.decision(turn.t, case, turn.user.full_name)
    buttons = (
        views.choices(turn.t, case)
        if case.submission.state not in (PUBLISHED, REFUSED, HELD, MERGED)
        else [[views.undo(turn.t, case)]]
    )
    if case.submission.state == PUBLISHED:
        buttons[0].append(tap(turn.t.gettext("⋯ More"), "moderate", case.submission.id))
    await offer(turn, case, heading, buttons)
    if QUEUE in turn.args:
        await _show_next(turn, case.meeting)


async def _show_next(turn: Turn, meeting: Meeting) -> None:
    queue = await moderation.next_case(turn.tx, meeting, turn.user.id, turn.secret, turn.now)
    if queue.case is not None:
        await show_case(turn, queue.case, QUEUE, replacing=False, waiting=queue.waiting)
        return
    counts = {
        state: await submissions.count(turn.tx, meeting.id, state)
        for state in (PUBLISHED, HELD, REFUSED, MERGED)
    }
    counts[views.SPEAKERS] = await stored.count_for_speakers(turn.tx, meeting.id)
    refusals = await stored.refusals(turn.tx, meeting.id)
    turn.reply(*views.summary(turn.t, queue.waiting, counts, refusals, meeting.id))


JOURNEY = Journey(
    commands=(
        Command(
            ("moderasi", "moderation"),
            on_queue,
            N_("decide on submissions"),
            routing.MODERATORS,
        ),
    ),
    taps=(
        Tap("publish", on_publish),
        Tap("refuse", on_refuse),
        Tap("refuse-for", on_refuse_for),
        Tap("hold", on_hold),
        Tap("undo", on_undo),
        Tap("later", on_later),
        Tap("queue", on_queue_tap),
        Tap("moderated", on_list),
        *moderation_more.TAPS,
        *answering.TAPS,
    ),
)
