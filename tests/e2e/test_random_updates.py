"""Random but well-formed updates of every kind, through the simulator into the bot."""

from __future__ import annotations

import logging
from functools import partial

import pytest

from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall
from tests.simulator.random_updates import KINDS, WRITTEN, RandomUpdates

# Old fields that Telegram still sends; the library says so once for each.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version")


def _all_answered(hall: Hall, asked: dict[PersonDriver, int]) -> bool:
    return all(hall.tg.count_calls_to(person.id) > before for person, before in asked.items())


async def _drive(hall: Hall, rounds: int, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    """One update for each of ten people a round; who wrote must have got an answer before the next round."""
    people = [
        hall.tg.person(f"P{number}", language_code=code)
        for number, code in enumerate(("id", "en", "id", "fr", None, "id", "en", "id", "id", "en"))
    ]
    for person in people:
        await person.start()
    group = hall.tg.group("Rakor", people)
    await group.adds_bot(by=people[0])
    makers = [
        RandomUpdates([person.person.user()], [group.chat.json()], seed=seed + number)
        for number, person in enumerate(people)
    ]
    await hall.tg.updates_taken()
    for number in range(rounds):
        asked: dict[PersonDriver, int] = {}
        for index, (person, updates) in enumerate(zip(people, makers, strict=True)):
            if number % 2:
                message = updates.message(private=True, content=WRITTEN[(number + index) % len(WRITTEN)])
                asked[person] = hall.tg.count_calls_to(person.id)
                hall.tg.raw_update({"message": message})
            else:
                kind = KINDS[(number + index) % len(KINDS)]
                hall.tg.raw_update({kind: updates.next(kind)})
        await hall.tg.until(
            partial(_all_answered, hall, asked), f"everybody is answered in round {number} of seed {seed}"
        )
        await hall.tg.updates_taken()
    unhandled = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert unhandled == []


async def test_random_updates(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    await _drive(hall, 40, 1, caplog)


@pytest.mark.long
async def test_twenty_thousand_random_updates(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    await _drive(hall, 2_000, 2, caplog)
