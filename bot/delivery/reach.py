"""What Telegram's answers say about a chat: it moved, or nobody reads there any more."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.delivery import outbox
from bot.domain.meeting import group_news
from bot.storage import deliveries, groups, people
from bot.storage.database import Transaction


async def mark_unreachable(tx: Transaction, chat_id: int, reason: str) -> None:
    """Do not write to this chat again until it returns. Group ids are negative, people's are not.

    ``reason`` is Telegram's text, https://github.com/tdlib/telegram-bot-api (Client.cpp).
    """
    text = reason.lower()
    if chat_id > 0:
        await people.mark(tx, chat_id, people.GONE if "deactivated" in text else people.BLOCKED)
    else:
        muted = "not enough rights" in text or "have no rights" in text
        group = await groups.find(tx, chat_id)
        reach = groups.MUTED if muted else groups.REMOVED
        await groups.mark(tx, chat_id, reach)
        if group is not None and group.reach == groups.REACHABLE:  # or it was told already
            await group_news.tell(tx, group, reach, datetime.now(UTC))
    await deliveries.give_up_chat(tx, chat_id, reason)


async def mark_reachable(tx: Transaction, chat_id: int) -> None:
    """A message arrived in this group. Telegram tells no bot that everybody in a group may write again; this does."""
    group = await groups.find(tx, chat_id)
    if group is not None and group.reach == groups.MUTED:
        await groups.mark(tx, chat_id, groups.REACHABLE)
        await group_news.tell(tx, group, groups.REACHABLE, datetime.now(UTC))


async def follow_group(tx: Transaction, old_chat: int, new_chat: int) -> None:
    """Make everything that belonged to a group belong to the supergroup that it became, and tell its organisers."""
    group = await groups.find(tx, old_chat)
    if group is not None:
        await group_news.tell(tx, group, group_news.MOVED, datetime.now(UTC))
    await groups.move(tx, old_chat, new_chat)
    await outbox.move_chat(tx, old_chat, new_chat)
    await deliveries.move_chat(tx, old_chat, new_chat)
