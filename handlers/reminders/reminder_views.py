"""What reminders look like: the message itself, the state in lists, and what organisers hear of one that did not go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from bot.domain.language.texts import clip, utf16_length
from bot.domain.notices.broadcasts import CAPTION, Content
from bot.domain.reminders import reminders
from bot.domain.reminders.reminders import Entry
from bot.domain.reminders.wordings import Wording
from bot.i18n import LOCALES, Translator, translator
from bot.storage import occurrences
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.occurrences import Occurrence
from bot.storage.reminders import LegalBasis, Reminder
from handlers.taps import Button, tap

LABEL = 40
"""UTF-16 units of a title on a button."""
PAGE = 8
"""Reminders on a page of a list."""

TEXT_ROOM, SANCTION_ROOM, BASIS_ROOM = 2000, 700, 700
"""UTF-16 units for a reminder's text, its sanction and its legal basis, of a message's 4,096 (Bot API, sendMessage).

The rest is for the title (200 characters at most) and what organisers see below it.
"""
TITLE_ROOM, TEASER = 200, 300


class ReminderTexts:
    """Puts reminders in words: :class:`bot.domain.reminders.reminders.Texts` for Telegram."""

    def reminder(self, reminder: Reminder, wording: Wording, meeting: Meeting) -> Content:
        texts, buttons = {}, {}
        for locale in LOCALES:
            t = translator(locale)
            texts[locale] = message(t, wording, short=reminder.attachment is not None)
            buttons[locale] = [[button.as_dict()] for button in below(t, wording, meeting.office_id)]
        return Content(texts, buttons, quiz=wording.quiz, media=media_of(reminder.attachment))

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        texts, buttons = {}, {}
        for locale in LOCALES:
            t = translator(locale)
            texts[locale] = t.gettext(
                "⚠️ <b>A reminder was not sent</b>\n\n“{title}” was due on {moment} and could not be sent then. It"
                " is too late now to send it by itself. You can still send it with the button, or set another time."
            ).format(title=_title(t, reminder), moment=t.moment(due_at, meeting.timezone))
            buttons[locale] = [[_opening(t, reminder)]]
        return Content(texts, buttons)

    def held(
        self, reminder: Reminder, meeting: Meeting, due_at: datetime, why: str, request: int | None
    ) -> Content:
        texts, buttons = {}, {}
        for locale in LOCALES:
            t = translator(locale)
            if why == reminders.CARD:
                sentence = t.gettext(
                    "✋ <b>A reminder waits for you</b>\n\n“{title}” was due on {moment}. Its rule card is not"
                    " confirmed by your office, or no longer in force, so nothing was sent. Open the card, check it and"
                    " confirm it: the reminder then goes out by itself, if it is not too late."
                )
            else:
                sentence = t.gettext(
                    "✋ <b>A reminder waits for a second organiser</b>\n\n“{title}” was due on {moment} and goes to"
                    " more people than one organiser may decide on. It goes out once somebody approves it, if it is not"
                    " too late then."
                )
            texts[locale] = sentence.format(
                title=_title(t, reminder), moment=t.moment(due_at, meeting.timezone)
            )
            rows = [[_opening(t, reminder)]]
            if request is not None:
                rows.append([tap(t.gettext("See and approve"), "approval", request).as_dict()])
            buttons[locale] = rows
        return Content(texts, buttons)


def _title(t: Translator, reminder: Reminder) -> str:
    return escape(clip(t.pick(reminder.title), TITLE_ROOM), quote=False)


def _opening(t: Translator, reminder: Reminder) -> Mapping[str, Any]:
    return tap(t.gettext("See the reminder"), "reminder", reminder.id).as_dict()


def media_of(attachment: Mapping[str, Any] | None) -> dict[str, str]:
    """The file that goes with a reminder, as :class:`bot.domain.notices.broadcasts.Content` has it; empty for none."""
    return {} if attachment is None else {"kind": attachment["kind"], "file_id": attachment["file_id"]}


def below(t: Translator, wording: Wording, office_id: int) -> list[Button]:
    """The buttons under a reminder: its card as it was sent, and how to stop its kind."""
    buttons = []
    if wording.version_id is not None:
        buttons.append(tap(t.gettext("📘 The card and its sources"), "rule-version", wording.version_id))
    if not wording.is_service:
        buttons.append(tap(t.gettext("Stop reminders like this"), "reminders-stop", office_id, wording.topic))
    return buttons


def message(t: Translator, wording: Wording, *, short: bool = False) -> str:
    """The reminder as its audience reads it; HTML. ``short`` for the caption of a file."""
    heading = "📣" if wording.is_service else "🔔"
    title = escape(clip(t.pick(wording.title), TITLE_ROOM), quote=False)
    room = CAPTION - TITLE_ROOM - 20 if short else TEXT_ROOM
    parts = [
        f"{heading} <b>{title}</b>",
        escape(clip(t.pick(wording.text).strip(), room), quote=False),
    ]
    if short:
        return "\n\n".join(filter(None, parts))
    if wording.sanction is not None:
        sanction = escape(clip(t.pick(wording.sanction), SANCTION_ROOM), quote=False)
        parts.append(t.gettext("<b>Sanction</b>") + "\n" + sanction)
    if wording.legal_basis:
        parts.append("\n".join([t.gettext("<b>Legal basis</b>"), *_basis(t, wording.legal_basis)]))
    if wording.checked_on is not None:
        day = t.day(wording.checked_on, "UTC")  # a day of the calendar: no zone moves it
        parts.append(t.gettext("Compared with its sources on {day}.").format(day=day))
    return "\n\n".join(filter(None, parts))


def teaser(t: Translator, wording: Wording) -> str:
    """The title and the beginning of the text; HTML."""
    title = escape(clip(t.pick(wording.title), TITLE_ROOM), quote=False)
    text = escape(clip(t.pick(wording.text).strip(), TEASER), quote=False)
    return f"<b>{title}</b>\n<blockquote>{text}</blockquote>" if text else f"<b>{title}</b>"


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
    return clip(t.pick(reminder.title), LABEL)


def when(t: Translator, entry: Entry, meeting: Meeting) -> str:
    """The state of a reminder in one line: its next time, or why there is none."""
    if entry.reminder.state == stored.PAUSED:
        return t.gettext("Paused")
    if entry.next_at is not None:
        return t.gettext("Next: {moment}").format(moment=t.moment(entry.next_at, meeting.timezone))
    if entry.last is not None:
        return last(t, entry.last, meeting)
    return t.gettext("None of its times is to come")


def last(t: Translator, occurrence: Occurrence, meeting: Meeting) -> str:
    """What became of a due time; its moment is when it was due."""
    sentence = {
        occurrences.SENT: t.gettext("Sent: {moment}"),
        occurrences.LATE: t.gettext("Sent late; it was due on {moment}"),
        occurrences.MISSED: t.gettext("Not sent; it was due on {moment}"),
        occurrences.BY_HAND: t.gettext("Sent by hand: {moment}"),
        occurrences.SKIPPED: t.gettext("Left out: {moment}"),
        occurrences.HELD: t.gettext("Waits for your committee; it was due on {moment}"),
    }[occurrence.state]
    return sentence.format(moment=t.moment(occurrence.due_at, meeting.timezone))


def entries(t: Translator, items: Sequence[Entry], meeting: Meeting, first: int = 1) -> str:
    """A numbered list of reminders with their state; HTML."""
    return "\n\n".join(
        f"{number}. <b>{_title(t, item.reminder)}</b>\n{when(t, item, meeting)}"
        for number, item in enumerate(items, first)
    )


def openers(t: Translator, items: Sequence[Entry], kind: str, first: int = 1) -> list[list[Button]]:
    """One button a reminder, which opens it."""
    return [
        [tap(f"{number}. {label(t, item.reminder)}", kind, item.reminder.id)]
        for number, item in enumerate(items, first)
    ]


def turning(page: int, count: int, kind: str, *parts: str | int) -> list[Button]:
    """The buttons that turn the pages of a list of ``count`` lines."""
    buttons = []
    if page:
        buttons.append(tap("‹", kind, *parts, page - 1))
    if (page + 1) * PAGE < count:
        buttons.append(tap("›", kind, *parts, page + 1))
    return buttons


def page_of(items: Sequence[Any], page: int) -> tuple[int, Sequence[Any]]:
    """The nearest page that there is, and what stands on it."""
    page = min(page, max(0, (len(items) - 1) // PAGE))
    return page, items[page * PAGE : (page + 1) * PAGE]
