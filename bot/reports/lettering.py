"""Text in pictures: on lines of a width in pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.reports.fonts import pixels

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont


def plain(text: str) -> str:
    """On one line, without what the font has no shape for (emoji): Pillow would draw empty boxes."""
    return " ".join(
        "".join(
            letter
            if ord(letter) < 0x10000 and unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "So")
            else " "
            for letter in text
        ).split()
    )


def wrapped(text: str, letters: FreeTypeFont, room: int, lines: int) -> list[str]:
    """At most ``lines`` lines that are at most ``room`` pixels wide."""
    found: list[str] = []
    words = plain(text).split()
    while words and len(found) < lines:
        line = words.pop(0)
        while words and letters.getlength(f"{line} {words[0]}") <= room:
            line += f" {words.pop(0)}"
        if letters.getlength(line) > room:  # one word that is too long
            kept = line
            while kept and letters.getlength(kept) > room:
                kept = kept[:-1]
            words.insert(0, line[len(kept) :])
            line = kept
        found.append(line)
    if words:
        found[-1] = fit(f"{found[-1]} {words[0]}" + " …" * 9, letters, room)
    return found


def fitting(
    text: str, sizes: Sequence[int], room: int, lines: int, *, bold: bool = False
) -> tuple[int, list[str]]:
    """The first of ``sizes`` (pixels, the largest first) in which all of a text fits, and its lines.

    In the smallest it is cut where even that is too large.
    """
    *larger, smallest = sizes
    whole = plain(text).replace(" ", "")
    for size in larger:
        found = wrapped(text, pixels(size, bold=bold), room, lines)
        if "".join(found).replace(" ", "") == whole:
            return size, found
    return smallest, wrapped(text, pixels(smallest, bold=bold), room, lines)


def fit(text: str, letters: FreeTypeFont, room: int) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` pixels."""
    text = plain(text)
    if letters.getlength(text) <= room:
        return text
    while text and letters.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip(" …") + "…"
