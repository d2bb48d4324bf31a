"""Everything that the tables hold about one person: to show it, and to erase it.

Whoever adds a column that names a person adds it here; ``tests/storage/test_personal.py`` compares with the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.storage import invitees
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
        " meetings.registration_questions AS questions, sectors.name AS sector_name,"
        " attendance.checked_in_at AS checked_in_at,"
        " delegates.institution AS speaks_for, list_numbers.number AS list_number, signatures.ticked_at AS ticked_at"
        " FROM participants JOIN meetings ON meetings.id = participants.meeting_id"
        " LEFT JOIN sectors ON sectors.office_id = meetings.office_id AND sectors.code = participants.sector"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " LEFT JOIN delegates ON delegates.participant_id = participants.id"
        " LEFT JOIN list_numbers ON list_numbers.participant_id = participants.id"
        " LEFT JOIN signatures ON signatures.participant_id = participants.id"
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
    hours = await tx.all(
        "SELECT offices.name AS office, chosen.hour AS hour FROM reminder_hours AS chosen"
        " JOIN offices ON offices.id = chosen.office_id WHERE chosen.person_id = :person ORDER BY offices.name",
        person=person_id,
    )
    topics = await tx.all(
        "SELECT offices.name AS office, stopped.topic AS stopped_topic FROM stopped_topics AS stopped"
        " JOIN offices ON offices.id = stopped.office_id WHERE stopped.person_id = :person"
        " ORDER BY offices.name, stopped.topic",
        person=person_id,
    )
    optouts = await tx.all(
        "SELECT offices.name AS office FROM reminder_optouts JOIN offices ON offices.id = reminder_optouts.office_id"
        " WHERE reminder_optouts.person_id = :person ORDER BY offices.name",
        person=person_id,
    )
    invitations = await tx.all(
        "SELECT meetings.code AS meeting, invitees.sector, invitees.name, invitees.institution, invitees.position,"  # noqa: S608 - own SQL
        " invitees.phone, invitees.rank, invitees.staff_number, invitees.state, invitees.reason, invitees.invited_at,"
        " invitees.opened_at, invitees.registered_at, invitees.declined_at, invitees.represented_at"
        " FROM invitees JOIN meetings ON meetings.id = invitees.meeting_id"
        f" WHERE invitees.id IN ({_OWN_INVITATIONS}) ORDER BY meetings.code, invitees.id",
        person=person_id,
    )
    opened = await tx.all(
        "SELECT meetings.code AS meeting, invitations.kind, invitation_openings.opened_at FROM invitation_openings"
        " JOIN invitations ON invitations.id = invitation_openings.invitation_id"
        " JOIN meetings ON meetings.id = invitations.meeting_id WHERE invitation_openings.person_id = :person"
        " UNION ALL SELECT meetings.code AS meeting, 'list' AS kind, invitee_uploads.sent_at AS opened_at"
        " FROM invitee_uploads JOIN meetings ON meetings.id = invitee_uploads.meeting_id"
        " WHERE invitee_uploads.person_id = :person ORDER BY 3, 1",
        person=person_id,
    )
    followed = await tx.all(
        "SELECT meetings.code AS meeting FROM agenda_followers"
        " JOIN meetings ON meetings.id = agenda_followers.meeting_id"
        " WHERE agenda_followers.person_id = :person ORDER BY meetings.code",
        person=person_id,
    )
    uploads = await tx.all(
        "SELECT offices.name AS office, meeting_uploads.name, meeting_uploads.sent_at FROM meeting_uploads"
        " JOIN offices ON offices.id = meeting_uploads.office_id WHERE meeting_uploads.person_id = :person",
        person=person_id,
    )
    chosen = await tx.all(
        "SELECT meetings.code AS meeting, polls.question, polls.options, poll_answers.chosen FROM poll_answers"
        " JOIN polls ON polls.id = poll_answers.poll_id JOIN meetings ON meetings.id = polls.meeting_id"
        " JOIN participants ON participants.id = poll_answers.participant_id"
        " WHERE participants.person_id = :person ORDER BY polls.meeting_id, polls.number",
        person=person_id,
    )
    judged = await tx.all(
        "SELECT meetings.code AS meeting, statements.text, statement_answers.round, statement_answers.answer"
        " FROM statement_answers JOIN statements ON statements.id = statement_answers.statement_id"
        " JOIN meetings ON meetings.id = statements.meeting_id"
        " JOIN participants ON participants.id = statement_answers.participant_id"
        " WHERE participants.person_id = :person ORDER BY statements.meeting_id, statements.position, round DESC",
        person=person_id,
    )
    check_ins = await tx.all(
        "SELECT meetings.code AS meeting, attendance.checked_in_at FROM attendance"
        " JOIN meetings ON meetings.id = attendance.meeting_id WHERE attendance.operator_id = :person"
        " ORDER BY attendance.checked_in_at, attendance.participant_id",
        person=person_id,
    )
    ticks = await tx.all(
        "SELECT meetings.code AS meeting, signatures.ticked_at FROM signatures"
        " JOIN meetings ON meetings.id = signatures.meeting_id WHERE signatures.operator_id = :person"
        " ORDER BY signatures.ticked_at, signatures.participant_id",
        person=person_id,
    )
    speaks = await tx.all(
        "SELECT meetings.code AS meeting, speaker_links.speaker FROM speaker_links"
        " JOIN meetings ON meetings.id = speaker_links.meeting_id WHERE speaker_links.person_id = :person"
        " ORDER BY meetings.code, speaker_links.speaker",
        person=person_id,
    )
    wrong_codes = await tx.all(
        "SELECT tries, since_at FROM hall_tries WHERE person_id = :person", person=person_id
    )
    notices = await tx.all(
        "SELECT meetings.code AS meeting, broadcasts.kind, receipts.noted_at, receipts.answer FROM receipts"
        " JOIN broadcasts ON broadcasts.id = receipts.broadcast_id JOIN meetings ON meetings.id = broadcasts.meeting_id"
        " WHERE receipts.person_id = :person ORDER BY receipts.noted_at, broadcasts.id",
        person=person_id,
    )
    questions = await tx.all(
        "SELECT offices.name AS office, office_questions.text, office_questions.asked_at, office_questions.state,"
        " office_questions.answer FROM office_questions JOIN offices ON offices.id = office_questions.office_id"
        " WHERE office_questions.person_id = :person ORDER BY office_questions.asked_at, office_questions.id",
        person=person_id,
    )
    return Record(
        person=next((_plain(row) for row in persons), None),
        registrations=[
            {
                key: value
                for key, value in _plain(row, "title", "sector_name", "answers", "questions").items()
                if key != "search"
            }
            for row in registrations
        ],
        submissions=[_plain(row, "attachment", "topic") for row in submissions],
        roles=[_plain(row) for row in roles],
        form=next((_plain(row, "state") for row in forms), None),
        messages=[_plain(row) for row in messages],
        without_reminders=[_plain(row) for row in optouts],
        reminder_choices=[_plain(row) for row in (*hours, *topics)],
        invitations=[_plain(row) for row in invitations],
        opened_links=[_plain(row) for row in opened],
        followed_agendas=[_plain(row) for row in followed],
        uploads=[_plain(row) for row in uploads],
        answers=[
            *(_plain(row, "options", "chosen") for row in chosen),
            *(_plain(row, "text") for row in judged),
        ],
        notices=[_plain(row) for row in notices],
        questions=[_plain(row) for row in questions],
        check_ins=[_plain(row) for row in check_ins],
        ticks=[_plain(row) for row in ticks],
        wrong_codes=[_plain(row) for row in wrong_codes],
        speaks=[_plain(row) for row in speaks],
        actions=[
            {"action": row["action"], "done_at": row["done_at"]}
            for row in await _actions_about(tx, person_id)
        ],
    )


async def erase(tx: Transaction, person_id: int) -> list[Erased]:
    """Forget a person; per meeting, how many registrations and submissions lost them.

    Submissions under the person's name stay as if they had been sent anonymously: without author and without the
    moment, with the day. Registrations go altogether, and with them the person's line on a list of the invited.
    Records of what the person did as an organiser stay without them.
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
    await _erase_invitations(tx, person_id)
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
    for table in (
        "attendance",
        "signatures",
        "list_numbers",
        "delegates",
        "poll_answers",
        "statement_answers",
    ):
        await tx.run(
            f"DELETE FROM {table} WHERE participant_id IN"  # noqa: S608 - names above
            " (SELECT id FROM participants WHERE person_id = :person)",
            person=person_id,
        )
    await tx.run("UPDATE attendance SET operator_id = NULL WHERE operator_id = :person", person=person_id)
    for table, column in (
        ("signatures", "operator_id"),
        ("broadcasts", "author_id"),
        ("reminders", "author_id"),
        ("rule_versions", "author_id"),
        ("calendars", "person_id"),
        ("approvals", "asked_by"),
        ("approvals", "decided_by"),
    ):
        await tx.run(
            f"UPDATE {table} SET {column} = NULL WHERE {column} = :person",  # noqa: S608 - names above
            person=person_id,
        )
    await tx.run(
        "UPDATE broadcasts SET progress_chat_id = NULL, progress_message_id = NULL, progress_locale = NULL,"
        " progress_at = NULL WHERE progress_chat_id = :person",
        person=person_id,
    )
    await tx.run(
        "UPDATE office_questions SET person_id = NULL, chat_id = NULL, thread_id = NULL, message_id = NULL, text = '',"
        " answer = NULL, state = CASE WHEN state = 'open' THEN 'closed' ELSE state END WHERE person_id = :person",
        person=person_id,
    )
    await tx.run(
        "UPDATE office_questions SET assigned_to = NULLIF(assigned_to, :person),"
        " decided_by = NULLIF(decided_by, :person) WHERE assigned_to = :person OR decided_by = :person",
        person=person_id,
    )
    for table, column in (
        ("participants", "person_id"),
        ("members", "person_id"),
        ("hall_tries", "person_id"),
        ("conversations", "person_id"),
        ("deliveries", "chat_id"),
        ("receipts", "person_id"),
        ("invitation_openings", "person_id"),
        ("invitee_uploads", "person_id"),
        ("reminder_optouts", "person_id"),
        ("reminder_hours", "person_id"),
        ("stopped_topics", "person_id"),
        ("audience_choices", "person_id"),
        ("deferred_deliveries", "chat_id"),
        ("agenda_followers", "person_id"),
        ("meeting_uploads", "person_id"),
        ("moderation_claims", "person_id"),
        ("moderation_pings", "person_id"),
        ("speaker_links", "person_id"),
        ("people", "id"),
    ):
        await tx.run(f"DELETE FROM {table} WHERE {column} = :person", person=person_id)  # noqa: S608 - names above
    return [Erased(row["office"], row["meeting"], row["people"], row["texts"]) for row in counts]


_OWN_INVITATIONS = (
    "SELECT invitee_id AS id FROM participants WHERE person_id = :person AND represents = '' AND invitee_id IS NOT NULL"
    " UNION SELECT id FROM invitees WHERE person_id = :person AND state IN ('declined', 'represented')"
)
"""Whom of the invited a person is: they registered, said no or sent somebody. Who only opened a link may hold"
" another's."""


async def _erase_invitations(tx: Transaction, person_id: int) -> None:
    """Take the person off lists of the invited; whom they represent is as if nobody had come yet."""
    own = [row["id"] for row in await tx.all(_OWN_INVITATIONS, person=person_id)]
    await tx.many(
        "UPDATE participants SET represents = '' WHERE invitee_id = :id", [{"id": invitee} for invitee in own]
    )
    await invitees.remove(tx, own)
    await tx.run(
        "UPDATE invitees SET state = 'opened', represented_at = NULL WHERE state = 'represented' AND id IN"
        " (SELECT invitee_id FROM participants WHERE person_id = :person)",
        person=person_id,
    )
    await tx.run("UPDATE invitees SET person_id = NULL WHERE person_id = :person", person=person_id)


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
