"""Invite links of groups: what the Bot API shows of them, and people who follow them."""

from __future__ import annotations

import secrets

from simulator.errors import ActError
from simulator.groups import join
from simulator.model import Chat, Event, InviteLink
from simulator.wire import JsonDict
from simulator.world import World


def new_link(world: World, chat: Chat, **settings: str | int | bool) -> InviteLink:
    """Another link of the bot's into this group; ``settings`` are the fields of ``InviteLink``."""
    link = InviteLink(f"https://t.me/+{secrets.token_urlsafe(12)}", world.bot_id)
    for name, value in settings.items():
        setattr(link, name, value)
    chat.invite_links[link.url] = link
    return link


def link_json(world: World, link: InviteLink) -> JsonDict:
    """The Bot API ``ChatInviteLink``."""
    found: JsonDict = {
        "invite_link": link.url,
        "creator": world.user(link.creator_id),
        "creates_join_request": link.creates_join_request,
        "is_primary": link.is_primary,
        "is_revoked": link.is_revoked,
    }
    for name in ("name", "expire_date", "member_limit"):
        if value := getattr(link, name):
            found[name] = value
    if link.asking:
        found["pending_join_request_count"] = len(link.asking)
    return found


def follow(world: World, person_id: int, url: str) -> Chat:
    """Open an invite link: join the group, or ask to, and return it.

    Raises:
        ActError: the link is none, revoked, too old or used up, or the person may not or need not follow it.
    """
    chat = next((chat for chat in world.groups() if url in chat.invite_links), None)
    if chat is None or person_id not in world.people:
        raise ActError("This link is not valid.")
    link = chat.invite_links[url]
    is_late = link.expire_date and world.timestamp() >= link.expire_date
    is_full = link.member_limit and len(link.joined) >= link.member_limit
    if link.is_revoked or is_late or is_full:
        raise ActError("This link is not valid any more.")
    member = chat.members.get(person_id)
    if member is not None and member.status == "kicked":
        raise ActError("This person was banned from the group.")
    if not link.creates_join_request:
        _enter(world, chat, person_id, link)
        return chat
    if member is not None and member.is_inside:
        raise ActError("This person is in the group already.")
    link.asking.add(person_id)
    if world.bot_member(chat).may("can_invite_users"):
        world.updates.put(
            "chat_join_request",
            {
                "chat": chat.json(),
                "from": world.user(person_id),
                "user_chat_id": person_id,
                "date": world.timestamp(),
                "invite_link": link_json(world, link),
            },
            lane=chat.id,
        )
    world.emit(Event("people"))
    return chat


def answer_request(world: World, chat: Chat, person_id: int, *, admitted: bool) -> bool:
    """Let somebody in who asked, or not; False when they did not ask."""
    link = next((link for link in chat.invite_links.values() if person_id in link.asking), None)
    if link is None:
        return False
    link.asking.discard(person_id)
    if admitted:
        _enter(world, chat, person_id, link)
    return True


def _enter(world: World, chat: Chat, person_id: int, link: InviteLink) -> None:
    extra: JsonDict = {"invite_link": link_json(world, link)}
    if link.creates_join_request:
        extra["via_join_request"] = True
    join(world, chat.id, person_id, told=extra)
    link.joined.add(person_id)
