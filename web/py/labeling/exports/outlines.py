"""Shapes on pictures in pixels: what formats of pictures are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from labeling import figures, geometry, masks
from labeling.exports.regions import Region
from labeling.geometry import Size
from labeling.masks import Mask, MaskError, png, rle
from labeling.shapes import Ellipse

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]
Pixels: TypeAlias = tuple[int, int]
#: x, y, width, height
Frame: TypeAlias = tuple[float, float, float, float]

MASKS = ("brush", "bitmask")
TOLERANCE = 0.5
"""How far an outline may be from its mask, pixels."""


class Unreadable(Exception):
    """The region's value is not what its type says; `reason` is a code of the report."""

    def __init__(self, reason: str = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason


def box(value: Mapping[str, Any], size: Pixels) -> tuple[float, float, float, float, float]:
    """x, y, width, height in pixels and the turn in degrees, of a rectangle's value."""
    x, y, width, height = (_number(value.get(name)) for name in ("x", "y", "width", "height"))
    turn = 0.0 if value.get("rotation") is None else _number(value["rotation"]) % 360
    wide, high = size[0] / 100, size[1] / 100
    return x * wide, y * high, width * wide, height * high, turn


def corners(value: Mapping[str, Any], size: Pixels) -> Ring:
    """Of a rectangle that may be turned: its own top left, then clockwise."""
    x, y, width, height, turn = box(value, size)
    cos, sin = geometry.cosine(turn), geometry.sine(turn)
    ends = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    return [(x + along * cos - down * sin, y + along * sin + down * cos) for along, down in ends]


def is_upright(region: Region) -> bool:
    """Whether it is a box whose sides go along the picture's."""
    turn = region.value.get("rotation") or 0
    return region.kind == "rectangle" and isinstance(turn, int | float) and not turn % 90


def point(value: Mapping[str, Any], size: Pixels) -> Point:
    return _number(value.get("x")) * size[0] / 100, _number(value.get("y")) * size[1] / 100


def rings(region: Region, size: Pixels) -> list[Ring]:
    """
    The outlines of what a region covers; holes of masks are rings that go the other way round.

    Raises:
        Unreadable: also of what covers nothing (`no-area`): points, open lines.
    """
    value = region.value
    match region.kind:
        case "rectangle":
            return [corners(value, size)]
        case "polygon":
            if value.get("closed") is False:
                raise Unreadable("no-area")
            return [_ring(value.get("points"), size)]
        case "vector":
            if not value.get("closed"):
                raise Unreadable("no-area")
            return [_ring(value.get("vertices"), size)]
        case "ellipse":
            x, y, across, down = (_number(value.get(name)) for name in ("x", "y", "radiusX", "radiusY"))
            turn = 0.0 if value.get("rotation") is None else _number(value["rotation"])
            found = figures.rings(Ellipse(x, y, across, down, turn), Size(*size), TOLERANCE)
            return [[(a * size[0] / 100, b * size[1] / 100) for a, b in ring] for ring in found or []]
        case "brush" | "bitmask":
            traced = masks.rings(mask(region, size))
            return [[(float(a), float(b)) for a, b in figures.straightened(ring, TOLERANCE)] for ring in traced]
        case _:
            raise Unreadable("no-area")


def mask(region: Region, size: Pixels) -> Mask:
    """
    Raises:
        Unreadable: the code is broken, or of another size than the picture.
    """
    value = region.value
    try:
        if region.kind == "bitmask":
            found = png.read_url(str(value.get("imageDataURL") or ""))
            if (found.width, found.height) != size:
                raise Unreadable("mask-size")
            return found
        code = value.get("rle")
        data = rle.from_base64(code) if isinstance(code, str) else code
        if data is None:
            raise Unreadable
        return rle.read(data, *size)
    except (MaskError, TypeError):
        raise Unreadable from None


def frame(points: Sequence[Point]) -> Frame:
    """The box around points."""
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return left, top, right - left, bottom - top


def area(ring: Sequence[Point]) -> float:
    """Signed: above 0 where it goes clockwise (y points down)."""
    pairs = zip(ring, (*ring[1:], *ring[:1]), strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def clipped(ring: Sequence[Point], size: Pixels) -> Ring:
    """
    What of the ring is on the picture; empty if nothing.

    Source: Sutherland and Hodgman (1974), Reentrant polygon clipping, doi:10.1145/360767.360802. Parts that come apart
    stay joined along the picture's edge.
    """
    width, height = size
    if all(0 <= x <= width and 0 <= y <= height for x, y in ring):
        return list(ring)
    made = list(ring)
    for axis, edge, sign in ((0, 0.0, 1), (0, float(width), -1), (1, 0.0, 1), (1, float(height), -1)):
        made = _cut(made, axis, edge, sign)
    return made if len(made) >= 3 else []


def _cut(ring: Ring, axis: int, edge: float, sign: int) -> Ring:
    made: Ring = []
    for before, here in zip((*ring[-1:], *ring[:-1]), ring, strict=True):
        was, is_in = sign * (before[axis] - edge) >= 0, sign * (here[axis] - edge) >= 0
        if was != is_in:
            share = (edge - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
            made.append((edge, other) if axis == 0 else (other, edge))
        if is_in:
            made.append(here)
    return made


def _ring(points: object, size: Pixels) -> Ring:
    made: Ring = []
    for place in points if isinstance(points, list | tuple) else ():
        if isinstance(place, Mapping):
            made.append(point(place, size))
        elif isinstance(place, list | tuple) and len(place) == 2:
            made.append((_number(place[0]) * size[0] / 100, _number(place[1]) * size[1] / 100))
    if len(made) < 3:
        raise Unreadable
    return made


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise Unreadable
    return float(value)
