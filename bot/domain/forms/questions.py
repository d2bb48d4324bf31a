"""The kinds of questions that forms are made of: what they ask for, and how they read what a person sent.

Nothing here raises for what a person sent: what cannot be taken is an :class:`Invalid` that says why.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.language.texts import clean, clean_lines, is_blank
from bot.storage.database import Transaction

Answers = Mapping[str, Any]
"""Question key to answer; None for a question that was skipped, not asked or not reached."""

Facts = Mapping[str, Any]
"""What the form is about, fixed when it begins (JSON values): the meeting's id, the session's topic."""

Words = str | Mapping[str, str]
"""What people read: a message id, or a text by locale."""

Condition = Callable[[Answers, Facts], bool]


@dataclass(frozen=True, slots=True)
class Typed:
    """The person wrote text."""

    text: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person tapped an option (or wrote its label)."""

    value: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """The person shared a Telegram contact."""

    phone: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The person sent a photo or a document. ``size`` in bytes; None when Telegram does not tell."""

    kind: str
    """``photo`` or ``document``."""
    file_id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """The person shared a point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Unusable:
    """The person sent something that no question asks for: a sticker, a voice message."""


Given = Typed | Chosen | SharedContact | SharedPlace | Upload | Unusable


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a step was not taken; the person stays where they were.

    ``reason`` is one of :data:`REASONS`, or the message id of a whole sentence from a question's own check;
    ``params`` are the sentence's fields.
    """

    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


REASONS = (
    "at_review",
    "bad_number",
    "bad_phone",
    "empty",
    "expects_attachment",
    "expects_choice",
    "expects_contact",
    "expects_place",
    "expects_text",
    "first_question",
    "not_an_option",
    "out_of_range",
    "required",
    "too_big",
    "too_long",
    "too_short",
    "unavailable",
    "unknown_question",
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. ``value`` is what is stored; an option that is not ``available`` is shown and refused."""

    value: str
    label: Words
    available: bool = True


OptionSource = Callable[[Transaction, Answers, Facts], Awaitable[Sequence[Option]]]


@dataclass(frozen=True, slots=True)
class Context:
    """What reading an answer may depend on: the answers to earlier questions, the facts, the options offered."""

    answers: Answers
    facts: Facts
    options: Sequence[Option] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(ABC):
    """What every kind of question has.

    Texts are message ids, of which ``prompt`` and ``hint`` may name facts in braces, or what an office wrote, by
    locale.
    """

    key: str
    prompt: Words
    label: Words
    """What the review calls the answer."""
    hint: Words = ""
    optional: bool = False
    only_if: Condition | None = None
    """Whether it is asked, given the answers to the questions before it; None for always."""

    @abstractmethod
    def read(self, given: Given, context: Context) -> Any:
        """The answer as a JSON value, or :class:`Invalid`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Question):
    """Free text, cleaned; lengths in characters after cleaning (:mod:`bot.domain.language.texts`)."""

    min_length: int = 1
    max_length: int | Callable[[Answers, Facts], int] = 200
    multiline: bool = False
    check: Callable[[str, Context], Invalid | None] | None = None
    """A further rule on the cleaned text."""

    def longest(self, answers: Answers, facts: Facts) -> int:
        return self.max_length if isinstance(self.max_length, int) else self.max_length(answers, facts)

    def read(self, given: Given, context: Context) -> Any:
        if not isinstance(given, Typed):
            return Invalid("expects_text")
        text = clean_lines(given.text) if self.multiline else clean(given.text)
        if is_blank(text):
            return Invalid("empty")
        longest = self.longest(context.answers, context.facts)
        if len(text) > longest:
            return Invalid("too_long", {"length": len(text), "limit": longest})
        if len(text) < self.min_length:
            return Invalid("too_short", {"length": len(text), "limit": self.min_length})
        return (self.check(text, context) if self.check else None) or text


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """A whole number, written with digits; points or blanks between thousands are passed over."""

    least: int = 0
    most: int = 1_000_000_000

    def read(self, given: Given, context: Context) -> Any:
        if not isinstance(given, Typed):
            return Invalid("expects_text")
        written = clean(given.text)
        if not re.fullmatch(r"-?(\d{1,12}|\d{1,3}([. ]\d{3}){1,3})", written, re.ASCII):
            return Invalid("bad_number")
        number = int(re.sub(r"[. ]", "", written))
        if not self.least <= number <= self.most:
            return Invalid("out_of_range", {"least": self.least, "most": self.most})
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    """One of some options; the answer is the option's value."""

    options: Sequence[Option] | OptionSource

    def read(self, given: Given, context: Context) -> Any:
        if not isinstance(given, Chosen):
            return Invalid("not_an_option" if isinstance(given, Typed) else "expects_choice")
        for option in context.options:
            if option.value == given.value:
                return option.value if option.available else Invalid("unavailable")
        return Invalid("not_an_option")


YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Question):
    """Yes or no; the answer is a bool. With ``must_agree``, no ends the form (:class:`Declined`)."""

    yes: str
    """Message id of the button."""
    no: str
    must_agree: bool = False

    def read(self, given: Given, context: Context) -> Any:
        if not isinstance(given, Chosen):
            return Invalid("not_an_option" if isinstance(given, Typed) else "expects_choice")
        return given.value == YES if given.value in (YES, NO) else Invalid("not_an_option")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Question):
    """A phone number, shared as a Telegram contact or typed; the answer is in international form, ``+62812…``."""

    def read(self, given: Given, context: Context) -> Any:
        if isinstance(given, SharedContact):
            phone = given.phone
        elif isinstance(given, Typed):
            phone = clean(given.text)
        else:
            return Invalid("expects_contact")
        return phone_number(phone) or Invalid("bad_phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Question):
    """A photo or document: ``{"kind", "file_id", "name", "size"}``, size in bytes or null."""

    kinds: frozenset[str] = frozenset({"photo", "document"})
    max_bytes: int = 20_000_000
    """What a bot can download: Bot API, getFile."""

    def read(self, given: Given, context: Context) -> Any:
        if not isinstance(given, Upload) or given.kind not in self.kinds:
            return Invalid("expects_attachment")
        if given.size is not None and given.size > self.max_bytes:
            return Invalid("too_big", {"limit": self.max_bytes // 1_000_000})
        return {
            "kind": given.kind,
            "file_id": given.file_id,
            "name": clean(given.name)[:120],
            "size": given.size,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint(Question):
    """A point on the map, shared or typed as ``-2.97, 104.76``; the answer is [latitude, longitude] in degrees."""

    def read(self, given: Given, context: Context) -> Any:
        if isinstance(given, SharedPlace):
            return [given.latitude, given.longitude]
        point = map_point(given.text) if isinstance(given, Typed) else None
        return Invalid("expects_place") if point is None else list(point)


def map_point(written: str) -> tuple[float, float] | None:
    """Latitude and longitude as people copy them from a map, ``-2.97, 104.76``; None for anything else."""
    found = re.fullmatch(
        r"\s*(-?\d{1,2}(?:\.\d{1,15})?)\s*[,;]\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*", written, re.ASCII
    )
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def matching(text: str, labels: Iterable[tuple[str, str]]) -> str | None:
    """The value whose label was typed, whatever the case and spacing; ``labels`` are pairs of value and label.

    Of a label such as *ASN/Pemda* or *Police (Polri)* one part is enough, where no other label has it.
    """
    typed = clean(text).casefold()
    known = [(value, clean(label).casefold()) for value, label in labels]
    whole = next((value for value, label in known if label == typed), None)
    if whole is not None or not typed:
        return whole
    parts = {value for value, label in known if typed in re.split(r"\s*[/()]\s*", label)}
    return parts.pop() if len(parts) == 1 else None


def phone_number(text: str) -> str | None:
    """A phone number in international form; None when it is none.

    A number that begins with 0 is Indonesian. E.164 allows 15 digits; the shortest ones in use have about 8.
    """
    if not re.fullmatch(r"\+?[0-9 ().\-]{6,30}", text):
        return None
    digits = re.sub(r"[^0-9]", "", text)
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None
