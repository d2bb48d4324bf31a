"""Moments on the clocks of an office, as meeting files write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the clocks of ``zone``; with its offset where the clocks show that hour twice."""
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if local.replace(tzinfo=zone, fold=0).astimezone(UTC) == moment:
        return text
    offset = local.utcoffset() or timedelta()
    sign, minutes = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, rest = divmod(minutes // timedelta(minutes=1), 60)
    return f"{text}{sign}{hours:02}:{rest:02}"
