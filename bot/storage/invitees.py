"""The invited of a meeting: the office's own list, with what became of each invitation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.kept_names import holds, listed
from bot.storage.values import millis, moment, new_id

INVITED, OPENED, REGISTERED, DECLINED, REPRESENTED = (
    "invited",
    "opened",
    "registered",
    "declined",
    "represented",
)
STATES = (INVITED, OPENED, REGISTERED, DECLINED, REPRESENTED)
UNANSWERED = (INVITED, OPENED)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says about somebody; clean texts, empty for what it does not say."""

    sector: str
    name: str
    institution: str
    position: str = ""
    phone: str = ""
    """In international form, ``+62812…``."""
    rank: str = ""
    staff_number: str = ""
    """NIP or NRP."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is invited."""

    id: int
    meeting_id: int
    entry: Entry
    state: str
    reason: str
    """Why they cannot come, in their words; may be empty."""
    person_id: int | None
    """The Telegram account that opened or answered the invitation last."""
    invited_at: datetime
    opened_at: datetime | None
    registered_at: datetime | None
    declined_at: datetime | None
    represented_at: datetime | None

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def since(self) -> datetime:
        """When they came into the state that they are in."""
        moments = {
            OPENED: self.opened_at,
            REGISTERED: self.registered_at,
            DECLINED: self.declined_at,
            REPRESENTED: self.represented_at,
        }
        return moments.get(self.state) or self.invited_at


def _maybe(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def _invitee(row: Row) -> Invitee:
    return Invitee(
        id=row["id"],
        meeting_id=row["meeting_id"],
        entry=Entry(
            row["sector"],
            row["name"],
            row["institution"],
            row["position"],
            row["phone"],
            row["rank"],
            row["staff_number"],
        ),
        state=row["state"],
        reason=row["reason"],
        person_id=row["person_id"],
        invited_at=moment(row["invited_at"]),
        opened_at=_maybe(row["opened_at"]),
        registered_at=_maybe(row["registered_at"]),
        declined_at=_maybe(row["declined_at"]),
        represented_at=_maybe(row["represented_at"]),
    )


async def find(tx: Transaction, invitee_id: int) -> Invitee | None:
    row = await tx.one("SELECT * FROM invitees WHERE id = :id", id=invitee_id)
    return None if row is None else _invitee(row)


async def all_of(tx: Transaction, meeting_id: int) -> list[Invitee]:
    """Everybody who is invited to a meeting, by institution and name."""
    rows = await tx.all(
        "SELECT * FROM invitees WHERE meeting_id = :meeting ORDER BY institution, name, id",
        meeting=meeting_id,
    )
    return [_invitee(row) for row in rows]


async def count_by_state(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """State to number of the invited; states without any are left out."""
    rows = await tx.all(
        "SELECT state, COUNT(*) AS people FROM invitees WHERE meeting_id = :meeting GROUP BY state",
        meeting=meeting_id,
    )
    return {row["state"]: row["people"] for row in rows}


async def page(tx: Transaction, meeting_id: int, state: str | None, skip: int, limit: int) -> list[Invitee]:
    """Those in a state, or (None) all, by institution and name: ``limit`` of them from ``skip`` on."""
    where = "" if state is None else " AND state = :state"
    params: dict[str, Any] = {} if state is None else {"state": state}
    rows = await tx.all(
        f"SELECT * FROM invitees WHERE meeting_id = :meeting{where} ORDER BY institution, name, id"  # noqa: S608 - fixed texts
        " LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
        **params,
    )
    return [_invitee(row) for row in rows]


async def unanswered(tx: Transaction, meeting_id: int) -> list[Invitee]:
    """Those who have neither registered, said no nor sent somebody, by institution and name."""
    rows = await tx.all(
        "SELECT * FROM invitees WHERE meeting_id = :meeting AND state IN ('invited', 'opened')"
        " ORDER BY institution, name, id",
        meeting=meeting_id,
    )
    return [_invitee(row) for row in rows]


async def not_here(tx: Transaction, meeting_id: int) -> list[Invitee]:
    """Those who are to come, themselves or by a representative, and were not checked in; by institution and name."""
    rows = await tx.all(
        "SELECT invitees.* FROM invitees JOIN participants ON participants.invitee_id = invitees.id"
        " AND participants.state = 'registered' LEFT JOIN attendance ON attendance.participant_id = participants.id"
        " WHERE invitees.meeting_id = :meeting AND attendance.participant_id IS NULL"
        " ORDER BY invitees.institution, invitees.name, invitees.id",
        meeting=meeting_id,
    )
    return [_invitee(row) for row in rows]


async def kept_names(
    tx: Transaction, meeting_id: int, fragments: Sequence[Sequence[str]]
) -> list[tuple[int, str]]:
    """Ids and names as they are kept for searching; see :func:`bot.storage.participants.kept_names`."""
    fits, patterns = holds(fragments)
    rows = await tx.all(
        f"SELECT id, search FROM invitees WHERE meeting_id = :meeting AND {fits}",  # noqa: S608 - own names
        meeting=meeting_id,
        **patterns,
    )
    return [(row["id"], row["search"]) for row in rows]


async def find_all(tx: Transaction, ids: Sequence[int]) -> list[Invitee]:
    """These people, in this order; those who are no longer on the list are left out."""
    marks, values = listed(ids)
    rows = await tx.all(f"SELECT * FROM invitees WHERE id IN ({marks})", **values)  # noqa: S608 - own names
    found = {row["id"]: _invitee(row) for row in rows}
    return [found[one] for one in ids if one in found]


async def add(
    tx: Transaction, meeting_id: int, entries: Iterable[tuple[Entry, str]], now: datetime
) -> list[int]:
    """Put people on the list, each with the name for searching; their ids, in this order."""
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "meeting": meeting_id,
            **_columns(entry),
            "search": search,
            "now": millis(now),
        }
        for entry, search in entries
    ]
    await tx.many(
        "INSERT INTO invitees (id, meeting_id, sector, name, institution, position, phone, rank, staff_number, search,"
        " state, reason, invited_at) VALUES (:id, :meeting, :sector, :name, :institution, :position, :phone, :rank,"
        " :staff_number, :search, 'invited', '', :now)",
        rows,
    )
    return [row["id"] for row in rows]


async def change(tx: Transaction, changes: Iterable[tuple[int, Entry, str]]) -> None:
    """Give people on the list, by their ids, these details and names for searching."""
    await tx.many(
        "UPDATE invitees SET sector = :sector, name = :name, institution = :institution, position = :position,"
        " phone = :phone, rank = :rank, staff_number = :staff_number, search = :search WHERE id = :id",
        [{"id": invitee_id, **_columns(entry), "search": search} for invitee_id, entry, search in changes],
    )


def _columns(entry: Entry) -> dict[str, str]:
    return {
        "sector": entry.sector,
        "name": entry.name,
        "institution": entry.institution,
        "position": entry.position,
        "phone": entry.phone,
        "rank": entry.rank,
        "staff_number": entry.staff_number,
    }


async def set_state(
    tx: Transaction,
    invitee_id: int,
    state: str,
    now: datetime,
    *,
    expected: Sequence[str] = STATES,
    person_id: int | None = None,
    reason: str = "",
) -> bool:
    """Bring somebody into a state, whose moment is now; False when they are not in one of ``expected``.

    ``person_id`` is the account that this came from; None leaves the one that is known.
    """
    moments = {OPENED: "opened_at", REGISTERED: "registered_at", DECLINED: "declined_at"}
    column = moments.get(state, "represented_at" if state == REPRESENTED else "invited_at")
    listed = ", ".join(f"'{known}'" for known in STATES if known in expected)
    # Whoever is asked anew has not answered.
    cleared = " registered_at = NULL, declined_at = NULL, represented_at = NULL," if state == OPENED else ""
    touched = await tx.run(
        f"UPDATE invitees SET state = :state, {column} = :now, reason = :reason,{cleared}"  # noqa: S608 - own names
        " person_id = COALESCE(CAST(:person AS BIGINT), person_id)"
        f" WHERE id = :id AND state IN ({listed})",
        id=invitee_id,
        state=state,
        now=millis(now),
        reason=reason,
        person=person_id,
    )
    return touched == 1


async def remove(tx: Transaction, invitee_ids: Iterable[int]) -> None:
    """Take people off the list, with their links and who opened them; participants stay."""
    chosen = [{"id": invitee_id} for invitee_id in invitee_ids]
    theirs = "WHERE invitation_id IN (SELECT id FROM invitations WHERE invitee_id = :id)"
    for statement in (
        f"UPDATE participants SET invitation_id = NULL {theirs}",  # noqa: S608 - own SQL
        "UPDATE participants SET invitee_id = NULL WHERE invitee_id = :id",
        f"DELETE FROM invitation_openings {theirs}",  # noqa: S608 - own SQL
        "DELETE FROM invitations WHERE invitee_id = :id",
        "DELETE FROM invitees WHERE id = :id",
    ):
        await tx.many(statement, chosen)


async def forget_contacts(tx: Transaction, ended_before: datetime) -> int:
    """Empty phone, rank, staff number, reason and account of the invited of old meetings; of how many people."""
    await tx.run(
        "DELETE FROM invitation_openings WHERE invitation_id IN (SELECT id FROM invitations"
        " WHERE meeting_id IN (SELECT id FROM meetings WHERE ends_at < :before))",
        before=millis(ended_before),
    )
    return await tx.run(
        "UPDATE invitees SET phone = '', rank = '', staff_number = '', reason = '', person_id = NULL"
        " WHERE meeting_id IN (SELECT id FROM meetings WHERE ends_at < :before) AND (phone <> '' OR rank <> ''"
        " OR staff_number <> '' OR reason <> '' OR person_id IS NOT NULL)",
        before=millis(ended_before),
    )


async def keep_upload(
    tx: Transaction, person_id: int, meeting_id: int, name: str, content: str, now: datetime
) -> None:
    """Keep a list that an organiser sent, in the place of the one before."""
    await tx.run(
        "INSERT INTO invitee_uploads (person_id, meeting_id, name, content, sent_at)"
        " VALUES (:person, :meeting, :name, :content, :now) ON CONFLICT (person_id) DO UPDATE SET"
        " meeting_id = excluded.meeting_id, name = excluded.name, content = excluded.content,"
        " sent_at = excluded.sent_at",
        person=person_id,
        meeting=meeting_id,
        name=name,
        content=content,
        now=millis(now),
    )


async def find_upload(tx: Transaction, person_id: int, meeting_id: int) -> tuple[str, str, datetime] | None:
    """The file's name, what was kept, and when it was sent; None when nothing waits for this meeting."""
    row = await tx.one(
        "SELECT name, content, sent_at FROM invitee_uploads WHERE person_id = :person AND meeting_id = :meeting",
        person=person_id,
        meeting=meeting_id,
    )
    return None if row is None else (row["name"], row["content"], moment(row["sent_at"]))


async def drop_upload(tx: Transaction, person_id: int) -> None:
    await tx.run("DELETE FROM invitee_uploads WHERE person_id = :person", person=person_id)


async def prune_uploads(tx: Transaction, before: datetime) -> None:
    """Forget lists that nobody went on with since ``before``: they hold people's phone numbers."""
    await tx.run("DELETE FROM invitee_uploads WHERE sent_at < :before", before=millis(before))
