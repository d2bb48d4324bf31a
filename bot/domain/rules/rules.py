"""Rule cards: one rule of the elections in plain words, with its legal basis, sanction, groups and sources.

The cards lie in ``bot/data/rules``; ``docs/rules.md`` explains their form. They are read and checked once a process,
when they are first asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar
from urllib.parse import urlsplit

import yaml

from bot.i18n import LOCALES
from bot.paths import resources
from bot.storage.values import to_json

EVERYBODY = "semua"
"""The group of cards that concern all sectors."""
PUBLIC = "masyarakat"
"""The group of those who take part for nobody but themselves."""
LINK_PREFIX = "rule-"
"""What the payload of a link to a card begins with; its code follows."""

_STRICT: dict[str, Any] = {"extra": "forbid"}
_OFFSET = re.compile(r"(start|end)([+-]\d{1,3})?")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

T = TypeVar("T")


class BadRules(ValueError):
    """A file of rules cannot be used; the text names the file and the place, for who edits it."""


class Reason(StrEnum):
    """Why a card is a draft until an organiser approves it."""

    CONFIDENCE = "confidence"
    """It rests on one source, an older election, or a part that was not read."""
    SANCTION = "sanction"
    """Its penalty may have changed with UU 1/2026."""


@dataclass(frozen=True, slots=True)
class Basis:
    """An instrument, its article where one is known, and what that says."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    instrument: str
    article: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """A day of reminding: so many days after (negative: before) the first or last day of the card's stage."""

    anchor: Literal["start", "end"]
    days: int


@dataclass(frozen=True)
class Card:
    """One rule. Texts are by locale."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    sectors: tuple[str, ...]
    topics: tuple[str, ...]
    legal_basis: tuple[Basis, ...]
    sources: tuple[str, ...]
    confidence: Literal["high", "medium", "low"]
    checked: date
    """When somebody last compared the card with its sources."""
    sanction: Mapping[str, str] | None = None
    """None: none is known that belongs to this rule."""
    sanction_review: bool = False
    """Whether a penalty is quoted whose minimum or fine UU 1/2026 may have changed."""
    stage: str | None = None
    remind: tuple[str, ...] = ()
    """Days on which to remind of it: ``start-7``, ``start``, ``end+1``; see :attr:`offsets`."""
    validity: Literal["in-force", "amended", "revoked"] = "in-force"
    superseded_by: str | None = None
    note: str | None = None
    """What was not certain when the card was written, in English."""
    keywords: str = ""
    """How people ask for it, besides the words of the card; parted by commas. Never shown."""

    @cached_property
    def offsets(self) -> tuple[Offset, ...]:
        return tuple(map(_offset, self.remind))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is a draft; empty for a card that needs nobody's approval."""
        found = []
        if self.confidence != "high":
            found.append(Reason.CONFIDENCE)
        if self.sanction_review:
            found.append(Reason.SANCTION)
        return tuple(found)

    @cached_property
    def code(self) -> str:
        """Four letters or digits that stand for the id in the data of a button."""
        number = int.from_bytes(sha256(self.id.encode()).digest()[:8], "big")
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"
        return "".join(digits[number // 36**place % 36] for place in range(4))

    @cached_property
    def digest(self) -> str:
        """What tells this wording from any other: of all that is shown, not of the keywords."""
        return sha256(self._content(without="keywords").encode()).hexdigest()[:16]

    @property
    def content(self) -> str:
        """The card as JSON."""
        return self._content()

    def _content(self, without: str = "") -> str:
        data = {name: value for name, value in asdict(self).items() if name != without}
        return to_json({**data, "checked": self.checked.isoformat()})

    def concerns(self, sectors: frozenset[str]) -> bool:
        return EVERYBODY in self.sectors or not sectors.isdisjoint(self.sectors)


@dataclass(frozen=True, slots=True)
class Named:
    """A topic, or a group that cards concern."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    name: Mapping[str, str]
    also: tuple[str, ...] = ()
    """Groups whose cards this one sees too."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not certain about cards or stages, and why."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    about: Mapping[str, str]
    why: Mapping[str, str]
    cards: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


class Rulebook:
    """All cards, in the order of the topics and, within one, of their files."""

    def __init__(
        self,
        cards: Sequence[Card],
        topics: Sequence[Named],
        sectors: Sequence[Named],
        doubts: Sequence[Doubt],
    ) -> None:
        """Put the parts together.

        Raises:
            BadRules: they do not fit.
        """
        self.topics = tuple(topics)
        self.sectors = tuple(sectors)
        self.doubts = tuple(doubts)
        self._topics = {topic.id: topic for topic in topics}
        self._sectors = {sector.id: sector for sector in sectors}
        for card in cards:
            _check(card, self._topics, self._sectors)
        self._once("card", [card.id for card in cards])
        self._once("button code", [card.code for card in cards])
        place = {topic.id: number for number, topic in enumerate(topics)}
        self.cards = tuple(sorted(cards, key=lambda card: place[card.topics[0]]))
        self._cards = {card.id: card for card in cards}
        self._codes = {card.code: card for card in cards}
        unknown = {card for doubt in doubts for card in doubt.cards} - set(self._cards)
        if unknown:
            raise BadRules(f"doubts.yaml: there is no card {', '.join(sorted(unknown))}")

    @staticmethod
    def _once(what: str, values: Sequence[str]) -> None:
        twice = [value for value, count in Counter(values).items() if count > 1]
        if twice:
            raise BadRules(f"the {what} {', '.join(twice)} is used twice")

    def card(self, card_id: str) -> Card | None:
        return self._cards.get(card_id)

    def by_code(self, code: str) -> Card | None:
        """The card for the data of a button; None for a forged or an outdated one."""
        return self._codes.get(code)

    def topic(self, topic_id: str) -> Named | None:
        return self._topics.get(topic_id)

    def sector(self, sector_id: str) -> Named | None:
        return self._sectors.get(sector_id)

    def of_topic(self, topic_id: str) -> list[Card]:
        return [card for card in self.cards if topic_id in card.topics]

    def of_sector(self, sector_id: str) -> list[Card]:
        """The cards for a sector of an office: its own, those of groups that it stands for, those for everybody.

        A sector that no card knows is treated as the public.
        """
        sector = self._sectors.get(sector_id)
        groups = {PUBLIC} if sector is None else {sector.id, *sector.also}
        return [card for card in self.cards if card.concerns(frozenset(groups))]

    def doubts_about(self, card: Card) -> list[Doubt]:
        return [doubt for doubt in self.doubts if card.id in doubt.cards]


def _check(card: Card, topics: Mapping[str, Named], sectors: Mapping[str, Named]) -> None:
    """Raise for the first thing that the types of the fields do not tell."""
    for what in (*_wrong_texts(card), *_wrong_names(card, topics, sectors), *_wrong_rule(card)):
        raise BadRules(f"card {card.id}: {what}")


def _wrong_texts(card: Card) -> Iterator[str]:
    for field, texts in (("title", card.title), ("summary", card.summary), ("sanction", card.sanction)):
        if texts is not None and (set(texts) != set(LOCALES) or not all(texts.values())):
            yield f"{field} needs a text in each of {', '.join(LOCALES)}"


def _wrong_names(card: Card, topics: Mapping[str, Named], sectors: Mapping[str, Named]) -> Iterator[str]:
    if not _ID.fullmatch(card.id):
        yield "an id is small letters, digits and hyphens"
    for field, names, known in (("topics", card.topics, topics), ("sectors", card.sectors, sectors)):
        if not names:
            yield f"{field} is empty"
        for name in names:
            if name not in known:
                yield f"{field}: {name} is not in topics.yaml"


def _wrong_rule(card: Card) -> Iterator[str]:
    if not card.legal_basis:
        yield "a rule has a legal basis"
    if not card.sources or not all(map(_is_address, card.sources)):
        yield "sources are addresses of pages, at least one"
    for text in card.remind:
        if not _OFFSET.fullmatch(text):
            yield f"remind: {text} is neither start nor end with a number of days"
    if card.remind and card.stage is None:
        yield "remind counts from the days of a stage, and none is named"
    if (card.validity == "in-force") != (card.superseded_by is None):
        yield "superseded_by belongs to a rule that is amended or revoked, and only to one"


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", text)


def _offset(text: str) -> Offset:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise BadRules(f"{text} is neither start nor end with a number of days")
    return Offset("start" if found[1] == "start" else "end", int(found[2] or 0))


def folder() -> Path:
    return resources("data") / "rules"


def read_yaml(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        BadRules: it is none.
    """
    return parse_yaml(path.read_text("utf-8"), path.name)


def parse_yaml(content: str, name: str) -> Any:
    """What a YAML text says.

    Raises:
        BadRules: it is none; the text begins with ``name``.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(content, Loader=loader)  # noqa: S506 - both loaders are safe ones
    except yaml.YAMLError as error:
        raise BadRules(f"{name}: {error}") from None


def read_as(kind: type[T], data: Any, where: str) -> list[T]:
    """A list of dataclasses from plain data.

    Raises:
        BadRules: a field is missing, unknown or of another type.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(list[kind]).validate_python(data)  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRules(f"{where}: {place}: {first['msg']}") from None


def load(path: Path) -> Rulebook:
    """Read and check a folder of rules.

    Raises:
        BadRules: something in it cannot be used.
    """
    names = read_yaml(path / "topics.yaml")
    cards = [
        card
        for file in sorted((path / "cards").glob("*.yaml"))
        for card in read_as(Card, read_yaml(file), file.name)
    ]
    return Rulebook(
        cards,
        read_as(Named, names["topics"], "topics.yaml"),
        read_as(Named, names["sectors"], "topics.yaml"),
        read_as(Doubt, read_yaml(path / "doubts.yaml"), "doubts.yaml"),
    )


@cache
def rulebook() -> Rulebook:
    """The rules that the program brings; read at the first call (about 80 ms)."""
    return load(folder())
