"""What one task adds to the counters of its people."""

from __future__ import annotations

import random
from typing import Any

import pytest
from consensus_cases import (
    BOX,
    MOOD,
    NER,
    PLAN,
    QUALITY,
    TOPICS,
    annotation,
    answer,
    box,
    mood,
    plan,
    results,
    span,
    stars,
    topics,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus import compute
from labeling.consensus.people import contributions, difference, flat
from labeling.consensus.people import counted as counted_at_once

Json = dict[str, Any]


def counted(given_plan: Json, *annotations: Json) -> Json:
    return contributions(compute(given_plan, annotations), given_plan, annotations)


def test_a_choice_is_counted_against_the_consensus_and_against_each_other() -> None:
    made = counted(plan(MOOD), annotation(1, mood("Good")), annotation(2, mood("Good")), annotation(3, mood("Bad")))
    assert made == {
        "people": {
            "1": {"mood": {"n": 1, "score_ppm": 1_000_000, "labels": {"Good": {"Good": 1}}}},
            "2": {"mood": {"n": 1, "score_ppm": 1_000_000, "labels": {"Good": {"Good": 1}}}},
            "3": {"mood": {"n": 1, "score_ppm": 0, "labels": {"Good": {"Bad": 1}}}},
        },
        "pairs": {
            "1 2": {"mood": {"n": 1, "score_ppm": 1_000_000}},
            "1 3": {"mood": {"n": 1, "score_ppm": 0}},
            "2 3": {"mood": {"n": 1, "score_ppm": 0}},
        },
        "labels": {"mood": {"Good": {"Good": 1}, "Bad": {"Good": 2}}},
    }


def test_without_a_majority_only_pairs_count() -> None:
    made = counted(plan(MOOD), annotation(1, mood("Good")), annotation(2, mood("Bad")))
    assert made["people"] == {}
    assert made["pairs"] == {"1 2": {"mood": {"n": 1, "score_ppm": 0}}}


def test_several_choices_are_in_common_missed_or_added() -> None:
    people = [annotation(1, topics("A", "B")), annotation(2, topics("A", "B")), annotation(3, topics("A", "C", "D"))]
    made = counted(plan(TOPICS), *people)
    assert made["people"]["3"]["topics"] == {
        "n": 1, "score_ppm": 250_000, "labels": {"A": {"A": 1}, "B": {"": 1}, "": {"C": 1, "D": 1}},
    }  # fmt: skip


def test_regions_are_found_missed_added_and_renamed() -> None:
    car, person = box("c", "Car", 0, 0, 10, 10), box("p", "Person", 50, 50, 10, 10)
    people = [
        annotation(1, car, person),
        annotation(2, car, person),
        annotation(3, box("x", "Person", 0, 0, 10, 10), box("z", "Car", 80, 80, 10, 10)),
    ]
    made = counted(plan(BOX), *people)
    assert made["people"]["1"]["box"] == {
        "n": 1, "score_ppm": 1_000_000, "labels": {"Car": {"Car": 1}, "Person": {"Person": 1}},
    }  # fmt: skip
    assert made["people"]["3"]["box"] == {
        "n": 1, "score_ppm": 0, "labels": {"Car": {"Person": 1}, "Person": {"": 1}, "": {"Car": 1}},
    }  # fmt: skip
    assert made["labels"]["box"] == {"Car": {"Car": 1, "Person": 2}, "Person": {"Person": 1}}


def test_the_score_of_regions_is_the_f1_with_the_consensus() -> None:
    car, person = box("c", "Car", 0, 0, 10, 10), box("p", "Person", 50, 50, 10, 10)
    people = [annotation(1, car, person), annotation(2, car, person), annotation(3, car, box("z", "Car", 80, 80, 9, 9))]
    assert counted(plan(BOX), *people)["people"]["3"]["box"]["score_ppm"] == 500_000
    assert counted(plan(BOX), *people[:2], annotation(3, car))["people"]["3"]["box"]["score_ppm"] == 666_667


def test_answers_about_regions_are_counted_on_merged_regions() -> None:
    def seen(number: int, quality: str) -> Json:
        region = box(f"r{number}", "Car", number / 10, 0, 20, 20)
        return annotation(number, region, answer("quality", "choices", [quality], f"r{number}", "img"))

    made = counted(plan(BOX, QUALITY), seen(1, "Sharp"), seen(2, "Sharp"), seen(3, "Blurred"))
    assert made["people"]["3"]["quality"] == {"n": 1, "score_ppm": 0, "labels": {"Sharp": {"Blurred": 1}}}
    assert made["people"]["1"]["quality"]["score_ppm"] == 1_000_000
    assert made["labels"]["quality"] == {"Sharp": {"Sharp": 1}, "Blurred": {"Sharp": 2}}


def test_nothing_found_by_anybody_is_right() -> None:
    made = counted(plan(NER), annotation(1), annotation(2))
    assert made["people"]["1"] == {"ner": {"n": 1, "score_ppm": 1_000_000}}


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([annotation(1, mood("Good"))], id="one person"),
        pytest.param([], id="nobody"),
        pytest.param(
            [annotation(1, mood("Good")), annotation(2, mood("Good"), was_cancelled=True)], id="one skipped it"
        ),
    ],
)
def test_one_person_agrees_with_nobody(people: list[Json]) -> None:
    assert counted(plan(MOOD), *people) == {"people": {}, "pairs": {}, "labels": {}}


def test_annotations_without_a_person_count_for_nobody() -> None:
    people = [{**annotation(n, mood("Good")), "completed_by": None} for n in (1, 2)]
    made = counted(plan(MOOD), *people)
    assert (made["people"], made["pairs"]) == ({}, {})


def test_a_difference_brings_counters_from_before_to_after() -> None:
    one, other = annotation(1, mood("Good")), annotation(2, mood("Good"))
    before = counted(plan(MOOD), one, other)
    after = counted(plan(MOOD), one, other, annotation(3, mood("Bad")))
    assert difference(before, before) == {}
    assert dict(flat(difference(None, after))) == {path: count for path, count in flat(after) if count}
    back = difference(after, before)
    assert back["people"] == {"3": {"mood": {"n": -1, "labels": {"Good": {"Bad": -1}}}}}


_people = st.lists(results(), min_size=2, max_size=4)


@given(_people, _people)
@settings(max_examples=12)
def test_differences_add_up(first: list[list[Json]], second: list[list[Json]]) -> None:
    def of(lists: list[list[Json]]) -> Json:
        return counted(PLAN, *(annotation(n, *result) for n, result in enumerate(lists, 1)))

    before, after = of(first), of(second)
    sums = dict(flat(before))
    for path, count in flat(difference(before, after)):
        sums[path] = sums.get(path, 0) + count
    assert {path: count for path, count in sums.items() if count} == {p: c for p, c in flat(after) if c}


@given(_people)
@settings(max_examples=12)
def test_counts_are_whole_numbers_and_scores_at_most_one_each(lists: list[list[Json]]) -> None:
    people = [annotation(n, *result) for n, result in enumerate(lists, 1)]
    made = counted(PLAN, *people)
    random.Random(1).shuffle(people)
    assert made == counted(PLAN, *people)
    assert all(type(count) is int for _, count in flat(made))
    for group in ("people", "pairs"):
        for controls in made[group].values():
            for entry in controls.values():
                assert 0 <= entry["score_ppm"] <= 1_000_000 * entry["n"]


@given(_people)
@settings(max_examples=10)
def test_in_one_go_it_is_the_same(lists: list[list[Json]]) -> None:
    people = [annotation(n, *result) for n, result in enumerate(lists, 1)]
    found = compute(PLAN, people)
    assert counted_at_once(PLAN, people) == (found, contributions(found, PLAN, people))


def test_the_pair_scores_are_those_of_the_consensus() -> None:
    people = [annotation(1, stars(1), span("s", 0, 3, "PER")), annotation(2, stars(2), span("t", 0, 3, "LOC"))]
    found = compute(PLAN, people)
    pairs = contributions(found, PLAN, people)["pairs"]["1 2"]
    for name, entry in found["controls"].items():
        [pair] = entry["pairs"]
        assert pairs.get(name) == (None if pair["score"] is None else {"n": 1, "score_ppm": round(pair["score"] * 1e6)})
