"""Polygons, boxes, ellipses and masks joined, subtracted, intersected, split and converted."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import clipping, results

from tests.engine.acting import STEADY
from tests.engine.shapes_plan import DATA, Drawing, area, plan

GRID2 = clipping.STEPS * clipping.STEPS * 2


def two_squares() -> Drawing:
    acting = Drawing()
    acting.square("a", 0, 0, 50)
    acting.square("b", 25, 25, 50)
    return acting


@pytest.mark.parametrize(
    ("how", "corners", "covered"),
    [
        pytest.param("union", 8, 4375, id="union"),
        pytest.param("subtract", 6, 1875, id="subtract: the first without the rest"),
        pytest.param("intersect", 4, 625, id="intersect"),
    ],
)
def test_two_boxes_become_one_polygon(how: str, corners: int, covered: float) -> None:
    acting = two_squares()
    acting.do("combine", how=how, regions=["a", "b"], ids=["new", "unused"])
    assert list(acting.view["regions"]) == ["new"]  # type: ignore[call-overload]
    assert acting.region("new")["kind"] == "polygon"
    assert acting.region("new")["labels"] == ["Car"]
    assert len(acting.points("new")) == corners
    assert area(acting.points("new")) == pytest.approx(covered)
    assert acting.view["selection"] == ["new"]
    assert results.validate(plan(), results.dump(acting.state), DATA) == []


def test_the_order_of_the_selection_says_what_is_subtracted_from_what() -> None:
    acting = two_squares()
    acting.do("select", regions=["b", "a"])
    acting.do("combine", how="subtract", ids=["new"])
    assert acting.points("new")[0] not in ([0, 0], [0.0, 0.0])
    assert min(x for x, _ in acting.points("new")) == 25


def test_sources_stay_where_they_shall_be_kept() -> None:
    acting = two_squares()
    acting.do("combine", how="union", regions=["a", "b"], ids=["new"], keep=True)
    assert list(acting.view["regions"]) == ["a", "b", "new"]  # type: ignore[call-overload]


def test_what_was_said_about_the_first_region_goes_on_and_all_links_do() -> None:
    acting = two_squares()
    acting.square("c", 80, 80, 10)
    acting.do("choose", control="quality", choice="Blurred", region="a")
    acting.do("note", region="a", text="look here")
    acting.do("relate", **{"from": "b", "to": "c"})
    acting.do("relate", **{"from": "a", "to": "b"})
    acting.do("group", regions=["c"], parent="b")
    acting.do("combine", how="union", regions=["a", "b"], ids=["new"])
    made = acting.region("new")
    assert made["answers"] == {"quality": {"choices": ["Blurred"]}}
    assert (made["note"], made["n"]) == ("look here", 1)
    assert acting.region("c")["parent"] == "new"
    assert [(link["from"], link["to"]) for link in acting.view["relations"]] == [("new", "c")]  # type: ignore[attr-defined]


def test_parts_that_do_not_touch_are_regions_of_their_own_and_ids_may_run_out() -> None:
    acting = Drawing()
    acting.square("a", 0, 0, 30)
    acting.square("cut", 10, 0, 10)
    acting.do("edit_region", region="cut", shape={"x": 10, "y": 0, "width": 10, "height": 100, "rotation": 0})
    acting.do("combine", how="subtract", regions=["a", "cut"], ids=["one"])
    names = list(acting.view["regions"])  # type: ignore[call-overload]
    assert names == ["one", "a-2"]
    assert [area(acting.points(name)) for name in names] == [pytest.approx(300), pytest.approx(300)]


def test_a_hole_is_cut_open_along_a_bridge_that_takes_no_room() -> None:
    acting = Drawing()
    acting.square("a", 0, 0, 60)
    acting.square("hole", 20, 20, 10)
    acting.do("combine", how="subtract", regions=["a", "hole"], ids=["ring"])
    assert area(acting.points("ring")) == pytest.approx(3500)
    acting.square("lid", 20, 20, 10)
    acting.do("combine", how="union", regions=["ring", "lid"], ids=["whole"])
    assert area(acting.points("whole")) == pytest.approx(3600)
    assert len(acting.points("whole")) <= 8


def test_split_takes_pieces_apart_and_cuts_along_a_line() -> None:
    acting = Drawing()
    acting.square("a", 10, 10, 40)
    assert acting.refused("combine", how="split", regions=["a"], ids=["x"]) == "one-piece"
    assert acting.refused("combine", how="split", regions=["a"], line=[[0, 0], [20, 20]], ids=["x"]) == "one-piece"
    acting.do("combine", how="split", regions=["a"], line=[[0, 30], [60, 30]], ids=["up", "down"])
    assert [area(acting.points(name)) for name in ("up", "down")] == [pytest.approx(800)] * 2
    acting.do("combine", how="union", regions=["up", "down"], ids=["again"])
    assert area(acting.points("again")) == pytest.approx(1600)
    # An eight is two pieces that touch in a point.
    acting.polygon("eight", [[60, 10], [80, 30], [60, 30], [80, 10]])
    acting.do("combine", how="split", regions=["eight"], ids=["e1", "e2"])
    assert area(acting.points("e1")) == area(acting.points("e2")) == pytest.approx(100)


def test_what_cannot_be_combined_is_refused_with_a_reason() -> None:
    acting = two_squares()
    acting.square("far", 80, 80, 10)
    acting.draw("point", "KeyPoint", {"x": 5, "y": 5, "width": 1})
    assert acting.refused("combine", how="intersect", regions=["a", "far"], ids=["x"]) == "nothing-left"
    assert acting.refused("combine", how="union", regions=["a", "point"], ids=["x"]) == "covers-nothing"
    assert acting.refused("combine", how="union", regions=["a"], ids=["x"]) == "too-few-regions"
    assert acting.refused("combine", how="union", regions=["a", "b"], ids=["far"]) == "id-taken"
    assert acting.refused("combine", how="mix", regions=["a", "b"], ids=["x"]) == "bad-intent"
    acting.do("mark", regions=["b"], locked=True)
    assert acting.refused("combine", how="union", regions=["a", "b"], ids=["x"]) == "locked"
    poor = Drawing(plan(Polygon=["Person"]))
    poor.square("a", 0, 0, 50)
    poor.square("b", 25, 25, 50)
    assert poor.refused("combine", how="union", regions=["a", "b"], ids=["x"]) == "no-label"


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]], ids=["as linked", "the other way"])
def test_of_two_links_that_become_one_that_of_the_first_source_stays(order: list[str]) -> None:
    acting = two_squares()
    acting.square("c", 80, 80, 10)
    acting.do("relate", **{"from": "a", "to": "c"})
    acting.do("set_relation", **{"from": "a", "to": "c", "direction": "bi"})
    acting.do("relate", **{"from": "c", "to": "b"})
    acting.do("combine", how="union", regions=order, ids=["new"])
    kept = {"a": ("new", "c", "bi"), "b": ("c", "new", "right")}[order[0]]
    assert [(r["from"], r["to"], r["direction"]) for r in acting.view["relations"]] == [kept]  # type: ignore[attr-defined]


def test_as_soon_as_one_is_a_mask_all_are() -> None:
    acting = Drawing(width=100, height=50)
    acting.square("a", 0, 0, 50)
    acting.do("convert", regions=["a"], to="brush", ids=[])
    assert acting.region("a")["kind"] == "brush"
    acting.square("b", 25, 0, 50)
    acting.do("combine", how="union", regions=["a", "b"], ids=["both"])
    assert acting.region("both")["kind"] == "brush"
    acting.do("convert", regions=["both"], to="polygon", ids=[])
    assert acting.points("both") == [[0, 0], [75, 0], [75, 50], [0, 50]]
    acting.do("convert", regions=["both"], to="bitmask", ids=[])
    acting.do("combine", how="split", regions=["both"], line=[[30, -5], [30, 105]], ids=["left", "right"])
    assert [acting.region(name)["kind"] for name in ("left", "right")] == ["bitmask", "bitmask"]
    acting.do("convert", regions=["left", "right"], to="rectangle", ids=[])
    widths = [acting.region(name)["shape"]["width"] for name in ("left", "right")]  # type: ignore[index]
    assert sum(widths) == pytest.approx(75, abs=2)


def test_a_mask_in_pieces_becomes_as_many_polygons_and_the_first_keeps_the_id() -> None:
    acting = Drawing(width=100, height=50)
    acting.square("a", 0, 0, 20)
    acting.square("b", 50, 50, 40)
    for name in ("a", "b"):
        acting.do("convert", regions=[name], to="brush", ids=[])
    acting.do("combine", how="union", regions=["a", "b"], ids=["both"])
    acting.do("convert", regions=["both"], to="polygon", ids=["more"])
    assert area(acting.points("both")) == pytest.approx(1600)
    assert area(acting.points("more")) == pytest.approx(400)


@pytest.mark.parametrize(
    ("to", "covered"),
    [("polygon", math.pi * 200), ("rectangle", 800), ("brush", math.pi * 200), ("bitmask", math.pi * 200)],
)
def test_an_ellipse_becomes_another_kind_of_the_same_area(to: str, covered: float) -> None:
    acting = Drawing()
    acting.draw("e", "Ellipse", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 20, "rotation": 0})
    acting.do("convert", regions=["e"], to=to, ids=[])
    assert acting.region("e")["kind"] == to
    acting.do("convert", regions=["e"], to="polygon", ids=[], tolerance=0.5)
    assert area(acting.points("e")) == pytest.approx(covered, rel=0.01)


def test_a_turned_box_and_the_ellipse_in_it_become_each_other() -> None:
    acting = Drawing()
    acting.draw("r", "Rectangle", {"x": 50, "y": 40, "width": 20, "height": 10, "rotation": 30})
    before = acting.region("r")["shape"]
    acting.do("convert", regions=["r"], to="ellipse", ids=[])
    assert acting.region("r")["shape"]["rotation"] == 30  # type: ignore[index]
    acting.do("convert", regions=["r"], to="rectangle", ids=[])
    assert acting.region("r")["shape"] == pytest.approx(before, abs=1e-5)
    assert acting.region("r")["labels"] == ["Car"]


def test_a_traced_mask_is_as_near_as_the_tolerance_says() -> None:
    corners = {}
    for tolerance in (0.1, 1, 5):
        acting = Drawing(width=400, height=400)
        acting.draw("e", "Ellipse", {"x": 50, "y": 50, "radiusX": 30, "radiusY": 30, "rotation": 0})
        acting.do("convert", regions=["e"], to="brush", ids=[])
        acting.do("convert", regions=["e"], to="polygon", ids=[], tolerance=tolerance)
        corners[tolerance] = len(acting.points("e"))
    assert corners[0.1] > 2 * corners[1] > 2 * corners[5] >= 8


COORDINATE = st.integers(0, 40)
RINGS = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=3, max_size=9)


def covered(rings: list[list[tuple[int, int]]], how: str) -> float:
    sources = [[clipping.on_grid(ring)] for ring in rings]
    inside = {"union": clipping.in_any, "subtract": clipping.in_first_alone}.get(how, clipping.in_all(len(sources)))
    return sum(map(clipping.area2, clipping.overlay(sources, inside))) / GRID2


@given(first=RINGS, second=RINGS)
@settings(STEADY, max_examples=300)
def test_areas_add_up_whatever_the_rings_are(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    one, other = covered([first], "union"), covered([second], "union")
    both, shared = covered([first, second], "union"), covered([first, second], "intersect")
    assert both + shared == pytest.approx(one + other, abs=1e-3)
    assert covered([first, second], "subtract") == pytest.approx(one - shared, abs=1e-3)
    assert covered([second, first], "union") == pytest.approx(both, abs=1e-3)


@given(rings=st.lists(RINGS, min_size=2, max_size=4))
@settings(STEADY, max_examples=100)
def test_what_came_out_can_go_in_again(rings: list[list[tuple[int, int]]]) -> None:
    """Bridges and corners that touch are no trouble: the union of the parts is the union."""
    parts = clipping.overlay([[clipping.on_grid(ring)] for ring in rings], clipping.in_any)
    again = clipping.overlay([[part] for part in parts], clipping.in_any)
    assert sum(map(clipping.area2, again)) / GRID2 == pytest.approx(sum(map(clipping.area2, parts)) / GRID2, abs=1e-3)


@given(
    ring=RINGS, line=st.lists(st.tuples(st.integers(-5, 45), st.integers(-5, 45)), min_size=2, max_size=4, unique=True)
)
@settings(STEADY, max_examples=100)
def test_nothing_is_lost_by_a_cut(ring: list[tuple[int, int]], line: list[tuple[int, int]]) -> None:
    source = [[clipping.on_grid(ring)]]
    whole = clipping.overlay(source, clipping.in_any)
    parts = clipping.overlay(source, clipping.in_any, clipping.on_grid(line))
    assert sum(map(clipping.area2, parts)) / GRID2 == pytest.approx(sum(map(clipping.area2, whole)) / GRID2, abs=1e-3)


@given(
    points=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=12),
    side=st.floats(5, 60),
    how=st.sampled_from(["union", "subtract", "intersect"]),
    keep=st.booleans(),
)
@settings(STEADY, max_examples=60)
def test_one_undo_gives_the_same_bytes(points: list[tuple[float, float]], side: float, how: str, keep: bool) -> None:
    acting = Drawing()
    acting.square("a", 20, 20, side)
    acting.do("add_region", region="p", object="img", control="polygon", shape={"points": points, "closed": True})
    acting.do("pick_label", control="polygon", label="Car")
    acting.do("add_region", region="p", object="img", control="polygon", shape={"points": points, "closed": True})
    if "p" not in acting.state.regions:
        return
    before = json.dumps(results.dump(acting.state))
    patch = acting.do("combine", how=how, regions=["a", "p"], ids=["x"], keep=keep)
    if "problems" in patch and set(patch) == {"problems"}:
        return
    after = json.dumps(results.dump(acting.state))
    assert results.validate(plan(), results.dump(acting.state), DATA) == []
    acting.do("undo")
    assert json.dumps(results.dump(acting.state)) == before
    acting.do("redo")
    assert json.dumps(results.dump(acting.state)) == after
