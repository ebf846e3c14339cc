"""Plans of every tag, by hand: what plans.py does not have yet, and one plan with everything."""

from __future__ import annotations

from labeling import masks
from labeling.masks import png_writing

from tests.engine.plans import Json, boxes, choices, image, labels, option, plan, rating, text, textarea


def path(*steps: str | int) -> Json:
    source = ".".join(map(str, steps))
    return {"path": list(steps), "source": source}


def thing(name: str, kind: str, field: str | None = None, **more: object) -> Json:
    """An object of any type; its data are in the field of its name."""
    member = "data" if kind == "component" else "value"
    return {"name": name, "type": kind, member: path(field or name), **more}


def ask(name: str, kind: str, to: str | list[str], **more: object) -> Json:
    """A control of any type."""
    common: Json = {"required": False, "per_region": False, "per_item": False, "display_mode": "tag"}
    targets = [to] if isinstance(to, str) else to
    return {"name": name, "tag": kind.title(), "type": kind, "to": targets, **common, **more}


def taxonomy(name: str, to: str, options: list[Json] | None = None, **more: object) -> Json:
    given = ANIMALS if options is None else options
    return ask(name, "taxonomy", to, options=given, **{"leafs_only": False, **more})


def leaf(value: str, *children: Json, **more: object) -> Json:
    made: Json = {"value": value, "stored": more.get("alias", value), **more}
    return {**made, "children": list(children)} if children else made


ANIMALS: list[Json] = [
    leaf("Animal", leaf("Cat"), leaf("Dog", alias="dg"), leaf("Other")),
    leaf("Plant", leaf("Tree", leaf("Oak")), leaf("Other")),
]
ITEMS = [{"id": 1, "title": "One"}, {"id": "b", "body": "Two"}, {"id": "c", "html": "<b>Three</b>"}]
SCHEMA: Json = {
    "type": "object",
    "properties": {"color": {"enum": ["red", "blue"]}, "size": {"type": "integer", "minimum": 1}},
    "required": ["color"],
    "additionalProperties": False,
}


_BOX: Json = {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0}
_VERTICES: list[Json] = [{"id": "v1", "x": 1, "y": 1}, {"id": "v2", "x": 9, "y": 9, "prevPointId": "v1"}]
_FRAMES: Json = {"framesCount": 50, "duration": 2}
_ELLIPSE: Json = {"x": 50, "y": 50, "radiusX": 5, "radiusY": 5, "rotation": 0}
_POLYGON: Json = {"points": [[1, 1], [9, 1], [9, 9]], "closed": True}
#: 200 pixels of 1000 x 500.
_RLE = (
    "001e8480391bff031fffffffe01ffffc03ffff807ffff00ffffe01ffffc03ffff807ffff00ffffe01ffffc03ffff807ffff0"
    "0ffffe01ffffc03ffff807ffff00ffffe01ffffc03ffff807ffff00ffffe01ffffc03ffff807ffff00ffffe01ffffc03ffff"
    "807ffff00ffffe01ffffc03c0af800"
)
_MASK: Json = {"format": "rle", "rle": list(bytes.fromhex(_RLE))}
#: The same.
_PNG: Json = {"imageDataURL": png_writing.url(masks.make(1000, 500, dict.fromkeys(range(200, 220), (300, 310))))}
_TRACK: Json = {**_FRAMES, "sequence": [{"frame": 1, "enabled": True, "time": 0.04, **_BOX}]}
_PATHS: Json = {**_FRAMES, "sequence": [{"frame": 1, "enabled": True, "time": 0.04, "vertices": _VERTICES}]}
_CUBOID: Json = {"x": 1, "y": 2, "z": 3, "length": 4, "width": 2, "height": 1, "yaw": 0.5}
#: Controls that make regions: type, object, and a shape as the page draws it.
MARKS: dict[str, tuple[str, str, Json]] = {
    "rectangle": ("rectangle", "img", _BOX),
    "ellipse": ("ellipse", "img", _ELLIPSE),
    "ellipses": ("ellipselabels", "img", _ELLIPSE),
    "polygon": ("polygon", "img", _POLYGON),
    "polygons": ("polygonlabels", "img", _POLYGON),
    "keypoint": ("keypoint", "img", {"x": 5, "y": 5, "width": 0.5}),
    "keypoints": ("keypointlabels", "img", {"x": 5, "y": 5, "width": 0.5}),
    "vector": ("vector", "img", {"vertices": _VERTICES, "closed": False}),
    "vectors": ("vectorlabels", "img", {"vertices": _VERTICES, "closed": False}),
    "brush": ("brush", "img", _MASK),
    "brushes": ("brushlabels", "img", _MASK),
    "wand": ("magicwand", "img", _MASK),
    "bitmask": ("bitmask", "img", _PNG),
    "bitmasks": ("bitmasklabels", "img", _PNG),
    "places": ("hypertextlabels", "web", {
        "start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 0, "endOffset": 2,
        "globalOffsets": {"start": 0, "end": 2},
    }),
    "phrases": ("paragraphlabels", "talk", {"start": "0", "end": "0", "startOffset16": 0, "endOffset16": 2}),
    "heard": ("labels", "sound", {"start": 0.5, "end": 1.5}),
    "moves": ("videorectangle", "film", _TRACK),
    "paths": ("videovector", "film", _PATHS),
    "pathsl": ("videovectorlabels", "film", _PATHS),
    "when": ("timelinelabels", "film", {"ranges": [{"start": 1, "end": 5}]}),
    "series": ("timeserieslabels", "wave", {"start": 1, "end": 2, "instant": False}),
    "ocr": ("ocrlabels", "paper", {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2, "rotation": 0, "pageIndex": 1}),
    "cuboid": ("cuboid", "cloud", _CUBOID),
    "cuboids": ("cuboidlabels", "cloud", _CUBOID),
    "points": ("pointlabels", "cloud", {"indexes": [0, 1]}),
}  # fmt: skip


def _marker(name: str, kind: str, to: str) -> Json:
    given: Json = {"options": [option("A"), option("B")], "choice": "single"} if kind.endswith("labels") else {}
    return ask(name, kind, to, **given)


def everything() -> Json:
    """Every type of object and of control, conditions between them, pages, a conversation and links."""
    options = [option("owns", "#e69f00"), option("near", "#56b4e9")]
    made = plan(
        [
            image(),
            {**image("book", "pages"), "pages": True},
            text(),
            thing("rows", "list"),
            thing("chat", "chat"),
            thing("widget", "component", "extra"),
            thing("web", "hypertext", "html", value_type="text"),
            thing("talk", "paragraphs"),
            thing("sound", "audio"),
            thing("film", "video", frame_rate=25),
            thing("wave", "timeseries", value_type="json", channels=[{"column": "v"}]),
            thing("cells", "table"),
            thing("paper", "pdf"),
            thing("cloud", "pointcloud"),
        ],
        [
            *(_marker(name, kind, to) for name, (kind, to, _) in MARKS.items()),
            boxes(),
            labels(),
            boxes("scan", "book"),
            choices("quality", "img", ["Sharp", "Blurred"], per_region=True),
            ask("size", "number", "img", per_region=True, default_value=3, min=1, max=9),
            choices("weather", "img", ["Sunny", "Rain", "Snow"]),
            choices("depth", "img", ["Thin", "Deep"], when=WHEN_SNOW),
            rating("stars", "img"),
            textarea("notes", "img", editable=True, shortcuts=[{"value": " ok", "text": "OK", "color": "#333333"}]),
            ask("age", "number", "img", min=0, max=120, step=0.5),
            ask("day", "datetime", "img", only=["date"], format="%d.%m.%Y", min="2020-01-01", max="2030-12-31"),
            taxonomy("kind", "txt", max_usages=2),
            taxonomy("marks", "txt", labeling=True),
            ask("better", "pairwise", ["img", "txt"]),
            ask("rank", "ranker", "rows", buckets=[]),
            ask(
                "sorted", "ranker", "rows", buckets=[{"name": "good", "title": "Good"}, {"name": "bad", "title": "Bad"}]
            ),
            choices("side", "book", ["Text", "Blank"], per_item=True),
            ask("chat", "chatmessage", "chat", roles=["user", "assistant"], editable=["user"], max_messages=6),
            rating("helpful", "chat", per_region=True),
            ask("widget", "component", "widget", result=SCHEMA),
            ask("code", "reactcode", "widget"),
        ],
    )
    return {**made, "relations": {"choice": "multiple", "options": options}}


WHEN_SNOW: Json = {"kind": "choice-selected", "tag": "weather", "choices": ["Snow"]}
EVERYTHING_DATA: Json = {
    "image": "https://example.com/1.jpg",
    "pages": ["https://example.com/1.png", "https://example.com/2.png", "https://example.com/3.png"],
    "text": "Ada Lovelace met 😀 Babbage in London.",
    "rows": ITEMS,
    "chat": [{"role": "user", "content": "Hello", "createdAt": 1_700_000_000_000}],
    "extra": {"x": 1},
    "html": "<p>Hi <b>there</b></p>",
    "talk": [{"author": "Ann", "text": "Hi 😀 there"}, {"author": "Bob", "text": "Hello"}],
    "sound": "https://example.com/1.mp3",
    "film": "https://example.com/1.mp4",
    "wave": {"v": [1, 2, 3]},
    "cells": {"a": 1},
    "paper": "https://example.com/1.pdf",
    "cloud": [[0, 0, 0], [1, 1, 1]],
}
