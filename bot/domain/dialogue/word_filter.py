"""What a text must not show, and what a moderator should look at before others read it.

Phone numbers and identity numbers (NIK) are masked, because they belong to a person. Insults, and what turns against
people for their ethnicity, religion or race (SARA), are only flagged: whether a word is one depends on how it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.domain.language.phrases import Phrases, Words, data
from bot.domain.rules.rules import read_yaml

INSULT, SARA, MASKED = "insult", "sara", "masked"
FLAGS = (INSULT, SARA, MASKED)

NIK_DIGITS = 16
"""Digits of a population identity number (nomor induk kependudukan)."""
PHONE_DIGITS = range(9, 16)
"""Digits of a phone number that begins with 0, 62 or a plus sign; E.164 allows 15."""

_NUMBER = re.compile(r"(?<![\w])\+?\d(?:[ .\-()]{0,2}\d){8,19}(?![\w])")
_LOOKALIKES = str.maketrans("013457@$", "oieastas")
_DIGIT_IN_WORD = re.compile(r"(?<=[^\W\d_])[013457@$]|[013457@$](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Screened:
    """A text as it may be kept, with what was seen in it (some of :data:`FLAGS`)."""

    text: str
    flags: tuple[str, ...]


def screen(text: str) -> Screened:
    """Mask numbers that belong to a person, and look for words to be looked at."""
    masked = _NUMBER.sub(_mask, text)
    # 4njing, g0blok: digits that stand for letters inside a word.
    words = Words(_DIGIT_IN_WORD.sub(lambda found: found[0].translate(_LOOKALIKES), masked.casefold()))
    flags = [flag for flag, phrases in _phrases().items() if phrases.found_in(words)]
    if masked != text:
        flags.append(MASKED)
    return Screened(masked, tuple(flags))


def _mask(found: re.Match[str]) -> str:
    number = found[0]
    digits = re.sub(r"\D", "", number)
    if len(digits) == NIK_DIGITS:
        return re.sub(r"\d", "•", number)
    is_phone = len(digits) in PHONE_DIGITS and (number[0] in "+0" or digits.startswith("62"))
    return number[:2] + re.sub(r"\d", "•", number[2:]) if is_phone else number


@cache
def _phrases() -> dict[str, Phrases]:
    stored = read_yaml(data("filter.yaml"))
    lists = {name: words.split() for name, words in stored["lists"].items()}
    return {flag: Phrases(stored["flags"][flag], lists) for flag in (INSULT, SARA)}
