"""Votes and averages in which people count differently: majorities, means, medians, turns on a circle.

A weight is a number >= 0; equal weights (None: all 1) give what plain counting gives. If nobody has any weight,
everybody counts the same. No result depends on the order of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TypeVar

V = TypeVar("V", int, float)

Weights = Sequence[float] | None

SLACK = 1e-9  # 0.1 + 0.2 against 0.3 is a tie


def usable(weights: Weights, count: int) -> list[float]:
    """The *count* weights as they are used: not negative, and all 1 if none is above 0."""
    given = [max(0.0, float(weight)) for weight in weights] if weights is not None else []
    return given if any(given) else [1.0] * count


def uneven(weights: Weights) -> Weights:
    """The weights, or None if all are the same: for those who average many numbers with them."""
    return None if weights is None or min(weights) == max(weights) else weights


def most(part: Sequence[float], everybody: Sequence[float]) -> bool:
    """Whether the weights *part* are more than half of those of *everybody*; a half is not."""
    whole = fsum(everybody)
    return 2 * fsum(part) > whole * (1 + SLACK)


def mean(values: Sequence[float], weights: Weights = None) -> float:
    """The weighted mean; equal values give exactly that value."""
    low = min(values)
    if weights is None:
        return low + fsum(value - low for value in values) / len(values)
    used = usable(weights, len(values))
    return low + fsum(weight * (value - low) for value, weight in zip(values, used, strict=True)) / fsum(used)


def median_low(values: Sequence[V], weights: Weights = None) -> V:
    """The least value with at least half of the weight at or below it: always a value that somebody gave."""
    ranked = sorted(zip(values, usable(weights, len(values)), strict=True))
    half = fsum(weight for _, weight in ranked) / 2 * (1 - SLACK)
    held: list[float] = []
    for value, weight in ranked:
        held.append(weight)
        if fsum(held) >= half:
            return value
    return ranked[-1][0]


def turn(angle: float, origin: float, circle: float) -> float:
    """From *origin* to *angle* the short way round: -circle/2 < turn <= circle/2."""
    found = (angle - origin) % circle
    return found - circle if found > circle / 2 else found


def circular_mean(angles: Sequence[float], origin: float, circle: float, weights: Weights = None) -> float:
    """*origin* plus the mean of the turns from it, 0 <= mean < circle: 350 and 10 degrees from 350 give 0."""
    return (origin + mean([turn(angle, origin, circle) for angle in angles], weights)) % circle


def leader_of(values: Sequence[int], weights: Weights = None) -> int:
    """The value with the most weight behind it; of equally heavy ones the least."""
    held: dict[int, list[float]] = {}
    for value, weight in zip(values, usable(weights, len(values)), strict=True):
        held.setdefault(value, []).append(weight)
    return min(held, key=lambda value: (-round(fsum(held[value]), 9), value))
