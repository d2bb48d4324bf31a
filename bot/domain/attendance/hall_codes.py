"""Checking oneself in with a code that is shown in the hall, in the time that the office sets for it.

It is no proof of presence: who is told the code by a friend can send it too. The office chooses between that and a
queue at the desk, and looks at the hall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import Arrival
from bot.domain.errors import EndsBeforeStart, NotFound
from bot.domain.meeting import meetings
from bot.storage import actions, hall_codes, participants
from bot.storage import meetings as stored_meetings
from bot.storage.attendance import SELF
from bot.storage.database import Transaction
from bot.storage.hall_codes import HallCode
from bot.storage.meetings import Meeting
from bot.storage.participants import REFUSED, WITHDRAWN, Participant
from bot.storage.values import ALPHABET, new_code

LENGTH = 4
"""810,000 codes: quick to type, and with five tries in ten minutes nobody guesses one in the time of a meeting."""

MOST_TRIES = 5
TRIES_IN = timedelta(minutes=10)
"""So many wrong codes in this time, then a person has to wait until it is over."""

LINK_PREFIX = "h-"
"""What the start payload of a poster's QR code begins with."""

LONGEST = timedelta(days=7)
"""Of the time in which a code is good."""


class Answer(StrEnum):
    """What became of a code that somebody sent."""

    CHECKED_IN = "checked_in"
    ALREADY = "already"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    EARLY = "early"
    LATE = "late"
    NOT_REGISTERED = "not_registered"
    """The code is right, but for a meeting in which the person does not take part."""
    NOT_ADMITTED = "not_admitted"
    """They wait for a seat or for the committee's approval."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The answer to a code."""

    answer: Answer
    meeting: Meeting | None = None
    """None when the code was wrong, or not looked at."""
    arrival: Arrival | None = None
    """When they were checked in, now or before."""
    hall_code: HallCode | None = None
    tries_left: int = 0
    again_at: datetime | None = None
    """When the person may try again; None except for :attr:`Answer.TOO_MANY`."""


def as_code(text: str) -> str:
    """A code as it is kept: capitals, without blanks, dashes and the prefix of a link."""
    return re.sub(r"[\W_]", "", text.removeprefix(LINK_PREFIX)).upper()


def could_be_code(text: str) -> bool:
    """Whether a message has the form of a code."""
    code = as_code(text)
    return len(code) == LENGTH and len(text.strip()) <= LENGTH + 3 and set(code) <= set(ALPHABET)


async def send(tx: Transaction, person_id: int, text: str, now: datetime) -> Attempt:
    """Check a person in who sends a code of the hall; wrong ones are counted."""
    since = now - TRIES_IN
    before = await hall_codes.tries(tx, person_id, since)
    if before is not None and before[0] >= MOST_TRIES:
        return Attempt(Answer.TOO_MANY, again_at=before[1] + TRIES_IN)
    found = await hall_codes.find(tx, as_code(text))
    meeting = None if found is None else await stored_meetings.find(tx, found.meeting_id)
    if found is None or meeting is None:
        tries = await hall_codes.count_try(tx, person_id, since, now)
        if tries >= MOST_TRIES:
            counted = await hall_codes.tries(tx, person_id, since)
            assert counted is not None
            return Attempt(Answer.TOO_MANY, again_at=counted[1] + TRIES_IN)
        return Attempt(Answer.WRONG, tries_left=MOST_TRIES - tries)
    known = await participants.of_person(tx, meeting.id, person_id)
    if known is None or known.state in (WITHDRAWN, REFUSED):
        return Attempt(Answer.NOT_REGISTERED, meeting, hall_code=found)
    return await _admit(tx, known, meeting, found, now)


async def _admit(
    tx: Transaction, known: Participant, meeting: Meeting, found: HallCode, now: datetime
) -> Attempt:
    before = await attendance.before(tx, known, meeting)
    if before is not None:
        return Attempt(Answer.ALREADY, meeting, before, found)
    if now < found.opens_at:
        return Attempt(Answer.EARLY, meeting, hall_code=found)
    if now >= found.closes_at:
        return Attempt(Answer.LATE, meeting, hall_code=found)
    arrival = await attendance.admit(tx, known, meeting, None, SELF, now)
    if arrival.check_in is None:
        return Attempt(Answer.NOT_ADMITTED, meeting, hall_code=found)
    return Attempt(Answer.CHECKED_IN, meeting, arrival, found)


async def for_organiser(tx: Transaction, meeting_id: int, person_id: int) -> tuple[Meeting, HallCode | None]:
    """The meeting and its code, for an organiser; None while people do not check themselves in.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    return meeting, await hall_codes.of_meeting(tx, meeting.id)


async def switch_on(
    tx: Transaction, meeting_id: int, person_id: int, opens_at: datetime, closes_at: datetime, now: datetime
) -> HallCode:
    """Let participants check themselves in from ``opens_at`` until ``closes_at``; a code that is there stays.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        EndsBeforeStart: that is no time, or more than a week.
    """
    meeting, known = await for_organiser(tx, meeting_id, person_id)
    if not opens_at < closes_at <= opens_at + LONGEST:
        raise EndsBeforeStart
    code = await _free_code(tx) if known is None else known.code
    await _record(tx, meeting, person_id, "hall_code.on", now)
    return await hall_codes.save(tx, meeting.id, code, opens_at, closes_at)


async def renew(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> HallCode:
    """Another code in the place of the one that became known; the time stays.

    Raises:
        NotFound: there is no such meeting, or no code to change.
        NotAllowed.
    """
    meeting, known = await for_organiser(tx, meeting_id, person_id)
    if known is None:
        raise NotFound
    await _record(tx, meeting, person_id, "hall_code.renewed", now)
    return await hall_codes.save(tx, meeting.id, await _free_code(tx), known.opens_at, known.closes_at)


async def switch_off(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> bool:
    """Let nobody check themselves in any more; False when nobody could.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
    """
    meeting, _ = await for_organiser(tx, meeting_id, person_id)
    if not await hall_codes.remove(tx, meeting.id):
        return False
    await _record(tx, meeting, person_id, "hall_code.off", now)
    return True


async def _free_code(tx: Transaction) -> str:
    """A code that no meeting has."""
    await tx.lock("hall codes")
    while True:
        code = new_code(LENGTH)
        if await hall_codes.find(tx, code) is None:
            return code


async def _record(tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime) -> None:
    await actions.record(
        tx, office_id=meeting.office_id, meeting_id=meeting.id, person_id=person_id, action=action, now=now
    )
