"""A meeting file into the database, and back: only what differs is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.dialogue.sessions import end_all
from bot.domain.meeting import meeting_reminders
from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    Meeting,
    MeetingFile,
    Office,
    Reminder,
    Sector,
    Session,
)
from bot.domain.meeting_files.meeting_yaml import BrokenFile, Problem
from bot.domain.notices import audience
from bot.domain.polls import polls
from bot.domain.reminders import schedule
from bot.domain.rules.rules import rulebook
from bot.i18n import N_, Translator
from bot.storage import actions, meetings, offices, participants, reminders, sessions
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, CLOSED, DRAFT, OPEN, STATES, Material
from bot.storage.offices import Sector as StoredSector

CREATED, CHANGED, UNCHANGED, REMOVED, KEPT = "created", "changed", "unchanged", "removed", "kept"

KINDS: Mapping[str, str] = {
    "office": N_("Office"),
    "meeting": N_("Meeting"),
    "sector": N_("Sectors"),
    "agenda": N_("Agenda items"),
    "material": N_("Materials"),
    "session": N_("Dialogue sessions"),
    "reminder": N_("Reminders"),
}
"""What a file is made of, each with a message id."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing of a file, or of one that the file no longer names."""

    kind: str
    """One of :data:`KINDS`."""
    name: str
    """Its code or slug."""
    outcome: str
    """``created``, ``changed``, ``unchanged``, ``removed``; or ``kept``: no longer named, but people have used it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did."""

    office_id: int
    meeting_id: int
    code: str
    """The meeting's."""
    changes: tuple[Change, ...]

    @property
    def has_effect(self) -> bool:
        return any(change.outcome not in (UNCHANGED, KEPT) for change in self.changes)

    def count(self, outcome: str) -> int:
        return sum(change.outcome == outcome for change in self.changes)

    def lines(self, t: Translator) -> list[str]:
        """What to tell who imported it: a line a kind, and one for each thing that was kept."""
        lines = []
        for kind in dict.fromkeys(change.kind for change in self.changes):
            counts = Counter(change.outcome for change in self.changes if change.kind == kind)
            line = t.gettext(
                "{kind}: {created} new, {changed} changed, {removed} removed, {unchanged} as before"
            )
            counted = {outcome: counts[outcome] for outcome in (CREATED, CHANGED, REMOVED, UNCHANGED)}
            lines.append(line.format(kind=t.gettext(KINDS[kind]), **counted))
        for change in self.changes:
            if change.outcome == KEPT:
                line = t.gettext("{kind}: “{name}” is no longer in the file but is in use, so it was kept")
                lines.append(line.format(kind=t.gettext(KINDS[change.kind]), name=change.name))
        return lines


async def stored(tx: Transaction, code: str) -> MeetingFile | None:
    """The meeting with this code as a file would say it; None when there is none."""
    meeting = await meetings.find_by_code(tx, code)
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if meeting is None or office is None:
        return None
    quotas = await meetings.quotas(tx, meeting.id)
    return MeetingFile(
        office=office_of(office),
        meeting=Meeting(
            meeting.code,
            meetings.unmarked(meeting.title),
            meeting.theme,
            meeting.venue,
            meeting.address,
            meeting.starts_at,
            meeting.ends_at,
            meeting.state,
            meeting.contact,
            meeting.map_point,
            meeting.approval,
        ),
        questions=meeting.registration_questions,
        sectors=tuple(
            Sector(sector.code, sector.name, quotas[sector.code])
            for sector in await offices.sectors(tx, office.id)
            if sector.code in quotas
        ),
        agenda=tuple(
            AgendaItem(
                item.slug, item.starts_at, item.ends_at, item.title, item.speaker, item.speaker_position
            )
            for item in await meetings.agenda(tx, meeting.id)
        ),
        materials=tuple(await meetings.materials(tx, meeting.id)),
        sessions=tuple(_session(session) for session in await sessions.of_meeting(tx, meeting.id)),
        reminders=tuple(
            _reminder(reminder)
            for reminder in sorted(await reminders.of_meeting(tx, meeting.id), key=lambda known: known.slug)
            if reminder.origin == reminders.FILE
        ),
    )


def office_of(office: offices.Office) -> Office:
    """The office as a file says it."""
    return Office(
        office.code,
        office.name,
        office.city,
        office.timezone,
        office.locale,
        office.contact,
        office.letterhead,
    )


def _session(session: sessions.Session) -> Session:
    return Session(
        session.slug,
        session.agenda_slug,
        session.topic,
        session.prompt,
        session.kinds,
        session.anonymity,
        session.limit_per_person,
        session.text_limit,
    )


def _reminder(reminder: reminders.Reminder) -> Reminder:
    return Reminder(
        reminder.slug,
        reminder.title if reminder.rule_id is None else {},
        reminder.text,
        tuple(reminder.legal_basis),
        tuple(reminder.sources),
        reminder.checked_on,
        audience.parse(reminder.audience),
        schedule.parse(reminder.schedule).as_data(),
        reminder.grace_minutes,
        reminder.rule_id,
        reminder.topic if reminder.rule_id is None else "",
    )


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
    name go, as do reminders, sessions that were never opened and sectors without participants. A meeting's state only
    moves forward: what organisers opened is not closed by an older file.

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
        await _apply_sessions(tx, meeting_id, file.sessions, before, changes)
    if file.meeting.state in (CLOSED, ARCHIVED):
        await end_all(tx, meeting_id, now)
        await polls.end_all(tx, meeting_id)
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
            **{outcome: summary.count(outcome) for outcome in (CREATED, CHANGED, REMOVED)},
        )
    return summary


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


def _outcome(old: object, new: object) -> str:
    return CREATED if old is None else UNCHANGED if old == new else CHANGED


async def _apply_office(tx: Transaction, office: Office, now: datetime, changes: list[Change]) -> int:
    known = await offices.find_by_code(tx, office.code)
    outcome = _outcome(None if known is None else office_of(known), office)
    changes.append(Change("office", office.code, outcome))
    if known is None or outcome != UNCHANGED:
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
    outcome = _outcome(None if before is None else before.meeting, wanted)
    asked = () if before is None else before.questions or ()
    questions = asked if file.questions is None else file.questions
    if questions != asked:
        outcome = CREATED if before is None else CHANGED
    if known is not None and known.timezone != file.office.timezone:
        outcome = CHANGED
    changes.append(Change("meeting", wanted.code, outcome))
    if known is None or outcome != UNCHANGED:
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
        outcome = _outcome(known.get(sector.code), sector)
        changes.append(Change("sector", sector.code, outcome))
        if outcome != UNCHANGED:
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
        outcome = _outcome(known.get(item.slug), item)
        changes.append(Change("agenda", item.slug, outcome))
        if outcome != UNCHANGED:
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
    changes.extend(
        Change("material", item.slug, _outcome(by_slug.get(item.slug), item)) for item in materials
    )
    gone = by_slug.keys() - {item.slug for item in materials}
    changes.extend(Change("material", slug, REMOVED) for slug in sorted(gone))
    if known != materials:  # also when only their order changed
        await meetings.save_materials(tx, meeting_id, list(materials))


async def _apply_sessions(
    tx: Transaction,
    meeting_id: int,
    wanted: tuple[Session, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    known = {} if before is None else {session.slug: session for session in before.sessions or ()}
    reordered = [slug for slug in known if slug in {session.slug for session in wanted}] != [
        session.slug for session in wanted if session.slug in known
    ]
    for position, session in enumerate(wanted):
        outcome = _outcome(known.get(session.slug), session)
        changes.append(Change("session", session.slug, outcome))
        if outcome != UNCHANGED or reordered:
            await sessions.save(
                tx,
                meeting_id,
                slug=session.slug,
                agenda_slug=session.agenda_slug,
                topic=session.topic,
                prompt=session.prompt,
                kinds=session.kinds,
                anonymity=session.anonymity,
                limit_per_person=session.limit_per_person,
                text_limit=session.text_limit,
                position=position,
            )
    named = {session.slug for session in wanted}
    for left in await sessions.of_meeting(tx, meeting_id):
        if left.slug not in named:
            removed = await sessions.remove_unopened(tx, left.id)
            changes.append(Change("session", left.slug, REMOVED if removed else KEPT))


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
        outcome = _outcome(known.get(reminder.slug), reminder)
        changes.append(Change("reminder", reminder.slug, outcome))
        if outcome != UNCHANGED:
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
