"""Looking people up by name among the participants of a meeting and among those invited to it.

The database compares what is kept of the names for searching; rows are read only of those who are shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.people import names
from bot.storage import invitees, participants
from bot.storage.database import Transaction
from bot.storage.invitees import Invitee
from bot.storage.participants import Participant

T = TypeVar("T")

MOST_WORDS = 50
"""No name of a hundred letters has more."""

Candidates = Callable[[Sequence[Sequence[str]]], Awaitable[list[tuple[int, tuple[str, ...]]]]]
"""Ids and words of the names that hold, for each of these lists, one of its fragments."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Who fits, nearest first and then by name."""

    people: Sequence[T]
    """As many as were asked for."""
    count: int
    """How many there are."""


async def among_participants(
    tx: Transaction,
    meeting_id: int,
    query: str,
    *,
    limit: int,
    states: Sequence[str] = participants.ACTIVE,
) -> Found[Participant]:
    """Participants in one of ``states`` whose name begins with the words of ``query``, or else resembles them."""

    async def candidates(fragments: Sequence[Sequence[str]]) -> list[tuple[int, tuple[str, ...]]]:
        kept = await participants.kept_names(tx, meeting_id, fragments, states)
        return [(found, tuple(words.split())) for found, words in kept] + unprepared

    old = await participants.without_kept_name(tx, meeting_id, states) if names.is_enough(query) else []
    unprepared: list[tuple[int, tuple[str, ...]]] = [(item.id, names.words(item.name)) for item in old]
    ids = await _nearest(query, candidates)
    return Found(await participants.find_all(tx, ids[:limit]), len(ids))


async def among_invited(tx: Transaction, meeting_id: int, query: str, *, limit: int) -> Found[Invitee]:
    """The same among those invited."""

    async def candidates(fragments: Sequence[Sequence[str]]) -> list[tuple[int, tuple[str, ...]]]:
        kept = await invitees.kept_names(tx, meeting_id, fragments)
        return [(found, tuple(words.split())) for found, words in kept]

    ids = await _nearest(query, candidates)
    return Found(await invitees.find_all(tx, ids[:limit]), len(ids))


async def of_that_name(tx: Transaction, meeting_id: int, name: str) -> list[Participant]:
    """Participants with this very name, but for titles, order and case; see :func:`names.same_name`."""
    wanted = [[f" {word} "] for word in names.words(name)]
    kept = await participants.kept_names(tx, meeting_id, wanted)
    old = await participants.without_kept_name(tx, meeting_id)
    people = [*await participants.find_all(tx, [found for found, _ in kept]), *old]
    return [person for person in people if names.same_name(person.name, name)]


async def invited_of_that_name(tx: Transaction, meeting_id: int, name: str) -> list[Invitee]:
    """The same among those invited."""
    kept = await invitees.kept_names(tx, meeting_id, [[f" {word} "] for word in names.words(name)])
    people = await invitees.find_all(tx, [found for found, _ in kept])
    return [person for person in people if names.same_name(person.name, name)]


async def _nearest(query: str, candidates: Candidates) -> list[int]:
    wanted = names.words(query)
    if not names.is_enough(query) or len(wanted) > MOST_WORDS:
        return []
    hits = names.beginning(query, await candidates([[f" {word}"] for word in wanted]))
    # Where nobody has the words as they were written, a letter may be wrong.
    return hits or names.resembling(query, await candidates([names.fragments(word) for word in wanted]))
