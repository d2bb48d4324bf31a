"""How well the search finds the card that answers: ``python -m benchmarks.search [FILE …]``.

A file is a YAML list of ``question`` and ``card``; ``card: null`` is a question that no card answers.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import yaml

from benchmarks.tables import table
from bot.domain.rules import rules, search

DATA = Path(__file__).parent / "data"


class Result(NamedTuple):
    question: str
    wanted: str | None
    found: list[str]
    """The ids of the cards, best first."""
    is_sure: bool
    """Whether the first was offered as an answer, and not only as the nearest that there is."""

    @property
    def place(self) -> int | None:
        """From 1: where the wanted card stands; for a question without an answer 1 when that was said."""
        if self.wanted is None:
            return None if self.is_sure else 1
        return self.found.index(self.wanted) + 1 if self.wanted in self.found else None


def ask(questions: list[dict[str, str | None]], index: search.Index) -> tuple[list[Result], list[float]]:
    """The results, and how many milliseconds each question took."""
    results, times = [], []
    for entry in questions:
        question = str(entry["question"])
        started = time.perf_counter()
        hits = index.search(question)
        times.append((time.perf_counter() - started) * 1000)
        results.append(
            Result(question, entry["card"], [hit.card.id for hit in hits], bool(hits) and hits[0].is_sure)
        )
    return results, times


def _share(results: list[Result], most: int) -> str:
    hit = sum(1 for result in results if result.place is not None and result.place <= most)
    return f"{100 * hit / len(results):.0f} %" if results else "–"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="default: the sets in benchmarks/data"
    )
    parser.add_argument(
        "--misses", action="store_true", help="list the questions whose card does not come first"
    )
    options = parser.parse_args()

    started = time.perf_counter()
    book, index = rules.rulebook(), search.index()
    ready = (time.perf_counter() - started) * 1000
    rows, every = [], []
    for file in options.files or sorted(DATA.glob("questions*.yaml")):
        questions = yaml.safe_load(file.read_text("utf-8"))
        unknown = {entry["card"] for entry in questions if entry["card"] and not book.card(entry["card"])}
        if unknown:
            parser.error(f"{file}: there is no card {', '.join(sorted(unknown))}")
        results, times = ask(questions, index)
        every += times
        answered = [result for result in results if result.wanted is not None]
        silent = [result for result in results if result.wanted is None]
        sure = (
            f"{100 * sum(result.is_sure for result in answered) / len(answered):.0f} %" if answered else "–"
        )
        rows.append(
            [file.name, str(len(results)), _share(answered, 1), _share(answered, 3), sure, _share(silent, 1)]
        )
        if options.misses:
            for result in results:
                if result.place != 1:
                    print(
                        f"{result.place or '-'}  {result.question}\n   {result.wanted} / {result.found[:3]}"
                    )
    print(
        table(
            [
                "set",
                "questions",
                "right card first",
                "within three",
                "offered as answer",
                "nothing fits, said so",
            ],
            rows,
        )
    )
    cuts = quantiles(every, n=20) if len(every) > 1 else [every[0]] * 19
    print(
        f"\n{len(book.cards)} cards, ready in {ready:.0f} ms; a question takes {cuts[9]:.2f} ms, p95 {cuts[18]:.2f} ms."
    )


if __name__ == "__main__":
    main()
