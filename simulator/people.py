"""What people do: write, tap, send, block. The page and the driver both go through here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.errors import ActError
from simulator.file_json import CAPTIONED, file_content
from simulator.markup.text import CAPTION_LIMIT, TEXT_LIMIT, format_text
from simulator.markup.utf16 import utf16_length
from simulator.members import member_change
from simulator.model import CallbackQuery, Chat, Event, Kind, Member, Message, Person
from simulator.wire import JsonDict
from simulator.world import World

ANONYMOUS_ADMIN: JsonDict = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
"""What a deep link may carry: core.telegram.org/bots/features, "Deep linking"."""


def say(
    world: World,
    person_id: int,
    chat_id: int,
    text: str,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> Message:
    """Write a text and return its (first) message.

    As clients do, white space around it is dropped and what is longer than 4,096 units goes out as
    several messages.
    """
    person, chat = writer(world, person_id, chat_id)
    if not text.strip():
        raise ActError("There is nothing to send.")
    first: Message | None = None
    for part in _parts(text):
        plain, entities = format_text(part, parse_mode=None, entities=None)
        if not plain:
            continue
        content: JsonDict = {"text": plain}
        if entities:
            content["entities"] = entities
        message = _send(world, person, chat, content, reply_to, thread_id)
        first = first or message
    if first is None:
        raise ActError("There is nothing to send.")
    return first


def _parts(text: str) -> Iterator[str]:
    if utf16_length(text) <= TEXT_LIMIT:
        yield text
        return
    begin = size = 0
    for index, character in enumerate(text):
        width = 2 if ord(character) > 0xFFFF else 1
        if size + width > TEXT_LIMIT:
            yield text[begin:index]
            begin, size = index, 0
        size += width
    yield text[begin:]


def start(world: World, person_id: int, payload: str = "") -> Message:
    """Open the bot by a link or its Start button; a person who had blocked it takes that back."""
    if not PAYLOAD.fullmatch(payload):
        raise ActError("A start payload has up to 64 characters of A-Z, a-z, 0-9, _ and -.")
    if _person(world, person_id).blocked:
        block(world, person_id, blocked=False)
    return say(world, person_id, person_id, f"/start {payload}" if payload else "/start")


def press(world: World, person_id: int, chat_id: int, label: str) -> Message:
    """Press a button of the reply keyboard; one that asks for contact or location shares it."""
    _, chat = writer(world, person_id, chat_id)
    keyboard = chat.keyboards.get(person_id, {}).get("keyboard", [])
    button = next((b for row in keyboard for b in row if b["text"] == label), None)
    if button is None:
        raise ActError(f"The keyboard has no button {label!r}.")
    if button.get("request_contact"):
        return share_contact(world, person_id, chat_id)
    if button.get("request_location"):
        return share_location(world, person_id, chat_id, -2.976, 104.775)
    return say(world, person_id, chat_id, label)


def share_contact(
    world: World,
    person_id: int,
    chat_id: int,
    contact: JsonDict | None = None,
    *,
    thread_id: int | None = None,
) -> Message:
    """Share one's own contact, or somebody else's when ``contact`` is given."""
    person, chat = writer(world, person_id, chat_id)
    if contact is None:
        contact = {"phone_number": person.phone, "first_name": person.first_name, "user_id": person.id}
        if person.last_name:
            contact["last_name"] = person.last_name
    return _send(world, person, chat, {"contact": contact}, thread_id=thread_id)


def share_location(
    world: World,
    person_id: int,
    chat_id: int,
    latitude: float,
    longitude: float,
    *,
    thread_id: int | None = None,
) -> Message:
    person, chat = writer(world, person_id, chat_id)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ActError("There is no such place.")
    place = {"latitude": latitude, "longitude": longitude}
    return _send(world, person, chat, {"location": place}, thread_id=thread_id)


def send_file(
    world: World,
    person_id: int,
    chat_id: int,
    kind: Kind,
    content: bytes,
    *,
    name: str = "",
    mime: str = "",
    caption: str = "",
    about: JsonDict | None = None,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> Message:
    """Send a file of any kind; a caption that is too long is cut, as clients do.

    ``about`` is what a client knows of it (duration, width …), by the Bot API's names.
    """
    person, chat = writer(world, person_id, chat_id)
    if not content:
        raise ActError("The file is empty.")
    stored = world.files.add(kind, content, name, mime, about)
    data = file_content(stored)
    if caption.strip() and kind in CAPTIONED:
        plain, entities = format_text(caption[:CAPTION_LIMIT], parse_mode=None, entities=None)
        data["caption"] = plain
        if entities:
            data["caption_entities"] = entities
    return _send(world, person, chat, data, reply_to, thread_id)


def send_content(world: World, person_id: int, chat_id: int, content: JsonDict) -> Message:
    """Send a message of any other kind (sticker, voice, dice …) by its Bot API fields."""
    person, chat = writer(world, person_id, chat_id)
    return _send(world, person, chat, dict(content))


def tap(
    world: World, person_id: int, chat_id: int, message_id: int, row: int, col: int
) -> CallbackQuery | None:
    """Tap an inline button; None when it leads to an address instead of the bot."""
    _, chat = reader(world, person_id, chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise ActError("This message is gone.")
    try:
        button = message.buttons()[row][col]
    except IndexError:
        raise ActError("This button is gone.") from None
    if "callback_data" not in button:
        return None
    return call_back(world, person_id, message, button["callback_data"])


def call_back(world: World, person_id: int, message: Message, data: str) -> CallbackQuery:
    """Send a callback query as if the message had a button with this data."""
    person = _person(world, person_id)
    if person.blocked and message.chat.is_private:
        raise ActError("You have blocked this bot.")
    query = world.new_callback(person_id, message.chat.id, message.id)
    shown = message.data
    if message.deleted:
        shown = {"chat": message.chat.json(), "message_id": message.id, "date": 0}
    world.updates.put(
        "callback_query",
        {
            "id": query.id,
            "from": person.user(),
            "message": shown,
            "chat_instance": str(7_000_000_000_000_000_000 + message.chat.id),
            "data": data,
        },
        lane=person_id,
    )
    return query


def block(world: World, person_id: int, *, blocked: bool) -> None:
    """Block the bot or take that back; the bot is told, as for every private chat it was in."""
    person = _person(world, person_id)
    if person.blocked == blocked:
        return
    person.blocked = blocked
    old, new = Member(world.bot_id, "kicked"), Member(world.bot_id, "member")
    if blocked:
        old, new = new, old
    if person.started:
        change = member_change(world, world.chats[person_id], person_id, old, new)
        world.updates.put("my_chat_member", change, lane=person_id)
    world.emit(Event("people"))


def bot_sees(world: World, message: Message) -> bool:
    """Whether the bot gets this message: everything in private; in groups by the privacy mode.

    Commands (unless meant for another bot), answers to the bot, mentions of it, answers to any of these, what was
    sent by way of it and service messages pass; an administrator sees all. Source: core.telegram.org/bots/features,
    "Privacy mode".
    """
    chat = message.chat
    if chat.is_private:
        return True
    member = world.bot_member(chat)
    if not member.is_inside:
        return False
    if message.service or member.is_admin or not world.privacy or "via_bot" in message.data:
        return True
    replied = chat.messages.get((message.data.get("reply_to_message") or {}).get("message_id", 0))
    return _is_meant_for_bot(world, message) or (replied is not None and _is_meant_for_bot(world, replied))


def _is_meant_for_bot(world: World, message: Message) -> bool:
    replied = message.data.get("reply_to_message")
    if replied and replied["from"]["id"] == world.bot_id:
        return True
    text = message.text
    name = f"@{world.bot_username}".lower()
    if text.startswith("/"):
        command = text.split(maxsplit=1)[0].lower()
        return "@" not in command or command.endswith(name)
    entities: list[JsonDict] = message.data.get("entities") or message.data.get("caption_entities") or []
    return name in text.lower() and any(entity["type"] == "mention" for entity in entities)


def _person(world: World, person_id: int) -> Person:
    person = world.people.get(person_id)
    if person is None:
        raise ActError("There is no such person.")
    return person


def reader(world: World, person_id: int, chat_id: int) -> tuple[Person, Chat]:
    """Somebody and a chat that they are in.

    Raises:
        ActError: they are not.
    """
    person, chat = _person(world, person_id), world.chats.get(chat_id)
    if chat is None or (member := chat.members.get(person_id)) is None or not member.is_inside:
        raise ActError("This person is not in that chat.")
    return person, chat


def writer(world: World, person_id: int, chat_id: int) -> tuple[Person, Chat]:
    """Somebody and a chat that they may write in.

    Raises:
        ActError: they may not.
    """
    person, chat = reader(world, person_id, chat_id)
    if chat.is_private and person.blocked:
        raise ActError("You have blocked this bot.")
    if person.deactivated:
        raise ActError("This account was deleted.")
    if chat.migrated_to is not None:
        raise ActError("This group became a supergroup.")
    if not chat.is_private and not chat.lets_write(person_id):
        raise ActError("This person may not write in this group.")
    return person, chat


def send_result(
    world: World, person_id: int, chat_id: int, content: JsonDict, thread_id: int | None = None
) -> Message:
    """Send what an inline result holds; the bot gets this message like others (with ``via_bot``)."""
    person, chat = writer(world, person_id, chat_id)
    return _send(world, person, chat, {**content, "via_bot": world.bot_user()}, thread_id=thread_id)


def _send(
    world: World,
    person: Person,
    chat: Chat,
    content: JsonDict,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> Message:
    if reply_to is not None:
        replied = chat.messages.get(reply_to)
        if replied is None:
            raise ActError("The message to answer is gone.")
        content["reply_to_message"] = world.reply_json(replied)
    topic = chat.general if thread_id is None else chat.topics.get(thread_id)
    if topic is None or not chat.lets_write_in(topic, person.id):
        raise ActError("This topic is closed.")
    if thread_id is not None:
        content.update(message_thread_id=thread_id, is_topic_message=True)
    if chat.is_private:
        person.started = True
    elif chat.members[person.id].is_anonymous:
        content.update({"from": ANONYMOUS_ADMIN, "sender_chat": chat.json()})
        if title := chat.members[person.id].custom_title:
            content["author_signature"] = title
    keyboard = chat.keyboards.get(person.id)
    if keyboard is not None and (keyboard.get("force_reply") or keyboard.get("one_time_keyboard")):
        del chat.keyboards[person.id]
        world.emit(Event("keyboard", chat.id, viewer=person.id))
    message = world.new_message(chat, person.id, content)
    deliver(world, "message", message)
    return message


def deliver(world: World, kind: str, message: Message) -> None:
    """Give the bot a new or changed message, if it sees it."""
    if bot_sees(world, message):
        if not message.chat.is_private and message.sender_id in world.people:
            world.people[message.sender_id].met = True
        world.updates.put(kind, message.data, lane=message.chat.id)


def deliver_service(world: World, message: Message) -> None:
    """Give the bot a service message of a group it is in."""
    deliver(world, "message", message)
