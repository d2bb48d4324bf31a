"""Each delivery to everybody once, in their language, many at a time."""

from __future__ import annotations

from collections import Counter

from bot.delivery import deliveries as module
from bot.delivery.pace import Priority
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from tests.delivery.fake_telegram import FakeTelegram, becomes, sending
from tests.small_rakor import ANI, BUDI, DODI, GROUP, Rakor

EVERYBODY_AND_GROUPS = Audience(sectors="all", groups=True)


async def test_each_chat_gets_it_in_its_language_and_topic(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces(
        Content(
            {"id": "Halo", "en": "Hello"},
            {
                "id": [
                    [{"text": "Buka", "callback_data": "x"}],
                    [{"text": "Web", "url": "https://example.org"}],
                ],
                "en": [[{"text": "Open", "callback_data": "x"}]],
            },
        ),
        EVERYBODY_AND_GROUPS,
    )

    async with sending(rakor.database, telegram):
        await becomes(rakor, {ANI: "sent", DODI: "sent", GROUP: "sent"})

    base = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    buttons = [[{"text": "Buka", "callback_data": "x"}], [{"text": "Web", "url": "https://example.org"}]]
    assert sorted(telegram.arrived, key=lambda payload: int(payload["chat_id"])) == [
        {
            **base,
            "chat_id": GROUP,
            "text": "Halo",
            "message_thread_id": 7,
            "reply_markup": {"inline_keyboard": buttons[1:]},
        },
        {
            **base,
            "chat_id": ANI,
            "text": "Hello",
            "reply_markup": {"inline_keyboard": [[{"text": "Open", "callback_data": "x"}]]},
        },
        {**base, "chat_id": DODI, "text": "Halo", "reply_markup": {"inline_keyboard": buttons}},
    ]
    assert telegram.priorities == {Priority.BULK}
    rows = await rakor.rows("SELECT attempts, error, sender FROM deliveries")
    assert rows == [{"attempts": 1, "error": None, "sender": None}] * 3
    assert len({row["message_id"] for row in await rakor.rows("SELECT message_id FROM deliveries")}) == 3


async def test_it_is_noticed_when_woken_and_many_are_in_flight_at_once(
    rakor: Rakor, telegram: FakeTelegram
) -> None:
    people = await rakor.takes_in(150)
    telegram.open.clear()
    async with sending(rakor.database, telegram) as sender:
        await rakor.announces(audience=Audience(sectors=("media",)))
        sender.wake()
        await telegram.has_in_flight(module.IN_FLIGHT)
        telegram.open.set()
        await becomes(rakor, dict.fromkeys(people, "sent"))

    assert telegram.most_in_flight == module.IN_FLIGHT
    assert telegram.chats == Counter(people)


async def test_organisers_are_an_audience_too(rakor: Rakor, telegram: FakeTelegram) -> None:
    await rakor.announces(audience=Audience(organisers=True))

    async with sending(rakor.database, telegram):
        await becomes(rakor, {BUDI: "sent"})
