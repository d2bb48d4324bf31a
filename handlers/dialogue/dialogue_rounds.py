"""What the dialogue does by itself once a minute: it follows the agenda, tells of answers, pings moderators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.delivery.outbox import Call
from bot.domain.dialogue import answer_digests, moderation, sessions
from bot.i18n import translator
from bot.storage import meetings
from bot.storage import moderation as stored
from bot.storage.database import Transaction
from bot.storage.sessions import OPEN
from handlers.dialogue.session_views import answers_told, invitation
from handlers.dialogue.sessions import tell
from handlers.taps import tap
from handlers.turn import inline


async def make_round(tx: Transaction, now: datetime) -> Sequence[Call]:
    """One round; see :class:`bot.delivery.rounds.Rounds`."""
    for switched in await sessions.follow_agenda(tx, now):
        if switched.session.state == OPEN:
            await tell(tx, switched.session, switched.meeting, invitation(switched.session), None, now)
    for digest in await answer_digests.collect_due(tx, now):
        await tell(
            tx, digest.session, digest.meeting, answers_told(digest.session, digest.answers), None, now
        )
    await stored.release_expired(tx, now)
    return await _pings(tx)


async def _pings(tx: Transaction) -> list[Call]:
    """Tell the moderators once that something waits; those who look at the queue just now see it themselves."""
    calls = []
    for meeting_id, waiting in (await stored.meetings_waiting(tx)).items():
        meeting = await meetings.find(tx, meeting_id)
        assert meeting is not None
        told = await stored.pinged(tx, meeting_id) | await stored.looking(tx, meeting_id)
        people = [
            person for person in await moderation.moderators(tx, meeting.office_id) if person.id not in told
        ]
        await stored.ping(tx, meeting_id, [person.id for person in people])
        for person in people:
            t = translator(person.locale)
            text = t.ngettext(
                "📨 <b>{count} submission waits for a decision</b>",
                "📨 <b>{count} submissions wait for a decision</b>",
                waiting,
            ).format(count=waiting)
            payload = {
                "chat_id": person.id,
                "text": text,
                "parse_mode": "HTML",
                "reply_markup": inline([[tap(t.gettext("Moderate"), "queue", meeting_id)]]),
            }
            calls.append(Call("sendMessage", person.id, payload))
    return calls
