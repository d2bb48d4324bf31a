"""Deciding on submissions: publish or refuse, once.

Moderators often decide in the order of arrival, so nothing that a decision leaves behind may tell its place among the
others: it keeps its day and no moment, and numbers are drawn, not counted. Otherwise whoever knows when people wrote
could tell which anonymous submission is whose.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.sessions import hold
from bot.domain.submissions import MODERATORS, day_of
from bot.i18n import zone
from bot.storage import actions, meetings, offices, participants, people, sessions, submissions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from bot.storage.people import Person
from bot.storage.sessions import Session
from bot.storage.submissions import Submission


@dataclass(frozen=True, slots=True)
class Case:
    """A submission with what it belongs to."""

    submission: Submission
    session: Session
    meeting: Meeting
    author: Participant | None
    """None for an anonymous submission."""


async def case(tx: Transaction, submission_id: int, person_id: int) -> Case:
    """A submission, for a moderator of its office.

    Raises:
        NotFound: there is none, or its author withdrew it.
        NotAllowed.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None:
        raise NotFound
    found = await _case(tx, submission)
    await roles.require(tx, found.meeting.office_id, person_id, *MODERATORS)
    return found


async def next_case(
    tx: Transaction, meeting: Meeting, person_id: int, after: Submission | None = None
) -> Case | None:
    """The first waiting submission of a meeting, or the first after another one; None when there is none.

    Raises:
        NotAllowed.
    """
    await roles.require(tx, meeting.office_id, person_id, *MODERATORS)
    waiting = await submissions.next_waiting(tx, meeting.id, after)
    return None if waiting is None else await _case(tx, waiting)


async def moderators(tx: Transaction, office_id: int) -> list[Person]:
    """Those who decide on submissions of an office and can be written to, longest-serving first."""
    found = []
    for person_id, role in await offices.members_of(tx, office_id):
        person = await people.find(tx, person_id) if role in MODERATORS else None
        if person is not None and person.reach == people.REACHABLE:
            found.append(person)
    return found


async def publish(tx: Transaction, submission_id: int, person_id: int, now: datetime) -> Case:
    """Publish a submission under a number that is free in its meeting.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: somebody was first.
    """
    before = await case(tx, submission_id, person_id)
    await hold(tx, before.session.id)
    await tx.lock(f"submission numbers {before.meeting.id}")
    number = free_number(await submissions.numbers(tx, before.meeting.id))
    today = day_of(before.meeting, now)
    decided = await submissions.decide(tx, before.submission, submissions.PUBLISHED, number, today)
    return await _decided(tx, before, decided, "submission.published", person_id, now)


async def refuse(tx: Transaction, submission_id: int, person_id: int, now: datetime) -> Case:
    """Refuse a submission.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: somebody was first.
    """
    before = await case(tx, submission_id, person_id)
    await hold(tx, before.session.id)
    today = day_of(before.meeting, now)
    decided = await submissions.decide(tx, before.submission, submissions.REFUSED, None, today)
    return await _decided(tx, before, decided, "submission.refused", person_id, now)


def free_number(used: Collection[int]) -> int:
    """A random number of three digits that is not used yet; of more digits once half of those are."""
    lowest = 100
    while 2 * len(used) >= 9 * lowest:
        lowest *= 10
    return secrets.choice([number for number in range(lowest, 10 * lowest) if number not in used])


async def author_of(tx: Transaction, decided: Case) -> Person | None:
    """The author's account, where there is one to tell of the decision."""
    if decided.author is None or decided.author.person_id is None:
        return None
    person = await people.find(tx, decided.author.person_id)
    return person if person is not None and person.reach == people.REACHABLE else None


async def _case(tx: Transaction, submission: Submission) -> Case:
    session = await sessions.find(tx, submission.session_id)
    meeting = await meetings.find(tx, submission.meeting_id)
    assert session is not None
    assert meeting is not None
    author = None
    if submission.participant_id is not None:
        author = await participants.find(tx, submission.participant_id)
    return Case(submission, session, meeting, author)


async def _decided(
    tx: Transaction, before: Case, decided: Submission | None, action: str, person_id: int, now: datetime
) -> Case:
    if decided is None:
        raise AlreadyDecided
    local = zone(before.meeting.timezone)
    await actions.record(
        tx,
        office_id=before.meeting.office_id,
        meeting_id=before.meeting.id,
        person_id=person_id,
        action=action,
        now=datetime.combine(day_of(before.meeting, now), time(), local),
    )
    return Case(decided, before.session, before.meeting, before.author)
