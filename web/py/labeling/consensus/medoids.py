"""The shape most like all others: where shapes cannot be averaged, and where averages need a form to start from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum
from typing import Any, TypeVar

from labeling.consensus.weighing import Weights, usable

S = TypeVar("S")


def likeness(shape: S, shapes: Sequence[S], weights: Weights, iou: Callable[[S, S], float]) -> float:
    """The weighted sum of the overlaps of *shape* with all *shapes*."""
    used = usable(weights, len(shapes))
    return round(fsum(weight * iou(shape, other) for weight, other in zip(used, shapes, strict=True)), 9)


def medoid(shapes: Sequence[S], weights: Weights, iou: Callable[[S, S], float], key: Callable[[S], Any]) -> S:
    """The one with the largest `likeness`; of equally good ones the one with the least *key*."""
    if len(shapes) == 2 and len(set(usable(weights, 2))) == 1:
        return min(shapes, key=key)
    return min(shapes, key=lambda shape: (-likeness(shape, shapes, weights, iou), key(shape)))


def is_as_good(average: S, start: S, shapes: Sequence[S], weights: Weights, iou: Callable[[S, S], float]) -> bool:
    """Whether *average* is on average as like to all *shapes* as *start*, one of them, is to the others.

    Averages of very different shapes may be like none of them; then *start*, the medoid, is the better answer.
    """
    used = usable(weights, len(shapes))
    others = [(shape, weight) for shape, weight in zip(shapes, used, strict=True) if shape is not start and weight > 0]
    if not others:
        return False
    apart = likeness(start, [shape for shape, _ in others], [weight for _, weight in others], iou)
    share = apart / fsum(weight for _, weight in others)
    return likeness(average, shapes, weights, iou) / fsum(used) >= share - 1e-9
