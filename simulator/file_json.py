"""How a stored file looks in a message: the Bot API's object for each kind."""

from __future__ import annotations

from collections.abc import Callable

from simulator.model import Kind, StoredFile
from simulator.wire import JsonDict

THUMBNAIL_SIDE = 320
CAPTIONED: tuple[Kind, ...] = ("photo", "video", "animation", "audio", "voice", "document")
"""Kinds whose messages may have a caption."""
FILE_FIELDS: tuple[Kind, ...] = (*CAPTIONED, "video_note", "sticker")
"""The fields of a message that hold a file, which are also the names of the kinds."""


def file_content(stored: StoredFile) -> JsonDict:
    """The fields of a message that shows this file.

    An animation is a document as well, for old clients: Bot API, Message.
    """
    if stored.kind == "animation":
        return {"animation": _moving_json(stored), "document": document_json(stored)}
    return {stored.kind: _SHAPES[stored.kind](stored)}


def photo_json(photo: StoredFile) -> list[JsonDict]:
    """The Bot API's list of ``PhotoSize``, smallest first."""
    width, height = photo.width or 800, photo.height or 600
    sizes = []
    if max(width, height) > THUMBNAIL_SIDE:
        scale = THUMBNAIL_SIDE / max(width, height)
        sizes.append(
            {
                **_known(photo),
                "file_id": photo.id + "-s",
                "file_unique_id": photo.unique_id + "s",
                "width": max(1, round(width * scale)),
                "height": max(1, round(height * scale)),
            }
        )
    sizes.append({**_known(photo), "width": width, "height": height})
    return sizes


def photo_ids(photo: StoredFile) -> JsonDict:
    """The Bot API's ``ChatPhoto``: ids of the small and of the big form."""
    return {
        "small_file_id": photo.id + "-s",
        "small_file_unique_id": photo.unique_id + "s",
        "big_file_id": photo.id,
        "big_file_unique_id": photo.unique_id,
    }


def document_json(document: StoredFile) -> JsonDict:
    """The Bot API ``Document``."""
    return _named(document)


def _known(stored: StoredFile) -> JsonDict:
    """What all kinds tell of a file."""
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }


def _named(stored: StoredFile) -> JsonDict:
    found = {**_known(stored), "mime_type": stored.mime}
    if stored.name:
        found["file_name"] = stored.name
    if stored.thumbnail is not None:
        found["thumbnail"] = _size_json(stored.thumbnail)
    return found


def _size_json(picture: StoredFile) -> JsonDict:
    return {**_known(picture), "width": picture.width or 320, "height": picture.height or 240}


def _measures(stored: StoredFile) -> JsonDict:
    """Length and size as the sender gave them; nothing is measured here."""
    return {
        "width": stored.about.get("width") or stored.width or 640,
        "height": stored.about.get("height") or stored.height or 360,
        "duration": stored.about.get("duration", 0),
    }


def _moving_json(stored: StoredFile) -> JsonDict:
    return {**_named(stored), **_measures(stored)}


def _audio_json(stored: StoredFile) -> JsonDict:
    about = {name: stored.about[name] for name in ("performer", "title") if stored.about.get(name)}
    return {**_named(stored), "duration": stored.about.get("duration", 0), **about}


def _voice_json(stored: StoredFile) -> JsonDict:
    return {**_known(stored), "mime_type": stored.mime, "duration": stored.about.get("duration", 0)}


def _video_note_json(stored: StoredFile) -> JsonDict:
    found = _known(stored)
    if stored.thumbnail is not None:
        found["thumbnail"] = _size_json(stored.thumbnail)
    return {
        **found,
        "length": stored.about.get("length") or 240,
        "duration": stored.about.get("duration", 0),
    }


def _sticker_json(stored: StoredFile) -> JsonDict:
    """A sticker that belongs to no set: its size is the picture's; those that move are 512 to the side."""
    found = {
        **_known(stored),
        "type": "regular",
        "width": stored.width or 512,
        "height": stored.height or 512,
        "is_animated": stored.content.startswith(b"\x1f\x8b"),
        "is_video": stored.content.startswith(b"\x1aE\xdf\xa3"),
    }
    if stored.about.get("emoji"):
        found["emoji"] = stored.about["emoji"]
    return found


_SHAPES: dict[Kind, Callable[[StoredFile], JsonDict | list[JsonDict]]] = {
    "photo": photo_json,
    "document": document_json,
    "video": _moving_json,
    "audio": _audio_json,
    "voice": _voice_json,
    "video_note": _video_note_json,
    "sticker": _sticker_json,
}
