"""How invitations look: links, texts to paste into WhatsApp, and the people on the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import invitations
from bot.domain.people.invited import Institution
from bot.i18n import N_, Localised, Translator
from bot.storage import invitees, offices
from bot.storage.database import Transaction
from bot.storage.invitations import INSTITUTION, MEETING, PERSON, REPRESENTATIVE, SECTOR, Invitation
from bot.storage.invitees import Entry, Invitee
from bot.storage.meetings import Meeting
from handlers.people.registration_views import when
from handlers.taps import Button, link, number, tap
from handlers.turn import Turn

PAGE = 8
"""People, links or institutions that one message shows."""
NAME_ROOM = 100

STATE_SIGNS = {
    invitees.INVITED: "✉️",
    invitees.OPENED: "👀",
    invitees.REGISTERED: "✅",
    invitees.DECLINED: "🙏",
    invitees.REPRESENTED: "🤝",
}
STATE_NAMES = {
    invitees.INVITED: N_("invited, not opened yet"),
    invitees.OPENED: N_("opened, not answered yet"),
    invitees.REGISTERED: N_("registered"),
    invitees.DECLINED: N_("cannot come"),
    invitees.REPRESENTED: N_("sends a representative"),
}
_KINDS = {
    MEETING: N_("for everybody"),
    SECTOR: N_("for {sector}"),
    INSTITUTION: N_("for {institution}"),
    PERSON: N_("personal"),
    REPRESENTATIVE: N_("for a representative"),
}


async def meeting_named(turn: Turn) -> Meeting:
    """The meeting that the tapped button names, for an organiser."""
    return await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)


async def sector_names(tx: Transaction, meeting: Meeting) -> dict[str, Localised]:
    return {sector.code: sector.name for sector in await offices.sectors(tx, meeting.office_id)}


async def address(tx: Transaction, invitation: Invitation, meeting: Meeting, bot_username: str) -> str:
    """The link itself."""
    payload = await invitations.payload_of(tx, invitation.id, meeting.office_id)
    return invitations.url(bot_username, payload)


def whom(t: Translator, invitation: Invitation, sectors: Mapping[str, Localised]) -> str:
    """Whom a link is for, in a few words; not escaped."""
    sector = t.pick(sectors.get(invitation.sector or "", {})) or (invitation.sector or "")
    return t.gettext(_KINDS[invitation.kind]).format(
        sector=sector, institution=clip(invitation.institution or "", 60)
    )


def whatsapp_text(
    t: Translator, office: str, meeting: Meeting, url: str, entry: Entry | None, contact: str
) -> str:
    """An invitation to paste into WhatsApp (*bold* there); plain text."""
    place = ", ".join(filter(None, (meeting.venue, meeting.address)))
    fields = {
        "office": office,
        "title": t.pick(meeting.title),
        "when": when(t, meeting),
        "place": place,
        "url": url,
        "contact": contact,
    }
    if entry is None:
        return t.gettext(
            "Dear Sir or Madam,\n\n{office} invites you to *{title}*.\n\nTime: {when}\nPlace: {place}\n\nPlease tell us"
            " whether you come by opening this link in Telegram; it takes less than a minute:\n{url}\n\nQuestions:"
            " {contact}"
        ).format(**fields)
    role = ", ".join(filter(None, (entry.position, entry.institution)))
    return t.gettext(
        "Dear {name}\n{role}\n\n{office} invites you to *{title}*.\n\nTime: {when}\nPlace: {place}\n\nPlease tell us"
        " by this personal link in Telegram whether you come, cannot come, or send a representative. One tap is"
        " enough; please do not pass the link on:\n{url}\n\nQuestions: {contact}"
    ).format(name=entry.name, role=role, **fields)


def stead_text(t: Translator, name: str, meeting: Meeting, url: str) -> str:
    """What one of the invited passes on to whoever comes in their stead; plain text."""
    return t.gettext(
        "{name} asks you to come in their stead to {title}, {moment}. Please register by this link in Telegram; it"
        " works once: {url}"
    ).format(
        name=name,
        title=t.pick(meeting.title),
        moment=t.moment(meeting.starts_at, meeting.timezone),
        url=url,
    )


def whatsapp(t: Translator, texts: Mapping[str, str], phone: str = "") -> tuple[str, list[list[Button]]]:
    """A message with a text in each language (by locale), to copy, and buttons that open WhatsApp with it."""
    parts = [
        t.gettext("📋 <b>To send by WhatsApp</b>\nTap a text to copy it, or open WhatsApp with it below.")
    ]
    buttons = []
    labels = {"id": t.gettext("WhatsApp, in Indonesian"), "en": t.gettext("WhatsApp, in English")}
    number = phone.removeprefix("+")
    for locale, text in texts.items():
        parts.append(f"<pre>{escape(text, quote=False)}</pre>")
        buttons.append([link(labels[locale], f"https://wa.me/{number}?text={quote(text)}")])
    return "\n\n".join(parts), buttons


def person_line(t: Translator, invitee: Invitee) -> str:
    """Somebody on the list in a line or two; HTML."""
    entry = invitee.entry
    where = ", ".join(filter(None, (entry.position, entry.institution)))
    return f"{STATE_SIGNS[invitee.state]} <b>{escape(clip(entry.name, NAME_ROOM))}</b>\n    {escape(clip(where, 160))}"


def person(
    t: Translator, meeting: Meeting, invitee: Invitee, sectors: Mapping[str, Localised], seat: str
) -> str:
    """Everything that is known about somebody on the list; HTML. ``seat`` is a line about their seat, or empty."""
    entry, zone = invitee.entry, meeting.timezone
    lines = [f"{STATE_SIGNS[invitee.state]} <b>{escape(entry.name)}</b>"]
    details = {
        N_("Group"): t.pick(sectors.get(entry.sector, {})) or entry.sector,
        N_("Institution"): entry.institution,
        N_("Position"): entry.position,
        N_("Rank"): entry.rank,
        N_("NIP/NRP"): entry.staff_number,
        N_("Telephone"): entry.phone,
    }
    lines += [f"{t.gettext(label)}: {escape(value)}" for label, value in details.items() if value]
    lines.append("")
    moments = (
        (N_("Invited: {moment}"), invitee.invited_at),
        (N_("Opened: {moment}"), invitee.opened_at),
        (N_("Registered: {moment}"), invitee.registered_at),
        (N_("Cannot come: {moment}"), invitee.declined_at),
        (N_("Represented: {moment}"), invitee.represented_at),
    )
    lines += [t.gettext(text).format(moment=t.moment(at, zone)) for text, at in moments if at is not None]
    if invitee.reason:
        lines.append(t.gettext("Reason: {reason}").format(reason=escape(invitee.reason)))
    return "\n".join([*lines, *([seat] if seat else [])])


def call_page(
    t: Translator, meeting: Meeting, found: Sequence[Institution], which: str, page: int
) -> tuple[str, list[list[Button]]]:
    """One page of whom to ring, by institution."""
    total = sum(len(institution.people) for institution in found)
    heading = (
        t.gettext("📞 <b>Registered, not here yet: {count}</b>")
        if which == "h"
        else t.gettext("📞 <b>Invited, no answer yet: {count}</b>")
    )
    people = [(institution.name, invitee) for institution in found for invitee in institution.people]
    shown = people[page * PAGE : (page + 1) * PAGE]
    lines, last, buttons = [heading.format(count=total)], "", []
    for institution, invitee in shown:
        if institution != last:
            lines += ["", f"<b>{escape(clip(institution, 120))}</b>"]
            last = institution
        entry = invitee.entry
        phone = entry.phone or t.gettext("no number")
        position = f", {escape(clip(entry.position, 60))}" if entry.position else ""
        lines.append(
            f"{STATE_SIGNS[invitee.state]} {escape(clip(entry.name, 80))}{position}: {escape(phone)}"
        )
        buttons.append([tap(clip(entry.name, 60), "undang-who", invitee.id)])
    if not shown:
        lines += ["", t.gettext("Nobody is left to ring. 🎉")]
    buttons.append(around("undang-call", page, len(people), meeting.id, which))
    buttons.append([tap(t.gettext("As XLSX"), "undang-xlsx", meeting.id, which)] if people else [])
    buttons.append([tap(t.gettext("‹ Invitations"), "undang", meeting.id)])
    return "\n".join(lines), buttons


def around(kind: str, page: int, total: int, *parts: str | int) -> list[Button]:
    """The buttons to the page before and the one after, where there are any; the page is the last part of the data."""
    buttons = []
    if page:
        buttons.append(tap("‹", kind, *parts, page - 1))
    if (page + 1) * PAGE < total:
        buttons.append(tap("›", kind, *parts, page + 1))
    return buttons
