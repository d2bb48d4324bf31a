"""Submissions, and how many each person sent in an open session."""

from __future__ import annotations

import random
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
    """What people call it, unique in its meeting; None until it is published."""

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
    """Keep a submission without anything that tells its author: no person, no moment, no file, no place in a row."""
    submission = await _add(
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
    await _stir(tx, session_id)
    return submission


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


async def _stir(tx: Transaction, session_id: int) -> None:
    """Write the anonymous submissions of a session anew, in random order.

    PostgreSQL keeps rows where they were written, marks them with their transaction, and dumps them so: their places
    would tell in which order they came. SQLite places them by their id, which is random. The caller holds the session's
    lock: nobody may look for a row meanwhile.
    """
    if tx.engine == "sqlite":
        return
    rows = await tx.all(
        "DELETE FROM submissions WHERE session_id = :session AND receipt_hash IS NOT NULL RETURNING *",
        session=session_id,
    )
    random.SystemRandom().shuffle(rows)
    names = list(rows[0].keys()) if rows else []
    await tx.many(
        f"INSERT INTO submissions ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})",  # noqa: S608
        [{name: row[name] for name in names} for row in rows],
    )


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
    """Published submissions of a meeting, by number."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND number IS NOT NULL"
        " ORDER BY number LIMIT :limit OFFSET :skip",
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


async def numbers(tx: Transaction, meeting_id: int) -> set[int]:
    """The numbers of the published submissions of a meeting."""
    rows = await tx.all(
        "SELECT number FROM submissions WHERE meeting_id = :meeting AND number IS NOT NULL",
        meeting=meeting_id,
    )
    return {row["number"] for row in rows}


async def decide(
    tx: Transaction, submission: Submission, state: str, number: int | None, today: date
) -> Submission | None:
    """Publish or refuse a waiting submission; None when it is no longer waiting.

    The caller holds the session's lock.
    """
    row = await tx.one(
        "UPDATE submissions SET state = :state, number = :number, decided_on = :today"
        " WHERE id = :id AND state = 'waiting' RETURNING *",
        id=submission.id,
        state=state,
        number=number,
        today=today.isoformat(),
    )
    if row is not None and row["receipt_hash"] is not None:
        await _stir(tx, submission.session_id)
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
