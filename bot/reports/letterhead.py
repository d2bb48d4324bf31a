"""PDF pages of an office: its fonts, lines of text, and the letterhead with the logo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from bot.reports import fonts
from bot.storage.offices import Office

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
LOGO_MM = 22.0
WIDE = 2.0
"""A logo this many times as wide as it is high is a wide one."""
WIDE_LOGO_MM = 100.0, 18.0
"""What a wide logo has at most, in width and height."""
LARGE_LINES = 2
"""The first lines of a letterhead name the office; what follows is its address."""


def prepare(paper: FPDF, title: str) -> None:
    """Give a document its fonts and its title."""
    paper.add_font(FONT, fname=fonts.file())
    paper.add_font(FONT, style="B", fname=fonts.file(bold=True))
    paper.set_title(title)


def line(paper: FPDF, text: str, *, size: float, bold: bool = False, align: str = "L") -> None:
    """A paragraph over the width of the page; ``size`` in points, ``align`` L, C or R."""
    paper.set_font(FONT, style="B" if bold else "", size=size)
    block(paper, text, size * 0.5, align=align)


def block(paper: FPDF, text: str, height: float, *, align: str = "L") -> None:
    """A text from where the pen is to the right margin, in the font that is set; ``height`` of a line in mm."""
    with _shaping(paper, text):
        paper.multi_cell(0, height, fonts.drawable(text), align=align, new_x="LMARGIN", new_y="NEXT")


def wrapped(paper: FPDF, text: str, width: float, height: float) -> list[str]:
    """A text on lines of a width in millimetres, in the font that is set."""
    with _shaping(paper, text):
        lines = paper.multi_cell(width, height, fonts.drawable(text), dry_run=True, output="LINES")
    assert isinstance(lines, list)
    return lines


def cell(paper: FPDF, text: str, width: float, height: float, *, align: str = "L") -> None:
    """A text on one line from where the pen is, in the font that is set; the pen goes on behind it."""
    with _shaping(paper, text):
        paper.cell(width, height, fonts.drawable(text), align=align)


@contextmanager
def _shaping(paper: FPDF, text: str) -> Iterator[None]:
    """Join Arabic letters and set them from right to left. Only where there are any: it takes three times as long."""
    paper.set_text_shaping(fonts.is_joined(text))
    yield
    paper.set_text_shaping(False)


def fact(paper: FPDF, label: str, value: str, *, size: float, label_mm: float) -> None:
    """``label : value``, with the values of several facts below one another."""
    paper.set_font(FONT, size=size)
    height = size * 0.53
    cell(paper, label, label_mm, height)
    cell(paper, ":", 4, height)
    left = paper.l_margin
    paper.set_left_margin(left + label_mm + 4)
    block(paper, value, height)
    paper.set_left_margin(left)
    paper.set_x(left)


def head(paper: FPDF, office: Office, logo: bytes | None) -> None:
    """The letterhead at the top of the page, with a rule below; without lines of its own the name of the office.

    A logo stands on the left of the lines, a wide one above them.
    """
    top, margins = paper.get_y(), (paper.l_margin, paper.r_margin)
    width, height = (0.0, 0.0) if logo is None else _logo_size(logo)
    beside = 0.0 if width > LOGO_MM else width
    if logo is not None:
        left = margins[0] if beside else (paper.w - width) / 2
        paper.image(BytesIO(logo), x=left, y=top, w=width, h=height)
    if beside:  # on both sides, so that the lines stay in the middle
        paper.set_left_margin(margins[0] + LOGO_MM + 3)
        paper.set_right_margin(margins[1] + LOGO_MM + 3)
    elif logo is not None:
        paper.set_y(top + height + 3)
    written = [text for text in office.letterhead.splitlines() if text.strip()]
    for place, text in enumerate(written or [office.name.upper(), office.city]):
        line(paper, text, size=12 if place < LARGE_LINES else 9, bold=place < LARGE_LINES, align="C")
    paper.set_left_margin(margins[0])
    paper.set_right_margin(margins[1])
    paper.set_y(max(paper.get_y(), top + height))
    below = paper.get_y() + 2
    paper.set_line_width(0.7)
    paper.line(paper.l_margin, below, paper.w - paper.r_margin, below)
    paper.set_line_width(0.2)
    paper.line(paper.l_margin, below + 1, paper.w - paper.r_margin, below + 1)
    paper.set_xy(paper.l_margin, below + 5)


def _logo_size(logo: bytes) -> tuple[float, float]:
    """Width and height in millimetres."""
    from PIL.Image import open as open_image

    with open_image(BytesIO(logo)) as picture:
        wide, high = picture.size
    most = WIDE_LOGO_MM if wide >= WIDE * high else (LOGO_MM, LOGO_MM)
    scale = min(most[0] / wide, most[1] / high)
    return wide * scale, high * scale
