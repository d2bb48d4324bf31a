"""The words of everyday questions: what is read as one word, what means the same, what says nothing.

They are data, ``bot/data/rules/words.yaml``: whoever misses a word adds it there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from bot.domain.rules.rules import BadRules, read_yaml

_WORD = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_]{3,})2")
_INSTRUMENTS = frozenset(
    ("uu", "pp", "pkpu", "perbawaslu", "perpol", "pmk", "skb", "se", "keppres", "perpres", "mk", "pasal")
)


class Vocabulary:
    """The words of everyday questions: what is read as one word, what means the same, what says nothing."""

    def __init__(
        self,
        phrases: Mapping[str, str],
        synonyms: Sequence[Sequence[str]],
        spellings: Mapping[str, str],
        stopwords: Iterable[str],
    ) -> None:
        self.stopwords = frozenset(stopwords)
        self.synonyms = tuple(tuple(group) for group in synonyms)
        self._spellings = dict(spellings)
        self._phrases = {tuple(phrase.split()): tuple(word.split()) for phrase, word in phrases.items()}
        self._longest = max(map(len, self._phrases), default=1)

    def words(self, text: str) -> list[str]:
        """The words of a text in small letters, spelt as in a book; stopwords among them."""
        plain = unicodedata.normalize("NFKD", text.casefold())
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        found = []
        for match in _WORD.finditer(plain):
            word = _DRAWN_OUT.sub(r"\1", match[0]) if not match[0].isdigit() else match[0]
            word = _DOUBLED.sub(r"\1", word)  # anak2
            found.append(self._spellings.get(word, word))
        return found

    def joined(self, words: Sequence[str], *, keep_parts: bool = False) -> list[str]:
        """The words with phrases joined to one, and with instruments beside their number (``pkpu13``)."""
        found: list[str] = []
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 1, -1):
                phrase = tuple(words[place : place + length])
                if phrase in self._phrases:
                    found += self._phrases[phrase]
                    if keep_parts:
                        found += phrase
                    place += length
                    break
            else:
                found.append(words[place])
                place += 1
        return [*found, *_references(found)]


def _references(words: Sequence[str]) -> Iterator[str]:
    numbers = [word for word in words if word not in ("nomor", "no", "tahun")]
    for word, after in pairwise(numbers):
        if word in _INSTRUMENTS and after[:1].isdigit():
            yield word + after


def load(path: Path) -> Vocabulary:
    """Read the words of everyday questions.

    Raises:
        BadRules: the file cannot be used.
    """
    data = read_yaml(path)
    try:
        return Vocabulary(data["phrases"], data["synonyms"], data["spellings"], data["stopwords"].split())
    except (AttributeError, KeyError, TypeError) as error:
        raise BadRules(f"{path.name}: {error!r}") from None
