"""A file to tasks: what it is, its text, its rows or regions, and each task against the plan."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from labeling.imports import coco, voc
from labeling.imports.conll import Conll
from labeling.imports.decode import decode
from labeling.imports.options import Beside, Found, Options
from labeling.imports.rows import Row, json_rows, jsonl_rows, table_rows, text_rows
from labeling.imports.sniff import ANNOTATION_KINDS, BINARIES, PARQUET, TEXT_KINDS, sniff
from labeling.imports.targets import Targets
from labeling.imports.tasks import Json, TaskReader, missing_hint
from labeling.problems import Problem, problem

MOST_BYTES = 100 * 1000 * 1000
MOST_TASKS = 1_000_000
_NO_OPTIONS = Options()
_NOTHING = Beside()
MOST_PROBLEMS = 1000
"""So many refused rows are told one by one; the rest is counted."""


@dataclass(frozen=True)
class Parsed:
    """What a file gave.

    tasks: `{"data", "annotations"?, "predictions"?, "drafts"?, "meta"?, "allow_skip"?}` in the order of the file.
    refused: why rows are not in it, and why regions of annotation formats are not in their task. notes: what was left
    out or decided on purpose, e.g. predictions listed only by id.
    kind: what the file was taken for.
    """

    tasks: list[Json]
    refused: list[Problem]
    notes: list[Problem]
    kind: str


@dataclass(frozen=True)
class Reading:
    """A file that is read as it is asked for: `rows` once, from the first on, and `notes` when they have ended."""

    kind: str
    rows: Iterator[Found]
    reader: TaskReader
    targets: Targets | None = None
    left_out: Callable[[], list[Problem]] = list
    done: Callable[[], int] = int
    """Bytes of the file that are behind the last row, where the format knows."""

    def notes(self) -> list[Problem]:
        told = self.targets.notes.listed() if self.targets else ()
        return [*self.reader.notes.values(), *told, *self.left_out()]


def parse(
    plan: Mapping[str, Any], name: str, data: bytes, options: Options = _NO_OPTIONS, beside: Beside = _NOTHING
) -> Parsed:
    """
    The tasks in a file or a pasted text. Never raises on any *data*.

    Args:
        plan: the plan's JSON; its `fields` say what each task needs.
        name: the file's name, "" for pasted text. Only its extension matters.
        data: JSON (a list or one object, whole tasks or only their data), JSON lines, CSV or TSV with a header
            (separator comma, semicolon or tab), or plain text with one task a line; COCO, Pascal VOC, CoNLL. UTF-8, or
            UTF-16 with a byte order mark. Or a Parquet table.
        beside: the files that came together with it.

    Rows that lack a field or have it in a wrong type are refused with their number; all others go through. A file that
    is too large or is no text is refused as a whole.
    """
    return _collect(reading(plan, name, data, options, beside))


def reading(plan: Mapping[str, Any], name: str, data: bytes, options: Options, beside: Beside) -> Reading:
    """As `parse`, a task at a time."""
    shown = name or "The text"
    kind = sniff(name, data)
    reader = TaskReader(plan, options.mapping)

    def refused(told: Problem) -> Reading:
        return Reading(kind, iter([(told["where"], None, [told])]), reader)

    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return refused(problem("empty-file", f"{shown} is empty.", "line 1", "Choose a file with at least one task."))
    if kind == PARQUET:
        if len(data) <= MOST_BYTES:
            return parquet_reading(plan, name, io.BytesIO(data), options)
    elif kind not in TEXT_KINDS | ANNOTATION_KINDS:
        binary = BINARIES[kind]
        return refused(problem("not-text", f"{shown} is {binary.title}.", "byte 1", binary.way_out))
    if len(data) > MOST_BYTES:
        message = f"{shown} has {len(data) / 1e6:.0f} MB, more than {MOST_BYTES // 10**6} MB."
        return refused(problem("too-large", message, "the whole file", "Split it into smaller files."))
    targets = Targets(plan)
    if kind == "voc":
        root = voc.tree(data)
        if not isinstance(root, voc.Element):
            return refused(root)
        return Reading(kind, checked(reader, voc.tasks(root, targets, options, beside)), reader, targets)
    text = decode(shown, data)
    if not isinstance(text, str):
        return refused(text)
    if kind == "conll":
        return Reading(kind, checked(reader, Conll(plan, options, targets.notes).tasks(text)), reader, targets)
    if kind == "coco":
        value = _loaded(text)
        if coco.is_coco(value):
            return Reading(kind, checked(reader, coco.tasks(value, targets, options, beside)), reader, targets)
        kind = "json"
    if not name and kind == "csv" and not _names_a_field(text, reader.columns):
        kind = "txt"  # pasted sentences with commas are no table
    rows: Iterable[Row | Problem]
    if kind in ("csv", "tsv"):
        rows = _table(reader, text, kind)
    elif kind == "txt":
        rows = _lines(reader, text)
    else:
        rows = json_rows(text) if kind == "json" else jsonl_rows(text)
    return Reading(kind, _read(reader, rows), reader)


def parquet_reading(
    plan: Mapping[str, Any],
    name: str,
    file: IO[bytes],
    options: Options,
    *,
    beside: Beside = _NOTHING,
    start: int = 0,
) -> Reading:
    """
    As `reading`, of an open file of any size, that stays open until the rows have ended.

    Args:
        start: rows that are passed over.
    """
    reader = TaskReader(plan, options.mapping)
    try:
        from labeling.imports import parquet
    except ImportError:
        message = f"{name or 'The text'} is a Parquet table, and its reader (arro3-io) is not installed on this server."
        told = problem("no-parquet", message, "the whole file", "Install arro3-io, or save it as JSON lines or CSV.")
        return Reading(PARQUET, iter([(told["where"], None, [told])]), reader)
    rows = parquet.Rows(name, file, reader, beside.put if beside.puts else None)
    return Reading(PARQUET, _read(reader, rows.read(start)), reader, None, lambda: rows.notes, rows.done)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None  # what is wrong with it is told when it is read as rows


def _read(reader: TaskReader, rows: Iterable[Row | Problem]) -> Iterator[Found]:
    for row in rows:
        if isinstance(row, tuple):
            where, value = row
            yield where, *reader.task(value, where)
        else:
            yield row["where"], None, [row]


def checked(reader: TaskReader, found: Iterable[Found]) -> Iterator[Found]:
    """Tasks of annotation formats, with what the config needs besides."""
    for where, task, problems in found:
        if task is None:
            yield where, None, problems
            continue
        fit, faults = reader.task(task, where)
        yield where, fit, [*problems, *faults]


def _collect(reading: Reading) -> Parsed:
    kind = reading.kind
    tasks: list[Json] = []
    refused: list[Problem] = []
    told = untold = 0
    last = ""
    for where, task, problems in reading.rows:
        if task is not None:
            tasks.append(task)
            if len(tasks) > MOST_TASKS:
                message = f"There are more than {MOST_TASKS:,} tasks."
                found = problem("too-many-tasks", message, where, "Split the file and import the parts.")
                return Parsed([], [found], [], kind)
        if not problems:
            continue
        last = problems[0]["where"]
        if told < MOST_PROBLEMS:
            told += 1
            refused += problems
        else:
            untold += 1
    if untold:
        more = f"{told + untold:,} rows are refused in all; the first {told:,} are listed."
        refused.append(problem("more-refused", more, f"up to {last}", "Mend these first: others may be the same."))
    if not tasks and not refused:
        refused.append(problem("no-tasks", "There are no tasks in it.", "the whole file", "Add at least one row."))
    return Parsed(tasks, refused, reading.notes(), kind)


def _names_a_field(text: str, fields: list[str]) -> bool:
    """Whether the first record of a table names a field of the plan."""
    for header in table_rows(text[:65536], "csv", fields):
        return isinstance(header, list) and any(field in header for field in fields)
    return False


def _table(reader: TaskReader, text: str, kind: str) -> Iterable[Row | Problem]:
    """The records of a table; a header that cannot fit is one problem, not one for each row."""
    csv.field_size_limit(MOST_BYTES)  # a cell may be a whole document
    listed = listed_fields(reader)
    for row in table_rows(text, kind, reader.columns):
        if isinstance(row, list):
            faults = list(header_problems(reader, row))
            if faults:
                yield from faults
                return
        elif isinstance(row, tuple):
            where, data = row
            yield where, cells_of(data, reader, listed)
        else:
            yield row


def listed_fields(reader: TaskReader) -> set[str]:
    """Fields that cannot be texts: in tables they are JSON."""
    return {
        str(field.get("name"))
        for field in reader.fields
        if field.get("types") and not {"string", "number"} & set(field["types"])
    }


def cells_of(row: Mapping[str, str], reader: TaskReader, listed: set[str]) -> dict[str, object]:
    renamed = reader.mapping
    return {name: json_cell(cell) if renamed.get(name, name) in listed else cell for name, cell in row.items()}


def json_cell(cell: str) -> object:
    """Lists and objects stand in tables as JSON text; what is none is refused later for its type."""
    row = next(iter(json_rows('{"cell":' + cell + "}")))
    return row[1]["cell"] if isinstance(row, tuple) and isinstance(row[1], dict) and "cell" in row[1] else cell


def header_problems(reader: TaskReader, header: list[str]) -> Iterable[Problem]:
    for name, times in sorted(Counter(header).items()):
        if not name or times < 2:
            continue
        message = f"The column {name!r} is there {times} times."
        yield problem("column-twice", message, "header", "Give every column a name of its own.")
    yield from reader.mapping_problems([name for name in dict.fromkeys(header) if name], "header")
    for column in reader.mapping:
        if column not in header:
            message = f"The table has no column {column!r}, which is to become {reader.mapping[column]!r}."
            hint = "There are " + ", ".join(repr(name) for name in header[:8] if name) + "."
            yield problem("missing-column", message, "header", hint)
    there = [reader.mapping.get(column, column) for column in header]
    for name in reader.names:
        if name not in there and name not in reader.mapping.values():
            message = f"The table has no column {name!r}, which the config uses."
            hint = missing_hint(name, [column for column in header if column], reader.names)
            yield problem("missing-column", message, f"header, field {name}", hint)


def _lines(reader: TaskReader, text: str) -> Iterable[Row | Problem]:
    if len(reader.fields) != 1:
        listed = ", ".join(repr(name) for name in reader.names) or "none"
        message = f"Plain lines fit only configs with one data field; this config has {listed}."
        hint = "Import CSV with a column for each field, or JSON." if reader.names else "Give an object a value."
        yield problem("lines-need-one-field", message, "the whole file", hint)
        return
    types = reader.fields[0].get("types") or ["string"]
    if "string" not in types:
        message = f"The field {reader.names[0]!r} takes {' or '.join(map(str, types))}, lines are texts."
        yield problem("lines-need-text", message, "the whole file", "Import JSON instead.")
        return
    yield from text_rows(text, reader.names[0], trim=reader.names[0] in reader.addresses)
