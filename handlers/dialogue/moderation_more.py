"""What moderators need less often: correct typing, choose the heading, merge, name a speaker, answer."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.dialogue import answers, moderation, similar
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Invalid, Text
from bot.domain.language.texts import clip, has_letter
from bot.i18n import N_
from bot.storage import offices, submissions
from bot.storage.submissions import PUBLISHED
from handlers.dialogue import moderation_views as views
from handlers.dialogue.moderation_cases import on_case, seen_in, show_case, show_settled, tell_author
from handlers.dialogue.moderation_views import QUEUE
from handlers.forms import forms
from handlers.forms.form_views import FormWords
from handlers.routing import Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

TYPING, ANSWER, MERGE = "moderation-typing", "moderation-answer", "moderation-merge"
LABEL = 30
"""UTF-16 units of a name on a button."""
SPEAKERS = 4
"""Speakers on a page: moderators have two rows of buttons."""


async def _case(turn: Turn) -> Case | None:
    """The case of a tapped button; None, once it was said that there is none any more."""
    try:
        return await moderation.case(turn.tx, number(turn.args[0]), turn.user.id)
    except NotFound:
        await show_settled(turn, number(turn.args[0]))
        return None


def _marks(turn: Turn) -> tuple[str, ...]:
    return (QUEUE,) if QUEUE in turn.args[1:] else ()


async def _offer(turn: Turn, case: Case, heading: str, buttons: list[list[Button]]) -> None:
    sectors = {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}
    turn.edit(views.described(turn.t, case, heading, sectors), buttons)


def _back(turn: Turn, case: Case) -> Button:
    return tap(turn.t.gettext("‹ Back"), "moderate", case.submission.id, *_marks(turn))


async def on_more(turn: Turn) -> None:
    case = await _case(turn)
    if case is not None:
        await _offer(turn, case, turn.t.gettext("⋯ <b>More</b>"), views.more(turn.t, case, *_marks(turn)))


async def on_heading(turn: Turn) -> None:
    """The headings of the session; six a row at most, and one that takes the heading away."""
    case = await _case(turn)
    if case is None:
        return
    topics = case.session.topics
    text = turn.t.gettext("🏷 <b>Under which heading?</b>")
    if not topics:
        text += "\n" + turn.t.gettext("The session has no headings yet; /sessions makes them.")
    text += "".join(f"\n{place}. {escape(topic)}" for place, topic in enumerate(topics, 1))
    marks = _marks(turn)
    key = case.submission.id
    picks = [tap(str(place + 1), "moderate-under", key, place, *marks) for place in range(len(topics))]
    none = [tap("—", "moderate-under", key, len(topics), *marks)] if topics else []
    await _offer(turn, case, text, [picks[:7], [*picks[7:], *none, _back(turn, case)]])


async def on_under(turn: Turn) -> None:
    """Put the submission under the heading that was tapped."""
    case = await _case(turn)
    if case is None:
        return
    place = number(turn.args[1])
    topics = (*case.session.topics, None)
    if place >= len(topics):
        raise BadTap(turn.args[1])
    changed = await moderation.put_under(turn.tx, case.submission.id, turn.user.id, topics[place], turn.now)
    turn.answer(turn.t.gettext("Noted."))
    await show_case(turn, changed, *_marks(turn), replacing=True)


async def on_merge(turn: Turn) -> None:
    """Published submissions that say nearly the same; or any other, by its number."""
    case = await _case(turn)
    if case is None:
        return
    others = [
        (key, words)
        for key, words in await submissions.published_words(turn.tx, case.meeting.id)
        if key != case.submission.id
    ]
    found = [
        item
        for match in similar.nearest(case.submission.text, others)
        if (item := await submissions.find(turn.tx, match.id)) is not None
    ]
    lines = [turn.t.gettext("🔗 <b>Which one does it repeat?</b> Its support is added there.")]
    lines += [f"<b>{item.number}</b> {escape(clip(item.text, views.SIMILAR_TEXT))}" for item in found]
    marks = _marks(turn)
    key, seen = case.submission.id, views.SEEN.get(case.submission.state, "")
    picks = [tap(str(item.number), "moderate-into", key, item.number or 0, seen, *marks) for item in found]
    other = tap(turn.t.gettext("Another number"), "moderate-number", key)
    await _offer(turn, case, "\n".join(lines), [picks, [other, _back(turn, case)]])


async def on_into(turn: Turn) -> None:
    """Merge the submission into the one whose number was tapped."""
    key = number(turn.args[0])
    try:
        case = await moderation.merge(
            turn.tx, key, number(turn.args[1]), turn.user.id, turn.secret, turn.now, seen_in(turn.args[2])
        )
    except (AlreadyDecided, NotFound):
        await show_settled(turn, key)
        return
    await tell_author(turn, case, views.told)
    await show_case(turn, case, replacing=True, opening=views.decision(turn.t, case, turn.user.full_name))


async def on_number(turn: Turn) -> None:
    """Into the form that asks for the number of the submission that stays."""
    case = await _case(turn)
    if case is not None:
        await forms.begin(turn, MERGE, {"submission": case.submission.id, "seen": case.submission.state})


async def on_typing(turn: Turn) -> None:
    """Into the form that corrects typing, with the words as they are to copy."""
    case = await _case(turn)
    if case is not None:
        facts = {"submission": case.submission.id, "before": case.submission.text}
        await forms.begin(turn, TYPING, facts)


async def on_speaker(turn: Turn) -> None:
    """Who speaks at the meeting, a page at a time."""
    case = await _case(turn)
    if case is None:
        return
    names = await answers.speakers(turn.tx, case.meeting)
    page = number(turn.args[1])
    marks = _marks(turn)
    key = case.submission.id
    shown = list(enumerate(names))[page * SPEAKERS : (page + 1) * SPEAKERS]
    text = turn.t.gettext("🎤 <b>Who is to answer?</b>")
    text += "".join(f"\n{place + 1}. {escape(clip(name, 150))}" for place, name in shown)
    if not names:
        text += "\n" + turn.t.gettext("The agenda names no speaker.")
    picks = [tap(str(place + 1), "moderate-for", key, place, *marks) for place, _ in shown]
    ways = []
    if (page + 1) * SPEAKERS < len(names):
        ways.append(tap("›", "moderate-speaker", key, page + 1, *marks))
    elif page:
        ways.append(tap("«", "moderate-speaker", key, 0, *marks))
    if case.submission.speaker is not None:
        ways.append(tap(turn.t.gettext("Nobody"), "moderate-for", key, len(names), *marks))
    await _offer(turn, case, text, [picks, [*ways, _back(turn, case)]])


async def on_for(turn: Turn) -> None:
    """Note who is to answer."""
    case = await _case(turn)
    if case is None:
        return
    names = [*await answers.speakers(turn.tx, case.meeting), None]
    place = number(turn.args[1])
    if place >= len(names):
        raise BadTap(turn.args[1])
    changed = await answers.assign(turn.tx, case.submission.id, turn.user.id, names[place], turn.now)
    turn.answer(turn.t.gettext("Noted."))
    await show_case(turn, changed, *_marks(turn), replacing=True)


async def on_hall(turn: Turn) -> None:
    """Note that it was answered in the hall, and tell its author."""
    key = number(turn.args[0])
    try:
        case = await answers.in_the_hall(turn.tx, key, turn.user.id, turn.now)
    except (AlreadyDecided, NotFound):
        await show_settled(turn, key)
        return
    await tell_author(turn, case, views.told_answer)
    turn.answer(turn.t.gettext("Noted: answered in the hall."))
    await show_case(turn, case, *_marks(turn), replacing=True)


async def on_answer(turn: Turn) -> None:
    """Into the form that takes a written answer."""
    case = await _case(turn)
    if case is None:
        return
    if case.submission.state != PUBLISHED:
        await show_settled(turn, case.submission.id)
        return
    await forms.begin(
        turn,
        ANSWER,
        {
            "submission": case.submission.id,
            "number": case.submission.number,
            "before": clip(case.submission.text, 600),
            "limit": answers.LONGEST,
        },
    )


async def on_no_answer(turn: Turn) -> None:
    """Take an answer back."""
    key = number(turn.args[0])
    try:
        case = await answers.take_back(turn.tx, key, turn.user.id, turn.now)
    except (AlreadyDecided, NotFound):
        await show_settled(turn, key)
        return
    turn.answer(turn.t.gettext("The answer was taken back."))
    await show_case(turn, case, *_marks(turn), replacing=True)


async def _finish_typing(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await moderation.correct(
        turn.tx, facts["submission"], turn.user.id, given["text"], turn.secret, turn.now
    )
    heading = turn.t.gettext("✏️ The typing was corrected; the author's words are kept.")
    await show_case(turn, case, QUEUE, replacing=False, opening=heading)


async def _finish_answer(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await answers.in_writing(turn.tx, facts["submission"], turn.user.id, given["text"], turn.now)
    await tell_author(turn, case, views.told_answer)
    heading = (
        turn.t.gettext("💬 Answered. Everybody can read it; who has the receipt finds it too.")
        if case.author is None
        else turn.t.gettext("💬 Answered. Everybody can read it, and the author was told.")
    )
    await show_case(turn, case, replacing=False, opening=heading)


async def _finish_merge(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await moderation.merge(
        turn.tx, facts["submission"], int(given["number"]), turn.user.id, turn.secret, turn.now, facts["seen"]
    )
    await tell_author(turn, case, views.told)
    await show_case(turn, case, replacing=False, opening=views.decision(turn.t, case, turn.user.full_name))


def _in_words(text: str, _context: object) -> Invalid | None:
    return None if has_letter(text) else Invalid(N_("Please write it in words."))


def _a_number(text: str, _context: object) -> Invalid | None:
    if text.isascii() and text.isdigit():
        return None
    return Invalid(N_("Please write the number of a published submission, with digits only."))


forms.register(
    forms.FormJourney(
        form=Form(
            name=TYPING,
            version=1,
            questions=(
                Text(
                    key="text",
                    prompt=N_(
                        "As it is written now, to copy:\n<code>{before}</code>\n\nPlease send it with the typing"
                        " corrected."
                    ),
                    hint=N_(
                        "Only the typing: the meaning is the author's. Their own words are kept beside it."
                    ),
                    label=N_("Text"),
                    max_length=2000,
                    multiline=True,
                    check=_in_words,
                ),
            ),
        ),
        words=FormWords(title=N_("correction"), again=N_("/moderation"), send=N_("Save")),
        finish=_finish_typing,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            name=ANSWER,
            version=1,
            questions=(
                Text(
                    key="text",
                    prompt=N_("The answer to number {number}: “{before}”\n\nPlease write it in one message."),
                    hint=N_("Up to {limit} characters. Everybody in the meeting can read it."),
                    label=N_("Answer"),
                    max_length=answers.LONGEST,
                    multiline=True,
                    check=_in_words,
                ),
            ),
        ),
        words=FormWords(title=N_("answer"), again=N_("/moderation"), send=N_("Send")),
        finish=_finish_answer,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            name=MERGE,
            version=1,
            questions=(
                Text(
                    key="number",
                    prompt=N_("What is the number of the published submission that stays?"),
                    label=N_("Number"),
                    max_length=9,
                    check=_a_number,
                ),
            ),
        ),
        words=FormWords(title=N_("merging"), again=N_("/moderation"), send=N_("Merge")),
        finish=_finish_merge,
    )
)

TAPS = (
    Tap("moderate", on_case),
    Tap("moderate-more", on_more),
    Tap("moderate-heading", on_heading),
    Tap("moderate-under", on_under),
    Tap("moderate-merge", on_merge),
    Tap("moderate-into", on_into),
    Tap("moderate-number", on_number),
    Tap("moderate-typing", on_typing),
    Tap("moderate-speaker", on_speaker),
    Tap("moderate-for", on_for),
    Tap("answer-hall", on_hall),
    Tap("answer-words", on_answer),
    Tap("answer-back", on_no_answer),
)
