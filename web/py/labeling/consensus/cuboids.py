"""Boxes in space, in metres and radians: reading, overlap and averaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, fsum, pi, sin, sqrt

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.boxes import area, clip
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.weighing import Weights, circular_mean, leader_of, mean, turn

DECIMALS = 6
"""Of averaged metres and radians."""

SIDES = ("length", "width", "height")
_FLAT = 1e-9  # metres: closer planes are the same plane

Vector3 = tuple[float, float, float]
Plane = tuple[Vector3, float]
"""(normal, offset): inside is where normal . point <= offset."""


@dataclass(frozen=True, slots=True)
class Cuboid:
    """x, y, z: the middle; length along its own x, width along y, height along z; yaw about z, pitch about y, roll
    about x (None: not stored, 0), applied in that order about its own axes.

    upright: it is not tilted. corners: of its base seen from above, if it is upright. bounds: from above.
    """

    x: float
    y: float
    z: float
    length: float
    width: float
    height: float
    yaw: float
    pitch: float | None
    roll: float | None
    upright: bool
    corners: tuple[tuple[float, float], ...]
    bounds: grid.Bounds
    area: float = 0.0

    @property
    def geometry(self) -> tuple[float, ...]:
        """The numbers that place it."""
        return (
            self.x, self.y, self.z, self.length, self.width, self.height, self.yaw, self.pitch or 0.0, self.roll or 0.0
        )  # fmt: skip

    @property
    def volume(self) -> float:
        return self.length * self.width * self.height


def make_cuboid(
    x: float,
    y: float,
    z: float,
    length: float,
    width: float,
    height: float,
    yaw: float = 0.0,
    pitch: float | None = None,
    roll: float | None = None,
) -> Cuboid:
    """A Cuboid from its numbers."""
    upright = not pitch and not roll
    if upright:
        cosine, sine = cos(yaw), sin(yaw)
        corners = tuple(
            (x + a * length / 2 * cosine - b * width / 2 * sine, y + a * length / 2 * sine + b * width / 2 * cosine)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        )
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        bounds = (min(xs), min(ys), max(xs), max(ys))
    else:
        corners = ()
        reach = sqrt(length * length + width * width + height * height) / 2
        bounds = (x - reach, y - reach, x + reach, y + reach)
    return Cuboid(x, y, z, length, width, height, yaw, pitch, roll, upright, corners, bounds)


def read_cuboid(item: Json) -> Cuboid | None:
    """The Cuboid of a stored result, None if its numbers are missing, not finite or negative in size."""
    value = item["value"]
    found = [reading.number(value.get(name)) for name in ("x", "y", "z", *SIDES)]
    yaw = reading.number(value.get("yaw") or 0)
    numbers = [float(number) for number in found if number is not None]
    if len(numbers) < 6 or yaw is None or min(numbers[3:]) < 0:
        return None
    x, y, z, length, width, height = numbers
    pitch, roll = reading.number(value.get("pitch")), reading.number(value.get("roll"))
    return make_cuboid(x, y, z, length, width, height, float(yaw), pitch, roll)


def cuboid_iou(a: Cuboid, b: Cuboid) -> float:
    """
    Volume in common / volume of either, 0..1. Equal cuboids score 1 even if they are flat; which end is the front does
    not matter.

    Upright ones: area in common of the bases (Sutherland and Hodgman) times the common height. Tilted ones: the faces
    of each are cut by the planes of the other; they are the surface of what both fill, whose volume follows from the
    divergence theorem.

    >>> cuboid_iou(make_cuboid(0, 0, 0, 2, 2, 2), make_cuboid(1, 0, 0, 2, 2, 2))
    0.3333333333333333
    """
    if a.geometry == b.geometry:
        return 1.0
    if a.upright and b.upright:
        bottom = max(a.z - a.height / 2, b.z - b.height / 2)
        high = min(a.z + a.height / 2, b.z + b.height / 2) - bottom
        shared = high * area(clip(a.corners, b.corners)) if high > 0 else 0.0
    else:
        shared = _shared_volume(a, b)
    union = a.volume + b.volume - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def _axes(cuboid: Cuboid) -> tuple[Vector3, Vector3, Vector3]:
    """Its own x, y and z: the columns of Rz(yaw) Ry(pitch) Rx(roll)."""
    cy, sy = cos(cuboid.yaw), sin(cuboid.yaw)
    cp, sp = cos(cuboid.pitch or 0.0), sin(cuboid.pitch or 0.0)
    cr, sr = cos(cuboid.roll or 0.0), sin(cuboid.roll or 0.0)
    return (
        (cy * cp, sy * cp, -sp),
        (cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, cp * sr),
        (cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr),
    )


def _dot(a: Vector3, b: Vector3) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _faces(cuboid: Cuboid, origin: Vector3) -> list[tuple[Plane, list[Vector3]]]:
    """The six faces, each with its plane (normal outwards), around *origin*."""
    middle = (cuboid.x - origin[0], cuboid.y - origin[1], cuboid.z - origin[2])
    axes = _axes(cuboid)
    halves = (cuboid.length / 2, cuboid.width / 2, cuboid.height / 2)
    faces = []
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        for sign in (1.0, -1.0):
            normal = (sign * axes[k][0], sign * axes[k][1], sign * axes[k][2])
            corners = []
            for p, q in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                u, v = p * halves[i], q * halves[j]
                x, y, z = (middle[m] + normal[m] * halves[k] + u * axes[i][m] + v * axes[j][m] for m in range(3))
                corners.append((x, y, z))
            faces.append(((normal, _dot(normal, middle) + halves[k]), corners))
    return faces


def _shared_volume(a: Cuboid, b: Cuboid) -> float:
    origin = ((a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2)
    faces_a, faces_b = _faces(a, origin), _faces(b, origin)
    parts = []
    for faces, others, first in ((faces_a, faces_b, True), (faces_b, faces_a, False)):
        for (normal, offset), corners in faces:
            face = corners
            for other_normal, other_offset in (plane for plane, _ in others):
                if _dot(normal, other_normal) > 1 - 1e-12 and abs(offset - other_offset) < _FLAT:
                    if not first:  # the same plane bounds both: its part is counted once
                        face = []
                        break
                    continue
                face = _below(face, other_normal, other_offset)
                if not face:
                    break
            if len(face) >= 3:
                parts.append(offset * _area(face, normal) / 3)
    return max(0.0, fsum(parts))


def _below(face: Sequence[Vector3], normal: Vector3, offset: float) -> list[Vector3]:
    """The part of a flat polygon on the inner side of a plane."""
    kept: list[Vector3] = []
    depths = [_dot(normal, corner) - offset for corner in face]
    for place, corner in enumerate(face):
        last, depth, before = face[place - 1], depths[place], depths[place - 1]
        if (depth <= 0) != (before <= 0):
            share = before / (before - depth)
            kept.append((
                last[0] + share * (corner[0] - last[0]),
                last[1] + share * (corner[1] - last[1]),
                last[2] + share * (corner[2] - last[2]),
            ))  # fmt: skip
        if depth <= 0:
            kept.append(corner)
    return kept


def _area(face: Sequence[Vector3], normal: Vector3) -> float:
    """Area of a flat polygon across its normal."""
    x0, y0, z0 = face[0]
    total = 0.0
    for (x1, y1, z1), (x2, y2, z2) in pairwise(face[1:]):
        a, b, c = x1 - x0, y1 - y0, z1 - z0
        d, e, f = x2 - x0, y2 - y0, z2 - z0
        total += normal[0] * (b * f - c * e) + normal[1] * (c * d - a * f) + normal[2] * (a * e - b * d)
    return abs(total) / 2


def cuboid_candidates(a: Sequence[Cuboid], b: Sequence[Cuboid], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, cuboid_iou)


def merge_cuboids(cuboids: Sequence[Cuboid], weights: Weights = None) -> Json:
    """
    The (weighted) average cuboid as stored members.

    Middle and sides are averaged, yaw, pitch and roll on the circle. Upright cuboids are first written in the one of
    their four equal forms (quarter turns with length and width exchanged) that is nearest to the medoid's yaw; which
    end is the front is then what most of them say (of equally many the medoid). Pitch and roll are there if one has
    them.
    """
    first = cuboids[0]
    told = {
        name: next((value for cuboid in cuboids if (value := getattr(cuboid, name)) is not None), None)
        for name in ("pitch", "roll")
    }
    if all(cuboid.geometry == first.geometry for cuboid in cuboids):
        return _stored(first.geometry, told)
    start = medoid(cuboids, weights, cuboid_iou, lambda cuboid: cuboid.geometry)
    upright = all(cuboid.upright for cuboid in cuboids)
    forms, fronts = [], []
    for cuboid in cuboids:
        length, width, yaw = cuboid.length, cuboid.width, cuboid.yaw
        quarters = round(turn(yaw, start.yaw, 2 * pi) / (pi / 2)) if upright else 0
        if quarters % 2:
            length, width = width, length
        fronts.append(quarters % 4)
        forms.append((cuboid.x, cuboid.y, cuboid.z, length, width, cuboid.height, yaw - quarters * pi / 2))
    x, y, z, length, width, height = (mean([form[k] for form in forms], weights) for k in range(6))
    yaw = circular_mean([form[6] for form in forms], start.yaw, 2 * pi, weights)
    front = leader_of(fronts, weights)
    if front % 2:
        length, width = width, length
    tilts = [
        circular_mean(
            [getattr(cuboid, name) or 0.0 for cuboid in cuboids], getattr(start, name) or 0.0, 2 * pi, weights
        )
        for name in ("pitch", "roll")
    ]
    turns = [turn(angle, 0.0, 2 * pi) for angle in (yaw + front * pi / 2, *tilts)]
    return _stored([round(number, DECIMALS) for number in (x, y, z, length, width, height, *turns)], told)


def _stored(numbers: Sequence[float], told: dict[str, float | None]) -> Json:
    names = ("x", "y", "z", *SIDES, "yaw", "pitch", "roll")
    return {
        name: tidy(number)
        for name, number in zip(names, numbers, strict=True)
        if name not in told or told[name] is not None
    }
