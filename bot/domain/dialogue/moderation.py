"""Deciding on submissions: several moderators at once, each decision once, and each can be undone.

Moderators often decide in the order of arrival, so nothing that a decision leaves behind may tell its place among the
others: it keeps its day and no moment, numbers are drawn, not counted, and what a moderator is looking at stands in the
database under a sealed name. Otherwise whoever knows when people wrote could tell which anonymous submission is whose.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain import roles
from bot.domain.dialogue import merging, numbering
from bot.domain.dialogue.sessions import hold
from bot.domain.dialogue.submissions import MODERATORS, day_of
from bot.domain.errors import AlreadyDecided, NotFound
from bot.i18n import zone
from bot.storage import actions, meetings, offices, participants, people, sessions, submissions
from bot.storage import moderation as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from bot.storage.people import Person
from bot.storage.sessions import Session
from bot.storage.submissions import HELD, MERGED, PUBLISHED, REFUSED, WAITING, Submission

LEASE = timedelta(minutes=5)
"""How long a submission is kept for the moderator who looks at it."""

REASONS = (
    "off-topic",
    "unclear",
    "repeated",
    "insult",
    "sara",
    "personal-data",
    "report",
    "other",
)
"""Why a submission is refused; people read the words for these before they write."""

PAGE = 6
"""How many submissions a moderator's list shows at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """A submission with what it belongs to."""

    submission: Submission
    session: Session
    meeting: Meeting
    author: Participant | None
    """None for an anonymous submission."""
    challenge: Submission | None = None
    """The challenge that it offers a solution to."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What a moderator has before them."""

    waiting: int
    """How many wait, with those that others look at now."""
    held: int
    case: Case | None
    """None when nothing waits, or when others look at all that does."""


async def case(tx: Transaction, submission_id: int, person_id: int) -> Case:
    """A submission, for a moderator of its office.

    Raises:
        NotFound: there is none, or its author withdrew it.
        NotAllowed.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or submission.state == submissions.WITHDRAWN:
        raise NotFound
    found = await in_full(tx, submission)
    await roles.require(tx, found.meeting.office_id, person_id, *MODERATORS)
    return found


async def next_case(
    tx: Transaction, meeting: Meeting, person_id: int, secret: bytes, now: datetime, after: int | None = None
) -> Queue:
    """The first submission that waits and that no other moderator looks at; it is kept for this one for a while.

    ``after`` is the id of one that the moderator leaves for later: the next behind it comes, and in the end the first.

    Raises:
        NotAllowed.
    """
    await roles.require(tx, meeting.office_id, person_id, *MODERATORS)
    await tx.lock(f"moderation {meeting.id}")
    await stored.looked(tx, meeting.id, person_id)
    queue = await stored.waiting(tx, meeting.id)
    held = await submissions.count(tx, meeting.id, HELD)
    others = await stored.claimed(tx, meeting.id, person_id, now)
    place = next((index for index, item in enumerate(queue) if item.id == after), -1) + 1
    for item in (*queue[place:], *queue[:place]):
        sealed = _sealed(item.id, secret)
        if item.id != after and sealed not in others:
            await stored.claim(tx, meeting.id, person_id, sealed, now + LEASE)
            return Queue(len(queue), held, await in_full(tx, item))
    await stored.release_of(tx, meeting.id, person_id)
    return Queue(len(queue), held, None)


def _sealed(submission_id: int, secret: bytes) -> str:
    """The name of a submission among those that are looked at: nobody without the secret can tell which it is."""
    return hmac.new(secret, f"claim:{submission_id}".encode(), hashlib.sha256).hexdigest()[:32]


async def listed(
    tx: Transaction, meeting: Meeting, person_id: int, states: Sequence[str], page: int
) -> tuple[list[Case], bool]:
    """A page of the submissions in some states, and whether there are more.

    Raises:
        NotAllowed.
    """
    await roles.require(tx, meeting.office_id, person_id, *MODERATORS)
    return await page_of(tx, await stored.in_state(tx, meeting.id, states, PAGE + 1, page * PAGE))


async def page_of(tx: Transaction, found: Sequence[Submission]) -> tuple[list[Case], bool]:
    """The cases of a page, and whether there are more: ``found`` holds one more than fits."""
    return [await in_full(tx, item) for item in found[:PAGE]], len(found) > PAGE


async def moderators(tx: Transaction, office_id: int) -> list[Person]:
    """Those who decide on submissions of an office and can be written to, longest-serving first."""
    found = []
    for person_id, role in await offices.members_of(tx, office_id):
        person = await people.find(tx, person_id) if role in MODERATORS else None
        if person is not None and person.reach == people.REACHABLE:
            found.append(person)
    return found


async def publish(
    tx: Transaction, submission_id: int, person_id: int, secret: bytes, now: datetime, seen: str = WAITING
) -> Case:
    """Publish a submission under a number that is free in its meeting, or leave one published that is so already.

    ``seen``, here and below, is the state in which the moderator saw it: of two who decide at once, one does.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: somebody was first.
    """
    before = await _undecided(tx, submission_id, person_id, seen)
    if seen == PUBLISHED and before.submission.reviewed:
        raise AlreadyDecided
    number = before.submission.number or await numbering.draw(tx, before.meeting.id)
    return await _decide(
        tx, before, "submission.published", person_id, secret, now, state=PUBLISHED, number=number
    )


async def refuse(
    tx: Transaction,
    submission_id: int,
    person_id: int,
    reason: str,
    secret: bytes,
    now: datetime,
    seen: str = WAITING,
) -> Case:
    """Refuse a submission for one of :data:`REASONS`.

    Raises:
        NotFound: there is no such submission or reason.
        NotAllowed.
        AlreadyDecided: somebody was first.
    """
    before = await _undecided(tx, submission_id, person_id, seen)
    if reason not in REASONS:
        raise NotFound
    return await _decide(
        tx, before, "submission.refused", person_id, secret, now, state=REFUSED, reason=reason
    )


async def keep_back(
    tx: Transaction, submission_id: int, person_id: int, secret: bytes, now: datetime, seen: str = WAITING
) -> Case:
    """Hold a submission: it leaves the queue, and waits in a list of its own.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it is held or refused already.
    """
    before = await _undecided(tx, submission_id, person_id, seen)
    if seen == HELD:
        raise AlreadyDecided
    return await _decide(tx, before, "submission.held", person_id, secret, now, state=HELD)


async def merge(
    tx: Transaction,
    submission_id: int,
    number: int,
    person_id: int,
    secret: bytes,
    now: datetime,
    seen: str = WAITING,
) -> Case:
    """Merge a submission as a duplicate into the published one with this number; its support counts there.

    Raises:
        NotFound: there is no such submission or number, or it is its own.
        NotAllowed.
        AlreadyDecided: it was refused or merged.
    """
    before = await _undecided(tx, submission_id, person_id, seen)
    into = await submissions.find_by_number(tx, before.meeting.id, number)
    if into is None or into.id == submission_id:
        raise NotFound
    brought = await merging.bring_over(tx, before.submission.id, into.id, before.meeting.id, secret)
    return await _decide(
        tx,
        before,
        "submission.merged",
        person_id,
        secret,
        now,
        state=MERGED,
        merged_into_id=into.id,
        brought=brought,
    )


async def undo(
    tx: Transaction, submission_id: int, person_id: int, state: str, secret: bytes, now: datetime
) -> Case:
    """Put a submission back into the queue from the ``state`` that a decision brought it to.

    A number that it got stays its own.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it is no longer in that state.
    """
    before = await held(tx, submission_id, person_id)
    seen = before.submission
    if seen.state != state or state not in (PUBLISHED, REFUSED, HELD, MERGED):
        raise AlreadyDecided
    if seen.state == MERGED and seen.merged_into_id is not None:
        await merging.take_back(tx, seen.id, seen.merged_into_id)
    return await _decide(
        tx,
        before,
        "submission.undone",
        person_id,
        secret,
        now,
        state=WAITING,
        reason=None,
        merged_into_id=None,
        brought=None,
    )


async def correct(
    tx: Transaction, submission_id: int, person_id: int, text: str, secret: bytes, now: datetime
) -> Case:
    """Correct the typing of a submission; its author's words are kept beside it.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it was refused or merged.
    """
    before = await held(tx, submission_id, person_id)
    seen = before.submission
    if seen.state not in (WAITING, HELD, PUBLISHED):
        raise AlreadyDecided
    original = seen.original_text or seen.text
    return await _change(
        tx,
        before,
        "submission.corrected",
        person_id,
        now,
        text=text,
        original_text=None if text == original else original,
    )


async def put_under(
    tx: Transaction, submission_id: int, person_id: int, topic: str | None, now: datetime
) -> Case:
    """Put a submission under one of its session's headings, or under none.

    Raises:
        NotFound: there is no such submission or heading.
        NotAllowed.
    """
    before = await held(tx, submission_id, person_id)
    if topic is not None and topic not in before.session.topics:
        raise NotFound
    return await _change(tx, before, "submission.topic", person_id, now, topic=topic)


async def author_of(tx: Transaction, decided: Case) -> Person | None:
    """The author's account, where there is one to tell of the decision."""
    if decided.author is None or decided.author.person_id is None:
        return None
    person = await people.find(tx, decided.author.person_id)
    return person if person is not None and person.reach == people.REACHABLE else None


async def held(tx: Transaction, submission_id: int, person_id: int) -> Case:
    """A case as it is and stays until the transaction ends."""
    found = await case(tx, submission_id, person_id)
    await hold(tx, found.session.id)
    return await case(tx, submission_id, person_id)


async def _undecided(tx: Transaction, submission_id: int, person_id: int, seen: str) -> Case:
    """A case that is to be decided on, in the state in which the moderator saw it."""
    found = await held(tx, submission_id, person_id)
    if found.submission.state != seen or seen not in (WAITING, HELD, PUBLISHED):
        raise AlreadyDecided
    return found


async def in_full(tx: Transaction, submission: Submission) -> Case:
    """A submission with what it belongs to; the caller has seen to it that the person may see it."""
    session = await sessions.find(tx, submission.session_id)
    meeting = await meetings.find(tx, submission.meeting_id)
    assert session is not None
    assert meeting is not None
    author = None
    if submission.participant_id is not None:
        author = await participants.find(tx, submission.participant_id)
    challenge = None
    if submission.answers_id is not None:
        challenge = await submissions.find(tx, submission.answers_id)
    return Case(submission, session, meeting, author, challenge)


async def _decide(
    tx: Transaction,
    before: Case,
    action: str,
    person_id: int,
    secret: bytes,
    now: datetime,
    **columns: Any,
) -> Case:
    await stored.release(tx, _sealed(before.submission.id, secret))
    today = day_of(before.meeting, now).isoformat()
    return await _change(tx, before, action, person_id, now, decided_on=today, reviewed=1, **columns)


async def _change(
    tx: Transaction, before: Case, action: str, person_id: int, now: datetime, **columns: Any
) -> Case:
    changed = await submissions.change(tx, before.submission, **columns)
    if changed is None:
        raise AlreadyDecided
    await record(tx, before.meeting, person_id, action, now)
    return await in_full(tx, changed)


async def record(tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime) -> None:
    """Note in the office's log that somebody moderated; with the day alone, and without what it was about."""
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=datetime.combine(day_of(meeting, now), time(), zone(meeting.timezone)),
    )
