"""Boxes in percent of an image, turned or not: reading, overlap, candidates and averaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, fsum, radians, sin

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.weighing import Weights, mean, uneven

Point = tuple[float, float]

DECIMALS = 6
"""Of averaged numbers, far below a pixel: the last bits of a machine's sine must not show in results."""

_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}


@dataclass(slots=True)  # not frozen, as that takes twice the time for each of thousands; nobody changes it
class Box:
    """x, y, width, height in percent of the image; rotation in degrees clockwise about (x, y), 0 <= rotation < 360.

    aspect: height / width of the image in pixels, since a rotation is one in pixel space. corners, bounds
    (left, top, right, bottom): percent. straight: the sides are parallel to the image's. area: square percent.
    """

    x: float
    y: float
    width: float
    height: float
    rotation: float
    aspect: float
    corners: tuple[Point, Point, Point, Point]
    bounds: tuple[float, float, float, float]
    straight: bool
    area: float

    @property
    def geometry(self) -> tuple[float, float, float, float, float]:
        """The five stored numbers."""
        return (self.x, self.y, self.width, self.height, self.rotation)


def make_box(x: float, y: float, width: float, height: float, rotation: float = 0.0, aspect: float = 1.0) -> Box:
    """A Box from its numbers; the rotation is taken modulo 360."""
    rotation = rotation % 360.0
    turn = _QUARTERS.get(rotation)
    cosine, sine = turn or (cos(radians(rotation)), sin(radians(rotation)))
    right = (x + width * cosine, y + width * sine / aspect)
    down = (-height * aspect * sine, height * cosine)
    corners = ((x, y), right, (right[0] + down[0], right[1] + down[1]), (x + down[0], y + down[1]))
    if rotation == 0.0:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        bounds = (x, y, x + width, y + height)
    else:
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        bounds = (min(xs), min(ys), max(xs), max(ys))
    return Box(x, y, width, height, rotation, aspect, corners, bounds, turn is not None, width * height)


def read_box(item: Json) -> Box | None:
    """The Box of a stored result, None if its numbers are missing, not finite or negative in size."""
    value = item["value"]
    number, told = reading.number, value.get  # asked for each of many boxes: no loop
    x, y, width, height = number(told("x")), number(told("y")), number(told("width")), number(told("height"))
    rotation = number(told("rotation") or 0)
    if x is None or y is None or width is None or height is None or rotation is None or width < 0 or height < 0:
        return None
    return make_box(float(x), float(y), float(width), float(height), float(rotation), aspect_of(item))


def aspect_of(item: Json) -> float:
    """Height / width of the image in pixels as a result tells it; 1 where it does not."""
    wide, high = reading.number(item.get("original_width")), reading.number(item.get("original_height"))
    return high / wide if wide and high and wide > 0 and high > 0 else 1.0


def clip(subject: Sequence[Point], window: Sequence[Point]) -> list[Point]:
    """
    The part of polygon *subject* inside the convex polygon *window*; both turn clockwise where y points down.

    Source: Sutherland and Hodgman (1974), Reentrant polygon clipping, Communications of the ACM 17(1).
    """
    kept = list(subject)
    for index, (x1, y1) in enumerate(window):
        x2, y2 = window[(index + 1) % len(window)]
        edge_x, edge_y = x2 - x1, y2 - y1
        before, kept = kept, []
        for place, (x, y) in enumerate(before):
            last_x, last_y = before[place - 1]
            side = edge_x * (y - y1) - edge_y * (x - x1)
            last_side = edge_x * (last_y - y1) - edge_y * (last_x - x1)
            if (side >= 0) != (last_side >= 0):
                share = last_side / (last_side - side)
                kept.append((last_x + share * (x - last_x), last_y + share * (y - last_y)))
            if side >= 0:
                kept.append((x, y))
        if not kept:
            break
    return kept


def area(polygon: Sequence[Point]) -> float:
    """Area by the shoelace formula, >= 0."""
    if len(polygon) < 3:
        return 0.0
    x0, y0 = polygon[0]  # sums around a corner lose fewer digits than around the origin
    total = fsum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(polygon[1:]))
    return abs(total) / 2


def box_iou(a: Box, b: Box) -> float:
    """Intersection over union, 0..1. Equal boxes score 1 even if they are empty; else an empty box scores 0.

    >>> box_iou(make_box(0, 0, 2, 1), make_box(1, 0, 2, 1))
    0.3333333333333333
    """
    if a.geometry == b.geometry and a.aspect == b.aspect:
        return 1.0
    left, top = max(a.bounds[0], b.bounds[0]), max(a.bounds[1], b.bounds[1])
    right, bottom = min(a.bounds[2], b.bounds[2]), min(a.bounds[3], b.bounds[3])
    if right <= left or bottom <= top:
        return 0.0
    straight = a.straight and b.straight
    shared = (right - left) * (bottom - top) if straight else area(clip(a.corners, b.corners))
    union = a.area + b.area - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def box_candidates(a: Sequence[Box], b: Sequence[Box], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, box_iou)


def merge_boxes(boxes: Sequence[Box], weights: Weights = None) -> Json:
    """
    The (weighted) average box as stored members x, y, width, height, rotation.

    Straight boxes: the mean of each number. Turned ones: every box is first written in the one of its four equal forms
    (quarter turns with width and height exchanged) whose rotation is nearest to the medoid's; then centre, width and
    height are averaged in pixel space and the rotation on the circle (mean of the differences from the medoid, each
    within 45 degrees), so that 350 and 10 degrees give 0 and a box drawn from another corner does not tilt the result.
    """
    numbers = [box.geometry for box in boxes]
    if numbers.count(numbers[0]) == len(numbers):
        return _stored(*numbers[0])
    if all(box.rotation == 0.0 for box in boxes):
        weights = uneven(weights)
        x, y, wide, high, _ = (mean(column, weights) for column in zip(*numbers, strict=True))
        return _rounded(x, y, wide, high, 0.0)

    start = medoid(boxes, weights, box_iou, lambda box: (box.geometry, box.aspect))
    forms = [_nearest_form(box, start.rotation) for box in boxes]
    centre_x, centre_y, wide, high, turn = (mean([form[k] for form in forms], weights) for k in range(5))
    rotation = (start.rotation + turn) % 360.0
    cosine, sine = _QUARTERS.get(rotation) or (cos(radians(rotation)), sin(radians(rotation)))
    x = centre_x - wide / 2 * cosine + high / 2 * sine
    y = (centre_y - wide / 2 * sine - high / 2 * cosine) / start.aspect
    return _rounded(x, y, wide, high / start.aspect, rotation)


def _nearest_form(box: Box, rotation: float) -> tuple[float, float, float, float, float]:
    """Centre x, centre y, width, height (in percent of the width of the image) and turn from *rotation*, -45..45."""
    (x1, y1), _, (x3, y3), _ = box.corners
    wide, high = box.width, box.height * box.aspect
    turn = (box.rotation - rotation) % 360.0
    quarters = round(turn / 90.0)
    turn -= 90.0 * quarters
    if quarters % 2:
        wide, high = high, wide
    return ((x1 + x3) / 2, (y1 + y3) / 2 * box.aspect, wide, high, turn)


def _rounded(x: float, y: float, width: float, height: float, rotation: float) -> Json:
    return _stored(
        round(x, DECIMALS),
        round(y, DECIMALS),
        round(width, DECIMALS),
        round(height, DECIMALS),
        round(rotation, DECIMALS),
    )


def _stored(x: float, y: float, width: float, height: float, rotation: float) -> Json:
    return {
        "x": tidy(x),
        "y": tidy(y),
        "width": tidy(width),
        "height": tidy(height),
        "rotation": tidy(rotation % 360.0),
    }
