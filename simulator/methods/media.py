"""Files of every kind, one at a time or as an album."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from simulator.errors import bad_request, required, too_large
from simulator.file_json import CAPTIONED, file_content
from simulator.files import PHOTO_LIMIT, UPLOAD_LIMIT
from simulator.images import image_size
from simulator.methods.call import Call
from simulator.methods.sending import caption_content, deliver
from simulator.model import Kind, StoredFile
from simulator.wire import JsonDict
from simulator.world import World

ALBUM_LIMIT = 10
"""Bot API, sendMediaGroup."""
EDITABLE_KINDS: tuple[Kind, ...] = ("photo", "video", "animation", "audio", "document")
"""What an ``InputMedia`` may be: Bot API, editMessageMedia."""
UNMIXED: tuple[Kind, ...] = ("audio", "document")
"""Kinds that stand in an album only with their own: Bot API, sendMediaGroup."""
_TOLD = ("duration", "width", "height", "length", "performer", "title", "emoji")
"""What a call may tell of its file."""
_TYPE_NAMES: dict[Kind, str] = {"voice": "VoiceNote", "video_note": "VideoNote"}
"""TDLib's words for kinds that are not simply the Bot API's own with a capital letter."""
_STICKER_STARTS = (b"RIFF", b"\x1f\x8b", b"\x1aE\xdf\xa3")
"""WEBP, TGS and WEBM, which stickers are made of: Bot API, sendSticker."""


def _sender(kind: Kind) -> Callable[[World, Call], JsonDict]:
    """The method that sends files of one kind, given under the kind's own name."""

    def send(world: World, call: Call) -> JsonDict:
        stored = file_of(world, call, kind, call.params.get(kind), kind)
        return deliver(world, call, _content(world, call, stored))

    return send


def _content(world: World, call: Call, stored: StoredFile) -> JsonDict:
    content = file_content(stored)
    if stored.kind in CAPTIONED:
        content.update(caption_content(world, call))
    if stored.kind in ("photo", "video", "animation") and call.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def send_media_group(world: World, call: Call) -> list[JsonDict]:
    """A single file is sent as it is, though the Bot API's description asks for two."""
    media = call.objects("media")
    if media is None:
        raise required("media")
    album = {"media_group_id": str(secrets.randbits(62))} if len(media) > 1 else {}
    contents = [{**media_content(world, call, item, in_album=True), **album} for item in media]
    if not contents:
        raise bad_request("there are no messages to send")
    if len(contents) > ALBUM_LIMIT:
        raise bad_request("too many messages to send as an album")
    kinds = {item["type"] for item in media}
    for kind in UNMIXED:
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    return [deliver(world, call, content) for content in contents]


def media_content(world: World, call: Call, media: JsonDict, *, in_album: bool = False) -> JsonDict:
    """The fields of a message that an ``InputMedia`` object becomes.

    Raises:
        ApiError: its type is none that is sent here, or the file is not there.
    """
    value = media.get("media")
    if not value or (str(value).startswith("attach://") and str(value)[9:] not in call.files):
        raise bad_request("can't parse InputMedia: media not found")
    if in_album and media.get("type") == "animation":
        raise bad_request("can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup")
    kind = next((kind for kind in EDITABLE_KINDS if kind == media.get("type")), None)
    if kind is None:
        raise bad_request(f'can\'t parse InputMedia: type "{media.get("type", "")}" is unsupported')
    inner = call.inner(media)
    inner.files = call.files
    return _content(world, inner, file_of(world, inner, kind, value, "media"))


def file_of(world: World, call: Call, kind: Kind, value: Any, field: str) -> StoredFile:
    """The file that a call sends: uploaded under its own name, attached, or known by file_id."""
    name = (
        value.removeprefix("attach://") if isinstance(value, str) and value.startswith("attach://") else field
    )
    upload = call.files.get(name)
    if upload is None:
        if not value:
            raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
        return _known_file(world, str(value), kind)
    _check_upload(kind, upload.content)
    told = {about: _told(call, about) for about in _TOLD if call.has(about)}
    stored = world.files.add(kind, upload.content, upload.name, upload.mime, told)
    if kind not in ("photo", "thumbnail") and (call.has("thumbnail") or "thumbnail" in call.files):
        stored.thumbnail = file_of(world, call, "thumbnail", call.params.get("thumbnail"), "thumbnail")
    return stored


def _told(call: Call, name: str) -> int | str:
    return call.text(name) if name in ("performer", "title", "emoji") else call.integer(name)


def _check_upload(kind: Kind, content: bytes) -> None:
    if not content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        if len(content) > PHOTO_LIMIT:
            raise bad_request("file is too big")
        size = image_size(content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        width, height = size
        # Bot API, sendPhoto: the sides together at most 10,000, their ratio at most 20.
        if width + height > 10_000 or max(size) > 20 * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    elif len(content) > UPLOAD_LIMIT:
        raise too_large()
    elif kind == "sticker" and not content.startswith(_STICKER_STARTS):
        raise bad_request("sticker must be a WEBP, TGS or WEBM file")


def _known_file(world: World, value: str, kind: Kind) -> StoredFile:
    """A file by its id, of this kind: "it is not possible to change the file type" (Bot API, Sending files)."""
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.by_id(value)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {_type_name(stored.kind)} as {_type_name(kind)}")
    return stored


def _type_name(kind: Kind) -> str:
    return _TYPE_NAMES.get(kind, kind.capitalize())


METHODS = {
    "sendPhoto": _sender("photo"),
    "sendDocument": _sender("document"),
    "sendVideo": _sender("video"),
    "sendAudio": _sender("audio"),
    "sendVoice": _sender("voice"),
    "sendAnimation": _sender("animation"),
    "sendVideoNote": _sender("video_note"),
    "sendSticker": _sender("sticker"),
    "sendMediaGroup": send_media_group,
}
