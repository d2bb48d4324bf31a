"""Everything that the tables hold about one person: to show it, and to erase it.

Whoever adds a column that names a person adds it here; ``tests/storage/test_personal.py`` compares with the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, to_json


@dataclass(frozen=True, slots=True)
class Record:
    """The rows about a person, by table: columns that hold JSON are read, moments are UTC milliseconds."""

    person: dict[str, Any] | None
    registrations: list[dict[str, Any]]
    submissions: list[dict[str, Any]]
    """Those sent under the person's name. Nobody can find the anonymous ones."""
    roles: list[dict[str, Any]]
    form: dict[str, Any] | None
    messages: list[dict[str, Any]]
    """What was broadcast to the person."""
    without_reminders: list[dict[str, Any]]
    """The offices whose regulation reminders the person does not want."""
    followed_agendas: list[dict[str, Any]]
    """The meetings whose changes of the agenda the person wants to be told."""
    uploads: list[dict[str, Any]]
    """The meeting file that the person sent and that waits for their tap."""
    check_ins: list[dict[str, Any]]
    """When the person checked others in, and at which meeting."""
    actions: list[dict[str, Any]]
    """What the person did for an office, and what was done about them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a meeting's data lost its person."""

    office_id: int
    meeting_id: int
    registrations: int
    submissions: int


async def record(tx: Transaction, person_id: int) -> Record:
    """All that is held about a person."""
    persons = await tx.all("SELECT * FROM people WHERE id = :person", person=person_id)
    registrations = await tx.all(
        "SELECT participants.*, meetings.code AS meeting, meetings.title AS title, meetings.timezone AS timezone,"
        " sectors.name AS sector_name, attendance.checked_in_at AS checked_in_at"
        " FROM participants JOIN meetings ON meetings.id = participants.meeting_id"
        " LEFT JOIN sectors ON sectors.office_id = meetings.office_id AND sectors.code = participants.sector"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " WHERE participants.person_id = :person ORDER BY participants.registered_at, participants.id",
        person=person_id,
    )
    submissions = await tx.all(
        "SELECT submissions.id, submissions.kind, submissions.text, submissions.attachment, submissions.sent_at,"
        " submissions.state, submissions.number, sessions.topic AS topic, meetings.code AS meeting,"
        " meetings.timezone AS timezone FROM submissions JOIN sessions ON sessions.id = submissions.session_id"
        " JOIN meetings ON meetings.id = submissions.meeting_id"
        " JOIN participants ON participants.id = submissions.participant_id"
        " WHERE participants.person_id = :person ORDER BY submissions.sent_at, submissions.id",
        person=person_id,
    )
    roles = await tx.all(
        "SELECT members.role, members.granted_at, offices.name AS office FROM members"
        " JOIN offices ON offices.id = members.office_id WHERE members.person_id = :person ORDER BY offices.name",
        person=person_id,
    )
    forms = await tx.all(
        "SELECT form, state, updated_at FROM conversations WHERE person_id = :person", person=person_id
    )
    messages = await tx.all(
        "SELECT broadcasts.kind, broadcasts.created_at, deliveries.state, meetings.code AS meeting FROM deliveries"
        " JOIN broadcasts ON broadcasts.id = deliveries.broadcast_id"
        " JOIN meetings ON meetings.id = broadcasts.meeting_id WHERE deliveries.chat_id = :person"
        " ORDER BY broadcasts.created_at, broadcasts.id",
        person=person_id,
    )
    optouts = await tx.all(
        "SELECT offices.name AS office FROM reminder_optouts JOIN offices ON offices.id = reminder_optouts.office_id"
        " WHERE reminder_optouts.person_id = :person ORDER BY offices.name",
        person=person_id,
    )
    followed = await tx.all(
        "SELECT meetings.code AS meeting FROM agenda_followers"
        " JOIN meetings ON meetings.id = agenda_followers.meeting_id"
        " WHERE agenda_followers.person_id = :person ORDER BY meetings.code",
        person=person_id,
    )
    uploads = await tx.all(
        "SELECT meetings.code AS meeting, meeting_uploads.name, meeting_uploads.sent_at FROM meeting_uploads"
        " JOIN meetings ON meetings.id = meeting_uploads.meeting_id WHERE meeting_uploads.person_id = :person",
        person=person_id,
    )
    check_ins = await tx.all(
        "SELECT meetings.code AS meeting, attendance.checked_in_at FROM attendance"
        " JOIN meetings ON meetings.id = attendance.meeting_id WHERE attendance.operator_id = :person"
        " ORDER BY attendance.checked_in_at, attendance.participant_id",
        person=person_id,
    )
    return Record(
        person=next((_plain(row) for row in persons), None),
        registrations=[_plain(row, "title", "sector_name") for row in registrations],
        submissions=[_plain(row, "attachment", "topic") for row in submissions],
        roles=[_plain(row) for row in roles],
        form=next((_plain(row, "state") for row in forms), None),
        messages=[_plain(row) for row in messages],
        without_reminders=[_plain(row) for row in optouts],
        followed_agendas=[_plain(row) for row in followed],
        uploads=[_plain(row) for row in uploads],
        check_ins=[_plain(row) for row in check_ins],
        actions=[
            {"action": row["action"], "done_at": row["done_at"]}
            for row in await _actions_about(tx, person_id)
        ],
    )


async def erase(tx: Transaction, person_id: int) -> list[Erased]:
    """Forget a person; per meeting, how many registrations and submissions lost them.

    Submissions under the person's name stay as if they had been sent anonymously: without author and without the
    moment, with the day. Registrations go altogether. Records of what the person did as an organiser stay without them.
    """
    counts = await tx.all(
        "SELECT meetings.office_id AS office, meetings.id AS meeting, COUNT(DISTINCT participants.id) AS people,"
        " COUNT(submissions.id) AS texts FROM participants JOIN meetings ON meetings.id = participants.meeting_id"
        " LEFT JOIN submissions ON submissions.participant_id = participants.id"
        " WHERE participants.person_id = :person GROUP BY meetings.office_id, meetings.id ORDER BY meetings.id",
        person=person_id,
    )
    await tx.run(
        "UPDATE submissions SET participant_id = NULL, sent_at = NULL, attachment = NULL"
        " WHERE participant_id IN (SELECT id FROM participants WHERE person_id = :person)",
        person=person_id,
    )
    for row in await _actions_about(tx, person_id):
        detail = from_json(row["detail"])
        if detail.get("subject") == person_id:
            detail["subject"] = None
        await tx.run(
            "UPDATE actions SET detail = :detail, person_id = NULLIF(person_id, :person) WHERE id = :id",
            detail=to_json(detail),
            person=person_id,
            id=row["id"],
        )
    await tx.run(
        "DELETE FROM attendance WHERE participant_id IN (SELECT id FROM participants WHERE person_id = :person)",
        person=person_id,
    )
    await tx.run("UPDATE attendance SET operator_id = NULL WHERE operator_id = :person", person=person_id)
    await tx.run("UPDATE broadcasts SET author_id = NULL WHERE author_id = :person", person=person_id)
    await tx.run(
        "UPDATE broadcasts SET progress_chat_id = NULL, progress_message_id = NULL, progress_locale = NULL,"
        " progress_at = NULL WHERE progress_chat_id = :person",
        person=person_id,
    )
    for table, column in (
        ("participants", "person_id"),
        ("members", "person_id"),
        ("conversations", "person_id"),
        ("deliveries", "chat_id"),
        ("reminder_optouts", "person_id"),
        ("agenda_followers", "person_id"),
        ("meeting_uploads", "person_id"),
        ("moderation_claims", "person_id"),
        ("moderation_pings", "person_id"),
        ("people", "id"),
    ):
        await tx.run(f"DELETE FROM {table} WHERE {column} = :person", person=person_id)  # noqa: S608 - names above
    return [Erased(row["office"], row["meeting"], row["people"], row["texts"]) for row in counts]


async def _actions_about(tx: Transaction, person_id: int) -> list[Row]:
    """Lines of the log that were caused by the person, or that name them as the one it was about."""
    return await tx.all(
        "SELECT id, action, person_id, detail, done_at FROM actions WHERE person_id = :person"
        " OR detail LIKE :subject OR detail LIKE :last ORDER BY done_at, id",
        person=person_id,
        subject=f'%"subject":{person_id},%',
        last=f'%"subject":{person_id}}}%',
    )


def _plain(row: Row, *json_columns: str) -> dict[str, Any]:
    return {
        name: from_json(row[name]) if name in json_columns and row[name] is not None else row[name]
        for name in row.keys()  # noqa: SIM118 - rows of sqlite3 iterate over their values
    }
