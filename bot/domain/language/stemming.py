"""Roots of Indonesian words, without a dictionary.

Affixes are taken off by the rules published by Nazief and Adriani (1996) and refined as confix stripping by Asian,
Williams and Tahaghoghi (2005) and by Arifin and others (2009): particle, possessive and suffix from the end, then up to
three prefixes from the front, with the first letter that me- and pe- swallow given back (memilih: pilih, menyumbang:
sumbang).

Those authors ask a dictionary after each step which of the possible roots is a word. Here all of them are kept, and two
words count as related when they share one: among the few thousand words of the cards hardly two unrelated ones do.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_VOWELS = frozenset("aiueo")
_PARTICLES = ("lah", "kah", "tah", "pun")
_POSSESSIVES = ("nya", "ku", "mu")
_SUFFIXES = ("kan", "an", "i")
_SPOKEN_SUFFIXES = ("in",)
PREFIXES = 3
"""How many prefixes a word may have: *diperseberangkan* has two, and three are not exceeded."""


@lru_cache(maxsize=8192)
def roots(word: str, *, spoken: bool = False) -> frozenset[str]:
    """The word (in small letters) and what it may be derived from.

    ``spoken`` knows the forms of everyday speech too: nyoblos, ngasih, milih, untungin.
    """
    found = set(_without_endings(word, spoken=spoken))
    fresh = found
    for _ in range(PREFIXES):
        fresh = {
            root for stem in fresh for root in _without_prefix(stem, spoken=spoken) if _is_root(root)
        } - found
        if not fresh:
            break
        found |= fresh
    return frozenset(found)


def _is_root(stem: str) -> bool:
    """Whether enough is left: four letters, or three that begin with a vowel (aju, adu, uji)."""
    return len(stem) >= 4 or (len(stem) == 3 and stem[0] in _VOWELS)


def _without_endings(word: str, *, spoken: bool) -> Iterator[str]:
    suffixes = _SUFFIXES + _SPOKEN_SUFFIXES if spoken else _SUFFIXES
    stems = [word]
    for endings in (_PARTICLES, _POSSESSIVES, suffixes):
        stems += [
            stem.removesuffix(ending)
            for stem in stems
            for ending in endings
            if stem.endswith(ending) and _is_root(stem.removesuffix(ending))
        ]
    yield from stems


def _without_prefix(word: str, *, spoken: bool) -> Iterator[str]:
    for prefix in ("di", "ke", "se", "ber", "ter", "per"):
        if word.startswith(prefix):
            yield word.removeprefix(prefix)
    # bekerja, teperdaya, pekerja: the r goes before a syllable that ends in er.
    if word[:2] in ("be", "te", "pe") and word[3:5] == "er":
        yield word[2:]
    if word[:2] in ("me", "pe"):
        yield from _without_nasal(word[2:])
    if spoken:
        yield from _without_spoken_nasal(word)


def _without_nasal(rest: str) -> Iterator[str]:
    """What stands after me- or pe-, without the nasal that they bring and with the letter that it took."""
    if rest.startswith("ny"):
        yield "s" + rest[2:]
    elif rest.startswith("nge"):
        yield rest[3:]  # before one syllable: mengecat
        yield from (rest[2:], "k" + rest[2:])
    elif rest.startswith("ng"):
        yield rest[2:]
        if rest[2:3] in _VOWELS:
            yield "k" + rest[2:]
    elif rest.startswith("n"):
        yield rest  # menilai
        yield "t" + rest[1:] if rest[1:2] in _VOWELS else rest[1:]
    elif rest.startswith("m"):
        yield rest  # memasak
        yield "p" + rest[1:] if rest[1:2] in _VOWELS else rest[1:]
    else:
        yield rest


def _without_spoken_nasal(word: str) -> Iterator[str]:
    """The me- of everyday speech, of which the nasal alone is left."""
    if word.startswith("ny"):
        yield from ("s" + word[2:], "c" + word[2:])
    elif word.startswith("nge"):
        yield from (word[3:], word[2:], "k" + word[2:])
    elif word.startswith("ng"):
        yield from (word[2:], "k" + word[2:])
    elif word.startswith("n"):
        yield "t" + word[1:] if word[1:2] in _VOWELS else word[1:]
    elif word.startswith("m") and word[1:2] in _VOWELS:
        yield "p" + word[1:]
