"""Boxes: rectangles and ellipses in percent of an image, boxes of a document's page in fractions of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from labeling import geometry, reading
from labeling.geometry import Box
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import (
    FARTHEST,
    Bounds,
    Context,
    Fault,
    Json,
    Kind,
    Value,
    number_faults,
    numbers,
    rounded,
    short,
)

_SIDES = ("x", "y", "width", "height")


@dataclass(frozen=True, slots=True)
class Ellipse:
    """``x``, ``y``: the centre, percent; ``radius_x``: percent of the width, ``radius_y``: of the height; degrees."""

    kind: ClassVar[ShapeKind] = "ellipse"
    x: float
    y: float
    radius_x: float
    radius_y: float
    rotation: float = 0


@dataclass(frozen=True, slots=True)
class OcrBox:
    """A box on a page: fractions (0-1) of the page, which counts from 1. ``text``: what was read there, if anything."""

    kind: ClassVar[ShapeKind] = "ocrbox"
    x: float
    y: float
    width: float
    height: float
    rotation: float = 0
    page: int = 1
    text: str | None = None


# Rectangles


def _read_box(value: Value, _: Context) -> Box | str:
    # Asked for each of 10,000 boxes: no loop.
    number = reading.number
    x, y = number(value.get("x")), number(value.get("y"))
    width, height = number(value.get("width")), number(value.get("height"))
    turned = value.get("rotation")
    rotation = 0 if turned is None else number(turned)
    if x is None or y is None or width is None or height is None or rotation is None:
        return "a box needs x, y, width, height and rotation as numbers"
    return Box(x, y, width, height, rotation)


def _box_faults(value: Value, at: Context) -> Iterator[Fault]:
    box = _read_box(value, at)
    if isinstance(box, Box) and box.width >= 0 and box.height >= 0:
        farthest = max(abs(box.x), abs(box.y), box.width, box.height, abs(box.rotation))
        if farthest <= FARTHEST:
            return iter(())
    return number_faults(value, _SIDES, optional=("rotation",), positive=("width", "height"))


def _box_json(box: Box, _: Context) -> Json:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rotation": box.rotation}


def _tidy_box(box: Box, at: Context, where: str) -> Box:
    box = geometry.normalised(box, at.size)
    if box.rotation and at.control is not None and not at.control.can_rotate:
        raise at.refuse("no-rotation", "boxes of this control cannot be turned", where)
    box = geometry.clipped(box)
    if at.size and at.control is not None and at.control.snap == "pixel":
        box = geometry.on_pixels(box, at.size)
    if geometry.too_small(box, at.size):
        raise at.refuse("too-small", "the box is smaller than one pixel of the image", where, "drag a larger box")
    return box


def _box_bounds(box: Box, at: Context) -> Bounds | None:
    """Of a turned box: around its corners, turned in pixel space (a square image if the size is not known)."""
    if not box.rotation:
        return box.x, box.y, box.x + box.width, box.y + box.height
    aspect = at.size.height / at.size.width if at.size else 1.0
    angle = math.radians(box.rotation)
    right = (box.width * math.cos(angle), box.width * math.sin(angle) / aspect)
    down = (-box.height * aspect * math.sin(angle), box.height * math.cos(angle))
    xs = [box.x + along * right[0] + below * down[0] for along in (0, 1) for below in (0, 1)]
    ys = [box.y + along * right[1] + below * down[1] for along in (0, 1) for below in (0, 1)]
    return min(xs), min(ys), max(xs), max(ys)


RECTANGLE = Kind(
    name="rectangle",
    shape=Box,
    members=frozenset({*_SIDES, "rotation"}),
    read=_read_box,
    faults=_box_faults,
    write=_box_json,
    view=_box_json,
    tidy=_tidy_box,
    bounds=_box_bounds,
)


# Ellipses


def _read_ellipse(value: Value, _: Context) -> Ellipse | str:
    found = numbers(value, ("x", "y", "radiusX", "radiusY", "rotation"), rotation=0)
    return Ellipse(*found) if found else "an ellipse needs x, y, radiusX, radiusY and rotation as numbers"


def _ellipse_faults(value: Value, _: Context) -> Iterator[Fault]:
    names = ("x", "y", "radiusX", "radiusY")
    return number_faults(value, names, optional=("rotation",), positive=("radiusX", "radiusY"))


def _ellipse_json(shape: Ellipse, _: Context) -> Json:
    return {
        "x": shape.x,
        "y": shape.y,
        "radiusX": shape.radius_x,
        "radiusY": shape.radius_y,
        "rotation": shape.rotation,
    }


def _tidy_ellipse(shape: Ellipse, at: Context, where: str) -> Ellipse:
    shape = replace(shape, radius_x=abs(shape.radius_x), radius_y=abs(shape.radius_y))
    if not 0 <= shape.rotation < 360:
        shape = replace(shape, rotation=rounded(shape.rotation % 360) % 360)
    if shape.rotation and at.control is not None and not at.control.can_rotate:
        raise at.refuse("no-rotation", "ellipses of this control cannot be turned", where)
    around = Box(shape.x, shape.y, 2 * shape.radius_x, 2 * shape.radius_y)
    if geometry.too_small(around, at.size):
        raise at.refuse("too-small", "the ellipse is smaller than one pixel of the image", where, "drag a larger one")
    return shape


def _ellipse_bounds(shape: Ellipse, at: Context) -> Bounds | None:
    aspect = at.size.height / at.size.width if at.size else 1.0
    angle = math.radians(shape.rotation)
    wide, high = shape.radius_x, shape.radius_y * aspect
    across = math.hypot(wide * math.cos(angle), high * math.sin(angle))
    down = math.hypot(wide * math.sin(angle), high * math.cos(angle)) / aspect
    return shape.x - across, shape.y - down, shape.x + across, shape.y + down


ELLIPSE = Kind(
    name="ellipse",
    shape=Ellipse,
    members=frozenset({"x", "y", "radiusX", "radiusY", "rotation"}),
    read=_read_ellipse,
    faults=_ellipse_faults,
    write=_ellipse_json,
    view=_ellipse_json,
    tidy=_tidy_ellipse,
    bounds=_ellipse_bounds,
    moved=lambda shape, dx, dy: replace(shape, x=rounded(shape.x + dx), y=rounded(shape.y + dy)),
)


# Boxes on pages


def _read_ocr(value: Value, _: Context) -> OcrBox | str:
    found = numbers(value, (*_SIDES, "rotation"), rotation=0)
    page = 1 if value.get("pageIndex") is None else reading.whole(value["pageIndex"])
    if found is None or page is None:
        return "a box on a page needs x, y, width, height and pageIndex as numbers"
    x, y, width, height, rotation = found
    return OcrBox(x, y, width, height, rotation, page, reading.text(value.get("ocrtext")))


def _ocr_faults(value: Value, at: Context) -> Iterator[Fault]:
    yield from _box_faults(value, at)
    page = 1 if value.get("pageIndex") is None else value["pageIndex"]
    if (found := reading.whole(page)) is None or found < 1:
        yield Fault("bad-shape", f"pageIndex must be a page from 1, not {short(page)}")
    if value.get("ocrtext") is not None and not isinstance(value["ocrtext"], str):
        yield Fault("bad-shape", "ocrtext must be a text")


def _ocr_json(shape: OcrBox, _: Context) -> Json:
    made: Json = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
    made |= {"rotation": shape.rotation, "pageIndex": shape.page}
    return made if shape.text is None else {**made, "ocrtext": shape.text}


def _tidy_ocr(shape: OcrBox, at: Context, where: str) -> OcrBox:
    """Inside the page, sides positive; a page's size is not known, so turning is left as it is."""
    left, top = min(shape.x, shape.x + shape.width), min(shape.y, shape.y + shape.height)
    right, bottom = left + abs(shape.width), top + abs(shape.height)
    if not shape.rotation:
        left, top, right, bottom = (min(max(side, 0), 1) for side in (left, top, right, bottom))
    if right <= left or bottom <= top:
        raise at.refuse("too-small", "the box is empty", where, "drag a larger box")
    width, height = rounded(right - left), rounded(bottom - top)
    return replace(shape, x=rounded(left), y=rounded(top), width=width, height=height)


OCRBOX = Kind(
    name="ocrbox",
    shape=OcrBox,
    members=frozenset({*_SIDES, "rotation", "pageIndex", "ocrtext"}),
    read=_read_ocr,
    faults=_ocr_faults,
    write=_ocr_json,
    view=_ocr_json,
    tidy=_tidy_ocr,
    bounds=lambda shape, at: _box_bounds(Box(shape.x, shape.y, shape.width, shape.height, shape.rotation), at),
    text=lambda shape, _: shape.text or "",
)
