"""What an invitation link opens: the card of who is invited, and the answers yes, no, and by a representative."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from bot.domain.errors import InvitationUsed, MeetingClosed, NoSuchInvitation
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.language.texts import clip
from bot.domain.people import invitations, registration
from bot.domain.people.invitations import PREFIX, Opened
from bot.domain.people.registration import Details
from bot.i18n import N_
from bot.storage import invitations as stored
from bot.storage import invitees, meetings, offices, participants, people
from bot.storage.invitations import PERSON, REPRESENTATIVE
from bot.storage.invitees import Invitee
from handlers.forms import forms
from handlers.people import invitation_views as views
from handlers.people.registration import begin, open_meeting, welcome
from handlers.people.registration_form import CONSENT
from handlers.people.registration_views import card, contact_of, send_status
from handlers.routing import Journey, Tap
from handlers.taps import Button, link, number, tap
from handlers.turn import Turn

__all__ = ["JOURNEY", "PREFIX", "open_invitation"]

FORM_NAME = "invitation-no"


async def open_invitation(turn: Turn, payload: str) -> None:
    """What ``/start`` with the payload of an invitation shows."""
    try:
        opened = await invitations.open_link(turn.tx, payload, turn.user.id, turn.now)
    except NoSuchInvitation:
        if await meetings.find_by_code(turn.tx, payload) is None:
            raise
        # A meeting whose code looks like an invitation.
        await open_meeting(turn, payload)
        return
    if opened.meeting.state != meetings.DRAFT:
        await people.follow(turn.tx, turn.user.id, opened.meeting.id)
    await _show(turn, opened)


async def on_show(turn: Turn) -> None:
    """The invitation that somebody opened last, from a reminder."""
    found = await stored.last_opened(turn.tx, number(turn.args[0]), turn.user.id)
    if found is None:
        meeting = await meetings.find(turn.tx, number(turn.args[0]))
        await open_meeting(turn, None if meeting is None else meeting.code)
        return
    await _show(turn, await invitations.again(turn.tx, found.id, turn.user.id, turn.now))


async def _show(turn: Turn, opened: Opened) -> None:
    """The way on from a link, as things are."""
    meeting, invitation = opened.meeting, opened.invitation
    own = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if own is not None and (own.is_active or own.state == participants.REFUSED):
        await send_status(turn, own, turn.t.gettext("🎟 <b>You are registered</b>"))
        return
    if not registration.is_joinable(meeting):
        await open_meeting(turn, meeting.code)
        return
    if invitation.kind == PERSON and opened.invitee is not None:
        if opened.seated is not None and (opened.seated.represents or opened.seated.person_id is not None):
            raise InvitationUsed
        await _show_card(turn, opened, opened.invitee)
        return
    if invitation.kind == REPRESENTATIVE and opened.invitee is not None:
        await _show_stead(turn, opened, opened.invitee)
        return
    turn.reply(await card(turn, meeting))
    await begin(turn, meeting, _known(opened), **_facts(opened))


def _known(opened: Opened) -> dict[str, Any] | None:
    """The answers that the link itself gives."""
    known: dict[str, Any] = {}
    invitation, invitee = opened.invitation, opened.invitee
    sector = invitation.sector or (invitee.entry.sector if invitee is not None else None)
    institution = invitation.institution or (invitee.entry.institution if invitee is not None else None)
    if sector is not None:
        known["sector"] = sector
    if institution is not None:
        known["institution"] = institution
    return known or None


def _facts(opened: Opened) -> dict[str, Any]:
    facts: dict[str, Any] = {"invitation": opened.invitation.id}
    if opened.invitation.sector is not None:
        facts["sector"] = opened.invitation.sector
    if opened.invitation.kind == REPRESENTATIVE and opened.invitee is not None:
        facts["represents"] = opened.invitee.name
    return facts


async def _show_card(turn: Turn, opened: Opened, invitee: Invitee) -> None:
    t, meeting, entry = turn.t, opened.meeting, invitee.entry
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    sectors = {sector.code: sector.name for sector in await offices.sectors(turn.tx, meeting.office_id)}
    lines = {
        N_("Name"): entry.name,
        N_("Group"): t.pick(sectors.get(entry.sector, {})) or entry.sector,
        N_("Institution"): entry.institution,
        N_("Position"): entry.position,
        N_("Rank"): entry.rank,
        N_("NIP/NRP"): entry.staff_number,
        N_("Telephone"): entry.phone,
    }
    details = "\n".join(
        t.gettext("{label}: {answer}").format(
            label=t.gettext(label), answer=f"<b>{escape(clip(value, 120))}</b>"
        )
        for label, value in lines.items()
        if value
    )
    consent = t.gettext(CONSENT).format(
        office=escape(office.name), contact=escape(await contact_of(turn, meeting))
    )
    parts = [
        await card(turn, meeting),
        t.gettext("<b>This invitation is for</b>\n{details}").format(details=details),
        f"<blockquote expandable>{consent}</blockquote>",
    ]
    if invitee.state == invitees.DECLINED:
        parts.append(t.gettext("You have told us that you cannot come. You can still change that:"))
    else:
        parts.append(t.gettext("Do you come?"))
    number_of = opened.invitation.id
    buttons = [
        [tap(t.gettext("✅ I agree and come"), "rsvp-yes", number_of)],
        [
            tap(t.gettext("🙏 I cannot come"), "rsvp-no", number_of),
            tap(t.gettext("🤝 Somebody else comes"), "rsvp-stead", number_of),
        ],
        [tap(t.gettext("✏️ My data differ"), "rsvp-edit", number_of)],
        [tap(t.gettext("This is not me"), "rsvp-other", number_of)],
    ]
    turn.reply("\n\n".join(parts), buttons)


async def _show_stead(turn: Turn, opened: Opened, invitee: Invitee) -> None:
    t = turn.t
    who = ", ".join(filter(None, (invitee.entry.position, invitee.entry.institution)))
    turn.reply(
        await card(turn, opened.meeting)
        + "\n\n"
        + t.gettext(
            "🤝 You come in the stead of <b>{name}</b> ({who}) and take that seat. Please have the number of your"
            " letter of assignment (surat tugas) at hand."
        ).format(name=escape(invitee.name), who=escape(clip(who, 160)))
    )
    await begin(turn, opened.meeting, _known(opened), **_facts(opened))


async def _own(turn: Turn) -> tuple[Opened, Invitee]:
    """The personal invitation that a button names, which this account must have opened."""
    opened = await invitations.again(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if opened.invitee is None or opened.invitation.kind != PERSON:
        raise NoSuchInvitation
    if not registration.is_joinable(opened.meeting):
        raise MeetingClosed
    return opened, opened.invitee


async def on_yes(turn: Turn) -> None:
    """Register whoever the invitation is for; what the list does not say is asked."""
    opened, invitee = await _own(turn)
    own = await participants.of_person(turn.tx, opened.meeting.id, turn.user.id)
    if own is not None and own.is_active:
        turn.answer(turn.t.gettext("You are registered already."))
        await send_status(turn, own, turn.t.gettext("🎟 <b>You are registered</b>"))
        return
    entry = invitee.entry
    if not entry.position or opened.meeting.registration_questions:
        await begin(turn, opened.meeting, {**_from_list(invitee), "consent": True}, **_facts(opened))
        return
    given = Details(entry.sector, entry.name, entry.institution, entry.position)
    origin = await invitations.origin_for(turn.tx, opened.invitation.id, turn.user.id, turn.now)
    participant = await registration.register(
        turn.tx, opened.meeting.id, turn.user.id, given, turn.now, origin
    )
    turn.edit(
        turn.t.gettext("✅ You have said that you come: <b>{name}</b>").format(name=escape(invitee.name))
    )
    await welcome(turn, participant)


def _from_list(invitee: Invitee) -> dict[str, Any]:
    entry = invitee.entry
    known = {
        "name": entry.name,
        "sector": entry.sector,
        "institution": entry.institution,
        "position": entry.position,
    }
    return {key: value for key, value in known.items() if value}


async def on_edit(turn: Turn) -> None:
    """Register with other details than those of the list."""
    opened, invitee = await _own(turn)
    await begin(turn, opened.meeting, _from_list(invitee), **_facts(opened))


async def on_no(turn: Turn) -> None:
    opened, _ = await _own(turn)
    await forms.begin(turn, FORM_NAME, {"invitation": opened.invitation.id})


async def on_stead(turn: Turn) -> None:
    """A one-time link to pass on to whoever comes instead."""
    opened, made = await invitations.send_representative(
        turn.tx, number(turn.args[0]), turn.user.id, turn.now
    )
    assert opened.invitee is not None
    url = await views.address(turn.tx, made, opened.meeting, turn.bot_username)
    t = turn.t
    text = views.stead_text(t, opened.invitee.name, opened.meeting, url)
    share = f"https://t.me/share/url?url={quote(url)}&text={quote(text.replace(url, '').rstrip(': '))}"
    turn.reply(
        t.gettext(
            "🤝 <b>Somebody comes in your stead</b>\n\nPass this on to that person; the link works once. As soon as"
            " they have registered, your seat is theirs and I tell you here.\n\n<pre>{text}</pre>"
        ).format(text=escape(text, quote=False)),
        [
            [link(t.gettext("Pass on in Telegram"), share)],
            [link(t.gettext("Pass on by WhatsApp"), f"https://wa.me/?text={quote(text)}")],
        ],
    )


async def on_other(turn: Turn) -> None:
    """Somebody opened a link that is not theirs."""
    opened, invitee = await _own(turn)
    t = turn.t
    buttons: list[list[Button]] = [
        [tap(t.gettext("🤝 I come in their stead"), "rsvp-proxy", opened.invitation.id)],
        [tap(t.gettext("Register myself"), "reg", "j", opened.meeting.id)],
    ]
    turn.edit(
        t.gettext(
            "Then please leave this invitation to <b>{name}</b>. If you come in their stead or are invited yourself,"
            " say so here; otherwise you need do nothing."
        ).format(name=escape(invitee.name)),
        buttons,
    )


async def on_proxy(turn: Turn) -> None:
    """Whoever holds the invited person's own link registers in their stead."""
    opened, made = await invitations.send_representative(
        turn.tx, number(turn.args[0]), turn.user.id, turn.now
    )
    assert opened.invitee is not None
    await stored.note_opening(turn.tx, made.id, turn.user.id, turn.now)
    instead = await invitations.again(turn.tx, made.id, turn.user.id, turn.now)
    await _show_stead(turn, instead, opened.invitee)


FORM = Form(
    FORM_NAME,
    1,
    (
        Text(
            key="reason",
            prompt=N_("We are sorry that you cannot come. Would you tell the committee why?"),
            hint=N_("One sentence is enough; you can also skip it."),
            label=N_("Reason"),
            max_length=200,
            optional=True,
        ),
    ),
    review=False,
)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    opened = await invitations.decline(
        turn.tx, facts["invitation"], turn.user.id, answers["reason"] or "", turn.now
    )
    t = turn.t
    turn.reply(
        t.gettext(
            "🙏 Thank you for telling us. The committee knows that you cannot come to <b>{title}</b>. If that changes,"
            " tap below."
        ).format(title=escape(clip(t.pick(opened.meeting.title), 150))),
        [[tap(t.gettext("I come after all"), "rsvp-show", opened.meeting.id)]],
    )


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("answer to the invitation"), again=N_("/start")),
        finish=_finish,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("rsvp-show", on_show),
        Tap("rsvp-yes", on_yes),
        Tap("rsvp-edit", on_edit),
        Tap("rsvp-no", on_no),
        Tap("rsvp-stead", on_stead),
        Tap("rsvp-other", on_other),
        Tap("rsvp-proxy", on_proxy),
    ),
)
