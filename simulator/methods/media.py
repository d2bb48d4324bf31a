"""Photos, documents, albums, places, contacts and polls."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.errors import bad_request, too_large
from simulator.files import PHOTO_LIMIT, UPLOAD_LIMIT, Kind, image_size
from simulator.markup.text import format_text
from simulator.markup.utf16 import utf16_length
from simulator.methods.call import Call
from simulator.methods.sending import caption_content, deliver, with_users
from simulator.model import Poll, StoredFile
from simulator.people import file_content
from simulator.wire import JsonDict
from simulator.world import World

QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTIONS = range(1, 13)
"""Bot API, sendPoll."""


def send_photo(world: World, call: Call) -> JsonDict:
    stored = file_of(world, call, "photo", call.params.get("photo"), "photo")
    return deliver(world, call, {**file_content(stored), **caption_content(world, call)})


def send_document(world: World, call: Call) -> JsonDict:
    stored = file_of(world, call, "document", call.params.get("document"), "document")
    return deliver(world, call, {**file_content(stored), **caption_content(world, call)})


def send_media_group(world: World, call: Call) -> list[JsonDict]:
    media = call.objects("media") or []
    if not 2 <= len(media) <= 10:
        raise bad_request(
            "there must be from 2 to 10 messages in an album" if media else "parameter media is required"
        )
    album = str(secrets.randbits(62))
    contents = []
    for item in media:
        kind = item.get("type")
        if kind not in ("photo", "document"):
            raise bad_request("media type is not supported in an album")
        stored = file_of(world, call, kind, item.get("media"), "media")
        inner = call.inner(item)
        contents.append({**file_content(stored), **caption_content(world, inner), "media_group_id": album})
    return [deliver(world, call, content) for content in contents]


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
            raise bad_request(f'parameter "{name}" is required')
    venue = {"location": location, "title": call.text("title"), "address": call.text("address")}
    return deliver(world, call, {"location": location, "venue": venue})


def send_contact(world: World, call: Call) -> JsonDict:
    for name in ("phone_number", "first_name"):
        if not call.text(name):
            raise bad_request(f'parameter "{name}" is required')
    contact = {"phone_number": call.text("phone_number"), "first_name": call.text("first_name")}
    for name in ("last_name", "vcard"):
        if call.text(name):
            contact[name] = call.text(name)
    return deliver(world, call, {"contact": contact})


def send_poll(world: World, call: Call) -> JsonDict:
    question = call.text("question").strip()
    if not question:
        raise bad_request("poll question must be non-empty")
    if utf16_length(question) > QUESTION_LIMIT:
        raise bad_request("poll question length must not exceed 300")
    options = [_option(call, entry, number) for number, entry in enumerate(call.array("options") or [])]
    if len(options) < OPTIONS.start:
        raise bad_request("poll must have at least 1 option")
    if len(options) >= OPTIONS.stop:
        raise bad_request(f"poll can't have more than {OPTIONS.stop - 1} options")
    is_quiz = call.text("type") == "quiz"
    poll: JsonDict = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": call.flag("is_anonymous") if call.has("is_anonymous") else True,
        "type": "quiz" if is_quiz else "regular",
        "allows_multiple_answers": call.flag("allows_multiple_answers") and not is_quiz,
        "allows_revoting": not is_quiz,
        "members_only": False,
    }
    if is_quiz:
        poll.update(_quiz(world, call, len(options)))
    data = deliver(world, call, {"poll": poll})
    chat = world.chat_for(call.params.get("chat_id"))
    world.polls[poll["id"]] = Poll(poll, chat.messages[data["message_id"]])
    return data


def _option(call: Call, raw: Any, number: int) -> JsonDict:
    text = call.inner(raw if isinstance(raw, dict) else {"text": raw}).text("text").strip()
    if not text:
        raise bad_request("poll option text must be non-empty")
    if utf16_length(text) > OPTION_LIMIT:
        raise bad_request("poll option length must not exceed 100")
    return {"persistent_id": str(number), "text": text, "voter_count": 0}


def _quiz(world: World, call: Call, options: int) -> JsonDict:
    given = call.integers("correct_option_ids") or [call.integer("correct_option_id", -1)]
    if any(not 0 <= number < options for number in given):
        raise bad_request("wrong correct option ID specified")
    found: JsonDict = {"correct_option_ids": given}
    if call.text("explanation"):
        text, entities = format_text(
            call.text("explanation"),
            parse_mode=call.text("explanation_parse_mode"),
            entities=call.objects("explanation_entities"),
        )
        if utf16_length(text) > 200:
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
