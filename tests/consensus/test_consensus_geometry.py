"""Boxes and spans: overlap, candidates and averages against slow but plain computations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus.boxes import (
    Box,
    area,
    box_candidates,
    box_iou,
    clip,
    make_box,
    merge_boxes,
    read_box,
)
from labeling.consensus.spans import Span, merge_spans, read_span, span_candidates, span_iou
from labeling.consensus.weighing import mean

number = st.floats(0, 100, allow_nan=False, allow_infinity=False)
side = st.floats(0.1, 40, allow_nan=False)
turns = st.one_of(st.sampled_from([0.0, 90.0, 180.0, 270.0]), st.floats(0, 359.9))
boxes = st.builds(make_box, number, number, side, side, turns, st.sampled_from([1.0, 0.5, 1.5]))
spans = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("a", "b", "iou"),
    [
        pytest.param((0, 0, 2, 1), (1, 0, 2, 1), 1 / 3, id="half over half"),
        pytest.param((0, 0, 2, 2), (0, 0, 1, 1), 1 / 4, id="one inside the other"),
        pytest.param((0, 0, 1, 1), (1, 0, 1, 1), 0, id="only an edge in common"),
        pytest.param((0, 0, 1, 1), (5, 5, 1, 1), 0, id="apart"),
        pytest.param((3, 3, 0, 0), (3, 3, 0, 0), 1, id="the same point"),
        pytest.param((3, 3, 0, 2), (3, 3, 0, 3), 0, id="two lines"),
        # A unit square and itself turned by 45 degrees about its centre share a regular octagon of area 2 (sqrt 2 - 1).
        pytest.param(
            (0, 0, 1, 1),
            (0.5, 0.5 - math.sqrt(0.5), 1, 1, 45),
            (2 * (math.sqrt(2) - 1)) / (4 - 2 * math.sqrt(2)),
            id="turned by 45 degrees",
        ),
        pytest.param((2, 0, 2, 1, 90), (1, 0, 1, 2), 1, id="a quarter turn is the same box drawn otherwise"),
    ],
)
def test_iou_of_known_boxes(a: tuple[float, ...], b: tuple[float, ...], iou: float) -> None:
    assert box_iou(make_box(*a), make_box(*b)) == pytest.approx(iou, abs=1e-12)


def test_a_rotation_is_one_in_pixels_and_not_in_percent() -> None:
    """In a picture of 200 x 100, a box of 10 x 40 percent is 20 x 40 pixels; upright, it covers 20 x 20 percent."""
    turned = make_box(50, 10, 10, 40, 90, aspect=0.5)
    assert turned.bounds == pytest.approx((30, 10, 50, 30))


@given(boxes, boxes)
def test_iou_is_symmetric_within_0_and_1_and_1_for_itself(a: Box, b: Box) -> None:
    assert box_iou(a, a) == 1.0
    assert 0.0 <= box_iou(a, b) <= 1.0
    assert box_iou(a, b) == pytest.approx(box_iou(b, a), abs=1e-9)


straight = st.builds(make_box, number, number, side, side)


@given(straight, straight)
def test_clipping_gives_the_area_of_the_fast_way(a: Box, b: Box) -> None:
    wide = max(0.0, min(a.bounds[2], b.bounds[2]) - max(a.bounds[0], b.bounds[0]))
    high = max(0.0, min(a.bounds[3], b.bounds[3]) - max(a.bounds[1], b.bounds[1]))
    assert area(clip(a.corners, b.corners)) == pytest.approx(wide * high, abs=1e-7)


@given(boxes, boxes, st.floats(0, 360))
def test_turning_the_whole_picture_changes_no_iou(a: Box, b: Box, angle: float) -> None:
    a, b = make_box(*a.geometry), make_box(*b.geometry)  # aspect 1: percent axes are square

    def turn(box: Box) -> Box:
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        x, y = box.x * cosine - box.y * sine, box.x * sine + box.y * cosine
        return make_box(x, y, box.width, box.height, box.rotation + angle)

    assert box_iou(turn(a), turn(b)) == pytest.approx(box_iou(a, b), abs=1e-6)


@given(st.lists(boxes, max_size=12), st.lists(boxes, max_size=12))
def test_the_grid_finds_every_pair_that_overlaps_enough(a: list[Box], b: list[Box]) -> None:
    b = b + a[:3]
    plain = [(i, j, box_iou(p, q)) for i, p in enumerate(a) for j, q in enumerate(b) if box_iou(p, q) >= 0.5]
    assert box_candidates(a, b, 0.5) == plain


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=12))
def test_the_sweep_finds_every_pair_that_overlaps_enough(a: list[Span], b: list[Span]) -> None:
    plain = [(i, j, span_iou(p, q)) for i, p in enumerate(a) for j, q in enumerate(b) if span_iou(p, q) >= 0.5]
    assert span_candidates(a, b, 0.5) == plain


@given(spans, spans)
def test_span_iou_counts_code_points(a: Span, b: Span) -> None:
    left, right = set(range(a.start, a.end)), set(range(b.start, b.end))
    assert span_iou(a, b) == pytest.approx(len(left & right) / len(left | right))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.randoms())
def test_the_mean_ignores_order_and_keeps_equal_values(values: list[float], chance: object) -> None:
    assert mean(values) == mean(sorted(values))
    assert mean([values[0]] * 7) == values[0]


@pytest.mark.parametrize(
    ("members", "merged"),
    [
        pytest.param(
            [(10, 10, 20, 20), (12, 14, 20, 10)], (11, 12, 20, 15, 0), id="straight boxes: mean of each number"
        ),
        pytest.param([(1, 2, 3, 4, 33.3)] * 3, (1, 2, 3, 4, 33.3), id="copies come back as they are"),
        pytest.param([(2, 0, 2, 1, 90), (1, 0, 1, 2, 0)], (1, 0, 1, 2, 0), id="drawn from two corners"),
    ],
)
def test_averages_of_known_boxes(members: list[tuple[float, ...]], merged: tuple[float, ...]) -> None:
    assert merge_boxes([make_box(*member) for member in members]) == dict(
        zip(("x", "y", "width", "height", "rotation"), merged, strict=True)
    )


def test_rotations_are_averaged_on_the_circle() -> None:
    """10 degrees one way and 10 the other about the same centre: no rotation, the same centre and size."""

    def about_centre(angle: float) -> Box:
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        return make_box(50 - 10 * cosine + 5 * sine, 50 - 10 * sine - 5 * cosine, 20, 10, angle)

    merged = merge_boxes([about_centre(350), about_centre(10)])
    assert merged["rotation"] in (0, 360)
    assert (merged["x"], merged["y"], merged["width"], merged["height"]) == pytest.approx((40, 45, 20, 10), abs=1e-5)


@given(st.lists(boxes, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_averages_do_not_depend_on_the_order(members: list[Box], chance: object) -> None:
    members = [make_box(*box.geometry) for box in members]
    one, other = merge_boxes(members), merge_boxes(members[::-1])
    assert list(one.values()) == pytest.approx(list(other.values()), abs=1e-5)


def test_spans_merge_to_lower_medians_with_the_text_they_cover() -> None:
    merged = merge_spans([Span(2, 8, "Babbag"), Span(3, 9, "abbage"), Span(2, 9, "Babbage")])
    assert merged == {"start": 2, "end": 9, "text": "Babbage"}
    assert merge_spans([Span(0, 4, "Ada "), Span(1, 6, "da Lo")]) == {"start": 0, "end": 4, "text": "Ada "}


def test_a_quotation_with_escaped_line_ends_is_not_cut() -> None:
    assert merge_spans([Span(0, 3, "a\\nb"), Span(0, 5, "a\\nbcd")]) == {"start": 0, "end": 3, "text": "a\\nb"}
    assert merge_spans([Span(0, 5, "a\\nbcd"), Span(1, 4, "\\nbc")]) == {"start": 0, "end": 4}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"x": 1, "y": 1, "width": -1, "height": 1},
        {"x": float("nan"), "y": 1, "width": 1, "height": 1},
        {"x": True, "y": 1, "width": 1, "height": 1},
        {"x": "1", "y": 1, "width": 1, "height": 1},
    ],
)
def test_numbers_that_make_no_box_are_not_read(value: dict[str, object]) -> None:
    assert read_box({"value": value}) is None


@pytest.mark.parametrize(
    "value", [{}, {"start": 3, "end": 1}, {"start": -1, "end": 1}, {"start": "/p[1]", "end": "/p[1]"}]
)
def test_offsets_that_make_no_span_are_not_read(value: dict[str, object]) -> None:
    assert read_span({"value": value}) is None
