"""Masks of brush and bitmap regions: reading, overlap and merging, on one whole number per mask.

A pixel is a byte of the number, 1 if it is painted: `&`, `|` and `bit_count` on a megapixel take a millisecond or less,
and only the rows from the first to the last painted pixel are kept.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from labeling import masks, reading
from labeling.consensus import grid
from labeling.consensus.medoids import medoid
from labeling.consensus.model import Json
from labeling.consensus.weighing import Weights, usable
from labeling.masks import png, png_writing

_PAINTED = b"\x00" + b"\x01" * 255
_OPAQUE = b"\x00" + b"\xff" * 255
_LEVELS = 10_000  # steps in which unequal weights are counted


@dataclass(frozen=True, slots=True)
class Mask:
    """bits: byte k is pixel first + k, 1 if it is painted. pixels: of the picture. width: of a row (0: not known).

    area: painted pixels. bounds: of what is painted, in pixels. stored: the members of the result's value.
    """

    bits: int
    first: int
    pixels: int
    width: int
    area: int
    bounds: grid.Bounds
    stored: Mapping[str, Any]


def make_mask(painted: bytes, width: int, stored: Mapping[str, Any]) -> Mask:
    """A Mask of one byte per pixel, row by row, 0 where nothing is painted."""
    pixels = len(painted)
    if width <= 0 or pixels % width:
        width = 0
    row = width or pixels
    bits = int.from_bytes(painted.translate(_PAINTED), "little")
    if not bits:
        return Mask(0, 0, pixels, width, 0, (0.0, 0.0, 0.0, 0.0), stored)
    top = ((bits & -bits).bit_length() - 1) // 8 // row
    bottom = (bits.bit_length() - 1) // 8 // row + 1
    bits >>= 8 * top * row
    left, right = _columns(bits, bottom - top, row)
    bounds = (float(left), float(top), float(right), float(bottom))
    return Mask(bits, top * row, pixels, width, bits.bit_count(), bounds, stored)


def _columns(bits: int, rows: int, width: int) -> tuple[int, int]:
    """The first painted column and the one after the last: the lower half of the rows is laid on the upper, again."""
    while rows > 1:
        rows = (rows + 1) // 2
        cut = 8 * rows * width
        bits = bits >> cut | bits & ((1 << cut) - 1)
    return ((bits & -bits).bit_length() - 1) // 8, (bits.bit_length() - 1) // 8 + 1


def read_brush(item: Json) -> Mask | None:
    """The Mask of a stored result in Label Studio's run-length code, None if the code cannot be read."""
    given = item["value"].get("rle")
    if item["value"].get("format", "rle") != "rle":
        return None
    code = masks.from_base64(given) if isinstance(given, str) else given
    if not isinstance(code, bytes | list):
        return None
    try:
        if int.from_bytes(bytes(code[:4]), "big") // 4 > png.MOST_DECODED:  # the code begins with the number of values
            return None
        painted = masks.decode(code)
    except (masks.MaskError, TypeError, ValueError):
        return None
    stored = {name: item["value"][name] for name in ("format", "rle") if name in item["value"]}
    return make_mask(painted, reading.whole(item.get("original_width")) or 0, stored)


def read_bitmask(item: Json) -> Mask | None:
    """The Mask of a stored PNG data URL, None if it is no PNG that can be read."""
    url = item["value"].get("imageDataURL")
    if not isinstance(url, str) or not url.startswith("data:image/png;base64,"):
        return None
    try:
        width, _, painted = png.decode(base64.b64decode(url.partition(",")[2], validate=True))
    except (binascii.Error, png.PngError):
        return None
    return make_mask(painted, width, {"imageDataURL": url})


def mask_iou(a: Mask, b: Mask) -> float:
    """Pixels painted in both / pixels painted in either, 0..1; equal masks 1, masks of different pictures 0."""
    if a.pixels != b.pixels:
        return 0.0
    if a.bits == b.bits and a.first == b.first:
        return 1.0
    first = max(a.first, b.first)
    shared = (a.bits >> 8 * (first - a.first) & b.bits >> 8 * (first - b.first)).bit_count()
    return shared / (a.area + b.area - shared)


def mask_candidates(a: Sequence[Mask], b: Sequence[Mask], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, mask_iou)


def majority(bits: Sequence[int], weights: Weights = None) -> int:
    """The bits that more than half (by weight) have.

    A pixel is in if somebody painted it and the rest needs that much less, or if the rest is enough without: of equal
    weights there are few different needs, so this takes about n * n / 2 operations on whole masks.

    >>> bin(majority([0b1100, 0b1010, 0b1001]))
    '0b1000'
    """
    used = usable(weights, len(bits))
    heaviest = max(used)
    counts = [1] * len(used) if min(used) == heaviest else [round(_LEVELS * weight / heaviest) for weight in used]
    voters = sorted(zip(counts, bits, strict=True), reverse=True)
    rest = [sum(count for count, _ in voters[place:]) for place in range(len(voters) + 1)]

    @cache
    def over(place: int, need: int) -> int:
        """Where the voters from *place* on weigh at least *need* together; -1: everywhere."""
        if need <= 0:
            return -1
        if rest[place] < need:
            return 0
        count, painted = voters[place]
        return painted & over(place + 1, need - count) | over(place + 1, need)

    return over(0, rest[0] // 2 + 1)


def merge_brushes(shapes: Sequence[Mask], weights: Weights = None) -> Json:
    """The majority per pixel as stored members format, rle; equal masks give one of them as stored."""
    merged = _merged(shapes, weights)
    return dict(merged.stored) or {"format": "rle", "rle": list(masks.encode(_painted(merged)))}


def merge_bitmasks(shapes: Sequence[Mask], weights: Weights = None) -> Json:
    """The majority per pixel as a PNG data URL; equal masks give one of them as stored."""
    merged = _merged(shapes, weights)
    if merged.stored:
        return dict(merged.stored)
    coded = png_writing.encode(merged.width, merged.pixels // merged.width, _painted(merged))
    return {"imageDataURL": "data:image/png;base64," + base64.b64encode(coded).decode()}


def _merged(shapes: Sequence[Mask], weights: Weights) -> Mask:
    """The majority (a Mask with `stored` empty if nobody stored it); the medoid where no pixel has a majority."""
    if len({(shape.pixels, shape.width) for shape in shapes}) == 1:
        first = min(shape.first for shape in shapes)
        bits = majority([shape.bits << 8 * (shape.first - first) for shape in shapes], weights)
        same = [shape for shape in shapes if shape.bits << 8 * (shape.first - first) == bits]
        if same:
            return min(same, key=lambda shape: repr(shape.stored))
        if bits:
            return replace(shapes[0], bits=bits, first=first, stored={})
    return medoid(shapes, weights, mask_iou, lambda shape: (shape.pixels, shape.first, shape.bits, repr(shape.stored)))


def _painted(mask: Mask) -> bytes:
    size = (mask.bits.bit_length() + 7) // 8
    held = mask.bits.to_bytes(size, "little").translate(_OPAQUE)
    return (bytes(mask.first) + held).ljust(mask.pixels, b"\0")
