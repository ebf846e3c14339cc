"""Masks: brush strokes in Label Studio's run-length code, bitmaps as PNG data URLs.

A shape holds the code as it came, which is decoded when somebody paints on it, or a mask, whose code is made when it is
written. What was read and not changed is so written back as it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeVar

from labeling import reading
from labeling.geometry import Size
from labeling.masks import MOST_PIXELS, Mask, MaskError, from_base64, png, png_writing, rle, text, to_base64
from labeling.masks.listing import ByteList
from labeling.masks.mask import PixelBounds
from labeling.plan_parts import ShapeKind
from labeling.shapes.kind import MOST_BYTES, Bounds, Context, Fault, Json, Kind, Value, short

M = TypeVar("M", "Brush", "Bitmask")

_LEAD = "data:image/"


@dataclass(frozen=True, slots=True)
class Brush:
    """``stored``: the code as it came. ``mask``: what it was changed to; one of the two is there."""

    kind: ClassVar[ShapeKind] = "brush"
    stored: bytes | None = None
    mask: Mask | None = None

    @property
    def rle(self) -> bytes:
        if self.mask is not None:
            return rle.write(self.mask)
        return self.stored or b""


@dataclass(frozen=True, slots=True)
class Bitmask:
    """``stored``: a PNG at the image's natural size, black on transparent, as it came. ``mask``: as in Brush."""

    kind: ClassVar[ShapeKind] = "bitmask"
    stored: str | None = None
    mask: Mask | None = None

    @property
    def url(self) -> str:
        if self.mask is not None:
            return png_writing.url(self.mask)
        return self.stored or ""


def of_mask(kind: ShapeKind, mask: Mask) -> Brush | Bitmask:
    """The shape of *kind* (brush or bitmask) that a mask is."""
    return Bitmask(mask=mask) if kind == "bitmask" else Brush(mask=mask)


def pixels(size: Size) -> tuple[int, int]:
    """Width and height of the masks of a picture.

    Raises:
        MaskError: it is so large that a mask which was written could not be read again.
    """
    width, height = int(size.width), int(size.height)
    if width * height > MOST_PIXELS:
        raise MaskError(f"a picture of {width} x {height} pixels is too large for masks: {MOST_PIXELS} are the most")
    return width, height


def mask_of(shape: Brush | Bitmask, size: Size) -> Mask:
    """The mask of a shape on a picture of *size*.

    Raises:
        MaskError: its code cannot be read, or is of another size.
    """
    width, height = pixels(size)
    if shape.mask is None:
        if isinstance(shape, Bitmask):
            return _decoded_url(shape.url, width, height)
        return _decoded(shape.rle, width, height)
    if (shape.mask.width, shape.mask.height) != (width, height):
        raise MaskError(f"the mask has {shape.mask.width} x {shape.mask.height} pixels, the image {width} x {height}")
    return shape.mask


def touches(shape: Brush | Bitmask, painted: Mask) -> bool:
    """Whether the two may have a pixel in common. Of hundreds of stored codes each is decoded for that once.

    Raises:
        MaskError: as `mask_of`.
    """
    size = (painted.width, painted.height)
    held = shape.mask.bounds if shape.mask is not None else _extent(shape, *size)
    here = painted.bounds
    if held is None or here is None:
        return False
    return held[0] < here[2] and here[0] < held[2] and held[1] < here[3] and here[1] < held[3]


@lru_cache(maxsize=1024)
def _extent(shape: Brush | Bitmask, width: int, height: int) -> PixelBounds | None:
    return mask_of(shape, Size(width, height)).bounds


@lru_cache(maxsize=64)
def _decoded(code: bytes, width: int, height: int) -> Mask:
    return rle.read(code, width, height)


@lru_cache(maxsize=64)
def _decoded_url(url: str, width: int, height: int) -> Mask:
    found = png.read_url(url)
    if (found.width, found.height) != (width, height):
        raise MaskError(f"the mask has {found.width} x {found.height} pixels, the image {width} x {height}")
    return found


def _mask_json(mask: Mask) -> Json:
    """What the page paints from (docs/contracts.md, section 10)."""
    return {"rows": text.write(mask), "width": mask.width, "height": mask.height, "version": mask.version}


def _mask_read(value: Value) -> Mask | str | None:
    """A mask that the page sends back as it got it; None if it is in another form."""
    rows, width, height = value.get("rows"), reading.whole(value.get("width")), reading.whole(value.get("height"))
    if not isinstance(rows, str):
        return None
    if width is None or height is None or width <= 0 or height <= 0:
        return "a mask in rows needs width and height"
    try:
        return text.read(rows, *pixels(Size(width, height)))
    except MaskError as fault:
        return str(fault)


def _change(before: Brush | Bitmask, after: Brush | Bitmask, _: Context) -> Json | None:
    old, new = before.mask, after.mask
    if old is None or new is None or (old.width, old.height) != (new.width, new.height):
        return None
    rows = text.change(old, new)
    if rows is None:
        return None
    return {"rows": rows, "width": new.width, "height": new.height, "version": new.version, "base": old.version}


def _tidy(shape: M, at: Context, where: str) -> M:
    """A mask that is drawn must be one: it is decoded once, and has the size of the image."""
    if at.size is None:
        return shape
    try:
        mask = mask_of(shape, at.size)
    except MaskError as fault:
        raise at.refuse("bad-shape", str(fault), where) from None
    if mask.is_empty:
        raise at.refuse("too-small", "nothing is painted", where, "paint over the image")
    return shape


def _bounds(shape: Brush | Bitmask, at: Context) -> Bounds | None:
    """Percent of the image; None while its size is not known, or if the code is no mask."""
    size = at.size or (Size(shape.mask.width, shape.mask.height) if shape.mask else None)
    if not size:
        return None
    try:
        box = mask_of(shape, size).bounds
    except MaskError:
        return None
    if box is None:
        return None
    wide, high = 100 / size.width, 100 / size.height
    return box[0] * wide, box[1] * high, box[2] * wide, box[3] * high


def _read_brush(value: Value, _: Context) -> Brush | str:
    drawn = _mask_read(value)
    if drawn is not None:
        return drawn if isinstance(drawn, str) else Brush(mask=drawn)
    if value.get("format", "rle") != "rle":
        return f"masks in the format {short(value.get('format'))} are not read"
    code = _code(value.get("rle"))
    return "a mask needs rle, a list of bytes" if code is None else Brush(code)


def _code(given: object) -> bytes | None:
    if isinstance(given, str):
        return from_base64(given)
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
    return {"format": "rle", "rle": ByteList(shape.rle)}


def _brush_view(shape: Brush, _: Context) -> Json:
    """A mask that nobody changed goes to the page as it came: decoding there is cheaper than rows of hundreds here."""
    if shape.mask is not None:
        return _mask_json(shape.mask)
    return {"format": "rle", "rle": to_base64(shape.rle)}


BRUSH = Kind(
    name="brush",
    shape=Brush,
    members=frozenset({"format", "rle"}),
    read=_read_brush,
    faults=_brush_faults,
    write=_brush_json,
    view=_brush_view,
    change=_change,
    tidy=_tidy,
    bounds=_bounds,
)


def _read_bitmask(value: Value, _: Context) -> Bitmask | str:
    drawn = _mask_read(value)
    if drawn is not None:
        return drawn if isinstance(drawn, str) else Bitmask(mask=drawn)
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


def _bitmask_view(shape: Bitmask, at: Context) -> Json:
    return _bitmask_json(shape, at) if shape.mask is None else _mask_json(shape.mask)


BITMASK = Kind(
    name="bitmask",
    shape=Bitmask,
    members=frozenset({"imageDataURL"}),
    read=_read_bitmask,
    faults=_bitmask_faults,
    write=_bitmask_json,
    view=_bitmask_view,
    change=_change,
    tidy=_tidy,
    bounds=_bounds,
)
