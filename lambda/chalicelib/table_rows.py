"""Rows of the table of tasks, read from the tasks themselves: their state, their newest answers, their predictions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib import comments, keys, quality
from chalicelib.handlers.tasks import read_all
from chalicelib.storage.ports import Record
from chalicelib.tasks import State
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.table.columns import Row

MOST_LABELS = 200
"""Different ones of a task."""
LONGEST_LABEL = 120
UNNAMED = ("textarea", "ranker", "shortcut")
"""Types of results whose value is no choice among few."""
_Body = Mapping[str, Any]


def of_tasks(world: World, project: _Body, ids: Sequence[int], *, brief: bool = False, talk: bool = True) -> list[Row]:
    """
    In the order of `inner`; tasks that are deleted, or of another project, are left out.

    Args:
        brief: of the data only what a block keeps (`Field`). A few tasks are whole in memory at a time: a block of
            thousands with long texts would be a gigabyte.
        talk: count the comments, for which each task is asked by itself; else they are 0.
    """
    rows: list[Row] = []
    commented = talk and bool(project.get("comments"))
    for start in range(0, len(ids), 50):
        read = read_all(world, ids[start : start + 50])
        tasks = [(task, state) for task, state in read if task["project"] == project["id"]]
        more = _many(world, [key for task, state in tasks for key in _also(task, state)])
        rows += [_row(world, task, state, more, commented=commented, brief=brief) for task, state in tasks]
    return sorted(rows, key=lambda row: row["inner"])


def _also(task: _Body, state: State) -> Iterable[keys.Key]:
    """What else of a task its row is made of."""
    for entry in state.labels():
        yield keys.annotation(entry["id"], entry["version"])
    if task["predictions"]:
        yield keys.prediction(task["id"], task["predictions"][-1])


def _many(world: World, wanted: Sequence[keys.Key]) -> dict[keys.Key, Record]:
    found: dict[keys.Key, Record] = {}
    for start in range(0, len(wanted), 100):
        found.update(world.records.get_many(wanted[start : start + 100]))
    return found


def _row(
    world: World, task: _Body, state: State, more: Mapping[keys.Key, Record], *, commented: bool, brief: bool
) -> Row:
    data = task["data"]
    if brief:
        from labeling.table.columns import kept

        data = {name: kept(value) for name, value in data.items()}
    entries = state.labels()
    bodies = [found.body for a in entries if (found := more.get(keys.annotation(a["id"], a["version"])))]
    newest = more.get(keys.prediction(task["id"], task["predictions"][-1])) if task["predictions"] else None
    created = _seconds(task["created_at"])
    return {
        "id": task["id"],
        "inner": state.inner,
        "state": state.name,
        "agreement": state.agreement,
        "score": newest.body.get("score") if newest is not None else None,
        "done": state.done,
        "skipped": len(entries) - state.done,
        "predictions": len(task["predictions"]),
        "comments": comments.unresolved(comments.of_task(world, task["id"])) if commented else 0,
        "people": list(dict.fromkeys(a["person"] for a in entries if not a["cancelled"])),
        "labels": labels_of(bodies),
        "created": created,
        "updated": state.updated_at // 1000 if state.updated_at else created,
        "seconds": sum(quality.time_ms_of(body) or 0 for body in bodies) // 1000,
        "review": state.review.get("state", ""),
        "gold": state.gold,
        "data": data,
    }


def _seconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp())


def labels_of(bodies: Iterable[_Body]) -> list[str]:
    """What answers say, as `control: label`, each once."""
    found: dict[str, None] = {}
    for body in bodies:
        if body["was_cancelled"]:
            continue
        for result in body["result"]:
            for label in _named(result):
                found[f"{result['from_name']}: {label}"[:LONGEST_LABEL]] = None
    return list(found)[:MOST_LABELS]


def _named(result: _Body) -> Iterable[str]:
    kind, value = result.get("type"), result.get("value")
    if kind in UNNAMED or not isinstance(value, Mapping) or "from_name" not in result:
        return
    said = value.get("selected") if kind == "pairwise" else value.get(str(kind))
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, list):
            yield " / ".join(map(str, one))  # the path of a taxonomy
        elif isinstance(one, str | int | float):
            yield str(one)
