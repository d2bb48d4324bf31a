"""The fonts that documents and pictures are set in: DejaVu Sans, which holds every Latin, Greek and Cyrillic letter."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.paths import resources

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont


def file(*, bold: bool = False) -> Path:
    """The font file, for programs that embed it."""
    return resources("data") / "fonts" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


@cache
def _letters() -> frozenset[int]:
    """The code points that the fonts have a shape for."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fpdf2 brings it

    with TTFont(file(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """The text with a box in the place of every letter that the fonts have no shape for, as nothing would be seen."""
    known = _letters()
    return "".join(letter if ord(letter) in known else "\N{WHITE SQUARE}" for letter in text)


def is_joined(text: str) -> bool:
    """Whether letters of the text run from right to left and are joined, as in Arabic: they need a shaping engine."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)


@cache
def pixels(size: int, *, bold: bool = False) -> FreeTypeFont:
    """The font for Pillow; ``size`` in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(str(file(bold=bold)), size)
