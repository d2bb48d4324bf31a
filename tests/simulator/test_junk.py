"""Whatever a client sends, the answer is a result or a refusal, never a failure of the simulator."""

from __future__ import annotations

import random
from typing import Any

import pytest

from simulator import groups, people
from simulator.botapi import BotApi
from simulator.errors import ApiError
from simulator.methods import METHODS
from simulator.methods.call import Call
from simulator.world import World

ANI = 710_000_001
GROUP = -4_000_000_001
PARAMS = (
    "text",
    "caption",
    "parse_mode",
    "entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "message_id",
    "message_ids",
    "from_chat_id",
    "user_id",
    "photo",
    "document",
    "media",
    "file_id",
    "question",
    "options",
    "type",
    "correct_option_ids",
    "latitude",
    "longitude",
    "title",
    "name",
    "description",
    "commands",
    "scope",
    "language_code",
    "callback_query_id",
    "inline_query_id",
    "results",
    "reaction",
    "action",
    "url",
    "allowed_updates",
    "menu_button",
    "message_thread_id",
    "phone_number",
    "first_name",
)

ROUNDS = 400
KEYS = (
    "type",
    "text",
    "offset",
    "length",
    "id",
    "message_id",
    "chat_id",
    "user_id",
    "media",
    "url",
    "callback_data",
    "inline_keyboard",
    "keyboard",
    "emoji",
    "command",
    "description",
    "quote",
    "user",
    "copy_text",
)
LEAVES = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2**40,
    1.5,
    "",
    "x",
    "1",
    "{",
    "[1]",
    "[[]]",
    '{"type":"chat"}',
    "HTML",
    "MarkdownV2",
    "<b>x",
    "quiz",
    "photo",
    "default",
    "chat_member",
    "attach://x",
    "\ud800",
)


VALID: dict[str, Any] = {
    "text": "halo https://a.id/x /agenda",
    "caption": "halo /agenda",
    "parse_mode": "HTML",
    "question": "?",
    "options": ["a", "b"],
    "type": "quiz",
    "from_chat_id": ANI,
    "user_id": ANI,
    "latitude": 1,
    "longitude": 1,
    "title": "x",
    "name": "x",
    "commands": [{"command": "a", "description": "b"}],
    "scope": {"type": "chat", "chat_id": ANI},
    "message_ids": [1, 2],
    "action": "typing",
    "phone_number": "1",
    "first_name": "x",
}


def _junk(chance: random.Random, depth: int = 0) -> Any:
    way = chance.random()
    if depth > 3 or way < 0.5:
        return chance.choice(LEAVES)
    if way < 0.55:
        return {chance.choice(("inline_keyboard", "keyboard")): [[_junk(chance, depth + 1)]]}
    if way < 0.6:
        return {"type": _junk(chance, 3), "offset": 0, "length": 1, "url": _junk(chance, 3)}
    if way < 0.65:
        return {"text": "Ya", "callback_data": "x", "url": _junk(chance, 3), "copy_text": _junk(chance, 2)}
    if way < 0.7:
        return [{"type": "photo", "media": _junk(chance, 3)}, {"type": "photo", "media": "x"}]
    if way < 0.8:
        return [_junk(chance, depth + 1) for _ in range(chance.randrange(3))]
    return {chance.choice(KEYS): _junk(chance, depth + 1) for _ in range(chance.randrange(4))}


@pytest.fixture(scope="module")
def api() -> BotApi:
    world = World()
    ani = world.add_person("Ani")
    people.start(world, ani.id)
    group = groups.create(world, "Rakor", ani.id)
    groups.add_bot(world, group.id, ani.id)
    groups.promote_bot(world, group.id, ani.id)
    assert (ani.id, group.id) == (ANI, GROUP)
    return BotApi(world)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"setwebhook", "leavechat", "logout"}))
def test_junk_is_refused_or_done(api: BotApi, method: str) -> None:
    chance = random.Random(method)
    for _ in range(ROUNDS):
        params = {name: value for name, value in VALID.items() if chance.random() < 0.7}
        params.update({chance.choice(PARAMS): _junk(chance) for _ in range(chance.randrange(9))})
        params["chat_id"] = chance.choice((ANI, ANI, str(ANI), GROUP, "@x", None, 5, [], {}))
        if chance.random() < 0.1:
            params["parse_mode"] = ""
            params["entities"] = [{"type": _junk(chance), "offset": 0, "length": _junk(chance)}]
        if chance.random() < 0.5:
            params["message_id"] = chance.randrange(1, 5)
        try:
            api.run(Call(method, params, api.world.now()))
        except ApiError as refused:
            assert refused.code in (400, 403, 404, 413, 429)  # noqa: PT017 - any of them will do
        except Exception as error:
            raise AssertionError(f"{method} of {params!r}") from error
