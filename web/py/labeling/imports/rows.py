"""Text to rows: JSON, JSON lines, tables and plain lines. A row is (where, value), a broken one is a Problem."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from labeling.problems import Problem, problem

Row = tuple[str, Any]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_NO_SEPARATOR = "\x1f"  # for tables with one column, whose cells may hold all of the others
_SAMPLE_ROWS = 20


def json_rows(text: str) -> Iterator[Row | Problem]:
    """The elements of a JSON list, or the one object; several JSON values, one a line, are read as lines."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as fault:
        if fault.msg == "Extra data" and _several_lines(text):
            yield from jsonl_rows(text)
            return
        where = f"line {fault.lineno}, column {fault.colno}"
        yield problem("bad-json", f"This is no JSON: {fault.msg}.", where, _json_hint(text, fault))
        return
    except (ValueError, RecursionError) as fault:
        yield _unreadable(fault, "line 1")
        return
    if isinstance(value, list):
        for number, row in enumerate(value, 1):
            yield f"row {number}", row
    elif isinstance(value, dict):
        yield "row 1", value
    else:
        hint = 'Write a list of tasks: [{"text": "…"}, …].'
        yield problem("not-a-list", "The file holds one value that is no task.", "line 1", hint)


def jsonl_rows(text: str) -> Iterator[Row | Problem]:
    """One JSON value a line; empty lines do not count."""
    number = 0
    for line_number, line in enumerate(lines(text), 1):
        if not line.strip():
            continue
        number += 1
        where = f"row {number} (line {line_number})"
        try:
            yield where, json.loads(line)
        except json.JSONDecodeError as fault:
            message = f"This is no JSON: {fault.msg}."
            yield problem("bad-json", message, f"{where}, column {fault.colno}", _json_hint(line, fault))
        except (ValueError, RecursionError) as fault:
            yield _unreadable(fault, where)


def table_rows(text: str, kind: str, fields: Sequence[str]) -> Iterator[list[str] | Row | Problem]:
    """First the header as a list of names, then a dict for each record, keyed by it. Problems for broken records."""
    separator = find_separator(text, kind, fields)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    number, last_line = 0, 0
    try:
        for cells in reader:
            line, last_line = last_line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                yield header
                continue
            number += 1
            where = f"row {number} (line {line})"
            extra = [cell for cell in cells[len(header) :] if cell.strip()]
            if extra:
                message = f"The row has {len(cells)} cells, the header has {len(header)}."
                hint = f"Put values that hold a {SEPARATORS.get(separator, 'separator')} in double quotes."
                yield problem("too-many-cells", message, where, hint)
                continue
            yield where, {name: cell for name, cell in zip(header, cells, strict=False) if name}
    except csv.Error as fault:
        where = f"row {number + 1} (line {last_line + 1})"
        hint = 'Close every quoted value, and write a double quote inside one twice: "a ""b"" c".'
        message = f"The table cannot be read from here on: {fault}."
        yield problem("bad-table", message, where, hint)


def text_rows(text: str, field: str, trim: bool) -> Iterator[Row | Problem]:
    """One task a line that is not empty, as the value of *field*."""
    number = 0
    for line_number, line in enumerate(lines(text), 1):
        if line.strip():
            number += 1
            yield f"row {number} (line {line_number})", {field: line.strip() if trim else line}


def lines(text: str) -> Iterator[str]:
    """Lines without their ends (\\n, \\r\\n or \\r; other separators of Unicode are part of the text)."""
    for line in io.StringIO(text, newline=None):
        yield line[:-1] if line.endswith("\n") else line


def _several_lines(text: str) -> bool:
    try:
        json.loads(next(line for line in lines(text) if line.strip()))
    except (ValueError, RecursionError):
        return False
    return True


def _json_hint(text: str, fault: json.JSONDecodeError) -> str:
    rest = text[fault.pos : fault.pos + 20].lstrip()
    if not text.strip():
        return "The file is empty."
    if rest.startswith("'"):
        return "JSON quotes with double quotes."
    if rest.startswith(("True", "False", "None")):
        return "JSON writes true, false and null; this looks like Python."
    if fault.pos >= len(text.rstrip()):
        return "The file ends too early: is it complete?"
    return "Mend it at this place; an editor that checks JSON shows it."


def _unreadable(fault: Exception, where: str) -> Problem:
    if isinstance(fault, RecursionError):
        return problem("too-deep", "It is nested too deeply to be read.", where, "Flatten the tasks.")
    return problem("bad-json", "A number in it is too long to be read.", where, "Write it as a text, in double quotes.")


def find_separator(text: str, kind: str, fields: Sequence[str]) -> str:
    """The separator whose header names most of *fields* and whose records fit the header best."""
    head = text[:65536]
    best, best_score = _NO_SEPARATOR, (-1, -1.0, 1)
    for separator in ("\t", ",", ";") if kind == "tsv" else (",", ";", "\t"):
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
                if any(cell.strip() for cell in row):
                    rows.append(row)
                if len(rows) > _SAMPLE_ROWS:
                    break
        except csv.Error:
            pass  # the records before it still tell
        if not rows:
            continue
        header = [cell.strip() for cell in rows[0]]
        body = rows[1:] if len(rows) < 3 or len(rows) > _SAMPLE_ROWS else rows[1:-1] or rows[1:]
        fitting = sum(len(row) == len(header) for row in body) / len(body) if body else 1.0
        score = (sum(field in header for field in fields), fitting, len(header))
        if len(header) > 1 and score > best_score:
            best, best_score = separator, score
    return best
