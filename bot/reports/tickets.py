"""The QR code on a participant's ticket."""

from __future__ import annotations

from io import BytesIO

MODULE_PIXELS = 10
"""One square of the code; Telegram shrinks a picture of this size on no phone."""


def qr_code(text: str) -> bytes:
    """A PNG of the QR code of ``text``, readable with 15 % of it damaged (level M or better); with its quiet zone."""
    import segno

    # Any of the eight masks is valid; trying all for the evenest takes five times as long, inside a transaction.
    code = segno.make_qr(text, error="m", mask=2)
    picture = BytesIO()
    code.save(picture, kind="png", scale=MODULE_PIXELS, border=4, compresslevel=1)
    return picture.getvalue()
