"""Forms: questions declared once, and the pure steps of a person through them.

A :class:`Form` is a declaration; a :class:`Progress` is where one person stands in it, kept as JSON between messages.
Each step (:func:`answer`, :func:`skip`, :func:`back`, :func:`keep`, :func:`change`) returns a new progress, or an
:class:`Invalid` that says why there is none; it never raises for what a person sent. An answer once given stays until
the person replaces it, also while another answer makes its question irrelevant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.forms.questions import (
    NO,
    YES,
    Answers,
    Choice,
    Context,
    Facts,
    Given,
    Invalid,
    Option,
    Question,
    YesNo,
)
from bot.storage.database import Transaction
from bot.storage.values import from_json, to_json


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in their order. Raise ``version`` when they change, so that half-filled ones are fitted to the new."""

    name: str
    version: int
    questions: tuple[Question, ...]
    review: bool = True
    """Whether the person sees all answers before they are sent."""

    def __post_init__(self) -> None:
        keys = [question.key for question in self.questions]
        if not keys or len(set(keys)) != len(keys):
            raise ValueError(f"form {self.name!r}: every question needs a key of its own")

    def question(self, key: str | None) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True, slots=True)
class Declined:
    """The person did not give a consent without which there is no form."""

    key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a person stands in a form; never mutated."""

    answers: Answers
    """A key that is absent was not answered; None was skipped."""
    facts: Facts
    current: str | None
    """The key of the question being asked; None at the review."""
    reviewing: bool
    """Whether the review was reached: a question is then asked only to change its answer."""
    revision: int
    """Another number after every step, so that a button of an earlier one is known as old."""

    def to_json(self, form: Form) -> str:
        return to_json(
            {
                "version": form.version,
                "answers": dict(self.answers),
                "facts": dict(self.facts),
                "current": self.current,
                "reviewing": self.reviewing,
                "revision": self.revision,
            }
        )


def start(form: Form, facts: Facts, revision: int, answers: Answers | None = None) -> Progress:
    """A form at its first question; with ``answers`` at the first one that they leave open, or at the review.

    ``revision`` should be random, so that buttons of another run of the form do not fit this one.
    """
    return _advance(form, Progress(dict(answers or {}), dict(facts), None, False, revision))


def restore(form: Form, text: str) -> Progress:
    """The progress of :meth:`Progress.to_json`, fitted to the form when it was of another version."""
    stored = from_json(text)
    progress = Progress(
        stored["answers"], stored["facts"], stored["current"], stored["reviewing"], stored["revision"]
    )
    asked = {question.key for question in applicable(form, progress)}
    fits = progress.current in asked if progress.current else not _open_questions(form, progress)
    if stored["version"] == form.version and fits:
        return progress
    known = {key: value for key, value in progress.answers.items() if form.question(key)}
    return _advance(form, replace(progress, answers=known))


def applicable(form: Form, progress: Progress) -> list[Question]:
    """The questions that are asked, given the answers so far."""
    return _walk(form, progress)[0]


def given_answers(form: Form, progress: Progress) -> dict[str, Any]:
    """Every question's answer, with None for what was skipped, is not asked, or was not reached."""
    return _walk(form, progress)[1]


def answers_before(form: Form, progress: Progress, key: str) -> dict[str, Any]:
    """The answers to the questions before ``key``."""
    answers = {}
    for question_key, value in given_answers(form, progress).items():
        if question_key == key:
            break
        answers[question_key] = value
    return answers


def step(form: Form, progress: Progress) -> tuple[int, int]:
    """Which question this is, counted from 1, of how many; at the review the last of them."""
    keys = [question.key for question in applicable(form, progress)]
    return (keys.index(progress.current) + 1 if progress.current else len(keys)), len(keys)


def is_complete(form: Form, progress: Progress) -> bool:
    """Whether the form can be sent: at the review, with every question settled."""
    return progress.current is None and not _open_questions(form, progress)


def answer(
    form: Form, progress: Progress, given: Given, options: Sequence[Option] = ()
) -> Progress | Invalid | Declined:
    """Take what the person sent as the answer to the current question. ``options`` are those of :func:`offered`."""
    question = form.question(progress.current)
    if question is None:
        return Invalid("at_review")
    context = Context(answers_before(form, progress, question.key), progress.facts, options)
    value = question.read(given, context)
    if isinstance(value, Invalid):
        return value
    if isinstance(question, YesNo) and question.must_agree and not value:
        return Declined(question.key)
    return _advance(form, replace(progress, answers={**progress.answers, question.key: value}))


def skip(form: Form, progress: Progress) -> Progress | Invalid:
    """Leave the current question without an answer, if it is optional."""
    question = form.question(progress.current)
    if question is None:
        return Invalid("at_review")
    if not question.optional:
        return Invalid("required")
    return _advance(form, replace(progress, answers={**progress.answers, question.key: None}))


def keep(form: Form, progress: Progress) -> Progress | Invalid:
    """Leave the answer to the current question as it was given before, and go on."""
    if progress.current is None:
        return Invalid("at_review")
    if progress.current not in progress.answers:
        return Invalid("required")
    return _advance(form, progress)


def back(form: Form, progress: Progress) -> Progress | Invalid:
    """To the question before this one; from a change back to the review."""
    if progress.reviewing and progress.current is not None and not _open_questions(form, progress):
        return _advance(form, progress)
    keys = [question.key for question in applicable(form, progress)]
    position = keys.index(progress.current) if progress.current else len(keys)
    if position == 0:
        return Invalid("first_question")
    return replace(progress, current=keys[position - 1], revision=progress.revision + 1)


def change(form: Form, progress: Progress, key: str) -> Progress | Invalid:
    """From the review to one question; its answer leads straight back, unless it opens another question."""
    if not progress.reviewing or key not in {question.key for question in applicable(form, progress)}:
        return Invalid("unknown_question")
    return replace(progress, current=key, revision=progress.revision + 1)


async def offered(tx: Transaction, form: Form, progress: Progress, question: Question) -> Sequence[Option]:
    """The options of a question as they are now; none for questions without options."""
    if isinstance(question, YesNo):
        return (Option(YES, question.yes), Option(NO, question.no))
    if not isinstance(question, Choice):
        return ()
    if callable(question.options):
        return await question.options(tx, answers_before(form, progress, question.key), progress.facts)
    return question.options


def _walk(form: Form, progress: Progress) -> tuple[list[Question], dict[str, Any]]:
    """The questions asked, and every question's answer, each decided by the answers before it."""
    asked = []
    answers: dict[str, Any] = {}
    for question in form.questions:
        is_asked = question.only_if is None or question.only_if(answers, progress.facts)
        if is_asked:
            asked.append(question)
        answers[question.key] = progress.answers.get(question.key) if is_asked else None
    return asked, answers


def _open_questions(form: Form, progress: Progress) -> list[str]:
    return [question.key for question in applicable(form, progress) if question.key not in progress.answers]


def _advance(form: Form, progress: Progress) -> Progress:
    """On to the first question that is neither answered nor skipped, else to the review."""
    current = next(iter(_open_questions(form, progress)), None)
    return replace(
        progress,
        current=current,
        reviewing=progress.reviewing or current is None,
        revision=progress.revision + 1,
    )
