"""Everything that the tables hold about one person, to show it.

Whoever adds a column that names a person adds it here and to :mod:`bot.storage.personal_erasure`;
``tests/storage/test_personal.py`` compares with the schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json


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
    reminder_choices: list[dict[str, Any]]
    """The hour from which on the person wants an office's reminders, and the topics that they stopped."""
    invitations: list[dict[str, Any]]
    """What offices' lists of the invited say about the person, as far as they answered by their own link."""
    opened_links: list[dict[str, Any]]
    """When the person opened which kind of invitation link, and when they sent a list of invited people."""
    followed_agendas: list[dict[str, Any]]
    """The meetings whose changes of the agenda the person wants to be told."""
    uploads: list[dict[str, Any]]
    """The meeting file that the person sent and that waits for their tap."""
    answers: list[dict[str, Any]]
    """What the person chose in polls, and answered in understanding checks."""
    notices: list[dict[str, Any]]
    """Which notices the person noted when, and what they answered to a notice's question."""
    questions: list[dict[str, Any]]
    """What the person asked offices, and what they were answered."""
    check_ins: list[dict[str, Any]]
    """When the person checked others in, and at which meeting."""
    ticks: list[dict[str, Any]]
    """When the person ticked that others signed the printed list."""
    wrong_codes: list[dict[str, Any]]
    """How many wrong codes of a hall the person sent of late."""
    speaks: list[dict[str, Any]]
    """The meetings where the person answers as a speaker, and under which name of the agenda."""
    actions: list[dict[str, Any]]
    """What the person did for an office, and what was done about them."""


class _Query(NamedTuple):
    sql: str
    json_columns: Sequence[str] = ()


OWN_INVITATIONS = (
    "SELECT invitee_id AS id FROM participants WHERE person_id = :person AND represents = '' AND invitee_id IS NOT NULL"
    " UNION SELECT id FROM invitees WHERE person_id = :person AND state IN ('declined', 'represented')"
)
"""Whom of the invited a person is: they registered, said no or sent somebody. Who only opened a link may hold
another's."""


_LISTS: Mapping[str, Sequence[_Query]] = {
    "registrations": (
        _Query(
            "SELECT participants.*, meetings.code AS meeting, meetings.title AS title, meetings.timezone AS timezone,"
            " meetings.registration_questions AS questions, sectors.name AS sector_name,"
            " attendance.checked_in_at AS checked_in_at,"
            " delegates.institution AS speaks_for, list_numbers.number AS list_number,"
            " signatures.ticked_at AS ticked_at"
            " FROM participants JOIN meetings ON meetings.id = participants.meeting_id"
            " LEFT JOIN sectors ON sectors.office_id = meetings.office_id AND sectors.code = participants.sector"
            " LEFT JOIN attendance ON attendance.participant_id = participants.id"
            " LEFT JOIN delegates ON delegates.participant_id = participants.id"
            " LEFT JOIN list_numbers ON list_numbers.participant_id = participants.id"
            " LEFT JOIN signatures ON signatures.participant_id = participants.id"
            " WHERE participants.person_id = :person ORDER BY participants.registered_at, participants.id",
            ("title", "sector_name", "answers", "questions"),
        ),
    ),
    "submissions": (
        _Query(
            "SELECT submissions.id, submissions.kind, submissions.text, submissions.attachment, submissions.sent_at,"
            " submissions.state, submissions.number, sessions.topic AS topic, meetings.code AS meeting,"
            " meetings.timezone AS timezone FROM submissions JOIN sessions ON sessions.id = submissions.session_id"
            " JOIN meetings ON meetings.id = submissions.meeting_id"
            " JOIN participants ON participants.id = submissions.participant_id"
            " WHERE participants.person_id = :person ORDER BY submissions.sent_at, submissions.id",
            ("attachment", "topic"),
        ),
    ),
    "roles": (
        _Query(
            "SELECT members.role, members.granted_at, offices.name AS office FROM members"
            " JOIN offices ON offices.id = members.office_id WHERE members.person_id = :person ORDER BY offices.name",
        ),
    ),
    "messages": (
        _Query(
            "SELECT broadcasts.kind, broadcasts.created_at, deliveries.state, meetings.code AS meeting FROM deliveries"
            " JOIN broadcasts ON broadcasts.id = deliveries.broadcast_id"
            " JOIN meetings ON meetings.id = broadcasts.meeting_id WHERE deliveries.chat_id = :person"
            " ORDER BY broadcasts.created_at, broadcasts.id",
        ),
    ),
    "without_reminders": (
        _Query(
            "SELECT offices.name AS office FROM reminder_optouts"
            " JOIN offices ON offices.id = reminder_optouts.office_id"
            " WHERE reminder_optouts.person_id = :person ORDER BY offices.name",
        ),
    ),
    "reminder_choices": (
        _Query(
            "SELECT offices.name AS office, chosen.hour AS hour FROM reminder_hours AS chosen"
            " JOIN offices ON offices.id = chosen.office_id WHERE chosen.person_id = :person ORDER BY offices.name",
        ),
        _Query(
            "SELECT offices.name AS office, stopped.topic AS stopped_topic FROM stopped_topics AS stopped"
            " JOIN offices ON offices.id = stopped.office_id WHERE stopped.person_id = :person"
            " ORDER BY offices.name, stopped.topic",
        ),
    ),
    "invitations": (
        _Query(
            "SELECT meetings.code AS meeting, invitees.sector, invitees.name, invitees.institution, invitees.position,"  # noqa: S608 - own SQL
            " invitees.phone, invitees.rank, invitees.staff_number, invitees.state, invitees.reason,"
            " invitees.invited_at, invitees.opened_at, invitees.registered_at, invitees.declined_at,"
            " invitees.represented_at"
            " FROM invitees JOIN meetings ON meetings.id = invitees.meeting_id"
            f" WHERE invitees.id IN ({OWN_INVITATIONS}) ORDER BY meetings.code, invitees.id",
        ),
    ),
    "opened_links": (
        _Query(
            "SELECT meetings.code AS meeting, invitations.kind, invitation_openings.opened_at FROM invitation_openings"
            " JOIN invitations ON invitations.id = invitation_openings.invitation_id"
            " JOIN meetings ON meetings.id = invitations.meeting_id WHERE invitation_openings.person_id = :person"
            " UNION ALL SELECT meetings.code AS meeting, 'list' AS kind, invitee_uploads.sent_at AS opened_at"
            " FROM invitee_uploads JOIN meetings ON meetings.id = invitee_uploads.meeting_id"
            " WHERE invitee_uploads.person_id = :person ORDER BY 3, 1",
        ),
    ),
    "followed_agendas": (
        _Query(
            "SELECT meetings.code AS meeting FROM agenda_followers"
            " JOIN meetings ON meetings.id = agenda_followers.meeting_id"
            " WHERE agenda_followers.person_id = :person ORDER BY meetings.code",
        ),
    ),
    "uploads": (
        _Query(
            "SELECT offices.name AS office, meeting_uploads.name, meeting_uploads.sent_at FROM meeting_uploads"
            " JOIN offices ON offices.id = meeting_uploads.office_id WHERE meeting_uploads.person_id = :person",
        ),
    ),
    "answers": (
        _Query(
            "SELECT meetings.code AS meeting, polls.question, polls.options, poll_answers.chosen FROM poll_answers"
            " JOIN polls ON polls.id = poll_answers.poll_id JOIN meetings ON meetings.id = polls.meeting_id"
            " JOIN participants ON participants.id = poll_answers.participant_id"
            " WHERE participants.person_id = :person ORDER BY polls.meeting_id, polls.number",
            ("options", "chosen"),
        ),
        _Query(
            "SELECT meetings.code AS meeting, statements.text, statement_answers.round, statement_answers.answer"
            " FROM statement_answers JOIN statements ON statements.id = statement_answers.statement_id"
            " JOIN meetings ON meetings.id = statements.meeting_id"
            " JOIN participants ON participants.id = statement_answers.participant_id"
            " WHERE participants.person_id = :person ORDER BY statements.meeting_id, statements.position, round DESC",
            ("text",),
        ),
    ),
    "notices": (
        _Query(
            "SELECT meetings.code AS meeting, broadcasts.kind, receipts.noted_at, receipts.answer FROM receipts"
            " JOIN broadcasts ON broadcasts.id = receipts.broadcast_id"
            " JOIN meetings ON meetings.id = broadcasts.meeting_id"
            " WHERE receipts.person_id = :person ORDER BY receipts.noted_at, broadcasts.id",
        ),
    ),
    "questions": (
        _Query(
            "SELECT offices.name AS office, office_questions.text, office_questions.asked_at, office_questions.state,"
            " office_questions.answer FROM office_questions JOIN offices ON offices.id = office_questions.office_id"
            " WHERE office_questions.person_id = :person ORDER BY office_questions.asked_at, office_questions.id",
        ),
    ),
    "check_ins": (
        _Query(
            "SELECT meetings.code AS meeting, attendance.checked_in_at FROM attendance"
            " JOIN meetings ON meetings.id = attendance.meeting_id WHERE attendance.operator_id = :person"
            " ORDER BY attendance.checked_in_at, attendance.participant_id",
        ),
    ),
    "ticks": (
        _Query(
            "SELECT meetings.code AS meeting, signatures.ticked_at FROM signatures"
            " JOIN meetings ON meetings.id = signatures.meeting_id WHERE signatures.operator_id = :person"
            " ORDER BY signatures.ticked_at, signatures.participant_id",
        ),
    ),
    "wrong_codes": (
        _Query(
            "SELECT tries, since_at FROM hall_tries WHERE person_id = :person",
        ),
    ),
    "speaks": (
        _Query(
            "SELECT meetings.code AS meeting, speaker_links.speaker FROM speaker_links"
            " JOIN meetings ON meetings.id = speaker_links.meeting_id WHERE speaker_links.person_id = :person"
            " ORDER BY meetings.code, speaker_links.speaker",
        ),
    ),
}
"""By field of :class:`Record`; ``:person`` is whom it is about."""


async def record(tx: Transaction, person_id: int) -> Record:
    """All that is held about a person."""
    persons = await tx.all("SELECT * FROM people WHERE id = :person", person=person_id)
    forms = await tx.all(
        "SELECT form, state, updated_at FROM conversations WHERE person_id = :person", person=person_id
    )
    lists = {
        name: [
            _plain(row, *query.json_columns)
            for query in queries
            for row in await tx.all(query.sql, person=person_id)
        ]
        for name, queries in _LISTS.items()
    }
    actions = await actions_about(tx, person_id)
    return Record(
        person=next((_plain(row) for row in persons), None),
        form=next((_plain(row, "state") for row in forms), None),
        actions=[{"action": row["action"], "done_at": row["done_at"]} for row in actions],
        **lists,
    )


async def actions_about(tx: Transaction, person_id: int) -> list[Row]:
    """Lines of the log that were caused by the person, or that name them as the one it was about."""
    return await tx.all(
        "SELECT id, action, person_id, detail, done_at FROM actions WHERE person_id = :person"
        " OR detail LIKE :subject OR detail LIKE :last ORDER BY done_at, id",
        person=person_id,
        subject=f'%"subject":{person_id},%',
        last=f'%"subject":{person_id}}}%',
    )


def _plain(row: Row, *json_columns: str) -> dict[str, Any]:
    """A row as it is shown: without what only the search of names needs."""
    return {
        name: from_json(row[name]) if name in json_columns and row[name] is not None else row[name]
        for name in row.keys()  # noqa: SIM118 - rows of sqlite3 iterate over their values
        if name != "search"
    }
