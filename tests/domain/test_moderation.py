"""Each submission is decided once, by those who may, and numbered in the order of publication."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain import authorship, moderation, numbering
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound
from bot.storage import actions, meetings, people, submissions
from bot.storage.database import Database, Transaction
from tests.domain.dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    SECRET,
    Dialogue,
    joins,
    make,
    publishes,
    refuses,
    send_anonymously,
    send_named,
)


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    return await make(database)


async def test_published_ones_get_a_number_and_refused_ones_none(
    database: Database, dialogue: Dialogue
) -> None:
    first = await send_named(database, dialogue.session.id, ANI, "satu")
    second = await send_named(database, dialogue.session.id, ANI, "dua")
    third, _ = await send_anonymously(database, dialogue.session.id, ANI, "tiga")

    published = [await publishes(database, which.id) for which in (third, first)]
    refused = await refuses(database, second.id, DEWI)

    numbers = {case.submission.number for case in published}
    assert numbers == await database.read(lambda tx: submissions.numbers(tx, dialogue.meeting_id))
    assert len(numbers) == 2
    assert (refused.submission.state, refused.submission.number) == ("refused", None)


async def test_two_who_decide_at_once_decide_once(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    outcomes = await asyncio.gather(
        publishes(database, sent.id, BUDI),
        refuses(database, sent.id, DEWI),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(error) for error in refused] == [AlreadyDecided]
    lines = await database.read(lambda tx: actions.latest(tx, dialogue.office_id, 10))
    decisions = [line.action for line in lines if line.action.startswith("submission.")]
    assert len(decisions) == 1


async def test_many_published_at_once_get_numbers_of_their_own(
    database: Database, dialogue: Dialogue
) -> None:
    sent = []
    for person_id in range(ANI + 100, ANI + 120):
        await joins(database, dialogue, person_id, "Peserta")
        sent.append(await send_named(database, dialogue.session.id, person_id, "teks"))

    cases = await asyncio.gather(*(publishes(database, item.id, BUDI) for item in sent))

    numbers = [case.submission.number or 0 for case in cases]
    assert len(set(numbers)) == 20
    assert {len(str(number)) for number in numbers} == {3}
    assert numbers != sorted(numbers)  # 1 : 20! by chance


def test_numbers_get_longer_before_they_run_out() -> None:
    assert numbering.free_number(set(range(101, 550))) in {100, *range(550, 1000)}
    assert 1000 <= numbering.free_number(set(range(100, 550))) < 10_000


@pytest.mark.parametrize("person_id", [ANI, CITRA])
async def test_nobody_else_decides_or_looks(database: Database, dialogue: Dialogue, person_id: int) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    for act in (publishes, refuses):
        with pytest.raises(NotAllowed):
            await act(database, sent.id, person_id)
    with pytest.raises(NotAllowed):
        await database.read(lambda tx: moderation.case(tx, sent.id, person_id))

    assert await database.read(lambda tx: submissions.find(tx, sent.id)) == sent


async def test_a_withdrawn_submission_is_not_found(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")
    await database.write(lambda tx: authorship.withdraw_own(tx, sent.id, ANI))

    with pytest.raises(NotFound):
        await publishes(database, sent.id, BUDI)


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


async def test_those_who_decide_and_can_be_written_to_are_told(
    database: Database, dialogue: Dialogue
) -> None:
    found = await database.read(lambda tx: moderation.moderators(tx, dialogue.office_id))
    assert sorted(person.id for person in found) == [BUDI, DEWI]

    await database.write(lambda tx: people.mark(tx, BUDI, people.BLOCKED))

    found = await database.read(lambda tx: moderation.moderators(tx, dialogue.office_id))
    assert [person.id for person in found] == [DEWI]


async def test_only_a_named_author_who_can_be_written_to_is_told(
    database: Database, dialogue: Dialogue
) -> None:
    named = await send_named(database, dialogue.session.id, ANI, "satu")
    hidden, _ = await send_anonymously(database, dialogue.session.id, ANI, "dua")

    async def told(submission_id: int) -> int | None:
        case = await database.read(lambda tx: moderation.case(tx, submission_id, BUDI))
        author = await database.read(lambda tx: moderation.author_of(tx, case))
        return None if author is None else author.id

    assert await told(named.id) == ANI
    assert await told(hidden.id) is None
    await database.write(lambda tx: people.mark(tx, ANI, people.BLOCKED))
    assert await told(named.id) is None
