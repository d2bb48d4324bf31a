"""Offsets in UTF-16 code units, which the Bot API counts in."""

from __future__ import annotations

from itertools import pairwise


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class Utf16Map:
    """Turns indexes of one string into UTF-16 offsets; ascending look-ups cost one pass in all."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = text.isascii()
        self._index = 0
        self._offset = 0

    def __getitem__(self, index: int) -> int:
        if self._plain:
            return index
        if index < self._index:
            self._index = self._offset = 0
        self._offset += utf16_length(self._text[self._index : index])
        self._index = index
        return self._offset


def utf16_slices(text: str, cuts: list[int]) -> list[str]:
    """The text cut at these ascending UTF-16 offsets."""
    raw = text.encode("utf-16-le", "surrogatepass")
    edges = [0, *(cut * 2 for cut in cuts), len(raw)]
    return [raw[begin:end].decode("utf-16-le", "replace") for begin, end in pairwise(edges)]
