"""What questions to the office look like: for who asked, and for the organisers who answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip
from bot.i18n import Translator
from bot.storage.office_questions import ANSWERED, OPEN, Question
from handlers.notices.sent_views import pages, when
from handlers.taps import Button, tap

MORE = "ask-on"
"""The kind of the button under an answer; whoever answers to that message asks on."""
NOTICE = 200
"""UTF-16 units of the notice that a question is about."""


def received(t: Translator) -> str:
    """What the asker reads at once."""
    return t.gettext(
        "💬 <b>Your question is with the committee</b>\n\nYou get the answer here. You need not send it again."
    )


def received_in_group(t: Translator) -> str:
    return t.gettext("💬 Your question is with the committee. The answer comes here.")


def thanks(t: Translator) -> str:
    """What somebody reads who only said that they understood."""
    return t.gettext(
        "🙏 Thank you. To have it on record that you have read a notice, tap the button under it. If you have a"
        " question, answer to the notice with it."
    )


def told(t: Translator, question: Question, who: str, notice: str) -> tuple[str, list[list[Button]]]:
    """What organisers read of a new question; ``who`` and ``notice`` are not escaped."""
    text = "\n".join(
        [
            t.gettext("💬 <b>A question to the office</b>"),
            t.gettext("From: {who}").format(who=escape(who, quote=False)),
            t.gettext("About: {notice}").format(notice=escape(clip(notice, NOTICE), quote=False)),
            f"<blockquote>{escape(question.text, quote=False)}</blockquote>",
        ]
    )
    return text, [
        [tap(t.gettext("✍️ Answer"), "question-take", question.id)],
        [tap(t.gettext("All open questions"), "questions", question.office_id, "o", 0)],
    ]


def answered(t: Translator, question: Question, answer: str, office: str) -> str:
    """What the asker reads."""
    return t.gettext(
        "💬 <b>{office} answers your question</b>\n<blockquote>{question}</blockquote>\n{answer}"
    ).format(
        office=escape(office, quote=False),
        question=escape(clip(question.text, 500), quote=False),
        answer=escape(answer, quote=False),
    )


def more_button(t: Translator, question: Question) -> list[list[Button]]:
    return [[tap(t.gettext("💬 Ask on"), MORE, question.id)]]


def closed(t: Translator, question: Question, contact: str) -> str:
    """What the asker reads of a question that got no written answer."""
    text = t.gettext(
        "💬 The committee has closed your question without a written answer.\n<blockquote>{question}</blockquote>"
    ).format(question=escape(clip(question.text, 500), quote=False))
    if contact:
        text += "\n" + t.gettext("You can reach the office here: {contact}").format(contact=escape(contact))
    return text


def listed(
    t: Translator,
    found: Sequence[tuple[Question, str]],
    office_id: int,
    page: int,
    counts: tuple[int, int],
    zone: str,
    *,
    is_open: bool,
) -> tuple[str, list[list[Button]]]:
    """A page of questions with who asked them; ``counts`` are how many are open and how many are decided."""
    total = counts[0] if is_open else counts[1]
    if is_open:
        heading = t.ngettext(
            "💬 <b>{count} question waits for an answer</b>",
            "💬 <b>{count} questions wait for an answer</b>",
            total,
        )
        nothing = t.gettext("💬 <b>No question waits</b>\n\nWhoever answers to a notice asks the office.")
    else:
        heading = t.ngettext(
            "💬 <b>{count} decided question</b>", "💬 <b>{count} decided questions</b>", total
        )
        nothing = t.gettext("💬 <b>No question was decided yet</b>")
    rows = [
        [
            tap(
                clip(
                    f"{_sign(item)} {item.asked_at.astimezone(ZoneInfo(zone)):%d-%m} {who}: {item.text}", 58
                ),
                "question",
                item.id,
            )
        ]
        for item, who in found
    ]
    rows.append(pages("questions", page, total, office_id, "o" if is_open else "d"))
    if is_open and counts[1]:
        rows.append(
            [tap(t.gettext("Decided ones ({count})").format(count=counts[1]), "questions", office_id, "d", 0)]
        )
    elif not is_open:
        rows.append(
            [tap(t.gettext("‹ Open ones ({count})").format(count=counts[0]), "questions", office_id, "o", 0)]
        )
    return (heading.format(count=total) if total else nothing), rows


def _sign(question: Question) -> str:
    if question.state != OPEN:
        return "✅" if question.state == ANSWERED else "▫️"
    return "❔" if question.assigned_to is None else "✍️"


def card(
    t: Translator, question: Question, who: str, notice: str, zone: str, organiser_id: int
) -> tuple[str, list[list[Button]]]:
    """One question with all that can be done with it."""
    lines = [
        f"💬 <b>{escape(who, quote=False)}</b> · {when(t, question.asked_at, zone)}",
        t.gettext("About: {notice}").format(notice=escape(clip(notice, NOTICE), quote=False)),
        f"<blockquote>{escape(question.text, quote=False)}</blockquote>",
    ]
    rows: list[list[Button]] = []
    if question.answer is not None:
        lines += [t.gettext("<b>Answer</b>"), escape(question.answer, quote=False)]
    elif question.state != OPEN:
        lines.append(t.gettext("Closed without a written answer."))
    elif question.assigned_to is None:
        rows = [
            [tap(t.gettext("✍️ Answer"), "question-take", question.id)],
            [tap(t.gettext("Close without an answer"), "question-close", question.id)],
        ]
    elif question.assigned_to == organiser_id:
        lines.append(t.gettext("You are answering this."))
        rows = [
            [tap(t.gettext("✍️ Answer"), "question-take", question.id)],
            [
                tap(t.gettext("Leave it to others"), "question-leave", question.id),
                tap(t.gettext("Close without an answer"), "question-close", question.id),
            ],
        ]
    else:
        lines.append(_taken(t, question.assigned_at, zone))
        rows = [[tap(t.gettext("Take it over"), "question-over", question.id)]]
    rows.append([tap(t.gettext("‹ All questions"), "questions", question.office_id, "o", 0)])
    return "\n".join(lines), rows


def _taken(t: Translator, since: datetime | None, zone: str) -> str:
    return t.gettext("Another organiser is answering this since {moment}.").format(
        moment="" if since is None else when(t, since, zone)
    )
