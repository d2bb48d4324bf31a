"""Where a person stands in a form, one row a chat and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.values import millis


@dataclass(frozen=True, slots=True)
class Conversation:
    """A form that waits for its next answer. ``state`` is JSON, known to who wrote it."""

    form: str
    state: str


async def find(tx: Transaction, chat_id: int, person_id: int) -> Conversation | None:
    row = await tx.one(
        "SELECT form, state FROM conversations WHERE chat_id = :chat AND person_id = :person",
        chat=chat_id,
        person=person_id,
    )
    return None if row is None else Conversation(row["form"], row["state"])


async def save(tx: Transaction, chat_id: int, person_id: int, form: str, state: str, now: datetime) -> None:
    """Keep where the person stands, in the place of what was kept before."""
    await tx.run(
        "INSERT INTO conversations (chat_id, person_id, form, state, updated_at)"
        " VALUES (:chat, :person, :form, :state, :now) ON CONFLICT (chat_id, person_id)"
        " DO UPDATE SET form = excluded.form, state = excluded.state, updated_at = excluded.updated_at",
        chat=chat_id,
        person=person_id,
        form=form,
        state=state,
        now=millis(now),
    )


async def erase(tx: Transaction, chat_id: int, person_id: int) -> bool:
    """Forget the form and its answers; whether there was one."""
    erased = await tx.run(
        "DELETE FROM conversations WHERE chat_id = :chat AND person_id = :person",
        chat=chat_id,
        person=person_id,
    )
    return erased > 0


async def prune(tx: Transaction, before: datetime) -> int:
    """Forget forms that nobody went on with since ``before``; how many. They hold people's words."""
    return await tx.run("DELETE FROM conversations WHERE updated_at < :before", before=millis(before))
