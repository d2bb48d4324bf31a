"""The links by which speakers of a meeting's agenda come to what they are to answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Row, Transaction
from bot.storage.submissions import Submission, submission
from bot.storage.values import millis, moment


@dataclass(frozen=True, slots=True)
class SpeakerLink:
    """The link of one speaker; there is at most one for each."""

    meeting_id: int
    speaker: str
    """The name in the agenda."""
    expires_at: datetime
    """Until when an unused link can be opened; it is no bound for who opened it."""
    person_id: int | None
    """Who opened it first; None until then."""


_SPEAKS = (
    "EXISTS (SELECT 1 FROM agenda_items WHERE agenda_items.meeting_id = speaker_links.meeting_id"
    " AND agenda_items.speaker = speaker_links.speaker)"
)
"""Whether the agenda still names the speaker of a link."""


def _link(row: Row) -> SpeakerLink:
    return SpeakerLink(row["meeting_id"], row["speaker"], moment(row["expires_at"]), row["person_id"])


async def of_meeting(tx: Transaction, meeting_id: int) -> dict[str, SpeakerLink]:
    """Speaker to link."""
    rows = await tx.all("SELECT * FROM speaker_links WHERE meeting_id = :meeting", meeting=meeting_id)
    return {row["speaker"]: _link(row) for row in rows}


async def of_person(tx: Transaction, person_id: int) -> list[SpeakerLink]:
    """As whom a person answers, the latest meeting first; nothing of a meeting in the archive."""
    rows = await tx.all(
        "SELECT speaker_links.* FROM speaker_links JOIN meetings ON meetings.id = speaker_links.meeting_id"  # noqa: S608 - own SQL
        f" WHERE speaker_links.person_id = :person AND meetings.state <> 'archived' AND {_SPEAKS}"
        " ORDER BY meetings.starts_at DESC, meetings.id, speaker_links.speaker",
        person=person_id,
    )
    return [_link(row) for row in rows]


async def keep(
    tx: Transaction, meeting_id: int, speaker: str, token_hash: str, expires_at: datetime
) -> SpeakerLink | None:
    """Keep a link in the place of an unused one; None when somebody answers as this speaker already."""
    row = await tx.one(
        "INSERT INTO speaker_links (meeting_id, speaker, token_hash, expires_at)"
        " VALUES (:meeting, :speaker, :hash, :expires) ON CONFLICT (meeting_id, speaker) DO UPDATE"
        " SET token_hash = excluded.token_hash, expires_at = excluded.expires_at"
        " WHERE speaker_links.person_id IS NULL RETURNING *",
        meeting=meeting_id,
        speaker=speaker,
        hash=token_hash,
        expires=millis(expires_at),
    )
    return None if row is None else _link(row)


async def remove(tx: Transaction, meeting_id: int, speaker: str) -> bool:
    """Make the link of a speaker worthless, also for who opened it; False when there is none."""
    removed = await tx.run(
        "DELETE FROM speaker_links WHERE meeting_id = :meeting AND speaker = :speaker",
        meeting=meeting_id,
        speaker=speaker,
    )
    return removed > 0


async def take(tx: Transaction, token_hash: str, person_id: int, now: datetime) -> SpeakerLink | None:
    """Let the first who opens a link be its speaker; None for a link that is unknown, expired or another's."""
    row = await tx.one(
        "UPDATE speaker_links SET person_id = :person WHERE token_hash = :hash"  # noqa: S608 - own SQL
        f" AND (person_id = :person OR (person_id IS NULL AND expires_at > :now)) AND {_SPEAKS} RETURNING *",
        hash=token_hash,
        person=person_id,
        now=millis(now),
    )
    return None if row is None else _link(row)


async def answers(tx: Transaction, submission_id: int, person_id: int) -> bool:
    """Whether a person is the speaker to whom a published submission was assigned."""
    found = await tx.value(
        "SELECT COUNT(*) FROM submissions JOIN speaker_links ON speaker_links.meeting_id = submissions.meeting_id"  # noqa: S608 - own SQL
        " AND speaker_links.speaker = submissions.speaker JOIN meetings ON meetings.id = submissions.meeting_id"
        " WHERE submissions.id = :id AND submissions.state = 'published' AND speaker_links.person_id = :person"
        f" AND meetings.state <> 'archived' AND {_SPEAKS}",
        id=submission_id,
        person=person_id,
    )
    return bool(found)


async def assigned(
    tx: Transaction, meeting_id: int, speakers: Collection[str], limit: int, skip: int
) -> list[Submission]:
    """A page of the published submissions that speakers are to answer: those without an answer first, by number."""
    names = {f"s{place}": speaker for place, speaker in enumerate(sorted(speakers))}
    rows = await tx.all(
        "SELECT * FROM submissions WHERE meeting_id = :meeting AND state = 'published'"  # noqa: S608 - names above
        f" AND speaker IN ({', '.join(f':{name}' for name in names)})"
        " ORDER BY CASE WHEN answered IS NULL THEN 0 ELSE 1 END, number LIMIT :limit OFFSET :skip",
        meeting=meeting_id,
        limit=limit,
        skip=skip,
        **names,
    )
    return [submission(row) for row in rows]


async def waiting(tx: Transaction, meeting_id: int) -> dict[str, int]:
    """Speaker to the number of submissions that wait for their answer; speakers without any are left out."""
    rows = await tx.all(
        "SELECT speaker, COUNT(*) AS waiting FROM submissions WHERE meeting_id = :meeting AND state = 'published'"
        " AND speaker IS NOT NULL AND answered IS NULL GROUP BY speaker",
        meeting=meeting_id,
    )
    return {row["speaker"]: row["waiting"] for row in rows}
