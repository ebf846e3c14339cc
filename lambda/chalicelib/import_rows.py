"""The tasks of one file, read piece by piece, each with the place behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.configs import Config
from chalicelib.problems import Problem

PIECE_BYTES = 1 << 18

Task = dict[str, Any]
Cursor = dict[str, Any]
Found = tuple[Task | None, list[Problem], Callable[[], Cursor]]
"""A task, or why there is none; and what gives the place behind it, until the next row is read."""
Pieces = Callable[[int], Iterator[bytes]]
"""The file from a byte on."""
Check = Callable[[Task, str], list[Problem]]


def read(config: Config, check: Check, pieces: Pieces, name: str, place: Cursor | None) -> Iterator[Found]:
    """
    Args:
        check: what is wrong with the annotations and predictions of a task.
        name: of the file, for its kind and for the problems' places.
        place: where to go on; None: from the start.
    """
    from labeling.imports import stream
    from labeling.imports.tasks import TaskReader

    reader = TaskReader(config.plan)
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
        yield from _as_a_whole(config, check, pieces, name, at["row"])
        return
    rows = stream.RowStream(pieces, at, reader)
    for row in rows:
        task: Task | None = None
        problems: list[Any] = []
        if isinstance(row, tuple):
            where, value = row
            task, found = reader.task(value, where)
            problems = [*found, *check(task, where)] if task is not None else list(found)
        else:
            problems.append(row)
        yield (None if problems else task), [_placed(p, name) for p in problems], rows.place


def _head(pieces: Pieces, size: int) -> bytes:
    head = bytearray()
    for piece in pieces(0):
        head += piece
        if len(head) >= size:
            break
    return bytes(head[:size])


def _as_a_whole(config: Config, check: Check, pieces: Pieces, name: str, row: int) -> Iterator[Found]:
    """UTF-16: in memory, up to the limit of labeling.imports.parse. The place counts the tasks."""
    from labeling.imports import MOST_BYTES, parse

    data = bytearray()
    for piece in pieces(0):
        data += piece
        if len(data) > MOST_BYTES:
            break
    parsed = parse(config.plan, name, bytes(data))
    if row == 0:
        yield None, [_placed(p, name) for p in parsed.refused], lambda: {"whole": True, "row": 0, "offset": 0}
    for number, task in enumerate(parsed.tasks[row:], row + 1):
        problems = [_placed(p, name) for p in check(task, f"task {number}")]
        yield (None if problems else task), problems, _place_of(number)


def _place_of(row: int) -> Callable[[], Cursor]:
    return lambda: {"whole": True, "row": row, "offset": 0}


def _placed(told: Any, name: str) -> Problem:
    return {**told, "where": f"{name}, {told['where']}" if told["where"] else name}
