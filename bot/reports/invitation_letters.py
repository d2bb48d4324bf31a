"""Pages with the QR code of an invitation, to print and to enclose with an official letter (PDF, A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.domain.people import invitations, invited
from bot.i18n import Translator
from bot.reports import letterhead
from bot.reports.letterhead import line
from bot.reports.maker import Arguments, Maker
from bot.reports.tickets import qr_code
from bot.storage import invitations as stored
from bot.storage import invitees, meetings, offices
from bot.storage.database import Transaction
from bot.storage.invitees import Entry
from bot.storage.meetings import Meeting
from bot.storage.offices import Office

if TYPE_CHECKING:
    from fpdf import FPDF

QR_MM = 62.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page: whom it addresses, None for everybody who gets it, and the link."""

    entry: Entry | None
    url: str


@dataclass(frozen=True, slots=True)
class Letters:
    """What the pages say."""

    office: Office
    logo: bytes | None
    meeting: Meeting
    contact: str
    pages: Sequence[Page]


async def gather(tx: Transaction, arguments: Arguments) -> Letters | None:
    """The page of one invitation, or those of everybody on the list who has not answered; None when none is left."""
    meeting = await meetings.find(tx, arguments["meeting"])
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if meeting is None or office is None:
        return None
    key = await invitations.signing_key(tx, office.id)

    def page(invitation_id: int, entry: Entry | None) -> Page:
        return Page(entry, invitations.url(arguments["bot"], invitations.signed(key, invitation_id)))

    if arguments["invitation"] is not None:
        invitation = await stored.find(tx, arguments["invitation"])
        if invitation is None or invitation.meeting_id != meeting.id or invitation.revoked_at is not None:
            return None
        invitee = None if invitation.invitee_id is None else await invitees.find(tx, invitation.invitee_id)
        pages = [page(invitation.id, None if invitee is None else invitee.entry)]
    else:
        links = await stored.personal(tx, meeting.id)
        silent = await invited.to_ring(tx, meeting.id, arrived=False)
        pages = [
            page(links[one.id], one.entry)
            for institution in silent
            for one in institution.people
            if one.id in links
        ]
    if not pages:
        return None
    contact = meeting.contact or office.contact
    return Letters(office, await offices.logo(tx, office.id), meeting, contact, pages)


def make(t: Translator, letters: Letters) -> bytes:
    """The PDF, a page for each link."""
    from fpdf import FPDF

    paper = FPDF(format="A4")
    letterhead.prepare(paper, t.gettext("Invitation"))
    paper.set_margins(22, 18, 22)
    for page in letters.pages:
        paper.add_page()
        letterhead.head(paper, letters.office, letters.logo)
        _page(paper, t, letters, page)
    return bytes(paper.output())


def _page(paper: FPDF, t: Translator, letters: Letters, page: Page) -> None:
    meeting = letters.meeting
    line(paper, t.gettext("CONFIRMATION OF ATTENDANCE"), size=14, bold=True, align="C")
    line(paper, t.pick(meeting.title), size=12, bold=True, align="C")
    paper.ln(4)
    if page.entry is not None:
        entry = page.entry
        line(paper, t.gettext("To:"), size=10)
        line(paper, entry.name, size=11, bold=True)
        for text in (entry.position, entry.institution):
            if text:
                line(paper, text, size=10)
        paper.ln(3)
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    facts = (
        (t.gettext("Time"), t.moment(meeting.starts_at, meeting.timezone)),
        (t.gettext("Place"), place),
        (t.gettext("Host"), letters.office.name),
    )
    for label, value in facts:
        letterhead.fact(paper, label, value, size=10, label_mm=28)
    paper.ln(4)
    text = (
        t.gettext(
            "Please tell us whether you come, cannot come, or send a representative: scan this code with the camera of"
            " your phone. It opens Telegram; one tap is enough. The code is personal, so please do not pass it on."
        )
        if page.entry is not None
        else t.gettext(
            "Please register: scan this code with the camera of your phone. It opens Telegram; registering takes"
            " about a minute."
        )
    )
    line(paper, text, size=10)
    paper.ln(3)
    paper.image(BytesIO(qr_code(page.url)), x=(paper.w - QR_MM) / 2, w=QR_MM, h=QR_MM)
    paper.ln(1)
    line(paper, page.url, size=8, align="C")
    paper.ln(4)
    if letters.contact:
        line(
            paper,
            t.gettext("Without Telegram, please tell us: {contact}").format(contact=letters.contact),
            size=10,
        )


LETTER = Maker("invitation-letter", gather, make)
