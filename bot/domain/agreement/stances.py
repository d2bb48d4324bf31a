"""Taking a stance on a published submission, and which submission somebody is asked about next.

A personal stance is kept under a name that is sealed with what only this installation knows (the bot's token), and anew
for each submission. So the database alone tells neither who took a stance, nor which stances are of one person. Whoever
agreed first with an anonymous submission, or who cannot have written it because they disagree, stays unknown with it.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.errors import MeetingClosed, NotFound, NotRegistered
from bot.storage import agreement, meetings, participants, stances, submissions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from bot.storage.stances import AGREE, DISAGREE, PASS, STANCES, Weighable

__all__ = ["AGREE", "DISAGREE", "PASS", "STANCES"]

POOL = 12
"""Among how many of the least known submissions the own sector decides."""


NAMES_KEPT = 1 << 16
"""How many sealed names are remembered: the wall asks for those of the whole hall several times a second."""


class Seal:
    """Names under which stances are kept; nobody without the secret can tell whose one is.

    Telegram's ids are few enough to try them all against a plain hash.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"stances:" + secret).digest()

    def name(self, submission_id: int, person_id: int) -> str:
        """The person's name on that submission: 64 bits in hexadecimal."""
        return _name(self._key, submission_id, person_id)

    def names(self, submission_id: int, people: Sequence[int]) -> list[str]:
        """The names of many at once, which are not remembered."""
        return [_name.__wrapped__(self._key, submission_id, person) for person in people]


@lru_cache(maxsize=NAMES_KEPT)
def _name(key: bytes, submission_id: int, person_id: int) -> str:
    return hmac.digest(key, b"%d:%d" % (submission_id, person_id), "sha256").hex()[:16]


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may take stances in a meeting."""

    meeting: Meeting
    participant: Participant
    institution: str | None
    """The institution that they speak for; None for most."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A published submission before somebody who may take a stance on it."""

    voter: Voter
    submission: Weighable
    author: Participant | None
    """None for an anonymous submission."""
    own: bool
    """Whether they sent it under their name."""
    stance: str | None
    """Theirs; None as long as they took none."""
    institution_stance: str | None
    """That of the institution that they speak for."""
    taken: int
    """On how many submissions they took a stance."""
    total: int
    """Of how many."""


async def voter(tx: Transaction, meeting: Meeting, person_id: int) -> Voter:
    """Somebody as one who may take stances in a meeting.

    Raises:
        NotRegistered: they do not take part in it.
        MeetingClosed: it is a draft or over.
    """
    participant = await participants.of_person(tx, meeting.id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    if meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise MeetingClosed
    return Voter(meeting, participant, await agreement.institution_of(tx, participant.id))


async def take(
    tx: Transaction, submission_id: int, person_id: int, stance: str, secret: bytes
) -> tuple[Voter, str | None]:
    """Take a stance in the place of an earlier one; the earlier one comes last, None for none.

    Raises:
        NotFound: there is no such stance, or the submission is not published.
        NotRegistered, MeetingClosed.
    """
    if stance not in STANCES:
        raise NotFound
    who = await _voter_on(tx, submission_id, person_id)
    await stances.hold(tx, submission_id)
    taken = await stances.taken_on(tx, submission_id)
    name = Seal(secret).name(submission_id, person_id)
    before = taken.get(name)
    if before != stance:
        await stances.save(tx, submission_id, {**taken, name: stance})
    return who, before


async def take_for_institution(tx: Transaction, submission_id: int, person_id: int, stance: str) -> Voter:
    """Take the institution's open stance, as its delegate; taking the same again takes it back.

    Raises:
        NotFound: there is no such stance, the submission is not published, or the person speaks for no institution.
        NotRegistered, MeetingClosed.
    """
    who = await _voter_on(tx, submission_id, person_id)
    if stance not in STANCES or who.institution is None:
        raise NotFound
    before = {
        (item.submission_id, item.institution): item.stance
        for item in await stances.of_institutions(tx, who.meeting.id)
    }
    same = before.get((submission_id, who.institution)) == stance
    await stances.save_institution(tx, submission_id, who.institution, None if same else stance)
    return who


async def _voter_on(tx: Transaction, submission_id: int, person_id: int) -> Voter:
    submission = await submissions.find(tx, submission_id)
    meeting = None if submission is None else await meetings.find(tx, submission.meeting_id)
    if submission is None or meeting is None or submission.state != submissions.PUBLISHED:
        raise NotFound
    return await voter(tx, meeting, person_id)


async def ballot(tx: Transaction, submission_id: int, person_id: int, secret: bytes) -> Ballot:
    """A submission that somebody chose to take a stance on.

    Raises:
        NotFound, NotRegistered, MeetingClosed.
    """
    who = await _voter_on(tx, submission_id, person_id)
    everything = await stances.published(tx, who.meeting.id)
    wanted = next((item for item in everything if item.id == submission_id), None)
    if wanted is None:
        raise NotFound
    return await _ballot(tx, who, wanted, everything, person_id, secret)


async def next_ballot(
    tx: Transaction, meeting: Meeting, person_id: int, secret: bytes
) -> tuple[Ballot | None, int]:
    """The submission that somebody is asked about next, and how many are published; None when there is none left.

    It is one on which few took a stance; among the fewest, one on which few of the person's own sector did, so that
    every sector is heard on everything. One's own comes last.

    Raises:
        NotRegistered, MeetingClosed.
    """
    who = await voter(tx, meeting, person_id)
    everything = await stances.published(tx, meeting.id)
    seal = Seal(secret)
    open_to = [item for item in everything if item.stance_of(seal.name(item.id, person_id)) is None]
    if not open_to:
        return None, len(everything)
    others = [item for item in open_to if item.participant_id != who.participant.id]
    sectors = await stances.sectors_of_people(tx, meeting.id)
    colleagues = [person for person, sector in sectors.items() if sector == who.participant.sector]
    chosen = thinnest(others or open_to, seal, colleagues)
    return await _ballot(tx, who, chosen, everything, person_id, secret), len(everything)


def thinnest(open_to: Sequence[Weighable], seal: Seal, colleagues: Iterable[int]) -> Weighable:
    """The submission about which least is known: from the fewest people, and of them from the fewest colleagues.

    What is known equally little about comes in random order, so that not all are asked about the same.
    """
    chance = random.SystemRandom()
    shuffled = chance.sample(open_to, len(open_to))
    pool = sorted(shuffled, key=lambda item: item.people)[:POOL]
    people = list(colleagues)

    def known(item: Weighable) -> tuple[int, int]:
        taken = stances.read(item.taken)
        return sum(seal.name(item.id, person) in taken for person in people), item.people

    return min(pool, key=known)


async def _ballot(
    tx: Transaction,
    who: Voter,
    submission: Weighable,
    everything: Sequence[Weighable],
    person_id: int,
    secret: bytes,
) -> Ballot:
    seal = Seal(secret)
    author = None
    if submission.participant_id is not None:
        author = await participants.find(tx, submission.participant_id)
    open_stance = None
    if who.institution is not None:
        open_stance = next(
            (
                item.stance
                for item in await stances.of_institutions(tx, who.meeting.id)
                if (item.submission_id, item.institution) == (submission.id, who.institution)
            ),
            None,
        )
    return Ballot(
        voter=who,
        submission=submission,
        author=author,
        own=submission.participant_id == who.participant.id,
        stance=submission.stance_of(seal.name(submission.id, person_id)),
        institution_stance=open_stance,
        taken=sum(item.stance_of(seal.name(item.id, person_id)) is not None for item in everything),
        total=len(everything),
    )


async def own_in(
    tx: Transaction, meeting: Meeting, person_id: int, secret: bytes
) -> list[tuple[Weighable, str]]:
    """The published submissions of a meeting on which somebody took a stance, with it, by number.

    Raises:
        NotRegistered, MeetingClosed.
    """
    await voter(tx, meeting, person_id)
    seal = Seal(secret)
    found = []
    for item in await stances.published(tx, meeting.id):
        stance = item.stance_of(seal.name(item.id, person_id))
        if stance is not None:
            found.append((item, stance))
    return found


async def own(tx: Transaction, person_id: int, secret: bytes) -> list[tuple[Meeting, int, str]]:
    """The stances of a person in all meetings: meeting, number of the submission, stance."""
    found = []
    for meeting, item, name in await _places(tx, person_id, secret):
        stance = item.stance_of(name)
        if stance is not None:
            found.append((meeting, item.number, stance))
    return found


async def forget(tx: Transaction, person_id: int, secret: bytes) -> int:
    """Erase the personal stances of somebody in all meetings that they are registered for; how many they were."""
    erased = 0
    for _, item, name in await _places(tx, person_id, secret):
        await stances.hold(tx, item.id)
        taken = await stances.taken_on(tx, item.id)
        if taken.pop(name, None) is not None:
            await stances.save(tx, item.id, taken)
            erased += 1
    return erased


async def _places(tx: Transaction, person_id: int, secret: bytes) -> list[tuple[Meeting, Weighable, str]]:
    """Where stances of a person can be: every published submission of their meetings, with their name on it."""
    seal = Seal(secret)
    found: list[tuple[Meeting, Weighable, str]] = []
    for participant in await participants.all_of_person(tx, person_id):
        meeting = await meetings.find(tx, participant.meeting_id)
        assert meeting is not None
        found.extend(
            (meeting, item, seal.name(item.id, person_id)) for item in await stances.published(tx, meeting.id)
        )
    return found
