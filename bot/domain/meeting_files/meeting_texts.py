"""Words of service messages that are filled in when they go out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n import translator
from bot.storage.meetings import Meeting


def filled(meeting: Meeting, texts: Mapping[str, str]) -> dict[str, str]:
    """A service message with ``{title}``, ``{when}`` and ``{venue}`` as they are now; plain text by locale."""
    told = {}
    for locale, text in texts.items():
        t = translator(locale)
        start = t.moment(meeting.starts_at, meeting.timezone)
        values = {
            "{title}": t.pick(meeting.title),
            "{when}": f"{start} – {t.time(meeting.ends_at, meeting.timezone)}",
            "{venue}": ", ".join(part for part in (meeting.venue, meeting.address) if part),
        }
        for name, value in values.items():
            text = text.replace(name, value)  # not format: an office's own text may hold braces
        told[locale] = text
    return told
