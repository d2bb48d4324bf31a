"""What an administrator bot does with members: bans, restricts and promotes them."""

from __future__ import annotations

from simulator.errors import bad_request, required
from simulator.groups import change_member, leave
from simulator.members import MEMBER_RIGHTS
from simulator.methods.call import Call
from simulator.methods.sending import check_inside
from simulator.model import ADMIN_RIGHTS, Chat, Member
from simulator.wire import JsonDict
from simulator.world import World

CUSTOM_TITLE_LIMIT = 16
"""Characters: Bot API, setChatAdministratorCustomTitle."""
NOT_IN_GROUPS = "method is available for supergroup and channel chats only"
ONLY_SUPERGROUPS = "method is available only for supergroups"
NO_RIGHT_TO_RESTRICT = "not enough rights to restrict/unrestrict chat member"
NO_RIGHT_TO_TITLE = "not enough rights to change custom title of the user"
_MESSAGES_AND_MEDIA = frozenset(
    right
    for right in MEMBER_RIGHTS
    if right.startswith("can_send_") and right not in ("can_send_polls", "can_send_other_messages")
)


def administered(
    world: World, call: Call, right: str, refusal: str, in_private: str, in_group: str = ""
) -> Chat:
    """The group of the call, in which the bot has this right.

    Raises:
        ApiError: it has not (``refusal`` says so), or the chat is a private one (``in_private``) or, when
            ``in_group`` is given, a basic group.
    """
    chat = world.chat_for(call.params.get("chat_id"))
    if chat.is_private:
        raise bad_request(in_private)
    check_inside(world, chat)
    if in_group and chat.type == "group":
        raise bad_request(in_group)
    if not world.bot_member(chat).may(right):
        raise bad_request(refusal)
    return chat


def _other_member(world: World, call: Call, chat: Chat) -> Member:
    user_id = call.integer("user_id")
    if user_id == world.bot_id:
        raise bad_request("can't restrict self")
    if user_id not in world.people:
        raise bad_request("invalid user_id specified" if not user_id else "PARTICIPANT_ID_INVALID")
    return chat.members.get(user_id) or Member(user_id, "left")


def _restricted(world: World, call: Call, in_private: str, in_group: str = "") -> tuple[Chat, Member]:
    """The group and the member whom the bot may restrict there."""
    chat = administered(world, call, "can_restrict_members", NO_RIGHT_TO_RESTRICT, in_private, in_group)
    member = _other_member(world, call, chat)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    return chat, member


def _until(world: World, call: Call) -> int:
    """When it ends; less than 30 seconds or more than 366 days from now is for ever: Bot API, banChatMember."""
    until = call.integer("until_date")
    return until if 30 <= until - world.timestamp() <= 366 * 86_400 else 0


def ban_chat_member(world: World, call: Call) -> bool:
    chat, member = _restricted(world, call, "chat member status can't be changed in private chats")
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    if member.is_inside:
        leave(world, chat.id, member.user_id, by=world.bot_id)
    chat.members[member.user_id] = Member(member.user_id, "kicked", until=_until(world, call))
    return True


def unban_chat_member(world: World, call: Call) -> bool:
    chat, member = _restricted(world, call, NOT_IN_GROUPS, NOT_IN_GROUPS)
    if member.status == "kicked":
        chat.members[member.user_id] = Member(member.user_id, "left")
    elif member.is_inside and not call.flag("only_if_banned"):
        leave(world, chat.id, member.user_id, by=world.bot_id)
        chat.members[member.user_id] = Member(member.user_id, "left")
    return True


def restrict_chat_member(world: World, call: Call) -> bool:
    """All rights given back make an ordinary member again."""
    permissions = call.object("permissions")
    if permissions is None:
        raise required("permissions")
    chat, member = _restricted(world, call, ONLY_SUPERGROUPS, ONLY_SUPERGROUPS)
    if member.status == "administrator":
        raise bad_request("user is an administrator of the chat")
    if not member.is_inside:
        raise bad_request("USER_NOT_PARTICIPANT")
    rights = given_rights(call, permissions)
    new = Member(member.user_id, "restricted", rights, until=_until(world, call))
    change_member(world, chat, world.bot_id, Member(member.user_id) if rights == set(MEMBER_RIGHTS) else new)
    return True


def given_rights(call: Call, permissions: JsonDict) -> set[str]:
    """What a ``ChatPermissions`` allows, implications included.

    Bot API, restrictChatMember: unless ``use_independent_chat_permissions`` is set, other messages and link
    previews imply messages and all media, and polls imply messages.
    """
    rights = {right for right in MEMBER_RIGHTS if permissions.get(right) is True}
    if not call.flag("use_independent_chat_permissions"):
        if rights & {"can_send_other_messages", "can_add_web_page_previews"}:
            rights |= _MESSAGES_AND_MEDIA
        if "can_send_polls" in rights:
            rights.add("can_send_messages")
    for right, model in (
        ("can_react_to_messages", "can_send_messages"),
        ("can_manage_topics", "can_pin_messages"),
    ):
        if right not in permissions and model in rights:
            rights.add(right)
    return rights


def promote_chat_member(world: World, call: Call) -> bool:
    chat = administered(world, call, "can_promote_members", "not enough rights", NOT_IN_GROUPS, NOT_IN_GROUPS)
    member = _other_member(world, call, chat)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if not member.is_inside:
        raise bad_request("USER_NOT_PARTICIPANT")
    rights = {right for right in ADMIN_RIGHTS if call.flag(right)}
    if not rights <= world.bot_member(chat).rights:
        raise bad_request("RIGHT_FORBIDDEN")
    new = Member(member.user_id)
    if rights:
        new = Member(member.user_id, "administrator", rights, call.flag("is_anonymous"), member.custom_title)
    change_member(world, chat, world.bot_id, new)
    return True


def set_chat_administrator_custom_title(world: World, call: Call) -> bool:
    chat = administered(
        world, call, "can_promote_members", NO_RIGHT_TO_TITLE, ONLY_SUPERGROUPS, ONLY_SUPERGROUPS
    )
    member = _other_member(world, call, chat)
    if member.status == "creator":
        raise bad_request("only creator can edit their custom title")
    if member.status != "administrator":
        raise bad_request("user is not an administrator")
    title = call.text("custom_title")
    if len(title) > CUSTOM_TITLE_LIMIT:
        raise bad_request("ADMIN_RANK_INVALID")
    member.custom_title = title
    return True


METHODS = {
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "restrictChatMember": restrict_chat_member,
    "promoteChatMember": promote_chat_member,
    "setChatAdministratorCustomTitle": set_chat_administrator_custom_title,
}
