"""What rule cards and stages look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from html import escape
from urllib.parse import urlsplit

from bot.domain.language.texts import clip
from bot.domain.rules.rules import Basis, Card, Doubt, Reason, Rulebook
from bot.domain.rules.stages import Calendar, Stage
from bot.i18n import N_, Translator
from handlers.taps import Button, tap

PAGE = 8
"""Cards on a page of a list."""
LABEL = 44
"""Characters of a title on a button."""
TEASER = 220
"""Characters of a summary under a title, where the card is not open yet."""

_REASONS = {
    Reason.CONFIDENCE: N_("It rests on one source, an older election, or a part that could not be read."),
    Reason.SANCTION: N_("Its penalty may have changed with UU 1/2026, in force since 2 January 2026."),
}

IsDraft = Callable[[Card], bool]
"""Whether a card still waits for its office's approval."""


def text(value: str) -> str:
    return escape(value, quote=False)


def title(t: Translator, card: Card, is_draft: IsDraft) -> str:
    """The title with a sign for a draft; HTML."""
    return f"{'⚠️ ' if is_draft(card) else ''}{text(t.pick(card.title))}"


def clipped(t: Translator, card: Card) -> str:
    """The title, short enough for a button."""
    return clip(t.pick(card.title), LABEL)


def opener(t: Translator, number: int, card: Card, reference: str) -> Button:
    """A button that opens a card of a list."""
    return tap(f"{number}. {clipped(t, card)}", "rule", card.code, reference)


def card(
    t: Translator,
    card: Card,
    book: Rulebook,
    calendar: Calendar,
    day: date,
    approved_at: datetime | None,
    zone: str,
) -> str:
    """A whole card; HTML."""
    parts = [f"📘 <b>{text(t.pick(card.title))}</b>"]
    parts += _standing(t, card, approved_at, zone)
    parts.append(text(t.pick(card.summary)))
    if card.sanction is not None:
        parts.append(t.gettext("<b>Sanction</b>") + "\n" + text(t.pick(card.sanction)))
    basis = "\n".join(f"• {text(cited(entry))}" for entry in card.legal_basis)
    parts.append(t.gettext("<b>Legal basis</b>") + "\n" + basis)
    sectors = [book.sector(sector) for sector in card.sectors]
    names = "; ".join(text(t.pick(sector.name)) for sector in sectors if sector is not None)
    parts.append(t.gettext("<b>For whom</b>") + "\n" + names)
    stage = None if card.stage is None else calendar.stage(card.stage)
    if stage is not None:
        parts.append(t.gettext("<b>Stage</b>") + "\n" + stage_line(t, stage))
        if calendar.is_over(day):
            parts.append(history(t, calendar))
    links = ", ".join(_source(number, source) for number, source in enumerate(card.sources, 1))
    parts.append(t.gettext("<b>Sources</b>") + "\n" + links)
    parts.append(t.gettext("Compared with its sources on {day}.").format(day=t.day(card.checked, "UTC")))
    return "\n\n".join(parts)


def _standing(t: Translator, card: Card, approved_at: datetime | None, zone: str) -> list[str]:
    """What to know before relying on a card."""
    lines = []
    if card.validity == "revoked":
        lines.append(
            t.gettext("🚫 No longer in force. See: {rule}").format(rule=text(card.superseded_by or ""))
        )
    elif card.validity == "amended":
        lines.append(
            t.gettext("✏️ In force as amended. See: {rule}").format(rule=text(card.superseded_by or ""))
        )
    if card.reasons and approved_at is None:
        reasons = " ".join(t.gettext(_REASONS[reason]) for reason in card.reasons)
        lines.append(t.gettext("⚠️ <b>Not yet confirmed.</b> {reasons}").format(reasons=reasons))
    elif approved_at is not None:
        lines.append(t.gettext("✅ Confirmed by the office on {day}.").format(day=t.day(approved_at, zone)))
    return lines


def for_organisers(t: Translator, card: Card, doubts: Sequence[Doubt]) -> str:
    """What is not certain about a card; HTML, empty for a card without doubts."""
    lines = [f"• <b>{text(t.pick(doubt.about))}</b>: {text(t.pick(doubt.why))}" for doubt in doubts]
    if card.note:
        lines.append(f"• {text(card.note)}")
    if not lines:
        return ""
    return "\n".join((t.gettext("<b>For the committee: what is not certain</b>"), *lines))


def short(t: Translator, card: Card, *, is_draft: bool) -> str:
    """A card for a group or for a chat into which somebody shares it; HTML."""
    parts = [f"📘 <b>{text(t.pick(card.title))}</b>"]
    if card.validity != "in-force":
        parts += _standing(t, card, None, "UTC")[:1]
    if is_draft:
        parts.append(
            t.gettext("⚠️ <b>Not yet confirmed.</b> {reasons}").format(
                reasons=" ".join(t.gettext(_REASONS[reason]) for reason in card.reasons)
            )
        )
    parts.append(text(t.pick(card.summary)))
    if card.sanction is not None:
        parts.append(t.gettext("<b>Sanction</b>") + "\n" + text(t.pick(card.sanction)))
    basis = "\n".join(f"• {text(cited(entry))}" for entry in card.legal_basis)
    parts.append(t.gettext("<b>Legal basis</b>") + "\n" + basis)
    parts.append(t.gettext("Compared with its sources on {day}.").format(day=t.day(card.checked, "UTC")))
    return "\n\n".join(parts)


def cited(basis: Basis) -> str:
    place = ", ".join(part for part in (basis.instrument, basis.article) if part)
    return f"{place}: {basis.about}" if basis.about else place


def _source(number: int, address: str) -> str:
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return f'{number}. <a href="{escape(address)}">{text(host)}</a>'


def listed(t: Translator, cards: Sequence[Card], first: int, is_draft: IsDraft) -> str:
    """A numbered list of titles; HTML."""
    lines = [f"{number}. {title(t, card, is_draft)}" for number, card in enumerate(cards, first)]
    if any(map(is_draft, cards)):
        lines.append("\n" + t.gettext("⚠️ means: not yet confirmed."))
    return "\n".join(lines)


def teaser(t: Translator, card: Card) -> str:
    return f"<blockquote>{text(clip(t.pick(card.summary), TEASER))}</blockquote>"


def history(t: Translator, calendar: Calendar) -> str:
    """That the election of the calendar is over."""
    return t.gettext(
        "ℹ️ <b>{election}</b> is over: its last stage was on {day}. Dates and measures of that election are shown for"
        " reference; the next one brings its own."
    ).format(election=text(t.pick(calendar.title)), day=short_day(t, calendar.last_day))


def countdown(t: Translator, calendar: Calendar, day: date) -> str:
    """How far voting day is, or that the election is over; HTML, empty between voting day and the last stage."""
    if calendar.is_over(day):
        return history(t, calendar)
    remaining = (calendar.voting_day - day).days
    if not remaining:
        return t.gettext("🗳 Today is voting day.")
    if remaining < 0:
        return ""
    return t.ngettext(
        "🗳 {count} day to voting day, {day}", "🗳 {count} days to voting day, {day}", remaining
    ).format(count=remaining, day=short_day(t, calendar.voting_day))


def calendar_line(t: Translator, stage: Stage, day: date, *, own: bool, on: bool) -> str:
    """A stage in the list of the calendar; HTML."""
    last = stage.end or stage.first_day
    if on:
        sign = "▶️"
    elif last is not None and last < day:
        sign = "✅"
    else:
        sign = "▫️"
    line = stage_line(t, stage)
    return f"{sign} <b>{line}</b>" if own or on else f"{sign} {line}"


def today(t: Translator, calendar: Calendar, day: date) -> str:
    """What is on on a day, in a few lines; HTML."""
    if calendar.is_over(day):
        return history(t, calendar)
    lines = list(filter(None, [countdown(t, calendar, day)]))
    lines.append(t.gettext("<b>On today, {day}</b>").format(day=t.day(day, "UTC")))
    on = calendar.on(day)
    lines += [f"• {stage_line(t, stage)}" for stage in on] or [t.gettext("No stage is on.")]
    return "\n".join(lines)


def stage_line(t: Translator, stage: Stage) -> str:
    """A stage with its days, or with the rule for them; HTML."""
    name = text(t.pick(stage.name))
    if stage.first_day is None:
        return f"{name}: {text(t.pick(stage.rule or {}))}"
    line = f"{name}: {span(t, stage.start, stage.end)}"
    if not stage.is_confirmed:
        line += " " + t.gettext("(⚠️ dates not yet confirmed)")
    return line


def span(t: Translator, start: date | None, end: date | None) -> str:
    """``25 September – 23 November 2024``; for a deadline only its day, for what has no end known its first day."""
    if start is None:
        assert end is not None
        return t.gettext("by {day}").format(day=short_day(t, end))
    if end is None:
        return t.gettext("from {day}").format(day=short_day(t, start))
    if start == end:
        return short_day(t, start)
    return f"{short_day(t, start, year=start.year != end.year)} – {short_day(t, end)}"


def short_day(t: Translator, day: date, *, year: bool = True) -> str:
    from babel.dates import format_date

    return format_date(day, "d MMMM y" if year else "d MMMM", locale=t.locale)
