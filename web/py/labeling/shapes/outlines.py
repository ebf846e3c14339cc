"""Points in percent of an image: polygons, key points and vectors (paths, skeletons)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import ClassVar, TypeAlias

from labeling import reading
from labeling.geometry import Size
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import (
    FARTHEST,
    MOST_PARTS,
    Bounds,
    Context,
    Fault,
    Json,
    Kind,
    Value,
    number_faults,
    rounded,
    short,
)

Point: TypeAlias = tuple[float, float]
#: ``{id, x, y, prevPointId, isBezier, controlPoint1?, controlPoint2?, …}``; members we do not know stay in it.
Vertex: TypeAlias = Mapping[str, object]

_CONTROL_POINTS = ("controlPoint1", "controlPoint2")


@dataclass(frozen=True, slots=True)
class Polygon:
    """Corners in percent, the first not repeated at the end. ``closed``: it was finished."""

    kind: ClassVar[ShapeKind] = "polygon"
    points: tuple[Point, ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Keypoint:
    """``width``: diameter of the drawn point in percent of the image's width; None if a result did not say."""

    kind: ClassVar[ShapeKind] = "keypoint"
    x: float
    y: float
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Vector:
    """A path: ``prevPointId`` of each vertex gives the order, and branches in a skeleton."""

    kind: ClassVar[ShapeKind] = "vector"
    vertices: tuple[Vertex, ...]
    closed: bool = False


# Polygons


def _read_polygon(value: Value, _: Context) -> Polygon | str:
    given = value.get("points")
    points = [_pair(point) for point in given] if isinstance(given, list) else []
    made = tuple(point for point in points if point is not None)
    if not made or len(made) != len(points):
        return "a polygon needs points, each a pair of numbers"
    return Polygon(made, value.get("closed") is not False)


def _pair(point: object) -> Point | None:
    if not isinstance(point, list | tuple) or len(point) != 2:
        return None
    x, y = reading.number(point[0]), reading.number(point[1])
    return None if x is None or y is None else (x, y)


def _polygon_faults(value: Value, _: Context) -> Iterator[Fault]:
    points = value.get("points")
    if not isinstance(points, list) or not 1 <= len(points) <= MOST_PARTS:
        yield Fault("bad-shape", f"points must be a list of 1 to {MOST_PARTS} pairs")
        return
    for place, point in enumerate(points, 1):
        pair = _pair(point)
        if pair is None or max(map(abs, pair)) > FARTHEST:
            yield Fault("bad-shape", f"point {place} must be a pair of numbers, not {short(point)}")
            return
    yield from _flag_faults(value, "closed")


def _flag_faults(value: Value, name: str) -> Iterator[Fault]:
    if not isinstance(value.get(name, False), bool):
        yield Fault("bad-shape", f"{name} must be true or false, not {short(value[name])}")


def _polygon_json(shape: Polygon, _: Context) -> Json:
    return {"points": [list(point) for point in shape.points], "closed": shape.closed}


def _tidy_polygon(shape: Polygon, at: Context, where: str) -> Polygon:
    points = shape.points
    if at.size and at.control is not None and at.control.snap == "pixel":
        points = tuple(_on_pixel_edge(point, at.size) for point in points)
    # A double click that ends the drawing often leaves its point twice.
    kept = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
    if len(kept) > 1 and shape.closed and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < (3 if shape.closed else 1):
        raise at.refuse("too-few-points", "a closed polygon has at least 3 different corners", where, "add a corner")
    return replace(shape, points=tuple(kept))


def _on_pixel_edge(point: Point, size: Size) -> Point:
    x, y = floor(point[0] * size.width / 100 + 0.5), floor(point[1] * size.height / 100 + 0.5)
    return rounded(x * 100 / size.width), rounded(y * 100 / size.height)


def bounds_of(points: Sequence[Point]) -> Bounds | None:
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _move(point: Point, dx: float, dy: float) -> Point:
    return rounded(point[0] + dx), rounded(point[1] + dy)


POLYGON = Kind(
    name="polygon",
    shape=Polygon,
    members=frozenset({"points", "closed"}),
    read=_read_polygon,
    faults=_polygon_faults,
    write=_polygon_json,
    view=_polygon_json,
    tidy=_tidy_polygon,
    bounds=lambda shape, _: bounds_of(shape.points),
    moved=lambda shape, dx, dy: replace(shape, points=tuple(_move(point, dx, dy) for point in shape.points)),
)


# Key points


def _read_keypoint(value: Value, _: Context) -> Keypoint | str:
    x, y, width = (reading.number(value.get(name)) for name in ("x", "y", "width"))
    return "a key point needs x and y as numbers" if x is None or y is None else Keypoint(x, y, width)


def _keypoint_json(shape: Keypoint, _: Context) -> Json:
    place: Json = {"x": shape.x, "y": shape.y}
    return place if shape.width is None else {**place, "width": shape.width}


def _tidy_keypoint(shape: Keypoint, at: Context, _: str) -> Keypoint:
    x, y = min(max(shape.x, 0), 100), min(max(shape.y, 0), 100)
    if at.size and at.control is not None and at.control.snap == "pixel":
        # The middle of the pixel that was hit; the last one for the image's far edges.
        wide, high = at.size.width, at.size.height
        x = rounded((min(floor(x * wide / 100), wide - 1) + 0.5) * 100 / wide)
        y = rounded((min(floor(y * high / 100), high - 1) + 0.5) * 100 / high)
    return Keypoint(x, y, None if shape.width is None else abs(shape.width))


KEYPOINT = Kind(
    name="keypoint",
    shape=Keypoint,
    members=frozenset({"x", "y", "width"}),
    read=_read_keypoint,
    faults=lambda value, _: number_faults(value, ("x", "y"), optional=("width",), positive=("width",)),
    write=_keypoint_json,
    view=_keypoint_json,
    tidy=_tidy_keypoint,
    bounds=lambda shape, _: (shape.x, shape.y, shape.x, shape.y),
    moved=lambda shape, dx, dy: replace(shape, x=rounded(shape.x + dx), y=rounded(shape.y + dy)),
)


# Vectors


def read_vertices(given: object) -> tuple[Vertex, ...] | None:
    """Vertices completed: an id each, the vertex before as ``prevPointId``, ``isBezier`` false. None if one is none."""
    if not isinstance(given, list) or not given:
        return None
    made: list[Vertex] = []
    before: str | None = None
    for place, raw in enumerate(given, 1):
        row = reading.mapping(raw)
        if row is None:
            return None
        x, y = reading.number(row.get("x")), reading.number(row.get("y"))
        if x is None or y is None:
            return None
        name = str(row["id"]) if isinstance(row.get("id"), str | int) else f"p{place}"
        known = {"id": name, "x": x, "y": y, "prevPointId": row.get("prevPointId", before)}
        made.append({**row, **known, "isBezier": row.get("isBezier") is True})
        before = name
    return tuple(made)


def vertex_faults(given: object, lead: str = "") -> Iterator[Fault]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_PARTS:
        yield Fault("bad-shape", f"{lead}vertices must be a list of 1 to {MOST_PARTS} points")
        return
    names: set[object] = set()
    for place, raw in enumerate(given, 1):
        row = reading.mapping(raw)
        if row is None:
            yield Fault("bad-shape", f"{lead}vertex {place} must be an object")
            return
        yield from number_faults(row, ("x", "y"), lead=f"{lead}vertex {place}: ")
        name = row.get("id")
        if not isinstance(name, str | int) or isinstance(name, bool) or name in names:
            yield Fault("bad-shape", f"{lead}vertex {place} needs an id of its own, not {short(name)}")
        else:
            names.add(name)
        for member in _CONTROL_POINTS:
            if row.get(member) is not None:
                handle = reading.mapping(row[member]) or {}
                yield from number_faults(handle, ("x", "y"), lead=f"{lead}vertex {place}, {member}: ")
    for place, raw in enumerate(given, 1):
        before = reading.mapping(raw)
        link = before.get("prevPointId") if before else None
        if link is not None and (not isinstance(link, str | int) or link not in names):
            yield Fault("bad-shape", f"{lead}vertex {place} follows {short(link)}, which is no vertex")


def moved_vertex(vertex: Vertex, dx: float, dy: float) -> Vertex:
    """With its control points."""
    made = {**vertex, **_moved_point(vertex, dx, dy)}
    for member in _CONTROL_POINTS:
        handle = reading.mapping(vertex.get(member))
        if handle:
            made[member] = {**handle, **_moved_point(handle, dx, dy)}
    return made


def _moved_point(point: Mapping[str, object], dx: float, dy: float) -> dict[str, float]:
    x, y = reading.number(point.get("x")) or 0, reading.number(point.get("y")) or 0
    return {"x": rounded(x + dx), "y": rounded(y + dy)}


def vertex_points(vertices: Sequence[Vertex]) -> list[Point]:
    return [(reading.number(v.get("x")) or 0, reading.number(v.get("y")) or 0) for v in vertices]


def check_count(vertices: Sequence[Vertex], at: Context, where: str) -> None:
    """
    Raises:
        Refusal: more or fewer vertices than the control allows.
    """
    raw = at.control.raw if at.control is not None else {}
    least, most = reading.whole(raw.get("min_points")), reading.whole(raw.get("max_points"))
    if least is not None and len(vertices) < least:
        raise at.refuse("too-few-points", f"at least {least} points are needed", where, "add a point")
    if most is not None and len(vertices) > most:
        raise at.refuse("too-many-points", f"at most {most} points are allowed", where, "take a point away")


def _read_vector(value: Value, _: Context) -> Vector | str:
    vertices = read_vertices(value.get("vertices"))
    if vertices is None:
        return "a vector needs vertices with x and y as numbers"
    return Vector(vertices, value.get("closed") is True)


def _vector_faults(value: Value, _: Context) -> Iterator[Fault]:
    yield from vertex_faults(value.get("vertices"))
    yield from _flag_faults(value, "closed")


def _vector_json(shape: Vector, _: Context) -> Json:
    return {"vertices": [dict(vertex) for vertex in shape.vertices], "closed": shape.closed}


def _tidy_vector(shape: Vector, at: Context, where: str) -> Vector:
    check_count(shape.vertices, at, where)
    return shape


VECTOR = Kind(
    name="vector",
    shape=Vector,
    members=frozenset({"vertices", "closed"}),
    read=_read_vector,
    faults=_vector_faults,
    write=_vector_json,
    view=_vector_json,
    tidy=_tidy_vector,
    bounds=lambda shape, _: bounds_of(vertex_points(shape.vertices)),
    moved=lambda shape, dx, dy: replace(shape, vertices=tuple(moved_vertex(v, dx, dy) for v in shape.vertices)),
)
