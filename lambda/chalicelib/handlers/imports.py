"""Import: whatever an owner sends becomes tasks; what cannot is told with its place."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, import_bundle, import_keys, import_media, jobs, media, webhooks
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.http import read_json, to_json
from chalicelib.import_options import Wish
from chalicelib.problems import Problem, problem, refuse
from chalicelib.storage.ports import Full
from chalicelib.task_writer import Once, TaskWriter
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import NewImport

MAX_TASKS = 1_000_000
MAX_TASK_BYTES = 8 << 20
MOST_KEYED = 20_000
"""Tasks that a request makes findable by a key at most."""
KINDS = {
    "text/csv": "body.csv",
    "text/tab-separated-values": "body.tsv",
    "text/plain": "body.txt",
    "application/x-ndjson": "body.jsonl",
    "application/jsonl": "body.jsonl",
    "application/json": "body.json",
    "application/vnd.apache.parquet": "body.parquet",
    "": "body.json",
}
_PLAIN = Wish()


@dataclass(slots=True)
class _Found:
    """What the request brought: tasks as given, and what is refused already."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def take(self, task: dict[str, Any], where: str, *, big: bool) -> None:
        if big and len(to_json(task)) > MAX_TASK_BYTES:
            message = f"This task has more than {MAX_TASK_BYTES >> 20} MB."
            hint = "Upload its text as a file of its own, or split it."
            self.refused.append(problem("task-too-big", message, where=where, hint=hint))
        else:
            self.tasks.append(task)


def load(
    world: World,
    caller: Caller,
    project_id: int,
    raw: bytes,
    content_type: str,
    wish: Wish = _PLAIN,
    *,
    key: str = "",
    ground_truth: bool = False,
    return_ids: bool = False,
) -> dict[str, Any]:
    """
    Args:
        wish: how it is to be read.
        key: the client's idempotency key. The same key and body give the same answer; an import that was cut off goes
            on where it stopped.
        ground_truth: what imported annotations that do not say so are.
    Raises:
        Refusal: nothing could be read at all, or the key was used for something else.
    """
    project = auth.require(world, caller, project_id, "manage")
    sha = hashlib.sha256(raw + content_type.encode() + wish.digest()).hexdigest()
    once = Once(world, caller, f"{project_id}#{key}" if key else "", sha)
    if once.answer is not None:
        return once.answer
    config = configs.load(world, project_id, project["config_version"])
    found = _read(world, project_id, config, raw, plain_type(content_type), wish)
    if len(found.tasks) > MAX_TASKS:
        raise refuse(
            413,
            "too-many-tasks",
            f"{len(found.tasks):,} tasks at once; {MAX_TASKS:,} are allowed.",
            hint="Split the file.",
        )
    writer = TaskWriter(world, caller, project, config, once, ground_truth)
    if wish.key and wish.duplicates != "add":
        _sift(world, project, config, wish, writer, found)
    for place, task in enumerate(found.tasks):
        fault = writer.add(task, f"task {place + 1}")
        if fault is not None:
            found.refused += fault
    writer.flush()
    answer = writer.finish(found.refused, return_ids, found.notes)
    with contextlib.suppress(Full):  # the import itself is done and must say so
        audit.write(world, caller, project_id, "imported", {"tasks": answer["task_count"]})
    webhooks.tell(world, project, webhooks.imported(writer.ids, answer["annotation_count"]))
    return answer


def _sift(
    world: World, project: Mapping[str, Any], config: Config, wish: Wish, writer: TaskWriter, found: _Found
) -> None:
    """Take out what is there already."""
    if not import_keys.catch_up(world, project["id"], wish.key, MOST_KEYED):
        message = f"The project has more than {MOST_KEYED:,} tasks that were never looked at for {wish.key!r}."
        raise refuse(409, "key-needs-job", message, hint="Upload the file and import it by a job.")
    sieve = import_keys.Sieve(world, project, config, wish, _unchecked)
    fresh = []
    for place, task in enumerate(found.tasks, 1):
        faults = sieve.check(task, f"task {place}")
        found.refused += faults
        fresh += [] if faults else [task]
    sifted = sieve.sift(fresh, frozenset(writer.ids))
    found.tasks = sifted.fresh
    for told in sifted.problems:
        (found.notes if told.get("severity") == "warning" else found.refused).append(told)


def plain_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def start(world: World, caller: Caller, project_id: int, body: NewImport) -> dict[str, Any]:
    """An import of uploaded files by a job: of any size, with progress in bytes, to be cancelled and resumed."""
    auth.require(world, caller, project_id, "manage")
    sizes = [info.size for key in body.uploads if (info := world.objects.head(key)) is not None]
    wish = Wish(body.as_, body.mapping, body.image_root, body.key, body.duplicates)
    asked = {"uploads": body.uploads, "ground_truth": body.ground_truth, **wish.asked()}
    audit.write(world, caller, project_id, "import started", {"uploads": len(body.uploads)})
    return jobs.start(world, "import", project_id, caller.person, asked, unit="bytes", total=sum(sizes))


def _read(world: World, project_id: int, config: Config, raw: bytes, content_type: str, wish: Wish) -> _Found:
    given = asked(raw, content_type)
    if isinstance(given, str):
        return _parse(config, given, raw, wish)
    return _read_uploads(world, project_id, config, given, wish)


def asked(raw: bytes, content_type: str) -> str | list[str]:
    """The name of a body that holds tasks, or the keys of uploads."""
    name = KINDS.get(content_type)
    if name is None:
        raise refuse(
            415,
            "bad-type",
            f"{content_type} cannot be imported.",
            where="header Content-Type",
            hint="Send JSON, CSV, TSV, Parquet or plain text.",
        )
    if not raw.strip():
        raise refuse(400, "empty", "There is nothing to import.", where="body", hint="Send a list of tasks.")
    if name == "body.json":
        value = read_json(raw)
        if isinstance(value, dict) and value.keys() == {"uploads"}:
            uploaded = value["uploads"]
            if not isinstance(uploaded, list) or not all(isinstance(key, str) for key in uploaded):
                raise refuse(400, "bad-member", "uploads must be a list of keys.", where="field uploads")
            return uploaded
    return name


def _parse(config: Config, name: str, raw: bytes, wish: Wish) -> _Found:
    from labeling import imports

    parsed = imports.parse(config.plan, name, raw, wish.options())
    found = _Found(refused=[dict(p) for p in parsed.refused], notes=[dict(p) for p in parsed.notes])
    for place, task in enumerate(parsed.tasks):
        found.take(task, f"{name}, task {place + 1}", big=len(raw) > MAX_TASK_BYTES)
    return found


def _read_uploads(world: World, project_id: int, config: Config, uploaded: list[str], wish: Wish) -> _Found:
    found = _Found()
    for uploads in import_bundle.bundles_of(uploaded):
        if media.suffix_of(uploads[0]) in media.ARCHIVE_SUFFIXES:
            name = import_media.name_of(uploads[0])
            hint = "Import it by a job: POST …/import/jobs."
            message = "An archive is too much for one request."
            found.refused.append(import_media.refused("archive-needs-job", name, message, hint))
            continue
        files = import_bundle.Files(world, project_id, uploads, lambda _: None, measured=False)
        for task, problems, _ in import_bundle.read(config, wish.options(), _unchecked, files, {}):
            for told in problems:
                (found.notes if told.get("severity") == "warning" else found.refused).append(told)
            if task is not None:
                found.take(task, f"task {len(found.tasks) + 1}", big=True)
    return found


def _unchecked(_task: dict[str, Any], _where: str) -> list[Problem]:
    """The writer checks every task, whatever it came from."""
    return []
