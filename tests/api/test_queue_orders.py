"""In which order tasks come, and how an order is changed while a project runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models, orders, relist
from chalicelib.auth import Caller
from chalicelib.handlers import assignments, imports, predictions, projects
from hypothesis import given
from hypothesis import strategies as st

from tests.api import invariants
from tests.api.inside import Inside, opened
from tests.api.people import mood


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def loaded(inside: Inside, tasks: list[dict[str, Any]], **settings: Any) -> int:
    project = inside.project(0, **settings)
    add(inside, project, tasks)
    return project


def add(inside: Inside, project: int, tasks: list[dict[str, Any]]) -> None:
    imports.load(inside.world, inside.owner, project, json.dumps(tasks).encode(), "application/json")


def named(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"data": {"text": name}, **more} for name in names]


def predicted(name: str, *scores: float | None) -> dict[str, Any]:
    return {"data": {"text": name}, "predictions": [{"result": mood(), "score": score} for score in scores]}


def label_all(inside: Inside, person: Caller, project: int, most: int = 10_000) -> list[str]:
    seen: list[str] = []
    while len(seen) < most and (envelope := inside.next(person, project)) is not None:
        seen.append(envelope["task"]["data"]["text"])
        inside.submit(person, envelope)
    return seen


def ids_of(inside: Inside, project: int) -> dict[str, int]:
    from chalicelib.handlers import tasks

    return {task["data"]["text"]: task["id"] for page in tasks.pages(inside.world, project) for task, _ in page}


def test_a_random_order_is_the_same_for_everybody_and_not_that_of_import(inside: Inside) -> None:
    names = [f"Text {n}" for n in range(60)]
    project = loaded(inside, named(*names), queue={"order": "random"}, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    seen = label_all(inside, ana, project)
    assert seen == label_all(inside, ben, project)
    assert sorted(seen) == sorted(names)
    assert seen != names


@pytest.mark.both_stores
def test_the_highest_priority_comes_first_and_equal_ones_as_imported(inside: Inside) -> None:
    tasks = [
        *named("none"),
        *named("low", priority=-1),
        *named("high", priority=10),
        *named("tenth", priority=0.1),
        *named("high too", priority=10.0),
    ]
    project = loaded(inside, tasks, queue={"order": "priority"})
    assert label_all(inside, inside.person(project), project) == ["high", "high too", "tenth", "none", "low"]


def test_the_least_certain_prediction_comes_first_and_none_at_all_last(inside: Inside) -> None:
    tasks = [*named("no prediction"), predicted("sure", 0.9), predicted("unsure", 0.2), predicted("newest", 0.9, 0.1)]
    project = loaded(inside, [*tasks, predicted("no score", None)], queue={"order": "uncertainty"})
    seen = label_all(inside, inside.person(project), project)
    assert seen == ["newest", "unsure", "sure", "no prediction", "no score"]


def test_a_new_priority_counts_within_a_minute_for_who_is_far_ahead(inside: Inside) -> None:
    project = loaded(inside, named(*"abcdef"), queue={"order": "priority"}, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    assert label_all(inside, ana, project, 3) == ["a", "b", "c"]
    ids = ids_of(inside, project)
    for name, priority in (("f", 3), ("b", 2)):
        asked = models.read("ChangePriority", {"priority": priority})
        assignments.set_priority(inside.world, inside.owner, ids[name], asked)
    inside.clock.now += 61
    assert label_all(inside, ana, project) == ["f", "d", "e"]
    assert label_all(inside, ben, project) == ["f", "b", "a", "c", "d", "e"]
    assert invariants.check(inside.world, project) == []


def test_predictions_that_come_change_or_go_move_their_tasks(inside: Inside) -> None:
    tasks = [predicted(name, score) for name, score in zip("abcd", (0.5, 0.6, 0.7, 0.8), strict=True)]
    project = loaded(inside, tasks, queue={"order": "uncertainty"})
    ids = ids_of(inside, project)

    def add_one(name: str, score: float) -> int:
        body = models.read("NewPrediction", {"task": ids[name], "result": mood(), "score": score})
        return int(predictions.create(inside.world, inside.owner, body)["id"])

    gone, changed = add_one("d", 0.01), add_one("c", 0.02)
    add_one("b", 0.1)
    predictions.remove(inside.world, inside.owner, gone)
    change = models.read("ChangePrediction", {"score": 0.55})
    predictions.change(inside.world, inside.owner, changed, change)
    assert label_all(inside, inside.person(project), project) == ["b", "a", "c", "d"]
    assert invariants.check(inside.world, project) == []


@pytest.mark.parametrize("order", ["imported", "random", "priority", "uncertainty"])
def test_tasks_that_are_imported_later_are_found_wherever_the_order_puts_them(inside: Inside, order: str) -> None:
    project = loaded(inside, named(*"abcdefgh"), queue={"order": order}, maximum_annotations=2)
    ana = inside.person(project)
    label_all(inside, ana, project)
    add(inside, project, named(*"ijklmnop", priority=5))
    assert sorted(label_all(inside, ana, project)) == list("ijklmnop")


def test_a_new_order_holds_for_what_is_left_once_the_job_is_through(inside: Inside) -> None:
    tasks = [{"data": {"text": name}, "priority": n} for n, name in enumerate("abcdefgh")]
    project = loaded(inside, tasks, maximum_annotations=2)
    ana = inside.person(project)
    assert label_all(inside, ana, project, 3) == ["a", "b", "c"]
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", {"queue": {"order": "priority"}}))
    inside.finish_jobs(project)
    assert label_all(inside, ana, project) == ["h", "g", "f", "e", "d"]
    assert invariants.check(inside.world, project) == []


def test_an_import_after_a_change_of_the_order_lists_its_tasks_by_the_new_one(inside: Inside) -> None:
    project = loaded(inside, named(*"ab"))
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", {"queue": {"order": "priority"}}))
    add(inside, project, named("urgent", priority=9))
    inside.finish_jobs(project)
    assert label_all(inside, inside.person(project), project) == ["urgent", "a", "b"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=20))
def test_positions_sort_as_their_numbers_do(values: list[float]) -> None:
    written = sorted(orders.ascending(value) for value in values)
    assert written == [orders.ascending(value) for value in sorted(values)]


def test_everybody_begins_with_the_first_tasks_of_a_big_project_and_goes_on_in_different_parts(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SMALL", 20)
    monkeypatch.setattr(keys, "BLOCK", 5)
    project = inside.project(120)
    crowd = [inside.person(project, f"Person {n}") for n in range(4)]
    first = {inside.next(person, project)["task"]["data"]["text"] for person in crowd}
    assert first == {f"Text number {n}" for n in range(1, 5)}
    seen: list[str] = []
    while more := [label_all(inside, person, project, 5) for person in crowd]:
        if not any(more):
            break
        seen += [name for names in more for name in names]
    assert sorted(seen) == sorted(f"Text number {n}" for n in range(1, 121))
    assert set(seen[:16]) <= {f"Text number {n}" for n in range(1, 21)}
    assert seen[20:] != sorted(seen[20:], key=lambda name: int(name.split()[-1]))
    assert invariants.check(inside.world, project) == []


def test_tasks_that_a_person_has_done_are_read_again_once_and_then_never(inside: Inside) -> None:
    """What is imported into a random order makes everybody begin anew; then 300 own tasks are passed for good again."""
    done = inside.size(300, 80)
    project = inside.project(done + 20, maximum_annotations=2, queue={"order": "random"})
    ana = inside.person(project)
    label_all(inside, ana, project, done)
    add(inside, project, named("one more"))
    for _ in range(2):
        inside.submit(ana, inside.next(ana, project))
    asked = Counting(inside)
    inside.next(ana, project)
    assert asked.count <= 12


def test_whoever_begins_anew_looks_at_their_own_first_tasks_once_more_and_not_at_every_next_one(inside: Inside) -> None:
    project = inside.project(20, maximum_annotations=2)
    ana = inside.person(project)
    records = inside.world.records

    def cost() -> int:
        asked = Counting(inside)
        given = inside.next(ana, project)
        inside.world.records = records
        inside.submit(ana, given)
        return asked.count

    label_all(inside, ana, project, 4)
    usual = [cost(), cost()][1]
    relist.begin_anew(inside.world, project)
    assert cost() > usual
    assert cost() == usual


class Counting:
    """Counts what is asked of the records from here on."""

    def __init__(self, inside: Inside) -> None:
        self.count = 0
        self._records: Any = inside.world.records
        inside.world.records = self

    def __getattr__(self, name: str) -> Any:
        self.count += 1
        return getattr(self._records, name)


def test_the_lease_lasts_as_long_as_the_project_says(inside: Inside) -> None:
    project = inside.project(1, queue={"lease_minutes": 2})
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    inside.clock.now += 110
    assert inside.next(ben, project) is None
    inside.clock.now += 16
    assert inside.next(ben, project)["task"] == held["task"]
