"""Results of every kind of region for the bench of the consensus: things on a grid, marked by careful people."""

from __future__ import annotations

import base64
import random
from math import cos, pi, sin
from typing import Any

from labeling import masks
from labeling.masks import png_writing

Json = dict[str, Any]

SIDE = 1000
"""Pixels along each side of the pictures of masks: a megapixel."""

NAMES = {
    "ellipse": "ellipses", "polygon": "polygons", "keypoint": "key points", "vector": "vectors", "brush": "brush masks",
    "bitmask": "bitmaps", "cuboid": "cuboids", "point": "sets of 1,800 points",
}  # fmt: skip
KINDS = tuple(NAMES)


def plan(kind: str) -> Json:
    """A plan with one labels control of *kind*."""
    target = "pointcloud" if kind in ("cuboid", "point") else "image"
    options = [{"value": name, "stored": name} for name in ("Car", "Person")]
    name = f"{kind}labels"
    return {
        "plan": 1,
        "fields": [],
        "tree": {"node": "view", "key": "n0", "children": []},
        "objects": [{"name": "o", "type": target}],
        "controls": [{"name": "c", "tag": name, "type": name, "to": ["o"], "options": options}],
    }


def marked(kind: str, count: int, chance: random.Random, pixels: int = SIDE) -> list[Json]:
    """What one person marks: *count* things, each a little off, one label in ten another. *pixels*: sides."""
    rows = []
    for thing in range(count):
        label = "Car" if chance.random() < 0.9 else "Person"
        value = {**_value(kind, thing, count, chance, pixels), f"{kind}labels": [label]}
        row = {"id": f"r{thing}", "from_name": "c", "to_name": "o", "type": f"{kind}labels", "value": value}
        rows.append({**row, "original_width": pixels, "original_height": pixels})
    return rows


def _value(kind: str, thing: int, count: int, chance: random.Random, pixels: int) -> Json:
    side = max(1, round(count**0.5))
    cell = 100 / side
    x, y = (thing % side + 0.5) * cell, (thing // side + 0.5) * cell

    def near(number: float) -> float:
        return number + chance.uniform(-0.05, 0.05) * cell

    match kind:
        case "ellipse":
            sizes = {"radiusX": near(0.5 * cell), "radiusY": near(0.4 * cell)}
            return {"x": near(x), "y": near(y), **sizes, "rotation": chance.uniform(0, 20)}
        case "polygon":
            corners = chance.randint(10, 20)
            shape = random.Random(thing)
            wave, start = shape.uniform(0.1, 0.3), shape.uniform(0, 6)
            points = []
            for corner in range(corners):
                angle = 2 * pi * corner / corners
                radius = 0.5 * cell * (1 + wave * sin(3 * angle + start))
                points.append([near(x + radius * cos(angle)), near(y + radius * sin(angle))])
            return {"points": points, "closed": True}
        case "keypoint":
            return {"x": x + chance.uniform(-0.5, 0.5), "y": y + chance.uniform(-0.5, 0.5), "width": 0.5}
        case "vector":
            corners = chance.randint(4, 8)
            steps = [corner / (corners - 1) for corner in range(corners)]
            places = [(near(x + (step - 0.5) * cell), near(y + 0.2 * cell * sin(6 * step))) for step in steps]
            return {"vertices": [{"id": f"v{n}", "x": u, "y": v} for n, (u, v) in enumerate(places)], "closed": False}
        case "brush" | "bitmask":
            mask = bytearray(pixels * pixels)
            middle, radius = (near(x) * pixels / 100, near(y) * pixels / 100), 0.45 * near(cell) * pixels / 100
            for row in range(max(0, round(middle[1] - radius)), min(pixels, round(middle[1] + radius))):
                half = max(0.0, radius**2 - (row - middle[1]) ** 2) ** 0.5 * chance.uniform(0.97, 1)
                left, right = max(0, round(middle[0] - half)), min(pixels, round(middle[0] + half))
                mask[row * pixels + left : row * pixels + right] = b"\xff" * (right - left)
            if kind == "brush":
                return {"format": "rle", "rle": list(masks.encode(bytes(mask)))}
            coded = base64.b64encode(png_writing.encode(pixels, pixels, bytes(mask))).decode()
            return {"imageDataURL": f"data:image/png;base64,{coded}"}
        case "cuboid":
            sides = {"length": near(0.6 * cell), "width": near(0.4 * cell), "height": near(0.4 * cell)}
            return {"x": near(x), "y": near(y), "z": near(1), **sides, "yaw": chance.uniform(0, 0.2)}
        case _:
            start = thing * 2000 + chance.randint(0, 100)
            return {"indexes": list(range(start, start + 1800))}
