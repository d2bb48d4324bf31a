"""Whether a text reads like a report of a violation, which belongs to the official channel and not into a dialogue.

A report tells of something that somebody did at a time and a place; input speaks of what happens in general or should.
Each kind of cue adds its weight once, whatever number of its phrases occur: ``bot/data/words/reports.yaml`` holds them,
``tests/domain/dialogue/test_complaints.py`` how often they are right. They are not always: who wrote it may say that it
is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.domain.language.phrases import Phrases, Words, data
from bot.domain.rules.rules import Card, read_yaml, rulebook

DEADLINE_CARD = "lapor-pelanggaran-7-hari"
"""The rule card with the deadline for reports and its legal basis."""


@dataclass(frozen=True, slots=True)
class _Cue:
    weight: float
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class _Cues:
    cues: tuple[_Cue, ...]
    enough: float
    """From this sum on, a text reads like a report."""


def reads_like_report(text: str) -> bool:
    """Whether the text should go to the official channel unless its author says otherwise."""
    return weight(text) >= _cues().enough


def weight(text: str) -> float:
    """How much speaks for a report, as the sum of the cues' weights."""
    words = Words(text.replace("?", " tandatanya "))
    return sum(cue.weight for cue in _cues().cues if cue.phrases.found_in(words))


def deadline() -> Card:
    """The rule that says until when a violation can be reported."""
    card = rulebook().card(DEADLINE_CARD)
    assert card is not None
    return card


@cache
def _cues() -> _Cues:
    stored = read_yaml(data("reports.yaml"))
    lists = {name: words.split() for name, words in stored["lists"].items()}
    cues = tuple(
        _Cue(float(cue["weight"]), Phrases(cue["phrases"], lists)) for cue in stored["cues"].values()
    )
    return _Cues(cues, float(stored["enough"]))
