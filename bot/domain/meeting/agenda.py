"""Where a meeting's agenda stands at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.storage.meetings import AgendaItem, Meeting


class Phase(StrEnum):
    """Where an agenda item stands. It is on from its start until just before its end."""

    PAST = "past"
    NOW = "now"
    NEXT = "next"
    """The first to come; several when they start together."""
    LATER = "later"


class Stage(StrEnum):
    """Where the whole agenda stands."""

    UNKNOWN = "unknown"
    """There is no agenda (yet)."""
    BEFORE = "before"
    ON = "on"
    """At least one item is on."""
    PAUSE = "pause"
    """Nothing is on, but something was and something will be."""
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Standing:
    """An agenda at a moment."""

    stage: Stage
    items: tuple[tuple[AgendaItem, Phase], ...]
    """Every item with its phase, by start."""
    now: datetime

    @property
    def running(self) -> list[AgendaItem]:
        """The items that are on; several when they overlap."""
        return [item for item, phase in self.items if phase is Phase.NOW]

    @property
    def upcoming(self) -> list[AgendaItem]:
        """The items that start next, all at the same time."""
        return [item for item, phase in self.items if phase is Phase.NEXT]

    def minutes_to(self, moment: datetime) -> int:
        """Minutes until ``moment``, begun ones counted whole; 0 once it has come."""
        return max(0, -((self.now - moment) // timedelta(minutes=1)))


def outside(items: Sequence[AgendaItem], meeting: Meeting) -> list[AgendaItem]:
    """The items that begin before their meeting or end after it."""
    return [item for item in items if item.starts_at < meeting.starts_at or item.ends_at > meeting.ends_at]


def standing(items: Sequence[AgendaItem], now: datetime) -> Standing:
    """Where each of ``items`` and the whole of them stand at ``now``."""
    ordered = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.slug))
    first_to_come = min((item.starts_at for item in ordered if item.starts_at > now), default=None)
    phased = tuple((item, _phase(item, now, first_to_come)) for item in ordered)
    return Standing(_stage({phase for _, phase in phased}), phased, now)


def _phase(item: AgendaItem, now: datetime, first_to_come: datetime | None) -> Phase:
    if item.ends_at <= now:
        return Phase.PAST
    if item.starts_at <= now:
        return Phase.NOW
    return Phase.NEXT if item.starts_at == first_to_come else Phase.LATER


def _stage(phases: set[Phase]) -> Stage:
    if not phases:
        return Stage.UNKNOWN
    if Phase.NOW in phases:
        return Stage.ON
    if Phase.NEXT not in phases:
        return Stage.AFTER
    return Stage.PAUSE if Phase.PAST in phases else Stage.BEFORE
