"""Texts, copies and forwards."""

from __future__ import annotations

from simulator.errors import bad_request
from simulator.file_json import CAPTIONED, FILE_FIELDS
from simulator.methods.call import Call
from simulator.methods.edits import named_message
from simulator.methods.sending import (
    caption_content,
    deliver,
    link_preview,
    text_content,
)
from simulator.model import Message, standing
from simulator.wire import JsonDict
from simulator.world import World

CONTENT_FIELDS = (
    "text",
    "entities",
    "link_preview_options",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    *FILE_FIELDS,
    "has_media_spoiler",
    "contact",
    "location",
    "venue",
    "poll",
    "dice",
    "media_group_id",
)
ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)


def send_message(world: World, call: Call) -> JsonDict:
    content = text_content(world, call)
    if call.has("link_preview_options") or call.has("disable_web_page_preview"):
        content.update(link_preview(call))
    return deliver(world, call, content)


def copy_message(world: World, call: Call) -> JsonDict:
    source = _source(world, call, "copy")
    content = _content(source)
    if call.has("caption") and any(name in content for name in CAPTIONED):
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(caption_content(world, call))
    return {"message_id": deliver(world, call, content)["message_id"]}


def forward_message(world: World, call: Call) -> JsonDict:
    source = _source(world, call, "forward")
    content = _content(source)
    sender = world.people.get(source.sender_id)
    origin: JsonDict = {"type": "user", "date": source.date}
    origin["sender_user"] = sender.user() if sender else world.bot_user()
    content["forward_origin"] = origin
    return deliver(world, call, content)


def copy_messages(world: World, call: Call) -> list[JsonDict]:
    return [copy_message(world, each) for each in _one_by_one(world, call)]


def forward_messages(world: World, call: Call) -> list[JsonDict]:
    return [{"message_id": forward_message(world, each)["message_id"]} for each in _one_by_one(world, call)]


def _content(source: Message) -> JsonDict:
    """What of a message goes into its copy, in which a live location stands still."""
    content = {name: source.data[name] for name in CONTENT_FIELDS if name in source.data}
    if "location" in content:
        content["location"] = standing(content["location"])
    return content


def _one_by_one(world: World, call: Call) -> list[Call]:
    """A call for each message that is there; those that are not are passed over, as in the Bot API."""
    numbers = call.message_ids()
    if numbers != sorted(set(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = world.chat_for(call.params.get("from_chat_id"))
    return [
        call.inner({**call.params, "message_id": number}) for number in numbers if number in source.messages
    ]


def _source(world: World, call: Call, verb: str) -> Message:
    message = named_message(world, call, f"message to {verb}", "from_chat_id")
    if message.service or message.data.get("has_protected_content"):
        raise bad_request(f"the message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


METHODS = {
    "sendMessage": send_message,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
    "copyMessages": copy_messages,
    "forwardMessages": forward_messages,
}
