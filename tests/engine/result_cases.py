"""The golden cases of the format (reference, section 27), one per type of result, with plans by hand.

``accepted``: the SDK's validator takes the results as they are. ``written``: what is written in place of ``result``,
where another form was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.engine import plans

Json = dict[str, Any]

PICTURE: Json = {"original_width": 600, "original_height": 400, "image_rotation": 0}
BOX: Json = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0}
PATHS: Json = {
    "start": "/p[1]/text()[1]",
    "end": "/p[1]/text()[1]",
    "startOffset": 0,
    "endOffset": 4,
    "globalOffsets": {"start": 0, "end": 4},
    "text": "x",
}
VERTEX: Json = {"id": "p1", "x": 1, "y": 2, "prevPointId": None, "isBezier": False}
KEY: Json = {"frame": 1, "enabled": True, "rotation": 0, "x": 1, "y": 2, "width": 3, "height": 4, "time": 0.04}
TRACK: Json = {"framesCount": 100, "duration": 4.0, "sequence": [KEY]}
VECTORS: Json = {
    "sequence": [
        {
            "frame": 1,
            "enabled": True,
            "closed": False,
            "time": 0.04,
            "vertices": [{"id": "a", "x": 1, "y": 2, "prevPointId": None, "isBezier": False}],
        }
    ]
}
DATA: Json = {
    "image": "https://example.com/1.jpg",
    "text": "abcd efgh",
    "p": [{"author": "A", "text": "Good morning"}, {"author": "B", "text": "Hello there"}],
    "o": [{"value": "A", "children": [{"value": "B"}]}, "anything"],
    "items": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
    "chat": [],
}


def part(name: str, kind: str, source: str | None = None, **more: Any) -> Json:
    field_name = source or name
    return {"name": name, "type": kind, "value": {"path": [field_name], "source": field_name}, **more}


def control(name: str, kind: str, *to: str, labels: str = "", **more: Any) -> Json:
    common: Json = {"required": False, "per_region": False, "per_item": False, "display_mode": "tag"}
    if labels:
        common |= {"options": [plans.option(label) for label in labels.split()], "choice": "single"}
    return {"name": name, "tag": kind, "type": kind, "to": list(to), **common, **more}


def row(name: str, to: str, kind: str, value: Json, identity: str = "r1", **more: Any) -> Json:
    return {"id": identity, "from_name": name, "to_name": to, "type": kind, "value": value, **more}


def on_image(kind: str, value: Json, name: str = "l", identity: str = "r1") -> Json:
    return row(name, "img", kind, value, identity, **PICTURE)


@dataclass(frozen=True)
class Case:
    name: str
    accepted: bool
    objects: list[Json]
    controls: list[Json]
    result: list[Json]
    written: list[Json] | None = None
    more: Json = field(default_factory=dict)

    @property
    def plan(self) -> Json:
        return {**plans.plan(self.objects, self.controls), **self.more}


IMAGE = [part("img", "image", "image")]
TEXT = [plans.text("t")]
VIDEO = [part("v", "video")]


def labels(kind: str, to: str = "img") -> list[Json]:
    return [control("l", kind, to, labels="A B")]


def ask(kind: str, **more: Any) -> list[Json]:
    return [control("c", kind, "t", **more)]


def said(kind: str, value: Json) -> list[Json]:
    return [row("c", "t", kind, value)]


CASES = [
    Case(
        "rectlabels",
        True,
        IMAGE,
        labels("rectanglelabels"),
        [on_image("rectanglelabels", {**BOX, "rectanglelabels": ["A"]})],
    ),
    Case(
        "rectlabels outside and turned over",
        False,
        IMAGE,
        labels("rectanglelabels"),
        [on_image("rectanglelabels", {**BOX, "x": -1.5, "rotation": 370, "rectanglelabels": ["A"]})],
    ),
    Case(
        "rectlabels unknown label",
        False,
        IMAGE,
        labels("rectanglelabels"),
        [on_image("rectanglelabels", {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Z"]})],
        [on_image("rectanglelabels", {**BOX, "rectanglelabels": ["Z"]})],
    ),
    Case(
        "rect and labels split",
        True,
        IMAGE,
        [control("r", "rectangle", "img"), *labels("labels")],
        [on_image("rectangle", BOX, "r"), on_image("labels", {**BOX, "labels": ["A"]})],
    ),
    Case(
        "ellipse",
        True,
        IMAGE,
        labels("ellipselabels"),
        [
            on_image(
                "ellipselabels", {"x": 1, "y": 2, "radiusX": 3, "radiusY": 4, "rotation": 0, "ellipselabels": ["A"]}
            )
        ],
    ),
    Case(
        "polygon",
        True,
        IMAGE,
        labels("polygonlabels"),
        [on_image("polygonlabels", {"points": [[1, 2], [3, 4], [5, 6]], "closed": True, "polygonlabels": ["A"]})],
    ),
    Case(
        "keypoint",
        True,
        IMAGE,
        labels("keypointlabels"),
        [on_image("keypointlabels", {"x": 1, "y": 2, "width": 0.5, "keypointlabels": ["A"]})],
    ),
    Case(
        "brush",
        True,
        IMAGE,
        labels("brushlabels"),
        [on_image("brushlabels", {"format": "rle", "rle": [0, 1, 2], "brushlabels": ["A"]})],
    ),
    Case(
        "bitmask",
        True,
        IMAGE,
        labels("bitmasklabels"),
        [on_image("bitmasklabels", {"imageDataURL": "data:image/png;base64,AA", "bitmasklabels": ["A"]})],
    ),
    Case(
        "bitmask as bitmaskregion",
        False,
        IMAGE,
        labels("bitmasklabels"),
        [on_image("bitmaskregion", {"imageDataURL": "data:image/png;base64,AA", "bitmasklabels": ["A"]})],
        [on_image("bitmasklabels", {"imageDataURL": "data:image/png;base64,AA", "bitmasklabels": ["A"]})],
    ),
    Case(
        "vector",
        True,
        IMAGE,
        labels("vectorlabels"),
        [on_image("vectorlabels", {"vertices": [VERTEX], "closed": False, "vectorlabels": ["A"]})],
    ),
    Case("choices", True, TEXT, ask("choices", labels="A B"), said("choices", {"choices": ["A"]})),
    Case(
        "choices alias by value",
        False,
        TEXT,
        ask("choices", options=[plans.option("Aye", alias="A")]),
        said("choices", {"choices": ["Aye"]}),
        said("choices", {"choices": ["A"]}),
    ),
    Case(
        "choices alias by alias",
        True,
        TEXT,
        ask("choices", options=[plans.option("Aye", alias="A")]),
        said("choices", {"choices": ["A"]}),
    ),
    Case(
        "choices nested list",
        False,
        TEXT,
        ask("choices", options=[], allow_nested=True, dynamic={"path": ["o"], "source": "o"}),
        said("choices", {"choices": [["A", "B"]]}),
    ),
    Case(
        "choices dynamic",
        True,
        TEXT,
        ask("choices", options=[], dynamic={"path": ["o"], "source": "o"}),
        said("choices", {"choices": ["anything"]}),
    ),
    Case(
        "per-region choices with geometry",
        True,
        IMAGE,
        [*labels("rectanglelabels"), control("c", "choices", "img", labels="A", per_region=True)],
        [
            on_image("rectanglelabels", {**BOX, "rectanglelabels": ["A"]}),
            on_image("choices", {**BOX, "choices": ["A"]}, "c"),
        ],
    ),
    Case(
        "taxonomy",
        True,
        TEXT,
        ask("taxonomy", options=[{**plans.option("A"), "children": [plans.option("B")]}]),
        said("taxonomy", {"taxonomy": [["A", "B"]]}),
    ),
    Case("rating", True, TEXT, ask("rating", max_rating=5), said("rating", {"rating": 4})),
    Case("number", True, TEXT, ask("number", min=0, max=3), said("number", {"number": 5})),
    Case("datetime", True, TEXT, ask("datetime", only=["date"]), said("datetime", {"datetime": "2020-01-01"})),
    Case("textarea list", True, TEXT, ask("textarea"), said("textarea", {"text": ["x"]})),
    Case(
        "textarea string",
        False,
        TEXT,
        ask("textarea"),
        said("textarea", {"text": "x"}),
        said("textarea", {"text": ["x"]}),
    ),
    Case(
        "labels on text",
        True,
        TEXT,
        labels("labels", "t"),
        [row("l", "t", "labels", {"start": 0, "end": 4, "text": "abcd", "labels": ["A"]})],
    ),
    Case(
        "hypertext",
        True,
        [part("h", "hypertext")],
        labels("hypertextlabels", "h"),
        [row("l", "h", "hypertextlabels", {**PATHS, "hypertextlabels": ["A"]})],
    ),
    Case(
        "hypertext with Labels",
        True,
        [part("h", "hypertext")],
        labels("labels", "h"),
        [row("l", "h", "labels", {**PATHS, "labels": ["A"]})],
    ),
    Case(
        "paragraph",
        True,
        [part("p", "paragraphs")],
        labels("paragraphlabels", "p"),
        [
            row(
                "l",
                "p",
                "paragraphlabels",
                {"start": "0", "end": "1", "startOffset": 0, "endOffset": 4, "text": "x", "paragraphlabels": ["A"]},
            )
        ],
    ),
    Case(
        "audio",
        True,
        [part("a", "audio")],
        labels("labels", "a"),
        [row("l", "a", "labels", {"start": 0.5, "end": 1.5, "channel": 0, "labels": ["A"]}, original_length=3.2)],
    ),
    Case(
        "time series",
        True,
        [part("ts", "timeseries")],
        labels("timeserieslabels", "ts"),
        [
            row(
                "l",
                "ts",
                "timeserieslabels",
                {"start": "2020-01-01", "end": "2020-01-02", "instant": False, "timeserieslabels": ["A"]},
            )
        ],
    ),
    Case(
        "time series without instant",
        False,
        [part("ts", "timeseries")],
        labels("timeserieslabels", "ts"),
        [row("l", "ts", "timeserieslabels", {"start": 1, "end": 2, "timeserieslabels": ["A"]})],
        [row("l", "ts", "timeserieslabels", {"start": 1, "end": 2, "instant": False, "timeserieslabels": ["A"]})],
    ),
    Case(
        "video rectangle",
        True,
        VIDEO,
        [control("b", "videorectangle", "v"), *labels("labels", "v")],
        [row("b", "v", "videorectangle", {**TRACK, "labels": ["A"]})],
    ),
    Case(
        "video rectangle without labels",
        True,
        VIDEO,
        [control("b", "videorectangle", "v")],
        [row("b", "v", "videorectangle", TRACK)],
    ),
    Case(
        "timeline",
        True,
        VIDEO,
        labels("timelinelabels", "v"),
        [row("l", "v", "timelinelabels", {"ranges": [{"start": 1, "end": 5}], "timelinelabels": ["A"]})],
    ),
    Case(
        "video vector under labels",
        True,
        VIDEO,
        labels("videovectorlabels", "v"),
        [row("l", "v", "videovectorlabels", {**VECTORS, "labels": ["A"]})],
    ),
    Case(
        "video vector under its own key",
        False,
        VIDEO,
        labels("videovectorlabels", "v"),
        [row("l", "v", "videovectorlabels", {**VECTORS, "videovectorlabels": ["A"]})],
        [row("l", "v", "videovectorlabels", {**VECTORS, "labels": ["A"]})],
    ),
    Case(
        "pairwise to itself",
        False,
        [plans.text("a", "text"), plans.text("b", "text")],
        [control("pw", "pairwise", "a", "b")],
        [row("pw", "pw", "pairwise", {"selected": "left"})],
        [row("pw", "a", "pairwise", {"selected": "left"})],
    ),
    Case(
        "pairwise to one of two",
        True,
        [plans.text("a", "text"), plans.text("b", "text")],
        [control("pw", "pairwise", "a", "b")],
        [row("pw", "a", "pairwise", {"selected": "left"})],
    ),
    Case(
        "ranker",
        True,
        [part("ls", "list", "items")],
        [control("rk", "ranker", "ls", buckets=[])],
        [row("rk", "ls", "ranker", {"ranker": {"rk": ["a", "b"]}})],
    ),
    Case(
        "ranker as a plain list",
        False,
        [part("ls", "list", "items")],
        [control("rk", "ranker", "ls", buckets=[])],
        [row("rk", "ls", "ranker", {"ranker": ["a", "b"]})],
        [row("rk", "ls", "ranker", {"ranker": {"rk": ["a", "b"]}})],
    ),
    Case(
        "ranker with buckets",
        True,
        [part("ls", "list", "items")],
        [control("rk", "ranker", "ls", buckets=[{"name": "x", "title": "X", "default": False}])],
        [row("rk", "ls", "ranker", {"ranker": {"x": ["a"], "_": ["b"]}})],
    ),
    Case(
        "chat",
        True,
        [part("chat", "chat")],
        [control("chat", "chatmessage", "chat")],
        [row("chat", "chat", "chatmessage", {"chatmessage": {"role": "user", "content": "hi", "createdAt": 1}})],
    ),
    Case(
        "reactcode",
        True,
        [{"name": "rc", "type": "component"}],
        [control("rc", "reactcode", "rc")],
        [row("rc", "rc", "reactcode", {"reactcode": {"a": 1}})],
    ),
    Case(
        "ocr",
        True,
        [part("pdf", "pdf")],
        labels("ocrlabels", "pdf"),
        [
            row(
                "l",
                "pdf",
                "ocrlabels",
                {
                    "x": 0.1,
                    "y": 0.2,
                    "width": 0.3,
                    "height": 0.4,
                    "rotation": 0,
                    "pageIndex": 1,
                    "ocrtext": "hi",
                    "ocrlabels": ["A"],
                },
            )
        ],
    ),
    Case(
        "relation",
        True,
        TEXT,
        labels("labels", "t"),
        [
            row("l", "t", "labels", {"start": 0, "end": 4, "labels": ["A"]}),
            row("l", "t", "labels", {"start": 5, "end": 6, "labels": ["A"]}, "r2"),
            {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", "labels": ["q"]},
        ],
        more={"relations": {"choice": "single", "options": [plans.option("q")]}},
    ),
]
