"""What announcements and their progress look like."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bot.delivery.progress import Standing
from bot.domain.audience import Audience
from bot.domain.broadcasts import REMINDER, Content
from bot.i18n import LOCALES, Translator, translator

BAR = 10
"""Characters of a progress bar."""


def announcement(office_name: str, text: str) -> Content:
    """What an organiser wrote, under the office's name; the same words in every language."""
    html = f"📢 <b>{escape(office_name)}</b>\n\n{escape(text, quote=False)}"
    return Content(dict.fromkeys(LOCALES, html), source=text)


def audience_name(t: Translator, audience: Audience, sectors: Mapping[str, Mapping[str, str]]) -> str:
    """Whom an audience means, in a few words, not escaped; ``sectors`` has the names of an office's sectors by code."""
    parts = []
    if audience.sectors == "all":
        parts.append(t.gettext("all participants"))
    else:
        parts += [t.pick(sectors.get(code, {})) or code for code in audience.sectors]
    if audience.groups:
        parts.append(t.gettext("the connected groups"))
    if audience.organisers:
        parts.append(t.gettext("the committee"))
    return ", ".join(parts)


def chats(t: Translator, count: int) -> str:
    """``12 chats``, in mid-sentence."""
    return t.ngettext("{count} chat", "{count} chats", count).format(count=count)


def progress(kind: str, locale: str, standing: Standing) -> str:
    """The progress message of an announcement or a reminder, while it runs and when it is done; HTML."""
    t = translator(locale)
    lines = [_heading(t, kind, done=standing.is_done), ""]
    if not standing.total:
        return "\n".join([*lines, t.gettext("There was nobody to send it to.")])
    if not standing.is_done:
        lines += [_bar(standing), ""]
    lines.append(t.gettext("Sent: {sent} of {total}").format(sent=standing.sent, total=standing.total))
    if standing.blocked:
        lines.append(
            t.gettext("Not reachable (blocked the bot or left): {count}").format(count=standing.blocked)
        )
    if standing.failed:
        lines.append(t.gettext("Failed: {count}").format(count=standing.failed))
    if standing.seconds_left is not None and not standing.is_done:
        lines.append(_time_left(t, standing.seconds_left))
    return "\n".join(lines)


def _heading(t: Translator, kind: str, *, done: bool) -> str:
    if kind == REMINDER:
        return (
            t.gettext("✅ <b>The reminder has been sent</b>")
            if done
            else t.gettext("📤 <b>The reminder is being sent</b>")
        )
    return (
        t.gettext("✅ <b>The announcement has been sent</b>")
        if done
        else t.gettext("📤 <b>The announcement is being sent</b>")
    )


def _bar(standing: Standing) -> str:
    done = standing.total - standing.waiting
    full = done * BAR // standing.total
    return f"{'▓' * full}{'░' * (BAR - full)} {done * 100 // standing.total} %"


def _time_left(t: Translator, seconds: int) -> str:
    if seconds < 90:
        return t.ngettext(
            "About {count} second left.", "About {count} seconds left.", max(1, seconds)
        ).format(count=max(1, seconds))
    minutes = round(seconds / 60)
    return t.ngettext("About {count} minute left.", "About {count} minutes left.", minutes).format(
        count=minutes
    )
