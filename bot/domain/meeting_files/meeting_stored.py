"""A meeting of the database as a meeting file says it."""

from __future__ import annotations

from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    Meeting,
    MeetingFile,
    Office,
    Poll,
    Reminder,
    Sector,
    Session,
    Statement,
)
from bot.domain.notices import audience
from bot.domain.reminders import schedule
from bot.storage import checks, meetings, offices, polls, reminders, sessions
from bot.storage.database import Transaction


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
        polls=tuple(poll_of(poll) for poll in reversed(await polls.of_meeting(tx, meeting.id))),
        statements=tuple(
            Statement(item.slug, item.text, item.is_true, item.legal_basis, item.rule_id)
            for item in await checks.of_meeting(tx, meeting.id)
        ),
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
        session.topics,
        tuple(sorted(session.sectors)),
        session.moderation,
        session.follows_agenda,
    )


def poll_of(poll: polls.Poll) -> Poll:
    """A poll as a file says it."""
    return Poll(
        poll.slug,
        poll.kind,
        poll.question,
        poll.options,
        poll.right_option,
        poll.explanation,
        poll.hidden,
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
