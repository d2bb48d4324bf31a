"""The random updates are well-formed: python-telegram-bot reads them all, and loses nothing."""

from __future__ import annotations

import collections

import pytest
import telegram

from tests.simulator.random_updates import CONTENT, KINDS, RandomUpdates

ANI = {"id": 7, "is_bot": False, "first_name": "Ani", "language_code": "id"}
GROUP = {"id": -5, "type": "group", "title": "Rakor"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:Deprecated since version")
def test_every_kind_is_read_by_python_telegram_bot(kind: str) -> None:
    updates = RandomUpdates([ANI], [GROUP], seed=1)

    for number in range(100):
        update = telegram.Update.de_json({"update_id": number, kind: updates.next(kind)})
        assert getattr(update, kind) is not None


def test_python_telegram_bot_knows_every_kind() -> None:
    assert set(KINDS) == {str(kind) for kind in telegram.Update.ALL_TYPES}


def test_messages_are_of_every_kind() -> None:
    updates = RandomUpdates([ANI], [GROUP], seed=1)
    seen = collections.Counter[str]()

    for _ in range(3000):
        message = updates.message(private=True)
        seen.update(
            name for name in CONTENT if name in message and not (name == "location" and "venue" in message)
        )

    assert set(seen) == set(CONTENT)


def test_the_same_seed_brings_the_same_updates() -> None:
    def some(seed: int) -> list[object]:
        updates = RandomUpdates([ANI], [GROUP], seed)
        return [updates.next(kind) for kind in KINDS * 3]

    assert some(1) == some(1)
    assert some(1) != some(2)
