"""What all methods that send have in common: may the bot write here, and how the message looks."""

from __future__ import annotations

from simulator.errors import bad_request, forbidden
from simulator.markup.keyboards import parse_markup
from simulator.markup.text import CAPTION_LIMIT, TEXT_LIMIT, format_text
from simulator.markup.utf16 import utf16_length
from simulator.methods.call import Call
from simulator.model import Chat, Event, Message
from simulator.wire import JsonDict
from simulator.world import World

_RIGHTS = {
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "animation": ("can_send_other_messages", "animations"),
    "audio": ("can_send_audios", "music"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "video_note": ("can_send_video_notes", "video notes"),
    "sticker": ("can_send_other_messages", "stickers"),
    "document": ("can_send_documents", "documents"),
    "poll": ("can_send_polls", "polls"),
    "contact": ("can_send_messages", "contacts"),
    "venue": ("can_send_messages", "venues"),
    "location": ("can_send_messages", "locations"),
}
"""What a member must be allowed to send a message of this kind, and what the refusal calls it."""


def check_writable(world: World, chat: Chat, content: JsonDict) -> None:
    """Refuse when the bot may not write ``content`` into this chat.

    Raises:
        ApiError: with the words that Telegram has for the case.
    """
    person = chat.person
    if person is not None:
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    check_inside(world, chat)
    right, named = next(
        (found for kind, found in _RIGHTS.items() if kind in content), ("can_send_messages", "text messages")
    )
    if not chat.lets_write(world.bot_id, right):
        raise bad_request(f"not enough rights to send {named} to the chat")


def check_inside(world: World, chat: Chat) -> None:
    """Refuse when the chat moved on or the bot is not in it."""
    if chat.is_private:
        return
    if chat.migrated_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to}
        )
    member = world.bot_member(chat)
    kind = "supergroup" if chat.type == "supergroup" else "group"
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {kind} chat")
    if not member.is_inside:
        raise forbidden(f"bot is not a member of the {kind} chat")


def deliver(world: World, call: Call, content: JsonDict) -> JsonDict:
    """Send ``content`` to the chat of the call and return the message as the bot sees it."""
    chat = world.chat_for(call.params.get("chat_id"))
    check_writable(world, chat, content)
    markup = parse_markup(call.params.get("reply_markup"))
    content = {**_thread(world, call, chat), **_reply(world, call, chat), **content}
    if call.flag("protect_content"):
        content["has_protected_content"] = True
    if markup is not None and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    message = world.new_message(chat, world.bot_id, content)
    if markup is not None and "inline_keyboard" not in markup:
        message.had_keyboard = True
        _show_keyboard(world, message, markup)
    return message.data


def _thread(world: World, call: Call, chat: Chat) -> JsonDict:
    thread_id = call.integer("message_thread_id")
    if not thread_id:
        if chat.is_forum and not chat.lets_write_in(chat.general, world.bot_id):
            raise bad_request("TOPIC_CLOSED")
        return {}
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if not chat.lets_write_in(topic, world.bot_id):
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _reply(world: World, call: Call, chat: Chat) -> JsonDict:
    parameters = call.inner(call.object("reply_parameters") or {})
    message_id = parameters.integer("message_id") or call.integer("reply_to_message_id")
    if not message_id:
        return {}
    replied = chat.messages.get(message_id)
    if replied is None:
        if parameters.flag("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    found: JsonDict = {"reply_to_message": world.reply_json(replied)}
    if parameters.has("quote"):
        plain, entities = format_text(
            parameters.text("quote"),
            parse_mode=parameters.text("quote_parse_mode"),
            entities=parameters.entities("quote_entities"),
        )
        if plain not in replied.text:
            raise bad_request("QUOTE_TEXT_INVALID")
        position = utf16_length(replied.text.partition(plain)[0]) if plain else 0
        found["quote"] = {"text": plain, "position": position, "is_manual": True}
        if entities:
            found["quote"]["entities"] = entities
    return found


def _show_keyboard(world: World, message: Message, markup: JsonDict) -> None:
    chat = message.chat
    viewers = [member.user_id for member in chat.inside() if member.user_id != world.bot_id]
    replied = message.data.get("reply_to_message")
    if markup.get("selective") and not chat.is_private and replied:
        viewers = [viewer for viewer in viewers if viewer == replied["from"]["id"]]
    for viewer in viewers:
        if "remove_keyboard" in markup:
            chat.keyboards.pop(viewer, None)
        else:
            chat.keyboards[viewer] = {**markup, "message_id": message.id}
        world.emit(Event("keyboard", chat.id, viewer=viewer))


def text_content(world: World, call: Call) -> JsonDict:
    """The checked text of a call as the fields ``text`` and ``entities``."""
    source = call.text("text")
    if not source:
        raise bad_request("message text is empty")
    text, entities = format_text(
        source, parse_mode=call.text("parse_mode"), entities=call.entities("entities")
    )
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT // 2 and utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    if not entities:
        return {"text": text}
    return {"text": text, "entities": with_users(world, entities)}


def caption_content(world: World, call: Call) -> JsonDict:
    """The checked caption of a call as the fields ``caption`` and ``caption_entities``."""
    source = call.text("caption")
    if not source:
        return {}
    text, entities = format_text(
        source, parse_mode=call.text("parse_mode"), entities=call.entities("caption_entities")
    )
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    content: JsonDict = {"caption": text}
    if entities:
        content["caption_entities"] = with_users(world, entities)
    if call.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def with_users(world: World, entities: list[JsonDict]) -> list[JsonDict]:
    """Entities with the people in them filled in; mentions of strangers are dropped."""
    found = []
    for entity in entities:
        if entity["type"] == "text_mention":
            user_id = entity.get("user", {}).get("id")
            if user_id != world.bot_id and user_id not in world.people:
                continue
            entity = {**entity, "user": world.user(user_id)}
        found.append(entity)
    return found


def link_preview(call: Call) -> JsonDict:
    """``link_preview_options`` as the message shows them, the old parameter included."""
    options = call.object("link_preview_options")
    if options is None and call.flag("disable_web_page_preview"):
        options = {"is_disabled": True}
    return {"link_preview_options": options} if options else {}
