"""Sessions are made and set by those who run them, and go with the agenda where they are told to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.dialogue import session_setup, sessions
from bot.domain.errors import AlreadyDecided, NotAllowed, NotForSector, NotFound
from bot.domain.notices.audience import ATTENDED, REGISTERED
from bot.storage import attendance, meetings, participants
from bot.storage import sessions as stored
from bot.storage.database import Database, Transaction
from bot.storage.sessions import Session
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    Dialogue,
    closes,
    opens,
    send_named,
)


async def sets(database: Database, session: Session, what: str, value: str, person: int = DEWI) -> Session:
    await database.write(lambda tx: session_setup.set_up(tx, session.id, person, what, value, NOW))
    return await again(database, session)


async def again(database: Database, session: Session) -> Session:
    found = await database.read(lambda tx: stored.find(tx, session.id))
    assert found is not None
    return found


async def creates(database: Database, dialogue: Dialogue, person: int = DEWI) -> Session:
    session, _ = await database.write(
        lambda tx: session_setup.create(tx, dialogue.meeting_id, person, {"id": "Topik"}, {}, NOW)
    )
    return session


async def has_item(database: Database, dialogue: Dialogue, starts: datetime, ends: datetime) -> None:
    await database.write(
        lambda tx: meetings.save_agenda_item(
            tx,
            dialogue.meeting_id,
            slug="dialog",
            starts_at=starts,
            ends_at=ends,
            title={"id": "Dialog"},
            speaker="Narasumber",
            speaker_position={},
        )
    )


async def test_a_new_session_takes_everything_from_everybody(database: Database, dialogue: Dialogue) -> None:
    session = await creates(database, dialogue)

    assert (session.state, session.kinds, session.anonymity) == ("planned", stored.KINDS, "allowed")
    assert (session.limit_per_person, session.text_limit, session.moderation) == (5, 500, "before")
    assert (session.topics, session.sectors, session.follows_agenda) == ((), (), False)


async def test_each_setting_is_kept(database: Database, dialogue: Dialogue) -> None:
    await has_item(database, dialogue, NOW, NOW + timedelta(hours=1))
    session = await creates(database, dialogue)

    for what, value in (
        ("kind", "input"),
        ("anonymity", "forced"),
        ("limit", "1"),
        ("length", "1000"),
        ("moderation", "after"),
        ("item", "dialog"),
        ("clock", "1"),
    ):
        await sets(database, session, what, value)
    await database.write(
        lambda tx: session_setup.set_topics(tx, session.id, DEWI, ["Logistik", "Pemilih", "Logistik"], NOW)
    )
    changed = await database.write(
        lambda tx: session_setup.reword(tx, session.id, DEWI, {"id": "Baru"}, {"id": "Apa?"}, NOW)
    )

    assert changed == await again(database, session)
    assert changed == replace(
        session,
        kinds=("challenge", "suggestion", "question"),
        anonymity="forced",
        limit_per_person=1,
        text_limit=1000,
        moderation="after",
        agenda_slug="dialog",
        follows_agenda=True,
        topics=("Logistik", "Pemilih"),
        topic={"id": "Baru"},
        prompt={"id": "Apa?"},
    )


async def test_one_kind_is_always_left(database: Database, dialogue: Dialogue) -> None:
    session = await creates(database, dialogue)
    for kind in stored.KINDS:
        session = await sets(database, session, "kind", kind)

    assert session.kinds == ("question",)


@pytest.mark.parametrize(
    ("what", "value"),
    [("kind", "x"), ("limit", "7"), ("item", "nowhere"), ("sector", "x"), ("clock", "1"), ("x", "1")],
)
async def test_what_is_no_setting_is_refused(
    database: Database, dialogue: Dialogue, what: str, value: str
) -> None:
    session = await creates(database, dialogue)

    with pytest.raises(NotFound):
        await sets(database, session, what, value)

    assert await again(database, session) == session


@pytest.mark.parametrize("person", [ANI, CITRA])
async def test_only_the_committee_makes_sets_and_removes(
    database: Database, dialogue: Dialogue, person: int
) -> None:
    for act in (
        creates(database, dialogue, person),
        sets(database, dialogue.session, "limit", "1", person),
        database.write(lambda tx: session_setup.remove(tx, dialogue.session.id, person, NOW)),
    ):
        with pytest.raises(NotAllowed):
            await act


async def test_two_who_set_at_once_both_succeed(database: Database, dialogue: Dialogue) -> None:
    session = await creates(database, dialogue)

    await asyncio.gather(
        sets(database, session, "kind", "input"),
        sets(database, session, "kind", "question", BUDI),
        sets(database, session, "limit", "1"),
    )

    found = await again(database, session)
    assert (found.kinds, found.limit_per_person) == (("challenge", "suggestion"), 1)


async def test_what_was_opened_once_is_not_removed(database: Database, dialogue: Dialogue) -> None:
    session = await creates(database, dialogue)
    await database.write(lambda tx: session_setup.remove(tx, session.id, DEWI, NOW))

    with pytest.raises(NotFound):
        await sets(database, session, "limit", "1")
    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: session_setup.remove(tx, dialogue.session.id, DEWI, NOW))


async def test_only_its_sectors_may_submit(database: Database, dialogue: Dialogue) -> None:
    await database.write(
        lambda tx: tx.many(
            "INSERT INTO meeting_sectors (meeting_id, sector) VALUES (:meeting, :sector)",
            [{"meeting": dialogue.meeting_id, "sector": sector} for sector in ("asn", "media")],
        )
    )
    session = await sets(database, dialogue.session, "sector", "asn")
    assert session.sectors == ("media",)

    with pytest.raises(NotForSector):
        await send_named(database, session.id, ANI, "Logistik terlambat")

    session = await sets(database, session, "sector", "asn")
    assert session.sectors == ()
    await send_named(database, session.id, ANI, "Logistik terlambat")


async def test_a_session_goes_with_its_agenda_item(database: Database, dialogue: Dialogue) -> None:
    await has_item(database, dialogue, NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    session = await creates(database, dialogue)
    await sets(database, session, "item", "dialog")
    await sets(database, session, "clock", "1")

    async def at(minutes: int) -> str:
        now = NOW + timedelta(minutes=minutes)
        await database.write(lambda tx: sessions.follow_agenda(tx, now))
        return (await again(database, session)).state

    assert [await at(minutes) for minutes in (0, 59, 60, 90, 120)] == [
        "planned",
        "planned",
        "open",
        "open",
        "closed",
    ]
    await opens(database, session.id, now=NOW + timedelta(minutes=125))
    assert await at(130) == "open"


async def test_what_was_closed_by_hand_stays_closed(database: Database, dialogue: Dialogue) -> None:
    await has_item(database, dialogue, NOW, NOW + timedelta(hours=2))
    session = await creates(database, dialogue)
    await sets(database, session, "item", "dialog")
    await sets(database, session, "clock", "1")
    await database.write(lambda tx: sessions.follow_agenda(tx, NOW))
    await closes(database, session.id)

    switched = await database.write(lambda tx: sessions.follow_agenda(tx, NOW + timedelta(minutes=1)))

    assert switched == []
    assert (await again(database, session)).state == "closed"


async def test_those_present_are_told_or_all_where_nobody_is_checked_in(
    database: Database, dialogue: Dialogue
) -> None:
    async def told() -> tuple[str, ...]:
        return (await database.read(lambda tx: sessions.audience_of(tx, dialogue.session))).states

    assert await told() == (REGISTERED,)

    async def check_in(tx: Transaction) -> None:
        ani = await participants.of_person(tx, dialogue.meeting_id, ANI)
        assert ani is not None
        await attendance.add(
            tx, participant_id=ani.id, meeting_id=dialogue.meeting_id, operator_id=DEWI, way="code", now=NOW
        )

    await database.write(check_in)
    assert await told() == (ATTENDED,)
