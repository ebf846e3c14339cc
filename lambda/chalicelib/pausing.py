"""Pausing people, and what becomes of the work of who is paused: kept, put aside, or asked of others again.

Answers that are put aside stay stored; their entry in the task's state says `discarded`, and nothing counts them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, Literal

from chalicelib import jobs, keys, noted, queue, refresh, standing
from chalicelib.jobs import Work
from chalicelib.standing import Standing
from chalicelib.storage.ports import Add, Conflict, Operation
from chalicelib.tasks import purpose_of, read_state
from chalicelib.times import iso
from chalicelib.world import World

Project = Mapping[str, Any]
What = Literal["", "discard", "requeue"]
JOB = "discard_work"
ROWS = 100
TRIES = 64


def pause(world: World, project: Project, person: int, by: int) -> Standing:
    """By hand: no new tasks for them; what they hold goes to others."""

    def change(own: Standing) -> None:
        own.paused = own.paused or {"at": iso(world.clock()), "why": "owner", "by": by}

    own = _change(world, project, person, change)
    carry_out(world, project, own)
    return own


def resume(world: World, project: Project, person: int) -> Standing:
    """They go on, and are judged by the known answers from now on."""

    def change(own: Standing) -> None:
        own.paused, own.window = None, standing.Scores()

    return _change(world, project, person, change)


def discard(world: World, project: Project, person: int, what: What) -> Standing:
    """Put their work aside, so that it counts nowhere (`requeue`: others are asked instead); `""`: it counts again."""

    def change(own: Standing) -> None:
        own.put_aside(what)

    own = _change(world, project, person, change)
    carry_out(world, project, own)
    return own


def _change(world: World, project: Project, person: int, change: Callable[[Standing], None]) -> Standing:
    noted.note(world, project["id"], "watched")
    for _ in range(TRIES):
        own = standing.of(world, project["id"], person)
        change(own)
        try:
            own.record_version = world.records.transact([own.operation()])[0]
            return own
        except Conflict:
            continue
    raise Conflict(*keys.standing(project["id"], person), expected=0, found=0)


def carry_out(world: World, project: Project, own: Standing) -> None:
    """What a decision sets off. Safe to call again: the owner's look at a person does, should it have been lost."""
    if own.paused:
        queue.release_all(world, project, own.person)
    if own.busy and not own.job:
        by = int((own.paused or {}).get("by", 0))
        asked = {"person": own.person, "turn": own.turn}
        own.job = jobs.start(world, JOB, project["id"], by, asked, unit="tasks")["id"]
        with contextlib.suppress(Conflict):  # then two jobs do the same, which does no harm
            own.record_version = world.records.transact([own.operation()])[0]


def step(work: Work) -> bool:
    """Go through some of the person's finished tasks and mark their answers as the newest decision says."""
    world, person = work.world, work.asked["person"]
    project = world.records.get(*keys.project(work.project))
    own = standing.of(world, work.project, person)
    if project is None or project.body.get("deleted_at") or own.turn != work.asked["turn"] or not own.busy:
        return True
    prefix = keys.finished_prefix(work.project)
    page = world.records.query(f"PERSON#{person}", prefix, after=work.cursor.get("after"), limit=ROWS)
    for task_id in dict.fromkeys(row.body["id"] for row in page.records):
        _mark(world, project.body, task_id, own)
    if page.records:
        work.save({"after": page.records[-1].sk}, done=work.body["progress"]["done"] + len(page.records))
    if page.cursor is None:
        _through(world, own)
    return page.cursor is None


def _through(world: World, done: Standing) -> None:
    for _ in range(TRIES):
        own = standing.of(world, done.project, done.person)
        if own.turn != done.turn:
            return
        own.busy = False
        try:
            world.records.transact([own.operation()])
            return
        except Conflict:
            continue


def _mark(world: World, project: Project, task_id: int, own: Standing) -> None:
    for _ in range(TRIES):
        found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
        task, record = found.get(keys.task(task_id)), found.get(keys.state(task_id))
        if task is None or record is None:
            return
        state = read_state(task.body, record)
        before = state.copy()
        by = sum(mark(entry, own.discarded) for entry in state.annotations if _is_theirs(entry, own.person))
        if state.annotations == before.annotations:
            return
        operations: list[Operation] = []
        if by:
            operations.append(Add(*keys.work_count(project["id"], own.person), {"annotations": by}))
        try:
            world.records.transact([*operations, *refresh.operations(world, project, task.body, before, state)])
            return
        except Conflict:
            continue
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def standing_when_back(world: World, project_id: int, entry: dict[str, Any]) -> Standing | None:
    """
    The standing of the person of an annotation that comes back into its task, which is marked as their work is marked
    by now. None: it is no work that can be put aside.
    """
    if not _is_theirs(entry, entry["person"]):
        return None
    own = standing.of(world, project_id, entry["person"])
    mark(entry, own.discarded)
    return own


def _is_theirs(entry: Mapping[str, Any], person: int) -> bool:
    return entry["person"] == person and purpose_of(entry) == "label" and bool(entry["at"])


def mark(entry: dict[str, Any], what: str) -> int:
    """Mark one entry; gives how many answers more (or fewer) count."""
    counted = not entry["cancelled"] and not entry.get("discarded")
    for name in ("discarded", "asked_again"):
        entry.pop(name, None)
    if what:
        entry["discarded"] = True
    if what == "requeue":
        entry["asked_again"] = True
    return int(not entry["cancelled"] and not what) - int(counted)
