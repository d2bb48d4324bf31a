"""Changing an agenda by hand, also while it runs: one item, or everything from one item on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meeting_setup
from bot.storage import actions
from bot.storage import meetings as stored
from bot.storage.database import Transaction
from bot.storage.meetings import AgendaItem, Material, Meeting

MOST_MINUTES = 8 * 60


@dataclass(frozen=True, slots=True)
class Delay:
    """What a delay moved, by start."""

    meeting: Meeting
    item: AgendaItem
    """The item that is late, as it is now."""
    was: AgendaItem
    shifted: Sequence[AgendaItem]
    """It and all that follow, as they are now."""


async def item_of(
    tx: Transaction, meeting_id: int, item_id: int, person_id: int
) -> tuple[Meeting, AgendaItem]:
    """An agenda item that an organiser wants to change.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await meeting_setup.changeable(tx, meeting_id, person_id)
    for item in await stored.agenda(tx, meeting_id):
        if item.id == item_id:
            return meeting, item
    raise NotFound


async def delay(
    tx: Transaction,
    meeting_id: int,
    item_id: int,
    person_id: int,
    minutes: int,
    seen: datetime,
    now: datetime,
) -> Delay:
    """Let an item begin ``minutes`` later (negative: earlier), and with it all that begin with it or after it.

    ``seen`` is the start that the person saw, so that of two taps, or of two organisers, one counts.

    Raises:
        NotFound, NotAllowed, Archived
        AlreadyDecided: it begins at another time by now.
    """
    await tx.lock(f"agenda {meeting_id}")
    meeting, item = await item_of(tx, meeting_id, item_id, person_id)
    if not minutes or abs(minutes) > MOST_MINUTES:
        raise NotFound
    if item.starts_at != seen:
        raise AlreadyDecided
    by = timedelta(minutes=minutes)
    shifted = []
    for later in await stored.agenda(tx, meeting_id):
        if later.starts_at >= item.starts_at:
            moved = replace(later, starts_at=later.starts_at + by, ends_at=later.ends_at + by)
            await meeting_setup.save_item(tx, meeting_id, moved)
            shifted.append(moved)
    await _record(tx, meeting, person_id, "agenda.delayed", now, item=item.slug, minutes=minutes)
    return Delay(meeting, next(other for other in shifted if other.id == item.id), item, shifted)


async def keep(
    tx: Transaction,
    meeting_id: int,
    person_id: int,
    now: datetime,
    *,
    item_id: int | None,
    title: str,
    start: time,
    end: time,
    speaker: str,
    position: str,
    locale: str,
) -> AgendaItem:
    """Add an agenda item, or change one; on the day of the item, or else on the first of the meeting.

    An hour before the meeting's start is after the midnight that the meeting passes.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await meeting_setup.changeable(tx, meeting_id, person_id)
    known = await stored.agenda(tx, meeting_id)
    old = next((item for item in known if item.id == item_id), None)
    if item_id is not None and old is None:
        raise NotFound
    zone = ZoneInfo(meeting.timezone)
    day = (meeting.starts_at if old is None else old.starts_at).astimezone(zone).date()
    starts_at, ends_at = meeting_setup.span(day, start, end, meeting.timezone)
    next_day = timedelta(days=1)
    if old is None and starts_at < meeting.starts_at and starts_at + next_day < meeting.ends_at:
        starts_at, ends_at = starts_at + next_day, ends_at + next_day
    slug = meeting_setup.free_slug(title, {item.slug for item in known}) if old is None else old.slug
    texts = {} if old is None else dict(old.title)
    positions = {} if old is None else dict(old.speaker_position)
    item = AgendaItem(
        id=0 if old is None else old.id,
        slug=slug,
        starts_at=starts_at.astimezone(UTC),
        ends_at=ends_at.astimezone(UTC),
        title=texts if texts.get(locale) == title else {locale: title},
        speaker=speaker,
        speaker_position=positions
        if positions.get(locale) == position
        else {locale: position}
        if position
        else {},
    )
    await meeting_setup.save_item(tx, meeting_id, item)
    await _record(tx, meeting, person_id, "agenda.changed", now, item=slug)
    return next(found for found in await stored.agenda(tx, meeting_id) if found.slug == slug)


async def remove(tx: Transaction, meeting_id: int, item_id: int, person_id: int, now: datetime) -> AgendaItem:
    """Take an item off the agenda.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting, item = await item_of(tx, meeting_id, item_id, person_id)
    left = {other.slug for other in await stored.agenda(tx, meeting_id)} - {item.slug}
    await stored.keep_agenda_items(tx, meeting_id, left)
    await _record(tx, meeting, person_id, "agenda.changed", now, item=item.slug)
    return item


async def add_material(
    tx: Transaction, meeting_id: int, person_id: int, material: Material, now: datetime
) -> None:
    """Put a material at the end of the list; its slug is made free.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await meeting_setup.changeable(tx, meeting_id, person_id)
    known = await stored.materials(tx, meeting_id)
    slug = meeting_setup.free_slug(material.slug, {item.slug for item in known})
    await stored.save_materials(tx, meeting_id, [*known, replace(material, slug=slug)])
    await _record(tx, meeting, person_id, "material.added", now, material=slug)


async def remove_material(
    tx: Transaction, meeting_id: int, person_id: int, slug: str, now: datetime
) -> Meeting:
    """Take a material off the list.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await meeting_setup.changeable(tx, meeting_id, person_id)
    known = await stored.materials(tx, meeting_id)
    left = [item for item in known if item.slug != slug]
    if len(left) == len(known):
        raise NotFound
    await stored.save_materials(tx, meeting_id, left)
    await _record(tx, meeting, person_id, "material.removed", now, material=slug)
    return meeting


async def _record(
    tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime, **detail: Any
) -> None:
    await stored.touch(tx, meeting.id, now)  # calendar files tell by it which is newer
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        **detail,
    )
