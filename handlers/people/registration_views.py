"""How a meeting, a registration and a ticket look in a chat."""

from __future__ import annotations

from html import escape

from bot.domain.language.texts import clip
from bot.domain.people import registration, seating
from bot.i18n import N_, Translator
from bot.reports.tickets import TICKET
from bot.storage import meetings, offices
from bot.storage.meetings import Meeting
from bot.storage.participants import REFUSED, REGISTERED, WAITING, Participant
from handlers.forms.form_views import in_rows
from handlers.taps import Button, tap
from handlers.turn import Turn

KIND = "reg"
"""What the data of this journey's buttons begins with."""

DETAIL_ROOM, TIGHT_ROOM = 120, 60
"""UTF-16 units of each of four details, and of each of six: they fit the 1,024 of a ticket's caption (Bot API)."""


async def send_status(turn: Turn, participant: Participant, heading: str) -> None:
    """Send the ticket, or tell that somebody waits for a seat or for the committee; ``heading`` goes on the ticket."""
    if participant.state == REGISTERED:
        await send_ticket(turn, participant, heading)
        return
    meeting = await meetings.find(turn.tx, participant.meeting_id)
    assert meeting is not None
    t = turn.t
    title = escape(clip(t.pick(meeting.title), 150))
    if participant.state == REFUSED:
        text = t.gettext(
            "The committee could not accept your registration for <b>{title}</b>.\n\nReason: {reason}\n\nIf this is a"
            " mistake, please ask the office: {contact}"
        ).format(
            title=title, reason=escape(participant.reason), contact=escape(await contact_of(turn, meeting))
        )
        turn.reply(text)
        return
    if participant.state == WAITING:
        text = t.gettext(
            "⏳ <b>You are on the waiting list</b>\n{title}\n\nThe seats of your group are taken. You are number"
            " {place} on its list. As soon as a seat becomes free it is yours, and I will tell you here; you need do"
            " nothing.\n\n{details}"
        ).format(
            title=title,
            place=await seating.place_in_queue(turn.tx, participant),
            details=await details(turn, participant, meeting),
        )
    else:
        text = t.gettext(
            "⏳ <b>The committee is looking at your registration</b>\n{title}\n\nYou will get your ticket here as soon"
            " as it is approved; you need do nothing.\n\n{details}"
        ).format(title=title, details=await details(turn, participant, meeting))
    turn.reply(text, _own_buttons(t, meeting, participant))


async def send_ticket(turn: Turn, participant: Participant, heading: str) -> None:
    """Send the ticket: the QR code, what it is for, and what its holder can do; ``heading`` is HTML."""
    meeting = await meetings.find(turn.tx, participant.meeting_id)
    assert meeting is not None
    t = turn.t
    caption = t.gettext(
        "{heading}\n{title}\n\n{moment}\n{venue}\n\nTicket: <code>{ticket}</code>\n{details}\n\nPlease show this code"
        " at the desk. /agenda tells what happens when; /feedback takes your feedback during the dialogue."
    ).format(
        heading=heading,
        title=escape(clip(t.pick(meeting.title), 150)),
        moment=when(t, meeting),
        venue=escape(clip(meeting.venue, 100)),
        ticket=participant.ticket,
        details=await details(turn, participant, meeting),
    )
    buttons = _own_buttons(t, meeting, participant)
    arguments = {"participant": participant.id, "bot": turn.bot_username}
    turn.made_photo(TICKET.name, arguments, f"{participant.ticket}.png", caption, buttons)


def _own_buttons(t: Translator, meeting: Meeting, participant: Participant) -> list[list[Button]]:
    if not registration.is_joinable(meeting):
        return []
    buttons = [
        tap(t.gettext("Change my data"), KIND, "c", meeting.id),
        tap(t.gettext("Withdraw"), KIND, "w", meeting.id),
    ]
    if participant.invitee_id and participant.invitation_id and not participant.represents:
        buttons.append(tap(t.gettext("🤝 Somebody else comes"), "rsvp-stead", participant.invitation_id))
    return in_rows(buttons)


async def contact_of(turn: Turn, meeting: Meeting) -> str:
    """How people reach the committee; not escaped."""
    office = await offices.find(turn.tx, meeting.office_id)
    given = meeting.contact or (office.contact if office is not None else "")
    return given or turn.t.gettext("the committee at the meeting's desk")


async def details(turn: Turn, participant: Participant, meeting: Meeting) -> str:
    """Who it is, and for whom, in a few lines of HTML; the caption of a ticket has room for them."""
    t = turn.t
    named = {sector.code: t.pick(sector.name) for sector in await offices.sectors(turn.tx, meeting.office_id)}
    lines = {
        N_("Name"): participant.name,
        N_("Group"): named.get(participant.sector, participant.sector),
        N_("Institution"): participant.institution,
        N_("Position"): participant.position,
    }
    if participant.represents:
        lines[N_("In the stead of")] = participant.represents
        lines[N_("Letter of assignment")] = participant.assignment_letter or "–"
    room = TIGHT_ROOM if participant.represents else DETAIL_ROOM
    return "\n".join(
        t.gettext("{label}: {answer}").format(
            label=t.gettext(label), answer=f"<b>{escape(clip(value, room))}</b>"
        )
        for label, value in lines.items()
    )


async def card(turn: Turn, meeting: Meeting) -> str:
    """The meeting as an invitation; HTML."""
    t = turn.t
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    theme = t.pick(meeting.theme)
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    head = t.gettext("👋 <b>{title}</b>").format(title=escape(t.pick(meeting.title)))
    facts = t.gettext("When: {moment}\nWhere: {place}\nHost: {office}").format(
        moment=when(t, meeting), place=escape(place), office=escape(office.name)
    )
    return "\n".join(filter(None, (head, theme and f"<i>{escape(theme)}</i>"))) + "\n\n" + facts


def when(t: Translator, meeting: Meeting) -> str:
    """``Selasa, 6 Agustus 2024, 09.00–15.00 WIB``; over midnight both days."""
    zone = meeting.timezone
    if t.day(meeting.starts_at, zone) == t.day(meeting.ends_at, zone):
        return t.gettext("{day}, {start}–{end}").format(
            day=t.day(meeting.starts_at, zone),
            start=t.bare_time(meeting.starts_at, zone),
            end=t.time(meeting.ends_at, zone),
        )
    return t.gettext("{start} to {end}").format(
        start=t.moment(meeting.starts_at, zone), end=t.moment(meeting.ends_at, zone)
    )
