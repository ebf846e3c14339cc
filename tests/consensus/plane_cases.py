"""Every kind of region in the plane and in space: a control, and results for it near a few places."""

from __future__ import annotations

import base64
import random
from typing import Any

from consensus_cases import DATA, PICTURE, control, options, plan
from labeling import masks
from labeling.masks import png_writing

Json = dict[str, Any]
Numbers = random.Random

LABELS = control("names", "Labels", "img", options=options("Car", "Person"), choice="single")
SPACE_LABELS = control("kinds", "Labels", "pc", options=options("Car", "Person"), choice="single")
WIDE, HIGH = 60, 40
"""Pixels of the pictures of masks."""

TAGS = {
    "rectangle": "Rectangle", "ellipse": "Ellipse", "polygon": "Polygon", "keypoint": "KeyPoint", "vector": "Vector",
    "brush": "Brush", "magicwand": "Magicwand", "bitmask": "Bitmask", "cuboid": "Cuboid",
    "rectanglelabels": "RectangleLabels", "ellipselabels": "EllipseLabels", "polygonlabels": "PolygonLabels",
    "keypointlabels": "KeyPointLabels", "vectorlabels": "VectorLabels", "brushlabels": "BrushLabels",
    "bitmasklabels": "BitmaskLabels", "ocrlabels": "OcrLabels", "cuboidlabels": "CuboidLabels",
    "pointlabels": "PointLabels",
}  # fmt: skip
OBJECTS = {"ocrlabels": "doc", "cuboid": "pc", "cuboidlabels": "pc", "pointlabels": "pc"}


def plan_of(kind: str) -> Json:
    """A plan with one control of *kind*; plain shapes have a Labels control beside them."""
    more = {"options": options("Car", "Person"), "choice": "single"} if kind.endswith("labels") else {}
    target = OBJECTS.get(kind, "img")
    controls = [control("shape", TAGS[kind], target, **more)]
    if not more:
        controls.append(SPACE_LABELS if target == "pc" else LABELS)
    made = plan(*controls)
    made["objects"] += [
        {"name": "doc", "type": "pdf", "value": {"path": ["doc"], "source": "doc"}},
        {"name": "pc", "type": "pointcloud", "value": {"path": ["pc"], "source": "pc"}},
    ]
    made["sample"] = {"data": {**DATA, "doc": "a.pdf", "pc": "a.pcd"}}
    return made


def rows(kind: str, identity: str, label: str, value: Json, **more: Any) -> list[Json]:
    """The results of one region: one, or of a plain shape two."""
    target = OBJECTS.get(kind, "img")
    around = {**(PICTURE if target == "img" else {"origin": "manual"}), **more}
    if kind in ("brush", "brushlabels", "magicwand", "bitmask", "bitmasklabels"):
        around |= {"original_width": WIDE, "original_height": HIGH}
    said = {kind: [label]} if kind.endswith("labels") else {}
    base = {"id": identity, "to_name": target, **around}
    made = [{**base, "from_name": "shape", "type": kind, "value": {**value, **said}}]
    if not said:
        name = "kinds" if target == "pc" else "names"
        made.append({**base, "from_name": name, "type": "labels", "value": {**value, "labels": [label]}})
    return made


def painted(boxes: list[tuple[int, int, int, int]]) -> bytes:
    """A mask of WIDE x HIGH with boxes of (left, top, right, bottom) painted."""
    mask = bytearray(WIDE * HIGH)
    for left, top, right, bottom in boxes:
        for row in range(max(0, top), min(HIGH, bottom)):
            for column in range(max(0, left), min(WIDE, right)):
                mask[row * WIDE + column] = 255
    return bytes(mask)


def value(kind: str, chance: Numbers, place: int, shake: float) -> Json:
    """The geometry of a thing at one of nine places, moved by up to about *shake* percent (metres, tenths)."""

    def near(number: float) -> float:
        return round(number + chance.uniform(-shake, shake), 3)

    x, y = 15 + place % 3 * 30, 15 + place // 3 * 30
    match kind.removesuffix("labels"):
        case "rectangle":
            return {"x": near(x), "y": near(y), "width": near(18), "height": near(14), "rotation": near(20) % 360}
        case "ellipse":
            return {"x": near(x), "y": near(y), "radiusX": near(9), "radiusY": near(6), "rotation": near(30) % 360}
        case "polygon":
            corners = [(0, 0), (18, 0), (18, 8), (9, 8), (9, 16), (0, 16)]
            return {"points": [[near(x + dx), near(y + dy)] for dx, dy in corners], "closed": True}
        case "keypoint":
            return {"x": near(x), "y": near(y), "width": 0.5}
        case "vector":
            corners = [(0, 0), (10, 4), (20, 0)]
            names = [f"v{place}-{step}" for step in range(3)]
            vertices = [
                {"id": name, "x": near(x + dx), "y": near(y + dy), "prevPointId": before, "isBezier": False}
                for name, before, (dx, dy) in zip(names, [None, *names], corners, strict=False)
            ]
            return {"vertices": vertices, "closed": False}
        case "brush" | "magicwand" | "bitmask":
            left, top = round(near(2 + place % 3 * 20)), round(near(2 + place // 3 * 13))
            mask = painted([(left, top, left + 14, top + 6), (left, top + 5, left + 6, top + 10)])
            if "bitmask" in kind:
                code = base64.b64encode(png_writing.encode(WIDE, HIGH, mask)).decode()
                return {"imageDataURL": f"data:image/png;base64,{code}"}
            return {"format": "rle", "rle": list(masks.encode(mask))}
        case "ocr":
            x, y, width, height = (round(near(number) / 100, 5) for number in (x, y, 18, 6))
            return {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "pageIndex": 1 + place % 2}
        case "cuboid":
            turned = {"yaw": near(0.5), "pitch": near(0.1), "roll": 0.05} if place % 2 else {"yaw": near(0.5)}
            sides = {"length": near(4.5), "width": near(2), "height": near(1.8)}
            return {"x": near(x), "y": near(y), "z": near(0.9), **sides, **turned}
        case "point":
            start = round(near(place * 100))
            return {"indexes": list(range(max(0, start), start + 40))}
    raise AssertionError(kind)
