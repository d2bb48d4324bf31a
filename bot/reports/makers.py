"""Every file that the bot can be asked for."""

from __future__ import annotations

from bot.reports import attendance, understanding
from bot.reports.maker import Maker

MAKERS: tuple[Maker, ...] = (attendance.SHEET, understanding.PICTURE)
