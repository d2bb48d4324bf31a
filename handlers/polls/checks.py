"""/uji, for those who run the understanding check: its statements, its two rounds, its result."""

from __future__ import annotations

from typing import Any

from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Facts, Option, Text
from bot.domain.meeting import meetings
from bot.domain.notices.broadcasts import Content
from bot.domain.polls import statements, understanding
from bot.domain.polls.understanding import BASIS_LIMIT, MAY_RUN, MOST_STATEMENTS, TEXT_LIMIT, Turnout
from bot.i18n import LOCALES, N_, Translator, translator
from bot.reports.understanding import PICTURE
from bot.storage.checks import AFTER, BEFORE, CLOSED, DIALOGUE, DRAFT, FALSE, ROUNDS, TRUE
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.polls import check_views as views
from handlers.polls.asking import tell_everybody
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

FORM_NAME = "statement"

FORM = Form(
    FORM_NAME,
    1,
    (
        Text(
            key="text",
            prompt=N_("Which statement should participants judge?"),
            hint=N_("One short sentence that is clearly true or clearly false by the rules."),
            label=N_("Statement"),
            max_length=TEXT_LIMIT,
        ),
        Choice(
            key="answer",
            prompt=N_("Is it true or false?"),
            label=N_("Right answer"),
            options=[Option(answer, views.ANSWER_NAMES[answer]) for answer in (TRUE, FALSE)],
        ),
        Text(
            key="basis",
            prompt=N_("What is the legal basis? Please name the instrument and the article."),
            label=N_("Legal basis"),
            max_length=BASIS_LIMIT,
        ),
    ),
)

_NEXT = {DRAFT: BEFORE, BEFORE: DIALOGUE, DIALOGUE: AFTER, AFTER: CLOSED}
_NEXT_LABELS = {
    DRAFT: N_("Open round 1"),
    BEFORE: N_("Close round 1"),
    DIALOGUE: N_("Open round 2"),
    AFTER: N_("Close and show the result"),
}


async def show(turn: Turn, meeting: Meeting, *, fresh: bool = False) -> None:
    """The check as it stands, with what can be done next."""
    found = await understanding.turnout(turn.tx, meeting.id, turn.user.id)
    parts = [views.staff_card(turn.t, found)]
    if found.stage == CLOSED:
        parts = [views.results(turn.t, await understanding.results(turn.tx, meeting))]
    (turn.reply if fresh else turn.edit)("\n\n".join(parts), _buttons(turn.t, found))


def _buttons(t: Translator, found: Turnout) -> list[list[Button]]:
    meeting_id = found.meeting.id
    rows: list[list[Button]] = []
    if found.stage == DRAFT:
        if len(found.statements) < MOST_STATEMENTS:
            rows.append([tap(t.gettext("Take ready statements"), "check-ready", meeting_id)])
            rows.append([tap(t.gettext("Write a statement"), "check-write", meeting_id)])
        if found.statements:
            rows.append([tap(t.gettext("Take a statement out"), "check-out", meeting_id)])
    if found.stage in ROUNDS:
        rows.append([tap(t.gettext("Refresh"), "check", meeting_id)])
    if found.stage in _NEXT and found.statements:
        rows.append([tap(t.gettext(_NEXT_LABELS[found.stage]), "check-next", meeting_id, _NEXT[found.stage])])
    if found.stage == CLOSED:
        rows.append(
            [
                tap(t.gettext("Picture"), "check-picture", meeting_id),
                tap(t.gettext("Right answers"), "check-key", meeting_id, 0),
            ]
        )
        rows.append([tap(t.gettext("Send the result to participants"), "check-share", meeting_id)])
    return rows


async def on_check(turn: Turn) -> None:
    await show(turn, await _meeting(turn))


async def on_ready(turn: Turn) -> None:
    """The ready statements, to choose from."""
    await _show_ready(turn, await _meeting(turn))


async def on_take(turn: Turn) -> None:
    """Take one ready statement, or all."""
    meeting = await _meeting(turn)
    place = number(turn.args[1])
    ready = statements.ready()
    await understanding.add_ready(
        turn.tx, meeting.id, turn.user.id, ready if place == 0 else ready[place - 1 : place]
    )
    if place == 0:
        await show(turn, meeting)
    else:
        await _show_ready(turn, meeting)


async def _show_ready(turn: Turn, meeting: Meeting) -> None:
    t = turn.t
    found = await understanding.turnout(turn.tx, meeting.id, turn.user.id)
    taken = frozenset(item.slug for item in found.statements)
    ready = statements.ready()
    taps = [
        tap(str(place), "check-take", meeting.id, place)
        for place, item in enumerate(ready, 1)
        if item.slug not in taken
    ]
    turn.edit(
        views.ready_list(t, ready, taken),
        [
            *views.numbers(taps),
            [tap(t.gettext("Take all"), "check-take", meeting.id, 0)],
            [tap(t.gettext("Back"), "check", meeting.id)],
        ],
    )


async def on_write(turn: Turn) -> None:
    meeting = await _meeting(turn)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    added = await understanding.add_own(
        turn.tx,
        facts["meeting"],
        turn.user.id,
        _text(answers, turn.t.locale),
        is_true=answers["answer"] == TRUE,
        legal_basis=answers["basis"],
    )
    if not added:
        turn.reply(
            turn.t.gettext("The check has {count} statements already; more would tire people.").format(
                count=MOST_STATEMENTS
            )
        )
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, *MAY_RUN)
    await show(turn, meeting, fresh=True)


def _text(answers: Answers, locale: str) -> dict[str, str]:
    return {locale: answers["text"]}


async def on_out(turn: Turn) -> None:
    """Choose which statement goes."""
    t = turn.t
    meeting = await _meeting(turn)
    found = await understanding.turnout(turn.tx, meeting.id, turn.user.id)
    taps = [tap(str(item.position), "check-gone", item.id) for item in found.statements]
    turn.edit(
        views.staff_card(t, found) + "\n\n" + t.gettext("Which statement should go?"),
        [*views.numbers(taps), [tap(t.gettext("Back"), "check", meeting.id)]],
    )


async def on_gone(turn: Turn) -> None:
    meeting = await understanding.remove(turn.tx, number(turn.args[0]), turn.user.id)
    turn.answer(turn.t.gettext("The statement is out."))
    await show(turn, meeting)


async def on_next(turn: Turn) -> None:
    """Open or close a round; opening asks everybody who can be reached."""
    stage = turn.args[1]
    meeting = await understanding.advance(turn.tx, number(turn.args[0]), stage, turn.user.id, turn.now)
    if stage in ROUNDS:
        found = await understanding.turnout(turn.tx, meeting.id, turn.user.id)
        await tell_everybody(turn, meeting, _invitation(meeting, stage, len(found.statements)))
        turn.answer(turn.t.gettext("The round is open. All participants are being asked."))
    await show(turn, meeting)


async def on_picture(turn: Turn) -> None:
    meeting = await _meeting(turn)
    turn.made_photo(
        PICTURE.name,
        {"meeting": meeting.id},
        "uji-kesamaan-persepsi.png",
        turn.t.gettext("Share of right answers before and after the dialogue, with 95% intervals."),
    )


async def on_share(turn: Turn) -> None:
    """Send the result to everybody, with the way to the right answers."""
    meeting = await _meeting(turn)
    found = await understanding.turnout(turn.tx, meeting.id, turn.user.id)
    if found.stage != CLOSED:
        turn.answer(turn.t.gettext("Please close the second round first."), alert=True)
        return
    results = await understanding.results(turn.tx, meeting)
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        texts[locale] = views.results(t, results)
        buttons[locale] = [[tap(t.gettext("Right answers"), "check-key", meeting.id, 0).as_dict()]]
    await tell_everybody(turn, meeting, Content(texts, buttons))
    turn.answer(turn.t.gettext("The result is on its way to all participants."), alert=True)


def _invitation(meeting: Meeting, stage: str, statements_: int) -> Content:
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        texts[locale] = views.invitation(t, stage, statements_)
        buttons[locale] = [[tap(t.gettext("Begin"), "check-begin", meeting.id).as_dict()]]
    return Content(texts, buttons)


async def _meeting(turn: Turn) -> Meeting:
    return await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MAY_RUN)


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("statement"), again=N_("/check"), send=N_("Keep the statement")),
        finish=_finish,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("check", on_check),
        Tap("check-ready", on_ready),
        Tap("check-take", on_take),
        Tap("check-write", on_write),
        Tap("check-out", on_out),
        Tap("check-gone", on_gone),
        Tap("check-next", on_next),
        Tap("check-picture", on_picture),
        Tap("check-share", on_share),
    ),
)
