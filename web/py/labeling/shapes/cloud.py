"""Regions of a point cloud: boxes in metres and radians, sets of points by index."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from labeling import reading
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import MOST_INDEXES, Context, Fault, Json, Kind, Value, number_faults, numbers, short

_SIDES = ("length", "width", "height")
_TURNS = ("yaw", "pitch", "roll")


@dataclass(frozen=True, slots=True)
class Cuboid:
    """``x``, ``y``, ``z``: the middle; ``length`` along its own x, ``width`` along y, ``height`` along z; metres.

    ``yaw`` about z, then ``pitch`` about y, then ``roll`` about x; radians. None: not told, 0.
    """

    kind: ClassVar[ShapeKind] = "cuboid"
    x: float
    y: float
    z: float
    length: float
    width: float
    height: float
    yaw: float = 0
    pitch: float | None = None
    roll: float | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Points of the cloud by their index in the file, from 0."""

    kind: ClassVar[ShapeKind] = "points"
    indexes: tuple[int, ...]


def _read_cuboid(value: Value, _: Context) -> Cuboid | str:
    found = numbers(value, ("x", "y", "z", *_SIDES, "yaw"), yaw=0)
    if found is None:
        return "a cuboid needs x, y, z, length, width and height as numbers"
    x, y, z, length, width, height, yaw = found
    pitch, roll = reading.number(value.get("pitch")), reading.number(value.get("roll"))
    return Cuboid(x, y, z, length, width, height, yaw, pitch, roll)


def _cuboid_faults(value: Value, _: Context) -> Iterator[Fault]:
    return number_faults(value, ("x", "y", "z", *_SIDES), optional=_TURNS, positive=_SIDES)


def _cuboid_json(shape: Cuboid, _: Context) -> Json:
    made: Json = {name: getattr(shape, name) for name in ("x", "y", "z", *_SIDES, "yaw")}
    for name in ("pitch", "roll"):
        if (turn := getattr(shape, name)) is not None:
            made[name] = turn
    return made


def _tidy_cuboid(shape: Cuboid, at: Context, where: str) -> Cuboid:
    shape = replace(shape, length=abs(shape.length), width=abs(shape.width), height=abs(shape.height))
    if not (shape.length and shape.width and shape.height):
        raise at.refuse("too-small", "the cuboid is flat", where, "give it length, width and height")
    return shape


def _cuboid_bounds(shape: Cuboid, _: Context) -> tuple[float, float, float, float]:
    """From above, by yaw alone."""
    cosine, sine = abs(math.cos(shape.yaw)), abs(math.sin(shape.yaw))
    along = (shape.length * cosine + shape.width * sine) / 2
    across = (shape.length * sine + shape.width * cosine) / 2
    return shape.x - along, shape.y - across, shape.x + along, shape.y + across


CUBOID = Kind(
    name="cuboid",
    shape=Cuboid,
    members=frozenset({"x", "y", "z", *_SIDES, *_TURNS}),
    read=_read_cuboid,
    faults=_cuboid_faults,
    write=_cuboid_json,
    view=_cuboid_json,
    tidy=_tidy_cuboid,
    bounds=_cuboid_bounds,
)


def _read_points(value: Value, _: Context) -> Points | str:
    found = _indexes(value.get("indexes"))
    return "a set of points needs indexes, whole numbers from 0" if not found else Points(found)


def _indexes(given: object) -> tuple[int, ...] | None:
    if not isinstance(given, list) or not all(index.__class__ is int and index >= 0 for index in given):
        return None
    return tuple(given)


def _points_faults(value: Value, _: Context) -> Iterator[Fault]:
    given = value.get("indexes")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_INDEXES:
        yield Fault("bad-shape", f"indexes must be a list of 1 to {MOST_INDEXES} points, not {short(given)}")
    elif _indexes(given) is None:
        yield Fault("bad-shape", "indexes must be whole numbers from 0")


def _points_json(shape: Points, _: Context) -> Json:
    return {"indexes": list(shape.indexes)}


POINTS = Kind(
    name="points",
    shape=Points,
    members=frozenset({"indexes"}),
    read=_read_points,
    faults=_points_faults,
    write=_points_json,
    view=_points_json,
    tidy=lambda shape, _, __: Points(tuple(sorted(set(shape.indexes)))),
)
