"""Comments at a task, an annotation or a region of one. Who may review sees them all, everybody else their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import keys, noted
from chalicelib.auth import Caller
from chalicelib.storage.ports import Operation, Put
from chalicelib.tasks import State
from chalicelib.times import iso
from chalicelib.world import World

MOST = 500
"""Comments of one task that are read."""
_Row = Mapping[str, Any]


def new(
    world: World,
    caller: Caller,
    state: State,
    text: str,
    *,
    annotation: int | None = None,
    region: str | None = None,
    reply_to: _Row | None = None,
) -> tuple[dict[str, Any], list[Operation]]:
    """
    A comment, and the operations that store it.

    Args:
        annotation, region: what it is about; neither: the task. A reply is about what the first comment is about.
    """  # fmt: skip
    noted.note(world, state.project, "comments")
    readers = {caller.person}
    if reply_to is not None:
        annotation, region = reply_to["annotation"], reply_to["region"]
        readers |= set(reply_to["readers"])
    readers |= {a["person"] for a in state.annotations if a["id"] == annotation}
    id_ = world.ids.one("comment")
    row = {
        "id": id_,
        "task": state.task,
        "project": state.project,
        "annotation": annotation,
        "region": region,
        "reply_to": reply_to["id"] if reply_to is not None else None,
        "text": text,
        "person": {"id": caller.person, "name": caller.name},
        "created_at": iso(world.clock()),
        "resolved": False,
        "readers": sorted(readers),
    }
    place = {"task": state.task, "project": state.project}
    return row, [Put(*keys.comment(state.task, id_), row, expect=0), Put(*keys.comment_place(id_), place, expect=0)]


def of_task(world: World, task_id: int) -> list[_Row]:
    """Oldest first."""
    return [row.body for row in world.records.query(f"TASK#{task_id}", "COMMENT#", limit=MOST).records]


def seen_by(rows: Iterable[_Row], person: int, *, everything: bool) -> list[dict[str, Any]]:
    """Those that the person may read, as they are shown. `everything`: they may see everybody's work."""
    return [shown(row) for row in rows if everything or person in row["readers"]]


def shown(row: _Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("readers", "project")}


def unresolved(rows: Iterable[_Row]) -> int:
    return sum(not row["resolved"] for row in rows)
