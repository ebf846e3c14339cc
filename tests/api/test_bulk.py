"""The same change to many tasks, and taking it back: what was there comes again, what others did since stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import bulk, jobs, keys, models
from chalicelib.auth import Caller
from chalicelib.handlers import assignments, studio, table, tasks
from chalicelib.jobs import Work
from chalicelib.problems import Refusal
from chalicelib.tasks import read_state

from tests.api import invariants
from tests.api.inside import Inside, opened

pytestmark = pytest.mark.both_stores


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PER_STEP", 3)
    monkeypatch.setattr(bulk, "PER_PART", 6)


def ids_of(inside: Inside, project: int) -> list[int]:
    return [task["id"] for page in tasks.pages(inside.world, project) for task, _ in page]


def change(inside: Inside, project: int, ids: list[int], **what: Any) -> int:
    body = models.read("ChangeTasks", {"tasks": ids, "change": what})
    said = table.change_tasks(inside.world, inside.owner, project, body)
    assert said["change"] == what
    assert said["undo"] is None
    return int(said["job"])


def undo(inside: Inside, project: int, job: int) -> dict[str, Any]:
    said = table.undo_tasks(inside.world, inside.owner, project, job)
    inside.finish_jobs(project)
    return result(inside, said["undo"])


def result(inside: Inside, job: int) -> dict[str, Any]:
    record = inside.world.records.get(*keys.job(job))
    assert record is not None
    return dict(record.body["result"])


def states(inside: Inside, ids: list[int]) -> list[Any]:
    found = []
    for id_ in ids:
        task = inside.world.records.get(*keys.task(id_))
        assert task is not None
        found.append(read_state(task.body, inside.world.records.get(*keys.state(id_))))
    return found


def assigned(inside: Inside, ids: list[int]) -> list[list[int]]:
    return [state.assigned for state in states(inside, ids)]


def priorities(inside: Inside, ids: list[int]) -> list[float | None]:
    return [state.ranks.get("priority") for state in states(inside, ids)]


def test_people_of_many_tasks_are_changed_and_come_back(inside: Inside) -> None:
    project = inside.project(10)
    ids, ana, ben = ids_of(inside, project), inside.person(project, "Ana"), inside.person(project, "Ben")
    for id_, person in ((ids[0], ben), (ids[1], ana)):
        assignments.assign(inside.world, inside.owner, id_, models.read("Assign", {"people": [person.person]}))
    before = assigned(inside, ids)
    job = change(inside, project, [*ids, ids[0], 999_999_999], people=[ana.person])
    inside.finish_jobs(project)
    assert result(inside, job) == {"changed": 9, "same": 1, "missing": 1}
    assert assigned(inside, ids) == [[ana.person]] * 10
    assert undo(inside, project, job) == {"restored": 9, "left": 0, "missing": 0}
    assert assigned(inside, ids) == before
    assert invariants.check(inside.world, project) == []


def test_what_others_changed_since_is_left_alone_and_counted(inside: Inside) -> None:
    project = inside.project(7, queue={"order": "priority"})
    ids = ids_of(inside, project)
    for n, id_ in enumerate(ids[:2]):
        asked = models.read("ChangePriority", {"priority": 5.0 + n})
        assignments.set_priority(inside.world, inside.owner, id_, asked)
    job = change(inside, project, ids, priority=9.0)
    inside.finish_jobs(project)
    assert priorities(inside, ids) == [9.0] * 7
    assignments.set_priority(inside.world, inside.owner, ids[1], models.read("ChangePriority", {"priority": 1.5}))
    studio.remove_task(inside.world, inside.owner, ids[6])
    assert undo(inside, project, job) == {"restored": 5, "left": 1, "missing": 1}
    assert priorities(inside, ids[:6]) == [5.0, 1.5, None, None, None, None]


def test_an_action_is_undone_once_and_only_in_time(inside: Inside) -> None:
    project = inside.project(2)
    ids = ids_of(inside, project)
    job, late = (change(inside, project, ids, priority=n) for n in (2.0, 3.0))
    inside.finish_jobs(project)
    assert [one["job"] for one in table.changed_tasks(inside.world, inside.owner, project)["bulk"]] == [late, job]
    assert undo(inside, project, job) == {"restored": 0, "left": 2, "missing": 0}
    for number, status, code in ((job, 409, "undone"), (999_999_999, 404, "no-change")):
        with pytest.raises(Refusal) as refused:
            undo(inside, project, number)
        assert (refused.value.status, refused.value.problems[0]["code"]) == (status, code)
    inside.clock.now += bulk.UNDO_S
    with pytest.raises(Refusal) as refused:
        undo(inside, project, late)
    assert refused.value.problems[0]["code"] == "too-late"
    assert table.changed_tasks(inside.world, inside.owner, project) == {"bulk": []}
    assert priorities(inside, ids) == [3.0, 3.0]


def part_done(inside: Inside, project: int, ids: list[int], monkeypatch: pytest.MonkeyPatch) -> tuple[int, Work]:
    """An action that stops in the middle of its second step, with its job as it is then."""
    monkeypatch.setattr(jobs, "go", lambda *_: None)
    monkeypatch.setattr(inside.world.jobs, "enqueue", lambda *_, **__: None)
    job = change(inside, project, ids, priority=4.0)
    record = inside.world.records.get(*keys.job(job))
    assert record is not None
    work = Work(inside.world, record.version, dict(record.body))
    assert bulk.step(work) is False

    class Died(Exception):
        pass

    turn = bulk._turn
    turned: list[int] = []

    def dies(*given: Any, **more: Any) -> Any:
        if turned:
            raise Died
        turned.append(1)
        return turn(*given, **more)

    with monkeypatch.context() as dying:
        dying.setattr(bulk, "_turn", dies)
        with pytest.raises(Died):
            bulk.step(work)
    assert priorities(inside, ids) == [4.0] * 4 + [None] * (len(ids) - 4)
    return job, work


def test_a_run_that_was_cut_off_goes_on_without_forgetting_what_was(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = inside.project(8)
    ids = ids_of(inside, project)
    with monkeypatch.context() as quiet:
        job, work = part_done(inside, project, ids, quiet)
        while not bulk.step(work):
            pass
    assert result(inside, job) == {"changed": 8, "same": 0, "missing": 0}
    jobs.cancel(inside.world, job)
    assert undo(inside, project, job) == {"restored": 8, "left": 0, "missing": 0}
    assert priorities(inside, ids) == [None] * 8


def test_an_action_that_still_runs_stops_where_it_is_undone(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = inside.project(8)
    ids = ids_of(inside, project)
    with monkeypatch.context() as quiet:
        job, work = part_done(inside, project, ids, quiet)
    head = inside.world.records.get(*keys.bulk(project, job))
    assert head is not None
    told = undo(inside, project, job)
    assert (told["left"], told["missing"]) == (0, 0)
    assert priorities(inside, ids) == [None] * 8
    with monkeypatch.context() as stale:  # another run of it, which has read that nothing was undone
        stale.setattr(bulk, "_there", lambda *_: (inside.world, project_body(inside, project), head))
        with pytest.raises(jobs.Stopped):
            bulk.step(work)
    assert priorities(inside, ids) == [None] * 8


def project_body(inside: Inside, project: int) -> Any:
    record = inside.world.records.get(*keys.project(project))
    assert record is not None
    return record.body


@pytest.mark.parametrize(
    ("what", "code"),
    [
        pytest.param({}, "bad-member", id="nothing"),
        pytest.param({"people": [], "priority": 1.0}, "bad-member", id="two things"),
        pytest.param({"people": [999_999_999]}, "no-person", id="a stranger"),
        pytest.param({"state": "agreed"}, "bad-member", id="something else"),
    ],
)
def test_one_known_thing_is_changed(inside: Inside, what: dict[str, Any], code: str) -> None:
    project = inside.project(1)
    with pytest.raises(Refusal) as refused:
        change(inside, project, ids_of(inside, project), **what)
    assert refused.value.problems[0]["code"] == code


def test_only_who_manages_changes_and_undoes(inside: Inside) -> None:
    project = inside.project(1)
    ids = ids_of(inside, project)
    job = change(inside, project, ids, priority=2.0)
    ana: Caller = inside.person(project)
    body = models.read("ChangeTasks", {"tasks": ids, "change": {"priority": 7.0}})
    asks: list[Callable[[], object]] = [
        lambda: table.change_tasks(inside.world, ana, project, body),
        lambda: table.undo_tasks(inside.world, ana, project, job),
        lambda: table.changed_tasks(inside.world, ana, project),
    ]
    for ask in asks:
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.status == 403
    inside.finish_jobs(project)
    assert priorities(inside, ids) == [2.0]
