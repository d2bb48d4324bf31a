"""/undang: links into a meeting, texts and letters with them, who came by which, and reminding who has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Facts, Number, Option
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.notices.broadcasts import Content
from bot.domain.people import invitations
from bot.domain.people import invited as invited_people
from bot.i18n import LOCALES, N_, Localised, translator
from bot.reports.tickets import qr_code
from bot.storage import invitations as stored
from bot.storage import invitees, offices, participants
from bot.storage.database import Transaction
from bot.storage.invitations import INSTITUTION, MEETING, REPRESENTATIVE, SECTOR, Invitation
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.people import invitation_views as views
from handlers.people import invited
from handlers.people.registration_form import any_sector, institution_question
from handlers.people.registration_views import contact_of
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

FORM_NAME = "invitation-link"


async def on_invitations(turn: Turn) -> None:
    """``/undang``: what became of the invitations, and every tool; with a name, who on the list has it."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    words = turn.text.split(maxsplit=1)[1:]
    if words:
        await invited.look_up(turn, meeting, words[0])
        return
    turn.reply(*await _overview(turn, meeting))


async def on_overview(turn: Turn) -> None:
    turn.edit(*await _overview(turn, await _meeting(turn)))


async def _meeting(turn: Turn) -> Meeting:
    """The meeting that a button names, for an organiser."""
    return await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)


async def sector_names(tx: Transaction, meeting: Meeting) -> dict[str, Localised]:
    return {sector.code: sector.name for sector in await offices.sectors(tx, meeting.office_id)}


async def _overview(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    counts = await invitees.count_by_state(turn.tx, meeting.id)
    total = sum(counts.values())
    links, _ = await stored.shared(turn.tx, meeting.id, 0, 1)
    silent = counts.get(invitees.INVITED, 0) + counts.get(invitees.OPENED, 0)
    reachable = len(await stored.unanswered(turn.tx, meeting.id))
    lines = [
        t.gettext("✉️ <b>Invitations</b>\n{title}").format(title=escape(clip(t.pick(meeting.title), 150))),
        "",
        t.gettext("On the list: <b>{count}</b>").format(count=total),
    ]
    lines += [
        f"{views.STATE_SIGNS[state]} {t.gettext(views.STATE_NAMES[state])}: <b>{counts[state]}</b>"
        for state in invitees.STATES
        if counts.get(state)
    ]
    lines += [
        "",
        t.gettext(
            "Send me the list as an Excel or CSV file, or make a link for a whole group. To look somebody up: /invite"
            " and the name."
        ),
    ]
    buttons = [
        [tap(t.gettext("The list ({count})").format(count=total), "undang-list", meeting.id, "-", 0)]
        if total
        else [],
        [
            tap(t.gettext("From a file"), "undang-file", meeting.id),
            tap(t.gettext("Add a person"), "undang-new", meeting.id),
        ],
        [
            tap(t.gettext("New link"), "undang-make", meeting.id),
            tap(t.gettext("Links ({count})").format(count=links), "undang-links", meeting.id, 0),
        ],
        [tap(t.gettext("📞 To ring ({count})").format(count=silent), "undang-call", meeting.id, "a", 0)]
        if total
        else [],
        [tap(t.gettext("🔔 Remind ({count})").format(count=reachable), "undang-remind", meeting.id)]
        if reachable
        else [],
        [tap(t.gettext("Letters of all, PDF"), "undang-letters", meeting.id)] if silent else [],
    ]
    return "\n".join(lines), buttons


async def on_links(turn: Turn) -> None:
    """The links for several people, a page at a time."""
    meeting, page = await _meeting(turn), number(turn.args[1])
    t, sectors = turn.t, await sector_names(turn.tx, meeting)
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
    turn.edit(*await _link(turn, invitation, meeting))


async def _link(turn: Turn, invitation: Invitation, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    used = await stored.used(turn.tx, invitation.id)
    opened = await stored.openings(turn.tx, invitation.id)
    name = views.whom(t, invitation, await sector_names(turn.tx, meeting))
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
        buttons = link_tools(turn, invitation)
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


def link_tools(turn: Turn, invitation: Invitation) -> list[list[Button]]:
    """What can be made of a link that is good."""
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
    turn.edit(*await _link(turn, link, meeting))


async def on_qr(turn: Turn) -> None:
    invitation, meeting = await invitations.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    url = await views.address(turn.tx, invitation, meeting, turn.bot_username)
    name = views.whom(turn.t, invitation, await sector_names(turn.tx, meeting))
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


async def on_letters(turn: Turn) -> None:
    """Such a page for everybody who has not answered."""
    meeting = await _meeting(turn)
    await invitations.office_key(turn.tx, meeting.office_id)
    turn.made_document(
        "invitation-letter",
        {"meeting": meeting.id, "invitation": None, "bot": turn.bot_username},
        f"undangan-{meeting.code}.pdf",
        turn.t.gettext(
            "A page for everybody on the list who has not answered, in the order of the institutions. It holds personal"
            " data."
        ),
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
    turn.edit(*await _link(turn, invitation, meeting))


async def on_remind(turn: Turn) -> None:
    """Who would be reminded, and who must be rung."""
    meeting = await _meeting(turn)
    t = turn.t
    reachable = len(await stored.unanswered(turn.tx, meeting.id))
    silent = (await invitees.count_by_state(turn.tx, meeting.id)).get(invitees.INVITED, 0)
    text = t.ngettext(
        "🔔 {count} person has opened an invitation and not answered. Remind them here?",
        "🔔 {count} people have opened an invitation and not answered. Remind them here?",
        reachable,
    ).format(count=reachable)
    if silent:
        text += "\n\n" + t.ngettext(
            "{count} person has not opened the invitation; a bot cannot write first, so please ring them.",
            "{count} people have not opened the invitation; a bot cannot write first, so please ring them.",
            silent,
        ).format(count=silent)
    turn.edit(
        text,
        [
            [tap(t.gettext("Yes, remind"), "undang-remind-yes", meeting.id)] if reachable else [],
            [tap(t.gettext("📞 To ring ({count})").format(count=silent), "undang-call", meeting.id, "a", 0)]
            if silent
            else [],
            [tap(t.gettext("‹ Invitations"), "undang", meeting.id)],
        ],
    )


async def on_remind_yes(turn: Turn) -> None:
    meeting = await _meeting(turn)
    count = await invitations.remind(turn.tx, meeting, turn.user.id, _reminder(meeting), turn.now)
    turn.edit(
        turn.t.ngettext(
            "🔔 The reminder goes to {count} person now.",
            "🔔 The reminder goes to {count} people now.",
            count,
        ).format(count=count),
        [[tap(turn.t.gettext("‹ Invitations"), "undang", meeting.id)]],
    )


def _reminder(meeting: Meeting) -> Content:
    text, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        text[locale] = t.gettext(
            "🔔 <b>We have not heard from you yet</b>\n{title}\n{moment}\n\nDo you come? One tap tells the committee,"
            " also if you cannot."
        ).format(
            title=escape(clip(t.pick(meeting.title), 150)),
            moment=t.moment(meeting.starts_at, meeting.timezone),
        )
        buttons[locale] = [[tap(t.gettext("Show my invitation"), "rsvp-show", meeting.id).as_dict()]]
    return Content(text, buttons)


async def on_make(turn: Turn) -> None:
    """Begin the form that makes a link for several people."""
    meeting = await _meeting(turn)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


_EXPIRY_LABELS = (
    ("never", N_("As long as one can register")),
    ("day", N_("One day")),
    ("week", N_("A week")),
    ("month", N_("30 days")),
    ("start", N_("Until the meeting starts")),
)


async def _expiries(tx: Transaction, _: Answers, __: Facts) -> Sequence[Option]:
    return [Option(value, label) for value, label in _EXPIRY_LABELS]


FORM = Form(
    FORM_NAME,
    1,
    (
        Choice(
            key="kind",
            prompt=N_("Whom is the link for?"),
            label=N_("For"),
            options=(
                Option(MEETING, N_("Everybody")),
                Option(SECTOR, N_("A stakeholder group")),
                Option(INSTITUTION, N_("An institution")),
            ),
        ),
        institution_question(
            N_("Which institution is it?"), only_if=lambda answers, _: answers.get("kind") == INSTITUTION
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group is it?"),
            label=N_("Group"),
            options=any_sector,
            only_if=lambda answers, _: answers.get("kind") != MEETING,
        ),
        Number(
            key="quota",
            prompt=N_("How many people may register by it at most?"),
            hint=N_("Skip this for no limit beside the seats of the group."),
            label=N_("At most"),
            least=1,
            most=invitations.MOST,
            optional=True,
        ),
        Choice(key="expiry", prompt=N_("How long is it good?"), label=N_("Good for"), options=_expiries),
    ),
    review=False,
)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    ends = meeting.starts_at if answers["expiry"] == "start" else None
    after = invitations.EXPIRIES.get(answers["expiry"])
    made = await invitations.make(
        turn.tx,
        meeting.id,
        turn.user.id,
        turn.now,
        kind=answers["kind"],
        sector=answers["sector"],
        institution=answers["institution"],
        quota=answers["quota"],
        expires_at=turn.now + after if after is not None else ends,
    )
    turn.reply(*await _link(turn, made, meeting))


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("new link"), again=N_("/invite")),
        finish=_finish,
    )
)


async def on_file(turn: Turn) -> None:
    """How to send a list, with an empty one to fill in."""
    meeting = await _meeting(turn)
    t = turn.t
    if turn.args[1:] and turn.args[1] != "t":
        raise BadTap(turn.args[1])
    if turn.args[1:]:
        turn.made_document(
            "invitee-template",
            {"meeting": meeting.id},
            "daftar-undangan.xlsx",
            t.gettext("Fill in a row for each person, save, and send me the file."),
        )
        return
    turn.edit(
        t.gettext(
            "📄 <b>The list as a file</b>\n\nSend me an Excel (.xlsx) or CSV file here. Its first row names the"
            " columns: Nama, Instansi, Unsur, and if you like Jabatan, Telepon, Pangkat, NIP/NRP.\n\nI show you what"
            " each row does before anything is kept. Sending a corrected file again does no harm."
        ),
        [
            [tap(t.gettext("An empty list to fill in"), "undang-file", meeting.id, "t")],
            [tap(t.gettext("‹ Invitations"), "undang", meeting.id)],
        ],
    )


JOURNEY = Journey(
    commands=(
        Command(("undang", "invite"), on_invitations, N_("Invite people"), frozenset({Audience.ORGANISER})),
    ),
    taps=(
        Tap("undang", on_overview),
        Tap("undang-links", on_links),
        Tap("undang-link", on_link),
        Tap("undang-text", on_text),
        Tap("undang-stead", on_stead),
        Tap("undang-qr", on_qr),
        Tap("undang-pdf", on_letter),
        Tap("undang-letters", on_letters),
        Tap("undang-came", on_came),
        Tap("undang-revoke", on_revoke),
        Tap("undang-revoke-yes", on_revoke_yes),
        Tap("undang-remind", on_remind),
        Tap("undang-remind-yes", on_remind_yes),
        Tap("undang-make", on_make),
        Tap("undang-file", on_file),
    ),
)
