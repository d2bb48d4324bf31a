"""The calendar of an election: its stages, what is on on a day, and what comes next.

A calendar is history once its last stage is over; it is then shown as such, and nothing is said to be on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import yaml

from bot.domain.rules.rules import (
    BadRules,
    Basis,
    Card,
    Offset,
    Rulebook,
    folder,
    parse_yaml,
    read_as,
    read_yaml,
    rulebook,
)
from bot.i18n import LOCALES

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage; its days are those of the office's zone, the first and the last one included."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    name: Mapping[str, str]
    phase: Literal["preparation", "conduct"]
    origin: Literal["annex", "derived"]
    """``annex``: a line of the regulation that sets the schedule; ``derived``: a step or deadline from elsewhere."""
    legal_basis: tuple[Basis, ...]
    sources: tuple[str, ...]
    confidence: Literal["high", "medium", "low"]
    start: date | None = None
    end: date | None = None
    parent: str | None = None
    rule: Mapping[str, str] | None = None
    """How its days follow from something else, where the regulation names none."""
    note: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether two or more sources agree on its days."""
        return self.confidence == "high"

    @property
    def first_day(self) -> date | None:
        return self.start or self.end


@dataclass(frozen=True, slots=True)
class Calendar:
    """The stages of one election, in the order of its file."""

    election: str
    title: Mapping[str, str]
    voting_day: date
    checked: date
    stages: tuple[Stage, ...]

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    @property
    def first_day(self) -> date:
        """The first day that is known; before it the calendar has not begun."""
        return min(day for stage in self.stages if (day := stage.first_day) is not None)

    @property
    def last(self) -> Stage:
        """The stage that ends last."""
        return max(
            (stage for stage in self.stages if stage.end is not None), key=lambda stage: stage.end or date.min
        )

    @property
    def last_day(self) -> date:
        day = self.last.end
        assert day is not None
        return day

    def is_over(self, day: date) -> bool:
        return day > self.last_day

    def on(self, day: date) -> list[Stage]:
        """The stages of this day, those that end soonest first.

        A stage without a first day is a deadline: it is on on its last day. One without a last day goes on to the end
        of the calendar.
        """
        found = [
            stage
            for stage in self.stages
            if (first := stage.first_day) is not None and first <= day <= (stage.end or self.last_day)
        ]
        return sorted(found, key=lambda stage: (stage.end or self.last_day, stage.first_day))

    def upcoming(self, day: date, only: Collection[str] | None = None) -> list[Stage]:
        """The stages that begin or are due after this day, soonest first; ``only`` those with these ids."""
        found = [
            (first, stage)
            for stage in self.stages
            if (first := stage.first_day) is not None and first > day and (only is None or stage.id in only)
        ]
        return [stage for _, stage in sorted(found, key=lambda pair: pair[0])]

    @property
    def in_order(self) -> list[Stage]:
        """The stages by their first day; those without a day, for which there is a rule, at the end."""
        return sorted(
            self.stages, key=lambda stage: (stage.first_day is None, stage.first_day or self.voting_day)
        )

    def place(self, day: date) -> int:
        """Which stage of :attr:`in_order` is the last that began by a day; the first one before that."""
        begun = [
            number for number, stage in enumerate(self.in_order) if stage.first_day and stage.first_day <= day
        ]
        return begun[-1] if begun else 0

    def open_on(self, day: date) -> list[Stage]:
        """The stages with a day that are not over; all with a day once all are over."""
        dated = [stage for stage in self.in_order if stage.first_day is not None]
        return [stage for stage in dated if (stage.end or self.last_day) >= day] or dated

    def day_of(self, stage_id: str, offset: Offset) -> date | None:
        """The day of a reminder; None where the calendar does not have the day that it counts from."""
        stage = self.stage(stage_id)
        anchor = None if stage is None else stage.start if offset.anchor == "start" else stage.end
        return None if anchor is None else anchor + timedelta(days=offset.days)

    def reminders(self, card: Card) -> list[date]:
        """The days on which to remind of a card, earliest first."""
        if card.stage is None:
            return []
        days = [self.day_of(card.stage, offset) for offset in card.offsets]
        return sorted(day for day in days if day is not None)


LOOKAHEAD_DAYS = 14
LOOKBACK_DAYS = 3
FAR_DAYS = 10_000


def timely(calendar: Calendar, cards: Sequence[Card], day: date) -> list[Card]:
    """Of these cards, those to think of on this day, the most pressing first.

    They are the cards whose stage is on or begins within two weeks, and those with a day of reminding within two weeks
    or in the last three days. What presses is how near a day of reminding, or the first or last day of the stage, is.
    Empty before the calendar begins and after it is over.
    """
    if calendar.is_over(day):
        return []
    horizon = day + timedelta(days=LOOKAHEAD_DAYS)
    stages = {stage.id for stage in calendar.on(day)}
    stages |= {stage.id for stage in calendar.upcoming(day) if (stage.first_day or day) <= horizon}
    earliest = day - timedelta(days=LOOKBACK_DAYS)
    found = []
    for card in cards:
        stage = None if card.stage is None else calendar.stage(card.stage)
        dues = [due for due in calendar.reminders(card) if earliest <= due <= horizon]
        if card.stage in stages or dues:
            turns = (
                [] if stage is None else [turn for turn in (stage.start, stage.end) if turn and turn >= day]
            )
            found.append((min((abs((due - day).days) for due in (*dues, *turns)), default=FAR_DAYS), card))
    return [card for _, card in sorted(found, key=lambda pair: pair[0])]


def load(path: Path, book: Rulebook) -> Calendar:
    """Read and check a calendar of the program.

    Raises:
        BadRules: it cannot be used, or a card of ``book`` names a stage that it does not have.
    """
    calendar = _calendar(read_yaml(path), path.name)
    named = {card.stage for card in book.cards if card.stage is not None}
    named |= {stage_id for doubt in book.doubts for stage_id in doubt.stages}
    missing = named - {stage.id for stage in calendar.stages}
    if missing:
        raise BadRules(f"{path.name}: there is no stage {', '.join(sorted(missing))}")
    for card in book.cards:
        if card.stage is not None and len(calendar.reminders(card)) < len(card.offsets):
            raise BadRules(f"{path.name}: {card.stage} lacks the day from which {card.id} counts")
    return calendar


def read(content: str, name: str) -> Calendar:
    """Read and check a calendar that an office brings; it may lack stages that cards name.

    Raises:
        BadRules: it cannot be used; the text begins with ``name``.
    """
    if any(isinstance(event, yaml.AliasEvent) for event in _events(content, name)):
        raise BadRules(f"{name}: anchors (&) and aliases (*) are not allowed")
    return _calendar(parse_yaml(content, name), name)


def _events(content: str, name: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise BadRules(f"{name}: {error}") from None


def looks_like_calendar(text: str) -> bool:
    """Whether a YAML text is meant to be a calendar rather than something else."""
    return bool(re.search(r"^stages:", text, re.MULTILINE) and re.search(r"^voting_day:", text, re.MULTILINE))


def decoded(content: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        BadRules: it is none.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRules(f"{name}: it is no text file (UTF-8)") from None


def _calendar(data: Any, name: str) -> Calendar:
    if not isinstance(data, Mapping):
        raise BadRules(f"{name}: it must have election, title, voting_day, checked and stages")
    missing = {"election", "title", "voting_day", "checked", "stages"} - set(data)
    if missing:
        raise BadRules(f"{name}: {', '.join(sorted(missing))} is missing")
    stages = tuple(read_as(Stage, data["stages"], name))
    head = read_as(_Head, [{key: data[key] for key in ("election", "title", "voting_day", "checked")}], name)[
        0
    ]
    calendar = Calendar(head.election, head.title, head.voting_day, head.checked, stages)
    known = {stage.id for stage in stages}
    if len(known) < len(stages):
        raise BadRules(f"{name}: a stage stands twice")
    for stage in stages:
        _check(stage, known, name)
    if not any(stage.end for stage in stages):
        raise BadRules(f"{name}: no stage has a last day")
    return calendar


@dataclass(frozen=True, slots=True)
class _Head:
    """What a calendar says of itself."""

    election: str
    title: Mapping[str, str]
    voting_day: date
    checked: date


def _check(stage: Stage, known: Collection[str], where: str) -> None:
    if stage.parent is not None and stage.parent not in known:
        raise BadRules(f"{where}: {stage.id}: there is no stage {stage.parent}")
    if stage.start is not None and stage.end is not None and stage.end < stage.start:
        raise BadRules(f"{where}: {stage.id} ends before it begins")
    if stage.first_day is None and stage.rule is None:
        raise BadRules(f"{where}: {stage.id} has neither a day nor a rule for one")
    for texts in (stage.name, stage.rule):
        if texts is not None and set(texts) != set(LOCALES):
            raise BadRules(f"{where}: {stage.id} needs its texts in each of {', '.join(LOCALES)}")


@cache
def calendar() -> Calendar:
    """The latest calendar that the program brings; read at the first call. An office may have loaded another."""
    files = sorted((folder() / "calendars").glob("*.yaml"))
    return max((load(file, rulebook()) for file in files), key=lambda found: found.voting_day)
