"""Outlines of shapes on pictures, and shapes made of outlines: what combining and converting are done with.

An outline is rings in percent. Masks become outlines along their pixels' edges, straightened up to a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from labeling import clipping, geometry, masks, reading
from labeling.geometry import Box, Size
from labeling.masks import Mask
from labeling.shapes import Bitmask, Brush, Ellipse, Polygon, Shape, Vector, rasters
from labeling.shapes.kind import Bounds, rounded

Point: TypeAlias = tuple[float, float]
Rings: TypeAlias = list[list[Point]]

#: How far an outline may be from what it stands for, in pixels, if nobody says.
TOLERANCE = 1.0
_FEWEST, _MOST = 12, 720


def rings(shape: Shape, size: Size, tolerance: float = TOLERANCE) -> Rings | None:
    """The outline of what *shape* covers; None for what covers nothing: points, open lines, marks of texts.

    Raises:
        MaskError: the mask cannot be read.
    """
    match shape:
        case Box():
            return [corners(shape, size)]
        case Ellipse():
            return [_round(shape, size, tolerance)]
        case Polygon(points, closed) if closed and len(points) >= 3:
            return [list(points)]
        case Vector(vertices, closed) if closed and len(vertices) >= 3:
            return [[(reading.number(v.get("x")) or 0, reading.number(v.get("y")) or 0) for v in vertices]]
        case Brush() | Bitmask():
            return traced(rasters.mask_of(shape, size), tolerance)
        case _:
            return None


def grid_rings(outline: Rings) -> list[list[clipping.Point]]:
    return [clipping.on_grid(ring) for ring in outline]


def polygons(parts: Sequence[Sequence[clipping.Point]]) -> list[Polygon]:
    return [Polygon(clipping.off_grid(ring)) for ring in parts]


def corners(box: Box, size: Size) -> list[Point]:
    """Of a box that may be turned, clockwise from its own top left one."""
    if not box.rotation:
        right, bottom = rounded(box.x + box.width), rounded(box.y + box.height)
        return [(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom)]
    cos, sin = geometry.cosine(box.rotation), geometry.sine(box.rotation)
    wide, high = box.width * size.width / 100, box.height * size.height / 100
    made = []
    for along, down in ((0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)):
        x = box.x + (along * cos - down * sin) * 100 / size.width
        y = box.y + (along * sin + down * cos) * 100 / size.height
        made.append((rounded(x), rounded(y)))
    return made


def _round(shape: Ellipse, size: Size, tolerance: float) -> list[Point]:
    """A polygon of the ellipse's own area, its corners as far outside as the middles of its sides are inside."""
    wide, high = shape.radius_x * size.width / 100, shape.radius_y * size.height / 100
    most = max(wide, high)
    count = min(max(math.ceil(math.pi * math.sqrt(most / (4 * tolerance))), _FEWEST), _MOST)
    step = 2 * math.pi / count
    larger = math.sqrt(step / math.sin(step))
    cos, sin = geometry.cosine(shape.rotation), geometry.sine(shape.rotation)
    made = []
    for place in range(count):
        along, down = wide * larger * math.cos(place * step), high * larger * math.sin(place * step)
        x = shape.x + (along * cos - down * sin) * 100 / size.width
        y = shape.y + (along * sin + down * cos) * 100 / size.height
        made.append((rounded(x), rounded(y)))
    return made


# Masks


def traced(mask: Mask, tolerance: float) -> Rings:
    """Along the edges of the painted pixels; holes go the other way around."""
    made = []
    for ring in masks.rings(mask):
        straight = straightened(ring, tolerance)
        made.append([(x * 100 / mask.width, y * 100 / mask.height) for x, y in straight])
    return made


def straightened(ring: Sequence[tuple[int, int]], tolerance: float) -> list[tuple[int, int]]:
    """
    The ring without corners that are at most *tolerance* from the line past them. Rings that would be less than a
    triangle stay.

    Source: Douglas and Peucker (1973), between the ring's first corner in order and the one farthest from it.
    """
    if tolerance <= 0 or len(ring) < 4:
        return list(ring)
    first = ring.index(min(ring))
    points = [*ring[first:], *ring[:first]]
    x, y = points[0]
    far = max(range(len(points)), key=lambda at: ((points[at][0] - x) ** 2 + (points[at][1] - y) ** 2, -at))
    points.append(points[0])
    kept = {0, far}
    todo = [(0, far), (far, len(points) - 1)]
    while todo:
        start, end = todo.pop()
        (ax, ay), (bx, by) = points[start], points[end]
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        worst, most = -1, -1
        for at in range(start + 1, end):
            px, py = points[at][0] - ax, points[at][1] - ay
            side = abs(dx * py - dy * px) if length2 else px * px + py * py
            if side > most:
                worst, most = at, side
        off2 = most * most if length2 else most
        if worst >= 0 and off2 > tolerance * tolerance * (length2 or 1):
            kept.add(worst)
            todo += [(start, worst), (worst, end)]
    made = [points[at] for at in sorted(kept)]
    return made if len(made) >= 3 else list(ring)


def mask_of(shape: Shape, size: Size, tolerance: float = TOLERANCE) -> Mask | None:
    """The pixels whose middles the shape covers; None for what covers nothing.

    Raises:
        MaskError: the mask cannot be read, or the picture is too large for one.
    """
    if isinstance(shape, Brush | Bitmask):
        return rasters.mask_of(shape, size)
    outline = rings(shape, size, min(tolerance, 0.25))
    if outline is None:
        return None
    # What a polygon winds around twice is covered too; rings that do not cross say the same to every filling rule.
    parts = clipping.overlay([grid_rings(outline)], clipping.in_any)
    wide, high = rasters.pixels(size)
    pixels = [[(x * size.width / 100, y * size.height / 100) for x, y in clipping.off_grid(part)] for part in parts]
    return masks.from_rings(pixels, wide, high)


# Boxes and ellipses around shapes


def boxed(shape: Shape, size: Size, around: Bounds) -> Box:
    """The box around *shape*, turned as an ellipse is."""
    if isinstance(shape, Ellipse):
        lower = Box(0, 0, 2 * shape.radius_x, 2 * shape.radius_y, shape.rotation)
        x, y = geometry.to_middle(lower, size)
        return replace(lower, x=rounded(shape.x - x), y=rounded(shape.y - y))
    left, top, right, bottom = around
    return Box(rounded(left), rounded(top), rounded(right - left), rounded(bottom - top))


def rounded_off(shape: Shape, size: Size, around: Bounds) -> Ellipse:
    """The ellipse inside the box around *shape*, turned as a box is."""
    if isinstance(shape, Box):
        x, y = geometry.to_middle(shape, size)
        return Ellipse(rounded(shape.x + x), rounded(shape.y + y), shape.width / 2, shape.height / 2, shape.rotation)
    left, top, right, bottom = around
    radius_x, radius_y = rounded((right - left) / 2), rounded((bottom - top) / 2)
    return Ellipse(rounded((left + right) / 2), rounded((top + bottom) / 2), radius_x, radius_y)
