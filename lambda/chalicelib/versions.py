"""Versions of annotations: reading them, making the next one, and the rows that come with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import configs, keys, migration
from chalicelib.annotation import entry_of
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.problems import not_found
from chalicelib.queue import take_back
from chalicelib.storage.ports import Add, Delete, Operation, Put
from chalicelib.tasks import State, purpose_of
from chalicelib.times import iso
from chalicelib.world import World

_Body = Mapping[str, Any]
KEPT_FLAGS = ("discarded", "asked_again", "own")
"""Members of an annotation's entry that a new version does not change."""


def newest(world: World, state: State) -> list[dict[str, Any]]:
    """Bodies of the newest version of each annotation of a task, in the order they were made."""
    return _newest(world, state.annotations)


def newest_labels(world: World, state: State, *, but: int = 0) -> list[dict[str, Any]]:
    """
    The same of those that were made to label the task, without the annotation `but`. A task with a known answer may
    have thousands of others, which no change of it need read.
    """
    return _newest(world, [a for a in state.annotations if purpose_of(a) == "label" and a["id"] != but])


def _newest(world: World, entries: Sequence[_Body]) -> list[dict[str, Any]]:
    wanted = [keys.annotation(a["id"], a["version"]) for a in entries]
    bodies: list[dict[str, Any]] = []
    for start in range(0, len(wanted), 100):
        found = world.records.get_many(wanted[start : start + 100])
        bodies += [dict(found[key].body) for key in wanted[start : start + 100] if key in found]
    return bodies


def stored(world: World, task_id: int, annotation_id: int, version: int) -> dict[str, Any]:
    """
    Raises:
        Refusal: 404 when there never was such a version.
    """
    record = world.records.get(*keys.annotation(annotation_id, version))
    if record is None or record.body["task"] != task_id:
        raise not_found("version", version)
    return dict(record.body)


def entry(state: State, annotation_id: int) -> dict[str, Any]:
    """What the state row keeps of the annotation."""
    found = next((a for a in state.annotations if a["id"] == annotation_id), None)
    if found is None:
        raise not_found("annotation", annotation_id)
    return found


def following(
    world: World, before: _Body, caller: Caller, result: list[Any], config: Config, now: float, action: str, **more: Any
) -> dict[str, Any]:
    """
    The version after *before*. What the config of the work has no place for is carried along.

    Args:
        action: `last_action`, e.g. "updated". more: members that this version has of its own.
    """
    orphans = more.pop("orphans", None)
    if orphans is None:
        orphans = migration.of_body(world, before["project"], before, config.version).orphans
    return {
        **{name: value for name, value in before.items() if name not in ("orphans", "restored_from")},
        **({"orphans": orphans} if orphans else {}),
        "version": before["version"] + 1,
        "updated_by": caller.person,
        "result": result,
        "result_count": len(result),
        "config_version": config.version,
        "last_action": action,
        "updated_at": iso(now),
        **more,
    }


def put(
    state: State,
    config: Config,
    task: Mapping[str, Any],
    made: _Body,
    key: str,
    now: float,
    *,
    listed: bool = True,
    own: bool = True,
    draft: bool = True,
) -> list[Operation]:
    """
    The version's row, the state's entry of it, the person's list and count.

    Args:
        listed: a new annotation goes to the person's finished list and counts as their work.
        own: its person wrote it, so their lease and draft are over. Else somebody else changed it meanwhile.
        draft: they may have one. One that comes in meanwhile does not count any more (chalicelib.unfinished).
    """
    person = made["completed_by"]
    old = next((a for a in state.annotations if a["id"] == made["id"]), None)
    at_ms = (int(now * 1000) if listed else 0) if old is None else old["at"]
    entry = entry_of(made, key, at_ms=at_ms, keys=old["keys"] if old else None)
    operations: list[Operation] = [Put(*keys.annotation(made["id"], made["version"]), made, expect=0)]
    if own:
        operations += [Delete(*keys.draft(state.task, person))] if draft else []
        operations += take_back(state, person)
    if old is None:
        state.annotations.append(entry)
    else:
        entry |= {name: old[name] for name in KEPT_FLAGS if name in old}
        state.annotations[state.annotations.index(old)] = entry
    if own:
        entry["own"] = state.record_version + 1
    if at_ms:
        operations.append(Put(*keys.finished(person, state.project, at_ms, task["id"]), listing(config, task, made)))
        before = 0 if old is None else int(not old["cancelled"])
        operations += counted(state.project, person, int(not made["was_cancelled"]) - before)
    return operations


def listing(config: Config, task: Mapping[str, Any], made: _Body) -> dict[str, Any]:
    """A row of the person's finished list."""
    title = configs.title_of(config, task["data"]) or f"Task {task['inner_id']}"
    shown = {"id": task["id"], "annotation": made["id"], "title": title}
    return shown | {"updated_at": made["updated_at"], "was_cancelled": made["was_cancelled"]}


def counted(project_id: int, person: int, by: int) -> list[Operation]:
    """Work of a person that counts; corrections and reviews are not counted again."""
    return [Add(*keys.work_count(project_id, person), {"annotations": by})] if by else []


def difference(world: World, project: _Body, before: _Body, after: _Body) -> dict[str, Any]:
    """From one version to another, both read under the project's config (labeling.compare)."""
    from labeling.compare import compare

    current = project["config_version"]
    old, new = (migration.of_body(world, project["id"], body, current).result for body in (before, after))
    return compare(old, new)
