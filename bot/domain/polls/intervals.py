"""Confidence intervals of shares, of the difference between two shares of the same people, and of means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


def share(successes: int, people: int) -> Interval:
    """A share with Wilson's score interval, which also serves few people and shares near 0 or 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.

    Raises:
        ValueError: there are no people, or more successes than people.
    """
    if not 0 <= successes <= people or people == 0:
        raise ValueError(f"{successes} of {people} is no share")
    estimate = successes / people
    spread = Z95 * math.sqrt(estimate * (1 - estimate) / people + Z95**2 / (4 * people**2))
    middle = estimate + Z95**2 / (2 * people)
    scale = 1 + Z95**2 / people
    # Rounding must not put the estimate outside of its own interval.
    low, high = max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
    return Interval(estimate, min(estimate, low), max(estimate, high))


def paired_shift(both: int, first_only: int, second_only: int, neither: int) -> Interval:
    """How much larger the share of successes was the second time, among people who were asked twice.

    ``first_only`` counts those who succeeded the first time alone. The interval is the tenth method of R. G. Newcombe,
    "Improved confidence intervals for the difference between binomial proportions based on paired data", Statistics in
    Medicine 17 (1998) 2635-2650: two Wilson intervals, joined by the correlation of the answers with its correction.

    Raises:
        ValueError: nobody was asked.
    """
    people = both + first_only + second_only + neither
    first = share(both + first_only, people)
    second = share(both + second_only, people)
    product = (both + first_only) * (second_only + neither) * (both + second_only) * (first_only + neither)
    numerator: float = both * neither - first_only * second_only
    if numerator > 0:
        numerator = max(numerator - people / 2, 0.0)
    correlation = numerator / math.sqrt(product) if product else 0.0
    shift = second.estimate - first.estimate

    def distance(up: float, down: float) -> float:
        return math.sqrt(max(0.0, up**2 - 2 * correlation * up * down + down**2))

    low = shift - distance(second.estimate - second.low, first.high - first.estimate)
    high = shift + distance(second.high - second.estimate, first.estimate - first.low)
    return Interval(shift, max(-1.0, low), min(1.0, high))


def mean(values: Sequence[float]) -> Interval:
    """The average of people's values with Student's interval; without bounds (infinite) for one person.

    The quantile is the expansion 26.7.5 of Abramowitz and Stegun's Handbook of Mathematical Functions, to the fourth
    power of the degrees of freedom; from four people on it is right to two digits, below that exact.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("there is no mean of nothing")
    estimate = math.fsum(values) / len(values)
    if len(values) == 1:
        return Interval(estimate, -math.inf, math.inf)
    freedom = len(values) - 1
    deviation = math.sqrt(math.fsum((value - estimate) ** 2 for value in values) / freedom)
    half = _student95(freedom) * deviation / math.sqrt(len(values))
    return Interval(estimate, estimate - half, estimate + half)


def _student95(freedom: int) -> float:
    if freedom < 3:  # where the expansion is too short; exact values
        return (12.706204736432095, 4.302652729911275)[freedom - 1]
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))
