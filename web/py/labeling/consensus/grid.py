"""Which shapes of two people may overlap: a grid over the plane, so that far ones are never compared."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from math import ceil, fsum, sqrt
from typing import Protocol, TypeVar

from labeling.consensus.matching import CHECK_LIMIT, PAIR_LIMIT, TooManyPairs

SMALL = 250_000
"""Up to so many pairs a sorted list is faster than a grid."""

Bounds = tuple[float, float, float, float]


class Flat(Protocol):
    """bounds: left, top, right, bottom of all that can overlap. area: in the square of their unit; 0 for shapes
    without one, which are then compared wherever their bounds meet."""

    @property
    def bounds(self) -> Bounds: ...

    @property
    def area(self) -> float: ...


F = TypeVar("F", bound=Flat)


def candidates(
    a: Sequence[F], b: Sequence[F], threshold: float, iou: Callable[[F, F], float]
) -> list[tuple[int, int, float]]:
    """
    All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted.

    *iou* is asked only where bounds and areas allow the threshold: what two shapes share is at most the smaller area
    and at most their common bounds.

    Raises:
        TooManyPairs: thousands of shapes lie on each other.
    """
    boxes, sizes = [shape.bounds for shape in b], [shape.area for shape in b]
    near = _in_window if len(a) * len(b) <= SMALL else _in_cells
    found: list[tuple[int, int, float]] = []
    for i, hits in near([shape.bounds for shape in a], boxes):
        shape = a[i]
        x1, y1, x2, y2 = shape.bounds
        size = shape.area
        for j in hits:
            u1, v1, u2, v2 = boxes[j]
            other = sizes[j]
            shared = ((x2 if x2 < u2 else u2) - (x1 if x1 > u1 else u1)) * (
                (y2 if y2 < v2 else v2) - (y1 if y1 > v1 else v1)
            )
            if size < shared:
                shared = size
            if other < shared:
                shared = other
            if shared < threshold * (size + other - shared) * 0.999:
                continue
            overlap = iou(shape, b[j])
            if overlap >= threshold:
                found.append((i, j, overlap))
        if len(found) > PAIR_LIMIT:
            raise TooManyPairs(len(found), PAIR_LIMIT)
    found.sort()
    return found


def _in_window(a: Sequence[Bounds], b: Sequence[Bounds]) -> Iterator[tuple[int, list[int]]]:
    """Indexes of *b* whose bounds meet each of *a*: looked for among those that begin near it."""
    if not b:
        return
    ranked = sorted((*bounds, j) for j, bounds in enumerate(b))
    starts = [entry[0] for entry in ranked]
    widest = max(bounds[2] - bounds[0] for bounds in b)
    for i, (x1, y1, x2, y2) in enumerate(a):
        window = ranked[bisect_left(starts, x1 - widest) : bisect_right(starts, x2)]
        yield i, [j for _, v1, u2, v2, j in window if v1 <= y2 and v2 >= y1 and u2 >= x1]


def _in_cells(a: Sequence[Bounds], b: Sequence[Bounds]) -> Iterator[tuple[int, list[int]]]:
    """
    The same for many shapes: *b* is put into a grid of at most n x n cells for n * n shapes; each pair is looked at
    only in the cell that holds the top left corner of their common bounds.
    """
    everything = [*a, *b]
    most = ceil(sqrt(len(everything)))
    column_of = _lines([(bounds[0], bounds[2]) for bounds in everything], most)
    row_of = _lines([(bounds[1], bounds[3]) for bounds in everything], most)

    cells: dict[tuple[int, int], list[int]] = {}
    for index, (x1, y1, x2, y2) in enumerate(b):
        for column in range(column_of(x1), column_of(x2) + 1):
            for row in range(row_of(y1), row_of(y2) + 1):
                cells.setdefault((column, row), []).append(index)

    looks = 0
    for i, (x1, y1, x2, y2) in enumerate(a):
        hits = []
        for column in range(column_of(x1), column_of(x2) + 1):
            for row in range(row_of(y1), row_of(y2) + 1):
                here = cells.get((column, row))
                if here is None:
                    continue
                looks += len(here)
                if looks > CHECK_LIMIT:
                    raise TooManyPairs(looks, CHECK_LIMIT)
                for j in here:
                    u1, v1, u2, v2 = b[j]
                    if u1 > x2 or u2 < x1 or v1 > y2 or v2 < y1:
                        continue
                    if column_of(max(x1, u1)) == column and row_of(max(y1, v1)) == row:
                        hits.append(j)
        yield i, hits


def _lines(intervals: Sequence[tuple[float, float]], most: int) -> Callable[[float], int]:
    """
    The grid's columns (or rows): a function from a place to a number in 0..most that never falls.

    Cells are as wide as the mean interval and span the middle nine tenths; what lies beyond goes to the
    outermost cells, so that one shape far away or as wide as the picture does not put all others into one cell.
    """
    edge = len(intervals) // 20
    low = sorted(start for start, _ in intervals)[edge]
    spread = max(0.0, sorted(end for _, end in intervals)[-1 - edge] - low)
    mean = fsum(min(end - start, spread) for start, end in intervals) / len(intervals)
    cell = max(mean, spread / most)
    if cell < 1e-9:
        return lambda _: 0
    return lambda place: min(max(int((place - low) / cell), 0), most)
