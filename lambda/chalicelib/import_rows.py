"""The tasks of one file, read piece by piece, each with the place behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any

from chalicelib.configs import Config
from chalicelib.problems import Problem

if TYPE_CHECKING:
    from labeling.imports import Beside, Options
    from labeling.imports.parse import Reading

PIECE_BYTES = 1 << 18

Task = dict[str, Any]
Cursor = dict[str, Any]
Found = tuple[Task | None, list[Problem], Callable[[], Cursor]]
"""A task, or why there is none; and what gives the place behind it, until the next row is read."""
Pieces = Callable[[int], Iterator[bytes]]
"""The file from a byte on."""
Check = Callable[[Task, str], list[Problem]]
Kept = dict[str, "tuple[Reading, int]"]
"""By name a file that is being read as a whole, and how much of it came."""
Resolve = Callable[[Task, set[str], str], tuple[Task, list[Problem]]]
"""The task with addresses for the names in these fields, and the names for which there is none."""


def read(
    config: Config,
    check: Check,
    pieces: Pieces,
    name: str,
    place: Cursor | None,
    *,
    options: Options | None = None,
    beside: Beside | None = None,
    kept: Kept | None = None,
    resolve: Resolve | None = None,
) -> Iterator[Found]:
    """
    Args:
        check: what is wrong with the annotations and predictions of a task.
        name: of the file, for its kind and for the problems' places.
        place: where to go on; None: from the start.
        kept: holds a file that is read as a whole, for the next call to go on with.
        resolve: finds the files that a task names; notes are told (as warnings) if it is given.
    """
    from labeling.imports import Options, stream
    from labeling.imports.tasks import TaskReader

    options = options or Options()
    reader = TaskReader(config.plan, options.mapping)
    at: Any = place
    if at is None:
        try:
            at = stream.begin(name, _head(pieces, stream.HEAD_BYTES), reader)
        except stream.Whole:
            at = {"whole": True, "row": 0, "offset": 0}
        if "code" in at:  # a problem with the whole file
            yield None, [_placed(at, name)], lambda: {"nothing": True, "offset": 0}
            return
    if at.get("nothing"):
        return
    if at.get("whole"):
        yield from _as_a_whole(config, check, pieces, name, at["row"], options, beside, kept, resolve)
        return
    rows = stream.RowStream(pieces, at, reader)
    for row in rows:
        task: Task | None = None
        problems: list[Any] = []
        if isinstance(row, tuple):
            where, value = row
            task, found = reader.task(value, where)
            problems = [_placed(p, name) for p in found]
            problems += check(task, f"{name}, {where}") if task is not None else []
            if task is not None and resolve is not None:
                task, lost = resolve(task, reader.addresses, f"{name}, {where}")
                problems += lost
        else:
            problems.append(_placed(row, name))
        yield (None if problems else task), problems, rows.place
    if resolve is not None and reader.notes:
        yield None, [_noted(note, name) for note in reader.notes.values()], rows.place


def _head(pieces: Pieces, size: int) -> bytes:
    head = bytearray()
    for piece in pieces(0):
        head += piece
        if len(head) >= size:
            break
    return bytes(head[:size])


def _as_a_whole(
    config: Config,
    check: Check,
    pieces: Pieces,
    name: str,
    row: int,
    options: Options,
    beside: Beside | None,
    kept: Kept | None,
    resolve: Resolve | None,
) -> Iterator[Found]:
    """UTF-16 and formats of annotations: in memory, up to the limit of labeling.imports. The place counts what came."""
    reading, count = (kept or {}).pop(name, (None, 0))
    if reading is None or count != row:
        reading, count = _reading(config, pieces, name, row, options, beside)
    came = row
    for number, (where, task, found) in enumerate(reading.rows, count + 1):
        if kept is not None:
            kept.clear()  # one file at a time
            kept[name] = (reading, number)
        came = number
        if number <= row:
            continue
        problems = [_placed(told, name) for told in found]
        faults = [*check(task, f"{name}, {where}")] if task is not None else []
        if task is not None and resolve is not None:
            task, lost = resolve(task, reading.reader.addresses, f"{name}, {where}")
            faults += lost
        yield (None if faults else task), [*problems, *faults], _place_of(number, reading)
    if came == 0:
        told = {"code": "no-tasks", "message": "There are no tasks in it.", "where": "the whole file"}
        yield None, [_placed({**told, "hint": "Add at least one row."}, name)], _place_of(0)
    if resolve is not None:
        for note in reading.notes():
            yield None, [_noted(note, name)], _place_of(came)


def _reading(
    config: Config, pieces: Pieces, name: str, row: int, options: Options, beside: Beside | None
) -> tuple[Reading, int]:
    """The file, and how many of its rows are passed over already."""
    from labeling.imports import MOST_BYTES, Beside
    from labeling.imports.parse import parquet_reading, reading
    from labeling.imports.sniff import PARQUET, sniff

    if sniff(name, _head(pieces, 8)) == PARQUET:
        file = spooled(pieces)
        return parquet_reading(config.plan, name, file, options, beside=beside or Beside(), start=row), row
    data = bytearray()
    for piece in pieces(0):
        data += piece
        if len(data) > MOST_BYTES:
            break
    return reading(config.plan, name, bytes(data), options, beside or Beside()), 0


def spooled(pieces: Pieces) -> IO[bytes]:
    """
    The file where it can be sought in: a Parquet table is read from its end, and by columns, which would be a request
    each in a store. It is gone from the disk as soon as nobody holds it.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115
    for piece in pieces(0):
        file.write(piece)
    file.seek(0)
    return file


def _place_of(row: int, reading: Reading | None = None) -> Callable[[], Cursor]:
    return lambda: {"whole": True, "row": row, "offset": reading.done() if reading is not None else 0}


def _placed(told: Any, name: str) -> Problem:
    return {**told, "where": f"{name}, {told['where']}" if told["where"] else name}


def _noted(told: Any, name: str) -> Problem:
    return {**_placed(told, name), "severity": "warning"}
