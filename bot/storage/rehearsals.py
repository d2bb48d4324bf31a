"""What a rehearsal leaves in the tables of a meeting, and its removal.

Every table that refers to what belongs to a meeting is named here, as wiped or as kept;
``tests/domain/meeting/test_rehearsals.py`` compares with the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.storage import reminders
from bot.storage.database import Transaction
from bot.storage.values import millis, moment

_PARTICIPANTS = "SELECT id FROM participants WHERE meeting_id = :meeting"
_SUBMISSIONS = "SELECT id FROM submissions WHERE meeting_id = :meeting"
_SESSIONS = "SELECT id FROM sessions WHERE meeting_id = :meeting"
_POLLS = "SELECT id FROM polls WHERE meeting_id = :meeting"
_INVITATIONS = "SELECT id FROM invitations WHERE meeting_id = :meeting"
_BROADCASTS = "SELECT id FROM broadcasts WHERE meeting_id = :meeting AND created_at >= :since"
_REMINDERS = "SELECT id FROM reminders WHERE meeting_id = :meeting"

WIPED: Mapping[str, str] = {
    "poll_answers": f"poll_id IN ({_POLLS})",
    "statement_answers": f"participant_id IN ({_PARTICIPANTS})",
    "stances": f"submission_id IN ({_SUBMISSIONS})",
    "institution_stances": f"submission_id IN ({_SUBMISSIONS})",
    "submissions": "meeting_id = :meeting",
    "submission_counts": f"session_id IN ({_SESSIONS})",
    "moderation_claims": "meeting_id = :meeting",
    "moderation_pings": "meeting_id = :meeting",
    "speaker_links": "meeting_id = :meeting",
    "signatures": "meeting_id = :meeting",
    "list_numbers": "meeting_id = :meeting",
    "delegates": "meeting_id = :meeting",
    "attendance": "meeting_id = :meeting",
    "hall_codes": "meeting_id = :meeting",
    "participants": "meeting_id = :meeting",
    "invitation_openings": f"invitation_id IN ({_INVITATIONS})",
    "agenda_followers": "meeting_id = :meeting",
    "office_questions": "meeting_id = :meeting AND asked_at >= :since",
    "approvals": "meeting_id = :meeting AND asked_at >= :since",
    "receipts": f"broadcast_id IN ({_BROADCASTS})",
    "deferred_deliveries": f"broadcast_id IN ({_BROADCASTS})",
    "deliveries": f"broadcast_id IN ({_BROADCASTS})",
    "broadcast_texts": f"broadcast_id IN ({_BROADCASTS})",
    "occurrences": f"reminder_id IN ({_REMINDERS}) AND due_at >= :since",
    "broadcasts": "meeting_id = :meeting AND created_at >= :since",
}
"""Table to which of its rows go, in an order that foreign keys allow."""

KEPT = frozenset(
    {
        "agenda_items",
        "agreement_settings",
        "audience_choices",
        "checks",
        "groups",
        "invitations",
        "invitee_uploads",
        "invitees",
        "materials",
        "meeting_sectors",
        "merged_sectors",
        "polls",
        "reminder_plans",
        "reminders",
        "sessions",
        "statements",
        "walls",
    }
)
"""Tables of a meeting that hold what the committee prepared; some are set back to how they were before anybody came."""

_SET_BACK = (
    (
        "UPDATE sessions SET state = 'planned', opened_at = NULL, closed_at = NULL, answers_untold = 0,"
        " answers_due_at = NULL WHERE meeting_id = :meeting"
    ),
    "UPDATE polls SET state = 'draft' WHERE meeting_id = :meeting",
    "UPDATE checks SET stage = 'draft' WHERE meeting_id = :meeting",
    "UPDATE agreement_settings SET shown = 0 WHERE meeting_id = :meeting",
    (
        "UPDATE invitees SET state = 'invited', reason = '', person_id = NULL, opened_at = NULL,"
        " registered_at = NULL, declined_at = NULL, represented_at = NULL WHERE meeting_id = :meeting"
    ),
)

COUNTED = ("participants", "attendance", "submissions", "deliveries")
"""What people are told of before it goes."""


async def counts(tx: Transaction, meeting_id: int, since: datetime) -> dict[str, int]:
    """How many rows of :data:`COUNTED` a wipe would remove."""
    return {
        table: int(
            await tx.value(
                f"SELECT COUNT(*) FROM {table} WHERE {WIPED[table]}"  # noqa: S608 - the conditions above
                " AND CAST(:meeting AS BIGINT) IS NOT NULL AND CAST(:since AS BIGINT) IS NOT NULL",
                meeting=meeting_id,
                since=millis(since),
            )
        )
        for table in COUNTED
    }


async def wipe(tx: Transaction, meeting_id: int, since: datetime, now: datetime) -> None:
    """Remove what people did at a meeting, and messages since ``since``; what the committee prepared is as before."""
    for table, condition in WIPED.items():
        await tx.run(
            f"DELETE FROM {table} WHERE {condition}"  # noqa: S608 - the conditions above
            " AND CAST(:meeting AS BIGINT) IS NOT NULL AND CAST(:since AS BIGINT) IS NOT NULL",
            meeting=meeting_id,
            since=millis(since),
        )
    for statement in _SET_BACK:
        await tx.run(statement, meeting=meeting_id)
    for reminder in await reminders.of_meeting(tx, meeting_id):
        await reminders.rearm(tx, reminder.id, state=reminder.state, schedule=reminder.schedule, now=now)
    await reminders.forget_plan(tx, meeting_id)


async def begun(tx: Transaction, latest_start: datetime) -> list[tuple[int, datetime, datetime | None]]:
    """The meetings that are rehearsed and begin by ``latest_start``.

    With each, when its rehearsal began, and when its organisers were last reminded to end one.
    """
    rows = await tx.all(
        "SELECT id, rehearsal, (SELECT MAX(done_at) FROM actions WHERE actions.meeting_id = meetings.id"
        " AND actions.action = 'rehearsal.reminded') AS reminded FROM meetings"
        " WHERE rehearsal > 0 AND starts_at <= :latest ORDER BY starts_at, id",
        latest=millis(latest_start),
    )
    return [
        (row["id"], moment(row["rehearsal"]), None if row["reminded"] is None else moment(row["reminded"]))
        for row in rows
    ]


async def has_people(tx: Transaction, meeting_id: int) -> bool:
    """Whether anybody took part already: a rehearsal that is wiped later must not take the real thing along."""
    return bool(
        await tx.value(
            "SELECT (SELECT COUNT(*) FROM participants WHERE meeting_id = :meeting)"
            " + (SELECT COUNT(*) FROM submissions WHERE meeting_id = :meeting)",
            meeting=meeting_id,
        )
    )
