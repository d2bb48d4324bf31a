"""The crowd acts on what it sees, at its pace, and can be sent away."""

from __future__ import annotations

import asyncio

import aiohttp

from simulator import people
from simulator.crowd import Crowd
from simulator.driver import Telegram
from simulator.world import World
from tests.simulator.conftest import RawClient


def _send(world: World, person_id: int, text: str, *labels: str) -> None:
    rows = [[{"text": label, "callback_data": label}] for label in labels]
    content = {"text": text, **({"reply_markup": {"inline_keyboard": rows}} if rows else {})}
    world.new_message(world.chats[person_id], world.bot_id, content)


def test_each_reacts_to_the_last_message() -> None:
    world = World()
    crowd = Crowd(world)
    person = world.add_person("Rina", in_crowd=True)
    chat = world.chats[person.id]

    assert crowd.act(person) is True
    assert [message.text for message in chat.messages.values()] == ["/start"]
    assert crowd.act(person) is False

    _send(world, person.id, "Setuju?", "Setuju")
    assert crowd.act(person) is True
    assert world.updates.latest("callback_query", person.id)["data"] == "Setuju"
    assert crowd.act(person) is False

    _send(world, person.id, "Nama?")
    assert crowd.act(person) is True
    assert world.updates.latest("message", person.id)["text"] == next(reversed(chat.messages.values())).text


def test_what_leads_away_is_tapped_seldom() -> None:
    world = World()
    crowd = Crowd(world, seed=1)
    person = world.add_person("Rina", in_crowd=True)
    crowd.act(person)
    taps: list[str] = []

    for _ in range(2000):
        _send(world, person.id, "?", "Lanjut", "Batal")
        crowd.act(person)
        taps.append(world.updates.latest("callback_query", person.id)["data"])

    assert 1950 <= taps.count("Lanjut") < 2000


def test_a_question_with_only_ways_out_is_answered_in_words() -> None:
    world = World()
    crowd = Crowd(world, seed=1)
    person = world.add_person("Rina", in_crowd=True)
    crowd.act(person)
    chat = world.chats[person.id]

    for number in range(100):
        _send(world, person.id, f"Nama {number}?", "◀ Kembali", "Batal")
        crowd.act(person)

    assert 90 <= sum(message.sender_id == person.id for message in chat.messages.values()) < 101


def test_who_gets_no_answer_writes_again() -> None:
    world = World()
    crowd = Crowd(world)
    person = world.add_person("Rina", in_crowd=True)

    acted = [crowd.act(person) for _ in range(7)]

    assert acted == [True, False, False, False, False, False, True]


async def test_it_starts_and_stops_from_the_page(tg: Telegram, raw: RawClient) -> None:
    async def post(**fields: object) -> dict[str, object]:
        async with raw.session.post(f"{tg.url}/sim/crowd", json=fields) as response:
            found: dict[str, object] = await response.json()
            return found

    view = await post(count=20, per_second=500, payload="rakor-1")
    assert (view["running"], view["count"]) == (True, 20)
    await tg.until(lambda: sum(p.started for p in tg.world.people.values()) == 20, "all have started")
    stopped = await post(count=0)

    assert (stopped["running"], stopped["started"]) == (False, 20)
    assert {u["message"]["text"] for u in await raw.updates()} == {"/start rakor-1"}
    async with raw.session.get(f"{tg.url}/sim/state") as response:
        assert (await response.json())["people"] == []
    assert await post(count=5000) == {"error": "count: 0 to 1000, per_second: up to 500.0"}


async def test_how_long_the_crowd_waits_is_measured(tg: Telegram, raw: RawClient) -> None:
    tg.simulator.crowd.start(3, 500)
    updates = await raw.updates(timeout=5)
    assert tg.simulator.crowd.view()["median_ms"] is None
    await tg.until(lambda: len(tg.world.updates) >= 3, "all have started")
    for update in await raw.updates():
        await raw.result("sendMessage", chat_id=update["message"]["chat"]["id"], text="Nama?")
    await tg.simulator.crowd.stop()

    view = tg.simulator.crowd.view()

    assert updates
    assert view["answered"] >= 3
    assert 0 < view["median_ms"] <= view["p95_ms"]


async def test_its_chats_are_not_streamed_to_the_page() -> None:
    async with Telegram() as tg:
        ani, rina = tg.world.add_person("Ani"), tg.world.add_person("Rina", in_crowd=True)
        before = tg.simulator.feed.last_id
        people.start(tg.world, rina.id)
        assert tg.simulator.feed.last_id == before
        people.start(tg.world, ani.id)
        assert tg.simulator.feed.last_id == before + 1


async def test_a_reset_sends_it_home() -> None:
    async with Telegram() as tg, aiohttp.ClientSession() as session:
        tg.world.on_reset = lambda: None
        tg.simulator.crowd.start(5, 500)
        await tg.until(lambda: tg.simulator.crowd.view()["steps"] > 0, "somebody acts")
        async with session.post(f"{tg.url}/sim/reset", json={}) as response:
            assert response.status == 200
        await asyncio.sleep(0)

        assert tg.simulator.crowd.view()["running"] is False
        assert tg.world.people == {}
