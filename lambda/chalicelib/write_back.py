"""Results in the owner's own bucket: after each change of a task its whole JSON is written there, readable.

The transaction of the change leaves a row for the task, the same however often it changes; the job writes the task's
object and deletes the row, unless the task has changed again meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import keys, sources
from chalicelib.buckets import open_bucket, read_place
from chalicelib.jobs import Work
from chalicelib.storage.ports import Conflict, Delete, Job, Put
from chalicelib.world import World

BUDGET_S = 10.0
PAGE = 50
TRIES = 20


def run(world: World, job: Job) -> None:
    """The message write-back, body `{"project"}`."""
    project = world.records.get(*keys.project(job.body["project"]))
    if project is None:
        return
    targets = [source for source in sources.of_project(world, job.body["project"]) if source["target"]]
    until = time.monotonic() + BUDGET_S
    while True:
        page = world.records.query(f"WRITE#{job.body['project']}", limit=PAGE)
        ids = [row.body["task"] for row in page.records]
        write(world, project.body, targets, ids)
        for row in page.records:
            with contextlib.suppress(Conflict):  # it has changed again
                world.records.transact([Delete(row.pk, row.sk, expect=row.version)])
        if page.cursor is None:
            return
        if time.monotonic() >= until:
            world.jobs.enqueue("write-back", job.body)
            return


def write(world: World, project: Mapping[str, Any], targets: Sequence[sources.Source], ids: Sequence[int]) -> None:
    """Write at most 50 tasks to every target, `<prefix><task>.json`."""
    from labeling import exports

    from chalicelib.handlers.exports import rows_of

    if not targets:
        return
    rows = list(rows_of(world, project, ids, True))
    for task in json.loads(b"".join(exports.json_tasks(rows))):
        content = (json.dumps(task, ensure_ascii=False, indent=2) + "\n").encode()
        for source in targets:
            place = read_place(world, source["target"], "field target")
            key = f"{place.prefix}{task['id']}.json"
            open_bucket(world, place, source["id"]).put(key, content, content_type="application/json")


def step(work: Work) -> bool:
    """The job that writes every annotated task: for a target that is new. Asked: `source`. Cursor: `after`."""
    world = work.world
    project = world.records.get(*keys.project(work.project))
    record = world.records.get(*keys.source(work.asked["source"]))
    if project is None or project.body.get("deleted_at") or record is None or not record.body["target"]:
        return True
    page = world.records.query(f"TASKS#{work.project}", after=work.cursor.get("after"), limit=1)
    if not page.records:
        return True
    ids = page.records[0].body["tasks"]
    touched: list[int] = []
    for start in range(0, len(ids), 100):
        found = world.records.get_many([keys.state(id_) for id_ in ids[start : start + 100]])
        touched += [state.body["task"] for state in found.values() if state.body["annotations"]]
    for start in range(0, len(touched), PAGE):
        write(world, project.body, [record.body], touched[start : start + PAGE])
    work.save({"after": page.records[0].sk}, done=work.body["progress"]["done"] + len(ids))
    return page.cursor is None


def summarize(world: World, project_id: int) -> None:
    """`targets` of the project's record: whether somebody wants its results written back."""
    for _ in range(TRIES):
        record = world.records.get(*keys.project(project_id))
        if record is None:
            return
        wanted = any(source["target"] for source in sources.of_project(world, project_id))
        if bool(record.body.get("targets")) == wanted:
            return
        try:
            row = {**record.body, "targets": wanted}
            world.records.transact([Put(record.pk, record.sk, row, expect=record.version)])
        except Conflict:
            continue
        return
    raise Conflict(*keys.project(project_id), expected=0, found=0)


def sweep(world: World) -> int:
    """Wake what was left behind; the number of targets."""
    rows = world.records.query(keys.SOURCES, limit=1000).records
    for project_id in sorted({row.body["project"] for row in rows}):
        if world.records.query(f"WRITE#{project_id}", limit=1).records:
            world.jobs.enqueue("write-back", {"project": project_id})
    return len(rows)


def register(world: World) -> None:
    world.jobs.handle("write-back", lambda job: run(world, job))
