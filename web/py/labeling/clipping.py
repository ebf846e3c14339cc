"""Polygons joined, cut and overlaid on a grid of whole numbers, so that no decision depends on rounding.

Corners are pairs of ints: millionths of a percent, the last digit that results have. Where edges cross, the crossing is
rounded to the grid and both edges are bent to it, until nothing crosses any more: the edges then form an exact map, and
a sweep over it counts how often each source winds around every face. A corner moves by less than one step of the grid.

A hole cannot be told in Label Studio's polygons. It is cut open along a vertical bridge of no width: the ring goes down
to the outline, around, and back, so that its area is right and filling it leaves the hole free.

Sources: the sweep is that of Bentley and Ottmann (1979) over edges that are already split; rounding crossings to a grid
and looking again is "iterated snap rounding", Halperin and Packer (2002).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cmp_to_key
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[int, int]
#: Corners in order; the last is joined to the first.
Ring: TypeAlias = Sequence[Point]
#: From the lower end to the upper one, by x and then y.
Edge: TypeAlias = tuple[Point, Point]
#: How often each source winds around a place; sources with 0 are left out.
Winding: TypeAlias = Mapping[int, int]

#: Steps of the grid in one percent.
STEPS = 1_000_000
#: Rings with less than this are left over from rounding: a millionth of a square percent, twice, in steps.
LEAST_AREA2 = 2 * STEPS * STEPS // 1_000_000
_MOST_ROUNDS = 60
_CUT = -1


class ClippingError(ValueError):
    """Rounding did not come to an end: never seen, and better said than looped on."""


def on_grid(points: Iterable[tuple[float, float]]) -> list[Point]:
    """Corners in percent, on the grid."""
    return [(round(x * STEPS), round(y * STEPS)) for x, y in points]


def off_grid(ring: Ring) -> tuple[tuple[float, float], ...]:
    """Corners in percent with 6 decimals."""
    return tuple((x / STEPS + 0.0, y / STEPS + 0.0) for x, y in ring)


def area2(ring: Ring) -> int:
    """Twice the area in steps, negative for rings that go the other way."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))


def overlay(
    sources: Sequence[Sequence[Ring]], inside: Callable[[Winding], bool], line: Sequence[Point] = ()
) -> list[list[Point]]:
    """
    Args:
        sources: rings of each source; what a source winds around, in whatever direction, it covers.
        inside: of how often each source winds around a place: whether it belongs to the result.
        line: a path that cuts the result in pieces.

    Returns:
        The rings of the parts that do not touch along an edge, the largest first; holes are bridged.

    Raises:
        ClippingError: see there.
    """
    corners = {point for rings in sources for ring in rings for point in ring}
    edges = _split(_edges(sources, line))
    graph = _sweep(edges, inside)
    return _parts(graph, corners)


def in_any(winding: Winding) -> bool:
    return bool(winding)


def in_all(count: int) -> Callable[[Winding], bool]:
    return lambda winding: len(winding) == count


def in_first_alone(winding: Winding) -> bool:
    return 0 in winding and len(winding) == 1


# Edges that do not cross


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)


def _edges(sources: Sequence[Sequence[Ring]], line: Sequence[Point]) -> dict[Edge, dict[int, int]]:
    edges: dict[Edge, dict[int, int]] = {}
    for source, rings in enumerate(sources):
        for ring in rings:
            for start, end in _sides(ring):
                _add(edges, start, end, {source: 1})
    for start, end in pairwise(line):
        _add(edges, start, end, {_CUT: 1})
    return edges


def _add(edges: dict[Edge, dict[int, int]], start: Point, end: Point, winding: Winding) -> None:
    """One more edge; edges that lie on each other are one, those that take each other away are none."""
    if start == end:
        return
    sign = 1 if start < end else -1
    edge = (start, end) if sign > 0 else (end, start)
    held = edges.get(edge)
    if held is None:
        held = edges[edge] = {}
    for source, times in winding.items():
        # A cut has no sides: twice on the same edge it is still one.
        total = 1 if source == _CUT else held.get(source, 0) + sign * times
        if total:
            held[source] = total
        else:
            held.pop(source, None)
    if not held:
        del edges[edge]


def _split(edges: dict[Edge, dict[int, int]]) -> dict[Edge, dict[int, int]]:
    """The same edges, split where they cross or touch."""
    fresh: set[Edge] | None = None
    for _ in range(_MOST_ROUNDS):
        splits = _crossings(edges, fresh)
        if not splits:
            return edges
        made: dict[Edge, dict[int, int]] = {}
        for edge, winding in edges.items():
            if edge not in splits:
                _add(made, *edge, winding)
                continue
            (x, y), (right, top) = edge
            along = sorted(splits[edge], key=lambda p: ((p[0] - x) * (right - x) + (p[1] - y) * (top - y), p))
            path = [edge[0], *along, edge[1]]
            for start, end in pairwise(path):
                _add(made, start, end, winding)
        fresh = made.keys() - edges.keys()
        edges = made
    raise ClippingError("the outlines cross too often to be told apart")


def _crossings(edges: Iterable[Edge], fresh: set[Edge] | None) -> dict[Edge, set[Point]]:
    """Where each edge must be split. Pairs are looked at that overlap in x and y and of which one is *fresh*."""
    splits: dict[Edge, set[Point]] = {}
    active: list[tuple[int, int, int, bool, Edge]] = []
    for edge in sorted(edges):
        (left, start_y), (right, end_y) = edge
        low, high = (start_y, end_y) if start_y < end_y else (end_y, start_y)
        new = fresh is None or edge in fresh
        kept = []
        for other in active:
            if other[0] < left:
                continue
            kept.append(other)
            if other[1] <= high and other[2] >= low and (new or other[3]):
                _meet(edge, other[4], splits)
        kept.append((right, low, high, new, edge))
        active = kept
    return splits


def _meet(first: Edge, second: Edge, splits: dict[Edge, set[Point]]) -> None:
    (a, b), (c, d) = first, second
    side_c, side_d = _turn(a, b, c), _turn(a, b, d)
    if (side_c > 0 and side_d > 0) or (side_c < 0 and side_d < 0):
        return
    side_a, side_b = _turn(c, d, a), _turn(c, d, b)
    if (side_a > 0 and side_b > 0) or (side_a < 0 and side_b < 0):
        return
    if side_a and side_b and side_c and side_d:
        below, above = side_a, side_a - side_b
        if above < 0:
            below, above = -below, -above
        met = a[0] + _over((b[0] - a[0]) * below, above), a[1] + _over((b[1] - a[1]) * below, above)
        if met != a and met != b:
            splits.setdefault(first, set()).add(met)
        if met != c and met != d:
            splits.setdefault(second, set()).add(met)
        return
    for side, point, edge in ((side_a, a, second), (side_b, b, second), (side_c, c, first), (side_d, d, first)):
        # On the other's line and between its ends, which the order of points says of points on one line.
        if side == 0 and edge[0] < point < edge[1]:
            splits.setdefault(edge, set()).add(point)


def _turn(a: Point, b: Point, c: Point) -> int:
    """Above 0: c is left of the way from a to b."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _over(value: int, by: int) -> int:
    """The quotient, rounded to the nearest whole number; *by* is positive."""
    return (2 * value + by) // (2 * by)


# The sweep


@dataclass(slots=True)
class _Graph:
    """``ways``: from each corner where the outline goes on, the result on the left. ``under`` by the first corner of an
    outline: the edge of the result straight below it."""

    ways: dict[Point, list[Point]] = field(default_factory=dict)
    under: dict[Point, Edge] = field(default_factory=dict)

    def way(self, start: Point, end: Point) -> None:
        self.ways.setdefault(start, []).append(end)


def _sweep(edges: Mapping[Edge, Winding], inside: Callable[[Winding], bool]) -> _Graph:
    """Which edges are the result's outline, and in which direction."""
    starts: dict[Point, list[Edge]] = {}
    for edge in edges:
        starts.setdefault(edge[0], []).append(edge)
        starts.setdefault(edge[1], [])
    status: list[Edge] = []
    above: dict[Edge, Winding] = {}
    covered: dict[Edge, bool] = {}
    bounding: dict[Edge, bool] = {}
    cuts: list[Edge] = []
    graph = _Graph()
    for point in sorted(starts):
        place = _place(status, point)
        ended = place
        while ended < len(status) and status[ended][1] == point:
            ended += 1
        goes_on = any(bounding[edge] for edge in status[place:ended])
        new = starts[point]
        if len(new) > 1:
            new.sort(key=cmp_to_key(_by_slope))
        status[place:ended] = new
        under = status[place - 1] if place else None
        winding = above[under] if under else {}
        below = covered[under] if under else False
        for edge in new:
            winding = _sum(winding, edges[edge])
            covers = inside(winding)
            above[edge], covered[edge] = winding, covers
            bounding[edge] = covers != below
            if covers and not below:
                graph.way(*edge)
            elif below and not covers:
                graph.way(edge[1], edge[0])
            elif covers and _CUT in edges[edge]:
                cuts.append(edge)
            below = covers
        if not goes_on and any(bounding[edge] for edge in new):
            found = next((status[at] for at in range(place - 1, -1, -1) if bounding[status[at]]), None)
            if found is not None:
                graph.under[point] = found
    for start, end in _without_ends(cuts, graph):
        graph.way(start, end)
        graph.way(end, start)
    return graph


def _by_slope(one: Edge, other: Edge) -> int:
    """Of edges that start together, the lower one first."""
    return -_turn(one[0], one[1], other[1])


def _place(status: list[Edge], point: Point) -> int:
    """The first edge that is not below the point."""
    low, high = 0, len(status)
    while low < high:
        middle = (low + high) // 2
        if _turn(*status[middle], point) > 0:
            low = middle + 1
        else:
            high = middle
    return low


def _sum(winding: Winding, more: Winding) -> Winding:
    made = dict(winding)
    for source, times in more.items():
        if source != _CUT:
            total = made.get(source, 0) + times
            if total:
                made[source] = total
            else:
                del made[source]
    return made


def _without_ends(cuts: list[Edge], graph: _Graph) -> list[Edge]:
    """Cuts that part something: a cut that ends inside the result is left out, back to where it began."""
    at: dict[Point, set[Edge]] = {}
    for edge in cuts:
        for point in edge:
            at.setdefault(point, set()).add(edge)
    loose = [point for point, held in at.items() if len(held) == 1 and point not in graph.ways]
    while loose:
        point = loose.pop()
        for edge in tuple(at[point]):
            for end in edge:
                at[end].discard(edge)
                if len(at[end]) == 1 and end not in graph.ways:
                    loose.append(end)
    return [edge for edge in cuts if edge in at[edge[0]]]


# Rings


def _parts(graph: _Graph, corners: set[Point]) -> list[list[Point]]:
    rings = _rings(graph)
    hanging: dict[tuple[Point, Point], list[tuple[Point, list[Point]]]] = {}
    outer = []
    for ring in rings:
        if area2(ring) > 0:
            outer.append(ring)
            continue
        if area2(ring) > -LEAST_AREA2:
            continue
        first = ring.index(min(ring))
        ring = ring[first:] + ring[:first]
        edge = graph.under.get(ring[0])
        if edge is None:
            continue
        (x, y), (right, top) = edge
        foot = (ring[0][0], y + _over((top - y) * (ring[0][0] - x), right - x))
        hanging.setdefault(edge, []).append((foot, ring))
    made = [_simple(_bridged(ring, hanging), corners) for ring in outer if area2(ring) >= LEAST_AREA2]
    return sorted((ring for ring in made if len(ring) >= 3), key=lambda ring: (-area2(ring), min(ring)))


def _rings(graph: _Graph) -> list[list[Point]]:
    """Outlines, each as small as can be: parts that touch in a corner are two, a hole that touches is none."""
    left = {point: list(ends) for point, ends in graph.ways.items()}
    made: list[list[Point]] = []
    for begin in sorted(left):
        while left[begin]:
            ring = [begin]
            before, here = begin, left[begin].pop()
            first = here
            while True:
                ends = left[here]
                if here == begin and not _goes_past(before, here, ends, first):
                    break
                end = ends.pop(_next_way(before, here, ends))
                ring.append(here)
                before, here = here, end
            made.append(ring)
    return made


def _goes_past(before: Point, here: Point, ends: list[Point], first: Point) -> bool:
    """Back at the first corner: whether the outline goes on from there before it closes."""
    return bool(ends) and _next_way(before, here, [*ends, first]) != len(ends)


def _next_way(before: Point, here: Point, ends: list[Point]) -> int:
    """Of the ways that go on, the first one clockwise from the way back: it has the same face on its left."""
    best = 0
    for place in range(1, len(ends)):
        if _earlier(before, here, ends[place], ends[best]):
            best = place
    return best


def _earlier(before: Point, here: Point, one: Point, other: Point) -> bool:
    first, second = _quarter(before, here, one), _quarter(before, here, other)
    if first != second:
        return first < second
    return _turn(here, one, other) < 0


def _quarter(before: Point, here: Point, end: Point) -> int:
    side = _turn(here, before, end)
    if side:
        return 0 if side < 0 else 2
    ahead = (before[0] - here[0]) * (end[0] - here[0]) + (before[1] - here[1]) * (end[1] - here[1])
    return 1 if ahead < 0 else 3


def _bridged(ring: list[Point], hanging: Mapping[tuple[Point, Point], list[tuple[Point, list[Point]]]]) -> list[Point]:
    """The ring with the holes that hang on its edges, and those that hang on theirs."""
    made: list[Point] = []
    # What is still to be walked, the next on top: a side of a ring, or a corner alone.
    todo: list[tuple[Point, Point | None]] = list(reversed(list(_sides(ring))))
    while todo:
        start, end = todo.pop()
        made.append(start)
        if end is None:
            continue
        holes = hanging.get((start, end) if start < end else (end, start), ())
        # Sorted from far to near, as the stack wants them.
        for foot, hole in sorted(holes, reverse=start < end):
            todo += [(foot, None), (hole[0], None), *reversed(list(_sides(hole))), (foot, None)]
    return [point for place, point in enumerate(made) if point != made[place - 1]]


def _simple(ring: list[Point], corners: set[Point]) -> list[Point]:
    """Without corners that only rounding made: not the sources', and not a step away from the line past them."""
    made: list[Point] = []
    size = len(ring)
    for place, point in enumerate(ring):
        before, after = (made[-1] if made else ring[-1]), ring[(place + 1) % size]
        if point in corners or not _straight(before, point, after):
            made.append(point)
    return made


def _straight(before: Point, point: Point, after: Point) -> bool:
    side = _turn(before, after, point)
    along = (point[0] - before[0]) * (after[0] - point[0]) + (point[1] - before[1]) * (after[1] - point[1])
    length2 = (after[0] - before[0]) ** 2 + (after[1] - before[1]) ** 2
    return along > 0 and side * side <= length2
