"""Deleting a task in every state: nobody gets it any more, no counter or index remembers it, nothing is left of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chalicelib import keys, models, pausing, removal
from chalicelib.handlers import assignments, comments, drafts, imports, predictions, quality, studio, submissions, work
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Job

from tests.api.inside import Inside, opened
from tests.api.people import mood
from tests.api.reviewing import Scene, change, scene


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def untouched(_: Scene) -> None:
    pass


def held(at: Scene) -> None:
    at.inside.next(at.people[0], at.project)


def held_by_many(at: Scene) -> None:
    change(at.inside, at.project, maximum_annotations=removal.LEASES_AT_ONCE + 1)
    at.inside.finish_jobs(at.project)
    for n in range(removal.LEASES_AT_ONCE + 1):
        at.inside.next(at.inside.person(at.project, f"Person {n}"), at.project)


def drafted(at: Scene) -> None:
    given = at.inside.next(at.people[0], at.project)
    body = {"result": mood("Sad"), "lease": given["lease"]["token"]}
    drafts.save(at.inside.world, at.people[0], given["task"]["id"], body)


def postponed(at: Scene) -> None:
    given = at.inside.next(at.people[0], at.project)
    work.give_back(at.inside.world, at.people[0], given["task"]["id"], later=True)


def assigned(at: Scene) -> None:
    body = models.read("Assign", {"people": [person.person for person in at.people]})
    assignments.assign(at.inside.world, at.inside.owner, at.task_ids()[0], body)


def labeled_once(at: Scene) -> None:
    at.label("Calm")


def skipped(at: Scene) -> None:
    at.inside.submit(at.people[0], at.inside.next(at.people[0], at.project), was_cancelled=True)


def agreed(at: Scene) -> None:
    at.label("Calm", "Calm")


def waits_for_a_reviewer(at: Scene) -> None:
    at.label("Calm", "Sad")


def sent_back(at: Scene) -> None:
    task, made = at.label("Calm", "Sad")
    at.decide(task, "send_back", annotation=made[0]["id"], comment="Sure?")


def verified(at: Scene) -> None:
    task, made = at.label("Calm", "Sad")
    at.decide(task, "accept", annotation=made[0]["id"], comment="Good.")


def gold(at: Scene) -> None:
    body = models.read("SetGold", {"kind": "gold", "result": mood("Sad")})
    quality.set_gold(at.inside.world, at.inside.owner, at.task_ids()[0], body)


def discarded(at: Scene) -> None:
    at.label("Calm", "Sad")
    project = at.inside.world.records.get(*keys.project(at.project))
    assert project is not None
    pausing.discard(at.inside.world, project.body, at.people[0].person, "requeue")
    at.inside.finish_jobs(at.project)


def answer_removed(at: Scene) -> None:
    _, made = at.label("Calm", "Sad")
    submissions.remove(at.inside.world, at.people[0], made[0]["id"])


def predicted_and_discussed(at: Scene) -> None:
    task, _ = at.label("Calm")
    body = models.read("NewPrediction", {"task": task, "result": mood("Sad")})
    predictions.create(at.inside.world, at.inside.owner, body)
    said = models.read("NewComment", {"text": "Is it?"})
    comments.add(at.inside.world, at.people[0], task, said)


STATES = [
    untouched, held, held_by_many, drafted, postponed, assigned, labeled_once, skipped, agreed, waits_for_a_reviewer,
    sent_back, verified, gold, discarded, answer_removed, predicted_and_discussed,
]  # fmt: skip


@pytest.mark.parametrize("come_to", STATES, ids=[state.__name__.replace("_", " ") for state in STATES])
def test_a_deleted_task_is_gone_for_everybody(inside: Inside, come_to: Callable[[Scene], None]) -> None:
    at = scene(inside, 2, people=2)
    come_to(at)
    task, other = at.task_ids()
    left: list[Job] = []
    enqueue = inside.world.jobs.enqueue

    def keep(kind: str, body: dict[str, object], *, delay_s: int = 0) -> str:
        if kind != "clear_task":
            return enqueue(kind, body, delay_s=delay_s)
        left.append(Job("1", kind, body, 1))
        return "1"

    inside.world.jobs.enqueue = keep  # type: ignore[method-assign, assignment]
    studio.remove_task(inside.world, inside.owner, task)
    for _ in range(2):  # a job may run twice
        removal.clear(inside.world, left[-1])
    at.assert_in_line()
    assert inside.world.records.query(f"TASK#{task}").records == ()
    assert inside.progress(at.project)["total"] == 1
    with pytest.raises(Refusal) as refused:
        studio.remove_task(inside.world, inside.owner, task)
    assert refused.value.status == 404
    for who in at.people:
        assert inside.next(who, at.project)["task"]["id"] == other
    assert quality.list_gold(inside.world, inside.owner, at.project, "")["gold"] == []
    assert inside.world.records.query(keys.gold_list(at.project)).records == ()
    assert submissions_of(inside, at) == []


def submissions_of(inside: Inside, at: Scene) -> list[int]:
    """Tasks in the finished lists of the people."""
    prefix = keys.finished_prefix(at.project)
    rows = [row for who in at.people for row in inside.world.records.query(f"PERSON#{who.person}", prefix).records]
    return [row.body["id"] for row in rows]


def test_a_clearing_that_comes_although_the_task_was_not_deleted_leaves_it_alone(inside: Inside) -> None:
    at = scene(inside, people=1)
    task, (made,) = at.label("Calm")
    state = at.state(task)
    removal.clear(inside.world, Job("1", "clear_task", removal._what_is_left(state), 1))
    assert submissions.one(inside.world, at.people[0], made["id"])["id"] == made["id"]
    at.assert_in_line()


def test_whoever_holds_a_deleted_task_learns_it_when_they_submit(inside: Inside) -> None:
    at = scene(inside, 2)
    given = inside.next(at.people[0], at.project)
    studio.remove_task(inside.world, inside.owner, given["task"]["id"])
    with pytest.raises(Refusal) as refused:
        inside.submit(at.people[0], given)
    assert refused.value.status == 404
    assert inside.next(at.people[0], at.project)["task"]["id"] != given["task"]["id"]


@pytest.mark.both_stores
def test_an_imported_task_goes_with_its_answers_and_predictions(inside: Inside) -> None:
    at = scene(inside, 0, people=1)
    row = {"data": {"text": "t"}, "annotations": [{"result": mood()}], "predictions": [{"result": mood("Sad")}]}
    imports.load(inside.world, inside.owner, at.project, json.dumps([row]).encode(), "application/json")
    (task,) = at.task_ids()
    found = inside.world.records.get(*keys.task(task))
    assert found is not None
    (prediction,) = found.body["predictions"]
    state = at.state(task)
    studio.remove_task(inside.world, inside.owner, task)
    removal.clear(inside.world, Job("1", "clear_task", removal._what_is_left(state), 1))
    assert inside.world.records.get(*keys.annotation(state.annotations[0]["id"], 1)) is None
    assert inside.world.records.get(*keys.prediction_place(prediction)) is None
    at.assert_in_line()
