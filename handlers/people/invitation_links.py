"""Invitation links in the chat: those for several people, one with its tools, who came by it, ending it."""

from __future__ import annotations

from datetime import datetime
from html import escape

from bot.domain.language.texts import clip
from bot.domain.people import invitations
from bot.domain.people import invited as invited_people
from bot.i18n import LOCALES, translator
from bot.reports.tickets import qr_code
from bot.storage import invitations as stored
from bot.storage import invitees, offices, participants
from bot.storage.invitations import REPRESENTATIVE, Invitation
from bot.storage.meetings import Meeting
from handlers.people import invitation_views as views
from handlers.people.registration_views import contact_of
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn


async def on_links(turn: Turn) -> None:
    """The links for several people, a page at a time."""
    meeting, page = await views.meeting_named(turn), number(turn.args[1])
    t, sectors = turn.t, await views.sector_names(turn.tx, meeting)
    total, found = await stored.shared(turn.tx, meeting.id, page * views.PAGE, views.PAGE)
    lines = [t.gettext("🔗 <b>Links ({count})</b>").format(count=total), ""]
    buttons = []
    for invitation, used in found:
        name = views.whom(t, invitation, sectors)
        lines.append(f"{_sign(invitation, used, turn.now)} {escape(name)}: {_usage(turn, invitation, used)}")
        buttons.append([tap(clip(name, 60), "undang-link", invitation.id)])
    if not found:
        lines.append(t.gettext("There is none yet."))
    buttons.append(views.around("undang-links", page, total, meeting.id))
    buttons.append(
        [
            tap(t.gettext("‹ Invitations"), "undang", meeting.id),
            tap(t.gettext("New link"), "undang-make", meeting.id),
        ]
    )
    turn.edit("\n".join(lines), buttons)


def _is_over(invitation: Invitation, used: int, now: datetime) -> bool:
    expired = invitation.expires_at is not None and invitation.expires_at <= now
    full = invitation.quota is not None and used >= invitation.quota
    return invitation.revoked_at is not None or expired or full


def _sign(invitation: Invitation, used: int, now: datetime) -> str:
    return "🚫" if _is_over(invitation, used, now) else "🟢"


def _usage(turn: Turn, invitation: Invitation, used: int) -> str:
    if invitation.quota is None:
        return turn.t.ngettext("{count} registered", "{count} registered", used).format(count=used)
    return turn.t.gettext("{count} of {quota} registered").format(count=used, quota=invitation.quota)


async def on_link(turn: Turn) -> None:
    invitation, meeting = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*await card(turn, invitation, meeting))


async def card(turn: Turn, invitation: Invitation, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    """One link: what became of it, and what can be made of it while it is good."""
    t = turn.t
    used = await stored.used(turn.tx, invitation.id)
    opened = await stored.openings(turn.tx, invitation.id)
    name = views.whom(t, invitation, await views.sector_names(turn.tx, meeting))
    lines = [
        t.gettext("🔗 <b>Link {whom}</b>\n{title}").format(
            whom=escape(name), title=escape(clip(t.pick(meeting.title), 150))
        ),
        "",
        _usage(turn, invitation, used),
        t.ngettext("Opened by {count} account", "Opened by {count} accounts", opened).format(count=opened),
    ]
    if invitation.revoked_at is not None:
        ended = t.moment(invitation.revoked_at, meeting.timezone)
        lines.append(t.gettext("🚫 Revoked: {moment}").format(moment=ended))
    elif invitation.expires_at is not None:
        ends = t.moment(invitation.expires_at, meeting.timezone)
        text = (
            t.gettext("🚫 Expired: {moment}")
            if invitation.expires_at <= turn.now
            else t.gettext("Good until {moment}")
        )
        lines.append(text.format(moment=ends))
    buttons = []
    if not _is_over(invitation, used, turn.now):
        lines += ["", await views.address(turn.tx, invitation, meeting, turn.bot_username)]
        buttons = _tools(turn, invitation)
    back = (
        tap(t.gettext("‹ Links"), "undang-links", meeting.id, 0)
        if invitation.invitee_id is None
        else tap(t.gettext("‹ The person"), "undang-who", invitation.invitee_id)
    )
    if used:
        came = t.gettext("Who came by it ({count})").format(count=used)
        buttons.append([tap(came, "undang-came", invitation.id, 0)])
    buttons.append(
        [back]
        if invitation.revoked_at is not None
        else [tap(t.gettext("Revoke"), "undang-revoke", invitation.id), back]
    )
    return "\n".join(lines), buttons


def _tools(turn: Turn, invitation: Invitation) -> list[list[Button]]:
    t = turn.t
    return [
        [tap(t.gettext("💬 Text for WhatsApp"), "undang-text", invitation.id)],
        [
            tap(t.gettext("QR code"), "undang-qr", invitation.id),
            tap(t.gettext("Letter, PDF"), "undang-pdf", invitation.id),
        ],
    ]


async def on_text(turn: Turn) -> None:
    """The invitation to paste into WhatsApp, in both languages."""
    invitation, meeting = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    invitee = None if invitation.invitee_id is None else await invitees.find(turn.tx, invitation.invitee_id)
    url = await views.address(turn.tx, invitation, meeting, turn.bot_username)
    if invitee is not None and invitation.kind == REPRESENTATIVE:
        texts = {code: views.stead_text(translator(code), invitee.name, meeting, url) for code in LOCALES}
        turn.reply(*views.whatsapp(turn.t, texts))
        return
    entry = None if invitee is None else invitee.entry
    contact = await contact_of(turn, meeting)
    texts = {
        code: views.whatsapp_text(translator(code), office.name, meeting, url, entry, contact)
        for code in LOCALES
    }
    turn.reply(*views.whatsapp(turn.t, texts, "" if entry is None else entry.phone))


async def on_stead(turn: Turn) -> None:
    """The link for whoever comes in the stead of one of the invited, who told the committee so."""
    invitee, meeting = await invited_people.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    link = await invitations.representative_link(turn.tx, invitee, turn.now)
    turn.edit(*await card(turn, link, meeting))


async def on_qr(turn: Turn) -> None:
    invitation, meeting = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    url = await views.address(turn.tx, invitation, meeting, turn.bot_username)
    name = views.whom(turn.t, invitation, await views.sector_names(turn.tx, meeting))
    caption = turn.t.gettext("QR code of the link {whom}: {title}\n{url}").format(
        whom=escape(name), title=escape(clip(turn.t.pick(meeting.title), 150)), url=url
    )
    turn.photo(qr_code(url), "undangan.png", caption)


async def on_letter(turn: Turn) -> None:
    """A page with the QR code, to go with an official letter."""
    invitation, meeting = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await invitations.office_key(turn.tx, meeting.office_id)
    turn.made_document(
        "invitation-letter",
        {"meeting": meeting.id, "invitation": invitation.id, "bot": turn.bot_username},
        f"undangan-{meeting.code}.pdf",
        turn.t.gettext("The page with the QR code, to print and to enclose with the letter."),
    )


async def on_came(turn: Turn) -> None:
    """Who registered by a link."""
    invitation, _ = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    page = number(turn.args[1])
    people = await participants.by_invitation(turn.tx, invitation.id)
    t = turn.t
    lines = [t.gettext("<b>Came by this link ({count})</b>").format(count=len(people)), ""]
    for place, person in enumerate(
        people[page * views.PAGE : (page + 1) * views.PAGE], page * views.PAGE + 1
    ):
        lines.append(f"{place}. {escape(clip(f'{person.name}, {person.institution}', 160))}")
    turn.edit(
        "\n".join(lines),
        [
            views.around("undang-came", page, len(people), invitation.id),
            [tap(t.gettext("‹ The link"), "undang-link", invitation.id)],
        ],
    )


async def on_revoke(turn: Turn) -> None:
    """Ask before a link becomes worthless: it may be on printed letters."""
    invitation, _ = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    t = turn.t
    turn.edit(
        t.gettext(
            "Revoke this link? Nobody can register by it any more, wherever it was sent or printed. Who has registered"
            " stays registered."
        ),
        [
            [tap(t.gettext("Yes, revoke"), "undang-revoke-yes", invitation.id)],
            [tap(t.gettext("No, keep it"), "undang-link", invitation.id)],
        ],
    )


async def on_revoke_yes(turn: Turn) -> None:
    invitation, meeting = await invitations.revoke(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The link was revoked."))
    turn.edit(*await card(turn, invitation, meeting))


JOURNEY = Journey(
    taps=(
        Tap("undang-links", on_links),
        Tap("undang-link", on_link),
        Tap("undang-text", on_text),
        Tap("undang-stead", on_stead),
        Tap("undang-qr", on_qr),
        Tap("undang-pdf", on_letter),
        Tap("undang-came", on_came),
        Tap("undang-revoke", on_revoke),
        Tap("undang-revoke-yes", on_revoke_yes),
    )
)
