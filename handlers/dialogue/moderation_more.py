"""What moderators need less often: correct typing, choose the heading, merge."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.dialogue import moderation, similar
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Invalid, Text
from bot.domain.language.texts import clip
from bot.i18n import N_
from bot.storage import submissions
from handlers.dialogue import moderation_views as views
from handlers.dialogue.moderation_cases import (
    back,
    marks_of,
    offer,
    on_case,
    seen_in,
    show_case,
    show_settled,
    tapped_case,
    tell_author,
)
from handlers.dialogue.moderation_views import QUEUE
from handlers.dialogue.submission_form import in_words
from handlers.forms import forms
from handlers.forms.form_views import FormWords
from handlers.routing import Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

TYPING, MERGE = "moderation-typing", "moderation-merge"


async def on_more(turn: Turn) -> None:
    case = await tapped_case(turn)
    if case is not None:
        await offer(turn, case, turn.t.gettext("⋯ <b>More</b>"), views.more(turn.t, case, *marks_of(turn)))


async def on_heading(turn: Turn) -> None:
    """The headings of the session; six a row at most, and one that takes the heading away."""
    case = await tapped_case(turn)
    if case is None:
        return
    topics = case.session.topics
    text = turn.t.gettext("🏷 <b>Under which heading?</b>")
    if not topics:
        text += "\n" + turn.t.gettext("The session has no headings yet; /sessions makes them.")
    text += "".join(f"\n{place}. {escape(topic)}" for place, topic in enumerate(topics, 1))
    marks = marks_of(turn)
    key = case.submission.id
    picks = [tap(str(place + 1), "moderate-under", key, place, *marks) for place in range(len(topics))]
    none = [tap("—", "moderate-under", key, len(topics), *marks)] if topics else []
    await offer(turn, case, text, [picks[:7], [*picks[7:], *none, back(turn, case)]])


async def on_under(turn: Turn) -> None:
    """Put the submission under the heading that was tapped."""
    case = await tapped_case(turn)
    if case is None:
        return
    place = number(turn.args[1])
    topics = (*case.session.topics, None)
    if place >= len(topics):
        raise BadTap(turn.args[1])
    changed = await moderation.put_under(turn.tx, case.submission.id, turn.user.id, topics[place], turn.now)
    turn.answer(turn.t.gettext("Noted."))
    await show_case(turn, changed, *marks_of(turn), replacing=True)


async def on_merge(turn: Turn) -> None:
    """Published submissions that say nearly the same; or any other, by its number."""
    case = await tapped_case(turn)
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
    marks = marks_of(turn)
    key, seen = case.submission.id, views.SEEN.get(case.submission.state, "")
    picks = [tap(str(item.number), "moderate-into", key, item.number or 0, seen, *marks) for item in found]
    other = tap(turn.t.gettext("Another number"), "moderate-number", key)
    await offer(turn, case, "\n".join(lines), [picks, [other, back(turn, case)]])


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
    case = await tapped_case(turn)
    if case is not None:
        await forms.begin(turn, MERGE, {"submission": case.submission.id, "seen": case.submission.state})


async def on_typing(turn: Turn) -> None:
    """Into the form that corrects typing, with the words as they are to copy."""
    case = await tapped_case(turn)
    if case is not None:
        facts = {"submission": case.submission.id, "before": case.submission.text}
        await forms.begin(turn, TYPING, facts)


async def _finish_typing(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await moderation.correct(
        turn.tx, facts["submission"], turn.user.id, given["text"], turn.secret, turn.now
    )
    heading = turn.t.gettext("✏️ The typing was corrected; the author's words are kept.")
    await show_case(turn, case, QUEUE, replacing=False, opening=heading)


async def _finish_merge(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    case = await moderation.merge(
        turn.tx, facts["submission"], int(given["number"]), turn.user.id, turn.secret, turn.now, facts["seen"]
    )
    await tell_author(turn, case, views.told)
    await show_case(turn, case, replacing=False, opening=views.decision(turn.t, case, turn.user.full_name))


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
                    check=in_words,
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
)
