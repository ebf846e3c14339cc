"""Masks: brush strokes in Label Studio's run-length code, bitmaps as PNG data URLs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from labeling import masks, reading
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import MOST_BYTES, Bounds, Context, Fault, Json, Kind, Value, short

_LEAD = "data:image/"


@dataclass(frozen=True, slots=True)
class Brush:
    """The code of a mask as it came (masks.py reads it)."""

    kind: ClassVar[ShapeKind] = "brush"
    rle: bytes


@dataclass(frozen=True, slots=True)
class Bitmask:
    """A PNG at the image's natural size, black on transparent."""

    kind: ClassVar[ShapeKind] = "bitmask"
    url: str


def _read_brush(value: Value, _: Context) -> Brush | str:
    if value.get("format", "rle") != "rle":
        return f"masks in the format {short(value.get('format'))} are not read"
    code = _code(value.get("rle"))
    return "a mask needs rle, a list of bytes" if code is None else Brush(code)


def _code(given: object) -> bytes | None:
    if isinstance(given, str):
        return masks.from_base64(given)
    if not isinstance(given, list):
        return None
    try:
        return bytes(given)
    except (TypeError, ValueError):
        return None


def _brush_faults(value: Value, _: Context) -> Iterator[Fault]:
    if value.get("format") != "rle":
        yield Fault("bad-shape", f"format must be 'rle', not {short(value.get('format'))}")
    given = value.get("rle")
    if isinstance(given, list) and len(given) > MOST_BYTES:
        yield Fault("bad-shape", f"rle has more than {MOST_BYTES} bytes")
    elif not isinstance(given, list) or _code(given) is None:
        yield Fault("bad-shape", "rle must be a list of whole numbers from 0 to 255")


def _brush_json(shape: Brush, _: Context) -> Json:
    return {"format": "rle", "rle": list(shape.rle)}


def _tidy_brush(shape: Brush, at: Context, where: str) -> Brush:
    """A mask that is drawn must be one: it is decoded once, and has the size of the image."""
    try:
        mask = masks.decode(shape.rle)
    except masks.MaskError as fault:
        raise at.refuse("bad-shape", str(fault), where) from None
    if at.size and len(mask) != at.size.width * at.size.height:
        message = f"the mask has {len(mask)} pixels, the image {at.size.width:g} x {at.size.height:g}"
        raise at.refuse("bad-shape", message, where)
    if not masks.area(mask):
        raise at.refuse("too-small", "nothing is painted", where, "paint over the image")
    return shape


def _brush_bounds(shape: Brush, at: Context) -> Bounds | None:
    """Percent of the image; None while its size is not known, or if the code is no mask."""
    if not at.size:
        return None
    try:
        box = masks.bounds(masks.decode(shape.rle), int(at.size.width))
    except masks.MaskError:
        return None
    if box is None:
        return None
    wide, high = 100 / at.size.width, 100 / at.size.height
    return box[0] * wide, box[1] * high, box[2] * wide, box[3] * high


BRUSH = Kind(
    name="brush",
    shape=Brush,
    members=frozenset({"format", "rle"}),
    read=_read_brush,
    faults=_brush_faults,
    write=_brush_json,
    view=_brush_json,
    tidy=_tidy_brush,
    bounds=_brush_bounds,
)


def _read_bitmask(value: Value, _: Context) -> Bitmask | str:
    url = reading.text(value.get("imageDataURL"))
    return Bitmask(url) if url else "a bitmap needs imageDataURL"


def _bitmask_faults(value: Value, _: Context) -> Iterator[Fault]:
    url = value.get("imageDataURL")
    if not isinstance(url, str) or not url.startswith(_LEAD):
        yield Fault("bad-shape", f"imageDataURL must be a text that begins with {_LEAD!r}, not {short(url)}")
    elif len(url) > MOST_BYTES:
        yield Fault("bad-shape", f"imageDataURL is longer than {MOST_BYTES} characters")


def _bitmask_json(shape: Bitmask, _: Context) -> Json:
    return {"imageDataURL": shape.url}


BITMASK = Kind(
    name="bitmask",
    shape=Bitmask,
    members=frozenset({"imageDataURL"}),
    read=_read_bitmask,
    faults=_bitmask_faults,
    write=_bitmask_json,
    view=_bitmask_json,
)
