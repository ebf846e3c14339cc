"""Projects: their settings, their configs by version, their progress."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, jobs, keys, relist, settings, settings_check, webhooks
from chalicelib.auth import Caller
from chalicelib.storage.ports import Add, Conflict, Delete, Operation, Put
from chalicelib.storage.walk import every
from chalicelib.tasks import FINISHED, STATES
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import ChangeProject, CheckConfig, NewProject
    from chalicelib.models_jobs import NewRecompute

PRIVATE = ("deleted_at", "hooks", "queue_epoch", "assigns", "watched", "sends_back", "restored_by")
"""Members of a project's row that are no settings."""
QUIET = (*PRIVATE, "updated_at")
TRIES = 8


def create(world: World, caller: Caller, body: NewProject) -> dict[str, Any]:
    plan = configs.compile_or_refuse(body.label_config)
    id_, now = world.ids.one("project"), iso(world.clock())
    row = {
        "id": id_,
        "title": body.title,
        "description": body.description,
        "expert_instruction": body.expert_instruction,
        "maximum_annotations": body.maximum_annotations,
        "agreement_threshold": body.agreement_threshold,
        "config_version": 1,
        "created_at": now,
        "updated_at": now,
        "created_by": caller.person,
        "hooks": webhooks.new_project_hooks(world),
    }
    if body.is_paused:
        row["is_paused"] = True
    asked = {name: value for name, value in body.model_dump().items() if name in settings_check.NAMES}
    row = settings_check.merged(world, row, asked, plan, caller.person)
    world.records.transact(
        [
            Put(*keys.project(id_), row, expect=0),
            Put(*keys.config(id_, 1), configs.record_body(1, body.label_config, plan, now), expect=0),
            Put(*keys.listed_project(id_), {"id": id_}, expect=0),
            Put(*keys.serial(id_), {"inner": 0}, expect=0),
            Add(*keys.counts(id_, 0), {"new": 0}),
            *webhooks.operations(world, row, [("PROJECT_CREATED", {})]),
            audit.operation(world, caller, audit.DEPLOYMENT, "project made", {"project": id_, "title": body.title}),
        ]
    )
    webhooks.after(world, row)
    return shown(world, row, whole=True)


def listed(world: World, caller: Caller, page: int, page_size: int) -> dict[str, Any]:
    """Those that the caller may see, newest first. Deployments have few projects, so pages before are walked over."""
    auth.require_known(caller)
    everything = caller.is_owner and caller.projects is None
    ids, count = _all(world, page, page_size) if everything else _own(world, caller, page, page_size)
    rows = world.records.get_many([keys.project(id_) for id_ in ids])
    address = f"/api/projects?page_size={page_size}&page="
    return {
        "count": count,
        "next": f"{address}{page + 1}" if page * page_size < count else None,
        "previous": f"{address}{page - 1}" if page > 1 else None,
        "may_create": auth.may_create(caller),
        "results": [_without_cost(shown(world, rows[key].body)) for id_ in ids if (key := keys.project(id_)) in rows],
    }


def _all(world: World, page: int, page_size: int) -> tuple[list[int], int]:
    """Ids of a page, and how many there are."""
    after, ids = None, []
    for _ in range(page):
        found = world.records.query(keys.PROJECTS, after=after, limit=page_size, reverse=True)
        ids, after = [row.body["id"] for row in found.records], found.cursor
        if after is None:
            break
    count = _count_projects(world)
    return ([] if page > max(1, math.ceil(count / page_size)) else ids), count


def _own(world: World, caller: Caller, page: int, page_size: int) -> tuple[list[int], int]:
    """The same for somebody who is in a few projects."""
    readable = [id_ for id_, seen in auth.projects_of(world, caller).items() if "read" in seen.may]
    ids = sorted(readable, reverse=True)
    return ids[(page - 1) * page_size : page * page_size], len(ids)


def _count_projects(world: World) -> int:
    return sum(1 for _ in every(world.records, keys.PROJECTS))


def one(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    seen = auth.require_access(world, caller, project_id, "read")
    said = {**shown(world, seen.project, whole=True), "may": sorted(seen.may)}
    return said if "manage" in seen.may else _without_cost(said)


def _without_cost(said: dict[str, Any]) -> dict[str, Any]:
    """What people are paid is for those who manage them."""
    return {**said, "cost": settings.DEFAULTS["cost"]}


def shown(world: World, row: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """Label Studio's members and ours; `whole` adds the plan."""
    config = configs.load(world, row["id"], row["config_version"])
    done = progress(world, row["id"])
    body = {
        **{k: v for k, v in row.items() if k not in PRIVATE},
        **settings_check.shown(row),
        "is_archived": bool(row.get("archived_at")),
        "label_config": config.label_config,
        "task_number": done["total"],
        "finished_task_number": sum(done[name] for name in FINISHED),
        "total_annotations_number": done["annotations"],
        "skipped_annotations_number": done["skipped"],
        "progress": done,
    }
    if whole:
        body["plan"] = config.plan
    return body


def progress(world: World, project_id: int) -> dict[str, int]:
    """Tasks by state, and annotations that count; from counters, so it costs the same at any size."""
    found = world.records.get_many([keys.counts(project_id, shard) for shard in range(keys.SHARDS)])
    totals = dict.fromkeys((*STATES, "annotations", "skipped"), 0)
    for row in found.values():
        for name, n in row.body.items():
            totals[name] = totals.get(name, 0) + n
    return {**totals, "total": sum(totals[name] for name in STATES)}


def change(world: World, caller: Caller, project_id: int, body: ChangeProject) -> dict[str, Any]:
    """
    A new config becomes a new version; annotations keep the one they were made with. What new settings mean for the
    tasks that people have touched is carried to them by jobs.
    """
    auth.require_whole(auth.require(world, caller, project_id, "manage"))
    for attempt in range(TRIES):
        try:
            return _change(world, caller, project_id, body)
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise Conflict(*keys.project(project_id), expected=1, found=0)


def _change(world: World, caller: Caller, project_id: int, body: ChangeProject) -> dict[str, Any]:
    found = world.records.get_many([keys.project(project_id), keys.serial(project_id)])
    record, serial = found.get(keys.project(project_id)), found.get(keys.serial(project_id))
    if record is None or serial is None:
        raise Conflict(*keys.project(project_id), expected=1, found=0)
    asked = {name: value for name, value in body.model_dump().items() if value is not None}
    source, same_as = asked.pop("label_config", None), asked.pop("config_same_as", None)
    mapping, note, accepted = (
        asked.pop("config_mapping", None), asked.pop("config_note", None), asked.pop("accept_orphans")
    )  # fmt: skip
    if same_as is not None:
        source = configs.load(world, project_id, same_as).label_config
    row = dict(record.body)
    current = configs.load(world, project_id, row["config_version"])
    plan = current.plan
    operations: list[Operation] = []
    if source is not None and source != current.label_config:
        from chalicelib.handlers import config_versions

        plan = configs.compile_or_refuse(source)
        config_versions.require_mapping(mapping, "config_mapping")
        config_versions.require_consent(config_versions.effect(world, row, plan, mapping), accepted)
        history = {
            "changed_from": row["config_version"],
            "same_as": same_as,
            "mapping": mapping,
            "note": note,
            "by": caller.name,
        }
        row["config_version"] += 1
        version = row["config_version"]
        made = configs.record_body(version, source, plan, iso(world.clock()), **history)
        operations.append(Put(*keys.config(project_id, version), made, expect=0))
    archived = asked.pop("is_archived", None)
    row = settings_check.merged(world, row, asked, plan)
    row |= {**asked, "updated_at": iso(world.clock())}
    if archived is not None and archived != bool(row.get("archived_at")):
        row["archived_at"] = iso(world.clock()) if archived else None
    has_new_config = bool(operations)
    moves = settings_check.moves(record.body, row)
    if moves:
        row["queue_epoch"] = row.get("queue_epoch", 0) + 1
        listed_by = {**serial.body, "epoch": row["queue_epoch"]}  # an import under way lists its next tasks anew
        operations.append(Put(*keys.serial(project_id), listed_by, expect=serial.version))
    changed = {name: {"from": record.body.get(name), "to": row[name]} for name in row if name not in QUIET}
    changed = {name: pair for name, pair in changed.items() if pair["from"] != pair["to"]}
    operations.append(audit.operation(world, caller, project_id, "settings changed", changed))
    operations += webhooks.operations(world, row, [("PROJECT_UPDATED", {})])
    kinds = [relist.JOB] if moves else []
    if has_new_config or settings_check.reweighs(record.body, row):
        kinds.append("consensus")
    elif settings_check.unsettles(record.body, row):
        kinds.append("states")
    total = progress(world, project_id)["total"] if kinds else 0
    begun = [jobs.prepared(world, kind, project_id, caller.person, total=total) for kind in kinds]
    operations += [operation for _, rows in begun for operation in rows]
    world.records.transact([Put(*keys.project(project_id), row, expect=record.version), *operations])
    webhooks.after(world, row)
    for job, _ in begun:
        jobs.go(world, job)
    return shown(world, row, whole=True)


def remove(world: World, caller: Caller, project_id: int) -> None:
    """Gone for everybody at once; its tasks, annotations and uploads are deleted by a job."""
    auth.require(world, caller, project_id, "own")
    record = world.records.get(*keys.project(project_id))
    if record is None:
        return
    gone = {**record.body, "deleted_at": iso(world.clock())}
    total = progress(world, project_id)["total"]
    job, rows = jobs.prepared(world, "purge", project_id, caller.person, total=total)
    world.records.transact(
        [
            *rows,
            Put(*keys.project(project_id), gone, expect=record.version),
            Delete(*keys.listed_project(project_id)),
            *webhooks.operations(world, gone, [("PROJECT_DELETED", {})]),
            audit.operation(
                world, caller, audit.DEPLOYMENT, "project deleted", {"project": project_id, "title": gone["title"]}
            ),
        ]
    )
    webhooks.after(world, gone)
    jobs.go(world, job)


def recompute(world: World, caller: Caller, project_id: int, body: NewRecompute) -> dict[str, Any]:
    """Make again by a job what is derived from the annotations."""
    auth.require(world, caller, project_id, "manage")
    return jobs.start(world, body.what, project_id, caller.person, total=progress(world, project_id)["total"])


def validate(world: World, caller: Caller, body: CheckConfig) -> dict[str, Any]:
    auth.require_somewhere(world, caller, "manage")
    plan, diagnostics = configs.compile_source(body.label_config)
    return {"plan": plan, "diagnostics": diagnostics}
