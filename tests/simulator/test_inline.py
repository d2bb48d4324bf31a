"""Inline mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from simulator import inline
from simulator.driver import PersonDriver, Telegram
from simulator.errors import ActError
from tests.simulator.conftest import RawClient

ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "Aturan",
    "input_message_content": {"message_text": "<b>Netral</b>", "parse_mode": "HTML"},
}


@pytest.fixture
async def tg() -> AsyncIterator[Telegram]:
    async with Telegram(inline=True) as telegram:
        yield telegram


@pytest.fixture
async def raw(tg: Telegram) -> AsyncIterator[RawClient]:
    async with aiohttp.ClientSession() as session:
        yield RawClient(tg, session)


async def test_from_a_query_to_a_message(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    asked = inline.ask(tg.world, ani.id, "netral")
    [update] = await raw.updates()
    query = update["inline_query"]
    assert (query["query"], query["from"]["id"], query["offset"]) == ("netral", ani.id, "")

    assert await raw.result("answerInlineQuery", inline_query_id=query["id"], results=[ARTICLE]) is True
    message = inline.choose(tg.world, asked, "1", ani.id)

    assert (message.text, message.data["via_bot"]["id"]) == ("Netral", tg.world.bot_id)
    sent, chosen = await raw.updates(offset=update["update_id"] + 1)
    assert sent["message"]["via_bot"]["id"] == tg.world.bot_id
    assert chosen["chosen_inline_result"]["result_id"] == "1"


async def test_refusals(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    asked = inline.ask(tg.world, ani.id, "x")
    answer = {"inline_query_id": asked.id}

    assert await raw.refusal("answerInlineQuery", **answer, results=[ARTICLE, ARTICLE]) == (
        "Bad Request: RESULT_ID_DUPLICATE"
    )
    assert await raw.refusal("answerInlineQuery", **answer, results=[{**ARTICLE, "id": ""}]) == (
        "Bad Request: RESULT_ID_INVALID"
    )
    tg.moves_clock(timedelta(minutes=1))
    assert await raw.refusal("answerInlineQuery", **answer, results=[ARTICLE]) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_a_bot_without_inline_mode_is_not_asked(ani: PersonDriver) -> None:
    ani.world.inline = False

    with pytest.raises(ActError):
        inline.ask(ani.world, ani.id, "x")
