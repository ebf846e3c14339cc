"""Submits and corrections. No work is thrown away: what comes too late is kept beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import auth, keys, removed, submitted, versions
from chalicelib.annotation import new_annotation
from chalicelib.auth import Caller
from chalicelib.commit import attempts, commit
from chalicelib.configs import Config
from chalicelib.handlers import work
from chalicelib.http import to_json
from chalicelib.problems import Refusal, not_found, problem, refuse
from chalicelib.storage.ports import Conflict
from chalicelib.submitted import Sent
from chalicelib.tasks import State, verified, wanted_by
from chalicelib.times import iso
from chalicelib.versions import newest
from chalicelib.world import World

__all__ = ["change", "newest", "of_task", "one", "place", "remove", "submit", "with_consensus"]
_Body = Mapping[str, Any]


def submit(world: World, caller: Caller, task_id: int, body: _Body, key: str) -> dict[str, Any]:
    """
    Store an annotation and everything that follows from it in one transaction: state of the task, queue, consensus,
    counters.

    The same key gives the same answer. Who has an annotation of this task already adds a version to it, except for
    scripts, whose every submit is an annotation of its own, as in Label Studio. Work on a lease that ran out counts
    while the task has room, and is kept as an extra annotation when others finished the task meanwhile.

    Raises:
        Refusal: 400 with the problems of the result, 403 `no-lease` for a task that was never handed to the caller.
    """
    sent = submitted.read(body)
    is_script = submitted.by_script(caller, sent)
    if is_script:
        sent = submitted.with_ids(sent)
    config: Config | None = None
    draft = keys.draft(task_id, caller.person)
    for _ in attempts(task_id):
        task, state, project, found = work.read_with(world, caller, task_id, [draft])
        purpose = submitted.purpose_of(world, caller, task_id, sent.lease)
        entry = _entry(state, caller, purpose, key, by_script=is_script)
        if entry is not None and key in entry["keys"]:
            return versions.stored(world, task_id, entry["id"], entry["keys"][key])
        if entry is None:
            purpose = submitted.require_lease(world, caller, project["id"], purpose, sent.lease)
        else:
            require_open(state, entry["id"])
        stored = None if entry is None else versions.stored(world, task_id, entry["id"], entry["version"])
        if config is None:
            config = submitted.checked(world, project, task, sent, stored, lenient=is_script)
        now, before = world.clock(), state.copy()
        more = submitted.kept_members(world, caller, project["id"], sent)
        if stored is None:
            made = new_annotation(
                world.ids.one("annotation"), task_id, project["id"], caller.person, sent.result,
                lead_time=sent.lead_time, was_cancelled=sent.was_cancelled,
                config_version=config.version, now=iso(now), purpose=purpose or "label",
            ) | more  # fmt: skip
        else:
            made = _corrected(world, stored, caller, sent, config, now, more)
        operations = versions.put(state, config, task, made, key, now, draft=draft in found)
        if commit(world, caller, project, task, "submit", before, state, operations, made=made, old=stored):
            late = state.done > wanted_by(project, state) and entry is None and purpose == "label"
            return {**made, "extra": True} if late else made
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def _entry(state: State, caller: Caller, purpose: str | None, key: str, *, by_script: bool) -> dict[str, Any] | None:
    """The annotation that a submit continues or repeats; None: it makes one."""
    if not by_script:
        return state.annotation_of(caller.person, purpose or "label")
    return next((a for a in state.annotations if a["person"] == caller.person and key and key in a["keys"]), None)


def change(world: World, caller: Caller, annotation_id: int, body: _Body, key: str) -> dict[str, Any]:
    """
    A new version; the one before stays in the store. Scripts may leave out the version that they change, as Label
    Studio's SDK does; then the last one wins.

    Raises:
        Refusal: 409 with the newest version, and what it changed, when the change was made on an older one.
    """
    sent = submitted.read(body)
    is_script = submitted.by_script(caller, sent)
    if is_script:
        sent = submitted.with_ids(sent)
    is_blind = not caller.session and body.get("version") is None
    version = 0 if is_blind else submitted.whole(body, "version", "the number of the version that you change")
    task_id = place(world, caller, annotation_id)["task"]
    for _ in attempts(task_id):
        task, state, project = work.read(world, caller, task_id)
        entry = versions.entry(state, annotation_id)
        if key in entry["keys"]:
            return versions.stored(world, task_id, annotation_id, entry["keys"][key])
        stored = versions.stored(world, task_id, annotation_id, entry["version"])
        if entry["version"] != version and not is_blind:
            raise changed_meanwhile(world, project, stored, version)
        require_open(state, annotation_id)
        config = submitted.checked(world, project, task, sent, stored, lenient=is_script)
        now, before = world.clock(), state.copy()
        more = submitted.kept_members(world, caller, project["id"], sent)
        made = _corrected(world, stored, caller, sent, config, now, more)
        operations = versions.put(state, config, task, made, key, now, own=made["completed_by"] == caller.person)
        if commit(world, caller, project, task, "change", before, state, operations, made=made, old=stored):
            return made
    raise Conflict(*keys.state(task_id), expected=version, found=0)


def _corrected(
    world: World, stored: _Body, caller: Caller, sent: Sent, config: Config, now: float, more: dict[str, Any]
) -> dict[str, Any]:
    lead_time = stored["lead_time"] if sent.lead_time is None else sent.lead_time
    more = {**more, "was_cancelled": sent.was_cancelled, "lead_time": lead_time}
    return versions.following(world, stored, caller, sent.result, config, now, "updated", **more)


def changed_meanwhile(world: World, project: _Body, stored: _Body, version: int) -> Refusal:
    """409 with the newest version and the way from *version* to it."""
    base = world.records.get(*keys.annotation(stored["id"], version))
    return Refusal(
        409,
        problem(
            "changed-meanwhile",
            f"This annotation was changed meanwhile, maybe in another tab: it has version {stored['version']}, "
            f"not {version}.",
            hint="Look at the newest version, then save yours over it or keep it.",
        ),
        more={
            "version": stored["version"],
            "annotation": {name: value for name, value in stored.items() if name not in ("purpose", "ground_truth")},
            "changes": versions.difference(world, project, base.body, stored) if base else None,
        },
    )


def require_open(state: State, annotation_id: int) -> None:
    """
    Raises:
        Refusal: 409 for the annotation that reviewers made the ground truth.
    """
    if verified(state) and state.review.get("truth") == annotation_id:
        raise refuse(
            409,
            "verified",
            "A reviewer has accepted this answer, so it stays as it is.",
            hint="Ask the reviewer to take the decision back first.",
        )


def remove(world: World, caller: Caller, annotation_id: int) -> None:
    """
    Take the annotation out of the task, which others may then get again. Its versions stay in the store, and it can be
    brought back for some days.
    """
    task_id = place(world, caller, annotation_id)["task"]
    for _ in attempts(task_id):
        task, state, project = work.read(world, caller, task_id)
        entry = next((a for a in state.annotations if a["id"] == annotation_id), None)
        if entry is None:
            return
        require_open(state, annotation_id)
        before = state.copy()
        operations = removed.operations(world, caller, project, task, state, entry)
        if commit(world, caller, project, task, "remove", before, state, operations, back=True):
            return


def one(world: World, caller: Caller, annotation_id: int) -> dict[str, Any]:
    task_id = place(world, caller, annotation_id)["task"]
    _, state, _ = work.read(world, caller, task_id)
    return versions.stored(world, task_id, annotation_id, versions.entry(state, annotation_id)["version"])


def of_task(world: World, caller: Caller, task_id: int) -> list[dict[str, Any]]:
    """The newest version of each annotation, oldest annotation first."""
    _, state, _ = work.read(world, caller, task_id, "read")
    return newest(world, state)


def place(world: World, caller: Caller, annotation_id: int) -> Mapping[str, Any]:
    """
    Task, project and person of the annotation, as its first version has them; somebody else's does not exist, except
    for those who may review.
    """
    record = world.records.get(*keys.annotation(annotation_id, 1))
    if record is None:
        raise not_found("annotation", annotation_id)
    body = record.body
    found = {"task": body["task"], "project": body["project"], "person": body["completed_by"]}
    if found["person"] != caller.person and not auth.allowed(world, caller, found["project"], "review"):
        raise not_found("annotation", annotation_id)
    return found


def with_consensus(world: World, answer: dict[str, Any]) -> str:
    """For those who may see everything: the annotation and what the task's consensus is now."""
    record = world.records.get(*keys.consensus(answer["task"]))
    return to_json({**answer, "consensus": dict(record.body) if record else None})
