"""Regions of other tools' files as results: the control of the config that fits each, and the label's name in it.

A reader offers the forms in which it knows a region, the best first (a polygon, its box). The first form for which the
config has a control with that label is written. Names are compared exactly, by value or alias; only then without case,
and with "_" as a blank, which several formats write for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from labeling import masks
from labeling.masks import png_writing, rle
from labeling.problems import Problem, problem

Json = dict[str, Any]
Size = tuple[int, int]
Role = Literal["annotations", "predictions"]
Kind = Literal["box", "polygon", "mask", "point"]

_KINDS: dict[str, Kind] = {
    "rectangle": "box",
    "polygon": "polygon",
    "brush": "mask",
    "bitmask": "mask",
    "keypoint": "point",
}
_TAGS: dict[Kind, str] = {
    "box": "RectangleLabels",
    "polygon": "PolygonLabels",
    "mask": "BrushLabels",
    "point": "KeyPointLabels",
}
_POINT_WIDTH = 0.5
"""A key point's diameter in percent of the image's width; the formats have none."""


@dataclass(frozen=True)
class Box:
    """Percent of the image; turned clockwise by `rotation` degrees about its corner (x, y)."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0
    kind: Kind = "box"


@dataclass(frozen=True)
class Polygon:
    """Percent of the image."""

    points: Sequence[tuple[float, float]]
    kind: Kind = "polygon"


@dataclass(frozen=True)
class Painted:
    """A mask at the image's natural size."""

    mask: masks.Mask
    kind: Kind = "mask"


@dataclass(frozen=True)
class Dot:
    """Percent of the image."""

    x: float
    y: float
    kind: Kind = "point"


Form = Box | Polygon | Painted | Dot


@dataclass(frozen=True)
class Region:
    """What a file says about one region. forms: the best first. size: the image's, in pixels, if it is known."""

    label: str
    forms: Sequence[Form]
    size: Size | None = None
    score: float | None = None
    text: Sequence[str] = ()
    parent: str = ""


@dataclass
class Targets:
    """The controls of a plan that take regions of its first image. `notes`: what was decided, each once, counted."""

    plan: Mapping[str, Any]
    notes: Notes = field(default_factory=lambda: Notes())

    def __post_init__(self) -> None:
        objects = self.plan.get("objects") or ()
        found = next((part for part in objects if part.get("type") == "image" and _field_of(part)), None)
        self.object: str = found["name"] if found else ""
        self.field: str = _field_of(found) if found else ""
        controls = [part for part in self.plan.get("controls") or () if self.object in (part.get("to") or ())]
        self._shapes = [part for part in controls if part.get("shape") in _KINDS]
        self._labels = [part for part in controls if part.get("type") == "labels"]

    def takes(self, kind: Kind) -> bool:
        return any(_KINDS[part["shape"]] == kind for part in self._shapes)

    def results(self, region: Region, id_: str, role: Role, where: str) -> list[Json] | Problem:
        """The results of a region (two where a plain shape stands beside Labels), or why there are none."""
        offered = [form for form in region.forms if self.takes(form.kind)]
        if not offered:
            return self._no_control(region, where)
        for folded in (False, True):
            for form in offered:
                for control, labels, option in self._fits(form, region.label, folded):
                    if folded:
                        message = (
                            f"The label {region.label!r} is taken for {option!r}, which differs only in case or blanks."
                        )
                        self.notes.add("label-case", message, where, "", key=f"{region.label}\0{option}")
                    return self._written(form, control, labels, option, region, id_, role)
        return self._unknown(region, offered, where)

    def _fits(self, form: Form, label: str, folded: bool) -> Iterator[tuple[Json, Json | None, str]]:
        for control in self._shapes:
            if _KINDS[control["shape"]] != form.kind:
                continue
            if control.get("options"):
                if (option := named(control, label, folded)) is not None:
                    yield control, None, option
            elif not self._labels:
                yield control, None, ""
            for labels in self._labels if not control.get("options") else ():
                if (option := named(labels, label, folded)) is not None:
                    yield control, labels, option

    def _written(
        self, form: Form, control: Json, labels: Json | None, option: str, region: Region, id_: str, role: Role
    ) -> list[Json]:
        value = _value(form, control)
        around: Json = {"id": id_, "from_name": control["name"], "to_name": self.object, "type": control["type"]}
        if role == "annotations":
            around["origin"] = "manual"
        if region.size:
            size = {"original_width": region.size[0], "original_height": region.size[1], "image_rotation": 0}
            around |= size
        if region.score is not None:
            around["score"] = region.score
        if region.parent:
            around["parentID"] = region.parent
        if region.text:
            around["meta"] = {"text": list(region.text)}
        if control.get("options"):
            return [{**around, "value": {**value, control["type"]: [option]}}]
        made = [{**around, "value": value}]
        if labels is not None:
            named_by = {"from_name": labels["name"], "type": "labels", "value": {**value, "labels": [option]}}
            made.append({**around, **named_by})
        return made

    def _no_control(self, region: Region, where: str) -> Problem:
        tags = [f"<{_TAGS[kind]}>" for kind in dict.fromkeys(form.kind for form in region.forms)]
        message = f"The config has no control that takes this region ({region.label})."
        return problem("no-control", message, where, f"Add {' or '.join(tags)} to the config, then import again.")

    def _unknown(self, region: Region, offered: Sequence[Form], where: str) -> Problem:
        kinds = {form.kind for form in offered}
        fit = [part for part in self._shapes if _KINDS[part["shape"]] in kinds]
        holders = [part for part in fit if part.get("options")] or self._labels
        listed = " or ".join(dict.fromkeys(str(part["name"]) for part in holders)) or "the config"
        message = f"The config has no label {region.label!r}."
        hint = f'Add <Label value="{region.label}"/> to {listed}, or give a label there alias="{region.label}".'
        return problem("unknown-label", message, where, hint)


class Notes:
    """Notes, each told once with how often it was so and where it was first."""

    MOST = 200

    def __init__(self) -> None:
        self._found: dict[str, tuple[Problem, int]] = {}

    def add(self, code: str, message: str, where: str, hint: str, *, key: str = "") -> None:
        key = f"{code}\0{key}"
        told, count = self._found.get(key, (problem(code, message, where, hint), 0))
        if count or len(self._found) < self.MOST:
            self._found[key] = (told, count + 1)

    def listed(self) -> list[Problem]:
        return [
            told if count == 1 else {**told, "where": f"{told['where']} and {count - 1:,} more"}
            for told, count in self._found.values()
        ]


def named(control: Mapping[str, Any], label: str, folded: bool) -> str | None:
    """What the control stores for a label that a file names; None if it has none."""
    wanted = _folded(label) if folded else label
    for option in control.get("options") or ():
        names = (option.get("stored"), option.get("alias"), option.get("value"))
        if any(isinstance(name, str) and (_folded(name) if folded else name) == wanted for name in names):
            return str(option.get("stored", option.get("value")))
    return None


def _folded(label: str) -> str:
    return " ".join(label.replace("_", " ").casefold().split())


def boxed(points: Sequence[tuple[float, float]]) -> Box:
    """The upright box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def turned(points: Sequence[tuple[float, float]], size: Size) -> Box | None:
    """
    The turned box whose corners four points (percent) are, in order; None if they are none, to 1 % or 1.5 pixels.

    Args:
        size: of the image; without it an angle cannot be told.
    """
    width, height = size
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((x * width / 100, y * height / 100) for x, y in points)
    if (bx - ax) * (dy - ay) - (by - ay) * (dx - ax) < 0:  # the other way round
        (bx, by), (dx, dy) = (dx, dy), (bx, by)
    long, high = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
    if not long or not high:
        return None
    slack = max(1.5, 0.01 * max(long, high))
    if math.hypot(bx + dx - ax - cx, by + dy - ay - cy) > slack:
        return None  # no parallelogram
    if abs((bx - ax) * (dx - ax) + (by - ay) * (dy - ay)) / max(long, high) > slack:
        return None  # no right angle
    angle = math.degrees(math.atan2(by - ay, bx - ax)) % 360
    rotation = round(angle, 6) % 360
    return Box(100 * ax / width, 100 * ay / height, 100 * long / width, 100 * high / height, rotation)


def _field_of(part: Mapping[str, Any]) -> str:
    path = (part.get("value") or {}).get("path")
    return str(path[0]) if path else ""


def _value(form: Form, control: Mapping[str, Any]) -> Json:
    if isinstance(form, Box):
        return {"x": form.x, "y": form.y, "width": form.width, "height": form.height, "rotation": form.rotation}
    if isinstance(form, Polygon):
        return {"points": [list(point) for point in form.points], "closed": True}
    if isinstance(form, Dot):
        return {"x": form.x, "y": form.y, "width": _POINT_WIDTH}
    if control["shape"] == "bitmask":
        return {"imageDataURL": png_writing.url(form.mask)}
    return {"format": "rle", "rle": list(rle.write(form.mask))}
