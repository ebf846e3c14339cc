"""The job that imports uploaded files of any size: a block of tasks at a time, from where the last one ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chalicelib import configs, import_media, import_rows, keys, media
from chalicelib.configs import Config
from chalicelib.import_rows import Cursor, Found, Pieces, Task
from chalicelib.jobs import Work
from chalicelib.problems import Problem
from chalicelib.storage.ports import NotFound
from chalicelib.task_blocks import BLOCK, BlockWriter, recover

STEP_S = 1.0
BLOCK_BYTES = 4 << 20


def step(work: Work) -> bool:
    """
    Blocks for STEP_S. Asked: `uploads` (keys), `ground_truth`. Cursor: `file` (its number), `place` in it (None before
    its first row). Progress is in bytes; the result counts what is imported so far.
    """
    world = work.world
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    config = configs.load(world, work.project, project.body["config_version"])
    truth = bool(work.asked.get("ground_truth"))
    writer = BlockWriter(world, work.body["created_by"], project.body, config, ground_truth=truth)
    recover(work)
    sizes = _sizes(work)
    meter = _Meter()
    rows = _rows(work, config, writer, meter)
    until = time.monotonic() + STEP_S
    while True:
        block = _next_block(rows, meter)
        if block.cursor is None:
            return True
        done = sum(sizes[: block.cursor["file"]]) + (block.cursor.get("place") or {}).get("offset", 0)
        count = {"refused_count": block.refused}
        writer.write(work, block.tasks, block.cursor, done=done, problems=block.problems, count=count)
        if block.last:
            return True
        if time.monotonic() >= until:
            return False


@dataclass(slots=True)
class _Meter:
    """Bytes that were read."""

    read: int = 0


@dataclass(slots=True)
class _Block:
    tasks: list[Task] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0
    cursor: Cursor | None = None
    last: bool = False


def _next_block(rows: Iterator[Found], meter: _Meter) -> _Block:
    block = _Block()
    until = meter.read + BLOCK_BYTES
    behind: Callable[[], Cursor] | None = None
    for task, problems, there in rows:
        behind = there
        block.problems += problems
        if task is not None:
            block.tasks.append(task)
        elif problems:
            block.refused += 1
        if len(block.tasks) >= BLOCK or block.refused >= BLOCK or meter.read > until:
            break
    else:
        block.last = True
    if behind is not None:
        block.cursor = behind()  # now: the rows are read no further than this
    return block


def _sizes(work: Work) -> list[int]:
    """Bytes of each file; those that are missing have none."""
    sizes = []
    for key in work.asked["uploads"]:
        info = work.world.objects.head(key) if media.is_of_project(key, work.project) else None
        sizes.append(info.size if info else 0)
    return sizes


def _rows(work: Work, config: Config, writer: BlockWriter, meter: _Meter) -> Iterator[Found]:
    """Tasks and problems from the cursor on, each with what gives the cursor behind it."""
    begun = work.cursor
    for number, key in enumerate(work.asked["uploads"]):
        if number < begun.get("file", 0):
            continue
        name = import_media.name_of(key)
        place = begun.get("place") if number == begun.get("file", 0) else None
        behind: Callable[[], Cursor] = _fixed({"file": number + 1, "place": None})
        try:
            if not media.is_of_project(key, work.project):
                yield None, [import_media.foreign(name)], behind
            elif media.suffix_of(key) in media.TABLE_SUFFIXES:
                pieces = _measured(work, key, meter)
                for task, problems, there in import_rows.read(config, writer.check, pieces, name, place):
                    yield task, problems, _within(number, there)
                yield None, [], behind
            else:
                task, problems = import_media.task_of(work.world, config, key)
                yield task, problems, behind
        except NotFound:
            yield None, [import_media.missing(name)], behind


def _fixed(cursor: Cursor) -> Callable[[], Cursor]:
    return lambda: cursor


def _within(number: int, place: Callable[[], Cursor]) -> Callable[[], Cursor]:
    return lambda: {"file": number, "place": place()}


def _measured(work: Work, key: str, meter: _Meter) -> Pieces:
    def pieces(start: int) -> Iterator[bytes]:
        for piece in work.world.objects.stream(key, import_rows.PIECE_BYTES, start=start):
            meter.read += len(piece)
            yield piece

    return pieces
