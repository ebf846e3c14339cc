"""Giving single tasks to named people: only they get them, and before anything else."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import access, jobs, keys, noted, queue
from chalicelib.jobs import Work
from chalicelib.listing import MAX_ASSIGNED
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.storage.ports import Conflict
from chalicelib.tasks import read_state, settle
from chalicelib.world import World

Project = Mapping[str, Any]

JOB = "assign"
HANDOVER = "reassign"
TRIES = 64
AT_ONCE = 200
"""Tasks that one request assigns itself; more are done by jobs."""
PER_JOB = 5_000
PER_STEP = 100


def require_people(world: World, project_id: int, people: Sequence[int], where: str = "field people") -> None:
    """
    Raises:
        Refusal: 400 with a problem for each id that is not of somebody who labels in the project, or for too many.
    """
    faults = problems_of(world, project_id, people, where)
    if len(people) > MAX_ASSIGNED:
        message = f"A task may be assigned to {MAX_ASSIGNED} people at most; these are {len(people)}."
        faults.append(problem("too-many", message, where=where, hint="Put more people into a group."))
    if faults:
        raise Refusal(400, *faults)


def problems_of(
    world: World, project_id: int, people: Sequence[int], where: str, may: access.May = "label"
) -> list[Problem]:
    """One for each id that is not of somebody who may do this in the project; at most ten of them."""
    faults = []
    for start in range(0, len(people), 50):
        part = people[start : start + 50]
        asked = [key for id_ in part for key in (keys.member(project_id, id_), keys.person(id_))]
        found = world.records.get_many(asked)
        for id_ in part:
            member, profile = found.get(keys.member(project_id, id_)), found.get(keys.person(id_))
            role = str(member.body["role"]) if member else ""
            if not role and profile and profile.body.get("role") == "owner":
                role = "owner"  # of the whole server
            if may in access.of_role(role):
                continue
            if role:
                message, hint = f"Person {id_} is a {role} of this project.", f"That role does not allow `{may}`."
            else:
                message = f"There is no person {id_} in this project."
                hint = "Send them a link first; GET /api/projects/{id}/people has the ids."
            faults.append(problem("no-person", message, where=where, hint=hint))
    return faults[:10]


def watch(world: World, project_id: int) -> None:
    """Note in the project that people have lists of their own, so that the others need not look for one."""
    noted.note(world, project_id, "assigns")


def assign(world: World, project: Project, task_id: int, people: Sequence[int]) -> bool:
    """
    From now on only these people get the task; nobody named: whoever the project's settings let. Who holds it may
    still submit it. False: there is no such task in this project.
    """
    wanted = list(dict.fromkeys(people))
    for _ in range(TRIES):
        found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
        task = found.get(keys.task(task_id))
        if task is None or task.body["project"] != project["id"]:
            return False
        state = read_state(task.body, found.get(keys.state(task_id)))
        if state.assigned == wanted:
            return True
        before = state.copy()
        state.assigned = wanted
        with contextlib.suppress(Conflict):
            world.records.transact(settle(before, state, project, world.now_ms()))
            return True
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def step(work: Work) -> bool:
    """Assign some of the tasks that a request named."""
    record = work.world.records.get(*keys.project(work.project))
    if record is None or record.body.get("deleted_at"):
        return True
    ids, at = work.asked["tasks"], int(work.cursor.get("at", 0))
    part = ids[at : at + PER_STEP]
    for id_ in part:
        assign(work.world, record.body, id_, work.asked["people"])
    if part:
        work.save({"at": at + len(part)}, done=at + len(part))
    return at + len(part) >= len(ids)


def hand_over(world: World, project: Project, person: int, to: Sequence[int], by: int) -> dict[str, Any]:
    """
    What somebody holds or put off goes to others; what is assigned to them alone is moved by a job.

    Args:
        to: who gets all of it; nobody named: whoever the project's settings let.
    """
    released = queue.release_all(world, project, person)
    if to:
        watch(world, project["id"])
        for id_ in released:
            _replace(world, project, id_, person, to, whole=True)
    job = jobs.start(world, HANDOVER, project["id"], by, {"person": person, "to": list(to)})
    return {"released": len(released), "job": job["id"]}


def hand_over_step(work: Work) -> bool:
    """Replace the person in what is assigned to them and that they have not done."""
    world, person, to = work.world, work.asked["person"], work.asked["to"]
    record = world.records.get(*keys.project(work.project))
    if record is None or record.body.get("deleted_at"):
        return True
    after = work.cursor.get("after")
    page = world.records.query(f"PERSON#{person}", keys.own_prefix(work.project), after=after, limit=PER_STEP)
    for row in page.records:
        _replace(world, record.body, row.body["task"], person, to)
    if page.records:
        work.save({"after": page.records[-1].sk}, done=work.body["progress"]["done"] + len(page.records))
    return page.cursor is None


def _replace(
    world: World, project: Project, task_id: int, person: int, to: Sequence[int], *, whole: bool = False
) -> None:
    """`whole`: a task that is assigned to nobody yet is theirs from now on."""
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task = found.get(keys.task(task_id))
    if task is not None:
        assigned = read_state(task.body, found.get(keys.state(task_id))).assigned
        if person in assigned or (whole and not assigned):
            assign(world, project, task_id, [*(p for p in assigned if p != person), *to][:MAX_ASSIGNED])
