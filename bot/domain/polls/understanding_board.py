"""The understanding check as a board for the wall: how many answered, and once it is closed the shift."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.agreement.ground import group_name, percent, small_print
from bot.domain.polls import understanding, understanding_results
from bot.domain.polls.understanding_results import Results
from bot.domain.wall.boards import AFTER, BEFORE, Bar, Board, Row, bar
from bot.domain.wall.wall_views import View
from bot.i18n import N_, Translator
from bot.storage import checks
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the check is."""

    stage: str
    statements: int
    answered: int
    """How many people have finished the round that is open; 0 outside of the rounds."""
    results: Results | None
    """None before it is closed."""


async def look(tx: Transaction, meeting: Meeting, secret: bytes) -> Standing:
    stage = await checks.stage(tx, meeting.id)
    statements = await checks.of_meeting(tx, meeting.id)
    finished = understanding_results.finished(await checks.opinions(tx, meeting.id), statements)
    closed = stage == checks.CLOSED
    return Standing(
        stage,
        len(statements),
        finished.get(stage, 0),
        await understanding.results(tx, meeting) if closed else None,
    )


def words(t: Translator, meeting: Meeting, found: Standing) -> Board:
    title = t.gettext("Understanding check")
    if found.results is not None:
        return _shift(t, title, found.results)
    if found.stage in checks.ROUNDS:
        answered = t.ngettext(
            "{count} person has finished.", "{count} people have finished.", found.answered
        ).format(count=found.answered)
        invitation = t.ngettext(
            "{count} statement on the rules: true or false?",
            "{count} statements on the rules: true or false?",
            found.statements,
        ).format(count=found.statements)
        return Board(
            title,
            (Row(invitation, figure=str(found.answered), note=answered),),
            hint=t.gettext("Please answer in the bot: /check"),
        )
    return Board(title, empty=t.gettext("The next round of the check has not begun yet."))


def _shift(t: Translator, title: str, found: Results) -> Board:
    if found.total is None:
        return Board(title, empty=small_print(t, found.smallest))
    heading = t.gettext("Right answers: {before} → {after}").format(
        before=percent(found.total.before), after=percent(found.total.after)
    )
    people = t.ngettext(
        "Of {count} person who answered both rounds.",
        "Of {count} people who answered both rounds.",
        found.total.people,
    ).format(count=found.total.people)
    rows = [
        Row(f"{group_name(t, group)} ({shift.people})", _bars(shift.before, shift.after))
        for group, shift in found.groups
    ]
    if len(rows) < 2:
        rows = [
            Row(t.pick(item.statement.text), _bars(item.before.estimate, item.after.estimate))
            for item in sorted(found.statements, key=lambda item: item.change.estimate, reverse=True)
        ]
    hint = f"{people} {small_print(t, found.smallest)}" if found.left_out else people
    return Board(
        heading, tuple(rows), hint=hint, legend=((BEFORE, t.gettext("before")), (AFTER, t.gettext("after")))
    )


def _bars(before: float, after: float) -> tuple[Bar, ...]:
    return (
        bar("", {BEFORE: before}, 1, percent(before)),
        bar("", {AFTER: after}, 1, percent(after)),
    )


VIEW = View("check", N_("Understanding check"), look, words)
