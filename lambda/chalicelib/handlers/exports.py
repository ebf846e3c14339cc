"""Export: a format of labeling.exports over the tasks of a project, one page of them in memory at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, jobs, keys, migration, task_filters
from chalicelib.auth import Caller
from chalicelib.handlers import tasks
from chalicelib.handlers.projects import progress
from chalicelib.http import Answer
from chalicelib.jobs import Work
from chalicelib.problems import refuse
from chalicelib.storage.ports import Full, Record
from chalicelib.task_filters import Filter
from chalicelib.tasks import State, read_state
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.exports import Export

    from chalicelib.models_jobs import NewExport

PER_READ = 100
PART_CHUNKS = 100
"""Rows of the list of tasks that a step reads: 1,000 to 6,000 tasks."""
PART_BYTES = 16 << 20
"""Of what a step has written: masks are large, so it may end before it has read all these rows."""
ASKED = ("source", "split", "seed", "key", "object", "names", "bounds", "frames", "size", "query")
"""Parameters of a download, and members of a job, beside the format."""


def export(
    world: World,
    caller: Caller,
    project_id: int,
    kind: str,
    *,
    everything: bool,
    asked: Mapping[str, Any] | None = None,
) -> Answer:
    """The file at once. `everything`: also tasks that nobody has annotated."""
    from labeling import exports

    project = auth.require(world, caller, project_id, "read")
    wanted = {name: value for name, value in (asked or {}).items() if value} | {
        "format": kind.upper(),
        "everything": everything,
    }
    made = _open(world, project, wanted)
    chosen = task_filters.read(str(wanted.get("query") or ""))
    with contextlib.suppress(Full):  # a full disk must not keep anybody from getting their data out
        audit.write(world, caller, project_id, "exported", _told(wanted))
    headers = {
        "Content-Disposition": f'attachment; filename="{made.filename(f"project-{project_id}")}"',
        "Content-Type": made.type_of_file(),
    }
    return Answer(None, 200, headers, exports.written(made, _rows(world, project, everything, chosen)))


def formats(world: World, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """Every format; `problem` says what is in the way of one for this project's config."""
    from labeling import exports

    project = auth.require(world, caller, project_id, "read")
    plan = configs.load(world, project_id, project["config_version"]).plan
    return [
        {
            "name": name,
            "title": exports.FORMATS[name].title,
            "description": fault.message if fault else "",
            "link": "",
            "tags": [],
            "disabled": fault is not None,
        }
        for name, fault in exports.fitting(plan).items()
    ]


def start(world: World, caller: Caller, project_id: int, body: NewExport) -> dict[str, Any]:
    """An export into a file, by a job: for projects of any size."""
    project = auth.require(world, caller, project_id, "read")
    wanted = {
        "format": body.format.upper(),
        "everything": body.download_all_tasks,
        **{name: value for name in ASKED if (value := getattr(body, name))},
    }
    _open(world, project, wanted)
    task_filters.read(wanted.get("query", ""))
    total = progress(world, project_id)["total"]
    audit.write(world, caller, project_id, "exported", _told(wanted))
    # Classes and columns are those of the config of now; one that is saved meanwhile must not change them half way.
    wanted["config_version"] = project["config_version"]
    return jobs.start(world, "export", project_id, caller.person, wanted, total=total)


def _told(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if name != "query"} | (
        {"query": str(wanted["query"])[:500]} if wanted.get("query") else {}
    )


def _open(
    world: World, project: Mapping[str, Any], wanted: Mapping[str, Any], state: Mapping[str, Any] | None = None
) -> Export:
    """
    Raises:
        Refusal: 400: no such format, one that does not fit the config, a wrong option.
    """
    from labeling import exports
    from labeling.exports import splits

    plan = configs.load(world, project["id"], wanted.get("config_version", project["config_version"])).plan
    try:
        options = exports.Options(
            source=str(wanted.get("source") or ""),
            splits=splits.read(wanted.get("split"), str(wanted.get("seed") or "")),
            key=str(wanted.get("key") or ""),
            object=str(wanted.get("object") or ""),
            names=str(wanted.get("names") or "task"),
            bounds=_flag(wanted.get("bounds")),
            frames=_flag(wanted.get("frames")),
            size=str(wanted.get("size") or ""),
        )
        return exports.open_export(wanted["format"], plan, options, state)
    except exports.ExportFault as fault:
        where = "parameter exportType" if fault.where == "format" else f"parameter {fault.where}"
        raise refuse(400, fault.code, fault.message, where=where, hint=fault.hint) from None


def _flag(value: Any) -> bool:
    return value is True or str(value or "").lower() in ("1", "true", "yes")


def step(work: Work) -> bool:
    """
    A part of an export: what PART_CHUNKS rows of the list give, an object for each stream of the format. At the end the
    streams become the file.

    Asked: as `start` writes it. Cursor: `after` in the list, `streams`: numbers of the parts that each one has, `parts`
    made so far, `state` of the format; `whole` when the file is there.
    """
    world, cursor = work.world, work.cursor
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    if cursor.get("whole"):
        return _clear(work)
    made = _open(world, project.body, work.asked, cursor.get("state"))
    page = world.records.query(f"TASKS#{work.project}", after=cursor.get("after"), limit=PART_CHUNKS)
    held, read, after = _part(work, made, project.body, page.records)
    number: int = cursor.get("parts", 0)
    streams: dict[str, list[int]] = cursor.get("streams", {})
    for name, data in held.items():
        world.objects.put(_key(work, name, number), bytes(data), content_type="application/octet-stream")
        streams = {**streams, name: [*streams.get(name, []), number]}
    now = {"parts": number + 1, "streams": streams, "state": made.now()}
    done = work.body["progress"]["done"] + read
    if page.cursor is not None or (page.records and after != page.records[-1].sk):
        work.save({"after": after, **now}, done=done)
        return False
    _assemble(work, made, streams)
    filename = made.filename(f"project-{work.project}")
    result = {
        "key": _whole(work, made),
        "filename": filename,
        "format": work.asked["format"],
        "report": made.report.body,
    }
    work.save({"whole": True, **now}, done=done, result=result)
    return _clear(work)


def _part(
    work: Work, made: Export, project: Mapping[str, Any], chunks: Sequence[Record]
) -> tuple[dict[str, bytearray], int, str | None]:
    """Records by stream of as many rows of the list as fit; how many tasks these had, and the last row."""
    chosen = task_filters.read(work.asked.get("query", ""))
    held: dict[str, bytearray] = {}
    read, size, after = 0, 0, work.cursor.get("after")
    for chunk in chunks:
        ids = chunk.body["tasks"]
        for n in range(0, len(ids), 50):
            for row in rows_of(work.world, project, ids[n : n + 50], bool(work.asked["everything"]), chosen):
                for name, data in made.add(row):
                    held.setdefault(name, bytearray()).extend(data)
                    size += len(data)
        read, after = read + len(ids), chunk.sk
        if size >= PART_BYTES:
            break
    return held, read, after


def _assemble(work: Work, made: Export, streams: Mapping[str, Sequence[int]]) -> None:
    from labeling import exports
    from labeling.exports.files import in_chunks

    def read(name: str) -> Iterator[bytes]:
        for number in streams.get(name, ()):
            yield from work.world.objects.stream(_key(work, name, number))

    pieces = exports.assembled(made.layout(), read)
    work.world.objects.put_stream(_whole(work, made), in_chunks(pieces), content_type=made.type_of_file())


def _clear(work: Work) -> bool:
    for name, numbers in work.cursor.get("streams", {}).items():
        for number in numbers:
            work.world.objects.delete(_key(work, name, number))
    return True


def _key(work: Work, stream: str, number: int) -> str:
    return f"exports/{work.project}/{work.id}/{stream or 'rows'}-{number:06d}"


def _whole(work: Work, made: Export) -> str:
    ending = made.filename("").rpartition(".")[2]
    return f"exports/{work.project}/{work.id}.{ending}"


def _rows(
    world: World, project: Mapping[str, Any], everything: bool, chosen: Filter | None = None
) -> Iterator[dict[str, Any]]:
    """Every task, in the order of the list; one read of it in memory at a time."""
    after: str | None = None
    while True:
        page = world.records.query(f"TASKS#{project['id']}", after=after, limit=PART_CHUNKS)
        ids = [id_ for chunk in page.records for id_ in chunk.body["tasks"]]
        for n in range(0, len(ids), 50):
            yield from rows_of(world, project, ids[n : n + 50], everything, chosen)
        if page.cursor is None:
            return
        after = page.cursor


def rows_of(
    world: World, project: Mapping[str, Any], ids: Sequence[int], everything: bool, chosen: Filter | None = None
) -> Iterator[dict[str, Any]]:
    """
    Args:
        ids: at most 50 tasks.
        chosen: only tasks that it takes.
    """
    read = world.records.get_many([key(id_) for id_ in ids for key in (keys.task, keys.state)])
    rows = [
        (task.body, read_state(task.body, read.get(keys.state(id_))))
        for id_ in ids
        if (task := read.get(keys.task(id_))) is not None
    ]
    rows = [row for row in rows if (everything or row[1].annotations) and (chosen is None or chosen(*row))]
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
