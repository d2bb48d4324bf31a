"""Invite links, and people who ask to be let in."""

from __future__ import annotations

from simulator.errors import ApiError, bad_request
from simulator.links import answer_request, link_json, new_link
from simulator.methods.call import Call
from simulator.methods.members import administered
from simulator.model import Chat, InviteLink, clean_name
from simulator.wire import JsonDict
from simulator.world import World

NAME_LIMIT = 32
MEMBER_LIMIT = 99_999
"""Characters and people: Bot API, createChatInviteLink. A longer name is cut: TDLib, DialogInviteLinkManager.cpp."""


def _managed(world: World, call: Call) -> Chat:
    return administered(
        world,
        call,
        "can_invite_users",
        "not enough rights to manage chat invite link",
        "can't invite members to a private chat",
    )


def _link(world: World, call: Call) -> tuple[Chat, InviteLink]:
    """The bot's own link that the call names; others' it may neither change nor revoke."""
    chat = _managed(world, call)
    link = chat.invite_links.get(call.text("invite_link"))
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    return chat, link


def _settings(world: World, call: Call) -> dict[str, str | int | bool]:
    expire_date, limit = call.integer("expire_date"), call.integer("member_limit")
    asks = call.flag("creates_join_request")
    if expire_date and expire_date <= world.timestamp():
        raise bad_request("EXPIRE_DATE_INVALID")
    if limit and asks:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    return {
        "name": clean_name(call.text("name"), NAME_LIMIT),
        "expire_date": max(0, expire_date),
        "member_limit": min(max(0, limit), MEMBER_LIMIT),
        "creates_join_request": asks,
    }


def export_chat_invite_link(world: World, call: Call) -> str:
    """A new primary link; the one before is revoked, as the Bot API says."""
    chat = _managed(world, call)
    for link in chat.invite_links.values():
        link.is_revoked = link.is_revoked or link.is_primary
    return new_link(world, chat, is_primary=True).url


def create_chat_invite_link(world: World, call: Call) -> JsonDict:
    chat = _managed(world, call)
    return link_json(world, new_link(world, chat, **_settings(world, call)))


def edit_chat_invite_link(world: World, call: Call) -> JsonDict:
    _, link = _link(world, call)
    if link.is_primary or link.is_revoked:
        raise bad_request("CHAT_INVITE_PERMANENT" if link.is_primary else "INVITE_HASH_EXPIRED")
    for name, value in _settings(world, call).items():
        setattr(link, name, value)
    return link_json(world, link)


def revoke_chat_invite_link(world: World, call: Call) -> JsonDict:
    """Revoking the primary link makes another one, as the Bot API says."""
    chat, link = _link(world, call)
    if link.is_primary and not link.is_revoked:
        new_link(world, chat, is_primary=True)
    link.is_revoked = True
    return link_json(world, link)


def approve_chat_join_request(world: World, call: Call) -> bool:
    return _answer(world, call, admitted=True)


def decline_chat_join_request(world: World, call: Call) -> bool:
    return _answer(world, call, admitted=False)


def _answer(world: World, call: Call, *, admitted: bool) -> bool:
    chat = administered(
        world,
        call,
        "can_invite_users",
        "not enough rights to manage chat join requests",
        "the chat can't have join requests",
    )
    user_id = call.integer("user_id")
    if user_id not in world.people:
        raise _no_such_user(user_id)
    member = chat.members.get(user_id)
    if member is not None and member.is_inside:
        raise bad_request("USER_ALREADY_PARTICIPANT")
    if not answer_request(world, chat, user_id, admitted=admitted):
        raise bad_request("HIDE_REQUESTER_MISSING")
    return True


def _no_such_user(user_id: int) -> ApiError:
    return bad_request("user not found" if user_id > 0 else "invalid user_id specified")


METHODS = {
    "exportChatInviteLink": export_chat_invite_link,
    "createChatInviteLink": create_chat_invite_link,
    "editChatInviteLink": edit_chat_invite_link,
    "revokeChatInviteLink": revoke_chat_invite_link,
    "approveChatJoinRequest": approve_chat_join_request,
    "declineChatJoinRequest": decline_chat_join_request,
}
