"""Participants who check themselves in with the code of the hall: as /hadir CODE, as a message, or by the poster."""

from __future__ import annotations

from datetime import timedelta
from html import escape

from bot.domain.attendance import hall_codes
from bot.domain.attendance.hall_codes import LINK_PREFIX, Answer, Attempt
from bot.domain.language.texts import clip
from bot.domain.people import registration
from bot.i18n import N_
from bot.storage import hall_codes as stored
from bot.storage import meetings, participants
from handlers.attendance import attendance_views as views
from handlers.taps import Button, tap
from handlers.turn import Turn

LATELY = timedelta(hours=12)
"""So long after its time a code is still known, so that whoever comes late reads why it is not taken."""

_SENTENCES = {
    Answer.CHECKED_IN: views.WELCOME,
    Answer.ALREADY: N_(
        "☑️ You are checked in at <b>{title}</b> already, since {since}. There is nothing more to do."
    ),
    Answer.EARLY: N_(
        "⏳ The code is right, but is good only from {opens} on. Please send it again then, or show your ticket at the"
        " desk: /ticket"
    ),
    Answer.LATE: N_(
        "⌛ The code is right, but the time for checking in yourself was over at {closes}. Please show your ticket at"
        " the desk: /ticket"
    ),
    Answer.NOT_REGISTERED: N_(
        "The code is right, but you are not registered for <b>{title}</b>. Please register, or see the desk."
    ),
    Answer.NOT_ADMITTED: N_(
        "The code is right, but you have no seat at <b>{title}</b> yet. Please see the desk; /ticket shows what you"
        " are waiting for."
    ),
}


async def offer(turn: Turn, text: str) -> bool:
    """What /hadir is for somebody without a role; False for who does not take part in anything."""
    mine = await stored.for_person(turn.tx, turn.user.id, turn.now - LATELY)
    if hall_codes.could_be_code(text) and (mine or await stored.find(turn.tx, hall_codes.as_code(text))):
        await _send(turn, text)
        return True
    if not mine:
        known = await participants.all_of_person(turn.tx, turn.user.id)
        if any(one.is_active for one in known):
            turn.reply(
                turn.t.gettext(
                    "📋 The committee notes who is here: please show your ticket at the desk: /ticket"
                )
            )
            return True
        return False
    turn.reply(
        turn.t.gettext(
            "🔑 <b>Check in</b>\n\nPlease write the code that is shown in the hall, four letters or digits. You can"
            " also show your ticket at the desk: /ticket"
        )
    )
    return True


async def take(turn: Turn) -> bool:
    """Take a message that has the form of a code, from somebody who may check in with one; False for any other."""
    if not hall_codes.could_be_code(turn.text):
        return False
    if not await stored.for_person(turn.tx, turn.user.id, turn.now - LATELY):
        return False
    await _send(turn, turn.text)
    return True


async def open_link(turn: Turn, payload: str) -> bool:
    """Take the payload of a poster's QR code; False when it is none, so that somebody else answers it."""
    if not payload.startswith(LINK_PREFIX) or not hall_codes.could_be_code(payload):
        return False
    if await meetings.find_by_code(turn.tx, payload) is not None:  # a meeting whose code begins so
        return False
    await _send(turn, payload)
    return True


async def _send(turn: Turn, text: str) -> None:
    attempt = await hall_codes.send(turn.tx, turn.user.id, text, turn.now)
    turn.reply(_sentence(turn, attempt), _buttons(turn, attempt))


def _sentence(turn: Turn, attempt: Attempt) -> str:
    t = turn.t
    if attempt.answer is Answer.WRONG:
        return t.ngettext(
            "That is not the code of the hall. Please look at it once more; you can try {count} more time, or show"
            " your ticket at the desk: /ticket",
            "That is not the code of the hall. Please look at it once more; you can try {count} more times, or show"
            " your ticket at the desk: /ticket",
            attempt.tries_left,
        ).format(count=attempt.tries_left)
    if attempt.again_at is not None:
        minutes = max(1, -(-int((attempt.again_at - turn.now).total_seconds()) // 60))
        return t.ngettext(
            "Those were too many wrong codes. Please try again in {count} minute, or show your ticket at the"
            " desk: /ticket",
            "Those were too many wrong codes. Please try again in {count} minutes, or show your ticket at the"
            " desk: /ticket",
            minutes,
        ).format(count=minutes)
    meeting, code = attempt.meeting, attempt.hall_code
    assert meeting is not None
    assert code is not None
    made = None if attempt.arrival is None else attempt.arrival.check_in
    return t.gettext(_SENTENCES[attempt.answer]).format(
        title=escape(clip(t.pick(meeting.title), 150)),
        since="" if made is None else t.time(made.at, meeting.timezone),
        opens=t.moment(code.opens_at, meeting.timezone),
        closes=t.moment(code.closes_at, meeting.timezone),
    )


def _buttons(turn: Turn, attempt: Attempt) -> list[list[Button]]:
    meeting = attempt.meeting
    if (
        attempt.answer is not Answer.NOT_REGISTERED
        or meeting is None
        or not registration.is_joinable(meeting)
    ):
        return []
    return [[tap(turn.t.gettext("Register"), "reg", "m", meeting.id)]]
