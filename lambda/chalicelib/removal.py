"""Deleting a task: gone for everybody in one transaction; what nobody can reach any more is cleared by a job."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib import keys, purge
from chalicelib.queue import take_back
from chalicelib.storage.ports import ABSENT, Add, Check, Conflict, Delete, Job, Operation
from chalicelib.tasks import State, settle
from chalicelib.world import World

TRIES = 20
LEASES_AT_ONCE = 8
CLEAR_AFTER_S = 5
"""The job is asked for before the deletion, so that a crash between them leaves nothing; this is time to commit."""


def remove(world: World, project: Any, state: State) -> bool:
    """False: the task has moved since it was read, or people held it; read again."""
    now_ms = world.now_ms()
    if len(state.leases) > LEASES_AT_ONCE:
        before = state.copy()
        operations: list[Operation] = []
        for lease in state.leases[:LEASES_AT_ONCE]:
            operations += take_back(state, lease["person"])
        with contextlib.suppress(Conflict):
            world.records.transact([*operations, *settle(before, state, project, now_ms, back=True)])
        return False
    world.jobs.enqueue("clear_task", _what_is_left(state), delay_s=CLEAR_AFTER_S)
    after = replace(state.copy(), annotations=[], leases=[], gold="deleted", review={}, extra=0)
    operations = [op for lease in state.leases for op in take_back(state.copy(), lease["person"])]
    known = world.records.get(*keys.known_answer(state.task)) if state.gold else None
    if known is not None:
        operations.append(Delete(keys.gold_list(state.project), known.body["listed"]))
    counters = keys.counts(state.project, state.task)
    by: dict[str, int] = {}
    settled = settle(state, after, project, now_ms)
    table = keys.in_state(state.project, after.name, state.inner)  # no row of it may stay there
    for operation in settled:
        if (operation.pk, operation.sk) in (keys.state(state.task), table):
            continue
        if isinstance(operation, Add) and (operation.pk, operation.sk) == counters:
            by = dict(operation.by)
        else:
            operations.append(operation)
    by[after.name] = by.get(after.name, 0) - 1
    gone = keys.state(state.task)
    has_row = state.record_version != ABSENT
    operations += [
        Delete(*gone, expect=state.record_version) if has_row else Check(*gone, expect=ABSENT),
        Delete(*keys.task(state.task)),
        Delete(*table),
        Add(*counters, {name: n for name, n in by.items() if n}),
    ]
    try:
        world.records.transact(operations)
    except Conflict:
        return False
    return True


def _what_is_left(state: State) -> dict[str, Any]:
    entries = [
        [a["id"], a["person"], a["at"], int(not a["cancelled"] and not a.get("discarded"))] for a in state.annotations
    ]
    return {"task": state.task, "project": state.project, "annotations": entries}


def clear(world: World, job: Job) -> None:
    """Lists, counts and versions of a task that was deleted. A task that is still there was not."""
    task_id, project_id = job.body["task"], job.body["project"]
    if world.records.get(*keys.task(task_id)) is not None:
        return
    for id_, person, at_ms, counted in job.body["annotations"]:
        first = world.records.get(*keys.annotation(id_, 1))
        if first is not None:  # else the job ran before, at least so far
            operations: list[Operation] = [Delete(first.pk, first.sk)]
            if at_ms:
                operations.append(Delete(*keys.finished(person, project_id, at_ms, task_id)))
                if counted:
                    operations.append(Add(*keys.work_count(project_id, person), {"annotations": -1}))
            world.records.transact(operations)
        purge.purge_versions(world, id_)
    while True:
        page = world.records.query(f"TASK#{task_id}", limit=100)
        if not page.records:
            return
        gone: Sequence[Operation] = [Delete(row.pk, row.sk) for row in page.records]
        places = [
            Delete(*keys.prediction_place(row.body["id"])) for row in page.records if row.sk.startswith("PREDICTION#")
        ]
        places += [Delete(*keys.comment_place(row.body["id"])) for row in page.records if row.sk.startswith("COMMENT#")]
        for row in page.records:
            if row.sk.startswith("REMOVED#"):
                body = row.body
                purge.purge_versions(world, body["annotation"])
                places.append(Delete(*keys.removed_of(body["person"], project_id, body["at"], body["annotation"])))
        for start in range(0, len(places), 25):
            world.records.transact(places[start : start + 25])
        for start in range(0, len(gone), 25):
            world.records.transact(gone[start : start + 25])
