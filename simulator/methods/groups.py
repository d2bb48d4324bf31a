"""What an administrator bot does with the group itself: title, description, picture, what members may do."""

from __future__ import annotations

from simulator.errors import bad_request, required
from simulator.file_json import photo_json
from simulator.methods.call import Call
from simulator.methods.media import file_of
from simulator.methods.members import administered, given_rights
from simulator.model import Chat, Event, clean_name
from simulator.people import deliver_service
from simulator.wire import JsonDict
from simulator.world import World

TITLE_LIMIT = 128
DESCRIPTION_LIMIT = 255
"""Characters: Bot API, setChatTitle and setChatDescription. What is longer is cut: TDLib, DialogManager.cpp."""


def _informing(world: World, call: Call, verb: str, what: str) -> Chat:
    refusal = f"not enough rights to {verb} chat {what}"
    return administered(world, call, "can_change_info", refusal, f"can't change private chat {what}")


def set_chat_title(world: World, call: Call) -> bool:
    chat = _informing(world, call, "change", "title")
    title = clean_name(call.text("title"), TITLE_LIMIT)
    if not title:
        raise bad_request("title must be non-empty")
    if title == chat.title:
        raise bad_request("chat title is not modified")
    chat.title = title
    _announce(world, chat, {"new_chat_title": title})
    return True


def _announce(world: World, chat: Chat, content: JsonDict) -> None:
    deliver_service(world, world.new_message(chat, world.bot_id, content, service=True))
    world.emit(Event("people"))


def set_chat_description(world: World, call: Call) -> bool:
    chat = _informing(world, call, "set", "description")
    description = call.text("description").strip()[:DESCRIPTION_LIMIT]
    if description == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = description
    return True


def set_chat_photo(world: World, call: Call) -> bool:
    if "photo" not in call.files:
        raise bad_request(
            "photo must be uploaded as an InputFile"
            if call.has("photo")
            else "there is no photo in the request"
        )
    chat = _informing(world, call, "change", "photo")
    chat.photo = file_of(world, call, "photo", None, "photo")
    _announce(world, chat, {"new_chat_photo": photo_json(chat.photo)})
    return True


def delete_chat_photo(world: World, call: Call) -> bool:
    chat = _informing(world, call, "change", "photo")
    if chat.photo is None:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.photo = None
    _announce(world, chat, {"delete_chat_photo": True})
    return True


def set_chat_permissions(world: World, call: Call) -> bool:
    permissions = call.object("permissions")
    if permissions is None:
        raise required("permissions")
    chat = administered(
        world,
        call,
        "can_restrict_members",
        "not enough rights to change chat permissions",
        "can't change private chat permissions",
    )
    rights = frozenset(given_rights(call, permissions))
    if rights == chat.permissions:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.permissions = rights
    chat.may_send = "can_send_messages" in rights
    world.emit(Event("people"))
    return True


METHODS = {
    "setChatTitle": set_chat_title,
    "setChatDescription": set_chat_description,
    "setChatPhoto": set_chat_photo,
    "deleteChatPhoto": delete_chat_photo,
    "setChatPermissions": set_chat_permissions,
}
