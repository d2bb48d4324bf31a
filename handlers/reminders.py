"""/pengingat: the reminders that concern a participant, and stopping or taking them up again."""

from __future__ import annotations

from html import escape

from bot.domain import meetings, reminders
from bot.domain.errors import NotFound
from bot.i18n import N_
from bot.storage import offices, participants
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED
from handlers import reminder_views as views
from handlers.routing import Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn


async def on_reminders(turn: Turn) -> None:
    """/pengingat"""
    meeting = await meetings.current(turn.tx, turn.person)
    text, buttons = await _overview(turn, meeting)
    turn.reply(text, buttons)


async def on_list(turn: Turn) -> None:
    """Back to the list, in the place of the tapped message."""
    text, buttons = await _overview(turn, await meetings.current(turn.tx, turn.person))
    turn.edit(text, buttons)


async def _overview(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    registration = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if registration is None or registration.state != REGISTERED:
        return t.gettext(
            "<b>Reminders</b>\n\nReminders of the rules go to registered participants, for their own group. Register"
            " with /daftar; it takes less than a minute."
        ), []
    items = [
        item
        for item in await reminders.listed(turn.tx, meeting)
        if reminders.concerns(item.reminder, registration.sector)
    ]
    stopped = await stored.opted_out(turn.tx, meeting.office_id, turn.user.id)
    parts = [t.gettext("<b>Reminders of the rules that concern you</b>")]
    parts.append(
        views.entries(t, items, meeting)
        if items
        else t.gettext("None is planned for your group at the moment.")
    )
    parts.append(
        t.gettext("You have stopped these reminders: none is sent to you.")
        if stopped
        else t.gettext("They come by themselves at their time. Tap one to read it now.")
    )
    switch = (
        tap(t.gettext("Start reminders again"), "reminders-start", meeting.office_id)
        if stopped
        else tap(t.gettext("Stop reminders"), "reminders-stop", meeting.office_id)
    )
    return "\n\n".join(parts), [*views.openers(t, items, "reminder-read"), [switch]]


async def on_read(turn: Turn) -> None:
    """One reminder as it is sent, for a participant whom it concerns."""
    reminder = await stored.find(turn.tx, number(turn.args[0]))
    if reminder is None:
        raise NotFound
    registration = await participants.of_person(turn.tx, reminder.meeting_id, turn.user.id)
    concerned = registration is not None and reminders.concerns(reminder, registration.sector)
    if registration is None or registration.state != REGISTERED or not concerned:
        raise NotFound
    turn.edit(views.message(turn.t, reminder), [[tap(turn.t.gettext("‹ All reminders"), "reminders")]])


async def on_stop(turn: Turn) -> None:
    """Send this person no more reminders of an office."""
    office_id = await _office_id(turn)
    await stored.opt_out(turn.tx, office_id, turn.user.id)
    await _confirm(turn, office_id, stopped=True)


async def on_start(turn: Turn) -> None:
    """Send them again."""
    office_id = await _office_id(turn)
    await stored.opt_in(turn.tx, office_id, turn.user.id)
    await _confirm(turn, office_id, stopped=False)


async def _office_id(turn: Turn) -> int:
    office_id = number(turn.args[0])
    if not turn.is_private or await offices.find(turn.tx, office_id) is None:
        raise NotFound
    return office_id


async def _confirm(turn: Turn, office_id: int, *, stopped: bool) -> None:
    """Say what holds from now on, in a message of its own: the tapped one may be a reminder, which stays to be read."""
    t = turn.t
    office = await offices.find(turn.tx, office_id)
    name = escape(office.name) if office is not None else ""
    if stopped:
        turn.answer(t.gettext("Reminders stopped."))
        turn.reply(
            t.gettext(
                "🔕 {office} sends you no more reminders of the rules. Messages about a meeting that you take part in"
                " still come. /pengingat shows the reminders at any time."
            ).format(office=name),
            [[tap(t.gettext("Start reminders again"), "reminders-start", office_id)]],
        )
    else:
        turn.answer(t.gettext("Reminders are on."))
        turn.reply(
            t.gettext(
                "🔔 {office} sends you reminders of the rules again. /pengingat shows the next ones."
            ).format(office=name)
        )


JOURNEY = Journey(
    commands=(Command(("pengingat", "reminders"), on_reminders, N_("Reminders of the rules")),),
    taps=(
        Tap("reminders", on_list),
        Tap("reminder-read", on_read),
        Tap("reminders-stop", on_stop),
        Tap("reminders-start", on_start),
    ),
)
