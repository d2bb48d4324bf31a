"""What submissions look like in a chat."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.delivery.outbox import Call
from bot.domain.dialogue import complaints
from bot.domain.dialogue.submissions import Published
from bot.domain.dialogue.word_filter import MASKED
from bot.domain.language.texts import clip
from bot.i18n import N_, Translator
from bot.storage.participants import Participant
from bot.storage.sessions import CHALLENGE, INPUT, QUESTION, SUGGESTION
from bot.storage.submissions import HELD, IN_HALL, MERGED, PHOTO, PUBLISHED, REFUSED, Attachment, Submission
from handlers.taps import Button, link, tap

TEXT_ROOM = 3000
"""UTF-16 units for the text of one submission, of the 4,096 of a message (Bot API, sendMessage)."""
ANSWER_ROOM = 1600
"""UTF-16 units for a written answer beside it."""
SIMILAR_ROOM = 220
"""UTF-16 units of each similar text before sending."""
BYLINE = 200
"""How much of a name and an institution stands beside a submission, in UTF-16 units."""

KIND_NAMES = {
    CHALLENGE: N_("Challenge"),
    SUGGESTION: N_("Suggestion"),
    INPUT: N_("Input"),
    QUESTION: N_("Question"),
}

REASON_NAMES = {
    "off-topic": N_("It is off the topic of the session."),
    "unclear": N_("It is not clear what is meant."),
    "repeated": N_("It was said already."),
    "insult": N_("It insults somebody."),
    "sara": N_("It turns against people for their ethnicity, religion, race or group (SARA)."),
    "personal-data": N_("It shows other people's personal data."),
    "report": N_("It is a report of a violation, which belongs to the official channel."),
    "other": N_("For another reason; the committee can tell you more."),
}


def kind_name(t: Translator, kind: str) -> str:
    return t.gettext(KIND_NAMES[kind])


def reason_name(t: Translator, reason: str | None) -> str:
    return t.gettext(REASON_NAMES.get(reason or "other", REASON_NAMES["other"]))


def quote(text: str, room: int = TEXT_ROOM) -> str:
    """What somebody wrote, cut to ``room``; HTML."""
    return f"<blockquote>{escape(clip(text, room))}</blockquote>"


def byline(t: Translator, author: Participant | None) -> str:
    """Who wrote it, as everybody in the meeting may see it; HTML."""
    if author is None:
        return t.gettext("anonymous")
    return escape(clip(f"{author.name}, {author.institution}", BYLINE))


def outcome(t: Translator, submission: Submission) -> str:
    """Where a submission stands, in a sentence or two."""
    if submission.state == PUBLISHED:
        return t.gettext("Published as number {number}.").format(number=submission.number)
    if submission.state == REFUSED:
        return t.gettext("Not published. {reason}").format(reason=reason_name(t, submission.reason))
    if submission.state == MERGED:
        return t.gettext("Merged into another submission that says the same; its support counts there.")
    if submission.state == HELD:
        return t.gettext("The moderators are still thinking about it.")
    return t.gettext("Waiting for the moderators.")


def answered(t: Translator, submission: Submission, room: int = ANSWER_ROOM) -> str:
    """The answer to a submission; HTML, empty when there is none."""
    if submission.answered is None:
        return ""
    if submission.answered == IN_HALL or submission.answer is None:
        return t.gettext("🗣 Answered in the hall.")
    by = submission.answered_by
    heading = (
        t.gettext("💬 <b>Answer by {speaker}</b>").format(speaker=escape(clip(by, BYLINE)))
        if by
        else t.gettext("💬 <b>Answer by the committee</b>")
    )
    return f"{heading}\n{quote(submission.answer, room)}"


def masked_note(t: Translator, submission: Submission) -> str:
    """Tells an author that numbers were masked; HTML that goes on from a message, empty when none were."""
    if MASKED not in submission.flags:
        return ""
    return "\n\n" + t.gettext(
        "🔒 Phone numbers and identity numbers in it were masked: everybody could read them otherwise."
    )


def similar_offer(t: Translator, found: Sequence[Published]) -> tuple[str, list[list[Button]]]:
    """What says nearly the same already, with buttons that lead to supporting it instead."""
    parts = [
        t.gettext(
            "🔎 <b>Something similar is there already.</b> You can support it instead of sending yours; support counts"
            " more than repetition. If yours says something else, just send it."
        )
    ]
    for item in found:
        submission = item.submission
        heading = t.gettext("<b>{number}</b> · {kind}").format(
            number=submission.number, kind=kind_name(t, submission.kind)
        )
        parts.append(f"{heading}\n{quote(submission.text, SIMILAR_ROOM)}")
    label = t.gettext("👍 Support {number}")
    rows = [
        [
            tap(label.format(number=item.submission.number), "stance-on", item.submission.id, "l")
            for item in found
        ]
    ]
    return "\n\n".join(parts), rows


def declined_as_report(t: Translator, channel: str) -> tuple[str, list[list[Button]]]:
    """The way to the official channel, for somebody who wrote a report; with its deadline from the rule card."""
    card = complaints.deadline()
    basis = "; ".join(
        f"{item.instrument}, {item.article}" if item.article else item.instrument for item in card.legal_basis
    )
    text = t.gettext(
        "📮 <b>A report belongs to the official channel</b>\n\nNothing of what you wrote is kept here, and nothing was"
        " sent: a dialogue cannot protect who reports, and does not stop the"
        " clock.\n\n<b>{title}</b>\n{summary}\n\nLegal basis: {basis}\n\nReport at the nearest Bawaslu office or"
        " supervisor, or at {channel}"
    ).format(
        title=escape(t.pick(card.title)),
        summary=escape(t.pick(card.summary)),
        basis=escape(basis),
        channel=escape(channel),
    )
    return text, [
        [link(t.gettext("Open the official channel"), channel)],
    ]


def attachment_call(chat_id: int, attachment: Attachment) -> Call:
    """The call that sends an attachment on, by the name under which Telegram keeps it."""
    method, parameter = ("sendPhoto", "photo") if attachment.kind == PHOTO else ("sendDocument", "document")
    return Call(method, chat_id, {"chat_id": chat_id, parameter: attachment.file_id})
