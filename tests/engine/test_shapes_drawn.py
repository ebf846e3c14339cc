"""Regions of every kind, drawn, changed, moved and copied by intents, and their way through results."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import masks, plan_index, reduce, results, session, view
from labeling.masks import png_writing
from labeling.model import Settings
from labeling.plan_index import ShapeKind

from tests.engine import plans
from tests.engine.acting import STEADY, Acting
from tests.engine.result_cases import control, part
from tests.engine.test_shapes import HOMES, VALUES, junk, kinds

Json = dict[str, Any]

CODE = list(masks.encode(bytes([0, 255, 255, 0])))
LARGE = png_writing.url(masks.make(3, 2, {1: (0, 1)}))
BITMAP = png_writing.url(masks.make(2, 2, {1: (0, 1)}))
#: A shape as the page draws it, and what becomes of it.
DRAWN: dict[str, tuple[Json, Json]] = {
    "rectangle": (
        {"x": 30, "y": 40, "width": -10, "height": -20, "rotation": 0},
        {"x": 20, "y": 20, "width": 10, "height": 20, "rotation": 0},
    ),
    "ellipse": (
        {"x": 50, "y": 50, "radiusX": -10, "radiusY": 20, "rotation": -90},
        {"x": 50, "y": 50, "radiusX": 10, "radiusY": 20, "rotation": 270},
    ),
    "polygon": (
        {"points": [[1, 1], [5, 1], [5, 1], [5, 5], [1, 1]], "closed": True},
        {"points": [[1, 1], [5, 1], [5, 5]], "closed": True},
    ),
    "keypoint": ({"x": 101, "y": -1, "width": 0.5}, {"x": 100, "y": 0, "width": 0.5}),
    "vector": (
        {"vertices": [{"id": "a", "x": 1, "y": 2}], "closed": False},
        {"vertices": [{"id": "a", "x": 1, "y": 2, "prevPointId": None, "isBezier": False}], "closed": False},
    ),
    "brush": ({"format": "rle", "rle": CODE}, {"format": "rle", "rle": masks.to_base64(bytes(CODE))}),
    "bitmask": ({"imageDataURL": BITMAP}, {"imageDataURL": BITMAP}),
    "span": ({"start16": 4, "end16": 1}, {"start": 1, "end": 4, "start16": 1, "end16": 4}),
    "hyperspan": (
        {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 0, "endOffset": 2, "text": "ab"},
        {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 0, "endOffset": 2},
    ),
    "phrase": (
        {"start": "0", "end": "1", "startOffset16": 2, "endOffset16": 5},
        {"start": "0", "end": "1", "startOffset": 1, "endOffset": 5, "startOffset16": 2, "endOffset16": 5},
    ),
    "segment": ({"start": 2.5, "end": 1, "channel": 0}, {"start": 1, "end": 2.5, "channel": 0}),
    "series": ({"start": 9, "end": 4, "instant": False}, {"start": 4, "end": 9, "instant": False}),
    "timeline": ({"ranges": [{"start": 9, "end": 3}]}, {"ranges": [{"start": 3, "end": 9}]}),
    "track": (
        {"framesCount": 50, "duration": 5, "sequence": [{"frame": 10, "x": 30, "y": 1, "width": -5, "height": 5}]},
        {
            "framesCount": 50,
            "duration": 5,
            "sequence": [
                {"frame": 10, "enabled": True, "time": 1, "x": 25, "y": 1, "width": 5, "height": 5, "rotation": 0}
            ],
        },
    ),
    "vectortrack": (
        {"sequence": [{"frame": 1, "time": 0.1, "vertices": [{"id": "a", "x": 1, "y": 2}]}]},
        {
            "sequence": [
                {
                    "frame": 1,
                    "enabled": True,
                    "time": 0.1,
                    "closed": False,
                    "vertices": [{"id": "a", "x": 1, "y": 2, "prevPointId": None, "isBezier": False}],
                }
            ]
        },
    ),
    "ocrbox": (
        {"x": 0.9, "y": 0.5, "width": 0.3, "height": -0.2, "rotation": 0, "pageIndex": 2, "ocrtext": "hi"},
        {"x": 0.9, "y": 0.3, "width": 0.1, "height": 0.2, "rotation": 0, "pageIndex": 2, "ocrtext": "hi"},
    ),
    "cuboid": (
        {"x": 1, "y": 2, "z": 0, "length": -4, "width": 2, "height": 1.5, "yaw": 0.3},
        {"x": 1, "y": 2, "z": 0, "length": 4, "width": 2, "height": 1.5, "yaw": 0.3},
    ),
    "points": ({"indexes": [5, 3, 5]}, {"indexes": [3, 5]}),
}

#: What is refused, with its code.
REFUSED: list[Any] = [
    pytest.param("ellipse", {"x": 1, "y": 1, "radiusX": 0, "radiusY": 5}, "too-small", id="flat ellipse"),
    pytest.param("polygon", {"points": [[1, 1], [2, 2], [1, 1]], "closed": True}, "too-few-points", id="two corners"),
    pytest.param("vector", {"vertices": [{"id": "a", "x": "1", "y": 2}]}, "bad-shape", id="vertex of a text"),
    pytest.param("brush", {"format": "rle", "rle": [1, 2]}, "bad-shape", id="mask that is none"),
    pytest.param("brush", {"format": "rle", "rle": list(masks.encode(bytes(4)))}, "too-small", id="empty mask"),
    pytest.param("brush", {"format": "rle", "rle": list(masks.encode(b"\1"))}, "bad-shape", id="mask of another size"),
    pytest.param("bitmask", {"imageDataURL": "https://example.com/1.png"}, "bad-shape", id="bitmap from elsewhere"),
    pytest.param("bitmask", {"imageDataURL": "data:image/png;base64,AA"}, "bad-shape", id="bitmap that is none"),
    pytest.param("bitmask", {"imageDataURL": LARGE}, "bad-shape", id="bitmap of another size"),
    pytest.param("hyperspan", {"start": "/p"}, "bad-shape", id="half a place"),
    pytest.param("phrase", {"start": "0", "end": "7", "startOffset": 0, "endOffset": 1}, "out-of-text", id="no phrase"),
    pytest.param("segment", {"start": 2, "end": 2}, "too-small", id="no time"),
    pytest.param("series", {"start": None, "end": 2}, "bad-shape", id="no start"),
    pytest.param("timeline", {"ranges": [{"start": 0, "end": 2}]}, "bad-shape", id="frame 0"),
    pytest.param("track", {"sequence": []}, "bad-shape", id="no key frame"),
    pytest.param(
        "track", {"sequence": [{"frame": 1, "x": 1, "y": 1, "width": 0, "height": 3}]}, "too-small", id="empty box"
    ),
    pytest.param("ocrbox", {"x": 2, "y": 0.5, "width": 1, "height": 1}, "too-small", id="outside the page"),
    pytest.param(
        "cuboid", {"x": 1, "y": 2, "z": 0, "length": 0, "width": 2, "height": 1}, "too-small", id="flat cuboid"
    ),
    pytest.param("points", {"indexes": []}, "bad-shape", id="no points"),
]
DATA: Json = {
    "o": "https://example.com/1",
    "t": "abcdef",
    "p": [{"author": "A", "text": "😀 bc"}, {"author": "B", "text": "defgh"}],
}
drawn_kinds = pytest.mark.parametrize("kind", [kind for kind in get_args(ShapeKind) if kind != "message"])


def home(kind: str, **more: Any) -> Json:
    kind_of_object, kind_of_control = HOMES[kind]
    source = {"text": "t", "paragraphs": "p"}.get(kind_of_object, "o")
    plain = {} if kind == "track" else {"labels": "A B"}
    controls = [control("l", kind_of_control, "o", **plain, **more)]
    if kind == "track":
        controls.append(control("names", "labels", "o", labels="A B"))
    return plans.plan([part("o", kind_of_object, source)], controls)


def acting(kind: str, **more: Any) -> Acting:
    made = Acting(home(kind, **more), DATA, size=False)
    if HOMES[kind][0] == "image":
        made.do("object_loaded", object="o", width=2, height=2)
    made.do("pick_label", control="names" if kind == "track" else "l", label="A")
    return made


def test_there_is_a_drawing_of_every_kind() -> None:
    assert {*DRAWN, "message"} == set(get_args(ShapeKind))


@drawn_kinds
def test_a_drawn_shape_is_made_to_fit_and_gets_the_label(kind: ShapeKind) -> None:
    made = acting(kind)
    raw, expected = DRAWN[kind]
    if kind in ("keypoint", "polygon", "vector", "rectangle", "ellipse"):
        made.do("object_loaded", object="o", width=1000, height=500)
    patch = made.do("add_region", region="r1", object="o", shape=raw)
    assert "problems" not in patch
    region = made.region("r1")
    assert (region["kind"], region["shape"]) == (kind, expected)
    assert region["labels"] == ["A"]
    assert made.view["tools"]["o"]["tool"] == kind  # type: ignore[index]


@drawn_kinds
def test_what_is_drawn_is_stored_checked_and_opened_again(kind: ShapeKind) -> None:
    made = acting(kind)
    if kind in ("keypoint", "polygon", "vector", "rectangle", "ellipse"):
        made.do("object_loaded", object="o", width=1000, height=500)
    made.do("add_region", region="r1", object="o", shape=DRAWN[kind][0])
    stored = json.loads(json.dumps(results.dump(made.state)))
    assert len(stored) == 1
    assert results.validate(home(kind), stored, DATA) == []
    again = session.open_task(home(kind), DATA, stored)
    assert again.problems == ()
    assert again.regions["r1"].shape == made.state.regions["r1"].shape
    assert again.regions["r1"].labels == made.state.regions["r1"].labels


@drawn_kinds
def test_the_shape_of_the_view_sent_back_changes_nothing(kind: ShapeKind) -> None:
    made = acting(kind)
    if kind in ("keypoint", "polygon", "vector", "rectangle", "ellipse"):
        made.do("object_loaded", object="o", width=1000, height=500)
    made.do("add_region", region="r1", object="o", shape=DRAWN[kind][0])
    assert made.do("edit_region", region="r1", shape=made.region("r1")["shape"]) == {}


@pytest.mark.parametrize(("kind", "shape", "code"), REFUSED)
def test_a_shape_that_is_none_is_refused(kind: ShapeKind, shape: Json, code: str) -> None:
    assert acting(kind).refused("add_region", region="r1", object="o", shape=shape) == code


@drawn_kinds
@settings(STEADY, max_examples=15)
@given(st.data())
def test_no_shape_of_an_intent_raises(kind: ShapeKind, data: st.DataObject) -> None:
    made = acting(kind)
    keys = sorted({*DRAWN[kind][0], *DRAWN[kind][1]})
    shape = data.draw(st.dictionaries(st.sampled_from(keys), junk, max_size=len(keys)))
    if data.draw(st.booleans()):
        shape = {**DRAWN[kind][0], **shape}
    state, patch = reduce(made.state, {"type": "add_region", "at": 1, "region": "r1", "object": "o", "shape": shape})
    if "problems" not in patch:
        assert results.validate(home(kind), results.dump(state), DATA) == []


@kinds
@settings(STEADY, max_examples=25)
@given(st.data())
def test_stored_regions_of_every_kind_are_written_as_they_were(kind: ShapeKind, data: st.DataObject) -> None:
    plan = home(kind)
    owner = plan["controls"][0]
    labels = {"message": {}, "track": {"labels": ["B", "odd"]}}.get(kind)
    key = plan_index.index(plan).controls["l"].value_key
    value = {**data.draw(VALUES[kind]), **({key: ["B", "odd"]} if labels is None else labels)}
    row = {"id": "r", "from_name": "l", "to_name": "o", "type": owner["type"], "value": value, "origin": "prediction"}
    row |= data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "score": st.floats(0, 1),
                "readonly": st.just(True),
                "meta": st.just({"text": ["a note"]}),
                "ours": junk,
            },
        )
    )
    row = json.loads(json.dumps(row))
    # Texts that are not in the task: the quotation is the stored one.
    state = session.open_task(plan, {}, [row])
    assert state.task.refused == ()
    (dumped,) = results.dump(state)
    if HOMES[kind][0] == "image":
        assert isinstance(dumped, dict)
        assert dumped.pop("image_rotation") == 0
    assert dumped == row


@kinds
@settings(STEADY, max_examples=25)
@given(st.data())
def test_hostile_results_of_every_kind_are_never_raised_about_and_never_lost(
    kind: ShapeKind, data: st.DataObject
) -> None:
    plan = home(kind)
    row: Json = {"id": "r", "from_name": "l", "to_name": "o", "type": plan["controls"][0]["type"]}
    row["value"] = {**data.draw(VALUES[kind]), "labels": ["A"], **data.draw(st.dictionaries(st.text(max_size=9), junk))}
    row |= data.draw(st.dictionaries(st.sampled_from([*row, "item_index", "score", "meta", "origin"]), junk))
    rows = [row, {"type": "relation", "from_id": data.draw(junk), "to_id": "r"}]
    results.validate(plan, rows, DATA)
    results.validate(plan, rows, DATA, lenient=True)
    state = session.open_task(plan, DATA, rows)
    view.full(state)
    assert len(results.dump(state)) >= 1


# Several tools on one image


MANY = plans.plan(
    [part("o", "image")],
    [
        control("box", "rectanglelabels", "o", labels="Car"),
        control("outline", "polygonlabels", "o", labels="Road"),
        control("r", "rectangle", "o"),
        control("e", "ellipse", "o"),
        control("w", "magicwand", "o"),
        control("b", "brush", "o"),
        control("names", "labels", "o", labels="A B"),
    ],
)


@pytest.fixture
def many() -> Acting:
    made = Acting(MANY, DATA, size=False)
    made.do("object_loaded", object="o", width=1000, height=500)
    return made


def tools(made: Acting) -> list[tuple[str, str]]:
    first = made.view["tools"]["o"]  # type: ignore[index]
    return [(one["tool"], one["control"]) for one in (first, *first.get("more", []))]


def test_plain_shapes_can_be_drawn_at_once_and_labels_come_first(many: Acting) -> None:
    plain = [("rectangle", "r"), ("ellipse", "e"), ("brush", "w"), ("brush", "b")]
    assert tools(many) == plain
    many.do("pick_label", control="outline", label="Road")
    assert tools(many) == [("polygon", "outline"), *plain]


def test_a_label_of_another_kind_puts_the_first_down(many: Acting) -> None:
    many.do("pick_label", control="box", label="Car")
    many.do("pick_label", control="names", label="A")
    many.do("pick_label", control="outline", label="Road")
    assert many.view["active"] == {"box": [], "outline": ["Road"], "names": ["A"]}


def test_the_control_of_an_intent_says_what_is_drawn(many: Acting) -> None:
    many.do("pick_label", control="names", label="A")
    shape = {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 0}
    many.do("add_region", region="r1", object="o", control="e", shape=shape)
    assert many.region("r1")["kind"] == "ellipse"
    assert many.region("r1")["labels"] == ["A"]
    assert many.region("r1")["labeled_by"] == "names"
    given = {"region": "r2", "object": "o", "shape": shape}
    assert many.refused("add_region", control="nothing", **given) == "unknown-control"
    assert many.refused("add_region", control="outline", **given) == "no-label"


def test_a_label_fits_its_own_kind_and_plain_labels_fit_all(many: Acting) -> None:
    many.do("pick_label", control="names", label="A")
    shape = {"x": 1, "y": 1, "width": 9, "height": 9}
    many.do("add_region", region="r1", object="o", control="r", shape=shape)
    many.do("select", regions=["r1"])
    many.do("pick_label", control="outline", label="Road")
    assert many.region("r1")["labels"] == ["A"]
    many.do("pick_label", control="names", label="B")
    assert many.region("r1")["labels"] == ["B"]
    many.do("pick_label", control="box", label="Car")
    assert many.region("r1")["more_labels"] == {"box": ["Car"]}


@pytest.mark.parametrize(
    ("control_name", "shape", "after"),
    [
        (
            "e",
            {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 0},
            {"x": 51, "y": 52, "radiusX": 10, "radiusY": 10, "rotation": 0},
        ),
        (
            "r",
            {"x": 10, "y": 10, "width": 10, "height": 10},
            {"x": 11, "y": 12, "width": 10, "height": 10, "rotation": 0},
        ),
    ],
)
def test_shapes_are_nudged_by_pixels(many: Acting, control_name: str, shape: Json, after: Json) -> None:
    many.do("add_region", region="r1", object="o", control=control_name, shape=shape)
    many.do("select", regions=["r1"])
    many.do("nudge", dx=10, dy=10)
    assert many.region("r1")["shape"] == after


@pytest.mark.parametrize("kind", ["polygon", "keypoint", "vector"])
def test_points_are_nudged_with_all_that_belongs_to_them(kind: ShapeKind) -> None:
    made = acting(kind)
    made.do("object_loaded", object="o", width=1000, height=500)
    shapes_of: dict[str, Json] = {
        "polygon": {"points": [[1, 1], [2, 1], [2, 2]], "closed": True},
        "keypoint": {"x": 1, "y": 1, "width": 1},
        "vector": {"vertices": [{"id": "a", "x": 1, "y": 1, "controlPoint1": {"x": 5, "y": 5}}], "closed": False},
    }
    made.do("add_region", region="r1", object="o", shape=shapes_of[kind])
    made.do("select", regions=["r1"])
    made.do("nudge", dx=10, dy=-5)
    shape = made.region("r1")["shape"]
    moved: dict[str, Json] = {
        "polygon": {"points": [[2, 0], [3, 0], [3, 1]], "closed": True},
        "keypoint": {"x": 2, "y": 0, "width": 1},
    }
    if kind == "vector":
        (vertex,) = shape["vertices"]  # type: ignore[index]
        assert (vertex["x"], vertex["y"], vertex["controlPoint1"]) == (2, 0, {"x": 6, "y": 4})
    else:
        assert shape == moved[kind]
    assert made.refused("nudge", dx=1, dy=1, grow=True) == "cannot-nudge"


@drawn_kinds
def test_regions_are_copied_as_a_whole(kind: ShapeKind) -> None:
    made = acting(kind)
    if kind in ("keypoint", "polygon", "vector", "rectangle", "ellipse"):
        made.do("object_loaded", object="o", width=1000, height=500)
    made.do("add_region", region="r1", object="o", shape=DRAWN[kind][0])
    made.do("select", regions=["r1"])
    made.do("duplicate", ids=["r2"])
    one, two = made.region("r1"), made.region("r2")
    assert (two["shape"], two["labels"], two["kind"]) == (one["shape"], one["labels"], kind)


def test_a_region_on_a_page_has_its_page_and_its_size() -> None:
    plan = plans.plan([part("o", "image", "pages", pages=True)], [control("l", "rectanglelabels", "o", labels="A")])
    made = Acting(plan, {"pages": ["https://example.com/1", "https://example.com/2"]}, size=False)
    made.do("pick_label", control="l", label="A")
    shape = {"x": 1, "y": 1, "width": 50, "height": 50}
    made.do("object_loaded", object="o", width=600, height=400)
    made.do("add_region", region="r1", object="o", shape=shape)
    made.do("view_item", object="o", item=1)
    made.do("object_loaded", object="o", width=60, height=40)
    made.do("add_region", region="r2", object="o", shape=shape)
    assert (made.region("r1")["item"], made.region("r2")["item"]) == (0, 1)
    rows = results.dump(made.state)
    assert [(row["item_index"], row["original_width"]) for row in rows] == [(0, 600), (1, 60)]  # type: ignore[index]


def test_limits_of_points_are_kept() -> None:
    made = acting("vector", min_points=2, max_points=3)
    row = [{"id": str(place), "x": place, "y": 1} for place in range(4)]
    given = {"region": "r1", "object": "o"}
    assert made.refused("add_region", **given, shape={"vertices": row[:1]}) == "too-few-points"
    assert made.refused("add_region", **given, shape={"vertices": row}) == "too-many-points"
    made.do("add_region", **given, shape={"vertices": row[:3]})


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [
        pytest.param("polygon", {"points": [[1, 1], [5, 1], [5, 5]]}, [[0, 0], [10, 0], [10, 10]], id="corners"),
        pytest.param("keypoint", {"x": 99, "y": 1, "width": 1}, {"x": 95, "y": 5, "width": 1}, id="middle of a pixel"),
    ],
)
def test_points_snap_to_pixels(kind: ShapeKind, shape: Json, expected: object) -> None:
    made = acting(kind, snap="pixel")
    made.do("object_loaded", object="o", width=10, height=10)
    made.do("add_region", region="r1", object="o", shape=shape)
    found = made.region("r1")["shape"]
    assert (found["points"] if kind == "polygon" else found) == expected  # type: ignore[index]


def test_words_of_phrases_are_snapped_and_quoted() -> None:
    made = acting("phrase")
    plan = home("phrase")
    plan["objects"][0]["granularity"] = "word"
    made = Acting(plan, {"p": [{"text": "Good morning"}, {"text": "Hello there"}]}, size=False)
    made.do("pick_label", control="l", label="A")
    made.do("add_region", region="r1", object="o", shape={"start": "0", "end": "1", "startOffset": 7, "endOffset": 2})
    shape = made.region("r1")["shape"]
    assert (shape["startOffset"], shape["endOffset"]) == (5, 5)  # type: ignore[index]
    assert made.region("r1")["text"] == "morning\nHello"


def test_a_taxonomy_that_labels_text_makes_regions() -> None:
    taxonomy = control("tax", "taxonomy", "t", labels="A B", labeling=True)
    made = Acting(plans.plan([plans.text("t")], [taxonomy]), {"text": "abcdef"}, preferences=Settings(select_new=True))
    assert made.view["tools"]["t"]["tool"] == "span"  # type: ignore[index]
    made.do("add_region", region="r1", object="t", shape={"start16": 0, "end16": 3})
    made.do("toggle_path", control="tax", path=["B"])
    value = {"start": 0, "end": 3, "text": "abc", "taxonomy": [["B"]]}
    row = {"id": "r1", "from_name": "tax", "to_name": "t", "type": "taxonomy", "value": value, "origin": "manual"}
    assert results.dump(made.state) == [row]
    again = session.open_task(made.state.task.index, {"text": "abcdef"}, [row])
    assert results.dump(again) == [row]
