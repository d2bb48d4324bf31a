"""/jadwal: the reminders of a meeting for its organisers, and what they do with one that stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.meeting import meetings
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminders, wordings
from bot.domain.reminders.schedule import FixedTime
from bot.i18n import LOCALES, N_
from bot.storage.meetings import Meeting
from handlers.notices import broadcast_views
from handlers.notices.approvals import ask_for_reminders
from handlers.notices.broadcasts import show_progress
from handlers.reminders import reminder_views as views
from handlers.reminders import schedule_pages
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

SOON = timedelta(minutes=1)

TEXTS = views.ReminderTexts()


async def on_schedule(turn: Turn) -> None:
    """/jadwal"""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    turn.reply(*await _list(turn, meeting, 0))


async def on_list(turn: Turn) -> None:
    """A page of the list, in the place of the tapped message."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    page = number(turn.args[1]) if len(turn.args) > 1 else 0
    turn.edit(*await _list(turn, meeting, page))


async def _list(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    items = await reminders.listed(turn.tx, meeting)
    page, shown = views.page_of(items, page)
    first = page * views.PAGE + 1
    heading = t.gettext("🗓️ <b>Reminders of this meeting</b>")
    making = [
        [
            tap(t.gettext("➕ New reminder"), "reminder-new", meeting.id),
            tap(t.gettext("📦 Ready plan"), "plan", meeting.id),
        ],
        [
            tap(t.gettext("🗓 Stages"), "stages", meeting.office_id, 0),
            tap(t.gettext("⚙️ Settings"), "office-settings", meeting.id),
        ],
    ]
    if not items:
        nothing = t.gettext(
            "There is none yet. Write one yourself, or take the ready plan: all reminders of a group for this election,"
            " on the dates that the law sets."
        )
        return f"{heading}\n\n{nothing}", making
    if len(items) > views.PAGE:
        pages = (len(items) - 1) // views.PAGE + 1
        heading += t.gettext(" · page {page} of {pages}").format(page=page + 1, pages=pages)
    closing = t.gettext("Tap one to read it, to change it, or to send it now.")
    text = "\n\n".join([heading, views.entries(t, shown, meeting, first), closing])
    rows = [
        *views.openers(t, shown, "reminder", first),
        views.turning(page, len(items), "schedule", meeting.id),
        *making,
    ]
    return text, rows


async def on_reminder(turn: Turn) -> None:
    """One reminder with all that can be done with it."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await schedule_pages.show(turn, reminder, meeting)


async def on_look(turn: Turn) -> None:
    """The message as readers of one language get it."""
    reminder, _ = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    locale = turn.args[1]
    if locale not in LOCALES:
        raise BadTap(locale)
    await schedule_pages.look(turn, reminder, locale)


async def on_pause(turn: Turn) -> None:
    reminder_id = number(turn.args[0])
    await editing.pause(turn.tx, reminder_id, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Paused. Nothing is sent until you resume it."))
    await on_reminder(turn)


async def on_resume(turn: Turn) -> None:
    reminder_id = number(turn.args[0])
    await editing.resume(turn.tx, reminder_id, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Resumed."))
    await on_reminder(turn)


async def on_skip(turn: Turn) -> None:
    """Leave out the time that the button was shown with."""
    due_at = _moment(turn, turn.args[1], ahead=timedelta(days=36_600))
    _, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    try:
        await editing.skip(turn.tx, number(turn.args[0]), turn.user.id, due_at, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("That time is no longer the next one. Please look again."))
    else:
        moment = turn.t.moment(due_at, meeting.timezone)
        turn.answer(turn.t.gettext("Left out: {moment}").format(moment=moment))
    await on_reminder(turn)


async def on_soon(turn: Turn) -> None:
    """Set it a minute ahead: time to look who gets it."""
    reminder_id = number(turn.args[0])
    at = FixedTime((turn.now + SOON).astimezone(UTC).replace(tzinfo=None, microsecond=0), "UTC")
    due_at = await editing.set_schedule(turn.tx, reminder_id, turn.user.id, at, turn.now)
    _, meeting = await reminders.for_organiser(turn.tx, reminder_id, turn.user.id)
    if due_at is not None:
        moment = turn.t.moment(due_at, meeting.timezone)
        turn.answer(turn.t.gettext("It goes out on {moment}.").format(moment=moment))
    await on_reminder(turn)


async def on_copy(turn: Turn) -> None:
    """A draft that says the same, to be changed and saved."""
    copied = await editing.copy(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    meeting = await editing.meeting_of(turn.tx, copied)
    turn.answer(turn.t.gettext("Copied. Change what you like, then save it."))
    await schedule_pages.show(turn, copied, meeting, anew=True)


async def on_delete(turn: Turn) -> None:
    """Ask before deleting; a draft goes at once."""
    t = turn.t
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if turn.args[1] != "yes":
        turn.edit(
            t.gettext("Delete “{title}”? What was sent of it stays in the chats and in the evidence.").format(
                title=views.label(t, reminder)
            ),
            [
                [tap(t.gettext("Yes, delete it"), "reminder-delete", reminder.id, "yes")],
                [tap(t.gettext("No, keep it"), "reminder", reminder.id)],
            ],
        )
        return
    await editing.delete(turn.tx, reminder.id, turn.user.id, turn.now)
    turn.answer(t.gettext("Deleted."))
    turn.edit(*await _list(turn, meeting, 0))


async def on_now(turn: Turn) -> None:
    """Ask before sending: it cannot be taken back."""
    t = turn.t
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if await reminders.obstacle(turn.tx, reminder, meeting) == reminders.APPROVAL:
        await ask_for_reminders(turn, [reminder], meeting)
        return
    chats = broadcast_views.chats(t, await reminders.reach(turn.tx, reminder, meeting))
    asked_at = int(turn.now.timestamp())
    wording = await wordings.of(turn.tx, reminder)
    turn.edit(
        t.gettext("{reminder}\n\n— — —\n\nSend this now to {chats}? Its schedule stays as it is.").format(
            reminder=views.message(t, wording, short=reminder.attachment is not None), chats=chats
        ),
        [
            [tap(t.gettext("Send to {chats}").format(chats=chats), "reminder-send", reminder.id, asked_at)],
            [tap(t.gettext("No, do not send"), "reminder", reminder.id)],
        ],
    )


async def on_send(turn: Turn) -> None:
    """Send it; the message with the button becomes the progress message."""
    reminder_id = number(turn.args[0])
    asked_at = _moment(turn, turn.args[1], ahead=timedelta(days=1))
    try:
        broadcast = await reminders.send_now(turn.tx, reminder_id, turn.user.id, asked_at, turn.now, TEXTS)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This reminder was sent already; it goes out once."))
        return
    turn.answer(turn.t.gettext("It is on its way."))
    reminder, meeting = await reminders.for_organiser(turn.tx, reminder_id, turn.user.id)
    await show_progress(turn, broadcast.id, await reminders.reach(turn.tx, reminder, meeting))


def _moment(turn: Turn, part: str, ahead: timedelta) -> datetime:
    """The moment in a button's data.

    Raises:
        BadTap: it lies so far ahead that no button of this program has it.
    """
    seconds = number(part)
    if seconds > (turn.now + ahead).timestamp():
        raise BadTap(part)
    return datetime.fromtimestamp(seconds, UTC)


async def on_ask(turn: Turn) -> None:
    """Ask the other organisers (again) to approve it."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if not await editing.wants_approval(turn.tx, reminder, meeting):
        raise NotFound
    await ask_for_reminders(turn, [reminder], meeting)


JOURNEY = Journey(
    commands=(Command(("jadwal", "schedule"), on_schedule, N_("When reminders go out"), ORGANISERS),),
    taps=(
        Tap("schedule", on_list),
        Tap("reminder", on_reminder),
        Tap("reminder-look", on_look),
        Tap("reminder-pause", on_pause),
        Tap("reminder-resume", on_resume),
        Tap("reminder-skip", on_skip),
        Tap("reminder-soon", on_soon),
        Tap("reminder-copy", on_copy),
        Tap("reminder-delete", on_delete),
        Tap("reminder-now", on_now),
        Tap("reminder-send", on_send),
        Tap("reminder-ask", on_ask),
    ),
)
