"""Intervals against published worked examples, and what must hold for any numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.polls import intervals
from bot.domain.polls.intervals import Interval


@pytest.mark.parametrize(
    ("successes", "people", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_newcombes_table(successes: int, people: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    found = intervals.share(successes, people)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_paired_shift_as_in_newcombes_example() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650: 36, 12, 2, 0 gives 0.0569 to 0.3404."""
    found = intervals.paired_shift(36, 2, 12, 0)
    assert (round(found.estimate, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0569, 0.3404)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (29, 2.045)]
)
def test_students_quantiles(freedom: int, quantile: float) -> None:
    # With a deviation of sqrt(n), half of the interval is the quantile itself.
    size = freedom + 1
    spread = math.sqrt(freedom * size / 2)
    found = intervals.mean([spread, -spread, *[0.0] * (size - 2)])
    assert found.high == pytest.approx(quantile, abs=0.004)


def test_one_person_has_no_bounds_and_nobody_no_mean() -> None:
    assert intervals.mean([0.5]) == Interval(0.5, -math.inf, math.inf)
    with pytest.raises(ValueError, match="mean of nothing"):
        intervals.mean([])
    with pytest.raises(ValueError, match="no share"):
        intervals.share(0, 0)


@given(*[st.integers(0, 60)] * 4)
def test_a_shift_lies_in_its_interval_and_turns_round_with_the_rounds(a: int, b: int, c: int, d: int) -> None:
    if a + b + c + d == 0:
        return
    there, back = intervals.paired_shift(a, b, c, d), intervals.paired_shift(a, c, b, d)

    assert -1 <= there.low <= there.estimate <= there.high <= 1
    assert there.estimate == pytest.approx(-back.estimate)
    assert there.low == pytest.approx(-back.high)
