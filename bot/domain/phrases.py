"""Finds phrases of everyday Indonesian in a text, whatever forms their words take there.

A phrase is written as its words with a blank between them: ``kata`` is this word, ``~kata`` any word of the same root
(memberi, diberikan, pemberian for *~beri*), ``#`` a number, ``{name}`` a word of that list, and ``…`` up to three words
that do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.domain import vocabulary
from bot.domain.rules import folder
from bot.domain.stemming import roots
from bot.domain.vocabulary import Vocabulary

GAP = 3
"""Words that ``…`` may stand for."""


@cache
def everyday() -> Vocabulary:
    """The language of everyday questions, for what is no rule card as well."""
    return vocabulary.load(folder() / "words.yaml")


def words_of(text: str) -> list[str]:
    """The words of a text as phrases are compared with them."""
    return everyday().words(text)


def data(name: str) -> Path:
    """A file of ``bot/data/words``."""
    return folder().parent / "words" / name


class Phrases:
    """Phrases that are looked for together. ``lists`` are the words that ``{name}`` stands for."""

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Iterable[str]] | None = None) -> None:
        self._lists = {name: frozenset(words) for name, words in (lists or {}).items()}
        self._phrases = [tuple(phrase.split()) for phrase in phrases]
        for phrase in self._phrases:
            for part in phrase:
                if part.startswith("{") and part.strip("{}") not in self._lists:
                    raise ValueError(f"no list is called {part}")

    def found_in(self, words: Sequence[str]) -> tuple[str, ...] | None:
        """The first phrase that the words hold; None when they hold none."""
        for phrase in self._phrases:
            if any(self._fits(phrase, words[start:]) for start in range(len(words))):
                return phrase
        return None

    def _fits(self, phrase: Sequence[str], words: Sequence[str]) -> bool:
        """Whether the words begin with the phrase."""
        if not phrase:
            return True
        if phrase[0] == "…":
            return any(self._fits(phrase[1:], words[skipped:]) for skipped in range(GAP + 1))
        return bool(words) and self._is(phrase[0], words[0]) and self._fits(phrase[1:], words[1:])

    def _is(self, part: str, word: str) -> bool:
        if part == "#":
            return word.isdigit()
        if part.startswith("{"):
            return word in self._lists[part.strip("{}")]
        if part.startswith("~"):
            return _same_root(part[1:], word)
        return part == word


@cache
def _forms(root: str) -> frozenset[str]:
    return roots(root)


def _same_root(root: str, word: str) -> bool:
    return not _forms(root).isdisjoint(roots(word, spoken=True))
