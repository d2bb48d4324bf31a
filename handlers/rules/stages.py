"""/tahapan: the stage calendar with today's place in it; organisers load the next one by sending its file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.language.texts import clip
from bot.domain.rules import calendar_moves, calendars, stages
from bot.domain.rules.calendar_moves import Move
from bot.domain.rules.calendars import Difference
from bot.domain.rules.rules import BadRules
from bot.domain.rules.stages import Stage
from bot.i18n import N_, Translator
from bot.storage import calendars as stored
from bot.storage import offices
from bot.storage.database import Transaction
from handlers.intake import Intake, Offered
from handlers.reminders import reminder_views
from handlers.routing import Audience, Command, Journey, Tap
from handlers.rules import rule_views as views
from handlers.rules.rule_setting import Setting, setting_of
from handlers.taps import Button, number, tap
from handlers.turn import Turn

PAGE = 8
"""Stages on a page."""
CHANGES = 12
"""Changed stages, and reminders that move, that one message lists."""
TODAY = 10_000
"""The page that has today's place, as buttons name it."""
NAME_ROOM, ERROR_ROOM = 160, 600


class Sent(NamedTuple):
    """A calendar file as it was sent."""

    name: str
    text: str


async def on_calendar(turn: Turn) -> None:
    """/tahapan"""
    turn.reply(*await _page(turn, await setting_of(turn), TODAY))


async def on_page(turn: Turn) -> None:
    """A page of the calendar, in the place of the tapped message."""
    page = number(turn.args[-1]) if turn.args else TODAY
    turn.edit(*await _page(turn, await setting_of(turn), page))


async def _page(turn: Turn, setting: Setting, page: int) -> tuple[str, list[list[Button]]]:
    t, calendar, day = turn.t, setting.calendar, setting.day
    ordered = calendar.in_order
    pages = (len(ordered) - 1) // PAGE + 1
    here = calendar.place(day) // PAGE
    page = here if page == TODAY else min(page, pages - 1)
    own = {card.stage for card in setting.book.of_sector(setting.sector)} if setting.sector else set()
    on = {stage.id for stage in calendar.on(day)}
    lines = [
        views.calendar_line(t, stage, day, own=stage.id in own, on=stage.id in on)
        for stage in ordered[page * PAGE : (page + 1) * PAGE]
    ]
    parts = [
        t.gettext("🗓 <b>{election}</b> · page {page} of {pages}").format(
            election=escape(t.pick(calendar.title), quote=False), page=page + 1, pages=pages
        ),
        views.today(t, calendar, day) if page == here else views.countdown(t, calendar, day),
        "\n".join(lines),
        await _legend(turn, setting, ordered[page * PAGE : (page + 1) * PAGE], bool(own)),
    ]
    turning = []
    if page:
        turning.append(tap("‹", "rules-stages", page - 1))
    if page != here:
        turning.append(tap(t.gettext("Today"), "rules-stages", here))
    if page + 1 < pages:
        turning.append(tap("›", "rules-stages", page + 1))
    return "\n\n".join(filter(None, parts)), [turning, [tap(t.gettext("‹ Rules"), "rules")]]


async def _legend(turn: Turn, setting: Setting, shown: Sequence[Stage], own: bool) -> str:
    t = turn.t
    lines = [t.gettext("✅ over · ▶️ on today · ▫️ to come")]
    if own:
        lines.append(t.gettext("Bold: stages with rules for your group."))
    if any(not stage.is_confirmed for stage in shown):
        lines.append(t.gettext("⚠️ means: not yet confirmed."))
    latest = None if setting.office is None else await stored.latest(turn.tx, setting.office.id)
    checked = t.day(setting.calendar.checked, "UTC")
    lines.append(t.gettext("The calendar was compared with its sources on {day}.").format(day=checked))
    if latest is not None and latest.version is not None:
        lines.append(
            t.gettext("Version {number} of your office, loaded on {day}.").format(
                number=latest.version, day=t.day(latest.loaded_at, setting.zone)
            )
        )
    if await _is_organiser(turn, setting):
        lines.append(
            t.gettext(
                "For the committee: to load another calendar, send its file (YAML) here. You see what changes, and"
                " which reminders move, before it holds."
            )
        )
    return "\n".join(lines)


async def _is_organiser(turn: Turn, setting: Setting) -> bool:
    if setting.office is None or not turn.is_private:
        return False
    return await offices.role_of(turn.tx, setting.office.id, turn.user.id) == roles.ORGANISER


async def on_office_page(turn: Turn) -> None:
    """The calendar from the list of reminders."""
    turn.edit(*await _page(turn, await setting_of(turn), TODAY))


async def _wants(tx: Transaction, person_id: int, offered: Offered) -> bool:
    """Calendar files of people who organise somewhere."""
    if offered.suffix not in (".yaml", ".yml"):
        return False
    return any(role == roles.ORGANISER for _, role in await offices.offices_of(tx, person_id))


def _read(content: bytes, offered: Offered) -> Sent | BadRules | None:
    """The calendar, or why it is none; None for a file that is about something else."""
    try:
        text = stages.decoded(content, offered.name)
        if not stages.looks_like_calendar(text):
            return None
        calendars.read(text, offered.name[:120])
    except BadRules as error:
        return error
    return Sent(offered.name[:120], text)


async def on_file(turn: Turn) -> None:
    """Keep the calendar that was sent and show what it would change."""
    t = turn.t
    if isinstance(turn.content, BadRules):
        turn.reply(
            t.gettext("⚠️ <b>This calendar cannot be used. Nothing was changed.</b>\n\n{reason}").format(
                reason=escape(clip(str(turn.content), ERROR_ROOM), quote=False)
            )
        )
        return
    setting = await setting_of(turn)
    if setting.office is None:
        raise NotFound
    await roles.require(turn.tx, setting.office.id, turn.user.id, roles.ORGANISER)
    sent: Sent = turn.content
    calendar_id = await calendars.keep(
        turn.tx, setting.office.id, turn.user.id, sent.name, sent.text, turn.now
    )
    turn.reply(*await _difference(turn, calendar_id))


async def _difference(turn: Turn, calendar_id: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    office_id, after = await calendars.waiting(turn.tx, calendar_id)
    found = calendars.difference(await calendars.of_office(turn.tx, office_id), after)
    if found.is_empty:
        text = t.gettext("This calendar has the same days as the present one. There is nothing to change.")
        return text, [[tap(t.gettext("Close"), "calendar-discard", calendar_id)]]
    moves = await calendar_moves.moves(turn.tx, office_id, after, turn.now)
    parts = [
        t.gettext("🗓 <b>New calendar: {election}</b>").format(
            election=escape(t.pick(after.title), quote=False)
        ),
        _changes(t, found),
        _moved(t, moves),
    ]
    buttons = [[tap(t.gettext("Cancel"), "calendar-discard", calendar_id)]]
    if moves:
        buttons.insert(
            0, [tap(t.gettext("Load it; leave the reminders"), "calendar-accept", calendar_id, "stay")]
        )
    label = t.gettext("✅ Load it; move the reminders") if moves else t.gettext("✅ Load it")
    buttons.insert(0, [tap(label, "calendar-accept", calendar_id, "move")])
    return "\n\n".join(parts), buttons


def _changes(t: Translator, found: Difference) -> str:
    lines = []
    if found.before.voting_day != found.after.voting_day:
        lines.append(
            t.gettext("🗳 Voting day: {before} → {after}").format(
                before=views.short_day(t, found.before.voting_day),
                after=views.short_day(t, found.after.voting_day),
            )
        )
    for moved in found.moved:
        name = _name(t, moved.after)
        before, after = _days(t, moved.before), _days(t, moved.after)
        lines.append(f"• {name}: {before} → <b>{after}</b>")
    lines += [f"➕ {_name(t, stage)}: {_days(t, stage)}" for stage in found.added]
    lines += [f"➖ {_name(t, stage)}" for stage in found.removed]
    heading = t.gettext("<b>What changes</b>")
    return "\n".join((heading, *_cut(t, lines)))


def _name(t: Translator, stage: Stage) -> str:
    return escape(clip(t.pick(stage.name), NAME_ROOM), quote=False)


def _days(t: Translator, stage: Stage) -> str:
    if stage.first_day is None:
        return t.gettext("no day yet")
    days = views.span(t, stage.start, stage.end)
    return days if stage.is_confirmed else f"{days} ⚠️"


def _cut(t: Translator, lines: list[str]) -> list[str]:
    more = len(lines) - CHANGES
    if more <= 0:
        return lines
    rest = t.ngettext("… and {count} more", "… and {count} more", more).format(count=more)
    return [*lines[:CHANGES], rest]


def _moved(t: Translator, moves: Sequence[Move]) -> str:
    if not moves:
        return t.gettext("No reminder of your office moves by it.")
    lines = []
    for move in moves:
        zone = move.meeting.timezone
        title = escape(reminder_views.label(t, move.reminder), quote=False)
        before, after = (
            t.moment(dues[0].at, zone) if dues else t.gettext("no time") for dues in (move.before, move.after)
        )
        lines.append(f"• {title}\n  {before} → <b>{after}</b>")
    heading = t.ngettext("<b>{count} reminder moves</b>", "<b>{count} reminders move</b>", len(moves))
    return "\n".join((heading.format(count=len(moves)), *_cut(t, lines)))


async def on_accept(turn: Turn) -> None:
    """Make the calendar hold, with the reminders or without them."""
    calendar_id, moving = number(turn.args[0]), turn.args[1] == "move"
    try:
        calendar, count = await calendar_moves.accept(
            turn.tx, calendar_id, turn.user.id, turn.now, moving=moving
        )
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This calendar was loaded already."))
        return
    t = turn.t
    parts = [
        t.gettext("✅ <b>{election}</b> holds from now on.").format(
            election=escape(t.pick(calendar.title), quote=False)
        )
    ]
    if count and moving:
        parts.append(
            t.ngettext("{count} reminder moved.", "{count} reminders moved.", count).format(count=count)
        )
    elif count:
        parts.append(
            t.ngettext(
                "{count} reminder stayed at its days.", "{count} reminders stayed at their days.", count
            ).format(count=count)
        )
    turn.edit(" ".join(parts) + "\n\n" + t.gettext("/stages shows it, /schedule the reminders."))


async def on_discard(turn: Turn) -> None:
    """Leave everything as it is."""
    found = await stored.find(turn.tx, number(turn.args[0]))
    if found is None:
        raise NotFound
    await roles.require(turn.tx, found.office_id, turn.user.id, roles.ORGANISER)
    await stored.discard(turn.tx, found.id)
    turn.edit(turn.t.gettext("The calendar stays as it was."))


JOURNEY = Journey(
    commands=(
        Command(
            ("tahapan", "stages"),
            on_calendar,
            N_("The stages of the election"),
            frozenset({Audience.EVERYONE}),
        ),
    ),
    taps=(
        Tap("rules-stages", on_page),
        Tap("stages", on_office_page),
        Tap("calendar-accept", on_accept),
        Tap("calendar-discard", on_discard),
    ),
    intakes=(Intake(wants=_wants, read=_read, handler=on_file, limit_bytes=calendars.SIZE_LIMIT),),
)
