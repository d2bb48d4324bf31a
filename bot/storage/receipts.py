"""Who noted that they have read and understood a notice, and what every chat of it was told when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, to_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """A reader's own word that a notice was read and understood."""

    version: int
    """Of the notice's text."""
    noted_at: datetime
    answer: int | None
    """Index of the option that the reader chose first; None without a question or an answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """One chat of a notice: who reads there as the meeting's list has it, and what became of the notice."""

    chat_id: int
    sector: str | None
    """None for a group, and for somebody who is not on the meeting's list any more."""
    institution: str
    name: str
    """The delegate's, or the group's title; empty when nobody is known."""
    position: str
    state: str
    version: int | None
    sent_at: datetime | None
    error: str | None
    noted_at: datetime | None
    noted_version: int | None
    answer: int | None


def _receipt(row: Row) -> Receipt:
    return Receipt(row["version"], moment(row["noted_at"]), row["answer"])


async def find(tx: Transaction, broadcast_id: int, person_id: int) -> Receipt | None:
    row = await tx.one(
        "SELECT version, noted_at, answer FROM receipts WHERE broadcast_id = :id AND person_id = :person",
        id=broadcast_id,
        person=person_id,
    )
    return None if row is None else _receipt(row)


async def note(tx: Transaction, broadcast_id: int, person_id: int, version: int, now: datetime) -> bool:
    """Keep that this version was noted; False when it (or a later one) was before."""
    changed = await tx.run(
        "INSERT INTO receipts (broadcast_id, person_id, version, noted_at)"
        " VALUES (:id, :person, :version, :now) ON CONFLICT (broadcast_id, person_id)"
        " DO UPDATE SET version = excluded.version, noted_at = excluded.noted_at"
        " WHERE receipts.version < excluded.version",
        id=broadcast_id,
        person=person_id,
        version=version,
        now=millis(now),
    )
    return changed > 0


async def answer(tx: Transaction, broadcast_id: int, person_id: int, option: int) -> bool:
    """Keep what the reader chose; False when they chose before, or noted nothing."""
    changed = await tx.run(
        "UPDATE receipts SET answer = :option"
        " WHERE broadcast_id = :id AND person_id = :person AND answer IS NULL",
        id=broadcast_id,
        person=person_id,
        option=option,
    )
    return changed > 0


async def delivered(tx: Transaction, broadcast_id: int, chat_id: int) -> str | None:
    """The state of a broadcast's delivery to a chat; None when it has none."""
    found = await tx.value(
        "SELECT state FROM deliveries WHERE broadcast_id = :id AND chat_id = :chat",
        id=broadcast_id,
        chat=chat_id,
    )
    return None if found is None else str(found)


async def told(tx: Transaction, broadcast_id: int) -> list[Told]:
    """Every chat of a broadcast, by sector (in the office's order), institution and name; groups last."""
    rows = await tx.all(
        "SELECT deliveries.chat_id, participants.sector, participants.institution, participants.name,"
        " participants.position, groups.title AS title, deliveries.state, deliveries.version, deliveries.sent_at,"
        " deliveries.error, receipts.noted_at, receipts.version AS noted_version, receipts.answer"
        " FROM deliveries JOIN broadcasts ON broadcasts.id = deliveries.broadcast_id"
        " LEFT JOIN participants ON participants.meeting_id = broadcasts.meeting_id"
        " AND participants.person_id = deliveries.chat_id AND participants.state = 'registered'"
        " LEFT JOIN sectors ON sectors.office_id = broadcasts.office_id AND sectors.code = participants.sector"
        " LEFT JOIN groups ON groups.chat_id = deliveries.chat_id"
        " LEFT JOIN receipts ON receipts.broadcast_id = deliveries.broadcast_id"
        " AND receipts.person_id = deliveries.chat_id WHERE deliveries.broadcast_id = :id"
        " ORDER BY CASE WHEN participants.sector IS NULL THEN 1 ELSE 0 END, COALESCE(sectors.position, 999),"
        " participants.sector, participants.institution, participants.name, groups.title, deliveries.chat_id",
        id=broadcast_id,
    )
    return [_told(row) for row in rows]


def _told(row: Row) -> Told:
    return Told(
        chat_id=row["chat_id"],
        sector=row["sector"],
        institution=row["institution"] or "",
        name=row["name"] or row["title"] or "",
        position=row["position"] or "",
        state=row["state"],
        version=row["version"],
        sent_at=None if row["sent_at"] is None else moment(row["sent_at"]),
        error=row["error"],
        noted_at=None if row["noted_at"] is None else moment(row["noted_at"]),
        noted_version=row["noted_version"],
        answer=row["answer"],
    )


async def quiz_of_rule(tx: Transaction, office_id: int, rule_id: str) -> dict[str, object] | None:
    """The question that an office asks with the reminders of a rule."""
    found = await tx.value(
        "SELECT quiz FROM rule_quizzes WHERE office_id = :office AND rule_id = :rule",
        office=office_id,
        rule=rule_id,
    )
    return None if found is None else dict(from_json(found))


async def set_quiz_of_rule(
    tx: Transaction, office_id: int, rule_id: str, quiz: dict[str, object] | None
) -> None:
    """Ask this with the reminders of a rule from now on; None for nothing."""
    await tx.run(
        "DELETE FROM rule_quizzes WHERE office_id = :office AND rule_id = :rule",
        office=office_id,
        rule=rule_id,
    )
    if quiz is not None:
        await tx.run(
            "INSERT INTO rule_quizzes (office_id, rule_id, quiz) VALUES (:office, :rule, :quiz)",
            office=office_id,
            rule=rule_id,
            quiz=to_json(quiz),
        )
