"""/undang: what became of the invitations, and the way to every tool."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import invitations, unanswered
from bot.i18n import N_
from bot.storage import invitations as stored
from bot.storage import invitees
from bot.storage.meetings import Meeting
from handlers.people import invitation_views as views
from handlers.people import invited
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import BadTap, Button, tap
from handlers.turn import Turn


async def on_invitations(turn: Turn) -> None:
    """``/undang``: what became of the invitations, and every tool; with a name, who on the list has it."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    words = turn.text.split(maxsplit=1)[1:]
    if words:
        await invited.look_up(turn, meeting, words[0])
        return
    turn.reply(*await _overview(turn, meeting))


async def on_overview(turn: Turn) -> None:
    turn.edit(*await _overview(turn, await views.meeting_named(turn)))


async def _overview(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    counts = await invitees.count_by_state(turn.tx, meeting.id)
    total = sum(counts.values())
    links, _ = await stored.shared(turn.tx, meeting.id, 0, 1)
    silent = counts.get(invitees.INVITED, 0) + counts.get(invitees.OPENED, 0)
    reachable = len(await unanswered.reachable(turn.tx, meeting.id))
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


async def on_letters(turn: Turn) -> None:
    """Such a page for everybody who has not answered."""
    meeting = await views.meeting_named(turn)
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


async def on_file(turn: Turn) -> None:
    """How to send a list, with an empty one to fill in."""
    meeting = await views.meeting_named(turn)
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
    commands=(Command(("undang", "invite"), on_invitations, N_("Invite people"), ORGANISERS),),
    taps=(
        Tap("undang", on_overview),
        Tap("undang-letters", on_letters),
        Tap("undang-file", on_file),
    ),
)
