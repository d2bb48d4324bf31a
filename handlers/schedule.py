"""/jadwal: the reminders of a meeting for its organisers: when, to whom, pause, another time, at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import audience as audiences
from bot.domain import meetings, reminders, roles
from bot.domain.errors import AlreadyDecided, PastTime
from bot.domain.forms import Form
from bot.domain.questions import Context, Facts, Invalid, Text
from bot.domain.schedule import FixedTime, read_clock
from bot.i18n import N_, zone_name
from bot.storage import offices
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder
from handlers import broadcast_views, forms
from handlers import reminder_views as views
from handlers.broadcasts import show_progress
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

FORM_NAME = "reminder-time"

SOON = timedelta(minutes=1)

TEXTS = views.ReminderTexts()


async def on_schedule(turn: Turn) -> None:
    """/jadwal"""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    text, buttons = await _list(turn, meeting)
    turn.reply(text, buttons)


async def on_list(turn: Turn) -> None:
    """Back to the list, in the place of the tapped message."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    text, buttons = await _list(turn, meeting)
    turn.edit(text, buttons)


async def _list(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    items = await reminders.listed(turn.tx, meeting)
    heading = t.gettext("<b>Reminders of this meeting</b>")
    if not items:
        nothing = t.gettext(
            "There is none yet. Reminders stand in the meeting file; import it again after adding one."
        )
        return f"{heading}\n\n{nothing}", []
    closing = t.gettext("Tap one to read it, to change when it goes out, or to send it now.")
    return "\n\n".join([heading, views.entries(t, items, meeting), closing]), views.openers(
        t, items, "reminder"
    )


async def on_reminder(turn: Turn) -> None:
    """One reminder with all that can be done with it."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await _show(turn, reminder, meeting)


async def _show(turn: Turn, reminder: Reminder, meeting: Meeting) -> None:
    t = turn.t
    entry = await reminders.entry(turn.tx, reminder, meeting)
    sectors = {sector.code: sector.name for sector in await offices.sectors(turn.tx, meeting.office_id)}
    audience = broadcast_views.audience_name(t, audiences.parse(reminder.audience), sectors)
    count = await reminders.reach(turn.tx, reminder, meeting)
    facts = [
        t.gettext("Goes to: {audience} ({chats})").format(
            audience=escape(audience), chats=broadcast_views.chats(t, count)
        ),
        t.gettext("Schedule: {rule}").format(rule=views.rule(t, reminder, meeting)),
        views.when(t, entry, meeting),
    ]
    if entry.last is not None and (entry.next_at is not None or reminder.state == stored.PAUSED):
        facts.append(views.last(t, entry.last, meeting))
    paused = reminder.state == stored.PAUSED
    switch = (
        tap(t.gettext("Resume"), "reminder-resume", reminder.id)
        if paused
        else tap(t.gettext("Pause"), "reminder-pause", reminder.id)
    )
    turn.edit(
        "\n\n".join([views.message(t, reminder), "— — —", "\n".join(facts)]),
        [
            [
                tap(t.gettext("Send now"), "reminder-now", reminder.id),
                tap(t.gettext("In one minute"), "reminder-soon", reminder.id),
            ],
            [tap(t.gettext("Another time"), "reminder-time", reminder.id), switch],
            [tap(t.gettext("‹ All reminders"), "schedule", meeting.id)],
        ],
    )


async def on_pause(turn: Turn) -> None:
    reminder_id = number(turn.args[0])
    await reminders.pause(turn.tx, reminder_id, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Paused. Nothing is sent until you resume it."))
    await on_reminder(turn)


async def on_resume(turn: Turn) -> None:
    reminder_id = number(turn.args[0])
    await reminders.resume(turn.tx, reminder_id, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Resumed."))
    await on_reminder(turn)


async def on_soon(turn: Turn) -> None:
    """Set it a minute ahead: time to look who gets it."""
    at = FixedTime((turn.now + SOON).astimezone(UTC).replace(tzinfo=None, microsecond=0), "UTC")
    await _set(turn, number(turn.args[0]), at)
    await on_reminder(turn)


async def _set(turn: Turn, reminder_id: int, at: FixedTime) -> None:
    due_at = await reminders.set_time(turn.tx, reminder_id, turn.user.id, at, turn.now)
    _, meeting = await reminders.for_organiser(turn.tx, reminder_id, turn.user.id)
    turn.answer(
        turn.t.gettext("It goes out on {moment}.").format(moment=turn.t.moment(due_at, meeting.timezone))
    )


async def on_now(turn: Turn) -> None:
    """Ask before sending: it cannot be taken back."""
    t = turn.t
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    chats = broadcast_views.chats(t, await reminders.reach(turn.tx, reminder, meeting))
    asked_at = int(turn.now.timestamp())
    turn.edit(
        t.gettext("{reminder}\n\n— — —\n\nSend this now to {chats}? Its schedule stays as it is.").format(
            reminder=views.message(t, reminder), chats=chats
        ),
        [
            [tap(t.gettext("Send to {chats}").format(chats=chats), "reminder-send", reminder.id, asked_at)],
            [tap(t.gettext("No, do not send"), "reminder", reminder.id)],
        ],
    )


async def on_send(turn: Turn) -> None:
    """Send it; the message with the button becomes the progress message."""
    reminder_id, seconds = number(turn.args[0]), number(turn.args[1])
    if seconds > turn.now.timestamp() + 86_400:
        raise BadTap(turn.args[1])
    asked_at = datetime.fromtimestamp(seconds, UTC)
    try:
        broadcast = await reminders.send_now(turn.tx, reminder_id, turn.user.id, asked_at, turn.now, TEXTS)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This reminder was sent already; it goes out once."))
        return
    turn.answer(turn.t.gettext("It is on its way."))
    reminder, meeting = await reminders.for_organiser(turn.tx, reminder_id, turn.user.id)
    await show_progress(turn, broadcast.id, await reminders.reach(turn.tx, reminder, meeting))


async def on_time(turn: Turn) -> None:
    """Ask for another time."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(
        turn,
        FORM_NAME,
        {
            "reminder": reminder.id,
            "title": dict(reminder.title),
            "zone": meeting.timezone,
            "asked": turn.now.astimezone(ZoneInfo(meeting.timezone)).replace(tzinfo=None).isoformat(),
            "zone_name": zone_name(turn.now, meeting.timezone),
            "example": (turn.now.astimezone(ZoneInfo(meeting.timezone)) + timedelta(days=1)).strftime(
                "%d-%m-%Y 08.00"
            ),
        },
    )


def _is_time(text: str, context: Context) -> Invalid | None:
    asked = datetime.fromisoformat(context.facts["asked"])
    local = read_clock(text, asked)
    if local is None:
        return Invalid(
            N_("I cannot read that time. Please write day, month, year, hour and minute with digits.")
        )
    return Invalid(N_("That time is over already. Please choose a later one.")) if local <= asked else None


FORM = Form(
    FORM_NAME,
    1,
    (
        Text(
            key="time",
            prompt=N_("When should “{title}” go out?"),
            hint=N_(
                "Day and hour in {zone_name}, for example {example}; or only the hour, for its next time."
            ),
            label=N_("Time"),
            max_length=40,
            check=_is_time,
        ),
    ),
    review=False,
)


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    local_now = turn.now.astimezone(ZoneInfo(facts["zone"])).replace(tzinfo=None)
    local = read_clock(answers["time"], local_now)
    if local is None or local <= local_now:
        raise PastTime
    await _set(turn, facts["reminder"], FixedTime(local, facts["zone"]))
    reminder, meeting = await reminders.for_organiser(turn.tx, facts["reminder"], turn.user.id)
    entry = await reminders.entry(turn.tx, reminder, meeting)
    turn.reply(
        turn.t.gettext("🗓️ <b>{title}</b>\n{when}").format(
            title=escape(turn.t.pick(reminder.title)), when=views.when(turn.t, entry, meeting)
        ),
        [[tap(turn.t.gettext("‹ All reminders"), "schedule", meeting.id)]],
    )


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("new time"), again="/jadwal"),
        finish=_finish,
        ask_again={PastTime: "time"},
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("jadwal", "schedule"), on_schedule, N_("When reminders go out"), frozenset({Audience.ORGANISER})
        ),
    ),
    taps=(
        Tap("schedule", on_list),
        Tap("reminder", on_reminder),
        Tap("reminder-pause", on_pause),
        Tap("reminder-resume", on_resume),
        Tap("reminder-soon", on_soon),
        Tap("reminder-now", on_now),
        Tap("reminder-send", on_send),
        Tap("reminder-time", on_time),
    ),
)
