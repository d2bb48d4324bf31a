"""What was collected in a meeting, as an export holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.meeting_files import people_export, result_export
from bot.domain.meeting_files.local_times import local_text
from bot.storage import (
    attendance,
    broadcasts,
    deliveries,
    invitees,
    occurrences,
    participants,
    reminders,
    sessions,
    submissions,
)
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.submissions import Submission


async def collected(tx: Transaction, meeting: Meeting) -> dict[str, Any]:
    """What people gave, as JSON values: published submissions alone, and figures only as they may be shown."""
    zone = ZoneInfo(meeting.timezone)
    held = await sessions.of_meeting(tx, meeting.id)
    slugs = {session.id: session.slug for session in held}
    people = await participants.registered(tx, meeting.id)
    arrivals = await attendance.moments(tx, meeting.id)
    tickets = {person.id: person.ticket for person in people}
    total = await submissions.count(tx, meeting.id, submissions.PUBLISHED)
    published = await submissions.published(tx, meeting.id, total)
    return {
        "participants": [
            {
                "ticket": person.ticket,
                "name": person.name,
                "sector": person.sector,
                "institution": person.institution,
                "position": person.position,
                "registered_at": local_text(person.registered_at, zone),
                "checked_in_at": _maybe(arrivals.get(person.id), zone),
                **people_export.how_they_came(person),
            }
            for person in people
        ],
        "invited": people_export.invited(await invitees.all_of(tx, meeting.id), zone),
        "sessions": [
            {
                "slug": session.slug,
                "state": session.state,
                "opened_at": _maybe(session.opened_at, zone),
                "closed_at": _maybe(session.closed_at, zone),
            }
            for session in held
        ],
        "submissions": [
            {
                "number": item.number,
                "session": slugs[item.session_id],
                "kind": item.kind,
                "text": item.text,
                "anonymous": item.is_anonymous,
                # None also when the author has since withdrawn from the meeting.
                "author": None if item.participant_id is None else tickets.get(item.participant_id),
                **_answer(item),
            }
            for item in sorted(published, key=lambda item: item.number or 0)
        ],
        "polls": await result_export.polls_of(tx, meeting),
        "check": await result_export.check_of(tx, meeting),
        "reminders": [
            {
                "slug": reminder.slug,
                "state": reminder.state,
                "occurrences": [
                    {"due_at": local_text(occurrence.due_at, zone), "state": occurrence.state}
                    for occurrence in await occurrences.of_reminder(tx, reminder.id)
                ],
            }
            for reminder in await reminders.of_meeting(tx, meeting.id)
        ],
        "broadcasts": [
            {
                "kind": broadcast.kind,
                "created_at": local_text(broadcast.created_at, zone),
                "text": broadcast.content["text"],
                "audience": broadcast.audience,
                "deliveries": await deliveries.counts(tx, broadcast.id),
            }
            for broadcast in await broadcasts.of_meeting(tx, meeting.id)
        ],
    }


def _answer(item: Submission) -> dict[str, Any]:
    """How a submission was answered; empty while it was not."""
    if item.answered is None:
        return {}
    return {"answered": item.answered, "answer": item.answer, "answered_by": item.answered_by}


def _maybe(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else local_text(moment, zone)
