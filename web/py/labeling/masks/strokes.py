"""What strokes of a brush paint.

The rule: a pixel is painted if its centre is at most the radius away from the line through the points of the stroke (a
capsule per segment); with a square tip, if the centre is in a square of that half side swept along the line. Softness
is the part of the radius that fades out: a mask is 0 or 255, and what is at least half covered is in, so the edge lies
half of it further in.

Only the four operations and the square root are used, which IEEE 754 rounds in one way, so that every Python paints the
same pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from labeling.masks.mask import Mask, Row, make, merged

Tip: TypeAlias = Literal["round", "square"]
Point: TypeAlias = tuple[float, float]
Runs: TypeAlias = dict[int, list[tuple[int, int]]]


def stroke(
    points: Sequence[Point],
    radius: float,
    width: int,
    height: int,
    softness: float = 0,
    tip: Tip = "round",
) -> Mask:
    """
    Args:
        points: natural pixels; (0, 0) is the corner of the first pixel, its centre (0.5, 0.5). One point is a dab.
        radius: natural pixels. softness: 0..1, the part of the radius that fades.

    Returns:
        What the stroke paints of a picture of *width* x *height* pixels.
    """
    reach = radius * (1 - softness / 2)
    runs: Runs = {}
    sweep = _round if tip == "round" else _square
    sweep(runs, points[0], points[0], reach, width, height)
    for start, end in pairwise(points):
        sweep(runs, start, end, reach, width, height)
    rows: dict[int, Row] = {y: merged(found) for y, found in runs.items()}
    return make(width, height, rows)


def _rows(ay: float, by: float, reach: float, height: int) -> range:
    """Rows whose centres may be reached."""
    first, last = math.ceil(min(ay, by) - reach - 0.5), math.floor(max(ay, by) + reach - 0.5)
    return range(max(first, 0), min(last, height - 1) + 1)


def _put(runs: Runs, y: int, low: float, high: float, width: int) -> None:
    """Pixels of row *y* with their centres from *low* to *high*."""
    start, end = max(math.ceil(low - 0.5), 0), min(math.floor(high - 0.5) + 1, width)
    if start < end:
        found = runs.get(y)
        if found is None:
            runs[y] = [(start, end)]
        else:
            found.append((start, end))


def _round(runs: Runs, a: Point, b: Point, reach: float, width: int, height: int) -> None:
    """A capsule meets a row in one piece: the widest extent of the box along the segment and the disc at its end.

    The disc at its start is the end of the segment before.
    """
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    square = reach * reach
    long = dx * dx + dy * dy
    across = reach * math.sqrt(long)
    for y in _rows(ay, by, reach, height):
        down, up = y + 0.5 - ay, y + 0.5 - by
        low, high = math.inf, -math.inf
        if up * up <= square:
            half = math.sqrt(square - up * up)
            low, high = bx - half, bx + half
        if long:
            # Of (x - ax, down): its part along the segment is in 0..long, its part across in -across..across.
            first, last = _between(dx, -down * dy, long - down * dy)
            left, right = _between(dy, down * dx - across, down * dx + across)
            first, last = max(first, left), min(last, right)
            if first <= last:
                low, high = min(low, ax + first), max(high, ax + last)
        if low <= high:
            _put(runs, y, low, high, width)


def _between(factor: float, least: float, most: float) -> tuple[float, float]:
    """Where factor * x is in least..most: from, to; nowhere if from > to."""
    if factor > 0:
        return least / factor, most / factor
    if factor < 0:
        return most / factor, least / factor
    return (-math.inf, math.inf) if least <= 0 <= most else (math.inf, -math.inf)


def _square(runs: Runs, a: Point, b: Point, reach: float, width: int, height: int) -> None:
    """The row meets the squares around those points of the segment that are at most *reach* above or below it."""
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    for y in _rows(ay, by, reach, height):
        centre = y + 0.5
        first, last = _between(dy, centre - reach - ay, centre + reach - ay)
        first, last = max(first, 0.0), min(last, 1.0)
        if first <= last:
            one, other = ax + first * dx, ax + last * dx
            _put(runs, y, min(one, other) - reach, max(one, other) + reach, width)
