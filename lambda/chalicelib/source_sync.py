"""The job that brings a project in line with a source: new files become tasks, changed and removed ones are handled.

Asked: `source`, `delete_removed`. Cursor: `after` (the last file that is done), and within a file of tasks `key`,
`etag`, `place`, `ranges` (ids of its tasks so far).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import configs, import_rows, keys, removal, sources, webhooks
from chalicelib.configs import Config
from chalicelib.jobs import Work
from chalicelib.problems import Problem, problem, refuse
from chalicelib.sources import Difference, Source
from chalicelib.storage.ports import ABSENT, Conflict, Delete, NotFound, Operation, Put, Record
from chalicelib.task_blocks import BLOCK, BlockWriter, recover
from chalicelib.tasks import read_state
from chalicelib.times import iso
from chalicelib.world import World

STEP_S = 1.0
FILES = 200
"""Files that become tasks in one transaction: the row of each has its key, which may be long."""
LOOK = 2000
"""Files that a step passes at most without doing anything."""


def step(work: Work) -> bool:
    world = work.world
    project = world.records.get(*keys.project(work.project))
    record = world.records.get(*keys.source(work.asked["source"]))
    if project is None or project.body.get("deleted_at") or record is None:
        return True
    _require_lock(work)
    config = configs.load(world, work.project, project.body["config_version"])
    writer = BlockWriter(world, work.body["created_by"], project.body, config)
    recover(work)
    until = time.monotonic() + STEP_S
    while True:
        if work.cursor.get("key"):
            _tasks_of_file(work, record.body, config, writer)
        elif _pass(work, record.body, config, writer):
            _finish(work, record)
            return True
        if time.monotonic() >= until:
            return False


def _require_lock(work: Work) -> None:
    """A job that is resumed after another one was begun would make tasks of the same files."""
    held = work.world.records.get(*keys.source_lock(work.asked["source"]))
    if held is not None and held.body["job"] not in (0, work.id):
        message = "Another sync of this source has begun since."
        raise refuse(409, "sync-runs", message, hint="Begin a new one once that has ended.")


def _pass(work: Work, source: Source, config: Config, writer: BlockWriter) -> bool:
    """Go through files until a block is full; whether that were all."""
    added: list[Difference] = []
    after: str | None = work.cursor.get("after")
    for seen, found in enumerate(sources.differences(work.world, source, after), 1):
        if found.kind == "added" and source["mode"] == "files":
            added.append(found)
        elif found.kind != "same":
            if added:  # these first, so that the cursor is the end of what is done
                break
            if found.kind == "removed":
                _removed(work, found)
            elif found.kind == "changed" and not _replace(work, found, source):
                pass
            else:
                assert found.info is not None
                work.save({"after": after, "key": found.key, "etag": found.info.etag, "place": None, "ranges": []})
            return False
        after = found.key
        if len(added) >= FILES or seen >= LOOK:
            break
    else:
        _add_files(work, source, config, writer, added, after)
        return True
    _add_files(work, source, config, writer, added, after)
    return False


def _add_files(
    work: Work, source: Source, config: Config, writer: BlockWriter, added: Sequence[Difference], after: str | None
) -> None:
    done = work.body["progress"]["done"] + len(added)
    if not added:
        work.save({"after": after}, done=done)
        return
    field = source["field"] or next((str(f["name"]) for f in config.plan["fields"]), "")
    tasks = [{"data": {field: sources.url_of(source, found.key)}} for found in added]

    def files(ids: range) -> list[Put]:
        return [
            Put(*keys.source_file(source["id"], found.key), {"etag": found.info.etag, "ranges": [[id_, id_]]})
            for id_, found in zip(ids, added, strict=True)
            if found.info is not None
        ]

    writer.write(work, tasks, {"after": after}, done=done, count={"added": len(added)}, also=files)


def _tasks_of_file(work: Work, source: Source, config: Config, writer: BlockWriter) -> None:
    """The next block of a file of tasks."""
    cursor = work.cursor
    key, world = cursor["key"], work.world
    bucket = sources.open_source(world, source)

    def pieces(start: int) -> Iterator[bytes]:
        return bucket.stream(key, import_rows.PIECE_BYTES, start=start)

    tasks: list[dict[str, Any]] = []
    problems: list[Problem] = []
    refused = 0
    behind: Callable[[], Any] | None = None
    last = True
    name = key.rpartition("/")[2]
    try:
        for task, faults, there in import_rows.read(config, writer.check, pieces, name, cursor["place"]):
            behind = there
            problems += faults
            if task is not None:
                tasks.append(task)
            elif faults:
                refused += 1
            if len(tasks) >= BLOCK or refused >= BLOCK:
                last = False
                break
    except NotFound:  # it went while it was read
        tasks = []
    place = behind() if behind is not None else cursor["place"]
    ids = world.ids.several("task", len(tasks)) if tasks else range(0)
    ranges = [*cursor["ranges"], *([[ids[0], ids[-1]]] if tasks else [])]
    # Until all of it is read the row has no etag: after a job that never went on the file counts as changed.
    row = Put(*keys.source_file(source["id"], key), {"etag": cursor["etag"] if last else "", "ranges": ranges})
    then = {"after": key} if last else {**cursor, "place": place, "ranges": ranges}
    done = work.body["progress"]["done"] + int(last)
    count = {"added": int(last), "refused_count": refused}
    writer.write(work, tasks, then, [row], done=done, problems=problems, count=count, ids=ids)


def _replace(work: Work, found: Difference, source: Source) -> bool:
    """
    A changed file. True: its tasks are gone and it is to be read anew. Of one whose tasks somebody has worked on,
    nothing is changed, and it is told.
    """
    assert found.row is not None
    assert found.info is not None
    world = work.world
    if _touched(world, found.row):
        message = f"{found.key} has changed, but somebody has worked on its tasks already, so they stay as they are."
        hint = "Delete these tasks to import the file anew."
        told = [problem("changed-after-work", message, where=found.key, hint=hint)]
        work.save({"after": found.key}, problems=told, done=_one_more(work), result=_counted(work, "kept"))
        return False
    if source["mode"] == "files":  # the task names the file, which is all that it holds
        row = Put(found.row.pk, found.row.sk, {**found.row.body, "etag": found.info.etag}, expect=found.row.version)
        work.save({"after": found.key}, [row], done=_one_more(work), result=_counted(work, "changed"))
        return False
    _delete_tasks(world, work.project, found.row)
    work.save(work.cursor, [Delete(found.row.pk, found.row.sk)], result=_counted(work, "changed"))
    return True


def _removed(work: Work, found: Difference) -> None:
    assert found.row is not None
    world = work.world
    if not work.asked.get("delete_removed"):
        work.save({"after": found.key}, done=_one_more(work), result=_counted(work, "removed"))
    elif _touched(world, found.row):
        message = f"{found.key} is gone, but somebody has worked on its tasks, so they stay."
        told = [problem("removed-after-work", message, where=found.key, hint="Delete these tasks by hand.")]
        work.save({"after": found.key}, problems=told, done=_one_more(work), result=_counted(work, "kept"))
    else:
        _delete_tasks(world, work.project, found.row)
        gone = [Delete(found.row.pk, found.row.sk)]
        work.save({"after": found.key}, gone, done=_one_more(work), result=_counted(work, "deleted"))


def _one_more(work: Work) -> int:
    return int(work.body["progress"]["done"]) + 1


def _counted(work: Work, name: str) -> dict[str, int]:
    return {name: (work.body["result"] or {}).get(name, 0) + 1}


def _ids(row: Record) -> Iterator[int]:
    return (id_ for first, last in row.body["ranges"] for id_ in range(first, last + 1))


def _touched(world: World, row: Record) -> bool:
    """Whether somebody has annotated one of the tasks, or holds one."""
    ids = list(_ids(row))
    for start in range(0, len(ids), 100):
        states = world.records.get_many([keys.state(id_) for id_ in ids[start : start + 100]])
        now_ms = world.now_ms()
        for state in states.values():
            if state.body["annotations"] or any(x["expires"] > now_ms for x in state.body["leases"]):
                return True
    return False


def _delete_tasks(world: World, project_id: int, row: Record) -> None:
    """Tasks that nobody has worked on; who takes one at this moment keeps it from being deleted."""
    gone = []
    for id_ in _ids(row):
        for _ in range(20):
            found = world.records.get_many([keys.task(id_), keys.state(id_), keys.project(project_id)])
            task, project = found.get(keys.task(id_)), found.get(keys.project(project_id))
            if task is None or project is None:
                break
            state = read_state(task.body, found.get(keys.state(id_)))
            if state.annotations:
                break
            if removal.remove(world, project.body, state):
                gone.append(id_)
                break
    project = world.records.get(*keys.project(project_id))
    if project is not None and gone:
        webhooks.tell(world, project.body, webhooks.tasks_deleted(gone))


def _finish(work: Work, record: Record) -> None:
    """What the source's record says of its last sync; somebody may change the source at this moment."""
    said = {"job": work.id, "at": iso(work.world.clock()), **(work.body["result"] or {})}
    for _ in range(20):
        try:
            row = {**record.body, "last_sync": said}
            work.world.records.transact([Put(record.pk, record.sk, row, expect=record.version)])
            return
        except Conflict:
            found = work.world.records.get(record.pk, record.sk)
            if found is None:
                return
            record = found


def lock(world: World, source_id: int, start: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """
    Begin a sync, unless one is under way.

    Raises:
        Refusal: 409 `sync-runs`.
    """
    key = keys.source_lock(source_id)
    held = world.records.get(*key)
    if held is not None:
        job = world.records.get(*keys.job(held.body["job"])) if held.body["job"] else None
        running = job is not None and job.body["state"] in ("queued", "running")
        beginning = not held.body["job"] and held.body["until"] > world.clock()
        if running or beginning:
            raise refuse(409, "sync-runs", "This source is being synced already.", hint="Wait, or cancel that job.")
    mine: Operation = Put(
        *key, {"job": 0, "until": world.clock() + 60}, expect=ABSENT if held is None else held.version
    )
    try:
        (version,) = world.records.transact([mine])
    except Conflict:
        raise refuse(409, "sync-runs", "This source is being synced already.", hint="Wait, or cancel it.") from None
    job_body = start()
    world.records.transact([Put(*key, {"job": job_body["id"]}, expect=version)])
    return job_body
