"""Finds phrases of everyday Indonesian in a text, whatever forms their words take there.

A phrase is written as its words with a blank between them: ``kata`` is this word, ``~kata`` any word of the same root
(memberi, diberikan, pemberian for *~beri*), ``#`` a number, ``{name}`` a word of that list, and ``…`` up to three words
that do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.domain.language.stemming import roots
from bot.domain.rules import vocabulary
from bot.domain.rules.rules import folder
from bot.domain.rules.vocabulary import Vocabulary

GAP = 3
"""Words that ``…`` may stand for."""


@cache
def everyday() -> Vocabulary:
    """The language of everyday questions, for what is no rule card as well."""
    return vocabulary.load(folder() / "words.yaml")


class Words:
    """The words of a text, and where each of them and each of their roots stands."""

    def __init__(self, text: str) -> None:
        self.words = everyday().words(text)
        self.places: dict[str, list[int]] = {}
        self.root_places: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            self.places.setdefault(word, []).append(place)
            for root in roots(word, spoken=True):
                self.root_places.setdefault(root, []).append(place)


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

    def found_in(self, text: Words) -> bool:
        """Whether the text holds one of the phrases."""
        return any(
            self._fits(phrase[1:], text, place + 1)
            for phrase in self._phrases
            for place in self._places(phrase[0], text)
        )

    def _places(self, part: str, text: Words) -> Iterable[int]:
        """Where a part of a phrase stands in a text."""
        if part == "#":
            return [place for place, word in enumerate(text.words) if word.isdigit()]
        if part.startswith("{"):
            names = self._lists[part.strip("{}")] & text.places.keys()
            return [place for name in names for place in text.places[name]]
        if part.startswith("~"):
            forms = _forms(part[1:]) & text.root_places.keys()
            return {place for form in forms for place in text.root_places[form]}
        return text.places.get(part, ())

    def _fits(self, phrase: Sequence[str], text: Words, place: int) -> bool:
        """Whether the phrase stands at this place."""
        if not phrase:
            return True
        if phrase[0] == "…":
            return any(self._fits(phrase[1:], text, place + skipped) for skipped in range(GAP + 1))
        return place in self._places(phrase[0], text) and self._fits(phrase[1:], text, place + 1)


@cache
def _forms(root: str) -> frozenset[str]:
    return roots(root)
