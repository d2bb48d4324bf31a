"""Links that lead into a meeting, who opened them, and what an office signs them with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.values import millis, moment, new_id

MEETING, SECTOR, INSTITUTION = "meeting", "sector", "institution"
PERSON, REPRESENTATIVE = "person", "representative"
SHARED = (MEETING, SECTOR, INSTITUTION)
"""Kinds that several people may use; the two others are for one."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link into a meeting."""

    id: int
    meeting_id: int
    kind: str
    sector: str | None
    """Of whom it is for; None for any."""
    institution: str | None
    invitee_id: int | None
    """The invited person whom it is for, or who may be represented by it."""
    quota: int | None
    """How many may register by it; None for no limit."""
    expires_at: datetime | None
    revoked_at: datetime | None
    made_at: datetime


def _invitation(row: Row) -> Invitation:
    return Invitation(
        id=row["id"],
        meeting_id=row["meeting_id"],
        kind=row["kind"],
        sector=row["sector"],
        institution=row["institution"],
        invitee_id=row["invitee_id"],
        quota=row["quota"],
        expires_at=None if row["expires_at"] is None else moment(row["expires_at"]),
        revoked_at=None if row["revoked_at"] is None else moment(row["revoked_at"]),
        made_at=moment(row["made_at"]),
    )


async def key(tx: Transaction, office_id: int, new: str) -> str:
    """What the office signs with; ``new`` from now on when it has nothing yet."""
    await tx.run(
        "INSERT INTO invitation_keys (office_id, secret) VALUES (:office, :secret) ON CONFLICT (office_id) DO NOTHING",
        office=office_id,
        secret=new,
    )
    return await find_key(tx, office_id) or new


async def find_key(tx: Transaction, office_id: int) -> str | None:
    """What the office signs with; None when it has made no link yet."""
    secret: str | None = await tx.value(
        "SELECT secret FROM invitation_keys WHERE office_id = :office", office=office_id
    )
    return secret


async def add(
    tx: Transaction,
    *,
    meeting_id: int,
    kind: str,
    sector: str | None = None,
    institution: str | None = None,
    invitee_id: int | None = None,
    quota: int | None = None,
    expires_at: datetime | None = None,
    now: datetime,
) -> Invitation:
    row = await tx.one(
        "INSERT INTO invitations (id, meeting_id, kind, sector, institution, invitee_id, quota, expires_at, made_at)"
        " VALUES (:id, :meeting, :kind, :sector, :institution, :invitee, :quota, :expires, :now) RETURNING *",
        id=new_id(),
        meeting=meeting_id,
        kind=kind,
        sector=sector,
        institution=institution,
        invitee=invitee_id,
        quota=quota,
        expires=None if expires_at is None else millis(expires_at),
        now=millis(now),
    )
    assert row is not None
    return _invitation(row)


async def add_personal(tx: Transaction, meeting_id: int, invitee_ids: Iterable[int], now: datetime) -> None:
    """Make a link of their own for each of these invited people."""
    await tx.many(
        "INSERT INTO invitations (id, meeting_id, kind, invitee_id, quota, made_at)"
        " VALUES (:id, :meeting, 'person', :invitee, 1, :now)",
        [
            {"id": new_id(), "meeting": meeting_id, "invitee": invitee_id, "now": millis(now)}
            for invitee_id in invitee_ids
        ],
    )


async def find(tx: Transaction, invitation_id: int) -> Invitation | None:
    row = await tx.one("SELECT * FROM invitations WHERE id = :id", id=invitation_id)
    return None if row is None else _invitation(row)


async def shared(
    tx: Transaction, meeting_id: int, skip: int, limit: int
) -> tuple[int, list[tuple[Invitation, int]]]:
    """How many links for several people a meeting has, and ``limit`` of them from ``skip`` on, each with its users.

    Those that can be used come first, then the newest.
    """
    total = await tx.value(
        "SELECT COUNT(*) FROM invitations WHERE meeting_id = :meeting"
        " AND kind IN ('meeting', 'sector', 'institution')",
        meeting=meeting_id,
    )
    rows = await tx.all(
        "SELECT invitations.*, (SELECT COUNT(*) FROM participants WHERE participants.invitation_id = invitations.id"
        " AND participants.state IN ('registered', 'pending', 'waiting')) AS used FROM invitations"
        " WHERE meeting_id = :meeting AND kind IN ('meeting', 'sector', 'institution')"
        " ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, made_at DESC, id LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
    )
    return int(total), [(_invitation(row), row["used"]) for row in rows]


async def of_invitee(tx: Transaction, invitee_id: int, kind: str) -> Invitation | None:
    """The newest link of this kind of one of the invited that was not revoked."""
    row = await tx.one(
        "SELECT * FROM invitations WHERE invitee_id = :invitee AND kind = :kind AND revoked_at IS NULL"
        " ORDER BY made_at DESC, id LIMIT 1",
        invitee=invitee_id,
        kind=kind,
    )
    return None if row is None else _invitation(row)


async def personal(tx: Transaction, meeting_id: int) -> dict[int, int]:
    """The id of the personal link by the id of the invited person, of links that were not revoked."""
    rows = await tx.all(
        "SELECT id, invitee_id FROM invitations WHERE meeting_id = :meeting AND kind = 'person'"
        " AND revoked_at IS NULL ORDER BY made_at, id",
        meeting=meeting_id,
    )
    return {row["invitee_id"]: row["id"] for row in rows}


async def used(tx: Transaction, invitation_id: int) -> int:
    """How many registered by a link and did not withdraw."""
    count = await tx.value(
        "SELECT COUNT(*) FROM participants WHERE invitation_id = :invitation"
        " AND state IN ('registered', 'pending', 'waiting')",
        invitation=invitation_id,
    )
    return int(count)


async def revoke(tx: Transaction, invitation_id: int, now: datetime) -> bool:
    """Make a link worthless; False when it was already."""
    touched = await tx.run(
        "UPDATE invitations SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL",
        id=invitation_id,
        now=millis(now),
    )
    return touched == 1


async def revoke_of_invitee(tx: Transaction, invitee_id: int, kinds: Sequence[str], now: datetime) -> None:
    """Make the links of these kinds of one of the invited worthless."""
    for kind in kinds:
        await tx.run(
            "UPDATE invitations SET revoked_at = :now WHERE invitee_id = :invitee AND kind = :kind"
            " AND revoked_at IS NULL",
            invitee=invitee_id,
            kind=kind,
            now=millis(now),
        )


async def note_opening(tx: Transaction, invitation_id: int, person_id: int, now: datetime) -> None:
    """Record that an account opened a link; the first time stays."""
    await tx.run(
        "INSERT INTO invitation_openings (invitation_id, person_id, opened_at) VALUES (:invitation, :person, :now)"
        " ON CONFLICT (invitation_id, person_id) DO NOTHING",
        invitation=invitation_id,
        person=person_id,
        now=millis(now),
    )


async def was_opened_by(tx: Transaction, invitation_id: int, person_id: int) -> bool:
    found = await tx.value(
        "SELECT 1 FROM invitation_openings WHERE invitation_id = :invitation AND person_id = :person",
        invitation=invitation_id,
        person=person_id,
    )
    return found is not None


async def openings(tx: Transaction, invitation_id: int) -> int:
    """How many accounts opened a link."""
    return int(
        await tx.value(
            "SELECT COUNT(*) FROM invitation_openings WHERE invitation_id = :invitation",
            invitation=invitation_id,
        )
    )


async def last_opened(tx: Transaction, meeting_id: int, person_id: int) -> Invitation | None:
    """The link of a meeting that an account opened last and that was not revoked."""
    row = await tx.one(
        "SELECT invitations.* FROM invitation_openings JOIN invitations"
        " ON invitations.id = invitation_openings.invitation_id WHERE invitation_openings.person_id = :person"
        " AND invitations.meeting_id = :meeting AND invitations.revoked_at IS NULL"
        " ORDER BY invitation_openings.opened_at DESC, invitations.id LIMIT 1",
        person=person_id,
        meeting=meeting_id,
    )
    return None if row is None else _invitation(row)
