"""Filters over tasks as Label Studio's scripts send them: every column, every operator, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import task_filters
from chalicelib.handlers import studio
from chalicelib.problems import Refusal
from chalicelib.tasks import State

from tests.api.inside import Inside, opened
from tests.api.reviewing import Scene, scene

TASK = {
    "id": 7,
    "inner_id": 3,
    "data": {"text": "It Rained", "n": 4, "tags": ["a", "b"], "empty": "", "sure": True},
    "predictions": [1, 2],
    "created_at": "2026-11-20T10:00:00Z",
}
MADE = {"version": 1, "cancelled": False, "updated_at": "", "at": 1, "keys": {}}
STATE = State(
    7, 1, 3, name="disagree", agreement=0.25, updated_at=1_795_000_000_000,
    annotations=[
        {**MADE, "id": 1, "person": 5}, {**MADE, "id": 2, "person": 6},
        {**MADE, "id": 3, "person": 8, "cancelled": True},
    ],
)  # fmt: skip


def fits(column: str, operator: str, value: Any) -> bool:
    item = {"filter": f"filter:tasks:{column}", "operator": operator, "type": "Any", "value": value}
    return task_filters.read(json.dumps({"filters": {"conjunction": "and", "items": [item]}}))(TASK, STATE)


@pytest.mark.parametrize(
    ("column", "operator", "yes", "no"),
    [
        ("id", "equal", 7, 8),
        ("id", "equal", "7", "8"),
        ("data.text", "equal", "It Rained", "it rained"),
        ("data.gone", "equal", None, "x"),
        ("state", "not_equal", "agreed", "disagree"),
        ("data.text", "contains", "rain", "snow"),
        ("data.tags", "contains", "a", "c"),
        ("annotators", "contains", [6, 99], [99]),
        ("annotators", "contains", 5, 4),
        ("data.text", "not_contains", "snow", "RAIN"),
        ("annotators", "not_contains", 4, 5),
        ("inner_id", "less", 4, 3),
        ("inner_id", "greater", 2, 3),
        ("inner_id", "less_or_equal", 3, 2),
        ("inner_id", "greater_or_equal", "3", "4"),
        ("agreement", "less", 25.1, 25),
        ("total_annotations", "equal", 2, 3),
        ("cancelled_annotations", "equal", 1, 0),
        ("total_predictions", "greater", 1, 2),
        ("data.text", "less", "Z", "A"),
        ("data.n", "in", {"min": 4, "max": 5}, {"min": 5, "max": 6}),
        ("data.n", "in", {"min": 3, "max": 4}, {"min": 1, "max": 3}),
        ("data.n", "not_in", {"min": 5, "max": 6}, {"min": 4, "max": 4}),
        ("created_at", "in", {"min": "2026-11-20", "max": "2026-11-21"}, {"min": "2026-11-21", "max": "2026-11-22"}),
        ("updated_at", "greater", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("state", "in_list", ["disagree", "agreed"], ["new"]),
        ("id", "not_in_list", [1, 2], [7]),
        ("data.empty", "empty", True, False),
        ("data.text", "empty", False, True),
        ("data.gone", "empty", "True", "False"),
    ],
)
def test_an_operator_says_yes_and_no(column: str, operator: str, yes: Any, no: Any) -> None:
    assert (fits(column, operator, yes), fits(column, operator, no)) == (True, False)


def test_every_operator_and_every_column_is_tried_above() -> None:
    (mark,) = (m for m in test_an_operator_says_yes_and_no.pytestmark if m.name == "parametrize")
    cases = mark.args[1]
    assert {case[1] for case in cases} == set(task_filters.OPERATORS)
    assert {case[0] for case in cases if not case[0].startswith("data.")} == set(task_filters.COLUMNS)


@pytest.mark.parametrize(
    ("column", "operator", "value"),
    [
        ("data.gone", "less", 5),
        ("data.gone", "not_in", {"min": 1, "max": 2}),
        ("data.n", "less", "many"),
        ("data.n", "in", 5),
        ("data.n", "in", {"min": 1}),
        ("data.tags", "greater", 1),
        ("id", "in_list", None),
        ("id", "in_list", 7),
    ],
    ids=str,
)
def test_what_cannot_be_compared_does_not_fit(column: str, operator: str, value: Any) -> None:
    assert not fits(column, operator, value)


@pytest.mark.parametrize(("conjunction", "expected"), [("and", False), ("or", True)])
def test_filters_are_joined(conjunction: str, expected: bool) -> None:
    items = [{"filter": "id", "operator": "equal", "value": id_} for id_ in (7, 8)]
    asked = {"filters": {"conjunction": conjunction, "items": items}}
    assert task_filters.read(json.dumps(asked))(TASK, STATE) is expected


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "JSON object"),
        ({"filters": {"items": 5}}, "filters.items"),
        ({"filters": []}, None),
        ({"filters": [1]}, "filters.items"),
        ({"filters": {"items": [{}] * 51}}, "at most 50"),
        ({"filters": {"items": [{"operator": "equal"}]}}, "must have a filter"),
        ({"filters": {"items": [{"filter": "id", "operator": "like"}]}}, "no operator"),
        ({"filters": {"items": [{"filter": "id", "operator": ["equal"]}]}}, "no operator"),
        ({"filters": {"items": [{"filter": "colour", "operator": "equal"}]}}, "no column"),
        ({"selectedItems": 5}, "selectedItems"),
        ({"selectedItems": {"all": False, "included": "7"}}, "list of ids"),
        ({"ordering": "id"}, "ordering"),
        ({"ordering": ["tasks:agreement"]}, "cannot be ordered"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_query_that_is_not_understood_is_refused_with_its_place(query: Any, said: str | None) -> None:
    text = query if isinstance(query, str) else json.dumps(query)
    if said is None:
        assert task_filters.read(text).is_everything
        return
    with pytest.raises(Refusal) as refused:
        task_filters.read(text)
    assert refused.value.status == 400
    assert said in refused.value.problems[0]["message"]


@pytest.fixture
def at(folder: Path) -> Iterator[Scene]:
    with opened(folder) as inside:
        made = scene(inside, 5, people=2)
        made.label("Calm", "Sad")
        made.label("Calm", "Calm")
        yield made


def ids(at: Scene, query: Any, page: int = 1, size: int = 30, *, only_annotated: bool = False) -> tuple[int, list[int]]:
    """The total, and the inner ids of a page."""
    inside: Inside = at.inside
    found = studio.list_tasks(
        inside.world, inside.owner, at.project, page, size, json.dumps(query), only_annotated=only_annotated
    )
    return found["total"], [task["inner_id"] for task in found["tasks"]]


def test_a_page_of_filtered_tasks_counts_all_that_fit(at: Scene) -> None:
    new = {"filters": {"conjunction": "and", "items": [{"filter": "state", "operator": "equal", "value": "new"}]}}
    assert ids(at, new, 1, 2) == (3, [3, 4])
    assert ids(at, new, 2, 2) == (3, [5])
    assert ids(at, {**new, "ordering": ["-tasks:id"]}, 1, 2) == (3, [5, 4])
    assert ids(at, {}, only_annotated=True) == (2, [1, 2])


def test_selected_items_are_taken_or_left_out(at: Scene) -> None:
    first, second, *_ = at.task_ids()
    assert ids(at, {"selectedItems": {"all": False, "included": [first, second, 10**9]}}) == (2, [1, 2])
    assert ids(at, {"selectedItems": {"all": True, "excluded": [first, second]}}) == (3, [3, 4, 5])
    assert ids(at, {"selectedItems": {"all": False, "included": []}}) == (0, [])


def test_a_page_has_the_answers_of_its_tasks(at: Scene) -> None:
    inside = at.inside
    shown = studio.list_tasks(inside.world, inside.owner, at.project, 1, 2, "", only_annotated=False)
    assert [(task["total_annotations"], task["is_labeled"]) for task in shown["tasks"]] == [(2, True), (2, True)]
    assert (shown["total"], shown["total_annotations"]) == (5, 4)
    assert shown["tasks"][0]["annotators"] == sorted(person.person for person in at.people)
