"""Masks of brush and bitmap regions: rows of runs, what is done to them, and the forms in which they are stored."""

from labeling.masks.mask import (
    MOST_PIXELS,
    Mask,
    MaskError,
    Row,
    intersect,
    make,
    shifted,
    subtract,
    union,
)
from labeling.masks.parts import filled, parts
from labeling.masks.rings import from_rings, rings, transformed
from labeling.masks.rle import decode, encode, from_base64, to_base64
from labeling.masks.strokes import Tip, stroke

__all__ = [
    "MOST_PIXELS",
    "Mask",
    "MaskError",
    "Row",
    "Tip",
    "decode",
    "encode",
    "filled",
    "from_base64",
    "from_rings",
    "intersect",
    "make",
    "parts",
    "rings",
    "shifted",
    "stroke",
    "subtract",
    "to_base64",
    "transformed",
    "union",
]
