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

from bot.domain import roles, sessions
from bot.domain.errors import (
    AlreadyDecided,
    LimitReached,
    NotFound,
    NotRegistered,
    SessionChanged,
    SessionClosed,
)
from bot.i18n import zone
from bot.storage import meetings, offices, participants, submissions
from bot.storage import sessions as stored_sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from bot.storage.sessions import Session
from bot.storage.submissions import Attachment, Submission
from bot.storage.values import ALPHABET, new_code

MODERATORS = (roles.ORGANISER, roles.MODERATOR)
"""Who decides on submissions."""

PAGE = 5
"""How many published submissions are shown at once."""

RECEIPT_LENGTH = 12
"""59 bits: nobody finds one by trying, neither in the chat nor against the stored hashes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send to a session."""

    session_id: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person may send submissions: an open session of a meeting that they take part in."""

    session: Session
    meeting: Meeting
    participant: Participant


async def place(tx: Transaction, session_id: int, person_id: int) -> Place:
    """Where the person would send to.

    Raises:
        NotFound: there is no such session.
        NotRegistered, SessionClosed.
    """
    session = await stored_sessions.find(tx, session_id)
    meeting = None if session is None else await meetings.find(tx, session.meeting_id)
    if session is None or meeting is None:
        raise NotFound
    participant = await participants.of_person(tx, meeting.id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    if session.state != stored_sessions.OPEN or meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise SessionClosed
    return Place(session, meeting, participant)


async def left_for(tx: Transaction, session: Session, person_id: int, secret: bytes) -> int:
    """How many submissions the person may still send in an open session."""
    sent = await submissions.sent_by(tx, session.id)
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
        NotFound, NotRegistered, SessionClosed, SessionChanged, LimitReached.
    """
    where = await _admit(tx, draft, person_id, stored_sessions.FORCED, secret)
    submission = await submissions.add_named(
        tx,
        meeting_id=where.meeting.id,
        session_id=where.session.id,
        kind=draft.kind,
        text=draft.text,
        attachment=attachment,
        participant_id=where.participant.id,
        sent_on=day_of(where.meeting, now),
        now=now,
    )
    return submission, where


async def send_anonymously(
    tx: Transaction, draft: Draft, person_id: int, secret: bytes, now: datetime
) -> tuple[Submission, Place, str]:
    """Send a submission without its author; the receipt comes last, and is nowhere else.

    The caller erases the draft and the stored update in the same transaction.

    Raises:
        NotFound, NotRegistered, SessionClosed, SessionChanged, LimitReached.
    """
    where = await _admit(tx, draft, person_id, stored_sessions.OFF, secret)
    receipt = new_receipt()
    submission = await submissions.add_anonymous(
        tx,
        meeting_id=where.meeting.id,
        session_id=where.session.id,
        kind=draft.kind,
        text=draft.text,
        sent_on=day_of(where.meeting, now),
        receipt_hash=receipt_hash(receipt),
    )
    return submission, where, receipt


async def _admit(tx: Transaction, draft: Draft, person_id: int, unfit_anonymity: str, secret: bytes) -> Place:
    """Check that the session takes this draft from this person now, and count it."""
    await sessions.hold(tx, draft.session_id)
    where = await place(tx, draft.session_id, person_id)
    session = where.session
    if session.anonymity == unfit_anonymity or draft.kind not in session.kinds or not draft.text:
        raise SessionChanged
    if len(draft.text) > session.text_limit:
        raise SessionChanged
    sent = await submissions.sent_by(tx, session.id)
    name = sealed(session.id, person_id, secret)
    if sent.get(name, 0) >= session.limit_per_person:
        raise LimitReached
    await submissions.save_sent_by(tx, session.id, {**sent, name: sent.get(name, 0) + 1})
    return where


@dataclass(frozen=True, slots=True)
class Published:
    """A published submission and its author; None for an anonymous one."""

    submission: Submission
    author: Participant | None


async def published_page(
    tx: Transaction, meeting_id: int, person_id: int, page: int
) -> tuple[list[Published], int]:
    """One page of the published submissions of a meeting, by number, and how many there are in all.

    Raises:
        NotFound, NotRegistered.
    """
    await _require_reader(tx, meeting_id, person_id)
    found = []
    for submission in await submissions.published(tx, meeting_id, PAGE, page * PAGE):
        author = None
        if submission.participant_id is not None:
            author = await participants.find(tx, submission.participant_id)
        found.append(Published(submission, author))
    return found, await submissions.count(tx, meeting_id, submissions.PUBLISHED)


async def attachment_of(tx: Transaction, submission_id: int, person_id: int) -> Attachment:
    """The file of a submission: published for everybody in the meeting, before that for those who decide on it.

    Raises:
        NotFound, NotRegistered.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or submission.attachment is None:
        raise NotFound
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


async def by_receipt(tx: Transaction, receipt: str) -> Submission:
    """The submission that a receipt belongs to.

    Raises:
        NotFound: it is no receipt, or its submission was withdrawn.
    """
    submission = await submissions.find_by_receipt(tx, receipt_hash(receipt))
    if submission is None:
        raise NotFound
    return submission


async def withdraw_by_receipt(tx: Transaction, receipt: str) -> None:
    """Erase an anonymous submission that nobody decided yet.

    Raises:
        NotFound, AlreadyDecided.
    """
    await _withdraw(tx, await by_receipt(tx, receipt))


async def withdraw_own(tx: Transaction, submission_id: int, person_id: int) -> None:
    """Erase a submission that the person sent under their name and that nobody decided yet.

    Raises:
        NotFound: it is gone, or not theirs.
        AlreadyDecided.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or submission.participant_id is None:
        raise NotFound
    author = await participants.find(tx, submission.participant_id)
    if author is None or author.person_id != person_id:
        raise NotFound
    await _withdraw(tx, submission)


async def _withdraw(tx: Transaction, submission: Submission) -> None:
    await sessions.hold(tx, submission.session_id)
    if not await submissions.withdraw(tx, submission.id):
        raise AlreadyDecided


def new_receipt() -> str:
    """Three groups of four characters: ``K7QM-2XRD-9TWA``."""
    code = new_code(RECEIPT_LENGTH)
    return "-".join(code[start : start + 4] for start in range(0, RECEIPT_LENGTH, 4))


def is_receipt(text: str) -> bool:
    """Whether a text could be a receipt, however it is spaced and capitalised."""
    code = _plain(text)
    return len(code) == RECEIPT_LENGTH and set(code) <= set(ALPHABET)


def receipt_hash(receipt: str) -> str:
    """What is stored of a receipt."""
    return hashlib.sha256(_plain(receipt).encode()).hexdigest()


def _plain(receipt: str) -> str:
    return "".join(letter for letter in receipt.upper() if letter.isalnum())


def sealed(session_id: int, person_id: int, secret: bytes) -> str:
    """The name under which a session counts a person: nobody without the secret can tell whose it is.

    Telegram's ids are few enough to try them all against a plain hash.
    """
    return hmac.new(secret, f"{session_id}:{person_id}".encode(), hashlib.sha256).hexdigest()[:32]


def day_of(meeting: Meeting, now: datetime) -> date:
    """The day at the meeting's place."""
    return now.astimezone(zone(meeting.timezone)).date()
