"""Chats and their members."""

from __future__ import annotations

from simulator.errors import bad_request
from simulator.file_json import photo_ids
from simulator.groups import bot_leaves
from simulator.members import MEMBER_RIGHTS, member_json
from simulator.methods.call import Call
from simulator.methods.messages import ACTIONS
from simulator.methods.sending import check_inside, check_writable
from simulator.model import Chat, Event, Member
from simulator.people import deliver_service
from simulator.wire import JsonDict
from simulator.world import World

NO_RIGHT_TO_PIN = "not enough rights to manage pinned messages in the chat"


def get_chat(world: World, call: Call) -> JsonDict:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    found = chat.json()
    found.update(
        accent_color_id=chat.id % 7,
        max_reaction_count=11,
        accepted_gift_types={
            "unlimited_gifts": chat.is_private,
            "limited_gifts": chat.is_private,
            "unique_gifts": chat.is_private,
            "premium_subscription": chat.is_private,
            "gifts_from_channels": chat.is_private,
        },
    )
    if chat.description:
        found["description"] = chat.description
    if not chat.is_private:
        found["permissions"] = {
            right: chat.may_send if chat.permissions is None else right in chat.permissions
            for right in MEMBER_RIGHTS
        }
    if chat.photo is not None:
        found["photo"] = photo_ids(chat.photo)
    primary = next(
        (link for link in chat.invite_links.values() if link.is_primary and not link.is_revoked), None
    )
    if primary is not None:
        found["invite_link"] = primary.url
    if chat.pinned and chat.pinned[-1] in chat.messages:
        found["pinned_message"] = world.reply_json(chat.messages[chat.pinned[-1]])
    return found


def _member_of(world: World, call: Call) -> tuple[Chat, Member]:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    user_id = call.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    if user_id != world.bot_id and user_id not in world.people:
        raise bad_request("user not found" if chat.is_private else "member not found")
    return chat, chat.members.get(user_id) or Member(user_id, "left")


def get_chat_member(world: World, call: Call) -> JsonDict:
    chat, member = _member_of(world, call)
    if chat.is_private:
        member = Member(member.user_id, "member")
    return member_json(world, member)


def get_chat_administrators(world: World, call: Call) -> list[JsonDict]:
    chat = world.chat_for(call.params.get("chat_id"))
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    check_inside(world, chat)
    # Bot API: other bots are left out; the bot itself is told.
    return [member_json(world, member) for member in chat.inside() if member.is_admin]


def get_chat_member_count(world: World, call: Call) -> int:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    return 2 if chat.is_private else len(chat.inside())


def leave_chat(world: World, call: Call) -> bool:
    chat = world.chat_for(call.params.get("chat_id"))
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    check_inside(world, chat)
    bot_leaves(world, chat)
    return True


def pin_chat_message(world: World, call: Call) -> bool:
    chat = world.chat_for(call.params.get("chat_id"))
    _check_may_pin(world, chat)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    pinned = world.new_message(
        chat, world.bot_id, {"pinned_message": world.reply_json(message)}, service=True
    )
    if not chat.is_private:
        deliver_service(world, pinned)
    return True


def unpin_chat_message(world: World, call: Call) -> bool:
    chat = world.chat_for(call.params.get("chat_id"))
    _check_may_pin(world, chat)
    number = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


def unpin_all_chat_messages(world: World, call: Call) -> bool:
    chat = world.chat_for(call.params.get("chat_id"))
    _check_may_pin(world, chat)
    chat.pinned.clear()
    return True


def _check_may_pin(world: World, chat: Chat) -> None:
    check_inside(world, chat)
    if not chat.is_private and not world.bot_member(chat).may("can_pin_messages"):
        raise bad_request(NO_RIGHT_TO_PIN)


def send_chat_action(world: World, call: Call) -> bool:
    chat = world.chat_for(call.params.get("chat_id"))
    check_writable(world, chat, {})
    action = call.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.emit(Event("action", chat.id, text=action))
    return True


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "sendChatAction": send_chat_action,
}
