"""
The log of tasks that changed: through it the table of tasks is true within seconds (`docs/contracts.md`, section 11),
and a report reads only what is other than it was.

A row is put in the transaction of each change that they tell of. It says which task; what it is now is read from the
task itself, so rows may come twice or too early, but none may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib import keys
from chalicelib.storage.ports import Put

if TYPE_CHECKING:
    from chalicelib.tasks import State
    from chalicelib.world import World

KEPT_S = 30 * 24 * 3600
LAG_MS = 5_000
"""A row names the time when its change was decided; so much later it is in the store, clocks of servers included."""
TOLD = ("name", "agreement", "annotations", "review", "gold", "updated_at", "assigned", "extra")
"""Members of a state that a row of the table or a tally of the report is made of."""


def tells(before: State, after: State) -> bool:
    """Whether the table or the report would say something else: taking a task, or moving it in the queue, does not."""
    return any(getattr(before, name) != getattr(after, name) for name in TOLD)


def operation(project_id: int, task_id: int, inner: int, now_ms: int, *, data: bool = False) -> Put:
    """`data`: the task's own data is other than it was, not only what people said of it."""
    body: dict[str, Any] = {"task": task_id, "inner": inner}
    if data:
        body["data"] = True
    return Put(*keys.changed(project_id, now_ms, task_id), body, expires_at=now_ms // 1000 + KEPT_S)


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Members:
        tasks: id to `inner`. until_ms: ask from there on the next time. more: there are more now.
        data: of tasks whose data changed, when it did last (ms), by inner number.
    """

    tasks: dict[int, int]
    until_ms: int
    more: bool
    data: dict[int, int]


def since(world: World, project_id: int, after_ms: int, limit: int) -> Changes:
    """
    Args:
        limit: rows that are read of each shard.
    """
    until, more = world.now_ms(), False
    tasks: dict[int, int] = {}
    data: dict[int, int] = {}
    start = max(0, after_ms - LAG_MS)
    for shard in range(keys.SHARDS):
        pk = keys.changed_shard(project_id, shard)
        page = world.records.query(pk, after=f"{start:014d}", limit=limit)
        for row in page.records:
            tasks[row.body["task"]] = row.body["inner"]
            if row.body.get("data"):
                data[row.body["inner"]] = int(row.sk.partition("#")[0])
        if page.cursor is not None:
            more = True
            until = min(until, int(page.records[-1].sk.partition("#")[0]) + LAG_MS)
    return Changes(tasks, until, more, data)


def every(world: World, project_id: int, after_ms: int) -> Iterator[int]:
    """`inner` of each task that changed since; one may come again."""
    start = max(0, after_ms - LAG_MS)
    for shard in range(keys.SHARDS):
        after: str | None = f"{start:014d}"
        while after is not None:
            page = world.records.query(keys.changed_shard(project_id, shard), after=after, limit=1000)
            for row in page.records:
                yield row.body["inner"]
            after = page.cursor
