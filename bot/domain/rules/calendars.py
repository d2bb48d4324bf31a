"""The stage calendar that holds in an office: the latest that it loaded, else the program's.

A calendar is loaded in two steps: :func:`keep` reads a file and keeps it, :func:`difference` says what would change
and which reminders would move, and :func:`accept` makes it hold. Every version stays kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.rules import stages
from bot.domain.rules.stages import Calendar, Stage
from bot.storage import actions, reminders
from bot.storage import calendars as stored
from bot.storage.database import Transaction

SIZE_LIMIT = 500_000
"""Bytes of a calendar file; the one of 2024 has 60,000."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A stage whose days, or their confidence, are others in the new calendar."""

    before: Stage
    after: Stage


@dataclass(frozen=True, slots=True)
class Difference:
    """What another calendar would change."""

    before: Calendar
    after: Calendar
    added: Sequence[Stage]
    removed: Sequence[Stage]
    moved: Sequence[Moved]

    @property
    def is_empty(self) -> bool:
        return not (
            self.added or self.removed or self.moved or self.before.voting_day != self.after.voting_day
        )


@lru_cache(maxsize=32)
def read(content: str, name: str) -> Calendar:
    """The calendar of a file; remembered, because reading one takes some time.

    Raises:
        BadRules: it is none.
    """
    return stages.read(content, name)


async def of_office(tx: Transaction, office_id: int | None) -> Calendar:
    """The calendar that holds in an office; that of the program for None."""
    latest = None if office_id is None else await stored.latest(tx, office_id)
    return stages.calendar() if latest is None else read(latest.content, latest.name)


async def keep(
    tx: Transaction, office_id: int, person_id: int | None, name: str, content: str, now: datetime
) -> int:
    """Keep a calendar that may be accepted for an office, in the place of any that waited there.

    Raises:
        BadRules: it is none.
    """
    read(content, name)
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return await stored.propose(tx, office_id, person_id, name, content, digest, now)


async def waiting(tx: Transaction, calendar_id: int) -> tuple[int, Calendar]:
    """A calendar that waits to be accepted, with its office's id.

    Raises:
        NotFound: there is no such calendar.
        AlreadyDecided: it was accepted before.
    """
    found = await stored.find(tx, calendar_id)
    if found is None:
        raise NotFound
    if found.version is not None:
        raise AlreadyDecided
    return found.office_id, read(found.content, found.name)


def difference(before: Calendar, after: Calendar) -> Difference:
    """Compare two calendars stage by stage, by their ids."""
    old = {stage.id: stage for stage in before.stages}
    new = {stage.id: stage for stage in after.stages}
    return Difference(
        before,
        after,
        [stage for stage in after.stages if stage.id not in old],
        [stage for stage in before.stages if stage.id not in new],
        [
            Moved(old[stage.id], stage)
            for stage in after.stages
            if stage.id in old and _facts(old[stage.id]) != _facts(stage)
        ],
    )


def _facts(stage: Stage) -> tuple[date | None, date | None, bool]:
    return stage.start, stage.end, stage.is_confirmed


async def accept(tx: Transaction, calendar_id: int, person_id: int | None, now: datetime) -> Calendar:
    """Make a calendar hold; reminders that count from its stages follow at once.

    ``person_id`` None is the installation's own (the command line).

    Raises:
        NotFound, AlreadyDecided: as :func:`waiting`.
        NotAllowed: the person is no organiser of the office.
    """
    office_id, calendar = await waiting(tx, calendar_id)
    if person_id is not None:
        await roles.require(tx, office_id, person_id, roles.ORGANISER)
    await reminders.lock(tx)
    version = await stored.accept(tx, office_id, calendar_id, now)
    if version is None:
        raise AlreadyDecided
    await reminders.forget_plans(tx, office_id)
    await actions.record(
        tx,
        office_id=office_id,
        meeting_id=None,
        person_id=person_id,
        action="calendar.accepted",
        now=now,
        version=version,
        election=calendar.election,
    )
    return calendar
