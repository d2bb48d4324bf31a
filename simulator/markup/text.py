"""Message text with its entities: counted in UTF-16 units, trimmed, and with links found in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator.errors import bad_request
from simulator.markup.html import parse_html
from simulator.markup.markdown import parse_markdown
from simulator.markup.utf16 import Utf16Map, utf16_length
from simulator.wire import JsonDict

TEXT_LIMIT = 4096
"""UTF-16 units after entities parsing: Bot API, sendMessage."""
CAPTION_LIMIT = 1024
"""UTF-16 units after entities parsing: Bot API, sendPhoto."""

_WHITESPACE = " \t\n\r\v\f\u00a0\u200b\u2028\u2029"
_MAY_HOLD_ENTITY = re.compile(r"[/@#]|\.\w|\+\d")
"""What every entity that is found by itself has in it; most texts have none and are spared the long search."""
_FOUND = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?<![\w@])(?:(?:https?|tg|ftp)://[^\s<>\"«»]+"
    r"|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|id|me|io|info|go\.id|co|dev|app|gov|edu|tv)\b"
    r"(?:/[^\s<>\"«»]*)?))"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}\b)"
    r"|(?P<hashtag>(?<![\w#@])#(?=\w*[^\W\d_])\w{1,256})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{2,31})?(?![\w/<>]))"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d ()-]{8,18}\d\b)",
    re.IGNORECASE,
)
_TRAILING_PUNCTUATION = ".,:;!?)]}'\"…"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_GIVEN_KINDS = frozenset(
    (
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    )
)
_FOUND_KINDS = frozenset(
    ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number")
)
_OPAQUE = frozenset(("code", "pre", "text_link", "text_mention"))


def format_text(
    text: str,
    *,
    parse_mode: str | None,
    entities: Sequence[JsonDict] | None,
    find: bool = True,
) -> tuple[str, list[JsonDict]]:
    """Text and entities as the recipient gets them.

    ``entities`` are those that the caller gave; a ``parse_mode`` takes precedence over them, as in
    the Bot API. Links, commands and the like are found and added unless ``find`` is false.

    Raises:
        ApiError: the markup does not parse, in Telegram's words.
    """
    mode = (parse_mode or "").lower()
    if mode == "html":
        text, own = parse_html(text)
    elif mode == "markdownv2":
        text, own = parse_markdown(text)
    elif mode in ("", "none"):
        own = _given(text, entities) if entities else []
    else:
        raise bad_request("unsupported parse_mode")
    text, own = _trim(text, own)
    if find and _MAY_HOLD_ENTITY.search(text):
        own.extend(_found(text, own))
    if len(own) > 1:
        own.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, own


def _given(text: str, entities: Sequence[JsonDict]) -> list[JsonDict]:
    """The caller's entities, checked; those that the server finds by itself are left to it."""
    length = utf16_length(text)
    kept = []
    for entity in entities:
        kind, offset, size = (entity.get(name) for name in ("type", "offset", "length"))
        if not isinstance(offset, int) or not isinstance(size, int) or not isinstance(kind, str):
            raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
        if size <= 0 or offset < 0 or offset + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + size}"
            )
        if kind in _FOUND_KINDS:
            continue
        if kind not in _GIVEN_KINDS or (kind == "text_link" and not isinstance(entity.get("url"), str)):
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if kind == "text_mention" and not isinstance(entity.get("user"), dict):
            raise bad_request("can't parse MessageEntity: Can't find field \"user\"")
        kept.append(dict(entity))
    return kept


def _trim(text: str, entities: list[JsonDict]) -> tuple[str, list[JsonDict]]:
    """Drop white space at both ends, as the server does, and move the entities along."""
    if "\r" in text and not entities:
        text = text.replace("\r\n", "\n")
    stripped = text.strip(_WHITESPACE)
    if len(stripped) == len(text):
        return text, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip(_WHITESPACE))])
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - lead)
        end = min(length, entity["offset"] + entity["length"] - lead)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept


def _found(text: str, taken: Sequence[JsonDict]) -> list[JsonDict]:
    """Entities that Telegram finds by itself, outside code and explicit links."""
    opaque = [(e["offset"], e["offset"] + e["length"]) for e in taken if e["type"] in _OPAQUE]
    offsets = Utf16Map(text)
    found = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup
        begin, end = match.span()
        if kind == "url":
            end = _url_end(text, begin, end)
        first, last = offsets[begin], offsets[end]
        if any(first < stop and last > start for start, stop in opaque):
            continue
        found.append({"offset": first, "length": last - first, "type": kind})
    return found


def _url_end(text: str, begin: int, end: int) -> int:
    """Where an address ends: before punctuation, but after a bracket that it opened itself."""
    while end > begin and text[end - 1] in _TRAILING_PUNCTUATION:
        opening = _BRACKETS.get(text[end - 1])
        if opening and text.count(opening, begin, end) >= text.count(text[end - 1], begin, end):
            break
        end -= 1
    return end
