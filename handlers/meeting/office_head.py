"""The head of an office's letters and lists: its words and its logo."""

from __future__ import annotations

import io
from typing import Any

from bot import sheets
from bot.domain.meeting import meeting_setup
from bot.i18n import N_
from bot.storage import actions, conversations, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from handlers.forms.form_state import load
from handlers.intake import Intake, Offered, open_form
from handlers.meeting.meetings import reply_card
from handlers.turn import Turn

PREFIX = "meeting-edit-"
"""Begins the names of the forms that change one field."""
LOGO_FIELD = "logo"
LOGO = PREFIX + LOGO_FIELD
LOGO_BYTES = 5_000_000
LOGO_SIDE = 600
"""Pixels of the longer side that a logo is kept with: sharp at 5 cm on paper."""


async def set_letterhead(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> None:
    meeting = await meeting_setup.changeable(turn.tx, meeting_id, turn.user.id)
    await offices.set_letterhead(turn.tx, meeting.office_id, answers["value"] or "")
    await _record(turn, meeting, "letterhead")


async def remove_logo(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> None:
    """The question was skipped; a picture goes the way of :data:`INTAKE`."""
    meeting = await meeting_setup.changeable(turn.tx, meeting_id, turn.user.id)
    await offices.set_logo(turn.tx, meeting.office_id, None, turn.now)
    await _record(turn, meeting, "logo")


async def _record(turn: Turn, meeting: Meeting, what: str) -> None:
    await actions.record(
        turn.tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=turn.user.id,
        action="office.changed",
        now=turn.now,
        fields=[what],
    )


async def _wants_logo(tx: Transaction, person_id: int, offered: Offered) -> bool:
    return await open_form(tx, person_id) == LOGO


def _read_logo(content: bytes, offered: Offered) -> bytes:
    """A PNG of the picture, not larger than needed.

    Raises:
        Unreadable: it is no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > 40_000_000:
                raise ValueError("too many pixels")
            small = ImageOps.exif_transpose(picture).convert("RGBA")
            small.thumbnail((LOGO_SIDE, LOGO_SIDE))
            file = io.BytesIO()
            small.save(file, "PNG", optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise sheets.Unreadable(
            N_("That is no picture that I can use. Please send the logo as PNG or JPEG.")
        ) from error
    return file.getvalue()


async def _on_logo(turn: Turn) -> None:
    """Keep the logo that was sent as the answer to its form."""
    held = await load(turn)
    if held is None or held.form.name != LOGO:  # it was cancelled while the picture was fetched
        turn.reply(
            turn.t.gettext("I was no longer waiting for a logo. /meetings > Edit > Logo begins again.")
        )
        return
    meeting = await meeting_setup.changeable(turn.tx, held.progress.facts["meeting"], turn.user.id)
    await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
    await offices.set_logo(turn.tx, meeting.office_id, turn.content, turn.now)
    await _record(turn, meeting, "logo")
    turn.photo(
        turn.content,
        "logo.png",
        turn.t.gettext("✅ This logo now stands on your office's lists and letters."),
    )
    await reply_card(turn, meeting)


INTAKE = Intake(wants=_wants_logo, read=_read_logo, handler=_on_logo, limit_bytes=LOGO_BYTES)
