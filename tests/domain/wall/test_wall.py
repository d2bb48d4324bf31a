"""A wall shows what was published to the hall and nothing else; its link is an organiser's to make and to end."""

from __future__ import annotations

import pytest

from bot.domain.dialogue import sessions
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.wall import wall
from bot.domain.wall.wall import SectorCount, Sight, Topic, arrivals
from bot.storage import actions, walls
from bot.storage.database import Database
from bot.storage.values import millis
from bot.storage.walls import PublishedText
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    Dialogue,
    joins,
    publishes,
    refuses,
    send_anonymously,
    send_named,
)


async def opens_wall(database: Database, dialogue: Dialogue, person_id: int = DEWI) -> str:
    return await database.write(lambda tx: wall.open_wall(tx, dialogue.meeting_id, person_id, NOW))


async def looks(database: Database, token: str, arrived: tuple[int, ...] = ()) -> Sight | None:
    return await database.read(lambda tx: wall.sight(tx, wall.token_hash(token), arrived))


async def number_of(database: Database, submission_id: int) -> int:
    found: int = await database.read(
        lambda tx: tx.value("SELECT number FROM submissions WHERE id = :id", id=submission_id)
    )
    return found


async def test_only_what_was_published_is_shown(database: Database, dialogue: Dialogue) -> None:
    token = await opens_wall(database, dialogue)
    named = await send_named(database, dialogue.session.id, ANI, "terbit bernama")
    waiting = await send_named(database, dialogue.session.id, ANI, "menunggu")
    refused = await send_named(database, dialogue.session.id, ANI, "ditolak", kind="question")
    await joins(database, dialogue, CITRA, "Citra")
    secret, _ = await send_anonymously(
        database, dialogue.session.id, CITRA, "terbit anonim", kind="suggestion"
    )
    await publishes(database, named.id)
    await publishes(database, secret.id)
    await refuses(database, refused.id)

    sight = await looks(database, token)

    assert sight is not None
    shown = {
        PublishedText(await number_of(database, named.id), "challenge", "terbit bernama"),
        PublishedText(await number_of(database, secret.id), "suggestion", "terbit anonim"),
    }
    assert set(sight.newest) == shown
    assert sight.topics == (Topic(dialogue.session.topic, dialogue.session.prompt),)
    assert sight.sectors == (SectorCount({"id": "ASN", "en": "Civil service"}, 2),)
    # It could have been otherwise: the same moment later, the waiting one is there.
    await publishes(database, waiting.id)
    later = await looks(database, token)
    assert later is not None
    assert {item.text for item in later.newest} == {"terbit bernama", "terbit anonim", "menunggu"}


async def test_a_closed_session_is_no_topic(database: Database, dialogue: Dialogue) -> None:
    token = await opens_wall(database, dialogue)

    await database.write(lambda tx: sessions.close_session(tx, dialogue.session.id, DEWI, NOW))

    sight = await looks(database, token)
    assert sight is not None
    assert sight.topics == ()


async def test_what_came_last_is_shown_first(database: Database, dialogue: Dialogue) -> None:
    token = await opens_wall(database, dialogue)
    seen: tuple[int, ...] = ()
    texts = []
    for text in ("satu", "dua", "tiga"):
        submission = await send_named(database, dialogue.session.id, ANI, text)
        await publishes(database, submission.id)
        sight = await looks(database, token, seen)
        assert sight is not None
        seen = sight.published
        texts.append([item.text for item in sight.newest])

    assert texts == [["satu"], ["dua", "satu"], ["tiga", "dua", "satu"]]


def test_numbers_that_are_gone_are_forgotten_and_new_ones_come_last() -> None:
    assert arrivals((7, 3, 9), {3, 9, 5, 1}) == (3, 9, 1, 5)
    assert arrivals((), {2, 1}) == (1, 2)


async def test_a_new_link_ends_the_old_one_and_keeps_the_view(database: Database, dialogue: Dialogue) -> None:
    old = await opens_wall(database, dialogue)
    assert await database.write(lambda tx: wall.show(tx, dialogue.meeting_id, DEWI, wall.JOIN))

    new = await opens_wall(database, dialogue)

    assert await looks(database, old) is None
    sight = await looks(database, new)
    assert sight is not None
    assert sight.view == wall.JOIN


async def test_a_closed_wall_shows_nothing_and_can_be_opened_again(
    database: Database, dialogue: Dialogue
) -> None:
    token = await opens_wall(database, dialogue)

    assert await database.write(lambda tx: wall.close_wall(tx, dialogue.meeting_id, DEWI, NOW))
    assert not await database.write(lambda tx: wall.close_wall(tx, dialogue.meeting_id, DEWI, NOW))
    assert not await database.write(lambda tx: wall.show(tx, dialogue.meeting_id, DEWI, wall.JOIN))
    assert await looks(database, token) is None

    assert await looks(database, await opens_wall(database, dialogue)) is not None
    log = await database.read(lambda tx: actions.latest(tx, dialogue.office_id, 9))
    assert sorted(item.action for item in log if item.action.startswith("wall.")) == [
        "wall.closed",
        "wall.opened",
        "wall.opened",
    ]


@pytest.mark.parametrize("person_id", [ANI, BUDI, CITRA], ids=["participant", "moderator", "stranger"])
async def test_only_an_organiser_decides_about_the_wall(
    database: Database, dialogue: Dialogue, person_id: int
) -> None:
    token = await opens_wall(database, dialogue)
    before = await database.read(lambda tx: walls.of_meeting(tx, dialogue.meeting_id))

    with pytest.raises(NotAllowed):
        await opens_wall(database, dialogue, person_id)
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: wall.show(tx, dialogue.meeting_id, person_id, wall.JOIN))
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: wall.close_wall(tx, dialogue.meeting_id, person_id, NOW))
    with pytest.raises(NotAllowed):
        await database.read(lambda tx: wall.for_organiser(tx, dialogue.meeting_id, person_id))

    assert await database.read(lambda tx: walls.of_meeting(tx, dialogue.meeting_id)) == before
    assert await looks(database, token) is not None


async def test_an_unknown_view_or_meeting_is_refused(database: Database, dialogue: Dialogue) -> None:
    await opens_wall(database, dialogue)

    with pytest.raises(NotFound):
        await database.write(lambda tx: wall.show(tx, dialogue.meeting_id, DEWI, "waiting"))
    with pytest.raises(NotFound):
        await database.write(lambda tx: wall.show(tx, 1, DEWI, wall.JOIN))


async def test_the_database_does_not_hold_the_token(database: Database, dialogue: Dialogue) -> None:
    token = await opens_wall(database, dialogue)

    rows = await database.read(lambda tx: tx.all("SELECT * FROM walls"))

    kept = [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - rows of sqlite3
    assert kept == [
        {
            "meeting_id": dialogue.meeting_id,
            "token_hash": wall.token_hash(token),
            "view": wall.AUTO,
            "opened_at": millis(NOW),
        }
    ]
    assert wall.token_hash(token) != token
