"""Participants: persons registered for a meeting, in one sector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id

REGISTERED, WITHDRAWN = "registered", "withdrawn"


@dataclass(frozen=True, slots=True)
class Participant:
    """A person registered for a meeting."""

    id: int
    meeting_id: int
    person_id: int | None
    """The Telegram account; None for somebody registered without one or whose account was erased."""
    sector: str
    name: str
    institution: str
    position: str
    ticket: str
    """The code on the ticket, unique in the meeting."""
    state: str
    registered_at: datetime


def _participant(row: Row) -> Participant:
    return Participant(
        id=row["id"],
        meeting_id=row["meeting_id"],
        person_id=row["person_id"],
        sector=row["sector"],
        name=row["name"],
        institution=row["institution"],
        position=row["position"],
        ticket=row["ticket"],
        state=row["state"],
        registered_at=moment(row["registered_at"]),
    )


async def find(tx: Transaction, participant_id: int) -> Participant | None:
    row = await tx.one("SELECT * FROM participants WHERE id = :id", id=participant_id)
    return None if row is None else _participant(row)


async def of_person(tx: Transaction, meeting_id: int, person_id: int) -> Participant | None:
    """The registration of a person for a meeting, withdrawn or not; None when there is none."""
    row = await tx.one(
        "SELECT * FROM participants WHERE meeting_id = :meeting AND person_id = :person",
        meeting=meeting_id,
        person=person_id,
    )
    return None if row is None else _participant(row)


async def all_of_person(tx: Transaction, person_id: int) -> list[Participant]:
    """Every registration of a person, the latest first."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE person_id = :person ORDER BY registered_at DESC, id",
        person=person_id,
    )
    return [_participant(row) for row in rows]


async def registered(tx: Transaction, meeting_id: int) -> list[Participant]:
    """Those registered for a meeting, by sector and name."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE meeting_id = :meeting AND state = 'registered' ORDER BY sector, name, id",
        meeting=meeting_id,
    )
    return [_participant(row) for row in rows]


async def count_by_sector(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """Sector code to number of those registered; sectors without any are left out."""
    rows = await tx.all(
        "SELECT sector, COUNT(*) AS people FROM participants"
        " WHERE meeting_id = :meeting AND state = 'registered' GROUP BY sector",
        meeting=meeting_id,
    )
    return {row["sector"]: row["people"] for row in rows}


async def add(
    tx: Transaction,
    *,
    meeting_id: int,
    person_id: int | None,
    sector: str,
    name: str,
    institution: str,
    position: str,
    ticket: str,
    now: datetime,
) -> Participant:
    """Register a person, or register them again after they withdrew (with a new ticket).

    Raises:
        Conflict: the ticket is taken.
    """
    row = await tx.one(
        "INSERT INTO participants (id, meeting_id, person_id, sector, name, institution, position, ticket, state,"
        " consented_at, registered_at) VALUES (:id, :meeting, :person, :sector, :name, :institution, :position,"
        " :ticket, 'registered', :now, :now) ON CONFLICT (meeting_id, person_id) DO UPDATE SET"
        " sector = excluded.sector, name = excluded.name, institution = excluded.institution,"
        " position = excluded.position, ticket = excluded.ticket, state = excluded.state,"
        " consented_at = excluded.consented_at, registered_at = excluded.registered_at RETURNING *",
        id=new_id(),
        meeting=meeting_id,
        person=person_id,
        sector=sector,
        name=name,
        institution=institution,
        position=position,
        ticket=ticket,
        now=millis(now),
    )
    assert row is not None
    return _participant(row)


async def ticket_taken(tx: Transaction, meeting_id: int, ticket: str) -> bool:
    return (
        await tx.one(
            "SELECT 1 AS taken FROM participants WHERE meeting_id = :meeting AND ticket = :ticket",
            meeting=meeting_id,
            ticket=ticket,
        )
        is not None
    )


async def withdraw(tx: Transaction, participant_id: int) -> None:
    await tx.run("UPDATE participants SET state = 'withdrawn' WHERE id = :id", id=participant_id)
