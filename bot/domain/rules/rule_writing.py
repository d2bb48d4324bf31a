"""Cards that offices write or change: every wording is kept, and counts once an organiser confirmed it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound
from bot.domain.language.texts import clean
from bot.domain.rules import office_rules
from bot.domain.rules.rules import BadRules, Basis, Card, Named, Rulebook, rulebook
from bot.storage import actions
from bot.storage import rules as stored
from bot.storage.database import Transaction
from bot.storage.rules import Version
from bot.storage.values import base36, new_id

OWN = "kantor-"
"""What the ids of cards begin with that an office added."""
MOST_LINES = 8
"""Legal bases, and sources, of a card."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an organiser entered for a card; texts by locale."""

    title: dict[str, str]
    summary: dict[str, str]
    legal_basis: tuple[Basis, ...]
    sanction: dict[str, str] | None
    sectors: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date
    validity: str = "in-force"
    superseded_by: str | None = None


def read_basis(text: str) -> tuple[Basis, ...] | None:
    """Legal bases, one a line, as ``UU 20/2023; Pasal 9 ayat (2); about what``; None when they cannot be read."""
    found = []
    for line in filter(None, map(clean, text.splitlines())):
        parts = [part.strip() for part in line.split(";", 2)]
        if not parts[0] or len(line) > 300:
            return None
        article, about = (parts[place] or None if len(parts) > place else None for place in (1, 2))
        found.append(Basis(parts[0], article, about))
    return tuple(found) if 0 < len(found) <= MOST_LINES else None


def write_basis(bases: Sequence[Basis]) -> str:
    """The text that :func:`read_basis` reads."""
    return "\n".join(
        "; ".join((basis.instrument, basis.article or "", basis.about or "")).rstrip("; ") for basis in bases
    )


def read_sources(text: str) -> tuple[str, ...] | None:
    """Addresses of pages, one a line; None when one is none."""
    found = text.split()
    if not 0 < len(found) <= MOST_LINES or not all(
        re.fullmatch(r"https?://[^\s/]+\.[^\s]{2,400}", one) for one in found
    ):
        return None
    return tuple(found)


def read_sectors(text: str, sectors: Sequence[Named]) -> tuple[str, ...] | None:
    """Groups by their codes or (the beginnings of) their names, parted by commas; None when one is not clear."""
    found = []
    for part in filter(None, (clean(part).casefold() for part in re.split(r"[,\n]", text))):
        exact = [sector.id for sector in sectors if part in _called(sector)]
        begun = [sector.id for sector in sectors if any(name.startswith(part) for name in _called(sector))]
        matches = exact or begun
        if len(matches) != 1:
            return None
        found += matches
    return tuple(dict.fromkeys(found)) or None


def _called(sector: Named) -> set[str]:
    return {sector.id, *(name.casefold() for name in sector.name.values())}


async def write(
    tx: Transaction, office_id: int, person_id: int, card_id: str | None, draft: Draft, now: datetime
) -> Version:
    """Keep a new wording of a card (None: of a new one), which waits to be confirmed.

    Raises:
        NotAllowed: the person is no organiser of the office.
        NotFound: the office has no such card.
        BadRules: the parts do not make a card.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    before = None if card_id is None else await latest(tx, office_id, card_id)
    card = _card(card_id or f"{OWN}{base36(new_id())}", before, draft)
    base = rulebook()
    # A book of this card alone checks all that the cards of the program are checked for.
    Rulebook([card], base.topics, base.sectors, ())
    if card_id is None and base.by_code(card.code) is not None:
        raise BadRules("try again")  # one in a million: its button would open another card
    version = await stored.keep(
        tx, office_id, card.id, card.digest, card.content, now, edited=True, author_id=person_id
    )
    await _record(tx, office_id, person_id, version, now, "rule.written")
    return version


def _card(card_id: str, before: Card | None, draft: Draft) -> Card:
    if before is None:
        return Card(
            id=card_id,
            title=draft.title,
            summary=draft.summary,
            sectors=draft.sectors,
            topics=draft.topics,
            legal_basis=draft.legal_basis,
            sources=draft.sources,
            confidence="high",
            checked=draft.checked,
            sanction=draft.sanction,
            validity=draft.validity,  # type: ignore[arg-type]  # checked with the book
            superseded_by=draft.superseded_by,
        )
    others = tuple(topic for topic in before.topics[1:] if topic not in draft.topics)
    return replace(
        before,
        title=draft.title,
        summary=draft.summary,
        sectors=draft.sectors,
        topics=(*draft.topics, *others),
        legal_basis=draft.legal_basis,
        sources=draft.sources,
        checked=draft.checked,
        sanction=draft.sanction,
        validity=draft.validity,  # type: ignore[arg-type]
        superseded_by=draft.superseded_by,
        note=None,
    )


async def latest(tx: Transaction, office_id: int, card_id: str) -> Card:
    """The newest wording of a card in an office, confirmed or not; that of the program when the office has none.

    Raises:
        NotFound: there is no such card.
    """
    own = [version for version in await stored.versions(tx, office_id, card_id) if version.edited]
    found = office_rules.card_of(own[-1]) if own else rulebook().card(card_id)
    if found is None:
        raise NotFound
    return found


async def confirm(tx: Transaction, version_id: int, person_id: int, now: datetime) -> Version:
    """Let a wording of an office count, in the place of the former one.

    Raises:
        NotFound: there is no such wording, or it is the program's.
        NotAllowed: the person is no organiser of the office.
        AlreadyDecided: it was confirmed before.
    """
    version = await stored.find(tx, version_id)
    if version is None or not version.edited:
        raise NotFound
    await roles.require(tx, version.office_id, person_id, roles.ORGANISER)
    if not await stored.approve(tx, version.office_id, version.card, version.digest, version.content, now):
        raise AlreadyDecided
    await _record(tx, version.office_id, person_id, version, now, "rule.approved")
    return version


async def withdraw(tx: Transaction, version_id: int, person_id: int, now: datetime) -> Version:
    """Let the wording before it count again.

    Raises:
        NotFound, NotAllowed: as :func:`confirm`.
        AlreadyDecided: it does not count (any more).
    """
    version = await stored.find(tx, version_id)
    if version is None or not version.edited:
        raise NotFound
    await roles.require(tx, version.office_id, person_id, roles.ORGANISER)
    if not await stored.withdraw(tx, version.office_id, version.card, version.digest):
        raise AlreadyDecided
    await _record(tx, version.office_id, person_id, version, now, "rule.withdrawn")
    return version


@dataclass(frozen=True, slots=True)
class History:
    """One wording of a card, with the moments at which it was sent."""

    version: Version
    sent: Sequence[datetime]


async def history(tx: Transaction, office_id: int, card_id: str) -> list[History]:
    """Every wording that an office wrote, decided on or sent, the newest first."""
    sent = await stored.sent(tx, office_id, card_id)
    found = await stored.versions(tx, office_id, card_id)
    return [History(version, sent.get(version.digest, [])) for version in reversed(found)]


async def readable(tx: Transaction, version_id: int, person_id: int) -> History:
    """A wording that the person may read: one that was sent or confirmed; organisers read all.

    Raises:
        NotFound: there is none that they may read.
    """
    version = await stored.find(tx, version_id)
    if version is None:
        raise NotFound
    sent = (await stored.sent(tx, version.office_id, version.card)).get(version.digest, [])
    if version.approved_at is None and not sent:
        try:
            await roles.require(tx, version.office_id, person_id, roles.ORGANISER)
        except NotAllowed:
            raise NotFound from None
    return History(version, sent)


async def own_cards(tx: Transaction, office_id: int) -> list[Version]:
    """The newest wording of each card that the office wrote or changed, those that wait first."""
    newest = [
        [one for one in await stored.versions(tx, office_id, card_id) if one.edited][-1]
        for card_id in await stored.own_cards(tx, office_id)
    ]
    return sorted(newest, key=lambda version: (version.approved_at is not None, -version.made_at.timestamp()))


async def _record(
    tx: Transaction, office_id: int, person_id: int, version: Version, now: datetime, action: str
) -> None:
    await actions.record(
        tx,
        office_id=office_id,
        meeting_id=None,
        person_id=person_id,
        action=action,
        now=now,
        card=version.card,
        version=version.digest,
    )
