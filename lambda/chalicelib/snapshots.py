"""Snapshots: a project's dataset as it was, under a name. One job writes it, then nothing changes it; another compares.

A snapshot is kept in parts, `snapshots/<project>/<snapshot>/<number>-<token>.jsonl.gz`: the rows that exports are made
from, one a line, of the rows of the list of tasks whose key falls into the part. A task stays in its row of the list,
so two snapshots hold it in parts of the same number. A part with much in it is made of several objects. The token is
new at each try: a run that was left behind writes beside what counts, never over it.
"""

from __future__ import annotations

import gzip
import io
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import keys, migration
from chalicelib.jobs import Stopped, Work
from chalicelib.problems import not_found
from chalicelib.snapshot_diff import Difference, counting
from chalicelib.storage.ports import Delete, Job, Page, Put
from chalicelib.world import World

JOB = "snapshot"
COMPARE = "compare"
CLEAR = "clear-snapshot"
PART = 2048
"""Inner ids of a part: some hundred parts at a million tasks, whose list has to fit into one record."""
CHUNKS = 1000
READ = 50
PART_BYTES = 64 << 20
"""Of rows, before they are packed."""
STEP_S = 2.0

Row = dict[str, Any]


def folder(project_id: int, snapshot_id: int) -> str:
    return f"snapshots/{project_id}/{snapshot_id}/"


def step(work: Work) -> bool:
    """
    One part, or what of it STEP_S and PART_BYTES allow. Asked: `snapshot`. Cursor: `number` of the part before, or with
    `inner` of the one that it is in, behind that task; `parts` so far (`[number, token]`), and counts.
    """
    world, cursor = work.world, work.cursor
    snapshot = world.records.get(*keys.snapshot(work.project, work.asked["snapshot"]))
    project = world.records.get(*keys.project(work.project))
    if snapshot is None or project is None or project.body.get("deleted_at"):
        world.jobs.enqueue(CLEAR, {"project": work.project, "snapshot": work.asked["snapshot"]})  # deleted meanwhile
        return True
    pinned = {**project.body, "config_version": snapshot.body["config_version"]}
    inner: int | None = cursor.get("inner")
    found = cursor["number"] if inner is not None else _next_part(world, work.project, cursor.get("number", -1))
    counts = dict(cursor.get("counts") or {"tasks": 0, "annotations": 0, "annotated": 0, "bytes": 0})
    parts = list(cursor.get("parts") or [])
    if found is None:
        body = {**snapshot.body, **counts, "parts": parts, "state": "ready", "job": None}
        work.save(
            cursor, [Put(snapshot.pk, snapshot.sk, body, expect=snapshot.version)], result={"snapshot": body["id"]}
        )
        return True
    token = secrets.token_hex(4)
    key = f"{folder(work.project, snapshot.body['id'])}{found:06d}-{token}.jsonl.gz"
    told = {"tasks": 0, "annotations": 0, "annotated": 0}
    until = time.monotonic() + STEP_S
    pieces = _packed(live(world, pinned, found, inner), told, until)
    info = world.objects.put_stream(key, pieces, content_type="application/gzip")
    counts = {name: counts[name] + told.get(name, 0) for name in counts} | {"bytes": counts["bytes"] + info.size}
    now = {"number": found, "parts": [*parts, [found, token]], "counts": counts} | (
        {"inner": told["inner"]} if "inner" in told else {}
    )
    try:
        work.save(now, done=work.body["progress"]["done"] + told["tasks"])
    except Stopped:  # another run has this part, or the project was purged, and nobody looks for it here again
        world.objects.delete(key)
        raise
    return False


def _next_part(world: World, project_id: int, after: int) -> int | None:
    """The number of the next part that has tasks."""
    page = world.records.query(f"TASKS#{project_id}", after=keys.number((after + 1) * PART - 1), limit=1)
    return int(page.records[0].sk) // PART if page.records else None


def live(world: World, project: Mapping[str, Any], number: int, inner: int | None = None) -> Iterator[Row]:
    """Rows of one part as they are now, in the order of the list; from behind the task of this number."""
    from chalicelib.handlers.exports import rows_of

    after: str | None = keys.number(number * PART - 1 if inner is None else inner)
    while True:
        page: Page = world.records.query(f"TASKS#{project['id']}", after=after, limit=CHUNKS)
        chunks = [chunk for chunk in page.records if int(chunk.sk) // PART == number]
        ids = [id_ for chunk in chunks for id_ in chunk.body["tasks"]]
        for n in range(0, len(ids), READ):
            for row in rows_of(world, project, ids[n : n + READ], True):
                if inner is None or row["task"]["inner_id"] > inner:
                    yield row
        if page.cursor is None or len(chunks) < len(page.records):
            return
        after = page.cursor


def _packed(rows: Iterator[Row], told: dict[str, int], until: float) -> Iterator[bytes]:
    """The part's bytes; `told` counts what is in them, and has the last task's `inner` where they end before it."""
    held, size = io.BytesIO(), 0
    with gzip.GzipFile(fileobj=held, mode="wb", compresslevel=6, mtime=0) as packing:
        for row in rows:
            answers = counting(row)
            told["tasks"] += 1
            told["annotations"] += len(answers)
            told["annotated"] += bool(answers)
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            packing.write(line)
            size += len(line)
            if size >= PART_BYTES or time.monotonic() >= until:
                told["inner"] = row["task"]["inner_id"]
                break
            if held.tell() > 1 << 20:
                yield held.getvalue()
                held.seek(0)
                held.truncate()
    yield held.getvalue()


class _Reading(io.RawIOBase):
    """Pieces of an object as a file, for gzip."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def lines(world: World, snapshot: Mapping[str, Any], number: int) -> Iterator[bytes]:
    """The rows of one part as they are stored, each with its line's end; none if it has no such part."""
    for part, token in snapshot["parts"]:
        if part == number:
            key = f"{folder(snapshot['project'], snapshot['id'])}{number:06d}-{token}.jsonl.gz"
            with gzip.GzipFile(fileobj=io.BufferedReader(_Reading(world.objects.stream(key)))) as unpacked:
                yield from unpacked


def rows(world: World, snapshot: Mapping[str, Any], number: int | None = None) -> Iterator[Row]:
    """What the snapshot holds, in the order of the list; of one part, or of all."""
    for part in dict.fromkeys(part for part, _ in snapshot["parts"]):
        if number is None or part == number:
            yield from map(json.loads, lines(world, snapshot, part))


def compare_step(work: Work) -> bool:
    """
    One part of a comparison. Asked: `before` and `after`, ids of snapshots; `after` 0: what is there now. Cursor:
    `number` of the part before, `found` so far. What is there now is read with the config of `before`. Of two
    snapshots the one with the older config is read with the newer one, as answers are: a name is no change.
    """
    world, cursor = work.world, work.cursor
    project = world.records.get(*keys.project(work.project))
    held = [world.records.get(*keys.snapshot(work.project, work.asked[side])) for side in ("before", "after")]
    before, after = (record.body if record else None for record in held)
    if project is None or project.body.get("deleted_at"):
        return True
    if before is None or (after is None and work.asked["after"]):
        raise not_found("snapshot", work.asked["before" if before is None else "after"])
    difference = Difference(cursor.get("found"))
    numbers = {number for side in (before, after) if side for number, _ in side["parts"]}
    last = cursor.get("number", -1)
    wanted = [number for number in sorted(numbers) if number > last]
    if after is None:
        now = _next_part(world, work.project, last)
        wanted = sorted({*wanted, *([now] if now is not None else [])})
    if not wanted:
        work.save(cursor, result=difference.body)
        return True
    number = wanted[0]
    if after is None:
        pinned = {**project.body, "config_version": before["config_version"]}
        read = difference.part(rows(world, before, number), live(world, pinned, number))
    else:
        newer = max(before["config_version"], after["config_version"])
        old, new = (_under(world, side, newer, rows(world, side, number)) for side in (before, after))
        read = difference.part(old, new)
    work.save({"number": number, "found": difference.body}, done=work.body["progress"]["done"] + read)
    return False


def _under(world: World, snapshot: Mapping[str, Any], version: int, held: Iterator[Row]) -> Iterator[Row]:
    """Rows of a snapshot as if it had been made with this version of the config."""
    own = snapshot["config_version"]
    for row in held:
        if own == version:
            yield row
            continue
        said = {}
        for kind in ("annotations", "predictions"):  # each has its result under the snapshot's version, not its own
            bodies = [{**body, "config_version": own} for body in row[kind]]
            said[kind] = migration.bodies(world, snapshot["project"], bodies, version)
        yield {**row, **said}


def clear(world: World, job: Job) -> None:
    """The message `clear-snapshot`, body `{"project", "snapshot"}`: the parts of one that is not there any more."""
    place = folder(job.body["project"], job.body["snapshot"])
    while found := world.objects.list(place)[0]:
        for info in found:
            world.objects.delete(info.key)


def removal(snapshot: Mapping[str, Any]) -> list[Delete]:
    return [
        Delete(*keys.snapshot(snapshot["project"], snapshot["id"])),
        Delete(*keys.snapshot_name(snapshot["project"], snapshot["name"])),
    ]
