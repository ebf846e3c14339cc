"""The table of tasks: where its blocks are, what changed since, what its rows look like, and views of it by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, bulk, configs, keys, people, table_changes, table_index, table_rows
from chalicelib.auth import Caller
from chalicelib.envelope import display_of
from chalicelib.handlers.tasks import read_all
from chalicelib.http import to_json
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Delete, Put, Record
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.table.matching import Match

    from chalicelib.models_table import ChangeTasks, CheckTasks, NewView

MOST_ROWS = 100
PER_SHARD = 60
"""Rows of the log that one answer reads of each shard."""
SNIPPET = 200
MOST_VIEWS = 200
MOST_BYTES = 16 << 10
Json = dict[str, Any]


def index(world: World, caller: Caller, project_id: int) -> Json:
    """Blocks with their addresses; what of them is missing is being made. With the people whose ids rows have."""
    project = auth.require(world, caller, project_id, "manage")
    made = table_index.newest(world, project)
    joined, answered = (
        world.records.query(f"MEMBERS#{project_id}", prefix, limit=1000).records for prefix in ("PERSON#", "COUNT#")
    )
    ids = [int(row.sk.partition("#")[2]) for row in (*joined, *answered)]
    return {**made, "people": {str(id_): row["name"] for id_, row in people.named(world, ids).items()}}


def changes(world: World, caller: Caller, project_id: int, after_ms: int) -> Json:
    """
    `{"rows", "gone", "until", "more", "total"}`: tasks that changed, as they are now and without their data; inner
    numbers of those that were deleted; from when on to ask the next time, at once if there are more; how many inner
    numbers are given so far.
    """
    project = auth.require(world, caller, project_id, "manage")
    found = table_changes.since(world, project_id, after_ms, PER_SHARD)
    rows = table_rows.of_tasks(world, project, list(found.tasks))
    there = {row["id"] for row in rows}
    return {
        "rows": [{name: value for name, value in row.items() if name != "data"} for row in rows],
        "gone": sorted(inner for id_, inner in found.tasks.items() if id_ not in there and inner),
        "until": found.until_ms,
        "more": found.more,
        "total": _total(world, project_id),
    }


def _total(world: World, project_id: int) -> int:
    serial = world.records.get(*keys.serial(project_id))
    return int(serial.body["inner"]) if serial else 0


def rows(world: World, caller: Caller, project_id: int, ids: frozenset[int]) -> Json:
    """What a table shows of some tasks: title, the start of each field of the data, a picture's address."""
    project = auth.require(world, caller, project_id, "manage")
    if len(ids) > MOST_ROWS:
        raise refuse(400, "too-many", f"At most {MOST_ROWS} tasks at once.", where="parameter ids")
    config = configs.load(world, project_id, project["config_version"])
    pictures = any(kind["type"] == "image" for kind in config.plan["objects"])
    found = [task for task, _ in read_all(world, sorted(ids)) if task["project"] == project_id]
    shown = []
    for task in found:
        row = {
            "id": task["id"],
            "title": configs.title_of(config, task["data"]) or f"Task {task['inner_id']}",
            "data": {name: _snippet(value) for name, value in task["data"].items()},
        }
        if pictures and (picture := _picture(world, project_id, config, task)):
            row["picture"] = picture
        shown.append(row)
    return {"tasks": shown}


def _snippet(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else to_json(value)
    return text if len(text) <= SNIPPET else text[:SNIPPET] + "…"


def _picture(world: World, project_id: int, config: configs.Config, task: Mapping[str, Any]) -> str:
    """The address of the first picture of a task; empty if it has none."""
    display, _ = display_of(world, project_id, config, task["data"])
    for kind in config.plan["objects"]:
        shown = display["objects"].get(kind["name"], {})
        if kind["type"] == "image" and not shown.get("problem"):
            return str(shown.get("url") or next(iter(shown.get("urls") or []), ""))
    return ""


def check(world: World, caller: Caller, project_id: int, body: CheckTasks) -> Json:
    """Of the tasks those that the filter finds."""
    project = auth.require(world, caller, project_id, "manage")
    wanted = _reader(body.query)
    talk = _names(body.query, "comments")
    found = table_rows.of_tasks(world, project, list(dict.fromkeys(body.tasks)), talk=talk)
    return {"tasks": [row["id"] for row in found if wanted(row)]}


def _names(query: object, column: str) -> bool:
    """Whether any part of a filter is about the column."""
    if isinstance(query, Mapping):
        return query.get("column") == column or any(_names(part, column) for part in query.values())
    return isinstance(query, list) and any(_names(part, column) for part in query)


def _reader(query: Mapping[str, Any]) -> Match:
    from labeling.table.asking import BadQuery
    from labeling.table.matching import reader

    try:
        return reader(query)
    except BadQuery as bad:
        raise refuse(400, "bad-query", bad.message, where=f"field {bad.where}") from None


# Changes to many tasks


def change_tasks(world: World, caller: Caller, project_id: int, body: ChangeTasks) -> Json:
    """Begins the job; its result tells how many tasks it has changed, which had that already, which are missing."""
    auth.require(world, caller, project_id, "manage")
    (member,) = body.change.model_fields_set
    value = bulk.require_value(world, project_id, member, getattr(body.change, member))
    return bulk.begin(world, caller, project_id, body.tasks, member, value)


def changed_tasks(world: World, caller: Caller, project_id: int) -> Json:
    auth.require(world, caller, project_id, "manage")
    return {"bulk": bulk.newest(world, project_id)}


def undo_tasks(world: World, caller: Caller, project_id: int, job_id: int) -> Json:
    """Begins the job; its result tells how many tasks are as they were, and which others changed since."""
    auth.require(world, caller, project_id, "manage")
    return bulk.undo(world, caller, project_id, job_id)


# Views


def views(world: World, caller: Caller, project_id: int) -> Json:
    """One's own and those that others share, by name."""
    auth.require(world, caller, project_id, "manage")
    seen = [_shown(row.body, caller) for row in _all(world, project_id) if _seen(row, caller)]
    return {"views": sorted(seen, key=_name)}


def _name(view: Json) -> tuple[str, int]:
    return str(view["name"]).casefold(), int(view["id"])


def _all(world: World, project_id: int) -> Sequence[Record]:
    return world.records.query(keys.view(project_id, 0)[0], limit=MOST_VIEWS + 1).records


def _seen(row: Record, caller: Caller) -> bool:
    return bool(row.body["shared"] or row.body["person"] == caller.person)


def _shown(body: Mapping[str, Any], caller: Caller) -> Json:
    return {**{name: value for name, value in body.items() if name != "person"}, "own": body["person"] == caller.person}


def add_view(world: World, caller: Caller, project_id: int, body: NewView) -> Json:
    auth.require(world, caller, project_id, "manage")
    if len(_all(world, project_id)) >= MOST_VIEWS:
        raise refuse(409, "too-many", f"A project has at most {MOST_VIEWS} views.", hint="Delete some first.")
    view = {"id": world.ids.one("view"), "person": caller.person, "created_at": iso(world.clock()), **_asked(body)}
    operations = [Put(*keys.view(project_id, view["id"]), view, expect=0)]
    if view["shared"]:
        operations.append(audit.operation(world, caller, project_id, "view shared", {"view": view["name"]}))
    world.records.transact(operations)
    return _shown(view, caller)


def _asked(body: NewView) -> Json:
    asked = body.model_dump()
    if len(to_json(asked).encode()) > MOST_BYTES:
        raise refuse(413, "too-big", f"A view has at most {MOST_BYTES:,} bytes.", where="body")
    _reader(asked["query"] or {})
    return asked


def change_view(world: World, caller: Caller, project_id: int, view_id: int, body: NewView) -> Json:
    """The whole view takes the place of the one there was. One's own only."""
    record = _own(world, caller, project_id, view_id)
    view = {**record.body, **_asked(body)}
    world.records.transact([Put(record.pk, record.sk, view, expect=record.version)])
    return _shown(view, caller)


def remove_view(world: World, caller: Caller, project_id: int, view_id: int) -> None:
    record = _own(world, caller, project_id, view_id)
    world.records.transact([Delete(record.pk, record.sk)])


def _own(world: World, caller: Caller, project_id: int, view_id: int) -> Record:
    auth.require(world, caller, project_id, "manage")
    record = world.records.get(*keys.view(project_id, view_id))
    if record is None or not _seen(record, caller):
        raise not_found("view", view_id)
    if record.body["person"] != caller.person:
        raise refuse(403, "not-yours", "Only who saved a view can change or delete it.", hint="Save one of your own.")
    return record
