"""The rule cards as an office has them: the program's, its own wordings in their place, and cards that it added.

A wording of the office counts once one of its organisers confirmed it; until then the former one does. Every wording
stays kept, and so does each that was sent.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.rules import search, vocabulary
from bot.domain.rules.rules import BadRules, Card, Rulebook, folder, read_as, rulebook
from bot.domain.rules.search import Index
from bot.storage import rules as stored
from bot.storage.database import Transaction
from bot.storage.rules import Version

BOOKS_KEPT = 20
"""Books of offices with cards of their own that a process remembers, with their indexes."""


class Shelf:
    """The books that were put together lately. A book is known by what it is made of, so none grows old."""

    def __init__(self) -> None:
        self._books: OrderedDict[frozenset[tuple[str, str]], tuple[Rulebook, list[Index]]] = OrderedDict()

    def book(self, key: frozenset[tuple[str, str]]) -> Rulebook | None:
        found = self._books.get(key)
        if found is not None:
            self._books.move_to_end(key)
        return None if found is None else found[0]

    def keep(self, key: frozenset[tuple[str, str]], book: Rulebook) -> None:
        self._books[key] = (book, [])
        while len(self._books) > BOOKS_KEPT:
            self._books.popitem(last=False)

    def index(self, book: Rulebook) -> Index:
        """The index of a book; made at its first question (about a tenth of a second)."""
        if book is rulebook():
            return search.index()
        indexes = next((indexes for known, indexes in self._books.values() if known is book), [])
        if not indexes:
            indexes.append(Index(book, vocabulary.load(folder() / "words.yaml")))
        return indexes[0]


_shelf = Shelf()


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """An office's cards, and which of them it confirmed when."""

    book: Rulebook
    approvals: Mapping[str, datetime]
    """By card; of the wording that it has now."""
    own: frozenset[str] = frozenset()
    """The cards that have a wording of the office."""

    def is_draft(self, card: Card) -> bool:
        """Whether the card waits for the office's approval."""
        return bool(card.reasons) and card.id not in self.approvals

    @property
    def index(self) -> Index:
        return _shelf.index(self.book)


async def of_office(tx: Transaction, office_id: int | None) -> OfficeRules:
    """The cards of an office; those of the program for None."""
    if office_id is None:
        return OfficeRules(rulebook(), {})
    own = await stored.in_force(tx, office_id)
    book = await _book(tx, office_id, own) if own else rulebook()
    approved = await stored.approvals(tx, office_id)
    approvals = {
        card.id: approved[card.id, card.digest] for card in book.cards if (card.id, card.digest) in approved
    }
    return OfficeRules(book, approvals, frozenset(own))


async def _book(tx: Transaction, office_id: int, own: Mapping[str, str]) -> Rulebook:
    key = frozenset(own.items())
    book = _shelf.book(key)
    if book is None:
        cards = {card.id: card for card in rulebook().cards}
        for content in await stored.contents(tx, office_id, set(own.values())):
            card = read(content)
            cards[card.id] = card
        base = rulebook()
        book = Rulebook(list(cards.values()), base.topics, base.sectors, base.doubts)
        _shelf.keep(key, book)
    return book


def read(content: str) -> Card:
    """A card from the JSON of a version.

    Raises:
        BadRules: it is none.
    """
    data = json.loads(content)
    return read_as(Card, [data], f"version of {data.get('id')}")[0]


def card_of(version: Version) -> Card | None:
    """The card of a version; None when this program can no longer read it."""
    try:
        return read(version.content)
    except BadRules:
        return None
