"""Every kind of region: read, written, checked, measured."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import masks, plan_index, shapes
from labeling.geometry import Size
from labeling.plan_index import ShapeKind
from labeling.shapes import KINDS, Context

from tests.engine import plans
from tests.engine.acting import STEADY
from tests.engine.result_cases import control, part

Json = dict[str, Any]

#: An object that each kind of region can be on, and a control that makes it there.
HOMES: dict[str, tuple[str, str]] = {
    "rectangle": ("image", "rectanglelabels"),
    "ellipse": ("image", "ellipselabels"),
    "polygon": ("image", "polygonlabels"),
    "keypoint": ("image", "keypointlabels"),
    "vector": ("image", "vectorlabels"),
    "brush": ("image", "brushlabels"),
    "bitmask": ("image", "bitmasklabels"),
    "span": ("text", "labels"),
    "hyperspan": ("hypertext", "hypertextlabels"),
    "phrase": ("paragraphs", "paragraphlabels"),
    "segment": ("audio", "labels"),
    "series": ("timeseries", "timeserieslabels"),
    "timeline": ("video", "timelinelabels"),
    "track": ("video", "videorectangle"),
    "vectortrack": ("video", "videovectorlabels"),
    "ocrbox": ("pdf", "ocrlabels"),
    "cuboid": ("pointcloud", "cuboidlabels"),
    "points": ("pointcloud", "pointlabels"),
    "message": ("chat", "chatmessage"),
}

number = st.one_of(st.integers(-200, 300), st.floats(-200, 300).map(lambda value: round(value, 4)))
size = st.one_of(st.integers(0, 200), st.floats(0, 200).map(lambda value: round(value, 4)))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def vertices(names: list[str], places: list[tuple[float, float]]) -> list[Json]:
    return [
        {"id": name, "x": x, "y": y, "prevPointId": names[place - 1] if place else None, "isBezier": False}
        for place, (name, (x, y)) in enumerate(zip(names, places, strict=False))
    ]


some_vertices = st.builds(
    vertices, st.just(["a", "b", "c", "d"]), st.lists(st.tuples(number, number), min_size=1, max_size=4)
)
boxes = st.fixed_dictionaries({"x": number, "y": number, "width": size, "height": size, "rotation": number})


def sequence(inside: st.SearchStrategy[Json]) -> st.SearchStrategy[list[Json]]:
    keys = st.fixed_dictionaries({"frame": st.integers(1, 50), "enabled": st.booleans(), "time": size})
    rows = st.tuples(keys, inside).map(lambda pair: {**pair[0], **pair[1]})
    unique = st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row["frame"])
    return unique.map(lambda found: sorted(found, key=lambda row: row["frame"]))


def ordered(pair: tuple[Any, Any]) -> Json:
    return {"start": min(pair), "end": max(pair)}


spots = st.tuples(st.integers(0, 30), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))
tracked = {"framesCount": st.integers(1, 900), "duration": size}

#: Values that a strict reader takes, as tools write them.
VALUES: dict[str, st.SearchStrategy[Json]] = {
    "rectangle": boxes,
    "ellipse": st.fixed_dictionaries({"x": number, "y": number, "radiusX": size, "radiusY": size, "rotation": number}),
    "polygon": st.fixed_dictionaries(
        {"points": st.lists(st.tuples(number, number).map(list), min_size=1, max_size=5), "closed": st.booleans()}
    ),
    "keypoint": st.fixed_dictionaries({"x": number, "y": number}, optional={"width": size}),
    "vector": st.fixed_dictionaries({"vertices": some_vertices, "closed": st.booleans()}),
    "brush": st.binary(max_size=20).map(lambda code: {"format": "rle", "rle": list(code)}),
    "bitmask": words.map(lambda text: {"imageDataURL": f"data:image/png;base64,{text}"}),
    "span": spots.map(lambda ends: {"start": ends[0], "end": ends[1], "text": "quoted"}),
    "hyperspan": st.fixed_dictionaries(
        {"start": st.just("/p[1]/text()[1]"), "end": st.just("/p[2]/text()[1]")},
        optional={
            "startOffset": st.integers(0, 9),
            "endOffset": st.integers(0, 9),
            "globalOffsets": spots.map(lambda ends: {"start": ends[0], "end": ends[1]}),
            "text": st.just("quoted"),
        },
    ),
    "phrase": spots.map(lambda e: {"start": "0", "end": "2", "startOffset": e[0], "endOffset": e[1], "text": "quoted"}),
    "segment": st.tuples(size, size).map(lambda ends: {**ordered(ends), "channel": 1}),
    "series": st.one_of(
        st.tuples(number, number).map(lambda ends: {**ordered(ends), "instant": False}),
        st.just({"start": "2020-01-01 10:00", "end": "2020-01-01 10:00", "instant": True}),
        st.just({"start": 1735689600000, "end": 1735689700000, "instant": False}),
    ),
    "timeline": st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)).map(ordered), min_size=1, max_size=3).map(
        lambda ranges: {"ranges": ranges}
    ),
    "track": st.fixed_dictionaries({**tracked, "sequence": sequence(boxes)}),
    "vectortrack": st.fixed_dictionaries(
        {"sequence": sequence(st.fixed_dictionaries({"vertices": some_vertices, "closed": st.booleans()}))},
        optional=tracked,
    ),
    "ocrbox": st.fixed_dictionaries(
        {"x": number, "y": number, "width": size, "height": size, "rotation": number, "pageIndex": st.integers(1, 99)},
        optional={"ocrtext": words},
    ),
    "cuboid": st.fixed_dictionaries(
        dict.fromkeys(("x", "y", "z", "yaw"), number) | dict.fromkeys(("length", "width", "height"), size),
        optional={"pitch": number, "roll": number},
    ),
    "points": st.lists(st.integers(0, 10**9), min_size=1, max_size=9).map(lambda found: {"indexes": found}),
    "message": st.fixed_dictionaries(
        {"role": words, "content": words}, optional={"createdAt": st.integers(0, 10**14), "ours": st.integers()}
    ).map(lambda row: {"chatmessage": row}),
}

kinds = pytest.mark.parametrize("kind", get_args(ShapeKind))


def context(kind: str, **more: Any) -> Context:
    kind_of_object, kind_of_control = HOMES[kind]
    made = control("l", kind_of_control, "o", labels="A")
    plan = plans.plan([part("o", kind_of_object)], [made])
    index = plan_index.index(plan)
    return Context(index.objects["o"], index.controls["l"], **more)


@kinds
def test_every_kind_has_a_home_values_and_an_entry_in_the_table(kind: ShapeKind) -> None:
    at = context(kind)
    assert KINDS[kind].name == kind
    assert KINDS[kind].shape.kind == kind
    assert at.control is not None
    assert at.control.makes(at.part) == kind
    assert kind in VALUES


@kinds
@settings(STEADY, max_examples=40)
@given(st.data())
def test_a_value_is_read_and_written_as_it_was(kind: ShapeKind, data: st.DataObject) -> None:
    value, at = data.draw(VALUES[kind]), context(kind)
    assert list(shapes.faults(kind, value, at)) == []
    shape = shapes.read(kind, value, at)
    assert not isinstance(shape, str), shape
    assert shape.kind == kind
    written = json.loads(json.dumps(shapes.write(shape, at)))
    assert written == json.loads(json.dumps(value))
    assert set(written) <= KINDS[kind].members
    assert shapes.read(kind, written, at) == shape
    shown = shapes.view_json(shape, at)
    assert json.loads(json.dumps(shown)) == shown
    box = shapes.bounds(shape, at)
    assert box is None or (box[0] <= box[2] and box[1] <= box[3])
    assert isinstance(shapes.quote(shape, at), str)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@kinds
@settings(STEADY, max_examples=40)
@given(st.data())
def test_nonsense_is_refused_with_a_reason_and_never_raised_about(kind: ShapeKind, data: st.DataObject) -> None:
    members = sorted(KINDS[kind].members)
    value = data.draw(st.dictionaries(st.sampled_from(members), junk, max_size=len(members)))
    if data.draw(st.booleans()):  # sound but for one member
        value = {**data.draw(VALUES[kind]), data.draw(st.sampled_from(members)): data.draw(junk)}
    at = context(kind)
    shape = shapes.read(kind, value, at)
    faults = list(shapes.faults(kind, value, at))
    assert all(fault.code and fault.message for fault in faults)
    if isinstance(shape, str):
        assert shape
        assert faults, "what cannot be read has a fault"
    else:
        json.dumps(shapes.write(shape, at), allow_nan=False)


def only(kind: ShapeKind, value: Json, **more: Any) -> str:
    """The message of the one fault."""
    (fault,) = shapes.faults(kind, value, context(kind, **more))
    return fault.message


CODE = {"format": "rle", "rle": [1]}


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("ellipse", {"x": 1, "y": 2, "radiusX": -3, "radiusY": 4}, "radiusX must not be negative"),
        ("polygon", {"points": []}, "1 to"),
        ("polygon", {"points": [[1, 2], [3]]}, "point 2"),
        ("polygon", {"points": [[1, 2]], "closed": "yes"}, "closed"),
        ("vector", {"vertices": [{"x": 1, "y": 2}]}, "vertex 1 needs an id"),
        ("vector", {"vertices": [{"id": "a", "x": 1, "y": 2, "prevPointId": "z"}]}, "follows 'z'"),
        ("brush", {**CODE, "rle": [1, 256]}, "0 to 255"),
        ("brush", {**CODE, "format": "png"}, "format"),
        ("bitmask", {"imageDataURL": "javascript:alert(1)"}, "data:image/"),
        ("hyperspan", {"start": "", "end": ""}, "no globalOffsets"),
        ("phrase", {"start": 0, "end": "1", "startOffset": 0, "endOffset": 1}, "as a text"),
        ("phrase", {"start": "1", "end": "1", "startOffset": 3, "endOffset": 3}, "not behind"),
        ("segment", {"start": 3, "end": 2}, "mark nothing"),
        ("series", {"start": 1, "end": "2020"}, "both"),
        ("timeline", {"ranges": [{"start": 0, "end": 4}]}, "range 1"),
        ("track", {"sequence": [{"frame": 1, "x": 1, "y": 1, "width": 1}]}, "key frame 1: height"),
        ("track", {"sequence": [{"frame": 0, "x": 1, "y": 1, "width": 1, "height": 1}]}, "from 1"),
        ("vectortrack", {"sequence": [{"frame": 2}]}, "vertices"),
        ("ocrbox", {"x": 0, "y": 0, "width": 1, "height": 1, "pageIndex": 0}, "pageIndex"),
        ("points", {"indexes": [-1]}, "from 0"),
        ("message", {"chatmessage": {"role": "user"}}, "content"),
    ],
)
def test_a_fault_says_what_and_where(kind: ShapeKind, value: Json, says: str) -> None:
    assert says in only(kind, value)


def test_offsets_in_phrases_are_compared_with_the_conversation() -> None:
    value = {"start": "0", "end": "4", "startOffset": 0, "endOffset": 1}
    assert "there are 2" in only("phrase", value, phrases=("one", "two"))
    value = {"start": "0", "end": "1", "startOffset": 0, "endOffset": 9}
    assert "3 code points" in only("phrase", value, phrases=("one", "two"))


PICTURE = Size(200, 100)


@pytest.mark.parametrize(
    ("kind", "value", "bounds"),
    [
        ("rectangle", {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0}, (10, 10, 30, 30)),
        # A quarter turn clockwise about the top left corner: 20 % of the height is 10 % of the width.
        ("rectangle", {"x": 50, "y": 10, "width": 20, "height": 20, "rotation": 90}, (40, 10, 50, 50)),
        ("ellipse", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 20, "rotation": 0}, (40, 30, 60, 70)),
        ("ellipse", {"x": 50, "y": 50, "radiusX": 20, "radiusY": 20, "rotation": 90}, (40, 10, 60, 90)),
        ("polygon", {"points": [[1, 2], [3, 9], [5, 6]]}, (1, 2, 5, 9)),
        ("keypoint", {"x": 1, "y": 2}, (1, 2, 1, 2)),
        ("vector", {"vertices": [{"x": 1, "y": 2}, {"x": 0, "y": 5}]}, (0, 2, 1, 5)),
        ("cuboid", {"x": 0, "y": 0, "z": 0, "length": 4, "width": 2, "height": 1, "yaw": math.pi / 2}, (-1, -2, 1, 2)),
        ("bitmask", {"imageDataURL": "data:image/png;base64,"}, None),
    ],
)
def test_bounds(kind: ShapeKind, value: Json, bounds: tuple[float, ...] | None) -> None:
    at = context(kind, size=PICTURE)
    shape = shapes.read(kind, value, at)
    assert not isinstance(shape, str)
    assert shapes.bounds(shape, at) == (None if bounds is None else pytest.approx(bounds))


def test_bounds_of_a_mask_are_those_of_what_is_painted() -> None:
    mask = bytearray(200 * 100)
    mask[10 * 200 + 20] = mask[49 * 200 + 39] = 255
    at = context("brush", size=PICTURE)
    shape = shapes.read("brush", {"format": "rle", "rle": list(masks.encode(bytes(mask)))}, at)
    assert not isinstance(shape, str)
    assert shapes.bounds(shape, at) == pytest.approx((10, 10, 20, 50))
    assert shapes.bounds(shape, context("brush")) is None
