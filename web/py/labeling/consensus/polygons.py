"""Polygons in percent of an image: reading, overlap and merging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from labeling import reading
from labeling.consensus import grid, segments2d, slabs
from labeling.consensus.boxes import DECIMALS, aspect_of
from labeling.consensus.medoids import is_as_good, medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.remembered import remembered
from labeling.consensus.weighing import Weights, mean, most, usable

CORNER = 0.1
"""How near a corner of another outline must be, in square roots of the area, to count as the same corner."""

MOST_STEPS = 4_000_000
"""Corners times corners that averaging may take (some seconds); of larger outlines the medoid is taken."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Polygon:
    """points: corners in percent, the first not repeated. closed: it was finished (else it is closed for its area).

    aspect: height / width of the image in pixels. slabbed: prepared for areas. area: square percent.
    """

    points: tuple[Point, ...]
    closed: bool
    aspect: float
    bounds: grid.Bounds
    area: float
    slabbed: slabs.Slabbed
    known: dict[int, tuple[Any, float]] = field(default_factory=dict, compare=False, repr=False)


def make_polygon(points: Sequence[Point], closed: bool = True, aspect: float = 1.0) -> Polygon:
    """A Polygon through at least one point."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    slabbed = slabs.prepare(points)
    return Polygon(tuple(points), closed, aspect, (min(xs), min(ys), max(xs), max(ys)), slabs.area(slabbed), slabbed)


def read_polygon(item: Json) -> Polygon | None:
    """The Polygon of a stored result, None if its points are missing or no pairs of numbers."""
    given = item["value"].get("points")
    if not isinstance(given, list) or not given:
        return None
    points = []
    for pair in given:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            return None
        x, y = reading.number(pair[0]), reading.number(pair[1])
        if x is None or y is None:
            return None
        points.append((float(x), float(y)))
    return make_polygon(points, item["value"].get("closed") is not False, aspect_of(item))


@remembered
def polygon_iou(a: Polygon, b: Polygon) -> float:
    """Area in common / area of either, 0..1; of what a canvas paints, so polygons may cross themselves. Equal ones: 1.

    >>> polygon_iou(make_polygon([(0, 0), (2, 0), (2, 2), (0, 2)]), make_polygon([(1, 0), (3, 0), (3, 2), (1, 2)]))
    0.3333333333333333
    """
    if a.points == b.points:
        return 1.0
    shared = slabs.shared_area(a.slabbed, b.slabbed)
    union = a.area + b.area - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def polygon_candidates(a: Sequence[Polygon], b: Sequence[Polygon], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, polygon_iou)


def merge_polygons(polygons: Sequence[Polygon], weights: Weights = None) -> Json:
    """
    The mean outline as stored members points, closed.

    Each corner of the medoid moves to the (weighted) mean of the places that correspond to it on the others: their
    nearest corner if it is near (CORNER), else the nearest point of their outline, in pixel space. If the moved outline
    is less like all of them than the medoid is like the others (very different forms), the medoid stays.

    Against drawn copies of known forms this is nearer to the truth than the medoid for any number of people, and than a
    vote per pixel for two and four people (whose majority is an intersection); and it keeps corners that can be edited.
    """
    first = polygons[0]
    numbers = usable(weights, len(polygons))
    open_ones = [weight for polygon, weight in zip(polygons, numbers, strict=True) if not polygon.closed]
    closed = not most(open_ones, numbers)
    if all(polygon.points == first.points for polygon in polygons):
        return _stored(first.points, closed)
    start = medoid(polygons, weights, polygon_iou, _key)
    if len(start.points) * sum(len(polygon.points) for polygon in polygons) > MOST_STEPS:
        return _stored(start.points, closed)
    moved = make_polygon(_moved(start, polygons, numbers), closed, start.aspect)
    good = is_as_good(moved, start, polygons, weights, polygon_iou)
    return _stored((moved if good else start).points, closed)


def _key(polygon: Polygon) -> Any:
    return (len(polygon.points), polygon.points, polygon.aspect, polygon.closed)


def _moved(start: Polygon, polygons: Sequence[Polygon], weights: Sequence[float]) -> list[Point]:
    aspect = start.aspect
    reach = CORNER * CORNER * start.area * aspect  # the square of the distance
    others = [[(x, y * aspect) for x, y in polygon.points] for polygon in polygons]
    outlines = [segments2d.outline(points) for points in others]
    moved = []
    for x, y in start.points:
        at = (x, y * aspect)
        places = []
        for points, sides in zip(others, outlines, strict=True):
            square, corner = min((((px - at[0]) ** 2 + (py - at[1]) ** 2), (px, py)) for px, py in points)
            places.append(corner if square <= reach else segments2d.nearest(at, sides)[1])
        across = mean([place[0] for place in places], weights)
        down = mean([place[1] for place in places], weights)
        moved.append((round(across, DECIMALS), round(down / aspect, DECIMALS)))
    return moved


def _stored(points: Sequence[Point], closed: bool) -> Json:
    return {"points": [[tidy(x), tidy(y)] for x, y in points], "closed": closed}
