"""The code of the hall as a board for the wall: whoever is in the hall may know it."""

from __future__ import annotations

from bot.domain.wall.boards import Board, Row
from bot.domain.wall.wall_views import View
from bot.i18n import N_, Translator
from bot.storage import hall_codes
from bot.storage.database import Transaction
from bot.storage.hall_codes import HallCode
from bot.storage.meetings import Meeting


async def look(tx: Transaction, meeting: Meeting, secret: bytes) -> HallCode | None:
    return await hall_codes.of_meeting(tx, meeting.id)


def words(t: Translator, meeting: Meeting, code: HallCode | None) -> Board:
    title = t.gettext("Check in yourself")
    if code is None:
        return Board(title, empty=t.gettext("Please check in at the desk, with your ticket."))
    zone = meeting.timezone
    time = t.gettext("{start}–{end}").format(
        start=t.bare_time(code.opens_at, zone), end=t.time(code.closes_at, zone)
    )
    rows = (
        Row(t.gettext("Write this code to the bot"), label=time, figure=" ".join(code.code)),
        Row(
            t.gettext("The chat with the bot opens by the QR code beside this, or by your ticket's message.")
        ),
    )
    hint = t.gettext("For everybody who is registered. Without Telegram, please go to the desk.")
    return Board(title, rows, hint=hint)


VIEW = View("hallcode", N_("Check-in code"), look, words)
