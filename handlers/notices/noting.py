"""The button under a notice with which readers note that they have understood it, and the question that may follow."""

from __future__ import annotations

from html import escape

from bot.delivery.outbox import Call
from bot.delivery.payloads import keyboard
from bot.domain.language.texts import clip
from bot.domain.notices import noting
from bot.domain.notices.broadcasts import NOTED
from bot.domain.notices.noting import Noted
from bot.domain.notices.quizzes import Quiz
from bot.i18n import Translator
from bot.storage import offices
from handlers.notices.sent_views import when
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

ANSWER = "noted-answer"


async def on_noted(turn: Turn) -> None:
    """Keep the reader's word; the button says so from then on. A further tap changes nothing."""
    noted = await noting.note(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if noted.is_new:
        turn.answer(turn.t.gettext("Noted. Thank you."))
        if noted.quiz is not None and noted.receipt.answer is None:
            turn.reply(*_question(turn.t, noted.broadcast.id, noted.quiz))
    else:
        turn.answer(turn.t.gettext("You have noted this already. Thank you."))
    await _show_noted(turn, noted)


async def _show_noted(turn: Turn, noted: Noted) -> None:
    message_id = turn.tapped_message_id
    office = await offices.find(turn.tx, noted.broadcast.office_id)
    if message_id is None or office is None:
        return
    label = turn.t.gettext("☑️ Noted {moment}").format(
        moment=when(turn.t, noted.receipt.noted_at, office.timezone)
    )
    locale = turn.t.locale if turn.t.locale in noted.content.text else turn.person.locale
    rows = keyboard(noted.content, locale, noted.broadcast.id, in_group=False, noted=label)
    payload = {
        "chat_id": turn.chat.id,
        "message_id": message_id,
        "reply_markup": {"inline_keyboard": rows},
    }
    turn.calls.append(Call("editMessageReplyMarkup", turn.chat.id, payload))


def _question(t: Translator, broadcast_id: int, quiz: Quiz) -> tuple[str, list[list[Button]]]:
    text = t.gettext("❓ <b>One question about it</b>\n\n{question}\n\nYou may also leave it unanswered.")
    return text.format(question=escape(quiz.question, quote=False)), [
        [tap(clip(option, 60), ANSWER, broadcast_id, place)] for place, option in enumerate(quiz.options)
    ]


async def on_answer(turn: Turn) -> None:
    """Say whether it was right, and why, with the legal basis; the first answer is the one that is kept."""
    broadcast_id, option = number(turn.args[0]), number(turn.args[1])
    _, quiz, is_first = await noting.answer(turn.tx, broadcast_id, turn.user.id, option, turn.now)
    if not is_first:
        turn.answer(turn.t.gettext("Your first answer was kept."))
        return
    t = turn.t
    right = option == quiz.right
    verdict = t.gettext("✅ <b>Right</b>") if right else t.gettext("✳️ <b>Not quite</b>")
    lines = [
        verdict,
        "",
        escape(quiz.question, quote=False),
        f"→ {escape(quiz.options[option], quote=False)}",
    ]
    if not right:
        correct = escape(quiz.options[quiz.right], quote=False)
        lines.append(t.gettext("Right is: <b>{answer}</b>").format(answer=correct))
    lines += ["", escape(quiz.explanation, quote=False)]
    turn.edit("\n".join(lines))


JOURNEY = Journey(taps=(Tap(NOTED, on_noted), Tap(ANSWER, on_answer)))
