"""The ready plan in two taps: the group, then the list of what is added with its dates."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.reminders import ready_plans
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders.ready_plans import Plan, Planned
from bot.domain.rules import calendars
from bot.domain.rules.rules import rulebook
from bot.i18n import Translator
from bot.storage import offices
from bot.storage.meetings import Meeting
from handlers.notices.approvals import ask_for_reminders
from handlers.reminders import reminder_views as views
from handlers.routing import Journey, Tap
from handlers.rules import rule_views
from handlers.rules.rule_views import short_day
from handlers.taps import Button, number, tap
from handlers.turn import Turn

TITLE = 110
"""UTF-16 units of a card's title in the list."""


async def on_plan(turn: Turn) -> None:
    """Choose the group."""
    t = turn.t
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    calendar = await calendars.of_office(turn.tx, meeting.office_id)
    sectors = await offices.sectors(turn.tx, meeting.office_id)
    rows: list[list[Button]] = [
        [tap(t.pick(sector.name), "plan-show", meeting.id, place, 0)] for place, sector in enumerate(sectors)
    ]
    turn.edit(
        t.gettext(
            "📦 <b>Ready plan</b>\n{election}\n\nAll reminders for one group, from the rule cards that concern it, on"
            " the days of the stage calendar. For which group?"
        ).format(election=escape(t.pick(calendar.title), quote=False)),
        [*rows, [tap(t.gettext("‹ All reminders"), "schedule", meeting.id, 0)]],
    )


async def _sector(turn: Turn, meeting: Meeting, place: int) -> offices.Sector:
    sectors = await offices.sectors(turn.tx, meeting.office_id)
    return sectors[min(place, len(sectors) - 1)]


async def on_show(turn: Turn) -> None:
    """What the plan of a group has, with its first dates, and the button that adds it."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    place = number(turn.args[1])
    sector = await _sector(turn, meeting, place)
    plan = await ready_plans.of_sector(turn.tx, meeting, sector.code, turn.now)
    t = turn.t
    back = [tap(t.gettext("‹ Other group"), "plan", meeting.id)]
    heading = t.gettext("📦 <b>Ready plan: {group}</b>").format(
        group=escape(t.pick(sector.name), quote=False)
    )
    if not plan.items:
        calendar = await calendars.of_office(turn.tx, meeting.office_id)
        parts = [heading, t.gettext("No day of reminding is to come for this group.")]
        if rulebook().sector(sector.code) is None:
            parts.append(t.gettext("No rule card is made for this group; it sees those for the public."))
        if calendar.is_over(turn.now.date()):
            parts.append(rule_views.history(t, calendar))
            parts.append(t.gettext("Load the calendar of the next election: /stages"))
        turn.edit("\n\n".join(parts), [back])
        return
    page, shown = views.page_of(plan.items, number(turn.args[2]))
    text = "\n\n".join((heading, _summary(t, plan, meeting), _lines(t, shown, page, meeting)))
    rows = [views.turning(page, len(plan.items), "plan-show", meeting.id, place), back]
    if plan.new:
        label = t.ngettext("✅ Add {count} reminder", "✅ Add {count} reminders", len(plan.new)).format(
            count=len(plan.new)
        )
        rows.insert(0, [tap(label, "plan-add", meeting.id, place)])
    turn.edit(text, rows)


def _summary(t: Translator, plan: Plan, meeting: Meeting) -> str:
    there = len(plan.items) - len(plan.new)
    span = ready_plans.span(plan.items)
    assert span is not None
    zone = ZoneInfo(meeting.timezone)
    first, last = (short_day(t, moment.astimezone(zone).date()) for moment in span)
    parts = [
        t.ngettext(
            "{count} reminder from {first} to {last}; each participant gets {messages} messages in all.",
            "{count} reminders from {first} to {last}; each participant gets {messages} messages in all.",
            len(plan.items),
        ).format(count=len(plan.items), first=first, last=last, messages=ready_plans.count(plan.items))
    ]
    if there:
        parts.append(
            t.ngettext(
                "{count} of them is in your list already.", "{count} of them are in your list already.", there
            ).format(count=there)
        )
    drafts = sum(item.is_draft for item in plan.items)
    if drafts:
        parts.append(
            t.ngettext(
                "⚠️ {count} card is not yet confirmed by your office; nothing is sent of it until it is.",
                "⚠️ {count} cards are not yet confirmed by your office; nothing is sent of them until they are.",
                drafts,
            ).format(count=drafts)
        )
    return "\n".join(parts)


def _lines(t: Translator, items: Sequence[Planned], page: int, meeting: Meeting) -> str:
    zone = ZoneInfo(meeting.timezone)
    lines = []
    for place, item in enumerate(items, page * views.PAGE + 1):
        days = ", ".join(short_day(t, due.at.astimezone(zone).date(), year=False) for due in item.dues)
        marks = ("⚠️ " if item.is_draft else "") + ("☑️ " if item.is_there else "")
        title = escape(clip(t.pick(item.card.title), TITLE), quote=False)
        lines.append(f"{place}. {marks}<b>{title}</b>\n{days}")
    return "\n".join(lines)


async def on_add(turn: Turn) -> None:
    """Add the plan; what is there already stays as it is."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    sector = await _sector(turn, meeting, number(turn.args[1]))
    added = await ready_plans.add(turn.tx, meeting, sector.code, turn.user.id, turn.now)
    t = turn.t
    if not added:
        turn.answer(t.gettext("All of it is in your list already."))
        return
    turn.edit(
        t.ngettext(
            "✅ {count} reminder was added for {group}. You can change, pause or delete each of them in the list.",
            "✅ {count} reminders were added for {group}. You can change, pause or delete each of them in the list.",
            len(added),
        ).format(count=len(added), group=escape(t.pick(sector.name), quote=False)),
        [[tap(t.gettext("‹ All reminders"), "schedule", meeting.id, 0)]],
    )
    waiting = [reminder for reminder in added if await editing.wants_approval(turn.tx, reminder, meeting)]
    if waiting:
        await ask_for_reminders(turn, waiting, meeting)


JOURNEY = Journey(
    taps=(
        Tap("plan", on_plan),
        Tap("plan-show", on_show),
        Tap("plan-add", on_add),
    ),
)
