"""The published submissions of a meeting, for everybody in it."""

from __future__ import annotations

from bot.domain import submissions
from bot.domain.submissions import Published
from bot.i18n import Translator
from handlers.submission_views import attachment_call, byline, kind_name, quote
from handlers.taps import Button, number, tap
from handlers.turn import Turn

LISTED_TEXT = 500
"""UTF-16 units of each text in a list of five, of the 4,096 of a message (Bot API, sendMessage)."""


def button(t: Translator, meeting_id: int) -> list[Button]:
    """The row of a button that leads to the first page."""
    return [tap(t.gettext("Published submissions"), "published", meeting_id, 0)]


async def on_published(turn: Turn) -> None:
    """A page of what was published."""
    meeting_id, page = number(turn.args[0]), number(turn.args[1])
    found, total = await submissions.published_page(turn.tx, meeting_id, turn.user.id, page)
    if not found:
        turn.reply(
            turn.t.gettext("📋 <b>Published submissions</b>\n\nNothing has been published yet.")
            if not total
            else turn.t.gettext("📋 <b>Published submissions</b>\n\nThere are no more.")
        )
        return
    t = turn.t
    heading = t.ngettext(
        "📋 <b>{count} published submission</b>", "📋 <b>{count} published submissions</b>", total
    )
    text = "\n\n".join([heading.format(count=total), *(_listed(turn, item) for item in found)])
    around = []
    if page:
        around.append(tap("‹", "published", meeting_id, page - 1, "e"))
    if (page + 1) * submissions.PAGE < total:
        around.append(tap("›", "published", meeting_id, page + 1, "e"))
    files = [
        tap(f"📎 {item.submission.number}", "attachment", item.submission.id)
        for item in found
        if item.submission.attachment is not None
    ]
    if len(turn.args) > 2:
        turn.edit(text, [files, around])
    else:
        turn.reply(text, [files, around])


def _listed(turn: Turn, item: Published) -> str:
    submission = item.submission
    heading = turn.t.gettext("<b>{number}</b> · {kind} · {author}").format(
        number=submission.number, kind=kind_name(turn.t, submission.kind), author=byline(turn.t, item.author)
    )
    return f"{heading}\n{quote(submission.text, LISTED_TEXT)}"


async def on_attachment(turn: Turn) -> None:
    """Send the file of a submission."""
    attachment = await submissions.attachment_of(turn.tx, number(turn.args[0]), turn.user.id)
    turn.calls.append(attachment_call(turn.chat.id, attachment))
