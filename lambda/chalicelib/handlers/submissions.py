"""Submits, corrections and drafts. No work is thrown away: what comes too late is kept beside the others."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

from chalicelib import configs, consensus, effects, keys, migration, tokens
from chalicelib.annotation import entry_of, is_number, new_annotation, validate
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.effects import Action, Change
from chalicelib.handlers import work
from chalicelib.http import to_json
from chalicelib.problems import Refusal, not_found, problem, refuse
from chalicelib.queue import take_back
from chalicelib.storage.ports import Add, Conflict, Delete, Operation, Put
from chalicelib.tasks import State, settle, wanted_by
from chalicelib.times import iso
from chalicelib.world import World

TRIES = 50
_Body = Mapping[str, Any]


def submit(world: World, caller: Caller, task_id: int, body: _Body, key: str) -> dict[str, Any]:
    """
    Store an annotation and everything that follows from it in one transaction: state of the task, queue, consensus,
    counters.

    The same key gives the same answer. Who has an annotation of this task already adds a version to it. Work on a lease
    that ran out counts while the task has room, and is kept as an extra annotation when others finished the task
    meanwhile.

    Raises:
        Refusal: 400 with the problems of the result, 403 `no-lease` for a task that was never handed to the caller.
    """
    asked = _read_body(body)
    config: Config | None = None
    for attempt in range(TRIES):
        task, state, project = work.read(world, caller, task_id)
        purpose = _purpose(world, caller, task_id, body.get("lease"))
        entry = state.annotation_of(caller.person, purpose or "label")
        if entry is not None and key in entry["keys"]:
            return _stored(world, task_id, entry, entry["keys"][key])
        if entry is None:
            purpose = _require_lease(caller, purpose, body.get("lease"))
        stored = None if entry is None else _stored(world, task_id, entry)
        if config is None:
            config = _checked(world, project, task, asked, body.get("config_version"), stored)
        now = world.clock()
        if stored is None:
            made = new_annotation(
                world.ids.one("annotation"), task_id, project["id"], caller.person, asked["result"],
                lead_time=asked["lead_time"], was_cancelled=asked["was_cancelled"],
                config_version=config.version, now=iso(now), purpose=purpose or "label",
            )  # fmt: skip
        else:
            made = _next_version(world, stored, caller, asked, config, now)
        before = state.copy()
        operations = _put(state, config, task, made, key, now)
        if entry is None:
            place = {"task": task_id, "project": project["id"], "person": caller.person}
            operations.append(Put(*keys.annotation_place(made["id"]), place, expect=0))
        if _write(world, caller, project, task, "submit", before, state, made, stored, operations):
            return _answer(made, extra=state.done > wanted_by(project, state) and entry is None and purpose == "label")
        _pause(attempt)
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def change(world: World, caller: Caller, annotation_id: int, body: _Body, key: str) -> dict[str, Any]:
    """
    A new version; the one before stays in the store.

    Raises:
        Refusal: 409 with the newest version when the change was made on an older one.
    """
    asked = _read_body(body)
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise refuse(
            400, "bad-member", "version must be the number of the version that you change.", where="field version"
        )
    task_id = _place(world, caller, annotation_id)["task"]
    for attempt in range(TRIES):
        task, state, project = work.read(world, caller, task_id)
        entry = next((a for a in state.annotations if a["id"] == annotation_id), None)
        if entry is None:
            raise not_found("annotation", annotation_id)
        if key in entry["keys"]:
            return _stored(world, task_id, entry, entry["keys"][key])
        if entry["version"] != version:
            raise Refusal(
                409,
                problem(
                    "changed-meanwhile",
                    f"This annotation was changed meanwhile, maybe in another tab: it has version {entry['version']}, "
                    f"not {version}.",
                    hint="Look at the newest version, then save yours over it or keep it.",
                ),
                more={"version": entry["version"], "annotation": _stored(world, task_id, entry)},
            )
        stored = _stored(world, task_id, entry)
        config = _checked(world, project, task, asked, body.get("config_version"), stored)
        now = world.clock()
        before = state.copy()
        made = _next_version(world, stored, caller, asked, config, now)
        operations = _put(state, config, task, made, key, now)
        if _write(world, caller, project, task, "change", before, state, made, stored, operations):
            return _answer(made)
        _pause(attempt)
    raise Conflict(*keys.state(task_id), expected=version, found=0)


def remove(world: World, caller: Caller, annotation_id: int) -> None:
    """Takes the annotation out of the task, which others may then get again. Its versions stay in the store."""
    place = _place(world, caller, annotation_id)
    task_id = place["task"]
    for attempt in range(TRIES):
        task, state, project = work.read(world, caller, task_id)
        entry = next((a for a in state.annotations if a["id"] == annotation_id), None)
        if entry is None:
            return
        before = state.copy()
        state.annotations.remove(entry)
        operations: list[Operation] = [
            Delete(*keys.annotation_place(annotation_id)),
            Delete(*keys.draft(task_id, entry["person"])),
        ]
        if entry["at"]:
            operations.append(Delete(*keys.finished(entry["person"], project["id"], entry["at"], task_id)))
            operations += _counted(project["id"], entry["person"], -int(not entry["cancelled"]))
        if _write(world, caller, project, task, "remove", before, state, None, None, operations, back=True):
            return
        _pause(attempt)
    raise Conflict(*keys.state(task_id), expected=0, found=0)


def one(world: World, caller: Caller, annotation_id: int) -> dict[str, Any]:
    task_id = _place(world, caller, annotation_id)["task"]
    _, state, _ = work.read(world, caller, task_id)
    entry = next((a for a in state.annotations if a["id"] == annotation_id), None)
    if entry is None:
        raise not_found("annotation", annotation_id)
    return _answer(_stored(world, task_id, entry))


def of_task(world: World, caller: Caller, task_id: int) -> list[dict[str, Any]]:
    """The newest version of each annotation, oldest annotation first."""
    _, state, _ = work.read(world, caller, task_id)
    return [_answer(body) for body in newest(world, state)]


def save_draft(world: World, caller: Caller, task_id: int, body: _Body) -> dict[str, Any]:
    """
    Unfinished work, whole, over what was saved before.

    Raises:
        Refusal: 409 `submitted` for a draft that was under way while its task was submitted: it is older than the
            annotation.
    """
    asked = _read_body(body)
    _, state, project = work.read(world, caller, task_id)
    lease, version = body.get("lease"), body.get("version")
    purpose = _purpose(world, caller, task_id, lease)
    entry = state.annotation_of(caller.person, purpose or "label")
    if entry is None:
        _require_lease(caller, purpose, lease)
    elif (lease and not state.lease_of(caller.person, world.now_ms())) or version not in (None, entry["version"]):
        raise refuse(
            409, "submitted", "This task has been submitted meanwhile.", hint="Nothing to do: the annotation is newer."
        )
    saved_at = iso(world.clock())
    row = {
        "result": asked["result"],
        "lead_time": asked["lead_time"],
        "saved_at": saved_at,
        "config_version": _version(body.get("config_version"), project),
        "task": task_id,
        "person": caller.person,
    }
    world.records.transact([Put(*keys.draft(task_id, caller.person), row)])
    return {"saved_at": saved_at}


def newest(world: World, state: State, *, but: int = 0) -> list[dict[str, Any]]:
    """Bodies of the newest version of each annotation of a task, in the order they were made."""
    wanted = [keys.annotation(state.task, a["id"], a["version"]) for a in state.annotations if a["id"] != but]
    bodies: list[dict[str, Any]] = []
    for start in range(0, len(wanted), 100):
        found = world.records.get_many(wanted[start : start + 100])
        bodies += [dict(found[key].body) for key in wanted[start : start + 100] if key in found]
    return bodies


def _read_body(body: _Body) -> dict[str, Any]:
    """The members that submits, changes and drafts share. By hand: a result may have ten thousand regions."""
    result = body.get("result")
    if not isinstance(result, list) or not all(isinstance(item, dict) for item in result):
        raise refuse(400, "bad-member", "result must be a list of objects.", where="field result")
    lead_time = body.get("lead_time")
    if lead_time is not None and not (is_number(lead_time) and lead_time >= 0):
        raise refuse(400, "bad-member", "lead_time must be seconds, 0 or more.", where="field lead_time")
    cancelled = body.get("was_cancelled", False)
    if not isinstance(cancelled, bool):
        raise refuse(400, "bad-member", "was_cancelled must be true or false.", where="field was_cancelled")
    lease = body.get("lease")
    if lease is not None and not isinstance(lease, str):
        raise refuse(400, "bad-member", "lease must be the token that came with the task.", where="field lease")
    return {"result": result, "lead_time": lead_time, "was_cancelled": cancelled}


def _purpose(world: World, caller: Caller, task_id: int, lease: Any) -> str | None:
    """Why the caller was handed the task, by the lease they send; None without a lease that is theirs."""
    return tokens.purpose_of_lease(world.secret, lease, task_id, caller.person) if isinstance(lease, str) else None


def _require_lease(caller: Caller, purpose: str | None, lease: Any) -> str:
    if purpose is not None:
        return purpose
    if caller.is_owner and lease is None:
        return "label"
    raise refuse(
        403,
        "no-lease",
        "This task was not given to you.",
        where="field lease",
        hint="Take the next task of the project and send its lease along.",
    )


def _checked(
    world: World,
    project: Mapping[str, Any],
    task: Mapping[str, Any],
    asked: Mapping[str, Any],
    version: Any,
    stored: _Body | None,
) -> Config:
    """The config that the work was done with, once the result fits it. A skipped task's result is kept as it is."""
    if version is None:
        version = project["config_version"]
    elif not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= project["config_version"]:
        raise refuse(
            400,
            "bad-member",
            "config_version must be a version of this project's config.",
            where="field config_version",
        )
    config = configs.load(world, project["id"], version)
    if asked["was_cancelled"]:
        if not task["allow_skip"]:
            raise refuse(
                400,
                "no-skip",
                "This task may not be skipped.",
                hint="Its owner wants an answer from everybody who gets it.",
            )
        return config
    known = migration.of_body(world, project["id"], stored, version).result if stored else ()
    problems = validate(config, asked["result"], task["data"], known)
    if problems:
        raise Refusal(400, *problems)
    return config


def _version(asked: Any, project: Mapping[str, Any]) -> int:
    """The config version that a draft was made with: what the page says, if it is one."""
    newest: int = project["config_version"]
    known = isinstance(asked, int) and not isinstance(asked, bool) and 1 <= asked <= newest
    return asked if known else newest


def _next_version(
    world: World, stored: Mapping[str, Any], caller: Caller, asked: Mapping[str, Any], config: Config, now: float
) -> dict[str, Any]:
    """A version more. What the config of the work has no place for is carried along."""
    orphans = migration.of_body(world, stored["project"], stored, config.version).orphans
    return {
        **{name: value for name, value in stored.items() if name != "orphans"},
        **({"orphans": orphans} if orphans else {}),
        "version": stored["version"] + 1,
        "updated_by": caller.person,
        "result": asked["result"],
        "result_count": len(asked["result"]),
        "was_cancelled": asked["was_cancelled"],
        "lead_time": stored["lead_time"] if asked["lead_time"] is None else asked["lead_time"],
        "config_version": config.version,
        "last_action": "updated",
        "updated_at": iso(now),
    }


def _put(state: State, config: Config, task: Mapping[str, Any], made: _Body, key: str, now: float) -> list[Operation]:
    """The version row, the state's entry of it, the person's list and count; their lease and draft are over."""
    person = made["completed_by"]
    old = next((a for a in state.annotations if a["id"] == made["id"]), None)
    at_ms = int(now * 1000) if old is None else old["at"]
    entry = entry_of(made, key, at_ms=at_ms, keys=old["keys"] if old else None)
    operations: list[Operation] = [
        Put(*keys.annotation(state.task, made["id"], made["version"]), made, expect=0),
        Delete(*keys.draft(state.task, person)),
        *take_back(state, person),
    ]
    if old is None:
        state.annotations.append(entry)
    else:
        state.annotations[state.annotations.index(old)] = entry
    if at_ms:
        title = configs.title_of(config, task["data"]) or f"Task {task['inner_id']}"
        shown = {"id": task["id"], "annotation": made["id"], "title": title}
        shown |= {"updated_at": made["updated_at"], "was_cancelled": made["was_cancelled"]}
        operations.append(Put(*keys.finished(person, state.project, at_ms, task["id"]), shown))
        before = 0 if old is None else int(not old["cancelled"])
        operations += _counted(state.project, person, int(not made["was_cancelled"]) - before)
    return operations


def _counted(project_id: int, person: int, by: int) -> list[Operation]:
    return [Add(*keys.work_count(project_id, person), {"annotations": by})] if by else []


def _write(
    world: World,
    caller: Caller,
    project: Mapping[str, Any],
    task: Mapping[str, Any],
    action: Action,
    before: State,
    state: State,
    made: dict[str, Any] | None,
    old: _Body | None,
    operations: list[Operation],
    *,
    back: bool = False,
) -> bool:
    """Consensus, state and the rest in one transaction; False when the task has moved since it was read."""
    now_ms = world.now_ms()
    state.updated_at = now_ms
    config = configs.load(world, project["id"], project["config_version"])
    bodies = newest(world, state, but=made["id"] if made else 0) if len(state.annotations) > (made is not None) else []
    if made is not None:
        bodies.append(made)
    found, stored = consensus.decide(world, config, project, state, bodies, task["data"])
    change = Change(world, caller, project, config, task, action, before, state, made, old, bodies, found)
    operations += [*stored, *effects.before_write(change)]
    operations += settle(before, state, project, now_ms, back=back)
    try:
        world.records.transact(operations)
    except Conflict:
        return False
    effects.after_commit(change)
    return True


def _stored(world: World, task_id: int, entry: Mapping[str, Any], version: int = 0) -> dict[str, Any]:
    record = world.records.get(*keys.annotation(task_id, entry["id"], version or entry["version"]))
    if record is None:
        raise not_found("annotation", entry["id"])
    return _answer(record.body)


def _place(world: World, caller: Caller, annotation_id: int) -> Mapping[str, Any]:
    """Where the annotation is; somebody else's does not exist, except for owners."""
    record = world.records.get(*keys.annotation_place(annotation_id))
    if record is None or not (caller.is_owner or record.body["person"] == caller.person):
        raise not_found("annotation", annotation_id)
    return record.body


def _answer(made: _Body, *, extra: bool = False) -> dict[str, Any]:
    """The stored version. `extra`: others had finished the task, this one is kept beside theirs."""
    return {**made, "extra": True} if extra else dict(made)


def _pause(attempt: int) -> None:
    """After a lost race: at first none at all, then a random one, so that those who race part."""
    if attempt > 2:
        time.sleep(random.uniform(0, 0.002 * min(attempt, 20)))


def with_consensus(world: World, answer: dict[str, Any]) -> str:
    """For owners: the annotation and what the task's consensus is now."""
    record = world.records.get(*keys.consensus(answer["task"]))
    return to_json({**answer, "consensus": dict(record.body) if record else None})
