"""Import: whatever an owner sends becomes tasks; what cannot is told with its place."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, import_media, jobs, media, webhooks
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.http import read_json, to_json
from chalicelib.problems import Problem, problem, refuse
from chalicelib.storage.ports import Full, NotFound
from chalicelib.task_writer import Once, TaskWriter
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import NewImport

MAX_TASKS = 1_000_000
MAX_TASK_BYTES = 8 << 20
KINDS = {
    "text/csv": "body.csv",
    "text/tab-separated-values": "body.tsv",
    "text/plain": "body.txt",
    "application/x-ndjson": "body.jsonl",
    "application/jsonl": "body.jsonl",
    "application/json": "body.json",
    "": "body.json",
}


@dataclass(slots=True)
class _Found:
    """What the request brought: tasks as given, and what is refused already."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def load(
    world: World,
    caller: Caller,
    project_id: int,
    raw: bytes,
    content_type: str,
    *,
    key: str = "",
    ground_truth: bool = False,
    return_ids: bool = False,
) -> dict[str, Any]:
    """
    Args:
        key: the client's idempotency key. The same key and body give the same answer; an import that was cut off goes
            on where it stopped.
        ground_truth: what imported annotations that do not say so are.
    Raises:
        Refusal: nothing could be read at all, or the key was used for something else.
    """
    project = auth.require(world, caller, project_id, "manage")
    sha = hashlib.sha256(raw + content_type.encode()).hexdigest()
    once = Once(world, caller, f"{project_id}#{key}" if key else "", sha)
    if once.answer is not None:
        return once.answer
    config = configs.load(world, project_id, project["config_version"])
    found = _read(world, project_id, config, raw, content_type.partition(";")[0].strip().lower())
    if len(found.tasks) > MAX_TASKS:
        raise refuse(
            413,
            "too-many-tasks",
            f"{len(found.tasks):,} tasks at once; {MAX_TASKS:,} are allowed.",
            hint="Split the file.",
        )
    writer = TaskWriter(world, caller, project, config, once, ground_truth)
    for place, task in enumerate(found.tasks):
        fault = writer.add(task, f"task {place + 1}")
        if fault is not None:
            found.refused += fault
    writer.flush()
    answer = writer.finish(found.refused, return_ids)
    with contextlib.suppress(Full):  # the import itself is done and must say so
        audit.write(world, caller, project_id, "imported", {"tasks": answer["task_count"]})
    webhooks.tell(world, project, webhooks.imported(writer.ids, answer["annotation_count"]))
    return answer


def start(world: World, caller: Caller, project_id: int, body: NewImport) -> dict[str, Any]:
    """An import of uploaded files by a job: of any size, with progress in bytes, to be cancelled and resumed."""
    auth.require(world, caller, project_id, "manage")
    sizes = [info.size for key in body.uploads if (info := world.objects.head(key)) is not None]
    asked = {"uploads": body.uploads, "ground_truth": body.ground_truth}
    audit.write(world, caller, project_id, "import started", {"uploads": len(body.uploads)})
    return jobs.start(world, "import", project_id, caller.person, asked, unit="bytes", total=sum(sizes))


def _read(world: World, project_id: int, config: Config, raw: bytes, content_type: str) -> _Found:
    name = KINDS.get(content_type)
    if name is None:
        raise refuse(
            415,
            "bad-type",
            f"{content_type} cannot be imported.",
            where="header Content-Type",
            hint="Send JSON, CSV, TSV or plain text.",
        )
    if not raw.strip():
        raise refuse(400, "empty", "There is nothing to import.", where="body", hint="Send a list of tasks.")
    if name == "body.json":
        value = read_json(raw)
        if isinstance(value, dict) and value.keys() == {"uploads"}:
            return _read_uploads(world, project_id, config, value["uploads"])
    return _parse(config, name, raw)


def _parse(config: Config, name: str, raw: bytes) -> _Found:
    from labeling import imports

    parsed = imports.parse(config.plan, name, raw)
    found = _Found(refused=[dict(p) for p in parsed.refused])
    for place, task in enumerate(parsed.tasks):
        if len(raw) > MAX_TASK_BYTES and len(to_json(task)) > MAX_TASK_BYTES:
            message = f"This task has more than {MAX_TASK_BYTES >> 20} MB."
            hint = "Upload its text as a file of its own, or split it."
            found.refused.append(problem("task-too-big", message, where=f"{name}, task {place + 1}", hint=hint))
        else:
            found.tasks.append(task)
    return found


def _read_uploads(world: World, project_id: int, config: Config, uploaded: Any) -> _Found:
    if not isinstance(uploaded, list) or not all(isinstance(key, str) for key in uploaded):
        raise refuse(400, "bad-member", "uploads must be a list of keys.", where="field uploads")
    found = _Found()
    for key in uploaded:
        name = import_media.name_of(key)
        if not media.is_of_project(key, project_id):
            found.refused.append(import_media.foreign(name))
            continue
        try:
            if media.suffix_of(key) in media.TABLE_SUFFIXES:
                part = _parse(config, name, world.objects.get(key))
                found.tasks += part.tasks
                found.refused += [{**p, "where": f"{name}, {p['where']}" if p["where"] else name} for p in part.refused]
                continue
            task, problems = import_media.task_of(world, config, key)
        except NotFound:
            found.refused.append(import_media.missing(name))
            continue
        found.tasks += [task] if task is not None else []
        found.refused += problems
    return found
