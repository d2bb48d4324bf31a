"""A participant's ticket: a picture with the QR code for the scan, and what a person at the desk reads."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.people.invitations import url
from bot.domain.people.registration import TICKET_PREFIX
from bot.i18n import Localised, Translator
from bot.reports.fonts import pixels
from bot.reports.lettering import fitting, wrapped
from bot.reports.maker import Arguments, Maker
from bot.storage import meetings, offices, participants
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.participants import Participant

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MODULE_PIXELS = 10
"""One square of the code; Telegram shrinks a picture of this size on no phone."""

WIDTH = 900
"""Pixels of a ticket; a phone is about as wide."""
MARGIN = 50
CODE_WIDTH = 520
INK = (16, 44, 74)
"""What is darkest in a ticket; everything else is a shade between it and white."""
DARK, MUTED, SOFT, WHITE = 0, 96, 222, 255
"""Shades: 0 is the ink, 255 white."""


def qr_code(text: str) -> bytes:
    """A PNG of the QR code of ``text``, readable with 15 % of it damaged (level M or better); with its quiet zone."""
    import segno

    # Any of the eight masks is valid; trying all for the evenest takes five times as long, inside a transaction.
    code = segno.make_qr(text, error="m", mask=2)
    picture = BytesIO()
    code.save(picture, kind="png", scale=MODULE_PIXELS, border=4, compresslevel=1)
    return picture.getvalue()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says."""

    office: Office
    meeting: Meeting
    participant: Participant
    sector: Localised
    link: str
    """What a scan opens."""


async def gather(tx: Transaction, arguments: Arguments) -> Ticket | None:
    """The ticket of the participant ``arguments["participant"]``; ``arguments["bot"]`` is the bot's username."""
    participant = await participants.find(tx, arguments["participant"])
    meeting = None if participant is None else await meetings.find(tx, participant.meeting_id)
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if participant is None or meeting is None or office is None:
        return None
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, office.id)}
    link = url(arguments["bot"], TICKET_PREFIX + participant.ticket)
    sector = sectors.get(participant.sector, {"id": participant.sector})
    return Ticket(office, meeting, participant, sector, link)


def picture(t: Translator, ticket: Ticket) -> bytes:
    """A PNG. The code stands below the QR code, large enough to be read from the other side of a desk."""
    from PIL.Image import new
    from PIL.ImageDraw import Draw

    meeting, person = ticket.meeting, ticket.participant
    room = WIDTH - 2 * MARGIN
    image = new("L", (WIDTH, 2000), WHITE)
    draw = Draw(image)
    title_size, title = fitting(t.pick(meeting.title), (36, 31, 27), room, 4, bold=True)
    title_step = round(title_size * 1.28)
    band = 92 + title_step * len(title)
    draw.rectangle((0, 0, WIDTH, band), fill=DARK)
    office = wrapped(ticket.office.name, pixels(25), room, 1)
    y = _centred(draw, office, 28, 25, 40, SOFT)
    y = _centred(draw, title, y + 4, title_size, title_step, WHITE, bold=True)
    zone = meeting.timezone
    when = t.moment(meeting.starts_at, zone)
    y = _centred(draw, wrapped(when, pixels(26, bold=True), room, 2), band + 24, 26, 36, DARK, bold=True)
    y = _centred(draw, wrapped(meeting.venue, pixels(25), room, 2), y, 25, 36, MUTED)
    y = _put_code(image, ticket.link, y + 14)
    spaced = " ".join(person.ticket)
    y = _centred(draw, [spaced], y + 4, 84, 104, DARK, bold=True)
    draw.line((MARGIN, y + 12, WIDTH - MARGIN, y + 12), fill=SOFT, width=3)
    name_size, name = fitting(person.name, (42, 36, 31), room, 3, bold=True)
    y = _centred(draw, name, y + 34, name_size, round(name_size * 1.28), DARK, bold=True)
    y = _centred(draw, wrapped(person.position, pixels(27), room, 2), y + 4, 27, 38, MUTED)
    y = _centred(draw, wrapped(person.institution, pixels(30), room, 3), y, 30, 42, DARK)
    y = _centred(draw, wrapped(t.pick(ticket.sector), pixels(27), room, 1), y + 2, 27, 38, MUTED)
    image = image.crop((0, 0, WIDTH, y + 34))
    image.putpalette(
        [round(part + (255 - part) * shade / 255) for shade in range(256) for part in INK], rawmode="RGB"
    )
    file = BytesIO()
    image.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _put_code(image: Image, link: str, top: int) -> int:
    """Put the QR code of a link into the middle; where its quiet zone ends."""
    from PIL.Image import Resampling
    from PIL.Image import open as open_image

    with open_image(BytesIO(qr_code(link))) as code:
        scale = max(1, CODE_WIDTH // (code.width // MODULE_PIXELS))
        size = code.width // MODULE_PIXELS * scale
        image.paste(code.convert("L").resize((size, size), Resampling.NEAREST), ((WIDTH - size) // 2, top))
    return top + size


def _centred(
    draw: ImageDraw, lines: list[str], top: int, size: int, step: int, shade: int, *, bold: bool = False
) -> int:
    """Write lines below one another in the middle; where the next would stand."""
    for text in lines:
        draw.text((WIDTH / 2, top), text, font=pixels(size, bold=bold), fill=shade, anchor="ma")
        top += step
    return top


TICKET = Maker("ticket", gather, picture)
