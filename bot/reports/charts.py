"""Boards as pictures, for a chat or a document: the same rows and bars as on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.wall.boards import ACCENT, AFTER, AGREE, BEFORE, DISAGREE, PASS, RIGHT, WRONG, Bar, Board, Row
from bot.reports.fonts import pixels as font
from bot.reports.lettering import fit, plain, wrapped

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

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
FINE = 2
"""How many times larger a picture is drawn than it is sent, because Pillow's corners are jagged."""
HIGHEST = 2600
"""Pixels; the rows that have no room are left out. Telegram refuses pictures whose sides add up to 10,000."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A row, laid out."""

    row: Row
    text: list[str]
    note: list[str]
    height: int


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on the larger picture by the measures of the smaller one."""

    draw: ImageDraw

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        anchor: str = "la",
    ) -> None:
        place = (at[0] * FINE, at[1] * FINE)
        self.draw.text(place, text, font=font(size * FINE, bold=bold), fill=colour, anchor=anchor)

    def box(self, corners: tuple[float, float, float, float], radius: float, colour: str) -> None:
        left, top, right, bottom = (value * FINE for value in corners)
        self.draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius * FINE, fill=colour)


def render(board: Board, foot: str = "") -> bytes:
    """The board as a PNG; ``foot`` is small print below, such as the meeting and the day."""
    from PIL import Image, ImageDraw

    title = wrapped(board.title, font(44, bold=True), INNER, 2)
    hint = wrapped(board.hint, font(23), INNER, 4) if board.rows else []
    top = MARGIN + 56 * len(title) + 32 * len(hint) + (54 if board.rows and board.legend else 10) + 14
    boxes: list[_Box] = []
    bottom = top
    for row in board.rows:
        box = _laid_out(row)
        if boxes and bottom + box.height > HIGHEST:
            break
        boxes.append(box)
        bottom += box.height + FOOT
    empty = [] if boxes else wrapped(board.empty, font(30), INNER, 6)
    height = bottom + 44 * len(empty) + (46 if foot else 10) + 18
    image = Image.new("RGB", (WIDTH * FINE, height * FINE), PAPER)
    pen = _Pen(ImageDraw.Draw(image))
    y = _lines(pen, title, MARGIN, MARGIN - 8, 44, 56, INK, bold=True)
    y = _lines(pen, hint, MARGIN, y + 4, 23, 32, MUTED)
    if board.rows and board.legend:
        _legend(pen, board, y + 12)
    y = top
    for box in boxes:
        _draw(pen, box, y)
        y += box.height + FOOT
    y = _lines(pen, empty, MARGIN, y, 30, 44, MUTED)
    if foot:
        pen.text((MARGIN, height - 44), fit(foot, font(20), INNER), 20, MUTED)
    file = BytesIO()
    image.resize((WIDTH, height), Image.Resampling.BOX).save(file, "PNG")
    return file.getvalue()


def _laid_out(row: Row) -> _Box:
    room = INNER - 56 - (170 if row.figure else 0)
    text = wrapped(row.text, font(28, bold=True), room, LINES)
    note = wrapped(row.note, font(21), INNER - 56, 3)
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


def _draw(pen: _Pen, box: _Box, top: int) -> None:
    row, left = box.row, MARGIN + 28
    pen.box((MARGIN, top, WIDTH - MARGIN, top + box.height), 22, BOX)
    y = top + 18
    if row.label:
        pen.text((left, y), fit(row.label, font(21, bold=True), INNER - 240), 21, DEEP, bold=True)
        y += 34
    if row.figure:
        pen.text((WIDTH - MARGIN - 28, y - 4), plain(row.figure), 52, DEEP, bold=True, anchor="ra")
    start = y
    y = _lines(pen, box.text, left, y, 28, 38, INK, bold=True)
    y = max(y, start + 60) if row.figure else y
    if row.bars:
        y = _bars(pen, row, left, y)
    _lines(pen, box.note, left, y + 8, 21, 30, MUTED)


def _bars(pen: _Pen, row: Row, left: int, top: int) -> int:
    """Draw a row's bars; where they end."""
    if _is_single(row):
        bar = row.bars[0]
        _line(pen, bar, left, top + 12, INNER - 56 - 150, 22)
        pen.text((WIDTH - MARGIN - 28, top + 22), plain(bar.figure), 24, INK, bold=True, anchor="rm")
        return top + 44
    width = (INNER - 56 - GAP * (COLUMNS - 1)) // COLUMNS
    for place, bar in enumerate(row.bars):
        x = left + (place % COLUMNS) * (width + GAP)
        y = top + 8 + 66 * (place // COLUMNS)
        figure = plain(bar.figure)
        needed = int(font(20, bold=True).getlength(figure))
        pen.text((x, y), fit(bar.label, font(20), width - needed - 12), 20, MUTED)
        pen.text((x + width, y), figure, 20, INK, bold=True, anchor="ra")
        _line(pen, bar, x, y + 30, width, 16)
    return top + 66 * -(-len(row.bars) // COLUMNS) + 4


def _line(pen: _Pen, bar: Bar, x: int, y: int, width: int, height: int) -> None:
    pen.box((x, y, x + width, y + height), height / 3, LINE)
    start = float(x)
    for part in bar.segments:
        end = start + width * part.share
        gap = 0 if part is bar.segments[-1] else 3
        if end - gap - start >= 1:
            pen.box((start, y, end - gap, y + height), height / 3, COLOURS[part.tone])
        start = end


def _legend(pen: _Pen, board: Board, y: int) -> None:
    x = MARGIN
    for tone, name in board.legend:
        pen.box((x, y + 4, x + 30, y + 22), 6, COLOURS[tone])
        pen.text((x + 42, y), plain(name), 22, MUTED)
        x += 42 + int(font(22).getlength(plain(name))) + 40


def _lines(
    pen: _Pen,
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
        pen.text((x, y), line, size, colour, bold=bold)
        y += step
    return y
