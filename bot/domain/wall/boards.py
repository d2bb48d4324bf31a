"""Figures with bars, as the wall and pictures in the chat show them: words of one language, no markup."""

from __future__ import annotations

from dataclasses import dataclass

AGREE, DISAGREE, PASS = "agree", "disagree", "pass"
ACCENT, BEFORE, AFTER, RIGHT, WRONG = "accent", "before", "after", "right", "wrong"
TONES = (AGREE, DISAGREE, PASS, ACCENT, BEFORE, AFTER, RIGHT, WRONG)
"""What a part of a bar stands for; pages and pictures have a colour for each, and a pattern where colours are alike."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar."""

    share: float
    """Of the whole bar, between 0 and 1; the parts of a bar are at most 1 together."""
    tone: str
    """One of :data:`TONES`."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its label in front and its figure behind; both may be empty."""

    label: str
    segments: tuple[Segment, ...]
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured, with one bar or several."""

    text: str
    bars: tuple[Bar, ...] = ()
    label: str = ""
    """Small, above the text: a number, a kind."""
    figure: str = ""
    """Large, beside the text."""
    note: str = ""
    """Small, below the figure or the bars: what the figure rests on."""


@dataclass(frozen=True, slots=True)
class Board:
    """A page of figures. As many rows are shown as there is room for, so the most telling come first."""

    title: str
    rows: tuple[Row, ...] = ()
    hint: str = ""
    """One sentence that says how to read it."""
    legend: tuple[tuple[str, str], ...] = ()
    """Tone and its name."""
    empty: str = ""
    """What stands there when there is no row."""


def bar(label: str, parts: dict[str, float], whole: float, figure: str = "") -> Bar:
    """A bar whose parts, by tone, are counts of ``whole``; an empty bar where that is 0."""
    segments = tuple(Segment(count / whole, tone) for tone, count in parts.items() if count) if whole else ()
    return Bar(label, segments, figure)
