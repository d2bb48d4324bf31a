"""What an administrator bot does with members and with the group itself."""

from __future__ import annotations

from simulator.errors import bad_request
from simulator.groups import change_member, leave
from simulator.methods.call import Call
from simulator.methods.sending import check_inside
from simulator.model import ADMIN_RIGHTS, Chat, Event, Member
from simulator.people import deliver_service
from simulator.world import World

TITLE_LIMIT = 128
DESCRIPTION_LIMIT = 255
"""Characters: Bot API, setChatTitle and setChatDescription."""


def _administered(world: World, call: Call, right: str, refusal: str) -> Chat:
    chat = world.chat_for(call.params.get("chat_id"))
    if chat.is_private:
        raise bad_request("method is available only for groups, supergroups and channels")
    check_inside(world, chat)
    if not world.bot_member(chat).may(right):
        raise bad_request(refusal)
    return chat


def _other_member(world: World, call: Call, chat: Chat) -> Member:
    user_id = call.integer("user_id")
    if user_id == world.bot_id:
        raise bad_request("can't restrict self")
    if user_id not in world.people:
        raise bad_request("invalid user_id specified" if not user_id else "PARTICIPANT_ID_INVALID")
    member = chat.members.get(user_id) or Member(user_id, "left")
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    return member


def ban_chat_member(world: World, call: Call) -> bool:
    chat = _administered(
        world, call, "can_restrict_members", "not enough rights to restrict/unrestrict chat member"
    )
    member = _other_member(world, call, chat)
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    if member.is_inside:
        leave(world, chat.id, member.user_id, by=world.bot_id)
    else:
        chat.members[member.user_id] = Member(member.user_id, "kicked")
    return True


def unban_chat_member(world: World, call: Call) -> bool:
    chat = _administered(
        world, call, "can_restrict_members", "not enough rights to restrict/unrestrict chat member"
    )
    if chat.type != "supergroup":
        raise bad_request("method is available for supergroup and channel chats only")
    member = _other_member(world, call, chat)
    if member.status == "kicked":
        chat.members[member.user_id] = Member(member.user_id, "left")
    elif member.is_inside and not call.flag("only_if_banned"):
        leave(world, chat.id, member.user_id, by=world.bot_id)
        chat.members[member.user_id] = Member(member.user_id, "left")
    return True


def promote_chat_member(world: World, call: Call) -> bool:
    chat = _administered(world, call, "can_promote_members", "not enough rights")
    member = _other_member(world, call, chat)
    if not member.is_inside:
        raise bad_request("USER_NOT_PARTICIPANT")
    rights = {right for right in ADMIN_RIGHTS if call.flag(right)}
    if not rights <= world.bot_member(chat).rights:
        raise bad_request("RIGHT_FORBIDDEN")
    new = Member(member.user_id, "administrator", rights) if rights else Member(member.user_id)
    change_member(world, chat, world.bot_id, new)
    return True


def set_chat_title(world: World, call: Call) -> bool:
    chat = _administered(world, call, "can_change_info", "not enough rights to change chat title")
    title = call.text("title").strip()
    if not 1 <= len(title) <= TITLE_LIMIT:
        raise bad_request("title is too long" if title else "title must be non-empty")
    if title == chat.title:
        raise bad_request("chat title is not modified")
    chat.title = title
    deliver_service(world, world.new_message(chat, world.bot_id, {"new_chat_title": title}, service=True))
    world.emit(Event("people"))
    return True


def set_chat_description(world: World, call: Call) -> bool:
    chat = _administered(world, call, "can_change_info", "not enough rights to set chat description")
    description = call.text("description")
    if len(description) > DESCRIPTION_LIMIT:
        raise bad_request("chat description is too long")
    if description == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = description
    return True


METHODS = {
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "promoteChatMember": promote_chat_member,
    "setChatTitle": set_chat_title,
    "setChatDescription": set_chat_description,
}
