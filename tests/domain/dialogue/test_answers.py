"""Submissions are answered in the hall or in writing, and everybody of a session hears of anonymous ones in batches."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.dialogue import answer_digests, answers
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound
from bot.storage import meetings
from bot.storage.database import Database
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    NOW,
    Dialogue,
    by_receipt,
    closes,
    make,
    publishes,
    send_anonymously,
    send_named,
)


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    found = await make(database)
    await database.write(
        lambda tx: meetings.save_agenda_item(
            tx,
            found.meeting_id,
            slug="dialog",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            title={"id": "Dialog"},
            speaker="Kapolrestabes",
            speaker_position={},
        )
    )
    return found


async def writes(
    database: Database, submission_id: int, text: str = "Akan diperiksa.", person: int = BUDI
) -> Case:
    return await database.write(lambda tx: answers.in_writing(tx, submission_id, person, text, NOW))


async def digests(database: Database, now: datetime) -> list[int]:
    found = await database.write(lambda tx: answer_digests.collect_due(tx, now))
    return [digest.answers for digest in found]


async def test_an_answer_is_found_with_the_receipt(database: Database, dialogue: Dialogue) -> None:
    sent, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")
    await publishes(database, sent.id)

    await writes(database, sent.id)

    found = await by_receipt(database, receipt)
    assert (found.answered, found.answer, found.answered_by) == ("written", "Akan diperiksa.", None)


async def test_a_speaker_of_the_agenda_can_be_named(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "Kapan patroli?")
    await publishes(database, sent.id)

    async def for_speakers() -> list[int]:
        meeting = await database.read(lambda tx: meetings.find(tx, dialogue.meeting_id))
        assert meeting is not None
        cases, _ = await database.read(lambda tx: answers.for_speakers(tx, meeting, BUDI, 0))
        return [case.submission.id for case in cases]

    assert await for_speakers() == []
    await database.write(lambda tx: answers.assign(tx, sent.id, BUDI, "Kapolrestabes", NOW))
    assert await for_speakers() == [sent.id]
    case = await writes(database, sent.id)
    assert await for_speakers() == []

    assert case.submission.answered_by == "Kapolrestabes"
    with pytest.raises(NotFound):
        await database.write(lambda tx: answers.assign(tx, sent.id, BUDI, "Siapa saja", NOW))


async def test_only_what_is_published_is_answered_and_by_the_committee(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "Kapan patroli?")

    with pytest.raises(AlreadyDecided):
        await writes(database, sent.id)
    await publishes(database, sent.id)
    for person in (ANI, CITRA):
        with pytest.raises(NotAllowed):
            await writes(database, sent.id, person=person)
    await database.write(lambda tx: answers.in_the_hall(tx, sent.id, BUDI, NOW))
    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: answers.in_the_hall(tx, sent.id, BUDI, NOW))
    assert (await writes(database, sent.id)).submission.answered == "written"
    case = await database.write(lambda tx: answers.take_back(tx, sent.id, BUDI, NOW))
    assert (case.submission.answered, case.submission.answer) == (None, None)


async def test_while_a_session_is_open_people_are_told_the_next_morning(
    database: Database, dialogue: Dialogue
) -> None:
    for text in ("satu", "dua", "tiga"):
        sent, _ = await send_anonymously(database, dialogue.session.id, ANI, text)
        await publishes(database, sent.id)
        await writes(database, sent.id)
        await writes(database, sent.id, "Lebih jelas.")  # answered anew is no further answer

    assert await digests(database, NOW + timedelta(hours=12)) == []
    assert await digests(database, NOW + timedelta(hours=24)) == [3]
    assert await digests(database, NOW + timedelta(hours=48)) == []


async def test_after_the_session_people_are_told_in_batches(database: Database, dialogue: Dialogue) -> None:
    first, _ = await send_anonymously(database, dialogue.session.id, ANI, "satu")
    second, _ = await send_anonymously(database, dialogue.session.id, ANI, "dua")
    named = await send_named(database, dialogue.session.id, ANI, "tiga")
    for item in (first, second, named):
        await publishes(database, item.id)
    await writes(database, first.id)
    await writes(database, named.id)
    await closes(database, dialogue.session.id)
    await writes(database, second.id)

    assert await digests(database, NOW + timedelta(minutes=9)) == []
    assert await digests(database, NOW + timedelta(minutes=10)) == [2]


async def test_an_answer_taken_back_in_time_is_not_told(database: Database, dialogue: Dialogue) -> None:
    sent, _ = await send_anonymously(database, dialogue.session.id, ANI, "satu")
    await publishes(database, sent.id)
    await writes(database, sent.id)
    await database.write(lambda tx: answers.take_back(tx, sent.id, BUDI, NOW))

    assert await digests(database, NOW + timedelta(days=2)) == []
