"""Submissions: what people gave to the sessions of a meeting, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

WAITING, HELD, PUBLISHED, REFUSED = "waiting", "held", "published", "refused"
MERGED = "merged"
"""A duplicate, whose support went to another submission."""
WITHDRAWN = "withdrawn"
"""Taken back by its author after it was published: its words are erased, its number stays taken."""

PHOTO, DOCUMENT = "photo", "document"

IN_HALL, WRITTEN = "hall", "written"
"""How a submission was answered."""


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
    """``waiting``, ``held``, ``published``, ``refused``, ``merged`` or ``withdrawn``."""
    number: int | None
    """What people call it, unique in its meeting; None until it is first published."""
    answers_id: int | None
    """The challenge that it offers a solution to."""
    merged_into_id: int | None
    topic: str | None
    """The heading that it stands under."""
    original_text: str | None
    """The author's words, once a moderator corrected their typing; None while they stand as they were sent."""
    flags: tuple[str, ...]
    """What the word filter saw, whether its author said that it is no report, and whether it came late."""
    reason: str | None
    """Why it was refused, a code."""
    reviewed: bool
    """Whether a moderator saw it."""
    speaker: str | None
    """Who is to answer, by the name in the agenda."""
    answered: str | None
    """``hall`` or ``written``; None while it was not answered."""
    answer: str | None
    answered_by: str | None
    """Whose words the answer is, by the name in the agenda; None for the committee's."""

    @property
    def is_anonymous(self) -> bool:
        return self.participant_id is None


def submission(row: Row) -> Submission:
    """A row with every column of ``submissions``."""
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
        answers_id=row["answers_id"],
        merged_into_id=row["merged_into_id"],
        topic=row["topic"],
        original_text=row["original_text"],
        flags=tuple(from_json(row["flags"])),
        reason=row["reason"],
        reviewed=bool(row["reviewed"]),
        speaker=row["speaker"],
        answered=row["answered"],
        answer=row["answer"],
        answered_by=row["answered_by"],
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
    answers_id: int | None = None,
    topic: str | None = None,
    flags: Sequence[str] = (),
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
        answers=answers_id,
        topic=topic,
        flags=to_json(list(flags)),
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
    answers_id: int | None = None,
    topic: str | None = None,
    flags: Sequence[str] = (),
) -> Submission:
    """Keep a submission without anything that tells its author: no person, no moment, no file, no place in a row."""
    added = await _add(
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
        answers=answers_id,
        topic=topic,
        flags=to_json(list(flags)),
    )
    await _stir(tx, session_id)
    return added


async def _add(tx: Transaction, **values: Any) -> Submission:
    row = await tx.one(
        "INSERT INTO submissions (id, meeting_id, session_id, kind, text, attachment, participant_id, sent_on, sent_at,"
        " state, receipt_hash, answers_id, topic, flags) VALUES (:id, :meeting, :session, :kind, :text, :attachment,"
        " :participant, :sent_on, :sent_at, 'waiting', :receipt, :answers, :topic, :flags) RETURNING *",
        id=new_id(),
        **values,
    )
    assert row is not None
    return submission(row)


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
    return None if row is None else submission(row)


async def find_by_number(tx: Transaction, meeting_id: int, number: int) -> Submission | None:
    """The published submission that people call by this number."""
    row = await tx.one(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND number = :number AND state = 'published'",
        meeting=meeting_id,
        number=number,
    )
    return None if row is None else submission(row)


async def find_by_receipt(tx: Transaction, receipt_hash: str) -> Submission | None:
    row = await tx.one("SELECT * FROM submissions WHERE receipt_hash = :hash", hash=receipt_hash)
    return None if row is None else submission(row)


async def of_participant(tx: Transaction, participant_id: int, limit: int, skip: int) -> list[Submission]:
    """What somebody sent under their name and did not withdraw, the newest first."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE participant_id = :participant AND state <> 'withdrawn'"
        " ORDER BY sent_at DESC, id LIMIT :limit OFFSET :skip",
        participant=participant_id,
        limit=limit,
        skip=skip,
    )
    return [submission(row) for row in rows]


async def published(tx: Transaction, meeting_id: int, limit: int, skip: int = 0) -> list[Submission]:
    """Published submissions of a meeting, by number."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND state = 'published'"
        " ORDER BY number LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
    )
    return [submission(row) for row in rows]


async def published_words(tx: Transaction, meeting_id: int) -> list[tuple[int, str]]:
    """Id and text of every published submission of a meeting."""
    rows = await tx.all(
        "SELECT id, text FROM submissions WHERE meeting_id = :meeting AND state = 'published' ORDER BY number",
        meeting=meeting_id,
    )
    return [(row["id"], row["text"]) for row in rows]


async def solutions(tx: Transaction, challenge_id: int) -> list[Submission]:
    """The published suggestions that answer a challenge, by number."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE answers_id = :challenge AND state = 'published' ORDER BY number",
        challenge=challenge_id,
    )
    return [submission(row) for row in rows]


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
    """The numbers of the published submissions that a moderator has seen: what the wall of a meeting may show."""
    rows = await tx.all(
        "SELECT number FROM submissions WHERE meeting_id = :meeting AND state = 'published' AND reviewed = 1",
        meeting=meeting_id,
    )
    return {row["number"] for row in rows}


async def numbers_taken(tx: Transaction, meeting_id: int) -> set[int]:
    """The numbers that no other submission of a meeting may get: also of those that are no longer published."""
    rows = await tx.all(
        "SELECT number FROM submissions WHERE meeting_id = :meeting AND number IS NOT NULL",
        meeting=meeting_id,
    )
    return {row["number"] for row in rows}


async def change(tx: Transaction, before: Submission, **columns: Any) -> Submission | None:
    """Give a submission other values; None when it is no longer in the state that the caller saw.

    Names of columns come from the program. The caller holds the session's lock.
    """
    settings = ", ".join(f"{name} = :{name}" for name in columns)
    row = await tx.one(
        f"UPDATE submissions SET {settings} WHERE id = :id AND state = :seen RETURNING *",  # noqa: S608
        id=before.id,
        seen=before.state,
        **columns,
    )
    if row is not None and row["receipt_hash"] is not None:
        await _stir(tx, before.session_id)
    return None if row is None else submission(row)


async def erase(tx: Transaction, before: Submission) -> bool:
    """Erase a submission; False when it is no longer in the state that the caller saw."""
    erased = await tx.run(
        "DELETE FROM submissions WHERE id = :id AND state = :seen", id=before.id, seen=before.state
    )
    return erased > 0
