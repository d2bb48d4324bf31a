"""How far the sectors agree on what was submitted, without showing what any few people think.

Each sector's agreement is estimated as in Polis: (agree + 1) / (people + 2), where a pass is a person who does not
agree (``comment-stats`` in the program's math/repness.clj; Small, Bjorkegren, Erkkilä, Shaw and Megill, "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", Recerca 26(2), 2021). The two imaginary people keep three of
three from counting as certainty. The estimates are multiplied, as in that paper's group-informed consensus, so that one
sector that says no weighs as much as any other, whatever its size; the root of their number is taken, so that figures
of three and of six sectors can be compared.

**Small sectors.** What fewer people than the meeting's setting think takes part in no figure at all: no sum, no rank,
no list. So there is nothing from which it could be worked out by subtracting what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.agreement.stances import Seal
from bot.i18n import Localised
from bot.storage import agreement, offices, participants, stances
from bot.storage import meetings as stored_meetings
from bot.storage.agreement import SMALLEST, Settings
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import CHALLENGE, QUESTION
from bot.storage.stances import AGREE, DISAGREE, PASS, InstitutionStance, Weighable

CLEAR = 0.6
"""From this estimate on, a sector leans to one side: two of three (0.6) do, three of five (0.57) do not."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people agree, disagree and pass."""

    agree: int
    disagree: int
    passed: int

    @property
    def people(self) -> int:
        return self.agree + self.disagree + self.passed

    @property
    def agreement(self) -> float:
        """The estimated share of those who agree, between 0 and 1, both excluded."""
        return (self.agree + 1) / (self.people + 2)

    @property
    def rejection(self) -> float:
        """The estimated share of those who disagree."""
        return (self.disagree + 1) / (self.people + 2)


@dataclass(frozen=True, slots=True)
class Group:
    """A sector, or several that are shown as one."""

    leader: str
    """The code of the first of its sectors."""
    sectors: tuple[str, ...]
    names: tuple[Localised, ...]
    everyone: bool = False
    """Whether all sectors of the meeting are in it."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A published submission with what may be shown of the stances on it."""

    id: int
    number: int
    kind: str
    text: str
    groups: tuple[tuple[Group, Tally], ...]
    """Those of whom enough people took a stance, in the office's order of sectors."""
    institutions: tuple[tuple[str, str], ...]
    """Institution and its open stance, by institution; in none of the figures."""
    answers_id: int | None = None
    """The challenge that this one suggests a solution to."""
    is_answered: bool = False

    @property
    def consensus(self) -> float:
        """The geometric mean of the groups' agreement; 0 where none is shown."""
        return _mean(tally.agreement for _, tally in self.groups)

    @property
    def rejection(self) -> float:
        """The geometric mean of the groups' rejection; 0 where none is shown."""
        return _mean(tally.rejection for _, tally in self.groups)

    @property
    def weakest(self) -> tuple[Group, Tally] | None:
        """The group that agrees least; of equals, the one that disagrees most, then the smaller one."""
        return min(
            self.groups,
            key=lambda pair: (pair[1].agreement, -pair[1].rejection, pair[1].people),
            default=None,
        )

    @property
    def people(self) -> int:
        """How many people stand behind the figures."""
        return sum(tally.people for _, tally in self.groups)

    @property
    def is_shared(self) -> bool:
        """Whether every group that is shown leans to agreement."""
        return bool(self.groups) and all(tally.agreement >= CLEAR for _, tally in self.groups)

    @property
    def is_refused(self) -> bool:
        """Whether every group that is shown leans to rejection: that is common ground, too."""
        return bool(self.groups) and all(tally.rejection >= CLEAR for _, tally in self.groups)

    @property
    def is_dividing(self) -> bool:
        """Whether opinions part: between groups that lean to different sides, or within one."""
        sides = {_side(tally) for _, tally in self.groups}
        return {"for", "against"} <= sides or "both" in sides


def _mean(estimates: Iterable[float]) -> float:
    logs = [math.log(estimate) for estimate in estimates]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0


def _side(tally: Tally) -> str:
    """Where a group leans: for, against, to both sides at once, or nowhere."""
    if tally.agreement >= CLEAR:
        return "for"
    if tally.rejection >= CLEAR:
        return "against"
    return "both" if min(tally.agree, tally.disagree) * 3 >= tally.people else "nowhere"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a meeting's stances say."""

    meeting: Meeting
    settings: Settings
    groups: tuple[Group, ...]
    """All groups of the meeting, shown or not."""
    weighed: tuple[Weighed, ...]
    """Every published submission, by number."""
    exposed: frozenset[str]
    """The leaders of the groups of which something is shown, or would be under the least strict setting."""

    @property
    def shared(self) -> list[Weighed]:
        """What all sectors shown agree on, or refuse; the clearest first, from more groups before from fewer."""
        found = [item for item in self.weighed if item.is_shared or item.is_refused]
        return sorted(
            found,
            key=lambda item: (min(len(item.groups), 2), max(item.consensus, item.rejection), item.people),
            reverse=True,
        )

    @property
    def dividing(self) -> list[Weighed]:
        """Where opinions part, the widest gap first."""
        return sorted((item for item in self.weighed if item.is_dividing), key=_gap, reverse=True)

    @property
    def supported(self) -> list[Weighed]:
        """What has most agreement across the groups, shared or not."""
        found = [item for item in self.weighed if item.groups]
        return sorted(found, key=lambda item: (item.consensus, item.people), reverse=True)

    @property
    def solutions(self) -> dict[int, list[Weighed]]:
        """Challenge to what was suggested against it, the most supported first."""
        found: dict[int, list[Weighed]] = {}
        for item in sorted(self.weighed, key=lambda item: item.consensus, reverse=True):
            if item.answers_id is not None:
                found.setdefault(item.answers_id, []).append(item)
        return found

    @property
    def unanswered(self) -> list[Weighed]:
        """Questions that nobody answered and challenges that nobody suggested a solution to, by number."""
        solved = self.solutions
        return [
            item
            for item in self.weighed
            if not item.is_answered
            and (item.kind == QUESTION or (item.kind == CHALLENGE and item.id not in solved))
        ]

    def of(self, submission_id: int) -> Weighed | None:
        return next((item for item in self.weighed if item.id == submission_id), None)


def _gap(item: Weighed) -> tuple[float, int]:
    estimates = [tally.agreement for _, tally in item.groups]
    inside = max((min(tally.agree, tally.disagree) / tally.people for _, tally in item.groups), default=0.0)
    return max(estimates) - min(estimates) + inside, item.people


async def of_meeting(tx: Transaction, meeting: Meeting, secret: bytes) -> Agreement:
    """What the stances taken in a meeting say, as far as it may be shown."""
    settings = await agreement.settings(tx, meeting.id)
    groups = await groups_of(tx, meeting)
    leaders = {sector: group.leader for group in groups for sector in group.sectors}
    sectors = await stances.sectors_of_people(tx, meeting.id)
    members = {person: leaders[sector] for person, sector in sectors.items() if sector in leaders}
    spoken: dict[int, list[InstitutionStance]] = {}
    for item in await stances.of_institutions(tx, meeting.id):
        spoken.setdefault(item.submission_id, []).append(item)
    seal = Seal(secret)
    weighed = []
    exposed: set[str] = set()
    for submission in await stances.published(tx, meeting.id):
        everything = tallies_of(submission, members, seal)
        exposed.update(shown(everything, SMALLEST))
        tallies = shown(everything, settings.smallest)
        weighed.append(
            Weighed(
                id=submission.id,
                number=submission.number,
                kind=submission.kind,
                text=submission.text,
                groups=tuple((group, tallies[group.leader]) for group in groups if group.leader in tallies),
                institutions=tuple((item.institution, item.stance) for item in spoken.get(submission.id, [])),
                answers_id=submission.answers_id,
                is_answered=submission.is_answered,
            )
        )
    return Agreement(meeting, settings, tuple(groups), tuple(weighed), frozenset(exposed))


def shown(tallies: Mapping[str, Tally], smallest: int) -> dict[str, Tally]:
    """The tallies of enough people; the others go into nothing that is shown."""
    return {leader: tally for leader, tally in tallies.items() if tally.people >= smallest}


def tallies_of(submission: Weighable, members: Mapping[int, str], seal: Seal) -> dict[str, Tally]:
    """Leader of a group to what its people think of a submission; ``members`` tells whose leader each person has."""
    taken = stances.read(submission.taken)
    counts: dict[str, dict[str, int]] = {}
    if taken:
        for person, leader in members.items():
            stance = taken.get(seal.name(submission.id, person))
            if stance is not None:
                counts.setdefault(leader, {AGREE: 0, DISAGREE: 0, PASS: 0})[stance] += 1
    return {leader: Tally(found[AGREE], found[DISAGREE], found[PASS]) for leader, found in counts.items()}


async def groups_of(tx: Transaction, meeting: Meeting) -> list[Group]:
    """The groups whose agreement is told apart: the sectors, those that were merged as one; in the office's order."""
    leaders = await agreement.merged(tx, meeting.id)
    counts = await participants.count_by_sector(tx, meeting.id)
    invited = await stored_meetings.quotas(tx, meeting.id)
    names: dict[str, Localised] = {
        sector.code: sector.name
        for sector in await offices.sectors(tx, meeting.office_id)
        if sector.code in invited or sector.code in counts
    }
    for code in counts:
        names.setdefault(code, {"id": code})
    return grouped(names, leaders)


def grouped(names: Mapping[str, Localised], leaders: Mapping[str, str]) -> list[Group]:
    """The groups that sectors form when each follows its leader; in the order of ``names``."""
    members: dict[str, list[str]] = {}
    for code in names:
        members.setdefault(leaders.get(code, code), []).append(code)
    return [
        Group(
            leader,
            tuple(sectors),
            tuple(names[code] for code in sectors),
            everyone=len(members) == 1 and len(names) > 1,
        )
        for leader, sectors in members.items()
    ]


def votes(everything: Sequence[Weighable], people: Sequence[int], seal: Seal) -> list[list[int | None]]:
    """The people's stances, a row a person in the order of ``people``: 1, -1, 0 for a pass, None for none."""
    values = {AGREE: 1, DISAGREE: -1, PASS: 0}
    columns = []
    for item in everything:
        taken = {name: values[stance] for name, stance in stances.read(item.taken).items()}
        columns.append([taken.get(name) for name in seal.names(item.id, people)])
    return [list(row) for row in zip(*columns, strict=True)]
