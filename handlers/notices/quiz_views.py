"""The one question that readers of a notice are asked: how organisers write it, and how they see it."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain.forms.questions import Context, Invalid, Text
from bot.domain.language.texts import clip
from bot.domain.notices import quizzes
from bot.domain.notices.quizzes import Quiz
from bot.i18n import N_, Translator
from handlers.taps import Button, tap

LIMIT = 3500
"""UTF-16 units of the lines that are typed; what they may hold is counted line by line (:mod:`quizzes`)."""
EXCERPT = 200
"""UTF-16 units of a question that is named beside other things."""


def field() -> Text:
    """Asks for a question to the readers with its options and explanation."""
    return Text(
        key="quiz",
        prompt=N_("Which question shall the readers be asked?"),
        hint=N_(
            "The question in the first line; each option in a line that begins with -, the right one with *; last a"
            " line that begins with > and says why, with the legal basis. For example:\n\nMay a civil servant like"
            " a candidate's post?\n- Yes, after office hours\n* No\n> (law, article): …"
        ),
        label=N_("Question"),
        max_length=LIMIT,
        multiline=True,
        check=_is_quiz,
    )


def _is_quiz(text: str, _: Context) -> Invalid | None:
    read = quizzes.parse(text)
    return read if isinstance(read, Invalid) else None


def read(answers: dict[str, Any]) -> Quiz:
    """The question that :func:`field` was answered with."""
    quiz = quizzes.parse(answers["quiz"])
    assert isinstance(quiz, Quiz)  # the form has checked it
    return quiz


def whole(quiz: Quiz) -> str:
    """The question, its options with the right one marked, and why it is right; HTML."""
    options = [
        f"{'✅' if place == quiz.right else '▫️'} {escape(option, quote=False)}"
        for place, option in enumerate(quiz.options)
    ]
    return "\n".join(
        [escape(quiz.question, quote=False), *options, "", escape(quiz.explanation, quote=False)]
    )


def excerpt(quiz: Quiz) -> str:
    """The beginning of the question; HTML."""
    return escape(clip(quiz.question, EXCERPT), quote=False)


def asked(t: Translator, quiz: Quiz) -> str:
    """Names the question beside the notice that it belongs to; HTML."""
    return t.gettext("Whoever notes it is asked: {question}").format(question=excerpt(quiz))


def page(
    t: Translator, heading: str, quiz: Quiz, kind: str, subject: int, back: str
) -> tuple[str, list[list[Button]]]:
    """A question that stands, and what can be done with it: ``kind-new`` and ``kind-off`` with the subject's id.

    ``back`` is the kind of the button that leads to the subject.
    """
    return f"{heading}\n\n{whole(quiz)}", [
        [tap(t.gettext("Change it"), f"{kind}-new", subject)],
        [tap(t.gettext("Take the question away"), f"{kind}-off", subject)],
        [tap(t.gettext("‹ Back"), back, subject)],
    ]


def as_typed(t: Translator, quiz: Quiz) -> str:
    """The lines that made the question, to be copied and changed; HTML."""
    how = t.gettext("It is written like this. Tap it to copy it, change what you like, and send it.")
    return f"{how}\n\n<pre>{escape(quiz.source(), quote=False)}</pre>"
