"""Reminding those who have not answered their invitation, and only them."""

from __future__ import annotations

from html import escape

from bot.domain.language.texts import clip
from bot.domain.notices.broadcasts import Content
from bot.domain.people import invitations, unanswered
from bot.i18n import LOCALES, translator
from bot.storage.meetings import Meeting
from handlers.people import invitation_views as views
from handlers.routing import Journey, Tap
from handlers.taps import tap
from handlers.turn import Turn


async def on_remind(turn: Turn) -> None:
    """Who would be reminded, and who must be rung."""
    meeting = await views.meeting_named(turn)
    t = turn.t
    reachable = len(await unanswered.reachable(turn.tx, meeting.id))
    unreached = await unanswered.count_unreached(turn.tx, meeting.id)
    text = t.ngettext(
        "🔔 {count} person opened an invitation, their own or a shared link, and has neither registered nor said no."
        " Remind them here?",
        "🔔 {count} people opened an invitation, their own or a shared link, and have neither registered nor said no."
        " Remind them here?",
        reachable,
    ).format(count=reachable)
    if unreached:
        text += "\n\n" + t.ngettext(
            "{count} person on the list has not answered either and cannot be written to, as the invitation was not"
            " opened in Telegram or the bot was left: please ring.",
            "{count} people on the list have not answered either and cannot be written to, as the invitation was not"
            " opened in Telegram or the bot was left: please ring.",
            unreached,
        ).format(count=unreached)
    turn.edit(
        text,
        [
            [tap(t.gettext("Yes, remind"), "undang-remind-yes", meeting.id)] if reachable else [],
            [tap(t.gettext("📞 Whom to ring"), "undang-call", meeting.id, "a", 0)] if unreached else [],
            [tap(t.gettext("‹ Invitations"), "undang", meeting.id)],
        ],
    )


async def on_remind_yes(turn: Turn) -> None:
    meeting = await views.meeting_named(turn)
    count = await invitations.remind(turn.tx, meeting, turn.user.id, _reminder(meeting), turn.now)
    turn.edit(
        turn.t.ngettext(
            "🔔 The reminder goes to {count} person now.",
            "🔔 The reminder goes to {count} people now.",
            count,
        ).format(count=count),
        [[tap(turn.t.gettext("‹ Invitations"), "undang", meeting.id)]],
    )


def _reminder(meeting: Meeting) -> Content:
    text, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        text[locale] = t.gettext(
            "🔔 <b>We have not heard from you yet</b>\n{title}\n{moment}\n\nDo you come? One tap tells the committee,"
            " also if you cannot."
        ).format(
            title=escape(clip(t.pick(meeting.title), 150)),
            moment=t.moment(meeting.starts_at, meeting.timezone),
        )
        buttons[locale] = [[tap(t.gettext("Show my invitation"), "rsvp-show", meeting.id).as_dict()]]
    return Content(text, buttons)


JOURNEY = Journey(taps=(Tap("undang-remind", on_remind), Tap("undang-remind-yes", on_remind_yes)))
