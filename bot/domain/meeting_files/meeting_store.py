"""A meeting file into the database: only what differs is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.dialogue.sessions import end_all
from bot.domain.meeting import meeting_reminders
from bot.domain.meeting_files import meeting_dialogue_store
from bot.domain.meeting_files.meeting_changes import (
    CHANGED,
    CREATED,
    KEPT,
    REMOVED,
    UNCHANGED,
    Change,
    Summary,
    outcome,
)
from bot.domain.meeting_files.meeting_file import AgendaItem, MeetingFile, Office, Reminder, Sector
from bot.domain.meeting_files.meeting_stored import office_of, stored
from bot.domain.meeting_files.meeting_yaml import BrokenFile, Problem
from bot.domain.polls import polls
from bot.domain.rules.rules import rulebook
from bot.i18n import N_
from bot.storage import actions, meetings, offices, participants, reminders
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, CLOSED, DRAFT, OPEN, STATES, Material
from bot.storage.offices import Sector as StoredSector


async def apply(
    tx: Transaction,
    file: MeetingFile,
    now: datetime,
    *,
    person_id: int | None = None,
    action: str = "meeting.imported",
) -> Summary:
    """Make the database hold what the file says, and tell what that changed; again, it changes nothing.

    A section that the file leaves out stays as it is. In one that it has, agenda items and materials that it does not
    name go, as do reminders, sessions and polls that were never opened and sectors without participants. What people
    were asked, polls and the statements of a check that has begun, stays as they saw it. A meeting's state only moves
    forward: what organisers opened is not closed by an older file.

    Raises:
        BrokenFile: the meeting's code is another office's, or the file names what neither it nor the database has.
    """
    await tx.lock(f"meeting file {file.meeting.code}")
    before = await stored(tx, file.meeting.code)
    await _check(tx, file, before)
    changes: list[Change] = []
    office_id = await _apply_office(tx, file.office, now, changes)
    if file.sectors is not None:
        await _apply_names(tx, office_id, file.sectors)
    meeting_id = await _apply_meeting(tx, file, office_id, before, now, changes)
    if file.sectors is not None:
        await _apply_sectors(tx, meeting_id, file.sectors, before, changes)
    if file.agenda is not None:
        await _apply_agenda(tx, meeting_id, file.agenda, before, changes)
    if file.materials is not None:
        await _apply_materials(tx, meeting_id, file.materials, before, changes)
    if file.sessions is not None:
        await meeting_dialogue_store.apply_sessions(tx, meeting_id, file.sessions, before, changes)
    if file.polls is not None:
        await meeting_dialogue_store.apply_polls(tx, meeting_id, file.polls, changes)
    if file.statements is not None:
        await meeting_dialogue_store.apply_statements(tx, meeting_id, file.statements, before, changes)
    if file.meeting.state in (CLOSED, ARCHIVED):
        await _end(tx, meeting_id, before, now)
    if file.reminders is not None:
        await _apply_reminders(tx, office_id, meeting_id, file.reminders, before, now, changes)
    if file.meeting.state == OPEN and (before is None or before.meeting.state == DRAFT):
        opened = await meetings.find(tx, meeting_id)
        assert opened is not None
        await meeting_reminders.add(tx, opened, person_id, now)
    summary = Summary(office_id, meeting_id, file.meeting.code, tuple(changes))
    if summary.has_effect:
        await actions.record(
            tx,
            office_id=office_id,
            meeting_id=meeting_id,
            person_id=person_id,
            action=action,
            now=now,
            **{name: summary.count(name) for name in (CREATED, CHANGED, REMOVED)},
        )
    return summary


async def _end(tx: Transaction, meeting_id: int, before: MeetingFile | None, now: datetime) -> None:
    """End what goes on in a meeting that is over, or (open until now) does not take place."""
    await end_all(tx, meeting_id, now)
    await polls.end_all(tx, meeting_id)
    if before is not None and before.meeting.state == OPEN:
        await meeting_reminders.stop(tx, meeting_id, now)


async def _check(tx: Transaction, file: MeetingFile, before: MeetingFile | None) -> None:
    """What only the database can tell about the names in a file."""
    problems: list[Problem] = []
    if before is not None and before.office.code != file.office.code:
        message = N_("the code “{code}” belongs to a meeting of another office")
        problems.append(Problem(message, where="meeting.code", values={"code": file.meeting.code}))
    if file.sectors is None:
        office = await offices.find_by_code(tx, file.office.code)
        known = set() if office is None else {sector.code for sector in await offices.sectors(tx, office.id)}
        for reminder in file.reminders or ():
            if reminder.audience.sectors != "all":
                problems += _unknown(f"reminders[{reminder.slug}]", set(reminder.audience.sectors) - known)
        for session in file.sessions or ():
            problems += _unknown(f"sessions[{session.slug}].sectors", set(session.sectors) - known)
    if file.agenda is None:
        items = () if before is None else before.agenda or ()
        known = {item.slug for item in items}
        for section, entries in (("materials", file.materials or ()), ("sessions", file.sessions or ())):
            for entry in entries:
                if entry.agenda_slug is not None:
                    problems += _unknown(f"{section}[{entry.slug}].agenda", {entry.agenda_slug} - known)
    if problems:
        raise BrokenFile(file.name, problems)


def _unknown(where: str, names: Iterable[str]) -> list[Problem]:
    message = N_("there is no “{value}”, neither in this file nor in the database")
    return [Problem(message, where=where, values={"value": name}) for name in sorted(names)]


async def _apply_office(tx: Transaction, office: Office, now: datetime, changes: list[Change]) -> int:
    known = await offices.find_by_code(tx, office.code)
    became = outcome(None if known is None else office_of(known), office)
    changes.append(Change("office", office.code, became))
    if known is None or became != UNCHANGED:
        known = await offices.save(
            tx,
            code=office.code,
            name=office.name,
            city=office.city,
            timezone=office.timezone,
            locale=office.locale,
            contact=office.contact,
            letterhead=office.letterhead,
            now=now,
        )
    return known.id


async def _apply_names(tx: Transaction, office_id: int, sectors: tuple[Sector, ...]) -> None:
    known = await offices.sectors(tx, office_id)
    named = {sector.code for sector in sectors}
    wanted = [StoredSector(sector.code, sector.name) for sector in sectors]
    if [sector for sector in known if sector.code in named] != wanted:
        await offices.save_sectors(tx, office_id, wanted)


async def _apply_meeting(
    tx: Transaction,
    file: MeetingFile,
    office_id: int,
    before: MeetingFile | None,
    now: datetime,
    changes: list[Change],
) -> int:
    wanted = file.meeting
    if before is not None:
        wanted = replace(wanted, state=max(before.meeting.state, wanted.state, key=STATES.index))
    known = await meetings.find_by_code(tx, wanted.code)
    became = outcome(None if before is None else before.meeting, wanted)
    asked = () if before is None else before.questions or ()
    questions = asked if file.questions is None else file.questions
    if questions != asked:
        became = CREATED if before is None else CHANGED
    if known is not None and known.timezone != file.office.timezone:
        became = CHANGED
    changes.append(Change("meeting", wanted.code, became))
    if known is None or became != UNCHANGED:
        known = await meetings.save(
            tx,
            office_id=office_id,
            code=wanted.code,
            title=wanted.title,
            theme=wanted.theme,
            venue=wanted.venue,
            address=wanted.address,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            timezone=file.office.timezone,
            state=wanted.state,
            contact=wanted.contact,
            map_point=wanted.map_point,
            registration_questions=questions,
            approval=wanted.approval,
            now=now,
        )
    return known.id


async def _apply_sectors(
    tx: Transaction,
    meeting_id: int,
    sectors: tuple[Sector, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    known = {} if before is None else {sector.code: sector for sector in before.sectors or ()}
    used = await participants.count_by_sector(tx, meeting_id)
    for sector in sectors:
        became = outcome(known.get(sector.code), sector)
        changes.append(Change("sector", sector.code, became))
        if became != UNCHANGED:
            await meetings.save_quota(tx, meeting_id, sector.code, sector.quota)
    for code in sorted(known.keys() - {sector.code for sector in sectors}):
        changes.append(Change("sector", code, KEPT if code in used else REMOVED))
        if code not in used:
            await meetings.remove_quota(tx, meeting_id, code)


async def _apply_agenda(
    tx: Transaction,
    meeting_id: int,
    agenda: tuple[AgendaItem, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    known = {} if before is None else {item.slug: item for item in before.agenda or ()}
    for item in agenda:
        became = outcome(known.get(item.slug), item)
        changes.append(Change("agenda", item.slug, became))
        if became != UNCHANGED:
            await meetings.save_agenda_item(
                tx,
                meeting_id,
                slug=item.slug,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                title=item.title,
                speaker=item.speaker,
                speaker_position=item.speaker_position,
            )
    gone = known.keys() - {item.slug for item in agenda}
    changes.extend(Change("agenda", slug, REMOVED) for slug in sorted(gone))
    if gone:
        await meetings.keep_agenda_items(tx, meeting_id, {item.slug for item in agenda})


async def _apply_materials(
    tx: Transaction,
    meeting_id: int,
    materials: tuple[Material, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    known = () if before is None else before.materials or ()
    by_slug = {item.slug: item for item in known}
    changes.extend(Change("material", item.slug, outcome(by_slug.get(item.slug), item)) for item in materials)
    gone = by_slug.keys() - {item.slug for item in materials}
    changes.extend(Change("material", slug, REMOVED) for slug in sorted(gone))
    if known != materials:  # also when only their order changed
        await meetings.save_materials(tx, meeting_id, list(materials))


async def _apply_reminders(
    tx: Transaction,
    office_id: int,
    meeting_id: int,
    wanted: tuple[Reminder, ...],
    before: MeetingFile | None,
    now: datetime,
    changes: list[Change],
) -> None:
    known = {} if before is None else {reminder.slug: reminder for reminder in before.reminders or ()}
    for reminder in wanted:
        became = outcome(known.get(reminder.slug), reminder)
        changes.append(Change("reminder", reminder.slug, became))
        if became != UNCHANGED:
            card = rulebook().card(reminder.rule_id or "")
            await reminders.save(
                tx,
                office_id=office_id,
                meeting_id=meeting_id,
                slug=reminder.slug,
                title=reminder.title or ({"id": reminder.slug} if card is None else card.title),
                text=reminder.text,
                legal_basis=reminder.legal_basis,
                sources=reminder.sources,
                checked_on=reminder.checked_on,
                audience=reminder.audience.as_data(),
                schedule=reminder.schedule,
                grace_minutes=reminder.grace_minutes,
                now=now,
                rule_id=reminder.rule_id,
                topic=reminder.topic if card is None else card.topics[0],
            )
    # Those that were made in a chat are no concern of the file's.
    of_file = {
        known.slug for known in await reminders.of_meeting(tx, meeting_id) if known.origin == reminders.FILE
    }
    gone = (known.keys() & of_file) - {reminder.slug for reminder in wanted}
    changes.extend(Change("reminder", slug, REMOVED) for slug in sorted(gone))
    if gone:
        await reminders.keep(tx, meeting_id, {reminder.slug for reminder in wanted})
