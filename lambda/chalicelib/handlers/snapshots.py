"""Snapshots of a project's dataset as people see them: make, list, compare, delete. Exports take one by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, jobs, keys, snapshots
from chalicelib.auth import Caller
from chalicelib.handlers.projects import progress
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Conflict, Put, Record
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import NewComparison, NewSnapshot

MOST = 500
HIDDEN = ("parts", "project")


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """Newest first. `state`: `making` while `job` writes it, then `ready`."""
    auth.require(world, caller, project_id, "read")
    rows = world.records.query(f"SNAPSHOTS#{project_id}", "MADE#", limit=MOST, reverse=True).records
    return {"snapshots": [_shown(row.body) for row in rows]}


def create(world: World, caller: Caller, project_id: int, body: NewSnapshot) -> dict[str, Any]:
    """
    Raises:
        Refusal: 409 for a name that another one has, or when there are MOST already.
    """
    project = auth.require(world, caller, project_id, "manage")
    auth.require_whole(project)
    held = world.records.query(f"SNAPSHOTS#{project_id}", "MADE#", limit=MOST).records
    if len(held) >= MOST:
        raise refuse(409, "too-many", f"There are {MOST} snapshots.", hint="Delete one that nobody needs any more.")
    id_ = world.ids.one("snapshot")
    total = progress(world, project_id)["total"]
    job, rows = jobs.prepared(world, snapshots.JOB, project_id, caller.person, {"snapshot": id_}, total=total)
    made = {
        "id": id_,
        "project": project_id,
        "name": body.name,
        "note": body.note,
        "created_at": iso(world.clock()),
        "created_by": {"id": caller.person, "name": caller.name},
        "config_version": project["config_version"],
        "state": "making",
        "job": job["id"],
        "tasks": 0,
        "annotated": 0,
        "annotations": 0,
        "bytes": 0,
        "parts": [],
    }
    name = keys.snapshot_name(project_id, body.name)
    told = audit.operation(world, caller, project_id, "snapshot made", {"snapshot": id_, "name": body.name})
    try:
        world.records.transact(
            [*rows, Put(*keys.snapshot(project_id, id_), made, expect=0), Put(*name, {"snapshot": id_}, expect=0), told]
        )
    except Conflict as conflict:
        if (conflict.pk, conflict.sk) != name:
            raise
        message = f"There is a snapshot named “{body.name}” already."
        raise refuse(409, "name-taken", message, where="field name", hint="Choose another name.") from None
    jobs.go(world, job)
    return _shown(made)


def remove(world: World, caller: Caller, project_id: int, snapshot_id: int) -> None:
    """For good; a job that is still writing it ends."""
    auth.require(world, caller, project_id, "manage")
    body = read(world, project_id, snapshot_id).body
    told = audit.operation(
        world, caller, project_id, "snapshot deleted", {"snapshot": snapshot_id, "name": body["name"]}
    )
    world.records.transact([*snapshots.removal(body), told])
    world.jobs.enqueue(snapshots.CLEAR, {"project": project_id, "snapshot": snapshot_id})


def compare(world: World, caller: Caller, project_id: int, snapshot_id: int, body: NewComparison) -> dict[str, Any]:
    """A job whose result says what has changed; snapshot_diff has its members."""
    auth.require(world, caller, project_id, "read")
    before = ready(world, project_id, snapshot_id)
    after = ready(world, project_id, body.after) if body.after else None
    if after is not None and after["id"] == before["id"]:
        message = "A snapshot is no different from itself."
        raise refuse(400, "same-snapshot", message, where="field after", hint="Name another one.")
    total = after["tasks"] if after else progress(world, project_id)["total"]
    asked = {"before": snapshot_id, "after": body.after}
    return jobs.start(world, snapshots.COMPARE, project_id, caller.person, asked, total=total)


def read(world: World, project_id: int, snapshot_id: int) -> Record:
    record = world.records.get(*keys.snapshot(project_id, snapshot_id))
    if record is None:
        raise not_found("snapshot", snapshot_id)
    return record


def ready(world: World, project_id: int, snapshot_id: int) -> Mapping[str, Any]:
    """
    Raises:
        Refusal: 404, 409 while it is being made.
    """
    body = read(world, project_id, snapshot_id).body
    if body["state"] != "ready":
        message = f"The snapshot “{body['name']}” is still being made."
        raise refuse(409, "not-ready", message, hint=f"See how far it is: /api/jobs/{body['job']}.")
    return body


def _shown(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in HIDDEN}
