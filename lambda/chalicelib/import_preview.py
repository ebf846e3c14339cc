"""What an import would do: its first tasks, its columns and what they most likely are. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from chalicelib import auth, configs, import_bundle, import_rows
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.handlers import imports
from chalicelib.http import to_json
from chalicelib.import_options import Wish
from chalicelib.import_rows import Check, Pieces, Task
from chalicelib.problems import Problem
from chalicelib.task_blocks import BlockWriter
from chalicelib.world import World

TASKS = 10
LOOK = 1000
"""Rows, files and problems that are looked at at most for the tasks."""
ROWS = 20
MOST_TOLD = 200
CELL = 300
"""Characters of a value in `rows`."""

_File = tuple[str, Pieces]
_Bundles = Sequence[import_bundle.Files]


def show(world: World, caller: Caller, project_id: int, raw: bytes, content_type: str, wish: Wish) -> dict[str, Any]:
    """
    `{kind, columns, rows, fields, shown, mapping, tasks, refused, notes, complete}`. kind: of the first file of data,
    "yolo", "media" or "". rows: the first ones as they stand, fitting or not, long values cut. fields: what a task must
    have. shown: what the config shows where a task has it. mapping: what was asked for, else what is guessed; the tasks
    are made with it. complete: all was looked at.

    Raises:
        Refusal: as the import itself.
    """
    project = auth.require(world, caller, project_id, "manage")
    config = configs.load(world, project_id, project["config_version"])
    given = imports.asked(raw, imports.plain_type(content_type))
    body: _File | None = None
    bundles: list[import_bundle.Files] = []
    if isinstance(given, str):
        body = (given, lambda start: iter([raw[start:]]))
    else:
        groups = import_bundle.bundles_of(given)
        bundles = [import_bundle.Files(world, project_id, keys, lambda _: None, measured=False) for keys in groups]
    kind, columns, rows = _columns(body or _first(bundles), bundles)
    fields = [str(field["name"]) for field in config.plan["fields"]]
    mapping = dict(wish.mapping) or _guessed(columns, fields)
    wished = Wish(wish.role, mapping, wish.image_root)
    check = BlockWriter(world, caller.person, project, config).check
    found = _found(config, wished, check, body, bundles)
    tasks: list[Task] = []
    told: list[Problem] = []
    for task, problems in islice(found, LOOK):
        told += problems
        tasks += [task] if task is not None else []
        if len(tasks) == TASKS:
            break
    complete = all(task is None and not problems for task, problems in islice(found, 1))
    return {
        "kind": kind,
        "columns": columns,
        "rows": rows,
        "fields": fields,
        "shown": _shown(config, fields),
        "mapping": mapping,
        "tasks": tasks,
        "refused": [one for one in told if one.get("severity") != "warning"][:MOST_TOLD],
        "notes": [one for one in told if one.get("severity") == "warning"][:MOST_TOLD],
        "complete": complete,
    }


def _found(
    config: Config, wish: Wish, check: Check, body: _File | None, bundles: _Bundles
) -> Iterator[tuple[Task | None, list[Problem]]]:
    if body is not None:
        name, pieces = body
        rows = import_rows.read(config, check, pieces, name, None, options=wish.options(), resolve=_as_it_is)
        yield from ((task, problems) for task, problems, _ in rows)
    for files in bundles:
        for task, problems, _ in import_bundle.read(config, wish.options(), check, files, {}, dry=True):
            if task is not None or problems:
                yield task, problems


def _as_it_is(task: Task, _fields: set[str], _where: str) -> tuple[Task, list[Problem]]:
    return task, []


def _first(bundles: _Bundles) -> _File | None:
    """The first file of data."""
    for files in bundles:
        for part in files.bundle.parts if files.bundle is not None else ():
            if part.kind == "file":
                return part.path, files.pieces(part.path)
    return None


def _columns(file: _File | None, bundles: _Bundles) -> tuple[str, list[str], list[dict[str, Any]]]:
    """The kind of the file, the names by which its first rows call their values, and some of these rows."""
    from labeling.imports import stream
    from labeling.imports.sniff import PARQUET, sniff
    from labeling.imports.tasks import TaskReader

    if file is None:
        kinds = [part.kind for files in bundles if files.bundle is not None for part in files.bundle.parts]
        return ("yolo" if "yolo" in kinds else "media" if "media" in kinds else ""), [], []
    name, pieces = file
    head = b"".join(islice(pieces(0), 1))[: stream.HEAD_BYTES]
    reader = TaskReader({})
    try:
        place = stream.begin(name, head, reader)
    except stream.Whole:
        kind = sniff(name, head)
        return (kind, *_shown_rows(_table_rows(name, pieces))) if kind == PARQUET else (kind, [], [])
    if "code" in place or place["kind"] == "txt":
        return sniff(name, head), [], []
    return place["kind"], *_shown_rows(stream.RowStream(pieces, place, reader))


def _table_rows(name: str, pieces: Pieces) -> Iterator[Any]:
    """The rows of a Parquet table, its files as their names."""
    from labeling.imports import Beside, Options
    from labeling.imports.parse import parquet_reading

    class Names(Beside):
        puts = True

        def put(self, name: str, data: bytes) -> str | None:  # noqa: ARG002
            return name.rpartition("/")[2]

    reading = parquet_reading({}, name, import_rows.spooled(pieces), Options(), beside=Names())
    yield from ((where, task) for where, task, _ in reading.rows)


def _shown_rows(found: Iterable[Any]) -> tuple[list[str], list[dict[str, Any]]]:
    columns: dict[str, None] = {}
    rows: list[dict[str, Any]] = []
    for row in islice(found, ROWS):
        if isinstance(row, tuple) and isinstance(row[1], dict):
            inner = row[1].get("data")
            cells = inner if isinstance(inner, dict) else row[1]
            columns.update(dict.fromkeys(map(str, cells)))
            rows.append({str(column): _cut(value) for column, value in cells.items()})
    return list(columns), rows[:TASKS]


def _cut(value: Any) -> Any:
    """A value as it is shown: what is long is a text, and cut."""
    text = value if isinstance(value, str) else to_json(value)
    return value if len(text) <= CELL else text[:CELL] + "…"


def _shown(config: Config, fields: Sequence[str]) -> list[str]:
    from labeling.values import named_in

    parts = [config.plan["tree"], config.plan["objects"], config.plan["controls"]]
    return [name for name in dict.fromkeys(named_in(parts)) if name not in fields]


def _guessed(columns: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    from labeling.imports.tasks import guessed_mapping

    return guessed_mapping(columns, fields)
