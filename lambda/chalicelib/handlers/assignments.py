"""Who gets a task: assigning, handing over, and how soon one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import assigning, audit, auth, jobs, relist
from chalicelib.auth import Caller
from chalicelib.handlers import work
from chalicelib.problems import not_found
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_settings import Assign, AssignMany, ChangePriority, Reassign


def assign(world: World, caller: Caller, task_id: int, body: Assign) -> dict[str, Any]:
    """Only these people get the task; an empty list: whoever the project's settings let."""
    _, _, project = work.read(world, caller, task_id, "manage")
    people = list(dict.fromkeys(body.people))
    assigning.require_people(world, project["id"], people)
    if people:
        assigning.watch(world, project["id"])
    if not assigning.assign(world, project, task_id, people):
        raise not_found("task", task_id)
    audit.write(world, caller, project["id"], "task assigned", {"task": task_id, "people": people})
    return {"task": task_id, "people": people}


def assign_many(world: World, caller: Caller, project_id: int, body: AssignMany) -> dict[str, Any]:
    """
    The same for many tasks: the first ones at once, the rest by jobs.

    Gives `assigned`, how many are done; `missing`, ids that are of no task of this project; `jobs`, ids of those that
    do the rest.
    """
    project = auth.require(world, caller, project_id, "manage")
    people, tasks = list(dict.fromkeys(body.people)), list(dict.fromkeys(body.tasks))
    assigning.require_people(world, project_id, people)
    if people:
        assigning.watch(world, project_id)
    now, rest = tasks[: assigning.AT_ONCE], tasks[assigning.AT_ONCE :]
    missing = [id_ for id_ in now if not assigning.assign(world, project, id_, people)]
    begun = []
    for start in range(0, len(rest), assigning.PER_JOB):
        part = rest[start : start + assigning.PER_JOB]
        asked = {"tasks": part, "people": people}
        begun.append(jobs.start(world, assigning.JOB, project_id, caller.person, asked, total=len(part))["id"])
    audit.write(world, caller, project_id, "tasks assigned", {"tasks": len(tasks), "people": people})
    return {"assigned": len(now) - len(missing), "missing": missing, "jobs": begun}


def hand_over(world: World, caller: Caller, project_id: int, person: int, body: Reassign) -> dict[str, Any]:
    """What a person holds, put off or has assigned goes to others. Their submitted work stays theirs."""
    project = auth.require(world, caller, project_id, "manage")
    to = [id_ for id_ in dict.fromkeys(body.to) if id_ != person]
    assigning.require_people(world, project_id, to, "field to")
    answer = assigning.hand_over(world, project, person, to, caller.person)
    audit.write(world, caller, project_id, "work handed over", {"person": person, "to": to})
    return answer


def set_priority(world: World, caller: Caller, task_id: int, body: ChangePriority) -> dict[str, Any]:
    """Counts in projects with the order `priority`, within a minute for everybody."""
    _, _, project = work.read(world, caller, task_id, "manage")
    relist.relist(world, project, task_id, priority=body.priority)
    return {"task": task_id, "priority": body.priority}
