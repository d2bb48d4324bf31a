"""What organisers make and change of a meeting by hand: the same that a meeting file says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import (
    Archived,
    EndsBeforeStart,
    NotFound,
    PastTime,
    RegistrationAsksEnough,
    SectorInUse,
)
from bot.domain.meeting import meeting_reminders, meetings
from bot.domain.meeting_files import meeting_file, meeting_store, meeting_stored
from bot.storage import actions, offices, participants, reminders
from bot.storage import meetings as stored
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, DRAFT, AgendaItem, Meeting, RegistrationQuestion
from bot.storage.offices import Office, Sector

MOST_QUESTIONS = 10
"""Own questions of a registration: beyond that, people give up."""
SECTOR_CODE = 24
"""Characters of a sector's code: it travels in the data of buttons (64 bytes)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A meeting before and after something was changed."""

    before: Meeting
    after: Meeting

    @property
    def concerns_people(self) -> bool:
        """Whether who is registered must know: when and where it is."""
        return self.moved_in_time or self.moved_in_place

    @property
    def moved_in_time(self) -> bool:
        return (self.before.starts_at, self.before.ends_at) != (self.after.starts_at, self.after.ends_at)

    @property
    def moved_in_place(self) -> bool:
        return (self.before.venue, self.before.address) != (self.after.venue, self.after.address)


async def office_of(tx: Transaction, office_id: int, person_id: int) -> Office:
    """The office, for one of its organisers.

    Raises:
        NotFound, NotAllowed
    """
    office = await offices.find(tx, office_id)
    if office is None:
        raise NotFound
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    return office


async def changeable(tx: Transaction, meeting_id: int, person_id: int) -> Meeting:
    """The meeting, for an organiser of its office who wants to change it.

    Raises:
        NotFound, NotAllowed
        Archived: nothing in the archive changes.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    if meeting.state == ARCHIVED:
        raise Archived
    return meeting


def span(day: date, start: time, end: time, zone: str) -> tuple[datetime, datetime]:
    """From when to when, in UTC; an end that is not after the start is on the next day."""
    clocks = ZoneInfo(zone)
    starts_at = datetime.combine(day, start, clocks)
    ends_at = datetime.combine(day if end > start else day + timedelta(days=1), end, clocks)
    return starts_at.astimezone(UTC), ends_at.astimezone(UTC)


async def create(
    tx: Transaction,
    office_id: int,
    person_id: int,
    now: datetime,
    *,
    title: str,
    day: date,
    start: time,
    end: time,
    venue: str,
) -> Meeting:
    """Make a draft in which every sector of the office takes part.

    Raises:
        NotFound, NotAllowed
        PastTime: it would be over already.
    """
    office = await office_of(tx, office_id, person_id)
    starts_at, ends_at = span(day, start, end, office.timezone)
    if ends_at <= now:
        raise PastTime
    meeting = await stored.save(
        tx,
        office_id=office_id,
        code=await free_code(tx, f"rakor-{day:%Y%m%d}"),
        title={office.locale: title},
        theme={},
        venue=venue,
        address="",
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=office.timezone,
        state=DRAFT,
        contact=office.contact,
        now=now,
    )
    for sector in await offices.sectors(tx, office_id):
        await stored.save_quota(tx, meeting.id, sector.code, None)
    await _record(tx, meeting, person_id, "meeting.created", now)
    return meeting


async def free_code(tx: Transaction, wanted: str) -> str:
    """``wanted``, or with the first number behind it that makes it nobody's."""
    await tx.lock("meeting codes")
    code, number = wanted, 1
    while await stored.find_by_code(tx, code) is not None:
        number += 1
        code = f"{wanted}-{number}"
    return code


async def copy(tx: Transaction, meeting_id: int, person_id: int, day: date, now: datetime) -> Meeting:
    """Make a draft like a meeting on another day: agenda, questions, sessions, materials and reminders with it.

    Everything keeps its hour and its distance in days; reminders on a day of their own stay there.

    Raises:
        NotFound, NotAllowed
        PastTime: it would be over already.
    """
    source = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    file = await meeting_stored.stored(tx, source.code)
    assert file is not None
    zone = ZoneInfo(source.timezone)
    moved = _moved_to(file, day, zone)
    if moved.meeting.ends_at <= now:
        raise PastTime
    code = await free_code(tx, f"rakor-{day:%Y%m%d}")
    moved = replace(moved, meeting=replace(moved.meeting, code=code, state=DRAFT))
    summary = await meeting_store.apply(tx, moved, now, person_id=person_id, action="meeting.copied")
    made = await stored.find(tx, summary.meeting_id)
    assert made is not None
    await _copy_reminders(tx, source, made, person_id, now)
    return made


async def _copy_reminders(
    tx: Transaction, source: Meeting, made: Meeting, person_id: int, now: datetime
) -> None:
    """Copy the reminders that were made in the chat; those of a file are copied with it.

    The meeting's own are on again: when a meeting is cancelled, they are paused.
    """
    for reminder in await reminders.of_meeting(tx, source.id):
        if reminder.origin == reminders.FILE or reminder.state == reminders.DRAFT:
            continue
        await reminders.save(
            tx,
            office_id=made.office_id,
            meeting_id=made.id,
            slug=reminder.slug,
            title=reminder.title,
            text=reminder.text,
            legal_basis=reminder.legal_basis,
            sources=reminder.sources,
            checked_on=reminder.checked_on,
            audience=reminder.audience,
            schedule=reminder.schedule,
            grace_minutes=reminder.grace_minutes,
            rule_id=reminder.rule_id,
            topic=reminder.topic,
            origin=reminder.origin,
            state=reminders.ACTIVE if reminder.slug in meeting_reminders.SLUGS else reminder.state,
            attachment=reminder.attachment,
            author_id=person_id,
            now=now,
        )


def _moved_to(file: meeting_file.MeetingFile, day: date, zone: ZoneInfo) -> meeting_file.MeetingFile:
    """The same on another day, hour for hour on the clocks of ``zone``."""
    days = day - file.meeting.starts_at.astimezone(zone).date()

    def later(moment: datetime) -> datetime:
        local = moment.astimezone(zone)
        return (local.replace(tzinfo=None) + days).replace(tzinfo=zone, fold=local.fold).astimezone(UTC)

    head = replace(file.meeting, starts_at=later(file.meeting.starts_at), ends_at=later(file.meeting.ends_at))
    agenda = file.agenda and tuple(
        replace(item, starts_at=later(item.starts_at), ends_at=later(item.ends_at)) for item in file.agenda
    )
    return replace(file, meeting=head, agenda=agenda)


async def change(tx: Transaction, meeting_id: int, person_id: int, now: datetime, **values: Any) -> Changed:
    """Set fields of a meeting (:class:`bot.storage.meetings.Meeting`) other than its times.

    Raises:
        NotFound, NotAllowed, Archived
    """
    before = await changeable(tx, meeting_id, person_id)
    after = await stored.put(tx, replace(before, **values), now)
    if after != before:
        await _record(tx, after, person_id, "meeting.changed", now, fields=sorted(values))
    return Changed(before, after)


async def move(
    tx: Transaction, meeting_id: int, person_id: int, day: date, start: time, end: time | None, now: datetime
) -> Changed:
    """Put a meeting on another day or hour; its agenda moves along with its start.

    ``end`` None keeps how long it is.

    Raises:
        NotFound, NotAllowed, Archived
        PastTime: it would be over already.
    """
    before = await changeable(tx, meeting_id, person_id)
    starts_at, ends_at = span(day, start, end or start, before.timezone)
    if end is None:
        ends_at = starts_at + (before.ends_at - before.starts_at)
    if ends_at <= now:
        raise PastTime
    after = await stored.put(tx, replace(before, starts_at=starts_at, ends_at=ends_at), now)
    by = after.starts_at - before.starts_at
    if by:
        for item in await stored.agenda(tx, meeting_id):
            await save_item(
                tx, meeting_id, replace(item, starts_at=item.starts_at + by, ends_at=item.ends_at + by)
            )
    if after != before:
        await _record(tx, after, person_id, "meeting.moved", now, start=starts_at.isoformat())
    return Changed(before, after)


async def end_at(
    tx: Transaction, meeting_id: int, person_id: int, ends_at: datetime, now: datetime
) -> Changed:
    """Let a meeting end at another time.

    Raises:
        NotFound, NotAllowed, Archived
        EndsBeforeStart
    """
    before = await changeable(tx, meeting_id, person_id)
    if ends_at <= before.starts_at:
        raise EndsBeforeStart
    return await change(tx, meeting_id, person_id, now, ends_at=ends_at)


async def save_item(tx: Transaction, meeting_id: int, item: AgendaItem) -> None:
    """Keep an agenda item with the values of ``item``."""
    await stored.save_agenda_item(
        tx,
        meeting_id,
        slug=item.slug,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        title=item.title,
        speaker=item.speaker,
        speaker_position=item.speaker_position,
    )


async def switch_sector(tx: Transaction, meeting_id: int, person_id: int, sector: str, now: datetime) -> bool:
    """Let a sector take part, or no longer; whether it does now.

    Raises:
        NotFound, NotAllowed, Archived
        SectorInUse: people of it are registered.
    """
    meeting = await changeable(tx, meeting_id, person_id)
    if sector not in {known.code for known in await offices.sectors(tx, meeting.office_id)}:
        raise NotFound
    takes_part = sector not in await stored.quotas(tx, meeting_id)
    if takes_part:
        await stored.save_quota(tx, meeting_id, sector, None)
    else:
        if (await participants.count_by_sector(tx, meeting_id)).get(sector):
            raise SectorInUse
        await stored.remove_quota(tx, meeting_id, sector)
    await _record(tx, meeting, person_id, "meeting.changed", now, fields=["sectors"])
    return takes_part


async def set_quota(
    tx: Transaction, meeting_id: int, person_id: int, sector: str, quota: int | None, now: datetime
) -> Meeting:
    """Let at most ``quota`` people of a sector take part; None for no limit.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await changeable(tx, meeting_id, person_id)
    if sector not in await stored.quotas(tx, meeting_id):
        raise NotFound
    await stored.save_quota(tx, meeting_id, sector, quota)
    await _record(tx, meeting, person_id, "meeting.changed", now, fields=["quota"])
    return meeting


async def add_sector(tx: Transaction, meeting_id: int, person_id: int, name: str, now: datetime) -> Sector:
    """Give the office a new sector, which takes part in the meeting.

    Raises:
        NotFound, NotAllowed, Archived
    """
    meeting = await changeable(tx, meeting_id, person_id)
    office = await office_of(tx, meeting.office_id, person_id)
    known = await offices.sectors(tx, office.id)
    same = next(
        (sector for sector in known if name.casefold() in map(str.casefold, sector.name.values())), None
    )
    if same is None:
        same = Sector(free_slug(name, {sector.code for sector in known}, SECTOR_CODE), {office.locale: name})
        await offices.save_sectors(tx, office.id, [*known, same])
    if same.code not in await stored.quotas(tx, meeting_id):
        await stored.save_quota(tx, meeting_id, same.code, None)
    await _record(tx, meeting, person_id, "meeting.changed", now, fields=["sectors"])
    return same


def free_slug(name: str, taken: set[str], longest: int = 40) -> str:
    """Small letters, digits and hyphens that remind of ``name`` and are not among ``taken``."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[: longest - 4].strip("-") or "x"
    free, number = slug, 1
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


async def set_questions(
    tx: Transaction,
    meeting_id: int,
    person_id: int,
    questions: Sequence[RegistrationQuestion],
    now: datetime,
) -> None:
    """Set what registration asks beyond the usual.

    Raises:
        NotFound, NotAllowed, Archived
        RegistrationAsksEnough
    """
    meeting = await changeable(tx, meeting_id, person_id)
    if len(questions) > MOST_QUESTIONS:
        raise RegistrationAsksEnough
    await stored.set_registration(tx, meeting_id, questions, approval=meeting.approval, now=now)
    await _record(tx, meeting, person_id, "meeting.changed", now, fields=["questions"])


async def _record(
    tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime, **detail: Any
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        **detail,
    )
