"""How large a region is, whether two cover each other, whether one lies in another: what rules ask of shapes.

Works on the JSON of a view's region (``kind``, ``shape``; docs/contracts.md, "Kinds of regions"), in natural units:
pixels of images and videos, metres in point clouds, characters of texts, seconds of sound. A shape is an outline (a
list of corners), a set of ranges, or a set of points; masks have neither, and keypoints are one corner.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labeling import reading
from labeling.geometry import Size

#: Outlines that cover each other by less than this many pixels only touch; metres are counted in centimetres.
TOUCH = 0.5

_ARC = 32  # corners that stand for an ellipse

Point = tuple[float, float]
Place = float | tuple[float, float]  # of a range's end: a number, or paragraph and offset


@dataclass(frozen=True, slots=True)
class Extent:
    """``outline`` in natural units, ``depth`` the range above the ground, ``ranges`` on ``lane``, ``members``.

    ``convex``: the outline is a box or an ellipse. ``sized``: the outline is in natural units, not in percent.
    ``bounds``: left, top, right, bottom of the outline, kept because every pair of regions asks for them.
    """

    outline: tuple[Point, ...] = ()
    convex: bool = True
    sized: bool = True
    depth: tuple[float, float] | None = None
    ranges: tuple[tuple[Place, Place], ...] = ()
    lane: str = ""
    members: frozenset[int] = frozenset()
    bounds: tuple[float, float, float, float] = field(init=False, default=(0.0, 0.0, 0.0, 0.0), compare=False)

    def __post_init__(self) -> None:
        if self.outline:
            across, down = [x for x, _ in self.outline], [y for _, y in self.outline]
            object.__setattr__(self, "bounds", (min(across), min(down), max(across), max(down)))


def extent(kind: str, shape: Mapping[str, object], size: Size | None) -> Extent | None:
    """The extent of a shape; None for kinds that have none (masks, messages) and shapes that cannot be read."""
    wide, high = (size.width, size.height) if size else (100.0, 100.0)
    scale = (wide / 100, high / 100)
    known = size is not None
    match kind:
        case "rectangle" | "ocrbox":
            return Extent(_box(shape, scale), sized=known)
        case "ellipse":
            return Extent(_ellipse(shape, scale), sized=known)
        case "polygon" | "vector" | "keypoint":
            corners = _corners(kind, shape, scale)
            return Extent(corners, convex=kind == "keypoint", sized=known) if corners else None
        case "track":
            boxes = shape.get("sequence")
            rows = [box for entry in boxes if (box := reading.mapping(entry))] if isinstance(boxes, list) else []
            smallest = min(rows, key=lambda box: min(_at(box, "width"), _at(box, "height")), default=None)
            return Extent(_box(smallest, scale), sized=known) if smallest else None
        case "cuboid":
            return _cuboid(shape)
        case "points":
            indexes = shape.get("indexes")
            return Extent(members=frozenset(indexes)) if isinstance(indexes, list) else None
        case "span" | "hyperspan" | "phrase" | "segment" | "series" | "timeline":
            return _ranges(kind, shape)
        case _:
            return None


def size_of(found: Extent, largest: bool, text: str) -> float | None:
    """The smaller (or *largest* side) of a shape; characters of *text*, seconds or frames of ranges; None: unknown."""
    if found.members:
        return len(found.members)
    if found.ranges:
        total = 0.0
        for start, end in found.ranges:
            if isinstance(start, tuple) or isinstance(end, tuple):
                return len(text)
            total += end - start
        return total
    if not found.outline or not found.sized:
        return None
    sides = [*_sides(found), *([found.depth[1] - found.depth[0]] if found.depth else [])]
    return max(sides) if largest else min(sides)


def cover(a: Extent, b: Extent) -> bool:
    """Whether the two have more in common than a border."""
    if a.members or b.members:
        return not a.members.isdisjoint(b.members)
    if a.ranges or b.ranges:
        same_lane = a.lane == b.lane or not a.lane or not b.lane
        return same_lane and any(_less(s, e2) and _less(s2, e) for s, e in a.ranges for s2, e2 in b.ranges)
    if not a.outline or not b.outline:
        return False
    touch = TOUCH / 100 if a.depth else TOUCH
    if a.depth and b.depth and (a.depth[1] - b.depth[0] <= touch or b.depth[1] - a.depth[0] <= touch):
        return False
    left, top, right, bottom = a.bounds
    left2, top2, right2, bottom2 = b.bounds
    if min(right, right2) - max(left, left2) <= touch or min(bottom, bottom2) - max(top, top2) <= touch:
        return False
    if a.convex and b.convex:
        return not any(_apart(a.outline, b.outline, axis, touch) for axis in (*_axes(a.outline), *_axes(b.outline)))
    shared = max(left, left2), max(top, top2), min(right, right2), min(bottom, bottom2)
    inside = any(_inside(p, b.outline, -touch) for p in _dense(a.outline) if _meets((p, p), shared)) or any(
        _inside(p, a.outline, -touch) for p in _dense(b.outline) if _meets((p, p), shared)
    )
    return inside or _cross(
        [edge for edge in _edges(a.outline) if _meets(edge, shared)],
        [edge for edge in _edges(b.outline) if _meets(edge, shared)],
    )


def lies_in(inner: Extent, outer: Extent) -> bool:
    """Whether *inner* is in *outer*; up to a pixel (a centimetre) may stand out. Outlines are tried at their corners
    and the middles of their sides."""
    if inner.members or outer.members:
        return bool(outer.members) and inner.members <= outer.members
    if inner.ranges:
        return all(
            any(not _less(start, start2) and not _less(end2, end) for start2, end2 in outer.ranges)
            for start, end in inner.ranges
        )
    if not inner.outline or len(outer.outline) < 3:
        return False
    slack = 0.01 if outer.depth else 1.0
    if inner.depth and outer.depth:
        low, high = inner.depth[0] - outer.depth[0], outer.depth[1] - inner.depth[1]
        if low < -slack or high < -slack:
            return False
    return all(_inside(point, outer.outline, slack) for point in _dense(inner.outline))


def _at(shape: Mapping[str, object], member: str) -> float:
    return float(reading.number(shape.get(member)) or 0)


def _turned(points: Sequence[Point], about: Point, degrees: float) -> tuple[Point, ...]:
    if not degrees:
        return tuple(points)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x0, y0 = about
    return tuple((x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos) for x, y in points)


def _box(shape: Mapping[str, object], scale: Point) -> tuple[Point, ...]:
    x, y = _at(shape, "x") * scale[0], _at(shape, "y") * scale[1]
    right, bottom = x + _at(shape, "width") * scale[0], y + _at(shape, "height") * scale[1]
    return _turned(((x, y), (right, y), (right, bottom), (x, bottom)), (x, y), _at(shape, "rotation"))


def _ellipse(shape: Mapping[str, object], scale: Point) -> tuple[Point, ...]:
    x, y = _at(shape, "x") * scale[0], _at(shape, "y") * scale[1]
    wide, high = _at(shape, "radiusX") * scale[0], _at(shape, "radiusY") * scale[1]
    turns = [2 * math.pi * step / _ARC for step in range(_ARC)]
    points = [(x + wide * math.cos(turn), y + high * math.sin(turn)) for turn in turns]
    return _turned(points, (x, y), _at(shape, "rotation"))


def _corners(kind: str, shape: Mapping[str, object], scale: Point) -> tuple[Point, ...]:
    if kind == "keypoint":
        return ((_at(shape, "x") * scale[0], _at(shape, "y") * scale[1]),)
    corners: list[Point] = []
    rows = shape.get("points" if kind == "polygon" else "vertices")
    for row in rows if isinstance(rows, list | tuple) else ():
        if isinstance(row, Mapping):
            corners.append((_at(row, "x") * scale[0], _at(row, "y") * scale[1]))
        elif isinstance(row, list | tuple) and len(row) == 2:
            corners.append((float(row[0]) * scale[0], float(row[1]) * scale[1]))
    return tuple(corners)


def _cuboid(shape: Mapping[str, object]) -> Extent:
    x, y, z = _at(shape, "x"), _at(shape, "y"), _at(shape, "z")
    along, across, up = _at(shape, "length") / 2, _at(shape, "width") / 2, _at(shape, "height") / 2
    ground = ((x - along, y - across), (x + along, y - across), (x + along, y + across), (x - along, y + across))
    return Extent(_turned(ground, (x, y), math.degrees(_at(shape, "yaw"))), depth=(z - up, z + up))


def _ranges(kind: str, shape: Mapping[str, object]) -> Extent | None:
    lane = str(shape.get("channel", ""))
    if kind == "timeline":
        rows = shape.get("ranges")
        found = [row for entry in rows if (row := reading.mapping(entry))] if isinstance(rows, list) else []
        # Frames are counted, both ends belong to a range.
        return Extent(ranges=tuple((_at(row, "start") - 1, _at(row, "end")) for row in found)) if found else None
    if kind == "hyperspan":
        shape = reading.mapping(shape.get("globalOffsets")) or shape
    if kind == "phrase":
        start, end = (_paragraph(shape.get(name)) for name in ("start", "end"))
        if start is None or end is None:
            return None
        return Extent(ranges=(((start, _at(shape, "startOffset")), (end, _at(shape, "endOffset"))),))
    first, last = reading.number(shape.get("start")), reading.number(shape.get("end"))
    return Extent(ranges=((float(first), float(last)),), lane=lane) if first is not None and last is not None else None


def _paragraph(value: object) -> float | None:
    text = str(value)
    return float(text) if text.isdecimal() else None


def _less(a: Place, b: Place) -> bool:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return a < b
    return not isinstance(a, tuple) and not isinstance(b, tuple) and a < b


def _sides(found: Extent) -> tuple[float, float]:
    if len(found.outline) == 4 and found.convex:
        (a, b, c, _) = found.outline
        return math.dist(a, b), math.dist(b, c)
    left, top, right, bottom = found.bounds
    return right - left, bottom - top


def _axes(outline: Sequence[Point]) -> list[Point]:
    axes = []
    for (x, y), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        length = math.hypot(x2 - x, y2 - y)
        if length:
            axes.append(((y - y2) / length, (x2 - x) / length))
    return axes


def _apart(a: Sequence[Point], b: Sequence[Point], axis: Point, touch: float) -> bool:
    ours, theirs = ([x * axis[0] + y * axis[1] for x, y in outline] for outline in (a, b))
    return min(max(ours), max(theirs)) - max(min(ours), min(theirs)) <= touch


def _edges(outline: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(outline, (*outline[1:], outline[0]), strict=True))


def _dense(outline: Sequence[Point]) -> list[Point]:
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in _edges(outline)]
    return [*outline, *middles]


def _inside(point: Point, outline: Sequence[Point], slack: float) -> bool:
    """Whether *point* is in the outline made larger by *slack* (smaller, where it is negative)."""
    x, y = point
    within = False
    near = math.inf
    for (x1, y1), (x2, y2) in _edges(outline):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
        square = (x2 - x1) ** 2 + (y2 - y1) ** 2
        along = min(1.0, max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square)) if square else 0.0
        near = min(near, math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)))
    return within and near >= -slack if slack < 0 else within or near <= slack


def _meets(edge: tuple[Point, Point], box: tuple[float, float, float, float]) -> bool:
    """Whether the box around a side (or a point, twice) has a place in common with *box*."""
    (x, y), (x2, y2) = edge
    return max(x, x2) >= box[0] and min(x, x2) <= box[2] and max(y, y2) >= box[1] and min(y, y2) <= box[3]


def _cross(ours: Sequence[tuple[Point, Point]], theirs: Sequence[tuple[Point, Point]]) -> bool:
    """Whether a side of one goes through a side of the other."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return any(
        side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0 for p, q in ours for r, s in theirs
    )
