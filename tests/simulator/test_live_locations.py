"""Places that move for a while: sent, moved and stopped by the bot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simulator.driver import PersonDriver, Telegram
from simulator.errors import NOT_MODIFIED
from tests.simulator.conftest import Client, RawClient

START = {"latitude": -2.97, "longitude": 104.77}
THERE = {"latitude": -2.98, "longitude": 104.78}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"latitude": 91}, "invalid live location specified"),
        ({"live_period": 59}, "wrong live location period specified"),
        ({"live_period": 86_401}, "wrong live location period specified"),
        ({"heading": 361}, "wrong live location heading specified"),
        ({"proximity_alert_radius": -1}, "wrong live location proximity alert radius specified"),
    ],
)
async def test_one_out_of_range_is_refused(
    raw: RawClient, ani: PersonDriver, params: dict[str, Any], reason: str
) -> None:
    asked = {"chat_id": ani.id, **START, "live_period": 600, **params}

    assert await raw.refusal("sendLocation", **asked) == f"Bad Request: {reason}"


async def test_it_moves_and_stops(client: Client, tg: Telegram, ani: PersonDriver) -> None:
    sent = await client.bot.send_location(ani.id, **START, live_period=600, heading=90)
    named = {"chat_id": ani.id, "message_id": sent.message_id}

    moved = await client.bot.edit_message_live_location(**named, **THERE, heading=180)
    shown = tg.world.chats[ani.id].messages[sent.message_id]
    assert shown.data["location"] == {**THERE, "live_period": 600, "heading": 180}
    stopped = await client.bot.stop_message_live_location(**named)

    assert shown.data["location"] == THERE
    assert [one.location.heading for one in (sent, moved, stopped)] == [90, 180, None]


async def test_edits_that_are_refused(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    async def refused(message: dict[str, Any], place: dict[str, float] | None = THERE) -> str:
        method = "stopMessageLiveLocation" if place is None else "editMessageLiveLocation"
        named = {"chat_id": ani.id, "message_id": message["message_id"], **(place or {})}
        return (await raw.refusal(method, **named)).removeprefix("Bad Request: ")

    text = await raw.result("sendMessage", chat_id=ani.id, text="x")
    assert await refused(text) == "there is no live location in the message to edit"
    still = await raw.result("sendLocation", chat_id=ani.id, **START)
    assert await refused(still) == "message can't be edited"

    live = await raw.result("sendLocation", chat_id=ani.id, **START, live_period=60)
    assert await refused(live, START) == NOT_MODIFIED
    assert await refused(live, START | {"longitude": 181.0}) == "invalid location specified"
    tg.moves_clock(timedelta(seconds=60))
    assert await refused(live) == "message can't be edited"
    assert await refused(live, None) == "message can't be edited"


async def test_its_copy_stands_still(raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendLocation", chat_id=ani.id, **START, live_period=600, heading=9)

    forward = await raw.result(
        "forwardMessage", chat_id=ani.id, from_chat_id=ani.id, message_id=sent["message_id"]
    )

    assert forward["location"] == START


async def test_one_without_an_end_goes_on(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendLocation", chat_id=ani.id, **START, live_period=0x7FFFFFFF)
    tg.moves_clock(timedelta(days=400))

    moved = await raw.result(
        "editMessageLiveLocation", chat_id=ani.id, message_id=sent["message_id"], **THERE
    )

    assert moved["location"] == {**THERE, "live_period": 0x7FFFFFFF}
