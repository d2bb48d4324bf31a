"""What happens in groups: made, joined, left, promoted in, turned into a supergroup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulator.errors import ActError
from simulator.members import member_change
from simulator.model import ADMIN_RIGHTS, Chat, Event, Member, Message, Topic
from simulator.people import PAYLOAD, deliver_service, say
from simulator.wire import JsonDict
from simulator.world import World

TOPIC_NAME_LIMIT = 128
"""Characters: Bot API, createForumTopic."""


def create(
    world: World, title: str, creator_id: int, member_ids: Iterable[int] = (), *, supergroup: bool = False
) -> Chat:
    """A new group; its creator owns it."""
    if not title.strip():
        raise ActError("A group needs a name.")
    others = list(member_ids)
    if not {creator_id, *others} <= world.people.keys():
        raise ActError("There is no such person.")
    chat = world.new_group(title.strip(), supergroup=supergroup)
    chat.members[creator_id] = Member(creator_id, "creator")
    for user_id in others:
        chat.members.setdefault(user_id, Member(user_id))
    content: JsonDict = {"supergroup_chat_created" if supergroup else "group_chat_created": True}
    world.new_message(chat, creator_id, content, service=True)
    world.emit(Event("people"))
    return chat


def add_bot(world: World, chat_id: int, by: int, *, payload: str = "") -> None:
    """A member adds the bot, with a ``startgroup`` payload when there is one."""
    chat = group(world, chat_id)
    _acting(chat, by)
    if world.bot_member(chat).is_inside:
        raise ActError("The bot is in this group already.")
    if not PAYLOAD.fullmatch(payload):
        raise ActError("A start payload has up to 64 characters of A-Z, a-z, 0-9, _ and -.")
    _bot_becomes(world, chat, by, Member(world.bot_id, "member"))
    message = world.new_message(
        chat,
        by,
        {"new_chat_members": [world.bot_user()]},
        service=True,
    )
    world.people[by].met = True
    deliver_service(world, message)
    if payload:
        say(world, by, chat.id, f"/start@{world.bot_username} {payload}")


def remove_bot(world: World, chat_id: int, by: int) -> None:
    """Somebody throws the bot out."""
    chat = group(world, chat_id)
    _acting(chat, by)
    if not world.bot_member(chat).is_inside:
        raise ActError("The bot is not in this group.")
    message = world.new_message(
        chat,
        by,
        {"left_chat_member": world.bot_user()},
        service=True,
    )
    deliver_service(world, message)
    _bot_becomes(world, chat, by, Member(world.bot_id, "kicked"))


def bot_leaves(world: World, chat: Chat) -> None:
    """The bot goes by itself (leaveChat)."""
    world.new_message(
        chat,
        world.bot_id,
        {"left_chat_member": world.bot_user()},
        service=True,
    )
    _bot_becomes(world, chat, world.bot_id, Member(world.bot_id, "left"))


def promote_bot(world: World, chat_id: int, by: int, rights: Iterable[str] = ADMIN_RIGHTS) -> None:
    """Make the bot an administrator."""
    chat = group(world, chat_id)
    _acting(chat, by)
    if not world.bot_member(chat).is_inside:
        raise ActError("The bot is not in this group.")
    _bot_becomes(world, chat, by, Member(world.bot_id, "administrator", set(rights)))


def demote_bot(world: World, chat_id: int, by: int) -> None:
    chat = group(world, chat_id)
    _acting(chat, by)
    _bot_becomes(world, chat, by, Member(world.bot_id, "member"))


def _bot_becomes(world: World, chat: Chat, by: int, new: Member) -> None:
    old = world.bot_member(chat)
    chat.members[world.bot_id] = new
    world.updates.put("my_chat_member", member_change(world, chat, by, old, new), lane=chat.id)
    world.emit(Event("people"))


def join(
    world: World, chat_id: int, person_id: int, *, by: int | None = None, told: JsonDict | None = None
) -> None:
    """A person joins, or is added by somebody; ``told`` are more fields of the ``chat_member`` update."""
    chat = group(world, chat_id)
    if person_id not in world.people:
        raise ActError("There is no such person.")
    old = chat.members.get(person_id) or Member(person_id, "left")
    if old.is_inside:
        raise ActError("This person is in the group already.")
    chat.members[person_id] = new = Member(person_id)
    user = world.people[person_id].user()
    message = world.new_message(
        chat,
        by or person_id,
        {"new_chat_members": [user]},
        service=True,
    )
    deliver_service(world, message)
    _member_changed(world, chat, by or person_id, old, new, told)


def leave(world: World, chat_id: int, person_id: int, *, by: int | None = None) -> None:
    """A person leaves, or is thrown out by somebody."""
    chat = group(world, chat_id)
    old = chat.members.get(person_id)
    if old is None or not old.is_inside:
        raise ActError("This person is not in that chat.")
    user = world.people[person_id].user()
    message = world.new_message(chat, by or person_id, {"left_chat_member": user}, service=True)
    chat.members[person_id] = new = Member(person_id, "kicked" if by else "left")
    deliver_service(world, message)
    _member_changed(world, chat, by or person_id, old, new)


def promote(
    world: World,
    chat_id: int,
    person_id: int,
    by: int,
    *,
    rights: Iterable[str] = ADMIN_RIGHTS,
    anonymous: bool = False,
) -> None:
    """Make a member an administrator, who with ``anonymous`` writes as the group."""
    chat = group(world, chat_id)
    _acting(chat, by)
    _acting(chat, person_id)
    old = chat.members[person_id]
    if old.status == "creator":
        new = replace(old, is_anonymous=anonymous)
    else:
        new = Member(person_id, "administrator", set(rights), anonymous)
    change_member(world, chat, by, new)


def change_member(world: World, chat: Chat, by: int, new: Member) -> None:
    """Put a member into another state."""
    old = chat.members.get(new.user_id) or Member(new.user_id, "left")
    chat.members[new.user_id] = new
    _member_changed(world, chat, by, old, new)


def _member_changed(
    world: World, chat: Chat, by: int, old: Member, new: Member, told: JsonDict | None = None
) -> None:
    if world.bot_member(chat).is_admin:
        change = {**member_change(world, chat, by, old, new), **(told or {})}
        world.updates.put("chat_member", change, lane=chat.id)
    world.emit(Event("people"))


def migrate(world: World, chat_id: int, by: int) -> Chat:
    """Turn a group into a supergroup and return that; both get Telegram's service messages."""
    chat = group(world, chat_id)
    _acting(chat, by)
    if chat.type != "group":
        raise ActError("This is a supergroup already.")
    new = world.new_group(chat.title, supergroup=True)
    new.members = {user_id: replace(member) for user_id, member in chat.members.items()}
    new.may_send, new.permissions = chat.may_send, chat.permissions
    new.description, new.photo = chat.description, chat.photo
    message = world.new_message(chat, by, {"migrate_to_chat_id": new.id}, service=True)
    deliver_service(world, message)
    chat.migrated_to = new.id
    arrival = world.new_message(new, by, {"migrate_from_chat_id": chat.id}, service=True)
    deliver_service(world, arrival)
    world.emit(Event("people"))
    return new


def add_topic(world: World, chat_id: int, name: str, by: int) -> Message:
    """Open a forum topic; the message that is returned begins it and gives it its number."""
    chat = group(world, chat_id)
    if chat.type != "supergroup":
        raise ActError("Only supergroups have topics.")
    chat.is_forum = True
    topic_id = chat.last_message_id + 1
    chat.topics[topic_id] = Topic(topic_id, name, by)
    message = world.new_message(
        chat,
        by,
        {
            "message_thread_id": topic_id,
            "is_topic_message": True,
            "forum_topic_created": {"name": name, "icon_color": 7322096},
        },
        service=True,
    )
    deliver_service(world, message)
    return message


def make_forum(world: World, chat_id: int, by: int) -> Chat:
    """Turn topics on and return the group; a basic group becomes a supergroup for it, as with Telegram."""
    chat = group(world, chat_id)
    _managing_topics(chat, by)
    if chat.type != "supergroup":
        chat = migrate(world, chat_id, by)
    chat.is_forum = True
    chat.unread_topics.update({(viewer, 0): count for viewer, count in chat.unread.items()})
    world.emit(Event("people"))
    return chat


def open_topic(world: World, chat_id: int, name: str, by: int) -> Message:
    """A person opens a topic; the bot's own way there is ``add_topic``."""
    chat = group(world, chat_id)
    _managing_topics(chat, by)
    if not chat.is_forum:
        raise ActError("This group has no topics.")
    if not 1 <= len(name.strip()) <= TOPIC_NAME_LIMIT:
        raise ActError("A topic's name has 1 to 128 characters.")
    message = add_topic(world, chat_id, name.strip(), by)
    world.emit(Event("people"))
    return message


def set_topic_closed(world: World, chat_id: int, topic_id: int, by: int, *, closed: bool) -> None:
    """A person closes or reopens a topic; nobody but administrators writes in a closed one."""
    chat = group(world, chat_id)
    _managing_topics(chat, by)
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise ActError("There is no such topic.")
    if topic.is_closed == closed:
        return
    topic.is_closed = closed
    content: JsonDict = {"message_thread_id": topic_id, "is_topic_message": True}
    content["forum_topic_closed" if closed else "forum_topic_reopened"] = {}
    deliver_service(world, world.new_message(chat, by, content, service=True))
    world.emit(Event("people"))


def _managing_topics(chat: Chat, by: int) -> None:
    _acting(chat, by)
    if not chat.members[by].may("can_manage_topics"):
        raise ActError("Only administrators manage topics.")


def group(world: World, chat_id: int) -> Chat:
    """The group with this id.

    Raises:
        ActError: there is none, or it became a supergroup.
    """
    chat = world.chats.get(chat_id)
    if chat is None or chat.is_private:
        raise ActError("There is no such group.")
    if chat.migrated_to is not None:
        raise ActError("This group became a supergroup.")
    return chat


def _acting(chat: Chat, user_id: int) -> None:
    member = chat.members.get(user_id)
    if member is None or not member.is_inside:
        raise ActError("This person is not in that chat.")
