"""Questions that people asked an office in answer to a notice, and who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in the asker's words."""

    id: int
    office_id: int
    meeting_id: int
    broadcast_id: int | None
    """The notice that it is about."""
    person_id: int | None
    """Who asked; None once their data were erased, and then there are no words either."""
    chat_id: int | None
    thread_id: int | None
    message_id: int | None
    """The asker's message, to answer to."""
    text: str
    state: str
    asked_at: datetime
    assigned_to: int | None
    """The organiser who is answering."""
    assigned_at: datetime | None
    answer: str | None


def _question(row: Row) -> Question:
    return Question(
        id=row["id"],
        office_id=row["office_id"],
        meeting_id=row["meeting_id"],
        broadcast_id=row["broadcast_id"],
        person_id=row["person_id"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        message_id=row["message_id"],
        text=row["text"],
        state=row["state"],
        asked_at=moment(row["asked_at"]),
        assigned_to=row["assigned_to"],
        assigned_at=None if row["assigned_at"] is None else moment(row["assigned_at"]),
        answer=row["answer"],
    )


async def add(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    broadcast_id: int | None,
    person_id: int,
    chat_id: int,
    thread_id: int | None,
    message_id: int,
    text: str,
    now: datetime,
) -> Question | None:
    """Keep a question; None when this message asked one before."""
    row = await tx.one(
        "INSERT INTO office_questions (id, office_id, meeting_id, broadcast_id, person_id, chat_id, thread_id,"
        " message_id, text, state, asked_at) VALUES (:id, :office, :meeting, :broadcast, :person, :chat, :thread,"
        " :message, :text, 'open', :now) ON CONFLICT (chat_id, message_id) DO NOTHING RETURNING *",
        id=new_id(),
        office=office_id,
        meeting=meeting_id,
        broadcast=broadcast_id,
        person=person_id,
        chat=chat_id,
        thread=thread_id,
        message=message_id,
        text=text,
        now=millis(now),
    )
    return None if row is None else _question(row)


async def find(tx: Transaction, question_id: int) -> Question | None:
    row = await tx.one("SELECT * FROM office_questions WHERE id = :id", id=question_id)
    return None if row is None else _question(row)


async def of_office(
    tx: Transaction, office_id: int, *, is_open: bool, limit: int, skip: int
) -> list[Question]:
    """A page of the open questions, the longest waiting first, or of the others, the latest first."""
    which, order = ("=", "ASC") if is_open else ("<>", "DESC")
    rows = await tx.all(
        f"SELECT * FROM office_questions WHERE office_id = :office AND state {which} 'open'"  # noqa: S608 - texts above
        f" ORDER BY asked_at {order}, id LIMIT :limit OFFSET :skip",
        office=office_id,
        limit=limit,
        skip=skip,
    )
    return [_question(row) for row in rows]


async def count(tx: Transaction, office_id: int, *, is_open: bool) -> int:
    which = "=" if is_open else "<>"
    found = await tx.value(
        f"SELECT COUNT(*) FROM office_questions WHERE office_id = :office AND state {which} 'open'",  # noqa: S608
        office=office_id,
    )
    return int(found)


async def count_open_of(tx: Transaction, office_id: int, person_id: int) -> int:
    """How many questions of a person wait for their answer."""
    found = await tx.value(
        "SELECT COUNT(*) FROM office_questions"
        " WHERE office_id = :office AND person_id = :person AND state = 'open'",
        office=office_id,
        person=person_id,
    )
    return int(found)


async def assign(
    tx: Transaction, question_id: int, organiser_id: int, now: datetime, *, take_over: bool
) -> bool:
    """Give an open question to one organiser; False when it is decided, or another one's and not to be taken over."""
    changed = await tx.run(
        "UPDATE office_questions SET assigned_to = :organiser, assigned_at = :now WHERE id = :id AND state = 'open'"
        " AND (assigned_to IS NULL OR assigned_to = :organiser OR CAST(:over AS BIGINT) = 1)",
        id=question_id,
        organiser=organiser_id,
        now=millis(now),
        over=int(take_over),
    )
    return changed > 0


async def let_go(tx: Transaction, question_id: int, organiser_id: int) -> bool:
    """Leave a question to the others; False when the organiser did not have it."""
    changed = await tx.run(
        "UPDATE office_questions SET assigned_to = NULL, assigned_at = NULL"
        " WHERE id = :id AND state = 'open' AND assigned_to = :organiser",
        id=question_id,
        organiser=organiser_id,
    )
    return changed > 0


async def answer(
    tx: Transaction, question_id: int, organiser_id: int, text: str, now: datetime
) -> Question | None:
    """Answer a question that this organiser has; None when it is decided or another one's by now."""
    row = await tx.one(
        "UPDATE office_questions SET state = 'answered', answer = :text, decided_by = :organiser, decided_at = :now"
        " WHERE id = :id AND state = 'open' AND assigned_to = :organiser RETURNING *",
        id=question_id,
        organiser=organiser_id,
        text=text,
        now=millis(now),
    )
    return None if row is None else _question(row)


async def close(tx: Transaction, question_id: int, organiser_id: int, now: datetime) -> Question | None:
    """Close a question without an answer; None when it is decided, or another organiser is answering it."""
    row = await tx.one(
        "UPDATE office_questions SET state = 'closed', decided_by = :organiser, decided_at = :now"
        " WHERE id = :id AND state = 'open' AND (assigned_to IS NULL OR assigned_to = :organiser) RETURNING *",
        id=question_id,
        organiser=organiser_id,
        now=millis(now),
    )
    return None if row is None else _question(row)


async def notice_at(tx: Transaction, chat_id: int, message_id: int) -> int | None:
    """The broadcast that a message of a chat is."""
    found = await tx.value(
        "SELECT broadcast_id FROM deliveries WHERE chat_id = :chat AND message_id = :message",
        chat=chat_id,
        message=message_id,
    )
    return None if found is None else int(found)


async def notices_in(tx: Transaction, chat_id: int, limit: int) -> list[tuple[int, Any]]:
    """Up to ``limit`` broadcasts that a chat has or may have, with their contents.

    Those first whose message there is not known (yet), then the latest.
    """
    rows = await tx.all(
        "SELECT broadcasts.id AS id, broadcasts.content AS content FROM deliveries"
        " JOIN broadcasts ON broadcasts.id = deliveries.broadcast_id WHERE deliveries.chat_id = :chat"
        " ORDER BY CASE WHEN deliveries.message_id IS NULL THEN 0 ELSE 1 END, broadcasts.created_at DESC LIMIT :limit",
        chat=chat_id,
        limit=limit,
    )
    return [(row["id"], from_json(row["content"])) for row in rows]
