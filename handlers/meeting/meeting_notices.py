"""Notices to those registered that a meeting moved or does not take place: offered to the organiser, sent on a tap."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from bot.domain.meeting.meeting_setup import Changed
from bot.domain.notices import broadcasts
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.i18n import LOCALES, Translator, translator
from bot.storage.meetings import OPEN, RUNNING, Meeting
from handlers.meeting import meeting_views as views
from handlers.notices import broadcast_views
from handlers.taps import tap
from handlers.turn import Turn

EVERYBODY = Audience(sectors="all", groups=True)


async def offer(turn: Turn, changed: Changed) -> None:
    """Offer a notice if the change concerns people, and there are people to tell."""
    meeting = changed.after
    if changed.concerns_people and meeting.state in (OPEN, RUNNING):
        await _offer(turn, meeting, lambda t: moved(t, changed))


async def offer_cancellation(turn: Turn, meeting: Meeting) -> None:
    """Offer a notice that the meeting does not take place."""
    await _offer(turn, meeting, lambda t: cancelled(t, meeting))


async def _offer(turn: Turn, meeting: Meeting, text: Callable[[Translator], str]) -> None:
    content = Content({locale: text(translator(locale)) for locale in LOCALES})
    chats = await broadcasts.recipients(turn.tx, meeting, EVERYBODY, broadcasts.ANNOUNCEMENT)
    if not chats:
        return
    draft, chats = await broadcasts.draft(
        turn.tx, meeting=meeting, content=content, audience=EVERYBODY, author_id=turn.user.id, now=turn.now
    )
    t = turn.t
    count = broadcast_views.chats(t, len(chats))
    turn.reply(
        t.gettext(
            "📣 This concerns those who are registered. They would read:\n\n— — —\n{notice}\n— — —\n\nShall I tell"
            " {chats}?"
        ).format(notice=text(t), chats=count),
        [
            [tap(t.gettext("Send to {chats}").format(chats=count), "broadcast-send", draft.id)],
            [tap(t.gettext("No, tell nobody"), "broadcast-cancel", draft.id)],
        ],
    )


def moved(t: Translator, changed: Changed) -> str:
    """What changed, first of all; then what is now and what was; HTML."""
    before, after = changed.before, changed.after
    if changed.moved_in_time and changed.moved_in_place:
        head = t.gettext("⚠️ <b>New time and new venue</b>")
    elif changed.moved_in_time:
        head = t.gettext("⚠️ <b>New time</b>")
    else:
        head = t.gettext("⚠️ <b>New venue</b>")
    lines = [head, views.title(t, after), ""]
    if changed.moved_in_time:
        lines.append(_now_and_before(t, _when(t, before), _when(t, after)))
    if changed.moved_in_place:
        lines.append(_now_and_before(t, views.where(before), views.where(after)))
    if not changed.moved_in_place:
        lines.append(t.gettext("The venue stays: {venue}").format(venue=views.where(after)))
    elif not changed.moved_in_time:
        lines.append(t.gettext("The time stays: {when}").format(when=_when(t, after)))
    lines += ["", t.gettext("Your registration stays as it is. /agenda shows the agenda.")]
    return "\n".join(lines)


def _when(t: Translator, meeting: Meeting) -> str:
    return views.when(t, meeting.starts_at, meeting.ends_at, meeting.timezone)


def _now_and_before(t: Translator, before: str, after: str) -> str:
    return t.gettext("Now: <b>{after}</b>\nBefore: <s>{before}</s>").format(after=after, before=before or "–")


def cancelled(t: Translator, meeting: Meeting) -> str:
    """That a meeting does not take place; HTML."""
    lines = [
        t.gettext("❌ <b>Does not take place</b>"),
        views.title(t, meeting),
        "",
        t.gettext("The meeting of {when} is cancelled.").format(when=_when(t, meeting)),
    ]
    if meeting.contact:
        lines.append(t.gettext("Contact: {contact}").format(contact=escape(meeting.contact, quote=False)))
    return "\n".join(lines)
