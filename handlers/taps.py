"""Buttons under messages, and the short data that comes back when one is tapped.

The data is input, never permission: anybody can send any of it. It is ``kind:part:part``, numbers in base 36.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LIMIT = 64
"""Bytes of callback data: Bot API, InlineKeyboardButton."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: exactly one of ``data`` and ``url`` is set."""

    text: str
    data: str | None = None
    url: str | None = None

    def as_dict(self) -> dict[str, Any]:
        if self.url is not None:
            return {"text": self.text, "url": self.url}
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


def base36(number: int) -> str:
    """``number`` (not negative) in digits and small letters."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def number(part: str) -> int:
    """The number of a part made by :func:`tap`.

    Raises:
        ValueError: it is none, so the data was forged.
    """
    value = int(part, 36)
    if value < 0 or len(part) > 11:
        raise ValueError(part)
    return value
