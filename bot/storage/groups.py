"""Groups, supergroups and forum topics that the bot was added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis

REACHABLE, REMOVED, MUTED = "reachable", "removed", "muted"


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat; bound to a meeting when broadcasts are to go there."""

    chat_id: int
    title: str
    office_id: int | None
    meeting_id: int | None
    thread_id: int | None
    """The forum topic that was bound; None for the whole group."""
    locale: str | None
    reach: str
    """``reachable``, ``removed`` (the bot is no member) or ``muted`` (it may not post)."""


def _group(row: Row) -> Group:
    return Group(
        row["chat_id"],
        row["title"],
        row["office_id"],
        row["meeting_id"],
        row["thread_id"],
        row["locale"],
        row["reach"],
    )


async def find(tx: Transaction, chat_id: int) -> Group | None:
    row = await tx.one("SELECT * FROM groups WHERE chat_id = :chat", chat=chat_id)
    return None if row is None else _group(row)


async def see(tx: Transaction, chat_id: int, title: str, reach: str = REACHABLE) -> Group:
    """The group as Telegram last described it; recorded when new."""
    row = await tx.one(
        "INSERT INTO groups (chat_id, title, reach) VALUES (:chat, :title, :reach)"
        " ON CONFLICT (chat_id) DO UPDATE SET title = excluded.title, reach = excluded.reach RETURNING *",
        chat=chat_id,
        title=title,
        reach=reach,
    )
    assert row is not None
    return _group(row)


async def bind(
    tx: Transaction, chat_id: int, office_id: int, meeting_id: int, thread_id: int | None, now: datetime
) -> None:
    """Make the group (or its topic) receive what concerns the meeting."""
    await tx.run(
        "UPDATE groups SET office_id = :office, meeting_id = :meeting, thread_id = :thread, bound_at = :now"
        " WHERE chat_id = :chat",
        chat=chat_id,
        office=office_id,
        meeting=meeting_id,
        thread=thread_id,
        now=millis(now),
    )


async def unbind(tx: Transaction, chat_id: int) -> None:
    await tx.run(
        "UPDATE groups SET office_id = NULL, meeting_id = NULL, thread_id = NULL, bound_at = NULL"
        " WHERE chat_id = :chat",
        chat=chat_id,
    )


async def choose_locale(tx: Transaction, chat_id: int, locale: str | None) -> None:
    await tx.run("UPDATE groups SET locale = :locale WHERE chat_id = :chat", chat=chat_id, locale=locale)


async def mark(tx: Transaction, chat_id: int, reach: str) -> None:
    """Record whether the group can be written to."""
    await tx.run("UPDATE groups SET reach = :reach WHERE chat_id = :chat", chat=chat_id, reach=reach)


async def bound_to(tx: Transaction, meeting_id: int) -> list[Group]:
    """The groups that receive what concerns a meeting and can be written to."""
    rows = await tx.all(
        "SELECT * FROM groups WHERE meeting_id = :meeting AND reach = 'reachable' ORDER BY chat_id",
        meeting=meeting_id,
    )
    return [_group(row) for row in rows]


async def move(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Follow a group that became a supergroup; harmless when it was followed already."""
    old = await tx.one("SELECT * FROM groups WHERE chat_id = :chat", chat=old_chat)
    if old is None:
        return
    await tx.run(
        "INSERT INTO groups (chat_id, title, office_id, meeting_id, thread_id, locale, reach, bound_at)"
        " SELECT :new, title, office_id, meeting_id, thread_id, locale, reach, bound_at FROM groups"
        " WHERE chat_id = :old ON CONFLICT (chat_id) DO UPDATE SET office_id = excluded.office_id,"
        " meeting_id = excluded.meeting_id, locale = excluded.locale, reach = excluded.reach,"
        " bound_at = excluded.bound_at",
        new=new_chat,
        old=old_chat,
    )
    await tx.run("DELETE FROM groups WHERE chat_id = :chat", chat=old_chat)
