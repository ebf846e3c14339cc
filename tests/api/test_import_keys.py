"""Imports with a key: what is there already is told, changed or added again; cut-off imports and other writers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib import import_job, import_keys, import_options, models
from chalicelib.handlers import imports, studio
from chalicelib.problems import Refusal

from tests.api.inside import Inside
from tests.api.test_jobs import begin_import, by_hand, inside, run, tasks, to_the_end, upload

__all__ = ["by_hand", "inside"]

BOTH_WAYS = pytest.mark.parametrize("way", ["request", "job"])


def rows(*pairs: tuple[Any, str]) -> bytes:
    return json.dumps([{"id": key, "text": text} for key, text in pairs]).encode()


def load(inside: Inside, project: int, way: str, data: bytes, **wish: Any) -> list[str]:
    """Imports; the codes of what is refused."""
    if way == "request":
        wished = import_options.read(wish)
        said = imports.load(inside.world, inside.owner, project, data, "application/json", wished)
        return [told["code"] for told in said["refused"]]
    key = upload(inside, project, "a.json", data)
    done = to_the_end(inside, begin_import(inside, project, key, **wish))
    assert done["state"] == "done"
    return [told["code"] for told in done["problems"]]


def texts_by_key(inside: Inside, project: int) -> list[tuple[Any, str]]:
    return [(task["data"].get("id"), task["data"]["text"]) for task in tasks(inside, project)]


@BOTH_WAYS
def test_what_is_there_already_is_skipped_and_told_with_its_place(by_hand: Inside, way: str) -> None:
    project = by_hand.project(0)
    load(by_hand, project, way, rows((1, "one"), ("2", "two")))
    assert load(by_hand, project, way, rows(("1", "uno"), (3, "three"), (3, "tres"), (2, "dos")), key="id") == [
        "duplicate", "duplicate", "duplicate",
    ]  # fmt: skip
    assert texts_by_key(by_hand, project) == [(1, "one"), ("2", "two"), (3, "three")]


def test_a_duplicate_says_which_task_has_its_key_and_what_to_do(by_hand: Inside) -> None:
    project = by_hand.project(0)
    load(by_hand, project, "request", rows((1, "one")))
    key = upload(by_hand, project, "b.json", rows((1, "uno"), (2, "two"), (2, "dos")))
    done = to_the_end(by_hand, begin_import(by_hand, project, key, key="id"))
    inner, outer = done["problems"]
    assert (inner["where"], outer["where"]) == ("b.json, row 3", "b.json, row 1")
    assert inner["message"] == "id '2' is there already: b.json, row 2 of this import has it too."
    assert outer["message"] == "id '1' is there already: task 1 has it already."
    assert "duplicates=update" in outer["hint"]
    assert (done["result"]["duplicate_count"], done["result"]["refused_count"]) == (2, 0)


@BOTH_WAYS
def test_updates_change_the_data_and_keep_the_answers(by_hand: Inside, way: str) -> None:
    project = by_hand.project(0)
    load(by_hand, project, way, rows((1, "one"), (2, "two")))
    ana = by_hand.person(project)
    by_hand.submit(ana, by_hand.next(ana, project))
    assert load(by_hand, project, way, rows((1, "uno"), (3, "three")), key="id", duplicates="update") == []
    assert texts_by_key(by_hand, project) == [(1, "uno"), (2, "two"), (3, "three")]
    assert [len(task["annotations"]) for task in tasks(by_hand, project)] == [1, 0, 0]


@BOTH_WAYS
def test_adding_asks_for_no_key_and_a_key_must_be_there(by_hand: Inside, way: str) -> None:
    project = by_hand.project(0)
    load(by_hand, project, way, rows((1, "one")))
    assert load(by_hand, project, way, rows((1, "uno"), (None, "x")), key="id", duplicates="add") == []
    assert load(by_hand, project, way, rows((4, "four"), (None, "x"), (True, "y")), key="id") == ["no-key", "no-key"]
    assert [text for _, text in texts_by_key(by_hand, project)] == ["one", "uno", "x", "four"]


def test_tasks_that_came_or_went_meanwhile_are_known(by_hand: Inside) -> None:
    project = by_hand.project(0)
    assert load(by_hand, project, "job", rows((1, "one")), key="id") == []
    load(by_hand, project, "request", rows((2, "two"), (3, "three")))
    assert load(by_hand, project, "job", rows((1, "uno"), (3, "tres")), key="id") == ["duplicate", "duplicate"]
    (first, _, third) = tasks(by_hand, project)
    studio.remove_task(by_hand.world, by_hand.owner, first["id"])
    other = models.read("ChangeTask", {"data": {"id": 4, "text": "four"}})
    studio.change_task(by_hand.world, by_hand.owner, third["id"], other)
    assert load(by_hand, project, "job", rows((1, "uno"), (2, "dos"), (3, "tres")), key="id") == ["duplicate"]
    assert texts_by_key(by_hand, project) == [(2, "two"), (4, "four"), (1, "uno"), (3, "tres")]


def test_an_import_that_is_cut_off_does_not_meet_itself(by_hand: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_job, "STEP_S", 0)
    monkeypatch.setattr(import_job, "BLOCK", 3)
    monkeypatch.setattr(import_job, "KEYED", 2)
    monkeypatch.setattr("chalicelib.jobs.BUDGET_S", 0)
    project = by_hand.project(0)
    data = rows(*((n % 10, f"Text {n}") for n in range(20)))
    job = begin_import(by_hand, project, upload(by_hand, project, "a.json", data), key="id")
    for _ in range(200):
        import_job.forget()
        body = run(by_hand, job)
        if body["state"] == "done":
            break
    assert texts_by_key(by_hand, project) == [(n, f"Text {n}") for n in range(10)]
    assert [told["code"] for told in body["problems"]] == ["duplicate"] * 10


def test_a_request_leaves_many_tasks_to_a_job(by_hand: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_KEYED", 2)
    monkeypatch.setattr(import_keys, "CHUNKS", 1)
    project = by_hand.project(60)
    with pytest.raises(Refusal) as refusal:
        load(by_hand, project, "request", rows((1, "one")), key="id")
    assert refusal.value.problems[0]["code"] == "key-needs-job"
    assert load(by_hand, project, "job", rows((1, "one")), key="id") == []
    assert load(by_hand, project, "request", rows((1, "one")), key="id") == ["duplicate"]


def test_an_update_that_would_break_an_answer_is_refused(by_hand: Inside) -> None:
    config = '<View><Text name="t" value="$text"/><Labels name="l" toName="t"><Label value="A"/></Labels></View>'
    project = by_hand.project(0, label_config=config)
    value = {"start": 0, "end": 8, "text": "long tex", "labels": ["A"]}
    result = [{"id": "a", "from_name": "l", "to_name": "t", "type": "labels", "value": value}]
    given = [{"data": {"id": 1, "text": "long text"}, "annotations": [{"result": result}]}]
    load(by_hand, project, "request", json.dumps(given).encode())
    assert len(load(by_hand, project, "request", rows((1, "x")), key="id", duplicates="update")) == 1
    assert texts_by_key(by_hand, project) == [(1, "long text")]
