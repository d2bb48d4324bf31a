"""Forgetting one person in every table that may name them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage import invitees
from bot.storage.database import Transaction
from bot.storage.personal import OWN_INVITATIONS, actions_about
from bot.storage.values import from_json, to_json


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a meeting's data lost its person."""

    office_id: int
    meeting_id: int
    registrations: int
    submissions: int


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
    for row in await actions_about(tx, person_id):
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


async def _erase_invitations(tx: Transaction, person_id: int) -> None:
    """Take the person off lists of the invited; whom they represent is as if nobody had come yet."""
    own = [row["id"] for row in await tx.all(OWN_INVITATIONS, person=person_id)]
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
