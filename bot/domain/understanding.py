"""The understanding check (uji kesamaan persepsi): the same statements before and after the dialogue, and the shift.

Two rounds of the same statements on the rules, each true or false. Nobody is told the right answers before the second
round is over. Figures of a group are of the people who answered in both rounds, so that who comes late or leaves early
changes nothing; groups with fewer people than the meeting's setting are in no figure (:mod:`bot.domain.agreement`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from bot.domain import agreement, intervals, roles
from bot.domain.agreement import Group
from bot.domain.errors import AlreadyDecided, CheckClosed, MeetingClosed, NotFound, NotRegistered
from bot.domain.intervals import Interval
from bot.domain.rules import rulebook
from bot.domain.statements import Ready
from bot.storage import actions, checks, meetings, participants
from bot.storage import agreement as stored_agreement
from bot.storage.checks import (
    AFTER,
    ANSWERS,
    BEFORE,
    DRAFT,
    FALSE,
    ROUNDS,
    STAGES,
    TRUE,
    Opinion,
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


@dataclass(frozen=True, slots=True)
class Shift:
    """How the share of right answers to one statement changed."""

    statement: Statement
    before: Interval
    after: Interval
    change: Interval


@dataclass(frozen=True, slots=True)
class GroupShift:
    """How the people of one group, or of all groups shown, changed over all statements."""

    people: int
    before: float
    """Share of right answers."""
    after: float
    change: Interval
    """Of the people's own shares, with Student's interval; without bounds when there is one person."""
    alike_before: float | None
    """How probably two of them give the same answer; None for fewer than two people."""
    alike_after: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """What the check says, of the groups that may be shown."""

    total: GroupShift | None
    """None when no group may be shown."""
    groups: tuple[tuple[Group, GroupShift], ...]
    statements: tuple[Shift, ...]
    between_before: float | None
    """How probably people of two different groups give the same answer; None with fewer than two groups."""
    between_after: float | None
    left_out: int
    """How many people answered both rounds and are of groups too small to be shown."""
    once: int
    """How many answered one round only, or not all of it."""
    smallest: int


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


def finished(opinions: Iterable[Opinion], statements: Sequence[Statement]) -> dict[str, int]:
    """Round to how many people answered every statement in it."""
    found = list(opinions)
    return {
        round_: len(_complete((item for item in found if item.round == round_), statements))
        for round_ in ROUNDS
    }


async def results(tx: Transaction, meeting: Meeting) -> Results:
    """What the check says now; its stage is for the caller to look at."""
    return weigh(
        await checks.of_meeting(tx, meeting.id),
        await checks.opinions(tx, meeting.id),
        await agreement.groups_of(tx, meeting),
        (await stored_agreement.settings(tx, meeting.id)).smallest,
    )


def weigh(
    statements: Sequence[Statement], opinions: Sequence[Opinion], groups: Sequence[Group], smallest: int
) -> Results:
    """The shift of each group with enough people, of each statement, and of all."""
    rounds = {
        round_: _complete((item for item in opinions if item.round == round_), statements)
        for round_ in ROUNDS
    }
    both = rounds[BEFORE].keys() & rounds[AFTER].keys()
    sectors = {item.participant_id: item.sector for item in opinions}
    shown: list[tuple[Group, list[int]]] = []
    for group in groups:
        people = sorted(person for person in both if sectors[person] in group.sectors)
        if len(people) >= smallest:
            shown.append((group, people))
    everybody = [person for _, people in shown for person in people]
    before, after = rounds[BEFORE], rounds[AFTER]
    return Results(
        total=_shift(statements, everybody, before, after) if everybody else None,
        groups=tuple((group, _shift(statements, people, before, after)) for group, people in shown),
        statements=tuple(_statement_shift(item, everybody, before, after) for item in statements)
        if everybody
        else (),
        between_before=_between(statements, [people for _, people in shown], before),
        between_after=_between(statements, [people for _, people in shown], after),
        left_out=len(both) - len(everybody),
        once=len({item.participant_id for item in opinions} - both),
        smallest=smallest,
    )


_Answers = Mapping[int, Mapping[int, str]]
"""Participant to statement to answer."""


def _complete(opinions: Iterable[Opinion], statements: Sequence[Statement]) -> dict[int, dict[int, str]]:
    """The answers of those who answered every statement."""
    found: dict[int, dict[int, str]] = {}
    for item in opinions:
        found.setdefault(item.participant_id, {})[item.statement_id] = item.answer
    wanted = {item.id for item in statements}
    return {person: answers for person, answers in found.items() if answers.keys() >= wanted}


def _is_right(statement: Statement, opinion: str) -> bool:
    return opinion == (TRUE if statement.is_true else FALSE)


def _score(statements: Sequence[Statement], answers: Mapping[int, str]) -> float:
    return sum(_is_right(item, answers[item.id]) for item in statements) / len(statements)


def _shift(
    statements: Sequence[Statement], people: Sequence[int], before: _Answers, after: _Answers
) -> GroupShift:
    first = [_score(statements, before[person]) for person in people]
    second = [_score(statements, after[person]) for person in people]
    return GroupShift(
        len(people),
        sum(first) / len(first),
        sum(second) / len(second),
        intervals.mean([late - early for early, late in zip(first, second, strict=True)]),
        _within(statements, people, before),
        _within(statements, people, after),
    )


def _statement_shift(statement: Statement, people: Sequence[int], before: _Answers, after: _Answers) -> Shift:
    pairs = Counter(
        (
            _is_right(statement, before[person][statement.id]),
            _is_right(statement, after[person][statement.id]),
        )
        for person in people
    )
    both, lost, won, neither = pairs[True, True], pairs[True, False], pairs[False, True], pairs[False, False]
    return Shift(
        statement,
        intervals.share(both + lost, len(people)),
        intervals.share(both + won, len(people)),
        intervals.paired_shift(both, lost, won, neither),
    )


def _within(statements: Sequence[Statement], people: Sequence[int], answers: _Answers) -> float | None:
    """How probably two different people of a group give the same answer, on average over the statements.

    E. H. Simpson, "Measurement of diversity", Nature 163 (1949) 688, its unbiased form.
    """
    size = len(people)
    if size < 2:
        return None
    shares = [
        sum(count * (count - 1) for count in _counts(statement, people, answers).values())
        / (size * (size - 1))
        for statement in statements
    ]
    return sum(shares) / len(shares)


def _between(
    statements: Sequence[Statement], groups: Sequence[Sequence[int]], answers: _Answers
) -> float | None:
    """How probably people of two different groups give the same answer, on average over statements and pairs of groups.

    J. H. Greenberg, "The measurement of linguistic diversity", Language 32 (1956) 109-115, his index H turned round.
    """
    shares = []
    for one, other in combinations(groups, 2):
        for statement in statements:
            first, second = _counts(statement, one, answers), _counts(statement, other, answers)
            shares.append(sum(first[kind] * second[kind] for kind in ANSWERS) / (len(one) * len(other)))
    return sum(shares) / len(shares) if shares else None


def _counts(statement: Statement, people: Sequence[int], answers: _Answers) -> Counter[str]:
    return Counter(answers[person][statement.id] for person in people)


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
