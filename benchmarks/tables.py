"""Tables as Markdown, readable on a terminal too."""

from __future__ import annotations

from collections.abc import Sequence


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their heading: the first column to the left, figures to the right."""
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *others]) + " |"

    rule = (
        "|"
        + "|".join("-" * (width + 1) + ("-" if not place else ":") for place, width in enumerate(widths))
        + "|"
    )
    return "\n".join([line(heading), rule, *map(line, rows)])
