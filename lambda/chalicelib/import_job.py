"""The job that imports uploaded files of any size: a block of tasks at a time, from where the last one ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from chalicelib import configs, import_bundle, import_keys, import_options, keys, media
from chalicelib.configs import Config
from chalicelib.import_keys import Sieve
from chalicelib.import_options import Wish
from chalicelib.import_rows import Cursor, Found, Task
from chalicelib.jobs import Work
from chalicelib.problems import Problem, refuse
from chalicelib.task_blocks import BLOCK, BlockWriter, recover
from chalicelib.world import World

STEP_S = 1.0
BLOCK_BYTES = 4 << 20
KEYED = 20_000
"""Tasks that a step makes findable by a key at most."""


def step(work: Work) -> bool:
    """
    Blocks for STEP_S. Asked: `uploads` (keys), `ground_truth`, and the members of import_options. Cursor: `bundle` (its
    number), `part` and `place` in it. Progress is in bytes; the result counts what is imported so far.
    """
    world = work.world
    project = world.records.get(*keys.project(work.project))
    if project is None or project.body.get("deleted_at"):
        return True
    config = configs.load(world, work.project, project.body["config_version"])
    truth = bool(work.asked.get("ground_truth"))
    writer = BlockWriter(world, work.body["created_by"], project.body, config, ground_truth=truth)
    recover(work)
    meter = _Meter()
    wish = import_options.read(work.asked)
    sieve = Sieve(world, project.body, config, wish, writer.check)
    rows = _rows(work, config, wish, sieve, meter)
    until = time.monotonic() + STEP_S
    while True:
        if sieve.works and not import_keys.catch_up(world, work.project, wish.key, KEYED):
            return False
        block = _next_block(rows, meter)
        if block.cursor is None:
            return True
        sifted = sieve.sift(block.tasks)
        count = {"refused_count": block.refused}
        if sieve.works:
            duplicates = block.duplicates + len(block.tasks) - len(sifted.fresh)
            count |= {"duplicate_count": duplicates, "updated_count": sifted.updated}
        problems = [*block.problems, *sifted.problems]
        writer.write(work, sifted.fresh, block.cursor, done=meter.done, problems=problems, count=count)
        if block.last:
            return True
        if time.monotonic() >= until:
            return False


@dataclass(slots=True)
class _Meter:
    """read: bytes that were read. done: those of the uploads that are behind the place of the last row."""

    read: int = 0
    done: int = 0

    def moved(self, count: int) -> None:
        self.read += count


@dataclass(slots=True)
class _Block:
    tasks: list[Task] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: int = 0
    duplicates: int = 0
    """Within what is read; those of earlier tasks the sieve finds."""
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
        elif any(told["code"] == "duplicate" for told in problems):
            block.duplicates += 1
        elif any(told.get("severity") != "warning" for told in problems):
            block.refused += 1
        if len(block.tasks) >= BLOCK or len(block.problems) >= BLOCK or meter.read > until:
            break
    else:
        block.last = True
    if behind is not None:
        block.cursor = behind()  # now: the rows are read no further than this
    return block


def _rows(work: Work, config: Config, wish: Wish, sieve: Sieve, meter: _Meter) -> Iterator[Found]:
    """Tasks and problems from the cursor on, each with what gives the cursor behind it."""
    begun = work.cursor
    if "file" in begun:
        message = "This import was begun by an older version, whose place in the files is not known here."
        raise refuse(409, "import-old", message, hint="Begin a new import with what is missing.")
    options = wish.options()
    meter.done = 0
    for number, uploads in enumerate(import_bundle.bundles_of(work.asked["uploads"])):
        if number < begun.get("bundle", 0):
            meter.done += _size(work, uploads)
            continue
        before = meter.done
        files = _opened(work, number, uploads, meter)
        at = begun if number == begun.get("bundle", 0) else {}
        sums = list(accumulate(map(files.size, files.bundle.parts if files.bundle else ()), initial=before))
        for task, problems, there in import_bundle.read(config, options, sieve.check, files, at):
            yield task, problems, _within(number, there, meter, sums)
        meter.done = before + _size(work, uploads)


_FILES: dict[str, tuple[World, tuple[int, int], import_bundle.Files]] = {}
"""The bundle that was opened last: opening it again in every step would read it again."""


def _opened(work: Work, number: int, uploads: Sequence[str], meter: _Meter) -> import_bundle.Files:
    kept = _FILES.get("last")
    if kept is not None and kept[0] is work.world and kept[1] == (work.id, number):
        files = kept[2]
    else:
        _FILES.clear()
        files = import_bundle.Files(work.world, work.project, uploads, meter.moved)
        _FILES["last"] = (work.world, (work.id, number), files)
    files.moved = meter.moved
    return files


def _size(work: Work, uploads: Sequence[str]) -> int:
    found = (work.world.objects.head(key) for key in uploads if media.is_of_project(key, work.project))
    return sum(info.size for info in found if info is not None)


def _within(number: int, place: Callable[[], Cursor], meter: _Meter, sums: Sequence[int]) -> Callable[[], Cursor]:
    def there() -> Cursor:
        at = place()
        part = at["part"]
        within = (at["place"] or {}).get("offset", 0)
        meter.done = min(sums[part] + within, sums[min(part + 1, len(sums) - 1)]) if part < len(sums) else sums[-1]
        return {"bundle": number, **at}

    return there


def forget() -> None:
    """Close what was opened last."""
    _FILES.clear()
