"""What people type, made fit to be kept, counted, printed and shown beside other people's words."""

from __future__ import annotations

import html
import re
import unicodedata

_LAYOUT = re.compile(
    "["
    "\u061c\u200e\u200f"  # marks of direction
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides and isolates: they turn the text that follows around
    "\u200b\u2060\ufeff\u00ad"  # invisible spaces and hyphens
    "\ufff9-\ufffb"  # interlinear annotation
    "]"
)

_LOOKS_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800\u200c\u200d\ufe0e\ufe0f")
"""Letters and symbols without a visible shape, and joiners that mean something only between others."""


def clean(text: str) -> str:
    """One line: normalised (Unicode NFC), without control and direction characters, with single spaces."""
    return " ".join(_plain(text).split())


def clean_lines(text: str) -> str:
    """As :func:`clean`, but with its line breaks; no more than one empty line in a row."""
    lines = [" ".join(line.split()) for line in _plain(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing."""
    return not any(_is_visible(letter) for letter in text)


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script."""
    return any(unicodedata.category(letter)[0] == "L" and letter not in _LOOKS_EMPTY for letter in text)


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 code units."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def clip(text: str, limit: int) -> str:
    """At most ``limit`` UTF-16 code units of the text, with an ellipsis where it was cut."""
    if utf16_length(text) <= limit:
        return text
    kept = []
    room = limit - 1
    for letter in text:
        room -= 2 if ord(letter) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def without_tags(text: str) -> str:
    """The words of Telegram's HTML, as its readers see them."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _plain(text: str) -> str:
    # Cc: controls; Cs: halves of surrogate pairs, which no database takes.
    kept = (letter for letter in text if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", _LAYOUT.sub("", "".join(kept)))


def _is_visible(letter: str) -> bool:
    # Co, Cn: private use, and what is newer than our Unicode tables; somebody's keyboard has them.
    category = unicodedata.category(letter)
    return letter not in _LOOKS_EMPTY and (category[0] in "LNPS" or category in ("Co", "Cn"))


def without_mark(label: str) -> str:
    """A label as it stands before its answer: an office may have written it as a question."""
    return label.rstrip(" ?:") or label
