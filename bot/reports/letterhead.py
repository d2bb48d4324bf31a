"""PDF pages of an office: its fonts, lines of text, and the letterhead with the logo."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bot.reports import fonts
from bot.storage.offices import Office

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
LOGO_MM = 22.0
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
    paper.multi_cell(0, size * 0.5, fonts.drawable(text), align=align, new_x="LMARGIN", new_y="NEXT")


def wrapped(paper: FPDF, text: str, width: float, height: float) -> list[str]:
    """A text on lines of a width in millimetres, in the font that is set."""
    lines = paper.multi_cell(width, height, fonts.drawable(text), dry_run=True, output="LINES")
    assert isinstance(lines, list)
    return lines


def head(paper: FPDF, office: Office, logo: bytes | None) -> None:
    """The letterhead at the top of the page, with a rule below; without lines of its own the name of the office."""
    top = paper.get_y()
    if logo is not None:
        paper.image(BytesIO(logo), x=paper.l_margin, y=top, w=LOGO_MM, h=LOGO_MM, keep_aspect_ratio=True)
    margins = paper.l_margin, paper.r_margin
    if logo is not None:  # on both sides, so that the lines stay in the middle
        paper.set_left_margin(margins[0] + LOGO_MM + 3)
        paper.set_right_margin(margins[1] + LOGO_MM + 3)
    written = [text for text in office.letterhead.splitlines() if text.strip()]
    for place, text in enumerate(written or [office.name.upper(), office.city]):
        line(paper, text, size=12 if place < LARGE_LINES else 9, bold=place < LARGE_LINES, align="C")
    paper.set_left_margin(margins[0])
    paper.set_right_margin(margins[1])
    if logo is not None:
        paper.set_y(max(paper.get_y(), top + LOGO_MM))
    below = paper.get_y() + 2
    paper.set_line_width(0.7)
    paper.line(paper.l_margin, below, paper.w - paper.r_margin, below)
    paper.set_line_width(0.2)
    paper.line(paper.l_margin, below + 1, paper.w - paper.r_margin, below + 1)
    paper.set_xy(paper.l_margin, below + 5)
