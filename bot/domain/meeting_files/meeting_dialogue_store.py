"""What a meeting file says of the dialogue, into the database."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.meeting_files.meeting_changes import ASKED, KEPT, REMOVED, UNCHANGED, Change, outcome
from bot.domain.meeting_files.meeting_file import MeetingFile, Poll, Session, Statement
from bot.domain.meeting_files.meeting_stored import poll_of
from bot.storage import checks, polls, sessions
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
            saved = await sessions.save(
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
            await sessions.change(
                tx,
                replace(
                    saved,
                    topics=session.headings,
                    sectors=session.sectors,
                    moderation=session.moderation,
                    follows_agenda=session.follows_agenda,
                ),
            )
    named = {session.slug for session in wanted}
    for left in await sessions.of_meeting(tx, meeting_id):
        if left.slug not in named:
            removed = await sessions.remove_unopened(tx, left.id)
            changes.append(Change("session", left.slug, REMOVED if removed else KEPT))


async def apply_polls(
    tx: Transaction, meeting_id: int, wanted: tuple[Poll, ...], changes: list[Change]
) -> None:
    """Drafts become what the file says; what people were asked already stays as they saw it."""
    known = {poll.slug: poll for poll in await polls.of_meeting(tx, meeting_id)}
    for poll in wanted:
        old = known.get(poll.slug)
        became = outcome(None if old is None else poll_of(old), poll)
        if old is None:
            await polls.add(
                tx,
                meeting_id,
                kind=poll.kind,
                question=poll.question,
                options=poll.options,
                right_option=poll.right_option,
                explanation=poll.explanation,
                hidden=poll.hidden,
                slug=poll.slug,
            )
        elif became != UNCHANGED and not await _redraft(tx, old, poll):
            became = ASKED
        changes.append(Change("poll", poll.slug, became))
    for slug in sorted(known.keys() - {poll.slug for poll in wanted}):
        removed = await polls.remove_draft(tx, known[slug].id)
        changes.append(Change("poll", slug, REMOVED if removed else KEPT))


async def _redraft(tx: Transaction, old: polls.Poll, wanted: Poll) -> bool:
    """Make a draft what the file says; False when it is none any more."""
    return await polls.change_draft(
        tx,
        replace(
            old,
            kind=wanted.kind,
            question=wanted.question,
            options=wanted.options,
            right_option=wanted.right_option,
            explanation=wanted.explanation,
            hidden=wanted.hidden,
        ),
    )


async def apply_statements(
    tx: Transaction,
    meeting_id: int,
    wanted: tuple[Statement, ...],
    before: MeetingFile | None,
    changes: list[Change],
) -> None:
    """The statements of the understanding check, as long as its first round has not begun."""
    await checks.hold(tx, meeting_id)
    is_draft = await checks.stage(tx, meeting_id) == checks.DRAFT
    old = () if before is None else before.statements or ()
    known = {item.slug: item for item in old}
    for item in wanted:
        became = outcome(known.get(item.slug), item)
        changes.append(Change("statement", item.slug, became if is_draft or became == UNCHANGED else ASKED))
    gone = REMOVED if is_draft else KEPT
    named = {item.slug for item in wanted}
    changes.extend(Change("statement", slug, gone) for slug in sorted(known.keys() - named))
    if is_draft and old != wanted:  # also when only their order changed
        await checks.clear(tx, meeting_id)
        for item in wanted:
            await checks.add(
                tx,
                meeting_id,
                slug=item.slug,
                text=item.text,
                is_true=item.is_true,
                legal_basis=item.legal_basis,
                rule_id=item.rule_id,
            )
