"""What announcements and their progress look like."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.delivery.progress import Standing
from bot.domain.language.texts import clip, without_tags
from bot.domain.notices.broadcasts import REMINDER, Content, read_content
from bot.i18n import LOCALES, Translator, translator
from bot.storage.broadcasts import WITHDRAWN, Broadcast
from bot.storage.progress import Progress
from handlers.notices import quiz_views
from handlers.taps import Button, tap

BAR = 10
"""Characters of a progress bar."""


def announcement(office_name: str, text: str) -> Content:
    """What an organiser wrote, under the office's name; the same words in every language."""
    html = f"📢 <b>{escape(office_name)}</b>\n\n{escape(text, quote=False)}"
    return Content(dict.fromkeys(LOCALES, html), source=text)


def chats(t: Translator, count: int) -> str:
    """``12 chats``, in mid-sentence."""
    return t.ngettext("{count} chat", "{count} chats", count).format(count=count)


Keyboard = list[list[Button]]
"""Rows of buttons."""


def question(t: Translator, draft: Broadcast, audience: str, count: int) -> tuple[str, Keyboard]:
    """Whether a draft, shown above, shall be sent to so many chats; ``audience`` is not escaped."""
    content = read_content(draft.content)
    named = escape(audience, quote=False)
    change = [
        tap(t.gettext("Change the text"), "broadcast-text", draft.id),
        tap(t.gettext("Change recipients"), "broadcast-to", draft.id),
    ]
    cancel = [tap(t.gettext("Cancel"), "broadcast-cancel", draft.id)]
    if not count:
        text = t.gettext(
            "Above is the announcement for: {audience}. Nobody of them can be reached at the moment, so it cannot"
            " be sent. Please choose other recipients."
        )
        return text.format(audience=named), [change, cancel]
    ticked = "☑️" if content.receipt else "⬜️"
    note = tap(f"{ticked} " + t.gettext("Ask readers to note it"), "broadcast-note", draft.id)
    quiz = tap(
        t.gettext("Take the question away") if content.quiz else t.gettext("❓ Add a question"),
        "broadcast-quiz",
        draft.id,
    )
    lines = [
        t.gettext("Above is what the recipients will see."),
        t.gettext("Recipients: <b>{audience}</b> ({chats})").format(audience=named, chats=chats(t, count)),
    ]
    if content.receipt:
        lines.append(
            t.gettext("Under it is a button “{label}”; you see with /sent who has not tapped it.").format(
                label=content.receipt.get(t.locale, "")
            )
        )
    if content.quiz is not None:
        asked = quiz_views.excerpt(content.quiz)
        lines.append(t.gettext("Whoever taps it is asked: {question}").format(question=asked))
    lines.append(t.gettext("Shall it be sent?"))
    send = tap(t.gettext("Send to {chats}").format(chats=chats(t, count)), "broadcast-send", draft.id)
    return "\n\n".join(lines), [[send], change, [note], [quiz], cancel]


def excerpt(t: Translator, broadcast: Broadcast) -> str:
    """What a broadcast says, and asks, for who is to approve it: up to 1,900 characters of its text, as HTML."""
    return quoted(t, read_content(broadcast.content))


def quoted(t: Translator, content: Content) -> str:
    """A text, and what comes with it, as :func:`excerpt` shows them."""
    words = without_tags(content.text.get(t.locale) or next(iter(content.text.values()), ""))
    shown = f"<blockquote>{escape(clip(words, 1900), quote=False)}</blockquote>"
    return shown if content.quiz is None else f"{shown}\n{quiz_views.asked(t, content.quiz)}"


def waits_for_second(t: Translator, count: int, asked: int) -> str:
    """What its author reads of a draft that a second organiser has to approve."""
    lines = [
        t.gettext("⏳ <b>A second organiser has to approve this</b>"),
        t.gettext("It goes to {chats}; your office wants a second pair of eyes for that.").format(
            chats=chats(t, count)
        ),
    ]
    if asked:
        lines.append(
            t.ngettext(
                "I have asked {count} other organiser. It goes out as soon as one approves.",
                "I have asked {count} other organisers. It goes out as soon as one approves.",
                asked,
            ).format(count=asked)
        )
    else:
        lines.append(t.gettext("There is nobody else to ask: appoint a second organiser with /roles."))
    return "\n\n".join(lines)


def was_approved(locale: str, count: int) -> str:
    """What its author reads when their announcement was approved and goes out."""
    t = translator(locale)
    return t.gettext(
        "✅ Your announcement was approved and is on its way to {chats}. /sent shows it."
    ).format(chats=chats(t, count))


Rows = list[list[dict[str, Any]]]
"""Rows of buttons as the Bot API has them."""


def progress(item: Progress, standing: Standing) -> tuple[str, Rows]:
    """The progress message of a broadcast, while it runs and when it stands still: HTML, and what can be done now."""
    t, broadcast = translator(item.locale), item.broadcast
    lines = [_heading(t, broadcast, standing, item.timezone), ""]
    if not standing.total:
        return "\n".join([*lines, t.gettext("There was nobody to send it to.")]), []
    if not standing.is_done:
        lines += [_bar(standing), ""]
    lines += _outcome(t, broadcast, standing)
    if standing.seconds_left is not None and not standing.is_done and not standing.stopped:
        lines.append(t.gettext("{rate} a second").format(rate=round(standing.per_second or 0)))
        lines.append(_time_left(t, standing.seconds_left))
    return "\n".join(lines), [
        [button.as_dict() for button in row] for row in _controls(t, broadcast, standing)
    ]


def _outcome(t: Translator, broadcast: Broadcast, standing: Standing) -> list[str]:
    if broadcast.state == WITHDRAWN:
        lines = [t.gettext("Deleted: {sent} of {total}")]
        left = t.gettext("Could not be deleted: {count}. It stays where it is.")
    elif broadcast.version > 1:
        lines = [t.gettext("With the new text: {sent} of {total}")]
        left = t.gettext("Could not be changed: {count}. The former text stays there.")
    else:
        lines, left = [t.gettext("Sent: {sent} of {total}")], ""
    lines = [line.format(sent=standing.sent, total=standing.total) for line in lines]
    if standing.unchanged and left and standing.is_done:
        lines.append(left.format(count=standing.unchanged))
    if standing.blocked:
        lines.append(
            t.gettext("Not reachable (blocked the bot or left): {count}").format(count=standing.blocked)
        )
    if standing.failed:
        lines.append(t.gettext("Failed: {count}").format(count=standing.failed))
    return lines


def _controls(t: Translator, broadcast: Broadcast, standing: Standing) -> list[list[Button]]:
    rows: list[list[Button]] = []
    if standing.stopped:
        rows.append([tap(t.gettext("▶️ Go on"), "sent-go", broadcast.id)])
        if broadcast.resumes_at is not None:
            rows = [
                [
                    tap(t.gettext("▶️ Send now all the same"), "sent-go", broadcast.id),
                    tap(t.gettext("⏸ Stop"), "sent-stop", broadcast.id),
                ]
            ]
    elif not standing.is_done and broadcast.state != WITHDRAWN:
        return [[tap(t.gettext("⏸ Stop"), "sent-stop", broadcast.id)]]
    if standing.is_done or standing.stopped:
        rows.append([tap(t.gettext("Details and more"), "sent", broadcast.id)])
    return rows


def _heading(t: Translator, broadcast: Broadcast, standing: Standing, zone: str) -> str:
    if standing.stopped:
        return _standstill(t, broadcast, zone)
    reminder = broadcast.kind == REMINDER
    if broadcast.state == WITHDRAWN:
        done, under_way = (
            t.gettext("🗑 <b>It has been taken back</b>"),
            t.gettext("🗑 <b>It is being taken back</b>"),
        )
    elif broadcast.version > 1:
        done, under_way = (
            t.gettext("✅ <b>The text has been changed</b>"),
            t.gettext("✏️ <b>The text is being changed</b>"),
        )
    elif reminder:
        done, under_way = (
            t.gettext("✅ <b>The reminder has been sent</b>"),
            t.gettext("📤 <b>The reminder is being sent</b>"),
        )
    else:
        done, under_way = (
            t.gettext("✅ <b>The announcement has been sent</b>"),
            t.gettext("📤 <b>The announcement is being sent</b>"),
        )
    return done if standing.is_done else under_way


def _standstill(t: Translator, broadcast: Broadcast, zone: str) -> str:
    if broadcast.resumes_at is None:
        return t.gettext("⏸ <b>Stopped</b>\nNothing more is sent until you let it go on.")
    return t.gettext("🌙 <b>Resting</b>\nThese are the office's quiet hours; it goes on {moment}.").format(
        moment=t.moment(broadcast.resumes_at, zone)
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
