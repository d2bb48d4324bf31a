"""Slips of the finger: which known words lie near an unknown one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

SHORTEST = 5
"""Letters from which on a word is corrected: shorter ones are near too many others."""
TWO_SLIPS = 8
"""Letters from which on two slips are forgiven."""
_TRIED = 24


class Speller:
    """Known words by their pairs of letters, so that few of them are compared letter by letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({word for word in words if len(word) >= SHORTEST and word.isalpha()})
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                self._by_pair[pair].append(number)

    def corrections(self, word: str) -> list[str]:
        """Known words that the word may have been meant to be, the nearest first; empty for short words and numbers."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        shared = Counter(number for pair in _pairs(word) for number in self._by_pair.get(pair, ()))
        near = [
            (distance, -count, candidate)
            for number, count in shared.most_common(_TRIED)
            if (distance := slips(word, candidate := self._words[number], allowed)) <= allowed
        ]
        return [candidate for _, _, candidate in sorted(near)]


def _pairs(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[place : place + 2] for place in range(len(padded) - 1)}


def slips(one: str, other: str, most: int) -> int:
    """How many letters are missing, too many, wrong or swapped with their neighbour: the optimal string alignment.

    It is ``most + 1`` for more than ``most``.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for column, second in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != second))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == second:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
