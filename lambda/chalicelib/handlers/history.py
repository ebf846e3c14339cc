"""The history of an annotation: its versions, what each changed, bringing one back, and undoing its removal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import audit, auth, configs, keys, migration, people, removed, versions
from chalicelib.auth import Caller
from chalicelib.commit import attempts, commit
from chalicelib.envelope import view_of
from chalicelib.handlers import submissions, work
from chalicelib.problems import not_found
from chalicelib.storage.ports import Conflict, Operation
from chalicelib.tasks import State
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_review import Restore

MOST = 200
"""Versions that are listed, the newest ones."""
_Body = Mapping[str, Any]


def listed(world: World, caller: Caller, annotation_id: int) -> dict[str, Any]:
    """
    `{"annotation", "task", "removed", "versions"}`, newest first; of each version who, when, what was done, and how
    many results it added, removed, changed and moved.
    """
    state, project, bodies = _versions(world, caller, annotation_id)
    named = people.named(world, [body["updated_by"] for body in bodies])
    shown = []
    for n, body in enumerate(bodies):
        earlier = bodies[n + 1] if n + 1 < len(bodies) else None
        found = versions.difference(world, project, earlier, body) if earlier is not None else None
        shown.append(
            {
                "version": body["version"],
                "at": body["updated_at"],
                "by": named[body["updated_by"]],
                "last_action": body["last_action"],
                "restored_from": body.get("restored_from"),
                "result_count": body["result_count"],
                "was_cancelled": body["was_cancelled"],
                "ground_truth": body["ground_truth"],
                "lead_time": body["lead_time"],
                "config_version": body["config_version"],
                "changes": {k: len(v) if isinstance(v, list) else v for k, v in found.items()} if found else None,
            }
        )
    there = any(a["id"] == annotation_id for a in state.annotations)
    return {"annotation": annotation_id, "task": state.task, "removed": not there, "versions": shown}


def one(world: World, caller: Caller, annotation_id: int, version: int) -> dict[str, Any]:
    """One version, ready to draw under the project's config."""
    task, state, project = _task(world, caller, annotation_id)
    body = versions.stored(world, state.task, annotation_id, version)
    config = configs.load(world, project["id"], project["config_version"])
    seen = migration.of_body(world, project["id"], body, config.version)
    shown = {**body, "result": seen.result, "view": view_of(config, task["data"], seen.result)}
    shown.pop("orphans", None)
    return {**shown, **({"orphans": seen.orphans} if seen.orphans else {}), "shown_config_version": config.version}


def diff(world: World, caller: Caller, annotation_id: int, version: int, other: int) -> dict[str, Any]:
    """From version `other` to `version`: regions and answers that were added, removed, changed, moved."""
    _, state, project = _task(world, caller, annotation_id)
    before = versions.stored(world, state.task, annotation_id, other or max(1, version - 1))
    after = versions.stored(world, state.task, annotation_id, version)
    found = versions.difference(world, project, before, after)
    return {"annotation": annotation_id, "from": before["version"], "to": after["version"], **found}


def restore(world: World, caller: Caller, annotation_id: int, body: Restore) -> dict[str, Any]:
    """
    A new version with the content of an old one, read under the project's config.

    Raises:
        Refusal: 409 when the newest version is not the one the caller knew of.
    """
    _, first, _ = _task(world, caller, annotation_id)
    for _ in attempts(first.task):
        task, state, project = work.read(world, caller, first.task)
        entry = versions.entry(state, annotation_id)
        submissions.require_open(state, annotation_id)
        newest = versions.stored(world, state.task, annotation_id, entry["version"])
        if body.current not in (None, entry["version"]):
            raise submissions.changed_meanwhile(world, project, newest, body.current or 0)
        old = versions.stored(world, state.task, annotation_id, body.version)
        config = configs.load(world, project["id"], project["config_version"])
        read = migration.of_body(world, project["id"], old, config.version)
        now, before = world.clock(), state.copy()
        made = versions.following(
            world, newest, caller, read.result, config, now, "restored",
            orphans=read.orphans, was_cancelled=old["was_cancelled"], restored_from=old["version"],
        )  # fmt: skip
        operations = versions.put(state, config, task, made, "", now, own=made["completed_by"] == caller.person)
        if commit(world, caller, project, task, "change", before, state, operations, made=made, old=newest):
            return made
    raise Conflict(*keys.state(first.task), expected=0, found=0)


def undelete(world: World, caller: Caller, annotation_id: int) -> dict[str, Any]:
    """
    Bring a removed annotation back into its task, as it was.

    Raises:
        Refusal: 410 when it was not removed or too long ago, 409 when its person has answered the task anew.
    """
    _, first, _ = _task(world, caller, annotation_id)
    for _ in attempts(first.task):
        task, state, project = work.read(world, caller, first.task)
        if any(a["id"] == annotation_id for a in state.annotations):
            return submissions.one(world, caller, annotation_id)
        row = removed.find(world, state.task, annotation_id)
        before = state.copy()
        operations: list[Operation] = removed.undo(world, project, task, state, row)
        if row.body["person"] != caller.person:
            about = {"task": state.task, "annotation": annotation_id}
            operations.append(audit.operation(world, caller, project["id"], "annotation brought back", about))
        if commit(world, caller, project, task, "restore", before, state, operations):
            return submissions.one(world, caller, annotation_id)
    raise Conflict(*keys.state(first.task), expected=0, found=0)


def removed_of_task(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """Removed annotations of a task: all for reviewers, for others their own."""
    _, _, project = work.read(world, caller, task_id)
    everything = auth.allowed(world, caller, project["id"], "review")
    rows = [row for row in removed.of_task(world, task_id) if everything or row["person"] == caller.person]
    return {"removed": rows}


def removed_of_caller(world: World, caller: Caller, project_id: int) -> dict[str, Any]:
    """The caller's own removed annotations of a project, newest first."""
    auth.require(world, caller, project_id, "label")
    return {"removed": removed.of_person(world, project_id, caller.person)}


def _task(world: World, caller: Caller, annotation_id: int) -> tuple[_Body, State, _Body]:
    """Task, state and project of an annotation that the caller may see."""
    return work.read(world, caller, submissions.place(world, caller, annotation_id)["task"])


def _versions(world: World, caller: Caller, annotation_id: int) -> tuple[State, _Body, list[_Body]]:
    _, state, project = _task(world, caller, annotation_id)
    rows = world.records.query(keys.versions(annotation_id), limit=MOST, reverse=True).records
    if not rows:
        raise not_found("annotation", annotation_id)
    return state, project, [row.body for row in rows]
