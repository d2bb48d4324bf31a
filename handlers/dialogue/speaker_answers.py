"""What a speaker does who opened their link: see what is assigned to them, and answer it in the hall or in writing."""

from __future__ import annotations

from typing import Any

from bot.domain.dialogue import answers, speakers
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import AlreadyDecided
from bot.domain.forms.questions import Facts
from bot.i18n import N_
from bot.storage import meetings, people
from handlers.dialogue import moderation_views, speaker_views
from handlers.dialogue.answering import begin_answer, register_answer
from handlers.dialogue.moderation_cases import tell_author
from handlers.routing import Tap
from handlers.taps import number
from handlers.turn import Turn

ANSWER = "speaker-answer"


async def open_link(turn: Turn, payload: str) -> None:
    """The link of a speaker: who opens it first answers as them."""
    meeting, _ = await speakers.take(turn.tx, payload, turn.user.id, turn.now)
    if turn.person.meeting_id is None:
        await people.follow(turn.tx, turn.user.id, meeting.id)
    await show(turn, meeting.id, turn.t.gettext("/speakers brings you back here at any time."))


async def show(turn: Turn, meeting_id: int, closing: str = "") -> None:
    """The first page of what the person is to answer, as a new message; ``closing`` (HTML) is said last."""
    turn.reply(*await _page(turn, meeting_id, 0, closing))


async def on_mine(turn: Turn) -> None:
    turn.edit(*await _page(turn, number(turn.args[0]), number(turn.args[1])))


async def _page(turn: Turn, meeting_id: int, page: int, closing: str = "") -> tuple[str, speaker_views.Rows]:
    cases, has_more, names = await speakers.assigned(turn.tx, meeting_id, turn.user.id, page)
    meeting = await meetings.find(turn.tx, meeting_id)
    assert meeting is not None
    return speaker_views.listed(turn.t, meeting, names, cases, page, has_more=has_more, closing=closing)


async def on_one(turn: Turn) -> None:
    case = await speakers.case(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*speaker_views.to_answer(turn.t, case))


async def on_hall(turn: Turn) -> None:
    """Note that it was answered in the hall, and tell its author."""
    case = await _changed(turn, answers.in_the_hall, turn.t.gettext("Noted: answered in the hall."))
    if case is not None:
        await tell_author(turn, case, moderation_views.told_answer)


async def on_no_answer(turn: Turn) -> None:
    """Take an answer back."""
    await _changed(turn, answers.take_back, turn.t.gettext("The answer was taken back."))


async def _changed(turn: Turn, change: answers.Change, toast: str) -> Case | None:
    """Show what became of a submission; None, once it was said that somebody was first."""
    before = await speakers.case(turn.tx, number(turn.args[0]), turn.user.id)
    try:
        case = await change(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This was noted already. Nothing was changed."))
        turn.edit(*speaker_views.to_answer(turn.t, before))
        return None
    turn.answer(toast)
    turn.edit(*speaker_views.to_answer(turn.t, case))
    return case


async def on_answer(turn: Turn) -> None:
    """Into the form that takes a written answer."""
    await begin_answer(turn, await speakers.case(turn.tx, number(turn.args[0]), turn.user.id), ANSWER)


async def _finish(turn: Turn, given: dict[str, Any], facts: Facts) -> None:
    submission_id = facts["submission"]
    await speakers.case(turn.tx, submission_id, turn.user.id)
    case = await answers.in_writing(turn.tx, submission_id, turn.user.id, given["text"], turn.now)
    await tell_author(turn, case, moderation_views.told_answer)
    turn.reply(*speaker_views.to_answer(turn.t, case, moderation_views.answered_now(turn.t, case)))


register_answer(ANSWER, N_("/speakers"), _finish)

TAPS = (
    Tap("speaker-mine", on_mine),
    Tap("speaker-one", on_one),
    Tap("speaker-hall", on_hall),
    Tap("speaker-words", on_answer),
    Tap("speaker-back", on_no_answer),
)
