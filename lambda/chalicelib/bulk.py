"""
One change to many tasks at once, by a job, and taking it back for UNDO_S by another one.

Before a task is changed, what it had is written down with those of its step (`OLD#`); the action's head is a condition
of every change. Undoing writes the head, so from then on the action changes nothing more, however far it was. What
somebody has changed since is other than what the action set, and is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from chalicelib import assigning, audit, jobs, keys, relist
from chalicelib.auth import Caller
from chalicelib.jobs import Stopped, Work
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Check, Conflict, Operation, Put, Record
from chalicelib.tasks import State, read_state, settle
from chalicelib.times import iso
from chalicelib.world import World

JOB: Final = "bulk"
UNDO: Final = "bulk-undo"
UNDO_S = 24 * 3600
KEPT_S = UNDO_S + 7 * 24 * 3600
"""Of the rows of an action: an undo that was begun in time has time to end."""
PER_STEP = 100
PER_PART = 10 * PER_STEP
"""Tasks that one row names."""
TRIES = 64
LISTED = 20
NOTHING: Final = object()
Json = dict[str, Any]
Project = Mapping[str, Any]
Outcome = Literal["changed", "same", "other", "gone"]


@dataclass(frozen=True, slots=True)
class Member:
    """What of a task an action sets: how it is read, written, and which operations bring the store in line."""

    read: Callable[[State], Any]
    write: Callable[[State, Any], None]
    operations: Callable[[World, Project, Mapping[str, Any], State, State], Sequence[Operation]]


def _write_people(state: State, value: Any) -> None:
    state.assigned = list(value)


def _write_priority(state: State, value: Any) -> None:
    state.ranks = {} if value is None else {"priority": float(value)}


MEMBERS: Final[Mapping[str, Member]] = {
    "people": Member(
        lambda state: list(state.assigned),
        _write_people,
        lambda world, project, _, before, after: settle(before, after, project, world.now_ms()),
    ),
    "priority": Member(lambda state: state.ranks.get("priority"), _write_priority, relist.moved),
}
"""None as a priority is the one that the task was imported with."""


def begin(world: World, caller: Caller, project_id: int, tasks: Sequence[int], member: str, value: Any) -> Json:
    """The head of the action, whose job is under way."""
    ids = list(dict.fromkeys(tasks))
    body, rows = jobs.prepared(world, JOB, project_id, caller.person, total=len(ids))
    now = world.clock()
    until_s = int(now) + KEPT_S
    parts = [ids[start : start + PER_PART] for start in range(0, len(ids), PER_PART)]
    world.records.load([
        Put(*keys.bulk_part(project_id, body["id"], n), {"tasks": part}, expires_at=until_s)
        for n, part in enumerate(parts)
    ])  # fmt: skip
    head = {
        "job": body["id"], "member": member, "value": value, "tasks": len(ids), "person": caller.person,
        "at": iso(now), "until": iso(now + UNDO_S), "until_s": int(now) + UNDO_S, "undo": None,
    }  # fmt: skip
    said = audit.operation(world, caller, project_id, "tasks changed", {"tasks": len(ids), member: value})
    world.records.transact([Put(*keys.bulk(project_id, body["id"]), head, expect=0, expires_at=until_s), *rows, said])
    jobs.go(world, body)
    return shown(head)


def shown(head: Mapping[str, Any]) -> Json:
    """As people see an action."""
    said = {name: head[name] for name in ("job", "tasks", "person", "at", "until", "undo")}
    return {**said, "change": {head["member"]: head["value"]}}


def newest(world: World, project_id: int) -> list[Json]:
    """Actions that can be undone, or were, the newest first."""
    page = world.records.query(keys.bulk(project_id, 0)[0], limit=LISTED, reverse=True)
    return [shown(row.body) for row in page.records if row.body["until_s"] > world.clock()]


def undo(world: World, caller: Caller, project_id: int, job_id: int) -> Json:
    """
    Take an action back, also one that still runs.

    Raises:
        Refusal: 404 there is none; 409 it was undone before, or too long ago.
    """
    head = world.records.get(*keys.bulk(project_id, job_id))
    if head is None:
        raise not_found("change", job_id)
    if head.body["until_s"] <= world.clock():
        hours = UNDO_S // 3600
        raise refuse(409, "too-late", f"A change can be undone for {hours} hours.", hint="Nothing was changed.")
    if head.body["undo"]:
        raise _undone(head.body["undo"])
    action = world.records.get(*keys.job(job_id))
    changed = (action.body["result"] or {}).get("changed") if action and action.body["state"] == "done" else None
    body, rows = jobs.prepared(world, UNDO, project_id, caller.person, {"bulk": job_id}, total=changed)
    undone = {**head.body, "undo": body["id"]}
    expires = head.body["until_s"] - UNDO_S + KEPT_S
    said = audit.operation(world, caller, project_id, "change of tasks undone", {"job": job_id})
    try:
        world.records.transact([Put(head.pk, head.sk, undone, expect=head.version, expires_at=expires), *rows, said])
    except Conflict:
        raise _undone(None) from None
    jobs.cancel(world, job_id)
    jobs.go(world, body)
    return shown(undone)


def _undone(job: int | None) -> Exception:
    hint = f"See job {job}." if job else "Somebody else was faster."
    return refuse(409, "undone", "This change is undone already.", hint=hint)


def step(work: Work) -> bool:
    """Change the tasks of one step; what they had is in the store before the first of them is changed."""
    world, project, head = _there(work, work.id)
    n = int(work.cursor.get("step", 0))
    if project is None or head is None or head.body["undo"]:
        return True
    first = n * PER_STEP
    part = world.records.get(*keys.bulk_part(work.project, work.id, first // PER_PART))
    ids = part.body["tasks"][first % PER_PART : first % PER_PART + PER_STEP] if part else []
    if not ids:
        return True
    member, value = MEMBERS[head.body["member"]], head.body["value"]
    place = keys.bulk_old(work.project, work.id, n)
    expires = head.body["until_s"] - UNDO_S + KEPT_S
    known = world.records.get(*place)
    if known is None:
        noted = _noted(world, project, ids, member)
        work.save(work.cursor, [Put(*place, {"tasks": noted}, expires_at=expires)])
    else:
        noted = known.body["tasks"]  # of a run that was cut off, which may have changed some of them
    guard = Check(head.pk, head.sk, head.version)
    kept: list[list[Any]] = []
    same = 0
    for id_, was in noted:
        outcome, found = _turn(world, project, id_, member, value, guard=guard)
        if outcome == "changed":
            kept.append([id_, found])
        elif outcome == "same" and was != value:
            kept.append([id_, was])
        else:
            same += outcome == "same"
    result = work.body["result"] or {"changed": 0, "same": 0, "missing": 0}
    told = {
        "changed": result["changed"] + len(kept),
        "same": result["same"] + same,
        "missing": result["missing"] + len(ids) - len(kept) - same,
    }
    put = Put(*place, {"tasks": kept}, expires_at=expires)
    work.save({"step": n + 1}, [put], done=first + len(ids), result=told)
    return False


def undo_step(work: Work) -> bool:
    """Give the tasks of one step of the action what they had, where they still have what the action gave them."""
    id_ = work.asked["bulk"]
    world, project, head = _there(work, id_)
    if project is None or head is None:
        return True
    prefix, after = keys.bulk_old(work.project, id_, 0), work.cursor.get("after")
    page = world.records.query(prefix[0], prefix[1].rpartition("#")[0] + "#", after=after, limit=1)
    member, value = MEMBERS[head.body["member"]], head.body["value"]
    result = work.body["result"] or {"restored": 0, "left": 0, "missing": 0}
    told = {"changed": "restored", "same": "restored", "other": "left", "gone": "missing"}
    for row in page.records:
        for task, was in row.body["tasks"]:
            outcome, _ = _turn(world, project, task, member, was, expected=value)
            result = {**result, told[outcome]: result[told[outcome]] + 1}
        done = work.body["progress"]["done"] + len(row.body["tasks"])
        work.save({"after": row.sk}, done=done, result=result)
    return page.cursor is None


def _there(work: Work, action: int) -> tuple[World, Project | None, Record | None]:
    """The project, None if it is deleted, and the head of the action."""
    world = work.world
    found = world.records.get_many([keys.project(work.project), keys.bulk(work.project, action)])
    project = found.get(keys.project(work.project))
    there = project.body if project is not None and not project.body.get("deleted_at") else None
    return world, there, found.get(keys.bulk(work.project, action))


def _noted(world: World, project: Project, ids: Sequence[int], member: Member) -> list[list[Any]]:
    """`[id, what it has]` of those that are tasks of the project."""
    noted = []
    for start in range(0, len(ids), 50):
        part = ids[start : start + 50]
        found = world.records.get_many([key for id_ in part for key in (keys.task(id_), keys.state(id_))])
        for id_ in part:
            task = found.get(keys.task(id_))
            if task is not None and task.body["project"] == project["id"]:
                noted.append([id_, member.read(read_state(task.body, found.get(keys.state(id_))))])
    return noted


def _turn(
    world: World,
    project: Project,
    task_id: int,
    member: Member,
    value: Any,
    *,
    expected: Any = NOTHING,
    guard: Check | None = None,
) -> tuple[Outcome, Any]:
    """
    Set one task's member, and tell what it had.

    Args:
        expected: change it only if it has this now. guard: a condition that ends the whole work when it fails.

    Raises:
        Stopped: the guard failed.
    """
    for _ in range(TRIES):
        found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
        task = found.get(keys.task(task_id))
        if task is None or task.body["project"] != project["id"]:
            return "gone", None
        state = read_state(task.body, found.get(keys.state(task_id)))
        now = member.read(state)
        if now == value:
            return "same", now
        if expected is not NOTHING and now != expected:
            return "other", now
        before = state.copy()
        member.write(state, value)
        operations = [*member.operations(world, project, task.body, before, state)]
        try:
            world.records.transact([*operations, guard] if guard else operations)
        except Conflict as conflict:
            if guard and (conflict.pk, conflict.sk) == (guard.pk, guard.sk):
                raise Stopped from None
            continue
        return "changed", now
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def require_value(world: World, project_id: int, member: str, value: Any) -> Any:
    """
    What an action may set, as it is stored.

    Raises:
        Refusal: 400 people who do not label in the project, or too many.
    """
    if member == "people":
        people = list(dict.fromkeys(value))
        assigning.require_people(world, project_id, people, "field change.people")
        if people:
            assigning.watch(world, project_id)
        return people
    return None if value is None else float(value)
