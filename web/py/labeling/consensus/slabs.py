"""Areas of polygons of any form, and of what two of them share, by horizontal slabs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from operator import itemgetter

Point = tuple[float, float]
Edge = tuple[float, float, float, float, int]
"""(top, bottom, x at top, change of x per unit of y, direction +1 or -1); top < bottom."""

MOST_CROSSINGS = 200_000
"""Pairs of edges that are looked at for crossings; more, and areas are integrated over lines instead."""

MOST_STEPS = 1_000_000
"""Edges in slabs, summed over the slabs, that an exact area may take; more, and it is integrated over lines instead."""

LINES = 2048
"""Lines over the height in that case; fewer if MOST_STEPS demands it."""


@dataclass(frozen=True, slots=True)
class Slabbed:
    """A polygon prepared for slabs: its edges by top, and the heights where edges begin, end or cross."""

    edges: tuple[Edge, ...]
    heights: tuple[float, ...]
    dense: bool


def prepare(points: Sequence[Point]) -> Slabbed:
    """The closed polygon through *points*; it may touch or cross itself."""
    edges = []
    for (x1, y1), (x2, y2) in zip(points, (*points[1:], points[0]), strict=True):
        if y1 < y2:
            edges.append((y1, y2, x1, (x2 - x1) / (y2 - y1), 1))
        elif y2 < y1:
            edges.append((y2, y1, x2, (x1 - x2) / (y1 - y2), -1))
    edges.sort()
    heights = {height for edge in edges for height in edge[:2]}
    crossings = _crossings(edges)
    ordered = sorted(heights.union(crossings or ()))
    return Slabbed(tuple(edges), tuple(ordered), crossings is None or _too_many(edges, ordered))


def _too_many(edges: Sequence[Edge], heights: Sequence[float]) -> bool:
    """Whether the edges reach through too many slabs."""
    if len(edges) * len(heights) <= MOST_STEPS:
        return False
    return sum(bisect_left(heights, edge[1]) - bisect_left(heights, edge[0]) for edge in edges) > MOST_STEPS


def _lines(top: float, bottom: float, edges: int) -> list[float]:
    """Heights of lines at equal distances, for *edges* edges."""
    count = max(16, min(LINES, MOST_STEPS // max(1, edges)))
    return [top + (bottom - top) * line / count for line in range(count + 1)]


def _crossings(edges: Sequence[Edge], others: Sequence[Edge] | None = None) -> list[float] | None:
    """Heights at which edges cross each other, or those of another polygon; None: too many to look at."""
    found = []
    looks = 0
    tops = [edge[0] for edge in (edges if others is None else others)]
    for i, (top, bottom, x, slope, _) in enumerate(edges):
        if others is None:
            rivals = edges[i + 1 : bisect_right(tops, bottom)]
        else:
            rivals = others[: bisect_right(tops, bottom)]
        looks += len(rivals)
        if looks > MOST_CROSSINGS:
            return None
        for other_top, other_bottom, other_x, other_slope, _ in rivals:
            if other_bottom <= top:
                continue
            steep = slope - other_slope
            if steep == 0:
                continue
            height = (other_x - x + slope * top - other_slope * other_top) / steep
            if (top if top > other_top else other_top) < height < (bottom if bottom < other_bottom else other_bottom):
                found.append(height)
    return found


def area(shape: Slabbed) -> float:
    """Area of what the polygon paints (nonzero rule: what a canvas fills), >= 0."""
    parts = []
    heights: Sequence[float] = shape.heights
    if shape.dense and heights:
        heights = _lines(heights[0], heights[-1], len(shape.edges))
    for high, middle, active in _slabs(shape, heights):
        parts.append(high * sum(end - start for start, end in _intervals(active, middle)))
    return fsum(parts)


def shared_area(a: Slabbed, b: Slabbed) -> float:
    """
    Area of what both polygons paint, >= 0.

    Between two neighbouring heights where an edge begins, ends or crosses another, the painted length along a line is a
    linear function of the line's height: so the length in the middle of such a slab times its height is the area,
    exactly. Polygons that are too dense for that are integrated over lines at equal distances.
    """
    if not a.edges or not b.edges:
        return 0.0
    top, bottom = max(a.heights[0], b.heights[0]), min(a.heights[-1], b.heights[-1])
    if bottom <= top:
        return 0.0
    crossings = None if a.dense or b.dense else _crossings(a.edges, b.edges)
    heights = sorted({height for height in (*a.heights, *b.heights, *(crossings or ())) if top <= height <= bottom})
    if crossings is None or _too_many(a.edges, heights) or _too_many(b.edges, heights):
        heights = _lines(top, bottom, len(a.edges) + len(b.edges))
    parts = []
    for (high, middle, left), (_, _, right) in zip(_slabs(a, heights), _slabs(b, heights), strict=True):
        if left and right:
            parts.append(high * _common_length(_intervals(left, middle), _intervals(right, middle)))
    return fsum(parts)


def _slabs(shape: Slabbed, heights: Sequence[float]) -> Iterator[tuple[float, float, list[Edge]]]:
    """(height of the slab, its middle, edges that cross the middle) from top to bottom."""
    edges, place = shape.edges, 0
    active: list[Edge] = []
    for start, end in pairwise(heights):
        middle = (start + end) / 2
        active = [edge for edge in active if edge[1] > middle]
        while place < len(edges) and edges[place][0] < middle:
            if edges[place][1] > middle:
                active.append(edges[place])
            place += 1
        yield end - start, middle, active


_first = itemgetter(0)


def _intervals(active: Sequence[Edge], height: float) -> list[tuple[float, float]]:
    """What is painted along the line at *height*, from left to right."""
    if len(active) == 2:
        (top, _, x, slope, _), (other_top, _, other_x, other_slope, _) = active
        left, right = x + slope * (height - top), other_x + other_slope * (height - other_top)
        return [(left, right) if left < right else (right, left)]
    found = []
    winding, start = 0, 0.0
    for x, direction in sorted([(x + slope * (height - top), way) for top, _, x, slope, way in active], key=_first):
        if winding == 0:
            start = x
        winding += direction
        if winding == 0 and x > start:
            found.append((start, x))
    return found


def _common_length(a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]]) -> float:
    total = 0.0
    i = j = 0
    while i < len(a) and j < len(b):
        left = a[i][0] if a[i][0] > b[j][0] else b[j][0]
        right = a[i][1] if a[i][1] < b[j][1] else b[j][1]
        if right > left:
            total += right - left
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return total
