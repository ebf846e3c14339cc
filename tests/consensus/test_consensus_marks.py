"""Plain shapes with the labels of Labels controls beside them, and people who count differently."""

from __future__ import annotations

from typing import Any

import pytest
from consensus_cases import PICTURE, PLAN, annotation, box, control, mood, options, plan
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus import compute
from labeling.consensus.weighing import circular_mean, leader_of, mean, median_low, most, turn

Json = dict[str, Any]

RECT = control("rect", "Rectangle", "img")
MARK = control("mark", "Labels", "img", options=options("Car", "Person"), choice="single")
TONE = control("tone", "Labels", "img", options=options("dark", "light"), choice="multiple")
SPLIT = plan(RECT, MARK, TONE)
LABELED = plan(control("box", "RectangleLabels", "img", options=options("Car", "Person"), choice="single"), TONE)


def rect(identity: str, x: float, *labels: str, tones: tuple[str, ...] = (), alone: bool = False) -> list[Json]:
    """The results of one region: its geometry (not if *alone*), its labels."""
    value = {"x": x, "y": 10, "width": 20, "height": 20, "rotation": 0}
    base = {"id": identity, "to_name": "img", **PICTURE}
    made = [] if alone else [{**base, "from_name": "rect", "type": "rectangle", "value": value}]
    if labels:
        made.append({**base, "from_name": "mark", "type": "labels", "value": {**value, "labels": list(labels)}})
    if tones:
        made.append({**base, "from_name": "tone", "type": "labels", "value": {**value, "labels": list(tones)}})
    return made


def consensus(*people: list[Json], given_plan: Json = SPLIT, **more: Any) -> Json:
    return compute(given_plan, [annotation(n, *result) for n, result in enumerate(people, 1)], **more)


def test_a_plain_shape_agrees_only_with_one_of_equal_labels() -> None:
    found = consensus(rect("a", 10, "Car") + rect("b", 60, "Car"), rect("c", 10, "Car") + rect("d", 60, "Person"))
    entry = found["controls"]["rect"]
    assert (entry["agreement"], entry["found"], entry["placed"], entry["named"]) == (0.5, 1, 1, 0.5)
    assert found["controls"]["mark"]["agreement"] is None
    assert "compared with them" in found["controls"]["mark"]["reason"]


def test_a_shape_without_a_label_is_not_one_with_a_label() -> None:
    entry = consensus(rect("a", 10), rect("c", 10, "Car"))["controls"]["rect"]
    assert (entry["agreement"], entry["found"], entry["named"]) == (0, 1, 0)


def test_merged_plain_shapes_have_the_labels_of_most_people() -> None:
    found = consensus(
        rect("a", 10, "Car", tones=("dark",)),
        rect("b", 12, "Car", tones=("dark", "light")),
        rect("c", 14, "Person", tones=("dark",)),
    )
    assert [(row["from_name"], row["value"]) for row in found["result"]] == [
        ("rect", {"x": 12, "y": 10, "width": 20, "height": 20, "rotation": 0}),
        ("mark", {"x": 12, "y": 10, "width": 20, "height": 20, "rotation": 0, "labels": ["Car"]}),
        ("tone", {"x": 12, "y": 10, "width": 20, "height": 20, "rotation": 0, "labels": ["dark"]}),
    ]
    assert len({row["id"] for row in found["result"]}) == 1
    assert [entry["control"] for entry in found["support"].values()] == ["rect"]


def test_plain_shapes_whose_label_is_tied_are_not_kept() -> None:
    found = consensus(rect("a", 10, "Car"), rect("b", 10, "Person"))
    assert found["result"] == []
    (entry,) = found["support"].values()
    assert (entry["kept"], entry["reason"]) == (False, "the label is tied")


def test_regions_that_only_a_label_tells_of_are_compared_too() -> None:
    result = rect("a", 10, "Car", alone=True)
    found = consensus(result, result)
    assert found["controls"]["rect"]["agreement"] == 1
    assert found["result"] == result
    assert found["problems"] == []


def test_labels_beside_a_labels_shape_count_and_are_merged() -> None:
    def dark(identity: str) -> Json:
        row = box(identity, "Car", 10, 10, 20, 20)
        value = {name: held for name, held in row["value"].items() if name != "rectanglelabels"}
        return {**row, "from_name": "tone", "type": "labels", "value": {**value, "labels": ["dark"]}}

    plain = box("a", "Car", 10, 10, 20, 20)
    entry = consensus([plain, dark("a")], [plain], given_plan=LABELED)["controls"]["box"]
    assert (entry["agreement"], entry["found"], entry["named"]) == (0, 1, 0)
    both = consensus([plain, dark("a")], [plain, dark("a")], [plain, dark("a")], given_plan=LABELED)
    assert both["result"] == [plain, dark("a")]


def test_labels_that_cannot_be_read_are_a_problem() -> None:
    good = rect("a", 10, "Car")
    bad = [{**good[1], "value": {"labels": 3}}, {**good[1], "id": None}]
    found = consensus([*good, *bad], good)
    assert [problem["where"] for problem in found["problems"]] == ["annotation 1, result 3", "annotation 1, result 4"]


# Weights


def test_people_who_count_more_decide() -> None:
    people = [[mood("Good")], [mood("Bad")], [mood("Bad")]]
    assert consensus(*people, given_plan=PLAN)["result"][0]["value"] == {"choices": ["Bad"]}
    found = consensus(*people, given_plan=PLAN, people={1: 5.0})
    assert found["result"][0]["value"] == {"choices": ["Good"]}
    assert found["agreement"] == consensus(*people, given_plan=PLAN)["agreement"]


def test_a_region_is_kept_by_weight_and_averaged_by_weight() -> None:
    people = [[box("a", "Car", 10, 10, 20, 20)], [box("b", "Person", 14, 10, 20, 20)], []]
    assert consensus(*people, given_plan=PLAN)["result"] == []
    (row,) = consensus(*people, given_plan=PLAN, people={1: 3.0, 2: 1.0, 3: 1.0})["result"]
    assert row["value"]["x"] == 11
    assert row["value"]["rectanglelabels"] == ["Car"]


@pytest.mark.parametrize("same", [0.0, 0.1, 1, 7])
def test_equal_weights_change_nothing(same: float) -> None:
    people = [rect("a", 10, "Car"), rect("b", 12, "Car"), rect("c", 13, "Person") + rect("d", 50, "Car")]
    assert consensus(*people, people=dict.fromkeys((1, 2, 3), same)) == consensus(*people)


def test_a_half_of_the_weight_is_no_majority() -> None:
    assert not most([0.1, 0.2], [0.1, 0.2, 0.3])
    assert most([0.1, 0.2, 0.1], [0.1, 0.2, 0.3, 0.1])


numbers = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 4)), min_size=1, max_size=8)


@given(numbers)
def test_a_weight_counts_like_that_many_people(pairs: list[tuple[int, int]]) -> None:
    values, weights = [value for value, _ in pairs], [float(weight) for _, weight in pairs]
    copies = [value for value, weight in pairs for _ in range(weight)] or values
    assert mean(values, weights) == pytest.approx(mean(copies))
    assert median_low(values, weights) == median_low(copies)
    assert leader_of(values, weights) == leader_of(copies)
    assert median_low(values, weights) == sorted(copies)[(len(copies) - 1) // 2]


def test_turns_go_the_short_way_round() -> None:
    assert [turn(angle, 350, 360) for angle in (10, 340, 170)] == [20, -10, 180]
    assert circular_mean([350, 10], 350, 360) == 0
    assert circular_mean([350, 10], 350, 360, [1, 3]) == 5
