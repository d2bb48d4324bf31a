"""Text with entities as HTML for the page; everything from people is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from simulator.markup.utf16 import utf16_slices
from simulator.wire import JsonDict

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
    "phone_number": ('<span class="phone">', "</span>"),
}

_BLOCKS = ("pre", "blockquote", "expandable_blockquote")
"""What stands on lines of its own, so that the line break after it makes no empty line."""


def render_html(text: str, entities: Sequence[JsonDict]) -> str:
    """Safe HTML; commands and mentions are links that carry ``data-command`` or ``data-mention``.

    Entities that cross each other are closed and opened again, so the tags always nest.
    """
    if not entities:
        return escape(text)
    cuts = sorted({edge for e in entities for edge in (e["offset"], e["offset"] + e["length"])})
    pieces = utf16_slices(text, cuts)
    spans = sorted(entities, key=lambda e: (e["offset"], -e["length"]))
    out: list[str] = []
    current: list[JsonDict] = []
    begin = 0
    for number, piece in enumerate(pieces):
        end = cuts[number] if number < len(cuts) else None
        wanted = [e for e in spans if e["offset"] <= begin and begin < e["offset"] + e["length"]]
        if piece:
            shared = 0
            while shared < min(len(current), len(wanted)) and current[shared] is wanted[shared]:
                shared += 1
            out.extend(_tags(entity, text)[1] for entity in reversed(current[shared:]))
            if any(entity["type"] in _BLOCKS for entity in current[shared:]):
                piece = piece.removeprefix("\n")
            out.extend(_tags(entity, text)[0] for entity in wanted[shared:])
            out.append(escape(piece))
            current = wanted
        if end is None:
            break
        begin = end
    out.extend(_tags(entity, text)[1] for entity in reversed(current))
    return "".join(out)


def _tags(entity: JsonDict, text: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _TAGS:
        return _TAGS[kind]
    covered = utf16_slices(text, [entity["offset"], entity["offset"] + entity["length"]])[1]
    if kind == "text_link":
        return _link(entity["url"])
    if kind == "url":
        return _link(covered if "://" in covered else f"http://{covered}")
    if kind == "email":
        return f'<a href="mailto:{escape(covered)}">', "</a>"
    if kind == "bot_command":
        return f'<a class="command" href="#" data-command="{escape(covered)}">', "</a>"
    if kind in ("mention", "text_mention"):
        return f'<a class="mention" href="#" data-mention="{escape(covered)}">', "</a>"
    return "<span>", "</span>"


def _link(url: str) -> tuple[str, str]:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
