"""What an office sets for all that goes out: quiet hours, and from how many people on two organisers have to agree."""

from __future__ import annotations

from datetime import time

from bot.domain import office_settings, roles
from bot.domain.meeting import meetings
from bot.domain.office_settings import QuietHours
from bot.storage import office_settings as stored
from bot.storage import offices
from bot.storage.meetings import Meeting
from handlers.reminders.schedule_words import clock
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

NIGHTS = ((20, 6), (20, 7), (21, 6), (21, 7), (22, 5), (22, 6))
"""Quiet hours that are offered: from and until, on the office's clocks."""
LIMITS = (10, 25, 50, 100, 250)
"""Numbers of people that are offered for four eyes."""
NONE = 0
"""What stands for "none" in a button."""


async def on_settings(turn: Turn) -> None:
    """The settings page."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await _page(turn, meeting))


async def _page(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    settings = await stored.find(turn.tx, meeting.office_id)
    hours = office_settings.quiet_hours(settings)
    office = await offices.find(turn.tx, meeting.office_id)
    quiet = (
        t.gettext("none; reminders go out at any hour")
        if hours is None
        else t.gettext("from {start} until {end}").format(
            start=clock(t, hours.start), end=clock(t, hours.end)
        )
    )
    above = settings.approval_above
    eyes = (
        t.gettext("off; every organiser decides alone")
        if above is None
        else t.ngettext("above {count} recipient", "above {count} recipients", above).format(count=above)
    )
    text = t.gettext(
        "⚙️ <b>Settings of your office</b>\n\n🌙 Quiet hours: <b>{quiet}</b>\nRegulation reminders and announcements"
        " that would fall into them wait until they are over ({zone}); what concerns a meeting that somebody takes part"
        " in does not wait.\n\n✋ Four eyes: <b>{eyes}</b>\nAbove this number a second organiser has to approve before"
        " anything goes out."
    ).format(quiet=quiet, eyes=eyes, zone="" if office is None else office.timezone)
    nights = [
        tap(
            ("✅ " if hours == QuietHours(time(start), time(end)) else "") + f"{start:02}–{end:02}",
            "office-quiet",
            meeting.id,
            start,
            end,
        )
        for start, end in NIGHTS
    ]
    limits = [
        tap(("✅ " if above == limit else "") + f"> {limit}", "office-approval", meeting.id, limit)
        for limit in LIMITS
    ]
    return text, [
        nights[:3],
        nights[3:],
        [tap(t.gettext("🌙 No quiet hours"), "office-quiet", meeting.id, NONE, NONE)],
        limits,
        [tap(t.gettext("✋ No second approval"), "office-approval", meeting.id, NONE)],
        [tap(t.gettext("‹ All reminders"), "schedule", meeting.id, 0)],
    ]


async def on_quiet(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    start, end = number(turn.args[1]), number(turn.args[2])
    if (start, end) not in NIGHTS and (start, end) != (NONE, NONE):
        raise BadTap(f"{start}-{end}")
    hours = None if start == end else QuietHours(time(start), time(end))
    await office_settings.set_quiet_hours(turn.tx, meeting.office_id, turn.user.id, hours, turn.now)
    turn.answer(turn.t.gettext("Noted."))
    turn.edit(*await _page(turn, meeting))


async def on_approval(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    above = number(turn.args[1])
    if above not in LIMITS and above != NONE:
        raise BadTap(turn.args[1])
    await office_settings.set_approval(turn.tx, meeting.office_id, turn.user.id, above or None, turn.now)
    turn.answer(turn.t.gettext("Noted."))
    turn.edit(*await _page(turn, meeting))


JOURNEY = Journey(
    taps=(
        Tap("office-settings", on_settings),
        Tap("office-quiet", on_quiet),
        Tap("office-approval", on_approval),
    ),
)
