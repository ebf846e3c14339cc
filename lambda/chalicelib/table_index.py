"""
The table of tasks as objects: which blocks there are, and the job that makes those that are missing or too old.

A block holds the tasks of BLOCK neighbouring inner numbers and is always made from the tasks themselves. What changed
since is in the log (`table_changes`), which pages read on top. So the job has work only where tasks were added or got
other data, or where the log has become long; and it runs only while somebody looks.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from chalicelib import jobs, keys, table_changes, table_rows
from chalicelib.handlers import tasks
from chalicelib.jobs import FINAL, Work
from chalicelib.storage.ports import Operation, Put, Record
from chalicelib.world import World

JOB: Final = "table"
BLOCK = 4096
READ_S = 6 * 3600
"""How long the address of a block counts: the same term as that of media, so that browsers find it again."""
MOST_CHANGED = 3_000
"""Rows of the log that pages read; when it is longer, what changed is made again and the log begins anew."""
OLD_S = table_changes.KEPT_S - 5 * 24 * 3600
"""The log no longer reaches back so far: everything is made again."""
STUCK_S = 600
TYPE = "application/octet-stream"
Json = dict[str, Any]


def newest(world: World, project: Mapping[str, Any]) -> Json:
    """
    `{"blocks": [{"number", "size", "version", "url"}], "total", "changes", "job"}`; begins a job where one is needed.

    `total`: inner numbers given so far. `changes`: ask for what changed from there on. `job`: one that makes blocks.
    """
    id_ = project["id"]
    record = world.records.get(*keys.table(id_))
    row = _begun(world, id_, record) if _is_behind(world, id_, record) else dict(record.body) if record else {}
    blocks = [
        {"number": int(number), "size": size, "version": version, "url": _url(world, id_, int(number), version)}
        for number, (version, size) in row.get("blocks", {}).items()
    ]
    job = row.get("job") if _runs(world, row) else None
    return {"blocks": blocks, "total": _total(world, id_), "changes": row.get("read_ms", 0), "job": job}


def _url(world: World, project_id: int, number: int, version: str | int) -> str:
    return world.objects.presign_get(_key(project_id, number, version), expires_s=READ_S)


def _key(project_id: int, number: int, version: str | int) -> str:
    """`version`: a text; a whole number in rows of earlier versions of Labelkite."""
    return f"tables/{project_id}/{number:06d}-{version}.lkt"


def _total(world: World, project_id: int) -> int:
    serial = world.records.get(*keys.serial(project_id))
    return int(serial.body["inner"]) if serial else 0


def _is_behind(world: World, project_id: int, record: Record | None) -> bool:
    row: Mapping[str, Any] = record.body if record else {}
    if _runs(world, row):
        return False
    if row.get("tasks", 0) < _total(world, project_id):
        return True
    if not row:
        return False
    if row["read_ms"] < world.now_ms() - OLD_S * 1000:
        return True
    changes = _logged(world, project_id, row)
    return changes.more or bool(_with_other_data(row, changes))


def _logged(world: World, project_id: int, row: Mapping[str, Any]) -> table_changes.Changes:
    return table_changes.since(world, project_id, row["read_ms"], MOST_CHANGED // keys.SHARDS)


def _with_other_data(row: Mapping[str, Any], changes: table_changes.Changes) -> set[int]:
    """Numbers of blocks with tasks whose data is not that of the block."""
    known = row["data_ms"] - table_changes.LAG_MS
    return {max(0, inner - 1) // BLOCK for inner, at_ms in changes.data.items() if at_ms > known}


def _runs(world: World, row: Mapping[str, Any]) -> bool:
    """A job whose message was lost stays as it is for good: one that has not moved for STUCK_S counts as ended."""
    if not row.get("job") or world.clock() - row.get("moved_at", 0) > STUCK_S:
        return False
    record = world.records.get(*keys.job(row["job"]))
    return record is not None and record.body["state"] not in FINAL


def _begun(world: World, project_id: int, record: Record | None) -> Json:
    """The table's row with a job that is begun now, or was by somebody else at this moment."""
    row: Json = dict(record.body) if record else {"blocks": {}, "tasks": 0, "read_ms": 0, "data_ms": 0}
    row["moved_at"] = world.clock()
    total = _total(world, project_id)
    return jobs.begun_once(world, JOB, project_id, keys.table(project_id), record, row, unit="tasks", total=total)


def step(work: Work) -> bool:
    """Make one block; the first step finds out which."""
    world, id_ = work.world, work.project
    project, record = world.records.get(*keys.project(id_)), world.records.get(*keys.table(id_))
    if project is None or project.body.get("deleted_at") or record is None or record.body["job"] != work.id:
        return True  # another job has taken over from this one, which was thought to be stuck
    cursor = work.cursor
    if "todo" not in cursor:
        total, now_ms = _total(world, id_), world.now_ms()
        todo, anew = _todo(world, id_, record.body, total)
        cursor = {
            "todo": todo,
            "read_ms": now_ms if anew else record.body["read_ms"],
            "data_ms": now_ms,
            "tasks": total,
        }
        work.save(cursor, done=0, total=len(todo) * BLOCK)
    todo = list(cursor["todo"])
    if not todo:
        members = {name: cursor[name] for name in ("read_ms", "data_ms", "tasks")}
        work.save(cursor, [_put(record, {**record.body, **members})])
        return True
    number = todo.pop(0)
    version = f"{work.id}-{secrets.token_hex(4)}"  # browsers keep blocks by it, of other installations here too
    size = _made(work, project.body, number, version)
    blocks = {**record.body["blocks"], str(number): [version, size]}
    before = record.body["blocks"].get(str(number))
    done = work.body["progress"]["done"] + BLOCK
    put = _put(record, {**record.body, "blocks": blocks, "moved_at": world.clock()})
    work.save({**cursor, "todo": todo}, [put], done=min(done, work.body["progress"]["total"]))
    if before is not None:
        world.objects.delete(_key(id_, number, before[0]))
    return False


def _put(record: Record, body: Mapping[str, Any]) -> Operation:
    return Put(record.pk, record.sk, body, expect=record.version)


def _made(work: Work, project: Mapping[str, Any], number: int, version: str) -> int:
    """Bytes of the block, which is in the store."""
    from labeling.table.writing import block

    ids = tasks.ids_after(work.world, work.project, number * BLOCK, BLOCK)
    data = block(table_rows.of_tasks(work.world, project, ids, brief=True))
    work.world.objects.put(_key(work.project, number, version), data, content_type=TYPE)
    return len(data)


def _todo(world: World, project_id: int, row: Mapping[str, Any], total: int) -> tuple[list[int], bool]:
    """Numbers of the blocks that have to be made, and whether all changes until now are in them then."""
    everything = set(range((total + BLOCK - 1) // BLOCK))
    if not row["read_ms"] or row["read_ms"] < world.now_ms() - OLD_S * 1000:
        return sorted(everything), True
    todo = {number for number in everything if str(number) not in row["blocks"]}
    if total > row["tasks"]:
        todo |= set(range(row["tasks"] // BLOCK, len(everything)))
    changes = _logged(world, project_id, row)
    if changes.more:
        todo |= {max(0, inner - 1) // BLOCK for inner in table_changes.every(world, project_id, row["read_ms"])}
    else:
        todo |= _with_other_data(row, changes)
    return sorted(todo & everything), changes.more
