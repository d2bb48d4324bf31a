"""One dialogue session with its settings, as the messages of several journeys show it."""

from __future__ import annotations

from bot.storage import meetings, offices, submissions
from bot.storage.meetings import Meeting
from bot.storage.sessions import Session
from handlers.dialogue import session_views as views
from handlers.taps import Button
from handlers.turn import Turn


async def card(turn: Turn, session: Session, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    """What one session looks like to who runs it."""
    items = {item.slug: item for item in await meetings.agenda(turn.tx, meeting.id)}
    sent = await submissions.count_by_session(turn.tx, meeting.id)
    return views.card(
        turn.t,
        session,
        meeting,
        items.get(session.agenda_slug or ""),
        await sectors_of(turn, meeting),
        sent.get(session.id, 0),
    )


async def sectors_of(turn: Turn, meeting: Meeting) -> dict[str, str]:
    """The sectors that take part, by code, in the office's order."""
    quotas = await meetings.quotas(turn.tx, meeting.id)
    return {
        sector.code: turn.t.pick(sector.name)
        for sector in await offices.sectors(turn.tx, meeting.office_id)
        if sector.code in quotas
    }
