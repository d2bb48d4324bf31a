"""How the agenda and the materials of a meeting read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip, utf16_length
from bot.domain.meeting.agenda import Phase, Stage, Standing
from bot.i18n import Translator
from bot.storage.meetings import ARCHIVED, CLOSED, AgendaItem, KeptFile, Material, Meeting
from bot.storage.values import base36
from handlers.taps import Button, link, tap

MESSAGE_LIMIT = 4096
"""UTF-16 code units of a message: Bot API, sendMessage."""
PARALLEL = 3
"""How many items that are on, or next, at the same time are put into words."""
PAGE = 20
"""How many materials one message lists."""
BELOW, IN_PLACE = "b", "e"
"""Where a page of materials goes: into a new message, or into the one whose button was tapped."""

_SIGNS = {Phase.PAST: "✓", Phase.NOW: "▶", Phase.NEXT: "→", Phase.LATER: "·"}


def agenda(t: Translator, meeting: Meeting, standing: Standing) -> str:
    """The agenda as HTML, in as much detail as one message holds: past items, then speakers, then the end go first."""
    head = f"🗓 <b>{escape(t.pick(meeting.title))}</b>\n{_when(t, meeting)}\n{_where(meeting)}"
    now = "\n".join(_situation(t, meeting, standing))
    as_of = t.gettext("As of {time}.").format(time=t.time(standing.now, meeting.timezone))
    for keep_past, speakers, room in (
        (True, True, None),
        (False, True, None),
        (False, False, None),
        (False, False, 20),
    ):
        body = "\n".join(_lines(t, meeting, standing, keep_past, speakers, room))
        text = "\n\n".join(part for part in (head, now, body, as_of) if part)
        if utf16_length(text) <= MESSAGE_LIMIT:
            return text
    return f"{head}\n\n{now}\n\n{as_of}"


def _when(t: Translator, meeting: Meeting) -> str:
    zone = meeting.timezone
    if _day(meeting.starts_at, zone) == _day(meeting.ends_at, zone):
        return t.gettext("{day}, {start}–{end}").format(
            day=t.day(meeting.starts_at, zone),
            start=t.bare_time(meeting.starts_at, zone),
            end=t.time(meeting.ends_at, zone),
        )
    return f"{t.moment(meeting.starts_at, zone)} –\n{t.moment(meeting.ends_at, zone)}"


def _where(meeting: Meeting) -> str:
    return escape(", ".join(part for part in (meeting.venue, meeting.address) if part))


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _situation(t: Translator, meeting: Meeting, standing: Standing) -> list[str]:
    """What is on, for how long, and what comes next."""
    if meeting.state in (CLOSED, ARCHIVED):
        return [t.gettext("This meeting is closed. Thank you for taking part.")]
    lines = []
    if standing.stage is Stage.UNKNOWN:
        lines.append(t.gettext("The agenda has not been published yet."))
    elif standing.stage is Stage.AFTER:
        lines.append(t.gettext("All items are over. Thank you for taking part."))
    elif standing.stage is Stage.BEFORE:
        lines.append(t.gettext("The meeting has not begun yet."))
    elif standing.stage is Stage.PAUSE:
        lines.append(t.gettext("Nothing is on at this moment."))
    for item in standing.running[:PARALLEL]:
        left = span(t, standing.minutes_to(item.ends_at))
        line = t.gettext("Now: <b>{title}</b>, {left} left.")
        lines.append(line.format(title=_short(t, item), left=left))
    lines.extend(_next(t, meeting, standing, item) for item in standing.upcoming[:PARALLEL])
    if standing.running and not standing.upcoming:
        lines.append(t.gettext("This is the last item."))
    return lines


def _next(t: Translator, meeting: Meeting, standing: Standing, item: AgendaItem) -> str:
    title = _short(t, item)
    zone = meeting.timezone
    if _day(item.starts_at, zone) != _day(standing.now, zone):
        line = t.gettext("Next on {moment}: <b>{title}</b>, in {wait}.")
    else:
        line = t.gettext("Next at {time}: <b>{title}</b>, in {wait}.")
    return line.format(
        title=title,
        time=t.time(item.starts_at, zone),
        moment=t.moment(item.starts_at, zone),
        wait=span(t, standing.minutes_to(item.starts_at)),
    )


def _short(t: Translator, item: AgendaItem) -> str:
    return escape(clip(t.pick(item.title), 150))


def span(t: Translator, minutes: int) -> str:
    """A number of minutes as people say it: minutes, hours and minutes, or days."""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        days = hours // 24
        return t.ngettext("{count} day", "{count} days", days).format(count=days)
    if hours and rest:
        # Translators: a length of time, short: 2 hours and 5 minutes.
        return t.gettext("{hours} h {minutes} min").format(hours=hours, minutes=rest)
    if hours:
        return t.ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return t.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


def _lines(
    t: Translator, meeting: Meeting, standing: Standing, keep_past: bool, speakers: bool, room: int | None
) -> list[str]:
    zone = meeting.timezone
    shown = [(item, phase) for item, phase in standing.items if keep_past or phase is not Phase.PAST]
    past = len(standing.items) - len(shown)
    lines = []
    if past:
        over = t.ngettext("✓ {count} item is over", "✓ {count} items are over", past)
        lines.append(over.format(count=past))
    days = {_day(item.starts_at, zone) for item, _ in standing.items}
    day = None
    for item, phase in shown[:room]:
        if len(days) > 1 and _day(item.starts_at, zone) != day:
            day = _day(item.starts_at, zone)
            lines.append(f"<b>{t.day(item.starts_at, zone)}</b>")
        lines.append(_line(t, item, phase, zone, speakers))
    more = len(shown) - len(shown[:room])
    if more:
        lines.append(t.ngettext("… and {count} more", "… and {count} more", more).format(count=more))
    return lines


def _line(t: Translator, item: AgendaItem, phase: Phase, zone: str, speakers: bool) -> str:
    times = f"{t.bare_time(item.starts_at, zone)}–{t.bare_time(item.ends_at, zone)}"
    title = escape(t.pick(item.title))
    if phase is Phase.NOW:
        title = f"<b>{title}</b>"
    line = f"{_SIGNS[phase]} {times} {title}"
    who = ", ".join(part for part in (item.speaker, t.pick(item.speaker_position)) if part)
    return f"{line}\n    <i>{escape(who)}</i>" if who and speakers else line


def mark(item: Material) -> str:
    """What names a material in the data of a button."""
    return base36(zlib.crc32(item.slug.encode()))


def file_line(t: Translator, file: KeptFile) -> str:
    """The name that a file was sent with, and its size; not escaped, empty when neither is known."""
    size = ""
    if file.size is not None and file.size >= 1_000_000:
        size = t.gettext("{count} MB").format(count=round(file.size / 1_000_000))
    elif file.size is not None:
        size = t.gettext("{count} KB").format(count=max(1, round(file.size / 1000)))
    return " · ".join(part for part in (clip(file.name, 80), size) if part)


def materials(
    t: Translator, meeting: Meeting, items: Sequence[Material], agenda_items: Sequence[AgendaItem], page: int
) -> tuple[str, list[list[Button]]]:
    """A page of the materials, each with a button that opens it."""
    head = t.gettext("📄 <b>Materials</b>\n{title}").format(title=escape(t.pick(meeting.title)))
    if not items:
        return f"{head}\n\n" + t.gettext(
            "There are none yet. They appear here as soon as the committee adds them."
        ), []
    titles = {item.slug: t.pick(item.title) for item in agenda_items}
    page = min(page, (len(items) - 1) // PAGE)
    shown = items[page * PAGE : (page + 1) * PAGE]
    lines = []
    buttons = []
    for place, item in enumerate(shown, page * PAGE + 1):
        title = t.pick(item.title)
        lines.append(f"{place}. {escape(clip(title, 150))}")
        if item.agenda_slug in titles:
            lines.append(f"    <i>{escape(clip(titles[item.agenda_slug], 80))}</i>")
        if item.file is None:
            buttons.append([link(clip(f"{place}. {title}", 60), item.url)])
        else:
            about = file_line(t, item.file)
            if about:
                lines.append(f"    <i>{escape(about, quote=False)}</i>")
            buttons.append([tap(f"📎 {clip(f'{place}. {title}', 57)}", "material", meeting.id, mark(item))])
    around = []
    if page:
        around.append(tap("‹", "materials", meeting.id, page - 1, IN_PLACE))
    if (page + 1) * PAGE < len(items):
        around.append(tap("›", "materials", meeting.id, page + 1, IN_PLACE))
    return "\n".join([head, "", *lines]), [*buttons, around]
