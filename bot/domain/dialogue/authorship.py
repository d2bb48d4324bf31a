"""What authors do with what they sent: look it up, change it, take it back.

Who sent it under their name is known by their account; who sent it anonymously shows the receipt. Changing an anonymous
submission takes the receipt and the new words in one message, so that no draft ever stands beside the receipt.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.dialogue import screening, sessions
from bot.domain.dialogue.receipts import receipt_hash
from bot.domain.errors import AlreadyDecided, NotFound, NotRegistered, SessionChanged, SessionClosed, TakenUp
from bot.storage import participants, stances, submissions
from bot.storage import sessions as stored_sessions
from bot.storage.database import Transaction
from bot.storage.participants import REGISTERED
from bot.storage.sessions import Session
from bot.storage.submissions import HELD, PUBLISHED, WAITING, Submission
from bot.storage.values import to_json

PAGE = 5
"""How many of their own submissions somebody sees at once."""


async def by_receipt(tx: Transaction, receipt: str) -> Submission:
    """The submission that a receipt belongs to.

    Raises:
        NotFound: it is no receipt, or its submission was withdrawn.
    """
    submission = await submissions.find_by_receipt(tx, receipt_hash(receipt))
    if submission is None:
        raise NotFound
    return submission


async def own(tx: Transaction, submission_id: int, person_id: int) -> Submission:
    """A submission that the person sent under their name.

    Raises:
        NotFound: it is gone, or not theirs.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or submission.participant_id is None:
        raise NotFound
    author = await participants.find(tx, submission.participant_id)
    if author is None or author.person_id != person_id or submission.state == submissions.WITHDRAWN:
        raise NotFound
    return submission


async def all_own(
    tx: Transaction, meeting_id: int, person_id: int, page: int
) -> tuple[list[Submission], bool]:
    """A page of what the person sent under their name in a meeting, the newest first, and whether there are more.

    Raises:
        NotRegistered.
    """
    participant = await participants.of_person(tx, meeting_id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    found = await submissions.of_participant(tx, participant.id, PAGE + 1, page * PAGE)
    return found[:PAGE], len(found) > PAGE


async def may_change(tx: Transaction, submission: Submission) -> tuple[bool, bool]:
    """Whether its author can change the words now, and whether they can take it back.

    Words that people have taken a stance on stay; what nobody decided on can be taken back at any time, what was
    published while its session is open.
    """
    session = await stored_sessions.find(tx, submission.session_id)
    is_open = session is not None and session.state == stored_sessions.OPEN
    undecided = submission.state in (WAITING, HELD)
    published = submission.state == PUBLISHED
    changes = is_open and (
        undecided or (published and not await stances.taken_on(tx, submission.id) and not submission.answered)
    )
    return changes, undecided or (published and is_open)


async def change_own(
    tx: Transaction, submission_id: int, person_id: int, text: str, *, is_no_report: bool
) -> Submission:
    """Give a submission other words, as its author by name.

    Raises:
        NotFound, AlreadyDecided, SessionClosed, SessionChanged, TakenUp, ReadsLikeReport.
    """
    return await _change(tx, await own(tx, submission_id, person_id), text, is_no_report=is_no_report)


async def change_by_receipt(tx: Transaction, receipt: str, text: str) -> Submission:
    """Give an anonymous submission other words.

    Raises:
        NotFound, AlreadyDecided, SessionClosed, SessionChanged, TakenUp, ReadsLikeReport.
    """
    return await _change(tx, await by_receipt(tx, receipt), text, is_no_report=False)


async def _change(tx: Transaction, submission: Submission, text: str, *, is_no_report: bool) -> Submission:
    await sessions.hold(tx, submission.session_id)
    session = await stored_sessions.find(tx, submission.session_id)
    assert session is not None
    if session.state != stored_sessions.OPEN:
        raise SessionClosed
    if submission.state not in (WAITING, HELD, PUBLISHED):
        raise AlreadyDecided
    if not text or len(text) > session.text_limit:
        raise SessionChanged
    if submission.state == PUBLISHED:
        await stances.hold(tx, submission.id)
        if submission.answered or await stances.taken_on(tx, submission.id):
            raise TakenUp
    words = screening.screened(text, is_no_report=is_no_report)
    kept = _after_change(submission, session, words.flags)
    changed = await submissions.change(
        tx,
        submission,
        text=words.text,
        original_text=None,
        flags=to_json(list(words.flags)),
        state=kept.state,
        reviewed=int(kept.reviewed),
    )
    if changed is None:
        raise AlreadyDecided
    return changed


def _after_change(submission: Submission, session: Session, flags: tuple[str, ...]) -> Submission:
    """Where a submission stands with other words: nobody has moderated those."""
    if submission.state == HELD:
        return submission
    if (
        submission.state == PUBLISHED
        and session.moderation == stored_sessions.AFTER
        and screening.may_go_at_once(flags)
    ):
        return replace(submission, reviewed=False)
    return replace(submission, state=WAITING)


async def withdraw_own(tx: Transaction, submission_id: int, person_id: int) -> None:
    """Take back a submission that the person sent under their name.

    Raises:
        NotFound: it is gone, or not theirs.
        AlreadyDecided: it was decided on, and its session is closed.
    """
    await _withdraw(tx, await own(tx, submission_id, person_id))


async def withdraw_by_receipt(tx: Transaction, receipt: str) -> None:
    """Take back an anonymous submission.

    Raises:
        NotFound.
        AlreadyDecided: it was decided on, and its session is closed.
    """
    await _withdraw(tx, await by_receipt(tx, receipt))


async def _withdraw(tx: Transaction, submission: Submission) -> None:
    await sessions.hold(tx, submission.session_id)
    _, allowed = await may_change(tx, submission)
    if not allowed:
        raise AlreadyDecided
    if submission.number is None:
        gone = await submissions.erase(tx, submission)
    else:
        # Stances, solutions and duplicates may point to it: its number stays taken, its words go.
        gone = None is not await submissions.change(
            tx,
            submission,
            state=submissions.WITHDRAWN,
            text="",
            original_text=None,
            attachment=None,
            answer=None,
            answered=None,
            receipt_hash=None,
            participant_id=None,
            sent_at=None,
        )
    if not gone:
        raise AlreadyDecided
