"""The one question that can come with a notice: what was understood of it.

An organiser writes it as lines::

    Bolehkah ASN menyukai unggahan pasangan calon?
    - Boleh, di luar jam kerja
    * Tidak boleh
    > Pasal 9 ayat (2) UU 20/2023: ASN bebas dari pengaruh semua golongan dan partai politik.

The first is the question; ``-`` begins an option, ``*`` the right one, ``>`` the explanation with the legal basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.forms.questions import Invalid
from bot.domain.language.texts import clean_lines, utf16_length
from bot.i18n import N_

QUESTION, OPTION, EXPLANATION = 300, 60, 700
"""UTF-16 units: an option must fit a button, the rest one message."""
MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question with its options, of which ``right`` (an index) is the right one; plain text."""

    question: str
    options: Sequence[str]
    right: int
    explanation: str
    """Why it is right, with the legal basis."""

    def as_data(self) -> dict[str, Any]:
        """The JSON object that is stored."""
        return {
            "question": self.question,
            "options": list(self.options),
            "right": self.right,
            "explanation": self.explanation,
        }

    def source(self) -> str:
        """The lines that :func:`parse` reads."""
        marks = ("*" if place == self.right else "-" for place in range(len(self.options)))
        options = [f"{mark} {option}" for mark, option in zip(marks, self.options, strict=True)]
        return "\n".join([self.question, *options, f"> {self.explanation}"])


def read_quiz(data: Mapping[str, Any]) -> Quiz:
    """The quiz that :meth:`Quiz.as_data` made."""
    return Quiz(data["question"], data["options"], data["right"], data["explanation"])


def parse(text: str) -> Quiz | Invalid:
    """The quiz that an organiser wrote, or what is wrong with it."""
    question: list[str] = []
    options: list[str] = []
    right: list[int] = []
    explanation: list[str] = []
    for line in filter(None, clean_lines(text).splitlines()):
        mark, rest = line[0], line[1:].strip()
        if mark in "-*" and rest:
            if mark == "*":
                right.append(len(options))
            options.append(rest)
        elif mark == ">":
            explanation.append(rest)
        else:
            (explanation if explanation else question).append(line)
    if not question or not 2 <= len(options) <= MOST_OPTIONS:
        return Invalid(
            N_("Please write the question in the first line and two to {most} options below it."),
            {"most": MOST_OPTIONS},
        )
    if len(right) != 1:
        return Invalid(N_("Please mark exactly one option as the right one, with * in the place of -."))
    if not "".join(explanation):
        return Invalid(N_("Please add a last line that begins with > and says why, with the legal basis."))
    quiz = Quiz("\n".join(question), options, right[0], "\n".join(explanation))
    return _too_long(quiz) or quiz


def _too_long(quiz: Quiz) -> Invalid | None:
    texts = [(quiz.question, QUESTION), (quiz.explanation, EXPLANATION)]
    for text, limit in [*texts, *((option, OPTION) for option in quiz.options)]:
        if utf16_length(text) > limit:
            return Invalid(
                N_("“{text}…” is too long: at most {limit} characters."), {"text": text[:20], "limit": limit}
            )
    return None
