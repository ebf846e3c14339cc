"""Sources as people see them: made, looked at before anything happens, synced."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, jobs, keys, name_pattern, source_sync, sources, write_back
from chalicelib.access import May
from chalicelib.auth import Caller
from chalicelib.buckets import S3, read_place
from chalicelib.handlers.projects import progress
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Delete, Operation, Put, Record
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_jobs import ChangeSource, NewSource, SyncSource

LISTED = 100
LOOK_S = 8.0
"""So long a preview looks; it says when it has not seen everything."""


def listed(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    auth.require(world, caller, project_id, "read")
    return {"sources": [shown(source) for source in sources.of_project(world, project_id)]}


def create(world: World, caller: Caller, project_id: int, body: NewSource) -> dict[str, Any]:
    """Nothing is read yet: look at the preview, then sync."""
    project = auth.require(world, caller, project_id, "manage")
    if len(sources.of_project(world, project_id)) >= sources.MAX_SOURCES:
        raise refuse(409, "too-many-sources", f"There are {sources.MAX_SOURCES} sources already.", hint="Delete one.")
    place = read_place(world, body.address, "field address")
    config = configs.load(world, project_id, project["config_version"])
    fields = [str(field["name"]) for field in config.plan["fields"]]
    if body.mode == "files" and body.field not in ("", *fields):
        hint = f"Its fields are {', '.join(fields) or 'none'}."
        raise refuse(400, "bad-member", f"The config uses no field {body.field!r}.", where="field field", hint=hint)
    if body.mode == "files" and not fields:
        raise refuse(400, "no-field", "The config shows no data.", where="field mode", hint="Give an object a value.")
    row = {
        "id": world.ids.one("source"),
        "project": project_id,
        **body.model_dump(),
        "address": place.address,
        "bucket": place.bucket,
        "folder": place.folder,
        "prefix": place.prefix,
        "created_at": iso(world.clock()),
        "created_by": caller.person,
        "last_sync": None,
    }
    _check(world, row)
    here = {"id": row["id"], "project": project_id}
    world.records.transact(
        [
            Put(*keys.source(row["id"]), row, expect=0),
            Put(*keys.project_source(project_id, row["id"]), here, expect=0),
            *([Put(*keys.listed_source(row["id"]), here)] if row["target"] else []),
        ]
    )
    _target_changed(world, caller, row, "")
    return shown(row)


def one(world: World, caller: Caller, source_id: int) -> dict[str, Any]:
    return shown(_read(world, caller, source_id, "read").body)


def change(world: World, caller: Caller, source_id: int, body: ChangeSource) -> dict[str, Any]:
    record = _read(world, caller, source_id, "manage")
    asked = {name: value for name, value in body.model_dump().items() if value is not None}
    row = {**record.body, **asked}
    _check(world, row)
    here = {"id": source_id, "project": row["project"]}
    target: Operation = Put(*keys.listed_source(source_id), here) if row["target"] else _unlisted(source_id)
    world.records.transact([Put(record.pk, record.sk, row, expect=record.version), target])
    _target_changed(world, caller, row, record.body["target"])
    return shown(row)


def remove(world: World, caller: Caller, source_id: int) -> None:
    """Its tasks stay; files that only it allowed are not handed out any more."""
    record = _read(world, caller, source_id, "manage")
    project_id = record.body["project"]
    world.records.transact(
        [Delete(record.pk, record.sk), Delete(*keys.project_source(project_id, source_id)), _unlisted(source_id)]
    )
    sources.forget(world, project_id)
    write_back.summarize(world, project_id)
    for pk in (record.pk, keys.source_files(source_id)):
        while page := world.records.query(pk, limit=25).records:
            world.records.transact([Delete(row.pk, row.sk) for row in page])


def preview(world: World, caller: Caller, source_id: int) -> dict[str, Any]:
    """What a sync would do: counts, and the first LISTED files of each. Nothing is changed."""
    source = _read(world, caller, source_id, "manage").body
    counts = dict.fromkeys(("added", "changed", "removed", "same"), 0)
    first: dict[str, list[dict[str, Any]]] = {"added": [], "changed": [], "removed": []}
    until, whole = time.monotonic() + LOOK_S, True
    for found in sources.differences(world, source):
        counts[found.kind] += 1
        if found.kind in first and len(first[found.kind]) < LISTED:
            etag, size = (found.info.etag, found.info.size) if found.info else (None, None)
            first[found.kind].append({"key": found.key, "etag": etag, "size": size})
        if time.monotonic() > until:
            whole = False
            break
    return {"counts": counts, **first, "whole": whole}


def sync(world: World, caller: Caller, source_id: int, body: SyncSource) -> dict[str, Any]:
    """A job; one at a time for each source."""
    source = _read(world, caller, source_id, "manage").body
    sources.open_source(world, source)
    asked = {"source": source_id, "delete_removed": body.delete_removed}

    def begin() -> Mapping[str, Any]:
        return jobs.start(world, "sync", source["project"], caller.person, asked, unit="files")

    return dict(source_sync.lock(world, source_id, begin))


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("bucket", "folder", "prefix", "created_by")}


def _unlisted(source_id: int) -> Operation:
    return Delete(*keys.listed_source(source_id))


def _target_changed(world: World, caller: Caller, row: Mapping[str, Any], before: str) -> None:
    """A new target gets what there is by a job, and each change from now on."""
    project_id = row["project"]
    sources.forget(world, project_id)
    write_back.summarize(world, project_id)
    if row["target"] and row["target"] != before:
        total = progress(world, project_id)["total"]
        jobs.start(world, "write-back", project_id, caller.person, {"source": row["id"]}, total=total)
        world.jobs.enqueue("hooks-tick", {"start": True})


def _check(world: World, row: Mapping[str, Any]) -> None:
    if fault := name_pattern.fault_of(row["pattern"]):
        raise refuse(400, "bad-pattern", fault[0], where="field pattern", hint=fault[1])
    if not row["target"]:
        return
    target = read_place(world, row["target"], "field target")
    if target.bucket and target.prefix and not target.prefix.endswith("/"):
        hint = f"Write {S3}{target.bucket}/{target.prefix}/"
        raise refuse(400, "bad-address", "The target must end with a slash.", where="field target", hint=hint)
    if sources.place_of(row).holds(target):
        message = "Results would be written into the source, and become tasks at the next sync."
        raise refuse(400, "bad-target", message, where="field target", hint="Choose a place beside it.")


def _read(world: World, caller: Caller, source_id: int, may: May) -> Record:
    auth.require_known(caller)
    record = world.records.get(*keys.source(source_id))
    if record is None:
        raise not_found("source", source_id)
    auth.require_access(world, caller, record.body["project"], may, kind="source", shown=source_id)
    return record
