"""Taking stances: once each, changeable, by those who take part; and which submission comes next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.domain.agreement import agreement, stances
from bot.domain.agreement.stances import AGREE, DISAGREE, PASS, Ballot, Seal
from bot.domain.errors import MeetingClosed, NotFound, NotRegistered
from bot.storage import agreement as stored_agreement
from bot.storage import meetings, participants
from bot.storage import stances as stored
from bot.storage.database import Database, Transaction
from tests.domain.dialogue.small_dialogue import (
    ANI,
    CITRA,
    NOW,
    SECRET,
    Dialogue,
    joins,
    publishes,
    refuses,
    send_anonymously,
    send_named,
)


async def published(database: Database, dialogue: Dialogue, count: int) -> list[int]:
    """As many anonymous submissions, published, each from somebody else; their ids by number."""
    for place in range(count):
        await joins(database, dialogue, 800_000_000 + place, f"Penulis {place}")
        sent, _ = await send_anonymously(
            database, dialogue.session.id, 800_000_000 + place, f"Masukan nomor {place}"
        )
        await publishes(database, sent.id)
    found = await database.read(lambda tx: stored.published(tx, dialogue.meeting_id))
    return [item.id for item in found]


async def takes(database: Database, submission_id: int, person_id: int, stance: str) -> None:
    await database.write(lambda tx: stances.take(tx, submission_id, person_id, stance, SECRET))


async def next_for(database: Database, dialogue: Dialogue, person_id: int) -> Ballot | None:
    async def work(tx: Transaction) -> Ballot | None:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        return (await stances.next_ballot(tx, meeting, person_id, SECRET))[0]

    return await database.read(work)


async def counts(database: Database, dialogue: Dialogue) -> dict[int, Counter[str]]:
    found = await database.read(lambda tx: stored.published(tx, dialogue.meeting_id))
    return {item.id: Counter(stored.read(item.taken).values()) for item in found}


async def test_a_stance_counts_once_and_can_be_changed(database: Database, dialogue: Dialogue) -> None:
    (submission,) = await published(database, dialogue, 1)

    for stance in (AGREE, AGREE, DISAGREE):
        await takes(database, submission, ANI, stance)

    assert await counts(database, dialogue) == {submission: Counter({DISAGREE: 1})}


async def test_everything_is_asked_once_and_then_nothing(database: Database, dialogue: Dialogue) -> None:
    ids = await published(database, dialogue, 5)
    asked: list[int] = []
    while (ballot := await next_for(database, dialogue, ANI)) is not None:
        assert (ballot.taken, ballot.total, ballot.stance) == (len(asked), 5, None)
        asked.append(ballot.submission.id)
        await takes(database, asked[-1], ANI, PASS)

    assert sorted(asked) == sorted(ids)


async def test_the_least_known_comes_next_and_first_what_the_own_sector_is_silent_about(
    database: Database, dialogue: Dialogue
) -> None:
    ids = await published(database, dialogue, 3)
    polri = await joins(database, dialogue, CITRA, "Citra")
    await database.write(
        lambda tx: tx.run("UPDATE participants SET sector = 'polri' WHERE id = :id", id=polri.id)
    )
    # One colleague of Ani on the first, one from elsewhere on the second, nobody on the third.
    await takes(database, ids[0], 800_000_000, AGREE)
    await takes(database, ids[1], CITRA, AGREE)

    first = await next_for(database, dialogue, ANI)
    assert first is not None
    await takes(database, first.submission.id, ANI, AGREE)
    second = await next_for(database, dialogue, ANI)

    assert first.submission.id == ids[2]
    assert second is not None
    assert second.submission.id == ids[1]


async def test_ones_own_named_submission_comes_last(database: Database, dialogue: Dialogue) -> None:
    own = await send_named(database, dialogue.session.id, ANI, "Dari Ani")
    await publishes(database, own.id)
    others = [item for item in await published(database, dialogue, 3) if item != own.id]
    for person in (800_000_000, 800_000_001):  # so that Ani's is the least known
        for other in others:
            await takes(database, other, person, AGREE)

    order = []
    while (ballot := await next_for(database, dialogue, ANI)) is not None:
        order.append((ballot.submission.id, ballot.own))
        await takes(database, ballot.submission.id, ANI, AGREE)

    assert order[-1] == (own.id, True)
    assert sorted(order[:-1]) == sorted((other, False) for other in others)


async def test_only_participants_of_an_open_meeting_take_stances_on_what_is_published(
    database: Database, dialogue: Dialogue
) -> None:
    (submission,) = await published(database, dialogue, 1)
    waiting, _ = await send_anonymously(database, dialogue.session.id, ANI, "Belum diputuskan")
    refused, _ = await send_anonymously(database, dialogue.session.id, ANI, "Ditolak")
    await refuses(database, refused.id)

    with pytest.raises(NotRegistered):
        await takes(database, submission, CITRA, AGREE)
    for hidden in (waiting.id, refused.id, 12345):
        with pytest.raises(NotFound):
            await takes(database, hidden, ANI, AGREE)
    with pytest.raises(NotFound):
        await takes(database, submission, ANI, "love")
    await database.write(
        lambda tx: meetings.set_state(tx, dialogue.meeting_id, "closed", NOW, expected="running")
    )
    with pytest.raises(MeetingClosed):
        await takes(database, submission, ANI, AGREE)

    assert await counts(database, dialogue) == {submission: Counter()}


async def test_a_delegate_speaks_openly_beside_their_own_stance(
    database: Database, dialogue: Dialogue
) -> None:
    (submission,) = await published(database, dialogue, 1)
    with pytest.raises(NotFound):
        await database.write(lambda tx: stances.take_for_institution(tx, submission, ANI, AGREE))
    ani = await database.read(lambda tx: participants.of_person(tx, dialogue.meeting_id, ANI))
    assert ani is not None
    await database.write(
        lambda tx: stored_agreement.appoint(tx, dialogue.meeting_id, ani.id, "Dinas Kominfo")
    )

    await takes(database, submission, ANI, DISAGREE)
    await database.write(lambda tx: stances.take_for_institution(tx, submission, ANI, AGREE))
    said = await database.read(lambda tx: stored.of_institutions(tx, dialogue.meeting_id))
    await database.write(lambda tx: stances.take_for_institution(tx, submission, ANI, AGREE))
    after = await database.read(lambda tx: stored.of_institutions(tx, dialogue.meeting_id))

    assert said == [stored.InstitutionStance(submission, "Dinas Kominfo", AGREE)]
    assert after == []
    assert await counts(database, dialogue) == {submission: Counter({DISAGREE: 1})}


async def test_whoever_has_their_data_erased_takes_their_stances_with_them(
    database: Database, dialogue: Dialogue
) -> None:
    first, second = await published(database, dialogue, 2)
    await takes(database, first, ANI, AGREE)
    await takes(database, second, ANI, PASS)
    await takes(database, second, 800_000_000, AGREE)
    before = await database.read(lambda tx: stances.own(tx, ANI, SECRET))

    erased = await database.write(lambda tx: stances.forget(tx, ANI, SECRET))

    assert sorted(stance for _, _, stance in before) == [AGREE, PASS]
    assert erased == 2
    assert await counts(database, dialogue) == {first: Counter(), second: Counter({AGREE: 1})}


async def test_names_cannot_be_told_without_the_secret_nor_followed_from_one_submission_to_another() -> None:
    seal = Seal(SECRET)

    names = {seal.name(submission, person) for submission in range(20) for person in range(20)}

    assert len(names) == 400
    assert not names & {
        Seal(b"").name(submission, person) for submission in range(20) for person in range(20)
    }


async def test_those_who_withdrew_are_in_no_figure(database: Database, dialogue: Dialogue) -> None:
    (submission,) = await published(database, dialogue, 1)
    people = [await joins(database, dialogue, 900_000_000 + place, f"Peserta {place}") for place in range(4)]
    for person in people:
        assert person.person_id is not None
        await takes(database, submission, person.person_id, AGREE)
    await database.write(
        lambda tx: tx.run("UPDATE participants SET state = 'withdrawn' WHERE id = :id", id=people[0].id)
    )

    async def figures(tx: Transaction) -> agreement.Weighed:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        return (await agreement.of_meeting(tx, replace(meeting), SECRET)).weighed[0]

    weighed = await database.read(figures)

    assert [(group.leader, tally.agree) for group, tally in weighed.groups] == [("asn", 3)]
