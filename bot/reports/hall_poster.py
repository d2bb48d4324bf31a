"""The code of the hall on a page to be hung up (PDF, A4): large, with a QR code that sends it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from bot.domain.attendance.hall_codes import LINK_PREFIX
from bot.domain.people.invitations import url
from bot.i18n import Translator
from bot.reports import letterhead
from bot.reports.maker import Arguments, Maker
from bot.reports.tickets import qr_code
from bot.storage import hall_codes, meetings, offices
from bot.storage.database import Transaction
from bot.storage.hall_codes import HallCode
from bot.storage.meetings import Meeting
from bot.storage.offices import Office

QR_MM = 96.0


@dataclass(frozen=True, slots=True)
class Poster:
    """What the page says."""

    office: Office
    logo: bytes | None
    meeting: Meeting
    code: HallCode
    bot: str
    """The bot's username."""


async def gather(tx: Transaction, arguments: Arguments) -> Poster | None:
    """The poster of the meeting ``arguments["meeting"]``, for the bot with the username ``arguments["bot"]``."""
    meeting = await meetings.find(tx, arguments["meeting"])
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    code = None if meeting is None else await hall_codes.of_meeting(tx, meeting.id)
    if meeting is None or office is None or code is None:
        return None
    return Poster(office, await offices.logo(tx, office.id), meeting, code, arguments["bot"])


def page(t: Translator, poster: Poster) -> bytes:
    """The PDF."""
    from fpdf import FPDF

    paper = FPDF(format="A4")
    letterhead.prepare(paper, t.gettext("Check in yourself"))
    paper.set_margins(18, 14, 18)
    paper.add_page()
    letterhead.head(paper, poster.office, poster.logo)
    letterhead.line(paper, t.pick(poster.meeting.title), size=14, bold=True, align="C")
    paper.ln(6)
    letterhead.line(paper, t.gettext("Check in yourself"), size=26, bold=True, align="C")
    paper.ln(2)
    link = url(poster.bot, LINK_PREFIX + poster.code.code)
    paper.image(BytesIO(qr_code(link)), x=(paper.w - QR_MM) / 2, w=QR_MM, h=QR_MM)
    letterhead.line(paper, " ".join(poster.code.code), size=64, bold=True, align="C")
    paper.ln(5)
    steps = t.gettext(
        "Scan the code with the camera of your phone and press Start, or write {code} to @{bot} in Telegram."
    ).format(code=poster.code.code, bot=poster.bot)
    letterhead.line(paper, steps, size=14, align="C")
    paper.ln(4)
    zone = poster.meeting.timezone
    time = t.gettext("Good from {start} to {end}.").format(
        start=t.moment(poster.code.opens_at, zone), end=t.time(poster.code.closes_at, zone)
    )
    letterhead.line(paper, time, size=12, align="C")
    without = t.gettext("For everybody who is registered. Without Telegram, please go to the desk.")
    letterhead.line(paper, without, size=12, align="C")
    return bytes(paper.output())


POSTER = Maker("hall-poster", gather, page)
