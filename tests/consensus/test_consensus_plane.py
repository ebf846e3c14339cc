"""Every kind of region in the plane and in space, through the whole consensus."""

from __future__ import annotations

import json
import random
from itertools import permutations
from typing import Any

import pytest
from consensus_cases import annotation
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus import compute
from labeling.consensus.plane import PLANE
from labeling.results import validate
from plane_cases import TAGS, plan_of, rows, value

Json = dict[str, Any]

KINDS = pytest.mark.parametrize("kind", sorted(PLANE))
SHAKE = {"ocrlabels": 0.4, "cuboid": 0.12, "cuboidlabels": 0.12, "keypoint": 0.6, "keypointlabels": 0.6}


def somebody(kind: str, chance: random.Random, places: range | list[int], shake: float | None = None) -> list[Json]:
    moved = SHAKE.get(kind, 0.8) if shake is None else shake
    made = []
    for place in places:
        label = "Person" if place % 4 == 3 else "Car"
        made += rows(kind, f"r{place}", label, value(kind, chance, place, moved))
    return made


def crowd(kind: str, people: int) -> list[Json]:
    chance = random.Random(11)
    return [annotation(person, *somebody(kind, chance, range(5))) for person in range(1, people + 1)]


def test_the_examples_have_every_kind_of_region_in_the_plane_and_in_space() -> None:
    assert set(TAGS) == set(PLANE)


@KINDS
def test_the_examples_are_results_that_the_server_takes(kind: str) -> None:
    plan = plan_of(kind)
    assert validate(plan, somebody(kind, random.Random(1), range(5)), plan["sample"]["data"]) == []


@KINDS
@pytest.mark.parametrize("people", [2, 3])
def test_copies_of_one_annotation_agree_fully_and_merge_to_it(kind: str, people: int) -> None:
    result = somebody(kind, random.Random(2), range(5))
    found = compute(plan_of(kind), [annotation(person, *result) for person in range(1, people + 1)])
    entry = found["controls"]["shape"]
    assert [entry[name] for name in ("agreement", "found", "placed", "named")] == [1, 1, 1, 1]
    assert found["result"] == result
    assert found["problems"] == []


@KINDS
def test_people_who_mark_the_same_things_nearly_agree(kind: str) -> None:
    plan = plan_of(kind)
    found = compute(plan, crowd(kind, 5))
    entry = found["controls"]["shape"]
    assert (entry["agreement"], entry["found"], entry["named"]) == (1, 1, 1)
    assert 0.6 < entry["placed"] < 1
    assert len([row for row in found["result"] if row["from_name"] == "shape"]) == 5
    assert validate(plan, found["result"], plan["sample"]["data"]) == []


@KINDS
def test_the_consensus_is_nearer_to_the_thing_than_most_people(kind: str) -> None:
    truth = somebody(kind, random.Random(0), range(5), shake=0)
    chance = random.Random(5)
    people = [annotation(person, *somebody(kind, chance, range(5))) for person in range(1, 6)]
    merged = compute(plan_of(kind), people)["result"]

    def placed(result: list[Json]) -> float:
        found = compute(plan_of(kind), [annotation(1, *truth), annotation(2, *result)])
        placed: float = found["controls"]["shape"]["placed"]
        return placed

    mine = sorted(placed(person["result"]) for person in people)
    assert placed(merged) >= mine[2]


@KINDS
def test_the_order_of_people_changes_nothing(kind: str) -> None:
    plan = plan_of(kind)
    people = crowd(kind, 3)
    people[1]["result"] = people[1]["result"][2:]
    texts = {json.dumps(compute(plan, order), sort_keys=False) for order in permutations(people)}
    assert len(texts) == 1


@KINDS
@settings(max_examples=8)
@given(data=st.data())
def test_overlap_is_the_same_both_ways_and_full_with_itself(kind: str, data: st.DataObject) -> None:
    metric = PLANE[kind]
    seed, near, far = data.draw(st.integers(0, 10**6)), data.draw(st.integers(0, 8)), data.draw(st.integers(0, 8))
    chance = random.Random(seed)
    a, b = (metric.read(rows(kind, "r", "Car", value(kind, chance, place, 1.5))[0]) for place in (near, far))
    assert metric.iou(a, a) == metric.iou(b, b) == 1
    assert metric.iou(a, b) == pytest.approx(metric.iou(b, a), abs=1e-12)
    assert 0 <= metric.iou(a, b) <= 1
    overlap = metric.iou(a, b)
    listed = metric.candidates([a], [b], 0.5)
    assert listed == ([(0, 0, overlap)] if overlap >= 0.5 else [])


@KINDS
def test_missing_extra_and_renamed_regions_are_three_things(kind: str) -> None:
    chance = random.Random(3)
    a = somebody(kind, chance, [0, 1, 2, 4])
    b = somebody(kind, chance, [0, 1, 2, 5])
    for row in b:
        row["id"] = row["id"].replace("r", "s")
        said = row["value"].get(row["type"])
        if row["id"] == "s1" and said:
            row["value"][row["type"]] = ["Person"]
    b.reverse()
    found = compute(plan_of(kind), [annotation(1, *a), annotation(2, *b)], details=True)["controls"]["shape"]
    (pair,) = found["pairs"]
    assert (pair["matched"], pair["only_a"], pair["only_b"]) == (2, 2, 2)
    assert (pair["score"], pair["found"], pair["named"]) == (0.5, 0.75, pytest.approx(2 / 3))
    details = pair["details"]
    assert [match[:2] for match in details["matched"]] == [["r0", "s0"], ["r2", "s2"]]
    assert [match[:2] for match in details["renamed"]] == [["r1", "s1"]]
    assert (details["missing"], details["extra"]) == (["s5"], ["r4"])
    overlaps = [match[2] for match in details["matched"] + details["renamed"]]
    assert pair["placed"] == pytest.approx(sum(overlaps) / 3, abs=1e-8)


def test_what_is_stored_has_no_lists_of_regions() -> None:
    pairs = compute(plan_of("ellipselabels"), crowd("ellipselabels", 3))["controls"]["shape"]["pairs"]
    assert len(pairs) == 3
    assert not any(isinstance(member, list | dict) for pair in pairs for member in pair.values())


@KINDS
def test_geometry_that_cannot_be_read_is_a_problem_and_stops_nothing(kind: str) -> None:
    good = somebody(kind, random.Random(4), range(2))
    bad = [{**row, "id": "broken", "value": {kind: ["Car"]}} for row in good[:1]]
    found = compute(plan_of(kind), [annotation(1, *good, *bad), annotation(2, *good)])
    assert [problem["where"] for problem in found["problems"]] == [f"annotation 1, result {len(good) + 1}"]
    assert found["controls"]["shape"]["agreement"] == 1


@pytest.mark.parametrize("kind", ["polygonlabels", "brushlabels", "ellipselabels"])
def test_regions_on_different_pages_never_match(kind: str) -> None:
    chance = random.Random(6)
    place = value(kind, chance, 0, 0)
    a, b = (rows(kind, "r", "Car", place, item_index=page) for page in (0, 1))
    found = compute(plan_of(kind), [annotation(1, *a), annotation(2, *b)])["controls"]["shape"]
    assert (found["agreement"], found["found"], found["placed"], found["named"]) == (0, 0, None, None)


def test_boxes_on_different_pages_of_a_document_never_match() -> None:
    place = value("ocrlabels", random.Random(6), 0, 0)
    a, b = (rows("ocrlabels", "r", "Car", {**place, "pageIndex": page}) for page in (1, 2))
    assert compute(plan_of("ocrlabels"), [annotation(1, *a), annotation(2, *b)])["agreement"] == 0


def test_the_text_of_boxes_on_pages_is_that_of_most_people() -> None:
    place = value("ocrlabels", random.Random(6), 0, 0)
    people = [
        annotation(n, *rows("ocrlabels", "r", "Car", {**place, "x": 0.2 + n / 1000, "ocrtext": text}))
        for n, text in enumerate(["T0tal", "Total", "Total"], 1)
    ]
    (row,) = compute(plan_of("ocrlabels"), people)["result"]
    assert row["value"]["ocrtext"] == "Total"
    assert row["value"]["x"] == pytest.approx(0.202)
