"""A meeting with all that was collected, as JSON that can be imported again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.meeting_files import meeting_collected, meeting_stored, meeting_yaml
from bot.domain.meeting_files.local_times import local_text
from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    MeetingFile,
    Office,
    Poll,
    Reminder,
    Session,
    Statement,
)
from bot.domain.notices.audience import Audience
from bot.domain.reminders import schedule_text
from bot.storage import meetings
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Material


async def export_json(database: Database, code: str) -> str | None:
    """The meeting with this code as JSON text; None when there is none.

    What the office entered has the form of a meeting file (:mod:`bot.domain.meeting_files.meeting_file`); what
    people gave stands under ``collected``. Of submissions it holds those that were published. It says nothing about
    anonymous authors, because nothing is known.
    """
    return await database.read(lambda tx: _export(tx, code))


async def _export(tx: Transaction, code: str) -> str | None:
    file = await meeting_stored.stored(tx, code)
    meeting = await meetings.find_by_code(tx, code)
    if file is None or meeting is None:
        return None
    return meeting_yaml.to_text(
        {**as_content(file), meeting_yaml.COLLECTED: await meeting_collected.collected(tx, meeting)}
    )


def as_content(file: MeetingFile) -> dict[str, Any]:
    """What a file says, as JSON values in the form of ``docs/meeting-file.md``."""
    zone = ZoneInfo(file.office.timezone)
    office, meeting = file.office, file.meeting
    content: dict[str, Any] = {
        "office": office_content(office),
        "meeting": {
            "code": meeting.code,
            "title": dict(meeting.title),
            "theme": dict(meeting.theme),
            "venue": meeting.venue,
            "address": meeting.address,
            "start": local_text(meeting.starts_at, zone),
            "end": local_text(meeting.ends_at, zone),
            "state": meeting.state,
            "contact": meeting.contact,
            "map": None if meeting.map_point is None else "{:.6f}, {:.6f}".format(*meeting.map_point),
            "approval": "yes" if meeting.approval else "no",
        },
    }
    if file.sectors is not None:
        content["sectors"] = [
            {"code": sector.code, "name": dict(sector.name), "quota": sector.quota} for sector in file.sectors
        ]
    if file.questions is not None:
        content["questions"] = [
            {**question.as_data(), "required": "yes" if question.required else "no"}
            for question in file.questions
        ]
    if file.agenda is not None:
        content["agenda"] = [_agenda_item(item, zone) for item in file.agenda]
    if file.materials is not None:
        content["materials"] = [_material(item) for item in file.materials]
    if file.sessions is not None:
        content["sessions"] = [_session(session) for session in file.sessions]
    if file.polls is not None:
        content["polls"] = [_poll(poll) for poll in file.polls]
    if file.statements is not None:
        content["statements"] = [_statement(item) for item in file.statements]
    if file.reminders is not None:
        content["reminders"] = [_reminder(reminder) for reminder in file.reminders]
    return content


def office_content(office: Office) -> dict[str, Any]:
    """What a file says of the office."""
    return {
        "code": office.code,
        "name": office.name,
        "city": office.city,
        "timezone": office.timezone,
        "locale": office.locale,
        "contact": office.contact,
        "letterhead": office.letterhead,
    }


def _agenda_item(item: AgendaItem, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "slug": item.slug,
        "start": local_text(item.starts_at, zone),
        "end": local_text(item.ends_at, zone),
        "title": dict(item.title),
        "speaker": item.speaker,
        "position": dict(item.speaker_position),
    }


def _material(item: Material) -> dict[str, Any]:
    file = item.file
    return {
        "slug": item.slug,
        "agenda": item.agenda_slug,
        "title": dict(item.title),
        "url": item.url or None,
        "file": file and {"kind": file.kind, "id": file.file_id, "name": file.name, "bytes": file.size},
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "slug": session.slug,
        "agenda": session.agenda_slug,
        "topic": dict(session.topic),
        "prompt": dict(session.prompt),
        "kinds": list(session.kinds),
        "anonymity": session.anonymity,
        "limit_per_person": session.limit_per_person,
        "text_limit": session.text_limit,
        "headings": list(session.headings),
        "sectors": list(session.sectors) or "all",
        "moderation": session.moderation,
        "follows_agenda": "yes" if session.follows_agenda else "no",
    }


def _poll(poll: Poll) -> dict[str, Any]:
    return {
        "slug": poll.slug,
        "kind": poll.kind,
        "question": poll.question,
        "options": list(poll.options),
        "right": None if poll.right_option is None else poll.options[poll.right_option],
        "explanation": poll.explanation,
        "hidden": "yes" if poll.hidden else "no",
    }


def _statement(item: Statement) -> dict[str, Any]:
    return {
        "slug": item.slug,
        "text": dict(item.text),
        "answer": "true" if item.is_true else "false",
        "legal_basis": item.legal_basis,
        "rule": item.rule_id,
    }


def _audience(audience: Audience) -> dict[str, Any]:
    """Single groups become all that are bound: a chat's id means nothing in another installation."""
    return replace(audience, groups=bool(audience.groups)).as_data()


def _reminder(reminder: Reminder) -> dict[str, Any]:
    what: dict[str, Any] = {"title": dict(reminder.title), "text": dict(reminder.text)}
    if reminder.rule_id is not None:
        what = {"rule": reminder.rule_id}
    if reminder.topic:
        what["topic"] = reminder.topic
    return {
        "slug": reminder.slug,
        **what,
        "legal_basis": [
            {"instrument": basis.instrument, "article": basis.article, "about": basis.about}
            for basis in reminder.legal_basis
        ],
        "sources": list(reminder.sources),
        "checked": None if reminder.checked_on is None else reminder.checked_on.isoformat(),
        "audience": _audience(reminder.audience),
        "schedule": schedule_text.write(reminder.schedule),
        "grace_minutes": reminder.grace_minutes,
    }
