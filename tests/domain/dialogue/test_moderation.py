"""Each submission is decided once, by those who may, and each decision can be undone."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.agreement import stances
from bot.domain.dialogue import authorship, moderation, numbering, session_setup
from bot.domain.dialogue import submissions as sending
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound
from bot.storage import actions, people, submissions
from bot.storage import moderation as moderation_rows
from bot.storage import stances as stance_rows
from bot.storage.database import Database
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
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


@pytest.mark.parametrize("reason", moderation.REASONS)
async def test_a_refusal_has_a_reason_and_is_counted_by_it(
    database: Database, dialogue: Dialogue, reason: str
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    case = await refuses(database, sent.id, BUDI, reason)

    assert (case.submission.state, case.submission.reason) == ("refused", reason)
    counted = await database.read(lambda tx: moderation_rows.refusals(tx, dialogue.meeting_id))
    assert counted == {reason: 1}
    other = await send_named(database, dialogue.session.id, ANI, "dua")
    with pytest.raises(NotFound):
        await refuses(database, other.id, BUDI, "because")


async def test_every_decision_can_be_undone_and_a_number_is_kept(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    async def undoes(state: str) -> Case:
        return await database.write(lambda tx: moderation.undo(tx, sent.id, BUDI, state, SECRET, NOW))

    await refuses(database, sent.id)
    case = await undoes("refused")
    assert (case.submission.state, case.submission.reason) == ("waiting", None)
    number = (await publishes(database, sent.id)).submission.number
    with pytest.raises(AlreadyDecided):
        await undoes("refused")
    await undoes("published")
    assert (await publishes(database, sent.id)).submission.number == number
    lists = await database.read(lambda tx: submissions.published(tx, dialogue.meeting_id, 10))
    assert [item.id for item in lists] == [sent.id]


async def test_correcting_keeps_the_authors_words(database: Database, dialogue: Dialogue) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "logistk terlambat")

    async def corrects(text: str) -> Case:
        return await database.write(lambda tx: moderation.correct(tx, sent.id, BUDI, text, SECRET, NOW))

    await corrects("Logistik terlambt")
    case = await corrects("Logistik terlambat")
    assert (case.submission.text, case.submission.original_text) == (
        "Logistik terlambat",
        "logistk terlambat",
    )
    assert (await corrects("logistk terlambat")).submission.original_text is None


async def test_a_duplicate_brings_its_support_and_solutions_and_takes_them_back(
    database: Database, dialogue: Dialogue
) -> None:
    people_ = list(range(ANI + 100, ANI + 106))
    for person_id in people_:
        await joins(database, dialogue, person_id, "Peserta")
    stays = await send_named(database, dialogue.session.id, ANI, "Logistik terlambat")
    repeats = await send_named(database, dialogue.session.id, people_[0], "Logistiknya terlambat")
    number = (await publishes(database, stays.id)).submission.number or 0
    await publishes(database, repeats.id)
    solution, _ = await send_anonymously(
        database,
        dialogue.session.id,
        people_[1],
        "Kirim lebih awal",
        kind="suggestion",
        answers_id=repeats.id,
    )
    await publishes(database, solution.id)
    for person_id, which, stance in (
        (people_[0], stays.id, "disagree"),
        (people_[0], repeats.id, "agree"),
        (people_[1], repeats.id, "agree"),
        (people_[2], repeats.id, "pass"),
        (people_[3], stays.id, "agree"),
    ):
        await database.write(
            lambda tx, p=person_id, w=which, s=stance: stances.take(tx, w, p, s, SECRET)  # type: ignore[misc]
        )

    async def taken() -> list[str]:
        return sorted((await database.read(lambda tx: stance_rows.taken_on(tx, stays.id))).values())

    before = await taken()
    merged = await database.write(
        lambda tx: moderation.merge(tx, repeats.id, number, BUDI, SECRET, NOW, "published")
    )

    assert (merged.submission.state, merged.submission.merged_into_id) == ("merged", stays.id)
    assert await taken() == ["agree", "agree", "disagree", "pass"]  # who had two keeps the one that stays
    offered = await database.read(lambda tx: submissions.solutions(tx, stays.id))
    assert [item.id for item in offered] == [solution.id]
    shown, _ = await database.read(lambda tx: sending.published_one(tx, repeats.id, ANI))
    assert shown.submission.id == stays.id

    await database.write(lambda tx: moderation.undo(tx, repeats.id, BUDI, "merged", SECRET, NOW))

    assert await taken() == before == ["agree", "disagree"]
    back = await database.read(lambda tx: submissions.find(tx, solution.id))
    assert back is not None
    assert back.answers_id == repeats.id


async def test_nothing_is_merged_into_itself_or_into_what_is_not_published(
    database: Database, dialogue: Dialogue
) -> None:
    one = await send_named(database, dialogue.session.id, ANI, "satu")
    number = (await publishes(database, one.id)).submission.number or 0

    for target in (number, 1):
        with pytest.raises(NotFound):
            await database.write(
                lambda tx, n=target: moderation.merge(  # type: ignore[misc]
                    tx, one.id, n, BUDI, SECRET, NOW, "published"
                )
            )


async def test_a_heading_is_one_of_the_session(database: Database, dialogue: Dialogue) -> None:
    await database.write(
        lambda tx: session_setup.set_topics(tx, dialogue.session.id, DEWI, ["Logistik"], NOW)
    )
    sent = await send_named(database, dialogue.session.id, ANI, "satu")

    case = await database.write(lambda tx: moderation.put_under(tx, sent.id, BUDI, "Logistik", NOW))
    assert case.submission.topic == "Logistik"
    with pytest.raises(NotFound):
        await database.write(lambda tx: moderation.put_under(tx, sent.id, BUDI, "Cuaca", NOW))
