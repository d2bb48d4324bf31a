"""What forms look like in a chat: questions, the review, and why an answer was not taken."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.domain.forms import forms
from bot.domain.forms.forms import Form, Progress
from bot.domain.forms.questions import (
    Attachment,
    Choice,
    Facts,
    Invalid,
    MapPoint,
    Option,
    Question,
    Words,
    YesNo,
)
from bot.domain.language.texts import clip, utf16_length, without_mark
from bot.i18n import LOCALES, N_, Translator, translator
from bot.storage.values import base36
from handlers.taps import Button, tap

KIND = "form"
"""What the data of every button of a form begins with."""

SHORT_LABEL = 17
"""Characters of a button's text that a narrow phone shows whole when two stand in a row."""

LABEL_ROOM = 30
"""UTF-16 units of a question's name on a button."""

REVIEW_ROOM = 3000
"""UTF-16 units for the answers in a review, of the 4,096 of a message (Bot API, sendMessage)."""

ANSWER_ROOM = 1000
"""UTF-16 units for the answer that a question had before: the prompt may be long itself."""

LONG_PROMPT = 500
"""Characters of a question that are not said again in full each time that something comes in between."""

_INVALID = {
    "at_review": N_("Please use the buttons below: send, or change an answer first."),
    "bad_number": N_("Please write this as a whole number, with digits only: for example 12."),
    "bad_phone": N_(
        "That does not look like a phone number. Please write it with its digits only, for example 0812 3456 7890."
    ),
    "empty": N_("That message has nothing that can be read. Please write the answer in words."),
    "expects_attachment": N_("Please send a photo or a document here."),
    "expects_choice": N_("Please choose one of the buttons below."),
    "expects_contact": N_("Please share your phone number with the button, or write it."),
    "expects_place": N_(
        "Please share the place with 📎 > Location, or write its latitude and longitude, as in -2.97610, 104.77541."
    ),
    "expects_text": N_("Please write this answer as text; other kinds of messages cannot be taken here."),
    "first_question": N_("This is the first question."),
    "not_an_option": N_("That is not among the choices. Please tap one of the buttons below."),
    "out_of_range": N_("Please write a number from {least} to {most}."),
    "required": N_("This question needs an answer."),
    "too_big": N_("That file is too big. Files may have up to {limit} MB."),
    "too_long": N_("That is {length} characters long; at most {limit} fit here. Please shorten it a little."),
    "too_short": N_("That is very short. Please write at least {limit} characters."),
    "unavailable": N_("That choice is full or closed. Please choose another one."),
    "unknown_question": N_("That answer cannot be changed now."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """The sentences around a form's questions, as message ids."""

    title: str
    """What the form is called in mid-sentence and on buttons: ``registration``."""
    again: str
    """The command that begins it anew, with its slash; a message id, for it has a name in each language."""
    send: str = N_("Send")
    check: str = N_("Please check once more before you send.")


def words(t: Translator, text: Words) -> str:
    """A declared or stored text in the person's language; not escaped."""
    return t.gettext(text) if isinstance(text, str) else t.pick(text)


def sentence(t: Translator, invalid: Invalid) -> str:
    """Why an answer was not taken, and what to do; HTML."""
    message = t.gettext(_INVALID.get(invalid.reason, invalid.reason))
    return message.format(**{name: escape(str(value)) for name, value in invalid.params.items()})


def _asked(t: Translator, text: Words, about: Mapping[str, str]) -> str:
    """A prompt or hint; HTML. What an office wrote is no HTML and names no facts."""
    return t.gettext(text).format_map(about) if isinstance(text, str) else escape(t.pick(text))


def _first_paragraph(t: Translator, asked: str) -> str:
    first, _, more = asked.partition("\n\n")
    where = t.gettext("<i>The whole text stands further up in this chat.</i>")
    return f"{first}\n\n{where}" if more else asked


class _Fields(dict[str, str]):
    """A draft that was begun under an earlier version of its form may lack a fact that a prompt names now."""

    def __missing__(self, name: str) -> str:
        return ""


def fields(t: Translator, facts: Facts) -> dict[str, str]:
    """Facts as they may stand in a prompt: in the person's language, escaped."""
    return _Fields(
        (name, escape(t.pick(value) if isinstance(value, Mapping) else str(value)))
        for name, value in facts.items()
    )


def mark(value: str) -> str:
    """A short stand-in for an option's value in a button's data."""
    return base36(zlib.crc32(value.encode()))


def labels(options: Sequence[Option]) -> list[tuple[str, str]]:
    """Every option's value with its label in each language, for answers that are typed."""
    return [
        (option.value, words(translator(locale), option.label)) for option in options for locale in LOCALES
    ]


def shown(t: Translator, question: Question, value: Any, options: Sequence[Option]) -> str:
    """An answer as people read it; not escaped."""
    if value is None:
        return t.gettext("(skipped)")
    if isinstance(question, YesNo):
        return t.gettext(question.yes if value else question.no)
    if isinstance(question, Choice):
        return next((words(t, option.label) for option in options if option.value == value), str(value))
    if isinstance(question, MapPoint):
        return "{:.5f}, {:.5f}".format(*value)
    if isinstance(question, Attachment):
        return value["name"] or t.gettext("a photo")
    return str(value)


def taken(t: Translator, question: Question, answer: str) -> str:
    """What a tapped prompt is turned into: the question's name and the answer."""
    return t.gettext("✅ <b>{label}</b>: {answer}").format(
        label=escape(without_mark(words(t, question.label))), answer=escape(clip(answer, ANSWER_ROOM))
    )


def prompt(
    t: Translator,
    title: FormWords,
    form: Form,
    progress: Progress,
    options: Sequence[Option],
    opening: str = "",
    *,
    again: bool = False,
) -> str:
    """The current question; HTML. ``opening`` (HTML) goes before it.

    ``again``: it was asked before, and of a long one the first paragraph will do.
    """
    question = form.question(progress.current)
    assert question is not None
    about = fields(t, progress.facts)
    asked = _asked(t, question.prompt, about)
    parts = [
        _heading(t, title, form, progress),
        _first_paragraph(t, asked) if again and len(asked) > LONG_PROMPT else asked,
    ]
    if question.hint:
        parts.append("<i>" + _asked(t, question.hint, about) + "</i>")
    if question.key in progress.answers:
        answer = clip(shown(t, question, progress.answers[question.key], options), ANSWER_ROOM)
        parts.append(t.gettext("Your answer so far: {answer}").format(answer=f"<b>{escape(answer)}</b>"))
    return "\n\n".join(([opening] if opening else []) + parts)


def _heading(t: Translator, title: FormWords, form: Form, progress: Progress) -> str:
    """What the form is called and how far the person is; a single question needs no count."""
    number, total = forms.step(form, progress)
    name = escape(_capital(t.gettext(title.title)))
    if total == 1:
        return f"<b>{name}</b>"
    return t.gettext("<b>{title}</b> · step {number} of {total}").format(
        title=name, number=number, total=total
    )


def prompt_buttons(
    t: Translator, form: Form, progress: Progress, options: Sequence[Option]
) -> list[list[Button]]:
    """The options of the current question, then the ways out of it."""
    question = form.question(progress.current)
    assert question is not None
    revision = progress.revision
    choices = [
        tap(
            words(t, option.label)
            if option.available
            else t.gettext("{option} (full)").format(option=words(t, option.label)),
            KIND,
            "o",
            revision,
            mark(option.value),
        )
        for option in options
    ]
    ways = []
    if question.key in progress.answers:
        ways.append(tap(t.gettext("Keep this answer"), KIND, "k", revision))
    if question.optional:
        ways.append(tap(t.gettext("Skip"), KIND, "s", revision))
    if not isinstance(forms.back(form, progress), Invalid):
        ways.append(tap(t.gettext("Back"), KIND, "b", revision))
    ways.append(tap(t.gettext("Cancel"), KIND, "x", revision))
    return [*in_rows(choices), *in_rows(ways)]


def review(
    t: Translator,
    title: FormWords,
    progress: Progress,
    answered: Sequence[tuple[Question, str]],
    opening: str = "",
) -> str:
    """All answers before they are sent; HTML. Long ones are cut so that the message holds them all."""
    room = REVIEW_ROOM
    lines: list[tuple[int, str]] = []
    for position, (question, answer) in sorted(
        enumerate(answered), key=lambda item: utf16_length(item[1][1])
    ):
        cut = clip(answer, max(60, room // (len(answered) - len(lines))))
        room -= utf16_length(cut)
        line = t.gettext("{label}: {answer}").format(
            label=escape(without_mark(words(t, question.label))), answer=f"<b>{escape(cut)}</b>"
        )
        lines.append((position, line))
    parts = [
        t.gettext("📝 <b>{title}</b>: your answers").format(title=escape(_capital(t.gettext(title.title)))),
        "\n".join(line for _, line in sorted(lines)),
        t.gettext(title.check).format_map(fields(t, progress.facts)),
    ]
    return "\n\n".join(([opening] if opening else []) + parts)


def review_buttons(t: Translator, title: FormWords, form: Form, progress: Progress) -> list[list[Button]]:
    """Send, change one answer, cancel."""
    revision = progress.revision
    positions = {question.key: position for position, question in enumerate(form.questions)}
    changes = [
        tap(
            t.gettext("Change: {label}").format(label=clip(words(t, question.label), LABEL_ROOM)),
            KIND,
            "c",
            revision,
            positions[question.key],
        )
        for question in forms.applicable(form, progress)
    ]
    return [
        [tap(t.gettext(title.send), KIND, "d", revision)],
        *in_rows(changes),
        [tap(t.gettext("Cancel"), KIND, "x", revision)],
    ]


def in_rows(buttons: Sequence[Button]) -> list[list[Button]]:
    """Short buttons two a row, long ones alone, in their order."""
    rows: list[list[Button]] = []
    for button in buttons:
        short = len(button.text) <= SHORT_LABEL
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= SHORT_LABEL:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
