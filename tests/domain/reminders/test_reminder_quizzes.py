"""The question that comes with a reminder: its own, or its card's; approved like the text, copied with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import NeedsApproval, NotAllowed
from bot.domain.notices import noting
from bot.domain.notices.quizzes import Quiz
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminder_quizzes, reminders, wordings
from bot.storage import office_settings
from bot.storage import reminders as stored
from bot.storage.database import Database, Transaction
from bot.storage.reminders import Reminder
from tests.small_rakor import ANI, BUDI, GROUP, NOW, Rakor, Texts, small_rakor

QUIZ = Quiz("Bolehkah?", ["Boleh", "Tidak"], 1, "UU 20/2023")


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


async def asks(rakor: Rakor, reminder: Reminder, quiz: Quiz | None, who: int = BUDI) -> Reminder:
    return await rakor.write(lambda tx: reminder_quizzes.set_question(tx, reminder.id, who, quiz, NOW))


async def asked(rakor: Rakor, reminder: Reminder) -> Quiz | None:
    async def question(tx: Transaction) -> Quiz | None:
        found = await stored.find(tx, reminder.id)
        assert found is not None
        return await reminder_quizzes.question_of(tx, found)

    return await rakor.write(question)


async def test_its_own_question_stays_when_it_is_imported_again_and_goes_along_when_copied(
    rakor: Rakor,
) -> None:
    reminder = await rakor.reminds()
    await asks(rakor, reminder, QUIZ)

    again = await rakor.reminds()
    copied = await rakor.write(lambda tx: editing.copy(tx, again.id, BUDI, NOW))
    wording = await rakor.write(lambda tx: wordings.of(tx, again))

    assert [await asked(rakor, again), await asked(rakor, copied), wording.quiz] == [QUIZ, QUIZ, QUIZ]
    await asks(rakor, reminder, None)
    assert [await asked(rakor, again), await asked(rakor, copied)] == [None, QUIZ]


async def test_that_of_a_card_is_asked_with_each_reminder_of_the_card(rakor: Rakor) -> None:
    first = await rakor.reminds("satu", rule_id="tni-netral")
    second = await rakor.reminds("dua", rule_id="tni-netral")

    unchanged = await asks(rakor, first, QUIZ)

    assert (unchanged.quiz, await asked(rakor, second)) == (None, QUIZ)
    office_id = rakor.meeting.office_id
    assert await rakor.write(lambda tx: noting.quiz_of(tx, office_id, "tni-netral")) == QUIZ


@pytest.mark.parametrize("rule_id", [None, "tni-netral"])
async def test_only_organisers_of_the_office_set_it(rakor: Rakor, rule_id: str | None) -> None:
    reminder = await rakor.reminds(rule_id=rule_id)

    with pytest.raises(NotAllowed):
        await asks(rakor, reminder, QUIZ, ANI)

    assert await asked(rakor, reminder) is None


async def test_another_question_wants_another_approval(rakor: Rakor) -> None:
    reminder = await rakor.reminds()
    plain = wordings.digest(reminder)

    async def approve(tx: Transaction) -> None:
        await office_settings.set_approval(tx, rakor.meeting.office_id, 1)
        await stored.approve(tx, reminder.id, plain)

    await rakor.write(approve)
    changed = await asks(rakor, reminder, QUIZ)

    other = wordings.digest(replace(changed, quiz=replace(QUIZ, right=0).as_data()))
    assert len({plain, wordings.digest(changed), other}) == 3
    with pytest.raises(NeedsApproval):
        await rakor.write(lambda tx: reminders.send_now(tx, reminder.id, BUDI, NOW, NOW, Texts()))
    await asks(rakor, reminder, None)
    await rakor.write(lambda tx: reminders.send_now(tx, reminder.id, BUDI, NOW, NOW, Texts()))
    assert set(await rakor.deliveries()) == {ANI, GROUP}
