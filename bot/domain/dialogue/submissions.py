"""Sending a submission to a session, and what its author can do with it afterwards.

An anonymous submission keeps nothing of its author: no person, no sector, no moment, no file. What is left of its
sending is a number in the session's counts, under a name of the person that only this installation's secret can work
out, and forgotten when the session closes. The author alone holds the receipt; only its hash is stored.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import roles
from bot.domain.dialogue import numbering, screening, sessions, similar
from bot.domain.dialogue.receipts import new_receipt, receipt_hash
from bot.domain.dialogue.word_filter import Screened
from bot.domain.errors import (
    LimitReached,
    NotForSector,
    NotFound,
    NotRegistered,
    SessionChanged,
    SessionClosed,
)
from bot.i18n import zone
from bot.storage import meetings, offices, participants, speaker_links, submission_counts, submissions
from bot.storage import sessions as stored_sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from bot.storage.sessions import CHALLENGE, SUGGESTION, Session
from bot.storage.submissions import Attachment, Submission

MODERATORS = (roles.ORGANISER, roles.MODERATOR)
"""Who decides on submissions."""

PAGE = 5
"""How many published submissions are shown at once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send to a session."""

    session_id: int
    kind: str
    text: str
    answers_id: int | None = None
    """The published challenge that a suggestion is a solution to."""
    topic: str | None = None
    """One of the session's headings."""
    is_no_report: bool = False
    """Whether the author said that it is no report of a violation, should it read like one."""
    late: bool = False
    """Whether it was begun while the session was open, and is handed in after it was closed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person may send submissions: an open session of a meeting that they take part in."""

    session: Session
    meeting: Meeting
    participant: Participant


async def place(tx: Transaction, session_id: int, person_id: int, *, late: bool = False) -> Place:
    """Where the person would send to; ``late``: to a session that was closed while they were writing.

    Raises:
        NotFound: there is no such session.
        NotRegistered, NotForSector, SessionClosed.
    """
    session = await stored_sessions.find(tx, session_id)
    meeting = None if session is None else await meetings.find(tx, session.meeting_id)
    if session is None or meeting is None:
        raise NotFound
    participant = await participants.of_person(tx, meeting.id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    takes = (stored_sessions.OPEN, stored_sessions.CLOSED) if late else (stored_sessions.OPEN,)
    if session.state not in takes or meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise SessionClosed
    if session.sectors and participant.sector not in session.sectors:
        raise NotForSector
    return Place(session, meeting, participant)


async def left_for(tx: Transaction, session: Session, person_id: int, secret: bytes) -> int:
    """How many submissions the person may still send in an open session."""
    sent = await submission_counts.sent_by(tx, session.id)
    return max(0, session.limit_per_person - sent.get(sealed(session.id, person_id, secret), 0))


async def send_named(
    tx: Transaction,
    draft: Draft,
    person_id: int,
    attachment: Attachment | None,
    secret: bytes,
    now: datetime,
) -> tuple[Submission, Place]:
    """Send a submission under the author's name.

    Raises:
        NotFound, NotRegistered, NotForSector, SessionClosed, SessionChanged, LimitReached, ReadsLikeReport.
    """
    where, words = await _admit(tx, draft, person_id, stored_sessions.FORCED, secret)
    flags = (*words.flags, screening.LATE) if _is_late(draft, where) else words.flags
    submission = await submissions.add_named(
        tx,
        meeting_id=where.meeting.id,
        session_id=where.session.id,
        kind=draft.kind,
        text=words.text,
        attachment=attachment,
        participant_id=where.participant.id,
        sent_on=day_of(where.meeting, now),
        now=now,
        answers_id=await _challenge_of(tx, draft, where),
        topic=_heading_of(draft, where),
        flags=flags,
    )
    return await _published_at_once(tx, submission, where, now), where


async def send_anonymously(
    tx: Transaction, draft: Draft, person_id: int, secret: bytes, now: datetime
) -> tuple[Submission, Place, str]:
    """Send a submission without its author; the receipt comes last, and is nowhere else.

    The caller erases the draft and the stored update in the same transaction. That it came late is not kept: few do,
    and others may know who was still writing.

    Raises:
        NotFound, NotRegistered, NotForSector, SessionClosed, SessionChanged, LimitReached, ReadsLikeReport.
    """
    where, words = await _admit(tx, draft, person_id, stored_sessions.OFF, secret)
    receipt = new_receipt()
    submission = await submissions.add_anonymous(
        tx,
        meeting_id=where.meeting.id,
        session_id=where.session.id,
        kind=draft.kind,
        text=words.text,
        sent_on=day_of(where.meeting, now),
        receipt_hash=receipt_hash(receipt),
        answers_id=await _challenge_of(tx, draft, where),
        topic=_heading_of(draft, where),
        flags=words.flags,
    )
    return await _published_at_once(tx, submission, where, now), where, receipt


async def _admit(
    tx: Transaction, draft: Draft, person_id: int, unfit_anonymity: str, secret: bytes
) -> tuple[Place, Screened]:
    """Check that the session takes this draft from this person now, and count it."""
    await sessions.hold(tx, draft.session_id)
    where = await place(tx, draft.session_id, person_id, late=draft.late)
    session = where.session
    if session.anonymity == unfit_anonymity or draft.kind not in session.kinds or not draft.text:
        raise SessionChanged
    if len(draft.text) > session.text_limit:
        raise SessionChanged
    words = screening.screened(draft.text, is_no_report=draft.is_no_report)
    if _is_late(draft, where):
        return where, words  # the counts are gone; a draft is handed in once
    sent = await submission_counts.sent_by(tx, session.id)
    name = sealed(session.id, person_id, secret)
    if sent.get(name, 0) >= session.limit_per_person:
        raise LimitReached
    await submission_counts.save_sent_by(tx, session.id, {**sent, name: sent.get(name, 0) + 1})
    return where, words


def _is_late(draft: Draft, where: Place) -> bool:
    return draft.late and where.session.state == stored_sessions.CLOSED


async def _challenge_of(tx: Transaction, draft: Draft, where: Place) -> int | None:
    """The challenge that a suggestion answers; the one that it was merged into, and none when it is gone."""
    if draft.answers_id is None or draft.kind != SUGGESTION:
        return None
    challenge = await submissions.find(tx, draft.answers_id)
    if challenge is not None and challenge.merged_into_id is not None:
        challenge = await submissions.find(tx, challenge.merged_into_id)
    if challenge is None or challenge.meeting_id != where.meeting.id:
        return None
    fits = challenge.kind == CHALLENGE and challenge.state == submissions.PUBLISHED
    return challenge.id if fits else None


def _heading_of(draft: Draft, where: Place) -> str | None:
    return draft.topic if draft.topic in where.session.topics else None


async def _published_at_once(
    tx: Transaction, submission: Submission, where: Place, now: datetime
) -> Submission:
    """Publish what its session does not keep back until a moderator saw it."""
    if where.session.moderation != stored_sessions.AFTER or where.session.state != stored_sessions.OPEN:
        return submission
    if not screening.may_go_at_once(submission.flags):
        return submission
    published = await submissions.change(
        tx,
        submission,
        state=submissions.PUBLISHED,
        number=submission.number or await numbering.draw(tx, where.meeting.id),
        reviewed=0,
        decided_on=day_of(where.meeting, now).isoformat(),
    )
    assert published is not None
    return published


async def similar_to(tx: Transaction, meeting_id: int, text: str) -> list[Published]:
    """Published submissions that may say the same as a draft, the likest first. Nothing of the draft is kept."""
    found = []
    for match in similar.nearest(text, await submissions.published_words(tx, meeting_id)):
        submission = await submissions.find(tx, match.id)
        assert submission is not None
        found.append(await with_author(tx, submission))
    return found


@dataclass(frozen=True, slots=True)
class Published:
    """A published submission and its author; None for an anonymous one."""

    submission: Submission
    author: Participant | None


async def with_author(tx: Transaction, submission: Submission) -> Published:
    author = None
    if submission.participant_id is not None:
        author = await participants.find(tx, submission.participant_id)
    return Published(submission, author)


async def published_page(
    tx: Transaction, meeting_id: int, person_id: int, page: int
) -> tuple[list[Published], int]:
    """One page of the published submissions of a meeting, by number, and how many there are in all.

    Raises:
        NotFound, NotRegistered.
    """
    await _require_reader(tx, meeting_id, person_id)
    found = [
        await with_author(tx, submission)
        for submission in await submissions.published(tx, meeting_id, PAGE, page * PAGE)
    ]
    return found, await submissions.count(tx, meeting_id, submissions.PUBLISHED)


async def published_one(tx: Transaction, submission_id: int, person_id: int) -> tuple[Published, Meeting]:
    """A published submission, for somebody who belongs to its meeting.

    Raises:
        NotFound, NotRegistered.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None:
        raise NotFound
    await _require_reader(tx, submission.meeting_id, person_id)
    if submission.state == submissions.MERGED and submission.merged_into_id is not None:
        submission = await submissions.find(tx, submission.merged_into_id)
    meeting = None if submission is None else await meetings.find(tx, submission.meeting_id)
    if submission is None or meeting is None or submission.state != submissions.PUBLISHED:
        raise NotFound
    return await with_author(tx, submission), meeting


async def attachment_of(tx: Transaction, submission_id: int, person_id: int) -> Attachment:
    """The file of a submission: published for everybody in the meeting, before that for those who decide on it.

    Whoever is to answer it as a speaker of the agenda need not be registered.

    Raises:
        NotFound, NotRegistered.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or submission.attachment is None:
        raise NotFound
    if await speaker_links.answers(tx, submission_id, person_id):
        return submission.attachment
    role = await _require_reader(tx, submission.meeting_id, person_id)
    if submission.state != submissions.PUBLISHED and role not in MODERATORS:
        raise NotFound
    return submission.attachment


async def _require_reader(tx: Transaction, meeting_id: int, person_id: int) -> str | None:
    """The role of somebody who belongs to a meeting: in its office, or None for a participant."""
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    role = await offices.role_of(tx, meeting.office_id, person_id)
    participant = None if role else await participants.of_person(tx, meeting_id, person_id)
    if role is None and (participant is None or participant.state != REGISTERED):
        raise NotRegistered
    return role


def sealed(session_id: int, person_id: int, secret: bytes) -> str:
    """The name under which a session counts a person: nobody without the secret can tell whose it is.

    Telegram's ids are few enough to try them all against a plain hash.
    """
    return hmac.new(secret, f"{session_id}:{person_id}".encode(), hashlib.sha256).hexdigest()[:32]


def day_of(meeting: Meeting, now: datetime) -> date:
    """The day at the meeting's place."""
    return now.astimezone(zone(meeting.timezone)).date()
