"""Sessions are opened and closed by those who may, once each, however many taps arrive."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.dialogue import sessions
from bot.domain.errors import MeetingClosed, NotAllowed, NotFound
from bot.domain.meeting import meetings
from bot.storage import actions, offices, submission_counts, submissions
from bot.storage import meetings as stored_meetings
from bot.storage import sessions as stored_sessions
from bot.storage.database import Database, Transaction
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    Dialogue,
    add_session,
    closes,
    opens,
    send_anonymously,
    send_named,
)


async def logged(database: Database, office_id: int) -> list[str]:
    return sorted(line.action for line in await database.read(lambda tx: actions.latest(tx, office_id, 50)))


@pytest.mark.parametrize("person_id", [ANI, CITRA])
async def test_only_the_office_opens_and_closes(
    database: Database, dialogue: Dialogue, person_id: int
) -> None:
    with pytest.raises(NotAllowed):
        await closes(database, dialogue.session.id, person_id)
    with pytest.raises(NotAllowed):
        await opens(database, dialogue.session.id, person_id)

    session = await database.read(lambda tx: stored_sessions.find(tx, dialogue.session.id))
    assert session == dialogue.session


async def test_an_observer_and_another_offices_organiser_may_not(
    database: Database, dialogue: Dialogue
) -> None:
    async def appoint(tx: Transaction) -> None:
        await offices.grant(tx, dialogue.office_id, ANI, "observer", NOW)
        other = await offices.save(
            tx, code="lain", name="Lain", city="", timezone="Asia/Jakarta", locale="id", contact="", now=NOW
        )
        await offices.grant(tx, other.id, CITRA, "organiser", NOW)

    await database.write(appoint)

    for who in (ANI, CITRA):
        with pytest.raises(NotAllowed):
            await closes(database, dialogue.session.id, who)


async def test_a_moderator_closes_and_opens_again_and_both_are_logged(
    database: Database, dialogue: Dialogue
) -> None:
    later = NOW + timedelta(minutes=5)

    closed = await closes(database, dialogue.session.id, BUDI, later)
    opened = await opens(database, dialogue.session.id, BUDI, later)

    assert (closed.changed, closed.session.state, closed.session.closed_at) == (True, "closed", later)
    assert (opened.changed, opened.session.state, opened.session.closed_at) == (True, "open", None)
    assert await logged(database, dialogue.office_id) == [
        "session.closed",
        "session.opened",
        "session.opened",
    ]


async def test_two_who_close_at_once_close_once(database: Database, dialogue: Dialogue) -> None:
    outcomes = await asyncio.gather(*(closes(database, dialogue.session.id, who) for who in (BUDI, DEWI)))

    assert sorted(outcome.changed for outcome in outcomes) == [False, True]
    assert await logged(database, dialogue.office_id) == ["session.closed", "session.opened"]


async def test_two_who_open_at_once_open_once(database: Database, dialogue: Dialogue) -> None:
    await closes(database, dialogue.session.id, BUDI)

    outcomes = await asyncio.gather(*(opens(database, dialogue.session.id, who) for who in (BUDI, DEWI)))

    assert sorted(outcome.changed for outcome in outcomes) == [False, True]


@pytest.mark.parametrize("state", [stored_meetings.DRAFT, stored_meetings.CLOSED])
async def test_a_session_of_a_draft_or_of_a_meeting_that_is_over_does_not_open(
    database: Database, dialogue: Dialogue, state: str
) -> None:
    async def prepare(tx: Transaction) -> int:
        await stored_meetings.set_state(tx, dialogue.meeting_id, state, NOW, expected=stored_meetings.RUNNING)
        return (await add_session(tx, dialogue.meeting_id, "kedua")).id

    session_id = await database.write(prepare)

    with pytest.raises(MeetingClosed):
        await opens(database, session_id, DEWI)


async def test_a_session_that_does_not_exist_is_not_found(database: Database, dialogue: Dialogue) -> None:
    with pytest.raises(NotFound):
        await opens(database, 12345, DEWI)


async def test_closing_forgets_who_sent_how_many(database: Database, dialogue: Dialogue) -> None:
    await send_named(database, dialogue.session.id, ANI, "Logistik terlambat")
    await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    await closes(database, dialogue.session.id, BUDI)

    assert await database.read(lambda tx: submission_counts.sent_by(tx, dialogue.session.id)) == {}
    counted = await database.read(lambda tx: submissions.count_by_session(tx, dialogue.meeting_id))
    assert counted == {dialogue.session.id: 2}


async def test_closing_the_meeting_closes_its_sessions(database: Database, dialogue: Dialogue) -> None:
    await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    await database.write(lambda tx: meetings.move(tx, dialogue.meeting_id, stored_meetings.CLOSED, DEWI, NOW))

    session = await database.read(lambda tx: stored_sessions.find(tx, dialogue.session.id))
    assert session is not None
    assert session.state == "closed"
    assert await database.read(lambda tx: submission_counts.sent_by(tx, dialogue.session.id)) == {}


async def test_the_next_session_is_the_one_that_the_agenda_brings_next(
    database: Database, dialogue: Dialogue
) -> None:
    async def prepare(tx: Transaction) -> None:
        for slug, hours in (("sore", 3), ("siang", 1), ("pagi", -2)):
            await stored_meetings.save_agenda_item(
                tx,
                dialogue.meeting_id,
                slug=slug,
                starts_at=NOW + timedelta(hours=hours),
                ends_at=NOW + timedelta(hours=hours + 1),
                title={"id": slug},
                speaker="",
                speaker_position={},
            )
            await add_session(tx, dialogue.meeting_id, slug, agenda_slug=slug)

    await database.write(prepare)

    async def ask(tx: Transaction) -> tuple[str, object] | None:
        meeting = await stored_meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        found = await sessions.next_planned(tx, meeting, NOW)
        return None if found is None else (found[0].slug, found[1])

    assert await database.read(ask) == ("siang", NOW + timedelta(hours=1))


async def test_importing_a_session_again_keeps_its_state(database: Database, dialogue: Dialogue) -> None:
    again = await database.write(
        lambda tx: add_session(tx, dialogue.meeting_id, "dialog", limit_per_person=7, text_limit=200)
    )

    assert (again.id, again.state, again.opened_at) == (dialogue.session.id, "open", NOW)
    assert (again.limit_per_person, again.text_limit) == (7, 200)
