"""Participants: persons registered for a meeting, in one sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.kept_names import holds, listed
from bot.storage.values import from_json, millis, moment, new_id, to_json

REGISTERED, PENDING, WAITING = "registered", "pending", "waiting"
"""Has a seat; has one if the committee approves; stands on the waiting list of the sector."""
WITHDRAWN, REFUSED = "withdrawn", "refused"
STATES = (REGISTERED, PENDING, WAITING, REFUSED, WITHDRAWN)
ACTIVE = (REGISTERED, PENDING, WAITING)
"""The states of those who take part or still hope to."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person registered for a meeting, or who was, or wants to be."""

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
    """When they registered; on the waiting list, from when on they wait."""
    invitation_id: int | None = None
    """The link by which they came; None for the meeting's own link and for who was entered by the committee."""
    invitee_id: int | None = None
    """Whom of the invited they are or represent."""
    represents: str = ""
    """The name of who was invited and is represented; empty for who comes for themselves."""
    assignment_letter: str = ""
    """The number of the letter that sends a representative (surat tugas); may be empty."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the meeting's own questions, by their ids; what was skipped is None or left out."""
    reason: str = ""
    """Why the committee refused; empty in every other state."""

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


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
        invitation_id=row["invitation_id"],
        invitee_id=row["invitee_id"],
        represents=row["represents"],
        assignment_letter=row["assignment_letter"],
        answers=from_json(row["answers"]),
        reason=row["reason"],
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


async def seats_by_sector(tx: Transaction, meeting_id: int) -> dict[str, tuple[int, int]]:
    """Sector code to how many hold a seat, and how many wait for one; sectors without either are left out."""
    # By state first: so the index alone answers, in its own order.
    rows = await tx.all(
        "SELECT state, sector, COUNT(*) AS people FROM participants WHERE meeting_id = :meeting"
        " AND state IN ('registered', 'pending', 'waiting') GROUP BY state, sector",
        meeting=meeting_id,
    )
    counts: dict[str, tuple[int, int]] = {}
    for row in rows:
        held, waiting = counts.get(row["sector"], (0, 0))
        if row["state"] == WAITING:
            waiting += row["people"]
        else:
            held += row["people"]
        counts[row["sector"]] = held, waiting
    return counts


async def count_by_state(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """State to number of participants; states without any are left out."""
    rows = await tx.all(
        "SELECT state, COUNT(*) AS people FROM participants WHERE meeting_id = :meeting GROUP BY state",
        meeting=meeting_id,
    )
    return {row["state"]: row["people"] for row in rows}


async def page(
    tx: Transaction, meeting_id: int, state: str, *, sector: str | None, skip: int, limit: int
) -> tuple[int, list[Participant]]:
    """How many there are in a state, in one sector or (None) in all, and ``limit`` of them from ``skip`` on.

    By sector and name; those who wait for approval or a seat in the order in which they came.
    """
    where = "meeting_id = :meeting AND state = :state"
    params: dict[str, Any] = {"meeting": meeting_id, "state": state}
    if sector is not None:
        where += " AND sector = :sector"
        params["sector"] = sector
    order = "registered_at, id" if state in (PENDING, WAITING) else "sector, name, id"
    total = await tx.value(f"SELECT COUNT(*) FROM participants WHERE {where}", **params)  # noqa: S608 - fixed texts
    rows = await tx.all(
        f"SELECT * FROM participants WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :skip",  # noqa: S608 - as above
        **params,
        limit=limit,
        skip=skip,
    )
    return int(total), [participant(row) for row in rows]


async def everybody(tx: Transaction, meeting_id: int) -> list[Participant]:
    """Everybody of a meeting in whatever state, by sector and name."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE meeting_id = :meeting ORDER BY sector, name, id", meeting=meeting_id
    )
    return [participant(row) for row in rows]


async def kept_names(
    tx: Transaction, meeting_id: int, fragments: Sequence[Sequence[str]], states: Sequence[str] = ACTIVE
) -> list[tuple[int, str]]:
    """Ids and names as they are kept for searching, of those whose name holds one fragment of each of ``fragments``.

    A name is its folded words with a blank before and after each, of which the fragments are parts.
    """
    fits, patterns = holds(fragments)
    rows = await tx.all(
        f"SELECT id, search FROM participants WHERE meeting_id = :meeting AND {_in(states)} AND {fits}",  # noqa: S608
        meeting=meeting_id,
        **patterns,
    )
    return [(row["id"], row["search"]) for row in rows]


async def without_kept_name(
    tx: Transaction, meeting_id: int, states: Sequence[str] = ACTIVE
) -> list[Participant]:
    """Those whom an early version of the program registered, which kept no name for searching."""
    rows = await tx.all(
        f"SELECT * FROM participants WHERE meeting_id = :meeting AND {_in(states)} AND search IS NULL",  # noqa: S608
        meeting=meeting_id,
    )
    return [participant(row) for row in rows]


async def find_all(tx: Transaction, ids: Sequence[int]) -> list[Participant]:
    """These participants, in this order; those who are no longer there are left out."""
    marks, values = listed(ids)
    rows = await tx.all(f"SELECT * FROM participants WHERE id IN ({marks})", **values)  # noqa: S608 - own names
    found = {row["id"]: participant(row) for row in rows}
    return [found[one] for one in ids if one in found]


def _in(states: Sequence[str]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in STATES if state in states))


async def of_invitee(tx: Transaction, invitee_id: int) -> Participant | None:
    """Who sits on, or waits for, the seat of one of the invited; None when nobody does."""
    row = await tx.one(
        "SELECT * FROM participants WHERE invitee_id = :invitee AND state IN ('registered', 'pending', 'waiting')",
        invitee=invitee_id,
    )
    return None if row is None else participant(row)


async def by_invitation(tx: Transaction, invitation_id: int) -> list[Participant]:
    """Who came by a link and takes part or still hopes to, the first first."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE invitation_id = :invitation"
        " AND state IN ('registered', 'pending', 'waiting') ORDER BY registered_at, id",
        invitation=invitation_id,
    )
    return [participant(row) for row in rows]


async def meetings_with_waiting(tx: Transaction) -> list[int]:
    """The ids of meetings that are open or running and for which somebody waits for a seat."""
    rows = await tx.all(
        "SELECT id FROM meetings WHERE state IN ('open', 'running') AND EXISTS (SELECT 1 FROM participants"
        " WHERE participants.meeting_id = meetings.id AND participants.state = 'waiting') ORDER BY id"
    )
    return [row["id"] for row in rows]


async def last_waiting_since(tx: Transaction, meeting_id: int, sector: str) -> datetime | None:
    """From when on the last one waits for a seat of a sector; None when nobody does."""
    since = await tx.value(
        "SELECT MAX(registered_at) FROM participants WHERE meeting_id = :meeting AND state = 'waiting'"
        " AND sector = :sector",
        meeting=meeting_id,
        sector=sector,
    )
    return None if since is None else moment(since)


async def waiting(tx: Transaction, meeting_id: int, sector: str) -> list[Participant]:
    """Those who wait for a seat of a sector, the next one first."""
    rows = await tx.all(
        "SELECT * FROM participants WHERE meeting_id = :meeting AND state = 'waiting' AND sector = :sector"
        " ORDER BY registered_at, id",
        meeting=meeting_id,
        sector=sector,
    )
    return [participant(row) for row in rows]


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
    search: str | None = None,
    state: str = REGISTERED,
    invitation_id: int | None = None,
    invitee_id: int | None = None,
    represents: str = "",
    assignment_letter: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Participant | None:
    """Add a participant, who consents now; None when the ticket is taken or the person has a row in this meeting.

    ``search`` is the name for :func:`kept_names`: folded words, each with a blank before it.
    """
    row = await tx.one(
        "INSERT INTO participants (id, meeting_id, person_id, sector, name, institution, position, ticket, state,"
        " consented_at, registered_at, invitation_id, invitee_id, represents, assignment_letter, answers, search)"
        " VALUES (:id, :meeting, :person, :sector, :name, :institution, :position, :ticket, :state, :now, :now,"
        " :invitation, :invitee, :represents, :letter, :answers, :search) ON CONFLICT DO NOTHING RETURNING *",
        id=new_id(),
        meeting=meeting_id,
        person=person_id,
        sector=sector,
        name=name,
        institution=institution,
        position=position,
        ticket=ticket,
        state=state,
        now=millis(now),
        invitation=invitation_id,
        invitee=invitee_id,
        represents=represents,
        letter=assignment_letter,
        answers=to_json(dict(answers or {})),
        search=search,
    )
    return None if row is None else participant(row)


async def change(
    tx: Transaction,
    participant_id: int,
    *,
    sector: str,
    name: str,
    institution: str,
    position: str,
    search: str,
    assignment_letter: str,
    answers: Mapping[str, Any],
) -> Participant:
    """Give a participant these details."""
    row = await tx.one(
        "UPDATE participants SET sector = :sector, name = :name, institution = :institution, position = :position,"
        " search = :search, assignment_letter = :letter, answers = :answers WHERE id = :id RETURNING *",
        id=participant_id,
        sector=sector,
        name=name,
        institution=institution,
        position=position,
        search=search,
        letter=assignment_letter,
        answers=to_json(dict(answers)),
    )
    assert row is not None
    return participant(row)


async def return_to(
    tx: Transaction,
    participant_id: int,
    now: datetime,
    *,
    state: str,
    invitation_id: int | None,
    invitee_id: int | None,
    represents: str,
) -> None:
    """Let somebody in again who withdrew, and who consents again now; the ticket stays theirs."""
    await tx.run(
        "UPDATE participants SET state = :state, consented_at = :now, registered_at = :now, reason = '',"
        " invitation_id = :invitation, invitee_id = :invitee, represents = :represents WHERE id = :id",
        id=participant_id,
        now=millis(now),
        state=state,
        invitation=invitation_id,
        invitee=invitee_id,
        represents=represents,
    )


async def set_state(
    tx: Transaction, participant_id: int, state: str, *, expected: Sequence[str], reason: str = ""
) -> Participant | None:
    """Bring a participant into a state; None when they are no longer in one of ``expected``."""
    listed = ", ".join(f"'{known}'" for known in STATES if known in expected)
    row = await tx.one(
        f"UPDATE participants SET state = :state, reason = :reason WHERE id = :id AND state IN ({listed})"  # noqa: S608 - own names
        " RETURNING *",
        id=participant_id,
        state=state,
        reason=reason,
    )
    return None if row is None else participant(row)


async def queue_again(tx: Transaction, participant_id: int, now: datetime) -> None:
    """Put somebody at the end of the waiting list."""
    await tx.run(
        "UPDATE participants SET registered_at = :now WHERE id = :id", id=participant_id, now=millis(now)
    )


async def attach(tx: Transaction, participant_id: int, invitee_id: int) -> None:
    """Record whom of the invited a participant is."""
    await tx.run(
        "UPDATE participants SET invitee_id = :invitee WHERE id = :id", id=participant_id, invitee=invitee_id
    )


async def give_account(tx: Transaction, participant_id: int, person_id: int, now: datetime) -> None:
    """Record whose Telegram account a participant has who was entered without one, and who consents now."""
    await tx.run(
        "UPDATE participants SET person_id = :person, consented_at = :now WHERE id = :id AND person_id IS NULL",
        id=participant_id,
        person=person_id,
        now=millis(now),
    )
