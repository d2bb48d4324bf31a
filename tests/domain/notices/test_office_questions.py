"""Questions in answer to a notice: one organiser answers each, and who only says thanks asks nothing."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import AlreadyDecided, NotAllowed, TakenByAnother, TooManyQuestions
from bot.domain.notices import office_questions as questions
from bot.domain.notices.broadcasts import Content
from bot.domain.roles import ORGANISER
from bot.storage import offices
from bot.storage.database import Database, Transaction
from bot.storage.office_questions import Question
from tests.small_rakor import ANI, BUDI, CITRA, DODI, NOW, Rakor, small_rakor


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


@pytest.mark.parametrize(
    "text", ["Siap, Pak.", "ok", "Terima kasih atas infonya", "86 komandan", "Noted, thanks"]
)
def test_a_word_of_thanks_is_no_question(text: str) -> None:
    assert questions.is_acknowledgement(text)


@pytest.mark.parametrize(
    "text", ["Siap?", "Baik, tetapi kapan", "APK saya diturunkan", "Siap laksanakan besok pagi"]
)
def test_everything_else_is(text: str) -> None:
    assert not questions.is_acknowledgement(text)


async def test_a_message_whose_number_is_not_known_yet_is_a_notice_by_its_words(rakor: Rakor) -> None:
    former = await rakor.announces(
        Content({"id": "<b>Rakor</b>\n\nAPK &lt;besar&gt; diturunkan", "en": "Down"})
    )
    await rakor.announces(Content({"id": "Lain", "en": "Other"}))
    latter = await rakor.announces(Content({"id": "Sama", "en": "Down"}))

    async def found(chat_id: int, words: str) -> int | None:
        broadcast = await rakor.write(lambda tx: questions.notice_of(tx, chat_id, 77, words))
        return None if broadcast is None else broadcast.id

    assert await found(DODI, "Rakor\n\nAPK <besar> diturunkan") == former.id
    for known, other in ((former, latter), (latter, former)):
        await rakor.write(
            lambda tx, known=known: tx.run(  # type: ignore[misc]
                "UPDATE deliveries SET message_id = CASE WHEN broadcast_id = :known THEN 5 END",
                known=known.id,
            )
        )
        assert await found(ANI, "Down") == other.id
    assert [await found(DODI, words) for words in ("Rakor", "", " ")] == [None, None, None]
    assert await found(CITRA, "Down") is None


async def asked(rakor: Rakor, message_id: int = 1) -> Question | None:
    broadcast = await rakor.announces()
    return await rakor.write(
        lambda tx: questions.ask(
            tx,
            broadcast,
            person_id=ANI,
            chat_id=ANI,
            thread_id=None,
            message_id=message_id,
            text="Kapan?",
            now=NOW,
        )
    )


async def test_a_message_asks_once_and_ten_may_wait(rakor: Rakor) -> None:
    assert await asked(rakor, 1) is not None
    assert await asked(rakor, 1) is None
    for number in range(2, questions.MOST_OPEN + 1):
        assert await asked(rakor, number) is not None

    with pytest.raises(TooManyQuestions):
        await asked(rakor, 99)


async def test_of_two_organisers_at_once_one_has_it_until_the_other_takes_it_over(rakor: Rakor) -> None:
    question = await asked(rakor)
    assert question is not None

    async def appoint(tx: Transaction) -> None:
        await offices.grant(tx, rakor.meeting.office_id, DODI, ORGANISER, NOW)

    await rakor.write(appoint)
    taken = await asyncio.gather(
        *(rakor.write(lambda tx, who=who: questions.take(tx, question.id, who, NOW)) for who in (BUDI, DODI)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in taken].count(TakenByAnother) == 1
    first, second = (BUDI, DODI) if isinstance(taken[0], Question) else (DODI, BUDI)

    await rakor.write(lambda tx: questions.take(tx, question.id, second, NOW, take_over=True))
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: questions.answer(tx, question.id, first, "Besok.", NOW))
    answered = await rakor.write(lambda tx: questions.answer(tx, question.id, second, "Lusa.", NOW))
    assert (answered.state, answered.answer) == ("answered", "Lusa.")
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: questions.close(tx, question.id, second, NOW))


async def test_who_is_no_organiser_decides_nothing(rakor: Rakor) -> None:
    question = await asked(rakor)
    assert question is not None

    for act in (questions.take, questions.close):
        with pytest.raises(NotAllowed):
            await rakor.write(lambda tx, act=act: act(tx, question.id, ANI, NOW))  # type: ignore[misc]
