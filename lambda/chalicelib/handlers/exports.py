"""Export: Label Studio's JSON, one page of tasks in memory at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, jobs, keys, migration
from chalicelib.auth import Caller
from chalicelib.handlers import tasks
from chalicelib.handlers.projects import progress
from chalicelib.http import Answer
from chalicelib.jobs import Work
from chalicelib.problems import refuse
from chalicelib.storage.ports import Full, Record
from chalicelib.tasks import State, read_state
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import NewExport

FORMATS = ("JSON",)
PER_READ = 100
PART_CHUNKS = 100
"""Rows of the list of tasks that a step reads: 1,000 to 6,000 tasks."""


def export(world: World, caller: Caller, project_id: int, kind: str, *, everything: bool) -> Answer:
    """Tasks with annotations, and their consensus. `everything`: also tasks that nobody has annotated."""
    from labeling import exports

    project = auth.require(world, caller, project_id, "read")
    if kind.upper() not in FORMATS:
        hint = f"Use {', '.join(FORMATS)}."
        raise refuse(400, "bad-format", f"{kind[:40]} is not exported.", where="parameter exportType", hint=hint)
    with contextlib.suppress(Full):  # a full disk must not keep anybody from getting their data out
        audit.write(world, caller, project_id, "exported", {"format": kind.upper(), "everything": everything})
    headers = {"Content-Disposition": f'attachment; filename="project-{project_id}.json"'}
    return Answer(None, 200, headers, exports.json_tasks(_rows(world, project, everything)))


def start(world: World, caller: Caller, project_id: int, body: NewExport) -> dict[str, Any]:
    """An export into a file, by a job: for projects of any size."""
    auth.require(world, caller, project_id, "read")
    total = progress(world, project_id)["total"]
    asked = {"format": body.format, "everything": body.download_all_tasks}
    audit.write(world, caller, project_id, "exported", asked)
    return jobs.start(world, "export", project_id, caller.person, asked, total=total)


def step(work: Work) -> bool:
    """
    A part of an export: tasks of PART_CHUNKS rows of the list, as an object. At the end the parts become one.
    Asked: `format`, `everything`. Cursor: `after` in the list, `parts` made.
    """
    world, cursor = work.world, work.cursor
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    if cursor.get("whole"):
        return _clear(work)
    page = world.records.query(f"TASKS#{work.project}", after=cursor.get("after"), limit=PART_CHUNKS)
    ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
    everything = bool(work.asked["everything"])
    rows = [row for n in range(0, len(ids), 50) for row in rows_of(world, project.body, ids[n : n + 50], everything)]
    parts: int = cursor.get("parts", 0)
    if rows:
        content = _inner(_written(work, rows, project.body))
        world.objects.put(_part(work, parts), content, content_type="application/json")
        parts += 1
    done = work.body["progress"]["done"] + len(ids)
    if page.cursor is not None:
        work.save({"after": page.cursor, "parts": parts}, done=done)
        return False
    key = f"exports/{work.project}/{work.id}.json"
    world.objects.put_stream(
        key, _joined(world, [_part(work, n) for n in range(parts)]), content_type="application/json"
    )
    result = {"key": key, "filename": f"project-{work.project}.json", "format": work.asked["format"]}
    work.save({"whole": True, "parts": parts}, done=done, result=result)
    return _clear(work)


def _clear(work: Work) -> bool:
    for n in range(work.cursor["parts"]):
        work.world.objects.delete(_part(work, n))
    return True


def _part(work: Work, number: int) -> str:
    return f"exports/{work.project}/{work.id}/part-{number:06d}"


def _written(work: Work, rows: list[dict[str, Any]], project: Mapping[str, Any]) -> bytes:
    from labeling import exports

    if work.asked["format"] == "JSON_MIN":
        plan = configs.load(work.world, work.project, project["config_version"]).plan
        return b"".join(exports.json_min(rows, plan))
    return b"".join(exports.json_tasks(rows))


def _inner(array: bytes) -> bytes:
    """The elements of a JSON array as labeling.exports writes it."""
    return array.strip()[1:-1].strip()


def _joined(world: World, parts: list[str]) -> Iterator[bytes]:
    yield b"[\n"
    lead = b""
    for part in parts:
        pieces = world.objects.stream(part)
        for piece in pieces:
            yield lead + piece
            lead = b""
        lead = b",\n"
    yield b"\n]\n"


def _rows(world: World, project: Mapping[str, Any], everything: bool) -> Iterator[dict[str, Any]]:
    """Every task, in the order of the list; one read of it in memory at a time."""
    after: str | None = None
    while True:
        page = world.records.query(f"TASKS#{project['id']}", after=after, limit=PART_CHUNKS)
        ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
        for n in range(0, len(ids), 50):
            yield from rows_of(world, project, ids[n : n + 50], everything)
        if page.cursor is None:
            return
        after = page.cursor


def rows_of(world: World, project: Mapping[str, Any], ids: Sequence[int], everything: bool) -> Iterator[dict[str, Any]]:
    """
    Args:
        ids: at most 50 tasks.
    """
    read = world.records.get_many([key(id_) for id_ in ids for key in (keys.task, keys.state)])
    rows = [
        (task.body, read_state(task.body, read.get(keys.state(id_))))
        for id_ in ids
        if (task := read.get(keys.task(id_))) is not None
    ]
    rows = [row for row in rows if everything or row[1].annotations]
    wanted = [key for _, state in rows for key in _annotations(state)]
    wanted += [keys.consensus(state.task) for _, state in rows if len(state.annotations) > 1]
    found: dict[keys.Key, Record] = {}
    for start in range(0, len(wanted), PER_READ):
        found.update(world.records.get_many(wanted[start : start + PER_READ]))
    for body, state in rows:
        stored = [found[key].body for key in _annotations(state) if key in found]
        bodies = migration.bodies(world, project["id"], stored, project["config_version"])
        consensus = found.get(keys.consensus(state.task))
        row = tasks.export_row(body, state, project, bodies, body["predictions"])
        yield {**row, "consensus": consensus.body if consensus else None}


def _annotations(state: State) -> list[keys.Key]:
    return [keys.annotation(a["id"], a["version"]) for a in state.annotations]
