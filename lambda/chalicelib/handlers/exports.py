"""Export: a format of labeling.exports over the tasks of a project, one page of them in memory at a time."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, export_target, jobs, keys, migration, snapshots, task_filters
from chalicelib.auth import Caller
from chalicelib.handlers import snapshots as kept
from chalicelib.handlers import tasks
from chalicelib.handlers.projects import progress
from chalicelib.http import Answer
from chalicelib.jobs import Stopped, Work
from chalicelib.picture_sizes import PictureSizes
from chalicelib.problems import refuse
from chalicelib.storage.ports import Full, Record
from chalicelib.task_filters import Filter
from chalicelib.tasks import State, read_state
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.exports import Export

    from chalicelib.models_jobs import NewExport

PER_READ = 100
AT_ONCE = 50
"""Tasks whose rows are asked for together."""
PART_CHUNKS = 100
"""Rows of the list of tasks that are read at once. One holds up to 60 tasks, 2 where they came with answers."""
PART_TASKS = 5000
"""Tasks that a step reads."""
PART_LOOKS = 500
"""Files that a step looks into for the size of a picture."""
PART_BYTES = 16 << 20
"""Of what a step has written: masks are large, so it may end before it has read all these tasks."""
ASKED = (
    "source",
    "split",
    "seed",
    "key",
    "object",
    "names",
    "bounds",
    "frames",
    "size",
    "spreadsheet",
    "query",
    "snapshot",
)
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
    snapshot = _snapshot(world, project_id, wanted)
    made = _open(world, project, wanted)
    chosen = task_filters.read(str(wanted.get("query") or ""))
    with contextlib.suppress(Full):  # a full disk must not keep anybody from getting their data out
        audit.write(world, caller, project_id, "exported", _told(wanted))
    headers = {
        "Content-Disposition": f'attachment; filename="{made.filename(f"project-{project_id}")}"',
        "Content-Type": made.type_of_file(),
    }
    if snapshot is None:
        rows = _rows(world, project, everything, chosen, predictions=made.predictions)
    else:
        rows = (row for row in snapshots.rows(world, snapshot) if everything or row["annotations"])
    return Answer(None, 200, headers, exports.written(made, rows))


def _snapshot(world: World, project_id: int, wanted: dict[str, Any]) -> Mapping[str, Any] | None:
    """
    The snapshot that is asked for; classes and columns are then those of its config.

    Raises:
        Refusal: 400, 404, 409 while it is being made.
    """
    asked = str(wanted.get("snapshot") or "")
    if not asked:
        return None
    if wanted.get("query"):
        message = "A filter finds tasks as they are now, which a snapshot does not know."
        raise refuse(400, "no-filter", message, where="parameter query", hint="Leave out query, or snapshot.")
    if not asked.isdecimal() or len(asked) > 12:
        raise refuse(400, "bad-parameter", "snapshot is the id of a snapshot.", where="parameter snapshot")
    found = kept.ready(world, project_id, int(asked))
    wanted["config_version"] = found["config_version"]
    return found


def formats(world: World, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """
    Every format, as Label Studio lists them; `description` says what is in the way of one that is `disabled`. Ours:
    `objects` that it could be about, `takes`: options that mean something to it, `source`: if nobody says.
    """
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
            "objects": exports.objects_of(name, plan),
            "takes": list(exports.FORMATS[name].takes),
            "source": "consensus" if exports.FORMATS[name].one else "annotations",
        }
        for name, fault in exports.fitting(plan).items()
        if fault is None or fault.code != "extra-missing" or _can_have_extras(world)
    ]


def _can_have_extras(world: World) -> bool:
    """On AWS nothing is installed beside the package, so what needs more is not offered."""
    return hasattr(world.objects, "outside")


def start(world: World, caller: Caller, project_id: int, body: NewExport) -> dict[str, Any]:
    """An export into a file, by a job: for projects of any size."""
    project = auth.require(world, caller, project_id, "read")
    wanted = {
        "format": body.format.upper(),
        "everything": body.download_all_tasks,
        **{name: value for name in ASKED if (value := getattr(body, name))},
    }
    # Classes and columns are those of the config of now; one that is saved meanwhile must not change them half way.
    wanted["config_version"] = project["config_version"]
    if body.to is not None:
        auth.require(world, caller, project_id, "manage")  # the bucket is the owner's
        export_target.require(world, project_id, body.to)
        wanted["to"] = body.to
    snapshot = _snapshot(world, project_id, wanted)
    _open(world, project, wanted)
    task_filters.read(wanted.get("query", ""))
    total = snapshot["tasks"] if snapshot else progress(world, project_id)["total"]
    audit.write(world, caller, project_id, "exported", _told(wanted))
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
            spreadsheet=_flag(wanted.get("spreadsheet")),
            size_of=PictureSizes(world, project["id"]),
        )
        return exports.open_export(wanted["format"], plan, options, state)
    except exports.ExportFault as fault:
        if fault.code == "extra-missing" and not _can_have_extras(world):
            message = f"{wanted['format']} is not made on AWS."
            raise refuse(400, "bad-format", message, where="parameter exportType", hint="Use CSV or JSONL.") from None
        where = "parameter exportType" if fault.where == "format" else f"parameter {fault.where}"
        raise refuse(400, fault.code, fault.message, where=where, hint=fault.hint) from None


def _flag(value: Any) -> bool:
    return value is True or str(value or "").lower() in ("1", "true", "yes")


def step(work: Work) -> bool:
    """
    A part of an export: what PART_TASKS tasks give, an object for each stream of the format. At the end the streams
    become the file.

    Asked: as `start` writes it. Cursor: `after` in the list, `streams`: names of the parts that each one has, `parts`
    made so far, `state` of the format; `whole` when the file is there, `sent` when it is in the bucket too.
    """
    world, cursor = work.world, work.cursor
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    if cursor.get("whole"):
        if work.asked.get("to") and not cursor.get("sent"):
            told = {**work.body["result"], "target": export_target.send(work)}
            work.save({**cursor, "sent": True}, done=work.body["progress"]["done"], result=told)
        return _clear(work)
    made = _open(world, project.body, work.asked, cursor.get("state"))
    part = _part_of_snapshot(work, made) if work.asked.get("snapshot") else _part(work, made, project.body)
    held, read, after, is_last = part
    number: int = cursor.get("parts", 0)
    token = secrets.token_hex(4)  # new at each try: a run that was left behind writes beside what counts
    piece = f"{number:06d}-{token}"
    written: list[str] = []
    streams: dict[str, list[str]] = cursor.get("streams", {})
    for name, data in held.items():
        written.append(_key(work, name, piece))
        world.objects.put(written[-1], bytes(data), content_type="application/octet-stream")
        streams = {**streams, name: [*streams.get(name, []), piece]}
    now = {"parts": number + 1, "streams": streams, "state": made.now()}
    done = work.body["progress"]["done"] + read
    try:
        if not is_last:
            work.save({"after": after, **now}, done=done)
            return False
        written.append(_whole(work, made, token))
        result = {
            "key": written[-1],
            "filename": made.filename(f"project-{work.project}"),
            "format": work.asked["format"],
            "bytes": _assemble(work, made, streams, written[-1]),
            "report": made.report.body,
        }
        work.save({"whole": True, **now}, done=done, result=result)
    except Stopped:
        for key in written:
            world.objects.delete(key)
        raise
    return False if work.asked.get("to") else _clear(work)


def _part(work: Work, made: Export, project: Mapping[str, Any]) -> tuple[dict[str, bytearray], int, str | None, bool]:
    """Records by stream of as many tasks as fit; how many these were, the last row of the list, whether it ended."""
    chosen = task_filters.read(work.asked.get("query", ""))
    # Answers are read as the config has them that the export was begun with, whatever is saved meanwhile.
    pinned = {**project, "config_version": work.asked.get("config_version", project["config_version"])}
    everything = bool(work.asked["everything"])
    held: dict[str, bytearray] = {}
    read, size, after = 0, 0, work.cursor.get("after")
    while True:
        page = work.world.records.query(f"TASKS#{work.project}", after=after, limit=PART_CHUNKS)
        for ids, last in _together(page.records):
            for row in rows_of(work.world, pinned, ids, everything, chosen, predictions=made.predictions):
                for name, data in made.add(row):
                    held.setdefault(name, bytearray()).extend(data)
                    size += len(data)
            if last is not None:
                read, after = read + last[0], last[1]
                if size >= PART_BYTES or read >= PART_TASKS or _looked(made) >= PART_LOOKS:
                    return held, read, after, page.cursor is None and last[1] == page.records[-1].sk
        if page.cursor is None:
            return held, read, after, True


def _looked(made: Export) -> int:
    look = made.options.size_of
    return look.looked if isinstance(look, PictureSizes) else 0


def _together(chunks: Sequence[Record]) -> Iterator[tuple[list[int], tuple[int, str] | None]]:
    """
    The tasks of rows of the list, at most AT_ONCE at a time, since a row may hold few; behind the last of a row how
    many tasks there were since the row that was told before, and its key.
    """
    held: list[int] = []
    count = 0
    for n, chunk in enumerate(chunks, 1):
        held += chunk.body["tasks"]
        count += len(chunk.body["tasks"])
        following = len(chunks[n].body["tasks"]) if n < len(chunks) else AT_ONCE
        if len(held) + following <= AT_ONCE:
            continue
        for start in range(0, len(held), AT_ONCE):
            is_end = start + AT_ONCE >= len(held)
            yield held[start : start + AT_ONCE], (count, chunk.sk) if is_end else None
        held, count = [], 0


def _part_of_snapshot(work: Work, made: Export) -> tuple[dict[str, bytearray], int, list[int], bool]:
    """The same of a snapshot; the place is `[part, tasks of it]`. One that was deleted meanwhile fails the job."""
    snapshot = kept.ready(work.world, work.project, int(work.asked["snapshot"]))
    number, skip = work.cursor.get("after") or [-1, 0]
    numbers = list(dict.fromkeys(found for found, _ in snapshot["parts"] if found >= number + (not skip)))
    held: dict[str, bytearray] = {}
    read = size = 0
    for row in islice(snapshots.rows(work.world, snapshot, numbers[0]), skip, None) if numbers else ():
        read += 1
        for name, data in made.add(row) if work.asked["everything"] or row["annotations"] else ():
            held.setdefault(name, bytearray()).extend(data)
            size += len(data)
        if size >= PART_BYTES or _looked(made) >= PART_LOOKS:
            return held, read, [numbers[0], skip + read], False
    return held, read, [numbers[0] if numbers else number, 0], len(numbers) < 2


def _assemble(work: Work, made: Export, streams: Mapping[str, Sequence[str]], key: str) -> int:
    """The file of its streams; gives its size."""
    from labeling import exports
    from labeling.exports.files import in_chunks

    def read(name: str) -> Iterator[bytes]:
        for piece in streams.get(name, ()):
            yield from work.world.objects.stream(_key(work, name, piece))

    pieces = exports.assembled(made.layout(), read)
    whole = in_chunks(pieces)
    return work.world.objects.put_stream(key, whole, content_type=made.type_of_file()).size


def _clear(work: Work) -> bool:
    for name, pieces in work.cursor.get("streams", {}).items():
        for piece in pieces:
            work.world.objects.delete(_key(work, name, piece))
    return True


def _key(work: Work, stream: str, piece: str) -> str:
    return f"exports/{work.project}/{work.id}/{stream or 'rows'}-{piece}"


def _whole(work: Work, made: Export, token: str) -> str:
    ending = made.filename("").rpartition(".")[2]
    return f"exports/{work.project}/{work.id}-{token}.{ending}"


def _rows(
    world: World,
    project: Mapping[str, Any],
    everything: bool,
    chosen: Filter | None = None,
    *,
    predictions: bool = True,
) -> Iterator[dict[str, Any]]:
    """Every task, in the order of the list; one read of it in memory at a time."""
    after: str | None = None
    while True:
        page = world.records.query(f"TASKS#{project['id']}", after=after, limit=PART_CHUNKS)
        for ids, _ in _together(page.records):
            yield from rows_of(world, project, ids, everything, chosen, predictions=predictions)
        if page.cursor is None:
            return
        after = page.cursor


def rows_of(
    world: World,
    project: Mapping[str, Any],
    ids: Sequence[int],
    everything: bool,
    chosen: Filter | None = None,
    *,
    predictions: bool = True,
) -> Iterator[dict[str, Any]]:
    """
    Args:
        project: its `config_version` is the one under which answers and predictions are read.
        ids: at most AT_ONCE tasks.
        chosen: only tasks that it takes.
        predictions: with their results; else rows have none.
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
    predicted = _predictions(world, project, [body for body, _ in rows if predictions and body["predictions"]])
    for body, state in rows:
        stored = [found[key].body for key in _annotations(state) if key in found]
        bodies = migration.bodies(world, project["id"], stored, project["config_version"])
        consensus = found.get(keys.consensus(state.task))
        own = next(predicted) if predictions and body["predictions"] else []
        row = tasks.export_row(body, state, project, bodies, own)
        yield {**row, "consensus": consensus.body if consensus else None}


def _predictions(
    world: World, project: Mapping[str, Any], given: Sequence[Mapping[str, Any]]
) -> Iterator[list[dict[str, Any]]]:
    """
    In full, oldest first, of one task after the other. Those of several tasks are read together, but no more than
    PER_READ at a time: one task may have a hundred large ones.
    """
    held: dict[keys.Key, Record] = {}
    read = 0
    for n, task in enumerate(given):
        if n == read:
            wanted: list[keys.Key] = []
            while read < len(given) and (n == read or len(wanted) + len(given[read]["predictions"]) <= PER_READ):
                wanted += [keys.prediction(given[read]["id"], id_) for id_ in given[read]["predictions"]]
                read += 1
            held = {}
            for start in range(0, len(wanted), PER_READ):
                held.update(world.records.get_many(wanted[start : start + PER_READ]))
        own = [keys.prediction(task["id"], id_) for id_ in task["predictions"]]
        stored = [held[key].body for key in own if key in held]
        yield migration.bodies(world, project["id"], stored, project["config_version"])


def _annotations(state: State) -> list[keys.Key]:
    return [keys.annotation(a["id"], a["version"]) for a in state.annotations]
