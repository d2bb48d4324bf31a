"""Writing to everybody of a meeting: that a poll or a round of the check is open, and what came of it."""

from __future__ import annotations

from bot.domain.notices import broadcasts
from bot.domain.notices.audience import EVERYONE
from bot.domain.notices.broadcasts import Content
from bot.storage.meetings import Meeting
from handlers.turn import Turn


async def tell_everybody(turn: Turn, meeting: Meeting, content: Content) -> None:
    await broadcasts.create(
        turn.tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=broadcasts.SESSION,
        content=content,
        audience=EVERYONE,
        author_id=turn.user.id,
        now=turn.now,
    )
