"""Many people at once who do everything at random: tasks have exactly their answers, and every row fits the others."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models, queue
from chalicelib.auth import Caller
from chalicelib.handlers import assignments, projects, submissions, work
from chalicelib.problems import Refusal

from tests.api import invariants
from tests.api.inside import Inside, opened


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


#: A throw of the die that skips the task.
SKIPS = 0.14


class Worker:
    """One person with a die. Threads race for real; what each of them tries is the same at each run."""

    def __init__(self, inside: Inside, project: int, person: Caller, seed: int) -> None:
        self.inside, self.project, self.person, self.die = inside, project, person, random.Random(seed)

    def labels(self, *, turns: int = 10_000, wild: bool = True) -> None:
        for _ in range(turns):
            envelope = self.inside.next(self.person, self.project)
            if envelope is None:
                return
            self.deal_with(envelope, self.die.random() if wild else 1.0)

    def deal_with(self, envelope: Any, thrown: float) -> None:
        world, task = self.inside.world, envelope["task"]["id"]
        if thrown < 0.06:
            work.give_back(world, self.person, task)
        elif thrown < 0.12:
            work.give_back(world, self.person, task, later=True)
        elif thrown < SKIPS + 0.02:
            self.submits(envelope, was_cancelled=True)
        elif thrown < 0.20:
            self.inside.clock.now += queue.LEASE_MS / 1000 / 8  # leases of others run out, in the middle of their work
        elif thrown < 0.24:
            made = self.submits(envelope)
            submissions.remove(world, self.person, made["id"])
        else:
            self.submits(envelope)

    def submits(self, envelope: Any, **more: Any) -> Any:
        choice = self.die.choice(["Calm", "Calm", "Sad"])
        made = self.inside.submit(self.person, envelope, choice, key=str(self.die.random()), **more)
        if self.die.random() < 0.1:
            body = {"result": made["result"], "version": made["version"]}
            submissions.change(self.inside.world, self.person, made["id"], body, "")
        return made


def work_together(workers: list[Worker], **how: Any) -> None:
    with ThreadPoolExecutor(len(workers)) as pool:
        for future in [pool.submit(worker.labels, **how) for worker in workers]:
            future.result()


def crowd(inside: Inside, project: int, people: int) -> list[Worker]:
    return [Worker(inside, project, inside.person(project, f"Person {n}"), n) for n in range(people)]


@pytest.mark.parametrize("skip", ["others", "again", "drop"])
def test_a_wild_crowd_leaves_every_row_consistent_and_every_task_with_its_answers(inside: Inside, skip: str) -> None:
    project = inside.project(60, maximum_annotations=2, queue={"skip": skip})
    workers = crowd(inside, project, 8)
    workers[0].deal_with(inside.next(workers[0].person, project), SKIPS)  # at least one, however the threads race
    work_together(workers, turns=40)
    assert invariants.check(inside.world, project) == []
    inside.clock.now += 2 * queue.LEASE_MS / 1000
    work_together(workers, wild=False)
    work_together(workers, wild=False)  # what others held when somebody looked
    assert invariants.check(inside.world, project) == []
    answers = invariants.exactly(inside.world, project)
    progress = inside.progress(project)
    if skip == "drop":
        assert progress["dropped"] > 0
        assert answers[0] == progress["dropped"]
        assert max(answers) <= 3, "two, and one who was already at it when the task was dropped and came late"
    else:
        assert set(answers) <= {2, 3, 4}, "more than two only where somebody came late"
        assert answers[2] >= 40


def test_a_crowd_that_keeps_its_leases_gives_exactly_as_many_answers_as_wanted(inside: Inside) -> None:
    project = inside.project(90, maximum_annotations=3)
    work_together(crowd(inside, project, 9), wild=False)
    assert invariants.exactly(inside.world, project) == Counter({3: 90})
    assert invariants.check(inside.world, project) == []


@pytest.mark.parametrize("first", ["imported", "random"])
def test_the_order_may_change_while_people_are_at_work(inside: Inside, first: str) -> None:
    """The job moves every task under people's hands; each still gets exactly two answers."""
    project = inside.project(120, maximum_annotations=2, queue={"order": first})
    workers = crowd(inside, project, 6)
    with ThreadPoolExecutor(1) as owner:
        changes = owner.submit(change_orders, inside, project, ["priority", "imported", "random"])
        work_together(workers, wild=False)
        changes.result()
    inside.finish_jobs(project)
    work_together(workers, wild=False)
    assert invariants.exactly(inside.world, project) == Counter({2: 120})
    assert invariants.check(inside.world, project) == []


def change_orders(inside: Inside, project: int, orders: list[str]) -> None:
    for order in orders:
        settings = models.read("ChangeProject", {"queue": {"order": order}})
        projects.change(inside.world, inside.owner, project, settings)


def test_tasks_may_be_assigned_and_freed_while_people_are_at_work(inside: Inside) -> None:
    project = inside.project(60, maximum_annotations=2)
    workers = crowd(inside, project, 6)
    ids = [task["id"] for page in all_tasks(inside, project) for task in page]
    people = [worker.person.person for worker in workers]
    with ThreadPoolExecutor(1) as owner:
        changes = owner.submit(assign_at_random, inside, ids, people)
        work_together(workers, turns=60)
        changes.result()
    assert invariants.check(inside.world, project) == []
    for id_ in ids:
        assignments.assign(inside.world, inside.owner, id_, models.read("Assign", {"people": []}))
    inside.clock.now += 2 * queue.LEASE_MS / 1000
    work_together(workers, wild=False)
    work_together(workers, wild=False)
    assert invariants.check(inside.world, project) == []
    assert min(invariants.exactly(inside.world, project)) == 2


def all_tasks(inside: Inside, project: int) -> list[list[Any]]:
    from chalicelib.handlers import tasks

    return [[task for task, _ in page] for page in tasks.pages(inside.world, project)]


def assign_at_random(inside: Inside, ids: list[int], people: list[int]) -> None:
    die = random.Random(5)
    for _ in range(150):
        chosen = die.sample(people, die.randint(0, 4))
        assignments.assign(inside.world, inside.owner, die.choice(ids), models.read("Assign", {"people": chosen}))


def test_a_refusal_is_told_to_who_holds_too_much_and_to_nobody_else(inside: Inside) -> None:
    project = inside.project(8)
    ana = inside.person(project)
    held: list[int] = []
    for _ in range(queue.HELD):
        held.append(inside.next(ana, project, *held)["task"]["id"])
    with pytest.raises(Refusal, match="already hold"):
        inside.next(ana, project, *held)
    assert invariants.check(inside.world, project) == []
