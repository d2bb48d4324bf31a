"""Buttons under messages, and the short data that comes back when one is tapped.

The data is input, never permission: anybody can send any of it. It is ``kind:part:part``, numbers in base 36.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import Refusal
from bot.storage.values import DIGITS, base36

LIMIT = 64
"""Bytes of callback data: Bot API, InlineKeyboardButton."""


class BadTap(Refusal, ValueError):
    """The data of a button was made by no button of this program, or of an older one."""


class Parts(tuple[str, ...]):
    """The parts of button data after its kind; one that is missing is a :class:`BadTap`, not a programming error."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError:
            raise BadTap(f"part {index} is missing") from None


def parse(data: str) -> tuple[str, Sequence[str]]:
    """The kind and the parts of button data."""
    kind, *parts = data.split(":")
    return kind, Parts(parts)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: exactly one of the fields beside its text is set."""

    text: str
    data: str | None = None
    url: str | None = None
    query: str | None = None
    """Asked of this bot in a chat that the person chooses; for bots in inline mode only."""
    copied: str | None = None
    """Put where the person can paste it from; 256 characters (Bot API, CopyTextButton)."""

    def as_dict(self) -> dict[str, Any]:
        if self.url is not None:
            return {"text": self.text, "url": self.url}
        if self.query is not None:
            return {"text": self.text, "switch_inline_query": self.query}
        if self.copied is not None:
            return {"text": self.text, "copy_text": {"text": self.copied}}
        return {"text": self.text, "callback_data": self.data}


def tap(text: str, kind: str, *parts: str | int) -> Button:
    """A button that sends ``kind`` and ``parts`` back.

    Raises:
        ValueError: the data would exceed 64 bytes or a part holds a colon.
    """
    words = [kind, *(base36(part) if isinstance(part, int) else part for part in parts)]
    data = ":".join(words)
    if len(data.encode()) > LIMIT or data.count(":") != len(parts):
        raise ValueError(f"not fit for a button: {data!r}")
    return Button(text, data=data)


def link(text: str, url: str) -> Button:
    """A button that opens ``url``."""
    return Button(text, url=url)


def number(part: str) -> int:
    """The number of a part made by :func:`tap`.

    Raises:
        BadTap: it is none, so the data was forged.
    """
    if not part or len(part) > 11 or not set(part) <= set(DIGITS):
        raise BadTap(part)
    return int(part, 36)
