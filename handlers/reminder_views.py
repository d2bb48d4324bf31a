"""What reminders look like: the message itself, when they go out, and what organisers hear of a missed one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.domain.broadcasts import Content
from bot.domain.reminders import Entry
from bot.domain.schedule import BadSchedule, DayOffset, FixedTime, MinuteOffset, Times, due_at, parse
from bot.domain.texts import clip, utf16_length
from bot.i18n import LOCALES, Translator, translator
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.reminders import LegalBasis, Occurrence, Reminder
from handlers.taps import Button, tap

LABEL = 40
"""Characters of a title on a button."""

TEXT_ROOM, BASIS_ROOM = 2400, 900
"""UTF-16 units for a reminder's text and its legal basis, of the 4,096 of a message (Bot API, sendMessage).

The rest is for the title (200 characters at most) and what organisers see below it.
"""


class ReminderTexts:
    """Puts reminders in words: :class:`bot.domain.reminders.Texts` for Telegram."""

    def reminder(self, reminder: Reminder, meeting: Meeting) -> Content:
        texts, buttons = {}, {}
        for locale in LOCALES:
            t = translator(locale)
            texts[locale] = message(t, reminder)
            stop = tap(t.gettext("Stop reminders like this"), "reminders-stop", meeting.office_id)
            buttons[locale] = [[stop.as_dict()]]
        return Content(texts, buttons)

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        texts, buttons = {}, {}
        for locale in LOCALES:
            t = translator(locale)
            texts[locale] = t.gettext(
                "⚠️ <b>A reminder was not sent</b>\n\n“{title}” was due on {moment} and could not be sent then. It"
                " is too late now to send it by itself. You can still send it with the button, or set another time."
            ).format(title=escape(t.pick(reminder.title)), moment=t.moment(due_at, meeting.timezone))
            buttons[locale] = [[tap(t.gettext("See the reminder"), "reminder", reminder.id).as_dict()]]
        return Content(texts, buttons)


def message(t: Translator, reminder: Reminder) -> str:
    """The reminder as its audience reads it; HTML."""
    parts = [
        f"🔔 <b>{escape(t.pick(reminder.title), quote=False)}</b>",
        escape(clip(t.pick(reminder.text).strip(), TEXT_ROOM), quote=False),
    ]
    if reminder.legal_basis:
        parts.append("\n".join([t.gettext("<b>Legal basis</b>"), *_basis(t, reminder.legal_basis)]))
    if reminder.checked_on is not None:
        day = t.day(reminder.checked_on, "UTC")  # a day of the calendar: no zone moves it
        parts.append(t.gettext("Compared with its sources on {day}.").format(day=day))
    return "\n\n".join(parts)


def _basis(t: Translator, entries: Sequence[LegalBasis]) -> list[str]:
    """A line for each, as many as there is room for, and how many are left out."""
    lines: list[str] = []
    room = BASIS_ROOM
    for entry in entries:
        cited = _cited(entry)
        room -= utf16_length(cited) + 3
        if room < 0:
            left_out = len(entries) - len(lines)
            more = t.ngettext("… and {count} more", "… and {count} more", left_out)
            return [*lines, more.format(count=left_out)]
        lines.append(f"• {escape(cited, quote=False)}")
    return lines


def _cited(basis: LegalBasis) -> str:
    cited = ", ".join(part for part in (basis.instrument, basis.article) if part)
    return f"{cited}: {basis.about}" if basis.about else cited


def label(t: Translator, reminder: Reminder) -> str:
    """The title, short enough for a button."""
    title = t.pick(reminder.title)
    return title if len(title) <= LABEL else title[: LABEL - 1].rstrip() + "…"


def when(t: Translator, entry: Entry, meeting: Meeting) -> str:
    """The state of a reminder in one line: its next time, or why there is none."""
    if entry.reminder.state == stored.PAUSED:
        return t.gettext("Paused")
    if entry.next_at is not None:
        return t.gettext("Next: {moment}").format(moment=t.moment(entry.next_at, meeting.timezone))
    if entry.last is not None:
        return last(t, entry.last, meeting)
    return t.gettext("Its time was over before it was set up: {moment}").format(
        moment=_moment_of_schedule(t, entry.reminder, meeting)
    )


def last(t: Translator, occurrence: Occurrence, meeting: Meeting) -> str:
    """What became of a due time; its moment is when it was due."""
    sentence = {
        stored.SENT: t.gettext("Sent: {moment}"),
        stored.LATE: t.gettext("Sent late; it was due on {moment}"),
        stored.MISSED: t.gettext("Not sent; it was due on {moment}"),
        stored.BY_HAND: t.gettext("Sent by hand: {moment}"),
    }[occurrence.state]
    return sentence.format(moment=t.moment(occurrence.due_at, meeting.timezone))


def _moment_of_schedule(t: Translator, reminder: Reminder, meeting: Meeting) -> str:
    try:
        moment = due_at(parse(reminder.schedule), Times(meeting.starts_at, meeting.ends_at, meeting.timezone))
    except BadSchedule:
        return "–"
    return t.moment(moment, meeting.timezone)


def rule(t: Translator, reminder: Reminder, meeting: Meeting) -> str:
    """The schedule in words."""
    try:
        schedule = parse(reminder.schedule)
    except BadSchedule:
        return t.gettext("The schedule cannot be read. Please set a time.")
    if isinstance(schedule, FixedTime):
        return t.gettext("On {moment}").format(moment=_moment_of_schedule(t, reminder, meeting))
    if isinstance(schedule, MinuteOffset):
        return _minutes(t, schedule)
    return _days(t, schedule)


def _minutes(t: Translator, schedule: MinuteOffset) -> str:
    count = abs(schedule.minutes)
    if not count:
        return (
            t.gettext("When the meeting begins")
            if schedule.anchor == "meeting_start"
            else t.gettext("When the meeting ends")
        )
    before = schedule.minutes < 0
    if schedule.anchor == "meeting_start":
        sentence = (
            t.ngettext(
                "{count} minute before the meeting begins", "{count} minutes before the meeting begins", count
            )
            if before
            else t.ngettext(
                "{count} minute after the meeting begins", "{count} minutes after the meeting begins", count
            )
        )
    else:
        sentence = (
            t.ngettext(
                "{count} minute before the meeting ends", "{count} minutes before the meeting ends", count
            )
            if before
            else t.ngettext(
                "{count} minute after the meeting ends", "{count} minutes after the meeting ends", count
            )
        )
    return sentence.format(count=count)


def _days(t: Translator, schedule: DayOffset) -> str:
    count = abs(schedule.days)
    if not count:
        sentence = t.gettext("On the day of the meeting at {time}")
    elif schedule.days < 0:
        sentence = t.ngettext(
            "{count} day before the meeting at {time}", "{count} days before the meeting at {time}", count
        )
    else:
        sentence = t.ngettext(
            "{count} day after the meeting at {time}", "{count} days after the meeting at {time}", count
        )
    pattern = "%H.%M" if t.locale == "id" else "%H:%M"
    return sentence.format(count=count, time=schedule.time.strftime(pattern))


def entries(t: Translator, items: Sequence[Entry], meeting: Meeting) -> str:
    """A numbered list of reminders with their state; HTML."""
    return "\n\n".join(
        f"{number}. <b>{escape(t.pick(item.reminder.title), quote=False)}</b>\n{when(t, item, meeting)}"
        for number, item in enumerate(items, 1)
    )


def openers(t: Translator, items: Sequence[Entry], kind: str) -> list[list[Button]]:
    """One button a reminder, which opens it."""
    return [
        [tap(f"{number}. {label(t, item.reminder)}", kind, item.reminder.id)]
        for number, item in enumerate(items, 1)
    ]
