"""What the server refuses: each fault by its code, at its place."""

from __future__ import annotations

from typing import Any

import pytest
from labeling import results

from tests.engine import plans
from tests.engine.test_results import box_row, quality_row, span_row


def answer(control: str, kind: str, value: object, **more: object) -> dict[str, Any]:
    return {"id": "a1", "from_name": control, "to_name": "img", "type": kind, "value": value, **more}


def without(row: dict[str, Any], member: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != member}


FINE = [
    pytest.param(box_row(), id="a box"),
    pytest.param(box_row(value={"x": -20, "width": 300, "rotation": 370}), id="a box that leaves the image"),
    pytest.param(without(box_row(), "to_name"), id="no to_name"),
    pytest.param(box_row(score=0.3, parentID="r2", model="v7"), id="members that we do not know"),
    pytest.param(quality_row(), id="an answer of a region"),
    pytest.param(
        {"id": "r0", "from_name": "quality", "to_name": "img", "type": "choices", "value": {"choices": ["Sharp"]}},
        id="an answer of a region without the geometry",
    ),
    pytest.param(answer("tags", "choices", {"choices": ["Night", "Crowd"]}), id="several choices where they may be"),
    pytest.param(answer("tags", "choices", {"choices": []}), id="no choice"),
    pytest.param(answer("notes", "textarea", {"text": ["a", "b", "c"]}), id="as many texts as allowed"),
    pytest.param(answer("stars", "rating", {"rating": 5}), id="the largest rating"),
    pytest.param({"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right"}, id="a relation"),
]


@pytest.mark.parametrize("row", FINE)
def test_good_results_have_no_problems(row: object) -> None:
    assert results.validate(plans.street(), [row, box_row("r0")], plans.STREET_DATA) == []


FAULTY = [
    pytest.param("text", "bad-result", "result 2", id="no object"),
    pytest.param(without(box_row(), "id"), "bad-id", "result 2 (box)", id="no id"),
    pytest.param(box_row("a/b"), "bad-id", "result 2 (box)", id="an id with a slash"),
    pytest.param(box_row("x" * 101), "bad-id", "result 2 (box)", id="an endless id"),
    pytest.param(box_row(from_name="poly"), "unknown-control", "result 2 (poly)", id="unknown control"),
    pytest.param(box_row(from_name=["box"]), "unknown-control", "result 2 (no control)", id="a list as control"),
    pytest.param(box_row(type="rectangle"), "wrong-type", "result 2 (box)", id="wrong type"),
    pytest.param(box_row(to_name="sky"), "unknown-object", "result 2 (box)", id="unknown object"),
    pytest.param(box_row() | {"value": None}, "bad-value", "result 2 (box)", id="no value"),
    pytest.param(box_row(value={"x": None}), "bad-shape", "result 2 (box)", id="no x"),
    pytest.param(box_row(value={"y": float("nan")}), "bad-shape", "result 2 (box)", id="not a number"),
    pytest.param(box_row(value={"y": float("inf")}), "bad-shape", "result 2 (box)", id="infinite"),
    pytest.param(box_row(value={"y": "20"}), "bad-shape", "result 2 (box)", id="a text as number"),
    pytest.param(box_row(value={"y": True}), "bad-shape", "result 2 (box)", id="true as number"),
    pytest.param(box_row(value={"width": -1}), "bad-shape", "result 2 (box)", id="negative width"),
    pytest.param(box_row(value={"width": 10**400}), "bad-shape", "result 2 (box)", id="an absurd width"),
    pytest.param(box_row(value={"rectanglelabels": "Car"}), "bad-value", "result 2 (box)", id="a label as text"),
    pytest.param(box_row(value={"rectanglelabels": ["Tank"]}), "unknown-label", "result 2 (box)", id="unknown label"),
    pytest.param(box_row(original_width=0), "bad-size", "result 2 (box)", id="an image without width"),
    pytest.param(box_row(score="high"), "bad-score", "result 2 (box)", id="a text as score"),
    pytest.param(box_row(origin="dream"), "bad-origin", "result 2 (box)", id="unknown origin"),
    pytest.param(box_row(meta=["note"]), "bad-meta", "result 2 (box)", id="a list as meta"),
    pytest.param(
        answer("weather", "choices", {"choices": "Sunny"}), "bad-value", "result 2 (weather)", id="a choice as text"
    ),
    pytest.param(
        answer("weather", "choices", {"choices": [["Sunny"], 3]}),
        "bad-value",
        "result 2 (weather)",
        id="a number as choice",
    ),
    pytest.param(
        answer("weather", "choices", {"choices": ["Hail"]}), "unknown-choice", "result 2 (weather)", id="unknown choice"
    ),
    pytest.param(
        answer("weather", "choices", {"choices": ["Sunny", "Rain"]}),
        "too-many-choices",
        "result 2 (weather)",
        id="two choices",
    ),
    pytest.param(answer("notes", "textarea", {"text": "a"}), "bad-value", "result 2 (notes)", id="a bare text"),
    pytest.param(
        answer("notes", "textarea", {"text": list("abcd")}), "too-many-texts", "result 2 (notes)", id="too many texts"
    ),
    pytest.param(
        answer("notes", "textarea", {"text": ["x" * 1_000_001]}),
        "text-too-long",
        "result 2 (notes)",
        id="an endless text",
    ),
    pytest.param(answer("stars", "rating", {"rating": 0}), "bad-rating", "result 2 (stars)", id="rating 0"),
    pytest.param(
        answer("stars", "rating", {"rating": 6}), "bad-rating", "result 2 (stars)", id="rating over the largest"
    ),
    pytest.param(answer("stars", "rating", {"rating": 3.5}), "bad-rating", "result 2 (stars)", id="half a rating"),
    pytest.param(
        answer("quality", "choices", {"choices": ["Sharp"]}),
        "no-region",
        "result 2 (quality)",
        id="an answer for no region",
    ),
    pytest.param(quality_row(value={"x": None}), "bad-shape", "result 2 (quality)", id="an answer with half a region"),
    pytest.param({"type": "relation", "from_id": "r1"}, "bad-id", "result 2 (relation)", id="a relation to nothing"),
]


@pytest.mark.parametrize(("row", "code", "where"), FAULTY)
def test_each_fault_is_found_at_its_place(row: object, code: str, where: str) -> None:
    (fault,) = results.validate(plans.street(), [box_row(), row], plans.STREET_DATA)
    assert (fault["code"], fault["where"]) == (code, where)


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [
        pytest.param(0, 56, [], id="the whole text, counted in code points"),
        pytest.param(0, 57, ["out-of-text"], id="one more"),
        pytest.param(-1, 3, ["out-of-text"], id="before the text"),
        pytest.param(3, 3, ["out-of-text"], id="nothing"),
        pytest.param("0", 3, ["bad-shape"], id="a text as offset"),
    ],
)
def test_offsets_must_be_inside_the_tasks_text(start: object, end: object, codes: list[str]) -> None:
    text = str(plans.ARTICLE_DATA["text"])
    assert len(text) == 56
    faults = results.validate(plans.article(), [span_row(start=start, end=end)], plans.ARTICLE_DATA)
    assert [fault["code"] for fault in faults] == codes


def test_offsets_in_a_text_that_is_elsewhere_are_only_compared_with_each_other() -> None:
    plan = plans.plan([plans.text(value_type="url")], [plans.labels()])
    assert results.validate(plan, [span_row(end=4000)], {"text": "https://example.com/a.txt"}) == []


def test_one_id_cannot_be_on_two_objects() -> None:
    plan = plans.plan([plans.image(), plans.image("img2", "image2")], [plans.boxes(), plans.boxes("box2", "img2")])
    (fault,) = results.validate(plan, [box_row(), box_row(from_name="box2", to_name="img2")], {})
    assert (fault["code"], fault["where"]) == ("two-objects", "result 2 (box2)")


def test_labels_and_choices_of_the_tasks_data_are_not_checked() -> None:
    dynamic = {"path": ["options"], "source": "options"}
    plan = plans.plan([plans.image()], [plans.boxes(labels=[], dynamic=dynamic)])
    assert results.validate(plan, [box_row()], {"image": "x"}) == []


@pytest.mark.parametrize(
    "result", [None, {}, 3, "[", "{}", "[" * 100_000], ids=["null", "object", "number", "broken", "text", "deep"]
)
def test_results_must_be_a_list(result: object) -> None:
    (fault,) = results.validate(plans.street(), result, plans.STREET_DATA)
    assert fault["code"] == "not-a-list"


def test_too_many_results_are_refused_before_they_are_looked_at() -> None:
    (fault,) = results.validate(plans.street(), [None] * 50_001, plans.STREET_DATA)
    assert fault["code"] == "too-many-results"


def test_all_problems_come_at_once_up_to_a_hundred() -> None:
    faults = results.validate(plans.street(), [box_row(from_name=None, id=None)] * 60, None)
    assert len(faults) == 101
    assert faults[-1]["message"] == "and 20 more problems"


def test_results_that_the_task_already_had_may_stay_as_they_are() -> None:
    old = box_row(from_name="poly", type="polygonlabels")
    assert results.validate(plans.street(), [old], plans.STREET_DATA, known=[old]) == []
    assert results.validate(plans.street(), [box_row(from_name="poly")], plans.STREET_DATA, known=[old])
