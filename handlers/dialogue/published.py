"""The published submissions of a meeting, for everybody in it: the list, and one with its solutions and its answer."""

from __future__ import annotations

from html import escape

from bot.domain.dialogue import submissions
from bot.domain.dialogue.submissions import Published
from bot.domain.language.texts import clip
from bot.i18n import Translator
from bot.storage import participants
from bot.storage import submissions as stored
from bot.storage.sessions import CHALLENGE
from handlers.dialogue.submission_views import answered, attachment_call, byline, kind_name, quote
from handlers.routing import Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

LISTED_TEXT = 420
"""UTF-16 units of each text in a list of five, of the 4,096 of a message (Bot API, sendMessage)."""
CARD_TEXT = 1800
SOLUTIONS = 6
"""How many solutions a challenge shows; the list has them all."""
SOLUTION_TEXT = 120


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
    mine = []
    if await participants.of_person(turn.tx, meeting_id, turn.user.id) is not None:
        mine.append(tap(t.gettext("My submissions"), "mine", meeting_id, 0))
    openers = [tap(str(item.submission.number), "submission", item.submission.id, page) for item in found]
    if len(turn.args) > 2:
        turn.edit(text, [openers, around, mine])
    else:
        turn.reply(text, [openers, around, mine])


def _listed(turn: Turn, item: Published) -> str:
    submission, t = item.submission, turn.t
    heading = t.gettext("<b>{number}</b> · {kind} · {author}").format(
        number=submission.number, kind=kind_name(t, submission.kind), author=byline(t, item.author)
    )
    signs = [
        *(["📎"] if submission.attachment is not None else []),
        *(["💬"] if submission.answered is not None else []),
    ]
    return f"{' '.join([heading, *signs])}\n{quote(submission.text, LISTED_TEXT)}"


async def on_submission(turn: Turn) -> None:
    """One published submission: its answer, what it answers, and the solutions that were offered to it."""
    found, meeting = await submissions.published_one(turn.tx, number(turn.args[0]), turn.user.id)
    t, submission = turn.t, found.submission
    parts = [
        t.gettext("<b>Number {number}</b> · {kind}\nFrom: {author}").format(
            number=submission.number, kind=kind_name(t, submission.kind), author=byline(t, found.author)
        )
    ]
    if submission.topic:
        parts.append(t.gettext("Topic: {topic}").format(topic=escape(submission.topic)))
    parts.append(quote(submission.text, CARD_TEXT))
    if submission.original_text is not None:
        parts.append(t.gettext("<i>A moderator corrected the typing.</i>"))
    challenge = None if submission.answers_id is None else await stored.find(turn.tx, submission.answers_id)
    if challenge is not None and challenge.state == stored.PUBLISHED:
        parts.append(
            t.gettext("It answers challenge <b>{number}</b>: {text}").format(
                number=challenge.number, text=escape(clip(challenge.text, SOLUTION_TEXT))
            )
        )
    parts += [part for part in (answered(t, submission, CARD_TEXT // 2),) if part]
    rows = []
    if submission.kind == CHALLENGE:
        solutions = await stored.solutions(turn.tx, submission.id)
        parts += _solutions(t, solutions)
        openers = [
            tap(f"💡 {item.number}", "submission", item.id, turn.args[1]) for item in solutions[:SOLUTIONS]
        ]
        rows += [openers[:3], openers[3:]]
        rows.append([tap(t.gettext("💡 Suggest a solution"), "solve", submission.id)])
    ways = [tap(t.gettext("👍 Take a stance"), "stance-on", submission.id, "l")]
    if submission.attachment is not None:
        ways.append(tap(t.gettext("📎 Attachment"), "attachment", submission.id))
    back = tap(t.gettext("Published submissions"), "published", meeting.id, number(turn.args[1]), "e")
    turn.edit("\n\n".join(parts), [*rows, ways, [back]])


def _solutions(t: Translator, solutions: list[stored.Submission]) -> list[str]:
    if not solutions:
        return [t.gettext("No solution was suggested yet.")]
    count = len(solutions)
    heading = t.ngettext("<b>{count} solution</b>", "<b>{count} solutions</b>", count).format(count=count)
    lines = [
        f"💡 <b>{item.number}</b> {escape(clip(item.text, SOLUTION_TEXT))}" for item in solutions[:SOLUTIONS]
    ]
    return ["\n".join([heading, *lines])]


async def on_attachment(turn: Turn) -> None:
    """Send the file of a submission."""
    attachment = await submissions.attachment_of(turn.tx, number(turn.args[0]), turn.user.id)
    turn.calls.append(attachment_call(turn.chat.id, attachment))


TAPS = (
    Tap("published", on_published),
    Tap("submission", on_submission),
    Tap("attachment", on_attachment),
)
