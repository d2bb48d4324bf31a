"""What an understanding check says: the share of right answers, how far people answer alike, and the shift of both.

Figures are of the people who answered in both rounds, so that who comes late or leaves early changes nothing; groups
with fewer of them than the meeting's setting are in no figure (:mod:`bot.domain.agreement.agreement`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.domain.agreement.agreement import Group
from bot.domain.polls import intervals
from bot.domain.polls.intervals import Interval
from bot.storage.checks import AFTER, ANSWERS, BEFORE, FALSE, ROUNDS, TRUE, Opinion, Statement


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


def finished(opinions: Iterable[Opinion], statements: Sequence[Statement]) -> dict[str, int]:
    """Round to how many people answered every statement in it."""
    found = list(opinions)
    return {
        round_: len(_complete((item for item in found if item.round == round_), statements))
        for round_ in ROUNDS
    }


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
