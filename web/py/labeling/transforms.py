"""Regions on pictures moved, scaled and turned together.

Everything happens in natural pixels, where the axes are square; what is stored is percent with 6 decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from labeling import contexts, geometry, masks, shapes
from labeling.edit import Edit, changed
from labeling.geometry import Box, Size
from labeling.intents_batch import Transform
from labeling.model import Region, place
from labeling.ordering import chosen
from labeling.problems import refuse
from labeling.shapes import Bitmask, Brush, Ellipse, Keypoint, Polygon, Shape, Vector, rasters
from labeling.shapes.kind import Context, rounded

Point: TypeAlias = tuple[float, float]
Map: TypeAlias = Callable[[Point], Point]

_KINDS = frozenset({"rectangle", "ellipse", "polygon", "keypoint", "vector", "brush", "bitmask"})


def apply(edit: Edit, intent: Transform) -> None:
    """All or none: one that may not be changed refuses the step."""
    regions = [region for region in chosen(edit, intent.regions) if region.shape.kind in _KINDS]
    if not regions:
        raise refuse("cannot-transform", "only shapes on images can be moved", "selection")
    for region in regions:
        edit.must_change(region)
    for home in dict.fromkeys((region.object, region.item) for region in regions):
        there = [region for region in regions if (region.object, region.item) == home]
        _transform(edit, there, intent)


def size_of(edit: Edit, region: Region) -> Size:
    """Natural size of the picture under the region.

    Raises:
        Refusal: not-loaded.
    """
    shown = edit.sizes.get(region.object)
    size = (shown or region.size) if region.item is None else (region.size or shown)
    if size is None:
        raise refuse("not-loaded", "the image is not loaded yet", place(region), "wait until it is shown")
    return size


def bounds_of(edit: Edit, regions: Iterable[Region]) -> shapes.Bounds | None:
    """Around all *regions* of one picture, percent."""
    found = []
    places: dict[tuple[str, Size], Context] = {}
    for region in regions:
        size = size_of(edit, region)
        at = places.get((region.object, size))
        if at is None:
            at = contexts.of(edit.task, region.object, edit.docs, {region.object: size}, edit.lengths)
            places[region.object, size] = at
        if (box := shapes.bounds(region.shape, at)) is not None:
            found.append(box)
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _transform(edit: Edit, regions: list[Region], intent: Transform) -> None:
    size = size_of(edit, regions[0])
    around = bounds_of(edit, regions)
    move = _Move(intent, size, around)
    places: dict[tuple[str, str], Context] = {}
    for region in regions:
        shape = move.shape(region)
        if shape == region.shape:
            continue
        if not move.only_moves and not isinstance(shape, Brush | Bitmask):
            key = (region.object, region.control)
            at = places.get(key)
            if at is None:
                control = edit.task.index.controls[region.control]
                at = contexts.of(edit.task, region.object, edit.docs, {region.object: size}, edit.lengths, control)
                places[key] = at
            shape = shapes.KINDS[shape.kind].tidy(shape, at, place(region))
        edit.put(changed(region, shape=shape))


class _Move:
    """One affine map of a picture's pixels, and what it does to each kind of shape."""

    def __init__(self, intent: Transform, size: Size, around: shapes.Bounds | None) -> None:
        self._size = size
        self._scale = intent.scale
        self._turn = intent.rotate % 360
        self.only_moves = intent.scale == (1, 1) and not self._turn
        cos, sin = geometry.cosine(self._turn), geometry.sine(self._turn)
        #: The directions that the axes get, with their lengths.
        self._right = (cos * intent.scale[0], sin * intent.scale[0])
        self._down = (-sin * intent.scale[1], cos * intent.scale[1])
        about = intent.about or _middle(around)
        x, y = about[0] * size.width / 100, about[1] * size.height / 100
        dx, dy = self._inside(intent, around) if self.only_moves else (intent.dx, intent.dy)
        self._shift = (
            x + dx - (self._right[0] * x + self._down[0] * y),
            y + dy - (self._right[1] * x + self._down[1] * y),
        )

    def _inside(self, intent: Transform, around: shapes.Bounds | None) -> Point:
        """A move ends at the picture's edges, as far as everything was inside them."""
        if around is None:
            return intent.dx, intent.dy
        left, top, right, bottom = around
        wide, high = self._size.width / 100, self._size.height / 100
        dx = min(max(intent.dx, min(0, -left * wide)), max(0, (100 - right) * wide))
        dy = min(max(intent.dy, min(0, -top * high)), max(0, (100 - bottom) * high))
        return dx, dy

    def point(self, point: Point) -> Point:
        """Where a point in percent goes."""
        wide, high = self._size.width, self._size.height
        x, y = point[0] * wide / 100, point[1] * high / 100
        right = self._right[0] * x + self._down[0] * y + self._shift[0]
        below = self._right[1] * x + self._down[1] * y + self._shift[1]
        return rounded(right * 100 / wide), rounded(below * 100 / high)

    def shape(self, region: Region) -> Shape:
        match region.shape:
            case Box() as box:
                return self._box(box)
            case Ellipse() as ellipse:
                wide, high, turn = self._axes(ellipse.rotation)
                x, y = self.point((ellipse.x, ellipse.y))
                radius_x, radius_y = rounded(ellipse.radius_x * wide), rounded(ellipse.radius_y * high)
                return Ellipse(x, y, radius_x, radius_y, turn)
            case Polygon() as polygon:
                return replace(polygon, points=tuple(map(self.point, polygon.points)))
            case Keypoint() as keypoint:
                x, y = self.point((keypoint.x, keypoint.y))
                return replace(keypoint, x=x, y=y)
            case Vector() as vector:
                return replace(vector, vertices=tuple(map(self._vertex, vector.vertices)))
            case Brush() | Bitmask() as raster:
                return self._raster(raster, region)
            case _ as other:
                return other

    def _box(self, box: Box) -> Box:
        if self.only_moves:
            x, y = self.point((box.x, box.y))
            return Box(x, y, box.width, box.height, box.rotation)
        wide, high, turn = self._axes(box.rotation)
        right, below = geometry.to_middle(box, self._size)
        x, y = self.point((box.x + right, box.y + below))
        made = Box(x, y, rounded(box.width * wide), rounded(box.height * high), turn)
        return _with_middle(made, self._size)

    def _axes(self, rotation: float) -> tuple[float, float, float]:
        """How much longer the sides of something turned by *rotation* get, and its new rotation.

        A turned box that is stretched unevenly stays a box: its sides grow as far as their own directions do.
        """
        if self.only_moves:
            return 1, 1, rotation
        cos, sin = geometry.cosine(rotation), geometry.sine(rotation)
        x, y = self._scale
        wide, high = math.hypot(x * cos, y * sin), math.hypot(x * sin, y * cos)
        # Mirrored, a box is the same box turned the other way.
        leaning = rotation if x * y > 0 else -rotation
        return wide, high, rounded((leaning + self._turn) % 360) % 360

    def _vertex(self, vertex: Mapping[str, object]) -> dict[str, object]:
        made = dict(vertex)
        made |= self._named(vertex)
        for member in ("controlPoint1", "controlPoint2"):
            handle = vertex.get(member)
            if isinstance(handle, dict):
                made[member] = {**handle, **self._named(handle)}
        return made

    def _named(self, given: Mapping[str, object]) -> dict[str, object]:
        x, y = given.get("x"), given.get("y")
        if not isinstance(x, int | float) or not isinstance(y, int | float):
            return {}
        to_x, to_y = self.point((x, y))
        return {"x": to_x, "y": to_y}

    def _raster(self, raster: Brush | Bitmask, region: Region) -> Shape:
        try:
            mask = rasters.mask_of(raster, self._size)
            if self.only_moves:
                moved = masks.shifted(mask, math.floor(self._shift[0] + 0.5), math.floor(self._shift[1] + 0.5))
            else:
                moved = masks.transformed(mask, (*self._right, *self._down, *self._shift))
        except masks.MaskError as fault:
            raise refuse("bad-mask", str(fault), place(region), region=region.id) from None
        if moved.is_empty:
            raise refuse("too-small", "nothing of the mask is left on the picture", place(region), region=region.id)
        return rasters.of_mask(raster.kind, moved)


def _middle(around: shapes.Bounds | None) -> Point:
    return (50.0, 50.0) if around is None else ((around[0] + around[2]) / 2, (around[1] + around[3]) / 2)


def _with_middle(box: Box, size: Size) -> Box:
    """The box whose middle is where *box* says that its corner is."""
    x, y = geometry.to_middle(box, size)
    return geometry.normalised(replace(box, x=rounded(box.x - x), y=rounded(box.y - y)), size)
