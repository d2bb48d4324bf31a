"""The page for the projector: who may open, switch and close it, and all that it may show.

Whoever has the link sees the wall, so it shows nothing that was not published to the whole hall: no submission that
nobody decided on or that was refused, and no author even of those that were sent under a name.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.meeting import meetings
from bot.domain.wall import wall_views
from bot.storage import actions, offices, participants, sessions, submissions, walls
from bot.storage import meetings as stored_meetings
from bot.storage.database import Transaction
from bot.storage.meetings import AgendaItem, Meeting
from bot.storage.offices import Office
from bot.storage.walls import PublishedText, StoredWall

AUTO, JOIN, AGENDA, SUBMISSIONS = "auto", "join", "agenda", "submissions"
VIEWS = (AUTO, JOIN, AGENDA, SUBMISSIONS)
"""What can be shown beside the boards of :mod:`bot.domain.wall.wall_views`; ``auto`` follows the meeting."""

NEWEST = 24
"""How many published submissions a wall is given; a projector has room for fewer."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An open session. Texts are by locale; the prompt may be empty."""

    topic: Mapping[str, str]
    prompt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectorCount:
    """How many of a sector are registered."""

    name: Mapping[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that a wall shows at a moment; two that are equal look the same."""

    view: str
    office: Office
    meeting: Meeting
    agenda: tuple[AgendaItem, ...]
    topics: tuple[Topic, ...]
    """The open sessions, the one opened last first."""
    sectors: tuple[SectorCount, ...]
    """The sectors that take part, in the office's order."""
    published: tuple[int, ...]
    """The numbers of all published submissions in the order of :func:`arrivals`."""
    newest: tuple[PublishedText, ...]
    """The last of ``published``, the last first."""
    board: Any = None
    """What the chosen board's ``look`` returned; None where no board is chosen."""

    @property
    def registered(self) -> int:
        return sum(sector.count for sector in self.sectors)


async def open_wall(
    tx: Transaction, meeting_id: int, person_id: int, now: datetime, token: str | None = None
) -> str:
    """Make a new link to the meeting's wall, as an organiser; an older link ends. The token is nowhere else.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    token = token or secrets.token_urlsafe(24)
    await walls.save(tx, meeting.id, token_hash(token), AUTO, now)
    await _record(tx, meeting, person_id, "wall.opened", now)
    return token


async def close_wall(tx: Transaction, meeting_id: int, person_id: int, now: datetime) -> bool:
    """End the link to the meeting's wall, as an organiser; False when there is none.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    if not await walls.remove(tx, meeting.id):
        return False
    await _record(tx, meeting, person_id, "wall.closed", now)
    return True


async def show(tx: Transaction, meeting_id: int, person_id: int, view: str) -> bool:
    """Choose what the meeting's wall shows, as an organiser; False when the meeting has no wall.

    Raises:
        NotFound: there is no such meeting or view.
        NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    if view not in VIEWS and view not in wall_views.views():
        raise NotFound
    return await walls.set_view(tx, meeting.id, view)


async def for_organiser(
    tx: Transaction, meeting_id: int, person_id: int
) -> tuple[Meeting, StoredWall | None]:
    """The meeting and its wall, for an organiser of its office.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    return meeting, await walls.of_meeting(tx, meeting.id)


async def _record(tx: Transaction, meeting: Meeting, person_id: int, action: str, now: datetime) -> None:
    await actions.record(
        tx, office_id=meeting.office_id, meeting_id=meeting.id, person_id=person_id, action=action, now=now
    )


async def meeting_of(tx: Transaction, hashed: str) -> int | None:
    """The id of the meeting whose wall has a token with this hash; None when none has."""
    wall = await walls.find(tx, hashed)
    return None if wall is None else wall.meeting_id


async def sight(
    tx: Transaction, hashed: str, arrived: Sequence[int] = (), *, secret: bytes = b""
) -> Sight | None:
    """What the wall with this token's hash shows; None when no wall has it (any more).

    ``arrived`` is ``published`` of the sight before this one, so that what is new can be told; ``secret`` is what only
    this installation knows, without which no stance can be read.
    """
    wall = await walls.find(tx, hashed)
    meeting = None if wall is None else await stored_meetings.find(tx, wall.meeting_id)
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if wall is None or meeting is None or office is None:
        return None
    open_now = [item for item in await sessions.of_meeting(tx, meeting.id) if item.state == sessions.OPEN]
    open_now.sort(key=lambda item: item.opened_at or meeting.starts_at, reverse=True)
    published = arrivals(arrived, await submissions.numbers(tx, meeting.id))
    newest = await walls.published_texts(tx, meeting.id, published[-NEWEST:][::-1])
    view = wall_views.views().get(wall.view)
    return Sight(
        view=wall.view,
        office=office,
        meeting=meeting,
        agenda=tuple(await stored_meetings.agenda(tx, meeting.id)),
        topics=tuple(Topic(item.topic, item.prompt) for item in open_now),
        sectors=tuple(await _sectors(tx, meeting)),
        published=published,
        newest=tuple(newest),
        board=None if view is None else await view.look(tx, meeting, secret),
    )


async def _sectors(tx: Transaction, meeting: Meeting) -> list[SectorCount]:
    counts = await participants.count_by_sector(tx, meeting.id)
    invited = await stored_meetings.quotas(tx, meeting.id)
    return [
        SectorCount(sector.name, counts.get(sector.code, 0))
        for sector in await offices.sectors(tx, meeting.office_id)
        if sector.code in invited or sector.code in counts
    ]


def arrivals(before: Sequence[int], published: set[int]) -> tuple[int, ...]:
    """The numbers of ``published``: those of ``before`` in their order, then the others by number.

    Nothing stored tells in which order submissions were published: that would tell about their authors. A wall knows
    only what came while it was watched.
    """
    known = [number for number in before if number in published]
    return (*known, *sorted(published.difference(known)))


def token_hash(token: str) -> str:
    """What is stored of a wall's token."""
    return hashlib.sha256(token.encode()).hexdigest()
