"""Whole projects: as one file, from one file, copied."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from chalicelib import (
    audit,
    auth,
    configs,
    jobs,
    keys,
    models,
    project_file,
    project_pack,
    project_unpack,
    settings,
    webhooks,
)
from chalicelib.auth import Caller
from chalicelib.handlers import projects
from chalicelib.problems import Refusal, refuse
from chalicelib.storage.ports import Add, Conflict, Put
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_projects import Duplicate, NewFile, NewProjectFile, RestoreProject

MOST_BYTES = 5_000_000_000
"""What one upload to a bucket may have."""
UPLOAD_S = 6 * 3600
EMPTY = '<View><Text name="text" value="$text"/></View>'
"""The config of a project while it is restored."""


def pack(world: World, caller: Caller, project_id: int, body: NewProjectFile) -> dict[str, Any]:
    """A job that writes the project file; its result has the address."""
    project = auth.require(world, caller, project_id, "manage")
    auth.require_whole(project)
    plain = re.sub(r"[^\w.-]+", "-", project["title"]).strip("-.")[:60] or f"project-{project_id}"
    filename = f"{plain}-{iso(world.clock())[:10]}{project_file.SUFFIX}"
    asked = {"media": body.media, "filename": filename}
    total = projects.progress(world, project_id)["total"]
    world.records.transact([audit.operation(world, caller, project_id, "project file made", {"media": body.media})])
    return jobs.start(world, project_pack.JOB, project_id, caller.person, asked, total=total)


def begin(world: World, caller: Caller, body: NewFile) -> dict[str, Any]:
    """`{"project", "upload"}`: a project that is closed until its file is read, and where to send the file."""
    auth.require_deployment(caller, "create")
    if body.size > MOST_BYTES:
        raise refuse(
            413,
            "upload-too-big",
            f"{body.name} has {body.size / 1e9:,.1f} GB; {MOST_BYTES / 1e9:,.0f} GB are allowed.",
            where=f"file {body.name}",
            hint="Make the project file without the uploaded media, and move these by themselves.",
        )
    project_id = _closed(world, caller, body.name.removesuffix(project_file.SUFFIX)[:200] or "Project")
    key = f"exports/{project_id}/incoming-{uuid.uuid4()}{project_file.SUFFIX}"
    upload = world.objects.presign_upload(key, max_bytes=MOST_BYTES, content_type=project_file.MIME, expires_s=UPLOAD_S)
    sent = {"key": key, "url": upload.url, "method": upload.method}
    return {"project": project_id, "upload": {**sent, "fields": dict(upload.fields), "headers": dict(upload.headers)}}


def restore(world: World, caller: Caller, project_id: int, body: RestoreProject) -> dict[str, Any]:
    """
    A job that reads the uploaded file.

    Raises:
        Refusal: 400 for what is no project file, 404 for what was not uploaded here, 409 for a project that is whole,
            or whose restore has begun: a second one would bring the same tasks in beside those of the first.
    """
    auth.require(world, caller, project_id, "own")
    record = world.records.get(*keys.project(project_id))
    project = record.body if record is not None else {}
    if record is None or not project.get("restoring"):
        raise refuse(409, "not-restoring", "This project is there already.", hint="A file becomes a new project.")
    if begun := project.get("restored_by"):
        raise _begun(begun)
    if (
        not body.upload.startswith(f"exports/{project_id}/incoming-")
        or (info := world.objects.head(body.upload)) is None
    ):
        raise refuse(
            404, "no-upload", "The file has not arrived.", where="field upload", hint="Upload it first, then restore."
        )
    project_file.header(lambda start: world.objects.stream(body.upload, start=start))
    asked = {"key": body.upload}
    job, rows = jobs.prepared(
        world, project_unpack.JOB, project_id, caller.person, asked, unit="bytes", total=2 * info.size
    )
    row = {**project, "restored_by": job["id"]}
    try:
        world.records.transact([*rows, Put(record.pk, record.sk, row, expect=record.version)])
    except Conflict:
        now = world.records.get(record.pk, record.sk)
        if now is None or not now.body.get("restored_by"):
            raise
        raise _begun(now.body["restored_by"]) from None
    jobs.go(world, job)
    return job


def _begun(job: int) -> Refusal:
    message = "This project is being restored already."
    return refuse(409, "restore-begun", message, hint=f"If it has stopped, resume job {job}; or delete the project.")


def duplicate(world: World, caller: Caller, body: Duplicate) -> dict[str, Any]:
    """`{"id", "title", "restoring", "job"?}`: another project with the same config and settings, or with everything."""
    auth.require_deployment(caller, "create")
    project_id = body.project
    project = auth.require(world, caller, project_id, "manage")
    auth.require_whole(project)
    title = body.title or f"{project['title'][:190]} (copy)"
    if not body.data:
        made = projects.create(world, caller, models.read("NewProject", _asked(world, project, title)))
        return {"id": made["id"], "title": title, "restoring": False}
    new = _closed(world, caller, title)
    asked = {"media": True, "filename": "", "then": {"project": new, "title": title}}
    total = projects.progress(world, project_id)["total"]
    job = jobs.start(world, project_pack.JOB, project_id, caller.person, asked, total=total)
    return {"id": new, "title": title, "restoring": True, "job": job["id"]}


def _asked(world: World, project: Any, title: str) -> dict[str, Any]:
    """The body that makes a project like this one. Nobody is in it yet, so it names nobody."""
    flat = ("description", "expert_instruction", "maximum_annotations", "agreement_threshold")
    said: dict[str, Any] = {name: project[name] for name in flat}
    said |= {name: dict(project[name]) for name in settings.DEFAULTS if project.get(name)}
    queue, review = said.get("queue", {}), said.get("review", {})
    if queue.get("assign") == "people":
        queue["assign"] = "anyone"
    queue.pop("people", None)
    review.pop("people", None)
    config = configs.load(world, project["id"], project["config_version"])
    return {**said, "title": title, "label_config": config.label_config}


def _closed(world: World, caller: Caller, title: str) -> int:
    """A project without tasks from which nothing is given out, until a job has filled it."""
    id_, now = world.ids.one("project"), iso(world.clock())
    plan = configs.compile_or_refuse(EMPTY)
    row = {
        "id": id_,
        "title": title,
        "description": "",
        "expert_instruction": "",
        "maximum_annotations": 1,
        "agreement_threshold": 0.7,
        "config_version": 0,
        "created_at": now,
        "updated_at": now,
        "created_by": caller.person,
        "restoring": True,
        "hooks": webhooks.new_project_hooks(world),
    }
    world.records.transact(
        [
            Put(*keys.project(id_), row, expect=0),
            Put(*keys.config(id_, 0), configs.record_body(0, EMPTY, plan, now), expect=0),
            Put(*keys.listed_project(id_), {"id": id_}, expect=0),
            Put(*keys.serial(id_), {"inner": 0}, expect=0),
            Add(*keys.counts(id_, 0), {"new": 0}),
            audit.operation(world, caller, audit.DEPLOYMENT, "project made", {"project": id_, "title": title}),
        ]
    )
    return id_
