"""Polls (jajak pendapat): asking, answering, and what came of it in each sector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.domain.agreement import agreement
from bot.domain.agreement.agreement import Group
from bot.domain.errors import MeetingClosed, NotFound, NotRegistered, PollClosed
from bot.i18n import Translator
from bot.storage import actions, meetings, participants, polls
from bot.storage import agreement as stored_agreement
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from bot.storage.polls import CLOSED, DRAFT, OPEN, RANKING, SEVERAL, Answer, Poll

MAY_RUN = (roles.ORGANISER, roles.MODERATOR)

MOST_OPTIONS = 10
OPTION_LIMIT = 100
"""Characters of an option. Both are those of Telegram's own polls (Bot API, sendPoll), which people know."""
QUESTION_LIMIT = 300
EXPLANATION_LIMIT = 500
SCALE_STEPS = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A poll before it is kept."""

    kind: str
    question: str
    options: tuple[str, ...]
    right_option: int | None = None
    explanation: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Switched:
    """A poll after somebody asked to open or close it."""

    poll: Poll
    meeting: Meeting
    changed: bool
    """False when it was so already."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A poll as one participant answers it."""

    poll: Poll
    meeting: Meeting
    participant: Participant
    chosen: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it counts: a ranking does when every option has its place."""
        return len(self.chosen) == len(self.poll.options) if self.poll.kind == RANKING else bool(self.chosen)

    @property
    def may_see_results(self) -> bool:
        """Not before one has answered, so that nobody follows the others; hidden results when the poll is closed."""
        return self.poll.state == CLOSED or (self.is_complete and not self.poll.hidden)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a number of people answered."""

    people: int
    counts: tuple[int, ...]
    """For each option, how many chose it; in a ranking, how many put it first."""
    places: tuple[float, ...] = ()
    """In a ranking, the average place of each option, 1 being the most important; else, or without people, empty."""

    @property
    def mean(self) -> float | None:
        """The average step of a scale, from 1 on; None without people."""
        if not self.people:
            return None
        return sum(step * count for step, count in enumerate(self.counts, 1)) / self.people


@dataclass(frozen=True, slots=True)
class Results:
    """What may be shown of a poll: the answers of groups with enough people, alone and together.

    What fewer people answered takes part in no figure, so that nothing can be worked out by subtracting.
    """

    groups: tuple[tuple[Group, Tally], ...]
    """In the office's order of sectors."""
    total: Tally
    left_out: int
    """How many answers are of groups with too few."""
    smallest: int
    """From how many answers on a group is shown."""


def lines_of(text: str) -> list[str]:
    """The options that somebody wrote one a line, without numbering or dashes before them."""
    stripped = (line.strip().lstrip("-•*").strip() for line in text.splitlines())
    return [line for line in stripped if line]


def scale(t: Translator, ends: Sequence[str]) -> tuple[str, ...]:
    """The steps of a scale whose lowest and highest mean ``ends``; without them disagreement and agreement."""
    low, high = ends or (t.gettext("disagree"), t.gettext("agree"))
    middle = (str(step) for step in range(2, SCALE_STEPS))
    return (f"1 = {low}", *middle, f"{SCALE_STEPS} = {high}")


async def create(tx: Transaction, meeting_id: int, person_id: int, draft: Draft, now: datetime) -> Poll:
    """Keep a poll; nobody is asked before it is opened.

    Raises:
        NotFound, NotAllowed.
    """
    meeting = await _meeting(tx, meeting_id)
    await roles.require(tx, meeting.office_id, person_id, *MAY_RUN)
    poll = await polls.add(
        tx,
        meeting.id,
        kind=draft.kind,
        question=draft.question,
        options=draft.options,
        right_option=draft.right_option,
        explanation=draft.explanation,
        hidden=draft.hidden,
    )
    await _record(tx, "poll.created", poll, meeting, person_id, now)
    return poll


async def for_staff(tx: Transaction, poll_id: int, person_id: int) -> tuple[Poll, Meeting]:
    """A poll and its meeting, for somebody who may run it.

    Raises:
        NotFound, NotAllowed.
    """
    poll, meeting = await _both(tx, poll_id)
    await roles.require(tx, meeting.office_id, person_id, *MAY_RUN)
    return poll, meeting


async def switch(tx: Transaction, poll_id: int, state: str, person_id: int, now: datetime) -> Switched:
    """Open or close a poll; to do what is done already changes nothing.

    Raises:
        NotFound, NotAllowed.
        MeetingClosed: its meeting is a draft or over, and takes no answers.
    """
    poll, meeting = await for_staff(tx, poll_id, person_id)
    if state == OPEN and meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise MeetingClosed
    await _hold(tx, poll_id)
    changed = await polls.set_state(tx, poll_id, state, unless=state)
    if changed:
        await _record(tx, "poll.opened" if state == OPEN else "poll.closed", poll, meeting, person_id, now)
    return Switched((await _both(tx, poll_id))[0], meeting, changed)


async def remove(tx: Transaction, poll_id: int, person_id: int, now: datetime) -> Meeting:
    """Throw a poll away with all its answers.

    Raises:
        NotFound, NotAllowed.
    """
    poll, meeting = await for_staff(tx, poll_id, person_id)
    await _hold(tx, poll_id)
    await polls.remove(tx, poll_id)
    await _record(tx, "poll.removed", poll, meeting, person_id, now)
    return meeting


async def vote(tx: Transaction, poll_id: int, person_id: int) -> Vote:
    """A poll as this participant sees it, open or closed.

    Raises:
        NotFound: there is no such poll, or it is a draft.
        NotRegistered.
    """
    poll, meeting = await _both(tx, poll_id)
    if poll.state == DRAFT:
        raise NotFound
    participant = await participants.of_person(tx, meeting.id, person_id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    return Vote(poll, meeting, participant, await polls.chosen_by(tx, poll.id, participant.id))


async def choose(tx: Transaction, poll_id: int, person_id: int, option: int) -> Vote:
    """Take a tap on an option: it becomes the answer, joins or leaves it, or gets the next place of a ranking.

    Raises:
        NotFound: there is no such poll or option.
        NotRegistered, PollClosed.
    """
    await _hold(tx, poll_id)
    before = await _open_vote(tx, poll_id, person_id)
    if not 0 <= option < len(before.poll.options):
        raise NotFound
    return await _keep(tx, before, after_tap(before.poll.kind, before.chosen, option))


async def start_again(tx: Transaction, poll_id: int, person_id: int) -> Vote:
    """Take one's answer back.

    Raises:
        NotFound, NotRegistered, PollClosed.
    """
    await _hold(tx, poll_id)
    return await _keep(tx, await _open_vote(tx, poll_id, person_id), ())


def after_tap(kind: str, chosen: tuple[int, ...], option: int) -> tuple[int, ...]:
    """What is chosen after a tap on an option."""
    if kind == SEVERAL:
        return tuple(sorted(set(chosen) ^ {option}))
    if kind == RANKING:
        return chosen if option in chosen else (*chosen, option)
    return (option,)


async def open_for(tx: Transaction, meeting: Meeting) -> list[Poll]:
    """The polls that take answers now, the newest first; none when the meeting is over."""
    if meeting.state not in (meetings.OPEN, meetings.RUNNING):
        return []
    return [poll for poll in await polls.of_meeting(tx, meeting.id) if poll.state == OPEN]


async def end_all(tx: Transaction, meeting_id: int) -> None:
    """Close the polls of a meeting that is over; drafts stay drafts."""
    for poll in await polls.of_meeting(tx, meeting_id):
        if poll.state == OPEN:
            await _hold(tx, poll.id)
            await polls.set_state(tx, poll.id, CLOSED, unless=CLOSED)


def tally(poll: Poll, answers: Iterable[Answer]) -> Tally:
    """Count answers. Rankings count when every option has its place; average places order options as Borda's count."""
    options = range(len(poll.options))
    if poll.kind == RANKING:
        whole = [answer.chosen for answer in answers if len(answer.chosen) == len(poll.options)]
        first = tuple(sum(chosen[0] == option for chosen in whole) for option in options)
        places = tuple(
            sum(chosen.index(option) + 1 for chosen in whole) / len(whole) for option in options if whole
        )
        return Tally(len(whole), first, places)
    chosen_sets: Sequence[tuple[int, ...]] = [answer.chosen for answer in answers if answer.chosen]
    return Tally(
        len(chosen_sets), tuple(sum(option in chosen for chosen in chosen_sets) for option in options)
    )


async def results(tx: Transaction, poll: Poll, meeting: Meeting) -> Results:
    """What may be shown of a poll now."""
    smallest = (await stored_agreement.settings(tx, meeting.id)).smallest
    groups = await agreement.groups_of(tx, meeting)
    return tallied(poll, await polls.answers(tx, poll.id), groups, smallest)


def tallied(poll: Poll, answers: Sequence[Answer], groups: Sequence[Group], smallest: int) -> Results:
    """Count the answers of each group, leaving out those of fewer people than ``smallest``."""
    shown = []
    kept: list[Answer] = []
    for group in groups:
        own = [answer for answer in answers if answer.sector in group.sectors]
        counted = tally(poll, own)
        if counted.people >= smallest:
            shown.append((group, counted))
            kept += own
    total = tally(poll, kept)
    return Results(tuple(shown), total, tally(poll, answers).people - total.people, smallest)


async def _open_vote(tx: Transaction, poll_id: int, person_id: int) -> Vote:
    found = await vote(tx, poll_id, person_id)
    if found.poll.state != OPEN or found.meeting.state not in (meetings.OPEN, meetings.RUNNING):
        raise PollClosed
    return found


async def _keep(tx: Transaction, before: Vote, chosen: tuple[int, ...]) -> Vote:
    if chosen != before.chosen:
        await polls.save_answer(tx, before.poll.id, before.participant.id, chosen)
    return Vote(before.poll, before.meeting, before.participant, chosen)


async def _both(tx: Transaction, poll_id: int) -> tuple[Poll, Meeting]:
    poll = await polls.find(tx, poll_id)
    if poll is None:
        raise NotFound
    return poll, await _meeting(tx, poll.meeting_id)


async def _meeting(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    return meeting


async def _hold(tx: Transaction, poll_id: int) -> None:
    """Keep answering, closing and removing apart until the transaction ends."""
    await tx.lock(f"poll {poll_id}")


async def _record(
    tx: Transaction, action: str, poll: Poll, meeting: Meeting, person_id: int, now: datetime
) -> None:
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=person_id,
        action=action,
        now=now,
        poll=poll.number,
    )
