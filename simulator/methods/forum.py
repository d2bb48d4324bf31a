"""Topics of forum supergroups."""

from __future__ import annotations

from simulator.errors import ActError, bad_request
from simulator.groups import TOPIC_NAME_LIMIT, add_topic
from simulator.methods.call import Call
from simulator.methods.chats import NO_RIGHT_TO_PIN
from simulator.methods.members import administered
from simulator.methods.sending import check_inside
from simulator.model import Chat, Topic, clean_name
from simulator.people import deliver_service
from simulator.wire import JsonDict
from simulator.world import World

NO_FORUM = "the chat is not a forum"


def _forum(world: World, call: Call, refusal: str = "not enough rights to edit the topic") -> Chat:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    if chat.type != "supergroup" or not chat.is_forum:
        raise bad_request(NO_FORUM)
    if not world.bot_member(chat).may("can_manage_topics"):
        raise bad_request(refusal)
    return chat


def _topic(chat: Chat, call: Call) -> Topic:
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _name(call: Call) -> str:
    """What is longer than a name may be is cut: TDLib, ForumTopicManager.cpp."""
    name = clean_name(call.text("name"), TOPIC_NAME_LIMIT)
    if not name:
        raise bad_request("title must be non-empty")
    return name


def create_forum_topic(world: World, call: Call) -> JsonDict:
    chat = _forum(world, call, "not enough rights to create a topic")
    try:
        message = add_topic(world, chat.id, _name(call), world.bot_id)
    except ActError as error:
        raise bad_request(str(error)) from None
    return {"message_thread_id": message.id, **message.data["forum_topic_created"]}


def edit_forum_topic(world: World, call: Call) -> bool:
    chat = _forum(world, call)
    topic = _topic(chat, call)
    if call.has("name"):
        name = _name(call)
        if topic.name == name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.name = name
        _say(world, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


def close_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=True)


def reopen_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=False)


def _set_closed(world: World, call: Call, *, closed: bool) -> bool:
    chat = _forum(world, call, "not enough rights to close or open the topic")
    topic = _topic(chat, call)
    if topic.is_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = closed
    _say(world, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def delete_forum_topic(world: World, call: Call) -> bool:
    chat = _forum(world, call, "not enough rights to delete the topic")
    topic = _topic(chat, call)
    del chat.topics[topic.id]
    for message in list(chat.messages.values()):
        if message.data.get("message_thread_id") == topic.id:
            world.delete(message)
    return True


def edit_general_forum_topic(world: World, call: Call) -> bool:
    chat = _forum(world, call)
    if not call.has("name"):
        return True
    name = _name(call)
    if chat.general.name == name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general.name = name
    _say(world, chat, None, {"forum_topic_edited": {"name": name}})
    return True


def _set_general(world: World, call: Call, field: str, value: bool, service: str) -> bool:
    chat = _forum(world, call)
    if getattr(chat.general, field) == value:
        raise bad_request("TOPIC_NOT_MODIFIED")
    setattr(chat.general, field, value)
    _say(world, chat, None, {service: {}})
    return True


def close_general_forum_topic(world: World, call: Call) -> bool:
    return _set_general(world, call, "is_closed", True, "forum_topic_closed")


def reopen_general_forum_topic(world: World, call: Call) -> bool:
    """A hidden topic is shown again by this: Bot API, reopenGeneralForumTopic."""
    done = _set_general(world, call, "is_closed", False, "forum_topic_reopened")
    _forum(world, call).general.is_hidden = False
    return done


def hide_general_forum_topic(world: World, call: Call) -> bool:
    """It is closed by this too: Bot API, hideGeneralForumTopic."""
    done = _set_general(world, call, "is_hidden", True, "general_forum_topic_hidden")
    _forum(world, call).general.is_closed = True
    return done


def unhide_general_forum_topic(world: World, call: Call) -> bool:
    return _set_general(world, call, "is_hidden", False, "general_forum_topic_unhidden")


def unpin_all_forum_topic_messages(world: World, call: Call) -> bool:
    chat = _pinning(world, call)
    _unpin(chat, _topic(chat, call).id)
    return True


def unpin_all_general_forum_topic_messages(world: World, call: Call) -> bool:
    _unpin(_pinning(world, call), 0)
    return True


def _pinning(world: World, call: Call) -> Chat:
    chat = administered(world, call, "can_pin_messages", NO_RIGHT_TO_PIN, NO_FORUM)
    if not chat.is_forum:
        raise bad_request(NO_FORUM)
    return chat


def _unpin(chat: Chat, topic_id: int) -> None:
    chat.pinned[:] = [
        number
        for number in chat.pinned
        if number in chat.messages and chat.messages[number].topic_id != topic_id
    ]


def get_forum_topic_icon_stickers(world: World, call: Call) -> list[JsonDict]:
    """None: there are no custom emoji here that a topic could have as its icon."""
    return []


def _say(world: World, chat: Chat, topic: Topic | None, content: JsonDict) -> None:
    place = {"message_thread_id": topic.id, "is_topic_message": True} if topic else {}
    deliver_service(world, world.new_message(chat, world.bot_id, {**place, **content}, service=True))


METHODS = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "editGeneralForumTopic": edit_general_forum_topic,
    "closeGeneralForumTopic": close_general_forum_topic,
    "reopenGeneralForumTopic": reopen_general_forum_topic,
    "hideGeneralForumTopic": hide_general_forum_topic,
    "unhideGeneralForumTopic": unhide_general_forum_topic,
    "unpinAllForumTopicMessages": unpin_all_forum_topic_messages,
    "unpinAllGeneralForumTopicMessages": unpin_all_general_forum_topic_messages,
    "getForumTopicIconStickers": get_forum_topic_icon_stickers,
}
