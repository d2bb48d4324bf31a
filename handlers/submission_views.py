"""What submissions look like in a chat."""

from __future__ import annotations

from html import escape

from bot.delivery.outbox import Call
from bot.domain.texts import clip
from bot.i18n import N_, Translator
from bot.storage.participants import Participant
from bot.storage.sessions import CHALLENGE, INPUT, QUESTION, SUGGESTION
from bot.storage.submissions import PHOTO, Attachment, Submission

TEXT_ROOM = 3000
"""UTF-16 units for the text of one submission, of the 4,096 of a message (Bot API, sendMessage)."""

KIND_NAMES = {
    CHALLENGE: N_("Challenge"),
    SUGGESTION: N_("Suggestion"),
    INPUT: N_("Input"),
    QUESTION: N_("Question"),
}


def kind_name(t: Translator, kind: str) -> str:
    return t.gettext(KIND_NAMES[kind])


def quote(text: str, room: int = TEXT_ROOM) -> str:
    """What somebody wrote, cut to ``room``; HTML."""
    return f"<blockquote>{escape(clip(text, room))}</blockquote>"


BYLINE = 200
"""How much of a name and an institution stands beside a submission, in UTF-16 units."""


def byline(t: Translator, author: Participant | None) -> str:
    """Who wrote it, as everybody in the meeting may see it; HTML."""
    if author is None:
        return t.gettext("anonymous")
    return escape(clip(f"{author.name}, {author.institution}", BYLINE))


def outcome(t: Translator, submission: Submission) -> str:
    """Where a submission stands, in a sentence."""
    if submission.number is not None:
        return t.gettext("Published as number {number}.").format(number=submission.number)
    if submission.state == "refused":
        return t.gettext("Not published.")
    return t.gettext("Waiting for the moderators.")


def attachment_call(chat_id: int, attachment: Attachment) -> Call:
    """The call that sends an attachment on, by the name under which Telegram keeps it."""
    method, parameter = ("sendPhoto", "photo") if attachment.kind == PHOTO else ("sendDocument", "document")
    return Call(method, chat_id, {"chat_id": chat_id, parameter: attachment.file_id})
