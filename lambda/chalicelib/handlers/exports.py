"""Export: Label Studio's JSON, one page of tasks in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import auth, keys, migration
from chalicelib.auth import Caller
from chalicelib.handlers import tasks
from chalicelib.http import Answer
from chalicelib.problems import refuse
from chalicelib.storage.ports import Record
from chalicelib.tasks import State
from chalicelib.world import World

FORMATS = ("JSON",)
PER_READ = 100


def export(world: World, caller: Caller, project_id: int, kind: str, *, everything: bool) -> Answer:
    """Tasks with annotations, and their consensus. `everything`: also tasks that nobody has annotated."""
    from labeling import exports

    project = auth.require_member(world, caller, project_id)
    if kind.upper() not in FORMATS:
        hint = f"Use {', '.join(FORMATS)}."
        raise refuse(400, "bad-format", f"{kind[:40]} is not exported.", where="parameter exportType", hint=hint)
    headers = {"Content-Disposition": f'attachment; filename="project-{project_id}.json"'}
    return Answer(None, 200, headers, exports.json_tasks(_rows(world, project, everything)))


def _rows(world: World, project: Mapping[str, Any], everything: bool) -> Iterator[dict[str, Any]]:
    for page in tasks.pages(world, project["id"]):
        rows = [row for row in page if everything or row[1].annotations]
        wanted = [key for _, state in rows for key in (*_annotations(state), keys.consensus(state.task))]
        found: dict[keys.Key, Record] = {}
        for start in range(0, len(wanted), PER_READ):
            found.update(world.records.get_many(wanted[start : start + PER_READ]))
        for task, state in rows:
            stored = [found[key].body for key in _annotations(state) if key in found]
            bodies = migration.bodies(world, project["id"], stored, project["config_version"])
            consensus = found.get(keys.consensus(state.task))
            row = tasks.export_row(task, state, project, bodies, task["predictions"])
            yield {**row, "consensus": consensus.body if consensus else None}


def _annotations(state: State) -> list[keys.Key]:
    return [keys.annotation(state.task, a["id"], a["version"]) for a in state.annotations]
