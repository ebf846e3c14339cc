"""Several regions at once: moved, turned, put in order, grouped; spans joined and cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import results

from tests.engine.acting import STEADY, Acting
from tests.engine.plans import article, plan, text
from tests.engine.shapes_plan import Drawing, area

Json = dict[str, Any]


def shape(acting: Acting, name: str) -> Json:
    return acting.region(name)["shape"]  # type: ignore[return-value]


def several() -> Drawing:
    """One of each, on 1000 x 500 pixels: a percent is 10 pixels across and 5 down."""
    acting = Drawing()
    acting.square("box", 10, 10, 20)
    acting.polygon("poly", [[40, 10], [60, 10], [50, 30]])
    acting.draw("round", "Ellipse", {"x": 20, "y": 60, "radiusX": 10, "radiusY": 10, "rotation": 0})
    acting.draw("point", "KeyPoint", {"x": 50, "y": 50, "width": 1})
    vertices = [{"id": "a", "x": 70, "y": 70}, {"id": "b", "x": 80, "y": 80, "controlPoint1": {"x": 75, "y": 80}}]
    acting.draw("path", "Vector", {"vertices": vertices, "closed": False})
    acting.do("select", regions=list(acting.view["regions"]))  # type: ignore[call-overload]
    return acting


def test_all_that_is_selected_moves_by_pixels_in_one_step() -> None:
    acting = several()
    before = json.dumps(results.dump(acting.state))
    acting.do("transform", dx=100, dy=-25)
    assert (shape(acting, "box")["x"], shape(acting, "box")["y"]) == (20, 5)
    assert shape(acting, "poly")["points"] == [[50, 5], [70, 5], [60, 25]]
    assert (shape(acting, "round")["x"], shape(acting, "point")["y"]) == (30, 45)
    assert shape(acting, "path")["vertices"][1]["controlPoint1"] == {"x": 85, "y": 75}
    acting.do("undo")
    assert json.dumps(results.dump(acting.state)) == before


def test_a_move_ends_at_the_edge_of_the_picture_for_all_together() -> None:
    acting = several()
    acting.do("transform", dx=-5000, dy=5000)
    assert shape(acting, "box") == {"x": 0, "y": 30, "width": 20, "height": 20, "rotation": 0}
    assert shape(acting, "path")["vertices"][1]["y"] == 100


def test_a_quarter_turn_about_the_middle_keeps_everything_straight() -> None:
    acting = several()
    acting.do("transform", rotate=90, about=[50, 50])
    # 1000 x 500: what is 400 pixels left of the middle comes to lie 400 above it.
    assert shape(acting, "box") == {"x": 70, "y": -30, "width": 20, "height": 20, "rotation": 90}
    assert shape(acting, "point")["x"] == 50
    for _ in range(3):
        acting.do("transform", rotate=90, about=[50, 50])
    assert shape(acting, "box") == {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0}
    assert shape(acting, "poly")["points"] == [[40, 10], [60, 10], [50, 30]]


def test_scaling_is_about_the_middle_of_all_and_mirrors() -> None:
    acting = several()
    acting.do("transform", regions=["poly"], scale={"x": 2, "y": 0.5})
    assert shape(acting, "poly")["points"] == [[30, 15], [70, 15], [50, 25]]
    acting.do("transform", regions=["box"], scale={"x": -1, "y": 1}, about=[50, 50])
    assert shape(acting, "box") == {"x": 70, "y": 10, "width": 20, "height": 20, "rotation": 0}
    assert acting.refused("transform", scale={"x": 0, "y": 1}) == "bad-intent"
    acting.do("mark", regions=["box"], locked=True)
    assert acting.refused("transform", dx=1) == "locked"
    assert acting.refused("transform", regions=[], dx=1) == "no-region"


def test_masks_move_and_turn_with_the_others() -> None:
    acting = Drawing(width=100, height=100)
    acting.square("a", 10, 10, 20)
    acting.do("convert", regions=["a"], to="brush", ids=[])
    acting.do("transform", regions=["a"], dx=30, dy=40)
    acting.do("convert", regions=["a"], to="rectangle", ids=[])
    assert shape(acting, "a") == {"x": 40, "y": 50, "width": 20, "height": 20, "rotation": 0}
    acting.do("convert", regions=["a"], to="bitmask", ids=[])
    acting.do("transform", regions=["a"], rotate=90, scale={"x": 1, "y": 2}, about=[50, 50])
    acting.do("convert", regions=["a"], to="rectangle", ids=[])
    assert (shape(acting, "a")["width"], shape(acting, "a")["height"]) == (40, 20)


@given(rotate=st.floats(-400, 400), dx=st.integers(-50, 50), turned=st.integers(0, 359))
@settings(STEADY, max_examples=60)
def test_turning_there_and_back_is_where_one_was(rotate: float, dx: int, turned: int) -> None:
    acting = Drawing()
    acting.draw("r", "Rectangle", {"x": 50, "y": 40, "width": 12, "height": 30, "rotation": turned})
    acting.polygon("p", [[45, 40], [60, 45], [50, 60]])
    was = area(acting.points("p"))
    before = shape(acting, "r"), acting.points("p")
    acting.do("transform", regions=["r", "p"], rotate=rotate, about=[50, 50])
    assert area(acting.points("p")) == pytest.approx(was, rel=1e-4)
    acting.do("transform", regions=["r", "p"], rotate=-rotate, about=[50, 50])
    after = shape(acting, "r")
    for side in ("x", "y", "width", "height"):
        assert after[side] == pytest.approx(before[0][side], abs=1e-3)
    assert (after["rotation"] - before[0]["rotation"] + 180) % 360 == pytest.approx(180, abs=1e-3)
    assert [x for point in acting.points("p") for x in point] == pytest.approx(
        [x for point in before[1] for x in point], abs=1e-4
    )


# Order and groups


def ordered(acting: Acting) -> str:
    rows = [row["id"] for row in results.dump(acting.state)]  # type: ignore[index]
    assert rows == list(acting.view["regions"])  # type: ignore[call-overload]
    return "".join(rows)


@pytest.mark.parametrize(
    ("to", "names", "after"),
    [
        ("front", ["b", "a"], "cdeab"),
        ("back", ["d", "e"], "deabc"),
        ("forward", ["b", "c"], "adbce"),
        ("forward", ["d", "e"], "abcde"),
        ("backward", ["b", "d"], "badce"),
        ("backward", ["a"], "abcde"),
    ],
)
def test_the_order_of_regions_is_that_of_the_result(to: str, names: list[str], after: str) -> None:
    acting = Drawing()
    for place, name in enumerate("abcde"):
        acting.square(name, 10 * place, 10, 5)
    acting.do("reorder", to=to, regions=names)
    assert ordered(acting) == after
    numbers = [region["n"] for region in acting.view["regions"].values()]  # type: ignore[attr-defined]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= 1
    if after != "abcde":
        acting.do("undo")
    assert ordered(acting) == "abcde"


@pytest.mark.parametrize(
    ("to", "names", "region", "after"),
    [
        ("before", ["e"], "b", "aebcd"),
        ("after", ["a"], "c", "bcade"),
        ("after", ["e", "a"], "b", "baecd"),
        ("before", ["a"], "b", "abcde"),
        ("after", ["a", "b"], "e", "cdeab"),
        ("before", ["b", "c"], "b", "abcde"),
    ],
)
def test_regions_are_put_between_two_others(to: str, names: list[str], region: str, after: str) -> None:
    acting = Drawing()
    for place, name in enumerate("abcde"):
        acting.square(name, 10 * place, 10, 5)
    acting.do("reorder", to=to, regions=names, region=region)
    assert ordered(acting) == after
    assert acting.refused("reorder", to=to, regions=names, region="nobody") == "unknown-region"
    assert acting.refused("reorder", to=to, regions=names) == "bad-intent"


def test_a_group_has_a_parent_that_results_name() -> None:
    acting = Drawing()
    for place, name in enumerate("abcd"):
        acting.square(name, 10 * place, 10, 5)
    acting.do("select", regions=["b", "a", "c"])
    acting.do("group")
    assert [acting.region(name).get("parent") for name in "abcd"] == ["b", None, "b", None]
    assert [row.get("parentID") for row in results.dump(acting.state)] == ["b", None, "b", None]  # type: ignore[attr-defined]
    assert acting.refused("group", regions=["b"], parent="a") == "group-loop"
    assert acting.refused("group", regions=["b"], parent="b") == "too-few-regions"
    acting.do("group", regions=["b"], parent="d")
    acting.do("ungroup", regions=["c"])
    assert [acting.region(name).get("parent") for name in "abcd"] == ["b", "d", None, None]
    acting.do("ungroup", regions=["b"])
    assert [acting.region(name).get("parent") for name in "abcd"] == ["d", "d", None, None]
    acting.do("ungroup", regions=["d", "a"])
    assert [acting.region(name).get("parent") for name in "abcd"] == [None] * 4
    for _ in range(5):
        acting.do("undo")
    assert [acting.region(name).get("parent") for name in "abcd"] == [None] * 4


# Spans

EMOJI: Json = {"text": "Ada 😀 Lovelace met Babbage in London."}


def names_in(data: Json = EMOJI) -> Acting:
    acting = Acting(article(), data)
    acting.do("pick_label", control="ner", label="PER")
    return acting


def test_spans_are_joined_from_the_first_start_to_the_last_end() -> None:
    acting = names_in()
    acting.span("late", 7, 15)
    acting.span("early", 0, 3)
    acting.span("third", 20, 27)
    acting.do("relate", **{"from": "late", "to": "third"})
    acting.do("merge_spans", regions=["late", "early"])
    assert acting.region("early")["text"] == "Ada 😀 Lovelace"
    assert [(link["from"], link["to"]) for link in acting.view["relations"]] == [("early", "third")]  # type: ignore[attr-defined]
    assert acting.view["selection"] == ["early"]
    acting.do("undo")
    assert list(acting.view["regions"]) == ["late", "early", "third"]  # type: ignore[call-overload]
    assert acting.refused("merge_spans", regions=["late"]) == "too-few-regions"


def test_a_span_is_cut_in_two_with_its_labels_and_answers_on_both() -> None:
    acting = names_in()
    acting.span("one", 0, 15)
    acting.do("add_text", control="wiki", region="one", text="Q7259")
    acting.do("split_span", region="one", at16=6, id="two")
    assert [acting.region(name)["text"] for name in ("one", "two")] == ["Ada 😀", " Lovelace"]
    assert acting.region("two")["answers"] == acting.region("one")["answers"] != {}
    assert results.validate(article(), results.dump(acting.state), EMOJI) == []
    assert acting.refused("split_span", region="one", at16=0, id="three") == "outside"
    assert acting.refused("split_span", region="one", at16=2, id="two") == "id-taken"
    acting.do("undo")
    assert acting.region("one")["text"] == "Ada 😀 Lovelace"


def test_only_spans_of_one_text_are_joined() -> None:
    acting = Drawing()
    acting.square("a", 10, 10, 5)
    acting.square("b", 20, 10, 5)
    assert acting.refused("merge_spans", regions=["a", "b"]) == "no-span"
    assert acting.refused("split_span", region="a", at16=1, id="c") == "no-span"
    given = article()
    two = plan([text(), text("other", "other")], [{**given["controls"][0], "to": ["txt", "other"]}])  # type: ignore[index]
    texts = Acting(two, {"text": "one two", "other": "three"})
    texts.do("pick_label", control="ner", label="PER")
    texts.span("a", 0, 3)
    texts.do("add_region", region="b", object="other", shape={"start16": 0, "end16": 3})
    assert texts.refused("merge_spans", regions=["a", "b"]) == "two-objects"
