"""Who may read what the stances say, and its lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.agreement import agreement
from bot.domain.agreement.agreement import Agreement, Weighed
from bot.domain.errors import NotFound, NotRegistered, ResultsHidden
from bot.storage import meetings, offices, participants
from bot.storage.database import Transaction
from bot.storage.participants import REGISTERED

SHARED, DIVIDING, UNANSWERED, SOLUTIONS = "shared", "dividing", "unanswered", "solutions"


def _with_solutions(found: Agreement) -> list[Weighed]:
    """Each challenge followed by what was suggested against it; challenges with most suggestions first."""
    solutions = found.solutions
    challenges = [item for item in found.weighed if item.id in solutions]
    challenges.sort(key=lambda item: len(solutions[item.id]), reverse=True)
    return [part for item in challenges for part in (item, *solutions[item.id])]


LISTS: Mapping[str, Callable[[Agreement], list[Weighed]]] = {
    SHARED: lambda found: found.shared,
    DIVIDING: lambda found: found.dividing,
    UNANSWERED: lambda found: found.unanswered,
    SOLUTIONS: _with_solutions,
}
"""The lists of a meeting's submissions, by name."""


async def read(
    tx: Transaction, meeting_id: int, person_id: int, secret: bytes
) -> tuple[Agreement, str | None]:
    """What the stances say, and the reader's role in the office; None for a participant.

    Raises:
        NotFound: there is no such meeting.
        NotRegistered: the person does not belong to it.
        ResultsHidden: participants may not see the results (yet).
    """
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    role = await offices.role_of(tx, meeting.office_id, person_id)
    if role is None:
        participant = await participants.of_person(tx, meeting.id, person_id)
        if participant is None or participant.state != REGISTERED:
            raise NotRegistered
    found = await agreement.of_meeting(tx, meeting, secret)
    if role is None and not found.settings.shown:
        raise ResultsHidden
    return found, role
