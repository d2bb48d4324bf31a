"""Answering submissions: in the hall or in writing, by the committee or a speaker of the agenda."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain import roles
from bot.domain.dialogue import answer_digests, moderation, speakers
from bot.domain.dialogue.moderation import Case
from bot.domain.dialogue.sessions import hold
from bot.domain.dialogue.submissions import MODERATORS, day_of
from bot.domain.errors import AlreadyDecided, NotFound
from bot.storage import moderation as stored
from bot.storage import speaker_links, submissions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.submissions import IN_HALL, PUBLISHED, WRITTEN

Change = Callable[[Transaction, int, int, datetime], Awaitable[Case]]
"""What somebody does to a submission (its id, then theirs) at one tap."""

LONGEST = 1500
"""Characters of a written answer: it stands beside the submission in a message."""


async def for_speakers(
    tx: Transaction, meeting: Meeting, person_id: int, page: int
) -> tuple[list[Case], bool]:
    """A page of what speakers are to answer, by speaker, and whether there are more; for who moderates in the hall.

    Raises:
        NotAllowed.
    """
    await roles.require(tx, meeting.office_id, person_id, *MODERATORS)
    found = await stored.for_speakers(tx, meeting.id, moderation.PAGE + 1, page * moderation.PAGE)
    return await moderation.page_of(tx, found)


async def assign(
    tx: Transaction, submission_id: int, person_id: int, speaker: str | None, now: datetime
) -> Case:
    """Say who is to answer a submission; None for nobody in particular.

    Raises:
        NotFound: there is no such submission, or nobody of that name speaks.
        NotAllowed.
    """
    before = await moderation.held(tx, submission_id, person_id)
    if speaker is not None and speaker not in await speakers.names(tx, before.meeting):
        raise NotFound
    return await _change(tx, before, "submission.assigned", person_id, now, speaker=speaker)


async def case(tx: Transaction, submission_id: int, person_id: int) -> Case:
    """A submission that the person may answer: as its speaker, or for the committee.

    Raises:
        NotFound: there is none, or its author withdrew it.
        NotAllowed.
    """
    if await speaker_links.answers(tx, submission_id, person_id):
        return await speakers.case(tx, submission_id, person_id)
    return await moderation.case(tx, submission_id, person_id)


async def in_the_hall(tx: Transaction, submission_id: int, person_id: int, now: datetime) -> Case:
    """Note that a published submission was answered in the hall.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it is not published, or answered already.
    """
    return await _answer(tx, submission_id, person_id, IN_HALL, None, now)


async def in_writing(tx: Transaction, submission_id: int, person_id: int, text: str, now: datetime) -> Case:
    """Answer a published submission in writing; a later answer takes the place of an earlier one.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it is not published.
    """
    return await _answer(tx, submission_id, person_id, WRITTEN, text, now)


async def take_back(tx: Transaction, submission_id: int, person_id: int, now: datetime) -> Case:
    """Take an answer back.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: there is none.
    """
    before = await _held(tx, submission_id, person_id)
    if before.submission.answered is None:
        raise AlreadyDecided
    if before.submission.is_anonymous:
        await answer_digests.note(tx, before.session, before.meeting, -1, now)
    return await _change(
        tx,
        before,
        "submission.unanswered",
        person_id,
        now,
        answered=None,
        answer=None,
        answered_by=None,
        answered_on=None,
    )


async def _answer(
    tx: Transaction, submission_id: int, person_id: int, how: str, text: str | None, now: datetime
) -> Case:
    before = await _held(tx, submission_id, person_id)
    seen = before.submission
    if seen.state != PUBLISHED or (seen.answered is not None and how == IN_HALL):
        raise AlreadyDecided
    if seen.is_anonymous and seen.answered is None:
        await answer_digests.note(tx, before.session, before.meeting, 1, now)
    return await _change(
        tx,
        before,
        "submission.answered",
        person_id,
        now,
        answered=how,
        answer=text,
        answered_by=seen.speaker,
        answered_on=day_of(before.meeting, now).isoformat(),
        reviewed=1,
    )


async def _held(tx: Transaction, submission_id: int, person_id: int) -> Case:
    found = await case(tx, submission_id, person_id)
    await hold(tx, found.session.id)
    return await case(tx, submission_id, person_id)


async def _change(
    tx: Transaction,
    before: Case,
    action: str,
    person_id: int,
    now: datetime,
    **columns: str | int | None,
) -> Case:
    changed = await submissions.change(tx, before.submission, **columns)
    if changed is None:
        raise AlreadyDecided
    await moderation.record(tx, before.meeting, person_id, action, now)
    return await moderation.in_full(tx, changed)
