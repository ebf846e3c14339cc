"""Webhooks, the inner side: what happened is put down in the transaction that makes it happen, and sent later.

The project's record names the events that somebody wants (`hooks`), so a change that nobody wants to hear of costs
nothing, and one that somebody does costs one row and no read. webhook_delivery.py sends what lies here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import keys
from chalicelib.storage.ports import Conflict, Operation, Put
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.effects import Change

Event = tuple[str, dict[str, Any]]

LABEL_STUDIO = (
    "PROJECT_CREATED", "PROJECT_UPDATED", "PROJECT_DELETED", "TASKS_CREATED", "TASKS_DELETED", "ANNOTATION_CREATED",
    "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED",
)  # fmt: skip
OURS = ("CONSENSUS_REACHED", "REVIEW_NEEDED", "TASK_VERIFIED", "THRESHOLD_REACHED")
ACTIONS = (*LABEL_STUDIO, *OURS)
ORGANIZATION_ONLY = frozenset({"PROJECT_CREATED", "PROJECT_DELETED"})
MAX_TASKS = 500
"""Tasks in one TASKS_CREATED or TASKS_DELETED."""
WRITE_BACK_AFTER_S = 2
"""So long a task's changes are gathered before it is written back."""
TRIES = 20


def operations(world: World, project: Mapping[str, Any], events: Sequence[Event]) -> list[Operation]:
    """
    At most two operations for the transaction that makes the events happen: one when a webhook wants them, one when
    the project's results are written back to a bucket.

    Args:
        project: its record's body.
        events: names with what they are about: `{"task": id, "annotation": body}`, `{"annotations": [{"id"}]}`,
            `{"tasks": [ids]}`, `{}`. Bodies are stored as references and read again when the event is sent.
    """
    wanted = project.get("hooks") or ()
    kept = [{"action": action, **_references(payload)} for action, payload in events if action in wanted]
    made: list[Operation] = []
    if kept:
        id_, at_ms = uuid.uuid4().hex, world.now_ms()
        made.append(Put(*keys.outbox(project["id"], at_ms, id_), {"id": id_, "at": at_ms, "events": kept}, expect=0))
    if project.get("targets"):
        task = next((payload["task"] for _, payload in events if "task" in payload), None)
        if task is not None:
            id_of = task["id"] if isinstance(task, Mapping) else task
            made.append(Put(*keys.write_back(project["id"], id_of), {"task": id_of}))
    return made


def _references(payload: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in payload.items():
        if name == "annotation" and isinstance(value, Mapping):
            kept[name] = {part: value[part] for part in ("id", "version", "task")}
        elif name == "task" and isinstance(value, Mapping):
            kept[name] = value["id"]
        elif name != "project":
            kept[name] = value
    return kept


def after(world: World, project: Mapping[str, Any]) -> None:
    """
    Wake the delivery once the transaction is committed. Whoever dies before this call loses nothing: `tick` looks for
    what was left behind.

    Many changes within a second share a wake: the first one's, and one at the end of that second for the others.
    """
    if not project.get("hooks") and not project.get("targets"):
        return
    now, (woken, planned) = world.clock(), world.hooks_woken.get(project["id"], (0.0, 0.0))
    if now < planned:
        return
    delay_s = 1 if now - woken < 1 else 0
    world.hooks_woken[project["id"]] = (now, now + delay_s) if not delay_s else (woken, now + delay_s)
    if project.get("hooks"):
        world.jobs.enqueue("hooks-out", {"project": project["id"]}, delay_s=delay_s)
    if project.get("targets"):
        world.jobs.enqueue("write-back", {"project": project["id"]}, delay_s=delay_s + WRITE_BACK_AFTER_S)


def tell(world: World, project: Mapping[str, Any], events: Sequence[Event]) -> None:
    """For changes that have no transaction of their own, e.g. the end of an import."""
    stored = operations(world, project, events)
    if stored:
        world.records.transact(stored)
        after(world, project)


def tasks_created(ids: Iterable[int]) -> list[Event]:
    """The events of many new tasks, MAX_TASKS in each."""
    listed = list(ids)
    return [("TASKS_CREATED", {"tasks": listed[n : n + MAX_TASKS]}) for n in range(0, len(listed), MAX_TASKS)]


def imported(ids: Iterable[int], annotations: int) -> list[Event]:
    """
    The events of an import that brought these tasks and so many annotations. Which of the tasks have them is found out
    when the event is sent.
    """
    found = tasks_created(ids)
    if annotations:
        found += [("ANNOTATIONS_CREATED", dict(payload)) for _, payload in found]
    return found


def tasks_deleted(ids: Iterable[int]) -> list[Event]:
    listed = list(ids)
    return [("TASKS_DELETED", {"tasks": listed[n : n + MAX_TASKS]}) for n in range(0, len(listed), MAX_TASKS)]


def events_of(change: Change) -> list[Event]:
    """What a change of a task is to the outside. `change.after` must be settled: its name says the new state."""
    about: dict[str, Any] = {"task": change.task["id"]}
    found: list[Event] = []
    if change.made is not None:
        action = "ANNOTATION_CREATED" if change.old is None else "ANNOTATION_UPDATED"
        found.append((action, {**about, "annotation": change.made}))
    kept = {entry["id"] for entry in change.after.annotations}
    gone = [{"id": entry["id"]} for entry in change.before.annotations if entry["id"] not in kept]
    if gone:
        found.append(("ANNOTATIONS_DELETED", {**about, "annotations": gone}))
    if change.before.name != change.after.name:
        reached = {"agreed": "CONSENSUS_REACHED", "verified": "TASK_VERIFIED"}.get(change.after.name)
        if reached:
            found.append((reached, about))
    was, is_ = change.before.review.get("state"), change.after.review.get("state")
    if (is_ == "wanted" and was != "wanted") or (
        change.after.name == "disagree" and change.before.name != "disagree" and not is_
    ):
        found.append(("REVIEW_NEEDED", {**about, "why": change.after.review.get("why", "disagreement")}))
    return found


# -- which events somebody wants


def hooks_of(world: World, project_id: int) -> list[Mapping[str, Any]]:
    """Active webhooks that hear of a project: its own, and those of the whole deployment. A hundred each at most."""
    ids = [row.body["id"] for owner in (project_id, 0) for row in world.records.query(f"HOOKS#{owner}").records]
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(ids), 100):
        rows = world.records.get_many([keys.hook(id_) for id_ in ids[start : start + 100]])
        found += [row.body for row in rows.values() if row.body["is_active"]]
    return sorted(found, key=lambda hook: hook["id"])


def wants(hook: Mapping[str, Any], action: str) -> bool:
    if action in ORGANIZATION_ONLY and hook["project"] is not None:
        return False
    if action == "THRESHOLD_REACHED" and not hook["every"]:
        return False
    return bool(hook["send_for_all_actions"]) or action in hook["actions"]


def wanted_by(hooks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The events that some of the hooks want to hear of, sorted."""
    listed = list(hooks)
    wanted = {action for action in ACTIONS if any(wants(hook, action) for hook in listed)}
    if "THRESHOLD_REACHED" in wanted:
        wanted = wanted - {"THRESHOLD_REACHED"} | {"TASK_VERIFIED"}  # which are counted
    return sorted(wanted)


def new_project_hooks(world: World) -> list[str]:
    """`hooks` of the record of a project that is being made."""
    return wanted_by(hooks_of(world, 0))


def summarize(world: World, project_id: int) -> None:
    """Bring a project's `hooks` in line after one of its webhooks was made, changed or deleted."""
    for _ in range(TRIES):
        record = world.records.get(*keys.project(project_id))
        if record is None:
            return
        wanted = wanted_by(hooks_of(world, project_id))  # read after the project, so that the last writer sees all
        if (record.body.get("hooks") or []) == wanted:
            return
        try:
            world.records.transact([Put(record.pk, record.sk, {**record.body, "hooks": wanted}, expect=record.version)])
        except Conflict:
            continue
        return
    raise Conflict(*keys.project(project_id), expected=0, found=0)


def summarize_all(world: World) -> None:
    after_: str | None = None
    while True:
        page = world.records.query(keys.PROJECTS, after=after_, limit=100)
        for row in page.records:
            summarize(world, row.body["id"])
        if page.cursor is None:
            return
        after_ = page.cursor
