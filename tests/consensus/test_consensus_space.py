"""Cuboids and sets of points: overlap and merging, by hand and against samples of space."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus.clouds import make_points, merge_points, points_candidates, points_iou, read_points
from labeling.consensus.cuboids import Cuboid, _axes, cuboid_iou, make_cuboid, merge_cuboids, read_cuboid


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param((0, 0, 0, 2, 2, 2), (0, 0, 1, 2, 2, 2), 1 / 3, id="half above"),
        pytest.param((0, 0, 0, 2, 2, 2), (1, 1, 1, 2, 2, 2), 1 / 15, id="one corner"),
        pytest.param((0, 0, 0, 2, 2, 2), (0, 0, 2, 2, 2, 2), 0, id="on top of it"),
        pytest.param((0, 0, 0, 4, 2, 2), (0, 0, 0, 2, 4, 2, math.pi / 2), 1, id="the same, written turned"),
        pytest.param((0, 0, 0, 4, 2, 2), (0, 0, 0, 4, 2, 2, math.pi), 1, id="front to back"),
        # a unit square turned by 45 degrees shares a regular octagon of area 2 sqrt(2) - 2
        pytest.param(
            (0, 0, 0, 1, 1, 1),
            (0, 0, 0, 1, 1, 1, math.pi / 4),
            (2 * math.sqrt(2) - 2) / (4 - 2 * math.sqrt(2)),
            id="turned by 45 degrees",
        ),
        pytest.param(
            (0, 0, 0, 1, 1, 1), (0, 0, 0, 1, 1, 1, 0, math.pi / 4), math.sqrt(0.5), id="pitched by 45 degrees"
        ),
        pytest.param((0, 0, 0, 1, 1, 1), (0, 0, 0, 1, 1, 1, 0, 0, math.pi / 2), 1, id="rolled onto itself"),
        pytest.param((0, 0, 0, 2, 2, 0), (0, 0, 0, 2, 2, 0), 1, id="equal and flat"),
    ],
)
def test_overlap_of_cuboids(a: tuple[float, ...], b: tuple[float, ...], expected: float) -> None:
    left, right = make_cuboid(*a), make_cuboid(*b)
    assert cuboid_iou(left, right) == pytest.approx(expected, abs=1e-9)
    assert cuboid_iou(right, left) == pytest.approx(expected, abs=1e-9)


def inside(cuboid: Cuboid, point: tuple[float, float, float]) -> bool:
    away = (point[0] - cuboid.x, point[1] - cuboid.y, point[2] - cuboid.z)
    halves = (cuboid.length / 2, cuboid.width / 2, cuboid.height / 2)
    return all(
        abs(sum(axis[k] * away[k] for k in range(3))) <= half for axis, half in zip(_axes(cuboid), halves, strict=True)
    )


def point_in(cuboid: Cuboid, chance: random.Random) -> tuple[float, float, float]:
    away = [chance.uniform(-side / 2, side / 2) for side in (cuboid.length, cuboid.width, cuboid.height)]
    axes = _axes(cuboid)
    x, y, z = (sum(away[n] * axes[n][k] for n in range(3)) for k in range(3))
    return cuboid.x + x, cuboid.y + y, cuboid.z + z


@settings(max_examples=12)
@given(st.integers(0, 10**6))
def test_overlap_of_tilted_cuboids_is_that_of_sampled_space(seed: int) -> None:
    chance = random.Random(seed)

    def some() -> Cuboid:
        place = [chance.uniform(-0.5, 0.5) for _ in range(3)]
        sides = [chance.uniform(1, 3) for _ in range(3)]
        return make_cuboid(*place, *sides, *(chance.uniform(-math.pi, math.pi) for _ in range(3)))

    a, b = some(), some()
    small, large = sorted((a, b), key=lambda one: one.volume)
    # Points in the smaller one: what share of them is in the larger is off by 0.0065 at one standard deviation.
    points = 6000
    shared = small.volume * sum(inside(large, point_in(small, chance)) for _ in range(points)) / points
    assert cuboid_iou(a, b) == pytest.approx(shared / (a.volume + b.volume - shared), abs=0.09)
    assert cuboid_iou(a, b) == pytest.approx(cuboid_iou(b, a), abs=1e-9)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_upright_cuboids_have_the_same_overlap_by_both_ways(seed: int) -> None:
    chance = random.Random(seed)
    a, b = (
        [chance.uniform(-0.5, 0.5) for _ in range(3)]
        + [chance.uniform(1, 3) for _ in range(3)]
        + [chance.uniform(-4, 4)]
        for _ in range(2)
    )
    tilt = 1e-7
    assert cuboid_iou(make_cuboid(*a), make_cuboid(*b)) == pytest.approx(
        cuboid_iou(make_cuboid(*a, tilt), make_cuboid(*b, tilt)), abs=1e-5
    )


def test_the_axes_are_those_of_yaw_then_pitch_then_roll() -> None:
    quarter = math.pi / 2
    assert _axes(make_cuboid(0, 0, 0, 1, 1, 1, quarter))[0] == pytest.approx((0, 1, 0))
    assert _axes(make_cuboid(0, 0, 0, 1, 1, 1, quarter, quarter))[0] == pytest.approx((0, 0, -1))
    assert _axes(make_cuboid(0, 0, 0, 1, 1, 1, 0, 0, quarter))[1] == pytest.approx((0, 0, 1))


def test_yaws_are_averaged_on_the_circle() -> None:
    merged = merge_cuboids([make_cuboid(0, 0, 0, 4, 2, 2, 3.1), make_cuboid(1, 0, 0, 4, 2, 2, -3.1)])
    assert merged["yaw"] in (3.141593, -3.141593)
    assert (merged["x"], merged["length"]) == (0.5, 4)


def test_most_people_say_which_end_is_the_front() -> None:
    turned = [0.1 + math.pi, 0.1, 0.1 + math.pi]  # the one in the middle is the medoid
    cuboids = [make_cuboid(0.1 * k, 0, 0, 4, 2, 2, yaw) for k, yaw in enumerate(turned)]
    assert merge_cuboids(cuboids)["yaw"] == pytest.approx(0.1 - math.pi)
    assert merge_cuboids(cuboids, [1, 5, 1])["yaw"] == pytest.approx(0.1)


def test_tilts_are_averaged_and_only_stored_if_told() -> None:
    merged = merge_cuboids([make_cuboid(0, 0, 0, 4, 2, 2, 0, 0.2), make_cuboid(0, 0, 0, 4, 2, 2, 0, 0.4)])
    assert merged["pitch"] == pytest.approx(0.3)
    assert "roll" not in merged


def test_a_cuboid_is_read_only_with_its_numbers() -> None:
    whole = {"x": 0, "y": 0, "z": 0, "length": 1, "width": 1, "height": 1}
    assert read_cuboid({"value": whole}) is not None
    for name in whole:
        assert read_cuboid({"value": {**whole, name: "a"}}) is None
    assert read_cuboid({"value": {**whole, "length": -1}}) is None


# Points


def test_overlap_of_sets_is_the_jaccard_index() -> None:
    assert points_iou(make_points([1, 2, 3]), make_points([2, 3, 4, 5])) == pytest.approx(2 / 5)


@given(st.lists(st.sets(st.integers(0, 12), min_size=1), max_size=5), st.lists(st.sets(st.integers(0, 12), min_size=1)))
def test_no_pair_of_sets_is_overlooked(a: list[set[int]], b: list[set[int]]) -> None:
    left, right = [make_points(sorted(one)) for one in a], [make_points(sorted(one)) for one in b]
    plain = [
        (i, j, overlap)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if (overlap := points_iou(one, other)) >= 0.5
    ]
    assert points_candidates(left, right, 0.5) == plain


def test_sets_merge_to_the_points_that_most_marked() -> None:
    sets = [make_points(indexes) for indexes in ([3, 1, 2], [2, 3, 4], [3, 2, 9])]
    assert merge_points(sets) == {"indexes": [2, 3]}
    assert merge_points(sets, [5, 1, 1]) == {"indexes": [1, 2, 3]}
    assert merge_points(sets[:2]) == {"indexes": [2, 3]}
    assert merge_points([sets[0], sets[0]]) == {"indexes": [3, 1, 2]}


def test_a_set_is_read_only_with_whole_numbers() -> None:
    for indexes in (None, [], [-1], [1.5], ["1"], [True]):
        assert read_points({"value": {"indexes": indexes}}) is None
