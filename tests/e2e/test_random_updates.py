"""Random but well-formed updates of every kind, through the simulator into the bot."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from telegram import Update

from simulator.driver import NotSeen, PersonDriver
from simulator.methods.call import Call
from tests.e2e.conftest import Hall
from tests.simulator.random_updates import KINDS, WRITTEN, JsonDict, RandomUpdates

# Old fields that Telegram still sends; the library says so once for each.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version")


class _Answers:
    """Which of the updates that want an answer have not got one yet.

    A tap and an inline query are answered by their id, a private message by anything sent to its writer. That
    Telegram does not know the ids of random taps is no fault of the bot's, so refused answers count too.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._answered: set[str] = set()
        self._waiting: list[tuple[JsonDict, Callable[[], bool]]] = []
        hall.tg.simulator.api.listen(self._note)

    def _note(self, call: Call) -> None:
        for name in ("callback_query_id", "inline_query_id"):
            if name in call.params:
                self._answered.add(str(call.params[name]))

    def expect(self, kind: str, content: JsonDict, person: PersonDriver) -> None:
        """Take down an update that is about to be sent, if it wants an answer."""
        if kind in ("callback_query", "inline_query"):
            number = content["id"]
            self._waiting.append((content, lambda: number in self._answered))
        elif kind == "message" and content["chat"]["type"] == "private" and content.keys() & set(WRITTEN):
            before = self._hall.tg.count_calls_to(person.id)
            self._waiting.append((content, lambda: self._hall.tg.count_calls_to(person.id) > before))

    async def come(self, seed: int) -> int:
        """Wait for all answers; return how many there were.

        Raises:
            AssertionError: some update stayed without; the message shows them.
        """
        try:
            await self._hall.tg.until(
                lambda: all(answered() for _, answered in self._waiting), "all are answered"
            )
        except NotSeen as error:
            silent = [json.dumps(content) for content, answered in self._waiting if not answered()]
            raise AssertionError(f"seed {seed}: no answer to\n" + "\n".join(silent)) from error
        count = len(self._waiting)
        self._waiting.clear()
        self._answered.clear()
        return count


async def _drive(hall: Hall, rounds: int, seed: int, caplog: pytest.LogCaptureFixture) -> int:
    """One update for each of ten people a round; what wants an answer gets it before the next round.

    Returns the number of answers.
    """
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
    answers, count, sent = _Answers(hall), 0, set[str]()
    for number in range(rounds):
        for index, (person, updates) in enumerate(zip(people, makers, strict=True)):
            kind = KINDS[(number + index) % len(KINDS)]
            if number % 2:
                kind = "message"
                content = updates.message(private=True, content=WRITTEN[(number + index) % len(WRITTEN)])
            else:
                content = updates.next(kind)
            answers.expect(kind, content, person)
            hall.tg.raw_update({kind: content})
            sent.add(kind)
        count += await answers.come(seed)
        await hall.tg.updates_taken()
    unhandled = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert unhandled == []
    assert sent == set(Update.ALL_TYPES)
    return count


async def test_random_updates(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    assert await _drive(hall, 40, 1, caplog) >= 200


async def test_films_recordings_and_stickers_are_answered(hall: Hall) -> None:
    ani = hall.tg.person("Ani")
    await ani.start()
    for send in (ani.sends_video(b"film"), ani.sends_voice(b"OggS"), ani.sends_sticker(b"RIFF")):
        await send
        await ani.sees("Saat ini tidak ada pertanyaan yang terbuka")


@pytest.mark.long
async def test_twenty_thousand_random_updates(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    assert await _drive(hall, 2_000, 2, caplog) >= 10_000
