"""``parse_mode=HTML``: which tags there are, and what is said about broken ones.

The rules and the wording follow what Telegram answers; offsets in its errors count UTF-8 bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.errors import ApiError, bad_request
from simulator.markup.utf16 import utf16_length
from simulator.wire import JsonDict

_KIND_BY_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|([A-Za-z]+));?")
_SPECIAL = re.compile(r"[<&]")
_MENTION_LINK = re.compile(r"tg://user\?id=(\d+)$")
_SPACES = " \t\r\n\v\f\0"


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int
    expandable: bool = False


class _Broken(Exception):
    """The markup is refused; ``at`` is an index into the source, None when no place is named."""

    def __init__(self, text: str, at: int | None = None, tail: str = "") -> None:
        super().__init__(text)
        self.text, self.at, self.tail = text, at, tail


def parse_html(source: str) -> tuple[str, list[JsonDict]]:
    """Plain text and its entities in order of their end tags.

    Raises:
        ApiError: ``can't parse entities: …`` with Telegram's reason.
    """
    if not _SPECIAL.search(source):
        return source, []
    try:
        return _Parser(source).run()
    except _Broken as broken:
        raise _refusal(source, broken) from None


def _refusal(source: str, broken: _Broken) -> ApiError:
    place = ""
    if broken.at is not None:
        place = f" at byte offset {len(source[: broken.at].encode('utf-8', 'surrogatepass'))}"
    return bad_request(f"can't parse entities: {broken.text}{place}{broken.tail}")


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[JsonDict] = []

    def run(self) -> tuple[str, list[JsonDict]]:
        source, at = self.source, 0
        while True:
            special = _SPECIAL.search(source, at)
            if special is None:
                self._write(source[at:])
                break
            self._write(source[at : special.start()])
            at = special.start()
            if source[at] == "&":
                character, at = _reference(source, at)
                self._write(character)
            elif source.startswith("</", at):
                at = self._end_tag(at)
            else:
                at = self._start_tag(at)
        if self.open:
            raise _Broken(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            entity.pop("_language", None)
        return "".join(self.out), self.entities

    def _write(self, text: str) -> None:
        if text:
            self.out.append(text)
            self.offset += utf16_length(text)

    def _word_end(self, at: int, stop: str) -> int:
        source = self.source
        while at < len(source) and source[at] not in stop and source[at] not in _SPACES:
            at += 1
        return at

    def _skip_spaces(self, at: int) -> int:
        source = self.source
        while at < len(source) and source[at] in _SPACES:
            at += 1
        return at

    def _start_tag(self, begin: int) -> int:
        source = self.source
        at = self._word_end(begin + 1, ">")
        if at >= len(source):
            raise _Broken("Unclosed start tag", begin)
        tag = source[begin + 1 : at].lower()
        if tag not in _KIND_BY_TAG:
            raise _Broken(f'Unsupported start tag "{tag}"', begin)
        argument, expandable = "", False
        while True:
            at = self._skip_spaces(at)
            if at >= len(source):
                raise _Broken("Unclosed start tag", begin)
            if source[at] == ">":
                break
            name, value, at = self._attribute(tag, begin, at)
            if tag == "a" and name == "href":
                argument = value
            elif tag == "code" and name == "class" and value.startswith("language-"):
                argument = value.removeprefix("language-")
            elif tag == "span" and name == "class" and value.startswith("tg-"):
                argument = value.removeprefix("tg-")
            elif tag == "tg-emoji" and name == "emoji-id":
                argument = value
            elif tag == "blockquote" and name == "expandable":
                expandable = True
        if tag == "span" and argument != "spoiler":
            raise _Broken('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.offset, len(self.out), expandable))
        return at + 1

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        source = self.source
        end = self._word_end(at, "=>" if tag == "blockquote" else "=")
        name = source[at:end].lower()
        if not name:
            raise _Broken(f'Empty attribute name in the tag "{tag}"', begin)
        at = self._skip_spaces(end)
        if at >= len(source) or source[at] != "=":
            if tag == "blockquote" and name == "expandable" and at < len(source):
                return name, "", at
            raise _Broken(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        at = self._skip_spaces(at + 1)
        if at >= len(source):
            raise _Broken(f'Unclosed start tag "{tag}"', begin)
        if source[at] not in "'\"":
            return name, *self._bare_value(at)
        quote, value = source[at], []
        at += 1
        while at < len(source) and source[at] != quote:
            if source[at] == "&":
                character, at = _reference(source, at)
                value.append(character)
            else:
                value.append(source[at])
                at += 1
        if at >= len(source):
            raise _Broken("Unclosed start tag", begin)
        return name, "".join(value), at + 1

    def _bare_value(self, begin: int) -> tuple[str, int]:
        source, at = self.source, begin
        while at < len(source) and ((source[at].isascii() and source[at].isalnum()) or source[at] in ".-"):
            at += 1
        if at >= len(source) or (source[at] not in _SPACES and source[at] != ">"):
            raise _Broken("Unexpected end of name token", begin)
        return source[begin:at].lower(), at

    def _end_tag(self, begin: int) -> int:
        if not self.open:
            raise _Broken("Unexpected end tag", begin)
        at = self._word_end(begin + 2, ">")
        tag = self.source[begin + 2 : at].lower()
        at = self._skip_spaces(at)
        if at >= len(self.source) or self.source[at] != ">":
            raise _Broken("Unclosed end tag", begin)
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise _Broken("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{tag}>"')
        if self.offset > opened.offset:
            self._close(opened)
        return at + 1

    def _close(self, opened: _Open) -> None:
        entity: JsonDict = {
            "offset": opened.offset,
            "length": self.offset - opened.offset,
            "type": _KIND_BY_TAG[opened.tag],
        }
        if opened.tag == "a" and not self._link(entity, opened):
            return
        if opened.tag == "tg-emoji":
            if not opened.argument.isdigit():
                raise _Broken("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        if opened.expandable:
            entity["type"] = "expandable_blockquote"
        if opened.tag in ("pre", "code"):
            self._code(entity, opened)
        else:
            self.entities.append(entity)

    def _link(self, entity: JsonDict, opened: _Open) -> bool:
        """Fill in where the link leads; False when the address is none, as Telegram drops those."""
        url = opened.argument or "".join(self.out[opened.begin :])
        mention = _MENTION_LINK.match(url)
        if mention:
            entity["type"] = "text_mention"
            entity["user"] = {"id": int(mention.group(1))}
            return True
        checked = checked_link(url)
        if checked is None:
            return False
        entity["url"] = checked
        return True

    def _code(self, entity: JsonDict, opened: _Open) -> None:
        """``<pre><code class="language-x">`` in either order is one ``pre`` with a language."""
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        if same and last is not None and opened.tag == "pre" and last.get("_language"):
            last["type"] = "pre"
            last["language"] = last.pop("_language")
            return
        if same and last is not None and opened.tag == "code" and last["type"] == "pre" and opened.argument:
            last["language"] = opened.argument
            return
        if opened.tag == "code" and opened.argument:
            entity["_language"] = opened.argument
        self.entities.append(entity)


def _reference(source: str, at: int) -> tuple[str, int]:
    """The character that a reference stands for and where to go on; an unknown one stays as it is."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return "&", at + 1
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        if name not in _CHARACTERS:
            return "&", at + 1
        return _CHARACTERS[name], match.end()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), match.end()


def checked_link(url: str) -> str | None:
    """An address with its scheme, or None when Telegram would not make a link of it."""
    url = url.strip()
    scheme, separator, rest = url.partition("://")
    if separator:
        if scheme.lower() not in ("http", "https", "tg", "ton", "tonsite") or not rest:
            return None
    elif re.match(r"(?:mailto|tel):", url, re.IGNORECASE):
        return url
    else:
        rest, url = url, f"http://{url}"
    host = re.split(r"[/?#:]", rest, maxsplit=1)[0]
    if scheme.lower() not in ("tg", "ton") and not (host == "localhost" or "." in host):
        return None
    if not host or re.search(r"\s", host):
        return None
    if host.isascii() and rest == host and scheme.lower() in ("http", "https", host.lower()):
        return f"{url}/"
    return url
