"""Jobs as people see them: a list, one with its progress, cancel, resume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import auth, jobs, keys
from chalicelib.access import May
from chalicelib.auth import Caller
from chalicelib.http import Answer
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Record
from chalicelib.world import World

LISTED = 100
LINK_S = 3600
HIDDEN = ("cursor", "asked")
NO_CANCEL = ("purge",)


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """The newest LISTED of a project, newest first."""
    auth.require(world, caller, project_id, "read")
    rows = world.records.query(f"JOBS#{project_id}", limit=LISTED, reverse=True).records
    wanted = [keys.job(row.body["job"]) for row in rows]
    found = world.records.get_many(wanted)
    return {"jobs": [shown(world, found[key].body) for key in wanted if key in found]}


def one(world: World, caller: Caller, job_id: int, etag: str) -> Answer:
    """A job; 304 while it is as it was at `etag`, so that asking often costs little."""
    record = _read(world, caller, job_id, "read")
    own = f'"{record.version}"'
    if etag == own:
        return Answer("", 304, {"ETag": own})
    return Answer(shown(world, record.body), 200, {"ETag": own})


def cancel(world: World, caller: Caller, job_id: int) -> dict[str, Any]:
    record = _read(world, caller, job_id, "manage")
    if record.body["kind"] in NO_CANCEL:
        raise refuse(409, "no-cancel", "What is being deleted cannot be kept.", hint="Wait until it is done.")
    body = jobs.cancel(world, job_id)
    if body["state"] != "cancelled":
        raise refuse(409, "job-over", f"This job is {body['state']} already.", hint="Nothing was changed.")
    return shown(world, body)


def resume(world: World, caller: Caller, job_id: int) -> dict[str, Any]:
    _read(world, caller, job_id, "manage")
    body = jobs.resume(world, job_id)
    if body["state"] != "queued":
        message = f"This job is {body['state']}; only one that failed or was cancelled goes on."
        raise refuse(409, "job-not-stopped", message, hint="Nothing was changed.")
    return shown(world, body)


def shown(world: World, body: Mapping[str, Any]) -> dict[str, Any]:
    """With an address of the file that the job has made, if it has; of an export with what was asked for."""
    said = {name: value for name, value in body.items() if name not in HIDDEN}
    if body["kind"] == "export":
        said["export"] = {name: value for name, value in body["asked"].items() if name != "config_version"}
    result = body["result"]
    if body["state"] == "done" and result and result.get("key"):
        url = world.objects.presign_get(result["key"], expires_s=LINK_S, filename=result["filename"])
        said["result"] = {**result, "url": url}
    return said


def _read(world: World, caller: Caller, job_id: int, may: May) -> Record:
    auth.require_known(caller)
    record = world.records.get(*keys.job(job_id))
    if record is None:
        raise not_found("job", job_id)
    project = world.records.get(*keys.project(record.body["project"]))
    if project is not None and project.body.get("deleted_at") and caller.is_owner:
        auth.require_deployment(caller, "own")
    else:
        auth.require_access(world, caller, record.body["project"], may, kind="job", shown=job_id)
    return record
