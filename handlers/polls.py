"""/jajakbaru and the organisers' side of /jajak: writing polls, opening and closing them, showing what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import broadcasts, meetings, polls
from bot.domain.audience import EVERYONE
from bot.domain.broadcasts import Content
from bot.domain.forms import Form
from bot.domain.polls import (
    EXPLANATION_LIMIT,
    MAY_RUN,
    MOST_OPTIONS,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    SCALE_STEPS,
    Draft,
    lines_of,
)
from bot.domain.questions import Answers, Choice, Context, Facts, Invalid, Option, Text, YesNo
from bot.i18n import LOCALES, N_, translator
from bot.storage import participants
from bot.storage import polls as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.polls import CLOSED, DRAFT, KINDS, OPEN, QUIZ, SCALE, Poll
from handlers import forms
from handlers import poll_views as views
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

FORM_NAME = "poll"


def _needs_options(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") not in (None, SCALE)


def _is_scale(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") == SCALE


def _is_quiz(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") == QUIZ


def _fits(text: str, _: Context) -> Invalid | None:
    options = lines_of(text)
    if not 2 <= len(options) <= MOST_OPTIONS:
        return Invalid(
            N_("That makes {count} options; a poll has 2 to {most}. Please write each on a line of its own."),
            {"count": len(options), "most": MOST_OPTIONS},
        )
    if len({option.casefold() for option in options}) < len(options):
        return Invalid(N_("Two of these options are the same. Please make each different."))
    longest = max(options, key=len)
    if len(longest) > OPTION_LIMIT:
        return Invalid(
            N_("“{option}” is too long: an option has at most {limit} characters."),
            {"option": longest, "limit": OPTION_LIMIT},
        )
    return None


def _two_ends(text: str, _: Context) -> Invalid | None:
    ends = lines_of(text)
    if len(ends) != 2 or max(map(len, ends)) > OPTION_LIMIT - 4:
        return Invalid(N_("Please write two short lines: what 1 means, and what 5 means."))
    return None


async def _written_options(tx: Transaction, answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(str(place), text) for place, text in enumerate(lines_of(answers.get("options") or ""))]


FORM = Form(
    FORM_NAME,
    1,
    (
        Choice(
            key="kind",
            prompt=N_("What kind of poll?"),
            label=N_("Kind"),
            options=[Option(kind, views.KIND_NAMES[kind]) for kind in KINDS],
        ),
        Text(
            key="question",
            prompt=N_("What do you want to ask?"),
            label=N_("Question"),
            max_length=QUESTION_LIMIT,
        ),
        Text(
            key="options",
            prompt=N_(
                "Which answers are there to choose from? Please write each on a line of its own, 2 to 10."
            ),
            label=N_("Options"),
            max_length=MOST_OPTIONS * (OPTION_LIMIT + 2),
            multiline=True,
            check=_fits,
            only_if=_needs_options,
        ),
        Text(
            key="ends",
            prompt=N_(
                "What do the ends of the scale mean? Please write two lines: first what 1 means, then what 5 means."
            ),
            hint=N_("Without it, 1 is “disagree” and 5 is “agree”."),
            label=N_("Ends of the scale"),
            max_length=2 * OPTION_LIMIT,
            multiline=True,
            optional=True,
            check=_two_ends,
            only_if=_is_scale,
        ),
        Choice(
            key="right",
            prompt=N_("Which answer is right?"),
            label=N_("Right answer"),
            options=_written_options,
            only_if=_is_quiz,
        ),
        Text(
            key="explanation",
            prompt=N_(
                "Why is it right? The explanation, with its legal basis, is shown when the poll is closed."
            ),
            label=N_("Explanation"),
            max_length=EXPLANATION_LIMIT,
            multiline=True,
            optional=True,
            only_if=_is_quiz,
        ),
        YesNo(
            key="hidden",
            prompt=N_("When may participants see the results?"),
            label=N_("Results"),
            yes=N_("When it is closed"),
            no=N_("As soon as they have answered"),
        ),
    ),
)


async def on_new(turn: Turn) -> None:
    """``/jajakbaru``, and the button in the list: write a poll."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_RUN)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    draft = Draft(
        kind=answers["kind"],
        question=answers["question"],
        options=_options(turn, answers),
        right_option=None if answers["right"] is None else int(answers["right"]),
        explanation=answers["explanation"] or "",
        hidden=answers["hidden"],
    )
    poll = await polls.create(turn.tx, facts["meeting"], turn.user.id, draft, turn.now)
    text, buttons = await _card(turn, poll)
    turn.reply(text, buttons)


def _options(turn: Turn, answers: Answers) -> tuple[str, ...]:
    if answers["kind"] != SCALE:
        return tuple(lines_of(answers["options"]))
    t = turn.t
    low, high = lines_of(answers["ends"]) if answers["ends"] else (t.gettext("disagree"), t.gettext("agree"))
    middle = (str(step) for step in range(2, SCALE_STEPS))
    return (f"1 = {low}", *middle, f"{SCALE_STEPS} = {high}")


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
        await _tell(turn, switched.meeting, _asking(switched.poll))
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
    await _tell(turn, meeting, Content(texts))
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


async def _tell(turn: Turn, meeting: Meeting, content: Content) -> None:
    await broadcasts.create(
        turn.tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=broadcasts.SESSION,
        content=content,
        audience=EVERYONE,
        author_id=turn.user.id,
        now=turn.now,
    )


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("poll"), again="/jajakbaru", send=N_("Keep the poll")),
        finish=_finish,
    )
)

JOURNEY = Journey(
    commands=(
        Command(("jajakbaru", "newpoll"), on_new, N_("Write a poll"), frozenset({Audience.ORGANISER})),
    ),
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
