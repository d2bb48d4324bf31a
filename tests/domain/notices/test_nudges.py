"""Who is asked once more to note a notice: the silent, but for those who stopped such reminders since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.notices import nudges
from bot.domain.notices.audience import Audience
from bot.domain.reminders import reminders
from bot.storage import broadcasts
from bot.storage import reminder_wishes as wishes
from bot.storage.database import Database, Transaction
from tests.small_rakor import ANI, DODI, DUE, Rakor, Texts, small_rakor

Wish = Callable[[Transaction, int], Awaitable[None]]


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


@pytest.mark.parametrize(
    ("topic", "wish", "asked"),
    [
        ("netralitas", lambda tx, office: wishes.opt_out(tx, office, ANI), [DODI]),
        ("netralitas", lambda tx, office: wishes.stop_topic(tx, office, ANI, "netralitas"), [DODI]),
        ("netralitas", lambda tx, office: wishes.stop_topic(tx, office, ANI, "kampanye"), [ANI, DODI]),
        ("meeting", lambda tx, office: wishes.opt_out(tx, office, ANI), [ANI, DODI]),
    ],
)
async def test_who_stopped_reminders_like_it_is_left_alone(
    rakor: Rakor, topic: str, wish: Wish, asked: list[int]
) -> None:
    await rakor.reminds(audience=Audience("all"), topic=topic)

    async def silent(tx: Transaction) -> list[int]:
        await reminders.collect_due(tx, DUE, Texts())
        await tx.run("UPDATE deliveries SET state = 'sent', sent_at = 1, message_id = chat_id")
        (sent,) = await broadcasts.of_meeting(tx, rakor.meeting.id)
        before = [to.chat_id for to in await nudges.silent_people(tx, sent)]
        assert sorted(before) == [ANI, DODI]
        await wish(tx, rakor.meeting.office_id)
        return sorted(to.chat_id for to in await nudges.silent_people(tx, sent))

    assert await rakor.write(silent) == asked
