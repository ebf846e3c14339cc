"""A file to tasks: what it is, its text, its rows, and each row against the plan."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from labeling.imports.decode import decode
from labeling.imports.rows import Row, json_rows, jsonl_rows, table_rows, text_rows
from labeling.imports.sniff import BINARIES, TEXT_KINDS, sniff
from labeling.imports.tasks import Json, TaskReader, missing_hint
from labeling.problems import Problem, problem

MOST_BYTES = 100 * 1000 * 1000
MOST_TASKS = 1_000_000
MOST_PROBLEMS = 1000
"""So many refused rows are told one by one; the rest is counted."""


@dataclass(frozen=True)
class Parsed:
    """What a file gave.

    tasks: `{"data", "annotations"?, "predictions"?, "drafts"?, "meta"?, "allow_skip"?}` in the order of the file.
    refused: why rows are not in it. notes: what was left out on purpose, e.g. predictions listed only by id.
    kind: what the file was taken for.
    """

    tasks: list[Json]
    refused: list[Problem]
    notes: list[Problem]
    kind: str


def parse(plan: Mapping[str, Any], name: str, data: bytes) -> Parsed:
    """
    The tasks in a file or a pasted text. Never raises on any *data*.

    Args:
        plan: the plan's JSON; its `fields` say what each task needs.
        name: the file's name, "" for pasted text. Only its extension matters.
        data: JSON (a list or one object, whole tasks or only their data), JSON lines, CSV or TSV with a header
            (separator comma, semicolon or tab), or plain text with one task a line. UTF-8, or UTF-16 with a byte order
            mark.

    Rows that lack a field or have it in a wrong type are refused with their number; all others go through. A file that
    is too large or is no text is refused as a whole.
    """
    shown = name or "The text"
    kind = sniff(name, data)
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        empty = problem("empty-file", f"{shown} is empty.", "line 1", "Choose a file with at least one task.")
        return Parsed([], [empty], [], kind)
    if kind not in TEXT_KINDS:
        binary = BINARIES[kind]
        return Parsed([], [problem("not-text", f"{shown} is {binary.title}.", "byte 1", binary.way_out)], [], kind)
    if len(data) > MOST_BYTES:
        message = f"{shown} has {len(data) / 1e6:.0f} MB, more than {MOST_BYTES // 10**6} MB."
        return Parsed([], [problem("too-large", message, "the whole file", "Split it into smaller files.")], [], kind)
    text = decode(shown, data)
    if not isinstance(text, str):
        return Parsed([], [text], [], kind)

    reader = TaskReader(plan)
    if not name and kind == "csv" and not _names_a_field(text, reader.names):
        kind = "txt"  # pasted sentences with commas are no table
    if kind in ("csv", "tsv"):
        return _collect(reader, kind, _table(reader, text, kind))
    if kind == "txt":
        return _collect(reader, kind, _lines(reader, text))
    return _collect(reader, kind, json_rows(text) if kind == "json" else jsonl_rows(text))


def _collect(reader: TaskReader, kind: str, rows: Iterable[Row | Problem]) -> Parsed:
    tasks: list[Json] = []
    refused: list[Problem] = []
    told = untold = 0
    last = ""
    for row in rows:
        if isinstance(row, tuple):
            where, value = row
            task, problems = reader.task(value, where)
            if task is not None:
                tasks.append(task)
                if len(tasks) > MOST_TASKS:
                    message = f"There are more than {MOST_TASKS:,} tasks."
                    found = problem("too-many-tasks", message, where, "Split the file and import the parts.")
                    return Parsed([], [found], [], kind)
                continue
        else:
            problems = [row]
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
    return Parsed(tasks, refused, list(reader.notes.values()), kind)


def _names_a_field(text: str, fields: list[str]) -> bool:
    """Whether the first record of a table names a field of the plan."""
    for header in table_rows(text[:65536], "csv", fields):
        return isinstance(header, list) and any(field in header for field in fields)
    return False


def _table(reader: TaskReader, text: str, kind: str) -> Iterable[Row | Problem]:
    """The records of a table; a header that cannot fit is one problem, not one for each row."""
    csv.field_size_limit(MOST_BYTES)  # a cell may be a whole document
    listed = {
        str(field.get("name"))
        for field in reader.fields
        if field.get("types") and not {"string", "number"} & set(field["types"])
    }
    for row in table_rows(text, kind, reader.names):
        if isinstance(row, list):
            faults = list(header_problems(reader, row))
            if faults:
                yield from faults
                return
        elif isinstance(row, tuple):
            where, data = row
            yield where, {name: json_cell(cell) if name in listed else cell for name, cell in data.items()}
        else:
            yield row


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
    for name in reader.names:
        if name not in header:
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
