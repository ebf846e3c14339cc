"""What an annotator's page reads: the project, the next task, their finished ones; and the leases on tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, keys, queue, tokens
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.envelope import envelope
from chalicelib.handlers.projects import progress
from chalicelib.http import Answer, to_json
from chalicelib.problems import not_found, refuse
from chalicelib.queue import Given, lease_of, take_back
from chalicelib.storage.ports import Operation, Put, Record
from chalicelib.tasks import State, read_state, settle
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import Renew

FINISHED = 200


def work(world: World, caller: Caller, project_id: int) -> Answer:
    """Everything the labeling page needs, in one answer. The plan is put in as the text that is stored."""
    project = auth.require_member(world, caller, project_id)
    config = configs.load(world, project_id, project["config_version"])
    given = queue.next_task(world, project, caller.person)
    mine = world.records.get(*keys.work_count(project_id, caller.person))
    body = {
        "project": {
            "id": project_id,
            "title": project["title"],
            "instructions": project["expert_instruction"],
            "config_version": config.version,
        },
        "person": {"id": caller.person, "name": caller.name, "role": caller.role},
        "progress": {**progress(world, project_id), "mine": mine.body.get("annotations", 0) if mine else 0},
    }
    if given is not None:
        body["next"] = _given(world, caller, project_id, config, given)
    return Answer(f'{to_json(body)[:-1]},"plan":{config.plan_json}}}')


def next_task(
    world: World, caller: Caller, project_id: int, exclude: frozenset[int], *, or_null: bool = False
) -> dict[str, Any] | None:
    """
    Raises:
        Refusal: 404 `no-task` when nothing is left for this person at this moment; with `or_null` that is None, for a
            page that asks ahead and to which running out is no error.
    """
    project = auth.require_member(world, caller, project_id)
    given = queue.next_task(world, project, caller.person, exclude)
    if given is None and or_null:
        return None
    if given is None:
        raise refuse(
            404,
            "no-task",
            "There is no task left for you in this project.",
            hint="Thank you! Others may still be at work; look again later.",
        )
    config = configs.load(world, project_id, project["config_version"])
    return _given(world, caller, project_id, config, given)


def _given(world: World, caller: Caller, project_id: int, config: Config, given: Given) -> dict[str, Any]:
    id_ = given.task["id"]
    asked = [keys.draft(id_, caller.person)]
    if given.task["predictions"]:
        asked.append(keys.prediction(id_, given.task["predictions"][-1]))
    found = world.records.get_many(asked)
    prediction = found.get(asked[-1]) if len(asked) > 1 else None
    return envelope(
        world, project_id, config, given.task, draft=found.get(asked[0]), lease=given.lease, prediction=prediction
    )


def one(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """A task the caller holds or has finished; owners may look at any."""
    task, state, project = read(world, caller, task_id)
    entry = state.annotation_of(caller.person)
    lease = state.lease_of(caller.person, world.now_ms())
    if entry is None and lease is None and not caller.is_owner:
        raise refuse(
            404,
            "not-yours",
            "You do not hold this task any more.",
            hint="Take the next task; this one went to somebody else.",
        )
    asked = {"draft": keys.draft(task_id, caller.person)}
    if entry is not None:
        asked["annotation"] = keys.annotation(task_id, entry["id"], entry["version"])
    elif task["predictions"]:
        asked["prediction"] = keys.prediction(task_id, task["predictions"][-1])
    found = world.records.get_many(list(asked.values()))
    config = configs.load(world, project["id"], project["config_version"])
    held = lease_of(world, state, lease) if lease is not None else None
    return envelope(
        world, project["id"], config, task, lease=held, **{name: found.get(key) for name, key in asked.items()}
    )


def read(world: World, caller: Caller, task_id: int) -> tuple[Mapping[str, Any], State, Mapping[str, Any]]:
    """Task, state and project for a member of the project; for everybody else there is no such task."""
    auth.require_known(caller)
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task = found.get(keys.task(task_id))
    if task is None:
        raise not_found("task", task_id)
    project = _project_of(world, caller, task)
    return task.body, read_state(task.body, found.get(keys.state(task_id))), project


def _project_of(world: World, caller: Caller, task: Record) -> Mapping[str, Any]:
    asked = [keys.project(task.body["project"])]
    if not caller.is_owner:
        asked.append(keys.membership(caller.person, task.body["project"]))
    found = world.records.get_many(asked)
    if len(found) != len(asked) or found[asked[0]].body.get("deleted_at"):
        raise not_found("task", task.body["id"])
    return found[asked[0]].body


def mine(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """The caller's finished tasks, newest first, the last two hundred."""
    auth.require_member(world, caller, project_id)
    prefix = keys.finished_prefix(project_id)
    page = world.records.query(f"PERSON#{caller.person}", prefix, limit=FINISHED, reverse=True)
    return {"tasks": [dict(row.body) for row in page.records]}


def renew(world: World, caller: Caller, task_id: int, body: Renew) -> dict[str, Any]:
    """The same lease for another term."""
    _, state, project = read(world, caller, task_id)
    now_ms = world.now_ms()
    before, held = state.copy(), state.lease_of(caller.person, now_ms)
    if held is None or tokens.purpose_of_lease(world.secret, body.token, task_id, caller.person) is None:
        raise refuse(
            409,
            "lease-over",
            "Your time with this task is over.",
            hint="Submit what you have: it is taken if the task is still free, and kept beside the others if not.",
        )
    operations: list[Operation] = take_back(state, caller.person)
    lease = {**held, "expires": now_ms + queue.LEASE_MS}
    state.leases.append(lease)
    row = keys.lease(project["id"], lease["expires"], task_id, caller.person)
    operations = [op for op in operations if (op.pk, op.sk) != row]
    world.records.transact([*operations, *settle(before, state, project, now_ms), Put(*row, {"task": task_id})])
    given = lease_of(world, state, lease)
    return {"token": given.token, "expires_at": iso(given.expires_ms / 1000)}


def give_back(world: World, caller: Caller, task_id: int) -> None:
    """Others may take the task at once. Giving back what one does not hold is no fault. The draft stays."""
    _, state, project = read(world, caller, task_id)
    before = state.copy()
    operations = take_back(state, caller.person)
    if not operations:
        return
    operations += settle(before, state, project, world.now_ms(), back=True)
    world.records.transact(operations)
