"""Groups of people who answered alike, whatever their sector; for analysis, never about a person.

As in Polis (Small, Bjorkegren, Erkkilä, Shaw and Megill, "Polis: Scaling deliberation by mapping high dimensional
opinion spaces", Recerca 26(2), 2021, and the program's math/ folder): answers nobody gave are filled with the mean of
their statement; the first two principal components are taken; people who answered little are moved outwards, by the
root of statements over answers, because what was filled in pulls them to the middle; k-means with k by the silhouette.

``numpy`` is imported where it is used, so that only the thread that computes groups loads it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Labels = NDArray[np.intp]

Votes = Sequence[Sequence[float | None]]
"""A row a person, a column a statement: 1 agree, -1 disagree, 0 pass, None (or NaN) for no answer."""

FEWEST_ANSWERS = 7
"""Whoever answered fewer statements (or not all, where there are fewer) is in no group, as in Polis."""
FEWEST_PEOPLE = 12
"""With fewer people in groups altogether nothing is told."""
FEWEST_STATEMENTS = 7
SMALLEST_GROUP = 5
"""A group of fewer people would be about persons; then nothing is told."""
MOST_GROUPS = 5

SAMPLE = 400
"""How many people, evenly spread, the silhouette is taken of where there are more: it compares each with each."""
STARTS = 8
"""Beginnings of k-means with other centres; the best result counts."""
ROUNDS = 60
SEED = 20240806
"""The same answers always give the same groups."""
CLEAR = 0.25
"""From this silhouette on, groups lie apart (Kaufman and Rousseeuw, "Finding groups in data", 1990, chapter 2)."""
SIGNIFICANT = 1.2816
"""The z value of 90 % confidence, one-sided, as in Polis (``z-sig-90?``)."""


@dataclass(frozen=True, slots=True)
class Typical:
    """A statement that tells a group from the others."""

    statement: int
    """Its column."""
    agrees: bool
    """Whether the group agrees with it, rather than disagrees."""
    count: int
    """How many of the group do so."""
    of: int
    """How many of the group answered it."""


@dataclass(frozen=True, slots=True)
class Opinions:
    """The groups in a conversation."""

    labels: tuple[int | None, ...]
    """A number a person, from 0; None for those in no group. For checking against other programs: not to be shown."""
    sizes: tuple[int, ...]
    """People a group, the largest first."""
    consensus: tuple[float, ...]
    """Group-informed consensus a statement: the product of the groups' estimated agreement."""
    typical: tuple[tuple[Typical, ...], ...]
    """For each group, what is most typical of it, the most telling first."""
    silhouette: float
    """How clear the groups are, at most 1."""

    @property
    def is_tellable(self) -> bool:
        """Whether there are enough people, statements and members of every group to tell about them."""
        return (
            sum(self.sizes) >= FEWEST_PEOPLE
            and len(self.consensus) >= FEWEST_STATEMENTS
            and len(self.sizes) > 1
            and min(self.sizes) >= SMALLEST_GROUP
        )


def find(votes: Votes | Floats) -> Opinions:
    """The groups in ``votes``; one group where there is nothing to tell people apart by.

    Takes long for many people: to be called in a thread.
    """
    import numpy as np

    given = _matrix(votes)
    answered = ~np.isnan(given)
    enough = answered.sum(axis=1) >= min(FEWEST_ANSWERS, max(1, given.shape[1]))
    inside = given[enough]
    if inside.shape[0] < 4 or inside.shape[1] < 2:
        labels = np.zeros(inside.shape[0], dtype=np.intp)
        clarity = 0.0
    else:
        labels, clarity = _clusters(_places(inside))
    labels = _by_size(labels)
    everybody: list[int | None] = [None] * given.shape[0]
    for place, label in zip(np.flatnonzero(enough), labels, strict=True):
        everybody[int(place)] = int(label)
    sizes = np.bincount(labels) if labels.size else np.zeros(0, dtype=np.intp)
    agree, disagree, seen = _counts(inside, labels, len(sizes))
    return Opinions(
        labels=tuple(everybody),
        sizes=tuple(int(size) for size in sizes),
        consensus=tuple(float(value) for value in consensus(inside, labels)),
        typical=_typical(agree, disagree, seen),
        silhouette=clarity,
    )


def consensus(given: Floats, labels: Labels) -> Floats:
    """Group-informed consensus of each statement: the product over groups of (agree + 1) / (answers + 2)."""
    agree, _, seen = _counts(given, labels, int(labels.max()) + 1 if labels.size else 0)
    product: Floats = ((agree + 1) / (seen + 2)).prod(axis=0)
    return product


def _matrix(votes: Votes | Floats) -> Floats:
    import numpy as np

    if isinstance(votes, np.ndarray):
        return np.asarray(votes, dtype=np.float64)
    rows = [[math.nan if value is None else value for value in row] for row in votes]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(rows[0]) if rows else 0)


def _places(given: Floats) -> Floats:
    """Where each person stands on the first two principal components."""
    import numpy as np

    answered = ~np.isnan(given)
    number = answered.sum(axis=0)
    means = np.where(number, np.nansum(given, axis=0) / np.maximum(number, 1), 0.0)
    centred = np.where(answered, given - means, 0.0)
    # The components are the eigenvectors of the smaller of the two products.
    if centred.shape[0] >= centred.shape[1]:
        _, vectors = np.linalg.eigh(centred.T @ centred)
        places = centred @ vectors[:, ::-1][:, :2]
    else:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        places = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    spread: Floats = places * np.sqrt(given.shape[1] / answered.sum(axis=1))[:, None]
    return spread


def _clusters(places: Floats) -> tuple[Labels, float]:
    """The clustering with the clearest silhouette, and that silhouette."""
    import numpy as np

    best = np.zeros(len(places), dtype=np.intp)
    clearest = 0.0
    sample = np.unique(np.linspace(0, len(places) - 1, min(SAMPLE, len(places))).astype(np.intp))
    for k in range(2, min(MOST_GROUPS, len(places) - 1) + 1):
        labels = _kmeans(places, k)
        if len(np.unique(labels)) < k:
            continue
        clarity = _silhouette(places[sample], labels[sample])
        if clarity > clearest + 1e-9:
            best, clearest = labels, clarity
    return best, clearest


def _kmeans(places: Floats, k: int) -> Labels:
    """Lloyd's algorithm from several beginnings, each spread out as k-means++ does."""
    import numpy as np

    chance = np.random.default_rng(SEED)
    best = np.zeros(len(places), dtype=np.intp)
    least = math.inf
    for _ in range(STARTS):
        centres = _spread_out(places, k, chance)
        labels = np.full(len(places), -1, dtype=np.intp)
        for _ in range(ROUNDS):
            distances = _squares(places, centres)
            nearest = distances.argmin(axis=1)
            if (nearest == labels).all():
                break
            labels = nearest
            for group in range(k):
                members = labels == group
                if members.any():
                    centres[group] = places[members].mean(axis=0)
        cost = float(_squares(places, centres).min(axis=1).sum())
        if cost < least - 1e-9:
            best, least = labels, cost
    return best


def _spread_out(places: Floats, k: int, chance: np.random.Generator) -> Floats:
    import numpy as np

    centres = [places[chance.integers(len(places))]]
    while len(centres) < k:
        far = _squares(places, np.array(centres)).min(axis=1)
        total = far.sum()
        chosen = chance.choice(len(places), p=far / total) if total else chance.integers(len(places))
        centres.append(places[chosen])
    return np.array(centres)


def _squares(places: Floats, centres: Floats) -> Floats:
    """The squared distance of each place from each centre."""
    squares: Floats = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return squares


def _silhouette(places: Floats, labels: Labels) -> float:
    """Rousseeuw's mean silhouette; a group of one counts 0."""
    import numpy as np

    distances = np.sqrt(_squares(places, places))
    groups = np.unique(labels)
    if len(groups) < 2:
        return 0.0
    sums = np.stack([distances[:, labels == group].sum(axis=1) for group in groups], axis=1)
    sizes = np.array([(labels == group).sum() for group in groups])
    own = np.searchsorted(groups, labels)
    people = np.arange(len(places))
    inside = sums[people, own] / np.maximum(sizes[own] - 1, 1)
    others = sums / sizes
    others[people, own] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(inside, nearest)
    values = np.where(
        (sizes[own] > 1) & (widest > 0), (nearest - inside) / np.where(widest > 0, widest, 1), 0.0
    )
    return float(values.mean())


def _by_size(labels: Labels) -> Labels:
    """The same groups, numbered from the largest; of equals, from the one that comes first."""
    import numpy as np

    groups, firsts, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = sorted(range(len(groups)), key=lambda place: (-sizes[place], firsts[place]))
    renamed = np.zeros(int(groups.max()) + 1 if len(groups) else 0, dtype=np.intp)
    for new, place in enumerate(order):
        renamed[groups[place]] = new
    return renamed[labels] if labels.size else labels


def _counts(given: Floats, labels: Labels, groups: int) -> tuple[Floats, Floats, Floats]:
    """Agree, disagree and answers: a row a group, a column a statement."""
    import numpy as np

    member = (labels[None, :] == np.arange(groups)[:, None]).astype(np.float64)
    return (
        member @ (given == 1).astype(np.float64),
        member @ (given == -1).astype(np.float64),
        member @ (~np.isnan(given)).astype(np.float64),
    )


def _typical(agree: Floats, disagree: Floats, seen: Floats) -> tuple[tuple[Typical, ...], ...]:
    """Representativeness as in Polis (``repness.clj``): how much likelier a group's answer is than the others'.

    A statement counts where both the group's share and its difference from the others are significant.
    """
    import numpy as np

    found = []
    for group in range(len(seen)):
        ranked = []
        for counts, agrees in ((agree, True), (disagree, False)):
            mine, others = counts[group], counts.sum(axis=0) - counts[group]
            of, of_others = seen[group], seen.sum(axis=0) - seen[group]
            share, share_others = (mine + 1) / (of + 2), (others + 1) / (of_others + 2)
            test = 2 * np.sqrt(of + 1) * ((mine + 1) / (of + 1) - 0.5)
            both = (mine + others + 2) / (of + of_others + 2)
            error = np.sqrt(both * (1 - both) * (1 / (of + 1) + 1 / (of_others + 1)))
            difference = np.where(
                error > 0,
                ((mine + 1) / (of + 1) - (others + 1) / (of_others + 1)) / np.where(error > 0, error, 1),
                0,
            )
            weight = share * test * (share / share_others) * difference
            telling = np.flatnonzero((test > SIGNIFICANT) & (difference > SIGNIFICANT))
            ranked += [
                (float(weight[place]), Typical(int(place), agrees, int(mine[place]), int(of[place])))
                for place in telling
            ]
        ranked.sort(key=lambda pair: (-pair[0], pair[1].statement))
        found.append(tuple(item for _, item in ranked))
    return tuple(found)
