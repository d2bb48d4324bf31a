"""Several moderators take from one queue: no two the same, nothing left out."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.domain.dialogue import moderation, session_setup
from bot.domain.errors import AlreadyDecided
from bot.storage import meetings, offices, submissions
from bot.storage.database import Database, Transaction
from handlers.dialogue.dialogue_rounds import make_round
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    DEWI,
    NOW,
    SECRET,
    Dialogue,
    joins,
    publishes,
    refuses,
    send_anonymously,
    send_named,
)


async def test_the_queue_goes_through_all_that_wait_and_through_nothing_else(
    database: Database, dialogue: Dialogue
) -> None:
    sent = [await send_named(database, dialogue.session.id, ANI, text) for text in ("satu", "dua", "tiga")]
    await refuses(database, sent[1].id)

    async def queue(tx: Transaction) -> list[int]:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        seen: list[int] = []
        while len(seen) < 3:
            after = seen[-1] if seen else None
            found = (await moderation.next_case(tx, meeting, BUDI, SECRET, NOW, after)).case
            assert found is not None
            seen.append(found.submission.id)
        return seen

    first, second, again = await database.write(queue)
    assert sorted([first, second]) == sorted([sent[0].id, sent[2].id])
    assert again == first


async def next_for(database: Database, dialogue: Dialogue, person: int, now: datetime = NOW) -> int | None:
    """The id of what a moderator gets to see."""

    async def work(tx: Transaction) -> int | None:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        found = (await moderation.next_case(tx, meeting, person, SECRET, now)).case
        return None if found is None else found.submission.id

    return await database.write(work)


async def appoints(database: Database, dialogue: Dialogue, *people_: int) -> None:
    async def work(tx: Transaction) -> None:
        for person in people_:
            await offices.grant(tx, dialogue.office_id, person, "moderator", NOW)

    await database.write(work)


async def test_no_two_moderators_get_the_same_at_the_same_time(
    database: Database, dialogue: Dialogue
) -> None:
    staff = [BUDI, DEWI, *range(900, 908)]
    await appoints(database, dialogue, *staff[2:])
    for person_id in range(ANI + 100, ANI + 108):
        await joins(database, dialogue, person_id, "Peserta")
        await send_anonymously(database, dialogue.session.id, person_id, "teks")

    got = await asyncio.gather(*(next_for(database, dialogue, person) for person in staff))

    found = [item for item in got if item is not None]
    assert len(found) == len(set(found)) == 8
    assert got.count(None) == 2


async def test_who_looks_again_gets_the_same_and_others_after_the_lease(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    assert await next_for(database, dialogue, BUDI) == sent.id
    assert await next_for(database, dialogue, BUDI) == sent.id
    assert await next_for(database, dialogue, DEWI) is None
    later = NOW + moderation.LEASE
    assert await next_for(database, dialogue, DEWI, later) == sent.id
    assert await next_for(database, dialogue, BUDI, later) is None


async def test_a_decision_frees_what_was_looked_at(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")
    await next_for(database, dialogue, BUDI)
    await publishes(database, sent.id, DEWI)

    assert await database.read(lambda tx: tx.all("SELECT * FROM moderation_claims")) == []


async def test_what_is_held_leaves_the_queue_and_is_found_in_its_list(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")
    await database.write(lambda tx: moderation.keep_back(tx, sent.id, BUDI, SECRET, NOW))

    async def held(tx: Transaction) -> list[int]:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        cases, more = await moderation.listed(tx, meeting, BUDI, ["held"], 0)
        assert not more
        return [case.submission.id for case in cases]

    assert await next_for(database, dialogue, BUDI) is None
    assert await database.read(held) == [sent.id]
    case = await database.write(lambda tx: moderation.publish(tx, sent.id, BUDI, SECRET, NOW, "held"))
    assert case.submission.state == "published"


async def test_where_moderators_read_afterwards_only_what_is_harmless_goes_at_once(
    database: Database, dialogue: Dialogue
) -> None:
    await database.write(
        lambda tx: session_setup.set_up(tx, dialogue.session.id, DEWI, "moderation", "after", NOW)
    )

    fine = await send_named(database, dialogue.session.id, ANI, "Hubungi 0812 3456 7890")
    rude, _ = await send_anonymously(database, dialogue.session.id, ANI, "Panitianya goblok")

    assert (fine.state, fine.reviewed, fine.text) == ("published", False, "Hubungi 08•• •••• ••••")
    assert (rude.state, rude.flags) == ("waiting", ("insult",))
    assert await next_for(database, dialogue, BUDI) == rude.id
    assert await next_for(database, dialogue, DEWI) == fine.id
    # The wall shows nothing that no moderator has seen.
    assert await database.read(lambda tx: submissions.numbers(tx, dialogue.meeting_id)) == set()
    case = await database.write(lambda tx: moderation.publish(tx, fine.id, DEWI, SECRET, NOW, "published"))
    assert (case.submission.number, case.submission.reviewed) == (fine.number, True)
    assert await database.read(lambda tx: submissions.numbers(tx, dialogue.meeting_id)) == {fine.number}
    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: moderation.publish(tx, fine.id, BUDI, SECRET, NOW, "published"))
    await database.write(
        lambda tx: session_setup.set_up(tx, dialogue.session.id, DEWI, "moderation", "before", NOW)
    )
    assert (await send_named(database, dialogue.session.id, ANI, "Tiga")).state == "waiting"


async def test_moderators_are_told_once_until_they_look(database: Database, dialogue: Dialogue) -> None:
    async def told() -> list[int]:
        return sorted(call.chat_id for call in await database.write(lambda tx: make_round(tx, NOW)))

    assert await told() == []
    await send_named(database, dialogue.session.id, ANI, "satu")
    assert await told() == [BUDI, DEWI]
    await send_named(database, dialogue.session.id, ANI, "dua")
    assert await told() == []
    await next_for(database, dialogue, BUDI)
    assert await told() == []  # he is looking
    later = await database.write(lambda tx: make_round(tx, NOW + moderation.LEASE))
    assert [call.chat_id for call in later] == [BUDI]
