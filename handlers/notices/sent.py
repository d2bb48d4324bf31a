"""/terkirim: what was sent, who got it and noted it; stop, go on, try again, remind the silent, take back."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.errors import AlreadyDecided
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.notices import delivery_control as control
from bot.domain.notices import evidence, nudges
from bot.domain.notices.broadcasts import read_content
from bot.i18n import LOCALES, N_, translator
from bot.reports.evidence import ALL_SHEET, PROOF, SHEET
from bot.storage import broadcast_control, deliveries, offices, receipts
from bot.storage.broadcasts import Broadcast
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from handlers.notices import broadcast_views
from handlers.notices import sent_views as views
from handlers.notices.broadcasts import show_progress
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn


async def on_sent(turn: Turn) -> None:
    """/terkirim"""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    turn.reply(*await _list(turn, meeting, 0))


async def on_list(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await _list(turn, meeting, number(turn.args[1])))


async def _list(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    office = await _office(turn, meeting.office_id)
    found = await evidence.notices(turn.tx, meeting.id)
    return views.listed(turn.t, found, page, office.timezone, meeting.id)


async def _office(turn: Turn, office_id: int) -> Office:
    office = await offices.find(turn.tx, office_id)
    assert office is not None
    return office


async def _sectors(turn: Turn, office_id: int) -> views.Sectors:
    return {sector.code: sector.name for sector in await offices.sectors(turn.tx, office_id)}


async def on_card(turn: Turn) -> None:
    """One notice with all that can be done with it."""
    await show(turn, await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id))


async def show(turn: Turn, broadcast: Broadcast) -> None:
    """In the place of the tapped message."""
    office = await _office(turn, broadcast.office_id)
    rows = await receipts.told(turn.tx, broadcast.id)
    content = read_content(broadcast.content)
    text = views.card(
        turn.t,
        broadcast,
        evidence.by_sector(rows, broadcast.version),
        await _sectors(turn, office.id),
        office.timezone,
        content.digest(),
    )
    buttons = views.actions(
        turn.t,
        broadcast,
        retriable=await broadcast_control.count_retriable(turn.tx, broadcast.id),
        silent=len(evidence.silent(rows, broadcast.version)) if content.receipt else 0,
        waiting=sum(row.state in deliveries.OPEN_STATES for row in rows),
    )
    turn.edit(text, buttons)


async def on_stop(turn: Turn) -> None:
    """Stop; the message goes on to tell how far it is."""
    broadcast_id = number(turn.args[0])
    try:
        await control.stop(turn.tx, broadcast_id, turn.user.id, turn.now)
        turn.answer(turn.t.gettext("Stopped."))
    except AlreadyDecided:
        turn.answer(turn.t.gettext("It is not under way any more."))
    await _progress(turn, broadcast_id)


async def on_go(turn: Turn) -> None:
    broadcast_id = number(turn.args[0])
    try:
        await control.resume(turn.tx, broadcast_id, turn.user.id, turn.now)
        turn.answer(turn.t.gettext("It goes on."))
    except AlreadyDecided:
        turn.answer(turn.t.gettext("It goes on already."))
    await _progress(turn, broadcast_id)


async def on_retry(turn: Turn) -> None:
    broadcast_id = number(turn.args[0])
    try:
        count = await control.retry(turn.tx, broadcast_id, turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("There is nobody left to try."))
        await on_card(turn)
        return
    chats = broadcast_views.chats(turn.t, count)
    turn.answer(turn.t.gettext("It is sent again to {chats}.").format(chats=chats))
    await _progress(turn, broadcast_id)


async def _progress(turn: Turn, broadcast_id: int) -> None:
    await show_progress(turn, broadcast_id, sum((await deliveries.counts(turn.tx, broadcast_id)).values()))


async def on_delete(turn: Turn) -> None:
    """Say what Telegram allows, and ask."""
    t = turn.t
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    fresh, old = await control.deletable(turn.tx, broadcast, turn.now)
    lines = [
        t.gettext("🗑 <b>Take this notice back?</b>"),
        "",
        t.gettext("What was not sent yet is not sent. {chats} have it, and it is deleted there.").format(
            chats=broadcast_views.chats(t, fresh)
        ),
    ]
    if old:
        lines.append(
            t.gettext(
                "In {chats} it stays: Telegram lets a bot delete its messages for 48 hours only. There you can still"
                " change the text."
            ).format(chats=broadcast_views.chats(t, old))
        )
    lines.append(t.gettext("Who got it when remains on record. It cannot be undone."))
    turn.edit(
        "\n".join(lines),
        [
            [tap(t.gettext("🗑 Yes, take it back"), "sent-gone", broadcast.id)],
            [tap(t.gettext("‹ Back"), "sent", broadcast.id)],
        ],
    )


async def on_gone(turn: Turn) -> None:
    broadcast_id = number(turn.args[0])
    try:
        await control.withdraw(turn.tx, broadcast_id, turn.user.id, turn.now)
        turn.answer(turn.t.gettext("It is being taken back."))
    except AlreadyDecided:
        turn.answer(turn.t.gettext("It was taken back already."))
    await _progress(turn, broadcast_id)


async def on_silent(turn: Turn) -> None:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    office = await _office(turn, broadcast.office_id)
    found = evidence.silent(await receipts.told(turn.tx, broadcast.id), broadcast.version)
    sectors = await _sectors(turn, office.id)
    turn.edit(*views.silent_page(turn.t, broadcast, found, sectors, number(turn.args[1]), office.timezone))


async def on_who(turn: Turn) -> None:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    office = await _office(turn, broadcast.office_id)
    found = evidence.institutions(await receipts.told(turn.tx, broadcast.id))
    sectors = await _sectors(turn, office.id)
    turn.edit(*views.who_page(turn.t, broadcast, found, sectors, number(turn.args[1]), office.timezone))


async def on_nudge(turn: Turn) -> None:
    """Ask before the silent are reminded."""
    t = turn.t
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    found = await nudges.silent_people(turn.tx, broadcast)
    if not found:
        turn.answer(
            t.gettext("None of them can be reminded: they cannot be reached or stopped such reminders.")
        )
        return
    turn.edit(
        t.gettext(
            "🔔 <b>Remind those who have not noted it?</b>\n\nThey get the beginning of the notice once more, with the"
            " button under it: {chats}."
        ).format(chats=broadcast_views.chats(t, len(found))),
        [
            [tap(t.gettext("🔔 Yes, remind them"), "sent-nudged", broadcast.id, int(turn.now.timestamp()))],
            [tap(t.gettext("‹ Back"), "sent-silent", broadcast.id, 0)],
        ],
    )


async def on_nudged(turn: Turn) -> None:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    content = nudges.Words(
        heading=N_(
            "🔔 <b>Please confirm</b>\nThe office has not heard yet whether you have read this notice:"
        ),
        excerpt={
            locale: escape(clip(views.title(translator(locale), broadcast), views.EXCERPT), quote=False)
            for locale in LOCALES
        },
    )
    try:
        nudge, count = await nudges.send(
            turn.tx, broadcast, turn.user.id, number(turn.args[1]), content, turn.now
        )
    except AlreadyDecided:
        turn.answer(turn.t.gettext("They were reminded just now."))
        await on_silent(turn)
        return
    turn.answer(turn.t.gettext("It is on its way."))
    await show_progress(turn, nudge.id, count)


async def on_proof(turn: Turn) -> None:
    await _document(turn, PROOF.name, "pdf")


async def on_sheet(turn: Turn) -> None:
    await _document(turn, SHEET.name, "xlsx")


async def _document(turn: Turn, maker: str, kind: str) -> None:
    broadcast = await control.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    office = await _office(turn, broadcast.office_id)
    turn.made_document(
        maker,
        {"broadcast": broadcast.id, "at": int(turn.now.timestamp())},
        f"bukti-penyampaian-{broadcast.created_at:%Y%m%d-%H%M}.{kind}",
        turn.t.gettext(
            "Proof of delivery, as of {moment}. It names institutions and their delegates; please share it only with"
            " those whom it concerns."
        ).format(moment=turn.t.moment(turn.now, office.timezone)),
    )


async def on_all(turn: Turn) -> None:
    """Every notice of the meeting, institution by institution."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.made_document(
        ALL_SHEET.name,
        {"meeting": meeting.id, "at": int(turn.now.timestamp())},
        f"pemberitahuan-{meeting.code}.xlsx",
        turn.t.gettext("Every notice of this meeting: which institution was told which of them when."),
    )


JOURNEY = Journey(
    commands=(
        Command(
            ("terkirim", "sent"),
            on_sent,
            N_("What was sent, and who has read it"),
            ORGANISERS,
        ),
    ),
    taps=(
        Tap("sent", on_card),
        Tap("sent-list", on_list),
        Tap("sent-stop", on_stop),
        Tap("sent-go", on_go),
        Tap("sent-retry", on_retry),
        Tap("sent-delete", on_delete),
        Tap("sent-gone", on_gone),
        Tap("sent-silent", on_silent),
        Tap("sent-who", on_who),
        Tap("sent-nudge", on_nudge),
        Tap("sent-nudged", on_nudged),
        Tap("sent-pdf", on_proof),
        Tap("sent-xlsx", on_sheet),
        Tap("told-all", on_all),
    ),
)
