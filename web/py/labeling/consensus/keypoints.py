"""Key points in percent of an image: reading, closeness and averaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.boxes import DECIMALS, aspect_of
from labeling.consensus.model import Json, tidy
from labeling.consensus.weighing import Weights, mean

SIGMA = 0.02
"""Standard deviation of careful marking, as a share of the image's diagonal."""

HALF = SIGMA * sqrt(2 * log(2)) * 1.001
"""The distance at which two points are 0.5 alike (2.35 % of the diagonal), and a little more."""


def diagonal(aspect: float) -> float:
    """Of the image, in percent of its width."""
    return 100 * sqrt(1 + aspect * aspect)


def closeness(square: float, across: float) -> float:
    """
    exp(-d² / (2 (0.02 D)²)): 1 at the same place, 0.5 at 2.35 % of the diagonal, 0.04 at 5 %.

    Args:
        square: d², the square of a distance; across: D, the image's diagonal in the same unit.

    Source: object keypoint similarity (COCO keypoint evaluation, Ronchi and Perona 2017, ICCV, eq. 1) with the image's
    diagonal as the scale and one constant for all points, since a marked point has no object whose area is known.
    """
    return exp(-square / (2 * (SIGMA * across) ** 2))


@dataclass(frozen=True, slots=True)
class Keypoint:
    """x, y in percent of the image. width: of the drawn point in percent of the width, None if not stored.

    aspect: height / width of the image in pixels. bounds: where points that are 0.5 alike can be.
    """

    x: float
    y: float
    width: float | None
    aspect: float
    bounds: grid.Bounds
    area: float = 0.0


def make_keypoint(x: float, y: float, width: float | None = None, aspect: float = 1.0) -> Keypoint:
    """A Keypoint from its numbers."""
    reach = HALF * diagonal(aspect)
    return Keypoint(x, y, width, aspect, (x - reach, y - reach / aspect, x + reach, y + reach / aspect))


def read_keypoint(item: Json) -> Keypoint | None:
    """The Keypoint of a stored result, None if x or y is missing."""
    x, y, width = (reading.number(item["value"].get(key)) for key in ("x", "y", "width"))
    if x is None or y is None:
        return None
    return make_keypoint(float(x), float(y), None if width is None else float(width), aspect_of(item))


def keypoint_similarity(a: Keypoint, b: Keypoint) -> float:
    """`closeness` of the two, 0..1, in pixel space.

    >>> round(keypoint_similarity(make_keypoint(10, 10), make_keypoint(10 + 2.3548 * 2**0.5, 10)), 3)
    0.5
    """
    aspect = min(a.aspect, b.aspect)
    across, down = a.x - b.x, (a.y - b.y) * aspect
    return closeness(across * across + down * down, diagonal(aspect))


def keypoint_candidates(a: Sequence[Keypoint], b: Sequence[Keypoint], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, closeness) with closeness >= threshold >= 0.5, sorted."""
    return grid.candidates(a, b, threshold, keypoint_similarity)


def merge_keypoints(points: Sequence[Keypoint], weights: Weights = None) -> Json:
    """The (weighted) mean place, and the mean width of those that have one, as stored members x, y, width."""
    first = points[0]
    if all((point.x, point.y) == (first.x, first.y) for point in points):
        merged = {"x": tidy(first.x), "y": tidy(first.y)}
    else:
        x, y = (mean([getattr(point, axis) for point in points], weights) for axis in ("x", "y"))
        merged = {"x": tidy(round(x, DECIMALS)), "y": tidy(round(y, DECIMALS))}
    widths = [point.width for point in points if point.width is not None]
    if widths:
        merged["width"] = tidy(widths[0] if len(set(widths)) == 1 else round(mean(widths), DECIMALS))
    return merged
