"""The fonts that documents and pictures are set in: DejaVu Sans, which holds every Latin, Greek and Cyrillic letter."""

from __future__ import annotations

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
def pixels(size: int, *, bold: bool = False) -> FreeTypeFont:
    """The font for Pillow; ``size`` in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(str(file(bold=bold)), size)
