"""The form in which an organiser writes a poll."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Context, Facts, Invalid, Option, Text, YesNo
from bot.domain.polls.polls import (
    EXPLANATION_LIMIT,
    MOST_OPTIONS,
    OPTION_LIMIT,
    QUESTION_LIMIT,
    Draft,
    lines_of,
    scale,
)
from bot.i18n import N_, Translator
from bot.storage.database import Transaction
from bot.storage.polls import KINDS, QUIZ, SCALE
from handlers.polls import poll_views as views

FORM_NAME = "poll"


def _needs_options(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") not in (None, SCALE)


def _is_scale(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") == SCALE


def _is_quiz(answers: Answers, _: Facts) -> bool:
    return answers.get("kind") == QUIZ


def _fits(text: str, _: Context) -> Invalid | None:
    options = lines_of(text)
    if not 2 <= len(options) <= MOST_OPTIONS:
        return Invalid(
            N_("That makes {count} options; a poll has 2 to {most}. Please write each on a line of its own."),
            {"count": len(options), "most": MOST_OPTIONS},
        )
    if len({option.casefold() for option in options}) < len(options):
        return Invalid(N_("Two of these options are the same. Please make each different."))
    longest = max(options, key=len)
    if len(longest) > OPTION_LIMIT:
        return Invalid(
            N_("“{option}” is too long: an option has at most {limit} characters."),
            {"option": longest, "limit": OPTION_LIMIT},
        )
    return None


def _two_ends(text: str, _: Context) -> Invalid | None:
    ends = lines_of(text)
    if len(ends) != 2 or max(map(len, ends)) > OPTION_LIMIT - 4:
        return Invalid(N_("Please write two short lines: what 1 means, and what 5 means."))
    return None


async def _written_options(tx: Transaction, answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(str(place), text) for place, text in enumerate(lines_of(answers.get("options") or ""))]


FORM = Form(
    FORM_NAME,
    1,
    (
        Choice(
            key="kind",
            prompt=N_("What kind of poll?"),
            label=N_("Kind"),
            options=[Option(kind, views.KIND_NAMES[kind]) for kind in KINDS],
        ),
        Text(
            key="question",
            prompt=N_("What do you want to ask?"),
            label=N_("Question"),
            max_length=QUESTION_LIMIT,
        ),
        Text(
            key="options",
            prompt=N_(
                "Which answers are there to choose from? Please write each on a line of its own, 2 to 10."
            ),
            label=N_("Options"),
            max_length=MOST_OPTIONS * (OPTION_LIMIT + 2),
            multiline=True,
            check=_fits,
            only_if=_needs_options,
        ),
        Text(
            key="ends",
            prompt=N_(
                "What do the ends of the scale mean? Please write two lines: first what 1 means, then what 5 means."
            ),
            hint=N_("Without it, 1 is “disagree” and 5 is “agree”."),
            label=N_("Ends of the scale"),
            max_length=2 * OPTION_LIMIT,
            multiline=True,
            optional=True,
            check=_two_ends,
            only_if=_is_scale,
        ),
        Choice(
            key="right",
            prompt=N_("Which answer is right?"),
            label=N_("Right answer"),
            options=_written_options,
            only_if=_is_quiz,
        ),
        Text(
            key="explanation",
            prompt=N_(
                "Why is it right? The explanation, with its legal basis, is shown when the poll is closed."
            ),
            label=N_("Explanation"),
            max_length=EXPLANATION_LIMIT,
            multiline=True,
            optional=True,
            only_if=_is_quiz,
        ),
        YesNo(
            key="hidden",
            prompt=N_("When may participants see the results?"),
            label=N_("Results"),
            yes=N_("When it is closed"),
            no=N_("As soon as they have answered"),
        ),
    ),
)


def draft(t: Translator, answers: Answers) -> Draft:
    """The poll that the answers describe; the steps of a scale without names of its own get some in this language."""
    return Draft(
        kind=answers["kind"],
        question=answers["question"],
        options=_options(t, answers),
        right_option=None if answers["right"] is None else int(answers["right"]),
        explanation=answers["explanation"] or "",
        hidden=answers["hidden"],
    )


def _options(t: Translator, answers: Answers) -> tuple[str, ...]:
    if answers["kind"] != SCALE:
        return tuple(lines_of(answers["options"]))
    return scale(t, lines_of(answers["ends"] or ""))
