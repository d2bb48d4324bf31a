"""Which command menu a person sees: Bot API, "Determining list of commands"."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import RawClient

PRIVATE_ORDER = [
    ("chat", "id"),
    ("chat", ""),
    ("all_private_chats", "id"),
    ("all_private_chats", ""),
    ("default", "id"),
    ("default", ""),
]
ADMIN_ORDER = [
    (scope, language)
    for scope in (
        "chat_member",
        "chat_administrators",
        "chat",
        "all_chat_administrators",
        "all_group_chats",
        "default",
    )
    for language in ("id", "")
]


async def _set_all(
    raw: RawClient, order: list[tuple[str, str]], chat_id: int, user_id: int
) -> dict[tuple[str, str], dict[str, Any]]:
    """A command named after each scope and language."""
    scopes: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, language in order:
        scope: dict[str, Any] = {"type": kind}
        if kind in ("chat", "chat_administrators", "chat_member"):
            scope["chat_id"] = chat_id
        if kind == "chat_member":
            scope["user_id"] = user_id
        scopes[kind, language] = scope
        await raw.result(
            "setMyCommands",
            commands=[{"command": f"{kind}_{language}", "description": "x"}],
            scope=scope,
            language_code=language,
        )
    return scopes


async def test_the_narrowest_menu_wins_in_private(raw: RawClient, ani: PersonDriver) -> None:
    scopes = await _set_all(raw, PRIVATE_ORDER, ani.id, ani.id)

    for kind, language in PRIVATE_ORDER:
        assert ani.commands == [f"{kind}_{language}"]
        await raw.result("deleteMyCommands", scope=scopes[kind, language], language_code=language)
    assert ani.commands == []


async def test_the_narrowest_menu_wins_for_an_administrator(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    scopes = await _set_all(raw, ADMIN_ORDER, group.id, ani.id)
    shown = tg.world.menus.shown

    for kind, language in ADMIN_ORDER:
        assert [entry["command"] for entry in shown(group.chat, ani.id, "id")] == [f"{kind}_{language}"]
        await raw.result("deleteMyCommands", scope=scopes[kind, language], language_code=language)


async def test_members_do_not_see_the_administrators_menu(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    budi = tg.person("Budi")
    group = tg.group("Rakor", [ani, budi])
    await group.adds_bot(by=ani)
    await _set_all(raw, ADMIN_ORDER, group.id, ani.id)

    menu = tg.world.menus.shown(group.chat, budi.id, "id")

    assert [entry["command"] for entry in menu] == ["chat_id"]


@pytest.mark.parametrize(
    ("language", "shown"), [("id", ["indonesia"]), ("en", ["lainnya"]), (None, ["lainnya"])]
)
async def test_the_persons_language_decides(
    tg: Telegram, raw: RawClient, language: str | None, shown: list[str]
) -> None:
    person = tg.person("Citra", language_code=language)
    for command, code in (("indonesia", "id"), ("lainnya", "")):
        await raw.result(
            "setMyCommands", commands=[{"command": command, "description": "x"}], language_code=code
        )

    assert person.commands == shown


async def test_a_chat_that_the_bot_does_not_know_has_no_menu(raw: RawClient) -> None:
    text = await raw.refusal(
        "setMyCommands", commands=[{"command": "a", "description": "x"}], scope={"type": "chat", "chat_id": 5}
    )

    assert text == "Bad Request: chat not found"
