"""Jobs that make again what is derived from the annotations, after settings or a config have changed.

states     each touched task's state, listing and counters, from the consensus that is stored
consensus  the consensus itself, and then the same
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import configs, consensus, keys, reviews
from chalicelib.http import to_json
from chalicelib.jobs import Work
from chalicelib.storage.ports import Conflict, Operation, Record
from chalicelib.tasks import read_state, settle
from chalicelib.world import World

CHUNKS = 20
PER_READ = 100
Found = dict[keys.Key, Record]


def states(work: Work) -> bool:
    return _step(work, again=False)


def whole_consensus(work: Work) -> bool:
    return _step(work, again=True)


def _step(work: Work, *, again: bool) -> bool:
    world = work.world
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    page = world.records.query(f"TASKS#{work.project}", after=work.cursor.get("after"), limit=CHUNKS)
    if not page.records:
        return True
    ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
    for start in range(0, len(ids), PER_READ // 3):
        _bring_in_line(world, project.body, ids[start : start + PER_READ // 3], again=again)
    work.save({"after": page.records[-1].sk}, done=work.body["progress"]["done"] + len(ids))
    return page.cursor is None


def _bring_in_line(world: World, project: Mapping[str, Any], ids: Sequence[int], *, again: bool) -> None:
    """Tasks of one read, each in a transaction of its own; nothing is written for those that stay as they are."""
    found = _read(world, ids, again=again)
    for id_ in ids:
        operations = _operations(world, project, id_, found, again=again)
        if not operations:
            continue
        with contextlib.suppress(Conflict):
            world.records.transact(operations)
            continue
        while not _alone(world, id_, again=again):
            pass


def _alone(world: World, id_: int, *, again: bool) -> bool:
    """One task, all read anew; False: somebody changed it or its project meanwhile."""
    task = world.records.get(*keys.task(id_))
    project = world.records.get(*keys.project(task.body["project"])) if task else None
    if project is None:
        return True
    operations = _operations(world, project.body, id_, _read(world, [id_], again=again), again=again)
    with contextlib.suppress(Conflict):
        if operations:
            world.records.transact(operations)
        return True
    return False


def _read(world: World, ids: Sequence[int], *, again: bool) -> Found:
    """Tasks, states and consensus, and where needed the annotations: everything of PER_READ // 3 tasks at most."""
    found = world.records.get_many([key(id_) for id_ in ids for key in (keys.task, keys.state, keys.consensus)])
    if again:
        wanted = [
            keys.annotation(entry["id"], entry["version"])
            for id_ in ids
            if (state := found.get(keys.state(id_))) is not None
            for entry in state.body["annotations"]
        ]
        for start in range(0, len(wanted), PER_READ):
            found.update(world.records.get_many(wanted[start : start + PER_READ]))
    return found


def _operations(
    world: World, project: Mapping[str, Any], id_: int, found: Found, *, again: bool
) -> Sequence[Operation]:
    """What brings a task in line; nothing if it is, or if nobody has touched it."""
    task, record, row = (found.get(key(id_)) for key in (keys.task, keys.state, keys.consensus))
    if task is None or record is None:
        return ()
    state = read_state(task.body, record)
    before = state.copy()
    operations: list[Operation] = []
    if again:
        config = configs.load(world, project["id"], project["config_version"])
        wanted = [keys.annotation(entry["id"], entry["version"]) for entry in state.annotations]
        bodies = [found[key].body for key in wanted if key in found]
        made, operations = consensus.decide(world, config, project, state, bodies, task.body["data"])
        if (to_json(made) if made is not None else None) == (to_json(row.body) if row else None):
            operations = []
    elif row is not None:
        consensus.judge(project, state, row.body)
    now_ms = world.now_ms()
    reviews.follow(world, project, state, now_ms)
    settled = settle(before, state, project, now_ms)
    return [*operations, *settled] if operations or state.body() != before.body() else ()
