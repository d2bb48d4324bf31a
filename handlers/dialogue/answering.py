"""Who answers a submission, and the answers of the committee: in the hall or in writing."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.dialogue import answers, speakers
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.language.texts import clip
from bot.i18n import N_, translator
from bot.storage.submissions import PUBLISHED
from handlers.dialogue import moderation_views as views
from handlers.dialogue import speaker_views
from handlers.dialogue.moderation_cases import (
    back,
    marks_of,
    offer,
    show_case,
    show_settled,
    tapped_case,
    tell_author,
)
from handlers.dialogue.submission_form import in_words
from handlers.forms import forms
from handlers.forms.form_state import Finish
from handlers.forms.form_views import FormWords
from handlers.routing import Tap
from handlers.taps import number, tap
from handlers.turn import Turn

ANSWER = "moderation-answer"
SPEAKERS = 4
"""Speakers on a page: moderators have two rows of buttons."""
NOBODY = "-"
"""Stands in a button for nobody in particular."""


async def on_speaker(turn: Turn) -> None:
    """Who speaks at the meeting, a page at a time."""
    case = await tapped_case(turn)
    if case is None:
        return
    found = await speakers.overview(turn.tx, case.meeting, turn.user.id)
    page = number(turn.args[1])
    marks = marks_of(turn)
    key = case.submission.id
    shown = list(enumerate(found))[page * SPEAKERS : (page + 1) * SPEAKERS]
    text = turn.t.gettext("🎤 <b>Who is to answer?</b>")
    for place, speaker in shown:
        text += f"\n{place + 1}. {escape(clip(speaker.name, 150))}{' ✅' if speaker.is_here else ''}"
    text += "\n" + (
        turn.t.gettext("<i>✅ is told here and can answer. /speakers makes the link for it.</i>")
        if found
        else turn.t.gettext("The agenda names no speaker.")
    )
    picks = [
        tap(str(place + 1), "moderate-for", key, speakers.key(speaker.name), *marks)
        for place, speaker in shown
    ]
    ways = []
    if (page + 1) * SPEAKERS < len(found):
        ways.append(tap("›", "moderate-speaker", key, page + 1, *marks))
    elif page:
        ways.append(tap("«", "moderate-speaker", key, 0, *marks))
    if case.submission.speaker is not None:
        ways.append(tap(turn.t.gettext("Nobody"), "moderate-for", key, NOBODY, *marks))
    await offer(turn, case, text, [picks, [*ways, back(turn, case)]])


async def on_for(turn: Turn) -> None:
    """Note who is to answer, and tell them where they answer by their own link."""
    case = await tapped_case(turn)
    if case is None:
        return
    part = turn.args[1]
    name = None if part == NOBODY else await speakers.by_key(turn.tx, case.meeting, part)
    changed = await answers.assign(turn.tx, case.submission.id, turn.user.id, name, turn.now)
    if name != case.submission.speaker:
        await tell_speaker(turn, changed)
    turn.answer(turn.t.gettext("Noted."))
    await show_case(turn, changed, *marks_of(turn), replacing=True)


async def tell_speaker(turn: Turn, case: Case) -> None:
    """Write to the speaker who is to answer a submission, where they opened their link."""
    person = await speakers.to_tell(turn.tx, case)
    if person is not None and person.id != turn.user.id:
        turn.send(person.id, *speaker_views.told(translator(person.locale), case))


async def on_hall(turn: Turn) -> None:
    """Note that it was answered in the hall, and tell its author."""
    case = await _changed(turn, answers.in_the_hall, turn.t.gettext("Noted: answered in the hall."))
    if case is not None:
        await tell_author(turn, case, views.told_answer)


async def on_no_answer(turn: Turn) -> None:
    """Take an answer back."""
    await _changed(turn, answers.take_back, turn.t.gettext("The answer was taken back."))


async def _changed(turn: Turn, change: answers.Change, toast: str) -> Case | None:
    try:
        case = await change(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except (AlreadyDecided, NotFound):
        await show_settled(turn, number(turn.args[0]))
        return None
    turn.answer(toast)
    await show_case(turn, case, *marks_of(turn), replacing=True)
    return case


async def on_answer(turn: Turn) -> None:
    """Into the form that takes a written answer."""
    case = await tapped_case(turn)
    if case is None:
        return
    if case.submission.state != PUBLISHED:
        await show_settled(turn, case.submission.id)
        return
    await begin_answer(turn, case, ANSWER)


async def begin_answer(turn: Turn, case: Case, form: str) -> None:
    """Into a form that :func:`register_answer` made."""
    facts = {
        "submission": case.submission.id,
        "number": case.submission.number,
        "before": clip(case.submission.text, 600),
        "limit": answers.LONGEST,
    }
    await forms.begin(turn, form, facts)


def register_answer(name: str, again: str, finish: Finish) -> None:
    """Make a form that takes a written answer; ``again`` is the command from which it can be reached."""
    text = Text(
        key="text",
        prompt=N_("The answer to number {number}: “{before}”\n\nPlease write it in one message."),
        hint=N_("Up to {limit} characters. Everybody in the meeting can read it."),
        label=N_("Answer"),
        max_length=answers.LONGEST,
        multiline=True,
        check=in_words,
    )
    words = FormWords(title=N_("answer"), again=again, send=N_("Send"))
    form = Form(name=name, version=1, questions=(text,))
    forms.register(forms.FormJourney(form=form, words=words, finish=finish))


async def _finish_answer(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await answers.in_writing(turn.tx, facts["submission"], turn.user.id, given["text"], turn.now)
    await tell_author(turn, case, views.told_answer)
    await show_case(turn, case, replacing=False, opening=views.answered_now(turn.t, case))


register_answer(ANSWER, N_("/moderation"), _finish_answer)

TAPS = (
    Tap("moderate-speaker", on_speaker),
    Tap("moderate-for", on_for),
    Tap("answer-hall", on_hall),
    Tap("answer-words", on_answer),
    Tap("answer-back", on_no_answer),
)
