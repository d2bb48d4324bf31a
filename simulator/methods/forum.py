"""Topics of forum supergroups."""

from __future__ import annotations

from simulator.errors import ActError, bad_request
from simulator.groups import add_topic
from simulator.methods.call import Call
from simulator.methods.sending import check_inside
from simulator.model import Chat, Topic
from simulator.people import deliver_service
from simulator.wire import JsonDict
from simulator.world import World

NAME_LIMIT = 128
"""Characters: Bot API, createForumTopic."""


def _forum(world: World, call: Call) -> Chat:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    if chat.type != "supergroup" or not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not world.bot_member(chat).may("can_manage_topics"):
        raise bad_request("not enough rights to manage topics in the chat")
    return chat


def _topic(chat: Chat, call: Call) -> Topic:
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _name(call: Call) -> str:
    name = call.text("name").strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    return name


def create_forum_topic(world: World, call: Call) -> JsonDict:
    chat = _forum(world, call)
    try:
        message = add_topic(world, chat.id, _name(call), world.bot_id)
    except ActError as error:
        raise bad_request(str(error)) from None
    return {"message_thread_id": message.id, **message.data["forum_topic_created"]}


def edit_forum_topic(world: World, call: Call) -> bool:
    chat = _forum(world, call)
    topic = _topic(chat, call)
    if call.has("name"):
        if topic.name == _name(call):
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.name = _name(call)
        _say(world, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


def close_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=True)


def reopen_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=False)


def _set_closed(world: World, call: Call, *, closed: bool) -> bool:
    chat = _forum(world, call)
    topic = _topic(chat, call)
    if topic.is_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = closed
    _say(world, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def delete_forum_topic(world: World, call: Call) -> bool:
    chat = _forum(world, call)
    topic = _topic(chat, call)
    del chat.topics[topic.id]
    for message in list(chat.messages.values()):
        if message.data.get("message_thread_id") == topic.id:
            world.delete(message)
    return True


def _say(world: World, chat: Chat, topic: Topic, content: JsonDict) -> None:
    place = {"message_thread_id": topic.id, "is_topic_message": True}
    deliver_service(world, world.new_message(chat, world.bot_id, {**place, **content}, service=True))


METHODS = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
