"""Links between regions: compared over matched regions, merged by majority."""

from __future__ import annotations

from typing import Any

import pytest
from consensus_cases import MOOD as MOOD_CONTROL
from consensus_cases import NER, annotation, mood, options, plan, span
from labeling.consensus import compute

Json = dict[str, Any]

PLAN = plan(NER, MOOD_CONTROL)
LABELED: Json = {**PLAN, "relations": {"choice": "single", "options": options("knows", "lives in")}}

PLACES = {"ada": (0, 12), "babbage": (17, 32), "london": (36, 42)}


def link(start: str, end: str, *labels: str, direction: str = "right", person: int = 0) -> Json:
    row: Json = {"type": "relation", "from_id": f"{start}{person}", "to_id": f"{end}{person}", "direction": direction}
    return {**row, "labels": list(labels)} if labels else row


def person(number: int, *links: tuple[Any, ...], direction: str = "right") -> Json:
    """Marks all three places under ids of their own, and draws links (from, to, labels…)."""
    spans = [span(f"{name}{number}", *ends, "PER") for name, ends in PLACES.items()]
    drawn = [link(*one, direction=direction, person=number) for one in links]
    return annotation(number, *spans, *drawn)


@pytest.mark.parametrize(
    ("a", "b", "score"),
    [
        pytest.param([("ada", "babbage", "knows")], [("ada", "babbage", "knows")], 1, id="the same link"),
        pytest.param([("ada", "babbage", "knows")], [("ada", "babbage", "lives in")], 0, id="another label"),
        pytest.param([("ada", "babbage")], [("babbage", "ada")], 0, id="the other way round"),
        pytest.param([("ada", "babbage")], [("ada", "london")], 0, id="to another region"),
        pytest.param([("ada", "babbage"), ("ada", "london")], [("ada", "babbage")], 2 / 3, id="one missed"),
        pytest.param([("ada", "babbage")], [], 0, id="only one drew a link"),
        pytest.param([], [], 1, id="neither did, though both marked the regions"),
    ],
)
def test_f1_of_links(a: list[Any], b: list[Any], score: float) -> None:
    found = compute(LABELED, [person(1, *a), person(2, *b)])
    assert found["relations"]["agreement"] == pytest.approx(score)
    assert found["agreement"] == pytest.approx((1 + score) / 2), "links count like a control"
    assert found["problems"] == []


@pytest.mark.parametrize(
    ("a", "b", "score"),
    [
        pytest.param(("ada", "babbage", "left"), ("babbage", "ada", "right"), 1, id="left is right from the other end"),
        pytest.param(("ada", "babbage", "bi"), ("babbage", "ada", "bi"), 1, id="both ways has no first end"),
        pytest.param(("ada", "babbage", "bi"), ("ada", "babbage", "right"), 0, id="both ways is not one way"),
    ],
)
def test_directions(a: tuple[str, str, str], b: tuple[str, str, str], score: float) -> None:
    people = [person(n, one[:2], direction=one[2]) for n, one in enumerate((a, b), 1)]
    assert compute(PLAN, people)["relations"]["agreement"] == score


def test_links_between_regions_that_did_not_match_do_not_match() -> None:
    other = annotation(
        2, span("x", 0, 3, "PER"), span("y", 17, 32, "PER"), {**link("x", "y"), "from_id": "x", "to_id": "y"}
    )
    found = compute(PLAN, [person(1, ("ada", "babbage")), other])
    assert found["relations"]["pairs"] == [{"a": 1, "b": 2, "score": 0, "matched": 0, "only_a": 1, "only_b": 1}]


def test_where_nobody_could_draw_a_link_there_is_no_agreement_about_them() -> None:
    found = compute(LABELED, [annotation(1, mood("Good")), annotation(2, mood("Good"))])
    assert found["relations"]["agreement"] is None
    assert found["relations"]["reason"] == "no two people marked the same two regions"
    assert found["agreement"] == 1


def test_without_labels_and_links_the_consensus_says_nothing_of_them() -> None:
    assert "relations" not in compute(PLAN, [person(1), person(2)])


def test_links_that_most_drew_are_merged() -> None:
    people = [
        person(1, ("ada", "babbage", "knows"), ("ada", "london", "lives in")),
        person(2, ("ada", "babbage", "knows")),
        person(3, ("ada", "babbage", "lives in"), ("babbage", "london", "lives in")),
    ]
    found = compute(LABELED, people)
    ids = {entry["sources"][0]["id"][:-1]: identity for identity, entry in found["support"].items()}
    kept = [row for row in found["result"] if row["type"] == "relation"]
    assert kept == [
        {"type": "relation", "from_id": ids["ada"], "to_id": ids["babbage"], "direction": "right", "labels": ["knows"]}
    ]
    links = {(row["from"], row["to"]): row for row in found["relations"]["links"]}
    assert links[ids["ada"], ids["babbage"]]["by"] == [1, 2, 3]
    assert links[ids["ada"], ids["london"]]["kept"] is False
    assert links[ids["ada"], ids["london"]]["reason"] == "drawn by 1 of 3"


@pytest.mark.parametrize("direction", ["right", "left", "bi"])
def test_copies_of_one_annotation_merge_to_it(direction: str) -> None:
    one = person(1, ("babbage", "ada", "knows"), direction=direction)
    people = [{**one, "id": number} for number in (1, 2, 3)]
    assert compute(LABELED, people)["result"] == one["result"]


def test_links_are_weighted_by_person() -> None:
    people = [person(1, ("ada", "babbage", "knows")), person(2), person(3)]
    assert [row["type"] for row in compute(LABELED, people, people={1: 1.0, 2: 0.4, 3: 0.4})["result"]].count(
        "relation"
    ) == 1
    assert "relation" not in [row["type"] for row in compute(LABELED, people)["result"]]


def test_a_tied_direction_is_not_kept() -> None:
    found = compute(PLAN, [person(1, ("ada", "babbage")), person(2, ("babbage", "ada"))])
    assert [row["reason"] for row in found["relations"]["links"]] == ["the direction is tied"]


def test_links_to_nothing_do_not_count_and_unreadable_ones_are_problems() -> None:
    lost = {"type": "relation", "from_id": "ada1", "to_id": "gone", "direction": "right"}
    broken = {"type": "relation", "from_id": 3}
    one = person(1)
    found = compute(PLAN, [{**one, "result": [*one["result"], lost, broken]}, person(2)])
    assert "relations" not in found
    assert len(found["problems"]) == 1
