"""Vectors (paths and skeletons) in percent of an image: reading, closeness and merging."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum, inf, sqrt
from typing import Any

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.boxes import DECIMALS, aspect_of
from labeling.consensus.keypoints import HALF, closeness, diagonal
from labeling.consensus.matching import TooManyPairs
from labeling.consensus.medoids import is_as_good, medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.remembered import remember, remembered
from labeling.consensus.segments2d import Segment, nearest, spread
from labeling.consensus.weighing import Weights, mean, most, usable
from labeling.shapes.outlines import read_vertices

SAMPLES = 32
"""Points along a path that stand for it."""

MOST_STEPS = 500_000
"""Lines of paths, summed over the pairs of two people, that are looked at (each by SAMPLES points: some seconds)."""

_CURVE = 12  # lines that stand for one curved step
_HANDLES = ("controlPoint1", "controlPoint2")

Vertex = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Vector:
    """stored: its vertices as they came; vertices: the same, completed. closed: the last leads to the first.

    segments: its lines, curves in short ones, in percent of the image's width along both axes. samples: SAMPLES points
    along them. bounds: where paths that are 0.5 alike must come, in the same unit.
    """

    stored: tuple[Vertex, ...]
    vertices: tuple[Vertex, ...]
    closed: bool
    aspect: float
    segments: tuple[Segment, ...]
    samples: tuple[tuple[float, float], ...]
    bounds: grid.Bounds
    area: float = 0.0
    known: dict[int, tuple[Any, float]] = field(default_factory=dict, compare=False, repr=False)


def make_vector(stored: Sequence[Vertex], closed: bool = False, aspect: float = 1.0) -> Vector:
    """A Vector through at least one vertex (`x`, `y`; `id`, `prevPointId`, `isBezier`, handles).

    Raises:
        ValueError: no vertex, or one without x or y.
    """
    vertices = read_vertices(list(stored))
    if vertices is None:
        raise ValueError("a vector needs vertices with x and y as numbers")
    segments = _segments(vertices, closed, aspect)
    xs, ys = [x for s in segments for x in (s[0], s[2])], [y for s in segments for y in (s[1], s[3])]
    reach = HALF * diagonal(aspect)
    bounds = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
    path = (tuple(stored), vertices)
    return Vector(*path, closed, aspect, tuple(segments), tuple(spread(segments, SAMPLES)), bounds)


def read_vector(item: Json) -> Vector | None:
    """The Vector of a stored result, None if its vertices are missing or have no place."""
    given = item["value"].get("vertices")
    if not isinstance(given, list):
        return None
    try:
        return make_vector(given, item["value"].get("closed") is True, aspect_of(item))
    except ValueError:
        return None


def _segments(vertices: Sequence[Vertex], closed: bool, aspect: float) -> list[Segment]:
    by_id = {str(vertex["id"]): vertex for vertex in vertices}
    steps = [
        (by_id[str(vertex["prevPointId"])], vertex)
        for vertex in vertices
        if vertex.get("prevPointId") is not None and str(vertex["prevPointId"]) in by_id
    ]
    if closed and len(vertices) > 2:
        steps.append((vertices[-1], vertices[0]))
    segments = [segment for start, end in steps for segment in _step(start, end, aspect)]
    alone = [] if segments else [_at(vertex, aspect) for vertex in vertices]
    return segments or [(*place, *place) for place in alone]


def _at(point: Mapping[str, Any], aspect: float) -> tuple[float, float]:
    return float(reading.number(point.get("x")) or 0), float(reading.number(point.get("y")) or 0) * aspect


def _step(start: Vertex, end: Vertex, aspect: float) -> list[Segment]:
    """From one vertex to the next; curved where a vertex has a handle on that side."""
    first, last = _at(start, aspect), _at(end, aspect)
    out = reading.mapping(start.get("controlPoint2")) if start.get("isBezier") else None
    into = reading.mapping(end.get("controlPoint1")) if end.get("isBezier") else None
    if not out and not into:
        return [(*first, *last)]
    b, c = _at(out, aspect) if out else first, _at(into, aspect) if into else last
    points = []
    for step in range(_CURVE + 1):
        t = step / _CURVE
        u = 1 - t
        parts = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        x = sum(part * point[0] for part, point in zip(parts, (first, b, c, last), strict=True))
        y = sum(part * point[1] for part, point in zip(parts, (first, b, c, last), strict=True))
        points.append((x, y))
    return [(*p, *q) for p, q in pairwise(points)]


@remembered
def vector_similarity(a: Vector, b: Vector) -> float:
    """
    `keypoints.closeness` of the modified Hausdorff distance of two paths, 0..1; direction and vertices do not matter.

    The distance is the larger of the two mean distances from the points of one path to the other path.

    Source: Dubuisson and Jain (1994), A modified Hausdorff distance for object matching, ICPR, eq. 8 (d_6, f_2).
    """
    return _similarity(a, b, inf)


def _similarity(a: Vector, b: Vector, farthest: float) -> float:
    """`vector_similarity`, or 0 if the distance is larger than *farthest*."""
    if a.segments == b.segments:
        return 1.0
    there = _mean_distance(a, b, farthest)
    back = there if there == inf else _mean_distance(b, a, farthest)
    return 0.0 if back == inf else closeness(max(there, back) ** 2, diagonal(min(a.aspect, b.aspect)))


def _mean_distance(a: Vector, b: Vector, farthest: float) -> float:
    """From the points of *a* to *b*; inf as soon as it must be larger than *farthest*."""
    distances = []
    left = farthest * len(a.samples)
    for point in a.samples:
        distance = sqrt(nearest(point, b.segments)[0])
        distances.append(distance)
        left -= distance
        if left < 0:
            return inf
    return fsum(distances) / len(distances)


def vector_candidates(a: Sequence[Vector], b: Sequence[Vector], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, closeness) with closeness >= threshold >= 0.499, sorted.

    Raises:
        TooManyPairs: many long paths lie on each other.
    """

    looks = 0

    def alike(left: Vector, right: Vector) -> float:
        nonlocal looks
        looks += len(left.segments) + len(right.segments)
        if looks > MOST_STEPS:
            raise TooManyPairs(looks, MOST_STEPS)
        found = _similarity(left, right, HALF * diagonal(min(left.aspect, right.aspect)))
        if found:
            remember(left, right, found)
        return found

    return grid.candidates(a, b, threshold, alike)


def merge_vectors(vectors: Sequence[Vector], weights: Weights = None) -> Json:
    """
    The merged path as stored members vertices, closed.

    Where all have the same vertices (as many, linked alike), each vertex and its handles move to the (weighted) mean;
    open paths without branches are turned round first where that brings them nearer. If that is less like all of them
    than the medoid is like the others, or vertices differ, it is the medoid. Ids and other members of vertices are the
    medoid's.
    """
    numbers = usable(weights, len(vectors))
    closed_ones = [weight for vector, weight in zip(vectors, numbers, strict=True) if vector.closed]
    closed = most(closed_ones, numbers)
    start = medoid(vectors, weights, vector_similarity, _key)
    if all(_places(vector) == _places(start) for vector in vectors):
        return _stored(start, closed)
    form = _links(start)
    if all(_links(vector) == form for vector in vectors):
        moved = make_vector(_averaged(start, vectors, weights), start.closed, start.aspect)
        if is_as_good(moved, start, vectors, weights, vector_similarity):
            return _stored(moved, closed)
    return _stored(start, closed)


def _stored(vector: Vector, closed: bool) -> Json:
    return {"vertices": [dict(vertex) for vertex in vector.stored], "closed": closed}


def _key(vector: Vector) -> Any:
    return (len(vector.vertices), _places(vector), json.dumps(vector.stored, sort_keys=True), vector.closed)


def _places(vector: Vector) -> list[tuple[float, float]]:
    return [point for vertex in vector.vertices for point in _points(vertex)]


def _points(vertex: Vertex) -> list[tuple[float, float]]:
    """The vertex and its handles, in percent."""
    handles = [reading.mapping(vertex.get(name)) for name in _HANDLES]
    return [_at(point, 1.0) for point in (vertex, *handles) if point]


def _links(vector: Vector) -> list[tuple[int, list[str]]]:
    """Of each vertex the index of the one before it, and the handles it has: equal for paths of the same form."""
    index = {str(vertex["id"]): place for place, vertex in enumerate(vector.vertices)}
    return [
        (
            index.get(str(vertex.get("prevPointId")), -1),
            [name for name in _HANDLES if reading.mapping(vertex.get(name))],
        )
        for vertex in vector.vertices
    ]


def _averaged(start: Vector, vectors: Sequence[Vector], weights: Weights) -> list[Vertex]:
    links = _links(start)
    simple = not start.closed and links == [(place - 1, []) for place in range(len(links))]
    lists = [_facing(start, vector) if simple else vector.vertices for vector in vectors]
    made: list[Vertex] = []
    for place, vertex in enumerate(start.stored):
        moved: dict[str, Any] = {**vertex, **_mean([vertices[place] for vertices in lists], weights)}
        for name in links[place][1]:
            moved[name] = {**vertex[name], **_mean([vertices[place][name] for vertices in lists], weights)}
        made.append(moved)
    return made


def _mean(points: Sequence[Mapping[str, Any]], weights: Weights) -> Json:
    places = [_at(point, 1.0) for point in points]
    x, y = (mean([place[axis] for place in places], weights) for axis in (0, 1))
    return {"x": tidy(round(x, DECIMALS)), "y": tidy(round(y, DECIMALS))}


def _facing(start: Vector, vector: Vector) -> Sequence[Vertex]:
    """The vertices in the direction in which they lie nearer to those of *start*."""
    here = [_at(vertex, start.aspect) for vertex in start.vertices]
    there = [_at(vertex, start.aspect) for vertex in vector.vertices]

    def apart(places: Sequence[tuple[float, float]]) -> float:
        return fsum((x - u) ** 2 + (y - v) ** 2 for (x, y), (u, v) in zip(here, places, strict=True))

    return vector.vertices[::-1] if apart(there[::-1]) < apart(there) else vector.vertices
