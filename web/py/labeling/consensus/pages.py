"""Boxes on the pages of a document, in fractions of the page: reading, overlap and averaging."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import fsum

from labeling import reading
from labeling.consensus import grid
from labeling.consensus.boxes import Box, box_iou, merge_boxes, read_box
from labeling.consensus.model import Json
from labeling.consensus.weighing import Weights, usable


@dataclass(frozen=True, slots=True)
class PageBox:
    """box: x, y, width, height in fractions (0..1) of the page. text: what was read there, if it was stored."""

    box: Box
    text: str | None

    @property
    def bounds(self) -> grid.Bounds:
        return self.box.bounds

    @property
    def area(self) -> float:
        return self.box.area


def page_of(item: Json) -> Hashable:
    """The page that a result is on (`pageIndex`, from 1; not stored: 1)."""
    return reading.whole(item["value"].get("pageIndex")) or 1


def read_page_box(item: Json) -> PageBox | None:
    """The PageBox of a stored result, None if its numbers are missing, not finite or negative in size."""
    box = read_box(item)
    return PageBox(box, reading.text(item["value"].get("ocrtext"))) if box else None


def page_box_iou(a: PageBox, b: PageBox) -> float:
    """`boxes.box_iou` of the two; turned boxes as if the page were square, since results do not tell its size."""
    return box_iou(a.box, b.box)


def page_box_candidates(a: Sequence[PageBox], b: Sequence[PageBox], threshold: float) -> list[tuple[int, int, float]]:
    """All pairs (index in a, index in b, IoU) with IoU >= threshold > 0, sorted; see `grid.candidates`."""
    return grid.candidates(a, b, threshold, page_box_iou)


def merge_page_boxes(shapes: Sequence[PageBox], weights: Weights = None) -> Json:
    """`boxes.merge_boxes`, and the text that most have (of equally many the shorter, then the first in order)."""
    merged = merge_boxes([shape.box for shape in shapes], weights)
    held: dict[str, list[float]] = {}
    for shape, weight in zip(shapes, usable(weights, len(shapes)), strict=True):
        if shape.text is not None:
            held.setdefault(shape.text, []).append(weight)
    if held:
        merged["ocrtext"] = min(held, key=lambda text: (-round(fsum(held[text]), 9), len(text), text))
    return merged
