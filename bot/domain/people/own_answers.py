"""What people answered to a meeting's own questions, as it is read in chats, lists and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.language.texts import without_mark
from bot.i18n import Translator
from bot.storage.meetings import CHOICE, RegistrationQuestion


def shown(
    t: Translator, questions: Sequence[RegistrationQuestion], answers: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Label and answer of each question, in their order; not escaped. Empty where nothing was answered."""
    return [
        (without_mark(t.pick(question.label)), answer_text(t, question, answers.get(question.id)))
        for question in questions
    ]


def answer_text(t: Translator, question: RegistrationQuestion, value: Any) -> str:
    """One answer as people read it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return t.gettext("Yes") if value else t.gettext("No")
    if question.kind == CHOICE:
        place = int(value) if str(value).isdigit() else -1
        if 0 <= place < len(question.options):
            return t.pick(question.options[place])
    return str(value)
