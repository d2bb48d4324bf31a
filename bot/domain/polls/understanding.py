"""The understanding check (uji kesamaan persepsi): the same statements before and after the dialogue, and the shift.

Two rounds of the same statements on the rules, each true or false. Nobody is told the right answers before the second
round is over. What the answers say is worked out in :mod:`bot.domain.polls.understanding_results`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.domain.agreement import agreement
from bot.domain.errors import AlreadyDecided, CheckClosed, MeetingClosed, NotFound, NotRegistered
from bot.domain.polls.statements import Ready
from bot.domain.polls.understanding_results import Results, finished, weigh
from bot.domain.rules.rules import rulebook
from bot.storage import actions, checks, meetings, participants
from bot.storage import agreement as stored_agreement
from bot.storage.checks import (
    ANSWERS,
    DRAFT,
    ROUNDS,
    STAGES,
    Statement,
)
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant

MAY_RUN = (roles.ORGANISER, roles.MODERATOR)

MOST_STATEMENTS = 15
"""More are a test, and people stop in the middle of it."""
TEXT_LIMIT = 300
BASIS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Turnout:
    """How far a check is."""

    meeting: Meeting
    stage: str
    statements: tuple[Statement, ...]
    finished: Mapping[str, int]
    """Round to how many people answered every statement in it."""
    registered: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The check before one participant."""

    meeting: Meeting
    participant: Participant
    round: str
    statements: tuple[Statement, ...]
    answers: Mapping[int, str]
    """Statement id to their answer in this round."""

    @property
    def next(self) -> Statement | None:
        """The first statement without an answer; None when all have one."""
        return next((item for item in self.statements if item.id not in self.answers), None)


async def turnout(tx: Transaction, meeting_id: int, person_id: int) -> Turnout:
    """The check of a meeting, for those who run it.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await _for_staff(tx, meeting_id, person_id)
    statements = tuple(await checks.of_meeting(tx, meeting.id))
    done = finished(await checks.opinions(tx, meeting.id), statements)
    registered = sum((await participants.count_by_sector(tx, meeting.id)).values())
    return Turnout(meeting, await checks.stage(tx, meeting.id), statements, done, registered)


async def add_ready(tx: Transaction, meeting_id: int, person_id: int, ready: Sequence[Ready]) -> int:
    """Take ready statements into a draft; how many are in it now.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: its first round has begun.
    """
    meeting = await _editing(tx, meeting_id, person_id)
    room = MOST_STATEMENTS - len(await checks.of_meeting(tx, meeting.id))
    for item in ready[: max(0, room)]:
        card = rulebook().card(item.card)
        assert card is not None
        await checks.add(
            tx,
            meeting.id,
            slug=item.slug,
            text=item.text,
            is_true=item.is_true,
            legal_basis="; ".join(
                " ".join(filter(None, (basis.instrument, basis.article))) for basis in card.legal_basis
            ),
            rule_id=item.card,
        )
    return len(await checks.of_meeting(tx, meeting.id))


async def add_own(
    tx: Transaction,
    meeting_id: int,
    person_id: int,
    text: Mapping[str, str],
    *,
    is_true: bool,
    legal_basis: str,
) -> bool:
    """Put a statement of the office's own into a draft; False when it is full.

    Raises:
        NotFound, NotAllowed, AlreadyDecided.
    """
    meeting = await _editing(tx, meeting_id, person_id)
    if len(await checks.of_meeting(tx, meeting.id)) >= MOST_STATEMENTS:
        return False
    await checks.add(
        tx, meeting.id, slug=None, text=text, is_true=is_true, legal_basis=legal_basis, rule_id=None
    )
    return True


async def remove(tx: Transaction, statement_id: int, person_id: int) -> Meeting:
    """Take a statement out of a draft.

    Raises:
        NotFound, NotAllowed, AlreadyDecided.
    """
    statement = await checks.find(tx, statement_id)
    if statement is None:
        raise NotFound
    meeting = await _editing(tx, statement.meeting_id, person_id)
    await checks.remove(tx, statement)
    return meeting


async def advance(tx: Transaction, meeting_id: int, stage: str, person_id: int, now: datetime) -> Meeting:
    """Bring a check to the stage that follows its present one, and record it.

    Raises:
        NotFound: there is no such stage, or no statement to ask about.
        NotAllowed.
        AlreadyDecided: it is at that stage or past it, or another comes first.
        MeetingClosed: a round is to be opened in a meeting that is a draft or over.
    """
    meeting = await _for_staff(tx, meeting_id, person_id)
    await checks.hold(tx, meeting.id)
    if stage not in STAGES or not await checks.of_meeting(tx, meeting.id):
        raise NotFound
    if STAGES.index(stage) != STAGES.index(await checks.stage(tx, meeting.id)) + 1:
        raise AlreadyDecided
    if stage in ROUNDS and meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise MeetingClosed
    await checks.set_stage(tx, meeting.id, stage)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=f"check.{stage}",
        now=now,
    )
    return meeting


async def sheet(tx: Transaction, meeting_id: int, person_id: int) -> Sheet:
    """The statements before a participant, in the round that is open.

    Raises:
        NotFound, NotRegistered.
        CheckClosed: no round is open.
    """
    meeting = await _meeting(tx, meeting_id)
    participant = await participants.of_person(tx, meeting.id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    stage = await checks.stage(tx, meeting.id)
    if stage not in ROUNDS or meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise CheckClosed
    return Sheet(
        meeting,
        participant,
        stage,
        tuple(await checks.of_meeting(tx, meeting.id)),
        await checks.answered(tx, meeting.id, participant.id, stage),
    )


async def answer(
    tx: Transaction, statement_id: int, round_: str, person_id: int, opinion: str
) -> tuple[Sheet, Statement]:
    """Take what a participant thinks of a statement; the sheet after it, and the statement.

    Raises:
        NotFound: there is no such statement or answer.
        NotRegistered.
        CheckClosed: the round that the tapped button belonged to is over.
    """
    statement = await checks.find(tx, statement_id)
    if statement is None or opinion not in ANSWERS:
        raise NotFound
    await checks.hold(tx, statement.meeting_id)
    found = await sheet(tx, statement.meeting_id, person_id)
    if found.round != round_:
        raise CheckClosed
    await checks.save_answer(tx, statement.id, found.participant.id, round_, opinion)
    return await sheet(tx, statement.meeting_id, person_id), statement


async def results(tx: Transaction, meeting: Meeting) -> Results:
    """What the check says now; its stage is for the caller to look at."""
    return weigh(
        await checks.of_meeting(tx, meeting.id),
        await checks.opinions(tx, meeting.id),
        await agreement.groups_of(tx, meeting),
        (await stored_agreement.settings(tx, meeting.id)).smallest,
    )


async def _editing(tx: Transaction, meeting_id: int, person_id: int) -> Meeting:
    meeting = await _for_staff(tx, meeting_id, person_id)
    await checks.hold(tx, meeting.id)
    if await checks.stage(tx, meeting.id) != DRAFT:
        raise AlreadyDecided
    return meeting


async def _for_staff(tx: Transaction, meeting_id: int, person_id: int) -> Meeting:
    meeting = await _meeting(tx, meeting_id)
    await roles.require(tx, meeting.office_id, person_id, *MAY_RUN)
    return meeting


async def _meeting(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    return meeting
