"""/jajakbaru and the organisers' side of /jajak: writing polls, opening and closing them, showing what came of them."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.forms.questions import Facts
from bot.domain.meeting import meetings
from bot.domain.notices.broadcasts import Content
from bot.domain.polls import polls
from bot.domain.polls.polls import (
    MAY_RUN,
)
from bot.i18n import LOCALES, N_, translator
from bot.storage import participants
from bot.storage import polls as stored
from bot.storage.meetings import Meeting
from bot.storage.polls import CLOSED, DRAFT, OPEN, Poll
from handlers.forms import forms
from handlers.polls import poll_views as views
from handlers.polls.asking import tell_everybody
from handlers.polls.poll_form import FORM, FORM_NAME, draft
from handlers.routing import MODERATORS, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn


async def on_new(turn: Turn) -> None:
    """``/jajakbaru``, and the button in the list: write a poll."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_RUN)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    poll = await polls.create(turn.tx, facts["meeting"], turn.user.id, draft(turn.t, answers), turn.now)
    text, buttons = await _card(turn, poll)
    turn.reply(text, buttons)


async def show_list(turn: Turn, meeting: Meeting, page: int = 0, *, fresh: bool = False) -> None:
    """Every poll of the meeting, for those who run them."""
    t = turn.t
    found = await stored.of_meeting(turn.tx, meeting.id)
    pages = max(1, -(-len(found) // views.LISTED))
    page = min(page, pages - 1)
    here = found[page * views.LISTED : (page + 1) * views.LISTED]
    text = t.gettext("📊 <b>Polls</b>") + "\n\n"
    text += (
        t.gettext("Tap a poll to open it, to close it or to see its results.")
        if found
        else t.gettext("There is no poll yet. Write the first one; nobody is asked before you open it.")
    )
    buttons: list[list[Button]] = [[tap(views.label(poll), "poll", poll.id)] for poll in here]
    if pages > 1:
        buttons.append(
            [
                tap(sign, "polls", meeting.id, other)
                for sign, other in (("‹", page - 1), ("›", page + 1))
                if 0 <= other < pages
            ]
        )
    buttons.append([tap(t.gettext("New poll"), "poll-new")])
    (turn.reply if fresh else turn.edit)(text, buttons)


async def on_list(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MAY_RUN)
    await show_list(turn, meeting, number(turn.args[1]))


async def on_poll(turn: Turn) -> None:
    """One poll, for those who run it."""
    poll, _ = await polls.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    text, buttons = await _card(turn, poll)
    turn.edit(text, buttons)


async def on_open(turn: Turn) -> None:
    """Open a poll, and ask everybody who can be reached."""
    switched = await polls.switch(turn.tx, number(turn.args[0]), OPEN, turn.user.id, turn.now)
    if switched.changed:
        await tell_everybody(turn, switched.meeting, _asking(switched.poll))
        turn.answer(turn.t.gettext("The poll is open. All participants are being asked."))
    else:
        turn.answer(turn.t.gettext("The poll is open already."))
    text, buttons = await _card(turn, switched.poll)
    turn.edit(text, buttons)


async def on_close(turn: Turn) -> None:
    """Close a poll and show what came of it; it can be opened again."""
    switched = await polls.switch(turn.tx, number(turn.args[0]), CLOSED, turn.user.id, turn.now)
    turn.answer(
        turn.t.gettext("The poll is closed.")
        if switched.changed
        else turn.t.gettext("The poll is closed already.")
    )
    text, buttons = await _card(turn, switched.poll)
    turn.edit(text, buttons)


async def on_share(turn: Turn) -> None:
    """Send the results of a closed poll to everybody."""
    poll, meeting = await polls.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    if poll.state != CLOSED:
        turn.answer(turn.t.gettext("Please close the poll first; results are sent once."), alert=True)
        return
    found = await polls.results(turn.tx, poll, meeting)
    texts = {locale: views.results(translator(locale), poll, found) for locale in LOCALES}
    await tell_everybody(turn, meeting, Content(texts))
    turn.answer(turn.t.gettext("The results are on their way to all participants."))
    text, buttons = await _card(turn, poll)
    turn.edit(
        text,
        [row for row in buttons if not any((button.data or "").startswith("poll-share") for button in row)],
    )


async def on_remove(turn: Turn) -> None:
    """Ask before throwing a poll away."""
    t = turn.t
    poll, _ = await polls.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(
        t.gettext("Throw the poll “{question}” away, with all its answers?").format(
            question=escape(poll.question)
        ),
        [
            [tap(t.gettext("Yes, throw it away"), "poll-removed", poll.id)],
            [tap(t.gettext("No, keep it"), "poll", poll.id)],
        ],
    )


async def on_removed(turn: Turn) -> None:
    meeting = await polls.remove(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The poll is gone."))
    await show_list(turn, meeting)


async def _card(turn: Turn, poll: Poll) -> tuple[str, list[list[Button]]]:
    t = turn.t
    _, meeting = await polls.for_staff(turn.tx, poll.id, turn.user.id)
    answered = polls.tally(poll, await stored.answers(turn.tx, poll.id)).people
    registered = sum((await participants.count_by_sector(turn.tx, meeting.id)).values())
    parts = [views.staff_card(t, poll, answered, registered)]
    if poll.state != DRAFT:
        parts.append(views.figures(t, poll, await polls.results(turn.tx, poll, meeting)))
    buttons: list[list[Button]] = []
    if poll.state == OPEN:
        buttons.append([tap(t.gettext("Close and show results"), "poll-close", poll.id)])
        buttons.append([tap(t.gettext("Refresh"), "poll", poll.id)])
    else:
        opening = t.gettext("Open now") if poll.state == DRAFT else t.gettext("Open again")
        buttons.append([tap(opening, "poll-open", poll.id)])
    if poll.state == CLOSED and answered:
        buttons.append([tap(t.gettext("Send the results to participants"), "poll-share", poll.id)])
    buttons.append(
        [
            tap(t.gettext("All polls"), "polls", meeting.id, 0),
            tap(t.gettext("Throw away"), "poll-remove", poll.id),
        ]
    )
    return "\n\n".join(parts), buttons


def _asking(poll: Poll) -> Content:
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        texts[locale] = views.question(t, poll, ())
        buttons[locale] = [[button.as_dict() for button in row] for row in views.answer_buttons(t, poll, ())]
    return Content(texts, buttons)


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("poll"), again=N_("/newpoll"), send=N_("Keep the poll")),
        finish=_finish,
    )
)

JOURNEY = Journey(
    commands=(Command(("jajakbaru", "newpoll"), on_new, N_("Write a poll"), MODERATORS),),
    taps=(
        Tap("poll-new", on_new),
        Tap("polls", on_list),
        Tap("poll", on_poll),
        Tap("poll-open", on_open),
        Tap("poll-close", on_close),
        Tap("poll-share", on_share),
        Tap("poll-remove", on_remove),
        Tap("poll-removed", on_removed),
    ),
)
