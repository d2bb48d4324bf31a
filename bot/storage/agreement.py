"""How the stances of a meeting are shown: which sectors as one, from how many people on, and who speaks for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.storage.database import Transaction

SMALLEST = 3
"""Personal stances of fewer people than these are not shown, unless the office asks for more people still."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a meeting's organisers set about its results."""

    smallest: int = SMALLEST
    """How many people of a sector must have taken a stance on a submission before it is shown."""
    shown: bool = False
    """Whether participants may see the results now."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """A participant who speaks for their institution."""

    participant_id: int
    institution: str


async def settings(tx: Transaction, meeting_id: int) -> Settings:
    row = await tx.one("SELECT * FROM agreement_settings WHERE meeting_id = :meeting", meeting=meeting_id)
    return Settings() if row is None else Settings(row["smallest"], bool(row["shown"]))


async def save_settings(tx: Transaction, meeting_id: int, wanted: Settings) -> None:
    await tx.run(
        "INSERT INTO agreement_settings (meeting_id, smallest, shown) VALUES (:meeting, :smallest, :shown)"
        " ON CONFLICT (meeting_id) DO UPDATE SET smallest = excluded.smallest, shown = excluded.shown",
        meeting=meeting_id,
        smallest=wanted.smallest,
        shown=int(wanted.shown),
    )


async def merged(tx: Transaction, meeting_id: int) -> dict[str, str]:
    """Sector to the leader of the sectors that it is shown with; those that stand alone are left out."""
    rows = await tx.all(
        "SELECT sector, leader FROM merged_sectors WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["sector"]: row["leader"] for row in rows}


async def save_merged(tx: Transaction, meeting_id: int, leaders: Mapping[str, str]) -> None:
    """Put these in the place of what :func:`merged` tells."""
    await tx.run("DELETE FROM merged_sectors WHERE meeting_id = :meeting", meeting=meeting_id)
    await tx.many(
        "INSERT INTO merged_sectors (meeting_id, sector, leader) VALUES (:meeting, :sector, :leader)",
        [{"meeting": meeting_id, "sector": sector, "leader": leader} for sector, leader in leaders.items()],
    )


async def delegates(tx: Transaction, meeting_id: int) -> list[Delegate]:
    """Those who speak for their institution and are registered, by institution."""
    rows = await tx.all(
        "SELECT delegates.participant_id, delegates.institution FROM delegates"
        " JOIN participants ON participants.id = delegates.participant_id"
        " WHERE delegates.meeting_id = :meeting AND participants.state = 'registered' ORDER BY delegates.institution",
        meeting=meeting_id,
    )
    return [Delegate(row["participant_id"], row["institution"]) for row in rows]


async def institution_of(tx: Transaction, participant_id: int) -> str | None:
    """The institution that a participant speaks for; None for those who speak for themselves alone."""
    found: str | None = await tx.value(
        "SELECT institution FROM delegates WHERE participant_id = :id", id=participant_id
    )
    return found


async def appoint(tx: Transaction, meeting_id: int, participant_id: int, institution: str) -> None:
    """Let a participant speak for an institution, in the place of who did so before."""
    await tx.run(
        "DELETE FROM delegates WHERE participant_id = :id OR (meeting_id = :meeting AND institution = :institution)",
        id=participant_id,
        meeting=meeting_id,
        institution=institution,
    )
    await tx.run(
        "INSERT INTO delegates (participant_id, meeting_id, institution) VALUES (:id, :meeting, :institution)",
        id=participant_id,
        meeting=meeting_id,
        institution=institution,
    )


async def dismiss(tx: Transaction, participant_id: int) -> bool:
    """End that a participant speaks for an institution; False when they do not."""
    gone = await tx.run("DELETE FROM delegates WHERE participant_id = :id", id=participant_id)
    return gone > 0


async def answered(tx: Transaction, meeting_id: int) -> list[tuple[str, str, int]]:
    """How many of each sector answered each poll and each statement of a check: question, sector, people."""
    rows = await tx.all(
        "SELECT 'poll ' || CAST(poll_id AS TEXT) AS asked, sector, COUNT(*) AS people FROM poll_answers"
        " JOIN participants ON participants.id = poll_answers.participant_id"
        " WHERE participants.meeting_id = :meeting GROUP BY poll_id, sector"
        " UNION ALL SELECT round || ' ' || CAST(statement_id AS TEXT), sector, COUNT(*) FROM statement_answers"
        " JOIN participants ON participants.id = statement_answers.participant_id"
        " WHERE participants.meeting_id = :meeting GROUP BY round, statement_id, sector",
        meeting=meeting_id,
    )
    return [(row["asked"], row["sector"], row["people"]) for row in rows]
