"""One dimension: stretches along a line, in one piece or in several. Overlap, candidates, and votes along the line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum
from typing import Any

from labeling.consensus.matching import CHECK_LIMIT, PAIR_LIMIT, TooManyPairs
from labeling.consensus.weighing import most, usable

Piece = tuple[float, float]
"""[start, end) on the line, start <= end."""

Candidates = Callable[[Sequence[Any], Sequence[Any], float], list[tuple[int, int, float]]]


def iou(a: Sequence[Piece], b: Sequence[Piece]) -> float:
    """Length in common over length covered by either, 0..1; equal ones score 1 even if they are empty.

    Args:
        a, b: pieces in order, none of which touch.

    >>> iou([(0, 4)], [(2, 6)]) == 1 / 3
    True
    """
    if a == b:
        return 1.0
    common, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        common.append(max(0.0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0])))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    shared = fsum(common)
    covered = fsum(end - start for start, end in (*a, *b)) - shared
    return min(1.0, shared / covered) if covered > 0 else 0.0


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces in order, those that touch or overlap made one."""
    made: list[Piece] = []
    for start, end in sorted(pieces):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def majority(members: Sequence[Sequence[Piece]], weights: Sequence[float]) -> tuple[Piece, ...]:
    """What more than half (by weight) of the members cover."""
    used = usable(weights, len(members))
    borders = sorted({place for pieces in members for piece in pieces for place in piece})
    kept = []
    for start, end in pairwise(borders):
        behind = [
            weight
            for pieces, weight in zip(members, used, strict=True)
            if any(first <= start and end <= last for first, last in pieces)
        ]
        if most(behind, used):
            kept.append((start, end))
    return joined(kept)


def finder(bounds: Callable[[Any], tuple[Any, Any]], overlap: Callable[[Any, Any], float]) -> Candidates:
    """
    The `candidates` of a RegionMetric for shapes along a line.

    Args:
        bounds: first and last place at which a partner of the shape can be; any type that has an order.
        overlap: IoU of two shapes.
    """

    def candidates(a: Sequence[Any], b: Sequence[Any], threshold: float) -> list[tuple[int, int, float]]:
        places = [bounds(shape) for shape in b]
        order = sorted(range(len(b)), key=lambda j: (places[j][0], j))
        starts = [places[j][0] for j in order]
        furthest: list[Any] = []  # the latest end among the first ones: it never falls, so it can be searched
        for j in order:
            end = places[j][1]
            furthest.append(end if not furthest or furthest[-1] < end else furthest[-1])
        found: list[tuple[int, int, float]] = []
        looks = 0
        for i, shape in enumerate(a):
            first, last = bounds(shape)
            low, high = bisect_left(furthest, first), bisect_right(starts, last)
            looks += max(0, high - low)
            if looks > CHECK_LIMIT:
                raise TooManyPairs(looks, CHECK_LIMIT)
            for j in order[low:high]:
                score = overlap(shape, b[j])
                if score >= threshold:
                    found.append((i, j, score))
            if len(found) > PAIR_LIMIT:
                raise TooManyPairs(len(found), PAIR_LIMIT)
        found.sort()
        return found

    return candidates
