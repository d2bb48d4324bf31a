"""What the organisers hear of the groups that are connected to their meetings, so that no silence goes unnoticed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from bot.domain.notices import broadcasts
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.i18n import LOCALES, N_, translator
from bot.storage import actions
from bot.storage.database import Transaction
from bot.storage.groups import MUTED, REACHABLE, REMOVED, Group

MOVED = "moved"

_WORDS: Mapping[str, str] = {
    REMOVED: N_(
        "⚠️ <b>“{group}” no longer gets messages</b>\n\nI was removed from this group. Add me again; the connection"
        " to the meeting is kept."
    ),
    MUTED: N_(
        "⚠️ <b>“{group}” no longer gets messages</b>\n\nI may not write there any more. Give me the right to send"
        " messages, then type /agenda in the group; the connection to the meeting is kept."
    ),
    REACHABLE: N_("✅ <b>“{group}” gets messages again</b>"),
    MOVED: N_(
        "ℹ️ <b>“{group}” became a supergroup</b>\n\nThe connection to the meeting goes on there; nothing is to be done."
    ),
}


async def tell(tx: Transaction, group: Group, event: str, now: datetime) -> None:
    """Tell the organisers of a connected group's office what became of it; silent for any other group.

    ``event`` is one of :data:`bot.storage.groups.REMOVED`, ``MUTED``, ``REACHABLE``, or :data:`MOVED`.
    """
    if group.office_id is None or group.meeting_id is None:
        return
    texts = {
        locale: translator(locale).gettext(_WORDS[event]).format(group=escape(group.title, quote=False))
        for locale in LOCALES
    }
    await broadcasts.create(
        tx,
        office_id=group.office_id,
        meeting_id=group.meeting_id,
        kind=broadcasts.NOTICE,
        content=Content(texts),
        audience=Audience(organisers=True),
        author_id=None,
        now=now,
    )
    await actions.record(
        tx,
        office_id=group.office_id,
        meeting_id=group.meeting_id,
        person_id=None,
        action=f"group.{event}",
        now=now,
        chat=group.chat_id,
    )
