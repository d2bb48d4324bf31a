"""Finds the rule cards that answer a question in everyday Indonesian.

Nothing is generated: a question is compared with the words of the cards, by the formula BM25F (Robertson and Zaragoza,
2009) over weighted fields. Inflected forms, synonyms, spellings of chats and slips of the finger count as the word that
is meant, for a little less than the word itself. ``vocabulary`` holds the language, this module the reckoning.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.domain.language.spelling import Speller
from bot.domain.language.stemming import roots
from bot.domain.rules import vocabulary
from bot.domain.rules.rules import Card, Rulebook, folder, rulebook
from bot.domain.rules.vocabulary import Vocabulary

QUESTION_LIMIT = 400
"""Characters of a question that are read."""
TERM_LIMIT = 30
"""Different words of a question that are weighed."""

RELATED, SYNONYM, MISSPELT = 0.9, 0.65, 0.8
"""What an inflected form, a synonym and a misspelt word are worth beside the word itself."""
SATURATION = 1.6
"""BM25's k1: how soon a word said again adds nothing."""
LENGTH = 0.5
"""BM25's b: how far a long field dilutes its words."""
UNKNOWN_LIMIT = 8
"""Unknown words of a question that are taken for slips; the rest of a nonsense would only cost time."""
BEGUN = 4
"""Letters from which on the beginning of a word stands for it."""
PAIR = 0.3
"""What two words add that stand side by side in the question and in the card, beside what each adds."""
NUMBER = 0.4
"""What a bare number is worth beside a word: *2* is rarely what a question is about."""
HITS_KEPT = 0.25
"""Cards that reach less than this share of the best one are left out."""
SURE_FIT, SURE_SCORE = 0.6, 3.5
"""A card answers when it covers so much of the question, or scores so high; else nothing fits."""

_WEIGHTS = {
    "title": 3.0,
    "keywords": 2.5,
    "summary": 1.3,
    "basis": 1.0,
    "topics": 0.8,
    "sectors": 0.6,
    "sanction": 0.5,
    "english title": 1.5,
    "english summary": 0.7,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A card that answers a question."""

    card: Card
    score: float
    fit: float
    """The share of the question whose words it has, from 0 to 1; a rare word counts for more than a common one."""

    @property
    def is_sure(self) -> bool:
        """Whether the card answers; one that does not is only the nearest that there is."""
        return self.fit >= SURE_FIT or self.score >= SURE_SCORE


class Index:
    """The words of all cards, and what each weighs in which card."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary) -> None:
        self._cards = book.cards
        self._vocabulary = vocabulary
        self._weights = self._weigh(book)
        self._next = self._pairs(book)
        self._sorted = sorted(self._weights)
        self._by_root: dict[str, set[str]] = defaultdict(set)
        for word in self._weights:
            for root in roots(word):
                self._by_root[root].add(word)
        self._groups: dict[str, set[int]] = defaultdict(set)
        for number, group in enumerate(vocabulary.synonyms):
            for word in group:
                for root in roots(word):
                    self._groups[root].add(number)
        known = {*self._weights, *(word for group in vocabulary.synonyms for word in group)}
        self._speller = Speller(known | vocabulary.stopwords)
        self._most = math.log(1 + len(self._cards))

    def _weigh(self, book: Rulebook) -> dict[str, dict[int, float]]:
        """Word to the number of each card that has it and its weight there (BM25F's pseudo-frequency)."""
        fields = [_fields(card, book) for card in self._cards]
        words = [
            {
                name: self._vocabulary.joined(self._vocabulary.words(text), keep_parts=True)
                for name, text in texts.items()
            }
            for texts in fields
        ]
        usual = {name: max(1.0, sum(len(texts[name]) for texts in words) / len(words)) for name in _WEIGHTS}
        weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for number, texts in enumerate(words):
            for name, found in texts.items():
                dilution = 1 - LENGTH + LENGTH * len(found) / usual[name]
                for word, count in Counter(found).items():
                    if word not in self._vocabulary.stopwords:
                        weights[word][number] += _WEIGHTS[name] * count / dilution
        return {word: dict(cards) for word, cards in weights.items()}

    def _pairs(self, book: Rulebook) -> dict[str, dict[str, set[int]]]:
        """Word to each word that follows it, and the numbers of the cards in which it does."""
        found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, card in enumerate(self._cards):
            texts = _fields(card, book)
            for passage in (texts["title"], texts["summary"], *texts["keywords"].split(",")):
                for word, after in pairwise(self._terms(passage)):
                    found[word][after].add(number)
        return {word: dict(after) for word, after in found.items()}

    def _terms(self, text: str) -> list[str]:
        """The words of a text that say something, in their order."""
        known = self._vocabulary
        return [
            word
            for word in known.joined(known.words(text))
            if word not in known.stopwords and (len(word) > 1 or word.isdigit())
        ]

    def search(self, question: str, limit: int = 8) -> list[Hit]:
        """The cards nearest to a question, best first; none when no word of it is known.

        Whether the first of them answers it is said by :attr:`Hit.is_sure`.
        """
        words = self._terms(question[:QUESTION_LIMIT])
        terms = list(dict.fromkeys(words))[:TERM_LIMIT]
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        worths: dict[str, float] = {}
        asked, unknown = 0.0, 0
        for term in terms:
            found, worth = self._meant(term)
            if not found:
                unknown += 1
                found, worth = self._mended(term) if unknown <= UNKNOWN_LIMIT else ({}, self._most)
            worths[term] = worth
            share = NUMBER if term.isdigit() else 1.0
            asked += share * worth
            for number, score in found.items():
                scores[number] += share * score
                covered[number] += share * worth
        for first, second in pairwise(terms):
            share = PAIR * min(worths[first], worths[second])
            for number in self._side_by_side(first, second):
                scores[number] += share
        hits = [Hit(self._cards[number], score, covered[number] / asked) for number, score in scores.items()]
        hits.sort(key=lambda hit: -hit.score)
        return [hit for hit in hits[:limit] if hit.score >= hits[0].score * HITS_KEPT]

    def _side_by_side(self, first: str, second: str) -> set[int]:
        """The cards in which the second word, or a form of it, follows the first."""
        wanted = self._related(second)
        return {
            number
            for word in self._related(first)
            for after, cards in self._next.get(word, {}).items()
            if after in wanted
            for number in cards
        }

    def _mended(self, term: str) -> tuple[dict[int, float], float]:
        """As :meth:`_meant`, of what an unknown word may have been meant to be."""
        for correction in (*self._begun(term), *self._speller.corrections(term)):
            if correction in self._vocabulary.stopwords:
                return {}, 0.0
            found, worth = self._meant(correction)
            if found:
                return {number: score * MISSPELT for number, score in found.items()}, worth
        return {}, self._most

    def _begun(self, term: str) -> list[str]:
        """The first word that begins with an unknown one: people ask before they have typed to the end."""
        if len(term) < BEGUN:
            return []
        place = bisect_left(self._sorted, term)
        return [word for word in self._sorted[place : place + 1] if word.startswith(term)]

    def _meant(self, term: str) -> tuple[dict[int, float], float]:
        """What a word of a question adds to each card, and the most that it could add."""
        own = self._related(term)
        best, worth = self._scores({word: 1.0 if word == term else RELATED for word in own})
        rarest = 0.0
        for word in self._synonyms(term):
            meant = self._related(word) - own
            scores, other = self._scores(dict.fromkeys(meant, SYNONYM))
            rarest = max(rarest, other)
            for number, score in scores.items():
                best[number] = max(best.get(number, 0.0), score)
        return best, worth or rarest

    def _related(self, term: str) -> set[str]:
        return {word for root in roots(term, spoken=True) for word in self._by_root.get(root, ())}

    def _synonyms(self, term: str) -> set[str]:
        numbers = {number for root in roots(term, spoken=True) for number in self._groups.get(root, ())}
        return {word for number in numbers for word in self._vocabulary.synonyms[number]} - {term}

    def _scores(self, words: Mapping[str, float]) -> tuple[dict[int, float], float]:
        """BM25F of words that count as one, each by its share; and the weight of that word."""
        weights: dict[int, float] = defaultdict(float)
        share = 0.0
        for word, factor in words.items():
            share = max(share, factor)
            for number, weight in self._weights[word].items():
                weights[number] += factor * weight
        if not weights:
            return {}, 0.0
        rarity = math.log(1 + (len(self._cards) - len(weights) + 0.5) / (len(weights) + 0.5))
        return {
            number: share * rarity * weight / (SATURATION + weight) for number, weight in weights.items()
        }, rarity


def _fields(card: Card, book: Rulebook) -> dict[str, str]:
    topics = [book.topic(topic) for topic in card.topics]
    sectors = [book.sector(sector) for sector in card.sectors]
    return {
        "title": card.title["id"],
        "keywords": card.keywords,
        "summary": card.summary["id"],
        "basis": " ".join(
            f"{basis.instrument} {basis.article or ''} {basis.about or ''}" for basis in card.legal_basis
        ),
        "topics": " ".join(topic.name["id"] for topic in topics if topic is not None),
        "sectors": " ".join(f"{sector.id} {sector.name['id']}" for sector in sectors if sector is not None),
        "sanction": (card.sanction or {}).get("id", ""),
        "english title": card.title["en"],
        "english summary": card.summary["en"],
    }


@cache
def index() -> Index:
    """The index of the program's cards; made at the first call."""
    return Index(rulebook(), vocabulary.load(folder() / "words.yaml"))
