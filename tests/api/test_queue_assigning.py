"""Who gets what: named people, groups, a field of the task, single tasks; and what comes back to whom, and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import assigning, jobs, keys, leases, models, queue
from chalicelib.auth import Caller
from chalicelib.handlers import assignments, imports, people, projects, submissions, tasks, work
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Job, Put
from chalicelib.tasks import read_state

from tests.api import invariants
from tests.api.inside import Inside, opened
from tests.api.people import Browser, Project, texts


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def change(inside: Inside, project: int, **asked: Any) -> None:
    projects.change(inside.world, inside.owner, project, models.read("ChangeProject", asked))


def ids_of(inside: Inside, project: int) -> list[int]:
    return [task["id"] for page in tasks.pages(inside.world, project) for task, _ in page]


def assign(inside: Inside, task: int, *people: Caller) -> None:
    asked = models.read("Assign", {"people": [person.person for person in people]})
    assignments.assign(inside.world, inside.owner, task, asked)


def join_group(inside: Inside, project: int, person: Caller, *groups: str) -> None:
    key = keys.membership(person.person, project)
    record = inside.world.records.get(*key)
    assert record is not None
    inside.world.records.transact([Put(*key, {**record.body, "groups": list(groups)})])


def taken(inside: Inside, person: Caller, project: int) -> list[str]:
    """Texts of everything that the person gets, submitted one by one."""
    seen = []
    while (envelope := inside.next(person, project)) is not None:
        seen.append(envelope["task"]["data"]["text"])
        inside.submit(person, envelope)
    return seen


def numbered(*numbers: int) -> list[str]:
    return [f"Text number {n}" for n in numbers]


# Lanes


def test_only_the_named_people_get_tasks(inside: Inside) -> None:
    project = inside.project(3)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    change(inside, project, queue={"assign": "people", "people": [ben.person]})
    assert inside.next(ana, project) is None
    assert taken(inside, ben, project) == numbered(1, 2, 3)


def test_only_people_of_the_named_groups_get_tasks(inside: Inside) -> None:
    project = inside.project(2, queue={"assign": "groups", "groups": ["Doctors"]})
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    join_group(inside, project, ben, "nurses", "doctors")
    assert inside.next(ana, project) is None
    assert taken(inside, ben, project) == numbered(1, 2)


def test_a_task_for_somebody_who_is_not_there_says_so_in_the_table(inside: Inside) -> None:
    project = inside.project(0, queue={"assign": "field", "field": "who"})
    ana = inside.person(project, "Ana")
    rows = [{"data": {"text": f"For {who}", "who": who}} for who in ("ana", "Zoe", "Night Shift", "")]
    imports.load(inside.world, inside.owner, project, json.dumps(rows).encode(), "application/json")

    def problems() -> list[str]:
        shown = tasks.listed(inside.world, inside.owner, project, 1, 50, "")["tasks"]
        return [row["title"] for row in shown if row.get("problem", {}).get("code") == "for-nobody"]

    assert problems() == ["For Zoe", "For Night Shift"]
    people.change(
        inside.world, inside.owner, project, ana.person, models.read("ChangePerson", {"groups": ["night shift"]})
    )
    assert problems() == ["For Zoe"]
    assign(inside, ids_of(inside, project)[1], ana)
    assert problems() == []


def test_a_field_of_the_task_names_who_gets_it(inside: Inside) -> None:
    project = inside.project(0, queue={"assign": "field", "field": "who"})
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    join_group(inside, project, cem, "Night shift")
    rows = [("a", " ana "), ("b", "Ben"), ("c", str(ben.person)), ("d", ben.person), ("e", "night  SHIFT"), ("f", None)]
    tasks = [{"data": {"text": text, "who": who}} for text, who in rows]
    imports.load(inside.world, inside.owner, project, json.dumps(tasks).encode(), "application/json")
    assert taken(inside, cem, project) == ["e", "f"], "and what names nobody is for anyone"
    assert taken(inside, ben, project) == ["c", "d", "b"]
    assert taken(inside, ana, project) == ["a"]
    assert invariants.check(inside.world, project) == []


def test_tasks_change_lanes_when_the_rule_does(inside: Inside) -> None:
    project = inside.project(0)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    tasks = [{"data": {"text": f"for {who} {n}", "who": who}} for n in range(10) for who in ("Ana", "Ben")]
    imports.load(inside.world, inside.owner, project, json.dumps(tasks).encode(), "application/json")
    held = inside.next(ana, project)
    work.give_back(inside.world, ana, held["task"]["id"])
    change(inside, project, queue={"assign": "field", "field": "who"})
    inside.finish_jobs(project)
    assert invariants.check(inside.world, project) == []
    assert sorted(taken(inside, ana, project)) == [f"for Ana {n}" for n in range(10)]
    change(inside, project, queue={"assign": "anyone"})
    inside.finish_jobs(project)
    assert sorted(taken(inside, ana, project)) == [f"for Ben {n}" for n in range(10)]
    assert inside.next(ben, project) is None
    assert invariants.check(inside.world, project) == []


# Single tasks


@pytest.mark.both_stores
def test_an_assigned_task_goes_to_its_people_first_of_all_and_to_nobody_else(inside: Inside) -> None:
    project = inside.project(4)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    ids = ids_of(inside, project)
    assign(inside, ids[2], ana)
    assert taken(inside, ben, project) == numbered(1, 2, 4)
    assert taken(inside, ana, project) == numbered(3)
    assert invariants.check(inside.world, project) == []


def test_a_task_that_is_assigned_to_fewer_people_than_wanted_is_done_with_these(inside: Inside) -> None:
    project = inside.project(2, maximum_annotations=3)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    assign(inside, ids_of(inside, project)[0], ana, ben)
    inside.submit(ana, inside.next(ana, project))
    assert inside.progress(project)["working"] == 1
    inside.submit(ben, inside.next(ben, project))
    assert inside.progress(project)["agreed"] == 1
    assert invariants.check(inside.world, project) == []


def test_an_unassigned_task_is_everybodys_again(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    (task,) = ids_of(inside, project)
    assign(inside, task, ana)
    assert inside.next(ben, project) is None
    assign(inside, task)
    assert inside.next(ben, project)["task"]["id"] == task
    assert invariants.check(inside.world, project) == []


def test_who_holds_a_task_when_it_is_assigned_to_others_may_still_submit_it(inside: Inside) -> None:
    project = inside.project(1, maximum_annotations=2)
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    held = inside.next(ana, project)
    assign(inside, held["task"]["id"], ben, cem)
    assert inside.next(ben, project) is not None
    assert "extra" not in inside.submit(ana, held)
    assert inside.next(cem, project) is None, "there was room for one more, and Ben has it"
    assert invariants.check(inside.world, project) == []


def test_ten_people_may_share_an_assigned_task_and_nobodys_list_keeps_it(inside: Inside) -> None:
    project = inside.project(1, maximum_annotations=2)
    people = [inside.person(project, f"Person {n}") for n in range(10)]
    assign(inside, ids_of(inside, project)[0], *people)
    for person in people[3:5]:
        inside.submit(person, inside.next(person, project))
    assert [inside.next(person, project) for person in people] == [None] * 10
    left = [inside.world.records.query(f"PERSON#{p.person}", keys.own_prefix(project)).records for p in people]
    assert left == [()] * 10
    assert invariants.check(inside.world, project) == []


def test_an_assigned_task_comes_back_to_its_people_when_an_answer_is_taken_out(inside: Inside) -> None:
    project = inside.project(1, maximum_annotations=1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    assign(inside, ids_of(inside, project)[0], ana, ben)
    made = inside.submit(ana, inside.next(ana, project))
    assert inside.next(ben, project) is None
    submissions.remove(inside.world, ana, made["id"])
    assert inside.next(ben, project) is not None
    assert invariants.check(inside.world, project) == []


def test_many_tasks_are_assigned_by_one_request_the_rest_by_a_job(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "AT_ONCE", 10)
    monkeypatch.setattr(assigning, "PER_JOB", 15)
    project = inside.project(50)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    ids = ids_of(inside, project)[:40]
    asked = models.read("AssignMany", {"tasks": [999_999_999, *ids], "people": [ana.person]})
    answer = assignments.assign_many(inside.world, inside.owner, project, asked)
    assert (answer["assigned"], answer["missing"], len(answer["jobs"])) == (9, [999_999_999], 3)
    inside.finish_jobs(project)
    assert taken(inside, ben, project) == numbered(*range(41, 51))
    assert taken(inside, ana, project) == numbered(*range(1, 41))
    assert invariants.check(inside.world, project) == []


@pytest.mark.parametrize(
    ("people", "code"),
    [([123_456], "no-person"), (list(range(1, 12)), "too-many")],
    ids=["a stranger", "eleven"],
)
def test_a_task_is_assigned_to_a_few_people_of_the_project_only(inside: Inside, people: list[int], code: str) -> None:
    project = inside.project(1)
    asked = models.read("Assign", {"people": people})
    with pytest.raises(Refusal) as refused:
        assignments.assign(inside.world, inside.owner, ids_of(inside, project)[0], asked)
    assert code in [problem["code"] for problem in refused.value.problems]


# Put off, skipped, released, handed over


@pytest.mark.both_stores
def test_a_task_that_was_put_off_comes_back_after_the_others(inside: Inside) -> None:
    project = inside.project(4)
    ana = inside.person(project)
    work.give_back(inside.world, ana, inside.next(ana, project)["task"]["id"], later=True)
    assert invariants.check(inside.world, project) == []
    assert taken(inside, ana, project) == numbered(2, 3, 4, 1)
    assert invariants.check(inside.world, project) == []


def test_a_task_that_was_put_off_goes_to_others_when_the_person_never_comes_back(inside: Inside) -> None:
    project = inside.project(2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    work.give_back(inside.world, ana, inside.next(ana, project)["task"]["id"], later=True)
    assert sorted(taken(inside, ben, project)) == numbered(1, 2)
    assert inside.next(ana, project) is None
    assert invariants.check(inside.world, project) == []


def test_skipped_tasks_come_again_to_the_same_person_at_last(inside: Inside) -> None:
    project = inside.project(3, queue={"skip": "again"})
    ana = inside.person(project)
    held = inside.next(ana, project)
    skipped = inside.submit(ana, held, was_cancelled=True)
    assert inside.progress(project)["skipped"] == 1
    seen = []
    while (envelope := inside.next(ana, project)) is not None:
        seen.append(envelope["task"]["data"]["text"])
        made = inside.submit(ana, envelope)
    assert seen == numbered(2, 3, 1)
    assert (made["id"], made["version"], made["was_cancelled"]) == (skipped["id"], 2, False)
    assert inside.progress(project) | {"skipped": 0, "agreed": 3} == inside.progress(project)
    assert invariants.check(inside.world, project) == []


def test_a_skip_ends_a_task_where_nobody_gets_it_any_more(inside: Inside) -> None:
    project = inside.project(2, maximum_annotations=2, queue={"skip": "drop"})
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    inside.submit(ana, inside.next(ana, project), was_cancelled=True)
    assert taken(inside, ben, project) == numbered(2)
    shown = projects.one(inside.world, inside.owner, project)
    assert (shown["progress"]["dropped"], shown["finished_task_number"]) == (1, 1)
    assert invariants.check(inside.world, project) == []
    change(inside, project, queue={"skip": "others"})
    inside.finish_jobs(project)
    assert inside.progress(project)["dropped"] == 0
    assert taken(inside, ben, project) == numbered(1)
    assert invariants.check(inside.world, project) == []


def test_a_skip_is_refused_where_everybody_must_answer(inside: Inside) -> None:
    project = inside.project(1, queue={"skip": "refused"})
    ana = inside.person(project)
    with pytest.raises(Refusal) as refused:
        inside.submit(ana, inside.next(ana, project), was_cancelled=True)
    assert refused.value.problems[0]["code"] == "no-skip"


def test_what_somebody_holds_or_put_off_is_released_for_all(inside: Inside) -> None:
    project = inside.project(3)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    work.give_back(inside.world, ana, inside.next(ana, project)["task"]["id"], later=True)
    first = inside.next(ana, project)
    inside.next(ana, project, first["task"]["id"])
    row = inside.world.records.get(*keys.project(project))
    assert row is not None
    assert len(queue.release_all(inside.world, row.body, ana.person)) == 3
    assert invariants.check(inside.world, project) == []
    assert sorted(taken(inside, ben, project)) == numbered(1, 2, 3)


def test_an_owner_hands_everything_of_one_person_to_another(inside: Inside) -> None:
    project = inside.project(6)
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    ids = ids_of(inside, project)
    for task in ids[3:5]:
        assign(inside, task, ana)
    assign(inside, ids[5], ana, cem)
    inside.submit(ana, inside.next(ana, project))
    inside.next(ana, project)
    asked = models.read("Reassign", {"to": [ben.person]})
    answer = assignments.hand_over(inside.world, inside.owner, project, ana.person, asked)
    assert answer["released"] == 1
    inside.finish_jobs(project)
    assert invariants.check(inside.world, project) == []
    assert taken(inside, cem, project) == numbered(6, 1, 2, 3)
    assert taken(inside, ben, project) == numbered(5)
    assert taken(inside, ana, project) == []


# Leases outside the indexes


def test_a_special_lease_takes_no_room_and_comes_back_to_its_person(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    given = special(inside, project, ben)
    assert given is not None
    assert inside.next(ben, project)["lease"]["token"] == given.lease.token
    assert inside.next(ana, project)["task"]["id"] == given.task["id"], "the room is for somebody who labels it"
    assert invariants.check(inside.world, project) == []


def test_a_special_lease_runs_out_like_every_other(inside: Inside) -> None:
    project = inside.project(2)
    ben = inside.person(project)
    special(inside, project, ben)
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    inside.next(inside.person(project, "Ana"), project)
    assert sum(len(list(rows)) for rows in leased(inside, project)) == 1
    assert invariants.check(inside.world, project) == []


def special(inside: Inside, project: int, person: Caller) -> queue.Given | None:
    found = inside.world.records.get_many([keys.project(project), keys.task(ids_of(inside, project)[0])])
    task = found[keys.task(ids_of(inside, project)[0])].body
    row = found[keys.project(project)].body
    return queue.lease_special(inside.world, row, person.person, task, read_state(task, None), "attention")


def leased(inside: Inside, project: int) -> list[Any]:
    shards = range(keys.SHARDS)
    return [inside.world.records.query(keys.lease_index(project, shard)).records for shard in shards]


def test_leases_that_ran_out_are_given_back_although_nobody_asks_for_a_task(inside: Inside) -> None:
    project = inside.project(3)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    inside.next(ana, project)
    plan = inside.world.records.get(*keys.sweep_plan(project))
    assert plan is not None
    inside.clock.now += 600
    inside.next(ben, project)
    job = Job("1", "sweep", {"project": project, "due": plan.body["due"]}, 1)
    inside.clock.now += queue.LEASE_MS / 1000 - 300
    leases.sweep_job(inside.world, job)
    assert [len(rows) for rows in leased(inside, project) if rows] == [1], "Ana's is over, Ben's is not"
    again = inside.world.records.get(*keys.sweep_plan(project))
    assert again is not None
    assert again.body["due"] > plan.body["due"]
    inside.clock.now += 600
    leases.sweep_job(inside.world, Job("2", "sweep", {"project": project, "due": again.body["due"]}, 1))
    assert inside.world.records.get(*keys.sweep_plan(project)) is None, "nobody holds anything, so nothing is planned"
    assert invariants.check(inside.world, project) == []


# Over HTTP


def test_tasks_are_put_off_assigned_and_handed_over_by_requests(
    owner: Browser, annotator: Callable[[Project, str], Browser]
) -> None:
    project = owner.project(tasks=texts(4))
    ana, ben = annotator(project, "Ana"), annotator(project, "Ben")
    first = ana.next(project)["task"]["id"]
    ana.call("POST", f"/api/tasks/{first}/lease/postpone", status=204)
    second = ana.next(project)["task"]["id"]
    assert second != first
    owner.call("POST", f"/api/tasks/{second}/assign", {"people": [ben.person]})
    ids = [row["id"] for row in owner.call("GET", f"/api/projects/{project.id}/tasks")["tasks"]]
    owner.call("POST", f"/api/projects/{project.id}/assign", {"tasks": ids[2:], "people": [ana.person]})
    answer = owner.call("POST", f"/api/projects/{project.id}/people/{ana.person}/reassign", {"to": [ben.person]})
    assert answer["released"] == 2
    owner.call("PUT", f"/api/tasks/{ids[3]}/priority", {"priority": 5})
    ana.call("POST", f"/api/tasks/{first}/assign", {"people": []}, status=403)
    ends = jobs.FINAL
    while owner.call("GET", f"/api/jobs/{answer['job']}")["state"] not in ends:
        continue
    assert ana.next(project) is None
    mine = []
    while (envelope := ben.next(project)) is not None:
        mine.append(envelope["task"]["id"])
        ben.submit(envelope)
    assert sorted(mine) == ids
