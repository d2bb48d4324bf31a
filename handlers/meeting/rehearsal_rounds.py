"""Reminds organisers to end a rehearsal before the real meeting begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.delivery.outbox import Call
from bot.domain import roles
from bot.domain.meeting import rehearsals
from bot.i18n import Translator, translator
from bot.storage import offices, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from handlers.meeting import meeting_views as views
from handlers.taps import tap
from handlers.turn import inline


async def make_round(tx: Transaction, now: datetime) -> Sequence[Call]:
    """One round; see :class:`bot.delivery.rounds.Rounds`."""
    calls = []
    for meeting in await rehearsals.forgotten(tx, now):
        for person_id, role in await offices.members_of(tx, meeting.office_id):
            person = await people.find(tx, person_id) if role == roles.ORGANISER else None
            if person is not None and person.reach == people.REACHABLE:
                calls.append(_reminder(translator(person.locale), person.id, meeting))
    return calls


def _reminder(t: Translator, chat_id: int, meeting: Meeting) -> Call:
    text = t.gettext(
        "🎭 <b>The rehearsal has not been ended</b>\n{title}\n\nThe real meeting begins on {when}. Please end the"
        " rehearsal before that and open the meeting: whoever registers or checks in now is wiped with the rehearsal."
    ).format(title=views.title(t, meeting), when=t.moment(meeting.starts_at, meeting.timezone))
    payload = {
        "chat_id": chat_id,
        "text": text,
        "parse_mode": "HTML",
        "reply_markup": inline([[tap(t.gettext("🎭 End rehearsal"), "rehearsal-end", meeting.id)]]),
    }
    return Call("sendMessage", chat_id, payload)
