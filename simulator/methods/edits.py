"""Edits, deletions, reactions, and answers to taps."""

from __future__ import annotations

from simulator.changes import REACTIONS
from simulator.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request, required
from simulator.file_json import CAPTIONED, FILE_FIELDS
from simulator.markup.keyboards import parse_markup
from simulator.markup.utf16 import utf16_length
from simulator.methods.call import Call
from simulator.methods.media import EDITABLE_KINDS, UNMIXED, media_content
from simulator.methods.sending import caption_content, check_inside, link_preview, text_content
from simulator.model import Event, Message
from simulator.wire import JsonDict
from simulator.world import World

DELETABLE_SECONDS = 48 * 3600
"""Bot API, deleteMessage."""
_MEDIA_FIELDS = (*FILE_FIELDS, "text", "entities", "caption", "caption_entities", "has_media_spoiler")
ANSWER_LIMIT = 200
"""Characters: Bot API, answerCallbackQuery."""


def edit_message_text(world: World, call: Call) -> JsonDict:
    message = own_message(world, call)
    content = text_content(world, call)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    return replace_content(world, message, call, ("text", "entities"), {**content, **link_preview(call)})


def edit_message_caption(world: World, call: Call) -> JsonDict:
    message = own_message(world, call)
    content = caption_content(world, call)
    if not message.data.keys() & set(CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return replace_content(world, message, call, ("caption", "caption_entities"), content)


def edit_message_reply_markup(world: World, call: Call) -> JsonDict:
    return replace_content(world, own_message(world, call), call, (), {})


def edit_message_media(world: World, call: Call) -> JsonDict:
    message = own_message(world, call)
    media = call.object("media")
    if media is None:
        raise required("media")
    content = media_content(world, call, media)
    if not message.data.keys() & {"text", *EDITABLE_KINDS}:
        raise bad_request("message media can't be edited")
    if "media_group_id" in message.data:
        _check_album(message.data, content)
    return replace_content(world, message, call, _MEDIA_FIELDS, content)


def _check_album(old: JsonDict, new: JsonDict) -> None:
    """Refuse what would not stand beside the rest of an album."""
    if "animation" in new:
        raise bad_request("message content type can't be used in an album")
    if any((kind in old) != (kind in new) for kind in UNMIXED):
        raise bad_request("can't change media type in the album")


def replace_content(
    world: World, message: Message, call: Call, fields: tuple[str, ...], content: JsonDict
) -> JsonDict:
    """Put ``content`` in place of ``fields``; the keyboard goes unless the call names one again."""
    markup = parse_markup(call.params.get("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    old = message.data
    data = {name: value for name, value in old.items() if name not in fields and name != "reply_markup"}
    data.update(content)
    if markup is not None:
        data["reply_markup"] = markup
    compared = (*fields, "reply_markup")
    if all(old.get(name) == data.get(name) for name in compared):
        raise bad_request(NOT_MODIFIED)
    data["edit_date"] = world.timestamp()
    message.data = data
    world.changed(message)
    return data


def own_message(world: World, call: Call) -> Message:
    """The bot's message that the call names, to be edited."""
    if not call.has("chat_id") and not call.integer("message_id"):
        raise bad_request(
            "MESSAGE_ID_INVALID" if call.has("inline_message_id") else "message identifier is not specified"
        )
    message = named_message(world, call, "message to edit")
    if not is_editable(world, message):
        raise bad_request("message can't be edited")
    return message


def is_editable(world: World, message: Message) -> bool:
    """Whether the bot may edit it: TDLib, MessagesManager.cpp, can_edit_message."""
    is_own = message.sender_id == world.bot_id and not message.service
    return is_own and not message.had_keyboard and "forward_origin" not in message.data


def named_message(world: World, call: Call, what: str, chat_id: str = "chat_id") -> Message:
    """The message that the call names; ``what`` it is begins the refusal when it is not there."""
    chat = world.chat_for(call.params.get(chat_id))
    check_inside(world, chat)
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def delete_message(world: World, call: Call) -> bool:
    for name in ("chat", "message"):
        if not call.has(f"{name}_id"):
            raise bad_request(f"{name} identifier is not specified")
    _delete(world, call, call.integer("message_id"), strict=True)
    return True


def delete_messages(world: World, call: Call) -> bool:
    for number in call.message_ids():
        _delete(world, call, number, strict=False)
    return True


def _delete(world: World, call: Call, message_id: int, *, strict: bool) -> None:
    chat = world.chat_for(call.params.get("chat_id"))
    check_inside(world, chat)
    message = chat.messages.get(message_id)
    if message is None:
        if strict:
            raise bad_request("message to delete not found")
        return
    may_delete_others = chat.is_private or world.bot_member(chat).may("can_delete_messages")
    if message.sender_id != world.bot_id and not may_delete_others:
        raise bad_request("message can't be deleted")
    # An administrator of a group may delete at any age.
    is_too_old = world.timestamp() - message.date > DELETABLE_SECONDS
    if is_too_old and (chat.is_private or not may_delete_others):
        raise bad_request("message can't be deleted for everyone")
    world.delete(message)


def answer_callback_query(world: World, call: Call) -> bool:
    text = call.text("text")
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query = world.take_callback(call.text("callback_query_id"))
    if query is None:
        raise bad_request(QUERY_TOO_OLD)
    world.emit(
        Event(
            "answer",
            query.chat_id,
            viewer=query.person_id,
            message_id=query.message_id,
            text=text,
            alert=call.flag("show_alert"),
        )
    )
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    message = named_message(world, call, "message to react")
    reactions = call.objects("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") not in ("emoji", "custom_emoji"):
            raise bad_request("can't parse ReactionType: invalid reaction type specified")
        if reaction["type"] == "emoji" and reaction.get("emoji") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    message.reaction = reactions[0].get("emoji") if reactions else None
    world.changed(message)
    return True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
}
