"""Files that people and the bot send: kept in memory, found by file_id or by path."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections import OrderedDict
from mimetypes import guess_extension, guess_type

from simulator.images import image_size
from simulator.model import Kind, StoredFile
from simulator.wire import JsonDict

CAPACITY_BYTES = 256 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes that getFile hands out: Bot API, getFile."""
UPLOAD_LIMIT = 50 * 1024 * 1024
"""Bytes of one upload: Bot API, sending files."""
PHOTO_LIMIT = 10 * 1024 * 1024
"""Bytes of one photo: Bot API, sendPhoto."""

_STORED: dict[Kind, tuple[str, str, str]] = {
    "photo": ("AgACAgUAAxkBAA", "photos", "image/jpeg"),
    "document": ("BQACAgUAAxkBAA", "documents", "application/octet-stream"),
    "video": ("BAACAgUAAxkBAA", "videos", "video/mp4"),
    "audio": ("CQACAgUAAxkBAA", "music", "audio/mpeg"),
    "voice": ("AwACAgUAAxkBAA", "voice", "audio/ogg"),
    "animation": ("CgACAgUAAxkBAA", "animations", "video/mp4"),
    "video_note": ("DQACAgUAAxkBAA", "video_notes", "video/mp4"),
    "sticker": ("CAACAgUAAxkBAA", "stickers", "image/webp"),
    "thumbnail": ("AAMCBQADGQEAA", "thumbnails", "image/jpeg"),
}
"""By kind: how its ids begin (a real file_id tells its kind there too), its folder, and its usual type."""


class FileStore:
    """Files by id; the oldest go when together they pass 256 MB."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._bytes = 0
        self._count = 0

    def add(
        self, kind: Kind, content: bytes, name: str = "", mime: str = "", about: JsonDict | None = None
    ) -> StoredFile:
        """Keep a file; the name tells its type where ``mime`` says nothing.

        ``about`` is what its sender says of it (duration, width, performer …), by the Bot API's names.
        """
        self._count += 1
        number = self._count
        digest = hashlib.blake2b(content, digest_size=9, salt=kind.encode()[:8]).digest()
        prefix, folder, usual = _STORED[kind]
        width, height = image_size(content) or (0, 0)
        if mime in ("", "application/octet-stream"):
            mime = guess_type(name)[0] or usual
        suffix = "." + name.rpartition(".")[2] if "." in name else (guess_extension(mime) or "")
        stored = StoredFile(
            id=_identifier(prefix, number, digest),
            unique_id=("AQAD" if kind == "photo" else "AgAD")
            + base64.urlsafe_b64encode(digest).decode("ascii"),
            kind=kind,
            content=content,
            name=name,
            mime=mime,
            path=f"{folder}/file_{number}{'.jpg' if kind == 'photo' else suffix}",
            width=width,
            height=height,
            about=about or {},
        )
        self._by_id[stored.id] = stored
        self._by_path[stored.path] = stored
        self._bytes += len(content)
        while self._bytes > CAPACITY_BYTES and len(self._by_id) > 1:
            _, oldest = self._by_id.popitem(last=False)
            self._by_path.pop(oldest.path, None)
            self._bytes -= len(oldest.content)
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file; a thumbnail's id leads to its picture."""
        return self._by_id.get(file_id.removesuffix("-s"))

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def clear(self) -> None:
        self._by_id.clear()
        self._by_path.clear()
        self._bytes = 0


def _identifier(prefix: str, number: int, digest: bytes) -> str:
    return prefix + base64.urlsafe_b64encode(struct.pack(">I", number) + digest).decode("ascii").rstrip("=")
