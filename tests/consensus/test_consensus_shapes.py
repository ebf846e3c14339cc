"""Overlaps and averages of ellipses, polygons, key points and vectors: by hand, by theory, against slow ways."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus import slabs
from labeling.consensus.boxes import area, box_iou, clip, make_box
from labeling.consensus.ellipses import ellipse_iou, make_ellipse, merge_ellipses, read_ellipse
from labeling.consensus.keypoints import keypoint_similarity, make_keypoint, merge_keypoints
from labeling.consensus.polygons import make_polygon, merge_polygons, polygon_iou, read_polygon
from labeling.consensus.vectors import make_vector, merge_vectors, read_vector, vector_similarity

SQUARE = [(0, 0), (2, 0), (2, 2), (0, 2)]
U_FORM = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)]


# Ellipses


def lens(radius: float, apart: float) -> float:
    """What two equal circles share: 2 r² acos(d / 2r) - d/2 sqrt(4 r² - d²)."""
    return 2 * radius**2 * math.acos(apart / 2 / radius) - apart / 2 * math.sqrt(4 * radius**2 - apart**2)


@pytest.mark.parametrize("apart", [0.5, 3.0, 8.0, 15.0, 19.5])
def test_equal_circles_share_a_lens(apart: float) -> None:
    shared = lens(10, apart)
    found = ellipse_iou(make_ellipse(50, 50, 10, 10), make_ellipse(50 + apart, 50, 10, 10))
    assert found == pytest.approx(shared / (200 * math.pi - shared), abs=1e-3)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param((50, 50, 10, 5), (50, 50, 20, 10), 0.25, id="half the size, inside"),
        pytest.param((50, 50, 10, 5), (50, 50, 5, 10, 90), 1, id="the same, written turned"),
        pytest.param((50, 50, 10, 10), (50, 50, 10, 10, 33), 1, id="a turned circle is the circle"),
        pytest.param((20, 20, 5, 5), (40, 20, 5, 5), 0, id="apart"),
        pytest.param((50, 50, 10, 0), (50, 50, 10, 0), 1, id="equal and empty"),
        pytest.param((50, 50, 10, 0), (50, 50, 10, 5), 0, id="an empty one"),
    ],
)
def test_overlap_of_ellipses(a: tuple[float, ...], b: tuple[float, ...], expected: float) -> None:
    assert ellipse_iou(make_ellipse(*a), make_ellipse(*b)) == pytest.approx(expected, abs=1e-3)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_overlap_of_ellipses_is_that_of_fine_polygons(seed: int) -> None:
    chance = random.Random(seed)
    shapes = [
        (50 + chance.uniform(-6, 6), 50 + chance.uniform(-6, 6), chance.uniform(2, 15), chance.uniform(2, 15))
        for _ in range(2)
    ]
    turns = [chance.uniform(0, 360) for _ in shapes]
    aspect = chance.choice([0.5, 1, 1.6])
    outlines = []
    for (x, y, wide, high), degrees in zip(shapes, turns, strict=True):
        turned = math.radians(degrees)
        outline = []
        for step in range(400):
            u, v = wide * math.cos(math.tau * step / 400), high * aspect * math.sin(math.tau * step / 400)
            outline.append((
                x + u * math.cos(turned) - v * math.sin(turned),
                y + (u * math.sin(turned) + v * math.cos(turned)) / aspect,
            ))  # fmt: skip
        outlines.append(make_polygon(outline))
    a, b = (make_ellipse(*shape, turned, aspect) for shape, turned in zip(shapes, turns, strict=True))
    assert a.area == pytest.approx(outlines[0].area, rel=1e-3)
    assert a.bounds == pytest.approx(outlines[0].bounds, abs=0.01)
    assert ellipse_iou(a, b) == pytest.approx(polygon_iou(*outlines), abs=2e-3)


def test_ellipses_are_averaged_with_rotations_on_the_circle() -> None:
    merged = merge_ellipses([make_ellipse(10, 20, 8, 4, 350), make_ellipse(12, 20, 10, 4, 10)])
    assert merged == {"x": 11, "y": 20, "radiusX": 9, "radiusY": 4, "rotation": 0}
    merged = merge_ellipses([make_ellipse(10, 20, 8, 4, 0), make_ellipse(10, 20, 4, 8, 90)])
    assert (merged["radiusX"], merged["radiusY"], merged["rotation"]) in ((8, 4, 0), (4, 8, 90))


def test_the_average_of_turned_ellipses_is_alike_to_both() -> None:
    a, b = make_ellipse(50, 50, 20, 8, 40, 0.6), make_ellipse(51, 50, 20, 9, 52, 0.6)
    merged = merge_ellipses([a, b])
    item = {"value": merged, "original_width": 1000, "original_height": 600}
    average = read_ellipse(item)
    assert average is not None
    assert merged["rotation"] == pytest.approx(46)
    assert min(ellipse_iou(average, a), ellipse_iou(average, b)) > ellipse_iou(a, b)


# Polygons


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param(SQUARE, 4, id="square"),
        pytest.param(SQUARE[::-1], 4, id="the other way round"),
        pytest.param(U_FORM, 7, id="with a bay"),
        pytest.param([(0, 0), (2, 2), (2, 0), (0, 2)], 2, id="crossing itself"),
        pytest.param([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0), (2, 0), (2, 2), (0, 2)], 4, id="twice around"),
        pytest.param([(0, 0), (2, 0), (2, 2), (2, 0)], 0, id="there and back"),
        pytest.param([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (-1, 0), (-1, -1), (0, -1)], 2, id="touching itself"),
        pytest.param([(1, 1)], 0, id="one point"),
        pytest.param([(1, 1), (4, 5)], 0, id="a line"),
    ],
)
def test_area_that_a_polygon_paints(points: list[tuple[float, float]], expected: float) -> None:
    shape = make_polygon(points)
    assert shape.area == pytest.approx(expected)
    assert polygon_iou(shape, shape) == 1
    assert slabs.shared_area(shape.slabbed, shape.slabbed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(SQUARE, [(1, 1), (3, 1), (3, 3), (1, 3)], 1 / 7, id="two squares"),
        pytest.param(U_FORM, [(0, 2), (3, 2), (3, 3), (0, 3)], 2 / 8, id="both arms of a U"),
        pytest.param(U_FORM, [(1, 1), (2, 1), (2, 3), (1, 3)], 0, id="only in the bay"),
        pytest.param(SQUARE, [(5, 5), (6, 5), (6, 6)], 0, id="apart"),
        pytest.param(SQUARE, [(0, 0), (2, 0), (1, 0)], 0, id="a flat one on the edge"),
        pytest.param(SQUARE, [(2, 0), (4, 0), (4, 2), (2, 2)], 0, id="side by side"),
    ],
)
def test_overlap_of_polygons(a: list[tuple[float, float]], b: list[tuple[float, float]], expected: float) -> None:
    assert polygon_iou(make_polygon(a), make_polygon(b)) == pytest.approx(expected)
    assert polygon_iou(make_polygon(b), make_polygon(a)) == pytest.approx(expected)


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_slabs_and_clipping_give_the_same_area(seed: int) -> None:
    chance = random.Random(seed)
    a, b = (
        make_box(*(chance.uniform(0, 30) for _ in range(2)), chance.uniform(5, 30), chance.uniform(5, 30), turn)
        for turn in (chance.uniform(0, 360), 0)
    )
    shared = slabs.shared_area(slabs.prepare(a.corners), slabs.prepare(b.corners))
    assert shared == pytest.approx(area(clip(a.corners, b.corners)), abs=1e-9)
    assert polygon_iou(make_polygon(a.corners), make_polygon(b.corners)) == pytest.approx(box_iou(a, b), abs=1e-9)


def scribble(seed: int, count: int) -> list[tuple[float, float]]:
    chance = random.Random(seed)
    return [(float(chance.randint(0, 40)), float(chance.randint(0, 40))) for _ in range(count)]


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(3, 9), st.integers(3, 9))
def test_scribbles_that_cross_themselves_share_what_both_paint(seed: int, m: int, n: int) -> None:
    a, b = scribble(seed, m), scribble(seed + 1, n)
    fine = [40 * (line + 0.5) / 4000 for line in range(4000)]

    def painted(points: list[tuple[float, float]], height: float) -> list[tuple[float, float]]:
        crossings = []
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
            if (y1 <= height) != (y2 <= height):
                crossings.append((x1 + (height - y1) * (x2 - x1) / (y2 - y1), 1 if y2 > y1 else -1))
        winding, parts, start = 0, [], 0.0
        for x, way in sorted(crossings):
            if winding == 0:
                start = x
            winding += way
            if winding == 0:
                parts.append((start, x))
        return parts

    shared = sum(
        max(0.0, min(p[1], q[1]) - max(p[0], q[0]))
        for height in fine
        for p in painted(a, height)
        for q in painted(b, height)
    )
    found = slabs.shared_area(slabs.prepare(a), slabs.prepare(b))
    assert found == pytest.approx(shared / 100, abs=1.0)


def test_outlines_too_dense_for_exact_slabs_are_integrated_over_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = make_polygon(scribble(1, 12)), make_polygon(scribble(2, 12))
    exact = polygon_iou(a, b)
    monkeypatch.setattr(slabs, "MOST_CROSSINGS", 3)
    dense = make_polygon(scribble(1, 12))
    assert dense.slabbed.dense
    assert polygon_iou(dense, b) == pytest.approx(exact, abs=0.03)


def test_corners_near_each_other_are_averaged_and_others_slide_on_the_outline() -> None:
    a = make_polygon([(0, 0), (20, 0), (20, 20), (0, 20)])
    b = make_polygon([(1, 1), (21, 1), (21, 21), (1, 21)])
    assert merge_polygons([a, b]) == {
        "points": [[0.5, 0.5], [20.5, 0.5], [20.5, 20.5], [0.5, 20.5]],
        "closed": True,
    }
    more = make_polygon([(0, 0), (10, 0), (20, 0), (20, 20), (0, 20)])
    assert polygon_iou(make_polygon(merge_polygons([a, more, a])["points"]), a) == 1


def test_outlines_drawn_the_other_way_round_are_averaged_too() -> None:
    a = make_polygon([(0, 0), (20, 0), (20, 20), (0, 20)])
    b = make_polygon([(1, 21), (21, 21), (21, 1), (1, 1)])
    merged = make_polygon([tuple(point) for point in merge_polygons([a, b])["points"]])
    assert polygon_iou(merged, make_polygon([(0.5, 0.5), (20.5, 0.5), (20.5, 20.5), (0.5, 20.5)])) == 1


def test_a_polygon_is_read_only_with_pairs_of_numbers() -> None:
    for points in (None, [], [[1]], [[1, "2"]], [[1, float("nan")]], [3]):
        assert read_polygon({"value": {"points": points}}) is None
    assert read_polygon({"value": {"points": [[1, 2]]}}) is not None


# Key points


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0, 1, id="the same place"),
        pytest.param(0.02, math.exp(-0.5), id="one standard deviation"),
        pytest.param(0.0235482, 0.5, id="the distance that counts as the same point"),
        pytest.param(0.05, math.exp(-3.125), id="five percent of the diagonal"),
    ],
)
@pytest.mark.parametrize("aspect", [1.0, 0.75])
def test_closeness_of_key_points_falls_with_the_distance(share: float, expected: float, aspect: float) -> None:
    diagonal = 100 * math.hypot(1, aspect)
    a = make_keypoint(40, 40, None, aspect)
    for b in (make_keypoint(40 + share * diagonal, 40, None, aspect),
              make_keypoint(40, 40 - share * diagonal / aspect, None, aspect)):  # fmt: skip
        assert keypoint_similarity(a, b) == pytest.approx(expected, abs=1e-6)


def test_key_points_merge_to_their_mean() -> None:
    points = [make_keypoint(10, 20, 0.5), make_keypoint(11, 22, 0.5), make_keypoint(12, 21)]
    assert merge_keypoints(points) == {"x": 11, "y": 21, "width": 0.5}
    assert merge_keypoints(points, [1, 0, 0]) == {"x": 10, "y": 20, "width": 0.5}


# Vectors


def path(*points: tuple[float, float]) -> list[dict[str, object]]:
    return [{"id": f"v{place}", "x": x, "y": y} for place, (x, y) in enumerate(points)]


def test_parallel_paths_are_as_far_apart_as_their_lines() -> None:
    a, b = make_vector(path((10, 10), (50, 10))), make_vector(path((10, 12), (50, 12)))
    sigma = 0.02 * 100 * math.sqrt(2)
    assert vector_similarity(a, b) == pytest.approx(math.exp(-(2**2) / (2 * sigma**2)))


def test_the_larger_of_the_two_mean_distances_counts() -> None:
    whole, half = make_vector(path((10, 10), (50, 10))), make_vector(path((10, 10), (30, 10)))
    sigma = 0.02 * 100 * math.sqrt(2)
    # half of the longer path lies 0..20 beyond the shorter one's end: 10 on average, 5 over all
    assert vector_similarity(whole, half) == pytest.approx(math.exp(-(5**2) / (2 * sigma**2)))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(path((50, 10), (10, 10)), id="the other way round"),
        pytest.param(path((10, 10), (30, 10), (50, 10)), id="with one more vertex"),
    ],
)
def test_direction_and_vertices_of_a_path_do_not_matter(other: list[dict[str, object]]) -> None:
    assert vector_similarity(make_vector(path((10, 10), (50, 10))), make_vector(other)) == pytest.approx(1)


def test_curves_are_compared_as_curves() -> None:
    straight = path((10, 10), (50, 10))
    curved = [
        {**straight[0], "isBezier": True, "controlPoint2": {"x": 20, "y": 20}},
        {**straight[1], "isBezier": True, "controlPoint1": {"x": 40, "y": 20}},
    ]
    # B(t).y = 10 + 30 t (1 - t): at t = 0.5 it is 17.5
    middle = make_vector(path((10, 10), (30, 17.5), (50, 10)))
    assert vector_similarity(make_vector(curved), middle) > 0.85
    assert vector_similarity(make_vector(curved), make_vector(straight)) < 0.3


def test_branches_of_a_skeleton_belong_to_it() -> None:
    trunk = path((10, 10), (50, 10))
    trunk[1]["prevPointId"], trunk[0]["prevPointId"] = "v0", None
    branched = [*trunk, {"id": "b", "x": 30, "y": 40, "prevPointId": "v0"}]
    assert vector_similarity(make_vector(trunk), make_vector(branched)) < 0.5
    assert vector_similarity(make_vector(branched), make_vector(branched[::-1])) == pytest.approx(1)


def test_paths_with_the_same_vertices_are_averaged() -> None:
    a, b = make_vector(path((10, 10), (50, 10))), make_vector(path((50, 12), (10, 12)))
    merged = merge_vectors([a, b])
    assert sorted((vertex["x"], vertex["y"]) for vertex in merged["vertices"]) == [(10, 11), (50, 11)]
    assert [vertex["id"] for vertex in merged["vertices"]] == ["v0", "v1"]


def test_paths_with_different_vertices_merge_to_the_medoid() -> None:
    a, b = make_vector(path((10, 10), (50, 10))), make_vector(path((10, 11), (30, 11), (50, 11)))
    c = make_vector(path((10, 13), (30, 13), (50, 13)))
    assert merge_vectors([a, b, c]) == {"vertices": list(b.stored), "closed": False}


def test_a_vector_is_read_only_with_places() -> None:
    for vertices in (None, [], [{"x": 1}], ["a"]):
        assert read_vector({"value": {"vertices": vertices}}) is None
