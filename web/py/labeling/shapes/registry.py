"""The one table of kinds: what ``kind`` in a view and ``shape`` in a plan stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from labeling.geometry import Box, Span
from labeling.plan_parts import ShapeKind
from labeling.shapes import boxes, chat, cloud, outlines, rasters, texts, times, video
from labeling.shapes.boxes import Ellipse, OcrBox
from labeling.shapes.chat import Message
from labeling.shapes.cloud import Cuboid, Points
from labeling.shapes.kind import AnyKind, Bounds, Context, Fault, Json, Value
from labeling.shapes.outlines import Keypoint, Polygon, Vector
from labeling.shapes.rasters import Bitmask, Brush
from labeling.shapes.texts import HyperSpan, Phrase
from labeling.shapes.times import Segment, Series, Timeline
from labeling.shapes.video import Track, VectorTrack

Shape: TypeAlias = (
    Box
    | Ellipse
    | Polygon
    | Keypoint
    | Vector
    | Brush
    | Bitmask
    | Span
    | HyperSpan
    | Phrase
    | Segment
    | Series
    | Timeline
    | Track
    | VectorTrack
    | OcrBox
    | Cuboid
    | Points
    | Message
)

_ALL: tuple[AnyKind, ...] = (
    boxes.RECTANGLE, boxes.ELLIPSE, outlines.POLYGON, outlines.KEYPOINT, outlines.VECTOR, rasters.BRUSH,
    rasters.BITMASK, texts.SPAN, texts.HYPERSPAN, texts.PHRASE, times.SEGMENT, times.SERIES, times.TIMELINE,
    video.TRACK, video.VECTORTRACK, boxes.OCRBOX, cloud.CUBOID, cloud.POINTS, chat.MESSAGE,
)  # fmt: skip
KINDS: Mapping[ShapeKind, AnyKind] = {kind.name: kind for kind in _ALL}


def read(kind: ShapeKind, value: Value, at: Context) -> Shape | str:
    """The shape in a stored ``value``, leniently; or what is wrong with it."""
    made: Shape | str = KINDS[kind].read(value, at)
    return made


def faults(kind: ShapeKind, value: Value, at: Context) -> Iterator[Fault]:
    """What the server refuses about the geometry in *value*."""
    return KINDS[kind].faults(value, at)


def write(shape: Shape, at: Context) -> Json:
    """The members of ``value`` that are the geometry."""
    return KINDS[shape.kind].write(shape, at)


def draw(kind: ShapeKind, raw: Value, at: Context, where: str) -> Shape:
    """The shape that an intent brings: made to fit, then checked as strictly as a submit.

    Raises:
        Refusal: with *where*.
    """
    found = KINDS[kind]
    if found.draw is not None:
        drawn: Shape = found.draw(raw, at, where)
        return drawn
    made = found.read(raw, at)
    if isinstance(made, str):
        raise at.refuse("bad-shape", made, where)
    tidied: Shape = found.tidy(made, at, where)
    for fault in found.faults(found.write(tidied, at), at):
        raise at.refuse(fault.code, fault.message, where, fault.hint)
    return tidied


def view_json(shape: Shape, at: Context) -> Json:
    """The ``shape`` of a region in the view."""
    return KINDS[shape.kind].view(shape, at)


def quote(shape: Shape, at: Context) -> str:
    """The text that the region marks or holds; empty for most kinds."""
    return KINDS[shape.kind].text(shape, at)


def bounds(shape: Shape, at: Context) -> Bounds | None:
    """Around the shape, in its object's units; None where there is no such thing, or not enough is known."""
    return KINDS[shape.kind].bounds(shape, at)
