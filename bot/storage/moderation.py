"""What moderators work on: the queue, who looks at what, and who was told that something waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.submissions import Submission, submission
from bot.storage.values import millis


async def waiting(tx: Transaction, meeting_id: int) -> list[Submission]:
    """What nobody decided on, then what was published without a moderator having seen it.

    The oldest day comes first; within a day they come in an order that tells nothing.
    """
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting"
        " AND (state = 'waiting' OR (state = 'published' AND reviewed = 0))"
        " ORDER BY CASE state WHEN 'waiting' THEN 0 ELSE 1 END, sent_on, id",
        meeting=meeting_id,
    )
    return [submission(row) for row in rows]


async def count_waiting(tx: Transaction, meeting_id: int) -> int:
    """The length of :func:`waiting`."""
    found: int = await tx.value(
        "SELECT COUNT(*) FROM submissions WHERE meeting_id = :meeting"
        " AND (state = 'waiting' OR (state = 'published' AND reviewed = 0))",
        meeting=meeting_id,
    )
    return found


async def in_state(
    tx: Transaction, meeting_id: int, states: Collection[str], limit: int, skip: int = 0
) -> list[Submission]:
    """A page of the submissions in some states: published ones by number, the rest by day."""
    names = {f"s{place}": state for place, state in enumerate(sorted(states))}
    listed = ", ".join(f":{name}" for name in names)
    rows = await tx.all(
        f"SELECT * FROM submissions WHERE meeting_id = :meeting AND state IN ({listed})"  # noqa: S608 - names above
        " ORDER BY CASE WHEN number IS NULL THEN 1 ELSE 0 END, number, sent_on, id LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
        **names,
    )
    return [submission(row) for row in rows]


async def for_speakers(tx: Transaction, meeting_id: int, limit: int, skip: int) -> list[Submission]:
    """A page of what speakers are to answer and was not answered yet, by speaker and number."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND state = 'published' AND speaker IS NOT NULL"
        " AND answered IS NULL ORDER BY speaker, number LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
    )
    return [submission(row) for row in rows]


async def count_for_speakers(tx: Transaction, meeting_id: int) -> int:
    """The length of :func:`for_speakers`."""
    found: int = await tx.value(
        "SELECT COUNT(*) FROM submissions WHERE meeting_id = :meeting AND state = 'published'"
        " AND speaker IS NOT NULL AND answered IS NULL",
        meeting=meeting_id,
    )
    return found


async def refusals(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """Reason to number of refused submissions; reasons without any are left out."""
    rows = await tx.all(
        "SELECT reason, COUNT(*) AS refused FROM submissions WHERE meeting_id = :meeting AND state = 'refused'"
        " GROUP BY reason ORDER BY reason",
        meeting=meeting_id,
    )
    return {row["reason"] or "other": row["refused"] for row in rows}


async def claimed(tx: Transaction, meeting_id: int, except_by: int, now: datetime) -> set[str]:
    """The sealed names of what other moderators are looking at."""
    rows = await tx.all(
        "SELECT sealed FROM moderation_claims WHERE meeting_id = :meeting AND person_id <> :person"
        " AND until_at > :now",
        meeting=meeting_id,
        person=except_by,
        now=millis(now),
    )
    return {row["sealed"] for row in rows}


async def looking(tx: Transaction, meeting_id: int) -> set[int]:
    """Who is looking at a submission now."""
    rows = await tx.all(
        "SELECT person_id FROM moderation_claims WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["person_id"] for row in rows}


async def claim(tx: Transaction, meeting_id: int, person_id: int, sealed: str, until: datetime) -> None:
    """Let a moderator look at a submission and at nothing else, in the place of whoever held it too long."""
    await tx.run("DELETE FROM moderation_claims WHERE sealed = :sealed", sealed=sealed)
    await tx.run(
        "INSERT INTO moderation_claims (meeting_id, person_id, sealed, until_at)"
        " VALUES (:meeting, :person, :sealed, :until) ON CONFLICT (meeting_id, person_id)"
        " DO UPDATE SET sealed = excluded.sealed, until_at = excluded.until_at",
        meeting=meeting_id,
        person=person_id,
        sealed=sealed,
        until=millis(until),
    )


async def release(tx: Transaction, sealed: str) -> None:
    await tx.run("DELETE FROM moderation_claims WHERE sealed = :sealed", sealed=sealed)


async def release_of(tx: Transaction, meeting_id: int, person_id: int) -> None:
    await tx.run(
        "DELETE FROM moderation_claims WHERE meeting_id = :meeting AND person_id = :person",
        meeting=meeting_id,
        person=person_id,
    )


async def release_expired(tx: Transaction, now: datetime) -> None:
    await tx.run("DELETE FROM moderation_claims WHERE until_at <= :now", now=millis(now))


async def meetings_waiting(tx: Transaction) -> dict[int, int]:
    """Meeting id to how much waits there, of meetings that are not over."""
    rows = await tx.all(
        "SELECT submissions.meeting_id AS meeting, COUNT(*) AS waiting FROM submissions"
        " JOIN meetings ON meetings.id = submissions.meeting_id WHERE meetings.state IN ('open', 'running')"
        " AND (submissions.state = 'waiting' OR (submissions.state = 'published' AND submissions.reviewed = 0))"
        " GROUP BY submissions.meeting_id ORDER BY submissions.meeting_id"
    )
    return {row["meeting"]: row["waiting"] for row in rows}


async def pinged(tx: Transaction, meeting_id: int) -> set[int]:
    """Who was told that something waits and has not looked since."""
    rows = await tx.all(
        "SELECT person_id FROM moderation_pings WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["person_id"] for row in rows}


async def ping(tx: Transaction, meeting_id: int, people: Sequence[int]) -> None:
    await tx.many(
        "INSERT INTO moderation_pings (meeting_id, person_id) VALUES (:meeting, :person) ON CONFLICT DO NOTHING",
        [{"meeting": meeting_id, "person": person} for person in people],
    )


async def looked(tx: Transaction, meeting_id: int, person_id: int) -> None:
    """Note that a moderator has looked, so that they are told again of what comes later."""
    await tx.run(
        "DELETE FROM moderation_pings WHERE meeting_id = :meeting AND person_id = :person",
        meeting=meeting_id,
        person=person_id,
    )


async def lead_over(tx: Transaction, column: str, from_id: int, to_id: int) -> list[int]:
    """Let what points to one submission point to another; the ids of what did. ``column`` is one of this table's."""
    rows = await tx.all(
        f"UPDATE submissions SET {column} = :new WHERE {column} = :old RETURNING id",  # noqa: S608 - a column's name
        new=to_id,
        old=from_id,
    )
    return sorted(row["id"] for row in rows)


async def lead_back(tx: Transaction, column: str, ids: Sequence[int], to_id: int) -> None:
    """Undo :func:`lead_over` for these submissions."""
    await tx.many(
        f"UPDATE submissions SET {column} = :to WHERE id = :id",  # noqa: S608 - a column's name
        [{"to": to_id, "id": item} for item in ids],
    )


async def brought(tx: Transaction, duplicate_id: int) -> str | None:
    """What went over with a duplicate, as the domain stored it."""
    stored: str | None = await tx.value("SELECT brought FROM submissions WHERE id = :id", id=duplicate_id)
    return stored
