"""``parse_mode=MarkdownV2``: escapes, nesting and what is said about broken text."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.errors import ApiError, bad_request
from simulator.markup.html import checked_link
from simulator.markup.utf16 import utf16_length
from simulator.wire import JsonDict

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_KIND = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
_NAME = {
    "*": "Bold",
    "_": "Italic",
    "__": "Underline",
    "~": "Strikethrough",
    "||": "Spoiler",
    "[": "TextUrl",
    "`": "Code",
    "```": "Pre",
}


@dataclass(slots=True)
class _Open:
    mark: str
    offset: int
    at: int


def parse_markdown(source: str) -> tuple[str, list[JsonDict]]:
    """Plain text and its entities.

    Raises:
        ApiError: ``can't parse entities: …`` with Telegram's reason.
    """
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[JsonDict] = []
        self.quote: _Open | None = None
        self.line_start = True

    def run(self) -> tuple[str, list[JsonDict]]:
        source = self.source
        while self.at < len(source):
            character = source[self.at]
            if self.line_start and self._quote_line(character):
                continue
            self.line_start = False
            if character == "\\" and self.at + 1 < len(source) and 0 < ord(source[self.at + 1]) <= 126:
                self._write(source[self.at + 1])
                self.at += 2
            elif character in _RESERVED:
                self._mark(character)
            else:
                self._write(character)
                self.at += 1
                self.line_start = character == "\n"
        if self.quote is not None:
            self._end_quote()
        if self.open:
            last = self.open[-1]
            raise self._error(f"Can't find end of {_NAME[last.mark]} entity", last.at)
        return "".join(self.out), self.entities

    def _error(self, text: str, at: int) -> ApiError:
        place = len(self.source[:at].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {text} at byte offset {place}")

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def _quote_line(self, character: str) -> bool:
        """Begin, go on with or end a block quotation; True when the mark itself was read."""
        self.line_start = False
        if character == ">":
            if self.quote is None:
                self.quote = _Open(">", self.offset, self.at)
            self.at += 1
            return True
        if self.quote is not None:
            self._end_quote()
        return False

    def _end_quote(self) -> None:
        assert self.quote is not None
        text = "".join(self.out)
        end = self.offset - (1 if text.endswith("\n") else 0)
        if end > self.quote.offset:
            self.entities.append(
                {"offset": self.quote.offset, "length": end - self.quote.offset, "type": "blockquote"}
            )
        self.quote = None

    def _mark(self, character: str) -> None:
        source, at = self.source, self.at
        if source.startswith("```", at) or character == "`":
            self._code()
            return
        mark = character
        if source.startswith("__", at) or source.startswith("||", at):
            mark = source[at : at + 2]
        if mark in _KIND:
            self._toggle(mark)
        elif mark == "[":
            self.open.append(_Open("[", self.offset, at))
            self.at += 1
        elif mark == "]" and self.open and self.open[-1].mark == "[":
            self._link()
        elif mark == "!" and source.startswith("![", at):
            raise self._error("Custom emoji entity must contain a tg://emoji URL", at)
        else:
            raise bad_request(
                f"can't parse entities: Character '{character}' is reserved and must be escaped "
                "with the preceding '\\'"
            )

    def _is_open(self, mark: str) -> bool:
        return any(opened.mark == mark for opened in self.open)

    def _toggle(self, mark: str) -> None:
        if self.open and self.open[-1].mark == mark:
            opened = self.open.pop()
            if self.offset > opened.offset:
                self.entities.append(
                    {"offset": opened.offset, "length": self.offset - opened.offset, "type": _KIND[mark]}
                )
        elif self._is_open(mark):
            last = self.open[-1]
            raise self._error(f"Can't find end of {_NAME[last.mark]} entity", last.at)
        else:
            self.open.append(_Open(mark, self.offset, self.at))
        self.at += len(mark)

    def _link(self) -> None:
        source, opened = self.source, self.open.pop()
        self.at += 1
        label = "".join(self.out)[-(self.offset - opened.offset) :] if self.offset > opened.offset else ""
        url = label
        if self.at < len(source) and source[self.at] == "(":
            begin = self.at
            self.at += 1
            parts: list[str] = []
            while self.at < len(source) and source[self.at] != ")":
                if source[self.at] == "\\" and self.at + 1 < len(source):
                    self.at += 1
                parts.append(source[self.at])
                self.at += 1
            if self.at >= len(source):
                raise self._error("Can't find end of a URL", begin)
            self.at += 1
            url = "".join(parts)
        length = self.offset - opened.offset
        if length == 0:
            return
        entity: JsonDict = {"offset": opened.offset, "length": length, "type": "text_link"}
        user_id = url.removeprefix("tg://user?id=")
        if user_id != url and user_id.isdigit():
            entity.update(type="text_mention", user={"id": int(user_id)})
            self.entities.append(entity)
            return
        checked = checked_link(url)
        if checked is not None:
            self.entities.append({**entity, "url": checked})

    def _code(self) -> None:
        source = self.source
        mark = "```" if source.startswith("```", self.at) else "`"
        begin, at, text = self.at, self.at + len(mark), []
        while at < len(source) and not source.startswith(mark, at):
            if source[at] == "\\" and at + 1 < len(source):
                at += 1
            text.append(source[at])
            at += 1
        if at >= len(source):
            raise self._error(f"Can't find end of {_NAME[mark]} entity", begin)
        self.at = at + len(mark)
        body, language = "".join(text), ""
        if mark == "```":
            head, newline, rest = body.partition("\n")
            if newline and head and all(33 <= ord(character) <= 126 for character in head):
                language, body = head, rest
            elif newline and not head:
                body = rest
        if not body:
            return
        entity: JsonDict = {"offset": self.offset, "type": "pre" if mark == "```" else "code"}
        self._write(body)
        entity["length"] = self.offset - entity["offset"]
        if language:
            entity["language"] = language
        self.entities.append(entity)
