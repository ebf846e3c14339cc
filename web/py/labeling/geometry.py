"""Boxes in percent of an image and spans in code points of a text: the shapes themselves and what moves and turns them.

A box turns about its top-left corner (x, y), clockwise in degrees, in pixel space: percent axes are not square.
Numbers that are computed here are rounded to 6 decimals (a ten-thousandth of a pixel at 10,000 pixels), so that the
last bits of a platform's sine never show in results.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypedDict

from labeling.plan_parts import ShapeKind


@dataclass(frozen=True, slots=True)
class Box:
    """``x``, ``width``: percent (0-100) of the image's width; ``y``, ``height``: of its height; degrees."""

    kind: ClassVar[ShapeKind] = "rectangle"
    x: float
    y: float
    width: float
    height: float
    rotation: float = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open ``[start, end)`` in code points. ``quote``: the text as a result told it, until the text is loaded."""

    kind: ClassVar[ShapeKind] = "span"
    start: int
    end: int
    quote: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Size:
    """Natural size of an image in pixels."""

    width: float
    height: float


class BoxJson(TypedDict):
    x: float
    y: float
    width: float
    height: float
    rotation: float


def box_json(box: Box) -> BoxJson:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rotation": box.rotation}


def normalised(box: Box, size: Size | None) -> Box:
    """The same rectangle with positive width and height and a rotation of 0 up to 360 degrees.

    A turned box needs the image's size; without one it is taken as square.
    """
    if box.width < 0 or box.height < 0:
        along, down = min(box.width, 0), min(box.height, 0)
        if not box.rotation:
            box = Box(_round(box.x + along), _round(box.y + down), abs(box.width), abs(box.height), 0)
        else:
            wide, high = (size.width, size.height) if size else (1.0, 1.0)
            angle = math.radians(box.rotation)
            right, below = along * wide, down * high
            box = Box(
                _round(box.x + (right * math.cos(angle) - below * math.sin(angle)) / wide),
                _round(box.y + (right * math.sin(angle) + below * math.cos(angle)) / high),
                abs(box.width),
                abs(box.height),
                box.rotation,
            )
    return box if 0 <= box.rotation < 360 else replace(box, rotation=_round(box.rotation % 360) % 360)


def clipped(box: Box) -> Box:
    """The part of the box inside the image. Turned boxes stay as they are: what they cover is no box any more."""
    if box.rotation or (box.x >= 0 and box.y >= 0 and box.x + box.width <= 100 and box.y + box.height <= 100):
        return box
    left, top = min(max(box.x, 0), 100), min(max(box.y, 0), 100)
    right, bottom = min(max(box.x + box.width, 0), 100), min(max(box.y + box.height, 0), 100)
    return Box(left, top, _round(right - left), _round(bottom - top), 0)


def on_pixels(box: Box, size: Size) -> Box:
    """Edges moved to the nearest pixel edges (for a turned box: its corner, width and height)."""
    left, top = _pixel(box.x, size.width), _pixel(box.y, size.height)
    if box.rotation:
        wide, high = _pixel(box.width, size.width), _pixel(box.height, size.height)
    else:
        wide = _pixel(box.x + box.width, size.width) - left
        high = _pixel(box.y + box.height, size.height) - top
    return Box(
        _percent(left, size.width),
        _percent(top, size.height),
        _percent(wide, size.width),
        _percent(high, size.height),
        box.rotation,
    )


def too_small(box: Box, size: Size | None) -> bool:
    """Whether a side is under one natural pixel (or nothing at all, while the size is not known)."""
    if size is None:
        return box.width <= 0 or box.height <= 0
    return box.width * size.width / 100 < 1 - 1e-4 or box.height * size.height / 100 < 1 - 1e-4


def nudged(box: Box, dx: float, dy: float, size: Size, *, grow: bool) -> Box:
    """The box moved by pixels, or with its size changed by them, kept inside the image as far as it was inside."""
    right, down = dx * 100 / size.width, dy * 100 / size.height
    if grow:
        wide = max(box.width + right, 100 / size.width)
        high = max(box.height + down, 100 / size.height)
        if not box.rotation:
            wide, high = min(wide, max(100 - box.x, box.width)), min(high, max(100 - box.y, box.height))
        return replace(box, width=_round(wide), height=_round(high))
    x, y = box.x + right, box.y + down
    if not box.rotation:
        x = min(max(x, min(0, box.x)), max(100 - box.width, box.x))
        y = min(max(y, min(0, box.y)), max(100 - box.height, box.y))
    return Box(_round(x), _round(y), box.width, box.height, box.rotation)


def to_middle(box: Box, size: Size) -> tuple[float, float]:
    """From a box's corner to its middle, percent."""
    wide, high = box.width * size.width / 200, box.height * size.height / 200
    cos, sin = cosine(box.rotation), sine(box.rotation)
    return (wide * cos - high * sin) * 100 / size.width, (wide * sin + high * cos) * 100 / size.height


def cosine(degrees: float) -> float:
    """Exact for quarter turns: nothing that stands straight is tilted by a last bit."""
    value = math.cos(math.radians(degrees))
    return float(round(value)) if degrees % 90 == 0 else value


def sine(degrees: float) -> float:
    """See ``cosine``."""
    value = math.sin(math.radians(degrees))
    return float(round(value)) if degrees % 90 == 0 else value


def _round(value: float) -> float:
    return round(value, 6) + 0.0  # + 0.0: no negative zero in results


def _pixel(percent: float, pixels: float) -> int:
    return math.floor(percent * pixels / 100 + 0.5)


def _percent(pixel: int, pixels: float) -> float:
    return _round(pixel * 100 / pixels)
