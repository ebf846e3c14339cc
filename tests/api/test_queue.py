"""The queue: exactly as many annotations per task as wanted, nobody twice, leases that come back, in any crowd."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from chalicelib import keys, queue
from chalicelib.handlers import studio, submissions, tasks, work
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Record
from chalicelib.tasks import STATES

from tests.api import scoring
from tests.api.inside import Inside, opened
from tests.api.people import Browser, Project, mood, texts


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def answers_of(inside: Inside, project: int) -> dict[int, list[int]]:
    """People by task, from the stored annotations."""
    return {
        task["id"]: [a["completed_by"] for a in submissions.newest(inside.world, state)]
        for page in tasks.pages(inside.world, project)
        for task, state in page
    }


def test_tasks_come_in_the_order_of_import(inside: Inside) -> None:
    project = inside.project(40)
    ana = inside.person(project)
    seen = []
    while (envelope := inside.next(ana, project)) is not None:
        seen.append(envelope["task"]["data"]["text"])
        inside.submit(ana, envelope)
    assert seen == [f"Text number {n}" for n in range(1, 41)]


def test_a_person_who_comes_back_gets_the_task_they_hold(inside: Inside) -> None:
    project = inside.project(3)
    ana = inside.person(project)
    first = inside.next(ana, project)
    assert inside.next(ana, project)["task"] == first["task"]


def test_the_page_may_fetch_ahead_while_a_submit_is_on_its_way_and_no_more(inside: Inside) -> None:
    project = inside.project(5)
    ana = inside.person(project)
    held: list[int] = []
    for _ in range(3):
        held.append(inside.next(ana, project, *held)["task"]["id"])
    assert len(set(held)) == 3
    with pytest.raises(Refusal, match="already hold 3") as refused:
        inside.next(ana, project, *held)
    assert refused.value.status == 409


def test_overlap_one_gives_a_task_to_one_person(inside: Inside) -> None:
    project = inside.project(2)
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    got = {inside.next(person, project)["task"]["id"] for person in (ana, ben)}
    assert len(got) == 2
    assert inside.next(cem, project) is None


@pytest.mark.both_stores
def test_a_lease_that_ran_out_goes_to_somebody_else(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    assert inside.next(ben, project) is None
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    assert inside.next(ben, project)["task"] == held["task"]


def test_a_person_whose_lease_ran_out_gets_the_same_task_again(inside: Inside) -> None:
    project = inside.project(3)
    ana = inside.person(project)
    held = inside.next(ana, project)
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    again = inside.next(ana, project)
    assert again["task"] == held["task"]
    assert again["lease"]["expires_at"] > held["lease"]["expires_at"]


def test_a_renewed_lease_lasts_another_term(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    inside.clock.now += 0.9 * queue.LEASE_MS / 1000
    from chalicelib import models

    work.renew(inside.world, ana, held["task"]["id"], models.read("Renew", {"token": held["lease"]["token"]}))
    inside.clock.now += 0.9 * queue.LEASE_MS / 1000
    assert inside.next(ben, project) is None


def test_what_is_given_back_goes_to_others_at_once(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    work.give_back(inside.world, ana, held["task"]["id"])
    assert inside.next(ben, project)["task"] == held["task"]


def test_what_one_gave_back_can_still_come_to_oneself(inside: Inside) -> None:
    project = inside.project(1, maximum_annotations=2)
    ana = inside.person(project)
    held = inside.next(ana, project)
    work.give_back(inside.world, ana, held["task"]["id"])
    assert inside.next(ana, project)["task"] == held["task"]


def test_work_on_a_lease_that_ran_out_counts_while_there_is_room(inside: Inside) -> None:
    project = inside.project(1)
    ana = inside.person(project)
    held = inside.next(ana, project)
    inside.clock.now += 10 * queue.LEASE_MS / 1000
    assert "extra" not in inside.submit(ana, held)
    assert inside.progress(project)["agreed"] == 1


def test_work_that_comes_after_others_finished_is_kept_as_an_extra_annotation(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    late = inside.next(ana, project)
    inside.clock.now += queue.LEASE_MS / 1000 + 6
    inside.submit(ben, inside.next(ben, project))
    assert inside.submit(ana, late, "Sad")["extra"] is True
    assert answers_of(inside, project) == {late["task"]["id"]: [ben.person, ana.person]}
    assert inside.progress(project)["disagree"] == 1


def test_nobody_submits_a_task_that_was_never_given_to_them(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    with pytest.raises(Refusal, match="not given to you") as refused:
        inside.submit(ben, held)
    assert refused.value.status == 403


@pytest.mark.both_stores
def test_a_skipped_task_goes_to_somebody_else_and_never_back(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ana, project)
    inside.submit(ana, held, was_cancelled=True)
    assert inside.next(ana, project) is None
    assert inside.next(ben, project)["task"] == held["task"]
    assert inside.progress(project) | {"new": 1, "skipped": 1, "annotations": 0} == inside.progress(project)


def test_a_deleted_task_leaves_no_row_in_the_table(inside: Inside) -> None:
    project = inside.project(5)
    ana = inside.person(project)
    done = inside.submit(ana, inside.next(ana, project))["task"]
    held = inside.next(ana, project)["task"]["id"]
    known = scoring.give_answers(inside, project, 1, "gold", first=3)[0]
    for task in (done, held, known):
        studio.remove_task(inside.world, inside.owner, task)
    listed = [row for name in STATES for row in inside.world.records.query(f"TASKS#{project}#{name}").records]
    assert listed == []
    assert inside.progress(project)["total"] == inside.progress(project)["new"] == 2


@pytest.mark.both_stores
def test_a_deleted_annotation_opens_its_task_again(inside: Inside) -> None:
    project = inside.project(1)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    made = inside.submit(ana, inside.next(ana, project))
    assert inside.next(ben, project) is None
    submissions.remove(inside.world, ana, made["id"])
    assert inside.next(ben, project) is not None
    assert inside.progress(project)["annotations"] == 0


def test_a_returned_task_is_found_by_a_person_who_is_far_ahead(inside: Inside) -> None:
    project = inside.project(60, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    held = inside.next(ben, project)
    for _ in range(59):
        inside.submit(ana, inside.next(ana, project))
    inside.submit(ana, inside.next(ana, project))
    assert inside.next(ana, project) is None
    work.give_back(inside.world, ben, held["task"]["id"])
    assert inside.next(ana, project) is None, "it is done by Ana"
    assert inside.next(ben, project)["task"] == held["task"]


@pytest.mark.both_stores
def test_a_returned_task_comes_in_its_place_and_not_before_earlier_ones(inside: Inside) -> None:
    project = inside.project(5, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    for _ in range(2):
        inside.submit(ana, inside.next(ana, project))
    work.give_back(inside.world, ana, inside.next(ana, project)["task"]["id"])
    seen = []
    while (envelope := inside.next(ben, project)) is not None:
        seen.append(envelope["task"]["data"]["text"])
        inside.submit(ben, envelope)
    assert seen == [f"Text number {n}" for n in range(1, 6)]


def test_a_task_that_is_given_back_by_a_machine_whose_clock_is_behind_is_found(inside: Inside) -> None:
    project = inside.project(2, maximum_annotations=2)
    ana, ben, cem = (inside.person(project, name) for name in ("Ana", "Ben", "Cem"))
    inside.submit(ana, inside.next(ana, project))
    first = inside.next(ben, project)
    work.give_back(inside.world, ben, first["task"]["id"])
    second = inside.next(cem, project, first["task"]["id"])
    assert inside.next(ben, project, first["task"]["id"])["task"] == second["task"]
    assert inside.next(ana, project) is None, "she has passed what Ben gave back"
    inside.clock.now -= 5
    work.give_back(inside.world, cem, second["task"]["id"])
    assert inside.next(ana, project)["task"] == second["task"]


class Counting:
    """Records that count what is asked of them."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        self.asked += 1
        return getattr(self._records, name)


def test_the_next_task_costs_the_same_after_a_thousand(inside: Inside) -> None:
    """With overlap 2 and one person every finished task stays listed, and is never looked at again."""
    done = inside.size(1000, 120)
    project = inside.project(done + 200, maximum_annotations=2)
    ana = inside.person(project)
    for _ in range(done):
        inside.submit(ana, inside.next(ana, project))
    counting = Counting(inside.world.records)
    inside.world.records = counting
    inside.next(ana, project)
    assert counting.asked <= 12


def run_crowd(people: int, take: Callable[[int], tuple[int, Callable[[], None]] | None]) -> list[tuple[int, int]]:
    """`people` threads take and submit until nothing is left: (person number, task id) as the answers came."""
    done: list[tuple[int, int]] = []
    begin = threading.Barrier(people)

    def one(number: int) -> None:
        begin.wait()
        while (taken := take(number)) is not None:
            task, submit = taken
            submit()
            done.append((number, task))

    with ThreadPoolExecutor(people) as pool:
        for future in [pool.submit(one, number) for number in range(people)]:
            future.result()
    return done


def test_sixteen_people_label_everything_exactly_twice_and_nobody_twice(inside: Inside) -> None:
    project = inside.project(150, maximum_annotations=2)
    crowd = [inside.person(project, f"Person {n}") for n in range(16)]
    random.seed(7)

    def take(number: int) -> tuple[int, Callable[[], None]] | None:
        envelope = inside.next(crowd[number], project)
        if envelope is None:
            return None
        choice = random.choice(["Calm", "Sad"])
        return envelope["task"]["id"], lambda: inside.submit(crowd[number], envelope, choice)

    done = run_crowd(16, take)
    stored = answers_of(inside, project)
    assert len(stored) == 150
    assert all(len(people) == 2 and len(set(people)) == 2 for people in stored.values())
    assert Counter(done) == Counter(
        (n, task) for task, people in stored.items() for n in range(16) if crowd[n].person in people
    )
    assert inside.progress(project) | {"total": 150, "annotations": 300, "new": 0, "working": 0} == inside.progress(
        project
    )


def test_every_consensus_names_the_annotations_that_are_stored(inside: Inside) -> None:
    project = inside.project(30, maximum_annotations=4)
    crowd = [inside.person(project, f"Person {n}") for n in range(8)]

    def take(number: int) -> tuple[int, Callable[[], None]] | None:
        envelope = inside.next(crowd[number], project)
        return None if envelope is None else (envelope["task"]["id"], lambda: inside.submit(crowd[number], envelope))

    run_crowd(8, take)
    checked = 0
    for page in tasks.pages(inside.world, project):
        for task, state in page:
            row = inside.world.records.get(*keys.consensus(task["id"]))
            assert isinstance(row, Record)
            made_from = {(m["annotation"], m["version"]) for m in row.body["made_from"]}
            assert made_from == {(a["id"], a["version"]) for a in state.annotations}
            assert len(made_from) == 4
            checked += 1
    assert checked == 30


def test_sixteen_browsers_label_everything_exactly_twice_and_nobody_twice(
    owner: Browser, annotator: Callable[[Project, str], Browser]
) -> None:
    project = owner.project(tasks=texts(80), maximum_annotations=2)
    crowd = [annotator(project, f"Person {n}") for n in range(16)]

    def take(number: int) -> tuple[int, Callable[[], None]] | None:
        envelope = crowd[number].next(project)
        if envelope is None:
            return None
        return envelope["task"]["id"], lambda: crowd[number].submit(envelope, mood("Sad" if number % 2 else "Calm"))

    done = run_crowd(16, take)
    exported = owner.call("GET", f"/api/projects/{project.id}/export")
    people = {task["id"]: [a["completed_by"] for a in task["annotations"]] for task in exported}
    assert len(people) == 80
    assert all(len(who) == 2 and len(set(who)) == 2 for who in people.values())
    assert sorted(done) == sorted((n, t) for t, who in people.items() for n in range(16) if crowd[n].person in who)


def test_answers_never_reach_another_request(owner: Browser, annotator: Callable[[Project, str], Browser]) -> None:
    """Chalice's current request is one attribute per app; under 16 clients each must still see its own."""
    project = owner.project(tasks=texts(1))
    crowd = [annotator(project, f"Person {n}") for n in range(16)]

    def ask(browser: Browser) -> int:
        return sum(browser.call("GET", "/api/session")["person"]["id"] != browser.person for _ in range(60))

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, crowd)) == 0
