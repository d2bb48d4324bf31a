"""Who can be written to about a meeting, with what an audience asks about them; and audiences that are being chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.broadcasts import Recipient
from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, new_id, to_json


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person who can be written to, as the list of participants or of the invited has them."""

    recipient: Recipient
    sector: str
    institution: str
    attended: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An audience that somebody is choosing; one a person."""

    id: int
    person_id: int
    meeting_id: int
    purpose: str
    subject: int
    audience: Mapping[str, Any]
    """As :mod:`bot.domain.notices.audience` reads it, and empty while nobody is meant."""


_STOPPED = (
    " NOT EXISTS (SELECT 1 FROM reminder_optouts AS stopped"
    " WHERE stopped.office_id = CAST(:office AS BIGINT) AND stopped.person_id = people.id)"
    " AND NOT EXISTS (SELECT 1 FROM stopped_topics AS topics WHERE topics.office_id = CAST(:office AS BIGINT)"
    " AND topics.person_id = people.id AND topics.topic = CAST(:topic AS TEXT))"
)


_OPEN = "invitees.state IN ('invited', 'opened')"


async def participants(
    tx: Transaction, meeting_id: int, *, stopping: int | None = None, topic: str = ""
) -> list[Reachable]:
    """The registered who can be written to, in the order in which they registered.

    With ``stopping``, an office, those are left out who stopped its reminders or those of the topic.
    """
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram,"  # noqa: S608
        " participants.sector AS sector, participants.institution AS institution,"
        " CASE WHEN attendance.participant_id IS NULL THEN 0 ELSE 1 END AS attended"
        " FROM participants JOIN people ON people.id = participants.person_id"
        " LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " WHERE participants.meeting_id = :meeting AND participants.state = 'registered'"
        f" AND people.reach = 'reachable' AND {_STOPPED} ORDER BY participants.registered_at, people.id",
        meeting=meeting_id,
        office=stopping,
        topic=topic,
    )
    return [_reachable(row) for row in rows]


async def unanswered(
    tx: Transaction, meeting_id: int, *, stopping: int | None = None, topic: str = ""
) -> list[Reachable]:
    """Those who have not answered, as :func:`bot.domain.people.unanswered.reachable` says."""
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram,"  # noqa: S608
        " asked.sector AS sector, asked.institution AS institution, 0 AS attended FROM ("
        "SELECT person_id, sector, institution, invited_at AS asked_at, 0 AS by_shared_link FROM invitees"
        f" WHERE meeting_id = :meeting AND {_OPEN} UNION ALL"
        " SELECT openings.person_id, COALESCE(invitees.sector, links.sector, ''),"
        " COALESCE(invitees.institution, links.institution, ''), openings.opened_at, 1"
        " FROM invitation_openings AS openings JOIN invitations AS links ON links.id = openings.invitation_id"
        " LEFT JOIN invitees ON invitees.id = links.invitee_id"
        f" WHERE links.meeting_id = :meeting AND links.revoked_at IS NULL AND (invitees.id IS NULL OR {_OPEN})"
        ") AS asked JOIN people ON people.id = asked.person_id WHERE people.reach = 'reachable'"
        " AND NOT EXISTS (SELECT 1 FROM participants WHERE participants.meeting_id = :meeting"
        "  AND participants.person_id = people.id AND (participants.state <> 'withdrawn'"
        # Of the invited themselves the list says whether they withdrew or are asked anew.
        "  OR participants.invitee_id IS NULL OR participants.represents <> ''))"
        " AND NOT EXISTS (SELECT 1 FROM invitees WHERE invitees.meeting_id = :meeting"
        f"  AND invitees.person_id = people.id AND NOT {_OPEN})"
        f" AND {_STOPPED} ORDER BY asked.by_shared_link, asked.asked_at, people.id",
        meeting=meeting_id,
        office=stopping,
        topic=topic,
    )
    found: dict[int, Reachable] = {}
    for row in rows:
        if row["id"] not in found or not found[row["id"]].sector:
            found[row["id"]] = _reachable(row)
    return list(found.values())


async def count_unreached(tx: Transaction, meeting_id: int) -> int:
    """How many of the invited have not answered and have no account that can be written to."""
    found = await tx.value(
        f"SELECT COUNT(*) FROM invitees WHERE meeting_id = :meeting AND {_OPEN} AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM people WHERE people.id = invitees.person_id AND people.reach = 'reachable')",
        meeting=meeting_id,
    )
    return int(found)


async def members(tx: Transaction, office_id: int, role: str) -> list[Recipient]:
    """Those with a role in an office who can be written to."""
    rows = await tx.all(
        "SELECT people.id AS id, people.chosen_locale AS chosen, people.telegram_locale AS telegram"
        " FROM members JOIN people ON people.id = members.person_id"
        " WHERE members.office_id = :office AND members.role = :role AND people.reach = 'reachable'"
        " ORDER BY members.granted_at, people.id",
        office=office_id,
        role=role,
    )
    return [recipient(row) for row in rows]


async def keep_choice(
    tx: Transaction,
    *,
    person_id: int,
    meeting_id: int,
    purpose: str,
    subject: int,
    audience: Mapping[str, Any],
    now: datetime,
) -> Choice:
    """Begin a choice, in the place of any that the person had begun."""
    row = await tx.one(
        "INSERT INTO audience_choices (id, person_id, meeting_id, purpose, subject, audience, changed_at)"
        " VALUES (:id, :person, :meeting, :purpose, :subject, :audience, :now) ON CONFLICT (person_id) DO UPDATE"
        " SET id = excluded.id, meeting_id = excluded.meeting_id, purpose = excluded.purpose,"
        " subject = excluded.subject, audience = excluded.audience, changed_at = excluded.changed_at RETURNING *",
        id=new_id(),
        person=person_id,
        meeting=meeting_id,
        purpose=purpose,
        subject=subject,
        audience=to_json(dict(audience)),
        now=millis(now),
    )
    assert row is not None
    return _choice(row)


async def find_choice(tx: Transaction, choice_id: int) -> Choice | None:
    row = await tx.one("SELECT * FROM audience_choices WHERE id = :id", id=choice_id)
    return None if row is None else _choice(row)


async def change_choice(tx: Transaction, choice_id: int, audience: Mapping[str, Any], now: datetime) -> None:
    await tx.run(
        "UPDATE audience_choices SET audience = :audience, changed_at = :now WHERE id = :id",
        id=choice_id,
        audience=to_json(dict(audience)),
        now=millis(now),
    )


async def end_choice(tx: Transaction, choice_id: int) -> None:
    await tx.run("DELETE FROM audience_choices WHERE id = :id", id=choice_id)


async def prune_choices(tx: Transaction, before: datetime) -> int:
    """Forget choices that nobody went on with since ``before``; how many."""
    return await tx.run("DELETE FROM audience_choices WHERE changed_at < :before", before=millis(before))


def _choice(row: Row) -> Choice:
    return Choice(
        row["id"],
        row["person_id"],
        row["meeting_id"],
        row["purpose"],
        row["subject"],
        from_json(row["audience"]),
    )


def _reachable(row: Row) -> Reachable:
    return Reachable(recipient(row), row["sector"], row["institution"], bool(row["attended"]))


def recipient(row: Row) -> Recipient:
    return Recipient(row["id"], row["chosen"] or row["telegram"] or "id")
