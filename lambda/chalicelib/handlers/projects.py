"""Projects: their settings, their configs by version, their progress."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, configs, keys
from chalicelib.auth import Caller
from chalicelib.storage.ports import Add, Conflict, Delete, Operation, Put
from chalicelib.tasks import STATES
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import ChangeProject, CheckConfig, NewProject


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
    }
    world.records.transact(
        [
            Put(*keys.project(id_), row, expect=0),
            Put(*keys.config(id_, 1), configs.record_body(1, body.label_config, plan, now), expect=0),
            Put(*keys.listed_project(id_), {"id": id_}, expect=0),
            Put(*keys.serial(id_), {"inner": 0}, expect=0),
            Add(*keys.counts(id_, 0), {"new": 0}),
        ]
    )
    return shown(world, row, whole=True)


def listed(world: World, page: int, page_size: int) -> dict[str, Any]:
    """Newest first. Deployments have few projects, so pages before this one are walked over."""
    after, ids = None, []
    for _ in range(page):
        found = world.records.query(keys.PROJECTS, after=after, limit=page_size, reverse=True)
        ids, after = [row.body["id"] for row in found.records], found.cursor
        if after is None:
            break
    count = _count_projects(world)
    if page > max(1, math.ceil(count / page_size)):
        ids = []
    rows = world.records.get_many([keys.project(id_) for id_ in ids])
    address = f"/api/projects?page_size={page_size}&page="
    return {
        "count": count,
        "next": f"{address}{page + 1}" if page * page_size < count else None,
        "previous": f"{address}{page - 1}" if page > 1 else None,
        "results": [shown(world, rows[key].body) for id_ in ids if (key := keys.project(id_)) in rows],
    }


def _count_projects(world: World) -> int:
    count, after = 0, None
    while True:
        page = world.records.query(keys.PROJECTS, after=after, limit=1000)
        count += len(page.records)
        if page.cursor is None:
            return count
        after = page.cursor


def one(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    return shown(world, auth.require_member(world, caller, project_id), whole=True)


def shown(world: World, row: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """Label Studio's members and ours; `whole` adds the plan."""
    config = configs.load(world, row["id"], row["config_version"])
    done = progress(world, row["id"])
    body = {
        **{k: v for k, v in row.items() if k != "deleted_at"},
        "label_config": config.label_config,
        "task_number": done["total"],
        "finished_task_number": done["agreed"] + done["disagree"],
        "total_annotations_number": done["annotations"],
        "skipped_annotations_number": done["skipped"],
        "progress": done,
    }
    if whole:
        body["plan"] = config.plan
    return body


def progress(world: World, project_id: int) -> dict[str, int]:
    """Tasks by state, and annotations that count; from counters, so it costs the same at any size."""
    page = world.records.query(f"PROJECT#{project_id}", "COUNTS#", limit=keys.SHARDS)
    totals = dict.fromkeys((*STATES, "annotations", "skipped"), 0)
    for row in page.records:
        for name, n in row.body.items():
            totals[name] = totals.get(name, 0) + n
    return {**totals, "total": sum(totals[name] for name in STATES)}


def change(world: World, caller: Caller, project_id: int, body: ChangeProject) -> dict[str, Any]:
    """
    A new config becomes a new version; annotations keep the one they were made with. New overlap or threshold are
    carried to the tasks that people have touched by a job.
    """
    auth.require_member(world, caller, project_id)
    record = world.records.get(*keys.project(project_id))
    if record is None:
        raise Conflict(*keys.project(project_id), expected=1, found=0)
    asked = {name: value for name, value in body.model_dump().items() if value is not None}
    source, same_as = asked.pop("label_config", None), asked.pop("config_same_as", None)
    mapping, note, accepted = (
        asked.pop("config_mapping", None), asked.pop("config_note", None), asked.pop("accept_orphans")
    )  # fmt: skip
    if same_as is not None:
        source = configs.load(world, project_id, same_as).label_config
    row = {**record.body, **asked, "updated_at": iso(world.clock())}
    operations: list[Operation] = []
    if source is not None and source != configs.load(world, project_id, row["config_version"]).label_config:
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
        made = configs.record_body(version, source, plan, row["updated_at"], **history)
        operations.append(Put(*keys.config(project_id, version), made, expect=0))
    world.records.transact([Put(*keys.project(project_id), row, expect=record.version), *operations])
    if any(row[name] != record.body[name] for name in ("maximum_annotations", "agreement_threshold")):
        world.jobs.enqueue("resettle", {"project": project_id, "after": ""})
    if operations:
        world.jobs.enqueue("reconsider", {"project": project_id, "after": ""})
    return shown(world, row, whole=True)


def remove(world: World, caller: Caller, project_id: int) -> None:
    """Gone for everybody at once; its tasks, annotations and uploads are deleted by a job."""
    auth.require_member(world, caller, project_id)
    record = world.records.get(*keys.project(project_id))
    if record is None:
        return
    gone = {**record.body, "deleted_at": iso(world.clock())}
    world.records.transact(
        [Put(*keys.project(project_id), gone, expect=record.version), Delete(*keys.listed_project(project_id))]
    )
    world.jobs.enqueue("purge", {"project": project_id})


def validate(body: CheckConfig) -> dict[str, Any]:
    plan, diagnostics = configs.compile_source(body.label_config)
    return {"plan": plan, "diagnostics": diagnostics}


def people(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """Who joined, what they submitted, when last. A thousand people at most."""
    auth.require_member(world, caller, project_id)
    page = world.records.query(f"MEMBERS#{project_id}", limit=1000)
    counted = {row.sk.partition("#")[2]: row.body for row in page.records if row.sk.startswith("COUNT#")}
    rows = []
    joined = {row.sk.partition("#")[2]: row.body for row in page.records if row.sk.startswith("PERSON#")}
    for padded in sorted(joined.keys() | counted.keys()):
        person = int(padded)
        row = joined.get(padded) or _outsider(world, person)
        last = world.records.query(f"PERSON#{person}", keys.finished_prefix(project_id), limit=1, reverse=True).records
        rows.append(
            {
                "id": person,
                "name": row["name"],
                "role": row["role"],
                "annotations": counted.get(padded, {}).get("annotations", 0),
                "updated_at": last[0].body["updated_at"] if last else None,
            }
        )
    return {"people": rows}


def _outsider(world: World, person: int) -> Mapping[str, Any]:
    """An owner who labeled without ever opening a link of this project."""
    record = world.records.get(*keys.person(person))
    return record.body if record else {"name": f"Person {person}", "role": "owner"}
