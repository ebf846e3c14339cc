"""What models said of tasks: added at import or by script; paths and members are Label Studio's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, keys, relist, table_changes
from chalicelib.access import May
from chalicelib.annotation import validate
from chalicelib.auth import Caller
from chalicelib.handlers import work
from chalicelib.problems import Problem, Refusal, not_found, refuse
from chalicelib.storage.ports import Conflict, Delete, Operation, Put, Record
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_studio import ChangePrediction, NewPrediction, NewPredictions

TRIES = 20
MOST = 100
"""Predictions of one task: its row lists them."""
MAX_REFUSED = 200


def create(world: World, caller: Caller, body: NewPrediction) -> dict[str, Any]:
    """A prediction of one task. Whoever gets the task from now on sees the newest one."""
    made = _add(world, caller, body.task, body.result, body.score, body.model_version)
    return shown(made)


def load(world: World, caller: Caller, project_id: int, body: NewPredictions) -> dict[str, Any]:
    """Many at once, each for a task of this project; what cannot be taken is told with its place."""
    auth.require(world, caller, project_id, "manage")
    created, refused = 0, []
    for place, one in enumerate(body, 1):
        where = f"prediction {place}"
        try:
            _add(world, caller, one.task, one.result, one.score, one.model_version, project_id)
        except Refusal as refusal:
            refused += [{**p, "where": f"{where}, {p['where']}" if p["where"] else where} for p in refusal.problems]
        else:
            created += 1
    if refused and not created:
        raise Refusal(400, *refused[:MAX_REFUSED])
    return {"created": created, "refused": refused[:MAX_REFUSED]}


def _add(
    world: World,
    caller: Caller,
    task_id: int,
    result: list[dict[str, Any]],
    score: float | None,
    model_version: str,
    project_id: int | None = None,
) -> dict[str, Any]:
    for _ in range(TRIES):
        task, _, project = work.read(world, caller, task_id, "manage")
        if project_id is not None and project["id"] != project_id:
            raise not_found("task", task_id)
        if len(task["predictions"]) >= MOST:
            raise refuse(
                409, "too-many", f"Task {task_id} has {MOST} predictions already.", hint="Delete old ones first."
            )
        _require_fitting(world, project, task, result)
        now = iso(world.clock())
        id_ = world.ids.one("prediction")
        made = {
            "id": id_,
            "task": task_id,
            "project": project["id"],
            "result": result,
            "model_version": model_version,
            "score": score,
            "config_version": project["config_version"],
            "created_at": now,
            "updated_at": now,
        }
        record = world.records.get(*keys.task(task_id))
        if record is None:
            raise not_found("task", task_id)
        listed = {**record.body, "predictions": [*record.body["predictions"], id_]}
        try:
            world.records.transact(
                [
                    Put(*keys.prediction(task_id, id_), made, expect=0),
                    Put(*keys.prediction_place(id_), {"task": task_id, "project": project["id"]}, expect=0),
                    Put(*keys.task(task_id), listed, expect=record.version),
                    table_changes.operation(project["id"], task_id, task["inner_id"], world.now_ms()),
                ]
            )
        except Conflict:
            continue
        relist.rescored(world, project, task_id)
        return made
    raise Conflict(*keys.task(task_id), expected=0, found=0)


def _require_fitting(
    world: World, project: Mapping[str, Any], task: Mapping[str, Any], result: list[dict[str, Any]]
) -> None:
    config = configs.load(world, project["id"], project["config_version"])
    faults: Sequence[Problem] = validate(config, result, task["data"], lenient=True)
    if faults:
        raise Refusal(400, *faults)


def listed(world: World, caller: Caller, task_id: int | None, project_id: int | None) -> list[dict[str, Any]]:
    """Of a task, or of all tasks of a project."""
    if task_id is not None:
        work.read(world, caller, task_id, "read")
        return [shown(row) for row in of_task(world, task_id)]
    if project_id is None:
        raise refuse(400, "bad-parameter", "Name a task or a project.", where="parameter task")
    auth.require(world, caller, project_id, "read")
    from chalicelib.handlers.tasks import pages

    return [
        shown(row)
        for page in pages(world, project_id)
        for task, _ in page
        if task["predictions"]
        for row in of_task(world, task["id"])
    ]


def of_task(world: World, task_id: int) -> list[Mapping[str, Any]]:
    """Bodies, oldest first."""
    return [row.body for row in world.records.query(f"TASK#{task_id}", "PREDICTION#", limit=MOST).records]


def one(world: World, caller: Caller, id_: int) -> dict[str, Any]:
    return shown(_read(world, caller, id_, "read").body)


def change(world: World, caller: Caller, id_: int, body: ChangePrediction) -> dict[str, Any]:
    """Members that were not sent stay as they are. Of two changes at once the last one wins, member by member."""
    asked = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    for _ in range(TRIES):
        record = _read(world, caller, id_, "manage")
        task, _, project = work.read(world, caller, record.body["task"], "manage")
        if "result" in asked:
            _require_fitting(world, project, task, asked["result"])
            asked["config_version"] = project["config_version"]
        made = {**record.body, **asked, "updated_at": iso(world.clock())}
        try:
            changed = table_changes.operation(project["id"], task["id"], task["inner_id"], world.now_ms())
            world.records.transact([Put(record.pk, record.sk, made, expect=record.version), changed])
        except Conflict:
            continue  # changed or deleted meanwhile
        relist.rescored(world, project, task["id"])
        return shown(made)
    raise Conflict(*keys.prediction_place(id_), expected=0, found=0)


def remove(world: World, caller: Caller, id_: int) -> None:
    gone = _read(world, caller, id_, "manage").body
    for _ in range(TRIES):
        record = world.records.get(*keys.task(gone["task"]))
        operations: list[Operation] = [
            Delete(*keys.prediction(gone["task"], id_)),
            Delete(*keys.prediction_place(id_)),
        ]
        if record is not None:
            left = [n for n in record.body["predictions"] if n != id_]
            operations.append(Put(record.pk, record.sk, {**record.body, "predictions": left}, expect=record.version))
            inner = record.body["inner_id"]
            operations.append(table_changes.operation(gone["project"], gone["task"], inner, world.now_ms()))
        try:
            world.records.transact(operations)
        except Conflict:
            continue
        project = world.records.get(*keys.project(gone["project"]))
        if project is not None:
            relist.rescored(world, project.body, gone["task"])
        return
    raise Conflict(*keys.task(gone["task"]), expected=0, found=0)


def _read(world: World, caller: Caller, id_: int, may: May) -> Record:
    place = world.records.get(*keys.prediction_place(id_))
    if place is None:
        raise not_found("prediction", id_)
    try:
        work.read(world, caller, place.body["task"], may)
    except Refusal as refusal:
        raise not_found("prediction", id_) if refusal.status == 404 else refusal from None
    record = world.records.get(*keys.prediction(place.body["task"], id_))
    if record is None:
        raise not_found("prediction", id_)
    return record


def shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """Label Studio's members. Ours that it has none for are left out; those of its that mean nothing here are null."""
    nothing = dict.fromkeys(("cluster", "neighbors", "mislabeling", "model", "model_run"))
    kept = {name: value for name, value in body.items() if name != "config_version"}
    return {**nothing, "mislabeling": 0.0, **kept}
