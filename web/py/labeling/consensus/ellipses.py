"""Ellipses in percent of an image, turned or not: reading, overlap and averaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, fsum, pi, radians, sin, sqrt
from typing import Any

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.boxes import DECIMALS, aspect_of
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json, tidy
from labeling.consensus.remembered import remembered
from labeling.consensus.weighing import Weights, mean

CHORDS = 64
"""Lines on which two ellipses are compared: the error of the IoU is below 0.001."""

_ANGLES = [pi * ((line + 0.5) / CHORDS - 0.5) for line in range(CHORDS)]
_NODES = [(sin(angle), cos(angle) * pi / CHORDS) for angle in _ANGLES]


@dataclass(frozen=True, slots=True)
class Ellipse:
    """x, y: the centre; radius_x, radius_y in percent of the image's width and height; rotation in degrees clockwise.

    aspect: height / width of the image in pixels. At the height y + v (percent), with v between -reach and reach, the
    ellipse goes from x + slant * v - chord * s to x + slant * v + chord * s, s = sqrt(1 - (v / reach) ** 2).
    """

    x: float
    y: float
    radius_x: float
    radius_y: float
    rotation: float
    aspect: float
    reach: float
    slant: float
    chord: float
    bounds: grid.Bounds
    area: float
    known: dict[int, tuple[Any, float]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def line(self) -> tuple[float, float, float, float, float]:
        """x, y, slant, chord, 1 / reach²: what a horizontal line needs."""
        return (self.x, self.y, self.slant, self.chord, 1 / self.reach**2)

    @property
    def geometry(self) -> tuple[float, float, float, float, float]:
        """The five stored numbers."""
        return (self.x, self.y, self.radius_x, self.radius_y, self.rotation)


def make_ellipse(
    x: float, y: float, radius_x: float, radius_y: float, rotation: float = 0.0, aspect: float = 1.0
) -> Ellipse:
    """An Ellipse from its numbers; the rotation is taken modulo 360."""
    rotation = rotation % 360.0
    cosine, sine = cos(radians(rotation)), sin(radians(rotation))
    if rotation % 90.0 == 0.0:
        cosine, sine = float(round(cosine)), float(round(sine))
    along, across = radius_x, radius_y * aspect  # both in percent of the width
    high = sqrt((along * sine) ** 2 + (across * cosine) ** 2)
    wide = sqrt((along * cosine) ** 2 + (across * sine) ** 2)
    slant = (along * along - across * across) * sine * cosine / (high * high) * aspect if high else 0.0
    chord = along * across / high if high else 0.0
    reach = high / aspect
    bounds = (x - wide, y - reach, x + wide, y + reach)
    return Ellipse(x, y, radius_x, radius_y, rotation, aspect, reach, slant, chord, bounds, pi * radius_x * radius_y)


def read_ellipse(item: Json) -> Ellipse | None:
    """The Ellipse of a stored result, None if its numbers are missing, not finite or negative in size."""
    value = item["value"]
    x, y, wide, high = (reading.number(value.get(key)) for key in ("x", "y", "radiusX", "radiusY"))
    rotation = reading.number(value.get("rotation") or 0)
    if x is None or y is None or wide is None or high is None or rotation is None or wide < 0 or high < 0:
        return None
    return make_ellipse(float(x), float(y), float(wide), float(high), float(rotation), aspect_of(item))


@remembered
def ellipse_iou(a: Ellipse, b: Ellipse) -> float:
    """
    Intersection over union, 0..1. Equal ellipses score 1 even if they are empty.

    What they share is summed over CHORDS horizontal chords, closer together at both ends of the common heights, where
    the chords' lengths change fastest (midpoint rule after substituting the sine).

    >>> round(ellipse_iou(make_ellipse(50, 50, 10, 10), make_ellipse(50, 50, 20, 10)), 3)
    0.5
    """
    if a.geometry == b.geometry and a.aspect == b.aspect:
        return 1.0
    top, bottom = max(a.bounds[1], b.bounds[1]), min(a.bounds[3], b.bounds[3])
    if bottom <= top or min(a.bounds[2], b.bounds[2]) <= max(a.bounds[0], b.bounds[0]):
        return 0.0
    middle, half = (top + bottom) / 2, (bottom - top) / 2
    (ax, ay, a_slant, a_chord, a_scale), (bx, by, b_slant, b_chord, b_scale) = a.line, b.line
    lengths = []
    for place, weight in _NODES:
        y = middle + half * place
        u, v = y - ay, y - by
        p, q = 1 - u * u * a_scale, 1 - v * v * b_scale
        if p <= 0 or q <= 0:
            continue
        centre_a, half_a = ax + a_slant * u, a_chord * sqrt(p)
        centre_b, half_b = bx + b_slant * v, b_chord * sqrt(q)
        right_a, right_b = centre_a + half_a, centre_b + half_b
        left_a, left_b = centre_a - half_a, centre_b - half_b
        length = (right_a if right_a < right_b else right_b) - (left_a if left_a > left_b else left_b)
        if length > 0:
            lengths.append(length * weight)
    shared = fsum(lengths) * half
    union = a.area + b.area - shared
    return min(1.0, shared / union) if union > 0 else 0.0


def ellipse_candidates(a: Sequence[Ellipse], b: Sequence[Ellipse], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, ellipse_iou)


def merge_ellipses(ellipses: Sequence[Ellipse], weights: Weights = None) -> Json:
    """
    The (weighted) average ellipse as stored members x, y, radiusX, radiusY, rotation.

    Each ellipse is first written in the one of its equal forms (quarter turns with the radii exchanged) whose rotation
    is nearest to the medoid's; then centre and radii are averaged in pixel space and the rotation on the circle.
    """
    first = ellipses[0]
    if all(ellipse.geometry == first.geometry for ellipse in ellipses):
        return _stored(*first.geometry)
    if all(ellipse.rotation == 0.0 for ellipse in ellipses):
        means = [mean([ellipse.geometry[k] for ellipse in ellipses], weights) for k in range(4)]
        return _stored(*(round(value, DECIMALS) for value in means), 0.0)
    start = medoid(ellipses, weights, ellipse_iou, lambda ellipse: (ellipse.geometry, ellipse.aspect))
    forms = []
    for ellipse in ellipses:
        turn = (ellipse.rotation - start.rotation) % 360.0
        quarters = round(turn / 90.0)
        wide, high = ellipse.radius_x, ellipse.radius_y * ellipse.aspect
        if quarters % 2:
            wide, high = high, wide
        forms.append((ellipse.x, ellipse.y, wide, high, turn - 90.0 * quarters))
    x, y, wide, high, turn = (mean([form[k] for form in forms], weights) for k in range(5))
    numbers = (x, y, wide, high / start.aspect, (start.rotation + turn) % 360.0)
    rounded = [round(value, DECIMALS) for value in numbers]
    return _stored(*rounded[:4], rounded[4] % 360.0)


def _stored(*numbers: float) -> Json:
    return dict(zip(("x", "y", "radiusX", "radiusY", "rotation"), map(tidy, numbers), strict=True))
