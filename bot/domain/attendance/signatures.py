"""Who signed the printed list: ticked off by the numbers of its lines, and compared with the check-ins."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.attendance import roll
from bot.domain.attendance.attendance import DESK
from bot.domain.attendance.roll import Entry
from bot.domain.errors import NotFound
from bot.domain.meeting import meetings
from bot.storage import actions, participants, signatures
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting

_BETWEEN = re.compile(r"(?<=\d)\s*(?:[-–—~]|s\s*[./]\s*d\.?|sd|sampai|hingga|to)\s*(?=\d)")
_SEPARATOR = re.compile(r"[\s,;.&+/]+|\b(?:dan|and|no|nomor)\b")
_PIECE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What became of the numbers that somebody typed."""

    changed: int
    """How many lines are now otherwise than before."""
    unknown: Sequence[int]
    """Numbers that no line has."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the paper and the check-ins disagree; lines by their numbers."""

    signed_only: Sequence[Entry]
    """Who signed and was not checked in."""
    here_only: Sequence[Entry]
    """Who was checked in and did not sign."""

    def __bool__(self) -> bool:
        return bool(self.signed_only or self.here_only)


def read_numbers(text: str) -> list[int] | None:
    """The numbers of ``1-20 23 25``, each once and sorted; None when the text is anything else.

    Numbers are separated as people do it, and ranges written ``1-20``, ``1 s.d. 20``, ``1 sampai 20``, in either
    direction.
    """
    found: set[int] = set()
    for piece in filter(None, _SEPARATOR.split(_BETWEEN.sub("-", text.casefold()))):
        match = _PIECE.fullmatch(piece)
        if match is None:
            return None
        first, last = sorted((int(match[1]), int(match[2] or match[1])))
        found.update(range(first, last + 1))
    return sorted(found - {0}) or None


async def for_ticking(tx: Transaction, meeting_id: int, person_id: int) -> tuple[Meeting, list[Entry]]:
    """The meeting and the lines of its list, whose numbers stay from now on, for somebody of the desk.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, *DESK)
    return meeting, await roll.fix_numbers(tx, meeting)


async def tick_numbers(
    tx: Transaction,
    meeting_id: int,
    numbers: Collection[int],
    person_id: int,
    now: datetime,
    *,
    signed: bool,
) -> Ticked:
    """Record that those with these numbers signed, or (not ``signed``) that they did not.

    Raises:
        NotFound, NotAllowed: as :func:`for_ticking`.
    """
    meeting, lines = await for_ticking(tx, meeting_id, person_id)
    meant = [line for line in lines if line.number in set(numbers)]
    changed = [line.participant.id for line in meant if line.signed != signed]
    if signed:
        await signatures.tick(tx, meeting.id, changed, person_id, now)
    else:
        await signatures.untick(tx, changed)
    if changed:
        await actions.record(
            tx,
            office_id=meeting.office_id,
            meeting_id=meeting.id,
            person_id=person_id,
            action="signatures.ticked" if signed else "signatures.unticked",
            now=now,
            count=len(changed),
        )
    known = {line.number for line in meant}
    return Ticked(len(changed), [number for number in sorted(numbers) if number not in known])


async def tick_one(
    tx: Transaction, participant_id: int, person_id: int, now: datetime, *, signed: bool
) -> tuple[Meeting, list[Entry]]:
    """The same for one participant, whose line was tapped; the meeting, and the lines as they are now.

    Raises:
        NotFound: there is no such participant, or they are not on the list (any more).
        NotAllowed.
    """
    participant = await participants.find(tx, participant_id)
    if participant is None:
        raise NotFound
    meeting, lines = await for_ticking(tx, participant.meeting_id, person_id)
    line = next((line for line in lines if line.participant.id == participant_id), None)
    if line is None:
        raise NotFound
    await tick_numbers(tx, meeting.id, (line.number,), person_id, now, signed=signed)
    return meeting, await roll.entries(tx, meeting)


def difference(lines: Sequence[Entry]) -> Difference:
    """Where signatures and check-ins disagree."""
    return Difference(
        [line for line in lines if line.signed and line.arrived_at is None],
        [line for line in lines if line.arrived_at is not None and not line.signed],
    )
