"""Who was asked to a meeting and has not answered: one rule for reminders, audiences and figures.

Somebody *has not answered* who opened an invitation of the meeting, their own or a shared link, and has neither
registered nor said no nor is represented. A registration that was refused or withdrawn is an answer; one of the invited
whose representative withdrew is asked anew.
"""

from __future__ import annotations

from bot.storage import audiences
from bot.storage.audiences import Reachable
from bot.storage.database import Transaction


async def reachable(
    tx: Transaction, meeting_id: int, *, stopping: int | None = None, topic: str = ""
) -> list[Reachable]:
    """Those who have not answered and whom the bot can write to; those on the list first, then in their order.

    Who opened a link for everybody has an empty sector and institution. With ``stopping``, an office, those are left
    out who stopped its reminders or those of the topic.
    """
    return await audiences.unanswered(tx, meeting_id, stopping=stopping, topic=topic)


async def count_unreached(tx: Transaction, meeting_id: int) -> int:
    """How many on the list have not answered and cannot be written to: they never opened the link, or left the bot."""
    return await audiences.count_unreached(tx, meeting_id)
