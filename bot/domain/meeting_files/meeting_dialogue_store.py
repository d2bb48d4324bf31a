"""What a meeting file says of the dialogue, into the database."""

from __future__ import annotations

from bot.domain.meeting_files.meeting_changes import KEPT, REMOVED, UNCHANGED, Change, outcome
from bot.domain.meeting_files.meeting_file import MeetingFile, Session
from bot.storage import sessions
from bot.storage.database import Transaction


async def apply_sessions(
    tx: Transaction,
    meeting_id: int,
    wanted: tuple[Session, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    known = {} if before is None else {session.slug: session for session in before.sessions or ()}
    reordered = [slug for slug in known if slug in {session.slug for session in wanted}] != [
        session.slug for session in wanted if session.slug in known
    ]
    for position, session in enumerate(wanted):
        became = outcome(known.get(session.slug), session)
        changes.append(Change("session", session.slug, became))
        if became != UNCHANGED or reordered:
            await sessions.save(
                tx,
                meeting_id,
                slug=session.slug,
                agenda_slug=session.agenda_slug,
                topic=session.topic,
                prompt=session.prompt,
                kinds=session.kinds,
                anonymity=session.anonymity,
                limit_per_person=session.limit_per_person,
                text_limit=session.text_limit,
                position=position,
            )
    named = {session.slug for session in wanted}
    for left in await sessions.of_meeting(tx, meeting_id):
        if left.slug not in named:
            removed = await sessions.remove_unopened(tx, left.id)
            changes.append(Change("session", left.slug, REMOVED if removed else KEPT))
