"""Files that people and the bot send: kept in memory, found by file_id or by path."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections import OrderedDict
from mimetypes import guess_extension, guess_type
from typing import Literal

from simulator.model import StoredFile
from simulator.wire import JsonDict

CAPACITY_BYTES = 256 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes that getFile hands out: Bot API, getFile."""
UPLOAD_LIMIT = 50 * 1024 * 1024
"""Bytes of one upload: Bot API, sending files."""
PHOTO_LIMIT = 10 * 1024 * 1024
"""Bytes of one photo: Bot API, sendPhoto."""
THUMBNAIL_SIDE = 320

Kind = Literal["photo", "document"]


class FileStore:
    """Files by id; the oldest go when together they pass 256 MB."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._bytes = 0
        self._count = 0

    def add(self, kind: Kind, content: bytes, name: str = "", mime: str = "") -> StoredFile:
        """Keep a file; the name tells its type where ``mime`` says nothing."""
        self._count += 1
        number = self._count
        digest = hashlib.blake2b(content, digest_size=9, salt=kind.encode()[:8]).digest()
        width, height = image_size(content) or (0, 0)
        if mime in ("", "application/octet-stream"):
            mime = guess_type(name)[0] or "application/octet-stream"
        suffix = "." + name.rpartition(".")[2] if "." in name else (guess_extension(mime) or "")
        folder = "photos" if kind == "photo" else "documents"
        stored = StoredFile(
            id=_identifier("AgACAgUAAxkBAA" if kind == "photo" else "BQACAgUAAxkBAA", number, digest),
            unique_id=("AQAD" if kind == "photo" else "AgAD")
            + base64.urlsafe_b64encode(digest).decode("ascii"),
            kind=kind,
            content=content,
            name=name,
            mime=mime,
            path=f"{folder}/file_{number}{'.jpg' if kind == 'photo' else suffix}",
            width=width,
            height=height,
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


def photo_json(photo: StoredFile) -> list[JsonDict]:
    """The Bot API's list of ``PhotoSize``, smallest first."""
    width, height = photo.width or 800, photo.height or 600
    sizes = []
    if max(width, height) > THUMBNAIL_SIDE:
        scale = THUMBNAIL_SIDE / max(width, height)
        sizes.append(
            {
                "file_id": photo.id + "-s",
                "file_unique_id": photo.unique_id + "s",
                "file_size": len(photo.content),
                "width": max(1, round(width * scale)),
                "height": max(1, round(height * scale)),
            }
        )
    sizes.append(
        {
            "file_id": photo.id,
            "file_unique_id": photo.unique_id,
            "file_size": len(photo.content),
            "width": width,
            "height": height,
        }
    )
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
    found: JsonDict = {"mime_type": document.mime}
    if document.name:
        found = {"file_name": document.name, "mime_type": document.mime}
    found.update(file_id=document.id, file_unique_id=document.unique_id, file_size=len(document.content))
    return found


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP; None for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:2] == b"\xff\xd8":
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            at += 1
            continue
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        elif 0xD0 <= marker <= 0xD8 or marker == 0x01:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X" and len(content) >= 30:
        return (
            1 + int.from_bytes(content[24:27], "little"),
            1 + int.from_bytes(content[27:30], "little"),
        )
    if kind == b"VP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
