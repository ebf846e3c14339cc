"""Work that no request waits for: carrying new settings to old tasks, deleting what belonged to a project."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from chalicelib import configs, consensus, keys
from chalicelib.storage.ports import Conflict, Delete, Job, Operation, Record
from chalicelib.tasks import STATES, read_state, settle
from chalicelib.world import World

CHUNKS_PER_JOB = 50


def register(world: World) -> None:
    world.jobs.handle("resettle", lambda job: resettle(world, job))
    world.jobs.handle("reconsider", lambda job: reconsider(world, job))
    world.jobs.handle("purge", lambda job: purge(world, job))


def resettle(world: World, job: Job) -> None:
    """Bring every touched task's state, listing and counters in line with the project's overlap and threshold."""
    project = world.records.get(*keys.project(job.body["project"]))
    if project is None or project.body.get("deleted_at"):
        return
    page = world.records.query(f"TASKS#{project.body['id']}", after=job.body["after"] or None, limit=CHUNKS_PER_JOB)
    for chunk in page.records:
        for task_id in chunk.body["tasks"]:
            while not _resettle_one(world, task_id):
                pass
    if page.cursor is not None:
        world.jobs.enqueue("resettle", {"project": project.body["id"], "after": page.cursor})


def _resettle_one(world: World, task_id: int) -> bool:
    """False: somebody changed the task or its project meanwhile."""
    found = world.records.get_many([keys.task(task_id), keys.state(task_id), keys.consensus(task_id)])
    task, record = found.get(keys.task(task_id)), found.get(keys.state(task_id))
    if task is None or record is None:
        return True
    project = world.records.get(*keys.project(task.body["project"]))
    if project is None:
        return True
    state = read_state(task.body, record)
    before = state.copy()
    row = found.get(keys.consensus(task_id))
    if row is not None:
        consensus.judge(project.body, state, row.body)
    operations = settle(before, state, project.body, world.now_ms())
    if state.body() == before.body():
        return True
    with contextlib.suppress(Conflict):
        world.records.transact(operations)
        return True
    return False


def reconsider(world: World, job: Job) -> None:
    """Make the consensus of every touched task again: the config has changed, or how answers are read."""
    page = world.records.query(f"TASKS#{job.body['project']}", after=job.body["after"] or None, limit=CHUNKS_PER_JOB)
    for chunk in page.records:
        for task_id in chunk.body["tasks"]:
            while not _reconsider_one(world, task_id):
                pass
    if page.cursor is not None:
        world.jobs.enqueue("reconsider", {"project": job.body["project"], "after": page.cursor})


def _reconsider_one(world: World, task_id: int) -> bool:
    """False: somebody changed the task or its project meanwhile."""
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task, record = found.get(keys.task(task_id)), found.get(keys.state(task_id))
    if task is None or record is None:
        return True
    project = world.records.get(*keys.project(task.body["project"]))
    if project is None or project.body.get("deleted_at"):
        return True
    state = read_state(task.body, record)
    before = state.copy()
    config = configs.load(world, project.body["id"], project.body["config_version"])
    wanted = [keys.annotation(task_id, entry["id"], entry["version"]) for entry in state.annotations]
    bodies = world.records.get_many(wanted)
    _, operations = consensus.decide(
        world, config, project.body, state, [bodies[key].body for key in wanted if key in bodies], task.body["data"]
    )
    operations += settle(before, state, project.body, world.now_ms())
    with contextlib.suppress(Conflict):
        world.records.transact(operations)
        return True
    return False


def purge(world: World, job: Job) -> None:
    """Delete everything of a project but its own row and its invites, which say that it is gone."""
    id_ = job.body["project"]
    _delete(world, [Delete(*keys.serial(id_))])  # an import that still runs ends here
    page = world.records.query(f"TASKS#{id_}", limit=CHUNKS_PER_JOB)
    for chunk in page.records:
        for task_id in chunk.body["tasks"]:
            rows = list(_rows(world, f"TASK#{task_id}"))
            places = {row.body["id"] for row in rows if row.sk.startswith("ANNOTATION#")}
            _delete(world, [Delete(*keys.annotation_place(annotation)) for annotation in places])
            _delete(world, [Delete(row.pk, row.sk) for row in rows])
        _delete(world, [Delete(chunk.pk, chunk.sk)])
    if page.cursor is not None:
        world.jobs.enqueue("purge", job.body)
        return
    _purge_people(world, id_)
    parts = ("OPEN", "RETURNED", "LEASES", "MEMBERS")
    for pk in [f"{part}#{id_}" for part in parts] + [f"TASKS#{id_}#{name}" for name in STATES]:
        _delete(world, [Delete(row.pk, row.sk) for row in _rows(world, pk)])
    gone = [row for row in _rows(world, f"PROJECT#{id_}") if row.sk.startswith(("CONFIG#", "COUNTS#"))]
    _delete(world, [Delete(row.pk, row.sk) for row in gone])
    while True:
        objects, _ = world.objects.list(f"uploads/{id_}/", limit=500)
        if not objects:
            return
        for info in objects:
            world.objects.delete(info.key)


def _purge_people(world: World, id_: int) -> None:
    """Everybody's list, place in the queue and membership of the project."""
    for row in list(_rows(world, f"MEMBERS#{id_}")):
        person = int(row.sk.partition("#")[2])
        prefixes = (keys.finished_prefix(id_), keys.queue(person, id_)[1], keys.membership(person, id_)[1])
        for prefix in prefixes:
            _delete(world, [Delete(r.pk, r.sk) for r in _rows(world, f"PERSON#{person}", prefix)])


def _rows(world: World, pk: str, prefix: str = "") -> Iterator[Record]:
    after = None
    while True:
        page = world.records.query(pk, prefix, after=after, limit=500)
        yield from page.records
        if page.cursor is None:
            return
        after = page.cursor


def _delete(world: World, operations: Sequence[Operation]) -> None:
    for start in range(0, len(operations), 25):
        world.records.transact(operations[start : start + 25])
