"""What an owner reads of tasks: the table, one task in Label Studio's form, everybody's answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import auth, comments, configs, keys, migration, people, unclaimed, unfinished
from chalicelib import shown as shown_as
from chalicelib.auth import Caller
from chalicelib.envelope import display_of
from chalicelib.handlers import submissions, work
from chalicelib.handlers.projects import progress
from chalicelib.problems import refuse
from chalicelib.storage.ports import Record
from chalicelib.tasks import STATES, State, read_state
from chalicelib.times import iso
from chalicelib.world import World

Rows = list[tuple[Mapping[str, Any], State]]


def listed(world: World, caller: Caller, project_id: int, page: int, page_size: int, state: str) -> dict[str, Any]:
    """
    One page of the table, in the order of import. Reads this page only, except for tasks in one state: there the pages
    before are walked over, and for `new` also the tasks that are not.
    """
    project = auth.require(world, caller, project_id, "read")
    if state not in ("", *STATES):
        raise refuse(400, "bad-parameter", f"state must be one of {', '.join(STATES)}.", where="parameter state")
    skip = (page - 1) * page_size
    totals = progress(world, project_id)
    if not state:
        rows = read_all(world, ids_after(world, project_id, skip, page_size))
    elif state == "new":
        rows = _untouched(world, project_id, skip, page_size)
    else:
        rows = read_all(world, _ids_in_state(world, project_id, state, skip, page_size))
    config = configs.load(world, project_id, project["config_version"])
    names = _names(world, {a["person"] for _, s in rows for a in s.annotations})
    nobodys = unclaimed.lanes(world, project, [s for _, s in rows])
    return {
        "tasks": [
            _row(task, s, project, config, names)
            | ({"problem": unclaimed.told(project, task)} if unclaimed.waits(s, nobodys) else {})
            for task, s in rows
        ],
        "total": totals[state] if state else totals["total"],
    }


def _row(
    task: Mapping[str, Any], state: State, project: Mapping[str, Any], config: configs.Config, names: Mapping[int, str]
) -> dict[str, Any]:
    who = list(dict.fromkeys(a["person"] for a in state.annotations if not a["cancelled"]))
    return {
        "id": task["id"],
        "inner_id": task["inner_id"],
        "title": configs.title_of(config, task["data"]) or f"Task {task['inner_id']}",
        "state": state.name,
        "annotations": state.done,
        "skipped": len(state.annotations) - state.done,
        "needed": project["maximum_annotations"],
        "people": [names.get(person, f"Person {person}") for person in who],
        "agreement": state.agreement,
        "updated_at": iso(state.updated_at / 1000) if state.updated_at else task["created_at"],
    }


def ids_after(world: World, project_id: int, skip: int, count: int) -> list[int]:
    """Ids of the tasks number skip + 1 to skip + count of the project: chunks are named by their last number."""
    ids: list[int] = []
    after = keys.number(skip)
    while len(ids) < count:
        page = world.records.query(f"TASKS#{project_id}", after=after, limit=100)
        for chunk in page.records:
            last = int(chunk.sk)
            first = last - len(chunk.body["tasks"]) + 1
            ids += chunk.body["tasks"][max(0, skip + 1 - first) :]
        if page.cursor is None:
            break
        after = page.cursor
    return ids[:count]


def _ids_in_state(world: World, project_id: int, state: str, skip: int, count: int) -> list[int]:
    ids: list[int] = []
    after = None
    while len(ids) < skip + count:
        page = world.records.query(f"TASKS#{project_id}#{state}", after=after, limit=min(1000, skip + count))
        ids += [row.body["task"] for row in page.records]
        if page.cursor is None:
            break
        after = page.cursor
    return ids[skip : skip + count]


def _untouched(world: World, project_id: int, skip: int, count: int) -> Rows:
    rows: Rows = []
    seen = 0
    for page in pages(world, project_id):
        rows += [row for row in page if row[1].name == "new"][max(0, skip - seen) :]
        seen += sum(state.name == "new" for _, state in page)
        if len(rows) >= count:
            break
    return rows[:count]


def pages(world: World, project_id: int, size: int = 50) -> Iterator[Rows]:
    """All tasks of a project with their states, in order, `size` in memory at a time."""
    skip = 0
    while True:
        ids = ids_after(world, project_id, skip, size)
        if not ids:
            return
        yield read_all(world, ids)
        skip += len(ids)


def some(world: World, project_id: int, skip: int, count: int) -> Rows:
    """The tasks number skip + 1 to skip + count of the project; deleted ones are missing."""
    return read_all(world, ids_after(world, project_id, skip, count))


def read_all(world: World, ids: Sequence[int]) -> Rows:
    rows: Rows = []
    for start in range(0, len(ids), 50):
        part = ids[start : start + 50]
        found = world.records.get_many([key for id_ in part for key in (keys.task(id_), keys.state(id_))])
        for id_ in part:
            task = found.get(keys.task(id_))
            if task is not None:
                rows.append((task.body, read_state(task.body, found.get(keys.state(id_)))))
    return rows


def _names(world: World, people: set[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    ids = sorted(people)
    for start in range(0, len(ids), 100):
        for record in world.records.get_many([keys.person(id_) for id_ in ids[start : start + 100]]).values():
            names[record.body["id"]] = record.body["name"]
    return names


def export_row(
    task: Mapping[str, Any], state: State, project: Mapping[str, Any], bodies: Sequence[Any], predictions: Sequence[Any]
) -> dict[str, Any]:
    """What labeling.exports makes a task of Label Studio's form from. Discarded work stays there and says so."""
    discarded = {a["id"] for a in state.annotations if a.get("discarded")}
    marked = [{**body, "discarded": True} if body["id"] in discarded else body for body in bodies]
    changed = {
        "updated_at": iso(state.updated_at / 1000) if state.updated_at else task["created_at"],
        "updated_by": bodies[-1]["updated_by"] if bodies else None,
        "overlap": project["maximum_annotations"],
        "state": state.name,
    }
    shown = {name: value for name, value in task.items() if name not in ("predictions", "created_by")}
    return {"task": {**shown, **changed}, "annotations": marked, "predictions": predictions}


def one(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    from labeling import exports

    task, state, project = work.read(world, caller, task_id, "read")
    bodies = migration.bodies(world, project["id"], submissions.newest(world, state), project["config_version"])
    page = world.records.query(f"TASK#{task_id}", "PREDICTION#", limit=100)
    found = world.records.query(f"TASK#{task_id}", "DRAFT#", limit=100).records
    drafts = [draft for draft in found if unfinished.current(draft, state)]
    row = export_row(task, state, project, bodies, [row.body for row in page.records])
    text = b"".join(exports.json_tasks([{**row, "drafts": [_draft(draft) for draft in drafts]}]))
    shown: dict[str, Any] = json.loads(text)[0]
    return shown


def _draft(row: Record) -> dict[str, Any]:
    body = row.body
    saved = {"created_at": body["saved_at"], "updated_at": body["saved_at"]}
    return {
        "result": body["result"],
        "lead_time": body["lead_time"],
        "task": body["task"],
        "user": body["person"],
        **saved,
    }


def answers(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """Everybody's answer as a view over the data, the consensus as one more, and the neighbours in the table."""
    task, state, project = work.read(world, caller, task_id, "read")
    config = configs.load(world, project["id"], project["config_version"])
    display, media = display_of(world, project["id"], config, task["data"])
    bodies = submissions.newest(world, state)
    named = people.named(world, [body["completed_by"] for body in bodies])
    shown = [shown_as.answer(world, project["id"], config, task, body, named[body["completed_by"]]) for body in bodies]
    answer: dict[str, Any] = {
        "task": {"id": task["id"], "project": project["id"], "inner_id": task["inner_id"], "data": task["data"]},
        "state": state.name,
        "plan": config.plan,
        "display": display,
        "media": media,
        "annotations": shown,
    }
    found = shown_as.agreement(world, project, config, task, state, bodies)
    if found is not None:
        answer["consensus"] = found
    answer["unresolved"] = comments.unresolved(comments.of_task(world, task_id))
    return answer | _neighbours(world, project["id"], task["inner_id"])


def _neighbours(world: World, project_id: int, inner: int) -> dict[str, int]:
    around = ids_after(world, project_id, max(0, inner - 2), 3)
    before = {"previous": around[0]} if inner > 1 else {}
    after = around[2:] if inner > 1 else around[1:2]
    return {**before, **({"next": after[0]} if after else {})}
