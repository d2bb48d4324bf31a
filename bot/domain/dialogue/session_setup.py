"""Making a dialogue session and setting what it takes, by an organiser or a moderator of its office."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.dialogue import sessions as session_rules
from bot.domain.dialogue.sessions import MAY_SWITCH
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meetings as meeting_rules
from bot.storage import actions, meetings, sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import AFTER, ALLOWED, ANONYMITY, BEFORE, KINDS, Session
from bot.storage.values import new_code

LIMITS = (1, 2, 3, 5, 10, 20)
"""How many submissions a session can take from one person."""
LENGTHS = (200, 500, 1000, 2000)
"""How long a text may be, in characters; a message holds 4,096 with what stands around it."""
USUAL_LIMIT, USUAL_LENGTH = 5, 500
TOPICS = 12
"""How many headings a session may have: each is a button."""
HEADING_LIMIT = 40
"""Characters of a heading."""


async def create(
    tx: Transaction,
    meeting_id: int,
    person_id: int,
    topic: Mapping[str, str],
    prompt: Mapping[str, str],
    now: datetime,
) -> tuple[Session, Meeting]:
    """A new session with the usual settings, planned.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meeting_rules.for_staff(tx, meeting_id, person_id, *MAY_SWITCH)
    others = await sessions.of_meeting(tx, meeting.id)
    session = await sessions.save(
        tx,
        meeting.id,
        slug=f"sesi-{new_code(6).lower()}",
        agenda_slug=None,
        topic=topic,
        prompt=prompt,
        kinds=KINDS,
        anonymity=ALLOWED,
        limit_per_person=USUAL_LIMIT,
        text_limit=USUAL_LENGTH,
        position=len(others),
    )
    await _record(tx, "session.created", session, meeting, person_id, now)
    return session, meeting


async def reword(
    tx: Transaction,
    session_id: int,
    person_id: int,
    topic: Mapping[str, str],
    prompt: Mapping[str, str],
    now: datetime,
) -> Session:
    """Give a session another topic and prompt.

    Raises:
        NotFound, NotAllowed.
    """
    session, meeting = await _held(tx, session_id, person_id)
    return await _change(tx, replace(session, topic=topic, prompt=prompt), meeting, person_id, now, "words")


async def set_topics(
    tx: Transaction, session_id: int, person_id: int, topics: Sequence[str], now: datetime
) -> Session:
    """Give a session its headings, in their order.

    Raises:
        NotFound, NotAllowed.
    """
    session, meeting = await _held(tx, session_id, person_id)
    kept = tuple(dict.fromkeys(topics))[:TOPICS]
    return await _change(tx, replace(session, topics=kept), meeting, person_id, now, "topics")


async def set_up(
    tx: Transaction, session_id: int, person_id: int, what: str, value: str, now: datetime
) -> Session:
    """Set one thing: ``kind`` and ``sector`` turn one of several on or off, the others take a value.

    Raises:
        NotFound: there is no such session, setting or value.
        NotAllowed.
    """
    session, meeting = await _held(tx, session_id, person_id)
    changed = await _set(tx, session, meeting, what, value)
    return await _change(tx, changed, meeting, person_id, now, what)


async def _set(tx: Transaction, session: Session, meeting: Meeting, what: str, value: str) -> Session:
    if what == "kind" and value in KINDS:
        kinds = _toggled(KINDS, session.kinds, value)
        return replace(session, kinds=kinds or session.kinds)  # at least one must be left
    if what == "sector":
        return await _set_sector(tx, session, meeting, value)
    if what == "item":
        if value and value not in {item.slug for item in await meetings.agenda(tx, meeting.id)}:
            raise NotFound
        follows = session.follows_agenda and bool(value)
        return replace(session, agenda_slug=value or None, follows_agenda=follows)
    if what == "clock" and session.agenda_slug is None:
        raise NotFound
    choices = _CHOICES.get(what)
    if choices is None or value not in choices:
        raise NotFound
    return choices[value](session)


_CHOICES: Mapping[str, Mapping[str, Callable[[Session], Session]]] = {
    "anonymity": {name: partial(replace, anonymity=name) for name in ANONYMITY},
    "moderation": {name: partial(replace, moderation=name) for name in (BEFORE, AFTER)},
    "limit": {str(number): partial(replace, limit_per_person=number) for number in LIMITS},
    "length": {str(number): partial(replace, text_limit=number) for number in LENGTHS},
    "clock": {"0": partial(replace, follows_agenda=False), "1": partial(replace, follows_agenda=True)},
}
"""What a setting with a few values becomes, by its value."""


async def _set_sector(tx: Transaction, session: Session, meeting: Meeting, value: str) -> Session:
    """Turn one sector on or off; all of them are kept as none, so that a sector added later is among them."""
    known = sorted(await meetings.quotas(tx, meeting.id))
    if value == "":
        return replace(session, sectors=())
    if value not in known:
        raise NotFound
    chosen = _toggled(known, session.sectors or known, value)
    return replace(session, sectors=() if len(chosen) == len(known) else chosen)


def _toggled(everything: Sequence[str], chosen: Sequence[str], value: str) -> tuple[str, ...]:
    wanted = set(chosen) ^ {value}
    return tuple(item for item in everything if item in wanted)


async def remove(tx: Transaction, session_id: int, person_id: int, now: datetime) -> Meeting:
    """Take a session away that was never opened; the meeting that it belonged to.

    Raises:
        NotFound, NotAllowed.
        AlreadyDecided: it was opened, so that people may have sent something.
    """
    session, meeting = await session_rules.for_staff(tx, session_id, person_id)
    if not await sessions.remove_unopened(tx, session.id):
        raise AlreadyDecided
    await _record(tx, "session.removed", session, meeting, person_id, now)
    return meeting


async def _held(tx: Transaction, session_id: int, person_id: int) -> tuple[Session, Meeting]:
    """A session as it is and stays until the transaction ends: of two changes at once, neither is lost."""
    await session_rules.hold(tx, session_id)
    return await session_rules.for_staff(tx, session_id, person_id)


async def _change(
    tx: Transaction, session: Session, meeting: Meeting, person_id: int, now: datetime, what: str
) -> Session:
    await sessions.change(tx, session)
    await _record(tx, "session.changed", session, meeting, person_id, now, what=what)
    return session


async def _record(
    tx: Transaction,
    action: str,
    session: Session,
    meeting: Meeting,
    person_id: int,
    now: datetime,
    **detail: str,
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        session=session.slug,
        **detail,
    )
