"""The result of the understanding check as a picture: for each group and statement, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.polls import understanding
from bot.domain.polls.understanding_results import Results
from bot.i18n import Translator
from bot.reports import fonts
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH = 1280
"""Pixels; Telegram shows pictures of this size without shrinking them."""
MARGIN = 48
LABELS = 520
"""Pixels for the names at the left."""
ROW = 64
PAPER, INK, QUIET, LINE = "#ffffff", "#1c2733", "#6b7785", "#dde3ea"
BEFORE_COLOUR, AFTER_COLOUR = "#9aa7b5", "#0b7a75"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture; shares between 0 and 1, the interval of the second in the same units."""

    label: str
    before: float
    after: float
    low: float | None = None
    high: float | None = None


async def gather(tx: Transaction, arguments: Arguments) -> tuple[Meeting, Results] | None:
    """The result of the check of the meeting whose id is ``arguments["meeting"]``; None when nothing may be shown."""
    meeting = await meetings.find(tx, arguments["meeting"])
    if meeting is None:
        return None
    found = await understanding.results(tx, meeting)
    return None if found.total is None else (meeting, found)


def picture(t: Translator, data: tuple[Meeting, Results]) -> bytes:
    """A PNG."""
    from PIL import Image, ImageDraw

    meeting, found = data
    groups = [
        Row(f"{' + '.join(t.pick(name) for name in group.names)} ({shift.people})", shift.before, shift.after)
        for group, shift in found.groups
    ]
    statements = [
        Row(
            f"{item.statement.position}. {t.pick(item.statement.text)}",
            item.before.estimate,
            item.after.estimate,
            item.after.low,
            item.after.high,
        )
        for item in found.statements
    ]
    blocks = [(t.gettext("By stakeholder group"), groups), (t.gettext("By statement"), statements)]
    height = 220 + sum(70 + ROW * len(rows) for _, rows in blocks) + MARGIN
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 40), t.gettext("Understanding check"), INK, fonts.pixels(40, bold=True))
    draw.text((MARGIN, 96), _fitting(t.pick(meeting.title), 24, WIDTH - 2 * MARGIN), QUIET, fonts.pixels(24))
    _legend(draw, t, 150)
    top = 210
    for title, rows in blocks:
        top = _block(draw, title, rows, top)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _legend(draw: ImageDraw, t: Translator, top: int) -> None:
    left = MARGIN
    for colour, text in ((BEFORE_COLOUR, t.gettext("before")), (AFTER_COLOUR, t.gettext("after"))):
        draw.ellipse((left, top + 4, left + 20, top + 24), fill=colour)
        draw.text((left + 32, top), text, INK, fonts.pixels(24))
        left += 64 + int(fonts.pixels(24).getlength(text))


def _block(draw: ImageDraw, title: str, rows: list[Row], top: int) -> int:
    """Draw a titled block of rows; where the next one begins."""
    left, right = MARGIN + LABELS, WIDTH - MARGIN - 170
    draw.text((MARGIN, top), title, INK, fonts.pixels(26, bold=True))
    for tenth in (0, 5, 10):
        x = left + (right - left) * tenth // 10
        draw.line((x, top + 40, x, top + 50 + ROW * len(rows)), fill=LINE, width=2)
        draw.text((x, top + 34), f"{tenth * 10}%", QUIET, fonts.pixels(18), anchor="ms")
    top += 50
    for row in rows:
        _row(draw, row, left, right, top + ROW // 2)
        top += ROW
    return top + 20


def _row(draw: ImageDraw, row: Row, left: int, right: int, middle: int) -> None:
    def place(share: float) -> int:
        return round(left + (right - left) * share)

    text = "\n".join(_two_lines(row.label, 20, LABELS - 24))
    draw.text((MARGIN, middle), text, INK, fonts.pixels(20), anchor="lm", spacing=6)
    if row.low is not None and row.high is not None:
        draw.line((place(row.low), middle, place(row.high), middle), fill="#bfe0dd", width=14)
    draw.line((place(row.before), middle, place(row.after), middle), fill=QUIET, width=4)
    for share, colour, radius in ((row.before, BEFORE_COLOUR, 11), (row.after, AFTER_COLOUR, 13)):
        x = place(share)
        draw.ellipse((x - radius, middle - radius, x + radius, middle + radius), fill=colour)
    shift = f"{round(row.before * 100)} → {round(row.after * 100)}%"
    draw.text((WIDTH - MARGIN, middle), shift, INK, fonts.pixels(20, bold=True), anchor="rm")


def _two_lines(text: str, size: int, width: int) -> list[str]:
    """The text on one line or two, broken between words."""
    font, first, rest = fonts.pixels(size), "", text.split()
    while rest and font.getlength(f"{first} {rest[0]}".strip()) <= width:
        first = f"{first} {rest.pop(0)}".strip()
    if not first or not rest:
        return [_fitting(text, size, width)]
    return [first, _fitting(" ".join(rest), size, width)]


def _fitting(text: str, size: int, width: int) -> str:
    """The text, cut with an ellipsis where it would be wider than ``width`` pixels."""
    font = fonts.pixels(size)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


PICTURE = Maker("understanding-picture", gather, picture)
