"""Command menus: kept by scope and language, looked up in Telegram's order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.errors import bad_request
from simulator.model import Chat
from simulator.wire import JsonDict

COMMAND_LIMIT = 100
"""Commands in one menu: Bot API, setMyCommands."""
_NAME = re.compile(r"/?[a-z0-9_]{1,32}")
_CHAT_SCOPES = frozenset(("chat", "chat_administrators", "chat_member"))

Scope = tuple[str, int, int]
"""Type, chat id and user id, 0 where the type has none."""
Commands = list[dict[str, str]]


class CommandMenus:
    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], Commands] = {}

    def set(self, scope: Scope, language: str, commands: Commands) -> None:
        if commands:
            self._menus[scope, language] = commands
        else:
            self._menus.pop((scope, language), None)

    def get(self, scope: Scope, language: str) -> Commands:
        """What was set for exactly this scope and language."""
        return self._menus.get((scope, language), [])

    def shown(self, chat: Chat, viewer_id: int, language: str) -> Commands:
        """The menu that a person sees in a chat: the first found, narrowest scope first."""
        for scope in _narrowing(chat, viewer_id):
            for code in (language, ""):
                found = self._menus.get((scope, code))
                if found:
                    return found
        return []

    def forget_chats(self) -> None:
        """Drop the menus that belong to single chats."""
        self._menus = {key: menu for key, menu in self._menus.items() if key[0][0] not in _CHAT_SCOPES}


def _narrowing(chat: Chat, viewer_id: int) -> Iterator[Scope]:
    """Scopes from the narrowest on: Bot API, "Determining list of commands"."""
    if chat.is_private:
        yield "chat", chat.id, 0
        yield "all_private_chats", 0, 0
    else:
        member = chat.members.get(viewer_id)
        is_admin = member is not None and member.is_admin
        yield "chat_member", chat.id, viewer_id
        if is_admin:
            yield "chat_administrators", chat.id, 0
        yield "chat", chat.id, 0
        if is_admin:
            yield "all_chat_administrators", 0, 0
        yield "all_group_chats", 0, 0
    yield "default", 0, 0


def parse_commands(raw: list[JsonDict]) -> Commands:
    """Checked commands without their slash.

    Raises:
        ApiError: a name, a description or the number of commands is refused.
    """
    if len(raw) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(entry) for entry in raw]


def _command(raw: JsonDict) -> dict[str, str]:
    for field in ("command", "description"):
        if field not in raw:
            raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
    name, description = str(raw["command"]), str(raw["description"]).strip()
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}
