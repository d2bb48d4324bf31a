"""Shared ground and what divides, as boards for the wall and for pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.agreement import agreement
from bot.domain.agreement.agreement import Agreement, Group, Tally, Weighed
from bot.domain.wall.boards import AGREE, DISAGREE, PASS, Bar, Board, Row, bar
from bot.domain.wall.wall_views import View
from bot.i18n import N_, Translator
from bot.storage import submissions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import CHALLENGE, INPUT, QUESTION, SUGGESTION

ROWS = 8
"""How many submissions a board is given; a screen has room for fewer."""

KIND_NAMES = {
    CHALLENGE: N_("Challenge"),
    SUGGESTION: N_("Suggestion"),
    INPUT: N_("Input"),
    QUESTION: N_("Question"),
}

STANCE_NAMES = {AGREE: N_("agrees"), DISAGREE: N_("disagrees"), PASS: N_("passes")}


@dataclass(frozen=True, slots=True)
class Listed:
    """The submissions that a board shows, and of how many groups there are."""

    items: tuple[Weighed, ...]
    groups: tuple[Group, ...]
    smallest: int


def listed(found: Agreement, items: list[Weighed]) -> Listed:
    return Listed(tuple(items[:ROWS]), found.groups, found.settings.smallest)


def group_name(t: Translator, group: Group) -> str:
    """A sector's name, the names of those merged, or that it is everybody."""
    if group.everyone:
        return t.gettext("Everybody together")
    return " + ".join(t.pick(name) for name in group.names)


def percent(share: float) -> str:
    return f"{round(100 * share)}%"


def explanation(t: Translator) -> str:
    """One sentence that says what the figure is."""
    return t.gettext(
        "The figure is the typical agreement of a sector: each counts the same whatever its size, so one sector that"
        " does not agree lowers it, and few voices move it little."
    )


def hint(t: Translator, smallest: int) -> str:
    """The same in few words, for a board."""
    return t.gettext(
        "Every sector counts the same; one that does not agree lowers the figure. Sectors with fewer than {count}"
        " answers are not shown."
    ).format(count=smallest)


def small_print(t: Translator, smallest: int) -> str:
    return t.gettext("Sectors with fewer than {count} answers are not shown.").format(count=smallest)


def basis(t: Translator, item: Weighed, groups: int) -> str:
    """On what a figure rests: how many sectors, and which agrees least."""
    weakest = item.weakest
    if weakest is None:
        return ""
    group, tally = weakest
    if group.everyone:
        return t.gettext("{agree} of {people} agree").format(agree=tally.agree, people=tally.people)
    if len(item.groups) == 1:
        return t.gettext("one sector of {groups}: {name}, {agree} of {people} agree").format(
            groups=groups, name=group_name(t, group), agree=tally.agree, people=tally.people
        )
    return t.gettext("{shown} of {groups} sectors; least: {name}, {agree} of {people} agree").format(
        shown=len(item.groups),
        groups=groups,
        name=group_name(t, group),
        agree=tally.agree,
        people=tally.people,
    )


def row(t: Translator, item: Weighed, groups: int) -> Row:
    """A submission with a bar a group."""
    refused = item.is_refused
    figure = percent(item.rejection if refused else item.consensus) if item.groups else ""
    label = t.gettext("{number} · {kind}").format(number=item.number, kind=t.gettext(KIND_NAMES[item.kind]))
    if refused:
        label = t.gettext("{label} · refused by all").format(label=label)
    notes = [basis(t, item, groups), *institutions(t, item)]
    return Row(
        text=item.text,
        bars=tuple(_bar(t, group, tally) for group, tally in item.groups),
        label=label,
        figure=figure,
        note=" · ".join(filter(None, notes)),
    )


def institutions(t: Translator, item: Weighed) -> list[str]:
    """What institutions say openly, a sentence each."""
    return [
        t.gettext("{institution} {stance}").format(
            institution=institution, stance=t.gettext(STANCE_NAMES[stance])
        )
        for institution, stance in item.institutions
    ]


def _bar(t: Translator, group: Group, tally: Tally) -> Bar:
    return bar(
        group_name(t, group),
        {AGREE: tally.agree, PASS: tally.passed, DISAGREE: tally.disagree},
        tally.people,
        f"{tally.agree}/{tally.people}",
    )


def board(t: Translator, found: Listed, title: str, empty: str) -> Board:
    """Submissions with the agreement of the sectors."""
    return Board(
        title=title,
        rows=tuple(row(t, item, len(found.groups)) for item in found.items),
        hint=hint(t, found.smallest),
        legend=((AGREE, t.gettext("agree")), (PASS, t.gettext("pass")), (DISAGREE, t.gettext("disagree"))),
        empty=empty,
    )


async def _read(tx: Transaction, meeting: Meeting, secret: bytes) -> Agreement:
    """The stances on what a moderator has read: where publishing comes before reading, the rest waits with the wall."""
    found = await agreement.of_meeting(tx, meeting, secret)
    seen = await submissions.numbers(tx, meeting.id)
    return replace(found, weighed=tuple(item for item in found.weighed if item.number in seen))


async def _look_shared(tx: Transaction, meeting: Meeting, secret: bytes) -> Listed:
    found = await _read(tx, meeting, secret)
    return listed(found, found.shared)


async def _look_supported(tx: Transaction, meeting: Meeting, secret: bytes) -> Listed:
    found = await _read(tx, meeting, secret)
    return listed(found, found.supported)


async def _look_dividing(tx: Transaction, meeting: Meeting, secret: bytes) -> Listed:
    found = await _read(tx, meeting, secret)
    return listed(found, found.dividing)


def shared_board(t: Translator, meeting: Meeting, found: Listed) -> Board:
    return board(
        t,
        found,
        t.gettext("Our shared ground"),
        t.gettext("No shared ground can be shown yet. Type /support in Telegram and say what you think."),
    )


def supported_board(t: Translator, meeting: Meeting, found: Listed) -> Board:
    return board(
        t,
        found,
        t.gettext("Most supported across the sectors"),
        t.gettext("Nothing can be shown yet. Type /support in Telegram and say what you think."),
    )


def dividing_board(t: Translator, meeting: Meeting, found: Listed) -> Board:
    return board(
        t,
        found,
        t.gettext("What we see differently"),
        t.gettext("Nothing divides us so far."),
    )


GROUND = View("ground", N_("Shared ground"), _look_shared, shared_board)
SUPPORTED = View("support", N_("Most supported"), _look_supported, supported_board)
DIVIDING = View("dividing", N_("What divides"), _look_dividing, dividing_board)
