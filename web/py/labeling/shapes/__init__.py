"""Regions of every kind: one module per family, one frozen class per kind, one table of what each can do."""

from labeling.geometry import Box, Span
from labeling.shapes.boxes import Ellipse, OcrBox
from labeling.shapes.chat import Message
from labeling.shapes.cloud import Cuboid, Points
from labeling.shapes.kind import Bounds, Context, Fault, Kind
from labeling.shapes.outlines import Keypoint, Polygon, Vector
from labeling.shapes.rasters import Bitmask, Brush
from labeling.shapes.registry import KINDS, Shape, bounds, draw, faults, quote, read, view_json, write
from labeling.shapes.texts import HyperSpan, Phrase
from labeling.shapes.times import Segment, Series, Timeline
from labeling.shapes.video import Track, VectorTrack

__all__ = [
    "KINDS", "Bitmask", "Bounds", "Box", "Brush", "Context", "Cuboid", "Ellipse", "Fault", "HyperSpan", "Keypoint",
    "Kind", "Message", "OcrBox", "Phrase", "Points", "Polygon", "Segment", "Series", "Shape", "Span", "Timeline",
    "Track", "Vector", "VectorTrack", "bounds", "draw", "faults", "quote", "read", "view_json", "write",
]  # fmt: skip
