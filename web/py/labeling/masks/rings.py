"""Outlines of masks and masks of outlines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from labeling.masks.mask import EMPTY, Mask, Row, make, merged, subtract_row

Point: TypeAlias = tuple[float, float]
Corner: TypeAlias = tuple[int, int]
#: As a canvas has it: x' = a x + c y + e, y' = b x + d y + f.
Matrix: TypeAlias = tuple[float, float, float, float, float, float]


def from_rings(rings: Sequence[Sequence[Point]], width: int, height: int) -> Mask:
    """What lies inside an odd number of *rings* (natural pixels, closed by themselves): pixels by their centres."""
    crossings: dict[int, list[float]] = {}
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
            if ay > by:
                ax, ay, bx, by = bx, by, ax, ay
            for y in range(max(math.ceil(ay - 0.5), 0), min(math.ceil(by - 0.5), height)):
                crossings.setdefault(y, []).append(ax + (y + 0.5 - ay) * (bx - ax) / (by - ay))
    rows: dict[int, Row] = {}
    for y, found in crossings.items():
        found.sort()
        places = [min(max(math.ceil(x - 0.5), 0), width) for x in found]
        rows[y] = merged([(places[k], places[k + 1]) for k in range(0, len(places), 2) if places[k] < places[k + 1]])
    return make(width, height, rows)


def rings(mask: Mask) -> list[list[Corner]]:
    """
    The outlines of a mask along the edges of its pixels, in whole natural pixels, without points on straight lines.

    Outer ones go round clockwise (y points down), holes the other way; pixels that meet at a corner are apart. Filling
    them (`from_rings`) gives the mask back. In the order of their upper left corners.
    """
    leads: dict[Corner, list[Corner]] = {}
    above: Row = EMPTY
    for y, row in enumerate((*mask.rows, EMPTY), mask.top):
        for k in range(0, len(row), 2):
            leads.setdefault((row[k], y + 1), []).append((row[k], y))
            leads.setdefault((row[k + 1], y), []).append((row[k + 1], y + 1))
        tops, floors = subtract_row(row, above), subtract_row(above, row)
        for k in range(0, len(tops), 2):
            leads.setdefault((tops[k], y), []).append((tops[k + 1], y))
        for k in range(0, len(floors), 2):
            leads.setdefault((floors[k + 1], y), []).append((floors[k], y))
        above = row
    found = []
    for start in sorted(leads, key=lambda corner: (corner[1], corner[0])):
        while leads[start]:
            found.append(_straightened(_ring(leads, start)))
    return found


def _ring(leads: dict[Corner, list[Corner]], start: Corner) -> list[Corner]:
    """Follow the edges from *start* until they come back, and take them away."""
    ring = [start]
    here, then = start, leads[start].pop()
    while then != start:
        ring.append(then)
        ways = leads[then]
        if len(ways) == 1:
            here, then = then, ways.pop()
        else:  # two pixels meet at this corner: turning right stays with the same one
            dx, dy = then[0] - here[0], then[1] - here[1]
            right = max(ways, key=lambda way: dx * (way[1] - then[1]) - dy * (way[0] - then[0]))
            ways.remove(right)
            here, then = then, right
    return ring


def _straightened(ring: list[Corner]) -> list[Corner]:
    turns = []
    for before, here, after in zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True):
        same_x, same_y = before[0] == here[0] == after[0], before[1] == here[1] == after[1]
        if not same_x and not same_y:
            turns.append(here)
    return turns


def transformed(mask: Mask, matrix: Matrix) -> Mask:
    """Scaled, turned, moved: its outlines are, and filled again."""
    a, b, c, d, e, f = matrix
    moved = [[(a * x + c * y + e, b * x + d * y + f) for x, y in ring] for ring in rings(mask)]
    made = from_rings(moved, mask.width, mask.height)
    return Mask(made.width, made.height, made.top, made.rows, mask.version + 1)
