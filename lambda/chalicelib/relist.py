"""Moving tasks in the queue: when a project's order or its rule of assignment changes, or what one task is sorted by.

A move is a change of the task's state row like every other, so people may take the task at any moment, before, during
or after it, and exactly as many as wanted get it. The project's epoch goes up at the start and at the end: everybody's
place in the indexes begins anew, because rows come in behind them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from chalicelib import keys, orders
from chalicelib.jobs import Work
from chalicelib.orders import Ranks
from chalicelib.storage.ports import Conflict, Operation, Put
from chalicelib.tasks import State, read_state, settle
from chalicelib.world import World

Project = Mapping[str, Any]

JOB = "relist"
CHUNKS = 10
TRIES = 64
UNSET = object()


def relist(world: World, project: Project, task_id: int, *, priority: Any = UNSET, score: Any = UNSET) -> None:
    """
    Put one task where it belongs now.

    Args:
        priority: a number; its new priority, kept with the task. None: the one of its import again.
        score: of the newest prediction, None if it has none; absent: as it is stored.
    """
    for _ in range(TRIES):
        found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
        task = found.get(keys.task(task_id))
        if task is None:
            return
        state = read_state(task.body, found.get(keys.state(task_id)))
        before = state.copy()
        if priority is not UNSET:
            state.ranks = {} if priority is None else {"priority": float(priority)}
        operations = moved(world, project, task.body, before, state, score)
        with contextlib.suppress(Conflict):
            world.records.transact(operations)
            return
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def rescored(world: World, project: Project, task_id: int) -> None:
    """A prediction of the task was added, changed or deleted: where the order goes by its score, the task moves."""
    if orders.of(project) == "uncertainty":
        relist(world, project, task_id)


def moved(
    world: World, project: Project, task: Mapping[str, Any], before: State, state: State, score: Any = UNSET
) -> list[Operation]:
    """Nothing when the task stands where it should already."""
    if score is UNSET:
        score = _score(world, project, state.task)
    known = orders.ranks_of({"priority": state.ranks.get("priority", task.get("priority"))}, [score])
    state.position = orders.position(project, state.task, state.inner, Ranks(known.priority, known.score))
    state.lane = orders.lane(project, task["data"])
    if (state.position, state.lane, state.ranks) == (before.position, before.lane, before.ranks):
        return []
    return settle(before, state, project, world.now_ms())


def _score(world: World, project: Project, task_id: int) -> Any:
    """Of the task's newest prediction, where the order goes by it."""
    if orders.of(project) != "uncertainty":
        return None
    page = world.records.query(f"TASK#{task_id}", "PREDICTION#", limit=1, reverse=True)
    return page.records[0].body.get("score") if page.records else None


def step(work: Work) -> bool:
    """Move the tasks of some chunks; the last step makes everybody's place begin anew once more."""
    world = work.world
    record = world.records.get(*keys.project(work.project))
    if record is None or record.body.get("deleted_at"):
        return True
    page = world.records.query(f"TASKS#{work.project}", after=work.cursor.get("after"), limit=CHUNKS)
    for chunk in page.records:
        for id_ in chunk.body["tasks"]:
            relist_one(world, work.project, id_)
    moved = sum(len(chunk.body["tasks"]) for chunk in page.records)
    if page.records:
        work.save({"after": page.records[-1].sk}, done=work.body["progress"]["done"] + moved)
    if page.cursor is not None:
        return False
    begin_anew(world, work.project)
    return True


def relist_one(world: World, project_id: int, task_id: int) -> None:
    """As the project's settings are at this moment: they may change while the job runs."""
    project = world.records.get(*keys.project(project_id))
    if project is not None:
        relist(world, project.body, task_id)


def begin_anew(world: World, project_id: int) -> None:
    """Everybody looks at the whole queue once more."""
    for _ in range(TRIES):
        record = world.records.get(*keys.project(project_id))
        if record is None:
            return
        body = {**record.body, "queue_epoch": record.body.get("queue_epoch", 0) + 1}
        with contextlib.suppress(Conflict):
            world.records.transact([Put(record.pk, record.sk, body, expect=record.version)])
            return
    raise Conflict(*keys.project(project_id), expected=0, found=0)
