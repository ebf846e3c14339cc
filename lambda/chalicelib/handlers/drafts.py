"""Drafts: unfinished work, whole, one for each person and task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import auth, keys, migration, people, submitted, unfinished
from chalicelib.auth import Caller
from chalicelib.handlers import work
from chalicelib.problems import refuse
from chalicelib.storage.ports import Put
from chalicelib.times import iso
from chalicelib.world import World

MOST = 100


def save(world: World, caller: Caller, task_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """
    Unfinished work, whole, over what was saved before.

    Raises:
        Refusal: 409 `submitted` for a draft that was under way while its task was submitted: it is older than the
            annotation.
    """
    sent = submitted.read(body)
    _, state, project = work.read(world, caller, task_id)
    version = body.get("version")
    purpose = submitted.purpose_of(world, caller, task_id, sent.lease)
    entry = state.annotation_of(caller.person, purpose or "label")
    if entry is None:
        submitted.require_lease(world, caller, project["id"], purpose, sent.lease)
    elif (sent.lease and not state.lease_of(caller.person, world.now_ms())) or version not in (None, entry["version"]):
        raise refuse(
            409, "submitted", "This task has been submitted meanwhile.", hint="Nothing to do: the annotation is newer."
        )
    saved_at = iso(world.clock())
    row = {
        **sent.more,
        "result": sent.result,
        "lead_time": sent.lead_time,
        "saved_at": saved_at,
        "config_version": _version(sent.config_version, project),
        "task": task_id,
        "person": caller.person,
        "state": state.record_version,
    }
    world.records.transact([Put(*keys.draft(task_id, caller.person), row)])
    return {"saved_at": saved_at}


def _version(asked: Any, project: Mapping[str, Any]) -> int:
    """The config version that a draft was made with: what the page says, if it is one."""
    newest: int = project["config_version"]
    known = isinstance(asked, int) and not isinstance(asked, bool) and 1 <= asked <= newest
    return asked if known else newest


def of_task(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """`{"drafts": [..]}`: the caller's own; of everybody for those who may see everything."""
    _, state, project = work.read(world, caller, task_id)
    if auth.allowed(world, caller, project["id"], "read"):
        rows = world.records.query(f"TASK#{task_id}", "DRAFT#", limit=MOST).records
    else:
        row = world.records.get(*keys.draft(task_id, caller.person))
        rows = (row,) if row else ()
    rows = tuple(row for row in rows if unfinished.current(row, state))
    named = people.named(world, {row.body["person"] for row in rows})
    current = project["config_version"]
    return {
        "drafts": [
            {
                "task": task_id,
                "person": named[row.body["person"]],
                "saved_at": row.body["saved_at"],
                "lead_time": row.body["lead_time"],
                "config_version": row.body["config_version"],
                "result": migration.of_body(world, project["id"], row.body, current).result,
            }
            for row in rows
        ]
    }
