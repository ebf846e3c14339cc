"""The consensus of a task: each control's agreement, the merged result, and what is undefined."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from consensus_cases import (
    BOX,
    DATA,
    MOOD,
    NER,
    NOTE,
    PLAN,
    QUALITY,
    STARS,
    TOPICS,
    annotation,
    answer,
    box,
    control,
    mood,
    note,
    options,
    plan,
    results,
    span,
    stars,
    topics,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus import METRICS, compute, decide
from labeling.consensus import regions as consensus_regions
from labeling.consensus.matching import TooManyPairs
from labeling.consensus.registry import BY_CONTROL, BY_OBJECT, NOT_COMPARED
from labeling.plan_index import ControlType
from labeling.results import validate

from config_compiler.plan import Control as PlanControl

Json = dict[str, Any]


def agreement(name: str, *annotations: Json) -> float | None:
    return compute(PLAN, annotations)["controls"][name]["agreement"]


# The registry


def test_every_control_type_of_the_engine_has_a_metric_or_is_said_not_to_be_compared() -> None:
    compared = set(METRICS) | set(BY_OBJECT) | set(BY_CONTROL)
    assert compared | NOT_COMPARED.keys() == set(get_args(ControlType))
    assert not compared & NOT_COMPARED.keys()


def test_every_control_type_of_the_compiler_is_known_to_the_table() -> None:
    unions = [get_args(part)[0] if hasattr(part, "__metadata__") else part for part in get_args(PlanControl)]
    models = [model for union in unions for model in (get_args(union) or (union,)) if hasattr(model, "model_fields")]
    types = {kind for model in models for kind in get_args(model.model_fields["type"].annotation)}
    assert types, "the plan's controls have no types: this test checks nothing"
    assert types <= set(METRICS) | set(BY_OBJECT) | set(BY_CONTROL) | NOT_COMPARED.keys()


# Agreement


@pytest.mark.parametrize(
    ("name", "a", "b", "expected"),
    [
        pytest.param("mood", [mood("Good")], [mood("Good")], 1, id="the same choice"),
        pytest.param("mood", [mood("Good")], [mood("Bad")], 0, id="another choice"),
        pytest.param("topics", [topics("A", "B")], [topics("B", "C")], 1 / 3, id="Jaccard index of choices"),
        pytest.param("topics", [topics("A", "B")], [topics("B", "A")], 1, id="order of choices"),
        pytest.param("topics", [topics("A")], [], 0, id="choices against none of them"),
        pytest.param("stars", [stars(1)], [stars(5)], 0, id="ends of the scale"),
        pytest.param("stars", [stars(3)], [stars(4)], 0.75, id="neighbours on the scale"),
        pytest.param("note", [note("kitten")], [note("sitting")], 1 - 3 / 7, id="edit distance"),
        pytest.param("note", [note("a", "b")], [note("a\nb")], 1, id="several texts are joined by line ends"),
        pytest.param("ner", [span("s", 0, 12, "PER")], [span("z", 0, 12, "PER")], 1, id="the same span"),
        pytest.param("ner", [span("s", 0, 12, "PER")], [span("z", 0, 6, "PER")], 1, id="a span of half the length"),
        pytest.param("ner", [span("s", 0, 12, "PER")], [span("z", 0, 5, "PER")], 0, id="a span of less than half"),
        pytest.param("ner", [span("s", 0, 12, "PER")], [span("z", 0, 12, "LOC")], 0, id="a span with another label"),
        pytest.param(
            "ner",
            [span("s", 0, 3, "PER"), span("u", 17, 24, "PER")],
            [span("z", 0, 3, "PER")],
            2 / 3,
            id="one span missed",
        ),
        pytest.param("ner", [], [], 1, id="nobody marked anything"),
        pytest.param("ner", [span("s", 0, 3, "PER")], [], 0, id="only one marked something"),
        pytest.param("box", [box("b", "Car", 0, 0, 20, 20)], [box("c", "Car", 5, 0, 20, 20)], 1, id="boxes at IoU 0.6"),
        pytest.param(
            "box", [box("b", "Car", 0, 0, 20, 20)], [box("c", "Car", 8, 0, 20, 20)], 0, id="boxes at IoU 0.43"
        ),
        pytest.param("box", [box("b", "Car", 0, 0, 20, 10)], [box("c", "Car", 0, 0, 10, 10)], 1, id="IoU 0.5 counts"),
        pytest.param(
            "quality",
            [box("b", "Car", 0, 0, 20, 20), answer("quality", "choices", ["Sharp"], "b", "img")],
            [box("c", "Car", 1, 0, 20, 20), answer("quality", "choices", ["Sharp"], "c", "img")],
            1,
            id="an answer about the same region",
        ),
        pytest.param(
            "quality",
            [box("b", "Car", 0, 0, 20, 20), answer("quality", "choices", ["Sharp"], "b", "img")],
            [box("c", "Person", 1, 0, 20, 20), answer("quality", "choices", ["Blurred"], "c", "img")],
            0,
            id="another answer about the same region, whatever its label",
        ),
    ],
)
def test_agreement_of_two_people(name: str, a: list[Json], b: list[Json], expected: float) -> None:
    assert agreement(name, annotation(1, *a), annotation(2, *b)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "people", "reason"),
    [
        pytest.param("mood", [], "nobody has annotated this task", id="no annotation"),
        pytest.param("mood", [[mood("Good")]], "only one person has annotated this task", id="one annotation"),
        pytest.param("mood", [[], []], "nobody answered it", id="no answers"),
        pytest.param("stars", [[stars(3)], [], []], "only one of 3 people answered it", id="one answer"),
        pytest.param("quality", [[], []], "nobody answered it", id="no region and no answer"),
        pytest.param(
            "quality",
            [
                [box("b", "Car", 0, 0, 9, 9), answer("quality", "choices", ["Sharp"], "b", "img")],
                [box("c", "Car", 50, 50, 9, 9), answer("quality", "choices", ["Sharp"], "c", "img")],
            ],
            "no two people answered it for the same region",
            id="answers about different regions",
        ),
    ],
)
def test_an_undefined_agreement_is_null_with_its_reason(name: str, people: list[list[Json]], reason: str) -> None:
    found = compute(PLAN, [annotation(i, *result) for i, result in enumerate(people, 1)])
    assert found["controls"][name]["agreement"] is None
    assert found["controls"][name]["reason"] == reason


WHY = control("why", "Choices", "t", options=options("X", "Y"), choice="single")
CONDITION = {"kind": "choice-selected", "tag": "mood", "choices": ["Bad"]}
ASKED = plan(
    MOOD,
    WHY,
    tree={
        "node": "view",
        "key": "n0",
        "display": "block",
        "style": {},
        "children": [
            {"node": "control", "key": "n1", "name": "mood"},
            {
                "node": "view",
                "key": "n2",
                "display": "block",
                "style": {},
                "when": CONDITION,
                "children": [{"node": "control", "key": "n3", "name": "why"}],
            },
        ],
    },
)


@pytest.mark.parametrize(
    ("moods", "reason"),
    [
        pytest.param(["Good", "Good"], "hidden for everybody", id="nobody saw it"),
        pytest.param(["Good", "Bad"], "hidden for all but one person", id="one saw it"),
        pytest.param(["Bad", "Bad"], "nobody answered it", id="both saw it"),
    ],
)
def test_a_hidden_control_has_no_agreement_and_counts_against_nobody(moods: list[str], reason: str) -> None:
    found = compute(ASKED, [annotation(i, mood(choice)) for i, choice in enumerate(moods, 1)])
    assert found["controls"]["why"]["agreement"] is None
    assert found["controls"]["why"]["reason"] == reason
    assert found["agreement"] == found["controls"]["mood"]["agreement"]


def test_the_task_agreement_is_the_weighted_mean_of_the_defined_ones() -> None:
    small = plan(MOOD, STARS, NOTE)
    people = [annotation(1, mood("Good"), stars(3)), annotation(2, mood("Bad"), stars(4))]
    assert compute(small, people)["agreement"] == pytest.approx((0 + 0.75) / 2)
    assert compute(small, people, {"stars": 3})["agreement"] == pytest.approx((0 + 3 * 0.75) / 4)
    assert compute(small, people, {"mood": 0})["agreement"] == pytest.approx(0.75)
    nothing = compute(small, [annotation(1), annotation(2)])
    assert nothing["agreement"] is None
    assert "stars: nobody answered it" in nothing["reason"]


def test_skipped_annotations_and_old_versions_do_not_count() -> None:
    found = compute(
        PLAN,
        [
            annotation(1, mood("Bad")),
            annotation(1, mood("Good")) | {"version": 2},
            annotation(2, mood("Good")),
            annotation(3, mood("Bad"), was_cancelled=True),
        ],
    )
    assert found["made_from"] == [{"annotation": 1, "version": 2}, {"annotation": 2, "version": 1}]
    assert found["n"] == 2
    assert found["controls"]["mood"]["agreement"] == 1


def test_pairs_of_boxes_tell_what_was_matched() -> None:
    a = annotation(1, box("b", "Car", 0, 0, 20, 20), box("c", "Person", 60, 60, 9, 9))
    found = compute(PLAN, [a, annotation(2, box("d", "Car", 5, 0, 20, 20))])["controls"]["box"]
    assert found["pairs"] == [
        {"a": 1, "b": 2, "score": pytest.approx(2 / 3), "matched": 1, "only_a": 1, "only_b": 0, "mean_iou": 0.6}
        | {"found": pytest.approx(2 / 3), "placed": 0.6, "named": 1}
    ]
    assert (found["metric"], found["mean_iou"]) == ("F1 of matched boxes at IoU 0.5", 0.6)


def test_the_metric_is_named_for_each_control() -> None:
    found = compute(PLAN, [])["controls"]
    assert found["mood"]["metric"] == "equal choice"
    assert found["topics"]["metric"] == "Jaccard index of the choices"
    assert all(entry["metric"] for entry in found.values())


def test_results_that_cannot_be_read_are_told_and_left_out() -> None:
    broken = [
        {"from_name": "gone", "type": "choices"},
        3,
        answer("mood", "choices", 7),
        answer("stars", "choices", ["x"]),
    ]
    found = compute(PLAN, [annotation(1, mood("Good"), *broken), annotation(2, mood("Good"))])
    assert [trouble["where"] for trouble in found["problems"]] == [f"annotation 1, result {n}" for n in (2, 3, 4, 5)]
    assert found["controls"]["mood"]["agreement"] == 1


def test_values_and_aliases_of_one_option_are_the_same_choice() -> None:
    named = {**MOOD, "options": [{"value": "Good", "stored": "g", "alias": "g", "text": {"text": "Good"}}]}
    found = compute(plan(named), [annotation(1, mood("Good")), annotation(2, mood("g"))])
    assert found["agreement"] == 1
    assert found["result"][0]["value"] == {"choices": ["g"]}


def test_too_many_overlapping_regions_are_undefined_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise TooManyPairs(9, 8)

    monkeypatch.setattr(consensus_regions, "best_matching", refuse)
    pair = [annotation(i, box("b", "Car", 0, 0, 9, 9), mood("Good")) for i in (1, 2)]
    found = compute(PLAN, pair)
    assert found["controls"]["box"]["agreement"] is None
    assert "to be compared exactly" in found["controls"]["box"]["reason"]
    assert found["controls"]["mood"]["agreement"] == 1
    assert [item["from_name"] for item in found["result"]] == ["mood"]


# The merged result


def merged(name: str, *people: list[Json]) -> list[Json]:
    found = compute(PLAN, [annotation(i, *result) for i, result in enumerate(people, 1)])
    return [item["value"] for item in found["result"] if item["from_name"] == name]


@pytest.mark.parametrize(
    ("name", "people", "value"),
    [
        pytest.param(
            "mood", [[mood("Good")], [mood("Bad")], [mood("Good")]], {"choices": ["Good"]}, id="majority choice"
        ),
        pytest.param("mood", [[mood("Good")], [mood("Bad")]], None, id="a tie of two"),
        pytest.param("mood", [[mood("Good")], []], None, id="half answered"),
        pytest.param(
            "topics",
            [[topics("A", "B")], [topics("B")], [topics("B", "C")]],
            {"choices": ["B"]},
            id="majority of each choice",
        ),
        pytest.param("stars", [[stars(2)], [stars(5)]], {"rating": 2}, id="lower median of two"),
        pytest.param("stars", [[stars(5)], [stars(1)], [stars(4)]], {"rating": 4}, id="median of three"),
        pytest.param("note", [[note("cat")], [note("cart")], [note("car")]], {"text": ["cart"]}, id="medoid of texts"),
        pytest.param("note", [[note("cats")], [note("cat")]], {"text": ["cat"]}, id="of two texts the shorter"),
        pytest.param(
            "ner",
            [[span("a", 0, 12, "PER")], [span("b", 0, 12, "PER")], [span("c", 4, 12, "PER")]],
            {"start": 0, "end": 12, "text": "Ada Lovelace", "labels": ["PER"]},
            id="median borders",
        ),
        pytest.param("ner", [[span("a", 0, 12, "PER")], [span("b", 0, 12, "ORG")]], None, id="a tied label"),
        pytest.param(
            "ner",
            [[span("a", 0, 12, "PER", "ORG")], [span("b", 0, 12, "PER")], [span("c", 0, 12, "PER")]],
            {"start": 0, "end": 12, "text": "Ada Lovelace", "labels": ["PER"]},
            id="majority of each label",
        ),
        pytest.param(
            "box",
            [[box("a", "Car", 10, 10, 20, 20)], [box("b", "Car", 12, 14, 20, 20)]],
            {"x": 11, "y": 12, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["Car"]},
            id="average box",
        ),
        pytest.param("box", [[box("a", "Car", 10, 10, 20, 20)], []], None, id="a box of one of two"),
        pytest.param("box", [[box("a", "Car", 10, 10, 20, 20)]] * 2 + [[]] * 2, None, id="a box of two of four"),
        pytest.param(
            "box",
            [[box("a", "Car", 10, 10, 20, 20)]] * 2 + [[]],
            {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["Car"]},
            id="a box of two of three",
        ),
        pytest.param(
            "box",
            [
                [box("a", "Car", 10, 10, 20, 20)],
                [box("b", "Person", 10, 10, 20, 20)],
                [box("c", "Car", 10, 10, 20, 20)],
            ],
            {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["Car"]},
            id="majority label of a box",
        ),
    ],
)
def test_what_most_people_said_is_merged(name: str, people: list[list[Json]], value: Json | None) -> None:
    assert merged(name, *people) == ([] if value is None else [value])


def test_regions_of_one_of_two_people_are_in_the_support_only() -> None:
    found = compute(PLAN, [annotation(12, box("r1", "Car", 0, 0, 9, 9)), annotation(13)])
    assert found["result"] == []
    (entry,) = found["support"].values()
    assert entry == {
        "by": [12],
        "of": 2,
        "kept": False,
        "control": "box",
        "sources": [{"annotation": 12, "id": "r1"}],
        "reason": "marked by 1 of 2",
    }


def test_the_support_names_who_stands_behind_each_merged_result() -> None:
    people = [annotation(5, mood("Good")), annotation(6, mood("Bad")), annotation(9, mood("Good"))]
    found = compute(PLAN, people)
    entry = found["support"][found["result"][0]["id"]]
    assert (entry["by"], entry["of"], entry["kept"]) == ([5, 9], 3, True)


def test_answers_about_a_region_take_its_merged_id_and_shape() -> None:
    def person(number: int, x: int, quality: str) -> Json:
        region = box(f"r{number}", "Car", x, 10, 20, 20)
        shape = {key: region["value"][key] for key in ("x", "y", "width", "height", "rotation")}
        return annotation(number, region, answer("quality", "choices", [quality], f"r{number}", "img", **shape))

    found = compute(PLAN, [person(1, 10, "Sharp"), person(2, 11, "Blurred"), person(3, 12, "Sharp")])
    region, quality = found["result"]
    assert region["id"] == quality["id"]
    assert quality["value"] == {"x": 11, "y": 10, "width": 20, "height": 20, "rotation": 0, "choices": ["Sharp"]}
    assert found["support"][region["id"]]["answers"] == {"quality": {"by": [1, 3], "of": 3, "kept": True}}


def test_parents_are_followed_into_the_merged_regions() -> None:
    def person(number: int) -> Json:
        outer, inner = box(f"o{number}", "Car", 10, 10, 40, 40), box(f"i{number}", "Person", 20, 20, 9, 9)
        return annotation(number, outer, {**inner, "parentID": f"o{number}"})

    outer, inner = compute(PLAN, [person(1), person(2)])["result"]
    assert inner["parentID"] == outer["id"]


def test_a_chain_of_overlaps_does_not_drift() -> None:
    """Each box overlaps the next enough, the first and the last do not: three people did not mark one thing."""
    people = [annotation(i, box("b", "Car", x, 0, 20, 20)) for i, x in enumerate((0, 6, 12), 1)]
    found = compute(PLAN, people)
    sizes = sorted(len(entry["by"]) for entry in found["support"].values())
    assert sizes == [1, 2]


def test_two_labels_controls_on_one_region_stay_one_region() -> None:
    colour = control("colour", "RectangleLabels", "img", options=options("Red", "Blue"), choice="single")

    def person(number: int, *labels: tuple[str, str]) -> Json:
        region = box(f"r{number}", "Car", 10 + number, 10, 20, 20)
        shape = {key: value for key, value in region["value"].items() if key != "rectanglelabels"}
        made = [{**region, "from_name": name, "value": {**shape, "rectanglelabels": [label]}} for name, label in labels]
        return annotation(number, *made)

    both = ("box", "Car"), ("colour", "Red")
    found = compute(plan(BOX, colour), [person(1, *both), person(2, *both), person(3, both[0])])
    assert [item["from_name"] for item in found["result"]] == ["box", "colour"]
    assert len({item["id"] for item in found["result"]}) == 1
    assert found["result"][0]["value"]["x"] == found["result"][1]["value"]["x"] == 12


# Decisions


@pytest.mark.parametrize(
    ("people", "need", "threshold", "decision"),
    [
        pytest.param([], 1, 0.5, "working", id="nobody yet"),
        pytest.param([[mood("Good")]], 2, 0.5, "working", id="one of two"),
        pytest.param([[mood("Good")]], 1, 0.9, "agreed", id="one is enough"),
        pytest.param([[mood("Good")], [mood("Good")]], 2, 1.0, "agreed", id="equal answers"),
        pytest.param([[mood("Good")], [mood("Bad")]], 2, 0.5, "disagree", id="other answers"),
        pytest.param([[mood("Good")], [mood("Bad")]], 2, None, "agreed", id="no threshold"),
        pytest.param([[stars(3)], [stars(4)]], 2, 0.75, "agreed", id="exactly the threshold"),
        pytest.param([[], []], 2, 0.5, "agreed", id="both left everything empty"),
        pytest.param([[stars(3)], []], 2, 0.5, "disagree", id="undefined, but something was said"),
    ],
)
def test_what_becomes_of_the_task(people: list[list[Json]], need: int, threshold: float | None, decision: str) -> None:
    found = compute(plan(MOOD, STARS), [annotation(i, *result) for i, result in enumerate(people, 1)])
    assert decide(found, need, threshold) == decision


# Properties

sheets = st.lists(results(), min_size=1, max_size=4)


@settings(max_examples=150)
@given(sheets)
def test_merged_results_are_valid_and_agreements_are_within_0_and_1(people: list[list[Json]]) -> None:
    found = compute(PLAN, [annotation(i, *result) for i, result in enumerate(people, 1)])
    assert found["problems"] == []
    assert validate(PLAN, found["result"], DATA) == []
    for entry in (found, *found["controls"].values()):
        assert (entry["agreement"] is None) == (entry["reason"] is not None)
        assert entry["agreement"] is None or 0 <= entry["agreement"] <= 1
    assert {item["id"] for item in found["result"]} == {
        identity for identity, entry in found["support"].items() if entry["kept"]
    }
    json.dumps(found, allow_nan=False)


@settings(max_examples=100)
@given(sheets, st.randoms(use_true_random=False))
def test_the_order_in_which_people_submit_does_not_matter(people: list[list[Json]], chance: Any) -> None:
    annotations = [annotation(i, *result) for i, result in enumerate(people, 1)]
    before = json.dumps(compute(PLAN, annotations))
    chance.shuffle(annotations)
    assert json.dumps(compute(PLAN, annotations)) == before


@settings(max_examples=100)
@given(results(), st.integers(1, 4))
def test_copies_of_one_annotation_merge_to_that_annotation(result: list[Json], copies: int) -> None:
    found = compute(PLAN, [annotation(i, *result) for i in range(1, copies + 1)])
    assert found["result"] == result
    assert copies == 1 or not result or found["agreement"] == 1


@settings(max_examples=60)
@given(sheets)
def test_the_consensus_of_the_consensus_is_itself(people: list[list[Json]]) -> None:
    merged_once = compute(PLAN, [annotation(i, *result) for i, result in enumerate(people, 1)])["result"]
    again = compute(PLAN, [annotation(9, *merged_once), annotation(10, *merged_once)])
    assert again["result"] == merged_once


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
shaped = st.fixed_dictionaries(
    {
        "from_name": st.sampled_from([c["name"] for c in PLAN["controls"]]),
        "type": st.sampled_from(sorted(METRICS)),
        "value": st.dictionaries(
            st.sampled_from(
                [
                    "x",
                    "y",
                    "width",
                    "height",
                    "rotation",
                    "start",
                    "end",
                    "text",
                    "labels",
                    "choices",
                    "rating",
                    "rectanglelabels",
                ]
            ),
            junk,
        ),
    },
    optional={
        "id": junk,
        "to_name": junk,
        "original_width": junk,
        "original_height": junk,
        "item_index": junk,
        "parentID": junk,
    },
)


@settings(max_examples=200)
@given(st.lists(st.lists(st.one_of(junk, shaped), max_size=4), min_size=2, max_size=3))
def test_stored_nonsense_never_raises(people: list[list[Any]]) -> None:
    compute(PLAN, [annotation(i, *result) for i, result in enumerate(people, 1)])


def test_the_controls_of_these_tests_are_compared() -> None:
    # Regions of other kinds and other answers have examples of their own.
    assert {c["type"] for c in PLAN["controls"]} <= set(METRICS) | set(BY_OBJECT)
    assert PLAN["controls"][:7] == [BOX, NER, MOOD, TOPICS, STARS, NOTE, QUALITY]
