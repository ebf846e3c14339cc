"""Leases: a task in somebody's hands until a time, and what happens when that time is over.

The index of a project's leases is sorted by their end, in a few partitions. Everybody who asks for a task looks there
first when a lease may have run out; a job does where nobody asks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import keys, settings, tokens
from chalicelib.storage.ports import ABSENT, Conflict, Delete, Job, Operation, Put, Record
from chalicelib.tasks import State, drop_expired, purpose_of, read_state, settle
from chalicelib.world import World

MINUTE_MS = 60 * 1000
LEASE_MS = settings.DEFAULTS["queue"]["lease_minutes"] * MINUTE_MS
"""Where a project says nothing else."""
SWEEP = 8
LOOK_AGAIN_S = 5.0
AFTER_S = 2
"""The job looks a little after the first lease has run out."""
LONGEST_DELAY_S = 900
"""Of a job on AWS."""

Project = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lease:
    token: str
    expires_ms: int


def term_ms(project: Project) -> int:
    minutes: int = settings.value(project, "queue", "lease_minutes")
    return minutes * MINUTE_MS


def lease_of(world: World, state: State, lease: Mapping[str, Any]) -> Lease:
    token = tokens.new_lease(world.secret, state.task, lease["person"], lease["expires"], purpose_of(lease))
    return Lease(token, lease["expires"])


def give(state: State, project: Project, person: int, now_ms: int, purpose: str = "label") -> dict[str, Any]:
    """Put a new lease into the state."""
    lease: dict[str, Any] = {"person": person, "expires": now_ms + term_ms(project)}
    if purpose != "label":
        lease["purpose"] = purpose
    state.leases.append(lease)
    return lease


def row_of(state: State, lease: Mapping[str, Any]) -> Put:
    key = keys.lease(state.project, lease["expires"], state.task, lease["person"])
    return Put(*key, {"task": state.task})


def take_back(state: State, person: int) -> list[Operation]:
    """Take the person's lease out of the state; gives the deletion of its row."""
    mine = [x for x in state.leases if x["person"] == person]
    state.leases = [x for x in state.leases if x["person"] != person]
    return [Delete(*keys.lease(state.project, x["expires"], state.task, x["person"])) for x in mine]


def sweep(world: World, project: Project) -> None:
    """Give back what was neither submitted nor renewed in time. Looks only when something can have run out."""
    now = world.clock()
    if now < world.sweep_at.get(project["id"], 0.0):
        return
    first_ms, more = _sweep(world, project, int(now * 1000))
    if more:
        return
    again = now + LOOK_AGAIN_S
    world.sweep_at[project["id"]] = again if first_ms is None else min(again, first_ms / 1000)


def _sweep(world: World, project: Project, now_ms: int) -> tuple[int | None, bool]:
    """The end of the first lease that goes on, and whether there may be more to give back."""
    first: list[int] = []
    more = False
    for shard in range(keys.SHARDS):
        page = world.records.query(keys.lease_index(project["id"], shard), limit=SWEEP)
        over = [row for row in page.records if _end_ms(row) <= now_ms]
        for row in over:
            with contextlib.suppress(Conflict):  # somebody else sweeps, or the task was submitted at this moment
                _return(world, project, row, now_ms)
        more = more or len(over) == SWEEP
        first += [_end_ms(row) for row in page.records[len(over) :][:1]]
    return min(first, default=None), more


def _end_ms(row: Record) -> int:
    return int(row.sk[:14])


def _return(world: World, project: Project, row: Record, now_ms: int) -> None:
    task_id = row.body["task"]
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task = found.get(keys.task(task_id))
    operations: list[Operation] = []
    if task is not None:
        state = read_state(task.body, found.get(keys.state(task_id)))
        before = state.copy()
        dropped = drop_expired(state, now_ms)
        if dropped:
            back = any(purpose_of(lease) == "label" for lease in before.leases if lease not in state.leases)
            operations = [*dropped, *settle(before, state, project, now_ms, back=back)]
    operations = [operation for operation in operations if (operation.pk, operation.sk) != (row.pk, row.sk)]
    world.records.transact([*operations, Delete(row.pk, row.sk)])


def plan_sweep(world: World, project: Project) -> None:
    """See to it that leases that run out are given back although nobody asks for a task: one job at a time waits."""
    id_, now = project["id"], world.clock()
    if world.sweep_planned.get(id_, 0.0) > now:
        return
    key = keys.sweep_plan(id_)
    plan = world.records.get(*key)
    if plan is None or plan.body["due"] <= now:
        world.sweep_planned[id_] = _plan(world, id_, plan.version if plan else ABSENT, term_ms(project) / 1000)
    else:
        world.sweep_planned[id_] = plan.body["due"]


def _plan(world: World, project_id: int, version: int, wait_s: float) -> float:
    """Have the job run after so long, unless somebody else planned it at this moment. Gives when a new one is due."""
    delay_s = min(LONGEST_DELAY_S, int(wait_s) + AFTER_S)
    due = world.clock() + delay_s + LOOK_AGAIN_S
    with contextlib.suppress(Conflict):
        world.records.transact([Put(*keys.sweep_plan(project_id), {"due": due}, expect=version)])
        world.jobs.enqueue("sweep", {"project": project_id, "due": due}, delay_s=delay_s)
    return due


def sweep_job(world: World, job: Job) -> None:
    """Give back everything that ran out; comes again while people hold tasks."""
    id_ = job.body["project"]
    record = world.records.get(*keys.project(id_))
    if record is None or record.body.get("deleted_at"):
        return
    more = True
    while more:
        first_ms, more = _sweep(world, record.body, world.now_ms())
    plan = world.records.get(*keys.sweep_plan(id_))
    if plan is None or plan.body["due"] != job.body["due"]:
        return  # planned anew meanwhile
    if first_ms is not None:
        _plan(world, id_, plan.version, max(0, first_ms / 1000 - world.clock()))
        return
    with contextlib.suppress(Conflict):
        world.records.transact([Delete(plan.pk, plan.sk, expect=plan.version)])
