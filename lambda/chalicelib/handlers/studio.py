"""What Label Studio's Python SDK asks for beside what our own pages use: version, users, the list of whole tasks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, keys, migration, removal, table_changes, task_filters, webhooks
from chalicelib.annotation import validate
from chalicelib.auth import Caller
from chalicelib.handlers import exports, imports, predictions, submissions, tasks, work
from chalicelib.handlers.projects import progress
from chalicelib.http import to_json
from chalicelib.problems import Problem, Refusal, not_found, refuse
from chalicelib.storage.ports import Conflict, Put
from chalicelib.storage.walk import every
from chalicelib.tasks import State
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import CheckConfig
    from chalicelib.models_studio import ChangeTask, NewTask

VERSION = "0.1.0"
MOST_WALKED = 100_000
"""Tasks that one filtered request looks at."""


def version() -> dict[str, Any]:
    """`edition` decides how the SDK exports: Community downloads at once, Enterprise waits for a snapshot."""
    return {"release": VERSION, "edition": "Community", "labelkite": VERSION, "label-studio-os-package": {}}


def user(person: Mapping[str, Any], *, email: bool = True) -> dict[str, Any]:
    """A person with Label Studio's members. `email`: with their address."""
    address = person.get("email") if email else None
    first, _, last = person["name"].partition(" ")
    initials = "".join(part[:1] for part in (first, last)).upper()
    return {
        "id": person["id"],
        "first_name": first,
        "last_name": last,
        "username": address or f"person-{person['id']}",
        "email": address or "",
        "initials": initials,
        "avatar": None,
        "phone": "",
        "last_activity": person.get("created_at"),
        "date_joined": person.get("created_at"),
        "active_organization": 1,
        "allow_newsletters": False,
    }


def whoami(world: World, caller: Caller) -> dict[str, Any]:
    record = world.records.get(*keys.person(caller.person))
    return user(record.body if record else {"id": caller.person, "name": caller.name})


def users(world: World, caller: Caller) -> list[dict[str, Any]]:
    """Everybody in the projects that the caller may see, and the caller. Addresses are for managers."""
    found, managed = {caller.person}, {caller.person}
    for project_id, seen in auth.projects_of(world, caller).items():
        if "read" not in seen.may:
            continue
        for row in every(world.records, f"MEMBERS#{project_id}", "PERSON#"):
            found.add(int(row.sk.partition("#")[2]))
            if "manage" in seen.may:
                managed.add(int(row.sk.partition("#")[2]))
    ids = sorted(found)
    shown = []
    for start in range(0, len(ids), 100):
        wanted = [keys.person(id_) for id_ in ids[start : start + 100]]
        rows = world.records.get_many(wanted)
        people = [rows[key].body for key in wanted if key in rows]
        shown += [user(person, email=person["id"] in managed) for person in people]
    return shown


def one_user(world: World, caller: Caller, id_: int) -> dict[str, Any]:
    found = next((person for person in users(world, caller) if person["id"] == id_), None)
    if found is None:
        raise not_found("user", id_)
    return found


def list_tasks(
    world: World, caller: Caller, project_id: int, page: int, page_size: int, query: str, *, only_annotated: bool
) -> dict[str, Any]:
    """
    A page of whole tasks with their annotations and predictions. Without a filter it costs the same on any page; with
    one, the tasks before are looked at too, up to a hundred thousand.
    """
    project = auth.require(world, caller, project_id, "read")
    wanted = task_filters.read(query)
    skip = (page - 1) * page_size
    if wanted.is_everything and not only_annotated and not wanted.newest_first:
        rows, total = tasks.some(world, project_id, skip, page_size), progress(world, project_id)["total"]
    else:
        found = _found(world, project_id, wanted, only_annotated=only_annotated)
        if wanted.newest_first:
            found.reverse()
        rows, total = tasks.read_all(world, found[skip : skip + page_size]), len(found)
    shown = [_whole(world, project, task, state) for task, state in rows]
    return {
        "tasks": shown,
        "total": total,
        "total_annotations": sum(task["total_annotations"] for task in shown),
        "total_predictions": sum(task["total_predictions"] for task in shown),
    }


def _found(world: World, project_id: int, wanted: task_filters.Filter, *, only_annotated: bool) -> list[int]:
    """Ids of the tasks that fit, in order."""
    found: list[int] = []
    walked = 0
    for page in tasks.pages(world, project_id):
        walked += len(page)
        if walked > MOST_WALKED:
            raise refuse(
                400,
                "too-many",
                f"This project has more than {MOST_WALKED:,} tasks; a filter cannot look at all of them at once.",
                where="parameter query",
                hint="Export the project, or ask for a state with /api/projects/{id}/tasks.",
            )
        found += [task["id"] for task, state in page if wanted(task, state) and (state.done or not only_annotated)]
    return found


def _whole(world: World, project: Mapping[str, Any], task: Mapping[str, Any], state: State) -> dict[str, Any]:
    from labeling.exports import json_tasks

    bodies = migration.bodies(world, project["id"], submissions.newest(world, state), project["config_version"])
    given = predictions.of_task(world, task["id"]) if task["predictions"] else []
    text = b"".join(json_tasks([tasks.export_row(task, state, project, bodies, given)]))
    shown: dict[str, Any] = json.loads(text)[0]
    return {
        **shown,
        "total_annotations": state.done,
        "cancelled_annotations": len(state.labels()) - state.done,
        "total_predictions": len(given),
        "is_labeled": state.name not in ("new", "working"),
        "annotators": sorted({body["completed_by"] for body in bodies}),
        "predictions": [predictions.shown(body) for body in given],
    }


def create_task(world: World, caller: Caller, body: NewTask, key: str) -> dict[str, Any]:
    given = {name: value for name, value in body.model_dump().items() if value is not None and name != "project"}
    raw = to_json([given]).encode()
    answer = imports.load(world, caller, body.project, raw, "application/json", key=key, return_ids=True)
    if not answer["task_ids"]:
        raise Refusal(400, *answer["refused"])
    return tasks.one(world, caller, answer["task_ids"][0])


def change_task(world: World, caller: Caller, task_id: int, body: ChangeTask) -> dict[str, Any]:
    """
    Other data for a task.

    Raises:
        Refusal: 409 when answers that are there would not fit it, such as spans that end after the text.
    """
    _, state, project = work.read(world, caller, task_id, "manage")
    record = world.records.get(*keys.task(task_id))
    if record is None:
        raise not_found("task", task_id)
    asked = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    if "data" in asked and state.annotations:
        faults = misfits(world, project, state, asked["data"])
        if faults:
            raise Refusal(409, *faults)
    row = {**record.body, **asked, "updated_at": iso(world.clock())}
    changed = table_changes.operation(project["id"], task_id, state.inner, world.now_ms(), data=True)
    world.records.transact([Put(*keys.task(task_id), row, expect=record.version), changed])
    return tasks.one(world, caller, task_id)


def misfits(world: World, project: Mapping[str, Any], state: State, data: Mapping[str, Any]) -> list[Problem]:
    """What of the answers that are there would not fit other data."""
    config = configs.load(world, project["id"], project["config_version"])
    faults: list[Problem] = []
    for body in migration.bodies(world, project["id"], submissions.newest(world, state), config.version):
        if not body["was_cancelled"]:
            found = validate(config, body["result"], data, lenient=True)
            faults += [{**p, "where": f"annotation {body['id']}, {p['where']}"} for p in found]
    return faults


def remove_task(world: World, caller: Caller, task_id: int) -> None:
    """With its annotations, drafts and predictions; people who hold it lose it."""
    for _ in range(removal.TRIES):
        _, state, project = work.read(world, caller, task_id, "manage")
        if removal.remove(world, project, state):
            webhooks.tell(world, project, webhooks.tasks_deleted([task_id]))
            return
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def validate_config(world: World, caller: Caller, project_id: int, body: CheckConfig) -> dict[str, Any]:
    """
    The config as it came.

    Raises:
        Refusal: 400 with what is wrong in it.
    """
    auth.require(world, caller, project_id, "manage")
    configs.compile_or_refuse(body.label_config)
    return {"label_config": body.label_config}


def export_formats(world: World, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    return exports.formats(world, caller, project_id)
