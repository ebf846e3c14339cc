"""Predictions: added by import or script, seen by whoever gets the task next, changed, deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, models
from chalicelib.auth import Caller
from chalicelib.handlers import drafts, imports, predictions, projects, submissions, work
from chalicelib.problems import Refusal

from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.reviewing import Scene, person, scene


@pytest.fixture
def at(folder: Path) -> Iterator[Scene]:
    with opened(folder) as inside:
        yield scene(inside, 2)


def add(at: Scene, task: int, choice: str = "Sad", **more: Any) -> dict[str, Any]:
    body = models.read("NewPrediction", {"task": task, "result": mood(choice), **more})
    return predictions.create(at.inside.world, at.inside.owner, body)


def change(at: Scene, id_: int, **asked: Any) -> dict[str, Any]:
    return predictions.change(at.inside.world, at.inside.owner, id_, models.read("ChangePrediction", asked))


def one(at: Scene, id_: int, caller: Caller | None = None) -> dict[str, Any]:
    return predictions.one(at.inside.world, caller or at.inside.owner, id_)


def listed(at: Scene, *, task: int | None = None, project: int | None = None) -> list[int]:
    return [row["id"] for row in predictions.listed(at.inside.world, at.inside.owner, task, project)]


def settle(at: Scene, **asked: str) -> None:
    """The project's setting of what predictions are for."""
    wanted = models.read("ChangeProject", {"predictions": asked})
    projects.change(at.inside.world, at.inside.owner, at.project, wanted)


def status(refused: Any) -> tuple[int, str]:
    return refused.value.status, refused.value.problems[0]["code"]


def said(envelope: Any) -> Any:
    return [row["value"] for row in envelope["result"]]


def test_whoever_gets_the_task_starts_from_the_newest_prediction(at: Scene) -> None:
    task, _ = at.task_ids()
    add(at, task, "Calm", score=0.9, model_version="v1")
    newest = add(at, task, "Sad", score=0.4, model_version="v2")
    assert said(at.inside.next(at.people[0], at.project)) == [{"choices": ["Sad"]}]
    change(at, newest["id"], result=mood("Calm"))
    assert said(at.inside.next(at.people[1], at.project)) == [{"choices": ["Calm"]}]


def test_a_project_says_what_predictions_are_for(at: Scene) -> None:
    task, _ = at.task_ids()
    old = add(at, task, "Calm", score=0.9, model_version="v1")["id"]
    ids = [old, add(at, task, score=0.4, model_version="v2")["id"]]
    start = at.inside.next(at.people[0], at.project)
    assert "suggest" not in start
    assert start["prediction"] == ids[1]
    assert start["predictions"] == [
        {"id": ids[1], "model_version": "v2", "score": 0.4}, {"id": ids[0], "model_version": "v1", "score": 0.9},
    ]  # fmt: skip
    settle(at, show="suggest", model="v1")
    suggested = at.inside.next(at.people[1], at.project)
    assert said(suggested) == [{"choices": ["Calm"]}]
    assert (suggested["suggest"], suggested["view"]["suggestions"]) == (True, 1)
    assert suggested["view"]["answers"]["mood"] == {"choices": ["Calm"], "suggestion": True}
    settle(at, show="hidden")
    hidden = work.one(at.inside.world, at.people[0], task)
    assert said(hidden) == []
    assert "prediction" not in hidden
    assert "predictions" not in hidden


def test_another_prediction_may_be_chosen_instead_of_the_draft(at: Scene) -> None:
    task, other = at.task_ids()
    first, second = add(at, task, "Calm")["id"], add(at, task, "Sad")["id"]
    elsewhere = add(at, other)["id"]
    given = at.inside.next(at.people[0], at.project)
    draft = {"result": mood("Calm"), "lead_time": 1, "lease": given["lease"]["token"]}
    drafts.save(at.inside.world, at.people[0], task, draft)
    assert "prediction" not in work.one(at.inside.world, at.people[0], task)
    chosen = work.one(at.inside.world, at.people[0], task, first)
    assert (said(chosen), chosen["prediction"], chosen["origin"]) == ([{"choices": ["Calm"]}], first, "prediction")
    assert said(work.one(at.inside.world, at.people[0], task, second)) == [{"choices": ["Sad"]}]
    for nothing in (elsewhere, 999_999):
        with pytest.raises(Refusal) as refused:
            work.one(at.inside.world, at.people[0], task, nothing)
        assert status(refused) == (404, "no-prediction")


def test_an_undecided_suggestion_is_kept_in_a_draft_and_not_taken_as_an_answer(at: Scene) -> None:
    task, _ = at.task_ids()
    add(at, task)
    settle(at, show="suggest")
    given = at.inside.next(at.people[0], at.project)
    rows = [{**row, "suggestion": True, "origin": "prediction"} for row in given["result"]]
    draft = {"result": rows, "lead_time": 1, "lease": given["lease"]["token"]}
    drafts.save(at.inside.world, at.people[0], task, draft)
    assert work.one(at.inside.world, at.people[0], task)["view"]["suggestions"] == 1
    with pytest.raises(Refusal) as refused:
        submissions.submit(at.inside.world, at.people[0], task, draft, "once")
    assert refused.value.problems[0]["code"] == "undecided"


def test_label_studios_members_come_back(at: Scene) -> None:
    task, _ = at.task_ids()
    made = add(at, task, score=0.5, model_version="v1")
    assert made["result"] == mood("Sad")
    assert (made["task"], made["project"], made["score"], made["model_version"]) == (task, at.project, 0.5, "v1")
    assert one(at, made["id"]) == made
    changed = change(at, made["id"], score=0.75)
    assert changed | {"updated_at": made["updated_at"], "score": 0.5} == made
    assert one(at, made["id"]) == changed


def test_they_are_listed_by_task_and_by_project(at: Scene) -> None:
    first, second = at.task_ids()
    ids = [add(at, first)["id"], add(at, second)["id"], add(at, first, "Calm")["id"]]
    assert listed(at, task=first) == [ids[0], ids[2]]
    assert listed(at, project=at.project) == [ids[0], ids[2], ids[1]]
    with pytest.raises(Refusal) as refused:
        listed(at)
    assert status(refused) == (400, "bad-parameter")


def test_a_deleted_one_is_gone_and_the_one_before_it_is_the_newest_again(at: Scene) -> None:
    task, _ = at.task_ids()
    kept, gone = add(at, task, "Calm"), add(at, task, "Sad")
    predictions.remove(at.inside.world, at.inside.owner, gone["id"])
    assert listed(at, task=task) == [kept["id"]]
    assert said(at.inside.next(at.people[0], at.project)) == [{"choices": ["Calm"]}]
    for call in (one, change):
        with pytest.raises(Refusal) as refused:
            call(at, gone["id"])
        assert status(refused)[0] == 404


def test_imported_ones_are_read_changed_and_deleted_like_all_others(at: Scene) -> None:
    row = {"data": {"text": "t"}, "predictions": [{"result": mood("Sad"), "score": 0.5}, {"result": mood("Calm")}]}
    imports.load(at.inside.world, at.inside.owner, at.project, json.dumps([row]).encode(), "application/json")
    task = at.task_ids()[-1]
    first, second = listed(at, task=task)
    assert one(at, first)["score"] == 0.5
    assert change(at, first, score=0.75)["score"] == 0.75
    predictions.remove(at.inside.world, at.inside.owner, first)
    assert listed(at, task=task) == [second]


def test_a_result_that_does_not_fit_is_refused_and_changes_nothing(at: Scene) -> None:
    task, _ = at.task_ids()
    with pytest.raises(Refusal) as refused:
        add(at, task, "Angry")
    assert status(refused) == (400, "unknown-choice")
    made = add(at, task)
    with pytest.raises(Refusal) as refused:
        change(at, made["id"], result=mood("Angry"), score=0.1)
    assert status(refused) == (400, "unknown-choice")
    assert one(at, made["id"]) == made


def test_of_many_at_once_those_that_fit_are_taken(at: Scene) -> None:
    world, owner = at.inside.world, at.inside.owner
    first, _ = at.task_ids()
    foreign = at.inside.project(1)
    (stranger,) = world.records.query(f"TASKS#{foreign}").records[0].body["tasks"]
    rows = [{"task": task, "result": mood(choice)} for task, choice in
            ((first, "Sad"), (first, "Angry"), (stranger, "Sad"), (10**9, "Sad"), (first, "Calm"))]  # fmt: skip
    answer = predictions.load(world, owner, at.project, models.read("NewPredictions", rows))
    assert answer["created"] == 2
    assert [row["where"].partition(",")[0] for row in answer["refused"]] == [f"prediction {n}" for n in (2, 3, 4)]
    assert len(listed(at, task=first)) == 2
    assert listed(at, project=foreign) == []
    with pytest.raises(Refusal) as refused:
        predictions.load(world, owner, at.project, models.read("NewPredictions", rows[1:3]))
    assert refused.value.status == 400


def test_a_task_has_a_hundred_at_most(at: Scene) -> None:
    task, _ = at.task_ids()
    key = keys.task(task)
    row = at.inside.world.records.get(*key)
    assert row is not None
    from chalicelib.storage.ports import Put

    full = {**row.body, "predictions": list(range(predictions.MOST))}
    at.inside.world.records.transact([Put(*key, full)])
    with pytest.raises(Refusal) as refused:
        add(at, task)
    assert status(refused) == (409, "too-many")


@pytest.mark.both_stores
def test_racing_scripts_lose_none(at: Scene) -> None:
    task, _ = at.task_ids()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: add(at, task, score=n / 16), range(16)))
    record = at.inside.world.records.get(*keys.task(task))
    assert record is not None
    assert sorted(record.body["predictions"]) == sorted(row["id"] for row in made) == listed(at, task=task)


@pytest.mark.parametrize(("role", "reads"), [("annotator", False), ("reviewer", True), ("viewer", True)])
def test_models_speak_to_managers_alone(at: Scene, role: str, reads: bool) -> None:
    task, _ = at.task_ids()
    made = add(at, task)
    vera = person(at.inside, at.project, "Vera", role)
    if reads:
        assert one(at, made["id"], vera)["id"] == made["id"]
    else:
        with pytest.raises(Refusal):
            one(at, made["id"], vera)
    with pytest.raises(Refusal) as refused:
        predictions.remove(at.inside.world, vera, made["id"])
    assert refused.value.status in (403, 404)
    assert one(at, made["id"])["id"] == made["id"]


def test_a_strangers_prediction_is_no_prediction(at: Scene) -> None:
    inside: Inside = at.inside
    made = add(at, at.task_ids()[0])
    stranger = inside.person(inside.project(0), "Sam")
    with pytest.raises(Refusal) as refused:
        one(at, made["id"], stranger)
    assert status(refused) == (404, "no-prediction")
