"""Jobs as people see them: a list, one with its progress, cancel, resume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import auth, jobs, keys, project_pack
from chalicelib.access import May
from chalicelib.auth import Caller
from chalicelib.http import Answer
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Record
from chalicelib.world import World

LISTED = 100
LOOKED_AT = 5000
"""Others come between: a report is made each minute in which somebody looks at it."""
LINK_S = 3600
HIDDEN = ("cursor", "asked")
NO_CANCEL = ("purge",)


def listed(world: World, caller: Caller, project_id: int, kind: str = "") -> dict[str, Any]:
    """The newest LISTED of a project, newest first; of one kind, those among the newest LOOKED_AT."""
    auth.require(world, caller, project_id, "read")
    jobs_: list[dict[str, Any]] = []
    after: str | None = None
    for _ in range(LOOKED_AT // LISTED if kind else 1):
        page = world.records.query(f"JOBS#{project_id}", after=after, limit=LISTED, reverse=True)
        wanted = [keys.job(row.body["job"]) for row in page.records if row.body.get("kind", kind) == kind or not kind]
        found = world.records.get_many(wanted)
        bodies = [found[key].body for key in wanted if key in found]
        jobs_ += [shown(world, caller, body) for body in bodies if body["kind"] == kind or not kind]
        if page.cursor is None or len(jobs_) >= LISTED:
            break
        after = page.cursor
    return {"jobs": jobs_[:LISTED]}


def one(world: World, caller: Caller, job_id: int, etag: str) -> Answer:
    """A job; 304 while it is as it was at `etag`, so that asking often costs little."""
    record = _read(world, caller, job_id, "read")
    own = f'"{record.version}"'
    if etag == own:
        return Answer("", 304, {"ETag": own})
    return Answer(shown(world, caller, record.body), 200, {"ETag": own})


def cancel(world: World, caller: Caller, job_id: int) -> dict[str, Any]:
    record = _read(world, caller, job_id, "manage")
    if record.body["kind"] in NO_CANCEL:
        raise refuse(409, "no-cancel", "What is being deleted cannot be kept.", hint="Wait until it is done.")
    body = jobs.cancel(world, job_id)
    if body["state"] != "cancelled":
        raise refuse(409, "job-over", f"This job is {body['state']} already.", hint="Nothing was changed.")
    return shown(world, caller, body)


def resume(world: World, caller: Caller, job_id: int) -> dict[str, Any]:
    _read(world, caller, job_id, "manage")
    body = jobs.resume(world, job_id)
    if body["state"] != "queued":
        message = f"This job is {body['state']}; only one that failed or was cancelled goes on."
        raise refuse(409, "job-not-stopped", message, hint="Nothing was changed.")
    return shown(world, caller, body)


def shown(world: World, caller: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """
    With an address of the file that the job has made, if it has; of an export with what was asked for, of a sync its
    source. A project file holds more than who may read sees elsewhere (what people are paid): its address is for those
    who may make one.
    """
    said = {name: value for name, value in body.items() if name not in HIDDEN}
    if body["kind"] == "export":
        said["export"] = {name: value for name, value in body["asked"].items() if name != "config_version"}
    if body["kind"] == "sync":
        said["source"] = body["asked"]["source"]
    result = body["result"]
    if body["kind"] == project_pack.JOB and result and not auth.allowed(world, caller, body["project"], "manage"):
        said["result"] = {name: value for name, value in result.items() if name not in ("key", "url")}
    elif body["state"] == "done" and result and result.get("key"):
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
