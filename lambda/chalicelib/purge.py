"""The job that deletes everything of a project but its own row and its invites, which say that it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib import keys
from chalicelib.jobs import Work
from chalicelib.storage.ports import Delete, Operation
from chalicelib.tasks import STATES, read_state
from chalicelib.world import World

CHUNKS_PER_STEP = 10
ROWS_PER_STEP = 1000
PARTS = (
    "BULK", "BULKS", "CHANGED", "COUNTS", "GOLD", "JOBS", "KEYED", "LEASES", "OUTBOX", "REVIEW", "SNAPSHOTS", "STATS",
    "VIEWS", "WRITE",
)  # fmt: skip
"""Partitions of a project that hold rows of nobody else, with or without shards."""
KEPT = ("PROJECT", "INVITE#")
"""Of the project's own rows: they say that it is gone."""
FOLDERS = ("uploads", "exports", "reports", "snapshots", "tables")


def step(work: Work) -> bool:
    world, id_ = work.world, work.project
    _delete(world, [Delete(*keys.serial(id_))])  # an import that still runs ends here
    page = world.records.query(f"TASKS#{id_}", limit=CHUNKS_PER_STEP)
    tasks = 0
    for chunk in page.records:
        for task_id in chunk.body["tasks"]:
            purge_task(world, task_id)
        tasks += len(chunk.body["tasks"])
        _delete(world, [Delete(chunk.pk, chunk.sk)])
    work.save({}, done=work.body["progress"]["done"] + tasks)
    if page.cursor is not None:
        return False
    _hooks_and_sources(world, id_)
    return _people(world, id_) and _rows(world, work) and _objects(world, id_)


def purge_task(world: World, task_id: int) -> None:
    """Every row of a task, its rows in the queue, its annotations, and the places of its predictions and comments."""
    found = world.records.get_many([keys.task(task_id), keys.state(task_id)])
    task = found.get(keys.task(task_id))
    if task is not None:
        state = read_state(task.body, found.get(keys.state(task_id)))
        queued = [Delete(*keys.open_task(state.project, state.inner, state.lane, state.position))]
        if state.listed_returned:
            queued.append(Delete(keys.returned_index(state.project, state.lane), state.listed_returned))
        _delete(world, queued)
    while True:
        page = world.records.query(f"TASK#{task_id}", limit=500)
        for row in page.records:
            if row.sk == "STATE":
                for entry in row.body["annotations"]:
                    purge_versions(world, entry["id"])
            elif row.sk.startswith("REMOVED#"):
                purge_versions(world, row.body["annotation"])
        predictions = {row.body["id"] for row in page.records if row.sk.startswith("PREDICTION#")}
        comments = {row.body["id"] for row in page.records if row.sk.startswith("COMMENT#")}
        places = [Delete(*keys.prediction_place(id_)) for id_ in predictions]
        places += [Delete(*keys.comment_place(id_)) for id_ in comments]
        _delete(world, [*places, *(Delete(row.pk, row.sk) for row in page.records)])
        if page.cursor is None:
            return


def purge_versions(world: World, annotation_id: int) -> None:
    """What is stored of an annotation, the newest versions first: the first one says that there are others."""
    while True:
        page = world.records.query(keys.versions(annotation_id), limit=500, reverse=True)
        _delete(world, [Delete(row.pk, row.sk) for row in page.records])
        if page.cursor is None:
            return


def _people(world: World, id_: int) -> bool:
    """Everybody's list, place in the queue and membership of the project; True when nobody is left."""
    page = world.records.query(f"MEMBERS#{id_}", limit=50)
    for row in page.records:
        person = int(row.sk.partition("#")[2])
        own_rows = [keys.finished_prefix(id_), keys.own_prefix(id_), keys.later_prefix(id_)]
        own_rows += [keys.removed_prefix(id_), keys.sent_back_prefix(id_)]
        for prefix in (*own_rows, keys.queue(person, id_)[1], keys.membership(person, id_)[1]):
            while True:
                own = world.records.query(f"PERSON#{person}", prefix, limit=500)
                _delete(world, [Delete(r.pk, r.sk) for r in own.records])
                if own.cursor is None:
                    break
        messages = world.records.query(f"MESSAGES#{id_}#{person}", limit=500)
        _delete(world, [Delete(r.pk, r.sk) for r in messages.records])
        _delete(world, [Delete(row.pk, row.sk)])
    return page.cursor is None


def _rows(world: World, work: Work) -> bool:
    id_ = work.project
    partitions = [f"{part}#{id_}" for part in PARTS] + [f"TASKS#{id_}#{name}" for name in STATES]
    partitions += [f"{part}#{id_}#{shard}" for part in PARTS for shard in range(keys.SHARDS)]
    left = ROWS_PER_STEP
    for pk in partitions:
        page = world.records.query(pk, limit=max(1, left))
        for row in page.records:
            if row.pk.startswith("JOBS#") and row.body["job"] != work.id:
                _job(world, row.body["job"], row.body.get("kind"))
        _delete(world, [Delete(row.pk, row.sk) for row in page.records])
        left -= len(page.records)
        if page.cursor is not None or left <= 0:
            return False
    page = world.records.query(f"PROJECT#{id_}", limit=500)
    _delete(world, [Delete(row.pk, row.sk) for row in page.records if not row.sk.startswith(KEPT)])
    return True


def _job(world: World, id_: int, kind: Any) -> None:
    if kind == "purge":  # each clears the rest away: two that end each other would leave it
        return
    record = world.records.get(*keys.job(id_)) if kind == "project-restore" else None
    if record is not None:
        world.objects.delete(record.body["asked"]["key"])  # of a copy it lies with the project that was copied
    _delete(world, [Delete(*keys.job(id_))])


def _hooks_and_sources(world: World, id_: int) -> None:
    for row in world.records.query(f"HOOKS#{id_}").records:
        hook = row.body["id"]
        _delete(world, [Delete(*keys.hook(hook)), Delete(*keys.listed_hook(hook)), Delete(row.pk, row.sk)])
        world.jobs.enqueue("hooks-send", {"hook": hook})  # which clears away what is left of it
    for row in world.records.query(f"SOURCES#{id_}").records:
        for pk in (keys.source(row.body["id"])[0], keys.source_files(row.body["id"])):
            while page := world.records.query(pk, limit=500).records:
                _delete(world, [Delete(r.pk, r.sk) for r in page])
        _delete(world, [Delete(row.pk, row.sk)])


def _objects(world: World, id_: int) -> bool:
    for folder in FOLDERS:
        objects, more = world.objects.list(f"{folder}/{id_}/", limit=200)
        for info in objects:
            world.objects.delete(info.key)
        if more is not None:
            return False
    return True


def _delete(world: World, operations: Sequence[Operation]) -> None:
    for start in range(0, len(operations), 25):
        world.records.transact(operations[start : start + 25])
