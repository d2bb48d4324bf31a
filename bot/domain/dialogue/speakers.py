"""Speakers of the agenda: what is assigned to them, and the links by which they answer without a role in the office.

The committee makes a link for a speaker. The first account that opens it answers as that speaker, until the committee
ends it or the agenda no longer names them. It opens what was assigned to that speaker, as everybody in the meeting can
read it, and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import roles
from bot.domain.dialogue import moderation
from bot.domain.dialogue.moderation import Case
from bot.domain.dialogue.submissions import MODERATORS
from bot.domain.errors import AlreadyDecided, LinkUsed, NotFound
from bot.storage import actions, meetings, people, speaker_links, submissions
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, Meeting
from bot.storage.people import Person
from bot.storage.speaker_links import SpeakerLink

LINK_PREFIX = "speaker-"
VALID = timedelta(days=7)
"""For how long a link can be opened at least; until the meeting's end when that is later."""
PAGE = 5
"""How many submissions a speaker sees at once."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom the agenda names, as the committee sees them."""

    name: str
    link: SpeakerLink | None
    waiting: int
    """How many submissions wait for their answer."""

    @property
    def is_here(self) -> bool:
        """Whether somebody opened their link."""
        return self.link is not None and self.link.person_id is not None


async def names(tx: Transaction, meeting: Meeting) -> list[str]:
    """Who speaks at the meeting, by the agenda, each once."""
    return list(dict.fromkeys(item.speaker for item in await meetings.agenda(tx, meeting.id) if item.speaker))


def key(name: str) -> str:
    """What stands for a speaker in a button: a place in the agenda could be another's by the time of the tap."""
    return hashlib.sha256(name.encode()).hexdigest()[:10]


async def by_key(tx: Transaction, meeting: Meeting, part: str) -> str:
    """The speaker whom a button stands for.

    Raises:
        NotFound: the agenda does not name them (any more).
    """
    found = next((name for name in await names(tx, meeting) if key(name) == part), None)
    if found is None:
        raise NotFound
    return found


async def overview(tx: Transaction, meeting: Meeting, person_id: int) -> list[Speaker]:
    """Everybody who speaks at a meeting, in the order of the agenda.

    Raises:
        NotAllowed.
    """
    await roles.require(tx, meeting.office_id, person_id, *MODERATORS)
    links = await speaker_links.of_meeting(tx, meeting.id)
    waiting = await speaker_links.waiting(tx, meeting.id)
    return [Speaker(name, links.get(name), waiting.get(name, 0)) for name in await names(tx, meeting)]


async def offer(
    tx: Transaction, meeting: Meeting, name: str, person_id: int, now: datetime
) -> tuple[str, SpeakerLink]:
    """A start payload for a speaker, in the place of an unused one; at most 64 characters, only its hash is stored.

    Raises:
        NotAllowed: the person is no organiser.
        NotFound: the agenda names no such speaker, or the meeting is in the archive.
        AlreadyDecided: somebody answers as this speaker already.
    """
    await roles.require(tx, meeting.office_id, person_id, roles.ORGANISER)
    if meeting.state == ARCHIVED or name not in await names(tx, meeting):
        raise NotFound
    token = secrets.token_urlsafe(24)
    kept = await speaker_links.keep(tx, meeting.id, name, _hash(token), max(now + VALID, meeting.ends_at))
    if kept is None:
        raise AlreadyDecided
    await _record(tx, meeting, "speaker.invited", person_id, now)
    return LINK_PREFIX + token, kept


async def end(tx: Transaction, meeting: Meeting, name: str, person_id: int, now: datetime) -> None:
    """Make a speaker's link worthless, also for who answers by it; what they answered stays.

    Raises:
        NotAllowed: the person is no organiser.
        NotFound: there is no such link.
    """
    await roles.require(tx, meeting.office_id, person_id, roles.ORGANISER)
    if not await speaker_links.remove(tx, meeting.id, name):
        raise NotFound
    await _record(tx, meeting, "speaker.ended", person_id, now)


async def take(tx: Transaction, payload: str, person_id: int, now: datetime) -> tuple[Meeting, str]:
    """Open a link: its meeting, and as whom the person answers there. Who opened it first may open it again.

    Raises:
        LinkUsed: it is unknown, revoked, expired or another's, or its speaker no longer speaks.
    """
    mine = {(link.meeting_id, link.speaker) for link in await speaker_links.of_person(tx, person_id)}
    link = await speaker_links.take(tx, _hash(payload.removeprefix(LINK_PREFIX)), person_id, now)
    meeting = None if link is None else await meetings.find(tx, link.meeting_id)
    if link is None or meeting is None or meeting.state == ARCHIVED:
        raise LinkUsed
    if (link.meeting_id, link.speaker) not in mine:
        await _record(tx, meeting, "speaker.joined", person_id, now)
    return meeting, link.speaker


async def places(tx: Transaction, person_id: int) -> dict[int, list[str]]:
    """Meeting id to the names under which a person answers there, the latest meeting first."""
    found: dict[int, list[str]] = {}
    for link in await speaker_links.of_person(tx, person_id):
        found.setdefault(link.meeting_id, []).append(link.speaker)
    return found


async def assigned(
    tx: Transaction, meeting_id: int, person_id: int, page: int
) -> tuple[list[Case], bool, list[str]]:
    """A page of what a speaker is to answer, whether there are more, and as whom they answer.

    Raises:
        NotFound: the person is no speaker of the meeting (any more).
    """
    speaks_as = (await places(tx, person_id)).get(meeting_id)
    if not speaks_as:
        raise NotFound
    found = await speaker_links.assigned(tx, meeting_id, speaks_as, PAGE + 1, page * PAGE)
    return [await moderation.in_full(tx, item) for item in found[:PAGE]], len(found) > PAGE, speaks_as


async def case(tx: Transaction, submission_id: int, person_id: int) -> Case:
    """A submission that the person answers as its speaker.

    Raises:
        NotFound: it is not published (any more), or not assigned to them.
    """
    submission = await submissions.find(tx, submission_id)
    if submission is None or not await speaker_links.answers(tx, submission_id, person_id):
        raise NotFound
    return await moderation.in_full(tx, submission)


async def to_tell(tx: Transaction, assigned_case: Case) -> Person | None:
    """The account of the speaker who is to answer a submission, where it waits for an answer and they can be told."""
    submission = assigned_case.submission
    if submission.state != submissions.PUBLISHED or submission.answered is not None or not submission.speaker:
        return None
    link = (await speaker_links.of_meeting(tx, submission.meeting_id)).get(submission.speaker)
    if link is None or link.person_id is None:
        return None
    if not await speaker_links.answers(tx, submission.id, link.person_id):
        return None
    person = await people.find(tx, link.person_id)
    return person if person is not None and person.reach == people.REACHABLE else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _record(tx: Transaction, meeting: Meeting, action: str, person_id: int, now: datetime) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
    )
