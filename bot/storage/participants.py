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
    """The code on the ticket, unique in the installation."""
    state: str
    consented_at: datetime
    registered_at: datetime


def participant(row: Row) -> Participant:
    """A row with every column of ``participants``."""
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
        consented_at=moment(row["consented_at"]),
        registered_at=moment(row["registered_at"]),
    )


async def find(tx: Transaction, participant_id: int) -> Participant | None:
    row = await tx.one("SELECT * FROM participants WHERE id = :id", id=participant_id)
    return None if row is None else participant(row)


async def of_person(tx: Transaction, meeting_id: int, person_id: int) -> Participant | None:
    """The registration of a person for a meeting, withdrawn or not; None when there is none."""
    row = await tx.one(
        "SELECT * FROM participants WHERE meeting_id = :meeting AND person_id = :person",
        meeting=meeting_id,
        person=person_id,
    )
    return None if row is None else participant(row)


async def all_of_person(tx: Transaction, person_id: int) -> list[Participant]:
    """Every registration of a person, the latest first."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE person_id = :person ORDER BY registered_at DESC, id",
        person=person_id,
    )
    return [participant(row) for row in rows]


async def registered(tx: Transaction, meeting_id: int) -> list[Participant]:
    """Those registered for a meeting, by sector and name."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE meeting_id = :meeting AND state = 'registered' ORDER BY sector, name, id",
        meeting=meeting_id,
    )
    return [participant(row) for row in rows]


async def count_by_sector(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """Sector code to number of those registered; sectors without any are left out."""
    rows = await tx.all(
        "SELECT sector, COUNT(*) AS people FROM participants"
        " WHERE meeting_id = :meeting AND state = 'registered' GROUP BY sector",
        meeting=meeting_id,
    )
    return {row["sector"]: row["people"] for row in rows}


async def with_ticket(tx: Transaction, ticket: str) -> Participant | None:
    """Whose ticket this is, in any meeting."""
    row = await tx.one("SELECT * FROM participants WHERE ticket = :ticket", ticket=ticket)
    return None if row is None else participant(row)


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
) -> Participant | None:
    """Add a participant, who consents now; None when the ticket is taken or the person has a row in this meeting."""
    row = await tx.one(
        "INSERT INTO participants (id, meeting_id, person_id, sector, name, institution, position, ticket, state,"
        " consented_at, registered_at) VALUES (:id, :meeting, :person, :sector, :name, :institution, :position,"
        " :ticket, 'registered', :now, :now) ON CONFLICT DO NOTHING RETURNING *",
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
    return None if row is None else participant(row)


async def change(
    tx: Transaction, participant_id: int, *, sector: str, name: str, institution: str, position: str
) -> Participant:
    """Give a participant these details."""
    row = await tx.one(
        "UPDATE participants SET sector = :sector, name = :name, institution = :institution, position = :position"
        " WHERE id = :id RETURNING *",
        id=participant_id,
        sector=sector,
        name=name,
        institution=institution,
        position=position,
    )
    assert row is not None
    return participant(row)


async def return_to(tx: Transaction, participant_id: int, now: datetime) -> None:
    """Register somebody again who withdrew, and who consents again now; the ticket stays theirs."""
    await tx.run(
        "UPDATE participants SET state = 'registered', consented_at = :now, registered_at = :now WHERE id = :id",
        id=participant_id,
        now=millis(now),
    )


async def withdraw(tx: Transaction, participant_id: int) -> None:
    await tx.run("UPDATE participants SET state = 'withdrawn' WHERE id = :id", id=participant_id)
