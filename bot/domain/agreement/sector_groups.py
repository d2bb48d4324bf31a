"""What organisers decide about small sectors: merged openly, or heard through an institution's delegate.

Who a figure is about may change only while none of the groups concerned is shown anywhere: otherwise the figures before
and after, subtracted, would tell what the few who were added think.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import roles
from bot.domain.agreement import agreement
from bot.domain.agreement.agreement import Agreement, Group
from bot.domain.errors import NotFound, ShownAlready
from bot.domain.meeting import meetings
from bot.storage import actions, participants
from bot.storage import agreement as stored
from bot.storage.agreement import SMALLEST, Delegate
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant

SIZES = (SMALLEST, 5, 10)
"""What an office can choose as the smallest number of people that is shown."""

STAFF = (roles.ORGANISER, roles.MODERATOR)
"""Who sees the results before participants do."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups of a meeting before an organiser."""

    agreement: Agreement
    registered: dict[str, int]
    """Leader of a group to how many of it are registered."""
    delegates: tuple[Delegate, ...]
    exposed: frozenset[str]
    """The leaders of the groups of which stances, polls or the understanding check show something, or could."""

    @property
    def small(self) -> list[Group]:
        """The groups with people, but fewer than are shown."""
        return [
            group
            for group in self.agreement.groups
            if 0 < self.registered[group.leader] < self.agreement.settings.smallest
        ]


async def overview(tx: Transaction, meeting_id: int, person_id: int, secret: bytes) -> Overview:
    """The groups of a meeting, for an organiser.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    found = await agreement.of_meeting(tx, meeting, secret)
    counts = await participants.count_by_sector(tx, meeting.id)
    registered = {group.leader: sum(counts.get(code, 0) for code in group.sectors) for group in found.groups}
    return Overview(
        found, registered, tuple(await stored.delegates(tx, meeting.id)), await _exposed(tx, found)
    )


async def _held(tx: Transaction, meeting_id: int, person_id: int, secret: bytes) -> Overview:
    """The groups as they are and stay until the transaction ends."""
    await _hold(tx, meeting_id)
    return await overview(tx, meeting_id, person_id, secret)


async def _hold(tx: Transaction, meeting_id: int) -> None:
    """Keep those apart who change how a meeting's results are shown."""
    await tx.lock(f"sector groups {meeting_id}")


async def _exposed(tx: Transaction, found: Agreement) -> frozenset[str]:
    leaders = {code: group.leader for group in found.groups for code in group.sectors}
    counts: Counter[tuple[str, str]] = Counter()
    for asked, sector, people in await stored.answered(tx, found.meeting.id):
        counts[asked, leaders.get(sector, sector)] += people
    return found.exposed | {leader for (_, leader), people in counts.items() if people >= SMALLEST}


async def merge(
    tx: Transaction, meeting_id: int, person_id: int, one: str, other: str, secret: bytes, now: datetime
) -> Overview:
    """Show two groups, named by their leaders, as one from now on, as an organiser; the groups as they are then.

    Raises:
        NotFound, NotAllowed.
        ShownAlready: figures of one of them are shown.
    """
    before = await _held(tx, meeting_id, person_id, secret)
    wanted = [group for group in before.agreement.groups if group.leader in (one, other)]
    if len(wanted) < 2:
        raise NotFound
    return await _merge(tx, before, wanted, person_id, secret, now)


async def merge_all(
    tx: Transaction, meeting_id: int, person_id: int, secret: bytes, now: datetime
) -> Overview:
    """Show everybody as one group from now on, for a hall in which no sector is large enough; as an organiser.

    Raises:
        NotFound, NotAllowed, ShownAlready.
    """
    before = await _held(tx, meeting_id, person_id, secret)
    if len(before.agreement.groups) < 2:
        raise NotFound
    return await _merge(tx, before, list(before.agreement.groups), person_id, secret, now)


async def _merge(
    tx: Transaction, before: Overview, wanted: list[Group], person_id: int, secret: bytes, now: datetime
) -> Overview:
    meeting = before.agreement.meeting
    if before.exposed.intersection(group.leader for group in wanted):
        raise ShownAlready
    leader = wanted[0].leader
    leaders = {
        **await stored.merged(tx, meeting.id),
        **{code: leader for group in wanted for code in group.sectors},
    }
    await stored.save_merged(tx, meeting.id, leaders)
    await _record(tx, meeting, "sectors.merged", person_id, now, sectors=sorted(leaders))
    return await overview(tx, meeting.id, person_id, secret)


async def split(
    tx: Transaction, meeting_id: int, person_id: int, leader: str, secret: bytes, now: datetime
) -> Overview:
    """Show the sectors of a group apart again, as an organiser.

    Raises:
        NotFound, NotAllowed, ShownAlready.
    """
    before = await _held(tx, meeting_id, person_id, secret)
    group = next((item for item in before.agreement.groups if item.leader == leader), None)
    if group is None or len(group.sectors) < 2:
        raise NotFound
    if leader in before.exposed:
        raise ShownAlready
    leaders = await stored.merged(tx, meeting_id)
    kept = {sector: its for sector, its in leaders.items() if sector not in group.sectors}
    await stored.save_merged(tx, meeting_id, kept)
    await _record(tx, before.agreement.meeting, "sectors.split", person_id, now, sectors=list(group.sectors))
    return await overview(tx, meeting_id, person_id, secret)


async def set_smallest(
    tx: Transaction, meeting_id: int, person_id: int, smallest: int, secret: bytes, now: datetime
) -> Overview:
    """Set from how many people on a sector is shown, as an organiser. It can always be raised.

    Raises:
        NotFound, NotAllowed.
        ShownAlready: it is to be lowered while figures are shown.
    """
    before = await _held(tx, meeting_id, person_id, secret)
    if smallest not in SIZES:
        raise NotFound
    settings = before.agreement.settings
    if smallest < settings.smallest and before.exposed:
        raise ShownAlready
    await stored.save_settings(tx, meeting_id, replace(settings, smallest=smallest))
    await _record(tx, before.agreement.meeting, "results.smallest", person_id, now, people=smallest)
    return await overview(tx, meeting_id, person_id, secret)


async def show_results(
    tx: Transaction, meeting_id: int, person_id: int, shown: bool, now: datetime
) -> Meeting:
    """Let participants see the results, or no longer, as an organiser or moderator.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, *STAFF)
    await _hold(tx, meeting.id)
    settings = await stored.settings(tx, meeting.id)
    await stored.save_settings(tx, meeting.id, replace(settings, shown=shown))
    await _record(tx, meeting, "results.shown" if shown else "results.hidden", person_id, now)
    return meeting


async def members(tx: Transaction, meeting_id: int, person_id: int, sector: str) -> list[Participant]:
    """Those registered in a sector, of whom an organiser can let one speak for their institution.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, person_id, roles.ORGANISER)
    return [item for item in await participants.registered(tx, meeting.id) if item.sector == sector]


async def appoint(
    tx: Transaction, participant_id: int, person_id: int, now: datetime
) -> tuple[Meeting, Participant, bool]:
    """Let a participant speak for their institution, or no longer, as an organiser; whether they do now comes last.

    Raises:
        NotFound, NotAllowed.
    """
    participant = await participants.find(tx, participant_id)
    if participant is None:
        raise NotFound
    meeting = await meetings.for_staff(tx, participant.meeting_id, person_id, roles.ORGANISER)
    if participant.state != REGISTERED:
        raise NotFound
    await tx.lock(f"delegates {meeting.id}")
    if await stored.dismiss(tx, participant.id):
        await _record(tx, meeting, "delegate.dismissed", person_id, now)
        return meeting, participant, False
    await stored.appoint(tx, meeting.id, participant.id, participant.institution)
    await _record(tx, meeting, "delegate.appointed", person_id, now)
    return meeting, participant, True


async def _record(
    tx: Transaction, meeting: Meeting, action: str, person_id: int, now: datetime, **detail: object
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        **detail,
    )
