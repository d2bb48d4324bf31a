"""What others are told when registrations come, are decided on or move up: organisers, the invited, participants."""

from __future__ import annotations

from html import escape

from bot.delivery.outbox import Call
from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.people import admission
from bot.i18n import N_, Translator, translator
from bot.storage import invitees, meetings, offices, people
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REFUSED, REGISTERED, WAITING, Participant
from handlers.taps import tap
from handlers.turn import Turn, inline

TITLE_ROOM = 150


async def tell_of_pending(turn: Turn, participant: Participant) -> None:
    """Tell organisers that registrations wait for them: of the first, until the queue is empty again."""
    if participant.state != PENDING or await admission.pending(turn.tx, participant.meeting_id) != 1:
        return
    meeting = await meetings.find(turn.tx, participant.meeting_id)
    assert meeting is not None
    for call in await pending_calls(turn.tx, meeting):
        turn.calls.append(call)


async def pending_calls(tx: Transaction, meeting: Meeting) -> list[Call]:
    """Tells every organiser of the office that registrations wait."""
    calls = []
    for person_id, role in await offices.members_of(tx, meeting.office_id):
        t = await _language(tx, person_id)
        if t is None or role != roles.ORGANISER:
            continue
        text = t.gettext(
            "🔔 <b>Registrations wait for your approval</b>\n{title}\n\nI will not write about the next ones until"
            " none is left."
        ).format(title=_title(t, meeting))
        buttons = [[tap(t.gettext("Show the queue"), "peserta-list", meeting.id, PENDING, "-", 0)]]
        calls.append(_message(person_id, text, inline(buttons)))
    return calls


async def tell_of_representative(turn: Turn, participant: Participant) -> None:
    """Tell one of the invited who comes in their stead."""
    if not participant.represents or participant.invitee_id is None:
        return
    invitee = await invitees.find(turn.tx, participant.invitee_id)
    meeting = await meetings.find(turn.tx, participant.meeting_id)
    if invitee is None or invitee.person_id in (None, turn.user.id) or meeting is None:
        return
    assert invitee.person_id is not None
    t = await _language(turn.tx, invitee.person_id)
    if t is not None:
        text = t.gettext("🤝 <b>{name}</b> has registered in your stead for {title}.")
        turn.send(
            invitee.person_id,
            text.format(name=escape(clip(participant.name, 100)), title=_title(t, meeting)),
        )


_NEWS = {
    REGISTERED: N_(
        "✅ <b>Your registration is approved</b>\n{title}\n\n/ticket shows your ticket; please bring it to the desk."
    ),
    WAITING: N_(
        "⏳ <b>Your registration is approved, but no seat is free just now</b>\n{title}\n\nYou are on the waiting"
        " list, and I will tell you here as soon as a seat is yours."
    ),
    REFUSED: N_(
        "<b>The committee could not accept your registration</b>\n{title}\n\nReason: {reason}\n\nIf this is a mistake,"
        " please ask the office."
    ),
}

_MOVED = {
    REGISTERED: N_(
        "🎉 <b>A seat has become free, and it is yours</b>\n{title}\n\n/ticket shows your ticket. If you cannot come"
        " any more, please withdraw there, so that the next one can have it."
    ),
    PENDING: N_(
        "🎉 <b>A seat has become free for you</b>\n{title}\n\nThe committee still looks at your registration; I will"
        " tell you here when it is approved."
    ),
}


async def decision_call(tx: Transaction, participant: Participant, meeting: Meeting) -> Call | None:
    """Tells somebody what the committee decided; None when they cannot be written to."""
    return await _news(tx, participant, meeting, _NEWS[participant.state])


async def moved_up(tx: Transaction) -> list[Call]:
    """Give free seats to those who wait for them; what they, and organisers with something to approve, are told."""
    calls = []
    for participant, meeting in await admission.move_up(tx):
        call = await _news(tx, participant, meeting, _MOVED[participant.state])
        if call is not None:
            calls.append(call)
        if participant.state == PENDING and await admission.pending(tx, meeting.id) == 1:
            calls += await pending_calls(tx, meeting)
    return calls


async def _news(tx: Transaction, participant: Participant, meeting: Meeting, sentence: str) -> Call | None:
    if participant.person_id is None:
        return None
    t = await _language(tx, participant.person_id)
    if t is None:
        return None
    text = t.gettext(sentence).format(title=_title(t, meeting), reason=escape(participant.reason))
    return _message(participant.person_id, text)


def _message(chat_id: int, text: str, markup: dict[str, object] | None = None) -> Call:
    payload: dict[str, object] = {"chat_id": chat_id, "text": text, "parse_mode": "HTML"}
    if markup is not None:
        payload["reply_markup"] = markup
    return Call("sendMessage", chat_id, payload)


async def _language(tx: Transaction, person_id: int) -> Translator | None:
    """The language of somebody who can be written to; None for who cannot."""
    person = await people.find(tx, person_id)
    if person is None or person.reach != people.REACHABLE:
        return None
    return translator(person.locale)


def _title(t: Translator, meeting: Meeting) -> str:
    return escape(clip(t.pick(meeting.title), TITLE_ROOM))
