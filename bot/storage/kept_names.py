"""Conditions about names as tables keep them for searching: folded words, each with a blank before it."""

from __future__ import annotations

from collections.abc import Sequence


def holds(fragments: Sequence[Sequence[str]]) -> tuple[str, dict[str, str]]:
    """The condition that column ``search`` holds, of each of these lists, one fragment; and its parameters.

    Fragments are folded letters, digits and blanks, so nothing in them means anything to LIKE.
    """
    patterns: dict[str, str] = {}
    every = []
    for one_of in fragments:
        some = []
        for fragment in one_of:
            mark = f"part{len(patterns)}"
            patterns[mark] = f"%{fragment}%"
            some.append(f"search || ' ' LIKE :{mark}")
        every.append(f"({' OR '.join(some)})")
    return " AND ".join(every) or "search IS NOT NULL", patterns


def listed(ids: Sequence[int]) -> tuple[str, dict[str, int]]:
    """Marks for the list of an ``IN`` (NULL for an empty one), and their parameters."""
    values = {f"id{place}": one for place, one in enumerate(ids)}
    return ", ".join(f":{mark}" for mark in values) or "NULL", values
