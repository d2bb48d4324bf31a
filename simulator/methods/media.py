"""Photos, documents, albums, places, contacts and polls."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.errors import bad_request, required, too_large
from simulator.files import PHOTO_LIMIT, UPLOAD_LIMIT, Kind, image_size
from simulator.markup.text import format_text
from simulator.methods.call import Call
from simulator.methods.sending import caption_content, deliver, with_users
from simulator.model import Poll, StoredFile
from simulator.people import file_content
from simulator.wire import JsonDict
from simulator.world import World

ALBUM_LIMIT = 10
"""Bot API, sendMediaGroup."""
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTION_COUNT = 12
EXPLANATION_LIMIT = 200
"""Bot API, sendPoll; lengths in characters, not in UTF-16 units (tdlib/td, PollOption.cpp)."""


def send_photo(world: World, call: Call) -> JsonDict:
    stored = file_of(world, call, "photo", call.params.get("photo"), "photo")
    return deliver(world, call, {**file_content(stored), **caption_content(world, call)})


def send_document(world: World, call: Call) -> JsonDict:
    stored = file_of(world, call, "document", call.params.get("document"), "document")
    return deliver(world, call, {**file_content(stored), **caption_content(world, call)})


def send_media_group(world: World, call: Call) -> list[JsonDict]:
    """A single file is sent as it is, though the Bot API's description asks for two."""
    media = call.objects("media")
    if media is None:
        raise required("media")
    album = {"media_group_id": str(secrets.randbits(62))} if len(media) > 1 else {}
    contents = []
    for item in media:
        stored = input_media(world, call, item, in_album=True)
        contents.append({**file_content(stored), **caption_content(world, call.inner(item)), **album})
    if not contents:
        raise bad_request("there are no messages to send")
    if len(contents) > ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    if len({item["type"] for item in media}) > 1:
        raise bad_request("document can't be mixed with other media types")
    return [deliver(world, call, content) for content in contents]


def input_media(world: World, call: Call, media: JsonDict, *, in_album: bool = False) -> StoredFile:
    """The file of an ``InputMedia`` object.

    Raises:
        ApiError: its type is none that is sent here, or the file is not there.
    """
    value = media.get("media")
    if not value or (str(value).startswith("attach://") and str(value)[9:] not in call.files):
        raise bad_request("can't parse InputMedia: media not found")
    kind = str(media.get("type", ""))
    if in_album and kind == "animation":
        raise bad_request("can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup")
    if kind not in ("photo", "document"):
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    return file_of(world, call, "photo" if kind == "photo" else "document", value, "media")


def file_of(world: World, call: Call, kind: Kind, value: Any, field: str) -> StoredFile:
    """The file that a call sends: uploaded under its own name, attached, or known by file_id."""
    name = (
        value.removeprefix("attach://") if isinstance(value, str) and value.startswith("attach://") else field
    )
    upload = call.files.get(name)
    if upload is None:
        if not value:
            raise bad_request(f"there is no {kind} in the request")
        return _known_file(world, str(value), kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        if len(upload.content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        size = image_size(upload.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        width, height = size
        # Bot API, sendPhoto: the sides together at most 10,000, their ratio at most 20.
        if width + height > 10_000 or max(size) > 20 * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    elif len(upload.content) > UPLOAD_LIMIT:
        raise too_large()
    return world.files.add(kind, upload.content, upload.name, upload.mime)


def _known_file(world: World, value: str, kind: Kind) -> StoredFile:
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.by_id(value)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
    return stored


def send_location(world: World, call: Call) -> JsonDict:
    return deliver(world, call, {"location": _location(call)})


def _location(call: Call) -> JsonDict:
    latitude, longitude = call.number("latitude"), call.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    location: JsonDict = {"latitude": latitude, "longitude": longitude}
    if call.has("horizontal_accuracy"):
        location["horizontal_accuracy"] = call.number("horizontal_accuracy")
    return location


def send_venue(world: World, call: Call) -> JsonDict:
    location = _location(call)
    for name in ("title", "address"):
        if not call.text(name):
            raise required(name)
    venue = {"location": location, "title": call.text("title"), "address": call.text("address")}
    return deliver(world, call, {"location": location, "venue": venue})


def send_contact(world: World, call: Call) -> JsonDict:
    for name in ("phone_number", "first_name"):
        if not call.text(name):
            raise required(name)
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    for name in ("last_name", "vcard"):
        if call.text(name):
            contact[name] = call.text(name)
    return deliver(world, call, {"contact": contact})


def send_poll(world: World, call: Call) -> JsonDict:
    question, entities = _plain(call, "question", "question_parse_mode", "question_entities")
    if len(question) > QUESTION_LIMIT:
        raise bad_request(f"poll question length must not exceed {QUESTION_LIMIT}")
    given = call.array("options") or []
    if not given:
        raise bad_request("poll must have at least one answer option")
    if len(given) > OPTION_COUNT:
        raise bad_request(f"poll can't have more than {OPTION_COUNT} options")
    options = [_option(call, entry, number) for number, entry in enumerate(given)]
    is_quiz = call.text("type") == "quiz"
    poll: JsonDict = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": call.flag("is_anonymous") if call.has("is_anonymous") else True,
        "type": "quiz" if is_quiz else "regular",
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": call.flag("allows_revoting") if call.has("allows_revoting") else not is_quiz,
        "members_only": False,
    }
    if entities:
        poll["question_entities"] = entities
    if is_quiz:
        poll.update(_quiz(world, call, len(options)))
    data = deliver(world, call, {"poll": poll})
    chat = world.chat_for(call.params.get("chat_id"))
    world.polls[poll["id"]] = Poll(poll, chat.messages[data["message_id"]])
    return data


def _option(call: Call, raw: Any, number: int) -> JsonDict:
    inner = call.inner(raw if isinstance(raw, dict) else {"text": raw})
    text, entities = _plain(inner, "text", "text_parse_mode", "text_entities")
    if len(text) > OPTION_LIMIT:
        raise bad_request(f"poll options length must not exceed {OPTION_LIMIT}")
    option: JsonDict = {"persistent_id": str(number), "text": text, "voter_count": 0}
    if entities:
        option["text_entities"] = entities
    return option


def _plain(call: Call, name: str, mode: str, given: str) -> tuple[str, list[JsonDict]]:
    """A text of a poll: of its formatting only custom emoji stay (Bot API, InputPollOption)."""
    text, entities = format_text(
        call.text(name), parse_mode=call.text(mode), entities=call.objects(given), find=False
    )
    if not text:
        raise bad_request("text must be non-empty")
    return text, [entity for entity in entities if entity["type"] == "custom_emoji"]


def _quiz(world: World, call: Call, options: int) -> JsonDict:
    given = call.integers("correct_option_ids")
    if call.has("correct_option_id") and not given:
        given = [call.integer("correct_option_id", -1)]
    if not given:
        raise bad_request("correct quiz option list must be non-empty")
    if given != sorted(set(given)):
        raise bad_request("correct quiz option list must be increasing")
    if any(not 0 <= number < options for number in given):
        raise bad_request("wrong quiz correct_option_id")
    found: JsonDict = {"correct_option_ids": given}
    if call.text("explanation"):
        text, entities = format_text(
            call.text("explanation"),
            parse_mode=call.text("explanation_parse_mode"),
            entities=call.objects("explanation_entities"),
        )
        if len(text) > EXPLANATION_LIMIT:
            raise bad_request("message is too long")
        found["explanation"] = text
        if entities:
            found["explanation_entities"] = with_users(world, entities)
    return found


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendPoll": send_poll,
}
