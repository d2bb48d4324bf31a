"""The boards on the wall: no figure before everybody may see it, and nothing that no moderator has read."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.agreement import ground, stances
from bot.domain.polls import poll_board, polls, statements, understanding, understanding_board
from bot.domain.polls.polls import Draft
from bot.domain.wall.boards import Board
from bot.domain.wall.wall_views import View, views
from bot.i18n import translator
from bot.storage import meetings
from bot.storage.checks import AFTER, BEFORE, CLOSED, DIALOGUE, FALSE
from bot.storage.database import Database, Transaction
from bot.storage.polls import ONE, OPEN
from tests.domain.dialogue.small_dialogue import ANI, BUDI, NOW, SECRET, Dialogue, make, register, send_named


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    """Ani and two more take part, enough for their sector to be shown."""
    found = await make(database)
    for person_id, name in ((ANI + 100, "Eka"), (ANI + 101, "Fajar")):
        await database.write(
            lambda tx, who=person_id, name=name: register(tx, found.meeting_id, who, name)  # type: ignore[misc]
        )
    return found


PEOPLE = (ANI, ANI + 100, ANI + 101)


async def shown(database: Database, dialogue: Dialogue, view: View) -> Board:
    async def look(tx: Transaction) -> tuple[Any, Any]:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        first, again = await view.look(tx, meeting, SECRET), await view.look(tx, meeting, SECRET)
        assert first == again
        return meeting, first

    meeting, found = await database.read(look)
    return view.words(translator("en"), meeting, found)


async def asked(database: Database, dialogue: Dialogue, *, hidden: bool) -> int:
    draft = Draft(ONE, "Kapan?", ("Hari ini", "Besok"), hidden=hidden)

    async def work(tx: Transaction) -> int:
        poll = await polls.create(tx, dialogue.meeting_id, BUDI, draft, NOW)
        await polls.switch(tx, poll.id, OPEN, BUDI, NOW)
        for person_id in PEOPLE:
            await polls.choose(tx, poll.id, person_id, 1)
        return poll.id

    return await database.write(work)


def test_the_wall_offers_both() -> None:
    assert {"poll", "check"} <= views().keys()


async def test_a_hidden_poll_shows_its_question_and_how_many_answered(
    database: Database, dialogue: Dialogue
) -> None:
    await asked(database, dialogue, hidden=True)

    board = await shown(database, dialogue, poll_board.VIEW)

    assert (board.title, [row.text for row in board.rows]) == ("Kapan?", ["Hari ini", "Besok"])
    assert [(row.bars, row.figure) for row in board.rows] == [((), ""), ((), "")]
    assert board.hint.startswith("3 answers")


async def test_an_open_poll_and_a_closed_one_show_their_figures(
    database: Database, dialogue: Dialogue
) -> None:
    await asked(database, dialogue, hidden=False)
    board = await shown(database, dialogue, poll_board.VIEW)
    assert [(row.text, row.figure, row.note) for row in board.rows] == [
        ("Hari ini", "0%", "0"),
        ("Besok", "100%", "3"),
    ]

    hidden = await asked(database, dialogue, hidden=True)
    await database.write(lambda tx: polls.switch(tx, hidden, "closed", BUDI, NOW))
    board = await shown(database, dialogue, poll_board.VIEW)
    assert [row.figure for row in board.rows] == ["0%", "100%"]


async def test_without_a_poll_the_board_says_so(database: Database, dialogue: Dialogue) -> None:
    assert await shown(database, dialogue, poll_board.VIEW) == Board(
        "Poll", empty="No poll is open at the moment."
    )


async def test_the_check_shows_no_figure_before_it_is_closed(database: Database, dialogue: Dialogue) -> None:
    async def moves(*stages: str) -> None:
        for stage in stages:
            await database.write(
                lambda tx, stage=stage: understanding.advance(tx, dialogue.meeting_id, stage, BUDI, NOW)  # type: ignore[misc]
            )

    async def answer(tx: Transaction) -> None:
        sheet = await understanding.sheet(tx, dialogue.meeting_id, ANI)
        for person_id in PEOPLE:
            for item in sheet.statements:
                await understanding.answer(tx, item.id, sheet.round, person_id, FALSE)

    await database.write(
        lambda tx: understanding.add_ready(tx, dialogue.meeting_id, BUDI, statements.ready()[:2])
    )
    await moves(BEFORE)
    await database.write(answer)
    board = await shown(database, dialogue, understanding_board.VIEW)
    assert [(row.text, row.figure, row.note, row.bars) for row in board.rows] == [
        ("2 statements on the rules: true or false?", "3", "3 people have finished.", ())
    ]
    await moves(DIALOGUE)
    assert (await shown(database, dialogue, understanding_board.VIEW)).rows == ()

    await moves(AFTER)
    await database.write(answer)
    await moves(CLOSED)
    board = await shown(database, dialogue, understanding_board.VIEW)
    assert (board.title, board.hint) == (
        "Right answers: 50% → 50%",
        "Of 3 people who answered both rounds.",
    )
    assert sorted(row.bars[1].figure for row in board.rows) == ["0%", "100%"]


async def test_what_no_moderator_has_read_is_on_no_board(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "Perlu posko bersama")

    async def publish(tx: Transaction, *, reviewed: bool) -> None:
        await tx.run(
            "UPDATE submissions SET state = 'published', number = 101, reviewed = :reviewed WHERE id = :id",
            reviewed=int(reviewed),
            id=sent.id,
        )
        for person_id in PEOPLE:
            await stances.take(tx, sent.id, person_id, stances.AGREE, SECRET)

    await database.write(lambda tx: publish(tx, reviewed=False))
    for view in (ground.GROUND, ground.SUPPORTED, ground.DIVIDING):
        assert (await shown(database, dialogue, view)).rows == ()

    await database.write(lambda tx: publish(tx, reviewed=True))
    assert [row.text for row in (await shown(database, dialogue, ground.GROUND)).rows] == [
        "Perlu posko bersama"
    ]
