"""Opinion groups, on conversations whose groups are known, and what is not told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.consensus import adjusted_rand, conversation
from bot.domain.agreement import opinion_groups
from bot.domain.agreement.opinion_groups import Opinions, Votes
from bot.i18n import translator
from bot.reports.agreement import groups_board
from bot.storage.stances import Weighable

STATEMENTS = 20


def camps(
    sizes: tuple[int, ...], *, missing: float, stray: float, seed: int = 3
) -> tuple[NDArray[np.float64], list[int]]:
    """Votes of camps that differ on most statements, agree on the first two, and stray by chance; the camps."""
    chance = np.random.default_rng(seed)
    mine = np.arange(STATEMENTS)[None, :] % len(sizes) == np.arange(len(sizes))[:, None]
    lines = np.where(mine, 1.0, -1.0)
    lines[:, :2] = 1.0
    members = [camp for camp, size in enumerate(sizes) for _ in range(size)]
    votes = lines[members]
    votes = np.where(
        chance.random(votes.shape) < stray, chance.choice([-1.0, 0.0, 1.0], size=votes.shape), votes
    )
    votes[chance.random(votes.shape) < missing] = math.nan
    return votes, members


@pytest.mark.parametrize("sizes", [(40, 25), (30, 25, 20), (200, 30)])
def test_camps_are_found_though_half_is_not_answered(sizes: tuple[int, ...]) -> None:
    votes, members = camps(sizes, missing=0.4, stray=0.15)

    found = opinion_groups.find(votes)

    both = [place for place, label in enumerate(found.labels) if label is not None]
    assert len(both) > 0.9 * sum(sizes)
    assert (
        adjusted_rand([str(members[place]) for place in both], [str(found.labels[place]) for place in both])
        > 0.9
    )
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    assert found.is_tellable
    assert set(np.argsort(found.consensus)[-2:]) == {0, 1}


def test_what_is_typical_of_a_camp_is_what_it_says_and_the_others_do_not() -> None:
    votes, _ = camps((30, 20), missing=0.2, stray=0.05)

    found = opinion_groups.find(votes)

    assert all(found.typical)
    for group, typical in enumerate(found.typical):
        mine = np.array([label == group for label in found.labels])
        others = np.array([label not in (group, None) for label in found.labels])
        assert not {item.statement for item in typical[:5]} & {0, 1}
        for item in typical:
            said = 1 if item.agrees else -1
            column = votes[:, item.statement]
            assert (item.count, item.of) == (
                int((column[mine] == said).sum()),
                int((~np.isnan(column[mine])).sum()),
            )
            assert np.mean(column[mine] == said) > np.mean(column[others] == said)


def test_consensus_is_the_product_of_the_groups_estimates() -> None:
    votes, _ = camps((30, 20), missing=0.3, stray=0.1)

    found = opinion_groups.find(votes)

    for statement in range(STATEMENTS):
        product = 1.0
        for group in range(len(found.sizes)):
            column = [
                row[statement] for row, label in zip(votes, found.labels, strict=True) if label == group
            ]
            answered = [value for value in column if not math.isnan(value)]
            product *= (answered.count(1.0) + 1) / (len(answered) + 2)
        assert found.consensus[statement] == pytest.approx(product)


def test_the_same_answers_give_the_same_groups_whoever_comes_first() -> None:
    votes, _ = camps((30, 20, 15), missing=0.3, stray=0.1)
    order = np.random.default_rng(5).permutation(len(votes))

    one, again, shuffled = (opinion_groups.find(item) for item in (votes, votes.copy(), votes[order]))

    assert one == again
    here = [str(one.labels[place]) for place in order]
    assert adjusted_rand(here, [str(label) for label in shuffled.labels]) == pytest.approx(1.0)


def test_whoever_answered_little_is_in_no_group() -> None:
    votes, _ = camps((30, 20), missing=0.0, stray=0.1)
    votes[0, opinion_groups.FEWEST_ANSWERS - 1 :] = math.nan
    votes[1, opinion_groups.FEWEST_ANSWERS :] = math.nan

    labels = opinion_groups.find(votes).labels

    assert labels[0] is None
    assert labels[1] is not None


@pytest.mark.parametrize(
    "votes",
    [[], [[1]], [[None, None]], [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1]], [[0.0] * 8] * 30],
    ids=["nobody", "one", "no answer", "all alike", "all pass"],
)
def test_where_nothing_tells_people_apart_nothing_is_told(votes: Votes) -> None:
    found = opinion_groups.find(votes)

    assert not found.is_tellable
    assert len(found.sizes) <= 1


def told(found: Opinions, count: int = STATEMENTS) -> str:
    submissions = tuple(
        Weighable(place, 100 + place, "challenge", f"Teks {place}", None, 0, "{}", None, False)
        for place in range(count)
    )
    return repr(groups_board(translator("en"), submissions, found))


@pytest.mark.parametrize(
    ("sizes", "tellable"),
    [((4, 5), False), ((20, 4), False), ((8, 5), True)],
    ids=["few", "a small one", "enough"],
)
def test_nothing_is_told_about_few_people(sizes: tuple[int, ...], tellable: bool) -> None:
    votes, _ = camps(sizes, missing=0.0, stray=0.0)

    found = opinion_groups.find(votes)

    assert found.sizes == tuple(sorted(sizes, reverse=True))
    assert found.is_tellable == tellable
    assert ("No opinion groups can be told" in told(found)) != tellable
    assert ("Group A" in told(found)) == tellable


def test_a_large_conversation_is_worked_out() -> None:
    found = opinion_groups.find(conversation(people=600, statements=80, density=0.3))

    assert len(found.sizes) == 3
    assert sum(found.sizes) > 590
