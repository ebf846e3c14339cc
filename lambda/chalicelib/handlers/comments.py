"""Comments: who may write, read, settle and delete which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import auth, comments, keys, table_changes
from chalicelib.auth import Caller
from chalicelib.handlers import work
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Delete, Put, Record
from chalicelib.tasks import State
from chalicelib.times import iso
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models_review import ChangeComment, NewComment


def listed(world: World, caller: Caller, task_id: int) -> dict[str, Any]:
    """`{"comments", "unresolved"}`, oldest first: all for reviewers, for others those about their own work."""
    _, state, project = work.read(world, caller, task_id)
    everything = auth.allowed(world, caller, project["id"], "review")
    _require_theirs(world, caller, state, everything)
    seen = comments.seen_by(comments.of_task(world, task_id), caller.person, everything=everything)
    return {"comments": seen, "unresolved": comments.unresolved(seen)}


def add(world: World, caller: Caller, task_id: int, body: NewComment) -> dict[str, Any]:
    """
    Raises:
        Refusal: 404 for a task that the caller neither holds nor has answered, or an annotation that they may not see.
    """
    _, state, project = work.read(world, caller, task_id)
    everything = auth.allowed(world, caller, project["id"], "review")
    _require_theirs(world, caller, state, everything)
    if body.annotation is not None:
        entry = next((a for a in state.annotations if a["id"] == body.annotation), None)
        if entry is None or not (everything or entry["person"] == caller.person):
            raise not_found("annotation", body.annotation)
    first = None
    if body.reply_to is not None:
        row = world.records.get(*keys.comment(task_id, body.reply_to))
        if row is None or not (everything or caller.person in row.body["readers"]):
            raise not_found("comment", body.reply_to)
        first = row.body
    made, operations = comments.new(
        world, caller, state, body.text, annotation=body.annotation, region=body.region, reply_to=first
    )
    world.records.transact([*operations, _changed(world, made)])
    return comments.shown(made)


def _require_theirs(world: World, caller: Caller, state: State, everything: bool) -> None:
    held = state.lease_of(caller.person, world.now_ms()) is not None
    if not (everything or held or any(a["person"] == caller.person for a in state.annotations)):
        raise not_found("task", state.task)


def change(world: World, caller: Caller, comment_id: int, body: ChangeComment) -> dict[str, Any]:
    """Settled, or not any more: by reviewers, who wrote it, and whose work it is about."""
    row, _ = _find(world, caller, comment_id)
    changed = {name: value for name, value in row.body.items() if not name.startswith("resolved")}
    changed["resolved"] = body.resolved
    if body.resolved:
        changed |= {"resolved_by": {"id": caller.person, "name": caller.name}, "resolved_at": iso(world.clock())}
    world.records.transact([Put(row.pk, row.sk, changed, expect=row.version), _changed(world, changed)])
    return comments.shown(changed)


def remove(world: World, caller: Caller, comment_id: int) -> None:
    """One's own; managers may delete any."""
    row, project = _find(world, caller, comment_id)
    mine = row.body["person"]["id"] == caller.person
    if not mine and not auth.allowed(world, caller, project["id"], "manage"):
        raise refuse(403, "not-yours", "Only who wrote a comment, or a manager, can delete it.")
    gone = [Delete(row.pk, row.sk), Delete(*keys.comment_place(comment_id))]
    world.records.transact([*gone, _changed(world, row.body)])


def _changed(world: World, comment: Mapping[str, Any]) -> Put:
    """The table counts comments that are not settled."""
    task = world.records.get(*keys.task(comment["task"]))
    inner = task.body["inner_id"] if task is not None else 0
    return table_changes.operation(comment["project"], comment["task"], inner, world.now_ms())


def _find(world: World, caller: Caller, comment_id: int) -> tuple[Record, Mapping[str, Any]]:
    """The comment's row and its project, for those who may read it."""
    auth.require_known(caller)
    place = world.records.get(*keys.comment_place(comment_id))
    row = world.records.get(*keys.comment(place.body["task"], comment_id)) if place is not None else None
    if row is None:
        raise not_found("comment", comment_id)
    access = auth.require_access(world, caller, row.body["project"], "label", kind="comment", shown=comment_id)
    if "review" not in access.may and caller.person not in row.body["readers"]:
        raise not_found("comment", comment_id)
    return row, access.project
