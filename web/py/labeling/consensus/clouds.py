"""Sets of points of a cloud, by index: reading, overlap and merging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from labeling.consensus.matching import CHECK_LIMIT, PAIR_LIMIT, TooManyPairs
from labeling.consensus.model import Json
from labeling.consensus.weighing import Weights, most, uneven, usable


@dataclass(frozen=True, slots=True)
class Points:
    """indexes: of the points in the file, from 0. order: as stored. least, largest: of them."""

    indexes: frozenset[int]
    order: tuple[int, ...]
    least: int
    largest: int


def make_points(indexes: Sequence[int]) -> Points:
    """A set of at least one point."""
    return Points(frozenset(indexes), tuple(indexes), min(indexes), max(indexes))


def read_points(item: Json) -> Points | None:
    """The Points of a stored result, None if its indexes are missing or no whole numbers from 0."""
    given = item["value"].get("indexes")
    if not isinstance(given, list) or not given:
        return None
    if set(map(type, given)) != {int} or min(given) < 0:
        return None
    return make_points(given)


def points_iou(a: Points, b: Points) -> float:
    """Jaccard index: points in both / points in either, 0..1.

    >>> points_iou(make_points([1, 2, 3]), make_points([2, 3, 4]))
    0.5
    """
    shared = len(a.indexes & b.indexes)
    return shared / (len(a.indexes) + len(b.indexes) - shared)


def points_candidates(a: Sequence[Points], b: Sequence[Points], threshold: float) -> list[tuple[int, int, float]]:
    """
    All pairs (index in a, index in b, Jaccard index) with at least *threshold* > 0, sorted.

    Raises:
        TooManyPairs: thousands of sets lie on each other.
    """
    found: list[tuple[int, int, float]] = []
    if len(a) * len(b) > CHECK_LIMIT:
        raise TooManyPairs(len(a) * len(b), CHECK_LIMIT)
    for i, left in enumerate(a):
        count = len(left.indexes)
        for j, right in enumerate(b):
            other = len(right.indexes)
            if left.least > right.largest or right.least > left.largest:
                continue
            if min(count, other) < threshold * max(count, other) * 0.999:
                continue  # the Jaccard index is at most the ratio of the sizes
            overlap = points_iou(left, right)
            if overlap >= threshold:
                found.append((i, j, overlap))
        if len(found) > PAIR_LIMIT:
            raise TooManyPairs(len(found), PAIR_LIMIT)
    return found


def merge_points(sets: Sequence[Points], weights: Weights = None) -> Json:
    """The points that more than half (by weight) marked, ascending; all that anybody marked if no point has so many."""
    if all(points.order == sets[0].order for points in sets):
        return {"indexes": list(sets[0].order)}
    weights = uneven(weights)
    if weights is None:
        counts = Counter(chain.from_iterable(points.indexes for points in sets))
        chosen = [index for index, count in counts.items() if 2 * count > len(sets)]
        return {"indexes": sorted(chosen or counts)}
    used = usable(weights, len(sets))
    behind: dict[int, list[float]] = {}
    for points, weight in zip(sets, used, strict=True):
        for index in points.indexes:
            behind.setdefault(index, []).append(weight)
    chosen = [index for index, held in behind.items() if most(held, used)]
    return {"indexes": sorted(chosen or behind)}
