"""Boards as pictures, for a chat or a document: the same rows and bars as on the wall."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.boards import ACCENT, AFTER, AGREE, BEFORE, DISAGREE, PASS, RIGHT, WRONG, Bar, Board, Row
from bot.reports.fonts import pixels as font

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1080
MARGIN = 56
INNER = WIDTH - 2 * MARGIN
COLUMNS = 3
"""How many bars stand side by side where a row has several."""
GAP = 28
FOOT = 20

INK, MUTED, LINE, PAPER, BOX, DEEP = "#10202d", "#4a5d6c", "#d9e2e9", "#eef3f6", "#ffffff", "#14609f"
COLOURS = {
    AGREE: "#1d6f42",
    RIGHT: "#1d6f42",
    DISAGREE: "#b3431a",
    WRONG: "#b3431a",
    PASS: "#a9b6c0",
    ACCENT: DEEP,
    AFTER: DEEP,
    BEFORE: "#9db4c8",
}

LINES = 3
"""Of a text in a row; what is longer ends with an ellipsis."""
HIGHEST = 2600
"""Pixels; the rows that have no room are left out. Telegram refuses pictures whose sides add up to 10,000."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A row, laid out."""

    row: Row
    text: list[str]
    note: list[str]
    height: int


def render(board: Board, foot: str = "") -> bytes:
    """The board as a PNG; ``foot`` is small print below, such as the meeting and the day."""
    from PIL import Image, ImageDraw

    title = _wrapped(board.title, font(44, bold=True), INNER, 2)
    hint = _wrapped(board.hint, font(23), INNER, 4) if board.rows else []
    top = MARGIN + 56 * len(title) + 32 * len(hint) + (54 if board.rows and board.legend else 10) + 14
    boxes: list[_Box] = []
    bottom = top
    for row in board.rows:
        box = _laid_out(row)
        if boxes and bottom + box.height > HIGHEST:
            break
        boxes.append(box)
        bottom += box.height + FOOT
    empty = [] if boxes else _wrapped(board.empty, font(30), INNER, 6)
    height = bottom + 44 * len(empty) + (46 if foot else 10) + 18
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    y = _lines(draw, title, MARGIN, MARGIN - 8, 44, 56, INK, bold=True)
    y = _lines(draw, hint, MARGIN, y + 4, 23, 32, MUTED)
    if board.rows and board.legend:
        _legend(draw, board, y + 12)
    y = top
    for box in boxes:
        _draw(draw, box, y)
        y += box.height + FOOT
    y = _lines(draw, empty, MARGIN, y, 30, 44, MUTED)
    if foot:
        draw.text((MARGIN, height - 44), _fit(foot, font(20), INNER), font=font(20), fill=MUTED)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _laid_out(row: Row) -> _Box:
    room = INNER - 56 - (170 if row.figure else 0)
    text = _wrapped(row.text, font(28, bold=True), room, LINES)
    note = _wrapped(row.note, font(21), INNER - 56, 3)
    bars = 0
    if row.bars:
        bars = 44 if _is_single(row) else 66 * -(-len(row.bars) // COLUMNS) + 4
    label = 34 if row.label else 0
    height = (
        40 + label + max(38 * len(text), 60 if row.figure else 0) + bars + 30 * len(note) + (8 if note else 0)
    )
    return _Box(row, text, note, height)


def _is_single(row: Row) -> bool:
    return len(row.bars) == 1 and not row.bars[0].label


def _draw(draw: ImageDraw, box: _Box, top: int) -> None:
    row, left = box.row, MARGIN + 28
    draw.rounded_rectangle((MARGIN, top, WIDTH - MARGIN, top + box.height), 22, fill=BOX)
    y = top + 18
    if row.label:
        draw.text(
            (left, y), _fit(row.label, font(21, bold=True), INNER - 240), font=font(21, bold=True), fill=DEEP
        )
        y += 34
    if row.figure:
        draw.text(
            (WIDTH - MARGIN - 28, y - 4), _plain(row.figure), font=font(52, bold=True), fill=DEEP, anchor="ra"
        )
    start = y
    y = _lines(draw, box.text, left, y, 28, 38, INK, bold=True)
    y = max(y, start + 60) if row.figure else y
    if row.bars:
        y = _bars(draw, row, left, y)
    _lines(draw, box.note, left, y + 8, 21, 30, MUTED)


def _bars(draw: ImageDraw, row: Row, left: int, top: int) -> int:
    """Draw a row's bars; where they end."""
    if _is_single(row):
        bar = row.bars[0]
        _line(draw, bar, left, top + 12, INNER - 56 - 150, 22)
        draw.text(
            (WIDTH - MARGIN - 28, top + 22),
            _plain(bar.figure),
            font=font(24, bold=True),
            fill=INK,
            anchor="rm",
        )
        return top + 44
    width = (INNER - 56 - GAP * (COLUMNS - 1)) // COLUMNS
    for place, bar in enumerate(row.bars):
        x = left + (place % COLUMNS) * (width + GAP)
        y = top + 8 + 66 * (place // COLUMNS)
        figure = _plain(bar.figure)
        needed = int(font(20, bold=True).getlength(figure))
        draw.text((x, y), _fit(bar.label, font(20), width - needed - 12), font=font(20), fill=MUTED)
        draw.text((x + width, y), figure, font=font(20, bold=True), fill=INK, anchor="ra")
        _line(draw, bar, x, y + 30, width, 16)
    return top + 66 * -(-len(row.bars) // COLUMNS) + 4


def _line(draw: ImageDraw, bar: Bar, x: int, y: int, width: int, height: int) -> None:
    draw.rounded_rectangle((x, y, x + width, y + height), height // 3, fill=LINE)
    start = float(x)
    for part in bar.segments:
        end = start + width * part.share
        if end - start >= 1:
            draw.rounded_rectangle(
                (start, y, max(start, end - 3), y + height), height // 3, fill=COLOURS[part.tone]
            )
        start = end


def _legend(draw: ImageDraw, board: Board, y: int) -> None:
    x = MARGIN
    for tone, name in board.legend:
        draw.rounded_rectangle((x, y + 4, x + 30, y + 22), 6, fill=COLOURS[tone])
        draw.text((x + 42, y), _plain(name), font=font(22), fill=MUTED)
        x += 42 + int(font(22).getlength(_plain(name))) + 40


def _lines(
    draw: ImageDraw,
    lines: list[str],
    x: int,
    y: int,
    size: int,
    step: int,
    colour: str,
    *,
    bold: bool = False,
) -> int:
    """Write lines below one another; where the next would stand."""
    for line in lines:
        draw.text((x, y), line, font=font(size, bold=bold), fill=colour)
        y += step
    return y


def _plain(text: str) -> str:
    """On one line, without what the font has no shape for (emoji): Pillow would draw empty boxes."""
    return " ".join(
        "".join(
            letter
            if ord(letter) < 0x10000 and unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "So")
            else " "
            for letter in text
        ).split()
    )


def _wrapped(text: str, letters: FreeTypeFont, room: int, lines: int) -> list[str]:
    """At most ``lines`` lines that are at most ``room`` pixels wide."""
    found: list[str] = []
    words = _plain(text).split()
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
        found[-1] = _fit(f"{found[-1]} {words[0]}" + " …" * 9, letters, room)
    return found


def _fit(text: str, letters: FreeTypeFont, room: int) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` pixels."""
    text = _plain(text)
    if letters.getlength(text) <= room:
        return text
    while text and letters.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip(" …") + "…"
