"""Meeting files that organisers sent and that wait for their tap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.values import millis, new_id


@dataclass(frozen=True, slots=True)
class MeetingUpload:
    """A meeting file, checked and previewed."""

    id: int
    person_id: int
    office_id: int
    name: str
    content: str
    """As :mod:`bot.domain.meeting_files.meeting_yaml` writes it."""
    digest: str
    """Names the state of the meeting that the preview was made for; empty for a new meeting."""


async def keep(
    tx: Transaction, person_id: int, office_id: int, *, name: str, content: str, digest: str, now: datetime
) -> int:
    """Keep a person's file in the place of any that waits; its id."""
    await forget(tx, person_id)
    upload_id = new_id()
    await tx.run(
        "INSERT INTO meeting_uploads (id, person_id, office_id, name, content, digest, sent_at)"
        " VALUES (:id, :person, :office, :name, :content, :digest, :now)",
        id=upload_id,
        person=person_id,
        office=office_id,
        name=name,
        content=content,
        digest=digest,
        now=millis(now),
    )
    return upload_id


async def find(tx: Transaction, upload_id: int, person_id: int) -> MeetingUpload | None:
    """The file with this id, if this person sent it."""
    row = await tx.one(
        "SELECT * FROM meeting_uploads WHERE id = :id AND person_id = :person", id=upload_id, person=person_id
    )
    if row is None:
        return None
    return MeetingUpload(
        row["id"], row["person_id"], row["office_id"], row["name"], row["content"], row["digest"]
    )


async def forget(tx: Transaction, person_id: int) -> None:
    """Throw away the file of a person that waits."""
    await tx.run("DELETE FROM meeting_uploads WHERE person_id = :person", person=person_id)


async def prune(tx: Transaction, before: datetime) -> None:
    """Throw away files that were sent before a moment and never applied."""
    await tx.run("DELETE FROM meeting_uploads WHERE sent_at < :before", before=millis(before))
