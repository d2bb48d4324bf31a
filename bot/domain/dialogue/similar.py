"""Which published texts say nearly the same as a new one, so that it can be supported instead of said again.

Two texts are compared by the words that they share: a rare word counts for more than a common one (inverse document
frequency among the texts compared), forms of one root are one word, and a synonym counts for a little less. The measure
is Dice's: twice what both have, of all that either has. Nothing of the new text is kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.domain.language.phrases import everyday
from bot.domain.language.stemming import roots

LIKE = 0.45
"""From this likeness on, two texts may mean the same; see tests/domain/dialogue/test_similar.py."""
SYNONYM = 0.7
"""What a synonym is worth beside the word itself."""
MOST = 3
"""How many are offered: more would keep people from sending."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text that say something, each with its possible roots, and all roots and meanings together."""

    roots: Mapping[str, frozenset[str]]
    stems: frozenset[str]
    groups: frozenset[int]


@dataclass(frozen=True, slots=True)
class Match:
    """A published text that may say the same."""

    id: int
    likeness: float
    """From 0, nothing in common, to 1, the same words."""


def nearest(text: str, published: Iterable[tuple[int, str]], limit: int = MOST) -> list[Match]:
    """The published texts (id, text) that may say what ``text`` says, the likest first."""
    others = [(key, _kept_words(other)) for key, other in published]
    new = _words(text)
    if not new.roots or not others:
        return []
    rarity = _rarity([words for _, words in others])
    most = math.log(1 + len(others))
    own = sum(rarity.get(name, most) for name in new.roots)
    found = []
    for key, words in others:
        shared = sum(_share(stems, words) * rarity.get(name, most) for name, stems in new.roots.items())
        if shared:
            likeness = min(1.0, 2 * shared / (own + sum(rarity[name] for name in words.roots)))
            if likeness >= LIKE:
                found.append(Match(key, likeness))
    return sorted(found, key=lambda match: (-match.likeness, match.id))[:limit]


def _share(stems: frozenset[str], words: _Words) -> float:
    """How well a text has a word: 1 for one of its forms, less for a synonym, 0 for neither."""
    if not stems.isdisjoint(words.stems):
        return 1.0
    return 0.0 if words.groups.isdisjoint(_groups_of(stems)) else SYNONYM


def _rarity(texts: Collection[_Words]) -> dict[str, float]:
    """What each word is worth by how few of the texts have it."""
    counts = Counter(name for words in texts for name in words.roots)
    return {name: math.log(1 + len(texts) / (0.5 + count)) for name, count in counts.items()}


def _words(text: str) -> _Words:
    known = everyday()
    found: dict[str, frozenset[str]] = {}
    stems: set[str] = set()
    for word in known.joined(known.words(text)):
        own = roots(word, spoken=True)
        if word not in known.stopwords and len(word) > 1 and stems.isdisjoint(own):
            found[word] = own
            stems |= own
    return _Words(found, frozenset(stems), _groups_of(frozenset(stems)))


@lru_cache(maxsize=4096)
def _kept_words(text: str) -> _Words:
    """As :func:`_words`, remembered: for texts that everybody may read already, never for a draft."""
    return _words(text)


@cache
def _synonym_groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, words in enumerate(everyday().synonyms):
        for word in words:
            for root in roots(word):
                groups.setdefault(root, set()).add(number)
    return {root: frozenset(numbers) for root, numbers in groups.items()}


def _groups_of(stems: frozenset[str]) -> frozenset[int]:
    known = _synonym_groups()
    return frozenset().union(*(known.get(stem, frozenset()) for stem in stems))
