"""Points and the lines between them: nearest points and lengths, in any unit that is the same along both axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

Point = tuple[float, float]
Segment = tuple[float, float, float, float]


def outline(points: Sequence[Point]) -> list[Segment]:
    """The sides of the closed polygon through *points*."""
    return [(*start, *end) for start, end in zip(points, (*points[1:], points[0]), strict=True)]


def nearest(point: Point, segments: Sequence[Segment]) -> tuple[float, Point]:
    """The square of the distance to the nearest point on *segments* (at least one), and that point."""
    x, y = point
    best, place = -1.0, point
    for x1, y1, x2, y2 in segments:
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = (x - x1) * dx + (y - y1) * dy
        if along <= 0.0 or length == 0.0:
            px, py = x1, y1
        elif along >= length:
            px, py = x2, y2
        else:
            share = along / length
            px, py = x1 + share * dx, y1 + share * dy
        u, v = px - x, py - y
        square = u * u + v * v
        if best < 0.0 or square < best:
            best, place = square, (px, py)
    return best, place


def spread(segments: Sequence[Segment], count: int) -> list[Point]:
    """*count* points at equal distances along *segments*, each in the middle of its part; without length: one."""
    lengths = [sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) for x1, y1, x2, y2 in segments]
    total = sum(lengths)
    if total <= 0:
        return [segments[0][:2]]
    step = total / count
    found: list[Point] = []
    place = walked = 0.0
    for (x1, y1, x2, y2), length in zip(segments, lengths, strict=True):
        while len(found) < count and (place := (len(found) + 0.5) * step) <= walked + length:
            share = (place - walked) / length
            found.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
        walked += length
    while len(found) < count:
        found.append(segments[-1][2:])
    return found
