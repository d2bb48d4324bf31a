"""Opinion groups on real conversations, and how long they take for a large one.

    python -m benchmarks.consensus [participants-votes.csv ...]

For each export of Polis (https://compdemocracy.org/polis): whether the totals are those of the export, how far the
groups found here are the exported ones (adjusted Rand index), and how many of the ten statements most agreed on, by
group-informed consensus, are the same. Without files, and after them: 5,000 people and 500 statements at 10 % density,
in a thread, with the longest time that the event loop stood still meanwhile.
"""

from __future__ import annotations

import asyncio
import csv
import math
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.agreement import opinion_groups

Floats = NDArray[np.float64]

PEOPLE, STATEMENTS, DENSITY = 5000, 500, 0.10
TOP = 10


def read(path: Path) -> tuple[Floats, list[str], list[tuple[int, int, int]]]:
    """Votes, the exported group of each person ('' for none), and the exported totals: votes, agree, disagree."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    statements = [name for name in rows[0] if name.isdigit()]
    votes = np.array(
        [[float(row[name]) if row[name] else math.nan for name in statements] for row in rows],
        dtype=np.float64,
    )
    totals = [(int(row["n-votes"]), int(row["n-agree"]), int(row["n-disagree"])) for row in rows]
    return votes, [row["group-id"] for row in rows], totals


def adjusted_rand(one: list[str], other: list[str]) -> float:
    """Hubert and Arabie's adjusted Rand index: 1 for the same groups, about 0 for groups by chance."""

    def pairs(counts: Counter[str] | Counter[tuple[str, str]]) -> int:
        return sum(count * (count - 1) // 2 for count in counts.values())

    together = pairs(Counter(zip(one, other, strict=True)))
    first, second = pairs(Counter(one)), pairs(Counter(other))
    expected = first * second / (len(one) * (len(one) - 1) / 2)
    most = (first + second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def best(values: Floats) -> set[int]:
    return {int(place) for place in np.argsort(-values, kind="stable")[:TOP]}


def compare(path: Path) -> None:
    votes, exported, totals = read(path)
    counted = [
        (int(row.size - np.isnan(row).sum()), int((row == 1).sum()), int((row == -1).sum())) for row in votes
    ]
    started = time.perf_counter()
    found = opinion_groups.find(votes)
    took = time.perf_counter() - started
    both = [place for place, group in enumerate(exported) if group and found.labels[place] is not None]
    theirs, ours = [exported[place] for place in both], [str(found.labels[place]) for place in both]
    numbers = {group: number for number, group in enumerate(sorted({group for group in exported if group}))}
    grouped = [place for place, group in enumerate(exported) if group]
    exported_consensus = opinion_groups.consensus(
        votes[grouped], np.array([numbers[exported[place]] for place in grouped], dtype=np.intp)
    )
    same = len(best(np.array(found.consensus)) & best(exported_consensus))
    print(path.parent.name or path.name)
    print(f"  {len(votes)} people, {votes.shape[1]} statements, {sum(of for of, _, _ in counted)} votes")
    print(f"  totals as exported      {'yes' if counted == totals else 'NO'}")
    print(f"  groups                  {len(found.sizes)} {found.sizes} (exported {len(numbers)})")
    print(f"  adjusted Rand index     {adjusted_rand(theirs, ours):.2f} on {len(both)} people")
    print(f"  ten most agreed         {same} the same")
    print(f"  silhouette, time        {found.silhouette:.2f}, {took:.2f} s")


def conversation(people: int, statements: int, density: float) -> Floats:
    """Answers of three groups of unequal size, with people who stray."""
    chance = np.random.default_rng(1)
    leaning = chance.choice([-0.7, 0.0, 0.7], size=(3, statements))
    group = chance.choice(3, size=people, p=[0.5, 0.3, 0.2])
    mood = leaning[group] + chance.normal(0, 0.6, size=(people, statements))
    votes = np.where(mood > 0.25, 1.0, np.where(mood < -0.25, -1.0, 0.0))
    votes[chance.random((people, statements)) > density] = math.nan
    return votes


async def large() -> None:
    votes = conversation(PEOPLE, STATEMENTS, DENSITY)
    longest = 0.0
    done = asyncio.Event()

    async def beat() -> None:
        nonlocal longest
        while not done.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before - 0.005)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0.05)
    started = time.perf_counter()
    found = await asyncio.to_thread(opinion_groups.find, votes)
    took = time.perf_counter() - started
    done.set()
    await heart
    print(f"{PEOPLE} people, {STATEMENTS} statements, {DENSITY:.0%} answered: {took:.2f} s in a thread")
    print(f"  groups {found.sizes}; the event loop stood still for {1000 * longest:.0f} ms at most")


def main() -> None:
    for name in sys.argv[1:]:
        compare(Path(name))
    asyncio.run(large())


if __name__ == "__main__":
    main()
