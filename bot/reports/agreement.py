"""The results of the stances as pictures: the shared ground, and the opinion groups for organisers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.agreement import agreement, ground, opinion_groups
from bot.domain.agreement.ground import Listed
from bot.domain.agreement.opinion_groups import Opinions, Typical
from bot.domain.agreement.stances import Seal
from bot.domain.wall.boards import ACCENT, AGREE, DISAGREE, PASS, Bar, Board, Row, Segment, bar
from bot.i18n import Translator
from bot.reports.charts import render
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings, stances
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.stances import Weighable

PICTURE = "shared-ground-png"
GROUPS = "opinion-groups-png"

TYPICAL = 3
"""How many statements stand for each group."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What opinion groups are found in."""

    meeting: Meeting
    submissions: tuple[Weighable, ...]
    people: tuple[int, ...]
    """The accounts of those registered."""


def makers(secret: bytes) -> tuple[Maker, ...]:
    """The makers of these pictures; without ``secret``, which only this installation knows, no stance is read."""

    async def gather_ground(tx: Transaction, arguments: Arguments) -> tuple[Meeting, Listed] | None:
        meeting = await meetings.find(tx, arguments["meeting"])
        if meeting is None:
            return None
        found = await agreement.of_meeting(tx, meeting, secret)
        return meeting, ground.listed(found, found.shared)

    async def gather_groups(tx: Transaction, arguments: Arguments) -> Conversation | None:
        meeting = await meetings.find(tx, arguments["meeting"])
        if meeting is None:
            return None
        people = sorted(await stances.sectors_of_people(tx, meeting.id))
        return Conversation(meeting, tuple(await stances.published(tx, meeting.id)), tuple(people))

    def groups_picture(t: Translator, data: Conversation) -> bytes:
        # Unsealed here, in a thread: for thousands of people it takes longer than anybody should hold the database.
        votes = agreement.votes(data.submissions, data.people, Seal(secret))
        took_part = [row for row in votes if any(vote is not None for vote in row)]
        found = opinion_groups.find(took_part) if took_part else None
        return render(groups_board(t, data.submissions, found), t.pick(data.meeting.title))

    return (
        Maker(PICTURE, gather_ground, _ground_picture),
        Maker(GROUPS, gather_groups, groups_picture),
    )


def _ground_picture(t: Translator, data: tuple[Meeting, Listed]) -> bytes:
    meeting, found = data
    return render(ground.shared_board(t, meeting, found), t.pick(meeting.title))


def groups_board(t: Translator, submissions: tuple[Weighable, ...], found: Opinions | None) -> Board:
    """Each opinion group with what is most typical of it, and what all of them agree on."""
    title = t.gettext("Opinion groups")
    if found is None or not found.is_tellable:
        return Board(
            title=title,
            empty=t.gettext(
                "No opinion groups can be told. It takes at least {people} people who answered {statements} submissions"
                " or more each, and in every group at least {smallest} people, so that nobody can be made out."
            ).format(
                people=opinion_groups.FEWEST_PEOPLE,
                statements=opinion_groups.FEWEST_STATEMENTS,
                smallest=opinion_groups.SMALLEST_GROUP,
            ),
        )
    everybody = sum(found.sizes)
    rows = []
    for place, (size, typical) in enumerate(zip(found.sizes, found.typical, strict=True)):
        rows.append(
            Row(
                label=t.gettext("Group {letter}").format(letter=chr(ord("A") + place)),
                text=t.ngettext("{count} person", "{count} people", size).format(count=size),
                bars=(bar("", {ACCENT: size}, everybody, ground.percent(size / everybody)),),
                note="" if typical else t.gettext("Nothing sets this group apart clearly."),
            )
        )
        rows += [_typical_row(t, submissions[item.statement], item) for item in typical[:TYPICAL]]
    ranked = sorted(range(len(submissions)), key=lambda place: found.consensus[place], reverse=True)
    rows += [
        Row(
            label=t.gettext("Agreed on across the groups · {number}").format(
                number=submissions[place].number
            ),
            text=submissions[place].text,
            figure=ground.percent(found.consensus[place] ** (1 / len(found.sizes))),
        )
        for place in ranked[:TYPICAL]
    ]
    clarity = (
        t.gettext("The groups lie clearly apart.")
        if found.silhouette >= opinion_groups.CLEAR
        else t.gettext("The groups run into each other: take them as a hint only.")
    )
    return Board(
        title=title,
        rows=tuple(rows),
        hint=clarity
        + " "
        + t.gettext("Found in the answers of {count} people, without regard to their sectors.").format(
            count=everybody
        ),
        legend=((AGREE, t.gettext("agree")), (DISAGREE, t.gettext("disagree"))),
    )


def _typical_row(t: Translator, submission: Weighable, item: Typical) -> Row:
    tone = AGREE if item.agrees else DISAGREE
    said = (
        t.gettext("{count} of {people} agree") if item.agrees else t.gettext("{count} of {people} disagree")
    )
    share = item.count / item.of
    return Row(
        label=t.gettext("{number} · typical of this group").format(number=submission.number),
        text=submission.text,
        bars=(Bar("", (Segment(share, tone), Segment(1 - share, PASS)), ground.percent(share)),),
        note=said.format(count=item.count, people=item.of),
    )
