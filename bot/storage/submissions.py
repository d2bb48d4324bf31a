"""Submissions, and how many each person sent in an open session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

WAITING, PUBLISHED, REFUSED = "waiting", "published", "refused"

PHOTO, DOCUMENT = "photo", "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that Telegram keeps; ``kind`` is ``photo`` or ``document``."""

    kind: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody gave to a session."""

    id: int
    meeting_id: int
    session_id: int
    kind: str
    text: str
    attachment: Attachment | None
    participant_id: int | None
    """The author; None for an anonymous submission."""
    sent_on: date
    """The day in the meeting's zone."""
    sent_at: datetime | None
    """None for an anonymous submission."""
    state: str
    """``waiting``, ``published`` or ``refused``; a withdrawn submission is gone."""
    number: int | None
    """What people call it, from 1 up in its meeting; None until it is published."""

    @property
    def is_anonymous(self) -> bool:
        return self.participant_id is None


def _submission(row: Row) -> Submission:
    attachment = None if row["attachment"] is None else Attachment(**from_json(row["attachment"]))
    return Submission(
        id=row["id"],
        meeting_id=row["meeting_id"],
        session_id=row["session_id"],
        kind=row["kind"],
        text=row["text"],
        attachment=attachment,
        participant_id=row["participant_id"],
        sent_on=date.fromisoformat(row["sent_on"]),
        sent_at=None if row["sent_at"] is None else moment(row["sent_at"]),
        state=row["state"],
        number=row["number"],
    )


async def add_named(
    tx: Transaction,
    *,
    meeting_id: int,
    session_id: int,
    kind: str,
    text: str,
    attachment: Attachment | None,
    participant_id: int,
    sent_on: date,
    now: datetime,
) -> Submission:
    """Keep a submission with its author."""
    stored = None if attachment is None else {"kind": attachment.kind, "file_id": attachment.file_id}
    return await _add(
        tx,
        meeting=meeting_id,
        session=session_id,
        kind=kind,
        text=text,
        attachment=None if stored is None else to_json(stored),
        participant=participant_id,
        sent_on=sent_on.isoformat(),
        sent_at=millis(now),
        receipt=None,
    )


async def add_anonymous(
    tx: Transaction,
    *,
    meeting_id: int,
    session_id: int,
    kind: str,
    text: str,
    sent_on: date,
    receipt_hash: str,
) -> Submission:
    """Keep a submission without anything that tells its author: no person, no moment, no file."""
    return await _add(
        tx,
        meeting=meeting_id,
        session=session_id,
        kind=kind,
        text=text,
        attachment=None,
        participant=None,
        sent_on=sent_on.isoformat(),
        sent_at=None,
        receipt=receipt_hash,
    )


async def _add(tx: Transaction, **values: Any) -> Submission:
    row = await tx.one(
        "INSERT INTO submissions (id, meeting_id, session_id, kind, text, attachment, participant_id, sent_on, sent_at,"
        " state, receipt_hash) VALUES (:id, :meeting, :session, :kind, :text, :attachment, :participant, :sent_on,"
        " :sent_at, 'waiting', :receipt) RETURNING *",
        id=new_id(),
        **values,
    )
    assert row is not None
    return _submission(row)


async def find(tx: Transaction, submission_id: int) -> Submission | None:
    row = await tx.one("SELECT * FROM submissions WHERE id = :id", id=submission_id)
    return None if row is None else _submission(row)


async def find_by_receipt(tx: Transaction, receipt_hash: str) -> Submission | None:
    row = await tx.one("SELECT * FROM submissions WHERE receipt_hash = :hash", hash=receipt_hash)
    return None if row is None else _submission(row)


async def next_waiting(tx: Transaction, meeting_id: int, after: Submission | None) -> Submission | None:
    """The first submission that nobody decided yet, or the first after another one; None when there is none.

    The oldest day comes first; within a day they come in an order that tells nothing.
    """
    row = await tx.one(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND state = 'waiting' AND (sent_on, id) > (:day, :id)"
        " ORDER BY sent_on, id LIMIT 1",
        meeting=meeting_id,
        day="" if after is None else after.sent_on.isoformat(),
        id=0 if after is None else after.id,
    )
    return None if row is None else _submission(row)


async def published(tx: Transaction, meeting_id: int, limit: int, skip: int = 0) -> list[Submission]:
    """Published submissions of a meeting, the highest number first."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND number IS NOT NULL"
        " ORDER BY number DESC LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
    )
    return [_submission(row) for row in rows]


async def count(tx: Transaction, meeting_id: int, state: str) -> int:
    """How many submissions of a meeting are in a state."""
    found: int = await tx.value(
        "SELECT COUNT(*) FROM submissions WHERE meeting_id = :meeting AND state = :state",
        meeting=meeting_id,
        state=state,
    )
    return found


async def count_by_session(tx: Transaction, meeting_id: int) -> dict[int, int]:
    """Session id to number of submissions, whatever their state; sessions without any are left out."""
    rows = await tx.all(
        "SELECT session_id, COUNT(*) AS sent FROM submissions WHERE meeting_id = :meeting GROUP BY session_id",
        meeting=meeting_id,
    )
    return {row["session_id"]: row["sent"] for row in rows}


async def publish(tx: Transaction, submission: Submission, today: date) -> Submission | None:
    """Publish a waiting submission under the meeting's next number; None when it is no longer waiting."""
    await tx.lock(f"submission numbers {submission.meeting_id}")
    row = await tx.one(
        "UPDATE submissions SET state = 'published', decided_on = :today, number ="
        " (SELECT COALESCE(MAX(number), 0) + 1 FROM submissions WHERE meeting_id = :meeting)"
        " WHERE id = :id AND state = 'waiting' RETURNING *",
        id=submission.id,
        meeting=submission.meeting_id,
        today=today.isoformat(),
    )
    return None if row is None else _submission(row)


async def refuse(tx: Transaction, submission_id: int, today: date) -> Submission | None:
    """Refuse a waiting submission; None when it is no longer waiting."""
    row = await tx.one(
        "UPDATE submissions SET state = 'refused', decided_on = :today WHERE id = :id AND state = 'waiting'"
        " RETURNING *",
        id=submission_id,
        today=today.isoformat(),
    )
    return None if row is None else _submission(row)


async def withdraw(tx: Transaction, submission_id: int) -> bool:
    """Erase a waiting submission; False when it is no longer waiting."""
    erased = await tx.run("DELETE FROM submissions WHERE id = :id AND state = 'waiting'", id=submission_id)
    return erased > 0


async def sent_by(tx: Transaction, session_id: int) -> dict[str, int]:
    """How many submissions each person sent in an open session, by the domain's sealed name of the person."""
    stored = await tx.value(
        "SELECT sent FROM submission_counts WHERE session_id = :session", session=session_id
    )
    return {} if stored is None else from_json(stored)


async def save_sent_by(tx: Transaction, session_id: int, sent: Mapping[str, int]) -> None:
    """Keep the counts of a session, sorted, so that their order tells nothing. Lock them before reading."""
    await tx.run(
        "INSERT INTO submission_counts (session_id, sent) VALUES (:session, :sent)"
        " ON CONFLICT (session_id) DO UPDATE SET sent = excluded.sent",
        session=session_id,
        sent=to_json(dict(sorted(sent.items()))),
    )


async def forget_sent_by(tx: Transaction, session_id: int) -> None:
    await tx.run("DELETE FROM submission_counts WHERE session_id = :session", session=session_id)
