"""The intent ``paint``: strokes of a brush or an eraser, or rows of runs, on a mask that is there or a new one."""

from __future__ import annotations

from dataclasses import dataclass

from labeling.masks import Tip


@dataclass(frozen=True, slots=True)
class Stroke:
    """``points`` and ``radius`` in natural pixels; see labeling.masks.strokes."""

    points: tuple[tuple[float, float], ...]
    radius: float
    softness: float = 0
    tip: Tip = "round"


@dataclass(frozen=True, slots=True)
class Paint:
    """``region``: of what is changed, or of a new mask. ``rows``: a mask as text. ``fill``: holes are filled after it.

    ``cut_others``: what is painted is taken off the other masks of the object.
    """

    region: str
    object: str
    control: str | None
    erase: bool
    strokes: tuple[Stroke, ...]
    rows: str | None
    fill: bool
    cut_others: bool
