"""The bot itself: who it is, its texts, its command menus."""

from __future__ import annotations

from collections.abc import Callable

from simulator.commands import Commands, Scope, parse_commands
from simulator.errors import bad_request
from simulator.methods.call import Call
from simulator.model import Event
from simulator.wire import JsonDict
from simulator.world import World

_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
"""Characters: Bot API, setMyName, setMyDescription, setMyShortDescription."""


def get_me(world: World, call: Call) -> JsonDict:
    return {
        **world.bot_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": world.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _scope(world: World, call: Call) -> Scope:
    raw = call.object("scope") or {"type": "default"}
    kind = raw.get("type")
    if kind in _PLAIN_SCOPES:
        return str(kind), 0, 0
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = world.chat_for(raw.get("chat_id"))
    if kind != "chat" and chat.is_private:
        raise bad_request("can't use specified scope in private chats")
    user_id = 0
    if kind == "chat_member":
        user_id = int(raw.get("user_id") or 0)
        if user_id not in world.people:
            raise bad_request("user not found")
    return str(kind), chat.id, user_id


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.islower()):
        raise bad_request("invalid language code specified")
    return code


def set_my_commands(world: World, call: Call) -> bool:
    commands = parse_commands(call.objects("commands") or [])
    scope = _scope(world, call)
    world.menus.set(scope, _language(call), commands)
    world.emit(Event("commands", scope[1] or None))
    return True


def get_my_commands(world: World, call: Call) -> Commands:
    return world.menus.get(_scope(world, call), _language(call))


def delete_my_commands(world: World, call: Call) -> bool:
    scope = _scope(world, call)
    world.menus.set(scope, _language(call), [])
    world.emit(Event("commands", scope[1] or None))
    return True


def _set_text(name: str) -> Callable[[World, Call], bool]:
    def set_text(world: World, call: Call) -> bool:
        text = call.text(name)
        if len(text) > TEXT_LIMITS[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        key = name, _language(call)
        if text:
            world.bot_texts[key] = text
        else:
            world.bot_texts.pop(key, None)
        return True

    return set_text


def _get_text(name: str) -> Callable[[World, Call], JsonDict]:
    def get_text(world: World, call: Call) -> JsonDict:
        found = world.bot_texts.get((name, _language(call)), world.bot_texts.get((name, ""), ""))
        return {name: found or (world.bot_name if name == "name" else "")}

    return get_text


def _menu_chat(world: World, call: Call) -> int:
    if not call.has("chat_id"):
        return 0
    chat = world.chat_for(call.params["chat_id"])
    if not chat.is_private:
        raise bad_request("chat not found")
    return chat.id


def set_chat_menu_button(world: World, call: Call) -> bool:
    button = call.object("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    world.menu_buttons[_menu_chat(world, call)] = button
    return True


def get_chat_menu_button(world: World, call: Call) -> JsonDict:
    found = world.menu_buttons.get(_menu_chat(world, call)) or world.menu_buttons.get(0)
    return found or {"type": "commands"}


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _set_text("description"),
    "getMyDescription": _get_text("description"),
    "setMyShortDescription": _set_text("short_description"),
    "getMyShortDescription": _get_text("short_description"),
    "setMyName": _set_text("name"),
    "getMyName": _get_text("name"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
